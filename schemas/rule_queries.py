"""The rules over sets of rows as DuckDB queries: (source_row, note) for `$submission_id`; a NULL row means the file."""

from schemas.dimensions import CELL, PERIOD, dimensions

DIMENSIONS = ("freq", *dimensions(*CELL))
PERIOD_DIMENSIONS = ("freq", *dimensions(PERIOD))


def _same(left: str, right: str, without: tuple[str, ...]) -> str:
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in DIMENSIONS if name not in without)


def _repeated(table: str, keys: str, condition: str, note: str) -> str:
    """Rows that repeat an earlier row of the same submission in all of some fields."""
    return f"""
WITH asked AS (SELECT * FROM {table} WHERE submission_id = $submission_id AND {condition}),
repeated AS (SELECT {keys}, min(source_row) AS first_row FROM asked GROUP BY ALL HAVING count(*) > 1)
SELECT asked.source_row, '{note} row ' || repeated.first_row AS note
FROM asked JOIN repeated USING ({keys})
WHERE asked.source_row > repeated.first_row
ORDER BY asked.source_row"""


# a part whose own parent stands beside it would be counted twice
_NOT_NESTED = {
    "sex": "TRUE",
    "age": "part.age IN ('Y0T17', 'Y_GE18', '_U')",
    "scope": "TRUE",
    "exploitation": f"""NOT (split_part(part.exploitation::VARCHAR, '_', 1) IN ('SEX', 'LAB')
    AND part.exploitation NOT IN ('SEX', 'LAB') AND EXISTS (
        SELECT 1 FROM figure AS parent WHERE {_same("parent", "part", ("exploitation",))}
        AND parent.exploitation::VARCHAR = split_part(part.exploitation::VARCHAR, '_', 1)))""",
    "citizenship": f"""NOT (part.citizenship NOT IN ('NAT', 'FOR', '_U') AND EXISTS (
        SELECT 1 FROM figure AS parent WHERE {_same("parent", "part", ("citizenship",))}
        AND parent.citizenship IN ('NAT', 'FOR')))""",
}
_ADDED = "sum(part.obs_value)"


def _parts_of(dimension: str, wrong: str) -> str:
    """Totals of one dimension and the sum of their parts, where no part is missing or hidden and `wrong` holds."""
    return f"""
SELECT total.source_row, '{dimension}: the parts make ' || format('{{:g}}', {_ADDED}) || ', the total says '
    || format('{{:g}}', total.obs_value) AS note
FROM figure AS total JOIN figure AS part ON {_same("total", "part", (dimension,))}
WHERE total.{dimension} = '_T' AND part.{dimension} <> '_T' AND total.obs_value IS NOT NULL AND {_NOT_NESTED[dimension]}
GROUP BY total.observation_id, total.source_row, total.obs_value
HAVING count(part.obs_value) = count(*) AND {wrong}"""


def _sums(dimensions: dict[str, str]) -> str:
    """Query several dimensions at once."""
    parts = "\nUNION ALL".join(_parts_of(dimension, wrong) for dimension, wrong in dimensions.items())
    return f"\nWITH figure AS (SELECT * FROM observation WHERE submission_id = $submission_id){parts}\nORDER BY 1, 2"


def _stated(dimension: str) -> str:
    """Parts without unknown ones: too much is always wrong, too little only where two or more parts stand."""
    return (
        f"NOT bool_or(part.{dimension} = '_U') AND ({_ADDED} > total.obs_value OR (count(*) > 1 AND {_ADDED} < total.obs_value))"
    )


def _halves(dimension: str, one: str, other: str) -> str:
    """Two parts that leave nothing out, without unknown ones: whatever they lack of the total is unknown."""
    both = f"bool_or(part.{dimension}::VARCHAR = '{one}') AND bool_or(starts_with(part.{dimension}::VARCHAR, '{other}'))"
    return f"({_with_unknown(dimension)}) OR ({both} AND NOT bool_or(part.{dimension} = '_U') AND {_ADDED} <> total.obs_value)"


def _with_unknown(dimension: str) -> str:
    return f"bool_or(part.{dimension} = '_U') AND {_ADDED} <> total.obs_value"


