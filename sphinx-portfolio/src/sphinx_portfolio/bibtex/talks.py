"""Talks: BibTeX files are checked when the build starts; pages with bibliographies give records.

The records are made from the entries that sphinxcontrib-bibtex parsed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sphinx import addnodes
from sphinx.errors import ConfigError, SphinxError
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from sphinx_portfolio.bibtex import style
from sphinx_portfolio.bibtex.parser import (
    ADDRESSES,
    NO_TALKS,
    TEXTS,
    Scanner,
    check,
    full_name,
    talk_date,
    text,
)
from sphinx_portfolio.config import talk_files
from sphinx_portfolio.domain import assign_id, portfolio_domain
from sphinx_portfolio.model import Period, RecordError, Talk
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.validators import words
from sphinx_portfolio.sources.locations import line_of

if TYPE_CHECKING:
    from collections.abc import Collection, Container

    from docutils import nodes
    from pybtex.database import Entry
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinxcontrib.bibtex.domain import BibtexDomain

logger = logging.getLogger(__name__)


def read(entry: Entry, topics: Container[str], **place: Any) -> Talk:
    """Return the record of a valid entry.

    Keywords that are not topics are skills. `place` is `docname`, `source` and `line`.
    """
    fields = {name.lower(): value for name, value in entry.fields.items()}
    texts = {name: text(fields.get(name, "")) for name in TEXTS}
    date = talk_date(fields)
    keywords = words(texts["keywords"])
    return Talk(
        id=entry.key,
        title=texts["title"],
        **place,
        period=Period(date, date),
        skills=tuple(word for word in keywords if word not in topics),
        topics=tuple(word for word in keywords if word in topics),
        cites=words(texts["related"]),
        audience=words(texts["audience"]),
        selected=fields.get("selected") == "yes",
        speakers=tuple(full_name(person) for person in entry.persons["author"]),
        event=texts["eventtitle"],
        venue=texts["venue"],
        abstract=texts["abstract"],
        note=texts["note"],
        shorttitle=texts["shorttitle"],
        **{name: fields.get(name, "") for name in ADDRESSES},
    )


def entry_lines(path: Path) -> dict[str, int]:
    """Map each key of a file to its line, which pybtex doesn't keep."""
    return {entry.key: entry.line for entry in Scanner(path.read_text(encoding="utf-8-sig"))}


class ReadTalks(SphinxTransform):
    """Reads the talks that a page's bibliographies list."""

    default_priority = 840  # that of ReadRecords

    def apply(self, **kwargs: Any) -> None:
        """Give bibliographies of talks the style and ids of talks; store and index the records.

        If a bibliography also has other files, it lists those only: one that names no files has
        all.
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
                lines = entry_lines(path)
                for name in cite.bibdata.bibfiles[path].keys:
                    talk = read(
                        cite.bibdata.data.entries[name],
                        self.config.portfolio_topics,
                        docname=docname,
                        source=str(path),
                        line=lines[name],
                    )
                    self._note(talk, bibliography.citation_nodes[bibliography.keyprefix + name])

    def _note(self, talk: Talk, citation: nodes.Element) -> None:
        try:
            assign_id(self.document, citation, talk.id)
        except RecordError as error:
            logger.warning(
                "talk: %s", error, location=talk.place, type="portfolio", subtype="record"
            )
            return
        portfolio_domain(self.env).note_record(talk)
        entry = ("single", f"{talk.title.replace(';', ',')} (talk)", talk.id, "", None)
        self.document.insert(0, addnodes.index(entries=[entry]))


def builder_inited(app: Sphinx) -> None:
    """Report all errors of the files of talks; raise SphinxError if there is one.

    sphinxcontrib-bibtex would read from a pipe without end, stop with a traceback at a syntax
    error, accept an empty file, and ignore what follows a duplicate key.
    """
    talks = talk_files(app)
    others = [Path(app.confdir, name) for name in app.config.bibtex_bibfiles]
    for path in (*talks, *others):
        if path.exists() and not path.is_file():
            message = f"{path} is not a file: {NO_TALKS}"
            raise ConfigError(message)
    count = 0
    for path in talks:
        if not path.exists():
            message = f"{path} is missing: {NO_TALKS}"
            raise ConfigError(message)
        for finding in check(path.read_bytes()):
            logger.error(finding.message, location=f"{path}:{finding.line}", type="portfolio")
            count += 1
    if count:
        message = f"{count} error{'s' if count > 1 else ''} in BibTeX files of talks, see above"
        raise SphinxError(message)


def env_get_outdated(
    app: Sphinx,
    env: BuildEnvironment,
    added: Collection[str],
    changed: Collection[str],
    removed: Collection[str],
) -> list[str]:
    """Return the pages with bibliographies if the list of files of talks changed."""
    domain, files = portfolio_domain(env), talk_files(app)
    if domain.talk_files == files:
        return []
    domain.data["talk_files"] = files
    cite = cast("BibtexDomain", env.get_domain("cite"))
    return [key.docname for key in cite.bibliographies if key.docname in env.found_docs]


def check_listed(app: Sphinx, env: BuildEnvironment) -> None:
    """Report the talks that no page lists, which have no address."""
    cite = cast("BibtexDomain", env.get_domain("cite"))
    listed = {citation.key for citation in cite.citations}
    for path in portfolio_domain(env).talk_files:
        for key, line in entry_lines(path).items():
            if key not in listed:
                logger.warning(
                    "no page lists the talk %r: add a {bibliography} with :all: to one",
                    key,
                    location=f"{path}:{line}",
                    type="portfolio",
                    subtype="unlisted",
                )


def check_cited(app: Sphinx, env: BuildEnvironment) -> None:
    """Suggest a talk for each unknown key of a citation, which sphinxcontrib-bibtex reports."""
    cite = cast("BibtexDomain", env.get_domain("cite"))
    talks = [talk.id for talk in portfolio_domain(env).portfolio.of(Talk)]
    for citation in cite.citation_refs:
        path = Path(env.doc2path(citation.docname))
        for target in citation.targets:
            known = target.key in cite.bibdata.data.entries
            if not known and (near := suggest(target.key, talks)):
                logger.warning(
                    "unknown talk %r%s",
                    target.key,
                    near,
                    location=f"{path}:{line_of(target.key, path) or 1}",
                    type="portfolio",
                    subtype="cite",
                )
