"""What an edition shows of a source, and what of it waits: for the tests of small changes that are held."""

from __future__ import annotations

from pathlib import Path

import duckdb

from etl.editions import Edition


def asked(path: Path, query: str) -> list[tuple[object, ...]]:
    """Ask a file of an edition."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


FIGURES = """
SELECT indicator, time_period, sex::VARCHAR, age, citizenship::VARCHAR, exploitation::VARCHAR, obs_value, value_raw, value_lower,
    value_upper, obs_status::VARCHAR, conf_status::VARCHAR
FROM observation WHERE source = '{name}' ORDER BY ALL"""


def figures(edition: Edition, name: str = "ken_station_register") -> list[tuple[object, ...]]:
    """Give the public figures of a source."""
    return asked(edition.public, FIGURES.format(name=name))


def pending(edition: Edition) -> list[tuple[object, ...]]:
    """Give the sources and periods whose revision is pending."""
    return asked(edition.public, "SELECT source, time_period FROM revision_pending ORDER BY ALL")


def exact(edition: Edition) -> object:
    """Give the number of victims that the records of an edition hold."""
    return asked(edition.records, "SELECT count(*) FROM victim")[0][0]
