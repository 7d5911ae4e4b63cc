"""Nodes for elements of HTML that docutils lacks; in other formats they are what they extend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    from sphinx_portfolio.model import Date, Period, Record, Translator


class portfolio_details(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """Text that opens on a click; the attribute `summary` is the line to click on."""


class portfolio_heading(nodes.paragraph):  # noqa: N801 (docutils' naming)
    """The heading of an item in a list, one level below that of the section."""


class portfolio_link(nodes.reference):  # noqa: N801 (docutils' naming)
    """A link with a `label` for screen readers, which begins with the text of the link."""


class portfolio_nav(nodes.container):  # noqa: N801 (docutils' naming)
    """A navigation landmark with a `label`."""


class portfolio_time(nodes.inline):  # noqa: N801 (docutils' naming)
    """A date; `datetime` is its form for machines, as exact as the date is known."""


def time(date: Date, text: str) -> portfolio_time:
    """Return a date with a text."""
    return portfolio_time(text, text, datetime=str(date))


def times(period: Period, translator: Translator) -> list[nodes.Node]:
    """Return the dates of a period, as its text has them."""
    start = time(period.start, period.start.text(translator))
    if period.start == period.end:
        return [start]
    if period.end:
        return [start, nodes.Text(" – "), time(period.end, period.end.text(translator))]
    return [start, nodes.Text(" – "), nodes.Text(translator.gettext("Present"))]


def when(record: Record, translator: Translator) -> list[nodes.Node]:
    """Return the dates of a record, or the events that it has instead."""
    text = record.when(translator)
    if record.period and text == record.period.text(translator):
        return times(record.period, translator)
    return [nodes.Text(text)] if text else []


# -- HTML ---------------------------------------------------------------------


def _is_book(self: HTML5Translator) -> bool:
    return self.builder.name.startswith("epub")


def visit_details(self: HTML5Translator, node: portfolio_details) -> None:
    """Open the element and write its summary; some readers of books can't open it."""
    if not _is_book(self):
        self.body.append(self.starttag(node, "details"))
        self.body.append(f"<summary>{self.encode(node['summary'])}</summary>\n")


def depart_details(self: HTML5Translator, node: portfolio_details) -> None:
    """Close the element."""
    if not _is_book(self):
        self.body.append("</details>\n")


def visit_heading(self: HTML5Translator, node: portfolio_heading) -> None:
    """Open a heading; HTML has six levels."""
    self.body.append(self.starttag(node, _heading(self), ""))


def depart_heading(self: HTML5Translator, node: portfolio_heading) -> None:
    """Close the heading."""
    self.body.append(f"</{_heading(self)}>\n")


def _heading(self: HTML5Translator) -> str:
    return f"h{min(self.section_level + 1, 6)}"


def visit_link(self: HTML5Translator, node: portfolio_link) -> None:
    """Open a link with its label."""
    attributes = {"href": node["refuri"], "aria-label": node["label"]}
    self.body.append(self.starttag(node, "a", "", CLASS="reference external", **attributes))


def depart_link(self: HTML5Translator, node: portfolio_link) -> None:
    """Close the link."""
    self.body.append("</a>")


def visit_nav(self: HTML5Translator, node: portfolio_nav) -> None:
    """Open the landmark."""
    self.body.append(self.starttag(node, "nav", **{"aria-label": node["label"]}))


def depart_nav(self: HTML5Translator, node: portfolio_nav) -> None:
    """Close the landmark."""
    self.body.append("</nav>\n")


def visit_time(self: HTML5Translator, node: portfolio_time) -> None:
    """Open a date."""
    self.body.append(self.starttag(node, "time", "", datetime=node["datetime"]))


def depart_time(self: HTML5Translator, node: portfolio_time) -> None:
    """Close the date."""
    self.body.append("</time>")


def pass_by(self: nodes.NodeVisitor, node: portfolio_details) -> None:
    """Write only the text."""


# No entry for `epub`: Sphinx would ignore the one for `html` in all HTML builders.
DETAILS: Final[dict[str, Any]] = {
    "html": (visit_details, depart_details),
    **dict.fromkeys(("latex", "text", "man", "texinfo"), (pass_by, pass_by)),
}


def register(app: Sphinx) -> None:
    """Register the nodes; Sphinx's writers handle a node like the class that it extends."""
    app.add_node(portfolio_details, **DETAILS)
    app.add_node(portfolio_heading, html=(visit_heading, depart_heading))
    app.add_node(portfolio_link, html=(visit_link, depart_link))
    app.add_node(portfolio_nav, html=(visit_nav, depart_nav))
    app.add_node(portfolio_time, html=(visit_time, depart_time))
