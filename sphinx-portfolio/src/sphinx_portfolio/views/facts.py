"""The line of facts under an entry's heading: when, where, what it shows, what cites it.

The same for every kind of record, so that an entry reads as one of good
reference documentation does.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_portfolio.domain import lead_links, portfolio_domain, portfolio_record, reference
from sphinx_portfolio.model.records import Award, Position, Project, Record, Service, Skill, Talk
from sphinx_portfolio.model.richtext import Run
from sphinx_portfolio.views import span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_portfolio.model.records import Portfolio

# How an entry says what cites or shows it: by the kind of that, and of the entry.
LABELS = {
    ("job", "project"): "Used at",
    ("project", "project"): "Used by",
    ("talk", "project"): "Talks about this",
    ("talk", "job"): "Talks about this",
}
# What proves a skill is counted: one, several.
COUNTED = {
    "job": ("job", "jobs"),
    "talk": ("talk", "talks"),
    "project": ("project", "projects"),
    "degree": ("degree", "degrees"),
    "award": ("award", "awards"),
    "service": ("service", "services"),
    "skill": ("skill", "skills"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it says; `name` is a word for style sheets."""

    name: str
    label: str
    values: tuple[Run, ...]


def facts(record: Record, portfolio: Portfolio) -> Iterator[Fact]:
    """Yield the facts of a record, in reading order."""
    if isinstance(record, Service) and record.events:
        yield Fact("events", "Events", (Run(", ".join(record.events), emphasis=True),))
    elif record.period is not None and not isinstance(record, Talk):
        label = "Date" if isinstance(record, Award) else "Dates"
        yield Fact("dates", label, (Run(record.period.text),))
    if isinstance(record, Position | Service) and record.organization:
        url = record.url if isinstance(record, Position) else ""
        yield Fact("organization", "Organization", (Run(record.organization, target=url),))
    if isinstance(record, Position) and record.location:
        yield Fact("location", "Place", (Run(record.location),))
    if isinstance(record, Talk):
        yield from _talk(record, portfolio)
    if isinstance(record, Project) and record.code:
        yield Fact("code", "Code", code(record))
    if isinstance(record, Project) and record.license:
        yield Fact("license", "License", (Run(record.license),))
    if skills := known(record.skills, portfolio):
        yield Fact("skills", "Skills", links(skills))
    yield from backlinks(record, portfolio)


def _talk(talk: Talk, portfolio: Portfolio) -> Iterator[Fact]:
    if talk.venue:
        yield Fact("location", "Place", (Run(talk.venue),))
    if talk.speakers != (portfolio.person.name,):  # whose portfolio it is goes without saying
        label = "Speakers" if len(talk.speakers) > 1 else "Speaker"
        yield Fact("speakers", label, tuple(Run(name) for name in talk.speakers))
    if related := known(talk.cites, portfolio):
        yield Fact("related", "About", links(related))
    titles = dict(portfolio.topics)
    if topics := tuple(Run(titles[name]) for name in talk.topics if name in titles):
        yield Fact("topics", "Topics", topics)


def code(project: Project) -> tuple[Run, ...]:
    """Return a link to a project's code, named by its path there; nothing where unknown."""
    path = urlsplit(project.code).path.strip("/")
    return (Run(path or project.code, target=project.code),) if project.code else ()


def known(ids: Iterable[str], portfolio: Portfolio) -> list[Record]:
    """Return the records of these ids; those that there are not have been reported."""
    return [portfolio.by_id[id_] for id_ in ids if id_ in portfolio.by_id]


def count(records: Iterable[Record]) -> list[str]:
    """Say how many there are of each kind, such as "2 jobs", in the table's order."""
    found = Counter(record.kind for record in records)
    return [
        f"{found[kind]} {words[found[kind] > 1]}"
        for kind, words in COUNTED.items()
        if kind in found
    ]


def backlinks(record: Record, portfolio: Portfolio) -> Iterator[Fact]:
    """Yield what leads to a record, by what it is to it."""
    leading = {
        other.id: other
        for other in (*portfolio.evidence(record.id), *portfolio.citing(record.id))
        # What it says itself that it is about, is told.
        if other.id != record.id and not (isinstance(record, Talk) and other.id in record.cites)
    }
    labelled: Iterable[tuple[str, list[Record]]]
    if isinstance(record, Skill):
        groups = ([it for it in leading.values() if it.kind == kind] for kind in COUNTED)
        labelled = ((count(group)[0], group) for group in groups if group)
    else:
        found: dict[str, list[Record]] = {}
        for other in leading.values():
            label = LABELS.get((other.kind, record.kind), "Cited by")
            found.setdefault(label, []).append(other)
        order = (*LABELS.values(), "Cited by")
        labelled = sorted(found.items(), key=lambda each: order.index(each[0]))
    for label, others in labelled:
        yield Fact("backlinks", label, links(others))


def links(records: Iterable[Record]) -> tuple[Run, ...]:
    """Name records; with their titles where several have one name, as jobs at one employer."""
    listed = tuple(records)
    names = Counter(record.short for record in listed)
    return tuple(
        Run(
            record.short if names[record.short] == 1 else f"{record.title} ({record.short})",
            target=record.id,
        )
        for record in listed
    )


class DrawFacts(SphinxPostTransform):
    """Put the line of facts where a record's directive stands."""

    # Before the resolvers of MyST (9) and Sphinx (10), which see to the links.
    default_priority = 7

    def run(self, **kwargs: Any) -> None:
        """Replace the nodes that directives left."""
        lead_links(self.document, self.env)
        portfolio = portfolio_domain(self.env).portfolio
        docname = self.env.current_document.docname
        for node in list(self.document.findall(portfolio_record)):
            record = node["record"]
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
    """Make a list of definitions, in a container that style sheets know; None where it is empty."""
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
    """Return the values in a line, or where several titles are among them, one below the other."""
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
