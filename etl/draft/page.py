"""A draft in, one page of HTML out that stands by itself: what was seen of each column, and never what few rows share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from etl.draft.choices import MAPPED, MEASURE, Choice
from etl.draft.draft import Draft
from etl.draft.outside import FILE, file_name
from etl.draft.proofs_told import calendar_told, order_told
from etl.draft.tell import tell
from etl.draft.values import Profile
from etl.identifying import identifying_value

STYLE = """
body{font:16px/1.5 system-ui,"Noto Sans","Noto Sans Arabic","Noto Sans Ethiopic",sans-serif;margin:2rem auto;max-width:75rem;
padding:0 1rem;color:#1c2733;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{border:1px solid #b7c1cc;padding:.35rem .5rem;text-align:start;vertical-align:top}
th{background:#eef2f6}tr.personal td{background:#fdf1e3}tr.unsure td{background:#fdfae3}
.wide{overflow-x:auto}bdi{unicode-bidi:isolate}
@media print{body{margin:0;max-width:none}}
"""
COLUMNS = (
    *("column", "state", "field", "reasons", "kind", "filled", "distinct"),
    *("missing", "range", "forms", "scripts", "common", "personal"),
)
DAYS, WORDS = ("column", "order", "calendar", "note"), ("column", "words", "undecided")


def page(draft: Draft, language: str) -> str:
    """Write the page; in Arabic it runs from right to left."""
    title = tell(language, "page_title", file=file_name(draft.sight.path) or FILE)
    direction = "rtl" if language == "ar" else "ltr"
    body = "".join(
        (
            f"<h1>{escape(title)}</h1>",
            f"<p>{escape(tell(language, 'page_safe', least=draft.least))}</p>",
            _section(tell(language, "page_form"), _table((), _form(draft, language))),
            _section(tell(language, "page_columns"), _columns(draft, language)),
            _section(tell(language, "page_days"), _table(_heads(DAYS, language), _days(draft, language))),
            _section(tell(language, "page_words"), _table(_heads(WORDS, language), _words(draft, language))),
        )
    )
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _section(title: str, content: str) -> str:
    return f"<h2>{escape(title)}</h2>\n<div class=wide>{content}</div>\n" if content else ""


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    told = ["".join(f"<td>{_cell(cell)}</td>" for cell in row) for row in rows]
    if not told:
        return ""
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in heads)
    body = "".join(f"<tr>{row}</tr>" for row in told)
    return f"<table>{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>"


def _heads(names: Iterable[str], language: str) -> list[str]:
    return [tell(language, f"head_{name}") for name in names]


def _form(draft: Draft, language: str) -> Iterator[tuple[str, str]]:
    sight, about = draft.sight, draft.about
    yield tell(language, "head_rows"), str(sight.seen.rows)
    table = about.table
    yield tell(language, "head_table"), f"{table.value} ({tell(language, table.why, told=table.told, table=table.value)})"
    yield tell(language, "head_domain"), f"{about.domain.value} ({tell(language, about.domain.why)})"
    yield tell(language, "head_period"), f"{about.period.value} ({tell(language, about.period.why, told=about.period.told)})"
    yield tell(language, "head_languages"), ", ".join(about.languages)
    yield tell(language, "head_file"), sight.form.format
    if sight.encoding is not None:
        told = tell(language, sight.encoding.why, name=sight.encoding.name, other=sight.encoding.other)
        yield tell(language, "head_encoding"), told
    yield tell(language, "head_header_rows"), ", ".join(map(str, sight.layout.header_rows))
    yield tell(language, "head_titles"), str(len(sight.layout.titles))
    yield tell(language, "head_footers"), str(sight.layout.footers)
    yield tell(language, "head_totals"), str(sum(total.rows for total in sight.totals))
    yield tell(language, "head_repeated"), str(sight.seen.repeated)
    yield tell(language, "head_uneven"), str(sight.seen.uneven)
    if sight.layout.years:
        yield tell(language, "head_years"), str(len(sight.layout.years))
    if len(sight.sheets) > 1:
        yield tell(language, "head_sheets"), str(len(sight.sheets))


def _columns(draft: Draft, language: str) -> str:
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in _heads(COLUMNS, language))
    rows = []
    for choice in draft.choices:
        cells = "".join(f"<td>{_cell(cell)}</td>" for cell in _column(draft, choice, language))
        rows.append(f'<tr class="{choice.state}">{cells}</tr>')
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _column(draft: Draft, choice: Choice, language: str) -> list[str]:
    """Give the cells of one column; of one that is a person's only that it is."""
    profile, personal = draft.sight.profiles[choice.place], draft.sight.personal[choice.place]
    field = choice.field or ", ".join(f"{name} {value}" for name, value in (choice.dims or {}).items())
    if choice.state not in (MAPPED, MEASURE):
        field = ", ".join(f"{one.target} {one.score:.2f}" for one in choice.candidates[:3])
    reasons = "; ".join(choice.reasons or (choice.candidates[0].reasons if choice.candidates else ()))
    start = [_shown(choice.header), tell(language, f"state_{choice.state}"), field, _shown(reasons)]
    if personal.kind is not None:
        return [*start, "", str(profile.filled), "", "", "", "", "", "", personal.kind]
    return [*start, *_seen(profile, personal.hidden), ", ".join(f"{kind}: {rows}" for kind, rows in personal.cells.items())]


def _seen(profile: Profile, hidden: frozenset[str]) -> list[str]:
    span = f"{profile.low} – {profile.high}" if profile.low is not None else ""
    common = [f"{_shown(value)} ({rows})" for value, rows in profile.common if value not in hidden]
    if profile.rare:
        common.append(f"+{profile.rare}")
    return [
        profile.kind,
        f"{profile.filled}/{profile.rows}",
        f"{profile.distinct}{'+' if profile.more else ''}",
        ", ".join(f"{sign} ({rows})" for sign, rows in profile.missing.items()),
        span,
        ", ".join(f"{form} ({rows})" for form, rows in profile.forms),
        ", ".join(f"{script} {share:.0%}" for script, share in profile.scripts),
        ", ".join(common),
    ]


def _days(draft: Draft, language: str) -> Iterator[tuple[str, str, str, str]]:
    for choice in draft.choices:
        proof = draft.sight.proofs.get(choice.header)
        if proof is not None and draft.sight.personal[choice.place].kind is None:
            values = draft.sight.seen.columns[choice.place].values
            notes = " ".join(tell(language, f"note_{note}") for note in proof.notes)
            order = order_told(proof, values, draft.least, language)
            yield choice.header, order, calendar_told(proof, values, draft.least, draft.today, language), notes


def _words(draft: Draft, language: str) -> Iterator[tuple[str, str, str]]:
    for choice in draft.choices:
        words = draft.words.get(choice.place)
        if words is None or not words.filled or not (words.sure or words.unsure or words.hidden or words.house):
            continue
        unsure = [f"{_shown(word.raw)} ({word.rows}): {' | '.join(f'{one.target} {one.score:.2f}' for one in word.candidates)}"
                  for word in words.unsure]  # fmt: skip
        hidden = draft.sight.personal[choice.place].hidden
        told = [word for word in (*words.sure, *words.house) if word.rows >= draft.least and word.raw not in hidden]
        sure = [f"{_shown(word.raw)} → {word.code} {word.score:.2f} {word.reason} ({word.rows})" for word in told]
        if words.hidden:
            unsure.append(tell(language, "words_hidden", words=words.hidden))
        yield choice.header, f"{words.read}/{words.filled}; " + "; ".join(sure), "; ".join(unsure)


def _shown(text: str) -> str:
    return text if identifying_value(text) is None else "…"
