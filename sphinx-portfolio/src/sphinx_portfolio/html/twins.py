"""The Markdown of each page beside it, and of all pages in `llms.txt` and `llms-full.txt`."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from sphinx.errors import ExtensionError

from sphinx_portfolio.config import export_names
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.exports import llms
from sphinx_portfolio.exports.making import not_written, write
from sphinx_portfolio.exports.outline import uri
from sphinx_portfolio.html.markdown import Writer
from sphinx_portfolio.html.publishing import is_site, moved_pages, twin_of, written_pages
from sphinx_portfolio.model.files import File

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docutils import nodes
    from sphinx.application import Sphinx

MARKDOWN = "text/markdown"


def html_page_context(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Write the Markdown of a page. Pages may be written by several processes."""
    names = export_names(app)
    if doctree is None or not is_site(app.builder):
        return
    try:
        if llms.PAGES in names:
            text = Writer(_address(app, page)).page(doctree)
            write(app.outdir, {twin_of(app, page): text.encode()})
        if llms.FULL in names:
            write(*_part(app, page, Writer(_address(app, page, whole=True), level=2).page(doctree)))
    except OSError as error:
        raise ExtensionError(not_written(app.outdir, error)) from error


def of_page(app: Sphinx, page: str) -> list[File]:
    """Return the Markdown of a page, if it is chosen."""
    if llms.PAGES in export_names(app) and page in written_pages(app):
        return [File(twin_of(app, page), "Markdown", MARKDOWN, 0)]
    return []


def of_all(app: Sphinx) -> list[File]:
    """Return the chosen files of all pages."""
    names = export_names(app)
    return [File(name, name, "text/plain", 0) for name in (llms.INDEX, llms.FULL) if name in names]


def build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write the two files of all pages, and the Markdown of pages that moved: a link."""
    names = {llms.PAGES, llms.INDEX, llms.FULL} & {*export_names(app)}
    if exception or not names or not is_site(app.builder):
        return
    portfolio = portfolio_domain(app.env).portfolio
    title, about = _title(app), _description(app, app.config.root_doc)
    made = {}
    if llms.PAGES in names:
        for page, moved_to in moved_pages(app).items():
            address = _address(app, page)(moved_to)
            made[twin_of(app, page)] = f"{llms.bare(address)}\n".encode()
    if llms.INDEX in names:
        made[llms.INDEX] = llms.index(portfolio, title, about, _pages(app), _files(app))
    if llms.FULL in names:
        parts = (path for page in _order(app) if (path := _part_path(app, page)).is_file())
        texts = (path.read_text(encoding="utf-8") for path in parts)
        made[llms.FULL] = llms.full(portfolio, title, about, texts)
    try:
        write(app.outdir, made)
    except OSError as error:
        raise ExtensionError(not_written(app.outdir, error)) from error


def _address(app: Sphinx, page: str, *, whole: bool = False) -> Callable[[str], str]:
    """Return a function that completes an address on a page.

    It is an address of the site if that is known; otherwise it is relative to the page, or in the
    whole to the folder of the site.
    """
    here = posixpath.join("/", app.builder.get_target_uri(page))
    site = app.config.html_baseurl

    def address(target: str) -> str:
        if target.startswith("//") or urlsplit(target).scheme:
            return uri(target)
        path, _, fragment = urljoin(here, target).removeprefix("/").partition("#")
        if site:
            path = urljoin(site, path)
        elif not whole:
            is_folder = path.endswith("/") or not path
            path = posixpath.relpath(f"/{path}", posixpath.dirname(here)) + "/" * is_folder
        return uri(f"{path}#{fragment}" if fragment else path)

    return address


def _order(app: Sphinx) -> Iterator[str]:
    """Yield the pages in the order of the navigation, and then those that are not in it."""
    env, written = app.env, written_pages(app)
    seen: set[str] = set()

    def below(page: str) -> Iterator[str]:
        if page in written and page not in seen:
            seen.add(page)
            yield page
            for child in env.toctree_includes.get(page, ()):
                yield from below(child)

    yield from below(app.config.root_doc)
    for page in sorted(written):
        if "orphan" not in env.metadata[page]:
            yield from below(page)


def _title(app: Sphinx) -> str:
    """Return the title of the site: that of the project, or of home where it has none."""
    values = app.config
    is_named = values.project != values.values["project"].default
    return values.project if is_named else app.env.titles[values.root_doc].astext()


def _description(app: Sphinx, page: str) -> str:
    stated = app.env.metadata[page].get("description", "")
    return "" if stated == "null" else str(stated)  # MyST's text of a field without value


def _pages(app: Sphinx) -> Iterator[llms.Entry]:
    has_twins = llms.PAGES in export_names(app)
    for page in _order(app):
        name = twin_of(app, page) if has_twins else app.builder.get_target_uri(page)
        title = app.env.titles[page].astext()
        yield llms.Entry(title, _of_site(app, name), _description(app, page))


def _files(app: Sphinx) -> Iterator[llms.Entry]:
    for file in portfolio_domain(app.env).files:
        if file.is_listed:
            yield llms.Entry(file.title, _of_site(app, file.name))


def _of_site(app: Sphinx, name: str) -> str:
    return uri(urljoin(app.config.html_baseurl, name) if app.config.html_baseurl else name)


def _part_path(app: Sphinx, page: str) -> Path:
    """Return where the Markdown of a page for `llms-full.txt` is kept from build to build.

    Its suffix is not one of pages: the folder may be in that of the source.
    """
    return Path(app.doctreedir, "portfolio-markdown", app.builder.name, f"{page}.part")


def _part(app: Sphinx, page: str, text: str) -> tuple[Path, dict[str, bytes]]:
    """Return the folder and the file, with the address of the page below its heading."""
    address = _of_site(app, app.builder.get_target_uri(page) or "index.html")
    heading, _, rest = text.partition("\n\n")
    path = _part_path(app, page)
    return path.parent, {path.name: f"{heading}\n\n{llms.bare(address)}\n\n{rest}".encode()}
