"""The bibliography as a plain list of talks, each with the pages that cite it.

sphinxcontrib-bibtex leaves a container of docutils `citation` nodes, which
HTML writers give roles (`doc-biblioentry` outside a list) that accessibility
checkers call critical. The option `:list: bullet` mends the roles, but then no
`{cite}` finds its entry. Hence a list of standard nodes is made here, once the
citations have been found: every builder has a writer for it, and the ids stay.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from portfolio.bibstyle import TalkStyle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinxcontrib.bibtex.domain import BibtexDomain


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
        domain = cast("BibtexDomain", self.env.get_domain("cite"))
        entries = {citation.key: citation.entry for citation in domain.citations}
        citing = citing_documents(domain, home=self.config.root_doc)
        for container in containers:
            listing = nodes.enumerated_list(
                enumtype="arabic", prefix="", suffix=".", classes=["talks"]
            )
            for citation in container.findall(nodes.citation):
                label, *text = citation.children
                item = nodes.list_item("", *text, ids=citation["ids"], classes=["talk"])
                key = label.astext()
                if about := TalkStyle().format_about(entries[key]).render(domain.backend):
                    item += nodes.paragraph("", "", *about, classes=["about"])
                if documents := citing[key]:
                    item += self._cited_by(documents)
                listing += item
            container.replace_self(listing)

    def _cited_by(self, documents: list[str]) -> nodes.paragraph:
        paragraph = nodes.paragraph("", "Cited by ", classes=["cited-by"])
        for number, document in enumerate(documents):
            if number:
                paragraph += nodes.Text(", ")
            paragraph += addnodes.pending_xref(
                "",
                nodes.inline("", ""),
                refdomain="std",
                reftype="doc",
                reftarget=f"/{document}",
                refdoc=self.env.current_document.docname,
                refexplicit=False,
                refwarn=True,
            )
        return paragraph


def citing_documents(domain: BibtexDomain, home: str) -> dict[str, list[str]]:
    """Map each key to the documents that cite it, in alphabetical order.

    Home cites whatever is newest, which says nothing about a talk: it is left out.
    """
    citing = defaultdict(set)
    for citation in domain.citation_refs:
        for target in citation.targets:
            citing[target.key].add(citation.docname)
    return defaultdict(list, {key: sorted(names - {home}) for key, names in citing.items()})


def env_updated(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Write the bibliography again: another page may cite it now, or no longer."""
    domain = cast("BibtexDomain", env.get_domain("cite"))
    return sorted({bibliography.docname for bibliography in domain.bibliographies})
