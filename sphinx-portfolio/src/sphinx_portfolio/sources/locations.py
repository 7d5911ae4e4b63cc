"""Lines in source files, for messages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from docutils import nodes


def line_at(text: str, position: int) -> int:
    """Return the line of a position in a text."""
    return text.count("\n", 0, position) + 1


def utf8_fault(content: bytes) -> tuple[int, str] | None:
    """Return the line and the fault of the first byte that is not UTF-8; None if all are."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = content[error.start]
        line = content.count(b"\n", 0, error.start) + 1
        return line, f"the byte {byte:#04x} is not UTF-8: save the file as UTF-8"
    return None


def line_of(words: str, path: Path, start: int = 1) -> int:
    """Return the first line of a file, from line *start*, that contains the words, or 0."""
    lines = path.read_text("utf-8", "replace").splitlines() if path.is_file() else []
    return next((it for it, line in enumerate(lines, 1) if it >= start and words in line), 0)


def line_of_key(text: str, key: str, table: str = "") -> int:
    """Return the line of a key in Python or TOML, after its table's name; 1 if none is found."""
    heading = re.search(rf"^{re.escape(table)}\b", text, re.MULTILINE) if table else None
    start = heading.end() if heading else 0
    found = re.compile(rf"(?<![\w-]){re.escape(key)}['\"]?\s*[:=.\]]").search(text, start)
    return line_at(text, found.start() if found else start)


def find(
    node: nodes.Element, words: str, bibliographies: Collection[Path] = ()
) -> tuple[Path, int]:
    """Return the file and the line of words in a node.

    A node without a line is made from a bibliography, so these files are searched first.
    """
    for path in bibliographies if not node.line else ():
        if line := line_of(words, path):
            return path, line
    while node.parent is not None and not (node.source and node.line):
        node = node.parent
    path, line = Path(node.source or node["source"]), node.line or 1
    # The line of a node is the first of its directive or paragraph.
    return path, line_of(words, path, line) or line
