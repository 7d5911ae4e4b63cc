"""What all CV formats share: the sections, their order, and the parts of each entry."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from sphinx_portfolio.model import KINDS, Job, RecordError, Run, plain
from sphinx_portfolio.model.markdown import SPACE
from sphinx_portfolio.model.messages import capitalized
from sphinx_portfolio.model.validators import showable, strings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_portfolio.model import (
        Detail,
        Highlight,
        Person,
        Portfolio,
        Profile,
        Record,
        RichText,
        Translator,
    )

# Characters allowed in an address (RFC 3986, section 2); others are percent-encoded.
IN_ADDRESS = "%-._~:/?@!$&'()*+,;="


class ExportError(ValueError):
    """A format can't hold something; `message` says what to do, `place` is `file:line`."""

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.message = message
        self.place = place


class MissingGlyphError(ExportError):
    """No font of the PDFs has a character."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The parts of a record in a CV, in order; all link targets are addresses.

    `facts` are where and when, `links` are labels and addresses.
    """

    title: RichText
    facts: tuple[RichText, ...]
    links: tuple[tuple[str, str], ...]
    summary: RichText
    evidence: tuple[RichText, ...]
    highlights: tuple[Highlight, ...]
    details: tuple[Detail, ...]


def error_in(
    record: Record | None, message: str, error: type[ExportError] = ExportError
) -> ExportError:
    """Return an error in a record, or in the person if it is None."""
    if record is None:
        return error(f"the person: {message}", "conf.py")
    return error(f"{record.kind} {record.id!r}: {message}", record.place)


def check_showable(portfolio: Portfolio) -> None:
    """Raise ExportError if a text has characters that can't be shown."""
    for record in (None, *portfolio.records):
        try:
            for text in strings(record or portfolio.person):
                showable(text)
        except RecordError as error:
            raise error_in(record, str(error)) from error


def sections(portfolio: Portfolio) -> Iterator[tuple[str, tuple[Record, ...]]]:
    """Yield the title and the records of each section that has records."""
    for kind in KINDS.values():
        if records := portfolio.of(kind.record):
            yield portfolio.translator.gettext(kind.section), records


def label(portfolio: Portfolio) -> str:
    """Return the person's label; by default the title of the current job that began last."""
    job = current_job(portfolio)
    return portfolio.person.label or (job.title if job else "")


def current_job(portfolio: Portfolio) -> Job | None:
    """Return the current job that began last; None if there is none."""
    current = [
        (job.period.start, job)
        for job in portfolio.of(Job)
        if job.period and not (portfolio.is_upcoming(job) or portfolio.is_over(job))
    ]
    return max(current, key=lambda each: each[0], default=(None, None))[1]


def for_audience(portfolio: Portfolio, name: str) -> Portfolio:
    """Return the portfolio without the records that are marked for other audiences only."""
    records = (each for each in portfolio.records if not each.audience or name in each.audience)
    return replace(portfolio, records=tuple(records))


def entry_of(record: Record, portfolio: Portfolio) -> Entry:
    """Return the parts of a record."""
    text = partial(resolved, portfolio=portfolio)
    links = KINDS[record.kind].links_of(record)
    gettext = portfolio.translator.gettext
    return Entry(
        title=record.rich_title,
        facts=tuple(line(record, portfolio).values()),
        links=tuple((capitalized(gettext(link.label)), uri(link.address)) for link in links),
        summary=text(record.summary),
        evidence=tuple(map(text, record.evidence)),
        highlights=tuple(each.mapped(text) for each in record.highlights),
        details=tuple(each.mapped(text) for each in record.details),
    )


def line(record: Record, portfolio: Portfolio) -> dict[str, RichText]:
    """Return the groups of facts that a CV shows, by the name of the first fact in each."""
    return facts_of(record, replace(portfolio, translator=_plain(portfolio.translator)))


def facts_of(record: Record, portfolio: Portfolio) -> dict[str, RichText]:
    """Return the same groups with dates as pages have them."""
    kind = KINDS[record.kind]
    facts = {fact.name: fact for fact in kind.facts}
    found: dict[str, RichText] = {}
    for names in kind.line:
        group: list[Run] = []
        for run in (run for name in names for run in facts[name].of(record, portfolio)):
            if text := folded(run.text):
                # In a group, only the first fact is a link.
                target = "" if group else uri(run.target)
                group += [Run(", ")] if group else []
                group.append(replace(run, text=text, target=target))
        if group:
            found[names[0]] = tuple(group)
    return found


