"""A publication, which is written in BibTeX: an article, a book, a thesis, a program, a patent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sphinx_portfolio.model.kind import PUBLICATIONS, Fact, Kind, Verbs
from sphinx_portfolio.model.kinds.creative_work import (
    JSON_OF_WORKS,
    CreativeWork,
    is_name_of,
    occasion,
    topics,
)
from sphinx_portfolio.model.richtext import RichText, Run

if TYPE_CHECKING:
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
)
