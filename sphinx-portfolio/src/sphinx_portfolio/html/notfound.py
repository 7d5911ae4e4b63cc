"""The content of the 404 page: links to the site's main pages, which work at any depth."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


def html_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the page that sphinx-notfound-page makes, unless conf.py has its own."""
    config = app.config
    own = config.notfound_context != config.values["notfound_context"].default
    if pagename != config.notfound_pagename or doctree is not None or own:
        return
    root = config.root_doc
    pages = [(root, "Home"), *((name, "") for name in app.env.toctree_includes.get(root, ()))]
    links = "".join(
        f'<li><a href="{escape(config.notfound_urls_prefix or "/")}'
        f'{escape(app.builder.get_target_uri(name))}">'
        f"{escape(title or app.env.titles[name].astext())}</a></li>"
        for name, title in pages
    )
    context["title"] = "Page not found"
    context["body"] = (
        "<section><h1>Page not found</h1>"
        "<p>There is nothing at this address. The main pages are:</p>"
        f"<ul>{links}</ul></section>"
    )
