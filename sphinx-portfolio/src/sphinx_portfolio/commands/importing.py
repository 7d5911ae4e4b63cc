"""What `new` and `import` share."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from pybtex.database import parse_string
from pybtex.errors import capture
from pybtex.plugin import find_plugin

from sphinx_portfolio import importers
from sphinx_portfolio.bibtex.reader import Level
from sphinx_portfolio.bibtex.talks import read_talks
from sphinx_portfolio.commands import CommandError
from sphinx_portfolio.importers.draft import Draft, Leftover, SourceError
from sphinx_portfolio.importers.pages import REPORT
from sphinx_portfolio.model import KINDS

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections import Counter
    from collections.abc import Sequence
    from pathlib import Path

    from pybtex.style.formatting import BaseStyle

    from sphinx_portfolio.importers.draft import Reference
    from sphinx_portfolio.importers.pages import Result


def add_as(parser: ArgumentParser) -> None:
    """Add the option --as."""
    parser.add_argument(
        "--as", dest="as_", choices=importers.AS, default="",
        help="what entries in BibTeX and publications are; by default their fields tell",
    )  # fmt: skip


def read(paths: Sequence[Path], as_: str) -> Draft:
    """Return the draft of files; CommandError if one can't be imported.

    BibTeX that a build would refuse is left over.
    """
    try:
        draft = importers.read_all(paths, as_)
    except SourceError as error:
        raise CommandError(str(error)) from error
    faults = _faults(draft.references)
    for reference, fault in zip(draft.references, faults, strict=True):
        if fault:
            value = f"{fault}: {reference.head}{reference.key}{reference.tail}"
            draft.leftovers.append(Leftover(reference.source, reference.path, value))
    pairs = zip(draft.references, faults, strict=True)
    draft.references = [reference for reference, fault in pairs if not fault]
    return draft


def _faults(references: Sequence[Reference]) -> list[str]:
    """Return for each entry why a build would refuse it; empty if it would not."""
    publications = [it for it in references if it.kind != "talk"]
    are_printed = "publication" in KINDS or not _format_fault(*publications)
    return [
        _talk_fault(it) if it.kind == "talk" else "" if are_printed else _publication_fault(it)
        for it in references
    ]


def _talk_fault(talk: Reference) -> str:
    _, messages = read_talks(_written(talk).encode(), ())
    faults = (it.text for it in messages if it.level is not Level.HINT)
    return next(faults, "").removeprefix("k0: ")


def _publication_fault(publication: Reference) -> str:
    """Check an entry; one whose type can't be printed becomes @misc first."""
    if not _format_fault(publication):
        return ""
    publication.head = re.sub(r"@\s*\w+", "@misc", publication.head, count=1)
    return _format_fault(publication)


def _format_fault(*publications: Reference) -> str:
    """Return why the style of bibliographies can't print entries."""
    try:
        with capture() as faults:
            data = parse_string(_written(*publications), "bibtex")
            list(_style().format_bibliography(data))
    except Exception as error:  # an unknown type is an AttributeError
        return str(error)
    return str(faults[0]) if faults else ""


@cache
def _style() -> BaseStyle:
    style: BaseStyle = find_plugin("pybtex.style.formatting", "unsrt")()
    return style


def _written(*references: Reference) -> str:
    """Return a BibTeX file of entries."""
    strings = dict.fromkeys(name for reference in references for name in reference.names)
    entries = (f"{it.head}k{number}{it.tail}" for number, it in enumerate(references))
    return "\n".join((*strings, *entries))


def counted(added: Counter[str]) -> str:
    """Return how many entries were added: `5 jobs, 1 award`."""
    kinds = [kind.plural for kind in KINDS.values()]
    names = sorted(added, key=lambda name: kinds.index(name) if name in kinds else len(kinds))
    found = (f"{added[name]} {name if added[name] > 1 else name[:-1]}" for name in names)
    return ", ".join(found) or "nothing new"


def left_over(result: Result) -> str:
    """Return how many values have no place, to be appended; empty if all have."""
    count = len(result.leftovers)
    values = "value has" if count == 1 else "values have"
    return f"; {count} {values} no place: {REPORT}" if count else ""
