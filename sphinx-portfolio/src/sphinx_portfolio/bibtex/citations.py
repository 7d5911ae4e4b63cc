"""Citations of works: `{cite}` with the key of a talk or a publication refers to its record.

Other citations are left to sphinxcontrib-bibtex and its styles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.bibtex.citation_target import parse_citation_targets

from sphinx_portfolio.domain import portfolio_domain, reference
from sphinx_portfolio.model import CreativeWork

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib.bibtex.citation_target import CitationTarget

    from sphinx_portfolio.model import Translator

# The types of `{cite}` and `{cite:t}`. Others, such as `{cite:author}`, show no title.
PARENTHETICAL, TEXTUAL = "p", "t"


class CiteWorks(SphinxPostTransform):
    """Replaces citations of works by references to their records."""

    default_priority = 7  # before ReferencesResolver (10), which resolves both

    def run(self, **kwargs: Any) -> None:
        """Replace each citation with the key of a work; other keys in it stay citations."""
        portfolio = portfolio_domain(self.env).portfolio
        works = {work.key: work for work in portfolio.of(CreativeWork)}
        for node in list(self.document.findall(addnodes.pending_xref)):
            if node["refdomain"] != "cite" or node["reftype"] not in {PARENTHETICAL, TEXTUAL}:
                continue
            targets = list(parse_citation_targets(node["reftarget"]))
            if not any(target.key in works for target in targets):
                continue
            cited = nodes.inline("", classes=["bibtex-citation"], ids=node["ids"])
            for number, target in enumerate(targets):
                if number:
                    cited += nodes.Text("; ")
                if work := works.get(target.key):
                    cited += list(_citation(node, target, work, portfolio.translator))
                else:
                    pre, post = (f"{{{it}}}" if it else "" for it in (target.pre, target.post))
                    other = node.deepcopy()
                    other["ids"] = []
                    other["reftarget"] = f"{pre}{target.key}{post}"
                    cited += other
            node.replace_self(cited)


def _citation(
    node: addnodes.pending_xref, target: CitationTarget, work: CreativeWork, translator: Translator
) -> Iterator[nodes.Node]:
    """Yield the title as a link and, unless the type is textual, where and when."""
    if target.pre:
        yield nodes.Text(f"{target.pre} ")
    yield reference(work, node["refdoc"])
    if node["reftype"] == PARENTHETICAL:
        yield nodes.Text(", ")
        yield nodes.emphasis("", work.occasion(translator))
    if target.post:
        yield nodes.Text(f", {target.post}")
