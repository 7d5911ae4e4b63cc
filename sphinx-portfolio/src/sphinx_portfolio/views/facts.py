"""The facts below the heading of an entry: dates, place, skills, and what cites it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_portfolio.domain import (
    lab_reference,
    portfolio_domain,
    portfolio_record,
    reference,
    resolve_myst_links,
)
from sphinx_portfolio.model import KINDS, CreativeWork, Run, Skill
from sphinx_portfolio.views import span
from sphinx_portfolio.views.elements import portfolio_details, times
from sphinx_portfolio.views.view import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_portfolio.model import Period, Portfolio, Record, RichText, Translator

RELATED = "Related work"
SHOWN = 6  # links of a kind; if there are many more, the others open on a click


@dataclass(frozen=True, slots=True)
class FactRow:
    """A label and its values; `name` is part of a CSS class, `period` is given for dates."""

    name: str
    label: str
    values: RichText
    period: Period | None = None


def facts(record: Record, portfolio: Portfolio) -> Iterator[FactRow]:
    """Yield the facts of a record in reading order: those of its kind, skills, backlinks."""
    translator = portfolio.translator
    for fact in KINDS[record.kind].facts:
        values = fact.of(record, portfolio) if fact.label else ()
        if values:
            labels = (fact.label,) if isinstance(fact.label, str) else fact.label
            label = labels[-1] if len(values) > 1 else labels[0]
            period = record.period if fact.name == "dates" else None
            yield FactRow(fact.name, translator.gettext(label), values, period)
    if skills := portfolio.links(record.skills):
        yield FactRow("skills", translator.gettext("Skills"), skills)
    if labs := portfolio.labs_about(record.id):
        label = translator.gettext("Lab") if len(labs) == 1 else translator.gettext("Labs")
        values = tuple(Run(lab.title, target=lab.anchor) for lab in labs)
        yield FactRow("labs", label, values)
    yield from backlinks(record, portfolio)


def count(records: Iterable[Record], translator: Translator) -> list[str]:
    """Count the records of each kind: `2 jobs`."""
    found = Counter(record.kind for record in records)
    return [
        translator.ngettext(*kind.count, found[name])
        for name, kind in KINDS.items()
        if name in found
    ]


def backlinks(record: Record, portfolio: Portfolio) -> Iterator[FactRow]:
    """Yield the records that cite or prove a record, by their relation to it.

    A work has no text that shows what it cites: these records are among them.
    """
    cited = record.cites if isinstance(record, CreativeWork) else ()
    leading = {
        other.id: other
        for other in (
            *(portfolio.by_id[id_] for id_ in cited if id_ in portfolio.by_id),
            *portfolio.with_skill(record.id),
            *portfolio.citing(record.id),
        )
        if other.id != record.id
    }
    translator = portfolio.translator
    found: dict[str, list[Record]] = {}
    for name, kind in KINDS.items():
        others = [other for other in leading.values() if other.kind == name]
        if others and isinstance(record, Skill):
            found[count(others, translator)[0]] = others
        elif others:
            label = translator.gettext(kind.cited_as.get(record.kind, RELATED))
            found.setdefault(label, []).extend(others)
    for label in sorted(found, key=lambda label: label == translator.gettext(RELATED)):
        yield FactRow("backlinks", label, portfolio.links(other.id for other in found[label]))


class DrawFacts(SphinxPostTransform):
    """Replace the nodes of records by their facts."""

    # Before the resolvers of MyST (9) and Sphinx (10), which resolve the links.
    default_priority = 7

    def run(self, **kwargs: Any) -> None:
        """Draw all facts of a page, each above them a span."""
        resolve_myst_links(self.document, self.env)
        portfolio = portfolio_domain(self.env).portfolio
        docname = self.env.current_document.docname
        unproved: dict[nodes.Element, list[nodes.Element]] = defaultdict(list)
        for node in list(self.document.findall(portfolio_record)):
            record = portfolio.by_id[node["record"]]
            drawn = draw(facts(record, portfolio), portfolio, docname)
            if drawn is None:
                section = node.parent
                section.remove(node)
                others = (nodes.title, nodes.Invisible)  # nothing but the heading
                if isinstance(record, Skill) and all(isinstance(it, others) for it in section):
                    unproved[section.parent].append(section)
                continue
            shown: Iterable[Record] = [record]
            if isinstance(record, Skill):
                drawn["classes"].append("portfolio-proof")
                shown = portfolio.with_skill(record.id)
            drawn[:0] = span.draw(shown, portfolio)
            node.replace_self(drawn)
        for group, skills in unproved.items():
            for skill in skills:
                group.remove(skill)
            group.append(nodes.container("", *skills, classes=["portfolio-unproved"]))


def draw(rows: Iterable[FactRow], portfolio: Portfolio, docname: str) -> nodes.container | None:
    """Return a list of definitions in a container; None if it is empty."""
    listing = nodes.definition_list()
    for fact in rows:
        definition = nodes.definition("", _values(fact, portfolio, docname))
        definition["classes"].append(f"portfolio-fact-{fact.name}")
        # Style sheets hide the colon; copied text and search results need it.
        colon = nodes.inline("", ":", classes=["portfolio-stop"])
        term = nodes.term("", "", nodes.Text(fact.label), colon, nodes.Text(" "))
        listing += nodes.definition_list_item("", term, definition)
    return nodes.container("", listing, classes=["portfolio-facts"]) if listing.children else None


def _values(fact: FactRow, portfolio: Portfolio, docname: str) -> nodes.Element:
    """Return the values in a line, or several backlinks as a list."""
    if fact.period:
        return nodes.paragraph("", "", *times(fact.period, portfolio.translator))
    if fact.name != "backlinks" or len(fact.values) == 1:
        return nodes.paragraph("", "", *inline(fact.values, portfolio, docname))
    paragraphs = (nodes.paragraph("", "", _node(it, portfolio, docname)) for it in fact.values)
    items = [nodes.list_item("", each) for each in paragraphs]
    if len(items) <= SHOWN + 2:
        return nodes.bullet_list("", *items)
    more = nodes.bullet_list("", *items[SHOWN:])
    summary = portfolio.translator.gettext("{count} more", count=len(items) - SHOWN)
    folded = portfolio_details("", more, summary=summary)
    return nodes.container("", nodes.bullet_list("", *items[:SHOWN]), folded)


def inline(runs: Iterable[Run], portfolio: Portfolio, docname: str) -> list[nodes.Node]:
    """Return the nodes of text runs, with commas between them."""
    return joined(", ", (_node(run, portfolio, docname) for run in runs))


def _node(run: Run, portfolio: Portfolio, docname: str) -> nodes.Node:
    if run.target in portfolio.by_id:
        return reference(portfolio.by_id[run.target], docname, run.text)
    for lab in portfolio.labs:
        if run.target == lab.anchor:
            return lab_reference(lab, docname)
    if run.target:
        return nodes.reference("", run.text, refuri=run.target)
    return nodes.emphasis("", run.text) if run.emphasis else nodes.Text(run.text)
