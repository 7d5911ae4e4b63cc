"""Exports the files of a site when the records changed, before pages show their sizes."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
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
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

PACKAGE = Path(__file__).parents[1]


def env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Make the files of a site, before the pages that show their sizes are written."""
    domain = portfolio_domain(env)
    portfolio = domain.portfolio
    names = export_names(app) if is_site(app.builder) else ()
    chosen = [export for export in exports.EXPORTS if export.name in names]
    left_out = [export for export in chosen if not export.is_available]
    wanted = [export for export in chosen if export.is_available and export.applies(portfolio)]
    domain.data["files"] = ()
    domain.data["left_out"] = tuple(export.name for export in left_out)
    if left_out:
        logger.info(not_exported(left_out))
    if not wanted:
        return
    key = (portfolio, [export.name for export in wanted], _versions())
    cached, contents = domain.data["contents"]
    if cached != key:  # places of records are excluded from comparison
        contents, errors = make(portfolio, wanted)
        for each in errors:
            logger.error(each.message, location=each.place or None, type="portfolio")
        if errors:
            raise ExtensionError("some files can't be exported, see above")
        domain.data["contents"] = key, contents
    domain.data["files"] = tuple(describe(export, contents[export.name]) for export in wanted)


def build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write the files beside the pages, and remove those that are no longer exported."""
    domain = portfolio_domain(app.env)
    if exception or not is_site(app.builder):
        return
    try:
        _, contents = domain.data["contents"]
        made = {file.name: contents[file.name] for file in domain.files}
        write(app.outdir, {k: v for k, v in made.items() if not _is_same(app.outdir / k, v)})
        for name in domain.data["stale"]:
            (app.outdir / name).unlink(missing_ok=True)
    except OSError as error:
        raise ExtensionError(not_written(app.outdir, error)) from error


@cache
def _versions() -> tuple[str, ...]:
    """Return the versions of what makes the files; code and template may be edited in place."""
    files = sorted(path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".typ"})
    code = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    libraries = sorted({name for export in exports.EXPORTS for name in export.libraries})
    return sys.version, code, *map(exports.installed, libraries)


def _is_same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def is_site(builder: Builder) -> bool:
    """Tell whether a builder writes a web site: not an e-book or serialized pages, for example."""
    return (
        isinstance(builder, StandaloneHTMLBuilder)
        and not isinstance(builder, SerializingHTMLBuilder)
        and not builder.embedded
    )
