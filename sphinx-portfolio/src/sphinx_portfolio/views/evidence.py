"""`{evidence}`: the skills by group, each with the number of records that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_portfolio.domain import reference
from sphinx_portfolio.views.facts import count
from sphinx_portfolio.views.view import Context, nothing

if TYPE_CHECKING:
    from sphinx_portfolio.model import Portfolio, Skill


def draw(context: Context) -> list[nodes.Node]:
    """Draw a list of groups; a skill without evidence has no number."""
    portfolio = context.portfolio
    groups = {
        name: nodes.bullet_list("", *(_item(skill, portfolio, context.docname) for skill in skills))
        for name, skills in portfolio.skills_by_group.items()
    }
    if not groups:
        return nothing("No skills yet.")
    drawn: list[nodes.Node] = []
    if alone := groups.pop("", None):  # skills under no heading
        drawn.append(nodes.container("", alone, classes=["portfolio-evidence-of"]))
    if groups:
        items = (
            nodes.definition_list_item("", nodes.term("", name), nodes.definition("", group))
            for name, group in groups.items()
        )
        drawn.append(nodes.definition_list("", *items, classes=["portfolio-evidence-of"]))
    return drawn


def _item(skill: Skill, portfolio: Portfolio, docname: str) -> nodes.list_item:
    paragraph = nodes.paragraph("", "", reference(skill, docname))
    if counts := ", ".join(count(portfolio.with_skill(skill.id))):
        paragraph += nodes.inline("", f" {counts}", classes=["portfolio-count"])
    return nodes.list_item("", paragraph)
