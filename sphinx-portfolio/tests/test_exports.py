"""What all CVs make of any words, and plain text above all: they are there, in 80 columns."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from invented import FUZZ, NASTY, everywhere, made, parts, portfolios, squashed, whole
from sphinx_portfolio.model.dates import Period
from sphinx_portfolio.exports import markdown, outline, resume_json, text
from sphinx_portfolio.exports.outline import ExportError, entry, sections, uri
from sphinx_portfolio.model.records import Award, Job, Project, Record, Skill, Talk
from sphinx_portfolio.model.richtext import Highlight, Run
from test_content import LABELS, LEFT_OUT, RESUME, plain
from test_markdown import rendered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support import Site
    from sphinx_portfolio.model.records import Portfolio

EXPORTS = [text.cv, markdown.cv, resume_json.resume]


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
    """Yield what has to be there, in its order: white space and addresses may stand between."""
    yield from (portfolio.person.name, portfolio.person.location)
    for title, records in sections(portfolio):
        yield title.upper()
        for record in records:
            if isinstance(record, Skill):
                yield from (record.group, record.title)
                continue
            said = entry(record, portfolio)
            yield said.title
            yield from (run.text for runs in (*said.facts, *parts(said)) for run in runs)


def check_lines(content: str) -> None:
    assert content.endswith("\n")
    assert not content.endswith("\n\n")
    assert not re.search(r"[ \t]$", content, re.MULTILINE)
    for line in content.splitlines():
        width = sum(map(columns, line))
        assert width <= 80 or re.fullmatch(r" *(- )?<?[a-z]+://[!-~]+", line), line


def columns(sign: str) -> int:
    if unicodedata.category(sign) in {"Mn", "Me"}:
        return 0
    return 1 + (unicodedata.east_asian_width(sign) in "WF")


# -- Bad input ----------------------------------------------------------------


@pytest.mark.parametrize("words", NASTY, ids=ascii)
def test_signs_in_any_field_are_words(words: str) -> None:
    content = text.cv(everywhere(words)).decode()
    check_lines(content)
    assert squashed(content).count(squashed(words)) >= 24
    json_resume = json.loads(resume_json.resume(everywhere(words)))
    assert json_resume["work"][0]["position"] == " ".join(re.split(r"[ \t\n]+", words)).strip(" ")


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: str(export.__module__))
def test_a_portfolio_of_a_name_is_a_name(export: Callable[[Portfolio], bytes]) -> None:
    assert "נעמי" in export(whole(name="נעמי")).decode()
    assert not re.search("experience|work|talks|null", export(whole()).decode(), re.IGNORECASE)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: str(export.__module__))
def test_long_entries_undated_talks_and_talks_to_come_are_held(
    export: Callable[[Portfolio], bytes],
) -> None:
    bullets = tuple(Highlight((Run(f"did-{number:02} {'it ' * 40}"),)) for number in range(60))
    undated = made(Talk, id="undated", title="Undated", period=None, event="No Day")
    upcoming = made(Talk, id="upcoming", title="Upcoming", period=Period.parse("2031", "2031"))
    content = export(whole(made(Job, highlights=bullets), undated, made(Talk), upcoming)).decode()
    assert re.findall(r"did-\d\d", content) == [f"did-{number:02}" for number in range(60)]
    assert [content.index(word) for word in ("Upcoming", "A Title", "Undated", "No Day")]
    assert content.index("Upcoming") < content.index("Undated")


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\ud800", "\uffff"], ids=ascii)
@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: str(export.__module__))
def test_what_is_no_character_is_refused_with_its_place(
    export: Callable[[Portfolio], bytes], sign: str
) -> None:
    bullet = Highlight((Run("a"),), (), (Highlight((Run(f"b{sign}"),)),))
    job = made(Job, highlights=(bullet,), source="work/acme.md", line=7)
    message = rf"^work/acme\.md:7: job 'job': the character U\+{ord(sign):04X} in .*: take it out$"
    with pytest.raises(ExportError, match=message):
        export(whole(job))
    with pytest.raises(ExportError, match=r"^conf\.py: the person: "):
        export(whole(name=sign))


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
        (made(Award), ""),
    ],
)
def test_where_there_is_no_site_a_record_has_an_address_of_its_own(
    record: Record, address: str
) -> None:
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
def test_who_else_gave_a_talk_is_named(speakers: tuple[str, ...], others: str) -> None:
    talk = made(Talk, speakers=speakers)
    assert isinstance(talk, Talk)
    assert outline.others(talk, whole()) == others


def test_links_of_evidence_are_told_apart() -> None:
    mixed = (Run("K8s", strong=True, target="a:"), Run(" merged", target="a:"))
    again = Run("Again", target="a:")
    other = Run("b", target="b:")
    evidence = (*mixed, again, again, Run("; "), other)
    # That what looks alike and leads to one address is another link: else it would be one run.
    assert list(outline.proofs(evidence)) == [(*mixed,), (again,), (again,), (other,)]


def test_a_job_to_come_is_no_label() -> None:
    future = made(Job, id="next", title="Next", period=Period.parse("2031", "present"))
    assert outline.label(whole(made(Job, title="Now"), future)) == "Now"
    assert outline.label(whole(future)) == ""


def test_the_label_stands_below_the_name() -> None:
    job = made(Job, title="Engineer (Compilers Lead)")
    portfolio = whole(job, label="Compilers Lead")
    assert text.cv(portfolio).decode().splitlines()[:2] == ["Ada", "Compilers Lead"]
    assert markdown.cv(portfolio).decode().split("\n\n")[:2] == ["# Ada", "Compilers Lead"]
    assert json.loads(resume_json.resume(portfolio))["basics"]["label"] == "Compilers Lead"


def test_an_address_that_is_too_long_stays_whole_on_a_line_of_its_own() -> None:
    address = f"https://a.example/{'x' * 90}"
    said = made(Talk, video=address, abstract=f"See {address} there")
    lines = text.cv(whole(said)).decode().splitlines()
    assert f"  {address}" in lines
    assert lines[lines.index(f"  {address}") - 1] == "Recording:"
    assert address in lines


# -- This repository's CV --------------------------------------------------------


@pytest.mark.parametrize("name", ["cv.txt", "cv.md"])
def test_the_resume_stands_in_the_cv(site: Site, name: str) -> None:
    content = (site.folder / name).read_text(encoding="utf-8")
    words = squashed(plain(content if name == "cv.txt" else rendered(content)))
    # Section names, which are in capitals, are the CV's own.
    lines = LABELS.sub("|", RESUME.replace(LEFT_OUT, "")).splitlines()
    said = [re.split(r"[*|:,]", plain(line)) for line in lines if not line.isupper()]
    pieces = {piece.removeprefix("- ").strip() for line in said for piece in line}
    assert len(pieces) > 150
    assert [piece for piece in pieces if squashed(piece) not in words] == []
