"""Talks: the entries of `talks/*.bib`, checked before Sphinx reads them, and read as records.

The records are made of what sphinxcontrib-bibtex has parsed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from portfolio.bibtex import ADDRESSES, TEXTS, Scan, check, full_name, talk_date, text
from portfolio.checks import suggest
from portfolio.dates import Period
from portfolio.domain import portfolio_domain
from portfolio.fields import words
from portfolio.places import line_of
from portfolio.records import Talk

if TYPE_CHECKING:
    from collections.abc import Container

    from pybtex.database import Entry
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinxcontrib.bibtex.domain import BibtexDomain

logger = logging.getLogger(__name__)


def read(entry: Entry, topics: Container[str], **place: Any) -> Talk:
    """Make a record of an entry that `check` has found nothing wrong with.

    Keywords that are no topics are skills. `place` is `docname`, `source` and `line`.
    """
    fields = {name.lower(): value for name, value in entry.fields.items()}
    said = {name: text(fields.get(name, "")) for name in TEXTS}
    date = talk_date(fields)
    keywords = words(said["keywords"])
    return Talk(
        id=entry.key,
        title=said["title"],
        **place,
        period=Period(date, date),
        skills=tuple(word for word in keywords if word not in topics),
        topics=tuple(word for word in keywords if word in topics),
        cites=words(said["related"]),
        audience=words(said["audience"]),
        selected=fields.get("selected") == "yes",
        speakers=tuple(full_name(person) for person in entry.persons["author"]),
        event=said["eventtitle"],
        venue=said["venue"],
        abstract=said["abstract"],
        shorttitle=said["shorttitle"],
        **{name: fields.get(name, "") for name in ADDRESSES},
    )


def is_of_talks(path: Path, env: BuildEnvironment) -> bool:
    """Tell whether a bibliography is one of talks: whether it lies in `talks/`."""
    return path.parent == Path(env.srcdir, "talks").resolve()


def entry_lines(path: Path) -> dict[str, int]:
    """Map each key of a file to its line, which pybtex doesn't keep."""
    return {key: line for _, key, line, _ in Scan(path.read_text(encoding="utf-8-sig"))}


class ReadTalks(SphinxTransform):
    """Note the talks that a page's bibliographies list."""

    default_priority = 840  # as records of pages are read

    def apply(self, **kwargs: Any) -> None:
        """Note them, and index them where they are listed."""
        cite = cast("BibtexDomain", self.env.get_domain("cite"))
        docname = self.env.current_document.docname
        paths = {
            path: entry_lines(path)
            for place, bibliography in cite.bibliographies.items()
            for path in bibliography.bibfiles
            if place.docname == docname and is_of_talks(path, self.env)
        }
        for path, lines in paths.items():
            for key in cite.bibdata.bibfiles[path].keys:
                place = {"docname": docname, "source": str(path), "line": lines[key]}
                entry = cite.bibdata.data.entries[key]
                talk = read(entry, self.config.portfolio_topics, **place)
                portfolio_domain(self.env).note_record(talk)
                indexed = ("single", f"{talk.title.replace(';', ',')} (talk)", talk.id, "", None)
                self.document.insert(0, addnodes.index(entries=[indexed]))


def builder_inited(app: Sphinx) -> None:
    """Report all faults of the files of talks; ExtensionError if there is one.

    sphinxcontrib-bibtex would end with a traceback at the first, or read an
    empty file, and lose what follows a key that is taken.
    """
    found = 0
    for name in app.config.bibtex_bibfiles or ():
        path = Path(app.confdir, name).resolve()  # as sphinxcontrib-bibtex does
        # It reports itself what is no file.
        if is_of_talks(path, app.env) and path.is_file():
            for finding in check(path.read_bytes()):
                logger.error(finding.message, location=f"{path}:{finding.line}", type="portfolio")
                found += 1
    if found:
        message = f"{found} fault{'s' if found > 1 else ''} in the files of talks, see above"
        raise ExtensionError(message)


def check_listed(app: Sphinx, env: BuildEnvironment) -> None:
    """Say which talks are listed on no page, and so have no address."""
    cite = cast("BibtexDomain", env.get_domain("cite"))
    listed = {citation.key for citation in cite.citations}
    for path in cite.bibdata.bibfiles:
        if is_of_talks(path, env) and path.is_file():
            for key, line in entry_lines(path).items():
                if key not in listed:
                    logger.warning(
                        "no page lists the talk %r: write a {bibliography} with :all: on one",
                        key,
                        location=f"{path}:{line}",
                        type="portfolio",
                        subtype="unlisted",
                    )


def check_cited(app: Sphinx, env: BuildEnvironment) -> None:
    """Name the nearest key where none is cited; sphinxcontrib-bibtex says that there is none."""
    cite = cast("BibtexDomain", env.get_domain("cite"))
    known = list(cite.bibdata.data.entries)
    for citation in cite.citation_refs:
        path = Path(env.doc2path(citation.docname))
        for target in citation.targets:
            if target.key not in cite.bibdata.data.entries:
                near = suggest(target.key, known) or ": add the entry, or cite one that there is"
                logger.warning(
                    "no bibliography has the key %r%s",
                    target.key,
                    near,
                    location=f"{path}:{line_of(target.key, path) or 1}",
                    type="portfolio",
                    subtype="cite",
                )
