"""The CV and the data file of this site: complete, valid, and within the page limit."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING

import docx
import pytest
from pypdf import PdfReader

from invented import squashed
from repository import REPOSITORY
from sphinx_portfolio.model import KINDS, Date, Translator
from test_content import EXPECTED, plain
from test_markdown import rendered
from test_parsers import EXTRACTORS
from test_resume_json import SCHEMA, VALIDATOR, check_keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Portfolio, Site


# Headings, prose, and the words of a link that has a label of its own there.
NOT_IN_CV = {"h1", "h2", "article p", "dd.portfolio-fact-code"}
# The CV has months without a period.
MONTH = re.compile(r"\b([A-Z][a-z]{2})\.(?= \d{4})")


def by_docx(content: bytes) -> str:
    return "\n".join(it.text for it in docx.Document(io.BytesIO(content)).paragraphs)


PDFS = [pytest.param("cv.pdf", *each.values, id=each.id, marks=each.marks) for each in EXTRACTORS]
OTHERS = [
    pytest.param("cv.docx", by_docx, id="cv.docx"),
    pytest.param("cv.txt", bytes.decode, id="cv.txt"),
    pytest.param("cv.md", lambda content: rendered(content.decode()), id="cv.md"),
]


@pytest.mark.parametrize(("name", "extract"), [*PDFS, *OTHERS])
def test_the_cv_has_all_that_the_resume_says_of_entries(
    site: Site, name: str, extract: Callable[[bytes], str]
) -> None:
    content = extract((site.folder / name).read_bytes())
    words = squashed(plain(content.replace(" · ", " ")))  # between an event and its year
    missing = [
        part
        for page, selector, piece, _ in EXPECTED
        if "/" in page and selector not in NOT_IN_CV
        for part in re.split(r"[*|:,]", MONTH.sub(r"\1", plain(piece)))
        if squashed(part) not in words
    ]
    assert missing == []


@pytest.mark.parametrize(("name", "extract"), [*PDFS, *OTHERS])
def test_the_cv_has_each_entry_in_order(
    site: Site, name: str, extract: Callable[[bytes], str]
) -> None:
    left = squashed(extract((site.folder / name).read_bytes()))
    resume = json.loads((site.folder / "resume.json").read_text(encoding="utf-8"))
    for entry in (*resume["work"], *resume["projects"]):
        dates = [
            Date.parse(entry[key]).text(Translator(plain_dates=True))
            for key in ("startDate", "endDate")
            if key in entry
        ]
        period = " - ".join(dates if len(dates) > 1 else [*dates, "Present"])
        head = [entry["name"], entry.get("position", ""), period]
        places = [left.index(squashed(each)) for each in head if each]
        left = left[max(places) :]
        for words in entry["highlights"]:
            assert squashed(words) in left, words
            left = left.partition(squashed(words))[2]


def test_resume_json_is_valid(site: Site) -> None:
    made = json.loads((site.folder / "resume.json").read_text(encoding="utf-8"))
    VALIDATOR.validate(made)
    check_keys(made, SCHEMA)


def check_pages(folder: Path) -> None:
    """Check that each page of the CV begins with a section, and that the short CV is one page."""
    full = PdfReader(folder / "cv.pdf")
    sections = {kind.section for kind in KINDS.values()}
    # No entry is split between the pages.
    for page in full.pages[1:]:
        assert page.extract_text().splitlines()[0] in sections
    if (folder / "cv-short.pdf").exists():
        assert len(PdfReader(folder / "cv-short.pdf").pages) == 1


def test_the_cv_fits_a4(site: Site) -> None:
    check_pages(site.folder)


def test_the_cv_fits_us_letter(portfolio: Portfolio, tmp_path: Path) -> None:
    options = ("--source", REPOSITORY, "--output", tmp_path, "--paper", "us-letter")
    result = portfolio("cv", *options)
    assert result.returncode == 0, result.stderr
    check_pages(tmp_path)
