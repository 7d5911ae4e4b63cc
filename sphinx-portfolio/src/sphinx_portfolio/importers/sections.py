"""Sections of a CV with free names: what their entries are, by names and shapes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_portfolio.importers import dates, text
from sphinx_portfolio.importers import json_resume as shared
from sphinx_portfolio.importers.draft import Body, Section, run
from sphinx_portfolio.importers.source import Fields, leave_all
from sphinx_portfolio.model import Detail, Highlight, Run, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_portfolio.importers.draft import Draft, Entry
    from sphinx_portfolio.importers.source import Data

# The first that occurs in a section's name decides where its entries do not.
WORDS = (
    ("skill", r"skill|technolog|tools|expertise|programming|competenc"),
    ("language", r"\blanguage"),
    ("certificate", r"certif|licen[cs]e|courses"),
    ("award", r"award|hono(?:u)?r|prize|achievement|scholarship|fellowship|grant"),
    ("service", r"volunt|service|extracurricular|leadership|communit|outreach|organi[sz]"),
    ("talk", r"talk|presentation|speak|conference"),
    ("publication", r"publication|paper|article|preprint|patent"),
    ("degree", r"education|stud(?:y|ies)|degree|academic background|training"),
    ("project", r"project|software|open.?source|portfolio"),
    ("job", r"experience|work|employment|career|position|appointment|job|teaching|internship"),
    ("summary", r"summary|about|profile|objective|biography|welcome"),
)


def kind_of(name: str) -> str:
    """Return the kind that the name of a section says; empty if it says none."""
    words = name.replace("_", " ").lower()
    return next((kind for kind, pattern in WORDS if re.search(pattern, words)), "")


def titled(name: str) -> str:
    """Return the name of a section as a heading."""
    words = " ".join(name.replace("_", " ").split())
    return words.capitalize() if words.islower() else words


def add(draft: Draft, name: str, entries: Sequence[Data], path: str) -> None:
    """Add the entries of a section."""
    kind = kind_of(name)
    section = Section(title=titled(name))
    for number, each in enumerate(entries):
        place = f"{path}[{number}]"
        if isinstance(each, dict):
            item = Fields(each, place, draft)
            _add_entry(item, kind, section)
            item.rest()
        elif isinstance(each, list):
            leave_all(each, place, draft)
        elif each.strip():
            _add_text(Fields({"text": each}, place, draft), kind, section)
    if section.body != Body() or section.details:
        if kind == "summary" and draft.summary == Body() and not section.details:
            draft.summary = section.body
        else:
            draft.sections.append(section)


def _add_text(item: Fields, kind: str, section: Section) -> None:
    words = item.text("text")
    if kind == "skill":
        label, _, listed = words.partition(": ")
        _add_skills(item, text.words(label if listed else ""), [listed or label], "")
    elif kind == "language" and len(words) < 60:
        shared.add_language(item, *parted(text.words(words)))
    else:
        section.body += text.from_markdown(words)


def _add_entry(item: Fields, kind: str, section: Section) -> None:
    """Add an entry by its keys."""
    is_named = any(name in item for name in NAME)
    if kind == "skill" and is_named:
        title, level = text.words(item.text(*NAME)), text.words(item.text("level"))
        _add_skills(item, title, item.texts(*KEYWORDS), level)
    elif kind == "language" and is_named:
        title, fluency = parted(text.words(item.text("language", *NAME)))
        given = text.words(item.text("fluency", "level", "details", "summary"))
        shared.add_language(item, title, given or fluency)
    elif "company" in item or "position" in item:
        organization = item.text("company", *ORGANIZATION, "name")
        _position(item, kind if kind == "service" else "job", organization, item.text("position"))
    elif "institution" in item and "title" not in item:
        _degree(item, item.text("degree", "studyType"), item.text("area"))
    elif "authors" in item or "journal" in item or "doi" in item:
        _work(item, "publication" if kind != "talk" else kind, item.text("title", "name"))
    elif "label" in item and "details" in item:
        label, details = item.text("label"), item.text("details")
        section.details.append(Detail(text.line(label), text.line(details)))
    elif bullet := item.text("bullet", "number", "reversed_number"):
        section.body += Body((), text.bullets([bullet]))
    elif "name" in item or "title" in item:
        is_dated = any(name in item for name in (*DATE, *START))
        default = "project" if "name" in item and is_dated else ""
        add_titled(item, kind or default, item.text("name", "title"), section)


def _add_skills(item: Fields, label: str, written: list[str], level: str) -> None:
    """Add skills of a group, languages, or one skill with a text if it is no list of words."""
    words = [text.words(each) for each in written]
    if label and any(PROSE.search(each) for each in words):
        for entry in shared.add_skills(item, label, [], level):
            entry.body = sum((text.from_markdown(each) for each in written), Body())
        return
    listed = [word for each in words for word in _split(each)]
    if kind_of(label) == "language" and any(SPOKEN.search(word) for word in listed):
        for word in listed:
            shared.add_language(item, *parted(word))
    else:
        shared.add_skills(item, label, listed, level)


def add_titled(item: Fields, kind: str, title: str, section: Section) -> None:
    """Add an entry with a title, dates and text, of the kind that the section's name says."""
    organization = item.text(*ORGANIZATION) if kind in {*PLACES, "job", "service"} else ""
    if kind == "degree":
        _degree(item, title, "")
    elif kind in {"talk", "publication"}:
        _work(item, kind, title)
    elif (kind == "job" and organization) or kind in {*PLACES, "service"}:
        _position(item, kind, organization, title)
    else:
        facts = (title, organization, *(item.text(key) for key in (*ORGANIZATION, "location")))
        when = item.text(*DATE) or "–".join(filter(None, (item.text(*START), item.text(*END))))
        head = ", ".join(filter(None, facts)) + (f" ({when})" if when else "")
        below = [
            each
            for key in (*TEXTS, "keywords", "reference")
            for each in _bullets(item.mixed(key), item.at(key), item.draft)
        ]
        if address := text.web_address(item.text("url", "website")):
            below.append(Highlight((Run("Website", target=address),)))
        section.body += Body((), (Highlight(text.line(head), (), tuple(below)),))


