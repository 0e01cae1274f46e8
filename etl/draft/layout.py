"""The first and last rows of a table in, where its titles, headings and notes stand out; words are not interpreted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from etl.draft.ends import Ends
from etl.draft.signs import is_total
from etl.errors import SourceError
from etl.fold import fold
from etl.headings import MOST_BREAKS, MOST_HEADING

MOST_TITLES = 30
LONG_NOTE = 24
NUMBER = re.compile(r"[-+<>~≈]?\s?[0-9][0-9 .,'٬٫%/:-]*")
YEARS = re.compile(
    r"(?:fy|efy|ey)?\s?(?:19|20)[0-9]{2}(?:\s?[-/]\s?(?:[0-9]{2}|[0-9]{4}))?(?: ?(?:efy|g\.?c\.?|e\.?c\.?))?|[0-9]{2}/[0-9]{2}"
)


@dataclass(frozen=True)
class Layout:
    """The rows of headings from 1, the titles above them, the notes below the table.

    years: places of columns whose heading is a year. footers: how many rows at the end are no data. notes: their text is
    kept nowhere; only how many there are. doubtful: the headings may be elsewhere.
    """

    header_rows: tuple[int, ...]
    titles: tuple[str, ...]
    footers: int
    years: tuple[int, ...]
    doubtful: bool


def layout_of(ends: Ends, name: str, spread_sheet: bool) -> Layout:
    """Find the headings of a table.

    Errors: SourceError where no row can be one of headings.
    """
    rows = ends.top
    width = _width(rows)
    first = next((place for place, row in enumerate(rows[:MOST_TITLES]) if _is_heading(row, width)), None)
    if first is None:
        if not any(any(cell.strip() for cell in row) for row in rows):
            raise SourceError(f"{name}: holds no rows; ask the sender for the file again")
        first = next(place for place, row in enumerate(rows) if _filled(row))
        return Layout((first + 1,), (), 0, (), True)
    levels = _levels(rows, first, width)
    doubtful = not _unlike(rows, levels[-1])
    titles = tuple(_title(row) for row in rows[: levels[0]] if _filled(row))
    heading = rows[levels[-1]]
    years = tuple(place for place, cell in enumerate(heading) if YEARS.fullmatch(fold(cell)))
    footers = _footers(ends.bottom, len(_filled(heading)), spread_sheet)
    if len(rows) - 1 == levels[-1]:
        footers = 0
    return Layout(tuple(place + 1 for place in levels), titles, footers, years if len(years) > 1 else (), doubtful)


def is_number(text: str) -> bool:
    """Tell whether a text is a number in some notation, or a day written in numbers."""
    return NUMBER.fullmatch(fold(text)) is not None


def _filled(row: Sequence[str]) -> list[int]:
    return [place for place, cell in enumerate(row) if cell.strip()]


def _distinct(row: Sequence[str]) -> int:
    return len({cell.strip() for cell in row if cell.strip()})


def _width(rows: Sequence[Sequence[str]]) -> int:
    """Give how many cells a row of data has that is not the emptiest: the upper quartile of the first rows."""
    filled = sorted(_distinct(row) for row in rows if _filled(row))
    return filled[(3 * len(filled)) // 4] if filled else 0


def _is_heading(row: Sequence[str], width: int) -> bool:
    cells = [row[place].strip() for place in _filled(row)]
    if not cells or max(map(len, cells)) > MOST_HEADING or any(cell.count("\n") > MOST_BREAKS for cell in cells):
        return False
    title = len(set(cells)) == 1 and len(cells) != 2  # one text in every cell is a merged title
    if width > 1 and (title or len(cells) < 0.5 * width):
        return False
    texts = [cell for cell in cells if not is_number(cell) or YEARS.fullmatch(fold(cell))]
    words = [cell for cell in cells if not is_number(cell)]
    return bool(words) and len(texts) >= 0.8 * len(cells)


def _levels(rows: Sequence[Sequence[str]], first: int, width: int) -> list[int]:
    """Give the places of one or two rows of headings: groups above, what is in each group below."""
    if first + 1 < len(rows) and _is_second(rows, first, first + 1):
        return [first, first + 1]
    if first > 0 and _distinct(rows[first - 1]) >= 2 and _groups(rows[first - 1], rows[first]):
        return [first - 1, first]
    return [first]


def _is_second(rows: Sequence[Sequence[str]], upper: int, lower: int) -> bool:
    """Tell whether the row below also holds headings: words where the rows after it hold numbers, under merged cells."""
    above, below = rows[upper], rows[lower]
    body = [row for row in rows[lower + 1 : lower + 40] if _filled(row)]
    cells = [place for place in _filled(below) if place >= len(above) or not above[place].strip() or above[place] != below[place]]
    merged = [
        place
        for place in cells
        if place >= len(above) or not above[place].strip() or (place and above[place] == above[place - 1]) or _leads(above, place)
    ]
    words = all(not is_number(below[place]) or YEARS.fullmatch(fold(below[place])) for place in merged)
    if len(merged) < 2 or not body or not words:
        return False
    numbers = [place for place in merged if _share_of_numbers(body, place) >= 0.5]
    if len(numbers) >= 0.6 * len(merged):
        return True
    # Groups of words: no word of the row stands again in its column, and most columns lie in a group.
    again = sum(any(place < len(row) and row[place] == below[place] for row in body) for place in cells)
    return again == 0 and len(merged) >= 0.5 * len(_filled(below)) and len(_filled(below)) >= 0.3 * len(_filled(above))


def _leads(row: Sequence[str], place: int) -> bool:
    """Tell whether a filled cell is the first of a group: the next one is empty or says the same."""
    return place + 1 < len(row) and (not row[place + 1].strip() or row[place + 1] == row[place])


def _groups(above: Sequence[str], heading: Sequence[str]) -> bool:
    """Tell a row of groups from a title: several words, each over a column that has a heading of its own."""
    places = _filled(above)
    if any(is_number(above[place]) for place in places):
        return False
    return all(place < len(heading) and heading[place].strip() for place in places)


def _share_of_numbers(body: Sequence[Sequence[str]], place: int) -> float:
    cells = [row[place] for row in body if place < len(row) and row[place].strip()]
    short = [cell for cell in cells if is_number(cell) or len(cell.strip()) <= 3]
    return len(short) / len(cells) if cells and any(map(is_number, cells)) else 0.0


def _unlike(rows: Sequence[Sequence[str]], heading: int) -> bool:
    """Tell whether the words of the headings do not stand again below; a row of headings that is repeated whole may."""
    names = rows[heading]
    again: set[int] = set()
    for row in rows[heading + 1 :]:
        same = {place for place in _filled(names) if place < len(row) and row[place].strip() == names[place].strip()}
        again |= same if len(same) < 0.5 * len(_filled(names)) else set()
    return len(again) < 0.4 * len(_filled(names))


def _title(row: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(row[place].strip() for place in _filled(row)))


def _footers(bottom: Sequence[Sequence[str]], width: int, spread_sheet: bool) -> int:
    """Count the rows at the end that hold notes: one long text where the table has many cells.

    In a sheet empty rows among them count too; in a file of text they are no records.
    """
    if width < 3:
        return 0
    count = notes = 0
    for row in reversed(bottom):
        filled = _filled(row)
        if not filled:
            count += spread_sheet
            continue
        texts = {row[place].strip() for place in filled}
        if len(texts) > max(1, width // 8) or any(map(is_number, texts)):
            break
        longest = max(texts, key=len)
        if is_total(longest) or (len(longest) < LONG_NOTE and len(longest.split()) < 4):
            break
        count += 1
        notes = count
    return notes
