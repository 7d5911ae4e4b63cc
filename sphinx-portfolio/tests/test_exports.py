"""What all exports have in common, and the CV as plain text."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from invented import FUZZ, NASTY, everywhere, made, parts, portfolios, squashed, whole
from sphinx_portfolio.exports import EXPORTS, Export, making, markdown, outline, resume_json, text
from sphinx_portfolio.exports.outline import ExportError, entry_of, sections, uri
from sphinx_portfolio.model import (
    Award,
    Certificate,
    Date,
    Detail,
    Highlight,
    Job,
    Period,
    Project,
    Publication,
    Record,
    Run,
    Skill,
    Talk,
    plain,
)
from sphinx_portfolio.model.files import TO_READ
from sphinx_portfolio.model.kinds.talk import credits
from support import Site, one

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sphinx_portfolio.model import Portfolio
    from support import Portfolio as CommandLine

all_exports = pytest.mark.parametrize(
    "export",
    [text.cv, markdown.cv, resume_json.resume],
    ids=["cv.txt", "cv.md", "resume.json"],
)


@FUZZ
@given(portfolios())
def test_plain_text_has_all_words_in_order_in_80_columns(portfolio: Portfolio) -> None:
    content = text.cv(portfolio).decode()
    check_lines(content)
    left = squashed(content)
    for word in filter(None, map(squashed, all_words(portfolio))):
        assert word in left
        left = left.partition(word)[2]


def all_words(portfolio: Portfolio) -> Iterator[str]:
    """Yield the texts of a CV in order; addresses may be between them, but not in them."""
    yield from (portfolio.person.name, portfolio.person.location)
    for title, records in sections(portfolio):
        yield title.upper()
        for record in records:
            if isinstance(record, Skill):
                yield from (record.group, record.title)
                continue
            entry = entry_of(record, portfolio)
            yield plain(entry.title)
            yield from map(plain, (*entry.facts, *parts(entry)))


def check_lines(content: str) -> None:
    assert content.endswith("\n")
    assert not content.endswith("\n\n")
    assert not re.search(r"[ \t]$", content, re.MULTILINE)
    for line in content.splitlines():
        width = sum(map(columns, line))
        assert width <= 80 or re.fullmatch(r" *(- )?<?[a-z]+://[!-~]+", line), line


def columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 1 + (unicodedata.east_asian_width(character) in "WF")


# -- Bad input ----------------------------------------------------------------


def test_markup_characters_in_any_field_are_kept() -> None:
    faults = []
    for words in NASTY:
        portfolio = everywhere(words)
        content = text.cv(portfolio).decode()
        check_lines(content)
        [job, *_] = json.loads(resume_json.resume(portfolio))["work"]
        folded = " ".join(re.split(r"[ \t\n]+", words)).strip(" ")
        if squashed(content).count(squashed(words)) < 24 or job["position"] != folded:
            faults.append(ascii(words))
    assert not faults, "\n".join(faults)


@all_exports
def test_a_portfolio_without_records_has_the_name_alone(
    export: Callable[[Portfolio], bytes],
) -> None:
    assert "נעמי" in export(whole(name="נעמי")).decode()
    assert not re.search("experience|work|talks|null", export(whole()).decode(), re.IGNORECASE)


@all_exports
def test_long_entries_and_undated_and_upcoming_talks_are_complete(
    export: Callable[[Portfolio], bytes],
) -> None:
    bullets = tuple(Highlight((Run(f"did-{number:02} {'it ' * 40}"),)) for number in range(60))
    undated = made(Talk, id="undated", title="Undated", period=None, event="No Day")
    upcoming = made(Talk, id="upcoming", title="Upcoming", period=Period.parse("2031", "2031"))
    content = export(whole(made(Job, highlights=bullets), undated, made(Talk), upcoming)).decode()
    assert re.findall(r"did-\d\d", content) == [f"did-{number:02}" for number in range(60)]
    assert [content.index(word) for word in ("Upcoming", "A Title", "Undated", "No Day")]
    assert content.index("Upcoming") < content.index("Undated")


@pytest.mark.parametrize(
    "character", ["\x00", "\x1b", "\x7f", "\ud800", "\uffff", "\u202e", "\u2066"]
)
def test_characters_that_cannot_be_shown_are_refused_with_their_place(character: str) -> None:
    bullet = Highlight((Run("a"),), (), (Highlight((Run(f"b{character}"),)),))
    job = made(Job, highlights=(bullet,), source="work/acme.md", line=7)
    contents, [error] = making.make(whole(job), EXPORTS)
    assert contents == {}
    assert error.place == "work/acme.md:7"
    code = rf"U\+{ord(character):04X}"
    message = rf"job 'job': the character {code} in .* can't be shown: remove it"
    assert re.fullmatch(message, error.message)
    _, [error] = making.make(whole(name=character), EXPORTS)
    assert str(error).startswith("conf.py: the person: the character U+")


# -- What CVs have in common ---------------------------------------------------


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://a.example/x?y=1&z=(2)#w", "https://a.example/x?y=1&z=(2)#w"),
        ("https://a.example/a b<c>%41%zz#d#e", "https://a.example/a%20b%3Cc%3E%41%25zz#d%23e"),
        ("https://müller.example/ж", "https://xn--mller-kva.example/%D0%B6"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("https://[::1]/[x]", "https://[::1]/%5Bx%5D"),
        ("", ""),
    ],
)
def test_an_address_is_written_in_ascii(address: str, written: str) -> None:
    assert uri(address) == written


@pytest.mark.parametrize(
    ("record", "site", "address"),
    [
        (
            made(Talk, docname="talks/index", url="https://e.example"),
            "https://a.example/",
            "talks/#",
        ),
        (made(Project, docname="index"), "https://a.example", "#"),
        (made(Project, docname="a/reindex"), "https://a.example", "a/reindex.html#"),
    ],
)
def test_a_record_has_its_address_on_the_site(record: Record, site: str, address: str) -> None:
    expected = f"https://a.example/{address}{record.id}"
    assert outline.address(record, whole(record, url=site)) == expected


@pytest.mark.parametrize(
    ("record", "address"),
    [
        (made(Talk, url="https://e.example", slides="https://s.example"), "https://s.example"),
        (made(Project, code="https://c.example"), "https://c.example"),
        (made(Job, url="https://j.example"), "https://j.example"),
        (made(Certificate, url="https://v.example"), "https://v.example"),
        (made(Award), ""),
    ],
)
def test_without_a_site_a_record_has_its_own_address(record: Record, address: str) -> None:
    assert outline.address(record, whole(record)) == address


@pytest.mark.parametrize(
    ("speakers", "others"),
    [
        (("Ada",), ""),
        (("Ada", "Bob"), "with Bob"),
        (("Cy", "Ada", "Bob"), "with Cy and Bob"),
        (("Cy", "Dee", "Bob"), "by Cy, Dee and Bob"),
    ],
)
def test_the_other_speakers_of_a_talk_are_named(speakers: tuple[str, ...], others: str) -> None:
    talk = made(Talk, speakers=speakers)
    assert isinstance(talk, Talk)
    assert plain(credits(talk, whole())) == others


def test_evidence_is_a_bullet_with_its_state_below_its_claim() -> None:
    merged = (Run("K8s", target="a:"), Run(" (merged)"))
    claims = (Highlight((Run("Did"),), (merged,)), Highlight((), ((Run("b", target="b:"),),)))
    assert list(outline.bullets(claims, (merged,))) == [
        ("", (Run("Did"),)),
        ("  ", merged),
        ("", ()),
        ("", (Run("b", target="b:"),)),
        ("", merged),
    ]


def test_the_title_of_an_upcoming_job_is_not_the_label() -> None:
    future = made(Job, id="next", title="Next", period=Period.parse("2031", "present"))
    assert outline.label(whole(made(Job, title="Now"), future)) == "Now"
    assert outline.label(whole(future)) == ""


def test_the_label_is_the_title_of_the_current_job_that_began_last() -> None:
    founder = made(Job, id="founder", title="Founder", period=Period.parse("2015", "present"))
    past = made(Job, id="past", title="Chief", period=Period.parse("2023-01", "2023-12"))
    # It has an end, in the future.
    senior = made(Job, id="senior", title="Senior", period=Period.parse("2020", "2030"))
    assert outline.label(whole(founder, past, senior)) == "Senior"
    assert outline.label(whole(founder, past)) == "Founder"
    assert outline.label(whole(past)) == ""
    assert outline.label(whole(past, label="Chief")) == "Chief"


def test_a_summary_is_below_the_person() -> None:
    portfolio = whole(made(Job), label="Engineer", location="Ghent", summary="Makes *pipes*. " * 9)
    lines = text.cv(portfolio).decode().splitlines()
    assert lines[:4] == ["Ada", "Engineer", "Ghent", ""]
    assert " ".join(lines[4:6]) == ("Makes *pipes*. " * 9).strip()
    blocks = markdown.cv(portfolio).decode().split("\n\n")
    assert blocks[3] == (r"Makes \*pipes\*. " * 9).strip()


def test_skills_have_levels() -> None:
    skills = [
        made(Skill, id="go", title="Go", level="expert"),
        made(Skill, id="c", title="C", level="expert"),
        made(Skill, id="rust", title="Rust"),
        made(Skill, id="chess", title="Chess", group="", level="club player"),
    ]
    portfolio = whole(*skills)
    assert "Languages: C (expert), Go (expert), Rust" in text.cv(portfolio).decode()
    assert "**Languages:** C (expert), Go (expert), Rust" in markdown.cv(portfolio).decode()
    assert json.loads(resume_json.resume(portfolio))["skills"] == [
        {"name": "Languages", "level": "expert", "keywords": ["C", "Go"]},
        {"name": "Languages", "keywords": ["Rust"]},
        {"name": "Chess", "level": "club player"},
    ]


def test_the_label_is_below_the_name() -> None:
    job = made(Job, title="Engineer (Compilers Lead)")
    portfolio = whole(job, label="Compilers Lead")
    assert text.cv(portfolio).decode().splitlines()[:2] == ["Ada", "Compilers Lead"]
    assert markdown.cv(portfolio).decode().split("\n\n")[:2] == ["# Ada", "Compilers Lead"]
    assert json.loads(resume_json.resume(portfolio))["basics"]["label"] == "Compilers Lead"


def test_an_address_that_is_too_long_stays_whole_on_a_line_of_its_own() -> None:
    address = f"https://a.example/{'x' * 90}"
    talk = made(Talk, video=address, summary=(Run(f"See {address} there"),))
    lines = text.cv(whole(talk)).decode().splitlines()
    assert f"  {address}" in lines
    assert lines[lines.index(f"  {address}") - 1] == "Video:"
    assert address in lines


PLAIN = """\
Ada
Engineer


