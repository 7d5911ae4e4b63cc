"""What the typeset CV says, as plain data for its template: what is held, and what is left out.

The template knows no record: it draws entries of one shape, in the order in
which they stand here. A field that isn't named here isn't in the PDF.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from sphinx_portfolio.exports import outline
from sphinx_portfolio.model import KINDS, Run, Talk, plain
from sphinx_portfolio.model.axis import Axis, Span
from sphinx_portfolio.model.kinds import talk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sphinx_portfolio.model import (
        Detail,
        Highlight,
        Person,
        Portfolio,
        Profile,
        Record,
        RichText,
    )

Data: TypeAlias = dict[str, Any]
# What stands on the line of a name; more becomes a paragraph.
ASIDE = 90  # characters
SILENT = {"url", "shape", "mark"}


@dataclass(frozen=True, slots=True)
class Entry:
    """What the template draws as one, and what messages call it.

    `parts` are texts that are another record's, each after that one's name.
    """

    name: str
    data: Data
    parts: tuple[tuple[str, str], ...] = ()

    @property
    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield all that it says, each text after the name of the record that says it."""
        yield from self.parts
        yield from ((self.name, text) for text in strings(self.data))


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the entries under it."""

    title: str
    entries: tuple[Entry, ...]

    @property
    def data(self) -> Data:
        """What the template draws."""
        entries = [entry.data for entry in self.entries]
        return {
            "title": self.title,
            "entries": entries,
            "lines": sum(entry["lines"] for entry in entries),
        }


def sections(portfolio: Portfolio) -> tuple[Section, ...]:
    """Return all that the CV says under its head."""
    return tuple(
        Section(title, tuple(_entries(portfolio, records)))
        for title, records in outline.sections(portfolio)
    )


def contact(person: Person) -> list[list[Data]]:
    """Return two lines: where the person is, and the addresses that lead there."""
    dialled = re.sub(r"[^+0-9]", "", person.phone)
    places = [
        _fact(person.street),
        _fact(person.location),
        _fact(person.phone, dialled and f"tel:{dialled}"),
        _fact(_shown(person.url), person.url),
    ]
    addresses = [
        _fact(person.email, person.email and f"mailto:{person.email}"),
        *map(_profile, person.profiles),
    ]
    return list(filter(None, map(_said, (places, addresses))))


def _profile(profile: Profile) -> Data:
    """Return an address, which in most cases says itself whose network it is in."""
    shown = _shown(profile.url)
    told = profile.network.casefold() in shown.casefold()
    return _fact(shown if told else f"{profile.network}: {shown}", profile.url)


def _entries(portfolio: Portfolio, records: Sequence[Record]) -> Iterator[Entry]:
    kind = KINDS[records[0].kind]
    if kind.shape == "group":
        for group, skills in portfolio.skills_by_group.items():
            named = tuple(
                Run(f"{', ' if index else ''}{outline.folded(skill.title)}")
                for index, skill in enumerate(skills)
            )
            parts = tuple((_name(skill), outline.folded(skill.title)) for skill in skills)
            yield replace(_measured(skills[0], _in_line(group, [], named)), parts=parts)
        return
    axis = Axis.of_records(portfolio.records)
    for record in records:
        data = SHAPES[kind.shape](record, portfolio)
        # An entry in a line has no room for a mark beside it.
        mark = None if kind.shape == "run-in" else _mark(record, axis)
        yield _measured(record, data | {"mark": mark})


def _measured(record: Record, data: Data) -> Entry:
    return Entry(_name(record), data | {"lines": _lines(data)})


def _name(record: Record) -> str:
    return f"{record.place}: {record.kind} {record.id!r}"


def _mark(record: Record, axis: Axis | None) -> Data | None:
    """Return when it may have been and when it surely was, as parts of the axis' length."""
    if axis is None or record.period is None:
        return None
    span = Span.of(record.period, axis)
    return {
        "may": [span.start / axis.months, span.end / axis.months],
        "sure": [month / axis.months for month in span.sure] if span.sure else None,
        "month": span.is_month,
        "look": "talk" if isinstance(record, Talk) else "now" if span.goes_on else "over",
        "arrow": span.goes_on,
    }


