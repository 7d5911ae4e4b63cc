"""The list of a page's headings, with those that views draw: Sphinx knows only those it read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.builders.html import StandaloneHTMLBuilder

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DRAWN = {"portfolio-year", "portfolio-upcoming"}


def html_page_context(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Write the list of a page with drawn headings, as themes expect it from Sphinx."""
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder) or doctree is None:
        return
    if "hide-toc" in (context["meta"] or {}):
        return
    sections = list(doctree.findall(nodes.section))
    if any(DRAWN.intersection(section["classes"]) for section in sections):
        listing = _list(doctree)
        context["toc"] = builder.render_partial(listing)["fragment"]
        context["display_toc"] = True
        context["furo_hide_toc"] = False


def _list(parent: nodes.Element, *, is_page: bool = True) -> nodes.bullet_list:
    """Return links to the sections of an element, in it those to their own."""
    listing = nodes.bullet_list()
    for section in parent.findall(nodes.section):
        if section is parent or _above(section) is not parent or not section["ids"]:
            continue
        title = section.next_node(nodes.title)
        words = title.astext() if title else ""
        link = nodes.reference("", words, refuri=f"#{'' if is_page else section['ids'][0]}")
        link["internal"] = True
        item = nodes.list_item("", addnodes.compact_paragraph("", "", link))
        below = _list(section, is_page=False)
        if below.children:
            item += below
        listing += item
    return listing


def _above(section: nodes.section) -> nodes.Element | None:
    """Return the section or document around a section, which may be in a container in it."""
    around = section.parent
    while around is not None and not isinstance(around, nodes.section | nodes.document):
        around = around.parent
    return around
