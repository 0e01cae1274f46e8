"""The pandera contract of each table, made from the declared fields: types, codes, ranges, patterns, keys, V-rules."""

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from schemas.tables import Field, table

if TYPE_CHECKING:
    import pandas
    import pandera.pandas

CHILD_MAXIMUM = 17  # the border that every scheme shares


@cache
def contract(name: str) -> "pandera.pandas.DataFrameSchema":
    """Build the contract of a table, for rows as `tables.rows_query` gives them: lists as `|`-joined text.

    Codes may come as categories, which is fast, or as text. Columns may be neither missing nor more than declared;
    the key is unique; rules of one row that are plain comparisons are frame checks named by their rule.
    """
    # pandera takes most of a second to import, which a 600-row file would feel; only checking pays for it
    import pandera.pandas as pandera_pandas

    found = table(name)
    names = {field.name for field in found.fields}
    frame_checks = [pandera_pandas.Check(check, name=rule) for rule, needed, check in FRAME_CHECKS if needed <= names]
    return pandera_pandas.DataFrameSchema(
        {field.name: _column(field) for field in found.fields},
        checks=frame_checks,
        strict=True,
        unique=[found.key],
        name=name,
    )


def _column(field: Field) -> "pandera.pandas.Column":
    import pandera.pandas as pandera_pandas

    checks = [pandera_pandas.Check(_kind_check(field), name=f"is_{'text' if field.many else field.type}")]
    if field.codes is not None:
        checks.append(pandera_pandas.Check(_values_check(_in_codes(field), field), name="in_codes"))
    if field.pattern is not None:
        checks.append(pandera_pandas.Check(_pattern_check(field), name="matches_pattern"))
    if field.minimum is not None:
        checks.append(pandera_pandas.Check.ge(field.minimum))
    if field.maximum is not None:
        checks.append(pandera_pandas.Check.le(field.maximum))
    return pandera_pandas.Column(None, checks=checks, nullable=field.required != "R")


def _kind_check(field: Field) -> "Callable[[pandas.Series[Any]], Any]":
    return KINDS["text" if field.many else field.type]


def _in_codes(field: Field) -> Callable[[str], bool]:
    codes = frozenset(field.codes or ())
    return codes.__contains__


def _pattern_check(field: Field) -> "Callable[[pandas.Series[Any]], Any]":
    matches = re.compile(field.pattern or "").fullmatch
    distinct = _values_check(lambda value: matches(value) is not None, field)

    def check(series: "pandas.Series[Any]") -> Any:
        # keys are all different: a column at once is ten times faster than value by value
        return distinct(series) if field.many or series.dtype != "str" else series.str.fullmatch(field.pattern or "")

    return check


def _values_check(allowed: Callable[[str], bool], field: Field) -> "Callable[[pandas.Series[Any]], Any]":
    """Check distinct values once each; a category is checked by its categories when all of them are allowed."""
    accepts = _every_part(allowed, may_be_empty=field.codes is None) if field.many else allowed

    def check(series: "pandas.Series[Any]") -> Any:
        distinct = series.unique()
        wrong = [value for value in distinct if not (isinstance(value, str) and accepts(value))]
        return True if not wrong else ~series.isin(wrong)

    return check


def _every_part(allowed: Callable[[str], bool], may_be_empty: bool) -> Callable[[str], bool]:
    def accepts(value: str) -> bool:
        return may_be_empty if value == "" else all(allowed(part) for part in value.split("|"))

    return accepts


def _is_text(series: "pandas.Series[Any]") -> bool:
    from pandas.api.types import infer_dtype, is_string_dtype

    if series.dtype == "category":
        return _is_text(series.cat.categories.to_series())
    return is_string_dtype(series.dtype) or infer_dtype(series, skipna=True) in ("string", "empty")


def _is_number(series: "pandas.Series[Any]") -> bool:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    return len(series) == 0 or (is_numeric_dtype(series.dtype) and not is_bool_dtype(series.dtype))