EXPERIENCE

Engineer
Acme, Berlin | Feb 2021 - Present
Builds things
https://acme.example
- Built one
  one: https://one.example
  - Proof
    https://proof.example
- Paper
  https://paper.example
Stack: Go


TALKS

On Things
Conf, Mar 2020 | Rome | with Bob
How to build things
Video: https://video.example
Slides: https://slides.example


AWARDS

Golden Thing
2020
"""


def test_plain_text_has_each_word_and_each_address_once() -> None:
    proof, paper = (
        (Run(name.capitalize(), target=f"https://{name}.example"),) for name in ("proof", "paper")
    )
    portfolio = whole(
        made(
            Job,
            title="Engineer",
            location="Berlin",
            url="https://acme.example",
            period=Period.parse("2021-02", "present"),
            summary=(Run("Builds things"),),
            highlights=(
                Highlight((Run("Built "), Run("one", target="https://one.example")), (proof,)),
            ),
            evidence=(paper,),
            details=(Detail((Run("Stack"),), (Run("Go"),)),),
        ),
        made(
            Talk,
            title="On Things",
            speakers=("Ada", "Bob"),
            venue="Rome",
            summary=(Run("How to build things"),),
            video="https://video.example",
            slides="https://slides.example",
        ),
        made(Award, title="Golden Thing"),
        label="Engineer",
    )
    assert text.cv(portfolio).decode() == PLAIN


def test_facts_that_are_wider_than_a_line_have_a_line_each() -> None:
    dates = "2021 - Present"
    for width, lines in ((80, 1), (81, 2)):
        name = "x" * (width - len(f" | {dates}"))
        content = text.cv(whole(made(Job, organization=name, title="Engineer"))).decode()
        expected = [f"{name} | {dates}"] if lines == 1 else [name, dates]
        found = content.splitlines()
        start = found.index("EXPERIENCE") + 3
        assert found[start : start + lines + 1] == [*expected][: lines + 1]


# -- Making exports ------------------------------------------------------------


def test_only_files_with_properties_differ_the_next_day() -> None:
    today = whole(made(Job, selected=True), made(Talk), made(Publication))
    tomorrow = replace(today, today=Date(2024, 6, 1))
    chosen = [export for export in EXPORTS if export.applies(today)]
    first, again, later = (making.make(each, chosen)[0] for each in (today, today, tomorrow))
    assert first == again
    assert {name for name in first if first[name] != later[name]} == {
        *("cv.pdf", "cv-short.pdf", "cv.docx")
    }


def test_all_errors_are_reported_once() -> None:
    def refuse(fault: str) -> Callable[[Portfolio], bytes]:
        def make(portfolio: Portfolio) -> bytes:
            raise ExportError(fault, portfolio.person.name)

        return make

    wanted = [
        Export("a.txt", "A", "text/plain", refuse("too long"), reader=TO_READ),
        Export("b.txt", "B", "text/plain", refuse("no such character"), reader=TO_READ),
        Export("c.txt", "C", "text/plain", refuse("too long"), reader=TO_READ),
        Export(
            "d.txt",
            "D",
            "text/plain",
            lambda portfolio: portfolio.person.name.encode(),
            reader=TO_READ,
        ),
    ]
    contents, errors = making.make(whole(), wanted)
    assert contents == {"d.txt": b"Ada"}
    assert [str(error) for error in errors] == ["Ada: too long", "Ada: no such character"]


SITE = {
    "conf.py": """
