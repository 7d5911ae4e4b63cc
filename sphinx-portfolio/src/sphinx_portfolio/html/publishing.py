"""Exports the files of a site when the records changed, before pages show their sizes."""

from __future__ import annotations

import hashlib
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.builders.singlehtml import SingleFileHTMLBuilder
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinxcontrib.serializinghtml import SerializingHTMLBuilder

from sphinx_portfolio import exports
from sphinx_portfolio.config import export_names
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.exports import llms, share
from sphinx_portfolio.exports.making import (
    describe,
    describe_parts,
    make,
    not_exported,
    not_written,
    write,
)
from sphinx_portfolio.exports.outline import ExportError, MissingGlyphError, check_showable
from sphinx_portfolio.html import pictures
from sphinx_portfolio.model.files import File

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence, Set

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_portfolio.domain import PortfolioDomain
    from sphinx_portfolio.model import Portfolio

logger = logging.getLogger(__name__)

PACKAGE = Path(__file__).parents[1]


def builder_inited(app: Sphinx) -> None:
    """Keep Sphinx from reading what builds wrote into folders of the source."""
    app.config.exclude_patterns = [*app.config.exclude_patterns, *_output_patterns(app)]


def env_before_read_docs(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Take these patterns back once the pages are found.

    Sphinx keeps the configuration, and would read all pages again for another output folder. It
    also uses the patterns for the static files.
    """
    kept = len(app.config.exclude_patterns) - len(_output_patterns(app))
    app.config.exclude_patterns = app.config.exclude_patterns[:kept]


def _output_patterns(app: Sphinx) -> list[str]:
    """Return the folders for output that are below the source, as `exclude_patterns`.

    They are those of this build, and of earlier ones with the same doctrees.
    """
    earlier = portfolio_domain(app.env).data["written"]
    folders = sorted({*map(Path, (app.outdir, app.doctreedir, *earlier))})
    source = Path(app.srcdir)
    below = [folder.relative_to(source) for folder in folders if source in folder.parents]
    # A question mark stands for any character.
    return [re.sub(r"[*[]", "?", folder.as_posix()) for folder in below]


def env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Make the files of a site, before the pages that show their sizes are written."""
    domain = portfolio_domain(env)
    portfolio = domain.portfolio
    names = export_names(app) if is_site(app.builder) else ()
    chosen = [export for export in exports.EXPORTS if export.name in names]
    beside = [export for export in exports.SITE_EXPORTS if export.name in names]
    rows: tuple[exports.Export | exports.SiteExport, ...] = (*chosen, *beside)
    left_out = [export for export in rows if not export.is_available]
    wanted = [export for export in chosen if export.is_available and export.applies(portfolio)]
    notes = [not_exported(left_out)] if left_out else []
    made: dict[str, bytes] = {}
    if wanted:
        # Places of records are excluded from comparison.
        key = (portfolio, [export.name for export in wanted], _versions(), _fonts(portfolio))
        if domain.data["contents"][0] != key:
            domain.data["contents"] = key, *_make(portfolio, wanted)
        _, made, missing = domain.data["contents"]
        notes += missing
    drawn, missing = _draw(app, domain, [export.name for export in beside if export.is_available])
    domain.data["pictures"] = tuple(drawn)
    notes += missing
    domain.data["markdown"] = tuple(
        File(name, "", "text/markdown", 0) for name in _markdown(app, names)
    )
    for note in notes:
        logger.info(note)
    files = [describe(it, made[it.name], portfolio.translator) for it in wanted if it.name in made]
    files += (part for it in wanted for part in describe_parts(it, portfolio, made))
    domain.data["files"] = tuple(files)
    missing_files = [export for export in wanted if export.name not in made]
    domain.data["left_out"] = tuple(export.name for export in (*left_out, *missing_files))
    domain.data["notes"] = tuple(notes)


def _make(
    portfolio: Portfolio, wanted: Collection[exports.Export]
) -> tuple[dict[str, bytes], list[str]]:
    """Return the contents of the files, and notes about those that lack a font.

    Raises ExtensionError after other errors.
    """
    made, errors = make(portfolio, wanted)
    fatal = [error for error in errors if not isinstance(error, MissingGlyphError)]
    for error in fatal:
        logger.error(error.message, location=error.place or None, type="portfolio")
    if fatal:
        raise ExtensionError("some files can't be exported, see above")
    if errors:  # a picture would show a box in place of the character
        made = {name: content for name, content in made.items() if not name.endswith(".png")}
    names = ", ".join(export.name for export in wanted if export.name not in made)
    return made, [f"Not exported: {names}: {error}" for error in errors]


def _draw(
    app: Sphinx, domain: PortfolioDomain, names: Sequence[str]
) -> tuple[dict[File, bytes], list[str]]:
    """Return the pictures and notes, drawn again if what they show changed."""
    portfolio = domain.portfolio
    mark = pictures.mark(app)
    shown = mark.read_bytes() if mark else b""
    content = share.content(portfolio) if share.NAME in names else ""
    key = (content, names, app.config.html_favicon, shown, _versions(), _fonts(portfolio))
    if domain.data["drawn"][0] != key:
        try:
            check_showable(portfolio)
            domain.data["drawn"] = key, *pictures.draw(app, portfolio, names)
        except ExportError as error:
            logger.error(error.message, location=error.place or None, type="portfolio")
            raise ExtensionError("some files can't be exported, see above") from error
    _, drawn, notes = domain.data["drawn"]
    return drawn, notes


def _markdown(app: Sphinx, names: Collection[str]) -> Iterator[str]:
    """Yield the names of the files of Markdown that are written with the pages."""
    if llms.PAGES in names:
        pages = sorted((*written_pages(app), *moved_pages(app)))
        yield from (twin_of(app, page) for page in pages)
    yield from (name for name in (llms.INDEX, llms.FULL) if name in names)


def twin_of(app: Sphinx, page: str) -> str:
    """Return the name of the Markdown of a page."""
    builder = cast("StandaloneHTMLBuilder", app.builder)
    return f"{Path(builder.get_outfilename(page)).relative_to(app.outdir).as_posix()}.md"


def moved_pages(app: Sphinx) -> dict[str, str]:
    """Return the addresses of pages that replace others, by the names of these.

    Patterns of sphinx_reredirects are for pages that there are, which have their own Markdown.
    """
    redirects = app.config.redirects if "redirects" in app.config else {}
    names = {
        name: address for name, address in redirects.items() if not re.search(r"[*?\[\]]", name)
    }
    return {name: address for name, address in names.items() if name not in app.env.found_docs}


def written_pages(app: Sphinx) -> Set[str]:
    """Return the pages that the builder of a site writes: all, or one with all of them."""
    single = isinstance(app.builder, SingleFileHTMLBuilder)
    return {app.config.root_doc} if single else app.env.found_docs


def _fonts(portfolio: Portfolio) -> list[tuple[int, int]]:
    """Return what changes with the content of a font file."""
    states = [Path(font).stat() for font in portfolio.fonts]
    return [(state.st_mtime_ns, state.st_size) for state in states]


def build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write the files beside the pages, and remove those that are no longer exported."""
    domain = portfolio_domain(app.env)
    if exception or not is_site(app.builder):
        return
    try:
        _, contents, _ = domain.data["contents"]
        _, drawn, _ = domain.data["drawn"]
        made = {file.name: contents[file.name] for file in domain.files}
        made |= {file.name: drawn[file] for file in domain.pictures}
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
    rows = (*exports.EXPORTS, *exports.SITE_EXPORTS)
    optional = {name for export in rows for name in export.libraries}
    libraries = sorted({"icalendar", *optional})
    return sys.version, code, *map(exports.installed, libraries)


def _is_same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def is_site(builder: Builder) -> bool:
    """Return whether a builder writes a web site: not an e-book or serialized pages, say."""
    return (
        isinstance(builder, StandaloneHTMLBuilder)
        and not isinstance(builder, SerializingHTMLBuilder)
        and not builder.embedded
    )
