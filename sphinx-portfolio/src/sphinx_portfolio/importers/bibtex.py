"""BibTeX and BibLaTeX: entries are copied as they are, with new keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro, month_names
from pybtex.utils import CaseInsensitiveDict

from sphinx_portfolio.importers import dates
from sphinx_portfolio.importers import text as texts
from sphinx_portfolio.importers.draft import Draft, Reference, SourceError
from sphinx_portfolio.importers.source import MOST_ENTRIES, showable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
ADDRESSES = {"url", "video", "slides", "code", "paper"}
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

    def handle_error(self, error: PybtexSyntaxError) -> None:
        """Raise SourceError, unless a string is undefined: the entry keeps its name."""
        if not isinstance(error, UndefinedMacro):
            line = self.text.count("\n", 0, self.command_start) + 1
            key = f"{self.current_entry_key}: " if self.current_entry_key else ""
            message = f"{self.name}:{line}: invalid BibTeX: {key}{error.args[0]}: correct it there"
            raise SourceError(message) from error

    def entries(self) -> Iterator[tuple[int, str, Any]]:
        """Yield the start, the command and the parts of each entry."""
        for command, parts in self.parse_bibliography():
            yield self.command_start, command.lower(), parts


def recognizes(text: str) -> bool:
    """Tell whether a text is BibTeX."""
    return ENTRY.search(text) is not None


def read(name: str, text: str, as_: str) -> Draft:
    """Return the talks and publications of a file; *as_* is the kind of all of them."""
    draft = Draft(name)
    text = re.sub(r"\r\n?", "\n", showable(text))
    scanner = Scanner(name, text)
    strings: dict[str, str] = {}
    end = 0
    for start, command, parts in scanner.entries():
        _between(draft, text, end, start)
        end = scanner.pos
        whole = text[start:end]
        if command == "string":
            strings[parts[0].lower()] = whole
        elif command == "preamble":
            draft.leave(f"line {text.count(chr(10), 0, start) + 1}", whole)
        else:
            key, fields = parts
            made = _reference(draft, whole, command, key, _values(fields), as_)
            made.names = tuple(it for word, it in strings.items() if _uses(whole, word))
            made.source, made.path = name, key
            draft.references.append(made)
        if len(draft.references) > MOST_ENTRIES:
            message = f"{name}: more than {MOST_ENTRIES} entries: import a file with fewer"
            raise SourceError(message)
    _between(draft, text, end, len(text))
    return draft


def _between(draft: Draft, text: str, start: int, end: int) -> None:
    """Note text outside of entries, which BibTeX ignores."""
    line = text.count("\n", 0, start) + 1
    for match in BETWEEN.finditer(text[start:end]):
        if match[0].strip():
            number = line + text[start:end].count("\n", 0, match.start())
            draft.leave(f"line {number}", match[0].strip())


def _values(fields: list[tuple[str, list[str]]]) -> dict[str, str]:
    return {name.lower(): " ".join("".join(parts).split()) for name, parts in fields}


def _uses(entry: str, name: str) -> bool:
    return re.search(rf"[=#]\s*{re.escape(name)}\b", entry, re.IGNORECASE) is not None


def _without(whole: str, name: str, value: str) -> str:
    """Return an entry without a field, if its value is in one pair of braces or quotes."""
    words = re.escape(value)
    pattern = rf"(?i)\b{name}\s*=\s*(?:\{{{words}\}}|\"{words}\")\s*,?[ \t]*\n?"
    return re.sub(pattern, "", whole, count=1)


def _reference(
    draft: Draft, whole: str, command: str, key: str, fields: Mapping[str, str], as_: str
) -> Reference:
    for name in ADDRESSES & fields.keys():
        if not texts.web_address(fields[name]):
            whole = _without(whole, name, fields[name])
            draft.leave(f"{key}.{name}", fields[name])
    start = whole.index(key, whole.index("@") + 1 + len(command))
    head, tail = whole[:start], whole[start + len(key) :]
    title = re.sub(r"[{}]", "", fields.get("title", "")) or key
    year, month = fields.get("year", ""), fields.get("month", "")
    date = fields.get("eventdate") or fields.get("date") or year
    if month and date == year:
        date = dates.normalized(f"{month} {year}") or dates.normalized(f"{year}-{month}") or year
    return Reference(
        kind=as_ or ("talk" if is_talk(command, fields) else "publication"),
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
