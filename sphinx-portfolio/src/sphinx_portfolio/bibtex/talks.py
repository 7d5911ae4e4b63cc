"""Talks: BibTeX files are read when the build starts; pages with bibliographies give records.

sphinxcontrib-bibtex gets the entries of the files of talks from here, because its own parser stops
at the first fault.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pybtex.bibtex.utils import split_name_list
from pybtex.database import BibliographyData, Entry, InvalidNameString, Person
from sphinx import addnodes
from sphinx.errors import ConfigError
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinxcontrib.bibtex.bibfile import BibData, BibFile, get_mtime, process_bibdata

from sphinx_portfolio.bibtex import conversion, style
from sphinx_portfolio.bibtex.reader import BibEntry, Level, Message, read
from sphinx_portfolio.config import talk_files
from sphinx_portfolio.domain import assign_id, portfolio_domain
from sphinx_portfolio.model import RecordError, Talk
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.diagnosis import Hint
from sphinx_portfolio.sources.locations import line_of

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinxcontrib.bibtex.domain import BibtexDomain

logger = logging.getLogger(__name__)

NO_TALKS = (
    "add a file with entries, or if there are no talks remove it from "
    "bibtex_bibfiles and portfolio_talks in conf.py"
)


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
        talks = portfolio_domain(self.env).talks
        for key, bibliography in cite.bibliographies.items():
            others = [path for path in bibliography.bibfiles if path not in talks]
            if key.docname != docname or len(others) == len(bibliography.bibfiles):
                continue
            if others:
                cite.bibliographies[key] = bibliography._replace(bibfiles=others)
                continue
            cite.bibliographies[key] = bibliography._replace(style=style.NAME)
            for path in bibliography.bibfiles:
                for name, talk in talks[path].items():
                    citation = bibliography.citation_nodes[bibliography.keyprefix + name]
                    self._note(replace(talk, docname=docname), citation)

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


# -- Files ----------------------------------------------------------------------


def read_talks(
    content: bytes, topics: Container[str], source: str = ""
) -> tuple[list[tuple[BibEntry, Talk]], list[Message]]:
    """Return the talks of a file with their entries, and all messages, ordered by line."""
    entries, messages = read(content)
    found = []
    for entry in entries:
        talk, about = conversion.talk(entry, topics, source)
        messages += about
        if talk:
            found.append((entry, talk))
    if not entries and not messages:
        messages.append(Message(1, Level.ERROR, f"the file has no entry: {NO_TALKS}"))
    return found, sorted(messages, key=lambda message: message.line)


def unique(
    talks: Iterable[tuple[BibEntry, Talk]], known: dict[str, Talk], messages: list[Message]
) -> list[tuple[BibEntry, Talk]]:
    """Return the talks whose address no other one has, and report the others."""
    found = []
    for entry, talk in talks:
        if first := known.get(talk.id):
            message = (
                f"{talk.key}: its address {talk.id!r} is also that of {first.key!r} "
                f"({first.place}): choose another key"
            )
            messages.append(Message(entry.line, Level.ERROR, message))
        else:
            known[talk.id] = talk
            found.append((entry, talk))
    return found


def pybtex_entry(entry: BibEntry) -> Entry:
    """Return an entry for sphinxcontrib-bibtex, complete without the entries it refers to."""
    made = Entry(entry.type)
    for name, field in entry.fields.items():
        if name in Person.valid_roles:
            for written in split_name_list(entry.latex(name)):
                try:
                    made.add_person(Person(written), name)
                except InvalidNameString:  # of an editor: authors are valid
                    made.add_person(Person(f"{{{written}}}"), name)
        elif name not in {"crossref", "xdata"}:
            made.fields[field.name] = entry.latex(name)
    made.key = entry.key
    return made


# -- Hooks ----------------------------------------------------------------------


def builder_inited(app: Sphinx) -> None:
    """Read the files of talks, report all faults, and hand the entries to sphinxcontrib-bibtex.

    An entry with an error is left out. sphinxcontrib-bibtex itself would stop with a traceback,
    and read from a pipe without end.
    """
    talks = talk_files(app)
    files = [Path(app.confdir, name).resolve() for name in app.config.bibtex_bibfiles]
    for path in dict.fromkeys((*talks, *files)):
        if path in talks and not path.exists():
            message = f"{path} is missing: {NO_TALKS}"
            raise ConfigError(message)
        if path.exists() and not path.is_file():
            message = f"{path} is not a file: {NO_TALKS}"
            raise ConfigError(message)

    domain = portfolio_domain(app.env)
    encoding = app.config.bibtex_encoding
    others = process_bibdata(
        domain.data["other_bibtex"] or BibData("", {}, BibliographyData()),
        [path for path in files if path not in talks],
        encoding,
    )
    entries = {key: None for file in others.bibfiles.values() for key in file.keys}
    data = BibliographyData({key: others.data.entries[key] for key in entries})
    bibfiles = dict(others.bibfiles)
    hints: list[Hint] = []
    known: dict[str, Talk] = {}
    found: dict[Path, dict[str, Talk]] = {}
    for path in talks:
        read_of_file, messages = read_talks(
            path.read_bytes(), app.config.portfolio_topics, str(path)
        )
        kept = unique(read_of_file, known, messages)
        for entry, talk in list(kept):
            if entry.key in data.entries:
                message = f"{talk.key}: duplicate key, also in another BibTeX file: choose another"
                messages.append(Message(entry.line, Level.ERROR, message))
                kept.remove((entry, talk))
            else:
                data.add_entry(entry.key, pybtex_entry(entry))
        found[path] = {entry.key: talk for entry, talk in kept}
        bibfiles[path] = BibFile(get_mtime(path), dict.fromkeys(found[path]))
        hints += _report(path, messages)
    domain.data["other_bibtex"] = others
    domain.data["talks"] = found
    domain.data["hints"] = tuple(hints)
    cite = cast("BibtexDomain", app.env.get_domain("cite"))
    # Up to date, so that sphinxcontrib-bibtex keeps it.
    cite.data["bibdata"] = BibData(encoding, {path: bibfiles[path] for path in files}, data)


def _report(path: Path, messages: Iterable[Message]) -> list[Hint]:
    """Log messages, and return the hints."""
    hints = []
    for message in sorted(messages, key=lambda message: message.line):
        place = f"{path}:{message.line}"
        if message.level is Level.HINT:
            logger.info("%s: hint: %s", place, message.text)
            hints.append(Hint(message.rule, message.subject, place, message.text))
            continue
        log = logger.error if message.level is Level.ERROR else logger.warning
        log("%s", message.text, location=place, type="portfolio", subtype="bibtex")
    return hints


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
    for talks in portfolio_domain(env).talks.values():
        for key, talk in talks.items():
            if key not in listed:
                logger.warning(
                    "no page lists the talk %r: add a {bibliography} with :all: to one",
                    key,
                    location=talk.place,
                    type="portfolio",
                    subtype="unlisted",
                )


def check_cited(app: Sphinx, env: BuildEnvironment) -> None:
    """Suggest a talk for each unknown key of a citation, which sphinxcontrib-bibtex reports."""
    cite = cast("BibtexDomain", env.get_domain("cite"))
    talks = [talk.key for talk in portfolio_domain(env).portfolio.of(Talk)]
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
