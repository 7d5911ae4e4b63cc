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

from sphinx_portfolio.bibtex import style
from sphinx_portfolio.bibtex.parser import (
    ADDRESSES,
    NO_TALKS,
    TEXTS,
    Scan,
    check,
    full_name,
    talk_date,
    text,
)
from sphinx_portfolio.config import talk_files
from sphinx_portfolio.domain import claim, portfolio_domain
from sphinx_portfolio.model import Period, RecordError, Talk
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.validators import words
from sphinx_portfolio.sources.locations import line_of

if TYPE_CHECKING:
    from collections.abc import Collection, Container

    from pybtex.database import Entry
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinxcontrib.bibtex.directives import BibliographyValue
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


def entry_lines(path: Path) -> dict[str, int]:
    """Map each key of a file to its line, which pybtex doesn't keep."""
    return {key: line for _, key, line, _ in Scan(path.read_text(encoding="utf-8-sig"))}


class ReadTalks(SphinxTransform):
    """Read the talks that a page's bibliographies list."""

    default_priority = 840  # as records of pages are read

    def apply(self, **kwargs: Any) -> None:
        """Give bibliographies of talks the style and ids of talks; store and index the records.

        A bibliography of other files lists no talks, unless all its files are of talks: one
        that names no files would have them all.
        """
        cite = cast("BibtexDomain", self.env.get_domain("cite"))
        docname = self.env.current_document.docname
        files = set(portfolio_domain(self.env).talk_files)
        for key, bibliography in cite.bibliographies.items():
            others = [path for path in bibliography.bibfiles if path not in files]
            if key.docname != docname or len(others) == len(bibliography.bibfiles):
                continue
            if others:
                cite.bibliographies[key] = bibliography._replace(bibfiles=others)
                continue
            cite.bibliographies[key] = bibliography._replace(style=style.NAME)
            for path in bibliography.bibfiles:
                self._read(cite, path, bibliography)

    def _read(self, cite: BibtexDomain, path: Path, bibliography: BibliographyValue) -> None:
        lines = entry_lines(path)
        for key in cite.bibdata.bibfiles[path].keys:
            entry = cite.bibdata.data.entries[key]
            place = {
                "docname": self.env.current_document.docname,
                "source": str(path),
                "line": lines[key],
            }
            talk = read(entry, self.config.portfolio_topics, **place)
            citation = bibliography.citation_nodes[bibliography.keyprefix + key]
            try:
                claim(self.document, citation, talk.id)
            except RecordError as error:
                logger.warning(
                    "talk: %s", error, location=talk.place, type="portfolio", subtype="record"
                )
                continue
            portfolio_domain(self.env).note_record(talk)
            indexed = ("single", f"{talk.title.replace(';', ',')} (talk)", talk.id, "", None)
            self.document.insert(0, addnodes.index(entries=[indexed]))


def builder_inited(app: Sphinx) -> None:
    """Report all faults of the files of talks; ExtensionError if there is one.

    sphinxcontrib-bibtex would end with a traceback at the first, or read an
    empty file, and lose what follows a key that is taken.
    """
    found = 0
    talks = talk_files(app)
    for path in {*talks, *(Path(app.confdir, name) for name in app.config.bibtex_bibfiles)}:
        if path.exists() and not path.is_file():  # a pipe would never end
            message = f"{path} is not a file: remove it from bibtex_bibfiles in conf.py"
            raise ExtensionError(message)
    for path in talks:
        if not path.exists():
            message = f"{path} is missing: {NO_TALKS}"
            raise ExtensionError(message)
        for finding in check(path.read_bytes()):
            logger.error(finding.message, location=f"{path}:{finding.line}", type="portfolio")
            found += 1
    if found:
        message = f"{found} fault{'s' if found > 1 else ''} in the files of talks, see above"
        raise ExtensionError(message)


def env_get_outdated(
    app: Sphinx,
    env: BuildEnvironment,
    added: Collection[str],
    changed: Collection[str],
    removed: Collection[str],
) -> list[str]:
    """Read the pages with bibliographies again if other files are of talks than before."""
    domain, files = portfolio_domain(env), talk_files(app)
    if domain.talk_files == files:
        return []
    domain.data["talk_files"] = files
    cite = cast("BibtexDomain", env.get_domain("cite"))
    return [key.docname for key in cite.bibliographies if key.docname in env.found_docs]


def check_listed(app: Sphinx, env: BuildEnvironment) -> None:
    """Say which talks are listed on no page, and so have no address."""
    cite = cast("BibtexDomain", env.get_domain("cite"))
    listed = {citation.key for citation in cite.citations}
    for path in portfolio_domain(env).talk_files:
        if path.is_file():
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
    """Suggest the talk that a citation of an unknown key may mean.

    sphinxcontrib-bibtex reports that the key is unknown.
    """
    cite = cast("BibtexDomain", env.get_domain("cite"))
    talks = [talk.id for talk in portfolio_domain(env).portfolio.of(Talk)]
    for citation in cite.citation_refs:
        path = Path(env.doc2path(citation.docname))
        for target in citation.targets:
            known = target.key in cite.bibdata.data.entries
            if not known and (near := suggest(target.key, talks)):
                logger.warning(
                    "no talk %r%s",
                    target.key,
                    near,
                    location=f"{path}:{line_of(target.key, path) or 1}",
                    type="portfolio",
                    subtype="cite",
                )
