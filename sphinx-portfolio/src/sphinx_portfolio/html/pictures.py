"""The share pictures and icons of a site: drawn when what they show changed, named in the head."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.exports import icons, share
from sphinx_portfolio.exports.outline import ExportError, uri
from sphinx_portfolio.model import KINDS, Project

if TYPE_CHECKING:
    from collections.abc import Collection

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_portfolio.model import Portfolio
    from sphinx_portfolio.model.files import File


def draw(
    app: Sphinx, portfolio: Portfolio, names: Collection[str]
) -> tuple[dict[File, bytes], list[str]]:
    """Return the pictures that have these names of exports, and notes about those left out.

    Raises ExportError.
    """
    made: dict[File, bytes] = {}
    notes: list[str] = []
    if share.NAME in names and portfolio.records:
        made, notes = share.pictures(portfolio)
    if (path := mark(app)) and {icons.FAVICON, icons.TOUCH} & {*names}:
        place = f"html_favicon {app.config.html_favicon!r}"
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise ExportError(f"{place} is not UTF-8: save it as UTF-8", "conf.py") from error
        drawn = icons.icons(text, place)
        made |= {file: content for file, content in drawn.items() if file.name in names}
    return made, notes


def mark(app: Sphinx) -> Path | None:
    """Return the favicon if it is an SVG, from which the others are drawn."""
    name = app.config.html_favicon or ""
    path = Path(app.confdir, name)
    return path if path.suffix.lower() == ".svg" and path.is_file() else None


def of_page(env: BuildEnvironment, page: str) -> str:
    """Return the name of the picture of a page: of a project, of a kind, or of the site.

    A page without records has that of the first records in its toctree.
    """
    portfolio = portfolio_domain(env).portfolio
    if page == env.config.root_doc:
        return share.SITE
    for docname in (page, *env.toctree_includes.get(page, ())):
        records = [record for record in portfolio.records if record.docname == docname]
        projects = [record for record in records if isinstance(record, Project)]
        if docname == page and len(projects) == len(records) == 1:
            return share.of_project(projects[0].id)
        if records:
            kinds = [record.kind for record in records]
            return share.of_kind(max(KINDS, key=kinds.count))
    return share.SITE


def tags(app: Sphinx, page: str, context: dict[str, Any]) -> list[str]:
    """Return the tags of a page for its icons and its picture, which needs the site's address."""
    drawn = {file.name: file for file in portfolio_domain(app.env).pictures}
    found = []
    for name, rel in ((icons.FAVICON, "icon"), (icons.TOUCH, "apple-touch-icon")):
        if file := drawn.get(name):
            address = escape(context["pathto"](name, resource=True))
            size = f"{file.width}x{file.height}"
            found.append(f'<link rel="{rel}" sizes="{size}" href="{address}" type="image/png" />\n')
    site = app.config.html_baseurl
    # Of a page's own choice, sphinxext-opengraph has made tags.
    picture = drawn.get(of_page(app.env, page)) or drawn.get(share.SITE)
    if site and picture and 'property="og:image"' not in context.get("metatags", ""):
        values = {
            "og:image": uri(urljoin(site, picture.name)),
            "og:image:type": picture.media_type,
            "og:image:width": str(picture.width),
            "og:image:height": str(picture.height),
            "og:image:alt": picture.title,
        }
        found += [
            f'<meta property="{name}" content="{escape(value)}" />\n'
            for name, value in values.items()
        ]
        found.append('<meta name="twitter:card" content="summary_large_image" />\n')
    return found
