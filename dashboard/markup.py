"""HTML as text. Dash draws each component by itself, milliseconds apiece, so that a table of cells must not be components."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape as html_escape
from typing import Any

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

Content = str | Markup | None | Iterable["Content"]
# No text of a source can close a tag: whatever is not Markup already is escaped here, and only here.


def tag(name: str, *content: Content, **attributes: str | int | None) -> Markup:
    """Write one element; `class_` and `aria_label` give the attributes class and aria-label, and None leaves one out."""
    parts = ["<", name]
    for key, value in attributes.items():
        if value is not None:
            parts += (" ", _attribute(key), '="', _text(value) if isinstance(value, str) else str(value), '"')
    parts.append(">")
    _write(content, parts)
    parts += ("</", name, ">")
    return Markup("".join(parts))


def join(content: Content) -> Markup:
    """Write content of any depth one after another, and nothing for None."""
    parts: list[str] = []
    _write(content, parts)
    return Markup("".join(parts))


def _write(content: Content, parts: list[str]) -> None:
    # Texts are joined once an element: a page has ten thousand of them, and each Markup in between costs more than its text.
    if isinstance(content, str):
        parts.append(_text(content))
    elif content is not None:
        for part in content:
            _write(part, parts)


def _text(text: str) -> str:
    return text if type(text) is Markup else html_escape(text)


@cache
def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def english(text: str) -> Markup:
    """Write a text that stands in English in every language, as the sources' own titles do."""
    return tag("bdi", text, lang="en")


def placed(markup: Markup) -> Component:
    """Give the component whose content assets/place.js writes; React knows of no child in it and leaves it alone."""
    content: dict[str, Any] = {"data-html": str(markup)}
    return html.Div(**content)
