"""`{projects}`: a card for each project, or for those that `:only:` names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from portfolio.checks import suggest
from portfolio.dates import RecordError
from portfolio.domain import reference
from portfolio.fields import words
from portfolio.records import Project
from portfolio.richtext import plain
from portfolio.views import span
from portfolio.views.facts import code, inline, known, links
from portfolio.views.view import nothing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portfolio.records import Portfolio


def draw(portfolio: Portfolio, docname: str, options: Mapping[str, str]) -> list[nodes.Node]:
    """Draw a list of cards: name, tagline, dates, what it proves, code."""
    projects = {project.id: project for project in portfolio.of(Project)}
    only = words(options.get("only", ""))
    if "only" in options and not only:
        message = ":only: names no project: write ids, with commas between them"
        raise RecordError(message)
    for id_ in only:
        if id_ not in projects:
            message = f"no project {id_!r}{suggest(id_, projects)}"
            raise RecordError(message)
    shown = [projects[id_] for id_ in only or projects]
    if not shown:
        return nothing("No projects yet.")
    cards = (_card(project, portfolio, docname) for project in shown)
    return [nodes.bullet_list("", *cards, classes=["cards"])]


def _card(project: Project, portfolio: Portfolio, docname: str) -> nodes.list_item:
    title = nodes.paragraph("", "", reference(project, docname), classes=["card-title"])
    card = nodes.list_item("", *span.draw([project], portfolio), title)
    if tagline := plain(project.summary):
        card += nodes.paragraph("", tagline)
    if project.period:
        card += nodes.paragraph("", project.period.text, classes=["card-dates"])
    if shown := (*links(known(project.skills, portfolio)), *code(project)):
        card += nodes.paragraph("", "", *inline(shown, portfolio, docname), classes=["card-facts"])
    return card
