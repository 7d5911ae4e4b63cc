"""The CV as the software of recruiters reads it: `cv.pdf` by four extractors, and `cv.txt`.

Failures that users of such software reported: a date range with a dash has no end, one date is a
start without an end, words have spaces inside, and dates come after the next heading.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pymupdf
import pytest
from pdfminer.high_level import extract_text
from pypdf import PdfReader

from invented import made, squashed, whole
from sphinx_portfolio.exports import outline, pdf, text
from sphinx_portfolio.model import (
    Date,
    Degree,
    Highlight,
    Job,
    Period,
    Project,
    Record,
    Run,
    Talk,
    Translator,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Callable

POPPLER = shutil.which("pdftotext")
# Words with pairs of letters that fonts kern or join, and with hyphens.
WORDS = [
    "AVAnti",
    "Tofu-based",
    "affine",
    "workflows",
    "fluently",
    "tested",
    "WAVES",
    "offered",
    "efficient",
    "de-duplicating",
    "Typography",
    "Yttrium",
    "office",
    "first-class",
    "resourceVersion",
    "semantics",
]
PERIODS = [
    ("2023-02", "present"),
    ("2021-09", "2023-01"),
    ("2019", "2021"),
    ("2018", "2018"),
    ("2017-05", "2017-05"),
    ("2014-06-01", "2017"),
]


def sentence(number: int) -> str:
    """Return a sentence of two lines, which differs from the others."""
    words = [WORDS[(number + step * 5) % len(WORDS)] for step in range(18)]
    return f"Did-{number} {' '.join(words)}."


def entries() -> list[Record]:
    """Return jobs on several pages, a degree, projects and talks."""
    records: list[Record] = []
    for number, (start, end) in enumerate(PERIODS):
        common = {"id": f"r{number}", "period": Period.parse(start, end)}
        bullets = tuple(Highlight((Run(sentence(10 * number + line)),)) for line in range(8))
        records += [
            made(
                Job,
                **(common | {"id": f"job-{number}"}),
                title=f"Engineer-{number} of Waves",
                organization=f"AV-{number} Tools, Ltd.",
                location="Toulouse, France",
                highlights=bullets,
            ),
            made(
                Project,
                **(common | {"id": f"project-{number}"}),
                title=f"Toy-{number}",
                highlights=bullets[:2],
            ),
            made(
                Talk,
                **(common | {"id": f"talk-{number}"}),
                title=f"On Waves {number}",
                event=f"WaveConf-{number}",
            ),
        ]
    records.append(
        made(
            Degree,
            title="Master of Waves",
            organization="Yttrium University",
            period=Period.parse("2012-08", "2014-05"),
            highlights=(Highlight((Run(sentence(99)),)),),
        )
    )
    return records


LONG = replace(whole(*entries(), email="ada@mail.example"), today=Date(2024, 5))


def by_pypdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def by_pdfminer(content: bytes) -> str:
    return extract_text(io.BytesIO(content))


def by_pymupdf(content: bytes) -> str:
    with pymupdf.open(stream=content) as document:  # type: ignore[no-untyped-call]
        return "\n".join(page.get_text() for page in document)


def by_poppler(content: bytes) -> str:
    command = [POPPLER or "pdftotext", "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


@pytest.fixture(scope="module")
def made_pdf() -> bytes:
    return pdf.cv(LONG)


EXTRACTORS = [
    pytest.param(by_pypdf, id="pypdf"),
    pytest.param(by_pdfminer, id="pdfminer"),
    pytest.param(by_pymupdf, id="pymupdf"),
    pytest.param(
        by_poppler, id="poppler", marks=pytest.mark.skipif(not POPPLER, reason="without poppler")
    ),
]


@pytest.fixture(scope="module", params=[*EXTRACTORS, pytest.param(None, id="cv.txt")])
def read(request: pytest.FixtureRequest, made_pdf: bytes) -> str:
    """The text of `cv.pdf`, and that of `cv.txt`."""
    extract: Callable[[bytes], str] | None = request.param
    return extract(made_pdf) if extract else text.cv(LONG).decode()


def test_each_entry_is_whole_and_before_the_next(read: str) -> None:
    left = squashed(read)
    for title, records in outline.sections(LONG):
        heading = title if squashed(title) in left else title.upper()
        left = left.partition(squashed(heading))[2]
        for record in records:
            # The two formats differ in what comes first.
            parts = (record.title, record.where, outline.dates(record, LONG))
            head = [squashed(part) for part in parts if part]
            places = [left.find(part) for part in head]
            assert min(places) >= 0, head
            # Little is between them, such as the location.
            assert max(places) - min(places) < len("".join(head)) + 20, head
            bullets = [plain(each.text) for each in record.highlights]
            below = left[max(places) :]
            for bullet in bullets:
                before, found, below = below.partition(squashed(bullet))
                assert found, bullet
                # Nothing of another entry is between them.
                assert "Did-" not in before
                assert not re.search("[•-]Did", before)
            left = below


def test_words_are_not_split(read: str) -> None:
    known = {word for record in LONG.records for each in record.texts for word in each.split()}
    known |= {word for record in LONG.records for word in record.where.split()}
    known |= {word for record in LONG.records for word in outline.dates(record, LONG).split()}
    known |= {word for title, _ in outline.sections(LONG) for word in title.split()}
    known |= {word.upper() for word in known} | {"Toulouse,", "France", "ada@mail.example", "Ada"}
    signs = {"•", "-", "·", "|", "Email:"}
    pages = re.compile(r"\d+|/")
    words = {word.rstrip(",") for word in read.split()}
    assert {
        word
        for word in words
        if word not in signs and f"{word}," not in known and word not in known
    } <= {word for word in words if pages.fullmatch(word)}


def months(words: str) -> datetime:
    """Read a date in the manner of such software: a month of three letters and a year, or a year.

    Raises ValueError.
    """
    month, _, year = words.rpartition(" ")
    return (
        datetime.strptime(f"{month[:3] or 'Jan'} {year}", "%b %Y")
        if month.isalpha()
        else (datetime.strptime(words, "%Y"))
    )


def test_date_ranges_are_split_at_a_hyphen_and_have_an_end(read: str) -> None:
    lines = [re.split(r" [·|] ", line.strip()) for line in read.splitlines()]
    parts = [part.partition(" - ") for line in lines for part in line]
    ranges = []
    for start, hyphen, end in parts:
        if hyphen and re.fullmatch(r"(\w+ )?\d{4}", start):
            ended = "present" if end == "Present" else f"{months(end):%Y-%m}"
            ranges.append((f"{months(start):%Y-%m}", ended))
    jobs = [
        ("2023-02", "present"),
        ("2021-09", "2023-01"),
        ("2019-01", "2021-01"),
        ("2018-01", "2018-01"),
        ("2017-05", "2017-05"),
        ("2014-06", "2017-01"),
    ]
    assert ranges[: len(jobs)] == jobs
    assert ranges[-1] == ("2012-08", "2014-05")
    assert "–" not in read
    assert "\u2014" not in read


@pytest.mark.parametrize(
    ("start", "end", "page", "cv", "job"),
    [
        ("2021-08", "present", "Aug. 2021 – Present", "Aug 2021 - Present", "Aug 2021 - Present"),
        ("2021-06", "2022-09", "June 2021 – Sep. 2022", "June 2021 - Sep 2022", None),
        ("2021", "2021", "2021", "2021", "2021 - 2021"),
        ("2021-05-03", "2021-05-31", "May 2021", "May 2021", "May 2021 - May 2021"),
    ],
)
def test_dates_in_a_cv(start: str, end: str, page: str, cv: str, job: str | None) -> None:
    period = Period.parse(start, end)
    assert period.text(Translator()) == page
    assert outline.dates(made(Project, period=period), LONG) == cv
    assert outline.dates(made(Job, period=period), LONG) == (job or cv)
    assert outline.dates(made(Degree, period=period), LONG) == (job or cv)


def test_bullets_have_the_sign_that_parsers_know(made_pdf: bytes) -> None:
    found = by_pypdf(made_pdf)
    assert len(re.findall("^• Did-", found, re.MULTILINE)) == found.count("Did-")


def test_an_address_follows_the_sentence_that_links_to_it() -> None:
    link = "https://kubernetes.example/"
    job = made(
        Job,
        summary=(Run("All of it", target=link), Run(" and more")),
        highlights=(
            Highlight((Run("Found the bottlenecks of the "), Run("cache", target=link), Run("."))),
            Highlight((Run("See "), Run(link, target=link), Run(" there"))),
            Highlight(
                (
                    Run("Both "),
                    Run("one", target=link),
                    Run(" and "),
                    Run("two", target="mailto:a@b.example"),
                )
            ),
        ),
    )
    lines = text.cv(whole(job)).decode().splitlines()
    assert lines[lines.index("All of it and more") :] == [
        "All of it and more",
        link,
        "- Found the bottlenecks of the cache.",
        f"  cache: {link}",
        f"- See {link} there",
        "- Both one and two",
        f"  one: {link}",
        "  two: mailto:a@b.example",
    ]
