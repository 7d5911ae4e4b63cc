"""Publications in BibTeX."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from sphinx_portfolio.bibtex.conversion import ONLY_ADDRESSES, BibKind
from sphinx_portfolio.bibtex.values import OTHERS
from sphinx_portfolio.model import RecordError
from sphinx_portfolio.model.kinds.publication import KIND
from sphinx_portfolio.model.validators import address
from sphinx_portfolio.views import publications

if TYPE_CHECKING:
    from sphinx_portfolio.bibtex.conversion import Reading
    from sphinx_portfolio.bibtex.reader import BibEntry

# Fields of one meaning, the first that is given counts.
PEOPLE = ("author", "editor")
VENUE = (
    *("journaltitle", "journal", "booktitle", "maintitle", "school", "institution", "publisher"),
    *("howpublished", "organization", "eventtitle", "holder"),
)
ET_AL = "et al."  # in place of others
PDF = ("pdf", "paper")
PAGE = ("url", "html", "website")
EPRINT = ("arxiv", "eprint", "eprinttype", "archiveprefix")
# What is worth saying, by the type of the entry or its field `type` (BibLaTeX, section 3.9).
FORMATS = {
    "book": "book",
    "mvbook": "book",
    "dataset": "dataset",
    "patent": "patent",
    "report": "report",
    "techreport": "report",
    "software": "software",
    "thesis": "thesis",
    "bathesis": "bachelor's thesis",
    "candthesis": "candidate thesis",
    "mastersthesis": "master's thesis",
    "mathesis": "master's thesis",
    "phdthesis": "PhD thesis",
    "resreport": "report",
}
# Types of entries whose field `type` says what they are.
TYPED = {"patent", "report", "techreport", "thesis", "mastersthesis", "phdthesis"}
DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
DOI_HOST = re.compile(r"https?://(?:dx\.)?doi\.org/", re.IGNORECASE)
# Identifiers since 2007, and those before: https://info.arxiv.org/help/arxiv_identifier.html.
ARXIV_ID = r"([0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7}(?:v[0-9]+)?)"
ARXIV = re.compile(rf"(?:https?://arxiv\.org/(?:abs|pdf)/|arxiv:\s*)?{ARXIV_ID}(?:\.pdf)?", re.I)
ARXIV_IN_TEXT = re.compile(rf"\barxiv:\s*{ARXIV_ID}", re.IGNORECASE)


def read(reading: Reading, title: str) -> dict[str, Any]:
    """Return the fields of a publication."""
    entry = reading.entry
    page = next((name for name in PAGE if entry.latex(name)), "url")
    doi, url = reading.address("doi", doi_address), reading.address(page)
    if DOI_HOST.match(url):  # the same address twice, or the only one
        doi, url = doi or url, ""
    venue = reading.text(*VENUE, usable=_names_venue)
    arxiv = _arxiv(reading)
    return {
        "authors": tuple(ET_AL if name == OTHERS else name for name in reading.people(*PEOPLE)),
        "format": _format(entry, reading),
        "venue": venue or ("arXiv" if arxiv else ""),
        "note": reading.rich("note"),
        "doi": doi,
        "arxiv": arxiv,
        "pdf": reading.address(next((name for name in PDF if entry.latex(name)), "pdf")),
        "url": url,
    }


def doi_address(text: str) -> str:
    """Return the address of a DOI such as `10.1000/182`; RecordError if it is invalid."""
    if not text:
        return ""
    if not (match := DOI.search(unquote(text))):
        message = f"invalid DOI {text[:80]!r}: write one such as 10.1000/182"
        raise RecordError(message)
    # DOIs of the nineties have characters that addresses can't have.
    return address(f"https://doi.org/{quote(match[0], safe='/:;()._-')}")


def arxiv_address(text: str) -> str:
    """Return the address of an arXiv identifier; RecordError if it is invalid."""
    if not text:
        return ""
    if not (match := ARXIV.fullmatch(text)):
        message = f"invalid arXiv identifier {text[:80]!r}: write one such as 1706.03762"
        raise RecordError(message)
    return f"https://arxiv.org/abs/{match[1]}"


def _arxiv(reading: Reading) -> str:
    """Return the address at arXiv: of `arxiv`, an `eprint` of arXiv, or from the journal's name."""
    entry = reading.entry
    kind = entry.latex("eprinttype") or entry.latex("archiveprefix")
    for name in ("arxiv", *(["eprint"] if kind.lower() == "arxiv" else [])):
        if entry.latex(name):
            return reading.address(name, arxiv_address)
    found = (ARXIV_IN_TEXT.search(entry.latex(name)) for name in ("journal", "howpublished"))
    return next((f"https://arxiv.org/abs/{match[1]}" for match in found if match), "")


def _format(entry: BibEntry, reading: Reading) -> str:
    """Return what a publication is, empty for an article and the like."""
    known = FORMATS.get(entry.type, "")
    if entry.type not in TYPED or not (said := reading.text("type")):
        return known
    return FORMATS.get(said.lower(), said)


def _names_venue(text: str) -> bool:
    return bool(text) and not ONLY_ADDRESSES.fullmatch(text)


BIB_KIND = BibKind(
    kind=KIND,
    fields=("editor", *VENUE, "type", "doi", *EPRINT, *PDF, *PAGE[1:]),
    addresses=("doi", "arxiv", *PDF, *PAGE[1:]),
    read=read,
    row=publications.row,
    program=publications.program,
)
