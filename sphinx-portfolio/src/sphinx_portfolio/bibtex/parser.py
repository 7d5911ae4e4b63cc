"""What an entry of a talk says in BibTeX: its fields as text, and each fault with its line.

The check uses pybtex's own scanner, which goes on after a fault and knows
lines. Fields are BibLaTeX's (manual, section 2.2.2) and `video`, `slides`,
`code`, `paper`.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import latexcodec  # noqa: F401 (makes the codec `ulatex` known)
from pybtex.bibtex.utils import split_name_list
from pybtex.database import InvalidNameString, Person
from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro, month_names
from pybtex.scanner import PrematureEOF, PybtexSyntaxError
from pybtex.textutils import normalize_whitespace
from pybtex.utils import CaseInsensitiveDict

from sphinx_portfolio.model import Date, RecordError
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.validators import address, identifier, unshowable, words
from sphinx_portfolio.sources.locations import line_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ENTRY_TYPE = "unpublished"
ADDRESSES = ("url", "video", "slides", "code", "paper")
REQUIRED = ("author", "title", "eventtitle")
TEXTS = (*REQUIRED, "venue", "abstract", "shorttitle", "keywords", "related", "audience")
FIELDS = (*TEXTS, "selected", "eventdate", "year", "month", *ADDRESSES)
NO_TALKS = "add an entry, or if there are no talks remove it from bibtex_bibfiles in conf.py"
# Where an entry begins, if the one before it is broken.
ENTRY = re.compile(r"^[ \t]*@\s*\w+\s*[{(]", re.MULTILINE)
# Signs that are meant, though LaTeX has a use for them: what stands for them while
# the codec works, which leaves controls alone, and how they read at the end.
MEANT = {r"\{": "\x01", r"\}": "\x02", r"\$": "\x03", "%": r"\%"}
SIGNS = str.maketrans({"{": "", "}": "", "\x01": "{", "\x02": "}", "\x03": "$"})


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in a BibTeX file, and what would be right."""

    line: int
    message: str


def month(text: str) -> int:
    """Read a month: `9`, `sep`, `Sep.` or `September`; RecordError if it is none."""
    word = text.strip().rstrip(".").lower()
    if re.fullmatch("0?[1-9]|1[0-2]", word):
        return int(word)
    for number, (short, name) in enumerate(month_names.items(), start=1):
        if len(word) >= len(short) and name.lower().startswith(word):
            return number
    message = f"{text!r} is no month: write a number from 1 to 12"
    raise RecordError(message)


def yes(text: str) -> str:
    """Check a mark; RecordError unless it says yes."""
    if text != "yes":
        message = f"{text!r} says nothing: write yes, or take the field away"
        raise RecordError(message)
    return text


def talk_date(fields: Mapping[str, str]) -> Date:
    """Read `eventdate`, or `year` and `month`; RecordError where there is neither."""
    if exact := fields.get("eventdate"):
        return Date.parse(exact)
    year = fields.get("year")
    if not year:
        message = "there is no date: add eventdate = {YYYY-MM-DD}, or year = {YYYY}"
        raise RecordError(message)
    date = Date.parse(year)
    if date.month:
        message = f"{year!r} is no year: write YYYY"
        raise RecordError(message)
    return Date(date.year, month(fields["month"])) if fields.get("month") else date


