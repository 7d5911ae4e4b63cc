"""Identifiers of the person and of records for other programs: UUIDs of version 5 (RFC 9562).

They depend on the name of the person and the id of the record alone: programs that follow the site
know an entry again when its text, its page or the address of the site changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, UUID, uuid5

if TYPE_CHECKING:
    from sphinx_portfolio.model import Person, Record

NAMESPACE = uuid5(NAMESPACE_URL, "https://pypi.org/project/sphinx-portfolio/")


def of_person(person: Person) -> UUID:
    """Return the identifier of a person."""
    return uuid5(NAMESPACE, person.name)


def of_record(record: Record, person: Person) -> UUID:
    """Return the identifier of a record of a person."""
    return uuid5(of_person(person), record.id)