def dates(record: Record, portfolio: Portfolio) -> str:
    """Return the dates of a record in a CV; empty if unknown."""
    return record.dates(_plain(portfolio.translator))


def _plain(translator: Translator) -> Translator:
    """Return a translator whose dates the software that reads CVs understands."""
    return replace(translator, plain_dates=True)


def contact(person: Person) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return where the person is, and the person's addresses, each as a text and an address."""
    dialed = re.sub(r"[^+0-9]", "", person.phone)
    places = [
        (folded(person.street), ""),
        (folded(person.location), ""),
        (folded(person.phone), dialed and f"tel:{dialed}"),
        (_shown(person.url), uri(person.url)),
    ]
    addresses = [
        (person.email, uri(person.email and f"mailto:{person.email}")),
        *((_named(profile), uri(profile.url)) for profile in person.profiles),
    ]
    return [each for each in places if each[0]], [each for each in addresses if each[0]]


def _named(profile: Profile) -> str:
    """Return the address of a profile, after the network's name unless it contains that."""
    shown, network = _shown(profile.url), folded(profile.network)
    return shown if network.casefold() in shown.casefold() else f"{network}: {shown}"


def _shown(url: str) -> str:
    """Return an address for readers, such as `github.com/ada`."""
    return re.sub(r"^[a-z]+://(www\.)?", "", url).rstrip("/")


def is_grouped(record: Record) -> bool:
    """Return whether the bullets of a record are headings: if each has bullets below it."""
    is_headed = KINDS[record.kind].shape == "headed"
    return is_headed and bool(record.highlights) and all(it.highlights for it in record.highlights)


def detail_text(detail: Detail) -> RichText:
    """Return a detail as one line: the term in strong type, a colon, and the text."""
    if not plain(detail.term).strip():
        return detail.text
    term = (replace(run, strong=True) for run in detail.term)
    return (*term, Run(":", strong=True), Run(" "), *detail.text)


def bullets(
    highlights: Iterable[Highlight], evidence: Iterable[RichText], indent: str = ""
) -> Iterator[tuple[str, RichText]]:
    """Yield all bullets with their indentation: highlights, and the items of evidence."""
    for each in highlights:
        yield indent, each.text
        below = f"{indent}  " if plain(each.text).strip() else indent
        yield from bullets(each.highlights, each.evidence, below)
    for item in evidence:
        yield indent, item


def resolved(text: RichText, portfolio: Portfolio) -> RichText:
    """Replace ids of records in link targets by addresses; an unknown id is no link."""
    return tuple(replace(run, target=_target(run.target, portfolio)) for run in text)


def _target(target: str, portfolio: Portfolio) -> str:
    if record := portfolio.by_id.get(target):
        return uri(address(record, portfolio))
    return uri(target) if ":" in target else ""


def address(record: Record, portfolio: Portfolio) -> str:
    """Return the address of a record on the site; without a site, its first own address."""
    if site := portfolio.person.url:
        return f"{site.rstrip('/')}/{place(record)}"
    links = KINDS[record.kind].links_of(record)
    return next((link.address for link in links), getattr(record, "url", ""))


def place(record: Record) -> str:
    """Return the address of a record relative to that of the site."""
    page = re.sub(r"(?<![^/])index\.html$", "", f"{record.docname}.html")
    return f"{page}#{record.id}"


def uri(address: str) -> str:
    """Return an address in ASCII (RFC 3986); invalid characters are percent-encoded."""
    match = re.fullmatch(r"([a-zA-Z][a-zA-Z0-9+.-]*:)?(//[^/?#]*)?([^#]*)(.*)", address, re.DOTALL)
    if match is None:
        return ""
    scheme, host, path, fragment = (part or "" for part in match.groups())
    with suppress(UnicodeError):  # an invalid host is percent-encoded
        host = host if host.isascii() else f"//{host[2:].encode('idna').decode()}"
    end = quote(fragment[1:].replace("#", "%23"), safe=IN_ADDRESS)
    encoded = f"{scheme}{quote(host, safe=IN_ADDRESS + '[]')}{quote(path, safe=IN_ADDRESS)}"
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", encoded + (end and f"#{end}"))


def folded(text: str) -> str:
    """Replace white space by single spaces, and remove it at both ends."""
    return SPACE.sub(" ", text).strip(" ")
