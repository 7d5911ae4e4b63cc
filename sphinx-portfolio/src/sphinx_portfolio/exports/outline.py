"""What all CVs have in common: sections, their order, and the parts of each entry."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from sphinx_portfolio.model import KINDS, Detail, Highlight, Job, RichText, Run, Talk, plain
from sphinx_portfolio.model.validators import strings, unshowable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_portfolio.model import Portfolio, Record

# White space at which a line may end; not hard spaces.
SPACE = re.compile(r"[^\S\u00a0\u2007\u202f]+")
# Characters allowed in an address (RFC 3986, section 2); others are percent-encoded.
IN_ADDRESS = "%-._~:/?@!$&'()*+,;="


class ExportError(ValueError):
    """Names a record that a format can't hold, and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The parts of a record in a CV, in their order; every target is an address.

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
    """Yield the sections that have records, each with its title."""
    for name, kind in KINDS.items():
        if records := portfolio.of_kind(name):
            yield kind.section, records


def label(portfolio: Portfolio) -> str:
    """Return the person's label; by default the title of the newest job that has begun."""
    if portfolio.person.label:
        return portfolio.person.label
    begun = (job for job in portfolio.of(Job) if not portfolio.is_upcoming(job))
    return next((job.title for job in begun), "")


def for_audience(portfolio: Portfolio, name: str) -> Portfolio:
    """Leave out records that are marked for other readers only."""
    records = (each for each in portfolio.records if not each.audience or name in each.audience)
    return replace(portfolio, records=tuple(records))


def selected(portfolio: Portfolio) -> Portfolio:
    """Leave out records without the mark `selected`."""
    return replace(portfolio, records=tuple(each for each in portfolio.records if each.selected))


def entry(record: Record, portfolio: Portfolio) -> Entry:
    """Return the parts of a record."""
    text = partial(resolved, portfolio=portfolio)
    return Entry(
        title=folded(record.title),
        facts=tuple(line(record, portfolio).values()),
        links=tuple((label.capitalize(), uri(address)) for label, address in links(record)),
        summary=text(summary(record)),
        evidence=text(record.evidence),
        highlights=tuple(each.mapped(text) for each in record.highlights),
        details=tuple(each.mapped(text) for each in record.details),
    )


def line(record: Record, portfolio: Portfolio) -> dict[str, RichText]:
    """Return where, when and with whom: groups of facts by the name of the first in the group."""
    kind = KINDS[record.kind]
    facts = {fact.name: fact for fact in kind.facts}
    found: dict[str, RichText] = {}
    for names in kind.line:
        group: list[Run] = []
        for name in names:
            for run in facts[name].of(record, portfolio):
                text = folded(run.text)
                if not text:
                    continue
                # In a group, only the first fact is a link.
                target = "" if group else uri(run.target)
                group.append(replace(run, text=f", {text}" if group else text, target=target))
        if group:
            found[names[0]] = tuple(group)
    return found


def detail_text(detail: Detail) -> RichText:
    """Return a detail in a line: the term, strong, and its text."""
    if not plain(detail.term).strip():
        return detail.text
    term = (replace(run, strong=True) for run in detail.term)
    return (*term, Run(":", strong=True), Run(" "), *detail.text)


def summary(record: Record) -> RichText:
    """Return the paragraph of a record; of a talk it is the abstract."""
    return (Run(record.abstract),) if isinstance(record, Talk) else record.summary


def links(record: Record) -> Iterator[tuple[str, str]]:
    """Yield the labels and addresses of a record's links."""
    for link in KINDS[record.kind].links_of(record):
        yield link.label, link.address


def proofs(evidence: RichText) -> Iterator[RichText]:
    """Yield the links of evidence one by one; the runs of one link stay together."""
    found: list[RichText] = []
    for run in evidence:
        if not run.target:  # what joins citations
            continue
        last = found[-1][-1] if found else Run("")
        # Neighbors that look alike would be one run, if they were of one link.
        if run.target == last.target and replace(run, text=last.text) != last:
            found[-1] = (*found[-1], run)
        else:
            found.append((run,))
    yield from found


def resolved(text: RichText, portfolio: Portfolio) -> RichText:
    """Turn the targets of a text into addresses, or nothing if there is none."""
    return tuple(replace(run, target=_target(run.target, portfolio)) for run in text)


def address(record: Record, portfolio: Portfolio) -> str:
    """Return the address of a record on the site; if that is unknown, an address of its own."""
    if site := portfolio.person.url:
        page = re.sub(r"(?<![^/])index\.html$", "", f"{record.docname}.html")
        return f"{site.rstrip('/')}/{page}#{record.id}"
    own: str = getattr(record, "url", "") if KINDS[record.kind].shape == "headed" else ""
    return own or next((address for _, address in links(record)), "")


def uri(address: str) -> str:
    """Write an address in ASCII (RFC 3986), without characters that end it."""
    match = re.fullmatch(r"([a-zA-Z][a-zA-Z0-9+.-]*:)?(//[^/?#]*)?([^#]*)(.*)", address, re.DOTALL)
    if match is None:
        return ""
    scheme, host, path, fragment = (part or "" for part in match.groups())
    with suppress(UnicodeError):  # an invalid host is percent-encoded
        host = host if host.isascii() else f"//{host[2:].encode('idna').decode()}"
    ends = quote(fragment[1:].replace("#", "%23"), safe=IN_ADDRESS)
    written = f"{scheme}{quote(host, safe=IN_ADDRESS + '[]')}{quote(path, safe=IN_ADDRESS)}"
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", written + (ends and f"#{ends}"))


def folded(text: str) -> str:
    """Make each white space one space, and remove it at the ends."""
    return SPACE.sub(" ", text).strip(" ")


def refuse_unshowable(portfolio: Portfolio) -> None:
    """Raise ExportError if a text has characters that can't be shown."""
    for place, name, said in (
        ("conf.py", "the person", portfolio.person),
        *((each.place, f"{each.kind} {each.id!r}", each) for each in portfolio.records),
    ):
        for text in strings(said):
            if character := unshowable(text):
                message = (
                    f"{place}: {name}: the character U+{ord(character):04X} in {text[:80]!r} "
                    "can't be shown: remove it"
                )
                raise ExportError(message)


def _target(target: str, portfolio: Portfolio) -> str:
    if record := portfolio.by_id.get(target):
        return uri(address(record, portfolio))
    return uri(target) if ":" in target else ""
