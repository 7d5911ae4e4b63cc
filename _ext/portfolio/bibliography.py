"""The bibliography as a plain list of talks, each with what there is to know of it.

sphinxcontrib-bibtex leaves a container of docutils `citation` nodes, which
HTML writers give roles (`doc-biblioentry` outside a list) that accessibility
checkers call critical. The option `:list: bullet` mends the roles, but then no
`{cite}` finds its entry. Hence a list of standard nodes is made here, once the
citations have been found: every builder has a writer for it, and the ids stay.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from portfolio.dates import RecordError
from portfolio.domain import portfolio_domain
from portfolio.records import Talk
from portfolio.views.details import details
from portfolio.views.facts import draw, facts
from portfolio.views.talks import here, keys, listing, programme, row, topics
from portfolio.views.view import fill, view

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from pybtex.database import Entry
    from sphinxcontrib.bibtex.domain import BibtexDomain

    from portfolio.records import Portfolio

# Fields that are this site's own business.
OWN = ("audience", "keywords", "related", "selected", "shorttitle")


class BibliographyList(SphinxPostTransform):
    """Turn the citations of a bibliography into items of a list, or of the programme of talks."""

    # After BibliographyTransform (5), which makes the citations, and before
    # ReferencesResolver (10), which resolves the references made here.
    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Arrange the talks where their page has `{talks}`, and list what is left."""
        portfolio = portfolio_domain(self.env).portfolio
        known = topics(portfolio)
        items: dict[str, nodes.list_item] = {}
        containers: dict[nodes.Element, list[str]] = defaultdict(list)
        for citation in list(self.document.findall(nodes.citation)):
            if "docname" in citation:
                assert citation.parent  # noqa: S101 (a container of sphinxcontrib-bibtex)
                key = citation[0].astext()
                items[key] = self._item(citation, key, portfolio, known)
                containers[citation.parent].append(key)
        arranged: set[str] = set()
        for node in list(self.document.findall(view)):
            # With options it draws references, as on other pages.
            if node["name"] == "talks" and not node["options"]:
                found = (talk for talk in portfolio.of(Talk) if talk.docname == node["docname"])
                talks = {talk.id: talk for talk in found if talk.id in items}
                if talks and fill(node, partial(_arrange, portfolio, talks, items, arranged)):
                    arranged |= talks.keys()
        for container, listed in containers.items():
            left = [items[key] for key in listed if key not in arranged]
            assert container.parent  # noqa: S101 (it stands on a page)
            container.parent.replace(container, [listing(left, "talks")] if left else [])

    def _item(
        self, citation: nodes.citation, key: str, portfolio: Portfolio, known: Container[str]
    ) -> nodes.list_item:
        talk = portfolio.by_id.get(key)
        if not isinstance(talk, Talk):
            return nodes.list_item("", *citation.children[1:], ids=citation["ids"])
        item = nodes.list_item("", *row(talk, here(talk)), ids=citation["ids"])
        item["classes"] += ["talk", *keys(talk, known)]
        if talk.abstract:
            item += nodes.paragraph("", talk.abstract, classes=["about"])
        # In a book of one document this may be another.
        docname = citation["docname"]
        if told := draw(facts(talk, portfolio), portfolio, docname):
            item += told
        domain = cast("BibtexDomain", self.env.get_domain("cite"))
        entry = bibtex(domain.bibdata.data.entries[talk.id])
        block = nodes.literal_block(entry, entry, language="bibtex", classes=["copy"])
        item += details("", block, summary="BibTeX")
        return item


def _arrange(
    portfolio: Portfolio,
    talks: Mapping[str, Talk],
    items: Mapping[str, nodes.list_item],
    arranged: Container[str],
) -> list[nodes.Node]:
    if any(key in arranged for key in talks):
        message = "the talks are arranged above already: take this one away, or give it an option"
        raise RecordError(message)
    return programme(portfolio, talks.values(), lambda talk: items[talk.id])


def bibtex(entry: Entry) -> str:
    """Return an entry as BibTeX, without the fields that are this site's own.

    pybtex's writer would put backslashes into addresses.
    """
    people = {
        role: " and ".join(str(person) for person in persons)
        for role, persons in entry.persons.items()
    }
    fields = {name: value for name, value in entry.fields.items() if name.lower() not in OWN}
    lines = (f"  {name} = {{{value}}},\n" for name, value in (people | fields).items())
    return f"@{entry.type}{{{entry.key},\n{''.join(lines)}}}"
