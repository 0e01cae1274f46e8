"""Where does this come from? The answer for one figure: source, submission, dates, calendar, language, law and coverage."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby

from markupsafe import Markup

from dashboard.edition import Edition, Figure, Submission
from dashboard.figures import number
from dashboard.markup import Content, english, join, outward, tag
from dashboard.revisions import periods_waiting
from dashboard.tables import by_country, invented_mark, spoken, status, unit
from dashboard.words import Words


def origins(rows: Sequence[Figure], edition: Edition, words: Words) -> Markup:
    """List every figure by country, each with an answer to: where does this come from?"""
    folded = []
    for (code, invented), group in groupby(by_country(rows, edition, words), key=lambda row: (row.ref_area, row.invented)):
        lines = [_origin(row, edition, words) for row in group]
        count = tag("small", words.count(len(lines), "{number} figure", "{number} figures"))
        title = tag("summary", words.country(edition, code), count, invented_mark(words) if invented else None)
        folded.append(tag("details", title, tag("div", lines, class_="folded")))
    return tag("div", folded, class_="origins")


def named(rows: Sequence[Figure], edition: Edition, words: Words) -> Markup:
    """Name the publishers of figures, or count the sources of the whole edition where there are no figures; and the edition."""
    publishers = sorted({edition.sources[row.source].publisher for row in rows})
    stated = words.say("Edition {edition}", edition=words.isolated(edition.name))
    if not publishers:
        counted = words.count(len(edition.sources), "{number} source of the edition", "{number} sources of the edition")
        return join([words.say("Sources"), ": ", counted, " · ", stated])
    names = join([[english(name), "; " if name != publishers[-1] else None] for name in publishers])
    return join([words.say("Sources"), ": ", names, " · ", stated])


def provenance(rows: Sequence[Figure], edition: Edition, words: Words) -> Markup:
    """Answer for a whole chart: its submissions with dates and remarks, each a link to all that is known of it."""
    submissions: dict[str, list[Figure]] = {}
    for row in sorted(rows, key=lambda row: (row.ref_area, row.source, row.year)):
        submissions.setdefault(row.submission_id, []).append(row)
    told = tag("ul", [_short(name, _remarks(held), edition, words) for name, held in submissions.items()])
    count = tag("small", words.count(len(submissions), "{number} submission", "{number} submissions"))
    return tag("details", tag("summary", words.say("Where does this come from?"), " ", count), told, class_="provenance")


def submissions(rows: Sequence[Figure], edition: Edition, words: Words) -> Markup:
    """Tell all that anyone may know of the submissions that the figures of a page come from."""
    names = dict.fromkeys(row.submission_id for row in sorted(rows, key=lambda row: (row.ref_area, row.source, row.year)))
    told = [edition.memo.of(("all", name, words.language), partial(_submission, name, edition, words)) for name in names]
    return tag("div", told, class_="origins")


def _remarks(rows: list[Figure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.remark for row in rows if row.obs_comment and row.remark))[:2]


def _short(name: str, remarks: tuple[str, ...], edition: Edition, words: Words) -> Markup:
    return edition.memo.of(("short", name, remarks, words.language), lambda: _line(name, remarks, edition, words))


def _line(name: str, remarks: tuple[str, ...], edition: Edition, words: Words) -> Markup:
    submission = edition.submissions[name]
    received = words.date(submission.received_at) if submission.received_at else words.say("date not recorded")
    said = [english(edition.sources[submission.source].publisher), " · ", _covered(submission, words), " · "]
    told = [[" · ", english(remark)] for remark in remarks]
    return tag("li", tag("a", name, href=f"#s-{name}"), " · ", said, words.say("received: {day}", day=received), told)


def _covered(submission: Submission, words: Words) -> str:
    return f"{words.date(submission.period_start)} – {words.date(submission.period_end)}"


def _submission(name: str, edition: Edition, words: Words) -> Markup:
    submission = edition.submissions[name]
    source = edition.sources[submission.source]
    received = words.date(submission.received_at) if submission.received_at else words.say("date not recorded")
    facts: list[tuple[str, Content]] = [
        (words.say("Publisher"), english(source.publisher)),
        (words.say("Page"), outward(source.url) if source.url else None),
        (words.say("Received"), received),
        (words.say("Period"), _covered(submission, words)),
        (words.label(edition, "CL_REVISION", "PENDING"), periods_waiting(submission.source, edition, words)),
        (words.say("Standing"), words.label(edition, "CL_SUBMISSION_STATUS", submission.status)),
        (words.say("Calendar of the file"), words.label(edition, "CL_CALENDAR", submission.calendar)),
        (words.say("Language of the file"), words.list(words.language_name(code) for code in submission.languages)),
        (words.say("Legal definition"), _noted(submission.legal_definition or source.legal_definition, words)),
        (words.say("Coverage"), _noted(submission.coverage or source.coverage, words)),
        (words.say("Note"), english(source.note) if source.note else None),
        (words.say("Licence"), english(source.licence) if source.licence else None),
    ]
    listed = [tag("div", tag("dt", title), tag("dd", fact)) for title, fact in facts if fact]
    mark = invented_mark(words) if submission.invented else None
    summary = tag("summary", tag("bdi", name), " · ", english(source.title), " ", mark)
    return tag("details", summary, tag("dl", listed), id=f"s-{name}")


def _origin(row: Figure, edition: Edition, words: Words) -> Markup:
    said = tag("span", tag("b", number(row, edition, words)), spoken(row, edition, words), " ", unit(row, edition, words))
    ask = tag("span", words.say("Where does this come from?"), class_="ask")
    listed = [tag("div", tag("dt", name), tag("dd", fact)) for name, fact in _facts(row, edition, words) if fact]
    return tag("details", tag("summary", tag("span", words.period(row), class_="when"), said, " ", ask), tag("dl", listed))


def _facts(row: Figure, edition: Edition, words: Words) -> list[tuple[str, Content]]:
    source, submission = edition.sources[row.source], edition.submissions[row.submission_id]
    page = row.page or source.url
    return [
        (words.say("Source"), english(source.title)),
        (words.say("Publisher"), english(source.publisher)),
        (words.say("Page"), outward(page) if page else None),
        (words.say("Submission"), tag("bdi", submission.submission_id)),
        (words.say("Received"), words.date(submission.received_at) if submission.received_at else words.say("date not recorded")),
        (words.say("Standing"), words.label(edition, "CL_SUBMISSION_STATUS", submission.status)),
        (words.say("Period"), f"{words.period(row)}: {words.days(row)}"),
        (words.say("Calendar of the file"), words.label(edition, "CL_CALENDAR", submission.calendar)),
        (words.say("Language of the file"), words.list(words.language_name(code) for code in submission.languages)),
        (words.say("How it came about"), words.label(edition, "CL_ORIGIN", row.origin)),
        (words.say("As the source writes it"), tag("bdi", row.value_raw) if row.value_raw else None),
        (words.say("Status"), status(row, edition, words)),
        (words.say("Remark"), english(row.remark) if row.remark else None),
        (words.say("Legal definition"), _noted(submission.legal_definition or source.legal_definition, words)),
        (words.say("Coverage"), _noted(submission.coverage or source.coverage, words)),
        (words.say("Licence"), english(source.licence) if source.licence else None),
    ]


def _noted(text: str | None, words: Words) -> Content:
    return english(text) if text else words.say("none noted")
