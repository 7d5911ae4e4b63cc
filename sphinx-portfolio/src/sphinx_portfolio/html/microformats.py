"""Microformats (https://microformats.org/wiki/microformats2) in the HTML of entries and home.

They are classes of what a page shows anyway, without the prefix of the package's own classes: their
names are a standard. What a kind of record is, its description says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

from sphinx_portfolio.config import SITE
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.model import KINDS, Job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from sphinx_portfolio.model import Portfolio, Record

CARD, RESUME = "h-card", "h-resume"
SKILL = "p-skill"
# The names of nodes of views, which this room does not import.
HEADING, TIME = "portfolio_heading", "portfolio_time"
# Classes of parts of an entry.
NAME, PLACE, EVENT = "portfolio-entry-name", "portfolio-place", "portfolio-event"
LOCATION = "portfolio-fact-location"


def doctree_resolved(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Mark the entries of a page, and on home of a site the person."""
    if app.builder.format != "html":
        return
    portfolio = portfolio_domain(app.env).portfolio
    for section in doctree.findall(nodes.section):
        if record := next(filter(None, map(portfolio.by_id.get, section["ids"])), None):
            _mark_section(section, record)
    for item in doctree.findall(nodes.list_item):
        elements = (child for child in item.children if isinstance(child, nodes.Element))
        if name := next(filter(_is_name, elements), None):
            _mark_item(item, name, portfolio)
    if SITE in app.extensions:
        _mark_page(doctree, portfolio, is_home=page == app.config.root_doc)


def html_page_context(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Pass the microformats of a whole page to the template."""
    context["portfolio_microformats"] = " ".join(doctree.get("microformats", [])) if doctree else ""


def _mark_section(section: nodes.section, record: Record) -> None:
    title = section.next_node(nodes.title)
    microformat = KINDS[record.kind].microformat
    if not microformat or title is None:
        return
    if microformat == SKILL:
        _wrap(title, SKILL)
        return
    section["classes"] += microformat.split()
    _wrap(title, "p-name")
    for facts in section.children:
        if isinstance(facts, nodes.container) and "portfolio-facts" in facts["classes"]:
            _mark_parts(facts, microformat)


def _mark_item(item: nodes.list_item, name: nodes.Element, portfolio: Portfolio) -> None:
    link = next(name.findall(nodes.reference), None)
    if link is None:
        return
    id_ = link["refid"] if "refid" in link else link["refuri"].rpartition("#")[2]
    record = portfolio.by_id.get(id_)
    microformat = KINDS[record.kind].microformat if record else ""
    if not microformat or microformat == SKILL:
        return
    item["classes"] += microformat.split()
    name["classes"].append("p-name")
    link["classes"].append("u-url")
    _mark_parts(item, microformat)


def _mark_parts(element: nodes.Element, microformat: str) -> None:
    """Mark dates and places."""
    start, end = ("dt-published", "") if "h-cite" in microformat else ("dt-start", "dt-end")
    times = [node for node in element.findall(nodes.inline) if type(node).__name__ == TIME]
    for time, looks in zip(times, (start, end), strict=False):
        time["classes"] += [looks] if looks else []
    for node in element.findall(nodes.Element):
        if LOCATION in node["classes"] and isinstance(node[0], nodes.Element):
            node[0]["classes"].append("p-location")
        elif PLACE in node["classes"]:
            node["classes"].append("p-location")
        elif EVENT in node["classes"] and "h-cite" in microformat:
            node["classes"].append("p-publication")


def _mark_page(doctree: nodes.document, portfolio: Portfolio, *, is_home: bool) -> None:
    """Mark the whole of a page that is about the person: home, and pages with a part of the CV."""
    found = [CARD] if is_home else []
    parts = {"p-experience", "p-education", SKILL}
    if any(parts.intersection(node["classes"]) for node in doctree.findall(nodes.Element)):
        found.append(RESUME)
    doctree["microformats"] = found
    if is_home:
        # Titles of other pages name no person, but an organization or what the page lists.
        section = next(doctree.findall(nodes.section), None)
        title = section.next_node(nodes.title) if section else None
        if section and title and not set(section["ids"]) & portfolio.by_id.keys():
            _wrap(title, "p-name")
        for node, looks in _of_person(doctree, portfolio):
            node["classes"].append(looks)
            if looks == "u-url":
                node["rel"] = "me"


def _of_person(
    doctree: nodes.document, portfolio: Portfolio
) -> Iterator[tuple[nodes.Element, str]]:
    """Yield what says something of the person, and which property that is."""
    person = portfolio.person
    jobs = [it for it in portfolio.of(Job) if not portfolio.is_over(it) and it.period]
    jobs = [it for it in jobs if not portfolio.is_upcoming(it)]
    texts = {person.location: "p-adr", person.label: "p-job-title"}
    texts |= {job.title: "p-job-title" for job in jobs}
    organizations = {name for job in jobs for name in (job.organization, job.short)}
    profiles = {profile.url for profile in person.profiles}
    for node in doctree.findall(nodes.Element):
        match node:
            case nodes.reference():
                address = node.get("refuri", "")
                if address in profiles:
                    yield node, "u-url"
                elif person.email and address == f"mailto:{person.email}":
                    yield node, "u-email"
                elif node.astext() in organizations and not _in_list(node):
                    yield node, "p-org"
            case nodes.image() if "portfolio-picture" in node["classes"]:
                yield node, "u-photo"
            case nodes.paragraph():
                if looks := texts.get(node.astext()) if not _in_list(node) else None:
                    yield node, looks
                elif "portfolio-summary" in node["classes"]:
                    yield node, "p-note"


def _in_list(node: nodes.Node) -> bool:
    """Return whether a node is in a list, such as that of a view."""
    parent = node.parent
    while parent is not None and not isinstance(parent, nodes.list_item):
        parent = parent.parent
    return parent is not None


def _is_name(node: nodes.Element) -> bool:
    return type(node).__name__ == HEADING or NAME in node["classes"]


def _wrap(title: nodes.Element, looks: str) -> None:
    """Put the words of a heading into an element: a writer adds a link to the heading itself."""
    title[:] = [nodes.inline("", "", *title.children, classes=[looks])]