def _position(item: Fields, kind: str, organization: str, title: str) -> None:
    """Add an entry of an organization."""
    heading, address = _linked(title or organization)
    key = PLACES.get(kind, "organization")
    entry = item.entry(kind, heading, **{key: text.words(organization)})
    _complete(entry, item, address or _linked(organization)[1])


def _degree(item: Fields, study: str, area: str) -> None:
    organization, address = _linked(item.text("institution", "organization"))
    entry = item.entry("degree", "", organization=organization or text.words(study))
    score = item.text("gpa", "grade", "score")
    shared.set_degree(entry, text.words(study), text.words(area), score)
    _complete(entry, item, address)


def _work(item: Fields, kind: str, written: str) -> None:
    """Add a publication or a talk."""
    title, address = _linked(written)
    names = ("journal", "publisher", "institution", "location", "doi")
    fields = {name: text.words(item.text(name)) for name in names}
    fields["doi"] = fields["doi"].removeprefix("https://doi.org/")
    if kind == "talk":
        event = text.words(item.text("event", "conference", "organization"))
        for name in ("journal", "publisher", "institution", "location"):
            event = event or fields.pop(name)
        fields = {"eventtitle": event} | fields
    fields["url"] = item.text("url", "website") or address
    fields["abstract"] = " ".join(text.words(each) for key in TEXTS for each in item.texts(key))
    people = [text.words(each) for each in item.texts("authors", "author")] or None
    shared.add_work(item, kind, title, people, fields, item.text(*DATE, *START, *END))


