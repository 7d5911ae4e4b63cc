"""JSON Resume (https://jsonresume.org/schema), a format that other programs read.

How a kind of record maps to it is declared in `model.kinds`. What the schema has no
field for is in fields whose names begin with `x_`, which it allows, or left out;
docs/exports.md lists it. Nested bullets follow their parent as bullets of their own,
since the schema has flat lists only.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sphinx_portfolio.exports import outline
from sphinx_portfolio.exports.outline import error_in, folded, uri
from sphinx_portfolio.model import KINDS, Date, Detail, Highlight, Run, plain
from sphinx_portfolio.model.richtext import flatten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_portfolio.model import Portfolio, Profile, Record, RichText
    from sphinx_portfolio.model.kind import JsonSource

VERSION = "1.3.1"
SCHEMA = f"https://unpkg.com/@jsonresume/schema@{VERSION}/schema.json"
# In the schema's order.
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
    site = portfolio.person.url
    sections: dict[str, list[Node]] = {name: [] for name in SECTIONS}
    for kind in KINDS.values():
        sections[kind.json_section] += (
            _skills(portfolio)
            if kind.shape == "skills"
            else [_entry(record, portfolio) for record in portfolio.of(kind.record)]
        )
    whole = {
        "$schema": SCHEMA,
        "basics": _basics(portfolio),
        **sections,
        "meta": {
            "canonical": f"{site.rstrip('/')}/resume.json" if site else "",
            "version": f"v{VERSION}",
            "x_generator": "sphinx-portfolio",  # by which the importer recognizes the file
        },
    }
    return (json.dumps(_filled(whole), ensure_ascii=False, indent=2) + "\n").encode()


def _basics(portfolio: Portfolio) -> Node:
    person = portfolio.person
    has_image = person.picture and person.url  # an absolute address
    # One field for the whole address: which part is a city or a country is unknown.
    address = filter(None, (folded(person.street), folded(person.location)))
    return {
        "name": folded(person.name),
        "label": folded(outline.label(portfolio)),
        "image": uri(f"{person.url.rstrip('/')}/{person.picture}") if has_image else "",
        "email": person.email,
        "phone": person.phone,
        "url": uri(person.url),
        "summary": folded(person.summary),
        "location": {"address": "\n".join(address)},
        "profiles": [_profile(profile) for profile in person.profiles],
    }


def _profile(profile: Profile) -> Node:
    url = uri(profile.url)
    parts = urlsplit(url)
    match = ACCOUNT.fullmatch(parts.path) if not (parts.query or parts.fragment) else None
    username = match[1] if match else ""
    return {"network": folded(profile.network), "username": username, "url": url}


def _skills(portfolio: Portfolio) -> Iterator[Node]:
    """Yield groups of skills of one level with their keywords, and skills without a group."""
    for group, skills in portfolio.skills_by_group.items():
        for level in dict.fromkeys(skill.level for skill in skills):
            leveled = [skill for skill in skills if skill.level == level]
            aliases = [
                {"name": folded(skill.title), "aliases": folded(", ".join(skill.aliases))}
                for skill in leveled
                if skill.aliases
            ]
            titles = [folded(skill.title) for skill in leveled]
            node = {"level": folded(level)}
            if folded(group):
                yield {"name": folded(group), **node, "keywords": titles, "x_aliases": aliases}
            else:
                for title in titles:
                    own = [each for each in aliases if each["name"] == title]
                    yield {"name": title, **node, "x_aliases": own}


def _entry(record: Record, portfolio: Portfolio) -> Node:
    """Return a record with the keys that its kind declares, and its id."""
    declared = {
        key: _value(key, source, record, portfolio)
        for key, source in KINDS[record.kind].json.items()
    }
    return {**declared, "x_id": record.id}


def _value(key: str, source: JsonSource, record: Record, portfolio: Portfolio) -> str | list[str]:
    parts = source if isinstance(source, tuple | list) else [source]
    texts = [text for part in parts for text in _texts(key, part, record, portfolio)]
    return texts if isinstance(source, list) else "\n".join(filter(None, texts))


def _texts(key: str, part: JsonSource, record: Record, portfolio: Portfolio) -> Iterator[str]:
    """Yield the texts of an attribute of the record, or of what a function returns."""
    value: Any = part(record, portfolio) if callable(part) else getattr(record, str(part))
    match value:
        case str():
            is_address = key == "url" or key.removeprefix("x_") in KINDS[record.kind].links
            yield uri(value) if is_address else folded(value)
        case Date():
            yield _date(record, value)
        case [Run(), *_]:
            yield _text(value)
        case [Highlight(), *_]:
            yield from (_text(each.text) for each in flatten(value))
        case [Detail(), *_]:
            yield from (f"{_text(each.term)}: {_text(each.text)}" for each in value)
        case [*values]:
            yield from map(folded, values)


def _date(record: Record, date: Date) -> str:
    if date.year not in YEARS:
        message = (
            f"invalid date {date} in JSON Resume: use a year from {YEARS.start} to {YEARS.stop - 1}"
        )
        raise error_in(record, message)
    return str(date)


def _text(text: RichText) -> str:
    return folded(plain(text))


def _filled(node: Any) -> Any:
    """Leave out empty values at all levels."""
    if isinstance(node, dict):
        kept = {key: _filled(value) for key, value in node.items()}
        return {key: value for key, value in kept.items() if value}
    if isinstance(node, list):
        return [kept for kept in map(_filled, node) if kept]
    return node
