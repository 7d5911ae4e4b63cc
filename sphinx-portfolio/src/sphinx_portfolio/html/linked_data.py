"""The linked data of a page, in its head."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from docutils import nodes

from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.exports import schema_org
from sphinx_portfolio.exports.outline import uri
from sphinx_portfolio.html.publishing import written_pages

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from sphinx_portfolio.model import Record


def tag(app: Sphinx, page: str, doctree: nodes.document) -> str:
    """Return the element of a page's linked data; empty if it has none.

    Browsers don't run it, and no policy for scripts forbids it.
    """
    found = schema_org.graph(_page(app, page, doctree), portfolio_domain(app.env).portfolio)
    text = schema_org.script(found)
    return f'<script type="application/ld+json">{text}</script>\n' if text else ""


def _page(app: Sphinx, page: str, doctree: nodes.document) -> schema_org.Page:
    portfolio, root = portfolio_domain(app.env).portfolio, app.config.root_doc
    has_all = written_pages(app) == {root}
    references = doctree.findall(nodes.reference)
    trail = tuple(_trail(app, page))
    return schema_org.Page(
        title=app.env.titles[page].astext(),
        address=_address(app, page),
        home=_address(app, root),
        text="\n".join(text.astext() for text in doctree.findall(nodes.TextElement)),
        links=frozenset(node["refuri"] for node in references if "refuri" in node),
        records=tuple(record for record in portfolio.records if has_all or record.docname == page),
        trail=tuple((app.env.titles[each].astext(), _address(app, each)) for each in trail),
        address_of=lambda record: _of_record(app, record),
        picture=_picture(app, doctree),
        is_home=page == root,
    )


def _address(app: Sphinx, page: str) -> str:
    """Return the address of a page, as its canonical link has it; empty if it is unknown."""
    site = app.config.html_baseurl
    return uri(urljoin(site, app.builder.get_target_uri(page))) if site else ""


def _of_record(app: Sphinx, record: Record) -> str:
    address = _address(app, record.docname)
    return f"{address.partition('#')[0]}#{record.id}" if address else ""


def _trail(app: Sphinx, page: str) -> list[str]:
    """Return the pages above a page, home first, and the page."""
    parents: dict[str, str] = {}
    for parent, children in app.env.toctree_includes.items():
        for child in children:
            parents.setdefault(child, parent)
    found = [page]
    while (above := parents.get(found[0])) and above not in found:
        found.insert(0, above)
    return found if found[0] == app.config.root_doc else []


def _picture(app: Sphinx, doctree: nodes.document) -> str:
    """Return the address of the person's picture if the page shows it."""
    person, site = portfolio_domain(app.env).portfolio.person, app.config.html_baseurl
    images = doctree.findall(nodes.image)
    shown = any("portfolio-picture" in image["classes"] for image in images)
    return uri(urljoin(site, person.picture)) if shown and site and person.picture else ""