# Sentences about skills, and how well a language is spoken.
PROSE = re.compile(
    r"\b(?:proficien|familiar|knowledge of|understanding of|experienced? (?:with|in))",
    re.IGNORECASE,
)
SPOKEN = re.compile(
    r"\((?:.*\b)?(?:native|fluent|bilingual|mother tongue|[ABC][12])\b", re.IGNORECASE
)
# Keys of one meaning, the first that is given counts.
NAME = ("name", "label", "title", "language")
ORGANIZATION = ("institution", "organization", "issuer", "awarder", "employer", "venue")
KEYWORDS = ("details", "keywords", "summary", "items")
DATE = ("date", "releaseDate", "year", "time")
START = ("start_date", "startDate")
END = ("end_date", "endDate")
TEXTS = ("summary", "description", "highlights", "items")
# The options with the organization of kinds that may lack one.
PLACES = {"award": "organization", "certificate": "issuer", "project": "location"}


def _complete(entry: Entry, item: Fields, address: str) -> None:
    """Add place, dates and text to an entry."""
    place = text.words(item.text("location"))
    if place and shared.has_option(entry.kind, "location"):
        entry.options["location"] = place
    elif place := place or (entry.options.pop("location", "") if entry.kind == "project" else ""):
        entry.details.append(Detail(run("Place"), run(place)))
    if entry.kind == "project":
        if address:
            shared.set_code(entry, address)
        shared.add_code(entry, item, "url", "website")
    elif address and shared.has_option(entry.kind, "url"):
        entry.options["url"] = address
        if "url" in item or "website" in item:
            entry.links.append(("Website", text.web_address(item.text("url", "website"))))
    else:
        if address:
            entry.links.append(("Website", address))
        shared.add_url(entry, item, "url", "website")
    entry.links = [link for link in entry.links if link[1]]
    _set_dates(entry, item)
    for key in TEXTS:
        values = item.mixed(key)
        if len(values) == 1 and isinstance(values[0], str) and key not in {"highlights", "items"}:
            entry.body += text.from_markdown(values[0])
        else:
            entry.body += Body((), _bullets(values, item.at(key), item.draft))


def _set_dates(entry: Entry, item: Fields) -> None:
    """Take start and end, or a date or period in one text."""
    written = item.text(*DATE)
    first, last = dates.period(written)
    if written and not first:
        item.leave("date", written)
        first, last = dates.period(written, dates.year_in)
    if not written:
        first, last = (shared.taken_date(item, *keys) for keys in (START, END))
    if shared.has_option(entry.kind, "date"):
        if date := first or last:
            entry.options["date"] = date
        if last not in {"", first} and first:
            item.leave("date", written or f"{first} – {last}")
    else:
        shared.set_period(entry, item, first, last, "end_date")


def _bullets(values: Sequence[Data], path: str, draft: Draft) -> tuple[Highlight, ...]:
    """Return texts and lists with a title as bullets; a mapping of one text is `key: text`."""
    found: list[Highlight] = []
    for number, each in enumerate(values):
        if isinstance(each, str):
            found += text.bullets([each])
            continue
        item = Fields(each if isinstance(each, dict) else {"": each}, f"{path}[{number}]", draft)
        below = text.bullets(item.texts("contents", "items"))
        if head := item.text("title", "name"):
            found.append(Highlight(text.line(head), (), below))
        else:
            # YAML reads a text with a colon in it as a mapping.
            pairs = [f"{name}: {words}" for name in item.names if (words := item.text(name))]
            found += [*below, *text.bullets(pairs)]
        item.rest()
    return tuple(found)


def _linked(written: str) -> tuple[str, str]:
    """Return the words of a text, and the address of its link."""
    runs = text.line(written)
    address = next((each.target for each in runs if each.target.startswith("http")), "")
    return plain(runs).strip(), address


def _split(words: str) -> list[str]:
    """Split a list at commas and semicolons that are not in parentheses: `A, B, and C`."""
    parts = (it.strip() for it in re.split(r"[,;](?:\s+and\b)?(?![^()]*\))", words))
    return [it for it in parts if it]


def parted(words: str) -> tuple[str, str]:
    """Return a language and how well it is spoken: `German (fluent)`, `German: fluent`."""
    match = re.fullmatch(r"(.+?)\s*(?:\((.+)\)|[:–-]\s*(.+))", words)
    return (match[1], match[2] or match[3]) if match else (words, "")