def check(content: bytes) -> list[Finding]:
    """Return the faults of a BibTeX file, in the order of its lines."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"byte {error.object[error.start]:#x} is not UTF-8: save the file as UTF-8"
        return [Finding(line, message)]
    scan = Scan(re.sub(r"\r\n?", "\n", text))
    first: dict[str, int] = {}
    for kind, key, line, fields in scan:
        if fields is not None:
            scan.findings += (
                Finding(line, f"{key}: {message}") for message in _check(kind, key, fields)
            )
        if key.lower() in first:
            message = (
                f"{key}: the key is taken already, in line {first[key.lower()]}: choose another"
            )
            scan.findings.append(Finding(line, message))
        first.setdefault(key.lower(), line)
    if not first and not scan.findings:
        scan.findings.append(Finding(1, f"the file has no entry: {NO_TALKS}"))
    return sorted(scan.findings, key=lambda finding: finding.line)


class Scan:
    """The entries of a BibTeX file, each with its line, and what keeps it from being BibTeX.

    Iterating yields type, key, line and fields, in place of which there is None
    where they can't all be read, and adds to `findings`.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.findings = [
            Finding(number, f"the character U+{ord(found):04X} can't be shown: remove it")
            for number, line in enumerate(text.split("\n"), start=1)
            if (found := unshowable(line))
        ]
        self._broken = -1  # where the last broken command begins
        self._scanner = LowLevelParser(
            text, handle_error=self._report, macros=CaseInsensitiveDict(month_names)
        )

    def __iter__(self) -> Iterator[tuple[str, str, int, list[tuple[str, list[str]]] | None]]:
        scanner, end = self._scanner, 0
        for command, parts in scanner:
            self._outside(end, scanner.command_start)
            end = scanner.pos
            kind = command.lower()
            if kind in {"string", "preamble"}:
                continue
            key, fields = parts
            if key is not None:  # else it is reported already
                broken = self._broken == scanner.command_start
                yield (
                    kind,
                    key,
                    line_at(self.text, scanner.command_start),
                    None if broken else fields,
                )
        self._outside(end, len(self.text))

    def _report(self, error: PybtexSyntaxError) -> None:
        scanner = self._scanner
        start, reason = scanner.command_start, error.args[0]
        if isinstance(error, UndefinedMacro):
            message = f"{reason!r} is no text: put it between braces"
            self.findings.append(Finding(error.lineno, message))
            return
        if isinstance(error, PrematureEOF):
            message = "what begins here never ends: is a brace or a quote missing?"
        else:
            if scanner.current_entry_key is not None:  # else all of it is wrong
                start = scanner.pos
            # Where a value has ended a comma would be right, too.
            reason = re.sub(r"^('[})]' expected)", r"a comma or \1", reason)
            here = self.text.split("\n")[line_at(self.text, start) - 1].strip()[:40]
            message = f"this is no BibTeX: {reason} at {here!r}"
            if ENTRY.match(here) and scanner.current_entry_key is not None:
                # The next entry is read as part of the one that is never closed.
                start = scanner.command_start
                key = scanner.current_entry_key
                message = f"{key}: a brace or a quote is missing before the next entry"
        self.findings.append(Finding(line_at(self.text, start), message))
        # The next entry is not part of this one, though a brace of this one may be open.
        match = ENTRY.search(self.text, scanner.command_start + 1)
        scanner.pos = match.start() if match else len(self.text)
        scanner.lineno = line_at(self.text, scanner.pos)
        self._broken = scanner.command_start

    def _outside(self, start: int, end: int) -> None:
        """Report what stands between entries, which BibTeX skips: it may be meant as one."""
        between = self.text[start:end].partition("@")[0]
        for number, line in enumerate(between.split("\n"), start=line_at(self.text, start)):
            if line.strip() and not line.strip().startswith("%"):
                message = (
                    f"{line.strip()[:40]!r} is outside of any entry: "
                    "take it away, or begin a comment with %"
                )
                self.findings.append(Finding(number, message))
                return  # what follows it belongs to it


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
        if not text(fields.get(name, "").rstrip("\\")).strip():
            yield f"there is no {name}: add {name} = {{…}}"
    for name in ("year", "month"):
        if fields.get(name) and fields.get("eventdate"):
            yield f"eventdate says when it is: take {name} away"
    readers: list[tuple[str, Callable[[Any], object], Any]] = [
        ("", identifier, key),
        ("", talk_date, fields),
        ("selected: ", yes, fields.get("selected", "yes")),
        *(("audience: ", identifier, name) for name in words(fields.get("audience", ""))),
        ("author: ", people, fields.get("author", "")),
        *((f"{name}: ", address, fields.get(name, "")) for name in ADDRESSES),
        *((f"{name}: ", text, fields.get(name, "")) for name in TEXTS if name != "author"),
    ]
    for label, reader, value in readers:
        try:
            reader(value)
        except RecordError as error:
            yield f"{label}{error}"


def text(latex: str) -> str:
    r"""Return what a field says, as plain text; RecordError if it ends in the middle of a command.

    Braces group, as LaTeX has it: one that is meant is `\{`. A percent sign is
    one, as BibTeX has it; for pybtex what follows it would be a comment.
    """
    escaped = re.sub(r"\\.|%", lambda sign: MEANT.get(sign[0], sign[0]), latex)
    try:
        plain = codecs.decode(escaped, "ulatex")  # type: ignore[call-overload]
    except UnicodeDecodeError as error:
        message = rf"a backslash ends {latex!r}: write \textbackslash for the sign itself"
        raise RecordError(message) from error
    # Hard spaces (~) stay.
    return re.sub(r"[ \n]+", " ", plain.translate(SIGNS)).strip(" ")


def people(names: str) -> tuple[str, ...]:
    """Return the names joined by `and`, first name first; RecordError if one is no name."""
    try:
        return tuple(full_name(Person(name)) for name in split_name_list(names))
    except InvalidNameString as error:
        message = f"{error}: write Last, First and Last, First"
        raise RecordError(message) from error


def full_name(person: Person) -> str:
    """Return a name as it is spoken; RecordError if it is none."""
    parts = (
        *(person.first_names + person.middle_names),
        *(person.prelast_names + person.last_names + person.lineage_names),
    )
    name = text(" ".join(parts))
    if not name or name == "others" or "and" in parts:
        message = f"{name!r} is no name: write Last, First and Last, First, all who spoke"
        raise RecordError(message)
    return name
