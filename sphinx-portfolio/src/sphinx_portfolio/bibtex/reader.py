"""Reading of BibTeX files: entries with their fields and lines, and what is wrong with the file.

Everything that BibTeX and BibLaTeX accept is read: any type, key and field, `@string`, `crossref`
and `xdata`, text between entries. pybtex's scanner goes on after a syntax error and knows lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro, month_names
from pybtex.scanner import PrematureEOF, PybtexSyntaxError
from pybtex.textutils import normalize_whitespace
from pybtex.utils import CaseInsensitiveDict

from sphinx_portfolio.model.validators import words
from sphinx_portfolio.sources.locations import utf8_fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ENTRY_START = re.compile(r"^[ \t]*@\s*\w+\s*[{(]", re.MULTILINE)
BROKEN_ENTRY = re.compile(r"^\s*\w+\s*\{")
# The rest of an entry that ended too early: a comma, or a field.
REST_OF_ENTRY = re.compile(r"^\s*(?:,|[\w-]+\s*=\s*[{\"\w])")
FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)")
# BibTeX has the abbreviations of months only, but people write the names.
MONTHS = month_names | {name.lower(): name for name in month_names.values()} | {"sept": "September"}
# Entries that only others refer to, and types that hold what others are part of.
DATA_TYPES = {"xdata", "set"}
# What BibLaTeX does not take over from a `crossref` (manual, appendix B), and a container's title.
NOT_INHERITED = {
    *(
        "crossref",
        "xref",
        "xdata",
        "ids",
        "entryset",
        "entrysubtype",
        "execute",
        "label",
        "options",
    ),
    *("presort", "related", "relatedtype", "sortkey", "shorttitle", "sorttitle", "indextitle"),
}
CONTAINER_FIELDS = {"title": "booktitle", "subtitle": "booksubtitle"}


class Level(StrEnum):
    """How serious a message is: an entry with an error is left out; a hint is for the doctor."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Message(NamedTuple):
    """What is wrong at a line, and the remedy; a hint has a rule of the doctor and a subject."""

    line: int
    level: Level
    text: str
    rule: str = ""
    subject: str = ""


class Field(NamedTuple):
    """A field as written: its name, its LaTeX, and the line where the value starts."""

    name: str
    latex: str
    line: int


@dataclass(frozen=True, slots=True)
class BibEntry:
    """An entry; `fields` are by lower-case name, with those that it takes over from others.

    `doubled` are the second and further fields of one name, which BibTeX ignores.
    """

    type: str
    key: str
    line: int
    fields: Mapping[str, Field]
    doubled: tuple[Field, ...] = field(default=(), compare=False)

    def latex(self, name: str) -> str:
        """Return a field as written, with white space folded; empty if it is missing."""
        found = self.fields.get(name)
        return normalize_whitespace(found.latex).strip() if found else ""


class _Scanner(LowLevelParser):  # type: ignore[misc]
    """Scans a BibTeX file: iteration yields its entries, and adds to `messages`."""

    pos: int
    lineno: int

    def __init__(self, text: str) -> None:
        super().__init__(text, macros=CaseInsensitiveDict(MONTHS))
        self.messages: list[Message] = []
        self._broken = -1  # the start of the last command with a syntax error
        self._lines: list[int] = []  # of the values of the current entry
        self._value_line = 0
        self._known = (0, 1)  # a position and its line

    def __iter__(self) -> Iterator[BibEntry]:
        end, last = 0, None
        for command, parts in self.parse_bibliography():
            between = self.text[end : self.command_start]
            if not self._check_between(between, end, last) and last:
                yield last
            last, end = None, self.pos
            if command.lower() in {"string", "preamble"} or self._broken == self.command_start:
                continue
            key, fields = parts
            line = self._line_at(self.command_start)
            values = [
                Field(name, "".join(value), at)
                for (name, value), at in zip(fields, self._lines, strict=True)
            ]
            # The first of several fields counts, as in BibTeX.
            first = {value.name.lower(): value for value in reversed(values)}
            doubled = tuple(value for value in values if first[value.name.lower()] is not value)
            # In the order of the file.
            first = {name: first[name] for name in dict.fromkeys(it.name.lower() for it in values)}
            last = BibEntry(command.lower(), key, line, first, doubled)
        if not self._check_between(self.text[end:], end, last) and last:
            yield last

    def _line_at(self, position: int) -> int:
        """Return the line of a position, counted from the last one: a file is read once."""
        known, line = self._known
        if position < known:
            known, line = 0, 1
        self._known = position, line + self.text.count("\n", known, position)
        return self._known[1]

    def parse_command(self) -> tuple[str, tuple[object, ...]]:
        """Forget the lines of the entry before."""
        self._lines = []
        found: tuple[str, tuple[object, ...]] = super().parse_command()
        return found

    def parse_field(self) -> None:
        """Note the line where the value starts."""
        self._value_line = 0
        super().parse_field()
        if self.current_field_name and self.current_value:
            self._lines.append(self._value_line)

    def parse_value_part(self) -> str:
        """Note the line of the first part of a value."""
        start = self.pos
        part: str = super().parse_value_part()
        written = self.text[start : self.pos].lstrip()
        self._value_line = self._value_line or self.lineno - written.count("\n")
        return part

    def handle_error(self, error: PybtexSyntaxError) -> None:
        """Add a message and go on with the next entry, even if a brace is open."""
        reason = error.args[0]
        if isinstance(error, UndefinedMacro):
            message = f"undefined string {reason!r}, which is empty: put text between braces"
            self.messages.append(Message(error.lineno, Level.WARNING, message))
            return
        key, position = self.current_entry_key, self.command_start
        line_start = self.text.rfind("\n", 0, position) + 1
        if key is None and self.text[line_start:position].strip():
            # A mail address in a text: go on behind its sign.
            self.pos, self._broken = position + 1, position
            self.lineno = self._line_at(position)
            return
        if isinstance(error, PrematureEOF):
            message = "this entry is not closed: add the missing brace or quote"
        else:
            if key is not None:
                position = self.pos
            line = self.text.split("\n")[self._line_at(position) - 1].strip()[:40]
            if key is not None and ENTRY_START.match(line):
                position = self.command_start
                message = f"{key}: a brace or a quote is missing before the next entry"
            else:
                # After a value there may be a comma, too.
                reason = re.sub(r"^('[})]' expected)", r"a comma or \1", reason)
                message = f"invalid BibTeX: {reason} at {line!r}"
        self.messages.append(Message(self._line_at(position), Level.ERROR, message))
        self._broken = self.command_start
        match = ENTRY_START.search(self.text, self.command_start + 1)
        self.pos = match.start() if match else len(self.text)
        self.lineno = self._line_at(self.pos)

    def _check_between(self, text: str, start: int, before: BibEntry | None = None) -> bool:
        """Add a message for text outside of entries, which BibTeX ignores.

        Return True if it is the rest of the entry before it, whose braces are unbalanced.
        """
        lines = [
            (number, line.strip())
            for number, line in enumerate(
                text.partition("@")[0].split("\n"), start=self._line_at(start)
            )
            if line.strip() and not line.strip().startswith("%")
        ]
        if not lines:
            return False
        number, first = lines[0]
        if before and REST_OF_ENTRY.match(first):
            message = (
                f"{before.key}: the entry ends before {first[:40]!r}: "
                "a brace is missing, or there is one too many"
            )
            self.messages.append(Message(number, Level.ERROR, message))
            return True
        for number, line in lines:
            if BROKEN_ENTRY.match(line):
                message = f"{line[:40]!r} is outside of any entry, is an @ missing before it?"
                self.messages.append(Message(number, Level.WARNING, message))
                return False
        number, line = lines[0]
        message = f"{line[:40]!r} is outside of any entry"
        self.messages.append(Message(number, Level.HINT, message, "bibtex-text", line[:40]))
        return False