def _is_integer(series: "pandas.Series[Any]") -> Any:
    from pandas.api.types import is_integer_dtype

    # DuckDB hands integers with gaps to pandas as floats, so whole floats are integers
    return len(series) == 0 or is_integer_dtype(series.dtype) or (_is_number(series) and series % 1 == 0)


def _is_date(series: "pandas.Series[Any]") -> bool:
    from pandas.api.types import infer_dtype, is_datetime64_any_dtype

    return is_datetime64_any_dtype(series.dtype) or infer_dtype(series, skipna=True) in ("date", "datetime", "empty")


def _is_boolean(series: "pandas.Series[Any]") -> bool:
    from pandas.api.types import infer_dtype, is_bool_dtype

    return is_bool_dtype(series.dtype) or infer_dtype(series, skipna=True) in ("boolean", "empty")


KINDS: "dict[str, Callable[[pandas.Series[Any]], Any]]" = {
    "text": _is_text,
    "hash": _is_text,
    "code": _is_text,
    "country": _is_text,
    "area": _is_text,
    "integer": _is_integer,
    "number": _is_number,
    "date": _is_date,
    "timestamp": _is_date,
    "boolean": _is_boolean,
}


def _ages_agree(rows: "pandas.DataFrame") -> "pandas.Series[bool]":
    """V03: age_min <= age_years <= age_max, and age_group says the same as they do; an absent value agrees."""
    lowest, highest = _number(rows, "age_min"), _number(rows, "age_max")
    broken = lowest > highest
    if "age_years" in rows:
        years = _number(rows, "age_years")
        broken |= (years < lowest) | (years > highest)
        lowest, highest = lowest.where(years.isna(), years), highest.where(years.isna(), years)
    group = rows["age_group"]
    surely_adult, surely_child = lowest > CHILD_MAXIMUM, highest <= CHILD_MAXIMUM
    broken |= (group == "Y0T17") & surely_adult
    broken |= (group == "Y_GE18") & surely_child
    broken |= (group == "_U") & (surely_adult | surely_child)
    return ~broken


def _stages_in_order(rows: "pandas.DataFrame") -> "pandas.Series[bool]":
    """V20: no stage of justice is dated before an earlier one; an absent date agrees."""
    import pandas as pd

    dates = [pd.to_datetime(rows[name]) for name in ("date_formal", "date_charged", "date_verdict1", "date_final")]
    latest, broken = dates[0], dates[0].notna() & False
    for date in dates[1:]:
        broken |= date < latest
        latest = latest.where(date.isna() | (latest > date), date)
    return ~broken


def _parts_add_up(rows: "pandas.DataFrame") -> "pandas.Series[bool]":
    """V25: all parts add up to an exact n_migrants, some of them never exceed it, and n_uasc <= n_child."""
    broken = _number(rows, "n_uasc") > _number(rows, "n_child")
    exact = ~rows["n_migrants_quality"].isin(["APPROX", "MIN", "_U"])
    for parts in (("n_female", "n_male", "n_sex_unknown"), ("n_child", "n_adult", "n_age_unknown")):
        given = [_number(rows, part) for part in parts]
        total = _number(rows, "n_migrants")
        at_least = sum((part.where(part.notna(), 0.0) for part in given[1:]), given[0].where(given[0].notna(), 0.0))
        complete = given[0].notna() & given[1].notna() & given[2].notna()
        broken |= exact & ((at_least > total) | (complete & (at_least < total)))
    return ~broken


def _number(rows: "pandas.DataFrame", name: str) -> "pandas.Series[float]":
    return rows[name].astype("float64")


FRAME_CHECKS: "tuple[tuple[str, frozenset[str], Callable[[pandas.DataFrame], pandas.Series[bool]]], ...]" = (
    ("V03", frozenset({"age_min", "age_max", "age_group"}), _ages_agree),
    ("V20", frozenset({"date_formal", "date_charged", "date_verdict1", "date_final"}), _stages_in_order),
    ("V25", frozenset({"n_migrants", "n_migrants_quality", "n_female", "n_child", "n_uasc"}), _parts_add_up),
)
