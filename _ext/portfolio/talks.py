"""Talks: the entries of `talks/*.bib`, checked before Sphinx reads them, and read as records.

The check uses pybtex's own scanner, which goes on after a fault and knows
lines; the records are made of what sphinxcontrib-bibtex has parsed. Fields are
BibLaTeX's (manual, section 2.2.2) and `video`, `slides`, `code`, `paper`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pybtex.database import InvalidNameString, Person
from pybtex.database.input.bibtex import LowLevelParser, month_names
from pybtex.richtext import Text
from pybtex.scanner import PybtexSyntaxError
from pybtex.textutils import normalize_whitespace
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinxcontrib.bibtex.nodes import bibliography as bibliography_node

from portfolio.checks import suggest
from portfolio.dates import Date, Period, RecordError
from portfolio.directives import address, identifier, words
from portfolio.domain import portfolio_domain
from portfolio.records import Talk

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from pybtex.database import Entry
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinxcontrib.bibtex.domain import BibtexDomain

logger = logging.getLogger(__name__)

ENTRY_TYPE = "unpublished"
ADDRESSES = ("url", "video", "slides", "code", "paper")
REQUIRED = ("author", "title", "eventtitle")
FIELDS = (
    *REQUIRED,
    *("eventdate", "year", "month", "venue", "abstract", "shorttitle", "keywords", "related"),
    *ADDRESSES,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in a BibTeX file, and what would be right."""

    line: int
    message: str


def month(text: str) -> int:
    """Read a month: `9`, `sep`, `Sep.` or `September`; RecordError if it is none."""
    word = text.strip().rstrip(".").lower()
    if word.isascii() and word.isdigit() and 1 <= int(word) <= 12:
        return int(word)
    for number, (short, name) in enumerate(month_names.items(), start=1):
        if len(word) >= len(short) and name.lower().startswith(word):
            return number
    message = f"{text!r} is no month: write a number from 1 to 12"
    raise RecordError(message)


def talk_date(fields: Mapping[str, str]) -> Date:
    """Read `eventdate`, or `year` and `month`; RecordError where there is neither."""
    if "eventdate" in fields:
        return Date.parse(fields["eventdate"])
    if not fields.get("year", "").strip():
        message = "there is no date: add eventdate = {YYYY-MM-DD}, or year = {YYYY}"
        raise RecordError(message)
    date = Date.parse(fields["year"])
    if date.month:
        message = f"{fields['year']!r} is no year: write YYYY"
        raise RecordError(message)
    return Date(date.year, month(fields["month"])) if fields.get("month", "").strip() else date