def _headed(record: Record, portfolio: Portfolio) -> Data:
    """Name and what it is, when and where, its links and the recordings of talks about it."""
    has_title = record.title != record.name
    short = len(plain(record.summary)) <= ASIDE and not has_title
    aside = (Run(record.title),) if has_title else record.summary if short else ()
    cited = [portfolio.by_id.get(id) for id in record.cites]
    videos = [each.video for each in cited if isinstance(each, Talk) and each.video]
    facts = [
        *_date(record),
        _fact(getattr(record, "location", "")),
        *(_fact(label, url) for label, url in outline.links(record)),
        *(_fact("talk", video) for video in ([] if has_title else videos)),
    ]
    return {
        "shape": "headed",
        "name": _runs((Run(record.name, target=getattr(record, "url", "")),)),
        "aside": _runs(aside),
        "facts": _said(facts),
    } | _body(record, () if short else record.summary)


def _talk(record: Record, portfolio: Portfolio) -> Data:
    """Title, event, who else spoke, when and where, and the links."""
    assert isinstance(record, Talk)  # noqa: S101 (the one kind of this shape)
    credits = "".join(run.text for run in talk.credits(record, portfolio))
    facts = [
        *_date(record),
        _fact(record.venue),
        # The event's own name leads to its page.
        *(
            _fact(link.label, link.address)
            for link in talk.KIND.links_of(record)
            if link.address != record.url
        ),
    ]
    return {
        "shape": "talk",
        "name": _runs((Run(record.title),)),
        "event": _said([_fact(record.event, record.url), _fact(credits)]),
        "facts": _said(facts),
    }


def _run_in(record: Record, portfolio: Portfolio) -> Data:
    """Title, when, and where in the line of the paragraph."""
    facts = outline.line(record, portfolio)
    date = _date(record) if facts.pop("dates", ()) else []
    where: list[Run] = []
    for fact in facts.values():
        where += [Run(", "), *fact] if where else fact
    if where and record.summary:
        where.append(Run(": "))
    return _in_line(record.title, date, (*where, *record.summary)) | _body(record)


SHAPES = {"headed": _headed, "talk": _talk, "run-in": _run_in}


def _in_line(term: str, date: list[Data], text: RichText) -> Data:
    """Return a line that begins with a term, such as a group of skills."""
    return {"shape": "run-in", "term": outline.folded(term), "facts": date, "text": _runs(text)}


def _body(record: Record, summary: RichText = ()) -> Data:
    """Return what stands under the head: paragraph, bullets, details."""
    highlights = record.highlights
    # Where all bullets have bullets, they are headings: as long as the entry itself is one.
    headed = KINDS[record.kind].shape == "headed"
    grouped = headed and bool(highlights) and all(each.highlights for each in highlights)
    return {
        "summary": _runs(summary),
        "grouped": grouped,
        "highlights": _highlights(highlights),
        "details": [_detail(each) for each in record.details],
    }


def strings(data: object) -> Iterator[str]:
    """Yield all that is said, piece by piece: no addresses."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            if key not in SILENT:
                yield from strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from strings(value)


def _lines(data: object) -> int:
    """Guess how many lines it takes, to tell what can stay together on a page."""
    if isinstance(data, dict):
        return sum(_lines(value) for key, value in data.items() if key not in SILENT)
    if isinstance(data, list) and not all("url" in each for each in data):
        return sum(map(_lines, data))
    said = "".join(strings(data))
    return 1 + len(said) // 80 if said else 0


def _highlights(highlights: Iterable[Highlight]) -> list[Data]:
    return [
        {"text": _runs(each.text), "highlights": _highlights(each.highlights)}
        for each in highlights
    ]


def _detail(detail: Detail) -> Data:
    return {"term": outline.folded(plain(detail.term)), "text": _runs(detail.text)}


def _date(record: Record) -> list[Data]:
    return [_fact(record.period.text, whole=True)] if record.period else []


def _fact(text: str, url: str = "", *, whole: bool = False) -> Data:
    """Return a fact; one that is whole never breaks over a line."""
    return {"text": outline.folded(text), "url": outline.uri(url), "whole": whole}


def _said(facts: Iterable[Data]) -> list[Data]:
    return [fact for fact in facts if fact["text"]]


def _runs(text: RichText) -> list[Data]:
    """Return runs of text; a target that is a record's id leads nowhere on paper."""
    runs = [
        {
            "text": outline.SPACE.sub(" ", run.text),
            "strong": run.strong,
            "emphasis": run.emphasis,
            "code": run.code,
            "url": outline.uri(run.target) if ":" in run.target else "",
            # Else a line may end with the slash.
            "whole": bool(re.fullmatch(r"/\S{1,30}", run.text)),
        }
        for run in text
    ]
    return [run for run in runs if run["text"]]


def _shown(url: str) -> str:
    """Return an address as it is said: `github.com/ada`."""
    return re.sub(r"^[a-z]+://(www\.)?", "", url).rstrip("/")
