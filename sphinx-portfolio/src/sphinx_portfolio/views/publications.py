"""`{publications}`: the list of publications by year, newest first.

On the page of the bibliography it arranges the entries of the bibliography; elsewhere it draws
references to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_portfolio.domain import reference, styled
from sphinx_portfolio.model import Publication
from sphinx_portfolio.model.kinds.publication import authors
from sphinx_portfolio.views import works
from sphinx_portfolio.views.view import Context, joined, nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container

    from sphinx_portfolio.model import Portfolio

LOOKS = "portfolio-publications"  # the CSS class of a list


def draw(context: Context) -> list[nodes.Node]:
    """Draw references to the publications that the options select."""
    portfolio = context.portfolio
    chosen = works.select(Publication, portfolio, context.options)
    if not chosen:
        return nothing(works.none(Publication, portfolio, context.options))
    items = (
        nodes.list_item("", *row(work, portfolio, reference(work, context.docname)))
        for work in chosen
    )
    return [works.work_list(items, LOOKS, works.PROGRAM)]


def row(work: Publication, portfolio: Portfolio, title: nodes.Node) -> list[nodes.Node]:
    """Return title, authors, venue, date, format and links."""
    people = joined(", ", styled(authors(work, portfolio)))
    return works.row(work, title, portfolio.translator, people)


def program(
    portfolio: Portfolio,
    publications: Collection[Publication],
    entry: Callable[[Publication, Container[str]], nodes.list_item],
) -> list[nodes.Node]:
    """Arrange the entries of publications: those to come, and a section for each year."""
    return [
        *works.spans(publications, portfolio),
        *works.sections(
            portfolio,
            publications,
            lambda work: entry(work, ()),
            LOOKS,
            lambda id_: f"publications-{id_}",
            portfolio.translator.gettext("Forthcoming"),
        ),
    ]
