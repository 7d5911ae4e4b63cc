"""The text of a record: what stands under a heading, as text runs, bullets and details.

The one place where docutils' nodes become plain data: no node leaves it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging
from sphinxcontrib.bibtex.citation_target import parse_citation_targets

from sphinx_portfolio.domain import PortfolioDomain, portfolio_record
from sphinx_portfolio.model import Detail, Highlight, RichText, Run, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

logger = logging.getLogger(__name__)

LOOKS: dict[type[nodes.Node], str] = {
    nodes.strong: "strong",
    nodes.emphasis: "emphasis",
    nodes.literal: "code",
}
LEAVES = (nodes.raw, nodes.footnote_reference)


def heading(node: nodes.Node) -> str:
    """Return the words of a section's heading; nothing where it is no section."""
    title = node.next_node(nodes.title) if isinstance(node, nodes.section) else None
    return "".join(run.text or run.target for run in runs(title)) if title else ""


def summary(section: nodes.section) -> RichText:
    """Return the first paragraph under a heading."""
    return _first(section, nodes.paragraph)


def highlights(section: nodes.section) -> tuple[Highlight, ...]:
    """Return the bullets under a heading; warn of those that say nothing."""
    return tuple(_highlights(_blocks(section, nodes.bullet_list)))


def evidence(item: nodes.Element) -> RichText:
    """Return the links that prove what a heading or a bullet says."""
    return tuple(
        run
        for listing in _blocks(item, nodes.bullet_list)
        for child in _blocks(listing, nodes.list_item)
        if "portfolio-evidence" in child["classes"]
        for run in runs(child)
    )


def details(section: nodes.section) -> tuple[Detail, ...]:
    """Return the definitions under a heading."""
    return tuple(
        Detail(_first(item, nodes.term), _first(definition, nodes.paragraph))
        for listing in _blocks(section, nodes.definition_list)
        for item in _blocks(listing, nodes.definition_list_item)
        for definition in _blocks(item, nodes.definition)
    )


def cites(section: nodes.section) -> Iterator[str]:
    """Yield the ids that the text under a heading leads to, down to the next record."""
    for child in section.children:
        if isinstance(child, nodes.section):
            if not any(_blocks(child, portfolio_record)):
                yield from cites(child)
        elif isinstance(child, nodes.Element):
            for reference in child.findall(nodes.Element):
                yield from targets(reference)


def targets(reference: nodes.Element) -> tuple[str, ...]:
    """Return the records' ids that a reference leads to."""
    match reference:
        case addnodes.pending_xref(attributes={"refdomain": "cite"}):
            return tuple(target.key for target in parse_citation_targets(reference["reftarget"]))
        case addnodes.pending_xref(attributes={"refdomain": PortfolioDomain.name}):
            return (reference["reftarget"],)
        case nodes.reference(attributes={"id_link": True}):  # MyST's `[](#id)`
            return (reference["refuri"].removeprefix("#"),)
    return ()


def references(document: nodes.document) -> Iterator[str]:
    """Yield the ids that a page refers to, of records or of anything else."""
    for node in document.findall(nodes.Element):
        yield from targets(node)
        if isinstance(node, addnodes.pending_xref) and node["reftype"] == "any":
            yield node["reftarget"]


def runs(node: nodes.Node) -> RichText:
    """Turn inline nodes into text runs; neighbours that look alike are one."""
    merged: list[Run] = []
    for run in _runs(node):
        last = merged[-1] if merged else Run("")
        if last.text and run.text and replace(last, text=run.text) == run:
            merged[-1] = replace(run, text=last.text + run.text)
        else:
            merged.append(run)
    return tuple(merged)


def _runs(node: nodes.Node, **looks: Any) -> Iterator[Run]:
    if not isinstance(node, nodes.Element) or isinstance(node, LEAVES):
        if words := _words(node):
            yield Run(words, **looks)
        return
    found = targets(node)
    if found and not node.get("refexplicit", bool(node.astext())):
        yield from _implicit(found, looks)
        return
    if target := next(iter(found), node.get("refuri")):
        looks |= {"target": target}
    if look := LOOKS.get(type(node)):
        looks |= {look: True}
    if isinstance(node, addnodes.pending_xref) and not node.astext():  # MyST's `[](page.md)`
        yield Run(node["reftarget"], **looks)
    for child in node.children:
        yield from _runs(child, **looks)


def _words(node: nodes.Node) -> str:
    match node:
        case nodes.Text():
            return str(node).replace("\n", " ")  # where a line of the source ends
        case nodes.raw() if node.astext() == "<br />\n":  # a hard line break
            return " "
    return ""  # a footnote's number, or markup for one format alone


def _implicit(found: tuple[str, ...], looks: dict[str, Any]) -> Iterator[Run]:
    """Yield references without words: they read as what they lead to, by its name."""
    for number, target in enumerate(found):
        if number:
            yield Run("; ", **looks)
        yield Run("", **looks | {"target": target})


def _blocks(section: nodes.Element, kind: type[nodes.Element]) -> Iterator[nodes.Element]:
    """Yield the blocks of a kind that stand right under a heading, or in an item."""
    return (child for child in section.children if isinstance(child, kind))


def _first(item: nodes.Element, kind: type[nodes.Element]) -> RichText:
    return next((runs(block) for block in _blocks(item, kind)), ())


def _highlights(lists: Iterable[nodes.Element]) -> Iterator[Highlight]:
    for item in (item for listing in lists for item in _blocks(listing, nodes.list_item)):
        if "portfolio-evidence" in item["classes"]:
            continue
        text = _first(item, nodes.paragraph)
        if not plain(text).strip() and not any(run.target for run in text):
            logger.warning(
                "a bullet says nothing: write it or take it away",
                location=item,
                type="portfolio",
                subtype="highlight",
            )
            continue
        nested = tuple(_highlights(_blocks(item, nodes.bullet_list)))
        yield Highlight(text, evidence(item), nested)
