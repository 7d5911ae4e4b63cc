"""Works: BibTeX files are read when the build starts; pages with bibliographies give records.

sphinxcontrib-bibtex gets the entries of the files of works from here, because its own parser stops
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
from sphinx_portfolio.bibtex.kinds import BIB_KINDS
from sphinx_portfolio.bibtex.reader import BibEntry, Level, Message, read
from sphinx_portfolio.config import kinds_of_files
from sphinx_portfolio.domain import assign_id, portfolio_domain, warn
from sphinx_portfolio.model import KINDS, CreativeWork, RecordError
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.diagnosis import Hint
from sphinx_portfolio.sources.locations import line_of
from sphinx_portfolio.views.view import portfolio_view

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinxcontrib.bibtex.domain import BibtexDomain

    from sphinx_portfolio.bibtex.conversion import BibKind
    from sphinx_portfolio.model.kind import Kind

logger = logging.getLogger(__name__)


def no_entries(kind: Kind) -> str:
    """Return the remedy for a file without entries."""
    return (
        f"add a file with entries, or if there are no {kind.plural} remove it from "
        f"bibtex_bibfiles and portfolio_{kind.plural} in conf.py"
    )


class ReadWorks(SphinxTransform):
    """Reads the works that a page's bibliographies list."""

    default_priority = 840  # that of ReadRecords

    def apply(self, **kwargs: Any) -> None:
        """Give bibliographies of works the style and ids of works; store and index the records.

        If a bibliography also has other files, it lists those only: one that names no files has
        all. If it has works of several kinds, it lists those that a view of the page arranges.
        """
        cite = cast("BibtexDomain", self.env.get_domain("cite"))
        docname = self.env.current_document.docname
        domain = portfolio_domain(self.env)
        views = {view["name"] for view in self.document.findall(portfolio_view)}
        for key, bibliography in cite.bibliographies.items():
            files = bibliography.bibfiles
            if key.docname != docname or not any(path in domain.works for path in files):
                continue
            if others := [path for path in files if path not in domain.works]:
                cite.bibliographies[key] = bibliography._replace(bibfiles=others)
                continue
            plurals = {path: KINDS[domain.bibtex_files[path]].plural for path in files}
            if len({*plurals.values()}) > 1 and not views.isdisjoint(plurals.values()):
                files = [path for path in files if plurals[path] in views]
            cite.bibliographies[key] = bibliography._replace(style=style.NAME, bibfiles=files)
            for path in files:
                for name, work in domain.works[path].items():
                    citation = bibliography.citation_nodes[bibliography.keyprefix + name]
                    self._note(replace(work, docname=docname), citation)

    def _note(self, work: CreativeWork, citation: nodes.Element) -> None:
        try:
            assign_id(self.document, citation, work.id)
        except RecordError as error:
            warn("record", work.place, f"{work.kind}: {error}")
            return
        portfolio_domain(self.env).note_record(work)
        entry = ("single", f"{work.title.replace(';', ',')} ({work.kind})", work.id, "", None)
        self.document.insert(0, addnodes.index(entries=[entry]))


# -- Files ----------------------------------------------------------------------


def read_works(
    content: bytes, kind: BibKind, topics: Container[str], source: str = ""
) -> tuple[list[tuple[BibEntry, CreativeWork]], list[Message]]:
    """Return the works of a file with their entries, and all messages, ordered by line."""
    entries, messages = read(content)
    found = []
    for entry in entries:
        work, about = conversion.record(entry, kind, topics, source)
        messages += about
        if work:
            found.append((entry, work))
    if not entries and not messages:
        text = f"the file has no entry: {no_entries(kind.kind)}"
        messages.append(Message(1, Level.ERROR, text))
    return found, sorted(messages, key=lambda message: message.line)


