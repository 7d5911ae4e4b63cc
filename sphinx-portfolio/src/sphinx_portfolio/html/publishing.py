"""Puts the exports beside the pages of a site: made when records changed, and kept till then.

They are made once all pages have been read, so that pages can tell their sizes,
and kept beside the doctrees until the pages are written.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinxcontrib.serializinghtml import SerializingHTMLBuilder

from sphinx_portfolio import exports
from sphinx_portfolio.config import export_names
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.exports.making import describe, make, not_written, split, write

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_portfolio.model import Portfolio

logger = logging.getLogger(__name__)

PACKAGE = Path(__file__).parents[1]
LIBRARIES = ("typst",)  # what exports are made with, and look like
INDEX = "index.json"
KEPT = ".kept"  # after each name: a Markdown file in the source's folder might be read as a page


# -- Keeping ------------------------------------------------------------------


def digest(portfolio: Portfolio, names: Collection[str]) -> str:
    """Return what differs where files would: of records, of code and of libraries."""
    # Where a record is written changes no file.
    records = tuple(replace(record, source="", line=0) for record in portfolio.records)
    said = repr((replace(portfolio, records=records), tuple(names)))
    return hashlib.sha256(said.encode() + _code()).hexdigest()


@cache
def _code() -> bytes:
    """Return a digest of the package, its template among it, and of what it runs with."""
    code = hashlib.sha256(sys.version.encode())
    for library in LIBRARIES:
        try:
            code.update(version(library).encode())
        except PackageNotFoundError:  # the export says so itself
            code.update(b"missing")
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            code.update(f"{path.relative_to(PACKAGE)}\0".encode())
            code.update(hashlib.sha256(path.read_bytes()).digest())
    return code.digest()


def kept(folder: Path, key: str) -> dict[str, bytes] | None:
    """Return the files that were kept under a key; None if they were not, or are not whole."""
    try:
        index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        if index["key"] != key:
            return None
        found = {name: (folder / f"{name}{KEPT}").read_bytes() for name in index["files"]}
    except (OSError, ValueError, LookupError, TypeError):
        return None
    whole = all(_checksum(found[name]) == said for name, said in index["files"].items())
    return found if whole else None


def keep(folder: Path, key: str, made: Mapping[str, bytes]) -> None:
    """Keep files under a key, and forget all others."""
    shutil.rmtree(folder, ignore_errors=True)
    index = {"key": key, "files": {name: _checksum(content) for name, content in made.items()}}
    contents = {f"{name}{KEPT}": content for name, content in made.items()}
    write(folder, {**contents, INDEX: json.dumps(index).encode()})


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# -- Sphinx -------------------------------------------------------------------


def env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Make the files of a site, before the pages that show their sizes are written."""
    domain = portfolio_domain(env)
    portfolio = domain.portfolio
    domain.data["files"], domain.data["left_out"] = (), ()
    names = export_names(app) if _is_site(app.builder) else ()
    chosen = [export for export in exports.EXPORTS if export.name in names]
    wanted = [export for export in chosen if export.is_available and export.applies(portfolio)]
    if left_out := [export for export in chosen if not export.is_available]:
        domain.data["left_out"] = tuple(export.name for export in left_out)
        extras = sorted({export.extra for export in left_out})
        logger.info(
            "not exported: %s: install sphinx-portfolio[%s]",
            ", ".join(domain.data["left_out"]),
            ",".join(extras),
        )
    if not wanted:
        return
    folder = _folder(app)
    key = digest(portfolio, [export.name for export in wanted])
    made = kept(folder, key)
    if made is None:
        made, faults = make(portfolio, wanted)
        for fault in faults:
            place, words = split(fault, portfolio)
            logger.error(words, location=place, type="portfolio")
        if faults:
            message = "the CV can't be made, see above"
            raise ExtensionError(message)
        try:
            keep(folder, key, made)
        except OSError as error:
            raise ExtensionError(not_written(folder, error)) from error
    domain.data["files"] = tuple(describe(export, made[export.name]) for export in wanted)


def build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Copy the files to where the pages are, and remove what is no more made."""
    if exception or not _is_site(app.builder):
        return
    domain = portfolio_domain(app.env)
    try:
        contents = {
            file.name: (_folder(app) / f"{file.name}{KEPT}").read_bytes() for file in domain.files
        }
        old = {name: app.outdir / name for name in contents}
        changed = [
            name
            for name, path in old.items()
            if not (path.is_file() and path.read_bytes() == contents[name])
        ]
        write(app.outdir, {name: contents[name] for name in changed})
        for name in domain.data["stale"]:
            (app.outdir / name).unlink(missing_ok=True)
    except OSError as error:
        raise ExtensionError(not_written(app.outdir, error)) from error


def _is_site(builder: Builder) -> bool:
    """Tell a site from what is packed into one file, such as an e-book, or is data or no HTML."""
    return (
        isinstance(builder, StandaloneHTMLBuilder)
        and not isinstance(builder, SerializingHTMLBuilder)
        and not builder.embedded
    )


def _folder(app: Sphinx) -> Path:
    return Path(app.doctreedir, "exports")
