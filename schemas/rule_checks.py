"""Where each rule is asked, as data: an expression over one row, a query over a set of rows, a reading or the file."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from schemas import rule_queries
from schemas.indicators import indicators
from schemas.places import Area, Box, areas, countries
from schemas.tables import table

CREW = 5  # persons of a crew, who are no migrants but may be among the dead and the survivors
TOLERANCE = 31  # days that a date may lie outside the period of its submission


@dataclass(frozen=True, slots=True)
class Check:
    """One place where one rule is asked.

    `where` is `row`: `sql` is a DuckDB expression over the fields of `table`, TRUE where the rule is broken and never
    NULL; `set`: `sql` is a query that gives (source_row, note) for `$submission_id`; `reading` or `file`: `note` says
    in words where the rule lives. Expressions and queries may use `$period_start`, `$period_end`, `$today` (dates) and
    `$multi_form` (boolean). `needs` names fields that a source must supply for the question to make sense.
    """

    rule: str
    where: str
    table: str = ""
    sql: str = ""
    needs: tuple[str, ...] = ()
    note: str = ""


def row_checks(name: str, given: Collection[str] | None = None) -> tuple[Check, ...]:
    """Give the checks of one row of a table; with `given`, only those whose needed fields a source supplies."""
    asked = (check for check in checks() if check.where == "row" and check.table == name)
    needed = tuple(check for check in asked if given is None or set(check.needs) <= set(given))
    return needed if given is None else (*needed, *_bounds(name, given))


def _bounds(name: str, given: Collection[str]) -> list[Check]:
    """Hold what Pembe derives to the bounds of its field; what a source gives is held to them when it is read."""
    derived = [field for field in table(name).fields if field.name not in given and not field.many]
    found = []
    for field in derived:
        limits = (("<", field.minimum), (">", field.maximum))
        sides = [f'"{field.name}" {sign} {limit:g}' for sign, limit in limits if limit is not None]
        if sides:
            found.append(_null_safe(Check("V01", "row", name, " OR ".join(sides))))
    return found


def set_checks(name: str) -> tuple[Check, ...]:
    """Give the checks of a set of rows of a table, as queries."""
    return tuple(check for check in checks() if check.where == "set" and check.table == name)


@cache
def checks() -> tuple[Check, ...]:
    """Give every check of every rule, V01 first; each of the rules has at least one."""
    found = [*_required(), *_ROW, *_coordinates(), *_areas_in_time(), _units(), *_SET, *_ELSEWHERE]
    return tuple(sorted((_null_safe(check) for check in found), key=lambda check: check.rule))


def _null_safe(check: Check) -> Check:
    if check.where != "row":
        return check
    return Check(check.rule, check.where, check.table, f"coalesce({check.sql}, FALSE)", check.needs, check.note)


def _required() -> list[Check]:
    found = []
    for name, more in CONDITIONAL.items():
        # dq_flags is written last, from the answers to these very checks
        names = [field.name for field in table(name).fields if field.required == "R" and field.name != "dq_flags"]
        parts = [*(f'"{field}" IS NULL' for field in names), *more]
        found.append(Check("V01", "row", name, " OR ".join(parts)))
    return found


def _coordinates() -> list[Check]:
    """A state reports from its land and its sea; an international organisation from anywhere."""
    boxes = " ".join(_box(code, country.box) for code, country in countries().items() if country.box is not None)
    sql = (
        "(lat IS NULL) <> (lon IS NULL) OR abs(lat) > 90 OR abs(lon) > 180 OR (lat = 0 AND lon = 0) "
        f"OR (source_type IS DISTINCT FROM 'IO' AND CASE reporting_country {boxes} ELSE FALSE END)"
    )
    return [Check("V27", "row", "smuggling_incident", sql)]


def _box(code: str, box: Box) -> str:
    inside = f"lat BETWEEN {box.lat_min:g} AND {box.lat_max:g} AND lon BETWEEN {box.lon_min:g} AND {box.lon_max:g}"
    return f"WHEN '{code}' THEN NOT ({inside})"


def _areas_in_time() -> list[Check]:
    bounded = [area for area in areas().values() if area.valid_from is not None or area.valid_to is not None]
    found = []
    for name, field, day in AREA_FIELDS:
        cases = " ".join(_lifetime(area, day) for area in bounded)
        found.append(Check("V38", "row", name, f"CASE {field} {cases} ELSE FALSE END"))
    return found


def _lifetime(area: Area, day: str) -> str:
    born = f"{day} < DATE '{area.valid_from}'" if area.valid_from is not None else "FALSE"
    gone = f"{day} > DATE '{area.valid_to}'" if area.valid_to is not None else "FALSE"
    return f"WHEN '{area.area_code}' THEN {born} OR {gone}"


def _follows(later: str, earlier: str) -> Check:
    """Ask that one day of a victim is not before another; a day known to its month only is neither."""
    precision = {"date_identified": "date_precision"}
    known = " AND ".join(f"{precision.get(day, f'{day}_precision')} = 'D'" for day in (later, earlier))
    note = "presumed victims are helped before they are identified, so that the row is kept and only asked about"
    return Check("V41", "row", "victim", f"{later} < {earlier} AND {known}", needs=(later, earlier), note=note)


def _units() -> Check:
    """Ask for a unit that the indicator declares, and of a detention centre for stock or flow; V01 knows the indicators."""
    declared: dict[tuple[str, ...], list[str]] = {}
    for code, indicator in indicators().items():
        declared.setdefault(indicator.units, []).append(code)
    cases = " ".join(
        f"WHEN indicator IN ({_listed(codes)}) THEN count_unit NOT IN ({_listed(units)})" for units, codes in declared.items()
    )
    present = "source_type = 'DETENT' AND count_unit NOT IN ('STOCK', 'MOVEMENT') AND period_type <> 'CUM'"
    return Check("V30", "row", "observation", f"count_unit IS NULL OR ({present}) OR CASE {cases} ELSE FALSE END")


def _listed(codes: Collection[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


# fields that are required under a condition, where nothing but V01 says so
CONDITIONAL: dict[str, tuple[str, ...]] = {
    "submission": ("(status = 'NIL' AND letter IS NULL)", "(status = 'VALIDATED' AND validated_by_role IS NULL)"),
    "victim": (
        "(date_identified IS NOT NULL AND date_precision IS NULL)",
        "(date_referred IS NOT NULL AND date_referred_precision IS NULL)",
        "(date_service IS NOT NULL AND date_service_precision IS NULL)",
        "len(exploitation_forms) = 0",
    ),
    "suspect": (),
    "smuggling_incident": ("(n_migrants IS NULL AND n_migrants_quality <> '_U')",),
    "smuggled_group": (),
    "observation": ("(obs_value IS NULL AND obs_status NOT IN ('O', 'M', 'L', 'Q', 'H'))",),
}
# the field of an area, and the day at which it must exist
AREA_FIELDS = (
    ("victim", "area_exploitation", "coalesce(date_identified, make_date(ref_year, 12, 31))"),
    ("victim", "area_recruitment", "coalesce(date_identified, make_date(ref_year, 12, 31))"),
    ("victim", "area_birth", "coalesce(date_identified, make_date(ref_year, 12, 31))"),
    ("smuggling_incident", "area", "date_incident"),
    ("observation", "ref_subarea", "period_end"),
)
_IN_PERIOD = f"BETWEEN CAST($period_start AS DATE) - {TOLERANCE} AND CAST($period_end AS DATE) + {TOLERANCE}"
_STAGES = ("date_formal", "date_charged", "date_verdict1", "date_final")
_LATEST = f"greatest({', '.join(_STAGES)})"
# A date known to its day or month must lie in the period. One known to its quarter or year stands for the first of a span of
# days, which must overlap the period.
_SPAN = "CASE date_precision WHEN 'Y' THEN 365 WHEN 'Q' THEN 91 ELSE 0 END"
_ONE_DATE = (
    "{date} > CAST($today AS DATE) OR CASE WHEN coalesce(date_precision IN ('D', 'M'), TRUE) THEN NOT {date} "
    + _IN_PERIOD
    + f" ELSE {{date}} > CAST($period_end AS DATE) + {TOLERANCE} "
    + f"OR {{date}} + {_SPAN} < CAST($period_start AS DATE) - {TOLERANCE} END"
)
_LATER = "help may follow long after the period in which the victim was identified, but not in the future"
_BOTH_COUNTRIES_KNOWN = "country_recruitment <> '_U' AND country_exploitation <> '_U'"
_ADULT_OR_CHILD = (
    "age_min < 0 OR age_max > 110 OR age_min > age_max OR (age_group = 'Y0T17' AND {low} > 17) "
    "OR (age_group = 'Y_GE18' AND {high} <= 17) OR (age_group = '_U' AND ({low} > 17 OR {high} <= 17))"
)
# A register that writes both parts means all of its migrants; international bodies write the parts that they know.
_REST = "CASE WHEN source_type = 'IO' THEN {0} ELSE coalesce({0}, 0) END"
_ROW = (
    Check(
        "V03",
        "row",
        "victim",
        "age_years NOT BETWEEN 0 AND 110 OR age_years < age_min OR age_years > age_max OR "
        + _ADULT_OR_CHILD.format(low="coalesce(age_years, age_min)", high="coalesce(age_years, age_max)")
        + " OR age_trafficked > coalesce(age_years, age_max)",
    ),
    Check("V03", "row", "suspect", _ADULT_OR_CHILD.format(low="age_min", high="age_max")),
    Check(
        "V04",
        "row",
        "victim",
        "age_group = 'Y_GE18' AND victim_status IN ('IDENTIFIED', 'PRESUMED') "
        "AND (means_legal IS NULL OR len(means_legal) = 0 OR list_contains(means_legal, '_Z'))",
        needs=("means_legal",),
        note="the means are an element of the crime, which only identified and presumed victims have suffered",
    ),
    Check(
        "V05",
        "row",
        "victim",
        f"trafficking_scope = 'DOM' AND {_BOTH_COUNTRIES_KNOWN} AND country_recruitment <> country_exploitation",
    ),
    Check(
        "V06",
        "row",
        "victim",
        "trafficking_scope IN ('XB', 'XB_REG', 'XB_ARAB', 'XB_OTH') "
        f"AND {_BOTH_COUNTRIES_KNOWN} AND country_recruitment = country_exploitation",
    ),
    Check("V07", "row", "victim", "NOT list_contains(exploitation_forms, exploitation_main)"),
    Check(
        "V07",
        "row",
        "victim",
        "starts_with(exploitation_main::VARCHAR, 'LAB') AND labour_isic IS NULL",
        needs=("labour_isic",),
    ),
    Check(
        "V08",
        "row",
        "victim",
        "(age_group = 'Y_GE18' AND (exploitation_main = 'ARM' OR list_contains(exploitation_forms, 'ARM'))) "
        "OR (list_has_any(exploitation_forms, ['ORG', 'ADP']) "
        "AND regexp_matches(array_to_string(exploitation_forms, '|'), '(^|[|])SEX'))",
    ),
    Check("V09", "row", "victim", "victim_status = 'INTERCEPTED' AND exploitation_main <> '_U'"),
    Check("V10", "row", "victim", _ONE_DATE.format(date="date_identified"), needs=("date_identified",)),
    Check("V10", "row", "victim", "date_referred > CAST($today AS DATE)", needs=("date_referred",), note=_LATER),
    Check("V10", "row", "victim", "date_service > CAST($today AS DATE)", needs=("date_service",), note=_LATER),
    Check("V10", "row", "smuggling_incident", _ONE_DATE.format(date="date_incident")),
    Check(
        "V10",
        "row",
        "suspect",
        f"{_LATEST} > CAST($today AS DATE) OR ({_LATEST} IS NOT NULL AND NOT ("
        + " OR ".join(f"coalesce({date} {_IN_PERIOD}, FALSE)" for date in _STAGES)
        + "))",
        note="a case runs over years: one of its dates must lie in the period, and none in the future",
    ),
    Check(
        "V20",
        "row",
        "suspect",
        "date_charged < date_formal OR date_verdict1 < greatest(date_formal, date_charged) "
        "OR date_final < greatest(date_formal, date_charged, date_verdict1)",
    ),
    Check(
        "V21",
        "row",
        "suspect",
        "stage_highest IN ('CONV1', 'APPEAL', 'CONVF') AND offence_convicted IS NULL",
        needs=("offence_convicted",),
    ),
    Check(
        "V21",
        "row",
        "suspect",
        "stage_highest IN ('CONV1', 'APPEAL', 'CONVF') AND offence <> '_U' AND offence_convicted <> '_U' "
        "AND split_part(offence::VARCHAR, '_', 1) <> split_part(offence_convicted::VARCHAR, '_', 1)",
        note="aggravated trafficking instead of trafficking is no other offence; smuggling instead of trafficking is",
    ),
    Check(
        "V22",
        "row",
        "suspect",
        "stage_highest IN ('CONV1', 'APPEAL', 'CONVF') AND sentence_months IS NULL "
        "AND (sentence_types IS NULL OR len(sentence_types) = 0)",
        needs=("sentence_types",),
    ),
    Check("V22", "row", "suspect", "fine_amount IS NOT NULL AND fine_currency IS NULL"),
    Check("V23", "row", "smuggling_incident", "crossing_type = '_Z' OR fee_mode = 'FREE' OR fee_amount = 0"),
    Check(
        "V25",
        "row",
        "smuggling_incident",
        "n_uasc > n_child OR (coalesce(n_migrants_quality = 'EXACT', TRUE) AND ("
        "coalesce(n_female, 0) + coalesce(n_male, 0) + coalesce(n_sex_unknown, 0) > n_migrants "
        f"OR n_female + n_male + {_REST.format('n_sex_unknown')} <> n_migrants "
        "OR coalesce(n_child, 0) + coalesce(n_adult, 0) + coalesce(n_age_unknown, 0) > n_migrants "
        f"OR n_child + n_adult + {_REST.format('n_age_unknown')} <> n_migrants))",
        note="exact parts of an approximate total need not add up to it",
    ),
    Check(
        "V26",
        "row",
        "smuggling_incident",
        "n_dead < 0 OR n_missing < 0 OR n_survivors < 0 OR (coalesce(n_migrants_quality = 'EXACT', TRUE) "
        "AND coalesce(n_dead, 0) + coalesce(n_missing, 0) + coalesce(n_survivors, 0) "
        f"> n_migrants + {CREW} + coalesce(n_smugglers_arrested, 0))",
    ),
    Check(
        "V33",
        "row",
        "observation",
        "offence = 'TIPSOM' AND obs_value IS NOT NULL AND NOT list_contains([obs_status::VARCHAR, obs_status_2::VARCHAR], "
        "CASE WHEN starts_with(indicator, 'SOM_') THEN 'K' ELSE 'W' END)",
        note="a figure that is missing mixes nothing",
    ),
    Check("V37", "row", "victim", "consent_stat_use = 'N'"),
    *(_follows(later, earlier) for later, earlier in (
        ("date_referred", "date_identified"), ("date_service", "date_identified"), ("date_service", "date_referred"),
    )),
)
_SET = tuple(Check(rule, "set", name, sql) for rule, name, sql in rule_queries.QUERIES)
_ELSEWHERE = (
    Check("V01", "reading", note="codes and countries: a word that no list knows is refused with the line to add"),
    Check("V02", "file", note="columns whose heading or values identify persons are never read past the door"),
    Check("V11", "reading", note="the reading of Ethiopian dates and years knows which years can be Ethiopian"),
    Check("V12", "reading", note="the reading of dates refuses a day that its calendar does not have"),
    Check("V15", "reading", note="the reading of countries knows cities, regions and groups, and refuses them"),
    Check("V16", "reading", note="the reading of countries asks about words with two meanings"),
    Check("V28", "reading", note="the reading of numbers asks about signs that can separate thousands or decimals"),
    Check("V29", "reading", note="the reading of counts refuses shares and marks approximations"),
    Check("V36", "reading", note="the declaration of a source says what its signs for nothing mean"),
    Check("V39", "reading", note="every reading refuses text that was read in the wrong encoding"),
    Check("V40", "file", note="skip_rows of the declaration names totals and repeated headings"),
)
