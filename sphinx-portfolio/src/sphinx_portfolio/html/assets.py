"""Style sheets and script: on pages with records or views, and on all pages of a site."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from sphinx_portfolio.domain import portfolio_domain

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from sphinx_portfolio.model import Translator

STATIC = Path(__file__).parent / "static"
FOLDER = "sphinx-portfolio"  # below STATIC, and so below a site's _static
ENTRIES = ("entries.css", "talks.css", "timeline.css")
FRAME = ("type.css", "axis.css", "frame.css")  # of a site
SCRIPT = "portfolio.js"
FIND = "find.js"  # of a site
SEARCH = "search.js"  # of Sphinx's search page
PREFIX = "portfolio-"  # of all CSS classes
MESSAGES = "portfolio-messages"  # the id of those of the scripts


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
            _load_messages(app)
            return


def site_builder_inited(app: Sphinx) -> None:
    """Load the files on all pages of a site."""
    _load(app, (*ENTRIES, *FRAME))
    app.add_css_file(f"{FOLDER}/print.css", media="print")
    app.add_js_file(f"{FOLDER}/{FIND}", loading_method="defer")


def site_html_page_context(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the messages of scripts on all pages, and what corrects Sphinx's search on its page."""
    _load_messages(app)
    if page == "search" and doctree is None:
        app.add_js_file(f"{FOLDER}/{SEARCH}", loading_method="defer")


def messages(translator: Translator) -> dict[str, str]:
    """Return the messages of scripts. A script knows no rules of plurals: two forms have to do."""
    gettext = translator.gettext
    return {
        "Copy": gettext("Copy"),
        "Copied": gettext("Copied"),
        "Selected": gettext("Selected"),
        "Find in talks": gettext("Find in talks"),
        "1 talk": gettext("1 talk"),
        "{count} talks": gettext("{count} talks"),
        "No talks match.": gettext("No talks match."),
        "Entries": gettext("Entries"),
        "1 entry": gettext("1 entry"),
        "{count} entries": gettext("{count} entries"),
        "Line {line}: {error}": gettext("Line {line}: {error}"),
        "It failed: {error}": gettext("It failed: {error}"),
        "Its drawing can't be shown.": gettext("Its drawing can't be shown."),
        "The address has a value that is out of range.": gettext(
            "The address has a value that is out of range."
        ),
        "Result of your version": gettext("Result of your version"),
        "Running …": gettext("Running …"),
        "Stop": gettext("Stop"),
        "Stopped.": gettext("Stopped."),
        "Stopped after {seconds} seconds.": gettext("Stopped after {seconds} seconds."),
        "It can't be run here: {error}": gettext("It can't be run here: {error}"),
        "This browser can't run it.": gettext("This browser can't run it."),
        "Changing the parameters needs a web server.": gettext(
            "Changing the parameters needs a web server."
        ),
        "Edit": gettext("Edit"),
        "Reset": gettext("Reset"),
        "Run": gettext("Run"),
        "Source": gettext("Source"),
        "Search all text for “{query}”": gettext("Search all text for “{query}”"),
    }


def _load_messages(app: Sphinx) -> None:
    """Write the messages into the page as data, which no policy for scripts forbids."""
    translator = portfolio_domain(app.env).portfolio.translator
    if translator.catalogs:
        body = json.dumps(messages(translator), ensure_ascii=False).replace("<", "\\u003c")
        app.add_js_file(None, body=body, type="application/json", id=MESSAGES)


def _load(app: Sphinx, styles: tuple[str, ...]) -> None:
    for name in styles:
        app.add_css_file(f"{FOLDER}/{name}")
    app.add_js_file(f"{FOLDER}/{SCRIPT}", loading_method="defer")
