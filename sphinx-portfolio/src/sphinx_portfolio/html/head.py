"""What stands in a page's `<head>`: its description, and OpenGraph tags that are true.

sphinxext-opengraph makes the tags of pages that have a document. Here it is
given the description that a page states in its front matter (`description:`),
told nothing it would have to guess, and helped out on pages made by templates:
search, index, 404. Beside these it names the files that stand beside the pages.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from sphinx.util import logging

from sphinx_portfolio.domain import portfolio_domain

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)


def describe(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Announce the page's own description, before sphinxext-opengraph makes one up."""
    if doctree is None:
        context["pageurl"] = None  # it stands for no document: no address is canonical for it
        title = context.get("title") or pagename.capitalize()
        description = f"{title} – {app.config.html_title}"
        tags = {
            "og:title": title,
            "og:type": "website",
            "og:site_name": app.config.project,
            "og:description": description,
        }
        context["metatags"] = (
            context.get("metatags", "")
            + _meta("name", "description", description)
            + "".join(_meta("property", name, content) for name, content in tags.items())
        )
        return
    # The metadata belongs to the environment: it is copied, not changed.
    meta = dict(context["meta"] or {})
    if stated := meta.get("description"):
        context["metatags"] += _meta("name", "description", stated)
        # sphinxext-opengraph escapes quotes and nothing else.
        meta["og:description"] = escape(stated, quote=False)
    for key in [key for key in meta if key.startswith("og:")]:
        # sphinxext-opengraph writes it into the page as it is.
        if not re.fullmatch(r"og:[a-z_:]+", key):
            logger.warning(
                "invalid OpenGraph property %r: write one such as og:title",
                key,
                location=pagename,
                type="portfolio",
                subtype="head",
            )
            del meta[key]
    context["meta"] = meta


def drop_unknown_address(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Take `og:url` away where the site's address is unknown: a relative one says nothing."""
    if not app.config.html_baseurl:
        context["metatags"] = re.sub(
            r'<meta property="og:url"[^>]*>\n?', "", context.get("metatags", "")
        )


def announce(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Name the files beside the site, and tell templates of the first, which is the CV."""
    domain = portfolio_domain(app.env)
    files = [file for file in domain.files if not file.is_picture]
    context["metatags"] = context.get("metatags", "") + "".join(
        f'<link rel="alternate" type="{escape(file.media_type)}" '
        f'href="{escape(context["pathto"](file.name, resource=True))}" '
        f'title="{escape(file.title)}" />\n'
        for file in files
    )
    if files:
        context["portfolio_cv"] = files[0]
        context["portfolio_cv_saved"] = files[0].saved_as(domain.portfolio.person.name)


def _meta(key: str, name: str, content: str) -> str:
    return f'<meta {key}="{name}" content="{escape(content)}" />\n'
