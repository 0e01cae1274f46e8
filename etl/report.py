"""A report: sentences and tables for a person, or one object for a program."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Listing:
    """One table of a report: its title, its columns and its rows."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


@dataclass(frozen=True)
class Report:
    """What a command found: facts by name, sentences, and tables."""

    facts: dict[str, object] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """Give everything as one object: the facts, `sentences`, and one list of objects a table."""
        tables = {
            listing.title: [dict(zip(listing.columns, row, strict=True)) for row in listing.rows] for listing in self.listings
        }
        return {**self.facts, "sentences": self.sentences, **tables}

    def print(self) -> None:
        """Print sentences, facts and tables to the terminal."""
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        console = Console(highlight=False)
        for sentence in self.sentences:
            console.print(Text(sentence))
        for name, value in self.facts.items():
            console.print(Text(f"{name}: {value}"))
        for listing in self.listings:
            table = Table(title=listing.title, title_justify="left", header_style="bold")
            for column in listing.columns:
                table.add_column(column, overflow="fold")
            for row in listing.rows:
                table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
            console.print(table)
