"""`{entries}`: the records of a kind as a list: title, where, when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_portfolio.domain import reference
from sphinx_portfolio.model import KINDS, RecordError
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.views.view import Context, nothing

if TYPE_CHECKING:
    from sphinx_portfolio.model import Record


def draw(context: Context) -> list[nodes.Node]:
    """Draw a list of the records of `:kind:`, newest first."""
    kind = context.options.get("kind", "")
    if kind not in KINDS:
        near = suggest(kind, KINDS) or f": use one of {', '.join(KINDS)}"
        message = f"unknown kind {kind!r}{near}"
        raise RecordError(message)
    found = context.portfolio.of(KINDS[kind].record)
    if not found:
        return nothing(f"No {kind} yet.")
    items = (_item(record, context.docname) for record in found)
    return [nodes.bullet_list("", *items, classes=["portfolio-entries"])]


def _item(record: Record, docname: str) -> nodes.list_item:
    title = nodes.paragraph("", "", reference(record, docname, record.title))
    other = record.name if record.name != record.title else record.where
    words = ", ".join(filter(None, (other, record.when)))
    return nodes.list_item("", title, nodes.paragraph("", words, classes=["portfolio-date"]))
