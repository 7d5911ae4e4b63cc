"""Entries in BibTeX made of plain values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_portfolio.importers.draft import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ESCAPES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}"} | {
    it: f"\\{it}" for it in "{}$&#_%"
}
ADDRESSES = {"url", "video", "slides", "code", "paper", "pdf"}
RAW = {*ADDRESSES, "doi", "arxiv"}
OWN_TYPES = {"book", "dataset", "patent", "software"}  # formats that are types of entries


def escaped(text: str) -> str:
    """Return LaTeX for a plain text; ligatures such as `--` are broken up."""
    # BibTeX counts escaped braces, too.
    braces = {} if _is_balanced(text) else {"{": r"\lbrace{}", "}": r"\rbrace{}"}
    escapes = ESCAPES | braces
    text = re.sub(r"[\\{}$&#_~%]", lambda match: escapes[match[0]], " ".join(text.split()))
    return re.sub(r"([-`'])(?=\1)|([?!])(?=`)", r"\1\2{}", text)


def _is_balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def people(names: Iterable[str]) -> str:
    """Return names for a field `author`; braces protect a comma or the word `and`."""
    found = (escaped(name) for name in names if name.strip())
    return " and ".join(
        f"{{{name}}}" if "," in name or " and " in f" {name.lower()} " else name for name in found
    )


def reference(
    kind: str, title: str, authors: Iterable[str], fields: Mapping[str, str], *, date: str, end: str
) -> Reference:
    """Return a talk or a publication of plain fields; *end* is empty for a single date."""
    year, _, rest = date.partition("-")
    month, _, day = rest.partition("-")
    if day or end:
        name = "eventdate" if kind == "talk" else "date"
        dated = {name: f"{date}/{end.replace('present', '')}" if end else date}
    else:
        dated = {"year": year, "month": month.lstrip("0")}
    # BibTeX's styles change the case of a title that is not in braces of its own.
    own_case = escaped(title) if kind == "talk" else f"{{{escaped(title)}}}"
    values = {"author": people(authors), "title": own_case}
    for name, value in fields.items():
        values[name] = value if name in RAW else escaped(value)
    lines = (f"  {name} = {{{value}}},\n" for name, value in (values | dated).items() if value)
    return Reference(
        kind=kind,
        key="",
        title=title,
        date=date,
        head=f"@{_type(kind, fields)}{{",
        tail=f",\n{''.join(lines)}}}\n",
    )


def _type(kind: str, fields: Mapping[str, str]) -> str:
    """Return the type of the entry, of a publication by its format."""
    format_ = fields.get("type", "")
    if kind == "talk":
        return "unpublished"
    if format_ in OWN_TYPES:
        return format_
    if format_:
        return "thesis" if "thesis" in format_ else "report"
    return "article" if fields.get("journal") else "misc"
