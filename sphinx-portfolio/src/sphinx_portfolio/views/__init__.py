"""Views: what pages draw from the Portfolio, one module for each.

A directive leaves a node, which is replaced when all pages have been read.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.views import (
    bio,
    changelog,
    downloads,
    entries,
    evidence,
    projects,
    talks,
    timeline,
)
from sphinx_portfolio.views.view import Context, View, fill, portfolio_view

if TYPE_CHECKING:
    from docutils import nodes

VIEWS = {
    "bio": View(bio.draw),
    "changelog": View(changelog.draw),
    "downloads": View(downloads.draw, options=("button",)),
    "entries": View(entries.draw, options=("kind",)),
    "evidence": View(evidence.draw),
    "projects": View(projects.draw, options=("only",)),
    "talks": View(talks.draw, options=("year", "topic", "newest", "when")),
    "timeline": View(timeline.draw),
}


class ViewDirective(SphinxDirective):
    """The directive of a view, which has the view's name."""

    def run(self) -> list[nodes.Node]:
        """Return a node to be replaced."""
        name = self.name.rpartition(":")[2]
        docname = self.env.current_document.docname
        portfolio_domain(self.env).note_view(docname)
        node = portfolio_view("", name=name, options=dict(self.options), docname=docname)
        self.set_source_info(node)
        return [node]


def directive(name: str) -> type[ViewDirective]:
    """Return a class with the options of a view, since docutils reads them from the class."""
    spec = dict.fromkeys(VIEWS[name].options, directives.unchanged_required)
    return type(name.capitalize(), (ViewDirective,), {"option_spec": spec})


class DrawViews(SphinxPostTransform):
    """Draw the views of a page."""

    default_priority = 7  # before ReferencesResolver (10), which resolves their references

    def run(self, **kwargs: Any) -> None:
        """Replace the nodes that directives left."""
        domain = portfolio_domain(self.env)
        for node in list(self.document.findall(portfolio_view)):
            draw = VIEWS[node["name"]].draw
            context = Context(
                domain.portfolio, node["docname"], node["options"], domain.files, domain.left_out
            )
            fill(node, partial(draw, context))
