"""The content of the 404 page: links to the site's main pages, which work at any depth."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

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
    root = config.root_doc
    titles = {root: "Home"}
    for name in app.env.toctree_includes.get(root, ()):
        titles.setdefault(name, app.env.titles[name].astext())
    prefix = config.notfound_urls_prefix or "/"
    links = ""
    for name, title in titles.items():
        address = prefix + app.builder.get_target_uri(name)
        links += f'<li><a href="{escape(address)}">{escape(title)}</a></li>'
    context["title"] = "Page not found"
    context["body"] = (
        "<section><h1>Page not found</h1>"
        "<p>There is nothing at this address. The main pages are:</p>"
        f"<ul>{links}</ul></section>"
    )
