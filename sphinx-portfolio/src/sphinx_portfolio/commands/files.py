"""Writes several files at once."""

from __future__ import annotations

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
            part.write_text(text, encoding="utf-8", newline="\n")
        for part, path in parts.items():
            if path.exists() and path.name != private.FILE:
                part.chmod(path.stat().st_mode)
            part.replace(path)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
