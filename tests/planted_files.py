"""Sixty invented files in each of which five values of a person are planted among ordinary columns. Nothing is real."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

FILES, EACH, ROWS = 60, 5, 60
# Names as people bear them, put together anew: nobody is meant.
NAMES = {
    "Latin": (["Abdi", "Wanjiku", "Tesfaye", "Fatuma", "Ahmed", "Grace", "Moses", "Halima", "Ibrahim", "Mariam"],
              ["Otieno", "Kamau", "Hassan", "Ali", "Bekele", "Mohamed", "Okello", "Warsame", "Juma", "Nyambura"]),
    "Arabic": (["محمد", "أحمد", "فاطمة", "عائشة", "خالد", "مريم", "يوسف", "إبراهيم", "حسن", "زينب"],
               ["عبد الله", "عثمان", "إدريس", "علي", "صالح", "عمر", "موسى", "سليمان", "آدم", "حسين"]),
    "Ethiopic": (["አበበ", "ከበደ", "አልማዝ", "ትርሓስ", "ሓጎስ", "ተስፋዬ", "መሐመድ", "ሃይሉ", "ፋጡማ", "ገብረ"],
                 ["ኪዳነ", "ተስፋዬ", "ገብረመድህን", "ማሞ", "አሕመድ", "ከበደ", "በቀለ", "ወልደ", "አለሙ", "ታደሰ"]),
    "Bengali": (["মোহাম্মদ", "আব্দুল", "ফাতেমা", "রাশেদ", "নাজমা", "কামাল", "জাহিদ", "সালমা", "ইমরান", "রহিমা"],
                ["রহমান", "করিম", "বেগম", "হোসেন", "আক্তার", "ইসলাম", "খাতুন", "আলী", "হাসান", "আলম"]),
    "Devanagari": (["राम", "सीता", "सुनीता", "राजेश", "मोहन", "कृष्ण", "सरिता", "दीपक", "रमेश", "पूजा"],
                   ["बहादुर", "कुमारी", "देवी", "कुमार", "थापा", "तामाङ", "राई", "गुरुङ", "श्रेष्ठ", "शर्मा"]),
}  # fmt: skip
ORDINARY: dict[str, list[str]] = {
    "Sex": ["F", "M", "Female", "Male"],
    "Age": [str(age) for age in range(9, 60)],
    "Nationality": ["Kenyan", "Ugandan", "Ethiopian", "Somali", "Burundian"],
    "County": ["Nairobi", "Mombasa", "Kajiado", "Lac Assal", "Kwale", "Busia"],
    "Form of exploitation": ["Forced labour", "Domestic servitude", "Begging", "Forced marriage"],
    "Destination": ["Saudi Arabia", "United Arab Emirates", "Oman", "Kenya"],
    "Status of the case": ["Under investigation", "Pending before court", "Closed"],
    "Date of rescue": [f"{day:02d}/{month:02d}/2021" for day in (3, 14, 25) for month in range(1, 13)],
    "Case No.": [f"CR/{number}/2021" for number in range(100, 160)],
    "Number of suspects": [str(number) for number in range(0, 8)],
    "Means": ["Deception; false job offer", "Threats", "Abuse of vulnerability"],
    "Amount paid": ["1,500 USD", "30 000 KES", "200", "450"],
}


@dataclass(frozen=True)
class Planted:
    """One file, and the values planted in it by the heading under which they stand."""

    path: Path
    values: list[tuple[str, str]]


def plant(folder: Path) -> list[Planted]:
    """Write the files, always the same, and say what is planted where."""
    dice = random.Random(11)
    return [_file(folder / f"register_{number:02d}", dice, number) for number in range(FILES)]


def ordinary(folder: Path) -> list[Path]:
    """Write as many files with nothing planted in them."""
    dice = random.Random(12)
    paths = []
    for number in range(FILES):
        path = folder / f"plain_{number:02d}.csv"
        _write_csv(path, _table(dice))
        paths.append(path)
    return paths


def _table(dice: random.Random) -> list[list[str]]:
    headings = [*ORDINARY, "Further notes"]
    rows = [[*(dice.choice(values) for values in ORDINARY.values()), dice.choice(["none", "", "see file"])] for _ in range(ROWS)]
    return [headings, *rows]


def _file(stem: Path, dice: random.Random, number: int) -> Planted:
    rows = _table(dice)
    values: list[tuple[str, str]] = []
    for _ in range(EACH):
        place = dice.randrange(len(rows[0]))
        line = dice.randrange(1, len(rows))
        while any(rows[line][place] == value for _, value in values):
            line = dice.randrange(1, len(rows))
        rows[line][place] = _person(dice)
        values.append((rows[0][place], rows[line][place]))
    path = stem.with_suffix(".xlsx" if number % 3 == 0 else ".csv")
    (_write_workbook if number % 3 == 0 else _write_csv)(path, rows)
    return Planted(path, values)


def _person(dice: random.Random) -> str:
    first, last = NAMES[dice.choice(list(NAMES))]
    name = f"{dice.choice(first)} {dice.choice(last)}"
    digits = "".join(dice.choice("0123456789") for _ in range(6))
    return dice.choice(
        [
            name,
            name,
            f"{name} {dice.choice(last)}",
            f"+254 7{digits[:2]} {digits[:3]} {digits[3:]}",
            f"07{digits}{digits[:2]}",
            f"+2519{digits}{digits[:2]}",
            f"person.{digits}@example.org",
            f"passport no. A{digits}7",
            f"national ID {digits}42",
            f"-1.2{digits}, 36.8{digits}",
            f"brought in by {name} on the night bus, tel. 0712{digits}",
        ]
    )


def _write_csv(path: Path, rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def _write_workbook(path: Path, rows: list[list[str]]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Register")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
