"""Entries of BibTeX files to records of talks."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

from sphinx_portfolio.bibtex import values
from sphinx_portfolio.bibtex.latex import plain_text, rich_text, unescaped
from sphinx_portfolio.bibtex.reader import Level, Message
from sphinx_portfolio.model import Period, RecordError, RichText, Run, Talk, plain
from sphinx_portfolio.model.kinds.talk import FORMATS
from sphinx_portfolio.model.validators import address, identifier, showable, words

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from sphinx_portfolio.bibtex.reader import BibEntry

# Fields of one meaning, the first that is given counts.
EVENT = ("eventtitle", "booktitle", "howpublished", "organization", "note")
VENUE = ("venue", "location", "address")
FORMAT = ("type", "entrysubtype", "howpublished", "note")
ADDRESSES = ("url", "video", "slides", "code", "paper")
DATES = (*values.DATE_FIELDS, "year", "month", "day")
LISTS = ("keywords", "related", "audience")
FIELDS = tuple(
    dict.fromkeys(
        (
            *("author", "title", *EVENT, *DATES, *VENUE, "type", "entrysubtype"),
            *("abstract", "shorttitle", *LISTS, "selected", *ADDRESSES, "duration"),
        )
    )
)
# Other fields of BibLaTeX (manual, section 2.2.2) and of tools, which are no misspellings of ours.
OTHER_FIELDS = {
    *("abbr", "addendum", "afterword", "annotation", "annotator", "annote", "assignee"),
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


class _Reading:
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

    def address(self, name: str) -> str:
        """Return an address; an invalid one is left out."""
        try:
            return address(unescaped(self.entry.latex(name)))
        except RecordError as error:
            message = f"{name}: {error}; it is left out"
            self.note(Level.WARNING, message, self.entry.fields[name].line)
            return ""


def talk(
    entry: BibEntry, topics: Container[str], source: str = ""
) -> tuple[Talk | None, list[Message]]:
    """Return the record of an entry, None after an error, and the messages about it.

    Keywords that are not topics are skills.
    """
    reading = _Reading(entry)
    for field in entry.fields.values():
        reading.value(field.name.lower(), showable, field.latex, "")
    if any(message.level is Level.ERROR for message in reading.messages):
        return None, reading.messages  # it would be in every other message, too
    _check_fields(reading)
    title = tuple(
        Run(run.text, run.strong, run.emphasis, run.code) for run in reading.rich("title")
    )
    if not plain(title).strip():
        reading.note(Level.ERROR, "title is missing: add title = {…}")
    authors = entry.latex("author")
    people = reading.value("author", values.names, authors, None) if authors else None
    event = reading.text(*EVENT[:-1], usable=_names_event)
    # A note is the event if no other field names one.
    note = _note(reading) if event else ()
    event = event or reading.text(EVENT[-1], usable=_names_event)
    keywords = words(reading.text("keywords"))
    period = _period(reading)
    audience = words(reading.text("audience"))
    for name in audience:
        reading.value("audience", identifier, name, "")
    made = Talk(
        id=values.slug(entry.key),
        key=entry.key,
        title=plain(title),
        styled_title=title if any(_is_styled(run) for run in title) else (),
        docname="",
        source=source,
        line=entry.line,
        period=period,
        summary=reading.rich("abstract"),
        note=note,
        skills=tuple(word for word in keywords if word not in topics),
        topics=tuple(word for word in keywords if word in topics),
        cites=words(reading.text("related")),
        audience=audience,
        selected=reading.value("selected", _yes, entry.latex("selected"), False),
        speakers=(*people.people, *([values.OTHERS] if people.others else [])) if people else (),
        event=event,
        format=_format(entry, plain(title)),
        venue=reading.text(*VENUE),
        shorttitle=reading.text("shorttitle"),
        url=reading.address("url"),
        video=reading.address("video"),
        slides=reading.address("slides"),
        code=reading.address("code"),
        paper=reading.address("paper"),
        duration=reading.text("duration"),
    )
    has_error = any(message.level is Level.ERROR for message in reading.messages)
    return None if has_error else made, reading.messages


def _period(reading: _Reading) -> Period | None:
    """Return the dates, None after an error: an invalid month or day is at its own line."""
    try:
        return values.period(reading.entry)
    except RecordError as error:
        fields, name = reading.entry.fields, values.date_field(reading.entry)
        if name == "year" and "month" in fields and "month" in str(error):
            name = "month"
        reading.note(Level.ERROR, str(error), fields[name].line if name else 0)
        return None


def _check_fields(reading: _Reading) -> None:
    """Hint at misspelled fields, and warn of fields that are given twice."""
    for name, field in reading.entry.fields.items():
        if name in FIELDS or name in OTHER_FIELDS:
            continue
        if near := difflib.get_close_matches(name, FIELDS, n=1, cutoff=SIMILAR):
            message = f"unknown field {name!r}, which is ignored: did you mean {near[0]!r}?"
            reading.note(Level.HINT, message, field.line, "bibtex-field", name)
    for field in reading.entry.doubled:
        if field.name.lower() in FIELDS:
            message = f"{field.name} is given twice: the first one counts"
            reading.note(Level.WARNING, message, field.line)


def _note(reading: _Reading) -> RichText:
    """Return a remark; nothing if it is the format, and a link if it is one address."""
    note = reading.rich("note")
    text = plain(note)
    if text.lower() in FORMATS:
        return ()
    if ONLY_ADDRESSES.fullmatch(text) and (target := reading.address("note")):
        return (Run(text, target=target),)
    return note


def _names_event(text: str) -> bool:
    """Tell whether a text names an event, and is not only an address or a format."""
    return bool(text) and not ONLY_ADDRESSES.fullmatch(text) and text.lower() not in FORMATS


def _is_styled(run: Run) -> bool:
    return run.strong or run.emphasis or run.code


def _yes(text: str) -> bool:
    if text.lower() not in {"", *YES, *NO}:
        message = f"invalid value {text!r}: use yes or remove the field"
        raise RecordError(message)
    return text.lower() in YES


# -- Formats ----------------------------------------------------------------------

# What begins or ends a title, or is anywhere in the other fields. A "talk at the Workshop on …" is
# no workshop, and a "poster" in the middle of a sentence may be a file.
PHRASES = {
    "keynote": r"\bkeynote\b",
    "lightning talk": r"\blightning[ -]talk\b",
    "workshop": r"^(?:\w+ )?(?:workshop|tutorial)\b|\binstructors?\b.*\bworkshop\b",
    "panel": r"^(?:\w+ )?panel\b|\bpanell?ists?\b|\bpanel discussion\b",
    "podcast": r"\bpodcast\b",
    "poster": r"^(?:\w+ )?poster\b",
}


def _format(entry: BibEntry, title: str) -> str:
    """Return the format of a talk: from its type, its fields of `FORMAT`, or its title."""
    for text in (entry.type, *(plain_text(entry.latex(name)) for name in FORMAT)):
        for name, phrase in PHRASES.items():
            if re.search(phrase, text, re.IGNORECASE):
                return name
    for name in PHRASES:
        if re.search(rf"^{name}\s*:|[(\[]{name}[)\]]$", title, re.IGNORECASE):
            return name
    return FORMATS[0]
