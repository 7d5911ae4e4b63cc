"""What is made of the Portfolio beside the site: a file a format, and the table of them.

Each is a pure function `Portfolio -> bytes`, which imports its format's library itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sphinx_portfolio.exports import markdown, pdf, resume_json, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx_portfolio.model import Portfolio


def _selects(portfolio: Portfolio) -> bool:
    return any(record.selected for record in portfolio.records)


def _has_records(portfolio: Portfolio) -> bool:
    return bool(portfolio.records)


@dataclass(frozen=True, slots=True)
class Export:
    """A file: its name, what it is to a reader, its media type (RFC 6838), and what makes it.

    `extra` is the extra of the package that brings its `library`, if it needs one. `applies`
    tells whether there is anything to put into it.
    """

    name: str
    title: str
    media_type: str
    make: Callable[[Portfolio], bytes]
    applies: Callable[[Portfolio], bool] = _has_records
    library: str = ""
    extra: str = ""

    @property
    def is_available(self) -> bool:
        """Whether its library is installed."""
        return not self.library or find_spec(self.library) is not None


def _typeset(
    name: str,
    title: str,
    media_type: str,
    make: Callable[[Portfolio], bytes],
    applies: Callable[[Portfolio], bool] = _has_records,
) -> Export:
    return Export(name, title, media_type, make, applies, library="typst", extra="cv")


EXPORTS = (
    _typeset("cv.pdf", "CV", "application/pdf", pdf.cv),
    _typeset("cv-short.pdf", "CV on one page", "application/pdf", pdf.short, _selects),
    Export("cv.txt", "CV as plain text", "text/plain", text.cv),
    Export("cv.md", "CV as Markdown", "text/markdown", markdown.cv),
    Export("resume.json", "JSON Resume", "application/json", resume_json.resume),
    _typeset("cv.png", "The first page of the CV", "image/png", pdf.picture),
)
