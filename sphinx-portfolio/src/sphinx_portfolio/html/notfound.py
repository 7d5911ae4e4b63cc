"""The content of the 404 page: a search field and the main pages, which work at any depth."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from sphinx_portfolio.html.frame import main_pages, search_form

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


def html_page_context(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Write the page that sphinx-notfound-page makes, unless conf.py has its own."""
    config = app.config
    is_own = config.notfound_context != config.values["notfound_context"].default
    if page != config.notfound_pagename or doctree is not None or is_own:
        return
    prefix = config.notfound_urls_prefix or "/"
    links = ""
    for name, title in main_pages(app.env).items():
        address = prefix + app.builder.get_target_uri(name)
        links += f'<li><a href="{escape(address)}">{escape(title)}</a></li>'
    search = search_form(prefix + app.builder.get_target_uri("search"))
    context["title"] = "Page not found"
    context["body"] = (
        "<section><h1>Page not found</h1>"
        f"<p>There is nothing at this address.</p>{search}"
        f'<nav class="portfolio-main-pages" aria-label="Main pages"><ul>{links}</ul></nav>'
        "</section>"
    )
