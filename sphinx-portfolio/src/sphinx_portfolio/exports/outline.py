"""What all CVs have in common: sections and their order, and what is said of each entry."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from sphinx_portfolio.model.records import Award, Degree, Job, Position, Project, Record, Service, Skill, Talk
from sphinx_portfolio.model.richtext import Detail, Highlight, RichText, Run, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_portfolio.model.records import Portfolio

SECTIONS: tuple[tuple[str, type[Record]], ...] = (
    ("Experience", Job),
    ("Talks", Talk),
    ("Projects", Project),
    ("Skills", Skill),
    ("Awards", Award),
    ("Volunteering", Service),
    ("Education", Degree),
)
# White space at which a line may end: hard spaces stay.
SPACE = re.compile(r"[^\S\u00a0\u2007\u202f]+")
# Controls that are no white space, halves of characters, and what is none.
UNSHOWABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# All that an address may hold (RFC 3986, section 2): the rest is written as `%20`.
IN_ADDRESS = "%-._~:/?@!$&'()*+,;="


class ExportError(ValueError):
    """Says which record a format can't hold, and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a CV says of a record, in this order; every target in it is an address.

    `facts` are where and when, `links` are labels and addresses.
    """

    title: str
    facts: tuple[RichText, ...]
    links: tuple[tuple[str, str], ...]
    summary: RichText
    evidence: RichText
    highlights: tuple[Highlight, ...]
    details: tuple[Detail, ...]


def sections(portfolio: Portfolio) -> Iterator[tuple[str, tuple[Record, ...]]]:
    """Yield the sections that have records, each with its title; none is empty."""
    for title, kind in SECTIONS:
        if records := portfolio.of(kind):
            yield title, records


def label(portfolio: Portfolio) -> str:
    """Return what the person is: what conf.py says, else the newest job's title, once begun."""
    if portfolio.person.label:
        return portfolio.person.label
    begun = (job for job in portfolio.of(Job) if not portfolio.is_upcoming(job))
    return next((job.title for job in begun), "")


def for_audience(portfolio: Portfolio, name: str) -> Portfolio:
    """Leave out what is marked for other readers alone."""
    records = (each for each in portfolio.records if not each.audience or name in each.audience)
    return replace(portfolio, records=tuple(records))


def selected(portfolio: Portfolio) -> Portfolio:
    """Leave out what carries no mark `selected`."""
    return replace(portfolio, records=tuple(each for each in portfolio.records if each.selected))


def entry(record: Record, portfolio: Portfolio) -> Entry:
    """Return what a CV says of a record."""
    text = partial(resolved, portfolio=portfolio)
    return Entry(
        title=folded(record.title),
        facts=tuple(fact for fact in _facts(record, portfolio) if plain(fact)),
        links=tuple((label, uri(address)) for label, address in links(record) if address),
        summary=text(summary(record)),
        evidence=text(record.evidence),
        highlights=tuple(each.mapped(text) for each in record.highlights),
        details=tuple(each.mapped(text) for each in record.details),
    )


def detail_text(detail: Detail) -> RichText:
    """Return a detail as it reads in a line: the term, strong, and what it says."""
    if not plain(detail.term).strip():
        return detail.text
    term = (replace(run, strong=True) for run in detail.term)
    return (*term, Run(":", strong=True), Run(" "), *detail.text)


def summary(record: Record) -> RichText:
    """Return what a record says in a paragraph: a talk its abstract."""
    return (Run(record.abstract),) if isinstance(record, Talk) else record.summary


def links(record: Record) -> Iterator[tuple[str, str]]:
    """Yield the addresses of a talk and a project, some empty, each with a label."""
    if isinstance(record, Talk):
        yield "Recording", record.video
        yield "Slides", record.slides
        yield "Event", record.url
        yield "Paper", record.paper
    if isinstance(record, Talk | Project):
        yield "Code", record.code


