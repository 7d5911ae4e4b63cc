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
from sphinx_portfolio.__main__ import COMMANDS
from sphinx_portfolio.bibtex import parser
from sphinx_portfolio.model import KINDS
from sphinx_portfolio.sources.directives import COMMON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

    from sphinx_portfolio.model.kind import Option

# The fields of a talk; the build fails if the parser knows others.
FIELDS = {
    "author": "All speakers, joined by `and`: `Last, First and Last, First`. Required.",
    "title": "Required.",
    "eventtitle": "The event, such as a conference or meetup. Required.",
    "eventdate": "`YYYY-MM-DD`, if the day is known.",
    "year": "In place of `eventdate`, if the day is not known.",
    "month": "A number or an English name, beside `year`.",
    "venue": "The place.",
    "abstract": "What the talk is about.",
    "note": "A remark on the talk for readers of the list, such as its title on the program.",
    "shorttitle": "A part of the title for narrow places.",
    "keywords": "Ids of skills that the talk proves, and topics of `portfolio_topics`, by commas.",
    "related": "Ids of projects, jobs and other records that the talk is about, by commas.",
    "audience": "Readers for whose CV the talk is, by commas; by default all.",
    "selected": "`yes` if the talk is on the CV of one page.",
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
    """Yield a table of the BibTeX fields; ExtensionError if the parser knows others."""
    if other := set(parser.FIELDS) ^ FIELDS.keys():
        message = f"reference.FIELDS and the parser's fields differ: {sorted(other)}"
        raise ExtensionError(message)
    yield from table(("field", "text"), ((f"`{name}`", text) for name, text in FIELDS.items()))


def commands() -> Iterator[str]:
    """Yield the help of each command."""
    os.environ["COLUMNS"] = "90"  # for argparse
    for name in COMMANDS:
        yield f"## `sphinx-portfolio {name}`"
        yield ""
        text = io.StringIO()
        main = import_module(f"sphinx_portfolio.commands.{name}").main
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
