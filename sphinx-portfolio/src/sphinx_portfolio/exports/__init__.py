"""Files made from a Portfolio: one module for each format, and the table of them.

An exporter is a pure function `Portfolio -> bytes`, which imports its format's library itself.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sphinx_portfolio.exports import (
    bibtex,
    calendar,
    docx,
    feed,
    icons,
    llms,
    markdown,
    pdf,
    resume_json,
    share,
    text,
    vcard,
)
from sphinx_portfolio.model.files import FOR_APPLICATIONS, FOR_MACHINES, TO_FOLLOW, TO_READ

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sphinx_portfolio.model import Portfolio


MODULES = {"pillow": "PIL", "python-docx": "docx"}  # whose name is not that of the library


def installed(library: str) -> str:
    """Return the version of a library; empty if it is not installed."""
    return version(library) if find_spec(MODULES.get(library, library)) else ""


@dataclass(frozen=True, slots=True)
class Export:
    """A file: its name, its title for readers, its media type (RFC 6838), and its exporter.

    `reader` is whom it is for, and `label` its title beside the other files; these and the title
    are ids of messages. `libraries` are the optional ones that it needs, and `extra` the extra of
    the package that installs them. A file of selected records needs at least one of them, and no
    file is made if `holds` returns nothing. `parts` are files of the same format about single
    records, by their ids.
    """

    name: str
    title: str
    media_type: str
    make: Callable[[Portfolio], bytes]
    _: KW_ONLY
    reader: str
    label: str = ""
    libraries: tuple[str, ...] = ()
    extra: str = ""
    of_selected: bool = False
    holds: Callable[[Portfolio], object] = bool
    parts: Callable[[Portfolio], Mapping[str, bytes]] | None = None

    @property
    def is_available(self) -> bool:
        """Whether its libraries are installed."""
        return all(map(installed, self.libraries))

    def applies(self, portfolio: Portfolio) -> bool:
        """Return whether the portfolio has records for it."""
        records = any(record.selected or not self.of_selected for record in portfolio.records)
        return records and bool(self.holds(portfolio))

    def name_of_part(self, id_: str) -> str:
        """Return the name of the file about a record: `talks/an-id.ics`."""
        stem, _, suffix = self.name.rpartition(".")
        return f"{stem}/{id_}.{suffix}"

    @property
    def is_cv(self) -> bool:
        """Whether it is a CV, and not a file beside it."""
        return self.name.startswith(("cv", "resume"))


@dataclass(frozen=True, slots=True)
class SiteExport:
    """Files beside the pages that are not for readers to download; `name` may be a pattern.

    They are made of the pages, or pictures of the records for the heads of pages.
    """

    name: str
    libraries: tuple[str, ...] = ()
    extra: str = ""

    @property
    def is_available(self) -> bool:
        """Whether its libraries are installed."""
        return all(map(installed, self.libraries))


EXPORTS = (
    Export(
        *("cv.pdf", "CV", "application/pdf", pdf.cv),
        reader=TO_READ,
        label="Complete",
        libraries=("typst",),
        extra="cv",
    ),
    Export(
        *("cv-short.pdf", "CV on one page", "application/pdf", pdf.short),
        reader=TO_READ,
        label="One page",
        libraries=("typst",),
        extra="cv",
        of_selected=True,
    ),
    Export(
        *("cv.docx", "CV as Word document", docx.MEDIA_TYPE, docx.cv),
        reader=FOR_APPLICATIONS,
        label="Word",
        libraries=("python-docx",),
        extra="cv",
    ),
    Export(
        *("cv.txt", "CV as plain text", "text/plain", text.cv),
        reader=FOR_APPLICATIONS,
        label="Plain text",
    ),
    Export(
        *("cv.md", "CV as Markdown", "text/markdown", markdown.cv),
        reader=FOR_MACHINES,
        label="Markdown",
    ),
    Export(
        *("resume.json", "JSON Resume", "application/json", resume_json.resume),
        reader=FOR_MACHINES,
        label="JSON Resume",
    ),
    Export(
        *("feed.xml", "Feed of new entries", "application/atom+xml", feed.feed),
        reader=TO_FOLLOW,
        label="Feed",
        holds=feed.entries,
    ),
    Export(
        *("talks.ics", "Calendar of talks", "text/calendar", calendar.talks),
        reader=TO_FOLLOW,
        label="Calendar of talks",
        holds=calendar.dated,
        parts=calendar.each_talk,
    ),
    Export(
        *("contact.vcf", "Contact card", "text/vcard", vcard.contact),
        reader=TO_FOLLOW,
        label="Contact card",
        holds=vcard.has_name,
    ),
    Export(
        *("talks.bib", "BibTeX of talks", "application/x-bibtex", bibtex.talks),
        reader=FOR_MACHINES,
        label="BibTeX of talks",
        holds=bibtex.has_talks,
        parts=bibtex.each_talk,
    ),
    Export(
        *("publications.bib", "BibTeX of publications"),
        *("application/x-bibtex", bibtex.publications),
        reader=FOR_MACHINES,
        label="BibTeX of publications",
        holds=bibtex.has_publications,
        parts=bibtex.each_publication,
    ),
    Export(
        *("cv.png", "The first page of the CV", "image/png", pdf.picture),
        reader=TO_READ,
        libraries=("typst", "pillow"),
        extra="cv",
    ),
)
SITE_EXPORTS = (
    SiteExport(llms.PAGES),
    SiteExport(llms.INDEX),
    SiteExport(llms.FULL),
    SiteExport(share.NAME, ("typst", "pillow"), "cv"),
    SiteExport(icons.FAVICON, ("typst",), "cv"),
    SiteExport(icons.TOUCH, ("typst",), "cv"),
)