_MANY_FORMS = f"NOT (CAST($multi_form AS BOOLEAN) AND {_ADDED} > total.obs_value)"
_INCIDENT_OF_GROUP = """
WITH linked AS (
    SELECT g.source_row, g.citizenship, g.n_persons, i.incident_id, i.n_migrants, i.n_migrants_quality,
        i.country_destination, i.country_departure, i.reporting_country
    FROM smuggled_group AS g JOIN smuggling_incident AS i ON g.incident_id = i.incident_id
    WHERE g.submission_id = $submission_id
    UNION
    SELECT g.source_row, g.citizenship, g.n_persons, i.incident_id, i.n_migrants, i.n_migrants_quality,
        i.country_destination, i.country_departure, i.reporting_country
    FROM smuggled_group AS g
    JOIN smuggling_incident AS i ON g.case_key = i.case_key AND g.reporting_country = i.reporting_country
    WHERE g.submission_id = $submission_id AND g.incident_id IS NULL
)"""
V14 = """
SELECT mine.source_row, 'as ' || other.incident_id || ': ' || other.date_incident || ', '
    || other.n_migrants || ' migrants' AS note
FROM smuggling_incident AS mine
JOIN smuggling_incident AS other ON mine.area = other.area AND mine.reporting_country = other.reporting_country
    AND other.date_incident BETWEEN mine.date_incident - 1 AND mine.date_incident + 1
JOIN submission AS my_file ON my_file.submission_id = mine.submission_id
JOIN submission AS other_file ON other_file.submission_id = other.submission_id
WHERE mine.submission_id = $submission_id AND my_file.source <> other_file.source
    AND mine.date_precision = 'D' AND other.date_precision = 'D'
    AND mine.n_migrants > 0
    AND abs(mine.n_migrants - other.n_migrants) <= 0.05 * greatest(mine.n_migrants, other.n_migrants)
ORDER BY mine.source_row, other.incident_id"""
V17_GROUPS = f"""{_INCIDENT_OF_GROUP}
SELECT min(source_row) AS source_row, 'the groups of ' || incident_id || ' make ' || sum(n_persons)::BIGINT
    || ', the incident says ' || n_migrants AS note
FROM linked WHERE n_migrants_quality = 'EXACT'
GROUP BY incident_id, n_migrants
HAVING sum(n_persons) > n_migrants
ORDER BY 1"""
V19 = f"""
SELECT later.source_row, later.indicator || ' ' || format('{{:g}}', later.obs_value) || ', '
    || earlier.indicator || ' ' || format('{{:g}}', earlier.obs_value) AS note
FROM (VALUES ('TIP_CONV', 'TIP_PROSEC'), ('TIP_PROSEC', 'TIP_INVEST'), ('TIP_CONV', 'TIP_INVEST'),
    ('SOM_CONV', 'SOM_PROSEC'), ('SOM_PROSEC', 'SOM_INVEST'), ('SOM_CONV', 'SOM_INVEST'),
    ('TIP_CONV_CASE', 'TIP_PROSEC_CASE'), ('TIP_PROSEC_CASE', 'TIP_INVEST_CASE'), ('TIP_CONV_CASE', 'TIP_INVEST_CASE'),
    ('TIP_NOTIF_INVEST', 'TIP_NOTIF')) AS stage(next, previous)
JOIN observation AS later ON later.indicator = stage.next AND later.submission_id = $submission_id
JOIN observation AS earlier ON earlier.indicator = stage.previous AND earlier.submission_id = $submission_id
    AND {_same("later", "earlier", ("indicator",))}
WHERE later.obs_value > earlier.obs_value
ORDER BY later.source_row, note"""
V24 = f"""{_INCIDENT_OF_GROUP},
entry AS (
    SELECT source_row, citizenship, CASE
        WHEN country_destination <> '_U' THEN country_destination
        WHEN country_departure <> '_U' AND country_departure <> reporting_country THEN reporting_country
    END AS country
    FROM linked
)
SELECT source_row, citizenship || ' enters ' || country AS note
FROM entry WHERE citizenship = country ORDER BY source_row"""
# the figure before: same source and dimensions, its period over when this one starts, and not since replaced
_BEFORE = f"""
FROM observation AS mine
JOIN observation AS before ON mine.source = before.source AND {_same("mine", "before", PERIOD_DIMENSIONS)}
WHERE mine.submission_id = $submission_id AND mine.obs_value IS NOT NULL AND before.obs_value IS NOT NULL
    AND before.period_end < mine.period_start
    AND before.submission_id NOT IN (SELECT supersedes FROM submission WHERE supersedes IS NOT NULL)"""
