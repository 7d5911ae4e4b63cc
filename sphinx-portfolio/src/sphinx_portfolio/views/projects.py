"""`{projects}`: a card for each project, or for those named in `:only:`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_portfolio.domain import reference
from sphinx_portfolio.model import Project, RecordError, plain
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.kinds.project import code
from sphinx_portfolio.model.validators import words
from sphinx_portfolio.views import span
from sphinx_portfolio.views.elements import when
from sphinx_portfolio.views.facts import inline
from sphinx_portfolio.views.view import Context, nothing

if TYPE_CHECKING:
    from sphinx_portfolio.model import Portfolio


def draw(context: Context) -> list[nodes.Node]:
    """Draw a list of cards: name, tagline, dates, skills, code."""
    portfolio = context.portfolio
    projects = {project.id: project for project in portfolio.of(Project)}
    only = words(context.options.get("only", ""))
    if "only" in context.options and not only:
        message = ":only: is empty: write ids of projects, separated by commas"
        raise RecordError(message)
    for id_ in only:
        if id_ not in projects:
            message = f"unknown project {id_!r}{suggest(id_, projects)}"
            raise RecordError(message)
    shown = [projects[id_] for id_ in only or projects]
    if not shown:
        return nothing(portfolio.translator.gettext("No projects yet."))
    cards = (_card(project, portfolio, context.docname) for project in shown)
    return [nodes.bullet_list("", *cards, classes=["portfolio-cards"])]


def _card(project: Project, portfolio: Portfolio, docname: str) -> nodes.list_item:
    title = nodes.paragraph("", "", reference(project, docname), classes=["portfolio-card-title"])
    card = nodes.list_item("", *span.draw([project], portfolio), title)
    if tagline := plain(project.summary):
        card += nodes.paragraph("", tagline)
    if dates := when(project, portfolio.translator):
        card += nodes.paragraph("", "", *dates, classes=["portfolio-card-dates"])
    if address := code(project, portfolio):
        shown = inline(address, portfolio, docname)
        card += nodes.paragraph("", "", *shown, classes=["portfolio-card-code"])
    if labs := portfolio.labs_about(project.id):
        text = portfolio.translator.ngettext("{count} lab", "{count} labs", len(labs))
        card += nodes.paragraph("", text, classes=["portfolio-card-lab"])
    if skills := ", ".join(run.text for run in portfolio.links(project.skills)):
        card += nodes.paragraph("", skills, classes=["portfolio-card-facts"])
    return card
