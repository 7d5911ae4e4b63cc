"""The text of a record: what stands under a heading, as text runs, bullets and details.

The one place where docutils' nodes become plain data: no node leaves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from portfolio.dates import RecordError
from portfolio.domain import PortfolioDomain
from portfolio.records import Detail, Highlight, RichText, Run, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class record_facts(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """Where a record's line of facts is drawn: holds the kind and the options until then."""


def heading(node: nodes.Node) -> str:
    """Return the words of a section's heading; nothing where it is no section."""
    title = node.next_node(nodes.title) if isinstance(node, nodes.section) else None
    return title.astext() if title else ""


def summary(section: nodes.section) -> RichText:
    """Return the first paragraph under a heading."""
    return next((runs(paragraph) for paragraph in _blocks(section, nodes.paragraph)), ())


def highlights(section: nodes.section) -> tuple[Highlight, ...]:
    """Return the bullets under a heading; RecordError where one says nothing."""
    return tuple(_highlights(_blocks(section, nodes.bullet_list)))


def evidence(item: nodes.Element) -> RichText:
    """Return the links that prove what a heading or a bullet says."""
    return tuple(
        run
        for listing in _blocks(item, nodes.bullet_list)
        for child in _blocks(listing, nodes.list_item)
        if "evidence" in child["classes"]
        for run in runs(child)
    )


def details(section: nodes.section) -> tuple[Detail, ...]:
    """Return the definitions under a heading."""
    return tuple(
        Detail(_first(item, nodes.term), _first(item, nodes.definition))
        for listing in _blocks(section, nodes.definition_list)
        for item in listing.children
    )


def cites(section: nodes.section) -> Iterator[str]:
    """Yield the ids that the text under a heading leads to, down to the next record."""
    for child in section.children:
        if isinstance(child, nodes.section):
            if not any(_blocks(child, record_facts)):
                yield from cites(child)
        elif isinstance(child, nodes.Element):
            for reference in child.findall(addnodes.pending_xref):
                yield from targets(reference)


def targets(reference: addnodes.pending_xref) -> tuple[str, ...]:
    """Return the records' ids that a reference leads to."""
    match reference.get("refdomain"):
        case "cite":
            return tuple(key.strip() for key in reference["reftarget"].split(","))
        case PortfolioDomain.name:
            return (reference["reftarget"],)
    return ()


def runs(node: nodes.Node, **looks: Any) -> RichText:
    """Turn inline nodes into text runs."""
    match node:
        case nodes.Text():
            return (Run(str(node), **looks),)
        case addnodes.pending_xref():
            found = targets(node)
            # Without words of its own it reads as what it leads to, which only the whole knows.
            if found and not node.get("refexplicit"):
                return tuple(Run("", **looks | {"target": target}) for target in found)
            looks |= {"target": found[0]} if found else {}
        case nodes.reference():
            looks |= {"target": node["refuri"]} if "refuri" in node else {}
        case nodes.strong():
            looks |= {"strong": True}
        case nodes.emphasis():
            looks |= {"emphasis": True}
        case nodes.literal():
            looks |= {"code": True}
    return tuple(run for child in node.children for run in runs(child, **looks))


def _blocks(section: nodes.Element, kind: type[nodes.Element]) -> Iterator[nodes.Element]:
    """Yield the blocks of a kind that stand right under a heading, or in an item."""
    return (child for child in section.children if isinstance(child, kind))


def _first(item: nodes.Node, kind: type[nodes.Element]) -> RichText:
    part = item.next_node(kind)
    if part is None:
        return ()
    return runs(next(_blocks(part, nodes.paragraph), part))


def _highlights(lists: Iterable[nodes.Element]) -> Iterator[Highlight]:
    for item in (item for listing in lists for item in _blocks(listing, nodes.list_item)):
        if "evidence" in item["classes"]:
            continue
        text = next((runs(paragraph) for paragraph in _blocks(item, nodes.paragraph)), ())
        if not plain(text).strip() and not any(run.target for run in text):
            message = f"line {item.line or '?'}: a bullet says nothing: write it or take it away"
            raise RecordError(message)
        nested = tuple(_highlights(_blocks(item, nodes.bullet_list)))
        yield Highlight(text, evidence(item), nested)
