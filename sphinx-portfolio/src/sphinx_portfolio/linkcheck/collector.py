"""A builder that writes nothing, but collects external links and all their places."""

from __future__ import annotations

import os
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx.builders.dummy import DummyBuilder
from sphinx.builders.linkcheck import HyperlinkCollector

from sphinx_portfolio.bibtex.latex import unescaped
from sphinx_portfolio.bibtex.reader import read
from sphinx_portfolio.config import export_names
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.linkcheck import literal
from sphinx_portfolio.model.validators import strings
from sphinx_portfolio.sources import locations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

EXTERNAL = re.compile("https?:", re.IGNORECASE)
# An address in LaTeX, in which some characters are escaped, and what may follow it in a sentence.
IN_BIBTEX = re.compile(r'https?://(?:\\[_%&#~$]|[^\s{}"<>\\])+')
AFTER_SENTENCE = ".,;:!?)'"


class Place(NamedTuple):
    """A file, relative to the source folder, a line in it, and how the address is written there."""

    file: str
    line: int
    written: str


class LinkBuilder(DummyBuilder):
    """Collects the links of pages, BibTeX files and exports: `links` has the places of each."""

    name = "portfolio-links"
    epilog = ""

    def init(self) -> None:
        """Start without links."""
        self.links: dict[str, set[Place]] = {}

    @property
    def bibliographies(self) -> tuple[Path, ...]:
        """The BibTeX files."""
        return tuple(self.env.domaindata["cite"]["bibdata"].bibfiles)

    @cached_property
    def in_bibtex(self) -> list[tuple[str, Path, int]]:
        """The addresses in BibTeX files, with file and line."""
        return [
            (address, path, line)
            for path in self.bibliographies
            for address, line in bibtex_addresses(path.read_bytes())
        ]

    @property
    def editable(self) -> list[Path]:
        """The files in which an address may be rewritten: pages and BibTeX files."""
        pages = [Path(self.env.doc2path(name)) for name in sorted(self.env.found_docs)]
        return [*pages, *self.bibliographies]

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Collect the links of a page: what Sphinx takes for one, but with all of its places."""
        collector = HyperlinkCollector(doctree)
        known = {address for address, *_ in self.in_bibtex}
        for node in doctree.findall(nodes.Element):
            address = collector.find_uri(node)
            # What is made from a BibTeX file has no line in the page.
            if address and (node.line or address not in known):
                self.add(address, *locations.find(node, ""))

    def finish(self) -> None:
        """Collect the addresses of BibTeX files."""
        for found in self.in_bibtex:
            self.add(*found)

    def add(self, address: str, path: Path, line: int) -> None:
        """Add a place of an address of the web: the first from a line on, else the line."""
        asked = self.events.emit_firstresult("linkcheck-process-uri", address) or address
        if EXTERNAL.match(asked):
            text = path.read_text("utf-8", "replace") if path.is_file() else ""
            if found := literal.locate(text, address, line):
                line, written = found
            else:  # defined above its use, or not written as such
                _, written = literal.locate(text, address, 1) or (line, asked)
            place = Place(Path(os.path.relpath(path, self.srcdir)).as_posix(), line, written)
            self.links.setdefault(asked, set()).add(place)


def bibtex_addresses(content: bytes) -> Iterator[tuple[str, int]]:
    """Yield the addresses in the fields of a BibTeX file, with their lines."""
    entries, _ = read(content)
    for entry in entries:
        for field in entry.fields.values():
            for match in IN_BIBTEX.finditer(field.latex):
                # The value of a field is nothing but the address, or a sentence with it.
                alone = match[0] == field.latex.strip()
                text = match[0] if alone else match[0].rstrip(AFTER_SENTENCE)
                yield unescaped(text), field.line + field.latex.count("\n", 0, match.start())


def collected(app: Sphinx) -> LinkBuilder:
    """Return the builder of an application, with all links: also those of exports.

    These are the addresses of the person and the records. That of the site itself may not be
    published yet.
    """
    builder = app.builder
    if not isinstance(builder, LinkBuilder):
        message = f"the builder is not {LinkBuilder.name!r}"
        raise TypeError(message)
    if not export_names(app):
        return builder
    portfolio = portfolio_domain(app.env).portfolio
    for address in strings(portfolio.person):
        if address != portfolio.person.url:
            builder.add(address, Path(app.confdir, "conf.py"), 0)
    for record in portfolio.records:
        file, _, line = record.place.rpartition(":")
        for address in strings(record):
            if address not in builder.links:
                builder.add(address, Path(file), int(line))
    return builder
