"""Sections of a CV with free names: what their entries are, by names and shapes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_portfolio.importers import dates, latex, text
from sphinx_portfolio.importers import json_resume as shared
from sphinx_portfolio.importers.draft import Body, Draft, Entry, Section, run
from sphinx_portfolio.importers.source import Fields, leave_all
from sphinx_portfolio.model import Detail

if TYPE_CHECKING:
    from collections.abc import Sequence

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
            _add_entry(draft, item, kind, section)
            item.rest()
        elif isinstance(each, list):
            leave_all(each, place, draft)
        elif each.strip():
            _add_text(draft, each, kind, section, place)
    if section.body != Body() or section.details:
        if kind == "summary" and draft.summary == Body() and not section.details:
            draft.summary = section.body
        else:
            draft.sections.append(section)


def _add_text(draft: Draft, written: str, kind: str, section: Section, path: str) -> None:
    item = Fields({"text": written}, path, draft)
    words = item.text("text")
    if kind == "skill":
        label, _, listed = words.rpartition(":")
        shared.add_skills(draft, item, text.words(label), _split(listed), "")
    elif kind == "language" and len(words) < 60:
        name, fluency = _parted(text.words(words))
        shared.add_language(draft, item, name, fluency)
    else:
        section.body += text.from_markdown(words)


def _add_entry(draft: Draft, item: Fields, kind: str, section: Section) -> None:
    """Add an entry by its keys."""
    if "company" in item:
        _position(draft, item, "job", item.text("company"), item.text("position"))
    elif "institution" in item and "title" not in item:
        degree(draft, item, item.text("degree", "studyType"), item.text("area"))
    elif "authors" in item or "journal" in item or "doi" in item:
        publication(draft, item, "publication" if kind != "talk" else kind)
    elif "label" in item and "details" in item:
        _one_line(draft, item, kind, section)
    elif "bullet" in item:
        section.body += Body((), text.bullets([item.text("bullet")]))
    elif "number" in item or "reversed_number" in item:
        written = item.text("number", "reversed_number")
        section.body += Body((), text.bullets([written]))
    elif "name" in item:
        normal(draft, item, kind or "project", item.text("name"), section)
    elif "title" in item:
        normal(draft, item, kind, item.text("title"), section)


def _one_line(draft: Draft, item: Fields, kind: str, section: Section) -> None:
    label, details = item.text("label"), item.text("details")
    if kind == "skill":
        shared.add_skills(draft, item, text.words(label), _split(text.words(details)), "")
    elif kind == "language":
        shared.add_language(draft, item, text.words(label), text.words(details))
    else:
        section.details.append(Detail(text.line(label), text.line(details)))


def normal(draft: Draft, item: Fields, kind: str, title: str, section: Section) -> None:
    """Add an entry with a name, dates and text, of the kind that the section's name says."""
    if kind == "degree":
        degree(draft, item, title, "")
    elif kind == "job":
        organization = item.text("institution", "organization", "company")
        _position(draft, item, "job", organization or title, title)
    elif kind in {"talk", "publication"}:
        publication(draft, item, kind, title)
    elif kind in {"project", "award", "certificate", "service"}:
        organization = item.text("institution", "organization", "issuer", "location")
        _position(draft, item, kind, organization, title)
    else:
        words = [title, *item.texts("summary"), *item.texts("highlights")]
        section.body += Body((), text.bullets([" – ".join(filter(None, words))]))


def _position(draft: Draft, item: Fields, kind: str, organization: str, title: str) -> None:
    """Add an entry of an organization."""
    words = text.words(organization)
    heading, address = _linked(title or organization)
    key = {"award": "organization", "certificate": "issuer", "project": "location"}.get(
        kind, "organization"
    )
    entry = Entry(
        kind=kind, title=heading, options={key: words} if words else {},
        source=draft.source, path=item.path,
    )  # fmt: skip
    draft.entries.append(entry)
    _complete(entry, item, address or _linked(organization)[1])


def degree(draft: Draft, item: Fields, study: str, area: str) -> None:
    """Add a degree."""
    organization, address = _linked(item.text("institution", "organization"))
    entry = Entry(
        kind="degree", title="", options={"organization": organization or text.words(study)},
        source=draft.source, path=item.path,
    )  # fmt: skip
    draft.entries.append(entry)
    score = item.text("gpa", "grade", "score")
    shared.set_degree(entry, text.words(study), text.words(area), score)
    _complete(entry, item, address)


