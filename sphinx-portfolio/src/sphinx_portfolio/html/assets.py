"""Style sheets and script: on pages with records or views, and on all pages of a site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

STATIC = Path(__file__).parent / "static"
FOLDER = "sphinx-portfolio"  # below STATIC, and so below a site's _static
ENTRIES = ("entries.css", "talks.css", "timeline.css")
FRAME = ("type.css", "axis.css", "frame.css")  # of a site
SCRIPT = "portfolio.js"
FIND = "find.js"  # of a site
SEARCH = "search.js"  # of Sphinx's search page
PREFIX = "portfolio-"  # of all CSS classes


def builder_inited(app: Sphinx) -> None:
    """Let Sphinx copy the files."""
    app.config.html_static_path = [*app.config.html_static_path, str(STATIC)]


def html_page_context(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the files on a page that has one of the package's CSS classes."""
    if doctree is None:
        return
    for node in doctree.findall(nodes.Element):
        classes: list[str] = node.get("classes", [])
        if any(name.startswith(PREFIX) for name in classes):
            _load(app, ENTRIES)
            return


def site_builder_inited(app: Sphinx) -> None:
    """Load the files on all pages of a site."""
    _load(app, (*ENTRIES, *FRAME))
    app.add_css_file(f"{FOLDER}/print.css", media="print")
    app.add_js_file(f"{FOLDER}/{FIND}", loading_method="defer")


def site_html_page_context(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load what corrects Sphinx's search on its page."""
    if page == "search" and doctree is None:
        app.add_js_file(f"{FOLDER}/{SEARCH}", loading_method="defer")


def _load(app: Sphinx, styles: tuple[str, ...]) -> None:
    for name in styles:
        app.add_css_file(f"{FOLDER}/{name}")
    app.add_js_file(f"{FOLDER}/{SCRIPT}", loading_method="defer")
