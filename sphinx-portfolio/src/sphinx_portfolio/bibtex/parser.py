"""Parsing and validation of BibTeX files of talks.

pybtex's scanner goes on after a syntax error and knows lines. Fields are those of BibLaTeX
(manual, section 2.2.2) and `video`, `slides`, `code`, `paper`.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import latexcodec  # noqa: F401 (registers the codec `ulatex`)
from pybtex.bibtex.utils import split_name_list
from pybtex.database import InvalidNameString, Person
from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro, month_names
from pybtex.scanner import PrematureEOF, PybtexSyntaxError
from pybtex.textutils import normalize_whitespace
from pybtex.utils import CaseInsensitiveDict

from sphinx_portfolio.model import Date, RecordError
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.validators import address, identifier, showable, words
from sphinx_portfolio.sources.locations import line_at, utf8_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ENTRY_TYPE = "unpublished"
ADDRESSES = ("url", "video", "slides", "code", "paper")
REQUIRED = ("author", "title", "eventtitle")
TEXTS = (*REQUIRED, "venue", "abstract", "note", "shorttitle", "keywords", "related", "audience")
FIELDS = (*TEXTS, "selected", "eventdate", "year", "month", *ADDRESSES)
NO_TALKS = (
    "add a file with entries, or if there are no talks remove it from "
    "bibtex_bibfiles and portfolio_talks in conf.py"
)
ENTRY_START = re.compile(r"^[ \t]*@\s*\w+\s*[{(]", re.MULTILINE)
# Characters that the codec would interpret or that `BRACES` removes: control characters, which the
# codec keeps, stand for them until then. A percent sign is no comment in BibTeX.
LITERALS = {r"\{": "\x01", r"\}": "\x02", r"\$": "\x03", "%": r"\%"}
BRACES = str.maketrans({"{": "", "}": "", "\x01": "{", "\x02": "}", "\x03": "$"})


class Fault(NamedTuple):
    """An error in a BibTeX file, and its remedy."""

    line: int
    message: str


class RawEntry(NamedTuple):
    """An entry as written; `fields` are names and parts of values, None after a syntax error."""

    type: str
    key: str
    line: int
    fields: list[tuple[str, list[str]]] | None


class Scanner(LowLevelParser):  # type: ignore[misc]
    """Scans a BibTeX file: iteration yields its entries, and adds syntax errors to `faults`."""

    pos: int

    def __init__(self, text: str) -> None:
        super().__init__(text, macros=CaseInsensitiveDict(month_names))
        self.faults: list[Fault] = []
        self._broken = -1  # the start of the last command with a syntax error

    def __iter__(self) -> Iterator[RawEntry]:
        end = 0
        for command, parts in self.parse_bibliography():
            self._check_between(end, self.command_start)
            end = self.pos
            if command.lower() in {"string", "preamble"}:
                continue
            key, fields = parts
            if key is not None:  # else there is a finding
                line = line_at(self.text, self.command_start)
                broken = self._broken == self.command_start
                yield RawEntry(command.lower(), key, line, None if broken else fields)
        self._check_between(end, len(self.text))

    def handle_error(self, error: PybtexSyntaxError) -> None:
        """Add a finding and go on with the next entry, even if a brace is open."""
        reason = error.args[0]
        if isinstance(error, UndefinedMacro):
            message = f"undefined string {reason!r}: put text between braces"
            self.faults.append(Fault(error.lineno, message))
            return
        key, position = self.current_entry_key, self.command_start
        if isinstance(error, PrematureEOF):
            message = "this entry is not closed: add the missing brace or quote"
        else:
            if key is not None:
                position = self.pos
            line = self.text.split("\n")[line_at(self.text, position) - 1].strip()[:40]
            if key is not None and ENTRY_START.match(line):
                position = self.command_start
                message = f"{key}: a brace or a quote is missing before the next entry"
            else:
                # After a value there may be a comma, too.
                reason = re.sub(r"^('[})]' expected)", r"a comma or \1", reason)
                message = f"invalid BibTeX: {reason} at {line!r}"
        self.faults.append(Fault(line_at(self.text, position), message))
        self._broken = self.command_start
        match = ENTRY_START.search(self.text, self.command_start + 1)
        self.pos = match.start() if match else len(self.text)
        self.lineno = line_at(self.text, self.pos)

    def _check_between(self, start: int, end: int) -> None:
        """Report the first text outside of entries, which BibTeX ignores."""
        between = self.text[start:end].partition("@")[0]
        for number, line in enumerate(between.split("\n"), start=line_at(self.text, start)):
            if line.strip() and not line.strip().startswith("%"):
                found = repr(line.strip()[:40])
                message = f"{found} is outside of any entry: remove it, or begin it with %"
                self.faults.append(Fault(number, message))
                return


def check(content: bytes) -> list[Fault]:
    """Return the errors of a BibTeX file of talks, ordered by line."""
    if fault := utf8_fault(content):
        return [Fault(*fault)]
    decoded = content.decode("utf-8-sig")
    scanner = Scanner(re.sub(r"\r\n?", "\n", decoded))
    lines: dict[str, int] = {}
    for entry in scanner:
        messages = [*_check_entry(entry)]
        if first := lines.get(entry.key.lower()):
            messages.append(f"duplicate key, first used in line {first}: choose another")
        lines.setdefault(entry.key.lower(), entry.line)
        scanner.faults += (Fault(entry.line, f"{entry.key}: {each}") for each in messages)
    if not lines and not scanner.faults:
        scanner.faults.append(Fault(1, f"the file has no entry: {NO_TALKS}"))
    return sorted(scanner.faults, key=lambda fault: fault.line)


def _check_entry(entry: RawEntry) -> Iterator[str]:
    if entry.fields is None:
        return
    if entry.type != ENTRY_TYPE:
        yield f"invalid type @{entry.type}: expected @{ENTRY_TYPE}"
        return
    for name, count in Counter(name.lower() for name, _ in entry.fields).items():
        if count > 1:
            yield f"{name} is given {count} times: keep one"
        if name not in FIELDS:
            yield f"unknown field {name!r}{suggest(name, FIELDS)}"
    yield from _check_values(entry.key, {name.lower(): "".join(it) for name, it in entry.fields})


def _check_values(key: str, raw: Mapping[str, str]) -> Iterator[str]:
    fields = {name: normalize_whitespace(value) for name, value in raw.items()}
    for name in REQUIRED:
        if not text(fields.get(name, "").rstrip("\\")).strip():
            yield f"{name} is missing: add {name} = {{…}}"
    for name in ("year", "month"):
        if fields.get(name) and fields.get("eventdate"):
            yield f"{name} is given beside eventdate: remove it"
    readers: list[tuple[str, Callable[[Any], object], Any]] = [
        ("", identifier, key),
        ("", talk_date, fields),
        ("selected: ", yes, fields.get("selected", "yes")),
        *(("audience: ", identifier, name) for name in words(fields.get("audience", ""))),
        ("author: ", people, fields.get("author", "")),
        *((f"{name}: ", address, fields.get(name, "")) for name in ADDRESSES),
        *((f"{name}: ", text, fields.get(name, "")) for name in TEXTS if name != "author"),
        *((f"{name}: ", showable, value) for name, value in raw.items()),
    ]
    for label, reader, value in readers:
        try:
            reader(value)
        except RecordError as error:
            yield f"{label}{error}"


# -- Values of fields ---------------------------------------------------------
# These functions raise RecordError if a value is invalid.


def month(text: str) -> int:
    """Return the number of a month: `9`, `sep`, `Sep.` or `September`."""
    word = text.strip().rstrip(".").lower()
    for number, name in enumerate(month_names.values(), start=1):
        if word in {str(number), f"{number:02}"} or (
            len(word) >= 3 and name.lower().startswith(word)
        ):
            return number
    message = f"invalid month {text!r}: expected a number from 1 to 12"
    raise RecordError(message)


def yes(text: str) -> None:
    """Validate a field that is `yes` or left out."""
    if text != "yes":
        message = f"invalid value {text!r}: use yes or remove the field"
        raise RecordError(message)


def talk_date(fields: Mapping[str, str]) -> Date:
    """Return the date of `eventdate`, or of `year` and `month`."""
    if exact := fields.get("eventdate"):
        return Date.parse(exact)
    year = fields.get("year")
    if not year:
        message = "the date is missing: add eventdate = {YYYY-MM-DD}, or year = {YYYY}"
        raise RecordError(message)
    date = Date.parse(year)
    if date.month:
        message = f"invalid year {year!r}: expected YYYY"
        raise RecordError(message)
    return Date(date.year, month(fields["month"])) if fields.get("month") else date


def text(latex: str) -> str:
    r"""Return LaTeX as plain text; braces group, a literal one is written `\{`."""
    escaped = re.sub(r"\\.|%", lambda match: LITERALS.get(match[0], match[0]), latex)
    try:
        plain = codecs.decode(escaped, "ulatex")  # type: ignore[call-overload]
    except UnicodeDecodeError as error:
        message = rf"{latex!r} ends with a backslash: write \textbackslash for the character"
        raise RecordError(message) from error
    # Hard spaces (~) stay.
    return re.sub(r"[ \n]+", " ", plain.translate(BRACES)).strip(" ")


def people(names: str) -> tuple[str, ...]:
    """Return the names joined by `and`, each with the first name first."""
    try:
        return tuple(full_name(Person(name)) for name in split_name_list(names))
    except InvalidNameString as error:
        message = f"{error}: expected Last, First and Last, First"
        raise RecordError(message) from error


def full_name(person: Person) -> str:
    """Return a name with the first name first."""
    parts = (
        *(person.first_names + person.middle_names),
        *(person.prelast_names + person.last_names + person.lineage_names),
    )
    name = text(" ".join(parts))
    if not name or name == "others" or "and" in parts:
        message = f"invalid name {name!r}: expected Last, First and Last, First, all speakers"
        raise RecordError(message)
    return name
