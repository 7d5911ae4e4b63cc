"""`{timeline}`: what is dated on one axis, as a drawing where that can be, and as a list."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from docutils import nodes

from sphinx_portfolio.domain import reference
from sphinx_portfolio.model import KINDS
from sphinx_portfolio.model.kind import LANES
from sphinx_portfolio.views import timeline_svg
from sphinx_portfolio.views.timeline_svg import Entry, Row
from sphinx_portfolio.views.view import Context, nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sphinx.writers.html5 import HTML5Translator

    from sphinx_portfolio.model import Portfolio, Record
    from sphinx_portfolio.model.kind import Lane


class portfolio_timeline(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """A list of what is dated, by lane; `portfolio` is what HTML draws over it."""

    portfolio: Portfolio

    def copy(self) -> portfolio_timeline:
        """Keep what is to be drawn, which as an attribute would stand in XML."""
        node: portfolio_timeline = super().copy()
        node.portfolio = self.portfolio
        return node


def draw(context: Context) -> list[nodes.Node]:
    """Return the timeline for a page, its references to be resolved later; it has no options."""
    portfolio = context.portfolio
    lanes = [_listed(lane.name, found, context.docname) for lane, found in _lanes(portfolio)]
    if not lanes:
        return nothing("Nothing dated yet.")
    node = portfolio_timeline("", nodes.bullet_list("", *lanes))
    node.portfolio = portfolio
    return [node]


def svg(portfolio: Portfolio, href: Callable[[Record], str]) -> str:
    """Draw what is dated, which is something; `href` returns a record's address."""
    return timeline_svg.draw(_drawn(portfolio, href))


def caption(portfolio: Portfolio) -> str:
    """Say how to read the drawing: what is in it, no more."""
    lanes = _drawn(portfolio, lambda record: "")
    periods = [entry.period for lane in lanes for entry in lane.entries]
    dates = [date for each in periods for date in (each.start, each.end) if date]
    words = ["A mark is as wide as its date is exact."]
    if not all(date.month for date in dates):
        words.append("Thin: only the year is known.")
    if any(each.end is None for each in periods):
        words.append("An arrow: it still goes on.")
    if any(lane.looks != "bar" for lane in lanes):
        words.append("Each by name: the list.")
    return " ".join(words)


def _lanes(portfolio: Portfolio) -> Iterator[tuple[Lane, tuple[Record, ...]]]:
    """Yield what is dated by lane, newest first; no lane is empty."""
    for lane in LANES:
        found = (record for record in portfolio.records if KINDS[record.kind].lane is lane)
        if dated := tuple(record for record in found if record.period):
            yield lane, dated


def _drawn(portfolio: Portfolio, href: Callable[[Record], str]) -> list[Row]:
    rows = []
    for lane, found in _lanes(portfolio):
        draw = _bar if lane.looks == "bar" else _marks
        entries = [entry for record in found for entry in draw(record, href)]
        rows.append(Row(lane.name, entries, lane.looks))
    return rows


def _facts(record: Record) -> tuple[str, ...]:
    """Return what follows a record's name: what it is, or where it was, and the dates."""
    said = record.title if record.title != record.name else record.where
    return tuple(filter(None, (said, record.when)))


def _title(record: Record) -> str:
    return ", ".join((record.name, *_facts(record)))


def _bar(record: Record, href: Callable[[Record], str]) -> Iterator[Entry]:
    title = _title(record)
    if record.short not in title:
        # What is read aloud holds what is seen: WCAG 2.5.3.
        title = f"{record.short}, {title}"
    if record.period:
        yield Entry(record.period, title, record.short, href(record))


def _marks(record: Record, _: Callable[[Record], str]) -> Iterator[Entry]:
    """Yield a mark for each occasion, or one."""
    for period, event in record.occasions:
        yield Entry(period, f"{record.name}, {event}")
    if record.period and not record.occasions:
        yield Entry(record.period, _title(record))


def _listed(name: str, records: tuple[Record, ...], docname: str) -> nodes.list_item:
    items = nodes.bullet_list()
    for record in records:
        paragraph = nodes.paragraph("", "", reference(record, docname))
        paragraph += nodes.Text("".join(f", {fact}" for fact in _facts(record)))
        items += nodes.list_item("", paragraph)
    return nodes.list_item("", nodes.paragraph("", name.capitalize()), items)


def _addresses(node: portfolio_timeline) -> Mapping[str, str]:
    """Return by id where the list leads to: whoever resolved it knows the builder's addresses."""
    found = {}
    for link in node.findall(nodes.reference):
        address = link["refuri"] if "refuri" in link else f"#{link['refid']}"
        found[address.rpartition("#")[2]] = address
    return found


def visit_html(self: HTML5Translator, node: portfolio_timeline) -> None:
    """Draw, and fold the list away: nothing is twice in the tab order."""
    if self.builder.name.startswith("epub"):
        return  # a book has pages of any width, and readers without style sheets
    addresses = _addresses(node)
    drawing = svg(node.portfolio, lambda record: addresses[record.id])
    words = html.escape(caption(node.portfolio))
    self.body.append(
        f'<div class="portfolio-timeline">\n<figure>\n{drawing}\n<figcaption>{words}</figcaption>\n'
        "</figure>\n<details>\n<summary>The same as a list</summary>\n"
    )


def depart_html(self: HTML5Translator, node: portfolio_timeline) -> None:
    """Close what was opened."""
    if not self.builder.name.startswith("epub"):
        self.body.append("</details>\n</div>\n")


def visit_list(self: nodes.NodeVisitor, node: portfolio_timeline) -> None:
    """Let the list be written."""


# No `epub`: where there is an entry of its own, Sphinx forgets all that stand under `html`.
NODE_VISITORS: dict[str, Any] = {
    "html": (visit_html, depart_html),
    **dict.fromkeys(("latex", "text", "man", "texinfo"), (visit_list, visit_list)),
}
