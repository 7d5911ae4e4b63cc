"""Exports the files of a site when the records changed, before pages show their sizes."""

from __future__ import annotations

import hashlib
import pickle
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
from sphinx_portfolio.exports.making import describe, make, not_exported, not_written, write

if TYPE_CHECKING:
    from collections.abc import Collection

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_portfolio.model import Portfolio

logger = logging.getLogger(__name__)

PACKAGE = Path(__file__).parents[1]
LIBRARIES = sorted({export.library for export in exports.EXPORTS} - {""})  # optional ones
CACHE = "portfolio-exports.pickle"  # beside the doctrees


# -- The cache ----------------------------------------------------------------


def digest(portfolio: Portfolio, names: Collection[str]) -> str:
    """Return a digest of all that the files depend on: records, code and libraries."""
    # No file depends on where a record is written.
    records = tuple(replace(record, source="", line=0) for record in portfolio.records)
    data = repr((replace(portfolio, records=records), tuple(names)))
    return hashlib.sha256(data.encode("utf-8", "surrogatepass") + _code()).hexdigest()


@cache
def _code() -> bytes:
    """Return a digest of the package with its template, and of the libraries."""
    code = hashlib.sha256(sys.version.encode())
    for library in LIBRARIES:
        try:
            code.update(version(library).encode())
        except PackageNotFoundError:
            code.update(b"missing")
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".py", ".typ"}:
            code.update(path.read_bytes())
    return code.digest()


def load(folder: Path, key: str) -> dict[str, bytes] | None:
    """Return the contents that were cached with a key; None if there are none."""
    try:
        cached, contents = pickle.loads((folder / CACHE).read_bytes())  # noqa: S301 (as doctrees are)
    except Exception:
        return None
    return contents if cached == key else None


# -- Hooks --------------------------------------------------------------------


def env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Make the files of a site, before the pages that show their sizes are written."""
    domain = portfolio_domain(env)
    portfolio = domain.portfolio
    names = export_names(app) if _is_site(app.builder) else ()
    chosen = [export for export in exports.EXPORTS if export.name in names]
    left_out = [export for export in chosen if not export.is_available]
    wanted = [export for export in chosen if export.is_available and export.applies(portfolio)]
    domain.data["files"] = ()
    domain.data["left_out"] = tuple(export.name for export in left_out)
    if left_out:
        logger.info(not_exported(left_out))
    if not wanted:
        return
    key = digest(portfolio, [export.name for export in wanted])
    contents = load(Path(app.doctreedir), key)
    if contents is None:
        contents, errors = make(portfolio, wanted)
        for each in errors:
            logger.error(each.message, location=each.place or None, type="portfolio")
        if errors:
            raise ExtensionError("some files can't be exported, see above")
        try:
            write(Path(app.doctreedir), {CACHE: pickle.dumps((key, contents))})
        except OSError as error:
            raise ExtensionError(not_written(app.doctreedir, error)) from error
    domain.data["files"] = tuple(describe(export, contents[export.name]) for export in wanted)


def build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write the files beside the pages, and remove those that are no longer exported."""
    domain = portfolio_domain(app.env)
    if exception or not _is_site(app.builder):
        return
    try:
        if domain.files:
            _, contents = pickle.loads((Path(app.doctreedir) / CACHE).read_bytes())  # noqa: S301
            changed = {
                file.name: contents[file.name]
                for file in domain.files
                if not _is_same(app.outdir / file.name, contents[file.name])
            }
            write(app.outdir, changed)
        for name in domain.data["stale"]:
            (app.outdir / name).unlink(missing_ok=True)
    except OSError as error:
        raise ExtensionError(not_written(app.outdir, error)) from error


def _is_same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _is_site(builder: Builder) -> bool:
    """Tell whether a builder writes a web site: not an e-book or serialized pages, for example."""
    return (
        isinstance(builder, StandaloneHTMLBuilder)
        and not isinstance(builder, SerializingHTMLBuilder)
        and not builder.embedded
    )
