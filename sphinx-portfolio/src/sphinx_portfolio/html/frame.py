"""What pages of a site have around their content: headings, main pages, and how new it is."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from sphinx.locale import _

from sphinx_portfolio.domain import portfolio_domain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_portfolio.model import Date, Portfolio, Translator

LEFTWARD = {"ar", "fa", "he", "ur"}  # languages that are written from right to left
# As Sphinx's HTML5Translator writes it.
HEADING = re.compile(
    r"<h(?P<level>[1-6])(?P<attributes>[^>]*)>(?P<content>(?:(?!</h[1-6]>).)*?)"
    r'<a class="headerlink" href="(?P<href>[^"]*)" title="(?P<title>[^"]*)">(?P<icon>.*?)</a>'
    r"</h(?P=level)>",
    re.DOTALL,
)


def html_page_context(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Name the links to headings, and pass the main pages and the newest date to the templates."""
    if doctree is not None:
        context["body"] = HEADING.sub(_named, context["body"])
    context["portfolio_main_pages"] = main_pages(app.env)
    portfolio = portfolio_domain(app.env).portfolio
    translator = portfolio.translator
    context["portfolio_gettext"] = translator.gettext
    context["portfolio_leftward"] = translator.main_language in LEFTWARD
    context["portfolio_search_form"] = search_form(context["pathto"]("search"), translator)
    if date := newest(portfolio):
        shown = f'<time datetime="{date}">{escape(date.text(translator))}</time>'
        context["portfolio_newest"] = escape(translator.gettext("As of {date}")).format(date=shown)


def _named(heading: re.Match[str]) -> str:
    """Return a heading whose link has a name of its own, which is not part of the heading's.

    The heading of a page has no link: its address is that of the page.
    """
    level, attributes, content = heading["level"], heading["attributes"], heading["content"]
    if level == "1":
        return f"<h1{attributes}>{content}</h1>"
    text = " ".join(re.sub("<[^>]*>", "", content).split()).replace('"', "&quot;")
    if not text:  # a picture or a formula
        return heading[0]
    return (
        f'<h{level}{attributes} aria-label="{text}">{content}'
        f'<a class="headerlink" href="{heading["href"]}" title="{heading["title"]}" '
        f'aria-label="{heading["title"]}: {text}">{heading["icon"]}</a></h{level}>'
    )


def main_pages(env: BuildEnvironment) -> Mapping[str, str]:
    """Return the names and titles of home and of the pages in its toctrees."""
    root = env.config.root_doc
    titles = {root: portfolio_domain(env).portfolio.translator.gettext("Home")}
    for name in env.toctree_includes.get(root, ()):
        if name in env.titles:  # else it is an address or one of Sphinx's own pages
            titles.setdefault(name, env.titles[name].astext())
    return titles


def newest(portfolio: Portfolio) -> Date | None:
    """Return the newest date of the records that has begun; None without dates."""
    today = portfolio.today.last
    return max((date for date in _dates(portfolio) if date.first <= today), default=None)


def _dates(portfolio: Portfolio) -> Iterator[Date]:
    for record in portfolio.records:
        yield from (date for date in (record.start, record.end) if date)
        yield from (date for date, _ in record.occurrences)


def search_form(address: str, translator: Translator) -> str:
    """Return a search field for the content of a page, which leads to the search page."""
    search = escape(_("Search"))
    label = escape(translator.gettext("Search this site"))
    return (
        f'<form class="portfolio-search-here" role="search" aria-label="{label}" '
        f'action="{escape(address)}"><input name="q" aria-label="{search}">'
        f'<button type="submit">{search}</button></form>'
    )
