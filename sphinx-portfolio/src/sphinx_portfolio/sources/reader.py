"""The text of a record: what is below a heading, as text runs, bullets and details.

The only place where docutils' nodes become plain data.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinxcontrib.bibtex.citation_target import parse_citation_targets

from sphinx_portfolio.domain import PortfolioDomain, is_record, warn
from sphinx_portfolio.model import Detail, Highlight, RichText, Run, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOKS: dict[type[nodes.Node], str] = {
    nodes.strong: "strong",
    nodes.emphasis: "emphasis",
    nodes.literal: "code",
}
LEAVES = (nodes.raw, nodes.footnote_reference)
EVIDENCE = "portfolio-evidence"  # the class of items that are evidence


def heading(node: nodes.Node) -> str:
    """Return the words of a section's heading; nothing if the node is not a section."""
    title = node.next_node(nodes.title) if isinstance(node, nodes.section) else None
    return "".join(run.text or run.target for run in runs(title)) if title else ""


def summary(section: nodes.section) -> RichText:
    """Return the first paragraph below a heading."""
    return _first(section, nodes.paragraph)


def highlights(parent: nodes.Element) -> tuple[Highlight, ...]:
    """Return the bullets of a section or an item, and the headings below it that have bullets.

    Empty bullets are reported.
    """
    found = []
    for listing in _blocks(parent, nodes.bullet_list):
        for item in _blocks(listing, nodes.list_item):
            if EVIDENCE in item["classes"]:
                continue
            text = _first(item, nodes.paragraph)
            if plain(text).strip() or any(run.target for run in text):
                found.append(Highlight(text, evidence(item), highlights(item)))
            else:
                warn("highlight", item, "empty bullet: write its text or remove it")
    groups = (
        Highlight(_first(section, nodes.title), evidence(section), below)
        for section in _blocks(parent, nodes.section)
        if not is_record(section) and (below := highlights(section))
    )
    return (*found, *groups)


def evidence(item: nodes.Element) -> tuple[RichText, ...]:
    """Return the links that prove the claim of a heading or a bullet, each with its state."""
    return tuple(
        runs(child)
        for listing in _blocks(item, nodes.bullet_list)
        for child in _blocks(listing, nodes.list_item)
        if EVIDENCE in child["classes"]
    )


def details(section: nodes.section) -> tuple[Detail, ...]:
    """Return the definitions below a heading."""
    return tuple(
        Detail(_first(item, nodes.term), _first(definition, nodes.paragraph))
        for listing in _blocks(section, nodes.definition_list)
        for item in _blocks(listing, nodes.definition_list_item)
        for definition in _blocks(item, nodes.definition)
    )


def cites(section: nodes.section) -> Iterator[str]:
    """Yield the ids that the text below a heading refers to, up to the next record."""
    for child in section.children:
        if isinstance(child, nodes.section):
            if not is_record(child):
                yield from cites(child)
        elif isinstance(child, nodes.Element):
            for reference in child.findall(nodes.Element):
                yield from targets(reference)


def targets(reference: nodes.Element) -> tuple[str, ...]:
    """Return the ids of records that a reference leads to."""
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
    """Turn inline nodes into text runs; adjacent runs with the same looks are merged."""
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
        for number, target in enumerate(found):  # the text will be the names of the records
            if number:
                yield Run("; ", **looks)
            yield Run("", **looks | {"target": target})
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


def _blocks(section: nodes.Element, kind: type[nodes.Element]) -> Iterator[nodes.Element]:
    """Yield the blocks of a kind directly below a heading, or in an item."""
    return (child for child in section.children if isinstance(child, kind))


def _first(item: nodes.Element, kind: type[nodes.Element]) -> RichText:
    return next((runs(block) for block in _blocks(item, kind)), ())
