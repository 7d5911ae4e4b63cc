"""Entries of BibTeX files to records: what is the same for all kinds (`bibtex.kinds`)."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sphinx_portfolio.bibtex import values
from sphinx_portfolio.bibtex.latex import rich_text, unescaped
from sphinx_portfolio.bibtex.normalizing import normalized
from sphinx_portfolio.bibtex.reader import Level, Message
from sphinx_portfolio.model import CreativeWork, Period, RecordError, RichText, Run, plain
from sphinx_portfolio.model.validators import address, identifier, showable, words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container

    from docutils import nodes

    from sphinx_portfolio.bibtex.reader import BibEntry
    from sphinx_portfolio.model import Portfolio
    from sphinx_portfolio.model.kind import Kind

# Draws an entry of a program, without what its filter shows: the ids of these skills and topics.
DrawEntry: TypeAlias = "Callable[[Any, Container[str]], nodes.list_item]"

DATES = (*values.DATE_FIELDS, "year", "month", "day")
# The fields of all kinds, and those of them that have addresses.
ADDRESSES = ("url", "video", "slides", "code")
FIELDS = (
    *("author", "title", *DATES, "note", "abstract", "shorttitle", "keywords", "related"),
    *("audience", "selected", *ADDRESSES),
)
# Other fields of BibLaTeX (manual, section 2.2.2) and of tools, which are no misspellings of ours.
OTHER_FIELDS = {
    *("abbr", "addendum", "address", "archiveprefix", "arxiv", "booktitle", "duration"),
    *("entrysubtype", "eventtitle", "howpublished", "organization", "paper", "primaryclass"),
    *("type", "venue"),
    *("afterword", "annotation", "annotator", "annote", "assignee"),
    *("authortype", "bookauthor", "bookpagination", "booksubtitle", "booktitleaddon"),
    *("chapter", "commentator", "copyright", "crossref", "doi", "edition", "editor", "editora"),
    *("editorb", "editorc", "editortype", "eid", "entryset", "eprint", "eprintclass"),
    *("eprinttype", "eventtitleaddon", "execute", "file", "foreword", "gender", "groups"),
    *("holder", "html", "indextitle", "institution", "introduction", "isan", "isbn", "ismn"),
    *("isrn", "issn", "issue", "issuesubtitle", "issuetitle", "iswc", "journal"),
    *("journalsubtitle", "journaltitle", "label", "langid", "language", "library", "location"),
    *("mainsubtitle", "maintitle", "maintitleaddon", "nameaddon", "number", "options"),
    *("origdate", "origlanguage", "origlocation", "origpublisher", "origtitle", "pages"),
    *("pagetotal", "pagination", "part", "pdf", "poster", "preface", "presort", "preview"),
    *("publisher", "pubstate", "relatedtype", "reprinttitle", "school", "series"),
    *("shortauthor", "shorteditor", "shorthand", "shorthandintro", "shortjournal"),
    *("shortseries", "sortkey", "sortname", "sorttitle", "sortyear", "subtitle", "timestamp"),
    *("title", "titleaddon", "translator", "urldate", "version", "volume", "volumes"),
    *("website", "xdata", "xref"),
}
SIMILAR = 0.8  # of a field's name to one of ours, as difflib measures it
HTML = re.compile(r"</?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>|&(?:#\w+|[a-zA-Z]+);")
ONLY_ADDRESSES = re.compile(r"(?:https?://\S+[\s,;.]*)+")
YES, NO = {"yes", "true"}, {"no", "false"}


class Reading:
    """The fields of one entry, and the messages about them."""

    def __init__(self, entry: BibEntry) -> None:
        self.entry = entry
        self.messages: list[Message] = []

    def note(self, level: Level, text: str, line: int = 0, rule: str = "", about: str = "") -> None:
        """Add a message about the entry, at a field's line or that of the entry."""
        subject = about and f"{self.entry.key}/{about}"
        where = line or self.entry.line
        self.messages.append(Message(where, level, f"{self.entry.key}: {text}", rule, subject))

    def value(self, label: str, read: Callable[..., Any], argument: object, default: Any) -> Any:
        """Return what a function reads, or the default after an error in the field `label`."""
        try:
            return read(argument)
        except RecordError as error:
            self.note(Level.ERROR, f"{label}: {error}", self.entry.fields[label].line)
            return default

    def rich(self, name: str) -> RichText:
        """Return a field as rich text; HTML in it is text."""
        field = self.entry.fields.get(name)
        if field is None:
            return ()
        text, remarks = rich_text(field.latex)
        for remark in remarks:
            self.note(Level.WARNING, f"{name}: {remark.message}", field.line + remark.lines)
        if tag := HTML.search(field.latex):
            message = f"{name}: HTML is shown as text: {tag[0][:40]!r}"
            self.note(Level.HINT, message, field.line, "bibtex-html", name)
        return text

    def text(self, *names: str, usable: Callable[[str], bool] = bool) -> str:
        """Return the first field with usable text as plain text."""
        for name in names:
            noted = len(self.messages)
            if usable(text := plain(self.rich(name))):
                return text
            del self.messages[noted:]
        return ""

    def people(self, *names: str) -> tuple[str, ...]:
        """Return the names in the first of these fields that is there."""
        for name in names:
            if latex := self.entry.latex(name):
                found = self.value(name, values.names, latex, values.Names((), others=False))
                return (*found.people, *([values.OTHERS] if found.others else []))
        return ()

    def address(self, name: str, read: Callable[[str], str] = address) -> str:
        """Return an address, which a function reads from the text; an invalid one is left out."""
        try:
            return read(unescaped(self.entry.latex(name)))
        except RecordError as error:
            message = f"{name}: {error}; it is left out"
            self.note(Level.WARNING, message, self.entry.fields[name].line)
            return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BibKind:
    """How the records of a kind are read from BibTeX and drawn.

    - `fields` are the fields that it has beside those of all kinds, `addresses` those of them that
      have addresses.
    - `read` returns the fields of its records that not all kinds have, and `url` if it is not the
      field `url`; it is given the title.
    - `row` draws the head of an entry with its title, `program` all entries of a page.
    """

    kind: Kind
    fields: tuple[str, ...]
    addresses: tuple[str, ...]
    read: Callable[[Reading, str], dict[str, Any]]
    row: Callable[[Any, Portfolio, nodes.Node], list[nodes.Node]]
    program: Callable[[Portfolio, Collection[Any], DrawEntry], list[nodes.Node]]