def read(content: bytes) -> tuple[list[BibEntry], list[Message]]:
    """Return the entries of a BibTeX file, and what is wrong with it, ordered by line.

    Entries that only hold data of others are left out: `@xdata`, and what others name in
    `crossref`, unless it has authors.
    """
    if fault := utf8_fault(content):
        return [], [Message(fault[0], Level.ERROR, fault[1])]
    text = re.sub(r"\r\n?", "\n", content.decode("utf-8-sig"))
    # Jekyll's; its lines count.
    text = FRONT_MATTER.sub(lambda match: "\n" * match[0].count("\n"), text)
    scanner = _Scanner(text)
    entries: dict[str, BibEntry] = {}
    for entry in scanner:
        if first := entries.get(entry.key.lower()):
            message = f"{entry.key}: duplicate key, first used in line {first.line}: choose another"
            scanner.messages.append(Message(entry.line, Level.ERROR, message))
        entries.setdefault(entry.key.lower(), entry)
    complete = [_inherit(entry, entries, scanner.messages) for entry in entries.values()]
    named = {key.lower() for entry in complete for key in _references(entry, "crossref")}
    found = [
        entry
        for entry in complete
        if entry.type not in DATA_TYPES
        and not (entry.key.lower() in named and "author" not in entry.fields)
    ]
    return found, sorted(scanner.messages, key=lambda message: message.line)


def _references(entry: BibEntry, name: str) -> tuple[str, ...]:
    return words(entry.latex(name))


def _inherit(entry: BibEntry, entries: Mapping[str, BibEntry], messages: list[Message]) -> BibEntry:
    """Return an entry with the fields that it takes over by `xdata` and `crossref`."""
    fields = dict(entry.fields)
    for name in ("xdata", "crossref"):
        for key in _references(entry, name):
            if key.lower() not in entries:
                message = f"{entry.key}: {name} names {key!r}, which is not in this file"
                line = entry.fields[name].line
                messages.append(Message(line, Level.WARNING, message))
    for inherited in _parents(entry, entries, {entry.key.lower()}):
        fields.setdefault(*inherited)
    return replace(entry, fields=fields)


def _parents(
    entry: BibEntry, entries: Mapping[str, BibEntry], seen: set[str]
) -> Iterator[tuple[str, Field]]:
    """Yield the fields that an entry takes over, the nearest ones first."""
    for relation in ("xdata", "crossref"):
        for key in _references(entry, relation):
            parent = entries.get(key.lower())
            if parent is None or key.lower() in seen:
                continue
            known = seen | {key.lower()}
            above: Iterable[tuple[str, Field]] = (
                *parent.fields.items(),
                *_parents(parent, entries, known),
            )
            for name, value in above:
                if relation == "xdata":
                    yield name, value
                elif name not in NOT_INHERITED:
                    own = CONTAINER_FIELDS.get(name, name)
                    yield own, value if own == name else value._replace(name=own)
