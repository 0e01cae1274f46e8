"""A report: sentences and tables for a person, or one object for a program."""

from __future__ import annotations

from dataclasses import dataclass, field

WIDE = 200  # letters a line where nobody looks on


@dataclass(frozen=True)
class Listing:
    """One table of a report: its title, its columns and its rows."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


@dataclass(frozen=True)
class Report:
    """What a command found: facts by name, sentences, and tables; `faults` end the command with exit code 1."""

    facts: dict[str, object] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """Give everything as one object: the facts, `sentences`, and one list of objects a table."""
        tables = {
            listing.title: [dict(zip(listing.columns, row, strict=True)) for row in listing.rows] for listing in self.listings
        }
        faults = {"faults": self.faults} if self.faults else {}
        return {**self.facts, "sentences": self.sentences, **tables, **faults}

    def print(self) -> None:
        """Print sentences, facts and tables; a column with nothing in it is left out."""
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        console = Console(highlight=False)
        if not console.is_terminal:
            console.width = WIDE
        for sentence in self.sentences:
            console.print(Text(sentence))
        for name, value in self.facts.items():
            console.print(Text(f"{name}: {value}"))
        for listing in self.listings:
            table = Table(title=listing.title, title_justify="left", header_style="bold")
            told = [place for place in range(len(listing.columns)) if any(row[place] is not None for row in listing.rows)]
            for place in told:
                table.add_column(listing.columns[place], overflow="fold")
            for row in listing.rows:
                table.add_row(*(Text("" if row[place] is None else str(row[place])) for place in told))
            console.print(table)