author = "Ada"
extensions = ["myst_parser", "sphinx_portfolio.site"]
html_theme = "furo"
html_baseurl = "https://ada.example/"
""",
    "index.md": """
# Ada

```{downloads}
:button: cv.pdf
```

```{toctree}
files
work
```
""",
    "files.md": """
# Files

```{downloads}
```
""",
    "work.md": """
# Work

## Engineer

```{job}
:id: engineer
:organization: Acme
:start: 2020
:selected:
```
""",
}


# Runs a main function as if typst were not installed.
WITHOUT_TYPST = """
import importlib, sys
sys.modules["typst"] = None
sys.exit(importlib.import_module(sys.argv[1]).main(sys.argv[2:]))
"""
LEFT_OUT = ["cv.pdf", "cv-short.pdf", "cv.png"]
PICTURES = "share/*.png, favicon.png, apple-touch-icon.png"
NOT_EXPORTED = (
    f'Not exported: cv.pdf, cv-short.pdf, cv.png, {PICTURES}: install "sphinx-portfolio[cv]"'
)


def without_typst(module: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT_TYPST, module, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The sources of a site with one record."""
    folder = tmp_path / "source"
    folder.mkdir()
    for name, content in SITE.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_the_command_makes_the_cv_of_a_site_with_furo(
    portfolio: CommandLine, source: Path, tmp_path: Path
) -> None:
    # Furo refuses builders that do not write HTML, such as the command's.
    result = portfolio("cv", "--source", source, "--output", tmp_path / "cv")
    assert result.returncode == 0, result.stderr
    written = {path.name for path in (tmp_path / "cv").iterdir()}
    made = {"cv.pdf", "cv-short.pdf", "cv.docx", "cv.txt", "cv.md", "resume.json"}
    assert written == {".sphinx-portfolio", *made}


