"""RenderCV 1.x and 2.x (https://docs.rendercv.com): the form that al-folio uses, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_portfolio.importers import json_resume as shared
from sphinx_portfolio.importers import sections, text
from sphinx_portfolio.importers.draft import Draft
from sphinx_portfolio.importers.source import Fields

if TYPE_CHECKING:
    from sphinx_portfolio.importers.source import Data


def recognizes(data: Data) -> bool:
    """Return whether data are a CV of RenderCV."""
    return isinstance(data, dict) and isinstance(data.get("cv"), dict)


def read(name: str, data: Data, as_: str) -> Draft:
    """Return the draft of a file."""
    draft = Draft(name)
    top = Fields.top(data, draft)
    # How RenderCV prints the CV says nothing about the person.
    top.drop("design", "locale", "locale_catalog", "settings", "rendercv_settings")
    cv = top.fields("cv")
    for key, names in (("name", ("name",)), ("label", ("headline", "label"))):
        if value := cv.text(*names):
            draft.person[key] = value
    if place := cv.text("location"):
        draft.person["location"] = place
    draft.summary = text.from_markdown(cv.text("summary"))
    shared.add_email(draft, cv, "email")
    shared.add_phone(draft, cv, "phone")
    if website := cv.text("website"):
        shared.add_profile(cv, "Website", "", website, key="website")
    for item in cv.items("social_networks", "profiles"):
        network, username = item.text("network"), item.text("username")
        shared.add_profile(item, network, username, item.text("url"))
    written = cv.fields("sections")
    for section in written.names:
        sections.add(draft, section, written.mixed(section), written.at(section))
    for each in draft.references if as_ else ():
        each.kind = as_
    written.rest()
    cv.rest()
    top.rest()
    return draft
