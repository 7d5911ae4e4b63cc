"""`{summary}`: the summary of the person, with the picture, from `portfolio_person`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_portfolio.views.view import Context, ViewDirective, nothing

if TYPE_CHECKING:
    from collections.abc import Sequence


class SummaryDirective(ViewDirective):
    """`{summary}`, with the picture: Sphinx finds pictures while it reads pages."""

    def run(self) -> list[nodes.Node]:
        """Return the node of the view, in a box with the picture if there is one."""
        person = self.config.portfolio_person
        drawn: Sequence[nodes.Node] = super().run()
        if not (picture := person.get("picture")):
            return [*drawn]
        image = nodes.image(
            "",
            uri=f"/{picture}",  # relative to the source folder
            alt=person.get("name") or self.config.author,
            classes=["portfolio-picture"],
        )
        self.set_source_info(image)
        return [nodes.container("", image, *drawn, classes=["portfolio-person"])]


def draw(context: Context) -> list[nodes.Node]:
    """Draw the summary as a paragraph."""
    if summary := context.portfolio.person.summary:
        return [nodes.paragraph("", summary, classes=["portfolio-summary"])]
    gettext = context.portfolio.translator.gettext
    return nothing(gettext("No summary yet: add `summary` to portfolio_person in conf.py."))
