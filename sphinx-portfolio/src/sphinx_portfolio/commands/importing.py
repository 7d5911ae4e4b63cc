"""What `new` and `import` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_portfolio import importers
from sphinx_portfolio.bibtex.bibliographies import read_works
from sphinx_portfolio.bibtex.kinds import BIB_KINDS
from sphinx_portfolio.bibtex.reader import Level
from sphinx_portfolio.commands import CommandError
from sphinx_portfolio.importers.draft import Draft, Leftover, SourceError
from sphinx_portfolio.importers.pages import REPORT
from sphinx_portfolio.model import KINDS

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections import Counter
    from collections.abc import Sequence
    from pathlib import Path

    from sphinx_portfolio.importers.draft import Reference
    from sphinx_portfolio.importers.pages import Result


CHECKED = "k0"  # the key of an entry while it is checked


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
    references, draft.references = draft.references, []
    for reference in references:
        if fault := _checked(reference):
            value = f"{fault}: {reference.head}{reference.key}{reference.tail}"
            draft.leftovers.append(Leftover(reference.source, reference.path, value))
        else:
            draft.references.append(reference)
    return draft


def _checked(reference: Reference) -> str:
    """Give an entry the title and the date that a build reads.

    Return why a build would refuse it; empty if it would not.
    """
    parents = (written for _, written in reference.parents)
    own = f"{reference.head}{CHECKED}{reference.tail}"
    text = "\n".join((*reference.strings, *parents, own))
    works, messages = read_works(text.encode(), BIB_KINDS[reference.kind], ())
    for _, work in works:
        if work.id == CHECKED:
            reference.title, reference.date = work.title, str(work.start or "")
    faults = (it.text for it in messages if it.level is not Level.HINT)
    return next(faults, "").removeprefix(f"{CHECKED}: ")


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
