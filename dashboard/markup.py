"""HTML as text. Dash draws each component by itself, milliseconds apiece, so that a table of cells must not be components."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup, escape

Content = str | Markup | None | Iterable["Content"]
# No text of a source can close a tag: whatever is not Markup already is escaped here, and only here.


def tag(name: str, *content: Content, **attributes: str | int | None) -> Markup:
    """Write one element; `class_` and `aria_label` give the attributes class and aria-label, and None leaves one out."""
    parts = ["<", name]
    for key, value in attributes.items():
        if value is not None:
            parts += (" ", _name(key), '="', value if type(value) is Markup else escape(value), '"')
    parts.append(">")
    _write(content, parts)
    parts += ("</", name, ">")
    return Markup("".join(parts))


def join(content: Content) -> Markup:
    """Write content of any depth one after another, and nothing for None."""
    parts: list[str] = []
    _write((content,), parts)
    return Markup("".join(parts))


def _write(content: Iterable[Content], parts: list[str]) -> None:
    for part in content:
        if type(part) is Markup:
            parts.append(part)
        elif isinstance(part, str):
            parts.append(escape(part))
        elif part is not None:
            _write(part, parts)


@cache
def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def english(text: str) -> Markup:
    """Write a text that stands in English in every language, as the sources' own titles do."""
    return tag("bdi", text, lang="en")


def outward(address: str) -> Markup:
    """Lead to a page elsewhere; what is no address of the web is a text, since a link could run a script of its writer's."""
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        known = False
    if not known:
        return english(address)
    return tag("a", address, href=address, rel="noreferrer noopener external", target="_blank", dir="ltr")


def placed(markup: Markup) -> Component:
    """Give the component whose content assets/place.js writes; React knows of no child in it and leaves it alone."""
    content: dict[str, Any] = {"data-html": str(markup)}
    return html.Div(**content)
