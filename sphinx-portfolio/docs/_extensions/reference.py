"""`{reference}`: tables that are made from the code, so that they can't differ from it."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stdout
from importlib import import_module
from typing import TYPE_CHECKING

from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from sphinx_portfolio import config, views
from sphinx_portfolio.__main__ import COMMANDS, load
from sphinx_portfolio.bibtex import conversion
from sphinx_portfolio.model import KINDS
from sphinx_portfolio.sources.directives import COMMON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

    from sphinx_portfolio.model.kind import Option

# The fields of a talk; the build fails if the reader knows others.
FIELDS = {
    "author": "All speakers, joined by `and`: `Last, First and Last, First`; the last may be "
    "`others`. Groups are in braces: `{The Group}`. Marks as in `Birch*` are left out.",
    "title": "Required.",
    "eventtitle": "The event, such as a conference or meetup.",
    "booktitle": "The event, if there is no `eventtitle`.",
    "howpublished": "The event, if there is none of these. An address or a format is not an event.",
    "organization": "The event, if there is none of these.",
    "note": "The event, if there is none of these; else a remark on the talk.",
    "eventdate": "`YYYY-MM-DD`, `YYYY-MM` or `YYYY`, or a range: `2023-02-05/2023-02-09`.",
    "date": "The same, if there is no `eventdate`.",
    "year": "The same, if there is none of these. A date is required.",
    "month": "Beside `year`: a number or an English name, also with days: `5--9 February`.",
    "day": "Beside `month`: a number.",
    "venue": "The place.",
    "location": "The place, if there is no `venue`.",
    "address": "The place, if there is none of these.",
    "type": "The format: keynote, lightning talk, workshop, panel, podcast or poster.",
    "entrysubtype": "The format, if `type` names none.",
    "abstract": "What the talk is about.",
    "duration": "How long the recording is: `34 min`.",
    "shorttitle": "A part of the title for narrow places.",
    "keywords": "Ids of skills that the talk proves, and topics of `portfolio_topics`, by commas.",
    "related": "Ids of projects, jobs and other records that the talk is about, by commas.",
    "audience": "Readers for whose CV the talk is, by commas; by default all.",
    "selected": "`yes` or `true` if the talk is on the CV of one page.",
    "url": "Address of the event's page.",
    "video": "Address of the recording.",
    "slides": "Address of the slides.",
    "code": "Address of the code.",
    "paper": "Address of the paper.",
}


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def options(found: tuple[Option, ...]) -> Iterator[str]:
    """Yield a table of options of a directive."""
    rows = (
        (f"`:{option.name}:`", option.description + (" (required)" if option.example else ""))
        for option in found
    )
    yield from table(("option", "text"), rows)


def kinds() -> Iterator[str]:
    """Yield a section for each kind that is written on pages."""
    yield "## All kinds"
    yield ""
    yield from options(COMMON)
    for name, kind in KINDS.items():
        if kind.options is not None:
            yield f"## `{name}`"
            yield ""
            yield str(import_module(kind.record.__module__).__doc__)
            yield ""
            if kind.options:
                yield from options(kind.options)


def view_names() -> Iterator[str]:
    """Yield a table of the views."""
    rows = (
        (
            f"`{name}`",
            str(import_module(view.draw.__module__).__doc__).partition("\n")[0].partition(": ")[2],
            ", ".join(f"`:{option}:`" for option in view.options),
        )
        for name, view in views.VIEWS.items()
    )
    yield from table(("directive", "draws", "options"), rows)


def values() -> Iterator[str]:
    """Yield a section for each configuration value."""
    for value in (*config.VALUES, *config.SITE_VALUES):
        yield f"## `{value.name}`"
        yield ""
        yield value.description
        yield ""
        if value.default is not None:
            yield f"Default: `{value.default!r}`"
            yield ""


def fields() -> Iterator[str]:
    """Yield a table of the BibTeX fields; ExtensionError if the reader knows others."""
    if other := set(conversion.FIELDS) ^ FIELDS.keys():
        message = f"reference.FIELDS and the fields of talks differ: {sorted(other)}"
        raise ExtensionError(message)
    yield from table(("field", "text"), ((f"`{name}`", text) for name, text in FIELDS.items()))


def commands() -> Iterator[str]:
    """Yield the help of each command."""
    os.environ["COLUMNS"] = "90"  # for argparse
    for name in COMMANDS:
        yield f"## `sphinx-portfolio {name}`"
        yield ""
        text = io.StringIO()
        main = load(name).main
        try:
            with redirect_stdout(text):
                main(["--help"])
        except SystemExit:
            pass
        yield "```text"
        yield text.getvalue().strip()
        yield "```"
        yield ""


PARTS = {
    "kinds": kinds,
    "views": view_names,
    "values": values,
    "fields": fields,
    "commands": commands,
}


class Reference(SphinxDirective):
    """Insert a part of the reference."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return its nodes."""
        lines = PARTS[self.arguments[0]]()
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("reference", Reference)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
