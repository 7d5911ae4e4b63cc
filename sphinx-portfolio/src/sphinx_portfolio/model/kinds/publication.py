"""A publication, which is written in BibTeX: an article, a book, a thesis, a program, a patent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sphinx_portfolio.model.kind import PUBLICATIONS, Fact, Kind, Verbs
from sphinx_portfolio.model.kinds.creative_work import (
    JSON_OF_WORKS,
    CreativeWork,
    is_name_of,
    keywords,
    occasion,
    persons,
    topics,
    video,
)
from sphinx_portfolio.model.linked_data import Source, Thing
from sphinx_portfolio.model.richtext import RichText, Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx_portfolio.model.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication(CreativeWork):
    """A publication: `venue` is its journal, book, school or publisher.

    `doi`, `arxiv` and `pdf` are addresses.
    """

    kind: ClassVar[str] = "publication"

    authors: tuple[str, ...] = ()
    venue: str = ""
    doi: str = ""
    arxiv: str = ""
    pdf: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """The authors."""
        return self.authors

    @property
    def where(self) -> str:
        """The venue."""
        return self.venue


def authors(publication: Publication, portfolio: Portfolio) -> RichText:
    """Return the authors, the person of the portfolio in strong type."""
    name = portfolio.person.name
    return tuple(Run(each, strong=is_name_of(each, name)) for each in publication.authors)


def byline(publication: Publication, portfolio: Portfolio) -> str:
    """Return the authors as a line; nothing if the person of the portfolio is the only one."""
    names = publication.authors
    if all(is_name_of(name, portfolio.person.name) for name in names):
        return ""
    translator = portfolio.translator
    listed = translator.gettext(", ").join(names)
    return translator.gettext("By {names}", names=listed)


def first_link(publication: Publication, portfolio: Portfolio) -> str:
    """Return the address of the first link; empty if there is none."""
    return next((link.address for link in KIND.links_of(publication)), "")


# By the end of the format.
TYPES = {
    "thesis": "Thesis",
    "book": "Book",
    "dataset": "Dataset",
    "report": "Report",
    "software": "SoftwareApplication",
    "patent": "CreativeWork",
}
ARTICLE = "ScholarlyArticle"
ORGANIZATION = Thing("Organization", {"name": "venue"})
# What the venue is: a journal or a book, a school, or a publisher.
VENUES: Mapping[str, Mapping[str, Source]] = {
    ARTICLE: {"isPartOf": Thing("CreativeWork", {"name": "venue"})},
    "Thesis": {"sourceOrganization": ORGANIZATION},
    "CreativeWork": {"sourceOrganization": ORGANIZATION},
}


def other_addresses(publication: Publication, portfolio: Portfolio) -> tuple[str, ...]:
    """Return the addresses of the publication elsewhere."""
    return (publication.doi, publication.arxiv, publication.url)


def thing(publication: Publication, portfolio: Portfolio) -> Thing:
    """Return an article, or what the format says."""
    words = publication.format.lower()
    type_ = next((it for word, it in TYPES.items() if words.endswith(word)), ARTICLE)
    return Thing(
        type_,
        {
            "name": "title",
            "abstract": "summary",
            "author": persons,
            "datePublished": "start",
            **VENUES.get(type_, {"publisher": ORGANIZATION}),
            "sameAs": other_addresses,
            "encoding": Thing("MediaObject", {"contentUrl": "pdf"}),
            "associatedMedia": Thing("MediaObject", {"contentUrl": "slides"}),
            "video": video,
            "keywords": keywords,
        },
    )


KIND = Kind(
    record=Publication,
    plural="publications",
    facts=(
        Fact("credits", "", authors),
        Fact("occasion", "", occasion),
        Fact("topics", "Topics", topics),
    ),
    line=(("credits",), ("occasion",)),
    links={
        "doi": "DOI",
        "arxiv": "arXiv",
        "pdf": "PDF",
        "code": "code",
        "slides": "slides",
        "video": "video",
        "url": "page",
    },
    section="Publications",
    shape="work",
    lane=PUBLICATIONS,
    verbs=Verbs(once="Publications"),
    feed="Publication: {title} ({dates})",
    cited_as=dict.fromkeys(("project", "job", "degree", "talk"), "Publications"),
    json_section="publications",
    json={
        "name": "title",
        "publisher": "venue",
        "releaseDate": "start",
        "url": first_link,
        "summary": (byline, "summary"),
        **JSON_OF_WORKS,
        "x_doi": "doi",
        "x_arxiv": "arxiv",
        "x_pdf": "pdf",
    },
    thing=thing,
    microformat="h-cite",
)
