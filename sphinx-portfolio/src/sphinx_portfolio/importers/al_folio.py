"""al-folio's older `_data/cv.yml`: a list of sections with time tables, maps and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_portfolio.importers import json_resume as shared
from sphinx_portfolio.importers import sections, text
from sphinx_portfolio.importers.draft import Body, Draft, Section
from sphinx_portfolio.importers.source import Fields
from sphinx_portfolio.model import Detail

if TYPE_CHECKING:
    from sphinx_portfolio.importers.source import Data

TYPES = ("map", "time_table", "list", "nested_list", "list_groups")  # any value may be asked for


def recognizes(data: Data) -> bool:
    """Return whether data are a CV of al-folio."""
    return isinstance(data, list) and any(
        isinstance(each, dict) and each.get("type") in TYPES for each in data
    )


def read(name: str, data: Data, as_: str) -> Draft:
    """Return the draft of a file."""
    draft = Draft(name)
    for part in Fields({"": data}, "", draft).items(""):
        title, type_ = part.text("title"), part.text("type")
        if type_ == "map":
            _map(draft, title, part)
        elif type_ == "time_table":
            _time_table(draft, title, part)
        elif type_ in {"nested_list", "list_groups"}:
            _nested(draft, title, part)
        else:
            sections.add(draft, title, part.mixed("contents"), part.at("contents"))
    for each in draft.references if as_ else ():
        each.kind = as_
    return draft


def _map(draft: Draft, title: str, part: Fields) -> None:
    section = Section(title=title or "General information")
    for item in part.items("contents"):
        name, value = item.text("name"), item.text("value")
        match name.lower().strip():
            case "full name" | "name":
                draft.person["name"] = text.words(value)
            case "email" | "e-mail":
                shared.add_email(draft, Fields({"value": value}, item.path, draft), "value")
            case "phone":
                shared.add_phone(draft, Fields({"value": value}, item.path, draft), "value")
            case "location" | "address" | "residence":
                draft.person["location"] = text.words(value)
            case "languages":
                for words in value.split(","):
                    shared.add_language(item, *sections.parted(text.words(words)))
            case _ if name and value:
                section.details.append(Detail(text.line(name), text.line(value)))
            case _:
                item.leave("value", name or value)
    if section.details:
        draft.sections.append(section)


def _time_table(draft: Draft, title: str, part: Fields) -> None:
    """Add rows: with a title, or only a year and items."""
    section = Section(title=sections.titled(title))
    kind = sections.kind_of(title)
    for item in part.items("contents"):
        if "title" in item:
            sections.add_titled(item, kind, item.text("title"), section)
            continue
        year = item.text("year")
        for words in item.texts("items", "description"):
            row = Fields({"year": year}, item.path, draft)
            sections.add_titled(row, kind, words, section)
            row.rest()
    if section.body != Body():
        draft.sections.append(section)


def _nested(draft: Draft, title: str, part: Fields) -> None:
    section = Section(title=sections.titled(title))
    for item in part.items("contents"):
        name, words = item.text("title"), [text.words(each) for each in item.texts("items")]
        if sections.kind_of(title) == "skill":
            shared.add_skills(item, text.words(name), words, "")
        elif name and words:
            section.details.append(Detail(text.line(name), text.line(", ".join(words))))
        else:
            section.body += Body((), text.bullets(words or [name]))
    if section.body != Body() or section.details:
        draft.sections.append(section)
