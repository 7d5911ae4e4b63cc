"""Entries in one spelling: lower-case names, folded white space, `Last, First`, months of BibTeX.

Fields keep their names, such as `journal` or `journaltitle`: programs for BibTeX and those for
BibLaTeX each know one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pybtex.bibtex.utils import split_name_list
from pybtex.database import InvalidNameString, Person

from sphinx_portfolio.bibtex import values
from sphinx_portfolio.bibtex.latex import plain_text
from sphinx_portfolio.model import RecordError
from sphinx_portfolio.model.bibtex import MONTHS, BibtexEntry

if TYPE_CHECKING:
    from sphinx_portfolio.bibtex.reader import BibEntry

# What the entry has taken over from others is in it.
REFERENCES = {"crossref", "xdata"}


def normalized(entry: BibEntry) -> BibtexEntry:
    """Return an entry in one spelling, without empty fields and without references to others."""
    fields = []
    for name in entry.fields:
        latex = entry.latex(name)
        if not latex or name in REFERENCES:
            continue
        if name in Person.valid_roles:
            latex = " and ".join(map(_name, split_name_list(latex)))
        elif name == "month":
            latex = _month(latex)
        fields.append((name, latex))
    return BibtexEntry(entry.type, entry.key, tuple(fields))


def _name(latex: str) -> str:
    try:
        return str(values.person(latex))
    except InvalidNameString:  # of an editor: authors are valid
        return f"{{{latex}}}"


def _month(latex: str) -> str:
    """Return BibTeX's abbreviation of a month; other text, such as several months, as it is."""
    try:
        return MONTHS[values.month(plain_text(latex)) - 1]
    except RecordError:
        return latex
