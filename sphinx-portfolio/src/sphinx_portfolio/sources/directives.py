"""Directives that say what a heading is, and the reading of its record from the page.

The directive stands under a heading and leaves a node there. Text below it is
not parsed yet by then, so a transform reads title, paragraphs and bullets once
the page is whole, turns them into text runs, and notes the record.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sphinx_portfolio.domain import claim, portfolio_domain, portfolio_record
from sphinx_portfolio.model import KINDS, Record, RecordError
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.kind import Kind, Option
from sphinx_portfolio.model.validators import identifier, showable, strings, words
from sphinx_portfolio.sources.reader import (
    cites,
    details,
    evidence,
    heading,
    highlights,
    references,
    summary,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

logger = logging.getLogger(__name__)

OPTION = re.compile(r":([\w-]+):(\s.*)?")

# Options of all kinds.
COMMON = (
    Option(
        "id",
        "Id of the entry, which is its address: lower-case words with hyphens",
        None,
        example="a-name",
    ),
    Option("skills", "Ids of the skills that the entry proves, separated by commas", words),
    Option(
        "audience", "Readers for whose CV the entry is, separated by commas; default: all", None
    ),
    Option("selected", "Mark: the entry is on the CV of one page", None),
)


class RecordDirective(SphinxDirective):
    """Mark the heading above as a record; the directive's name is the record's kind.

    Its options are read here: MyST would read them as YAML, in which `#` begins a comment and
    quotes are not part of the text.
    """

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Leave a node, to be read once the page is whole."""
        kind = self.name.rpartition(":")[2]
        node = portfolio_record("", kind=kind, options={})
        self.set_source_info(node)
        try:
            node["options"] = read_options(self.content, KINDS[kind])
        except RecordError as error:
            logger.warning("%s: %s", kind, error, location=node, type="portfolio", subtype="record")
            return []
        return [node]


def read_options(lines: Iterable[str], kind: Kind) -> dict[str, str]:
    """Read lines such as `:start: 2021-05`; indented lines continue the text of an option.

    Raises RecordError.
    """
    known = [option.name for option in (*COMMON, *(kind.options or ()))]
    options: dict[str, str] = {}
    name = ""
    for line in lines:
        match = OPTION.fullmatch(line.rstrip())
        if match:
            name = match[1]
            if name not in known:
                message = f"unknown option :{name}:{suggest(name, known)}"
                raise RecordError(message)
            if name in options:
                message = f"the option :{name}: is given twice: remove one"
                raise RecordError(message)
            options[name] = showable((match[2] or "").strip())
        elif line.strip() and name and line[0].isspace():
            options[name] = f"{options[name]} {showable(line.strip())}".strip()
        elif line.strip():
            message = f"{line.strip()[:40]!r} is not an option: write a line such as `:id: a-name`"
            raise RecordError(message)
    return options


def directive(kind: Kind) -> type[RecordDirective]:
    """Return the directive of a kind."""
    return type(kind.record.__name__, (RecordDirective,), {})


def marked(options: dict[str, str], name: str) -> bool:
    """Tell whether a mark is set; RecordError if it has a value, such as `no`."""
    if value := options.get(name):
        message = f":{name}: invalid value {value!r}: write `:{name}:` alone, or remove it"
        raise RecordError(message)
    return name in options


def audience(options: dict[str, str]) -> tuple[str, ...]:
    """Read the readers whose CV has the entry; RecordError if there is none."""
    names = tuple(identifier(name) for name in words(options.get("audience", "")))
    if "audience" in options and not names:
        message = ":audience: is empty: write `:audience: go`, or remove it"
        raise RecordError(message)
    return names


class ReadRecords(SphinxTransform):
    """Read the records of a page."""

    # After typographic quotes are set (750), before domains look at the page (850).
    default_priority = 840

    def apply(self, **kwargs: Any) -> None:
        """Note records and references; report what is wrong with a record and leave it out."""
        domain = portfolio_domain(self.env)
        for node in list(self.document.findall(portfolio_record)):
            try:
                record = self._read(node)
            except RecordError as error:
                logger.warning(
                    "%s: %s", node["kind"], error, location=node, type="portfolio", subtype="record"
                )
                node.parent.remove(node)
                continue
            node["record"] = record.id
            domain.note_record(record)
        domain.note_references(
            self.env.current_document.docname, frozenset(references(self.document))
        )

    def _read(self, node: portfolio_record) -> Record:
        section = node.parent
        if not isinstance(section, nodes.section):
            message = "it describes a heading: write it right under a heading"
            raise RecordError(message)
        if section.next_node(portfolio_record) is not node:
            message = "the heading above has a record already: give this one its own heading"
            raise RecordError(message)
        options = node["options"]
        kind = KINDS[node["kind"]]
        if not options.get("id"):
            message = "the option :id: is missing: add a line such as `:id: a-name`"
            raise RecordError(message)
        id_ = identifier(options["id"])
        claim(self.document, section, id_)
        fields: dict[str, Any] = {
            "id": id_,
            "title": heading(section),
            "docname": self.env.current_document.docname,
            "source": str(node.source),
            "line": node.line or 0,
            "summary": summary(section),
            "highlights": highlights(section),
            "evidence": evidence(section),
            "details": details(section),
            "skills": words(options.get("skills", "")),
            "cites": tuple(dict.fromkeys(cites(section))),
            "audience": audience(options),
            "selected": marked(options, "selected"),
        }
        if kind.shape == "group":
            fields["group"] = heading(section.parent)
        record = kind.finish(kind.record(**fields, **kind.fields(options)))
        for text in strings(record):
            showable(text)
        self._index(node, record)
        return record

    def _index(self, node: portfolio_record, record: Record) -> None:
        title = record.title.replace(";", ",")  # in an index it would begin a subentry
        entries = [("single", f"{title} ({record.kind})", record.id, "", None)]
        node.parent.insert(node.parent.index(node), addnodes.index(entries=entries))
