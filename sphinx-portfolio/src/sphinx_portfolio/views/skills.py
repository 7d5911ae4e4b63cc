"""`{skills}`: the names of the skills by group; a group leads to where its skills are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_portfolio.domain import reference
from sphinx_portfolio.views.view import Context, nothing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_portfolio.model import Skill


def draw(context: Context) -> list[nodes.Node]:
    """Draw a definition list of the groups; skills under no heading are a paragraph before it."""
    groups = dict(context.portfolio.skills_by_group)
    if not groups:
        return nothing(context.portfolio.translator.gettext("No skills yet."))
    drawn: list[nodes.Node] = []
    if alone := groups.pop("", ()):
        drawn.append(nodes.paragraph("", _names(alone)))
    listing = nodes.definition_list(classes=["simple"])
    for name, skills in groups.items():
        term = nodes.term("", "", reference(skills[0], context.docname, name))
        names = nodes.definition("", nodes.paragraph("", _names(skills)))
        listing += nodes.definition_list_item("", term, names)
    return [*drawn, listing] if listing.children else drawn


def _names(skills: Sequence[Skill]) -> str:
    return ", ".join(skill.label for skill in skills)
