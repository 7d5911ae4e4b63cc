"""`{evidence}`: each skill by its group, and how many jobs, talks and projects prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from portfolio.domain import reference
from portfolio.views.facts import count
from portfolio.views.view import nothing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portfolio.records import Portfolio, Skill


def draw(portfolio: Portfolio, docname: str, options: Mapping[str, str]) -> list[nodes.Node]:
    """Draw a list of groups; a skill that nothing proves is its name and nothing else."""
    groups = {
        name: nodes.bullet_list("", *(_item(skill, portfolio, docname) for skill in skills))
        for name, skills in portfolio.skills_by_group.items()
    }
    if not groups:
        return nothing("No skills yet.")
    drawn: list[nodes.Node] = []
    if alone := groups.pop("", None):  # skills under no heading
        drawn += [nodes.container("", alone, classes=["evidence-of"])]
    if groups:
        listing = (
            nodes.definition_list_item("", nodes.term("", name), nodes.definition("", group))
            for name, group in groups.items()
        )
        drawn += [nodes.definition_list("", *listing, classes=["evidence-of"])]
    return drawn


def _item(skill: Skill, portfolio: Portfolio, docname: str) -> nodes.list_item:
    paragraph = nodes.paragraph("", "", reference(skill, docname))
    if counts := ", ".join(count(portfolio.evidence(skill.id))):
        paragraph += nodes.inline("", f" {counts}", classes=["count"])
    return nodes.list_item("", paragraph)