def record(
    entry: BibEntry, kind: BibKind, topics: Container[str], source: str = ""
) -> tuple[CreativeWork | None, list[Message]]:
    """Return the record of an entry, None after an error, and the messages about it.

    Keywords that are not topics are skills.
    """
    reading = Reading(entry)
    for field in entry.fields.values():
        reading.value(field.name.lower(), showable, field.latex, "")
    if any(message.level is Level.ERROR for message in reading.messages):
        return None, reading.messages  # it would be in every other message, too
    _check_fields(reading, (*FIELDS, *kind.fields))
    title = tuple(
        Run(run.text, run.strong, run.emphasis, run.code) for run in reading.rich("title")
    )
    if not plain(title).strip():
        reading.note(Level.ERROR, "title is missing: add title = {…}")
    keywords = words(reading.text("keywords"))
    audience = words(reading.text("audience"))
    for name in audience:
        reading.value("audience", identifier, name, "")
    fields: dict[str, Any] = {
        "id": values.slug(entry.key, kind.kind.name),
        "key": entry.key,
        "entry": normalized(entry),
        "title": plain(title),
        "styled_title": title if any(_is_styled(run) for run in title) else (),
        "docname": "",
        "source": source,
        "line": entry.line,
        "period": _period(reading),
        "summary": reading.rich("abstract"),
        "skills": tuple(word for word in keywords if word not in topics),
        "topics": tuple(word for word in keywords if word in topics),
        "cites": words(reading.text("related")),
        "audience": audience,
        "selected": reading.value("selected", _yes, entry.latex("selected"), False),
        "shorttitle": reading.text("shorttitle"),
        **kind.read(reading, plain(title)),
    }
    fields |= {name: reading.address(name) for name in ADDRESSES if name not in fields}
    made = kind.kind.record(**fields)
    assert isinstance(made, CreativeWork)  # noqa: S101 (all kinds in BibTeX are)
    has_error = any(message.level is Level.ERROR for message in reading.messages)
    return None if has_error else made, reading.messages


def _period(reading: Reading) -> Period | None:
    """Return the dates, None after an error: an invalid month or day is at its own line."""
    try:
        return values.period(reading.entry)
    except RecordError as error:
        fields, name = reading.entry.fields, values.date_field(reading.entry)
        if name == "year" and "month" in fields and "month" in str(error):
            name = "month"
        reading.note(Level.ERROR, str(error), fields[name].line if name else 0)
        return None


def _check_fields(reading: Reading, known: Collection[str]) -> None:
    """Hint at misspelled fields, and warn of fields that are given twice."""
    for name, field in reading.entry.fields.items():
        if name in known or name in OTHER_FIELDS:
            continue
        if near := difflib.get_close_matches(name, known, n=1, cutoff=SIMILAR):
            message = f"unknown field {name!r}, which is ignored: did you mean {near[0]!r}?"
            reading.note(Level.HINT, message, field.line, "bibtex-field", name)
    for field in reading.entry.doubled:
        if field.name.lower() in known:
            message = f"{field.name} is given twice: the first one counts"
            reading.note(Level.WARNING, message, field.line)


def _is_styled(run: Run) -> bool:
    return run.strong or run.emphasis or run.code


def _yes(text: str) -> bool:
    if text.lower() not in {"", *YES, *NO}:
        message = f"invalid value {text!r}: use yes or remove the field"
        raise RecordError(message)
    return text.lower() in YES
