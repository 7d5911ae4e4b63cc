"""Exports a site's files: made when the records changed, before pages show their sizes."""

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
from sphinx_portfolio.exports.making import describe, make, not_written, split, write

if TYPE_CHECKING:
    from collections.abc import Collection

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_portfolio.model import Portfolio

logger = logging.getLogger(__name__)

PACKAGE = Path(__file__).parents[1]
LIBRARIES = ("typst",)  # other than Python's
CACHE = "portfolio-exports.pickle"  # beside the doctrees


# -- The cache ----------------------------------------------------------------


def digest(portfolio: Portfolio, names: Collection[str]) -> str:
    """Return a digest of all that the files depend on: records, code and libraries."""
    # Where a record is written changes no file.
    records = tuple(replace(record, source="", line=0) for record in portfolio.records)
    said = repr((replace(portfolio, records=records), tuple(names)))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass") + _code()).hexdigest()


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
    """Return the files that were stored with a key; None if there are none."""
    try:
        stored, made = pickle.loads((folder / CACHE).read_bytes())  # noqa: S301 (as doctrees are)
    except Exception:
        return None
    return made if stored == key else None


# -- Hooks --------------------------------------------------------------------


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
    key = digest(portfolio, [export.name for export in wanted])
    made = load(Path(app.doctreedir), key)
    if made is None:
        made, faults = make(portfolio, wanted)
        for fault in faults:
            place, words = split(fault, portfolio)
            logger.error(words, location=place, type="portfolio")
        if faults:
            message = "some files can't be exported, see above"
            raise ExtensionError(message)
        try:
            write(Path(app.doctreedir), {CACHE: pickle.dumps((key, made))})
        except OSError as error:
            raise ExtensionError(not_written(app.doctreedir, error)) from error
    domain.data["files"] = tuple(describe(export, made[export.name]) for export in wanted)


def build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Copy the files beside the pages, and remove those that are not made any more."""
    domain = portfolio_domain(app.env)
    if exception or not _is_site(app.builder):
        return
    try:
        if domain.files:
            _, made = pickle.loads((Path(app.doctreedir) / CACHE).read_bytes())  # noqa: S301
            changed = {
                file.name: made[file.name]
                for file in domain.files
                if not _is_same(app.outdir / file.name, made[file.name])
            }
            write(app.outdir, changed)
        for name in domain.data["stale"]:
            (app.outdir / name).unlink(missing_ok=True)
    except OSError as error:
        raise ExtensionError(not_written(app.outdir, error)) from error


def _is_same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _is_site(builder: Builder) -> bool:
    """Tell a site from e-books, other files of one part, and builders that write no HTML."""
    return (
        isinstance(builder, StandaloneHTMLBuilder)
        and not isinstance(builder, SerializingHTMLBuilder)
        and not builder.embedded
    )
