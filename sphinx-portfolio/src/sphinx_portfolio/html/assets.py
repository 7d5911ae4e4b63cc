"""Style sheets and script: of a guest on its pages with records or views, of a site on all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

STATIC = Path(__file__).parent / "static"
FOLDER = "sphinx-portfolio"  # below STATIC, and so below a site's _static
ENTRIES = ("entries.css", "talks.css", "timeline.css")
SCRIPT = "portfolio.js"
FRAME = ("type.css", "axis.css", "frame.css")
PREFIX = "portfolio-"  # of all CSS classes


def builder_inited(app: Sphinx) -> None:
    """Let Sphinx copy the files."""
    app.config.html_static_path = [*app.config.html_static_path, str(STATIC)]


def html_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Load the files on a page that needs them."""
    if doctree is not None and any(name.startswith(PREFIX) for name in _classes(doctree)):
        for name in ENTRIES:
            app.add_css_file(f"{FOLDER}/{name}")
        app.add_js_file(f"{FOLDER}/{SCRIPT}", loading_method="defer")


def site_builder_inited(app: Sphinx) -> None:
    """Load the files, and those of the frame, on all pages of a site."""
    for name in (*ENTRIES, *FRAME):
        app.add_css_file(f"{FOLDER}/{name}")
    app.add_css_file(f"{FOLDER}/print.css", media="print")
    app.add_js_file(f"{FOLDER}/{SCRIPT}", loading_method="defer")


def _classes(doctree: nodes.document) -> Iterator[str]:
    for node in doctree.findall(nodes.Element):
        yield from node.get("classes", ())
