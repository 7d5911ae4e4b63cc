"""`{projects}`: a card for each project, or for those that `:only:` names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from portfolio.checks import suggest
from portfolio.directives import words
from portfolio.domain import portfolio_domain, reference
from portfolio.records import Project, plain

if TYPE_CHECKING:
    from sphinx.util.typing import OptionSpec

logger = logging.getLogger(__name__)


class projects(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """Where cards are drawn: `only` holds ids, or nothing for all."""


class ProjectsDirective(SphinxDirective):
    """Leave a node, to be filled once all pages have been read."""

    option_spec: ClassVar[OptionSpec] = {"only": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return the node."""
        node = projects("", only=words(self.options.get("only", "")))
        self.set_source_info(node)
        return [node]


class DrawProjects(SphinxPostTransform):
    """Fill in the cards."""

    default_priority = 7  # before ReferencesResolver (10), which resolves their links

    def run(self, **kwargs: Any) -> None:
        """Replace the nodes that directives left."""
        known = {record.id: record for record in portfolio_domain(self.env).portfolio.of(Project)}
        for node in list(self.document.findall(projects)):
            for id_ in node["only"]:
                if id_ not in known:
                    message = f"no project {id_!r}{suggest(id_, known)}"
                    logger.warning(message, location=node, type="portfolio", subtype="view")
            shown = [known[id_] for id_ in node["only"] or known if id_ in known]
            if not shown:
                node.replace_self(nodes.paragraph("", "No projects yet."))
                continue
            node.replace_self(
                nodes.bullet_list("", *(self._card(each) for each in shown), classes=["cards"])
            )

    def _card(self, project: Project) -> nodes.list_item:
        link = reference(project, self.env.current_document.docname)
        card = nodes.list_item("", nodes.paragraph("", "", link, classes=["card-title"]))
        if project.summary:
            card += nodes.paragraph("", plain(project.summary))
        if project.period:
            card += nodes.paragraph("", project.period.text, classes=["card-dates"])
        return card
