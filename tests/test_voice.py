"""The voice of the site: first person or neutral, except in biographies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, Comment

from support import one

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import Tag

    from support import Site

THIRD_PERSON = re.compile(r"\b(he|him|his|himself|she|her|hers|herself)\b", re.IGNORECASE)
RESUME = re.compile(r"(?<!JSON )\br(é|e)sum(é|e)\b(?!\.json)", re.IGNORECASE)
SPOKEN = ("alt", "aria-label", "content", "placeholder", "title")  # attributes that are read


def texts(page: Tag) -> Iterator[str]:
    """Yield the texts of a page, and of attributes, without those of biographies and scripts."""
    for element in page.select(".portfolio-prose, script, style"):
        element.decompose()
    for string in page.find_all(string=True):
        if not isinstance(string, Comment):
            yield string
    for element in page.find_all(True):
        yield from (str(element[name]) for name in SPOKEN if name in element.attrs)


def faults(page: Tag) -> list[str]:
    """Return the texts about a third person or a résumé."""
    return [text for text in texts(page) if THIRD_PERSON.search(text) or RESUME.search(text)]


def test_the_site_speaks_in_the_first_person_or_of_nobody(site: Site) -> None:
    found = {}
    for name in site.names:
        page = BeautifulSoup(str(one(site[name], "html")), "html.parser")
        found[name] = faults(page)
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_a_remark_about_a_third_person_is_found() -> None:
    said = (
        "<p>His proof of concept.</p><p title='as the r\u00e9sum\u00e9 says'>Fine</p>"
        "<p>The history, JSON Resume, resume.json.</p><div class='portfolio-prose'>He works.</div>"
    )
    assert len(faults(BeautifulSoup(said, "html.parser"))) == 2
