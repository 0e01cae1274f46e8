"""A static copy of the public pages and their data, in a folder that opens from a stick without any server."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from html import escape, unescape
from pathlib import Path

from dashboard.controls import Link
from dashboard.db import current_edition, current_file
from dashboard.edition import Edition
from dashboard.errors import PackError
from dashboard.exports import write
from dashboard.exports.options import Options
from dashboard.filters import LANGUAGES, FilterError, Filters
from dashboard.fonts import copy_fonts
from dashboard.page import Place
from dashboard.pages import PAGES, find
from dashboard.queries import choices
from dashboard.whole import whole
from dashboard.words import Words

MOST_BYTES = 5_000_000
ASSETS = Path(__file__).with_name("assets")
# A link to a page of the server, with the choices that may stand behind it, which a copy does not have.
INSIDE = re.compile(r'href="(/[^"?#]*)(?:\?[^"#]*)?"')
SHEETS = ("pembe.css", "compare.css")
INDEX = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Pembe</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="pembe.css"></head>
<body><main class="wide"><h1>Pembe</h1><ul>{links}</ul></main></body>
</html>
"""


def pack(to: Path, languages: Sequence[str]) -> tuple[int, int]:
    """Write the copy of the current edition to a new folder; give the number of files and of bytes.

    Errors: PackError where the folder is there already, or the copy would be larger than five million bytes; FilterError for
    a language that there is not.
    """
    if to.exists():
        raise PackError(f"{to} is there already; choose another folder with --to, or remove it")
    for language in languages:
        if language not in LANGUAGES:
            raise FilterError(f"there are no pages in {language!r}; choose from {', '.join(LANGUAGES)}")
    edition = current_edition()
    to.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{to.name}.", dir=to.parent))
    try:
        _fill(aside, edition, languages)
        files = [path for path in aside.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        if size > MOST_BYTES:
            raise PackError(
                f"The copy in {', '.join(languages)} has {size / 1e6:.1f} MB, over {MOST_BYTES / 1e6:.0f}; choose fewer languages"
            )
        aside.chmod(0o755)
        aside.rename(to)
        return len(files), size
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _fill(folder: Path, edition: Edition, languages: Sequence[str]) -> None:
    from dashboard.app import server

    for name in SHEETS:
        shutil.copyfile(ASSETS / name, folder / name)
    with (folder / SHEETS[0]).open("a", encoding="utf-8") as sheet:
        sheet.write(copy_fonts(folder, languages))
    path, name = current_file()
    (folder / "data").mkdir()
    # A workbook is a tenth of the same text, and opens where there is nothing but a spreadsheet program.
    figures = folder / "data" / f"pembe-{name}.xlsx"
    write(path, name, "xlsx", Filters(language=languages[0]), Options(indicators=()), figures)
    with server.test_request_context("/"):
        for language in languages:
            words = Words(language)
            (folder / language).mkdir()
            for place in places(edition):
                page = whole(
                    place,
                    edition,
                    words,
                    _menu(edition, place, words),
                    [Link(f"../{one}/{_name(place)}", Words(one).own_name, one == language, ()) for one in languages],
                    [Link(f"../data/{figures.name}", words.say("All figures (XLSX)"), False, ())],
                )
                (folder / language / _name(place)).write_text(INSIDE.sub(_beside, page), "utf-8")
    links = [f'<li><a href="{one}/overview.html" lang="{one}">{escape(Words(one).own_name)}</a></li>' for one in languages]
    (folder / "index.html").write_text(INDEX.format(links="".join(links)), "utf-8")


def places(edition: Edition) -> list[Place]:
    """Give every page, and of the page of a country one a country."""
    found = []
    for page in PAGES:
        if page.of_country:
            found += [Place(page, country) for country in choices(edition).countries]
        else:
            found.append(Place(page, None))
    return found


def _beside(link: re.Match[str]) -> str:
    """Turn the address of a page of the server into the name of its file."""
    place = find(unescape(link[1]))
    return f'href="{_name(place)}"' if place is not None else link[0]


def _name(place: Place) -> str:
    path = place.page.address.strip("/") or "overview"
    return f"{path}-{place.country}.html" if place.country else f"{path.replace('/', '-')}.html"


def _menu(edition: Edition, here: Place, words: Words) -> list[Link]:
    links = []
    for page in PAGES:
        if not page.of_country:
            links.append(Link(_name(Place(page, None)), words.say(page.menu), page is here.page, ()))
            continue
        codes = sorted(choices(edition).countries, key=lambda code: words.country_order(edition, code))
        each = [Link(_name(Place(page, code)), words.country(edition, code), code == here.country, ()) for code in codes]
        links.append(Link("", words.say(page.menu), page is here.page, tuple(each)))
    return links
