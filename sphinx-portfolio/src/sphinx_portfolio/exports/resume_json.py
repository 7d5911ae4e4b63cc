"""JSON Resume (https://jsonresume.org/schema), which other programs read.

How a kind of record maps to it is declared in `model.kinds`. What the schema has no
place for is left out; docs/exports.md lists it. Nested bullets follow their parent as
bullets of their own, since the schema has flat lists only.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sphinx_portfolio.exports import outline
from sphinx_portfolio.exports.outline import ExportError, folded, refuse_unshowable, uri
from sphinx_portfolio.model import KINDS, Date, Detail, Highlight, Run, plain
from sphinx_portfolio.model.kinds.talk import credits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx_portfolio.model import Person, Portfolio, Profile, Record, RichText
    from sphinx_portfolio.model.kind import JsonSource

VERSION = "1.3.1"
SCHEMA = f"https://unpkg.com/@jsonresume/schema@{VERSION}/schema.json"
# The schema's order of the sections.
SECTIONS = (
    *("work", "volunteer", "education", "awards", "certificates", "publications", "skills"),
    *("languages", "projects"),
)
# Years that match the schema's pattern.
YEARS = range(1000, 3000)
# The path of a profile's address if it is the name of an account.
ACCOUNT = re.compile(r"/(?:in/|u/|user/|users/)?@?([^/@]+)/?")

Node = dict[str, Any]


def resume(portfolio: Portfolio) -> bytes:
    """Return the CV as JSON Resume (UTF-8), its keys in the schema's order."""
    refuse_unshowable(portfolio)
    site = portfolio.person.url
    sections: dict[str, list[Node]] = {name: [] for name in SECTIONS}
    for name, kind in KINDS.items():
        if kind.shape == "group":
            sections[kind.json_section] += _skills(portfolio)
        else:
            sections[kind.json_section] += [
                _entry(record, portfolio) for record in portfolio.of_kind(name)
            ]
    whole = {
        "$schema": SCHEMA,
        "basics": _basics(portfolio),
        **sections,
        "meta": {
            "canonical": f"{site.rstrip('/')}/resume.json" if site else "",
            "version": f"v{VERSION}",
        },
    }
    return (json.dumps(_filled(whole), ensure_ascii=False, indent=2) + "\n").encode()


def _basics(portfolio: Portfolio) -> Node:
    person = portfolio.person
    return {
        "name": folded(person.name),
        "label": folded(outline.label(portfolio)),
        "email": person.email,
        "phone": person.phone,
        "url": uri(person.url),
        # The one field for free text: which part is a city or a country is unknown.
        "location": {"address": "\n".join(filter(None, _address(person)))},
        "profiles": [_profile(profile) for profile in person.profiles],
    }


def _address(person: Person) -> tuple[str, str]:
    return folded(person.street), folded(person.location)


def _profile(profile: Profile) -> Node:
    url = uri(profile.url)
    parts = urlsplit(url)
    match = ACCOUNT.fullmatch(parts.path) if not (parts.query or parts.fragment) else None
    return {
        "network": folded(profile.network),
        "username": match[1] if match else "",
        "url": url,
    }


def _skills(portfolio: Portfolio) -> Iterator[Node]:
    """Yield a group of skills with its keywords; skills without a group alone."""
    for group, skills in portfolio.skills_by_group.items():
        titles = [folded(skill.title) for skill in skills]
        if folded(group):
            yield {"name": folded(group), "keywords": titles}
        else:
            yield from ({"name": title} for title in titles)


def _entry(record: Record, portfolio: Portfolio) -> Node:
    """Fill in the mapping of the record's kind."""
    return {
        key: _value(key, source, record, portfolio)
        for key, source in KINDS[record.kind].json.items()
    }


def _value(key: str, source: JsonSource, record: Record, portfolio: Portfolio) -> str | list[str]:
    if isinstance(source, str):
        source = (source,)
    texts = [text for name in source for text in _texts(key, name, record, portfolio)]
    return texts if isinstance(source, list) else "\n".join(filter(None, texts))


def _texts(key: str, name: str, record: Record, portfolio: Portfolio) -> Iterator[str]:
    """Yield the texts of an attribute, or of a value that is derived here."""
    derive = DERIVED.get(name)
    value: object = derive(record, portfolio) if derive else getattr(record, name)
    match value:
        case str():
            yield uri(value) if key == "url" else folded(value)
        case Date():
            yield _date(record, value)
        case [Run(), *_]:
            yield _text(value)  # type: ignore[arg-type]
        case [*values]:
            for each in values:
                yield from _item(each)  # type: ignore[arg-type]


def _item(item: str | Highlight | Detail) -> Iterator[str]:
    match item:
        case Highlight():
            yield _text(item.text)
            for below in item.highlights:
                yield from _item(below)
        case Detail():
            yield f"{_text(item.term)}: {_text(item.text)}"
        case _:
            yield folded(item)


def _skill_titles(record: Record, portfolio: Portfolio) -> Sequence[str]:
    return [portfolio.by_id[id_].title for id_ in record.skills if id_ in portfolio.by_id]


def _first_link(record: Record, portfolio: Portfolio) -> str:
    return next((address for _, address in outline.links(record)), "")


def _credits(record: Any, portfolio: Portfolio) -> str:
    words = folded(plain(credits(record, portfolio)))
    return words[:1].upper() + words[1:]


DERIVED = {"skill_titles": _skill_titles, "first_link": _first_link, "credits": _credits}


def _date(record: Record, date: Date) -> str:
    if date.year not in YEARS:
        message = (
            f"{record.place}: {record.kind} {record.id!r}: JSON Resume has no date {date}: "
            f"the year has to be one of {YEARS.start} to {YEARS.stop - 1}"
        )
        raise ExportError(message)
    return str(date)


def _text(text: RichText) -> str:
    return folded(plain(text))


def _filled(node: Any) -> Any:
    """Leave out what is empty, however deep."""
    if isinstance(node, dict):
        kept = {key: _filled(value) for key, value in node.items()}
        return {key: value for key, value in kept.items() if value}
    if isinstance(node, list):
        return [kept for kept in map(_filled, node) if kept]
    return node
