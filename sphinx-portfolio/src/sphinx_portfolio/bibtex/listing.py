"""A bibliography of works as a list, each item with the facts of the work and its BibTeX.

sphinxcontrib-bibtex makes a container of docutils `citation` nodes. HTML writers give these roles
(`doc-biblioentry` outside a list) that accessibility checkers reject, so the citations of works
become list items here. Other citations are left alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_portfolio.bibtex.kinds import BIB_KINDS
from sphinx_portfolio.domain import portfolio_domain, styled
from sphinx_portfolio.model import CreativeWork, RecordError
from sphinx_portfolio.views import formats
from sphinx_portfolio.views.elements import portfolio_details
from sphinx_portfolio.views.facts import draw, facts
from sphinx_portfolio.views.talks import HAS_FILTER, looks, titles_in
from sphinx_portfolio.views.view import fill, portfolio_view
from sphinx_portfolio.views.works import here, work_list

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from sphinx_portfolio.bibtex.conversion import BibKind, DrawEntry
    from sphinx_portfolio.domain import PortfolioDomain
    from sphinx_portfolio.model import Portfolio

# Fields that are left out of the BibTeX to copy: those of this package, and paths on a machine.
OWN = ("audience", "file", "keywords", "related", "selected", "shorttitle")


class ListWorks(SphinxPostTransform):
    """Replaces the citations of works by a list, or by the program of `{talks}` and the like."""

    # After BibliographyTransform (5), which makes the citations, and before
    # ReferencesResolver (10), which resolves the references made here.
    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Move the works to the views of their kinds on their page; list the others in place."""
        domain = portfolio_domain(self.env)
        portfolio = domain.portfolio
        citations: dict[str, nodes.citation] = {}
        containers: dict[nodes.Element, set[str]] = defaultdict(set)
        for citation in list(self.document.findall(nodes.citation)):
            work = next((portfolio.by_id.get(id_) for id_ in citation["ids"]), None)
            if isinstance(work, CreativeWork) and work.docname == citation.get("docname"):
                assert citation.parent  # noqa: S101 (a container of sphinxcontrib-bibtex)
                citations[work.id] = citation
                containers[citation.parent].add(work.id)
        listed = [work for work in portfolio.of(CreativeWork) if work.id in citations]

        def entry(work: CreativeWork, filtered: Container[str] = ()) -> nodes.list_item:
            return self._entry(citations[work.id], work, portfolio, filtered)

        kinds = {each.kind.plural: each for each in BIB_KINDS.values()}
        arranged: set[str] = set()
        for node in list(self.document.findall(portfolio_view)):
            # With options it draws references, as on other pages.
            if (kind := kinds.get(node["name"])) and not node["options"]:
                works = {
                    work.id: work
                    for work in listed
                    if work.docname == node["docname"] and isinstance(work, kind.kind.record)
                }
                arrange = partial(_arrange, kind, domain, works, entry, arranged)
                if works and fill(node, arrange):
                    arranged |= works.keys()
        for container, ids in containers.items():
            left = [work for work in listed if work.id in ids - arranged]
            # In the order of the kinds, as the class of a list says its kind.
            lists = [
                work_list(map(entry, of_kind), f"portfolio-{each.kind.plural}")
                for each in kinds.values()
                if (of_kind := [work for work in left if isinstance(work, each.kind.record)])
            ]
            assert container.parent  # noqa: S101 (it is on a page)
            container.parent.replace(container, lists)

    def _entry(
        self,
        citation: nodes.citation,
        work: CreativeWork,
        portfolio: Portfolio,
        filtered: Container[str],
    ) -> nodes.list_item:
        """Return the entry of a work, without the skills and topics that the filter shows.

        They are in its attribute `topics`, for Markdown, which has no filter.
        """
        # In LaTeX, sphinxcontrib-bibtex links roles such as `{cite:author}` to this target.
        target = rf"\hypertarget{{cite.{work.docname}:{work.id}}}{{}}"
        anchor = nodes.raw("", target, format="latex")
        head = BIB_KINDS[work.kind].row(work, portfolio, here(work))
        formats.add_calendar(head, work, portfolio_domain(self.env).files, portfolio)
        item = nodes.list_item("", anchor, *head, ids=citation["ids"])
        item["classes"] += looks(work, filtered)
        if shown := titles_in(work, filtered, portfolio):
            item["topics"] = [portfolio.translator.gettext("Topics"), *shown]
        assert work.entry  # noqa: S101 (its citation is that of an entry)
        source = work.entry.text(without=OWN).rstrip()
        block = nodes.literal_block(source, source, language="bibtex", classes=["portfolio-copy"])
        download = formats.entry(work, portfolio_domain(self.env).files)
        item += portfolio_details("", block, *download, summary="BibTeX")
        for text in filter(None, (work.summary, work.note)):
            item += nodes.paragraph("", "", *styled(text), classes=["portfolio-about"])
        others = replace(
            work,
            skills=tuple(name for name in work.skills if name not in filtered),
            topics=tuple(name for name in work.topics if name not in filtered),
        )
        for expr, each in ((HAS_FILTER, others), (f"not ({HAS_FILTER})", work)):
            if drawn := draw(facts(each, portfolio), portfolio, work.docname):
                item += addnodes.only("", drawn, expr=expr)
        return item


def _arrange(
    kind: BibKind,
    domain: PortfolioDomain,
    works: Mapping[str, CreativeWork],
    entry: DrawEntry,
    arranged: set[str],
) -> list[nodes.Node]:
    if not arranged.isdisjoint(works):
        message = (
            f"the page has {{{kind.kind.plural}}} already: remove this one, or add an option to it"
        )
        raise RecordError(message)
    drawn = kind.program(domain.portfolio, works.values(), entry)
    first = next(number for number, node in enumerate(drawn) if isinstance(node, nodes.section))
    files = formats.line(formats.OF_WORKS[kind.kind.name], domain.files, domain.portfolio)
    return [*drawn[:first], *files, *drawn[first:]]
