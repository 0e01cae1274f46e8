"""HTML as text. Dash draws each component by itself, milliseconds apiece, so that a table of cells must not be components."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup, escape

Content = str | Markup | None | Iterable["Content"]
# No text of a source can close a tag: whatever is not Markup already is escaped here, and only here.
EMPTY = Markup("")


def tag(name: str, *content: Content, **attributes: str | int | None) -> Markup:
    """Write one element; `class_` and `aria_label` give the attributes class and aria-label, and None leaves one out."""
    given = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value is not None}
    written = "".join(f' {key}="{escape(value)}"' for key, value in given.items())
    return Markup(f"<{name}{written}>{join(content)}</{name}>")


def join(content: Content) -> Markup:
    """Write content of any depth one after another, and nothing for None."""
    if content is None:
        return EMPTY
    if isinstance(content, str):
        return escape(content)
    return Markup("".join([join(part) for part in content]))


def english(text: str) -> Markup:
    """Write a text that stands in English in every language, as the sources' own titles do."""
    return tag("bdi", text, lang="en")


def placed(markup: Markup) -> Component:
    """Give the component whose content assets/place.js writes; React knows of no child in it and leaves it alone."""
    content: dict[str, Any] = {"data-html": str(markup)}
    return html.Div(**content)
