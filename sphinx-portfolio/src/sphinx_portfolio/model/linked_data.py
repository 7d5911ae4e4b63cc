"""How kinds of records map to schema.org (https://schema.org), as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sphinx_portfolio.model.portfolio import Portfolio

Node: TypeAlias = dict[str, Any]
"""A node of JSON-LD."""

# Where a value comes from: an attribute of the record, a function of the record and the portfolio
# that returns text, nodes, things or a tuple of them, or a thing.
Source: TypeAlias = "str | Callable[[Any, Portfolio], object] | Thing"


@dataclass(frozen=True, slots=True)
class Thing:
    """A node: a type of schema.org, and the sources of its properties; empty ones are left out.

    A role is between the person and an organization or event: it has the property again through
    which it is reached (https://schema.org/Role).
    """

    type: str
    properties: Mapping[str, Source]


def people(names: tuple[str, ...]) -> tuple[Node, ...]:
    """Return the nodes of people."""
    return tuple({"@type": "Person", "name": name} for name in names)


def owner(record: object, portfolio: Portfolio) -> tuple[Node, ...]:
    """Return the node of the person of the portfolio."""
    return people((portfolio.person.name,))