def check(content: bytes) -> list[Finding]:
    """Return the faults of a BibTeX file, in the order of its lines."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return [
            Finding(line, f"byte {content[error.start]:#x} is not UTF-8: save the file as UTF-8")
        ]
    findings: list[Finding] = []

    def report(error: PybtexSyntaxError) -> None:
        findings.append(Finding(error.lineno, f"this is no BibTeX: {error.args[0]}"))

    scanner = LowLevelParser(text, handle_error=report, macros=dict(month_names))
    first: dict[str, int] = {}
    for command, parts in scanner:
        kind = command.lower()
        if kind in {"string", "preamble"}:
            continue
        line = text.count("\n", 0, scanner.command_start) + 1
        key, fields = parts
        if key is None:  # what stands there can't be read, which is reported already
            continue
        findings += (Finding(line, f"{key}: {message}") for message in _check(kind, key, fields))
        if key.lower() in first:
            message = (
                f"{key}: the key is taken already, in line {first[key.lower()]}: choose another"
            )
            findings.append(Finding(line, message))
        first.setdefault(key.lower(), line)
    if not first and not findings:
        findings.append(Finding(1, f"there is no entry: add a @{ENTRY_TYPE}{{key, …}}"))
    return sorted(findings, key=lambda finding: finding.line)


def _check(kind: str, key: str, pairs: list[tuple[str, list[str]]]) -> Iterator[str]:
    """Yield what is wrong with an entry."""
    if kind != ENTRY_TYPE:
        yield f"@{kind} is no talk: write @{ENTRY_TYPE}"
        return
    names = Counter(name.lower() for name, _ in pairs)
    yield from (f"{name} is given {count} times" for name, count in names.items() if count > 1)
    for name in names:
        if name not in FIELDS:
            yield f"nothing shows a field {name!r}{suggest(name, FIELDS)}"
    fields = {name.lower(): normalize_whitespace("".join(value)) for name, value in pairs}
    for name in REQUIRED:
        if not text(fields.get(name, "")):
            yield f"there is no {name}: add {name} = {{…}}"
    for read in (_try(identifier, key), _try(talk_date, fields)):
        yield from read
    for name in ADDRESSES:
        if fault := next(_try(address, fields.get(name, "")), ""):
            yield f"{name}: {fault}"
    yield from _try(people, fields.get("author", ""))


def _try(function: Any, argument: Any) -> Iterator[str]:
    """Yield what a reader says is wrong with what it reads."""
    try:
        function(argument)
    except RecordError as error:
        yield str(error)


def text(latex: str) -> str:
    """Return what a field says, as plain text: braces and quotes of LaTeX are not part of it."""
    try:
        return str(Text.from_latex(latex)).strip()
    except PybtexSyntaxError:  # braces that don't match: it can't be LaTeX, so it stands as it is
        return latex.strip()


def people(names: str) -> tuple[str, ...]:
    """Return the names joined by `and`, first name first; RecordError if one is no name."""
    try:
        return tuple(
            full_name(Person(name))
            for name in re.split(r"\s+and\s+", names.strip())
            if name.strip()
        )
    except InvalidNameString as error:
        message = f"author: {error}: write Last, First and Last, First"
        raise RecordError(message) from error


def full_name(person: Person) -> str:
    """Return a name as it is spoken."""
    parts = (
        *(person.first_names + person.middle_names),
        *(person.prelast_names + person.last_names + person.lineage_names),
    )
    return text(" ".join(parts))


def read(entry: Entry, topics: Container[str], **place: Any) -> Talk:
    """Make a record of an entry that `check` has found nothing wrong with.

    Keywords that are no topics are skills. `place` is `docname`, `source` and `line`.
    """
    fields = {name.lower(): value for name, value in entry.fields.items()}
    said = {name: text(fields.get(name, "")) for name in FIELDS}
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
        speakers=tuple(full_name(person) for person in entry.persons.get("author", ())),
        event=said["eventtitle"],
        venue=said["venue"],
        abstract=said["abstract"],
        shorttitle=said["shorttitle"],
        **{name: fields.get(name, "").strip() for name in ADDRESSES},
    )


def files(env: BuildEnvironment) -> list[Path]:
    """Return the files of talks: the bibliographies that lie in `talks/`."""
    paths = [Path(env.srcdir, name).resolve() for name in env.config.bibtex_bibfiles]
    return [path for path in paths if path.parent == Path(env.srcdir, "talks").resolve()]


def entry_lines(path: Path) -> dict[str, int]:
    """Map each key of a file to its line, which pybtex doesn't keep."""
    content = path.read_text(encoding="utf-8-sig")
    return {
        match[1]: content.count("\n", 0, match.start()) + 1
        for match in re.finditer(r"@\s*\w+\s*[{(]\s*([^\s,}]+)", content)
    }


class ReadTalks(SphinxTransform):
    """Note the talks that a page's bibliography lists."""

    default_priority = 840  # as records of pages are read

    def apply(self, **kwargs: Any) -> None:
        """Note them, and index them where they are listed."""
        if not any(self.document.findall(bibliography_node)):
            return
        parsed = cast("BibtexDomain", self.env.get_domain("cite")).bibdata
        docname = self.env.current_document.docname
        for path in files(self.env):
            lines = entry_lines(path)
            for key in parsed.bibfiles[path].keys:
                place = {"docname": docname, "source": str(path), "line": lines.get(key, 0)}
                talk = read(parsed.data.entries[key], self.config.portfolio_topics, **place)
                portfolio_domain(self.env).note_record(talk)
                entry = ("single", f"{talk.title} (talk)", talk.id, "", None)
                self.document.insert(0, addnodes.index(entries=[entry]))


def builder_inited(app: Sphinx) -> None:
    """Report all faults of the files of talks; ExtensionError if there is one.

    sphinxcontrib-bibtex would end with a traceback at the first, or read an
    empty file, and lose what follows a key that is taken.
    """
    found = 0
    for path in files(app.env):
        if not path.is_file():
            continue  # which sphinxcontrib-bibtex reports
        for finding in check(path.read_bytes()):
            logger.error(finding.message, location=f"{path}:{finding.line}", type="portfolio")
            found += 1
    if found:
        message = f"{found} fault{'s' if found > 1 else ''} in the files of talks, see above"
        raise ExtensionError(message)


def check_listed(app: Sphinx, env: BuildEnvironment) -> None:
    """Say where talks are listed on no page, and so have no address."""
    listed = portfolio_domain(env).portfolio.of(Talk)
    for path in files(env):
        if path.is_file() and not any(talk.source == str(path) for talk in listed):
            logger.warning(
                "no page lists these talks: write a {bibliography} on one",
                location=f"{path}:1",
                type="portfolio",
                subtype="unlisted",
            )
