"""Other people's formats as pages and BibTeX: one module for each format, and the table of them.

An importer tells by the content whether a file is of its format, and makes a `Draft` of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_portfolio.importers import (
    al_folio,
    bibtex,
    json_resume,
    linkedin,
    own,
    rendercv,
    source,
)
from sphinx_portfolio.importers.draft import Draft, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sphinx_portfolio.importers.source import Data

AS = ("talk", "publication")


@dataclass(frozen=True, slots=True)
class Importer:
    """A format: how its data are recognized, and read, given the file's name and `--as`."""

    name: str
    recognizes: Callable[[Data], bool]
    read: Callable[[str, Data, str], Draft]


# The first that recognizes the data reads them.
OF_DATA = (
    Importer("a portfolio's resume.json", own.recognizes, own.read),
    Importer("JSON Resume", json_resume.recognizes, json_resume.read),
    Importer("RenderCV", rendercv.recognizes, rendercv.read),
    Importer("al-folio's _data/cv.yml", al_folio.recognizes, al_folio.read),
)
KNOWN = ", ".join((*(each.name for each in OF_DATA), "BibTeX", "LinkedIn's export (ZIP or folder)"))


def read(path: Path, as_: str = "") -> Draft:
    """Return the draft of a file, or of the folder of LinkedIn's export; raises SourceError."""
    if path.is_dir():
        return linkedin.read(str(path), source.members(path, linkedin.FILES))
    if source.is_zip(path):
        return linkedin.read(str(path), source.members(path, linkedin.FILES))
    name, text = str(path), source.decoded(str(path), source.read_bytes(path))
    if bibtex.recognizes(text):
        return bibtex.read(name, text, as_)
    if not text.strip():
        raise SourceError(f"{name}:1: the file is empty: import one of {KNOWN}")
    is_json = text.lstrip().startswith(("{", "[", "//", "/*"))
    data = source.parse_json(name, text) if is_json else source.parse_yaml(name, text)
    for importer in OF_DATA:
        if importer.recognizes(data):
            return importer.read(name, data, as_)
    raise SourceError(f"{name}:1: unknown format: expected one of {KNOWN}")


def read_all(paths: Sequence[Path], as_: str = "") -> Draft:
    """Return one draft of several files; raises SourceError."""
    whole = Draft()
    for path in paths:
        whole.add(read(path, as_))
    return whole
