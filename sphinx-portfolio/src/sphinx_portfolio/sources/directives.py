"""Directives that mark headings as records, and the reading of these records.

The directive is below a heading and leaves a node there. The text below it is not parsed yet, so a
transform reads title, paragraphs and bullets of the whole page, and stores the record.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from sphinx_portfolio.domain import assign_id, portfolio_domain, portfolio_record, warn
from sphinx_portfolio.model import KINDS, Record, RecordError
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.kind import Kind, Option, read_fields
from sphinx_portfolio.model.validators import identifier, showable, strings, words
from sphinx_portfolio.sources import reader

if TYPE_CHECKING:
    from collections.abc import Iterable

OPTION = re.compile(r":([\w-]+):(\s.*)?")


def _audience(text: str) -> tuple[str, ...]:
    names = tuple(identifier(name) for name in words(text))
    if not names:
        raise RecordError(":audience: is empty: write `:audience: go`, or remove it")
    return names


def _selected(text: str) -> bool:
    if text:
        message = f":selected: invalid value {text!r}: write `:selected:` alone, or remove it"
        raise RecordError(message)
    return True


# Options of all kinds.
COMMON = (
    Option(
        "id",
        "Id of the entry, which is its address: lower-case words with hyphens",
        identifier,
        example="a-name",
    ),
    Option("skills", "Ids of the skills that the entry proves, separated by commas", words),
    Option(
        "audience",
        "Readers for whose CV the entry is, separated by commas; default: all",
        _audience,
    ),
    Option("selected", "Mark: the entry is on the CV of one page", _selected),
)


class RecordDirective(SphinxDirective):
    """Mark the heading above as a record; the directive's name is the record's kind.

    Its options are read as content: MyST would read them as YAML, in which `#` begins a comment
    and quotes are not part of the text.
    """

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return a node, or nothing after a warning."""
        kind = self.name.rpartition(":")[2]
        node = portfolio_record("", kind=kind, options={})
        self.set_source_info(node)
        try:
            node["options"] = read_options(self.content, KINDS[kind])
        except RecordError as error:
            warn("record", node, f"{node['kind']}: {error}")
            return []
        return [node]


def directive(kind: Kind) -> type[RecordDirective]:
    """Return the directive of a kind."""
    return type(kind.record.__name__, (RecordDirective,), {})


def read_options(lines: Iterable[str], kind: Kind) -> dict[str, str]:
    """Read lines such as `:start: 2021-05`; indented lines continue the text of an option.

    Raises RecordError.
    """
    known = [option.name for option in (*COMMON, *(kind.options or ()))]
    options: dict[str, str] = {}
    name = ""
    for line in lines:
        text = line.strip()
        if match := OPTION.fullmatch(line.rstrip()):
            name, text = match[1], (match[2] or "").strip()
            if name not in known:
                near = suggest(name, known) or f": use one of {', '.join(known)}"
                raise RecordError(f"unknown option :{name}:{near}")
            if name in options:
                raise RecordError(f"the option :{name}: is given twice: remove one")
            options[name] = text
        elif text and name and line[0].isspace():
            options[name] = f"{options[name]} {text}".strip()
        elif text:
            raise RecordError(f"{text[:40]!r} is not an option: write a line such as `:id: a-name`")
    return options


class ReadRecords(SphinxTransform):
    """Store the records of a page, and the ids that it refers to."""

    # After typographic quotes are set (750), before domains process the page (850).
    default_priority = 840

    def apply(self, **kwargs: Any) -> None:
        """Store them; invalid records are reported and left out."""
        domain = portfolio_domain(self.env)
        docname = self.env.current_document.docname
        for node in list(self.document.findall(portfolio_record)):
            try:
                record = self._read(node, docname)
            except RecordError as error:
                warn("record", node, f"{node['kind']}: {error}")
                node.parent.remove(node)
                continue
            node["record"] = record.id
            domain.note_record(record)
            title = record.title.replace(";", ",")  # in an index it would begin a subentry
            entries = [("single", f"{title} ({record.kind})", record.id, "", None)]
            node.parent.insert(
                node.parent.index(node), addnodes.index(entries=entries, record=record.id)
            )
        domain.note_references(docname, frozenset(reader.references(self.document)))

    def _read(self, node: portfolio_record, docname: str) -> Record:
        section = node.parent
        if not isinstance(section, nodes.section):
            raise RecordError(
                "there is no heading above: write the directive directly below a heading"
            )
        if section.next_node(portfolio_record) is not node:
            message = "the heading above has a record already: give this one its own heading"
            raise RecordError(message)
        options = node["options"]
        kind = KINDS[node["kind"]]
        common = read_fields(COMMON, options)
        assign_id(self.document, section, common["id"])
        fields = common | {
            "title": reader.heading(section),
            "docname": docname,
            "source": str(node.source),
            "line": node.line or 0,
            "summary": reader.summary(section),
            "highlights": reader.highlights(section),
            "evidence": reader.evidence(section),
            "details": reader.details(section),
            "cites": tuple(dict.fromkeys(reader.cites(section))),
        }
        if kind.shape == "skills":
            fields["group"] = reader.heading(section.parent)
        record = kind.finish(kind.record(**fields, **kind.fields(options)))
        for text in strings(record):
            showable(text)
        return record


class DropIndexNodes(SphinxPostTransform):
    """Remove the index nodes of records from HTML: the search finds their headings.

    It would find each record a second time by its index entry. The index itself is made from the
    entries that Sphinx collected while reading.
    """

    default_priority = 7
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Remove them from this page."""
        for node in list(self.document.findall(addnodes.index)):
            if "record" in node:
                node.parent.remove(node)
