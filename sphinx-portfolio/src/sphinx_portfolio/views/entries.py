"""`{entries}`: the records of a kind as a list: title, where, when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.dates import RecordError
from sphinx_portfolio.domain import KINDS, reference
from sphinx_portfolio.model.records import Position, Service
from sphinx_portfolio.views.view import Context, nothing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx_portfolio.model.records import Portfolio, Record


def draw(context: Context) -> list[nodes.Node]:
    """Draw a list of the records of `:kind:`, newest first."""
    portfolio = context.portfolio
    kind = context.options.get("kind", "")
    if kind not in KINDS:
        near = suggest(kind, KINDS) or f": write one of {', '.join(KINDS)}"
        message = f"no kind {kind!r}{near}"
        raise RecordError(message)
    found = [record for record in portfolio.records if record.kind == kind]
    if not found:
        return nothing(f"No {kind} yet.")
    return [nodes.bullet_list("", *(_item(each, context.docname) for each in found), classes=["portfolio-entries"])]


def _item(record: Record, docname: str) -> nodes.list_item:
    title = nodes.paragraph("", "", reference(record, docname, record.title))
    told = [record.organization] if isinstance(record, Position) else []
    if isinstance(record, Service) and record.events:
        told += record.events
    elif record.period:
        told.append(record.period.text)
    return nodes.list_item("", title, nodes.paragraph("", ", ".join(told), classes=["portfolio-date"]))