def publication(draft: Draft, item: Fields, kind: str, title: str = "") -> None:
    """Add a publication or a talk."""
    name, address = _linked(title or item.text("title", "name"))
    authors = [text.words(each) for each in item.texts("authors")]
    place = text.words(item.text("journal", "publisher", "institution", "location"))
    doi, url = item.text("doi"), item.text("url", "website")
    address = text.web_address(url) or address
    if doi and not address:
        address = text.web_address(f"https://doi.org/{doi}")
    elif doi:
        item.leave("doi", doi)
    if url and not text.web_address(url):
        item.leave("url", url)
    abstract = " ".join(text.words(each) for key in TEXTS for each in item.texts(key))
    fields = {
        "author": latex.people(authors or [draft.person.get("name", "")]),
        "eventtitle" if kind == "talk" else "howpublished": place,
        "url": address,
        "abstract": abstract,
    }
    date = item.text("date", "year", "start_date", "end_date")
    shared.add_reference(draft, item, kind, name, fields, date)


TEXTS = ("summary", "description", "highlights")


def _complete(entry: Entry, item: Fields, address: str) -> None:
    """Add place, dates and text to an entry."""
    if place := item.text("location"):
        if shared.has_option(entry.kind, "location"):
            entry.options["location"] = text.words(place)
        else:
            entry.details.append(Detail(run("Place"), text.line(place)))
    if entry.kind == "project":
        if place := entry.options.pop("location", ""):
            entry.details.append(Detail(run("Place"), run(place)))
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
    set_dates(entry, item)
    for key in ("summary", "description", "highlights", "items"):
        add_body(entry, item.mixed(key), item.at(key))


def set_dates(entry: Entry, item: Fields) -> None:
    """Take `start_date` and `end_date`, or a date or time in `date`, `year`."""
    written = item.text("date", "year", "time")
    first, last = dates.period(written)
    if written and not first:
        item.leave("date", written)
        first = last = dates.year_in(written)
    if shared.has_option(entry.kind, "date"):
        end, start = (shared.taken_date(item, key) for key in ("end_date", "start_date"))
        if date := first or start or end:
            entry.options["date"] = date
    elif first:
        entry.options |= {"start": first, "end": last}
    else:
        start, end = (shared.taken_date(item, key) for key in ("start_date", "end_date"))
        shared.set_period(entry, item, start, end, "end_date")


def add_body(entry: Entry, values: Sequence[Data], path: str) -> None:
    """Add texts, and lists with a title, to an entry; a single text is a paragraph."""
    texts = [each for each in values if isinstance(each, str)]
    if len(texts) == 1 and len(values) == 1 and not path.endswith(("highlights", "items")):
        entry.body += text.from_markdown(texts[0])
        return
    for each in values:
        if isinstance(each, dict):
            title = each.get("title") or each.get("name")
            contents = each.get("contents") or each.get("items") or []
            listed = contents if isinstance(contents, list) else [contents]
            words = [it for it in listed if isinstance(it, str)]
            below = "".join(f"\n  - {' '.join(it.split())}" for it in words)
            head = str(title) if isinstance(title, str) else ""
            entry.body += Body((), text.bullets([f"- {head}{below}" if head else below]))
        elif isinstance(each, str):
            entry.body += Body((), text.bullets([each]))


def _linked(written: str) -> tuple[str, str]:
    """Return the words of a text, and the address of its link."""
    runs = text.line(written)
    address = next((each.target for each in runs if each.target.startswith("http")), "")
    return "".join(each.text for each in runs).strip(), address


def _split(words: str) -> list[str]:
    """Split a list at commas and semicolons that are not in parentheses."""
    return [it.strip() for it in re.split(r"[,;](?![^()]*\))", words) if it.strip()]


def _parted(words: str) -> tuple[str, str]:
    """Return a language and how well it is spoken: `German (fluent)`, `German: fluent`."""
    match = re.fullmatch(r"(.+?)\s*(?:\((.+)\)|[:–-]\s*(.+))", words)
    return (match[1], match[2] or match[3]) if match else (words, "")
