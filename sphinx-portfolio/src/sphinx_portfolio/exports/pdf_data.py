"""The content of the typeset CV, as plain data for its template.

The template knows no kinds of records: it draws entries by their shape. A field that is not
named here is not in the PDF.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from sphinx_portfolio.exports import outline
from sphinx_portfolio.exports.outline import folded
from sphinx_portfolio.model import KINDS, CreativeWork, Run, Talk, plain
from sphinx_portfolio.model.axis import Axis, Span
from sphinx_portfolio.model.markdown import SPACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sphinx_portfolio.model import Highlight, Person, Portfolio, Record, RichText

Data: TypeAlias = dict[str, Any]
# A summary of at most so many characters is on the line of the name, a longer one is a paragraph.
ASIDE = 90
# Keys of values that are not shown as text: `id` is that of the entry's record.
WITHOUT_TEXT = {"id", "url", "shape", "mark"}


def sections(portfolio: Portfolio) -> list[Data]:
    """Return titles, entries, and estimated numbers of lines of all sections."""
    found = []
    for title, records in outline.sections(portfolio):
        is_skills = KINDS[records[0].kind].shape == "skills"
        entries = list(_groups(portfolio) if is_skills else _entries(records, portfolio))
        for entry in entries:
            entry["lines"] = _lines(entry)
        lines = sum(entry["lines"] for entry in entries)
        found.append({"title": title, "entries": entries, "lines": lines})
    return found


def contact(person: Person) -> list[list[Data]]:
    """Return two lines of facts: where the person is, and the person's addresses."""
    lines = ([_fact(*each) for each in line] for line in outline.contact(person))
    return [line for line in lines if line]


def strings(data: object) -> Iterator[str]:
    """Yield all texts in data, without addresses."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            if key not in WITHOUT_TEXT:
                yield from strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from strings(value)


# -- Entries ------------------------------------------------------------------


def _groups(portfolio: Portfolio) -> Iterator[Data]:
    for group, skills in portfolio.skills_by_group.items():
        titles = ", ".join(folded(skill.label) for skill in skills)
        yield {"id": skills[0].id} | _in_line(group, [], (Run(titles),))


def _entries(records: Sequence[Record], portfolio: Portfolio) -> Iterator[Data]:
    axis = Axis.of_records(portfolio.records)
    for record in records:
        shape = KINDS[record.kind].shape
        data = {"id": record.id} | SHAPES[shape](record, portfolio)
        # The template has no place for a mark beside a line.
        yield data if shape == "inline" else data | {"mark": mark(record, axis)}


def span(record: Record, axis: Axis | None) -> Span | None:
    """Return the months of a record; None without a date."""
    return Span.of(record.period, axis) if axis and record.period else None


def mark(record: Record, axis: Axis | None) -> Data | None:
    """Return the possible and the sure months of a record, as parts of the axis' length."""
    months = span(record, axis)
    if axis is None or months is None:
        return None
    return {
        "may": [months.start / axis.months, months.end / axis.months],
        "sure": [month / axis.months for month in months.sure] if months.sure else None,
        "month": months.is_month,
        "look": "ink"
        if isinstance(record, CreativeWork)
        else "now"
        if months.is_ongoing
        else "over",
        "arrow": months.is_ongoing,
    }


def _headed(record: Record, portfolio: Portfolio) -> Data:
    """Return name and title, then dates, place, links, and videos of talks about the record."""
    has_title = record.title != record.name
    is_aside = not has_title and len(plain(record.summary)) <= ASIDE
    gettext = portfolio.translator.gettext
    aside = (Run(record.title),) if has_title else record.summary if is_aside else ()
    cited = [] if has_title else [portfolio.by_id.get(id_) for id_ in record.cites]
    facts = [
        *_date(record, portfolio),
        _fact(getattr(record, "location", "")),
        _fact(getattr(record, "type", "")),
        *(_fact(gettext(link.label), link.address) for link in KINDS[record.kind].links_of(record)),
        *(
            _fact(gettext("talk"), each.video)
            for each in cited
            if isinstance(each, Talk) and each.video
        ),
    ]
    return {
        "shape": "headed",
        "name": _runs((Run(record.name, target=getattr(record, "url", "")),)),
        "aside": _runs(aside),
        "facts": _nonempty(facts),
    } | _body(record, () if is_aside else record.summary)


