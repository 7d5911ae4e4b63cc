"""BibTeX of talks and publications: the entries of the sources, newest first, in one spelling.

Only what is of no use to others is left out: paths on a machine, and the fields that say in which
CV an entry is.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sphinx_portfolio.exports.outline import error_in
from sphinx_portfolio.model import CreativeWork, Publication, RecordError, Talk
from sphinx_portfolio.model.bibtex import is_balanced
from sphinx_portfolio.model.validators import showable

if TYPE_CHECKING:
    from sphinx_portfolio.model import Portfolio

LEFT_OUT = ("audience", "file", "selected")


def works(portfolio: Portfolio, kind: type[CreativeWork]) -> tuple[CreativeWork, ...]:
    """Return the works of a kind that are written in BibTeX."""
    return tuple(work for work in portfolio.of(kind) if work.entry)


def bibliography(portfolio: Portfolio, kind: type[CreativeWork]) -> bytes:
    """Return the entries of a kind as BibTeX (UTF-8); ExportError if it can't hold a value."""
    return "\n".join(_text(work) for work in works(portfolio, kind)).encode()


def each_work(portfolio: Portfolio, kind: type[CreativeWork]) -> dict[str, bytes]:
    """Return the entry of each work of a kind by the id of the work."""
    return {work.id: _text(work).encode() for work in works(portfolio, kind)}


def _text(work: CreativeWork) -> str:
    assert work.entry  # noqa: S101 (`works` chooses)
    for name, value in work.entry.fields:
        try:
            showable(value)
        except RecordError as error:
            raise error_in(work, f"{name}: {error}") from error
        if not is_balanced(value):
            message = f"{name}: unbalanced braces in {value[:80]!r}, which BibTeX can't hold"
            raise error_in(work, message)
    return work.entry.text(without=LEFT_OUT)


talks = partial(bibliography, kind=Talk)
publications = partial(bibliography, kind=Publication)
each_talk = partial(each_work, kind=Talk)
each_publication = partial(each_work, kind=Publication)
has_talks = partial(works, kind=Talk)
has_publications = partial(works, kind=Publication)
