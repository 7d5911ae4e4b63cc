"""Metadata in a page's `<head>`: links to the exported files, description, OpenGraph tags.

The links are those of any project, the rest is that of a site.

sphinxext-opengraph makes the tags of pages that have a document. It gets the description from the
page's front matter (`description:`). Pages without a document (search, index, 404) get theirs here.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from sphinx.locale import _
from sphinx.util import logging

from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.html import linked_data, pictures, twins
from sphinx_portfolio.html.publishing import is_site
from sphinx_portfolio.model.files import FOR_APPLICATIONS, TO_READ

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

    from sphinx_portfolio.model.files import File

logger = logging.getLogger(__name__)


def link_files(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Link to the Markdown of the page first, then to the exported files; name the pictures.

    Pages without a document, such as the search, have no other form.
    """
    if not is_site(app.builder):  # an e-book
        return
    files: list[File] = []
    if doctree:
        files += twins.of_page(app, page)
        files += (file for file in portfolio_domain(app.env).files if file.is_listed)
        files += twins.of_all(app) if page == app.config.root_doc else []
    for file in files:
        address = context["pathto"](file.name, resource=True)
        _add(
            context,
            f'<link rel="alternate" type="{escape(file.media_type)}" href="{escape(address)}" '
            f'title="{escape(file.title)}" />\n',
        )
    _add(context, *pictures.tags(app, page, context))


def before_opengraph(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Set the description, and remove invalid OpenGraph properties."""
    if doctree is None:
        context["pageurl"] = None  # a page without a document has no canonical address
        title = context.get("title") or (_("Index") if page == "genindex" else page.capitalize())
        description = f"{title} – {app.config.html_title}"
        tags = {
            "og:title": title,
            "og:type": "website",
            "og:site_name": app.config.project,
            "og:description": description,
        }
        _add(context, _meta("name", "description", description))
        _add(context, *(_meta("property", name, content) for name, content in tags.items()))
        return
    meta = dict(context["meta"] or {})  # a copy: it belongs to the environment
    stated = meta.get("description")
    if stated == "null":  # MyST's text of a field without value
        del meta["description"]
    elif stated:
        _add(context, _meta("name", "description", stated))
        # sphinxext-opengraph escapes quotes only.
        meta["og:description"] = escape(stated, quote=False)
    for key in [key for key in meta if key.startswith("og:")]:
        # sphinxext-opengraph does not escape it.
        if not re.fullmatch(r"og:[a-z_:]+", key):
            logger.warning(
                "invalid OpenGraph property %r: write one such as og:title",
                key,
                location=page,
                type="portfolio",
                subtype="head",
            )
            del meta[key]
    context["meta"] = meta


def after_opengraph(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Remove a relative `og:url`; add linked data, and pass the CV to the templates."""
    if not app.config.html_baseurl:
        context["metatags"] = re.sub(
            r'<meta property="og:url"[^>]*>\n?', "", context.get("metatags", "")
        )
    domain = portfolio_domain(app.env)
    if doctree and is_site(app.builder):
        _add(context, linked_data.tag(app, page, doctree))
    files = (file for file in domain.files if file.is_listed)
    cv = next((file for file in files if file.reader in {TO_READ, FOR_APPLICATIONS}), None)
    if cv:
        context["portfolio_cv"] = cv
        context["portfolio_cv_saved"] = cv.saved_as(domain.portfolio.person.name)


def _add(context: dict[str, Any], *tags: str) -> None:
    context["metatags"] = context.get("metatags", "") + "".join(tags)


def _meta(key: str, name: str, content: str) -> str:
    return f'<meta {key}="{name}" content="{escape(content)}" />\n'
