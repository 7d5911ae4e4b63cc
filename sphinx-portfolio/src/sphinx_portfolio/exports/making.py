"""Makes the exports of a Portfolio, and writes them: all of them, or none."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_portfolio.exports.outline import ExportError, check_showable
from sphinx_portfolio.model.files import File

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sphinx_portfolio.exports import Export, SiteExport
    from sphinx_portfolio.model import Portfolio, Translator


def make(
    portfolio: Portfolio, wanted: Collection[Export]
) -> tuple[dict[str, bytes], list[ExportError]]:
    """Make files; return their contents by name, and the errors, each once."""
    contents: dict[str, bytes] = {}
    errors: dict[str, ExportError] = {}
    try:
        check_showable(portfolio)
    except ExportError as error:
        return {}, [error]
    for export in wanted:
        try:
            contents[export.name] = export.make(portfolio)
            parts = export.parts(portfolio) if export.parts else {}
            contents |= {export.name_of_part(id_): part for id_, part in parts.items()}
        except ExportError as error:
            errors[str(error)] = error
    return contents, list(errors.values())


def not_exported(left_out: Collection[Export | SiteExport]) -> str:
    """Return a message that names files, and the extras of the package that they need."""
    names = ", ".join(export.name for export in left_out)
    extras = ",".join(sorted({export.extra for export in left_out}))
    return f'Not exported: {names}: install "sphinx-portfolio[{extras}]"'


def describe(export: Export, content: bytes, translator: Translator) -> File:
    """Return the metadata of an exported file."""
    width = height = 0
    if export.media_type == "image/png":  # its first chunk begins with width and height
        width, height = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    # Typst writes the object of each page as plain text.
    pages = len(re.findall(rb"/Type */Page\b", content)) if export.name.endswith(".pdf") else 0
    title, label = translator.gettext(export.title), translator.gettext(export.label)
    about = (export.name, title, export.media_type)
    return File(*about, len(content), export.reader, label, pages, width, height)


def describe_parts(
    export: Export, portfolio: Portfolio, contents: Mapping[str, bytes]
) -> Iterator[File]:
    """Yield the metadata of the files of single records."""
    for record in portfolio.records if export.parts else ():
        name = export.name_of_part(record.id)
        if content := contents.get(name):
            file = describe(export, content, portfolio.translator)
            yield replace(file, name=name, title=record.title, record=record.id)


def write(folder: Path, contents: Mapping[str, bytes], mode: int | None = None) -> None:
    """Write files with a mode: all of them, or with an OSError none."""
    paths = [Path(folder, name) for name in contents]
    for path in (folder, *(path.parent for path in paths)):
        path.mkdir(parents=True, exist_ok=True)
    parts = {path.with_name(f".{path.name}.part"): path for path in paths}
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
    """Return the message of an OSError raised by `write`; it does not name the file."""
    return f"{folder}: the exported files can't be written: {error.strerror or error}"
