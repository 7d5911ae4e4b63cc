"""The table of links with a problem: as text, Markdown, JSON, and annotations of GitHub Actions."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from sphinx_portfolio.linkcheck.verdicts import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sphinx_portfolio.linkcheck.verdicts import Verdict

    Places = Mapping[str, Collection[tuple[str, int, str]]]


class Row(NamedTuple):
    """A line of the table, in the order in which it is sorted."""

    file: str
    line: int
    address: str
    kind: Kind
    detail: str
    target: str
    since: str

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The cells as text: place, kind, address, detail."""
        place = f"{self.file}:{self.line}" if self.line > 0 else self.file
        detail = f"{self.detail}, since {self.since}" if self.since else self.detail
        return printable(place), self.kind, printable(self.address), printable(detail)


def printable(text: str) -> str:
    """Replace characters that control a terminal or break a table by spaces."""
    return "".join(char if char.isprintable() else " " for char in text)


def tabulate(places: Places, verdicts: Mapping[str, Verdict]) -> list[Row]:
    """Return a row for each place of each link with a problem, sorted by file and line."""
    return sorted(
        {
            Row(file, line, written, verdict.kind, verdict.reason, verdict.target, verdict.since)
            for address, verdict in verdicts.items()
            if verdict.kind is not Kind.OK
            for file, line, written in places[address]
        }
    )


def summarize(verdicts: Iterable[Verdict]) -> str:
    """Return the number of links of each kind: `12 links: 1 broken, 2 moved.`."""
    counts = Counter(verdict.kind for verdict in verdicts)
    listed = [f"{counts[kind]} {kind}" for kind in Kind if counts[kind] and kind is not Kind.OK]
    return f"{counts.total()} links: {', '.join(listed) or 'all work'}."


def as_text(rows: Sequence[Row]) -> str:
    """Return the table for a terminal."""
    lines = [row.cells for row in rows]
    places, kinds = (max((len(cells[i]) for cells in lines), default=0) for i in (0, 1))
    return "".join(
        f"{place:{places}}  {kind:{kinds}}  {address}  {detail}".rstrip() + "\n"
        for place, kind, address, detail in lines
    )


def as_markdown(rows: Sequence[Row]) -> str:
    """Return the table as Markdown; text of others is in code spans."""
    lines = ["| place | | address | detail |", "| --- | --- | --- | --- |"] if rows else []
    for place, kind, *texts in (row.cells for row in rows):
        spans = (text.replace("`", "'").replace("|", r"\|") for text in (place, *texts))
        first, *others = (f"`{span}`" if span else "" for span in spans)
        lines.append(" | ".join((f"| {first}", kind, *others)) + " |")
    return "".join(f"{line}\n" for line in lines)


def as_json(rows: Sequence[Row], summary: str, requests: int) -> str:
    """Return the report as one JSON object."""
    report = {"summary": summary, "requests": requests, "links": [row._asdict() for row in rows]}
    return json.dumps(report, ensure_ascii=False, indent=2)


def as_annotations(rows: Iterable[Row], folder: str) -> str:
    """Return workflow commands that mark broken links; `folder` is that of the files.

    https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
    """
    lines = []
    for row in rows:
        if row.kind is Kind.BROKEN:
            file = _escaped(f"{folder}/{row.file}".removeprefix("./"), also=":,")
            message = _escaped(f"{row.address}: {row.cells[-1]}")
            lines.append(f"::error file={file},line={max(1, row.line)}::{message}\n")
    return "".join(lines)


def _escaped(text: str, also: str = "") -> str:
    for char in f"%\r\n{also}":  # % first
        text = text.replace(char, f"%{ord(char):02X}")
    return text
