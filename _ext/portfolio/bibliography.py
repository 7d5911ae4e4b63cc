"""The bibliography as a plain list of talks, each with what cites it.

sphinxcontrib-bibtex leaves a container of docutils `citation` nodes, which
HTML writers give roles (`doc-biblioentry` outside a list) that accessibility
checkers call critical. The option `:list: bullet` mends the roles, but then no
`{cite}` finds its entry. Hence a list of standard nodes is made here, once the
citations have been found: every builder has a writer for it, and the ids stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from portfolio.domain import portfolio_domain
from portfolio.records import Talk
from portfolio.views.facts import backlinks, draw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portfolio.records import Record


class BibliographyList(SphinxPostTransform):
    """Turn the citations of a bibliography into items of an ordered list."""

    # After BibliographyTransform (5), which makes the citations, and before
    # ReferencesResolver (10), which resolves the references made here.
    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Replace each container of citations."""
        citations = list(self.document.findall(nodes.citation))
        containers = dict.fromkeys(
            citation.parent for citation in citations if "docname" in citation
        )
        records = portfolio_domain(self.env).portfolio.by_id
        for container in containers:
            listing = nodes.enumerated_list(
                enumtype="arabic", prefix="", suffix=".", classes=["talks"]
            )
            for citation in container.findall(nodes.citation):
                label, *text = citation.children
                item = nodes.list_item("", *text, ids=citation["ids"], classes=["talk"])
                item += self._about(records.get(label.astext()))
                listing += item
            container.replace_self(listing)

    def _about(self, talk: Record | None) -> Iterator[nodes.Element]:
        """Yield what follows the entry itself; nothing for what is no talk."""
        if not isinstance(talk, Talk):
            return
        if len(talk.speakers) > 1:
            yield nodes.paragraph("", f"Speakers: {', '.join(talk.speakers)}", classes=["about"])
        if talk.abstract:
            yield nodes.paragraph("", talk.abstract, classes=["about"])
        portfolio = portfolio_domain(self.env).portfolio
        docname = self.env.current_document.docname
        if facts := draw(backlinks(talk, portfolio), portfolio, docname):
            yield facts
