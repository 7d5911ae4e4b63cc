"""The CV and the data file of this site: complete, valid, and within the page limit."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from invented import squashed
from repository import REPOSITORY
from sphinx_portfolio.model import KINDS
from test_content import EXPECTED, plain
from test_markdown import rendered
from test_resume_json import SCHEMA, VALIDATOR, check_keys

if TYPE_CHECKING:
    from pathlib import Path

    from support import Portfolio, Site


# Headings, prose, and the words of a link that has a label of its own there.
NOT_IN_CV = {"h1", "h2", "article p", "dd.portfolio-fact-code"}


@pytest.mark.parametrize("name", ["cv.txt", "cv.md"])
def test_the_cv_has_all_that_the_resume_says_of_entries(site: Site, name: str) -> None:
    content = (site.folder / name).read_text(encoding="utf-8")
    words = squashed(plain(content if name == "cv.txt" else rendered(content)))
    missing = [
        part
        for page, selector, piece, _ in EXPECTED
        if "/" in page and selector not in NOT_IN_CV
        for part in re.split(r"[*|:,]", plain(piece))
        if squashed(part) not in words
    ]
    assert missing == []


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