def unique(
    works: Iterable[tuple[BibEntry, CreativeWork]],
    known: dict[str, CreativeWork],
    messages: list[Message],
) -> list[tuple[BibEntry, CreativeWork]]:
    """Return the works whose address no other one has, and report the others."""
    found = []
    for entry, work in works:
        if first := known.get(work.id):
            message = (
                f"{work.key}: its address {work.id!r} is also that of {first.key!r} "
                f"({first.place}): choose another key"
            )
            messages.append(Message(entry.line, Level.ERROR, message))
        else:
            known[work.id] = work
            found.append((entry, work))
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
    """Read the files of works, report all faults, and hand the entries to sphinxcontrib-bibtex.

    An entry with an error is left out. sphinxcontrib-bibtex itself would stop with a traceback,
    and read from a pipe without end.
    """
    kinds = kinds_of_files(app)
    files = [Path(app.confdir, name).resolve() for name in app.config.bibtex_bibfiles]
    for path in dict.fromkeys((*kinds, *files)):
        remedy = no_entries(kinds[path]) if path in kinds else "remove it from bibtex_bibfiles"
        if path in kinds and not path.exists():
            message = f"{path} is missing: {remedy}"
            raise ConfigError(message)
        if path.exists() and not path.is_file():
            message = f"{path} is not a file: {remedy}"
            raise ConfigError(message)

    domain = portfolio_domain(app.env)
    encoding = app.config.bibtex_encoding
    others = process_bibdata(
        domain.data["other_bibtex"] or BibData("", {}, BibliographyData()),
        [path for path in files if path not in kinds],
        encoding,
    )
    entries = {key: None for file in others.bibfiles.values() for key in file.keys}
    data = BibliographyData({key: others.data.entries[key] for key in entries})
    bibfiles = dict(others.bibfiles)
    hints: list[Hint] = []
    known: dict[str, CreativeWork] = {}
    found: dict[Path, dict[str, CreativeWork]] = {}
    for path, kind in kinds.items():
        read_of_file, messages = read_works(
            path.read_bytes(), BIB_KINDS[kind.name], app.config.portfolio_topics, str(path)
        )
        kept = unique(read_of_file, known, messages)
        for entry, work in list(kept):
            if entry.key in data.entries:
                message = f"{work.key}: duplicate key, also in another BibTeX file: choose another"
                messages.append(Message(entry.line, Level.ERROR, message))
                kept.remove((entry, work))
            else:
                data.add_entry(entry.key, pybtex_entry(entry))
        found[path] = {entry.key: work for entry, work in kept}
        bibfiles[path] = BibFile(get_mtime(path), dict.fromkeys(found[path]))
        hints += _report(path, messages)
    domain.data["other_bibtex"] = others
    domain.data["works"] = found
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
    """Return the pages with bibliographies if the list of files of works changed."""
    domain = portfolio_domain(env)
    files = {path: kind.name for path, kind in kinds_of_files(app).items()}
    if domain.bibtex_files == files:
        return []
    domain.data["bibtex_files"] = files
    cite = cast("BibtexDomain", env.get_domain("cite"))
    return [key.docname for key in cite.bibliographies if key.docname in env.found_docs]


def check_listed(app: Sphinx, env: BuildEnvironment) -> None:
    """Report the works that no page lists, which have no address."""
    cite = cast("BibtexDomain", env.get_domain("cite"))
    listed = {citation.key for citation in cite.citations}
    for works in portfolio_domain(env).works.values():
        for key, work in works.items():
            if key not in listed:
                message = (
                    f"no page lists the {work.kind} {key!r}: "
                    "add a {bibliography} with :all: to one"
                )
                warn("unlisted", work.place, message)


def check_cited(app: Sphinx, env: BuildEnvironment) -> None:
    """Suggest a work for each unknown key of a citation, which sphinxcontrib-bibtex reports."""
    cite = cast("BibtexDomain", env.get_domain("cite"))
    works = [work.key for work in portfolio_domain(env).portfolio.of(CreativeWork)]
    for citation in cite.citation_refs:
        path = Path(env.doc2path(citation.docname))
        for target in citation.targets:
            known = target.key in cite.bibdata.data.entries
            if not known and (near := suggest(target.key, works)):
                place = f"{path}:{line_of(target.key, path) or 1}"
                warn("cite", place, f"unknown key {target.key!r}{near}")
