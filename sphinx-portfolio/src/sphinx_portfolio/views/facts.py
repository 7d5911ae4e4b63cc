"""The facts below an entry's heading: when, where, what it proves, what cites it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_portfolio.domain import lead_links, portfolio_domain, portfolio_record, reference
from sphinx_portfolio.model import KINDS, Skill, Talk
from sphinx_portfolio.views import span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_portfolio.model import Portfolio, Record, RichText, Run

CITED_BY = "Cited by"


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its values; `name` is a word for style sheets."""

    name: str
    label: str
    values: RichText


def facts(record: Record, portfolio: Portfolio) -> Iterator[Fact]:
    """Yield the facts of a record, in reading order: its kind's, and its relations to others."""
    for fact in KINDS[record.kind].facts:
        values = fact.of(record, portfolio) if fact.label else ()
        if values:
            labels = (fact.label,) if isinstance(fact.label, str) else fact.label
            yield Fact(fact.name, labels[-1] if len(values) > 1 else labels[0], values)
    if skills := portfolio.links(record.skills):
        yield Fact("skills", "Skills", skills)
    yield from backlinks(record, portfolio)


def count(records: Iterable[Record]) -> list[str]:
    """Count the records of each kind: `2 jobs`."""
    found = Counter(record.kind for record in records)
    return [
        f"{found[name]} {kind.plural if found[name] > 1 else name}"
        for name, kind in KINDS.items()
        if name in found
    ]


def backlinks(record: Record, portfolio: Portfolio) -> Iterator[Fact]:
    """Yield the records that cite or prove a record, by their relation to it."""
    leading = {
        other.id: other
        for other in (*portfolio.evidence(record.id), *portfolio.citing(record.id))
        # A talk shows what it is about itself.
        if other.id != record.id and not (isinstance(record, Talk) and other.id in record.cites)
    }
    found: dict[str, list[Record]] = {}
    for name, kind in KINDS.items():
        others = [other for other in leading.values() if other.kind == name]
        if others and isinstance(record, Skill):
            found[count(others)[0]] = others
        elif others:
            found.setdefault(kind.cited_as.get(record.kind, CITED_BY), []).extend(others)
    for label in sorted(found, key=lambda label: label == CITED_BY):
        yield Fact("backlinks", label, portfolio.links(other.id for other in found[label]))


class DrawFacts(SphinxPostTransform):
    """Replace the directives of records by their facts."""

    # Before the resolvers of MyST (9) and Sphinx (10), which resolve the links.
    default_priority = 7

    def run(self, **kwargs: Any) -> None:
        """Replace the nodes that directives left."""
        lead_links(self.document, self.env)
        portfolio = portfolio_domain(self.env).portfolio
        docname = self.env.current_document.docname
        for node in list(self.document.findall(portfolio_record)):
            record = portfolio.by_id[node["record"]]
            if drawn := draw(facts(record, portfolio), portfolio, docname):
                if isinstance(record, Skill):
                    drawn["classes"].append("portfolio-proof")
                    drawn[:0] = span.draw(portfolio.evidence(record.id), portfolio)
                else:
                    drawn[:0] = span.draw([record], portfolio)
                node.replace_self(drawn)
            else:
                node.parent.remove(node)


def draw(rows: Iterator[Fact], portfolio: Portfolio, docname: str) -> nodes.container | None:
    """Make a list of definitions in a container; None if it is empty."""
    listing = nodes.definition_list()
    for fact in rows:
        definition = nodes.definition("", _values(fact, portfolio, docname))
        definition["classes"].append(f"portfolio-fact-{fact.name}")
        # Side by side they need no colon; where they are copied or searched, they do.
        colon = nodes.inline("", ":", classes=["portfolio-stop"])
        term = nodes.term("", "", nodes.Text(fact.label), colon, nodes.Text(" "))
        listing += nodes.definition_list_item("", term, definition)
    return nodes.container("", listing, classes=["portfolio-facts"]) if listing.children else None


def _values(fact: Fact, portfolio: Portfolio, docname: str) -> nodes.Element:
    """Return the values in a line, or several backlinks one below the other."""
    if fact.name != "backlinks" or len(fact.values) == 1:
        return nodes.paragraph("", "", *inline(fact.values, portfolio, docname))
    paragraphs = (nodes.paragraph("", "", _node(it, portfolio, docname)) for it in fact.values)
    return nodes.bullet_list("", *(nodes.list_item("", each) for each in paragraphs))


def inline(runs: Iterable[Run], portfolio: Portfolio, docname: str) -> Iterator[nodes.Node]:
    """Yield the nodes of text runs, with commas between them."""
    for number, run in enumerate(runs):
        if number:
            yield nodes.Text(", ")
        yield _node(run, portfolio, docname)


def _node(run: Run, portfolio: Portfolio, docname: str) -> nodes.Node:
    if run.target in portfolio.by_id:
        return reference(portfolio.by_id[run.target], docname, run.text)
    if run.target:
        return nodes.reference("", run.text, refuri=run.target)
    return nodes.emphasis("", run.text) if run.emphasis else nodes.Text(run.text)
