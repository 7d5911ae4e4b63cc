"""What the typeset CV says, as plain data for its template: what is held, and what is left out.

The template knows no record: it draws entries of one shape, in the order in
which they stand here. A field that isn't named here isn't in the PDF.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from sphinx_portfolio.exports import outline, pdf_marks
from sphinx_portfolio.model.records import Award, Position, Project, Record, Service, Skill, Talk
from sphinx_portfolio.model.richtext import Run, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sphinx_portfolio.model.records import Person, Portfolio, Profile
    from sphinx_portfolio.model.richtext import Detail, Highlight, RichText

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
    if isinstance(records[0], Skill):
        for group, skills in portfolio.skills_by_group.items():
            named = tuple(
                Run(f"{', ' if index else ''}{outline.folded(skill.title)}")
                for index, skill in enumerate(skills)
            )
            parts = tuple((_name(skill), outline.folded(skill.title)) for skill in skills)
            yield replace(_measured(skills[0], _run_in(group, [], named)), parts=parts)
        return
    axis = pdf_marks.axis(portfolio)
    for record in records:
        mark = pdf_marks.mark(record, axis)
        yield _measured(record, _entry(portfolio, record) | {"mark": mark})


def _measured(record: Record, data: Data) -> Entry:
    return Entry(_name(record), data | {"lines": _lines(data)})


def _name(record: Record) -> str:
    return f"{record.place}: {record.kind} {record.id!r}"


def _entry(portfolio: Portfolio, record: Record) -> Data:
    match record:
        case Position():
            return _position(record)
        case Project():
            return _project(portfolio, record)
        case Talk():
            return _talk(portfolio, record)
        case Award():
            return _run_in(record.title, _date(record), record.summary) | _body(record)
        case Service():
            return _service(record)
        case _:  # pragma: no cover
            message = f"{record.place}: the PDF knows no {record.kind}"
            raise outline.ExportError(message)


def _position(record: Position) -> Data:
    """Employer or institution, what one is there, when and where."""
    data = _headed(record.organization, record.url, (Run(record.title),))
    facts = [*_date(record), _fact(record.location)]
    return data | {"facts": _said(facts)} | _body(record, record.summary)


def _project(portfolio: Portfolio, record: Project) -> Data:
    """Name and what it is, when, its code and the recordings of talks about it."""
    aside = len(plain(record.summary)) <= ASIDE
    data = _headed(record.title, "", record.summary if aside else ())
    cited = [portfolio.by_id.get(id) for id in record.cites]
    videos = [each.video for each in cited if isinstance(each, Talk) and each.video]
    facts = [
        *_date(record),
        _fact("code" if record.code else "", record.code),
        *(_fact("talk", video) for video in videos),
    ]
    return data | {"facts": _said(facts)} | _body(record, () if aside else record.summary)


def _talk(portfolio: Portfolio, record: Talk) -> Data:
    """Title, event, who else spoke, when and where, and what was recorded."""
    facts = [
        *_date(record),
        _fact(record.venue),
        # The event's own name leads to its page.
        *(_fact(label, url) for label, url in record.links if label != "event"),
    ]
    return {
        "shape": "talk",
        "name": _runs((Run(record.title),)),
        "event": _said([_fact(record.event, record.url), _fact(outline.others(record, portfolio))]),
        "facts": _said(facts),
    }


def _service(record: Service) -> Data:
    """Say what was done, for whom, and at which events."""
    said = [*filter(None, [record.organization]), *record.events]
    text = (Run(", ".join(said), emphasis=True),) if said else ()
    if record.summary:
        text = (*text, Run(": " if text else ""), *record.summary)
    # Events tell their years themselves.
    date = [] if record.events else _date(record)
    return _run_in(record.title, date, text) | _body(record)


def _headed(name: str, url: str, aside: RichText) -> Data:
    return {"shape": "headed", "name": _runs((Run(name, target=url),)), "aside": _runs(aside)}


def _run_in(term: str, date: list[Data], text: RichText) -> Data:
    """Return a line of which the term is the head, such as a group of skills."""
    return {"shape": "run-in", "term": outline.folded(term), "facts": date, "text": _runs(text)}


def _body(record: Record, summary: RichText = ()) -> Data:
    """Return what stands under the head: paragraph, bullets, details."""
    highlights = record.highlights
    # Where all bullets have bullets, they are headings: as long as the entry itself is one.
    headed = isinstance(record, Position | Project)
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
