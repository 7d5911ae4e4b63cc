"""What a view is: a function from the Portfolio to nodes of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.model import Portfolio, RecordError

if TYPE_CHECKING:
    from sphinx_portfolio.model.files import File

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Context:
    """What a view draws: the records and exported files, for a page and with options.

    `contents` are those of the files, `left_out` the names of files that need an extra that is
    not installed.
    """

    portfolio: Portfolio
    docname: str
    options: Mapping[str, str]
    files: tuple[File, ...] = ()
    left_out: tuple[str, ...] = ()
    contents: Mapping[str, bytes] = field(default_factory=dict)


Draw: TypeAlias = Callable[[Context], list[nodes.Node]]


class ViewDirective(SphinxDirective):
    """The directive of a view, which has the view's name."""

    def run(self) -> list[nodes.Node]:
        """Return a node to be replaced."""
        name = self.name.rpartition(":")[2]
        docname = self.env.current_document.docname
        portfolio_domain(self.env).note_view(docname)
        node = portfolio_view("", name=name, options=dict(self.options), docname=docname)
        self.set_source_info(node)
        return [node]


@dataclass(frozen=True, slots=True)
class View:
    """A view.

    `draw` returns standard nodes with pending references. It raises RecordError if an option is
    invalid. `options` are the names of the options.
    """

    draw: Draw
    options: tuple[str, ...] = ()
    directive: type[ViewDirective] = ViewDirective


class portfolio_view(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """The place of a view, with its `name`, `options` and `docname`, until it is drawn."""


def fill(node: portfolio_view, draw: Callable[[], list[nodes.Node]]) -> bool:
    """Replace a view by what is drawn; remove it with a warning if it can't be drawn."""
    try:
        drawn = draw()
        _check_ids(node, drawn)
    except RecordError as error:
        logger.warning(
            "%s: %s", node["name"], error, location=node, type="portfolio", subtype="view"
        )
        node.parent.remove(node)
        return False
    node.replace_self(drawn)
    return True


def nothing(text: str) -> list[nodes.Node]:
    """Return a paragraph which says that there is nothing to show."""
    return [nodes.paragraph("", text, classes=["portfolio-nothing"])]


def joined(separator: str, parts: Iterable[nodes.Node]) -> list[nodes.Node]:
    """Return nodes with a text between them."""
    found: list[nodes.Node] = []
    for part in parts:
        found += [nodes.Text(separator), part] if found else [part]
    return found


def _check_ids(node: portfolio_view, drawn: list[nodes.Node]) -> None:
    """Raise RecordError if the page has an id already, such as that of the same view."""
    assert node.document  # noqa: S101 (it is on a page)
    taken = {id_ for each in node.document.findall(nodes.Element) for id_ in each["ids"]}
    for each in (each for top in drawn for each in top.findall(nodes.Element)):
        for id_ in each["ids"]:
            if id_ in taken and "portfolio-work" not in each["classes"]:  # works are only moved
                message = f"duplicate id {id_!r} on this page: remove one of the two"
                raise RecordError(message)
