"""The README of a data package: what it holds, how it is read and cited, where it comes from and how far it compares."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.exports.job import Job
from dashboard.exports.notes import citation
from dashboard.words import Words


def readme(job: Job) -> str:
    """Write the README as Markdown, in the language of the filters; texts of sources stay in theirs."""
    words = Words(job.filters.language)
    return "\n".join([*_about(job), *_caveats(words), *_sources(job, words), *_reading(words), *_citing(job, words)]) + "\n"


def _about(job: Job) -> Iterator[str]:
    (_, title), *others = job.notes.pairs
    yield f"# {title}\n"
    for heading, text in others:
        yield f"- **{heading}**: {text}"


def _caveats(words: Words) -> Iterator[str]:
    yield f"\n## {words.say('Before two figures are compared')}\n"
    for text in (
        words.say("The number of detected victims does not measure trafficking: law and police work change it too."),
        words.say("Cases, persons, victims, migrants and offences are different units and are never added."),
        words.say("Presumed, identified and intercepted victims are three things."),
        words.say("Periods follow the calendar of the sender: period_start and period_end give their days."),
        words.say("Totals of several countries are not given: definitions and coverage differ."),
        words.say("Status B marks a break in a series, D a definition that differs, W and K figures with or within another."),
    ):
        yield f"- {text}"


def _sources(job: Job, words: Words) -> Iterator[str]:
    yield f"\n## {words.say('Sources')}\n"
    for name in job.facts.sources:
        source = job.published.sources[name]
        yield f"### {source.publisher}: {source.title}\n"
        facts = (
            (words.say("Code"), f"`{name}`"), (words.say("Page"), source.url), (words.say("Licence"), source.licence),
            (words.say("Legal definition"), source.legal_definition), (words.say("Coverage"), source.coverage),
            (words.say("Remark"), source.note),
        )  # fmt: skip
        for heading, text in facts:
            if text:
                yield f"- {heading}: {text}"
        for note in sorted({note for row in job.rows.fetch(_NOTES, {"source": name}) for note in row if note}):
            if note not in (source.coverage, source.legal_definition):
                yield f"- {words.say('Submission')}: {note}"
        yield ""


def _reading(words: Words) -> Iterator[str]:
    yield f"## {words.say('How to read it')}\n"
    yield words.say("Texts stand as they are; open a CSV file in a spreadsheet as text. Each code list is a table of its own.")
    yield "\n```python\nimport pandas\n"
    yield "figures = pandas.read_csv('data/observation.csv', keep_default_na=False, na_values=[''])\n```"
    yield "\n```r\nfigures <- readr::read_csv('data/observation.csv', na = '')\n```\n"


def _citing(job: Job, words: Words) -> Iterator[str]:
    made = citation(job.published, job.filters, job.options)
    yield f"## {words.say('How to cite')}\n"
    yield f"{made.text()}\n\n```bibtex\n{made.bibtex()}\n```"


_NOTES = "SELECT DISTINCT legal_definition_note, coverage_note FROM e.submission WHERE source = $source"
