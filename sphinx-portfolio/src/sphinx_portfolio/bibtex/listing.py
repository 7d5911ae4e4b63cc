"""A bibliography of talks as a list, each item with the facts of the talk and its BibTeX.

sphinxcontrib-bibtex makes a container of docutils `citation` nodes. HTML writers give these roles
(`doc-biblioentry` outside a list) that accessibility checkers reject, so the citations of talks
become list items here. Other citations are left alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_portfolio.domain import portfolio_domain, styled
from sphinx_portfolio.model import RecordError, Talk
from sphinx_portfolio.views.elements import portfolio_details
from sphinx_portfolio.views.facts import draw, facts
from sphinx_portfolio.views.talks import HAS_FILTER, here, looks, program, row, talk_list
from sphinx_portfolio.views.view import fill, portfolio_view

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from pybtex.database import Entry
    from sphinxcontrib.bibtex.domain import BibtexDomain

    from sphinx_portfolio.model import Portfolio

# Fields that are left out of the BibTeX to copy: those of this package, and paths on a machine.
OWN = ("audience", "file", "keywords", "related", "selected", "shorttitle")


class ListTalks(SphinxPostTransform):
    """Replaces the citations of talks by a list, or by the program of `{talks}`."""

    # After BibliographyTransform (5), which makes the citations, and before
    # ReferencesResolver (10), which resolves the references made here.
    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Move the talks to `{talks}` if their page has it, and list the others in place."""
        portfolio = portfolio_domain(self.env).portfolio
        citations: dict[str, nodes.citation] = {}
        containers: dict[nodes.Element, set[str]] = defaultdict(set)
        for citation in list(self.document.findall(nodes.citation)):
            talk = next((portfolio.by_id.get(id_) for id_ in citation["ids"]), None)
            if isinstance(talk, Talk) and talk.docname == citation.get("docname"):
                assert citation.parent  # noqa: S101 (a container of sphinxcontrib-bibtex)
                citations[talk.id] = citation
                containers[citation.parent].add(talk.id)
        listed = [talk for talk in portfolio.of(Talk) if talk.id in citations]

        def entry(talk: Talk, filtered: Container[str] = ()) -> nodes.list_item:
            return self._entry(citations[talk.id], talk, portfolio, filtered)

        arranged: set[str] = set()
        for node in list(self.document.findall(portfolio_view)):
            # With options it draws references, as on other pages.
            if node["name"] == "talks" and not node["options"]:
                talks = {talk.id: talk for talk in listed if talk.docname == node["docname"]}
                if talks and fill(node, partial(_arrange, portfolio, talks, entry, arranged)):
                    arranged |= talks.keys()
        for container, ids in containers.items():
            left = [entry(talk) for talk in listed if talk.id in ids - arranged]
            assert container.parent  # noqa: S101 (it is on a page)
            container.parent.replace(
                container, [talk_list(left, "portfolio-talks")] if left else []
            )

    def _entry(
        self, citation: nodes.citation, talk: Talk, portfolio: Portfolio, filtered: Container[str]
    ) -> nodes.list_item:
        """Return the entry of a talk, without the skills and topics that the filter shows."""
        # In LaTeX, sphinxcontrib-bibtex links roles such as `{cite:author}` to this target.
        target = rf"\hypertarget{{cite.{talk.docname}:{talk.id}}}{{}}"
        anchor = nodes.raw("", target, format="latex")
        item = nodes.list_item(
            "", anchor, *row(talk, here(talk), portfolio.translator), ids=citation["ids"]
        )
        item["classes"] += looks(talk, filtered)
        domain = cast("BibtexDomain", self.env.get_domain("cite"))
        source = bibtex(domain.bibdata.data.entries[talk.key])
        block = nodes.literal_block(source, source, language="bibtex", classes=["portfolio-copy"])
        item += portfolio_details("", block, summary="BibTeX")
        for text in filter(None, (talk.summary, talk.note)):
            item += nodes.paragraph("", "", *styled(text), classes=["portfolio-about"])
        others = replace(
            talk,
            skills=tuple(name for name in talk.skills if name not in filtered),
            topics=tuple(name for name in talk.topics if name not in filtered),
        )
        for expr, each in ((HAS_FILTER, others), (f"not ({HAS_FILTER})", talk)):
            if drawn := draw(facts(each, portfolio), portfolio, talk.docname):
                item += addnodes.only("", drawn, expr=expr)
        return item


def _arrange(
    portfolio: Portfolio,
    talks: Mapping[str, Talk],
    entry: Callable[[Talk, Container[str]], nodes.list_item],
    arranged: set[str],
) -> list[nodes.Node]:
    if not arranged.isdisjoint(talks):
        message = "the page has {talks} already: remove this one, or add an option to it"
        raise RecordError(message)
    return program(portfolio, talks.values(), entry)


def bibtex(entry: Entry) -> str:
    """Return an entry as BibTeX, without the fields of `OWN`.

    pybtex's writer would put backslashes into addresses.
    """
    people = {
        role: " and ".join(str(person) for person in persons)
        for role, persons in entry.persons.items()
    }
    fields = {name: value for name, value in entry.fields.items() if name.lower() not in OWN}
    lines = (f"  {name} = {{{value}}},\n" for name, value in (people | fields).items())
    return f"@{entry.type}{{{entry.key},\n{''.join(lines)}}}"