def _work(record: Record, portfolio: Portfolio) -> Data:
    """Return the title, then people and occasion in the order of the kind, date, place, links."""
    assert isinstance(record, CreativeWork)  # noqa: S101 (the only kinds of this shape)
    kind, translator = KINDS[record.kind], portfolio.translator
    line = outline.line(record, portfolio)
    # The link to the page of a talk's event is its name.
    is_event = kind.links["url"] == "event page" and bool(record.where)
    links = [link for link in kind.links_of(record) if link.name != "url" or not is_event]
    where = f"{record.where}{record.aside(translator)}".strip()
    line["occasion"] = (Run(where, target=record.url if is_event else ""),)
    facts = [
        *_date(record, portfolio),
        _fact(plain(line.pop("location", ()))),
        *(_fact(translator.gettext(link.label), link.address) for link in links),
    ]
    return {
        "shape": "work",
        "name": _runs(record.rich_title),
        "line": [_runs(text) for text in line.values() if plain(text).strip()],
        "facts": _nonempty(facts),
    }


def _inline(record: Record, portfolio: Portfolio) -> Data:
    """Return a line of title, place and summary, with the date at its end."""
    facts = outline.line(record, portfolio)
    date = _date(record, portfolio) if facts.pop("dates", ()) else []
    text: list[Run] = []
    for fact in facts.values():
        text += [Run(", "), *fact] if text else fact
    if text and record.summary:
        text.append(Run(": "))
    return _in_line(record.title, date, (*text, *record.summary)) | _body(record, ())


SHAPES = {"headed": _headed, "work": _work, "inline": _inline}


def _in_line(term: str, date: list[Data], text: RichText) -> Data:
    """Return a line that starts with a term, such as a group of skills."""
    return {"shape": "inline", "term": folded(term), "facts": date, "text": _runs(text)}


def _body(record: Record, summary: RichText) -> Data:
    """Return what is below the head of an entry: paragraph, bullets, details."""
    return {
        "summary": _runs(summary),
        "grouped": outline.is_grouped(record),
        "highlights": _highlights(record.highlights),
        "details": [
            {"term": folded(plain(detail.term)), "text": _runs(detail.text)}
            for detail in record.details
        ],
    }


def _highlights(highlights: Iterable[Highlight]) -> list[Data]:
    return [
        {"text": _runs(each.text), "highlights": _highlights(each.highlights)}
        for each in highlights
    ]


def _lines(data: object) -> int:
    """Estimate the number of lines, for what is kept on one page."""
    if isinstance(data, dict):
        return sum(_lines(value) for key, value in data.items() if key not in WITHOUT_TEXT)
    if isinstance(data, list) and not all("url" in each for each in data):
        return sum(map(_lines, data))
    text = "".join(strings(data))
    return 1 + len(text) // 80 if text else 0


# -- Text ---------------------------------------------------------------------


def _date(record: Record, portfolio: Portfolio) -> list[Data]:
    dates = outline.dates(record, portfolio)
    return [_fact(dates, whole=True)] if dates else []


def _fact(text: str, url: str = "", *, whole: bool = False) -> Data:
    """Return a fact; a whole one is on one line."""
    return {"text": folded(text), "url": outline.uri(url), "whole": whole}


def _nonempty(facts: Iterable[Data]) -> list[Data]:
    return [fact for fact in facts if fact["text"]]


def _runs(text: RichText) -> list[Data]:
    """Return runs of text; a target that is a record's id is no link on paper."""
    return [
        {
            "text": SPACE.sub(" ", run.text),
            "strong": run.strong,
            "emphasis": run.emphasis,
            "code": run.code,
            "url": outline.uri(run.target) if ":" in run.target else "",
            # Otherwise a line may break after the slash.
            "whole": bool(re.fullmatch(r"/\S{1,30}", run.text)),
        }
        for run in text
        if run.text
    ]
