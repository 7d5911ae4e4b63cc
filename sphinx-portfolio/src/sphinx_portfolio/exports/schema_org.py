"""Linked data (JSON-LD, https://json-ld.org) of what a page shows, for search engines.

How a kind of record maps to schema.org is declared in `model.kinds`. Dates are as exact as they
are known. Nodes have addresses only if that of the site is known: relative ones would be those of
the computer on which the site is built.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinx_portfolio.exports.outline import folded, uri
from sphinx_portfolio.model import KINDS, Date, Run, plain
from sphinx_portfolio.model.consistency import occurs
from sphinx_portfolio.model.kinds.creative_work import is_name_of
from sphinx_portfolio.model.kinds.position import Position
from sphinx_portfolio.model.linked_data import Thing
from sphinx_portfolio.model.validators import straight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sphinx_portfolio.model import Portfolio, Record
    from sphinx_portfolio.model.linked_data import Node

CONTEXT = "https://schema.org"


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows: its text, and the addresses that it links to.

    `trail` are the titles and addresses of the pages above it and of itself; `address` is empty if
    that of the site is unknown, and so is what `address_of` returns of a record.
    """

    title: str
    address: str
    home: str
    text: str
    links: frozenset[str]
    records: tuple[Record, ...]
    trail: tuple[tuple[str, str], ...]
    address_of: Callable[[Record], str]
    picture: str = ""
    is_home: bool = False

    def shows(self, words: str) -> bool:
        """Return whether words are in the text."""
        return bool(words) and occurs((straight(folded(words)),), (straight(folded(self.text)),))


def script(nodes: Sequence[Node]) -> str:
    """Return nodes as JSON-LD that can be in an element of HTML or XHTML; empty without nodes."""
    whole = {"@context": CONTEXT, "@graph": nodes}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("&", "\\u0026") if nodes else ""


def graph(page: Page, portfolio: Portfolio) -> list[Node]:
    """Return the nodes of a page: of the person, of its records, and of the way to it."""
    person = _person(page, portfolio)
    found = []
    if page.is_home:
        about = {"@type": "ProfilePage", "@id": page.address, "url": page.address}
        language = portfolio.translator.language.replace("_", "-")
        found.append(_filled({**about, "name": page.title, "inLanguage": language}))
        found[0]["mainEntity"] = person
    elif person.keys() - {"@type", "@id", "name", "url"}:
        found.append(person)
    for record in page.records:
        for node in _values(KINDS[record.kind].thing, record, portfolio, page):
            address = page.address_of(record)
            found.append(_filled({"@type": "", "@id": address, "url": address} | node))
    if page.address and len(page.trail) > 1:
        steps = [
            {
                "@type": "ListItem",
                "position": number,
                "name": title,
                "item": {"@type": "WebPage", "@id": address},
            }
            for number, (title, address) in enumerate(page.trail, 1)
        ]
        found.append({"@type": "BreadcrumbList", "itemListElement": steps})
    return found


def _person(page: Page, portfolio: Portfolio) -> Node:
    """Return the person with what the page shows: of its records, on home of all others."""
    person = portfolio.person
    node = _people({"@type": "Person", "name": folded(person.name)}, page, portfolio)
    if page.home:
        node["url"] = page.home
    if page.is_home:
        node |= {
            "jobTitle": person.label if page.shows(person.label) else "",
            "description": person.summary if page.shows(person.summary) else "",
            "image": page.picture,
            "email": person.email if f"mailto:{person.email}" in page.links else "",
            "address": person.location if page.shows(person.location) else "",
            "sameAs": [uri(it.url) for it in person.profiles if it.url in page.links],
        }
    for record in portfolio.records if page.is_home else page.records:
        for name, source in KINDS[record.kind].of_person.items():
            values: Iterable[Any] = _values(source, record, portfolio, page)
            if record not in page.records:
                values = _brief(name, values, record, portfolio, page)
            node.setdefault(name, []).extend(values)
    return _filled(node)


def _brief(
    name: str, values: Iterable[Any], record: Record, portfolio: Portfolio, page: Page
) -> Iterator[Any]:
    """Yield the names of things that a page shows without the record.

    Roles lose their titles and dates, so that a role that is over is left out: it would be one of
    today. Who studied somewhere stays an alumnus. A role at an event is always left out: without
    its title, the person would be a performer of the event.
    """
    if name == "performerIn":
        return
    is_current = not (portfolio.is_upcoming(record) or portfolio.is_over(record))
    for value in values:
        if isinstance(value, str):
            if page.shows(record.title):
                yield record.title
            continue
        is_role = value["@type"].endswith("Role")
        thing = value[name] if is_role else value
        names = [thing.get("name", "")]
        if isinstance(record, Position) and thing["@type"].endswith("Organization"):
            names.append(record.short)
        shown = next(filter(page.shows, names), "")
        if shown and (is_current or not is_role or name == "alumniOf"):
            yield {"@type": thing["@type"], "name": shown}


def _values(source: object, record: Record, portfolio: Portfolio, page: Page) -> list[Any]:
    """Return the values of a source: nodes or texts."""
    value = getattr(record, source) if isinstance(source, str) else source
    if callable(value):
        value = value(record, portfolio)
    parts = value if isinstance(value, tuple) and not _is_text(value) else (value,)
    found = [_value(part, record, portfolio, page) for part in parts]
    return [each for each in found if each]


def _value(value: Any, record: Record, portfolio: Portfolio, page: Page) -> Any:
    match value:
        case Thing():
            node = {
                name: _values(source, record, portfolio, page)
                for name, source in value.properties.items()
            }
            filled = _filled(node)
            return {"@type": value.type, **filled} if filled else None
        case dict():
            return _people(value, page, portfolio)
        case Date():
            return str(value)
        case [Run(), *_]:
            return folded(plain(value))
        case str():
            return uri(value) if re.match("https?://", value) else folded(value)
    return None


def _people(node: Node, page: Page, portfolio: Portfolio) -> Node:
    """Return a node; that of the person of the portfolio with its address."""
    is_person = node["@type"] == "Person" and is_name_of(node["name"], portfolio.person.name)
    return (
        {"@type": "Person", "@id": f"{page.home}#person"} | node
        if is_person and page.home
        else node
    )


def _is_text(value: tuple[Any, ...]) -> bool:
    return bool(value) and isinstance(value[0], Run)


def _filled(node: Mapping[str, Any]) -> Node:
    """Return a node without empty properties; a list of one is its item."""
    found: Node = {}
    for name, value in node.items():
        if isinstance(value, list):
            values = [each for number, each in enumerate(value) if each not in value[:number]]
            if values:
                found[name] = values[0] if len(values) == 1 else values
        elif value:
            found[name] = value
    return found
