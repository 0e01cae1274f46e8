"""Where does this come from? The answer for one figure: source, submission, dates, calendar, language, law and coverage."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from dashboard.edition import Edition, Figure
from dashboard.figures import number
from dashboard.markup import Content, english, join, tag
from dashboard.tables import by_country, invented_mark, spoken, unit
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
    """Name the sources of figures, or count those of the whole edition where there are no figures; and the edition."""
    sources = [edition.sources[name] for name in sorted({row.source for row in rows})]
    stated = words.say("Edition {edition}", edition=words.isolated(edition.name))
    if not sources:
        counted = words.count(len(edition.sources), "{number} source of the edition", "{number} sources of the edition")
        return join([words.say("Sources"), ": ", counted, " · ", stated])
    titles = [tag("li", english(f"{source.publisher}: {source.title}")) for source in sources]
    return join([words.say("Sources"), " · ", stated, tag("ul", titles)])


def provenance(rows: Sequence[Figure], edition: Edition, words: Words) -> Markup:
    """Answer for a whole chart: every submission that its figures come from, with dates, calendar, law, coverage and notes."""
    submissions = dict.fromkeys(row.submission_id for row in sorted(rows, key=lambda row: (row.ref_area, row.source, row.year)))
    told = [_submission(name, rows, edition, words) for name in submissions]
    count = tag("small", words.count(len(told), "{number} submission", "{number} submissions"))
    return tag("details", tag("summary", words.say("Where does this come from?"), " ", count), told, class_="provenance")


def _submission(name: str, rows: Sequence[Figure], edition: Edition, words: Words) -> Markup:
    submission = edition.submissions[name]
    source = edition.sources[submission.source]
    held = [row for row in rows if row.submission_id == name]
    remarks = list(dict.fromkeys(row.remark for row in held if row.remark))[:3]
    link = tag("a", source.url, href=source.url, rel="noreferrer noopener external", target="_blank", dir="ltr")
    received = words.date(submission.received_at) if submission.received_at else words.say("date not recorded")
    facts: list[tuple[str, Content]] = [
        (words.say("Publisher"), english(source.publisher)),
        (words.say("Page"), link if source.url else None),
        (words.say("Submission"), tag("bdi", name)),
        (words.say("Received"), received),
        (words.say("Period"), f"{words.date(submission.period_start)} – {words.date(submission.period_end)}"),
        (words.say("Standing"), words.label(edition, "CL_SUBMISSION_STATUS", submission.status)),
        (words.say("Calendar of the file"), words.label(edition, "CL_CALENDAR", submission.calendar)),
        (words.say("Language of the file"), words.list(words.language_name(code) for code in submission.languages)),
        (words.say("How it came about"), words.list({words.label(edition, "CL_ORIGIN", row.origin) for row in held})),
        (words.say("Legal definition"), _noted(submission.legal_definition or source.legal_definition, words)),
        (words.say("Coverage"), _noted(submission.coverage or source.coverage, words)),
        (words.say("Note"), english(source.note) if source.note else None),
        (words.say("Remark"), english("; ".join(remarks)) if remarks else None),
        (words.say("Licence"), english(source.licence) if source.licence else None),
    ]
    listed = [tag("div", tag("dt", title), tag("dd", fact)) for title, fact in facts if fact]
    mark = invented_mark(words) if submission.invented else None
    return tag("div", tag("p", tag("strong", english(source.title)), " ", mark), tag("dl", listed), class_="submission")


def _origin(row: Figure, edition: Edition, words: Words) -> Markup:
    said = tag("span", tag("b", number(row, edition, words)), spoken(row, edition, words), " ", unit(row, edition, words))
    ask = tag("span", words.say("Where does this come from?"), class_="ask")
    listed = [tag("div", tag("dt", name), tag("dd", fact)) for name, fact in _facts(row, edition, words) if fact]
    return tag("details", tag("summary", tag("span", words.period(row), class_="when"), said, " ", ask), tag("dl", listed))


def _facts(row: Figure, edition: Edition, words: Words) -> list[tuple[str, Content]]:
    source, submission = edition.sources[row.source], edition.submissions[row.submission_id]
    page = row.page or source.url
    link = tag("a", page, href=page, rel="noreferrer noopener external", target="_blank", dir="ltr") if page else None
    return [
        (words.say("Source"), english(source.title)),
        (words.say("Publisher"), english(source.publisher)),
        (words.say("Page"), link),
        (words.say("Submission"), tag("bdi", submission.submission_id)),
        (words.say("Received"), words.date(submission.received_at) if submission.received_at else words.say("date not recorded")),
        (words.say("Standing"), words.label(edition, "CL_SUBMISSION_STATUS", submission.status)),
        (words.say("Period"), f"{words.period(row)}: {words.days(row)}"),
        (words.say("Calendar of the file"), words.label(edition, "CL_CALENDAR", submission.calendar)),
        (words.say("Language of the file"), words.list(words.language_name(code) for code in submission.languages)),
        (words.say("How it came about"), words.label(edition, "CL_ORIGIN", row.origin)),
        (words.say("As the source writes it"), tag("bdi", row.value_raw) if row.value_raw else None),
        (words.say("Status"), words.label(edition, "CL_OBS_STATUS", row.obs_status)),
        (words.say("Remark"), english(row.remark) if row.remark else None),
        (words.say("Legal definition"), _noted(submission.legal_definition or source.legal_definition, words)),
        (words.say("Coverage"), _noted(submission.coverage or source.coverage, words)),
        (words.say("Licence"), english(source.licence) if source.licence else None),
    ]


def _noted(text: str | None, words: Words) -> Content:
    return english(text) if text else words.say("none noted")
