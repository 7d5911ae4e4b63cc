"""Views: what pages draw from the Portfolio, one module for each.

A directive leaves a node, which is replaced when all pages have been read.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.views import (
    bio,
    changelog,
    contact_card,
    downloads,
    entries,
    projects,
    publications,
    skills,
    summary,
    talks,
    timeline,
    works,
)
from sphinx_portfolio.views.view import Context, View, ViewDirective, fill, portfolio_view

VIEWS = {
    "bio": View(bio.draw, directive=bio.BioDirective),
    "changelog": View(changelog.draw),
    "contact-card": View(contact_card.draw),
    "downloads": View(downloads.draw, options=("button",)),
    "entries": View(entries.draw, options=("kind",)),
    "projects": View(projects.draw, options=("only",)),
    "publications": View(publications.draw, options=works.OPTIONS),
    "skills": View(skills.draw),
    "summary": View(summary.draw, directive=summary.SummaryDirective),
    "talks": View(talks.draw, options=works.OPTIONS),
    "timeline": View(timeline.draw),
}


def directive(name: str) -> type[ViewDirective]:
    """Return a class with the options of a view, since docutils reads them from the class."""
    spec = dict.fromkeys(VIEWS[name].options, directives.unchanged_required)
    return type(name.capitalize(), (VIEWS[name].directive,), {"option_spec": spec})


class DrawViews(SphinxPostTransform):
    """Draw the views of a page."""

    default_priority = 7  # before ReferencesResolver (10), which resolves their references

    def run(self, **kwargs: Any) -> None:
        """Replace the nodes that directives left."""
        domain = portfolio_domain(self.env)
        for node in list(self.document.findall(portfolio_view)):
            draw = VIEWS[node["name"]].draw
            context = Context(
                *(domain.portfolio, node["docname"], node["options"]),
                *(domain.files, domain.left_out, domain.contents),
            )
            fill(node, partial(draw, context))
