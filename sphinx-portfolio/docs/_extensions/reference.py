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
from sphinx_portfolio.bibtex.kinds import BIB_KINDS
from sphinx_portfolio.model import KINDS
from sphinx_portfolio.sources.directives import COMMON

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

    from sphinx_portfolio.model.kind import Option

# The fields of all kinds in BibTeX, and those of each; the build fails if the reader has others.
FIELDS = {
    "author": "All speakers or authors, joined by `and`: `Last, First and Last, First`; the last "
    "may be `others`. Groups are in braces: `{The Group}`. Marks as in `Birch*` are left out.",
    "title": "Required.",
    "eventdate": "`YYYY-MM-DD`, `YYYY-MM` or `YYYY`, or a range: `2023-02-05/2023-02-09`. "
    "A time with its zone, `2023-02-05T10:00+01:00`, is for the calendar of talks.",
    "date": "The same, if there is no `eventdate`.",
    "year": "The same, if there is none of these. A date is required.",
    "month": "Beside `year`: a number or an English name, also with days: `5--9 February`.",
    "day": "Beside `month`: a number.",
    "abstract": "What it is about.",
    "note": "A remark on it.",
    "shorttitle": "A part of the title for narrow places.",
    "keywords": "Ids of skills that it proves, and topics of `portfolio_topics`, by commas. Of a "
    "publication, other keywords are ignored.",
    "related": "Ids or keys of projects, jobs, talks, publications and other records that it is "
    "about, by commas.",
    "audience": "Readers for whose CV it is, by commas; by default all.",
    "selected": "`yes` or `true` if it is on the CV of one page.",
    "url": "Address of its page; of a talk that of the event.",
    "video": "Address of the recording.",
    "slides": "Address of the slides.",
    "code": "Address of the code.",
}
FIELDS_OF = {
    "talk": {
        "eventtitle": "The event, such as a conference or meetup.",
        "booktitle": "The event, if there is no `eventtitle`.",
        "howpublished": "The event, if there is none of these. An address or a format is no event.",
        "organization": "The event, if there is none of these.",
        "note": "The event, if there is none of these; else a remark on the talk.",
        "venue": "The place.",
        "location": "The place, if there is no `venue`.",
        "address": "The place, if there is none of these.",
        "type": "The format: keynote, lightning talk, workshop, panel, podcast or poster.",
        "entrysubtype": "The format, if `type` names none.",
        "duration": "How long the recording is: `34 min`.",
        "paper": "Address of the paper.",
    },
    "publication": {
        "editor": "The authors, if there is no `author`.",
        "journaltitle": "The venue: the first of these fields that is given.",
        **dict.fromkeys(
            (
                *("journal", "booktitle", "maintitle", "school", "institution", "publisher"),
                *("howpublished", "organization", "eventtitle", "holder"),
            ),
            "The venue.",
        ),
        "type": "What a thesis, a report or a patent is, such as `phdthesis` or `White paper`.",
        "doi": "`10.1000/182`, or the address with it.",
        "arxiv": "An identifier of arXiv, such as `1706.03762`.",
        "eprint": "The same, if `eprinttype` is `arxiv`.",
        "eprinttype": "See `eprint`.",
        "archiveprefix": "The same as `eprinttype`.",
        "pdf": "Address of the PDF.",
        "paper": "The same, if there is no `pdf`.",
        "html": "Address of the page, if there is no `url`.",
        "website": "The same, if there is none of these.",
    },
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
    """Yield the tables of BibTeX fields; ExtensionError if the reader knows others."""
    tables: dict[str, tuple[Collection[str], dict[str, str]]] = {}
    tables["all kinds"] = conversion.FIELDS, FIELDS
    tables |= {kind.kind.plural: (kind.fields, FIELDS_OF[name]) for name, kind in BIB_KINDS.items()}
    for title, (known, texts) in tables.items():
        if other := set(known) ^ texts.keys():
            message = f"the reference and the fields of {title} differ: {sorted(other)}"
            raise ExtensionError(message)
        yield f"### Fields of {title}"
        yield ""
        yield from table(("field", "text"), ((f"`{name}`", text) for name, text in texts.items()))


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
