"""`{entries}`: the records of a kind as a list: organization or title, the other, dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_portfolio.domain import reference
from sphinx_portfolio.model import KINDS, RecordError
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.views import span
from sphinx_portfolio.views.elements import when
from sphinx_portfolio.views.view import Context, nothing

if TYPE_CHECKING:
    from sphinx_portfolio.model import Portfolio, Record


def draw(context: Context) -> list[nodes.Node]:
    """Draw a list of the records of `:kind:`, newest first."""
    kind = context.options.get("kind", "")
    if kind not in KINDS:
        near = suggest(kind, KINDS) or f": use one of {', '.join(KINDS)}"
        message = f"unknown kind {kind!r}{near}"
        raise RecordError(message)
    found = context.portfolio.of(KINDS[kind].record)
    if not found:
        return nothing(context.portfolio.translator.gettext("No {kind} yet.", kind=kind))
    items = (_item(record, context.portfolio, context.docname) for record in found)
    return [nodes.bullet_list("", *items, classes=["portfolio-entries"])]


def _item(record: Record, portfolio: Portfolio, docname: str) -> nodes.list_item:
    """Return the span and the name, which is that of the organization, with facts below it."""
    name = nodes.paragraph("", "", reference(record, docname), classes=["portfolio-entry-name"])
    translator = portfolio.translator
    other = record.title if record.title != record.name else record.where
    is_known = not other or other == record.when(translator)
    facts: list[nodes.Node] = [] if is_known else [nodes.Text(other)]
    if dates := when(record, translator):
        dated = nodes.inline("", "", *dates, classes=["portfolio-date"])
        stop = nodes.inline("", ", ", classes=["portfolio-stop"])
        facts += [stop, dated] if facts else [dated]
    return nodes.list_item(
        "", *span.draw([record], portfolio), name, nodes.paragraph("", "", *facts)
    )
