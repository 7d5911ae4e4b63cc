"""Links to exported files where they belong: beside a list, and at the record that one is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_portfolio.model.messages import capitalized
from sphinx_portfolio.views.downloads import portfolio_download

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_portfolio.model import Portfolio, Record
    from sphinx_portfolio.model.files import File

FEED = "feed.xml"
# By kind, the files that hold what a page lists, and their short titles there.
OF_WORKS = {
    "talk": {"talks.ics": "Calendar", "talks.bib": "BibTeX", FEED: "Feed"},
    "publication": {"publications.bib": "BibTeX", FEED: "Feed"},
}
OF_CHANGES = {FEED: "Feed"}
CALENDAR, BIBTEX = "ics", "bib"  # suffixes of the files about single records


def line(names: dict[str, str], files: Iterable[File], portfolio: Portfolio) -> list[nodes.Node]:
    """Return a list of links to the files with these names that were made, if any."""
    gettext, made = portfolio.translator.gettext, {file.name: file for file in files}
    items = [
        nodes.list_item("", nodes.paragraph("", "", link(made[name], gettext(title))))
        for name, title in names.items()
        if name in made
    ]
    return [nodes.bullet_list("", *items, classes=["portfolio-files"])] if items else []


def link(file: File, text: str, label: str = "") -> portfolio_download:
    """Return a link to a file; `label` is for screen readers, and begins with the text."""
    return portfolio_download(
        "", text, name=file.name, media_type=file.media_type, label=label or file.title
    )


def add_calendar(
    row: list[nodes.Node], record: Record, files: Iterable[File], portfolio: Portfolio
) -> None:
    """Add a link to the row of an upcoming talk that has a calendar file."""
    if not portfolio.is_upcoming(record):
        return
    for file in _about(record, CALENDAR, files):
        text = portfolio.translator.gettext("add to calendar")
        node = link(file, text, f"{capitalized(text)}: {record.title}")
        if links := next(_links(row), None):
            links += [nodes.Text(" "), node]
        else:
            row.append(nodes.paragraph("", "", node, classes=["portfolio-links"]))


def entry(record: Record, files: Iterable[File]) -> list[nodes.Node]:
    """Return a link to the file with the BibTeX entry of a record, if it was made."""
    found = ((file, file.name.rpartition("/")[2]) for file in _about(record, BIBTEX, files))
    return [
        nodes.paragraph("", "", link(file, name, f"{name}: {record.title}")) for file, name in found
    ]


def _about(record: Record, suffix: str, files: Iterable[File]) -> Iterator[File]:
    return (file for file in files if file.record == record.id and file.suffix == suffix)


def _links(row: list[nodes.Node]) -> Iterator[nodes.Element]:
    for node in row:
        if isinstance(node, nodes.paragraph) and "portfolio-links" in node["classes"]:
            yield node
