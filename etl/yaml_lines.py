"""The text of a declaration in, its values and the line of each out; what YAML would read as something else is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from etl.errors import SourceError

# YAML 1.1 readers, and people, take these for False, an octal number and a time of day.
TRAPS = (
    (re.compile(r"(?i)(y|n|yes|no|on|off)"), "is read as true or false by many programs"),
    (re.compile(r"0[0-9]+"), "loses its leading zero"),
    (re.compile(r"[0-9]{1,2}(:[0-9]{2})+"), "is read as a number of minutes by many programs"),
    (re.compile(r"\A[-+]?[0-9]*\.[0-9]*0"), "loses its last zero"),
    (
        re.compile(r"\A[-+]?([0-9]+_[0-9_]+|0[xo][0-9a-fA-F]+|[0-9.]+[eE][-+]?[0-9]+)"),
        "is read as another number by many programs",
    ),
)
DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?")
MOST_DEPTH = 12


def read_yaml(text: str, file: str) -> tuple[dict[str, Any], dict[tuple[str, ...], int]]:
    """Read a table of YAML; give it, and the line of every key and item by the keys that lead there.

    Errors: SourceError naming the file, the line and what to write instead.
    """
    try:
        yaml = YAML(typ="safe", pure=True)
        root = yaml.compose(text)
        _refuse_traps(root, file)
        declared = yaml.constructor.construct_document(root) if root is not None else None
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = mark.line + 1 if mark is not None else 1
        told = " ".join(str(fault.problem or fault.context).split())
        raise SourceError(f"{file} line {line}: not YAML ({told}); mend this line") from fault
    except (YAMLError, ValueError, RecursionError, TypeError, AttributeError, KeyError, IndexError) as fault:
        # ruamel.yaml lets a few plain errors through on hostile text (bad escapes, anchors, tags).
        raise SourceError(f"{file}: not YAML that can be read ({type(fault).__name__}); write it anew") from fault
    if not isinstance(declared, dict):
        raise SourceError(f"{file} line 1: a source is a list of `key: value` lines; begin with `title:`")
    return {str(key): value for key, value in declared.items()}, _lines(root, (), 1)


def _refuse_traps(root: Node | None, file: str) -> None:
    for node in _scalars(root, 0, set()):
        if node.style is not None:
            continue
        text, line = str(node.value), node.start_mark.line + 1
        for trap, why in TRAPS:
            if trap.fullmatch(text):
                raise SourceError(f'{file} line {line}: {text} {why}; write "{text}" in quotes')
        if DAY.fullmatch(text):
            try:
                date.fromisoformat(text)
            except ValueError:
                raise SourceError(f"{file} line {line}: {text} is no day; write it as 2021-07-31") from None


def _scalars(node: Node | None, depth: int, met: set[int]) -> Iterator[ScalarNode]:
    """Give the plain values of a tree; errors: MarkedYAMLError for one that is nested too deeply or refers to itself."""
    if node is None:
        return
    if id(node) in met or depth > MOST_DEPTH:
        problem = "nested too deeply" if depth > MOST_DEPTH else "a reference (*) to another place; write it out"
        raise MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
    met.add(id(node))
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, SequenceNode | MappingNode):
        for item in node.value:
            for part in item if isinstance(item, tuple) else (item,):
                yield from _scalars(part, depth + 1, met)


def _lines(node: Node | None, path: tuple[str, ...], line: int) -> dict[tuple[str, ...], int]:
    """Give the line of every key and item, by the keys that lead to it."""
    found = {path: line}
    if isinstance(node, MappingNode):
        for key, value in node.value:
            found |= _lines(value, (*path, str(key.value)), key.start_mark.line + 1)
    elif isinstance(node, SequenceNode):
        for place, item in enumerate(node.value):
            found |= _lines(item, (*path, str(place)), item.start_mark.line + 1)
    return found