_DAYS = "({0}.period_end - {0}.period_start + 1)"
_BOTH_LENGTHS = f"({_DAYS.format('mine')}, {_DAYS.format('before')})"
_LENGTHS = f"greatest{_BOTH_LENGTHS} / least{_BOTH_LENGTHS}"
V31 = f"""
SELECT mine.source_row, mine.time_period || ' has ' || {_DAYS.format("mine")} || ' days, ' || before.time_period
    || ' has ' || {_DAYS.format("before")} AS note
{_BEFORE}
    AND mine.period_start - before.period_end <= 366 AND {_LENGTHS} > 1.1
ORDER BY mine.source_row, note"""
V32 = f"""
SELECT mine.source_row, before.time_period || ': ' || format('{{:g}}', before.obs_value) || ', ' || mine.time_period
    || ': ' || format('{{:g}}', mine.obs_value) AS note
{_BEFORE}
    AND mine.period_start - before.period_end <= 31 AND {_LENGTHS} <= 1.1
    AND abs(mine.obs_value - before.obs_value) >= 20
    AND (mine.obs_value > 3 * before.obs_value OR mine.obs_value < before.obs_value / 3)
ORDER BY mine.source_row, note"""
V34 = """
SELECT NULL::INTEGER AS source_row, 'status ' || mine.status || ' with ' || mine.rows_raw || ' rows' AS note
FROM submission AS mine
WHERE mine.submission_id = $submission_id
    AND ((mine.status IN ('NIL', 'NORESP') AND mine.rows_raw > 0)
    OR (mine.status NOT IN ('NIL', 'NORESP') AND mine.rows_raw = 0 AND mine.letter IS NULL))
UNION ALL
SELECT NULL, 'status ' || mine.status || ', and ' || other.status || ' in ' || other.submission_id
FROM submission AS mine
JOIN submission AS other ON mine.source = other.source AND mine.period_start = other.period_start
    AND mine.period_end = other.period_end AND mine.submission_id <> other.submission_id
WHERE mine.submission_id = $submission_id AND mine.status = 'NIL' AND other.status = 'NORESP'"""
V35 = """
SELECT NULL::INTEGER AS source_row, CASE WHEN mine.sha256 = earlier.sha256 THEN 'the same bytes as '
    ELSE 'the same source and period as ' END || earlier.submission_id AS note
FROM submission AS mine
JOIN submission AS earlier ON earlier.reporting_country = mine.reporting_country
    AND (earlier.received_at, earlier.submission_id) < (mine.received_at, mine.submission_id)
WHERE mine.submission_id = $submission_id AND (mine.sha256 = earlier.sha256
    OR (mine.source = earlier.source AND mine.period_start = earlier.period_start
        AND mine.period_end = earlier.period_end AND mine.sha256 IS NOT NULL AND earlier.sha256 IS NOT NULL
        AND earlier.submission_id NOT IN (SELECT supersedes FROM submission WHERE supersedes IS NOT NULL)))
ORDER BY earlier.submission_id"""
_KEYS = "case_key, person_key"
_BOTH_KEYS = "case_key IS NOT NULL AND person_key IS NOT NULL"
_PROFILE = "date_identified, sex, age_years, citizenship, area_exploitation, exploitation_main"
_PROFILE_KNOWN = "date_precision = 'D' AND age_years IS NOT NULL AND area_exploitation IS NOT NULL"
_GROUP = "case_key, citizenship, sex, age_group, outcome, n_persons"
# a register of persons holds many equal rows of one person each
_GROUP_KNOWN = "case_key IS NOT NULL AND outcome IS NOT NULL AND n_persons > 1"
_SUMS = {"sex": _stated("sex"), "age": _stated("age"), "exploitation": f"{_stated('exploitation')} AND {_MANY_FORMS}"}
_SUMS_WITH_UNKNOWN = {
    **{name: _with_unknown(name) for name in ("sex", "age")},
    "citizenship": f"({_halves('citizenship', 'NAT', 'FOR')})",
    "scope": f"({_halves('scope', 'DOM', 'XB')})",
    "exploitation": f"{_with_unknown('exploitation')} AND {_MANY_FORMS}",
}
# The dimensions whose parts are held against their total.
SUMMED = tuple(dict.fromkeys((*_SUMS, *_SUMS_WITH_UNKNOWN)))
_NUMBER_KNOWN = "case_key IS NOT NULL"
# (rule, table, query)
QUERIES = (
    ("V13", "victim", _repeated("victim", _KEYS, _BOTH_KEYS, "the same case and person as")),
    ("V13", "victim", _repeated("victim", _PROFILE, _PROFILE_KNOWN, "the same day, place and profile as")),
    ("V13", "suspect", _repeated("suspect", _KEYS, _BOTH_KEYS, "the same case and person as")),
    ("V13", "smuggling_incident", _repeated("smuggling_incident", "case_key", _NUMBER_KNOWN, "the same number as")),
    ("V13", "smuggled_group", _repeated("smuggled_group", _GROUP, _GROUP_KNOWN, "the same group as")),
    ("V13", "observation", _repeated("observation", ", ".join(DIMENSIONS), "TRUE", "the same figure is asked for in")),
    ("V14", "smuggling_incident", V14),
    ("V17", "observation", _sums(_SUMS)),
    ("V17", "smuggled_group", V17_GROUPS),
    ("V18", "observation", _sums(_SUMS_WITH_UNKNOWN)),
    ("V19", "observation", V19),
    ("V24", "smuggled_group", V24),
    ("V31", "observation", V31),
    ("V32", "observation", V32),
    ("V34", "submission", V34),
    ("V35", "submission", V35),
)
