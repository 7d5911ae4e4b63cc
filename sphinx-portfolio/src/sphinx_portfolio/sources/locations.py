"""Where in a source something stands, as exactly as the document tree allows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from docutils import nodes


def line_of(text: str, path: Path, start: int = 1) -> int:
    """Return the first line, from `start`, that holds a text; 0 where none does."""
    lines = path.read_text("utf-8", "replace").splitlines() if path.is_file() else []
    return next((it for it, line in enumerate(lines, 1) if it >= start and text in line), 0)


def find(node: nodes.Element, text: str, bibliographies: Collection[Path] = ()) -> tuple[Path, int]:
    """Return the file and the line of a text that a node holds.

    What has no place on a page came from a bibliography, where it is looked for.
    """
    for path in bibliographies if not node.line else ():
        if line := line_of(text, path):
            return path, line
    while node.parent is not None and not (node.source and node.line):
        node = node.parent
    path, line = Path(node.source or node["source"]), node.line or 1
    # A node knows where its directive or paragraph starts.
    return path, line_of(text, path, line) or line
