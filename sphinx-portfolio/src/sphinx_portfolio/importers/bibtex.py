"""BibTeX and BibLaTeX: entries are copied as they are, with new keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro, month_names
from pybtex.utils import CaseInsensitiveDict

from sphinx_portfolio.importers import dates
from sphinx_portfolio.importers import text as texts
from sphinx_portfolio.importers.draft import Draft, Reference, SourceError
from sphinx_portfolio.importers.source import MOST_ENTRIES, showable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pybtex.scanner import PybtexSyntaxError

ENTRY = re.compile(r"^[ \t]*@[ \t]*\w+\s*[{(]", re.MULTILINE)
BETWEEN = re.compile(r"^(?!\s*(?:%|---\s*$|$)).*$", re.MULTILINE)
WRITTEN = {
    *(
        "article",
        "book",
        "inbook",
        "booklet",
        "incollection",
        "proceedings",
        "techreport",
        "report",
    ),
    *("phdthesis", "mastersthesis", "thesis", "patent", "manual", "dataset", "software"),
}
SPOKEN = {"video", "slides", "eventtitle", "eventdate", "poster", "recording"}
PRINTED = {
    "journal",
    "journaltitle",
    "doi",
    "pages",
    "volume",
    "isbn",
    "issn",
    "eprint",
    "publisher",
}
DATA = "-data"  # ends the keys of copies of works that others take fields over from
ADDRESSES = {"url", "video", "slides", "code", "paper"}
# Paths on the disk of who wrote the file: of Zotero, Mendeley and BibDesk.
LOCAL = {"file", "local-url", "localfile", *(f"bdsk-file-{number}" for number in range(1, 10))}
PLACES = {"eventtitle", "booktitle", "howpublished", "venue", "location", "address", "note"}
TALK = re.compile(
    r"\b(?:talk|seminar|invited|plenary|keynote|lecture|meetup|workshop|conference|webinar"
    r"|colloquium|poster|panel|podcast|presentation|tutorial|summit)",
    re.IGNORECASE,
)


class Scanner(LowLevelParser):  # type: ignore[misc]
    """Scans entries; the first syntax error ends it."""

    pos: int
    text: str
    command_start: int

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text, macros=CaseInsensitiveDict(month_names))
        self.name = name
        self.spans: list[tuple[int, int]] = []

    def parse_command(self) -> tuple[str, Any]:
        """Forget the fields of the entry before."""
        self.spans = []
        found: tuple[str, Any] = super().parse_command()
        return found

    def parse_field(self) -> None:
        """Note where the field is."""
        start = self.pos
        super().parse_field()
        if self.current_field_name and self.current_value:
            self.spans.append((start, self.pos))

    def handle_error(self, error: PybtexSyntaxError) -> None:
        """Raise SourceError, unless a string is undefined: the entry keeps its name."""
        if not isinstance(error, UndefinedMacro):
            line = self.text.count("\n", 0, self.command_start) + 1
            key = f"{self.current_entry_key}: " if self.current_entry_key else ""
            message = f"{self.name}:{line}: invalid BibTeX: {key}{error.args[0]}: correct it there"
            raise SourceError(message) from error

    def without(self, fields: Collection[str]) -> str:
        """Return the last entry as written, without some fields and the commas behind them."""
        kept, at = "", self.command_start
        for (name, _), (start, end) in zip(self.current_fields, self.spans, strict=True):
            if name.lower() in fields:
                kept += self.text[at:start]
                at = end + (self.text[end : end + 1] == ",")
        return kept + self.text[at : self.pos]


class Entry(NamedTuple):
    """An entry: as it is to be written, its type, its key, and its fields by lower-case name."""

    whole: str
    type: str
    key: str
    fields: Mapping[str, str]


def recognizes(text: str) -> bool:
    """Return whether a text is BibTeX."""
    return ENTRY.search(text) is not None


def read(name: str, text: str, as_: str) -> Draft:
    """Return the talks and publications of a file; *as_* is the kind of all of them."""
    draft = Draft(name)
    text = re.sub(r"\r\n?", "\n", showable(text))
    scanner = Scanner(name, text)
    strings: dict[str, str] = {}
    entries: list[Entry] = []
    end = paths = 0
    for command, parts in scanner.parse_bibliography():
        start = scanner.command_start
        _between(draft, text, end, start)
        end = scanner.pos
        if command.lower() == "string":
            strings[parts[0].lower()] = text[start:end]
        elif command.lower() == "preamble":
            draft.leave(f"line {text.count(chr(10), 0, start) + 1}", text[start:end])
        else:
            key, fields = parts
            values = {name.lower(): " ".join("".join(it).split()) for name, it in fields}
            invalid = {it for it in ADDRESSES & values.keys() if not texts.web_address(values[it])}
            for field in sorted(invalid):
                draft.leave(f"{key}.{field}", values[field])
            whole = scanner.without(invalid | LOCAL)
            paths += not LOCAL.isdisjoint(values)
            entries.append(Entry(whole, command.lower(), key, values))
        if len(entries) > MOST_ENTRIES:
            message = f"{name}: more than {MOST_ENTRIES} entries: import a file with fewer"
            raise SourceError(message)
    _between(draft, text, end, len(text))
    if paths:
        where = f"{paths} entries" if paths > 1 else "an entry"
        draft.leave("file", f"the paths of files on your disk, in {where}, are not copied")
    _add(draft, entries, strings, as_)
    return draft


def _add(draft: Draft, entries: list[Entry], strings: Mapping[str, str], as_: str) -> None:
    """Add the entries that are works, each with the strings and entries that it needs."""
    by_key = {entry.key.lower(): entry for entry in entries}
    named = {key for entry in entries for key in _parents(entry, "crossref")}
    works = {
        entry.key.lower(): entry
        for entry in entries
        if entry.type not in {"xdata", "set"}
        and not (entry.key.lower() in named and "author" not in entry.fields)
    }
    used: set[str] = set()
    for entry in entries:
        if entry.key.lower() not in works:
            continue
        needed = _ancestors(entry, by_key)
        used |= {parent.key for parent in needed}
        made = _reference(entry, as_)
        made.parents = tuple((parent.key, parent.whole) for parent in needed)
        text = "\n".join((entry.whole, *(parent.whole for parent in needed)))
        made.strings = tuple(it for word, it in strings.items() if _uses(text, word))
        for parent in needed:
            # A work of its own gets another key and type where it is copied to.
            if parent.key.lower() in works:
                rename_parent(made, parent.key, f"{parent.key}{DATA}", type_="xdata")
        made.source, made.path = draft.source, entry.key
        draft.references.append(made)
    for entry in entries:
        if entry.key.lower() not in works and entry.key not in used:
            draft.leave(entry.key, entry.whole)


def _parents(entry: Entry, *relations: str) -> list[str]:
    """Return the keys of entries that an entry takes fields over from."""
    written = ",".join(entry.fields.get(name, "") for name in relations)
    return [key.strip().lower() for key in written.split(",") if key.strip()]


def _ancestors(entry: Entry, by_key: Mapping[str, Entry]) -> list[Entry]:
    """Return all entries that an entry takes fields over from."""
    found: list[Entry] = []
    keys = _parents(entry, "xdata", "crossref")
    for key in keys:
        parent = by_key.get(key)
        if parent and parent is not entry and parent not in found:
            found.append(parent)
            keys += _parents(parent, "xdata", "crossref")  # the loop goes on with them
    return found


def rename_parent(reference: Reference, key: str, new: str, type_: str = "") -> None:
    """Give an entry that another one takes fields over from a new key, and a type."""
    old = re.escape(key)
    naming = re.compile(
        rf"(\b(?:crossref|xdata)\s*=\s*[{{\"](?:[^}}\"]*,)?\s*){old}(?=\s*[,}}\"])", re.IGNORECASE
    )
    start = re.compile(rf"@\s*(\w+)(\s*[{{(]\s*){old}(?=\s*,)")
    reference.tail = naming.sub(lambda match: match[1] + new, reference.tail)
    parents = []
    for each, written in reference.parents:
        text = naming.sub(lambda match: match[1] + new, written)
        if each == key:
            text = start.sub(lambda match: f"@{type_ or match[1]}{match[2]}{new}", text, count=1)
        parents.append((new if each == key else each, text))
    reference.parents = tuple(parents)


def _between(draft: Draft, text: str, start: int, end: int) -> None:
    """Note text outside of entries, which BibTeX ignores."""
    for match in BETWEEN.finditer(text[start:end]):
        if match[0].strip():
            line = text.count("\n", 0, start + match.start()) + 1
            draft.leave(f"line {line}", match[0].strip())


def _uses(entry: str, name: str) -> bool:
    return re.search(rf"[=#]\s*{re.escape(name)}\b", entry, re.IGNORECASE) is not None


def _reference(entry: Entry, as_: str) -> Reference:
    whole, type_, key, fields = entry
    start = whole.index(key, whole.index("@") + 1 + len(type_))
    head, tail = whole[:start], whole[start + len(key) :]
    title = re.sub(r"[{}]", "", fields.get("title", "")) or key
    year, month = fields.get("year", ""), fields.get("month", "")
    date = fields.get("eventdate") or fields.get("date") or year
    if month and date == year:
        date = dates.normalized(f"{month} {year}") or dates.normalized(f"{year}-{month}") or year
    return Reference(
        kind=as_ or ("talk" if is_talk(type_, fields) else "publication"),
        key=key,
        title=title,
        date=dates.normalized(date.partition("/")[0]).replace("present", ""),
        head=head.rstrip() if head.endswith("\n") else head,
        tail=f"{tail}\n",
    )


def is_talk(command: str, fields: Mapping[str, str]) -> bool:
    """Tell a talk from a publication by type and fields."""
    if command in WRITTEN or PRINTED & fields.keys():
        return False
    if SPOKEN & fields.keys():
        return True
    if command == "unpublished":
        return bool(PLACES & fields.keys())
    words = (fields.get(name, "") for name in ("type", "note", "howpublished", "keywords", "abbr"))
    return any(TALK.search(each) for each in words)