def test_without_typst_a_site_has_the_other_files(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "html"
    options = ("-W", "--keep-going", "-n")
    result = without_typst("sphinx.cmd.build", *options, source, output)
    assert result.returncode == 0, result.stderr
    assert not result.stderr
    assert NOT_EXPORTED in result.stdout.splitlines()
    site = Site(output)
    written = ["cv.docx", "cv.txt", "contact.vcf", "cv.md", "resume.json"]
    assert [name for name in (*LEFT_OUT, *written) if (output / name).exists()] == written
    assert [link["href"] for link in site["files"].select(".portfolio-downloads a")] == written
    for page in site.names:
        assert not site[page].select("[href$='cv.pdf'], [src$='cv.png']")
    # There is no button: the list of pages follows the heading.
    section = one(site["index"], "article section")
    assert [child.name for child in section.find_all(recursive=False)] == ["h1", "div"]
    assert not section.select("a[download]")


def test_without_typst_the_build_command_names_the_extra(source: Path, tmp_path: Path) -> None:
    arguments = ("build", "--source", source, "--output", tmp_path / "out")
    result = without_typst("sphinx_portfolio.__main__", *arguments)
    assert (result.returncode, result.stderr) == (0, f"{NOT_EXPORTED}\n")
    assert (tmp_path / "out" / "html" / "cv.txt").is_file()
