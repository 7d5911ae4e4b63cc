"""Citations of talks: `{cite}` with the key of a talk refers to its record.

Other citations are left to sphinxcontrib-bibtex and the style that conf.py gives it.
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

# Of the other roles, such as `cite:author`, each has its own text.
PARENTHETICAL, TEXTUAL = "p", "t"  # `{cite}` is `{cite:p}`


class CiteTalks(SphinxPostTransform):
    """Turn citations of talks into references to them."""

    default_priority = 7  # before ReferencesResolver (10), which resolves both

    def run(self, **kwargs: Any) -> None:
        """Replace each citation that has the key of a talk."""
        talks = {talk.id: talk for talk in portfolio_domain(self.env).portfolio.of(Talk)}
        for node in list(self.document.findall(addnodes.pending_xref)):
            if node["refdomain"] == "cite" and node["reftype"] in {PARENTHETICAL, TEXTUAL}:
                targets = list(parse_citation_targets(node["reftarget"]))
                if any(target.key in talks for target in targets):
                    node.replace_self(self._citations(node, targets, talks))

    def _citations(
        self, node: addnodes.pending_xref, targets: list[CitationTarget], talks: dict[str, Talk]
    ) -> nodes.inline:
        cited = nodes.inline("", "", classes=["bibtex-citation"], ids=node["ids"])
        for number, target in enumerate(targets):
            if number:
                cited += nodes.Text("; ")
            if target.key in talks:
                cited += list(_citation(node, target, talks[target.key]))
            else:
                other = node.deepcopy()
                other["ids"] = []
                other["reftarget"] = _written(target)
                cited += other
        return cited


def _citation(
    node: addnodes.pending_xref, target: CitationTarget, talk: Talk
) -> Iterator[nodes.Node]:
    """Yield the title, linked, and but for `{cite:t}` event and date."""
    if target.pre:
        yield nodes.Text(f"{target.pre} ")
    yield reference(talk, node["refdoc"], talk.title)
    if node["reftype"] == PARENTHETICAL:
        yield nodes.Text(", ")
        yield nodes.emphasis("", talk.occasion)
    if target.post:
        yield nodes.Text(f", {target.post}")


def _written(target: CitationTarget) -> str:
    pre, post = (f"{{{text}}}" if text else "" for text in (target.pre, target.post))
    return f"{pre}{target.key}{post}"