def others(talk: Talk, portfolio: Portfolio) -> str:
    """Return with whom a talk was given; where the person is not named, who gave it."""
    names = tuple(name for name in talk.speakers if name != portfolio.person.name)
    if not names:
        return ""
    *most, last = names
    listed = f"{', '.join(most)} and {last}" if most else last
    return f"with {listed}" if len(names) < len(talk.speakers) else f"by {listed}"


def proofs(evidence: RichText) -> Iterator[RichText]:
    """Yield the links of evidence one by one: a link whose words differ in look is still one."""
    found: list[RichText] = []
    for run in evidence:
        if not run.target:  # what joins citations
            continue
        last = found[-1][-1] if found else Run("")
        # Neighbours that look alike would be one run, if they were of one link.
        if run.target == last.target and replace(run, text=last.text) != last:
            found[-1] = (*found[-1], run)
        else:
            found.append((run,))
    yield from found


def resolved(text: RichText, portfolio: Portfolio) -> RichText:
    """Turn the targets of a text into addresses, or nothing where there is none."""
    return tuple(replace(run, target=_target(run.target, portfolio)) for run in text)


def address(record: Record, portfolio: Portfolio) -> str:
    """Return where a record stands on the site; where that is unknown, an address of its own."""
    if site := portfolio.person.url:
        page = re.sub(r"(?<![^/])index\.html$", "", f"{record.docname}.html")
        return f"{site.rstrip('/')}/{page}#{record.id}"
    if isinstance(record, Position):
        return record.url
    return next((address for _, address in links(record) if address), "")


def uri(address: str) -> str:
    """Write an address in ASCII (RFC 3986), with nothing in it that ends it."""
    match = re.fullmatch(r"([a-zA-Z][a-zA-Z0-9+.-]*:)?(//[^/?#]*)?([^#]*)(.*)", address, re.DOTALL)
    if match is None:
        return ""
    scheme, host, path, fragment = (part or "" for part in match.groups())
    with suppress(UnicodeError):  # a host that there can't be is written in escapes
        host = host if host.isascii() else f"//{host[2:].encode('idna').decode()}"
    ends = quote(fragment[1:].replace("#", "%23"), safe=IN_ADDRESS)
    written = f"{scheme}{quote(host, safe=IN_ADDRESS + '[]')}{quote(path, safe=IN_ADDRESS)}"
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", written + (ends and f"#{ends}"))


def folded(text: str) -> str:
    """Make each white space one space, and none at the ends."""
    return SPACE.sub(" ", text).strip(" ")


def refuse_unshowable(portfolio: Portfolio) -> None:
    """Raise ExportError where a text holds what is no character to show."""
    for place, name, said in (
        ("conf.py", "the person", portfolio.person),
        *((each.place, f"{each.kind} {each.id!r}", each) for each in portfolio.records),
    ):
        for text in _strings(said):
            if match := UNSHOWABLE.search(text):
                message = (
                    f"{place}: {name}: the character U+{ord(match[0]):04X} in {text[:80]!r} "
                    "can't be shown: take it out"
                )
                raise ExportError(message)


def _facts(record: Record, portfolio: Portfolio) -> Iterator[RichText]:
    """Yield where, when and with whom, in reading order; some are empty."""
    when = record.period.text if record.period else ""
    match record:
        case Talk():
            yield (Run(folded(record.occasion), emphasis=True),)
            yield (Run(folded(record.venue)),)
            yield (Run(folded(others(record, portfolio))),)
            return
        case Position():
            name, place = folded(record.organization), folded(record.location)
            comma = ", " if name and place else ""
            yield Run(name, target=uri(record.url)), Run(comma + place)
        case Service():
            yield (Run(folded(record.organization)),)
            if record.events:
                yield (Run(folded(", ".join(record.events)), emphasis=True),)
                return  # they say when
    yield (Run(when),)
    if isinstance(record, Project):
        yield (Run(folded(record.license)),)


def _target(target: str, portfolio: Portfolio) -> str:
    if record := portfolio.by_id.get(target):
        return uri(address(record, portfolio))
    return uri(target) if ":" in target else ""


def _strings(value: object) -> Iterator[str]:
    """Yield all text in a record, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _strings(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))
