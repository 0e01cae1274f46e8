"""Which sources a build takes: invented ones from the samples, real ones whose folder of files is there."""

from __future__ import annotations

from pathlib import Path

from etl.errors import SourceError, SourceErrors
from etl.source import HERE, Source, load_source, source_paths


def gather(
    data: Path, shipped: Path, samples: bool, raw: Path | None, declarations: Path = HERE
) -> tuple[list[Source], list[Path]]:
    """Load all sources that can be built, and the folders in which their files are looked for.

    data: the folder with `raw` inside. shipped: the folder with `samples` and `published` inside. A source whose folder
    is nowhere is left out; a folder that lacks a declared file is a fault.

    Errors: SourceErrors, one sentence for each declaration that cannot be read; SourceError when nothing is left.
    """
    if raw is not None and not raw.is_dir():
        raise SourceError(f"{raw}: is not a folder; name the folder that holds one folder a source")
    folders = [folder for folder in (raw, data / "raw", shipped / "published") if folder is not None and folder.is_dir()]
    sources: list[Source] = []
    faults: list[str] = []
    for path in source_paths(declarations).values():
        try:
            source = load_source(path)
        except SourceError as fault:
            faults.append(str(fault))
            continue
        if samples if source.invented else _has_folder(source, folders):
            sources.append(source)
    if faults:
        raise SourceErrors(faults)
    if not sources:
        raise SourceError("there is nothing to build; say --samples, or name a folder of received files with --raw")
    return sources, [*folders, *([shipped / "samples"] if samples else [])]


def _has_folder(source: Source, folders: list[Path]) -> bool:
    names = {source.folder or source.name, source.name}
    return any((folder / name).is_dir() for folder in folders for name in names)
