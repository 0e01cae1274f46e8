"""Letters for readers whose system has none of their script: fetched at set-up from pinned packages where npm is there.

`python -m dashboard.fonts` fetches them. A browser asks for a font only where a page of its language has a letter that no
font of the system has. Noto Sans is under the SIL Open Font License 1.1.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from flask import Flask, Response, abort

from dashboard.bundle import BundleError, installed
from dashboard.headers import YEAR

PARTS = Path(__file__).with_name("noto")
HELD = Path(sys.prefix) / "noto"
WEIGHTS = (400, 700)
FAMILY = "Pembe Letters"  # the last of the families that pembe.css names


class Script(NamedTuple):
    """The package and part of a font that hold the letters of a script, and which letters these are."""

    package: str
    part: str
    letters: str

    def file(self, weight: int) -> str:
        """Give the name of the file for a weight."""
        return f"{self.package}-{self.part}-{weight}-normal.woff2"


SCRIPTS = {
    "ar": Script("noto-sans-arabic", "arabic", "U+0600-06FF, U+0750-077F, U+08A0-08FF, U+FB50-FDFF, U+FE70-FEFC"),
    "am": Script("noto-sans-ethiopic", "ethiopic", "U+1200-139F, U+2D80-2DDF, U+AB00-AB2F"),
}


def fonts_folder() -> Path:
    """Give where the fonts are or will be: its name holds the hash of the pinned versions."""
    return HELD / hashlib.sha256((PARTS / "package-lock.json").read_bytes()).hexdigest()[:12]


def make_fonts() -> Path:
    """Fetch the fonts where they are not there yet; raises BundleError with the reason."""
    folder = fonts_folder()
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with installed(PARTS) as packages:
        aside = folder.with_suffix(".part")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        for script in SCRIPTS.values():
            for weight in WEIGHTS:
                held = packages / "node_modules" / "@fontsource" / script.package / "files" / script.file(weight)
                if not held.is_file():
                    raise BundleError(f"{script.package} holds no {held.name}; renew dashboard/noto/package-lock.json")
                shutil.copy(held, aside)
        aside.rename(folder)
    return folder


def copy_fonts(to: Path, languages: Sequence[str]) -> str:
    """Copy what these languages need into a folder, where it was fetched; give the style sheet that names it there."""
    folder = fonts_folder()
    scripts = [SCRIPTS[language] for language in languages if language in SCRIPTS and folder.is_dir()]
    for script in scripts:
        for weight in WEIGHTS:
            shutil.copyfile(folder / script.file(weight), to / script.file(weight))
    return "\n".join(_sheet(script, ".") for script in scripts)


def add_fonts(server: Flask) -> None:
    """Serve the fonts that were fetched, and name the style sheet of a language in `letters`; without them none is named."""
    folder = fonts_folder()
    held = {path.name: path.read_bytes() for path in folder.glob("*.woff2")} if folder.is_dir() else {}
    base = f"/fonts/{folder.name}"
    sheets = {f"{language}.css": _sheet(script, base) for language, script in SCRIPTS.items()} if held else {}
    server.jinja_env.globals["letters"] = lambda language: f"{base}/{language}.css" if f"{language}.css" in sheets else ""

    @server.get(f"{base}/<name>")
    def font(name: str) -> Response:
        """Serve a font or a style sheet, for ever: its address holds the hash of the versions."""
        if name not in held and name not in sheets:
            abort(404)
        kind, content = ("font/woff2", held[name]) if name in held else ("text/css", sheets[name].encode())
        return Response(content, mimetype=kind, headers={"Cache-Control": f"public, max-age={YEAR}, immutable"})


def _sheet(script: Script, base: str) -> str:
    return "\n".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; font-display: swap; '
        f'src: url("{base}/{script.file(weight)}") format("woff2"); unicode-range: {script.letters}; }}'
        for weight in WEIGHTS
    )


def main() -> None:
    """Fetch the fonts and say where they are; exit code 1 with the reason where they could not be fetched."""
    try:
        sys.stdout.write(f"{make_fonts()}\n")
    except BundleError as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
