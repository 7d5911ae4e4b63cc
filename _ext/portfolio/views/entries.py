"""`{entries}`: the records of a kind as a list: title, where, when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from portfolio.checks import suggest
from portfolio.dates import RecordError
from portfolio.domain import KINDS, reference
from portfolio.records import Position, Service
from portfolio.views.view import nothing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portfolio.records import Portfolio, Record


def draw(portfolio: Portfolio, docname: str, options: Mapping[str, str]) -> list[nodes.Node]:
    """Draw a list of the records of `:kind:`, newest first."""
    kind = options.get("kind", "")
    if kind not in KINDS:
        near = suggest(kind, KINDS) or f": write one of {', '.join(KINDS)}"
        message = f"no kind {kind!r}{near}"
        raise RecordError(message)
    found = [record for record in portfolio.records if record.kind == kind]
    if not found:
        return nothing(f"No {kind} yet.")
    return [nodes.bullet_list("", *(_item(each, docname) for each in found), classes=["entries"])]


def _item(record: Record, docname: str) -> nodes.list_item:
    title = nodes.paragraph("", "", reference(record, docname, record.title))
    told = [record.organization] if isinstance(record, Position) else []
    if isinstance(record, Service) and record.events:
        told += record.events
    elif record.period:
        told.append(record.period.text)
    return nodes.list_item("", title, nodes.paragraph("", ", ".join(told), classes=["date"]))
