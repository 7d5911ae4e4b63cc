"""Files made from a Portfolio: one module for each format, and the table of them.

An exporter is a pure function `Portfolio -> bytes`, which imports its format's library itself.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sphinx_portfolio.exports import docx, markdown, pdf, resume_json, text
from sphinx_portfolio.model.files import FOR_APPLICATIONS, FOR_MACHINES, TO_READ

if TYPE_CHECKING:
    from collections.abc import Callable

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
    the package that installs them. A file of selected records needs at least one of them.
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

    @property
    def is_available(self) -> bool:
        """Whether its libraries are installed."""
        return all(installed(name) for name in self.libraries)

    def applies(self, portfolio: Portfolio) -> bool:
        """Tell whether the portfolio has records for it."""
        return any(record.selected or not self.of_selected for record in portfolio.records)


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
        *("cv.png", "The first page of the CV", "image/png", pdf.picture),
        reader=TO_READ,
        libraries=("typst", "pillow"),
        extra="cv",
    ),
)
