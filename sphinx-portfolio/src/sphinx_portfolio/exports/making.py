"""Makes the exports of a Portfolio and writes them: all of them whole, or none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_portfolio.exports.outline import ExportError
from sphinx_portfolio.model.files import File

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sphinx_portfolio.exports import Export
    from sphinx_portfolio.model import Portfolio


def make(portfolio: Portfolio, wanted: Collection[Export]) -> tuple[dict[str, bytes], list[str]]:
    """Make files; return them by name, and the faults of the others, each once."""
    made: dict[str, bytes] = {}
    faults: dict[str, None] = {}
    for export in wanted:
        try:
            made[export.name] = export.make(portfolio)
        except ExportError as error:
            faults[str(error)] = None
    return made, list(faults)


def split(fault: str, portfolio: Portfolio) -> tuple[str | None, str]:
    """Split a fault into the place of a record, if it begins with one, and the message."""
    starts = ((each.place, f"{each.place}: ") for each in portfolio.records)
    place, start = next((it for it in starts if fault.startswith(it[1])), (None, ""))
    return place, fault.removeprefix(start)


def describe(export: Export, content: bytes) -> File:
    """Return the metadata of an exported file."""
    # A PNG's first chunk begins with its width and height.
    width, height = (
        (int.from_bytes(content[at : at + 4]) for at in (16, 20))
        if export.media_type == "image/png"
        else (0, 0)
    )
    return File(export.name, export.title, export.media_type, len(content), width, height)


def write(folder: Path, contents: Mapping[str, bytes], mode: int | None = None) -> None:
    """Write files with a mode; all of them whole, or with an OSError none."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {Path(folder, f".{name}.part"): Path(folder, name) for name in contents}
    try:
        for part, content in zip(parts, contents.values(), strict=True):
            part.write_bytes(content)
            if mode is not None:
                part.chmod(mode)
        for part, path in parts.items():
            part.replace(path)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def not_written(folder: Path, error: OSError) -> str:
    """Say why files could not be written; the system does not say which one."""
    return f"{folder}: the exported files can't be written: {error.strerror or error}"
