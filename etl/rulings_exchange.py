"""Rulings out to a reviewer and back in: what was accepted stands in the declaration afterwards, what was rejected does not."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from etl.errors import SourceError, SourceErrors
from etl.fold import fold
from etl.plan import plan_source
from etl.private import private
from etl.report import Report
from etl.rulings_kept import ENDING, PROPOSED, REJECTED, Kept, kept_rulings
from etl.source import Source, load_source, parse_source, source_paths
from etl.sssom import read_tsv, read_workbook, write_tsv, write_workbook
from schemas.tables import table

WORKBOOK, TSV = ".xlsx", ".tsv"
WIDE = 4096  # letters a line, so that no line of a declaration is broken anew


def exchange(what: Sequence[str], to: Path | None) -> Report:
    """Export the rulings of a source, or import them: `export SOURCE`, `import SOURCE FILE`.

    Errors: SourceError for a source or file that does not exist, and one sentence for each ruling that cannot stand.
    """
    if what[0] == "export" and len(what) == 2:
        return _export(what[1], to)
    if what[0] == "import" and len(what) == 3 and to is None:
        return _import(what[1], Path(what[2]))
    raise SourceError("say `pembe rulings export SOURCE --to FILE` or `pembe rulings import SOURCE FILE`")


def _export(name: str, to: Path | None) -> Report:
    path = _path(name)
    source = load_source(path)
    target = to if to is not None else Path(f"{source.name}{ENDING}")
    if target.suffix.lower() not in (TSV, WORKBOOK):
        raise SourceError(f"{target}: rulings are written as {TSV} (SSSOM) or {WORKBOOK}; choose one of these endings")
    rulings = kept_rulings(source, path)
    with private():
        (write_workbook if target.suffix.lower() == WORKBOOK else write_tsv)(rulings, target)
    sentence = f"{source.name}: {len(rulings)} rulings written to {target}"
    return Report({"source": source.name, "rulings": len(rulings), "file": str(target)}, [sentence])


def _import(name: str, file: Path) -> Report:
    path = _path(name)
    source = load_source(path)
    if not file.is_file():
        raise SourceError(f"{file}: is not there or is no file; correct the path")
    read = read_workbook(file) if file.suffix.lower() == WORKBOOK else read_tsv(file)
    told = [_fault(ruling, source, f"{file.name} ruling {number}") for number, ruling in enumerate(read, start=1)]
    faults = [fault for fault in told if fault is not None]
    faults += _contradictions(read, file.name)
    if faults:
        raise SourceErrors(faults)
    merged = {ruling.key: ruling for ruling in kept_rulings(source, path)} | {ruling.key: ruling for ruling in read}
    text = path.read_text(encoding="utf-8")
    changed = with_rulings(text, source, list(merged.values()))
    if changed != text:
        _refuse_unusable(changed, source)
        path.write_text(changed, encoding="utf-8")
    write_tsv(list(merged.values()), path.with_name(path.stem + ENDING))
    states = {state.lower(): sum(ruling.state == state for ruling in read) for state in sorted({one.state for one in read})}
    counted = ", ".join(f"{count} {state}" for state, count in states.items())
    became = "changed" if changed != text else "right already"
    sentence = f"{source.name}: {len(read)} rulings read ({counted}); the declaration was {became}"
    return Report({"source": source.name, "rulings": len(read), "changed": changed != text, **states}, [sentence])


def _contradictions(rulings: Sequence[Kept], file: str) -> list[str]:
    """Name the words of a field that are accepted for two codes, also where they are only written in another way."""
    accepted: dict[tuple[str, str, str], tuple[int, Kept]] = {}
    faults = []
    for number, ruling in enumerate(rulings, start=1):
        if ruling.state in (REJECTED, PROPOSED):
            continue
        first, earlier = accepted.setdefault((ruling.source, ruling.field, fold(ruling.word)), (number, ruling))
        if earlier.code != ruling.code:
            faults.append(
                f"{file} rulings {first} and {number}: {ruling.field}: the same word is accepted for {earlier.code} and for "
                f"{ruling.code}; keep one"
            )
    return faults


def _refuse_unusable(text: str, source: Source) -> None:
    """Raise what `pembe check` would say of the declaration, before it is written."""
    plan_source(parse_source(text, source.name), datetime.datetime.now(datetime.UTC).date())


def with_rulings(text: str, source: Source, rulings: Sequence[Kept]) -> str:
    """Give the text of a declaration in which every accepted word stands under its code and no rejected word stands.

    A ruling that is only proposed changes nothing. Comments and the order of lines stay.
    """
    yaml = YAML(typ="rt")
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width, yaml.preserve_quotes, yaml.allow_unicode = WIDE, True, True
    declared = yaml.load(text)
    changed = False
    for ruling in rulings:
        words = source.columns[ruling.field].words if ruling.field in source.columns else {}
        stands = {code for code, met in words.items() if ruling.word in met}
        wanted = set() if ruling.state == REJECTED else stands if ruling.state == PROPOSED else {ruling.code}
        if stands != wanted:
            _rule(declared["columns"], ruling, wanted)
            changed = True
    if not changed:
        return text
    written = io.StringIO()
    yaml.dump(declared, written)
    return written.getvalue()


def _rule(columns: Any, ruling: Kept, wanted: set[str]) -> None:
    column = columns[ruling.field]
    words = column.setdefault("words", {})
    for code in [code for code, met in words.items() if ruling.word in map(str, met)]:
        if str(code) not in wanted:
            words[code] = [word for word in words[code] if str(word) != ruling.word]
            if not words[code]:
                del words[code]
    for code in wanted:
        met = words.setdefault(code, [])
        if ruling.word not in map(str, met):
            met.append(_scalar(ruling.word))
    if not words:
        del column["words"]


def _scalar(word: str) -> Any:
    """Give a word that is written in quotes, so that no reader takes it for a number or a yes."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    return DoubleQuotedScalarString(word)


def _fault(ruling: Kept, source: Source, where: str) -> str | None:
    """Say why a ruling cannot stand in this declaration; None where it can."""
    if ruling.source != source.name:
        return f"{where}: is of the source {ruling.source[:60]!r} and not of {source.name}; import it there"
    column = source.columns.get(ruling.field)
    if column is None:
        return f"{where}: {source.name} has no column for {ruling.field[:60]!r}; choose one of {', '.join(source.columns)}"
    if column.column != ruling.column:
        return f"{where}: {ruling.field} is read from {column.column!r} and not from {ruling.column[:60]!r}; correct it"
    if not fold(ruling.word):
        return f"{where}: has no word; write the word as the file has it"
    codes = next((field.codes for field in table(source.table).fields if field.name == ruling.field), None)
    if codes is not None and ruling.code not in codes:
        return f"{where}: there is no code {ruling.code[:60]!r} for {ruling.field}; choose one of {', '.join(codes[:40])}"
    return None


def _path(name: str) -> Path:
    path = Path(name)
    if path.suffix in (".yml", ".yaml") and path.is_file():
        return path
    paths = source_paths()
    if name not in paths:
        from etl.inspect import near

        raise SourceError(f"there is no source {name!r}; {near(name, list(paths))}")
    return paths[name]
