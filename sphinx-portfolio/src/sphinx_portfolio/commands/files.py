"""Writes several files at once."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from sphinx_portfolio.sources import private

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write texts to files of a folder; all are on the disk before the first gets its name.

    Raises OSError, and then leaves no part of a file.
    """
    parts: dict[Path, Path] = {}
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{path.name}.part")
            parts[part] = path
            part.touch(0o600 if name == private.FILE else 0o666)
            part.write_text(_with_line_endings(text, path), encoding="utf-8", newline="")
        for part, path in parts.items():
            if path.exists() and path.name != private.FILE:
                part.chmod(path.stat().st_mode)
            part.replace(path)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def _with_line_endings(text: str, path: Path) -> str:
    """Return a text whose lines end as they do in a file, new ones as its first line does."""
    if not path.is_file():
        return text
    with path.open(encoding="utf-8", newline="") as file:
        before = [(line.rstrip("\r\n"), line[len(line.rstrip("\r\n")) :]) for line in file]
    first = before[0][1] if before else ""
    written = ""
    old = 0
    for line in StringIO(text):
        content, ending = line.removesuffix("\n"), first or "\n"
        if old < len(before) and before[old][0] == content:
            ending = before[old][1] or ending
            old += 1
        written += content + (ending if line.endswith("\n") else "")
    return written
