"""The feed of new entries: Atom (RFC 4287).

Which kinds are in it, and with what words, is declared in `model.kinds`. `updated`, which is
required, is the first moment of the day on which an entry took place or, if it has an end that the
changelog shows, ended; of a partial date it is the first day. Title and text have the date as the
source has it. What is still to come is left out: no reader shows an entry of the future rightly.

Identifiers don't depend on addresses. Where the address of the site is not known, links are
relative to that of the feed (RFC 3986, section 5.1.3), and it has no link to itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sphinx_portfolio.exports import identifiers, outline
from sphinx_portfolio.exports.outline import entry_of, folded, label, uri
from sphinx_portfolio.model import KINDS, Run, plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sphinx_portfolio.model import Highlight, Portfolio, Record, RichText

ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
NAME = "feed.xml"


def entries(portfolio: Portfolio) -> list[tuple[date, Record]]:
    """Return the records in the feed with their days, newest first."""
    found = [
        (_day(record, portfolio), record)
        for record in portfolio.records
        if KINDS[record.kind].feed and record.start and not portfolio.is_upcoming(record)
    ]
    return sorted(found, key=lambda each: each[0], reverse=True)


def feed(portfolio: Portfolio) -> bytes:
    """Return the feed (UTF-8)."""
    found = entries(portfolio)
    person, site = portfolio.person, uri(portfolio.person.url)
    tree = ET.TreeBuilder()
    language = portfolio.translator.language.replace("_", "-")
    tree.start("feed", {"xmlns": ATOM, "xml:lang": language})
    _element(tree, "title", folded(person.name))
    if subtitle := folded(label(portfolio)):
        _element(tree, "subtitle", subtitle)
    _element(tree, "id", identifiers.of_person(person).urn)
    _element(tree, "updated", _moment(found[0][0]))
    if site:
        address = f"{site.rstrip('/')}/{NAME}"
        _element(tree, "link", rel="self", type="application/atom+xml", href=address)
    _element(tree, "link", rel="alternate", type="text/html", href=site or "./")
    tree.start("author", {})
    _element(tree, "name", folded(person.name))
    if site:
        _element(tree, "uri", site)
    tree.end("author")
    tree.data("\n")
    for day, record in found:
        _entry(tree, day, record, portfolio)
    tree.end("feed")
    text: bytes = ET.tostring(tree.close(), encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _day(record: Record, portfolio: Portfolio) -> date:
    assert record.start  # noqa: S101 (`entries` chooses)
    ended = KINDS[record.kind].verbs.end and portfolio.is_over(record) and record.end
    return (ended or record.start).first


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _entry(tree: ET.TreeBuilder, day: date, record: Record, portfolio: Portfolio) -> None:
    gettext, kind = portfolio.translator.gettext, KINDS[record.kind]
    parts, site = entry_of(record, portfolio), portfolio.person.url
    tree.start("entry", {})
    tree.data("\n")
    dates = record.when(portfolio.translator)
    _element(tree, "title", folded(gettext(kind.feed, title=record.title, dates=dates)))
    _element(tree, "id", identifiers.of_record(record, portfolio.person).urn)
    _element(tree, "updated", _moment(day))
    page = outline.address(record, portfolio) if site else outline.place(record)
    _element(tree, "link", rel="alternate", type="text/html", href=uri(page))
    for name, address in parts.links:
        _element(tree, "link", rel="related", title=name, href=address)
    _element(tree, "category", term=kind.name, label=gettext(kind.name))
    tree.start("content", {"type": "xhtml"})
    tree.start("div", {"xmlns": XHTML})
    groups = outline.facts_of(record, portfolio).values()
    facts = [run for group in groups for run in (Run(", "), *group)][1:]
    for text in (tuple(facts), parts.summary):
        _text(tree, "p", text)
    _bullets(tree, parts.highlights, parts.evidence)
    for detail in parts.details:
        _text(tree, "p", outline.detail_text(detail))
    links = [(Run(name, target=address),) for name, address in parts.links]
    _bullets(tree, (), links)
    tree.end("div")
    tree.end("content")
    tree.data("\n")
    tree.end("entry")
    tree.data("\n")


def _element(tree: ET.TreeBuilder, name: str, text: str = "", **attributes: str) -> None:
    """Write an element with text or attributes, and a line end."""
    tree.start(name, attributes)
    tree.data(text)
    tree.end(name)
    tree.data("\n")


def _bullets(
    tree: ET.TreeBuilder, highlights: Iterable[Highlight], evidence: Iterable[RichText]
) -> None:
    """Write a list; the items of evidence follow the other bullets."""
    highlights, evidence = tuple(highlights), tuple(evidence)
    if not (highlights or evidence):
        return
    tree.start("ul", {})
    for each in highlights:
        tree.start("li", {})
        _runs(tree, each.text)
        _bullets(tree, each.highlights, each.evidence)
        tree.end("li")
    for item in evidence:
        _text(tree, "li", item)
    tree.end("ul")


def _text(tree: ET.TreeBuilder, name: str, text: RichText) -> None:
    """Write an element with a text; none without text."""
    if plain(text).strip():
        tree.start(name, {})
        _runs(tree, text)
        tree.end(name)


def _runs(tree: ET.TreeBuilder, text: RichText) -> None:
    for run in text:
        looks = {"a": run.target, "strong": run.strong, "em": run.emphasis, "code": run.code}
        names = [name for name, wanted in looks.items() if wanted]
        for name in names:
            tree.start(name, {"href": run.target} if name == "a" else {})
        tree.data(run.text)
        for name in reversed(names):
            tree.end(name)
