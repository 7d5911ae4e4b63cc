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
from test_content import LABELS, LEFT_OUT, RESUME, plain
from test_markdown import rendered
from test_resume_json import SCHEMA, VALIDATOR, check_keys

if TYPE_CHECKING:
    from pathlib import Path

    from support import Portfolio, Site


@pytest.mark.parametrize("name", ["cv.txt", "cv.md"])
def test_the_cv_has_all_words_of_the_resume(site: Site, name: str) -> None:
    content = (site.folder / name).read_text(encoding="utf-8")
    words = squashed(plain(content if name == "cv.txt" else rendered(content)))
    # The names of sections, in capitals in the résumé, are the CV's own.
    lines = LABELS.sub("|", RESUME.replace(LEFT_OUT, "")).splitlines()
    split = [re.split(r"[*|:,]", plain(line)) for line in lines if not line.isupper()]
    pieces = {piece.removeprefix("- ").strip() for line in split for piece in line}
    assert len(pieces) > 150
    assert [piece for piece in pieces if squashed(piece) not in words] == []


def test_resume_json_is_valid_and_has_the_parts_of_the_degree(site: Site) -> None:
    made = json.loads((site.folder / "resume.json").read_text(encoding="utf-8"))
    VALIDATOR.validate(made)
    check_keys(made, SCHEMA)
    [degree] = made["education"]
    parts = (degree["studyType"], degree["area"], degree["score"], len(degree["courses"]))
    assert parts == (
        "Bachelor of Technology",
        "Computer Science and Engineering",
        "9.36/10",
        10,
    )


def check_pages(folder: Path) -> None:
    """Check that the CV takes two pages, the second of which begins with a section, or one."""
    full, short = (PdfReader(folder / name) for name in ("cv.pdf", "cv-short.pdf"))
    assert len(full.pages) == 2
    assert len(short.pages) == 1
    # No entry is split between the pages.
    assert full.pages[1].extract_text().splitlines()[0] in {kind.section for kind in KINDS.values()}


def test_the_cv_fits_a4(site: Site) -> None:
    check_pages(site.folder)


def test_the_cv_fits_us_letter(portfolio: Portfolio, tmp_path: Path) -> None:
    options = ("--source", REPOSITORY, "--output", tmp_path, "--paper", "us-letter")
    result = portfolio("cv", *options)
    assert result.returncode == 0, result.stderr
    check_pages(tmp_path)
