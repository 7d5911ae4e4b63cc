"""What a view is: a function from the Portfolio to what a page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from docutils import nodes
from sphinx.util import logging

from sphinx_portfolio.model import Portfolio, RecordError

if TYPE_CHECKING:
    from sphinx_portfolio.model.files import File

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Context:
    """What a view draws from: all records, its page and options, and the files beside the pages.

    `left_out` are the names of files that need an extra that is not installed.
    """

    portfolio: Portfolio
    docname: str
    options: Mapping[str, str]
    files: tuple[File, ...] = ()
    left_out: tuple[str, ...] = ()


Draw: TypeAlias = Callable[[Context], list[nodes.Node]]


@dataclass(frozen=True, slots=True)
class View:
    """A view: its options, and what draws it.

    `draw` returns standard nodes whose references are still pending; it raises
    RecordError if an option is invalid.
    """

    draw: Draw
    options: tuple[str, ...] = ()


class portfolio_view(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """Where a view is drawn: holds its name, its options and its page until then."""


def fill(node: portfolio_view, draw: Callable[[], list[nodes.Node]]) -> bool:
    """Put what is drawn in a view's place; report what can't be drawn, and take the view away."""
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
    """Say on the page that there is nothing to show."""
    return [nodes.paragraph("", text, classes=["portfolio-nothing"])]


def _check_ids(node: portfolio_view, drawn: list[nodes.Node]) -> None:
    """Raise RecordError where the page has an id already, as of another view of this name."""
    assert node.document  # noqa: S101 (it stands on a page)
    taken = {id_ for each in node.document.findall(nodes.Element) for id_ in each["ids"]}
    for each in (each for top in drawn for each in top.findall(nodes.Element)):
        for id_ in each["ids"]:
            if id_ in taken and "portfolio-talk" not in each["classes"]:  # a talk only moves
                message = f"the id {id_!r} is taken already on this page: one of the two has to go"
                raise RecordError(message)
