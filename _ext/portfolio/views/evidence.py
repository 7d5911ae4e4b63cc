"""`{evidence}`: each skill by its group, and how many jobs, talks and projects prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from portfolio.domain import reference
from portfolio.records import Skill
from portfolio.views.view import nothing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from portfolio.records import Portfolio, Record

# How many of a kind: one, several.
COUNTED = {
    "job": ("job", "jobs"),
    "talk": ("talk", "talks"),
    "project": ("project", "projects"),
    "degree": ("degree", "degrees"),
    "award": ("award", "awards"),
    "service": ("service", "services"),
}


def count(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Group what proves a skill by kind, under a label such as "2 jobs", in the table's order."""
    kinds: dict[str, list[Record]] = {kind: [] for kind in COUNTED}
    for record in records:
        kinds.setdefault(record.kind, []).append(record)
    return {
        f"{len(found)} {COUNTED[kind][len(found) > 1]}": found
        for kind, found in kinds.items()
        if found
    }


def draw(portfolio: Portfolio, docname: str, options: Mapping[str, str]) -> list[nodes.Node]:
    """Draw a list of groups; a skill that nothing proves is its name and nothing else."""
    groups: dict[str, list[Skill]] = {}
    for skill in portfolio.of(Skill):
        groups.setdefault(skill.group, []).append(skill)
    if not groups:
        return nothing("No skills yet.")
    listing = nodes.definition_list(classes=["evidence-of"])
    for group, skills in groups.items():
        items = nodes.bullet_list("", *(_item(skill, portfolio, docname) for skill in skills))
        listing += nodes.definition_list_item(
            "", nodes.term("", group), nodes.definition("", items)
        )
    return [listing]


def _item(skill: Skill, portfolio: Portfolio, docname: str) -> nodes.list_item:
    paragraph = nodes.paragraph("", "", reference(skill, docname))
    if counts := ", ".join(count(portfolio.evidence(skill.id))):
        paragraph += nodes.inline("", f" {counts}", classes=["count"])
    return nodes.list_item("", paragraph)
