"""Editions on disk: built whole in a folder aside, renamed into place, the pointer moved last; kept, verified, pruned."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from etl.errors import SourceError
from etl.plan import Plan
from etl.private import private, private_folder, sweep
from etl.received import Received
from etl.secret import derived
from etl.submissions import mapping_version

BUILDING = ".building-"
GONE = f"{BUILDING}gone-"
FILES = ("records.duckdb", "public.duckdb")
KEPT = 5
TAG = 16  # hexadecimal digits of an edition's name
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Edition:
    """One published state of everything: its name and its folder with both files and the manifest."""

    name: str
    folder: Path

    @property
    def records(self) -> Path:
        """Give the confidential file."""
        return self.folder / "records.duckdb"

    @property
    def public(self) -> Path:
        """Give the file that may be shown to anyone."""
        return self.folder / "public.duckdb"

    @property
    def key(self) -> str | None:
        """Give the fingerprint of the key that it was made with; None where an older program recorded none."""
        key = self.manifest.get("key")
        return key if isinstance(key, str) else None

    @property
    def manifest(self) -> dict[str, object]:
        """Read the manifest: the name, and the files with size and SHA-256; errors: SourceError where it is damaged."""
        try:
            loaded = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as fault:
            raise SourceError(f"{self.name}: manifest.json is damaged; build the edition again") from fault
        if not isinstance(loaded, dict) or not isinstance(loaded.get("files"), dict):
            raise SourceError(f"{self.name}: manifest.json is damaged; build the edition again")
        return loaded


def input_name(
    plans: list[Plan], received: list[Received], today: datetime.date, key: bytes, more: Iterable[str] = ()
) -> str:
    """Name an edition by its day and by an HMAC of all that goes into it: files, declarations, lists and program.

    more: names of what goes into it besides: decisions, and the state that is released.

    A plain hash would tell whoever guesses the rows of a file that he guessed right; 64 bits of one under the key of the
    installation tell him nothing, and another key, which gives other numbers, gives another name.
    """
    digest = hmac.new(derived(key, b"edition name"), digestmod=hashlib.sha256)
    for plan in plans:
        digest.update(f"{plan.source.name} {mapping_version(plan.source)}\n".encode())
    for item in received:
        digest.update(f"{item.submission_id} {item.sha256} {item.status}\n".encode())
    for text in more:
        digest.update(f"{text}\n".encode())
    for path in sorted((*ROOT.glob("schemas/**/*"), *ROOT.glob("etl/**/*.py"), *ROOT.glob("etl/**/*.csv"))):
        if path.is_file() and path.suffix in (".csv", ".py", ".yml", ".geojson"):
            digest.update(path.read_bytes())
    return f"{today.isoformat()}-{digest.hexdigest()[:TAG]}"


@contextmanager
def temporary_folder(data: Path) -> Iterator[Path]:
    """Give an empty folder beside the editions, gone afterwards unless it was renamed; remains of dead builds are swept.

    Errors: SourceError where the disk is full or may not be written.
    """
    editions = data / "editions"
    with ExitStack() as stack:
        try:
            with private():
                editions.mkdir(parents=True, exist_ok=True)
            sweep_editions(data)
            folder = stack.enter_context(private_folder(editions, BUILDING))
        except OSError as fault:
            raise SourceError(f"{editions.name}: cannot be written ({fault.strerror}); make room or mend its rights") from fault
        yield folder


def publish(data: Path, folder: Path, name: str, made: Mapping[str, object]) -> Edition:
    """Seal a folder with its manifest, put it in place and make it current.

    made: what the manifest says of how it was made: `key`, the fingerprint of the key; `released`, the name of the state
    that is released; `before`, the edition whose released state went into it.

    An edition of that name already in place is the same, by its name, and stays as it is, unless it was damaged since.
    """
    editions = data / "editions"
    target = editions / name
    manifest = {"edition": name, **made, "files": {item: _state(folder / item) for item in FILES}}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    shutil.rmtree(folder / "spill", ignore_errors=True)
    for path in folder.iterdir():
        _sync(path)
    _sync(folder)
    if target.exists() and _damaged(Edition(name, target)):
        _remove(target)
    if not target.exists():
        folder.rename(target)
        _sync(editions)
    point(data, name)
    prune(data)
    return Edition(name, target)


def point(data: Path, name: str) -> None:
    """Make an edition current; moving the pointer back is a roll-back. Errors: SourceError for an unknown name."""
    editions = data / "editions"
    find(data, name)
    aside = editions / f"current.{os.getpid()}"
    aside.write_text(name + "\n", encoding="utf-8")
    _sync(aside)
    aside.replace(editions / "current")
    _sync(editions)


def current(data: Path) -> Edition:
    """Give the current edition; SourceError where nothing has been built."""
    pointer = data / "editions" / "current"
    if not pointer.exists():
        raise SourceError("no edition has been built yet; run `pembe build --samples`")
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise SourceError("editions/current cannot be read; run `pembe editions --use NAME` to choose an edition") from fault
    return find(data, name)


def made_with(data: Path) -> str | None:
    """Give the fingerprint of the key of the current edition; None where there is none that can be read."""
    try:
        return current(data).key
    except SourceError:
        return None


def remembering(data: Path, key: str) -> Edition | None:
    """Give the edition that remembers the last released state; None where none was made with the key of this fingerprint.

    It is the current one or, where that cannot be read, the newest that can.
    """
    try:
        first = current(data).name
    except SourceError:
        first = ""
    for edition in sorted(list_editions(data)[::-1], key=lambda edition: edition.name != first):
        try:
            if edition.key == key and "released" in edition.manifest and not verify(edition):
                return edition
        except SourceError:
            continue
    return None


def find(data: Path, name: str) -> Edition:
    """Give an edition by its name; SourceError where there is none of that name."""
    folder = data / "editions" / name
    if Path(name).name != name or not (folder / "manifest.json").exists():
        raise SourceError(f"there is no edition {name}; choose one of {[edition.name for edition in list_editions(data)]}")
    return Edition(name, folder)


def list_editions(data: Path) -> list[Edition]:
    """List the editions in place, the oldest first."""
    folders = [path.parent for path in (data / "editions").glob("*/manifest.json") if not path.parent.name.startswith(".")]
    folders.sort(key=lambda folder: ((folder / "manifest.json").stat().st_mtime_ns, folder.name))
    return [Edition(folder.name, folder) for folder in folders]


def verify(edition: Edition) -> list[str]:
    """Compare both files with the manifest; give one sentence for every difference, none when all is as published."""
    files = edition.manifest["files"]
    assert isinstance(files, dict)
    faults = [f"{edition.name}: manifest.json is damaged; build the edition again"] if set(files) != set(FILES) else []
    for name, state in files.items():
        path = edition.folder / name
        if not path.exists():
            faults.append(f"{edition.name}: {name} is gone; build the edition again")
        elif _state(path) != state:
            faults.append(f"{edition.name}: {name} is not what was published; build the edition again")
    return faults


def prune(data: Path, keep: int = KEPT) -> list[str]:
    """Remove all but the newest `keep` editions; the current one always stays. Gives the names removed."""
    held = current(data).name
    gone = [edition for edition in list_editions(data)[:-keep] if edition.name != held]
    for edition in gone:
        _remove(edition.folder)
    return [edition.name for edition in gone]


def _damaged(edition: Edition) -> bool:
    try:
        return bool(verify(edition))
    except SourceError:
        return True


def _remove(folder: Path) -> None:
    """Take an edition out of sight at once, then remove it: half an edition is never seen."""
    aside = folder.with_name(f"{GONE}{folder.name}")
    folder.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def sweep_editions(data: Path) -> None:
    """Remove what dead builds left beside the editions."""
    editions = data / "editions"
    sweep(editions, BUILDING)
    for path in editions.glob("current.*"):
        process = path.name.removeprefix("current.")
        if not (process.isdigit() and _alive(int(process))):
            path.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _state(path: Path) -> dict[str, object]:
    with path.open("rb") as stream:
        return {"sha256": hashlib.file_digest(stream, "sha256").hexdigest(), "bytes": path.stat().st_size}


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
