"""Entries of BibTeX files as plain data, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# The order of fields: who and what, where, when, then the others by name, and addresses at the end.
FIRST = (
    *("author", "editor", "title", "subtitle", "shorttitle", "eventtitle", "booktitle"),
    *("journaltitle", "journal", "school", "institution", "publisher", "howpublished", "venue"),
    *("location", "address", "eventdate", "date", "year", "month", "day", "type"),
)
LAST = (
    *("doi", "eprint", "eprinttype", "url", "pdf", "video", "slides", "code", "paper"),
    *("note", "abstract", "keywords", "related"),
)
# The months as BibTeX's own abbreviations, which each style writes in its language.
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class BibtexEntry:
    """An entry: its type and key, and the names and values (LaTeX) of its fields."""

    type: str
    key: str
    fields: tuple[tuple[str, str], ...]

    def text(self, without: Iterable[str] = ()) -> str:
        """Return the entry as BibTeX, without some fields; one field is one line."""
        left_out = {*without}
        fields = {name: value for name, value in self.fields if name not in left_out}
        width = max(map(len, fields), default=0)
        lines = (
            f"  {name.ljust(width)} = {_value(name, fields[name])},\n"
            for name in sorted(fields, key=_place)
        )
        return f"@{self.type}{{{self.key},\n{''.join(lines)}}}\n"


def is_balanced(latex: str) -> bool:
    r"""Return whether the braces of a value are balanced; BibTeX also counts those after a `\`."""
    depth = 0
    for character in latex:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def _value(name: str, latex: str) -> str:
    return latex if name == "month" and latex in MONTHS else f"{{{latex}}}"


def _place(name: str) -> tuple[int, int, str]:
    if name in FIRST:
        return 0, FIRST.index(name), name
    return (2, LAST.index(name), name) if name in LAST else (1, 0, name)
