"""What a view is: a function from the Portfolio to what a page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from docutils import nodes

from portfolio.records import Portfolio

Draw: TypeAlias = Callable[[Portfolio, str, Mapping[str, str]], list[nodes.Node]]


@dataclass(frozen=True, slots=True)
class View:
    """A view: its options, and what draws it.

    `draw` takes the portfolio, the name of the document it draws for and the
    options, and returns standard nodes whose references are still pending; it
    raises RecordError where an option names what there is not.
    """

    draw: Draw
    options: tuple[str, ...] = ()


class view(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """Where a view is drawn: holds its name and options until then."""


def nothing(text: str) -> list[nodes.Node]:
    """Say on the page that there is nothing to show."""
    return [nodes.paragraph("", text, classes=["nothing"])]
