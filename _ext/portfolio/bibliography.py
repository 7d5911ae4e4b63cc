"""The bibliography as a plain list of talks, each with what there is to know of it.

sphinxcontrib-bibtex leaves a container of docutils `citation` nodes, which
HTML writers give roles (`doc-biblioentry` outside a list) that accessibility
checkers call critical. The option `:list: bullet` mends the roles, but then no
`{cite}` finds its entry. Hence a list of standard nodes is made here, once the
citations have been found: every builder has a writer for it, and the ids stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from portfolio.domain import portfolio_domain
from portfolio.records import Talk
from portfolio.views.details import details
from portfolio.views.facts import draw, facts
from portfolio.views.talks import keys, programme
from portfolio.views.view import view

if TYPE_CHECKING:
    from pybtex.database import Entry
    from sphinxcontrib.bibtex.domain import BibtexDomain

# Fields that are this site's own business.
OWN = ("keywords", "related", "shorttitle")


class BibliographyList(SphinxPostTransform):
    """Turn the citations of a bibliography into items of a list, or of the programme of talks."""

    # After BibliographyTransform (5), which makes the citations, and before
    # ReferencesResolver (10), which resolves the references made here.
    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Replace each container of citations."""
        citations = list(self.document.findall(nodes.citation))
        containers = dict.fromkeys(
            citation.parent for citation in citations if "docname" in citation
        )
        for container in containers:
            items = {
                citation[0].astext(): self._item(citation)
                for citation in container.findall(nodes.citation)
            }
            drawn = self._programme(items)
            if items:  # without a programme all, with one what is no talk
                drawn.append(_listing(items))
            container.replace_self(drawn)

    def _programme(self, items: dict[str, nodes.list_item]) -> list[nodes.Node]:
        """Arrange the talks where the page has `{talks}`, and take them out of the items."""
        for node in list(self.document.findall(view)):
            if node["name"] == "talks" and not node["options"]:
                node.parent.remove(node)
                return programme(
                    portfolio_domain(self.env).portfolio, lambda talk: items.pop(talk.id)
                )
        return []

    def _item(self, citation: nodes.citation) -> nodes.list_item:
        label, *text = citation.children
        item = nodes.list_item("", *text, ids=citation["ids"], classes=["talk"])
        portfolio = portfolio_domain(self.env).portfolio
        talk = portfolio.by_id.get(label.astext())
        if not isinstance(talk, Talk):
            return item
        item["classes"] += keys(talk)
        item += _links(item)
        if talk.abstract:
            item += nodes.paragraph("", talk.abstract, classes=["about"])
        docname = self.env.current_document.docname
        if told := draw(facts(talk, portfolio), portfolio, docname):
            item += told
        domain = cast("BibtexDomain", self.env.get_domain("cite"))
        entry = bibtex(domain.bibdata.data.entries[talk.id])
        block = nodes.literal_block(entry, entry, language="bibtex", classes=["copy"])
        item += details("", block, summary="BibTeX")
        return item


def bibtex(entry: Entry) -> str:
    """Return an entry as BibTeX, without the fields that are this site's own."""
    people = {
        role: " and ".join(str(person) for person in persons)
        for role, persons in entry.persons.items()
    }
    fields = {name: value for name, value in entry.fields.items() if name.lower() not in OWN}
    lines = (f"  {name} = {{{value}}},\n" for name, value in (people | fields).items())
    return f"@{entry.type}{{{entry.key},\n{''.join(lines)}}}"


def _links(item: nodes.list_item) -> list[nodes.paragraph]:
    """Move the links of an entry to a line of their own."""
    paragraph = item[0]
    assert isinstance(paragraph, nodes.paragraph)  # noqa: S101 (as BibliographyTransform makes it)
    links = [child for child in paragraph.children if isinstance(child, nodes.reference)]
    for link in links:
        paragraph.remove(link)
    while paragraph.children and not paragraph.children[-1].astext().strip():
        paragraph.pop()
    line = nodes.paragraph("", classes=["links"])
    for number, link in enumerate(links):
        line += [nodes.Text(" ")] * bool(number)
        line += link
    return [line] if links else []


def _listing(items: dict[str, nodes.list_item]) -> nodes.enumerated_list:
    return nodes.enumerated_list(
        "", *items.values(), enumtype="arabic", prefix="", suffix=".", classes=["talks"]
    )
