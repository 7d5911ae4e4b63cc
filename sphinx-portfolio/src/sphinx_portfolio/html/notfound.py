"""The content of the 404 page: a search field and the main pages, which work at any depth."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from sphinx_portfolio.domain import portfolio_domain
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
    translator = portfolio_domain(app.env).portfolio.translator
    title = translator.gettext("Page not found")
    nothing = translator.gettext("There is nothing at this address.")
    label = translator.gettext("Main pages")
    search = search_form(prefix + app.builder.get_target_uri("search"), translator)
    context["title"] = title
    context["body"] = (
        f"<section><h1>{escape(title)}</h1><p>{escape(nothing)}</p>{search}"
        f'<nav class="portfolio-main-pages" aria-label="{escape(label)}"><ul>{links}</ul></nav>'
        "</section>"
    )
