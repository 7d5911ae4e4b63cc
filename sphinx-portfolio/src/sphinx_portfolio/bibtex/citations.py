"""Citations of talks: `{cite}` with the key of a talk is a reference to its record.

Other citations are left to sphinxcontrib-bibtex and its styles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.bibtex.citation_target import parse_citation_targets

from sphinx_portfolio.domain import portfolio_domain, reference
from sphinx_portfolio.model import Talk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib.bibtex.citation_target import CitationTarget

    from sphinx_portfolio.model import Translator

# The types of `{cite}` and `{cite:t}`. Others, such as `{cite:author}`, show no title.
PARENTHETICAL, TEXTUAL = "p", "t"


class CiteTalks(SphinxPostTransform):
    """Replaces citations of talks by references to their records."""

    default_priority = 7  # before ReferencesResolver (10), which resolves both

    def run(self, **kwargs: Any) -> None:
        """Replace each citation with the key of a talk; other keys in it stay citations."""
        portfolio = portfolio_domain(self.env).portfolio
        talks = {talk.key: talk for talk in portfolio.of(Talk)}
        for node in list(self.document.findall(addnodes.pending_xref)):
            if node["refdomain"] != "cite" or node["reftype"] not in {PARENTHETICAL, TEXTUAL}:
                continue
            targets = list(parse_citation_targets(node["reftarget"]))
            if not any(target.key in talks for target in targets):
                continue
            cited = nodes.inline("", classes=["bibtex-citation"], ids=node["ids"])
            for number, target in enumerate(targets):
                if number:
                    cited += nodes.Text("; ")
                if talk := talks.get(target.key):
                    cited += list(_citation(node, target, talk, portfolio.translator))
                else:
                    pre, post = (f"{{{it}}}" if it else "" for it in (target.pre, target.post))
                    other = node.deepcopy()
                    other["ids"] = []
                    other["reftarget"] = f"{pre}{target.key}{post}"
                    cited += other
            node.replace_self(cited)


def _citation(
    node: addnodes.pending_xref, target: CitationTarget, talk: Talk, translator: Translator
) -> Iterator[nodes.Node]:
    """Yield the title as a link and, unless the type is textual, event and date."""
    if target.pre:
        yield nodes.Text(f"{target.pre} ")
    yield reference(talk, node["refdoc"])
    if node["reftype"] == PARENTHETICAL:
        yield nodes.Text(", ")
        yield nodes.emphasis("", talk.occasion(translator))
    if target.post:
        yield nodes.Text(f", {target.post}")
