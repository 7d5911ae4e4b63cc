"""The typeset CV: valid, complete, readable by programs, and within its page limit."""

from __future__ import annotations

import io
import os
import pickle
import re
import shutil
import struct
import subprocess
import sys
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import page
import pymupdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfminer.high_level import extract_pages, extract_text
from pdfminer.layout import LAParams, LTChar, LTPage, LTTextContainer
from pypdf import PdfReader
from pypdf.generic import ContentStream

from invented import TEXT_FIELDS
from sphinx_portfolio.exports import pdf, pdf_data, resume_json
from sphinx_portfolio.exports.outline import ExportError
from sphinx_portfolio.model import (
    Award,
    Certificate,
    Date,
    Degree,
    Detail,
    Highlight,
    Job,
    Language,
    Period,
    Person,
    Portfolio,
    Profile,
    Project,
    Record,
    Run,
    Service,
    Skill,
    Talk,
    assemble,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TODAY = Date(2024, 5, 31)
STANDARDS = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)
ADA = Person(
    "Ada Example",
    email="ada@mail.example",
    location="Springfield",
    profiles=(
        Profile("GitHub", "https://www.github.com/ada"),
        Profile("Blog", "https://ada.example/"),
    ),
    url="https://site.example/",
)
POPPLER = shutil.which("pdftotext")
with_poppler = pytest.mark.skipif(POPPLER is None, reason="poppler's pdftotext is not installed")
MARKUP = r"""# $x$ @at \ < " * _ // ~ -- `code` [b] {c} #let = 'it's' <l> /* c */ + 1. %"""


def made(kind: type[Record], **fields: Any) -> Record:
    """Return a record; the fields that its kind requires have defaults."""
    common: dict[str, Any] = {
        "id": kind.kind,
        "title": f"The {kind.kind}",
        "docname": "d",
        "source": "d.md",
        "line": 7,
    }
    own: dict[type[Record], dict[str, Any]] = {
        Job: {"organization": "Acme"},
        Degree: {"organization": "University"},
        Talk: {"speakers": ("Ada Example",), "event": "Conf"},
    }
    return kind(**common | own.get(kind, {}) | fields)


def during(start: str, end: str) -> Period:
    return Period.parse(start, end)


def bullet(text: str, *under: Highlight) -> Highlight:
    return Highlight((Run(text),), ((Run("proof", target="https://proof.example/"),),), under)


def whole(*records: Record, person: Person = ADA, **fields: Any) -> Portfolio:
    return assemble(person, TODAY, records, **fields)


FULL = whole(
    made(
        Job,
        title="Chief",
        url="https://acme.example/",
        location="Berlin",
        period=during("2020-03", "present"),
        highlights=(
            bullet(
                "Build efficient offices", bullet("First floor"), bullet("Attic", bullet("Roof"))
            ),
            bullet("Find staff", bullet("Shuffle affiliates")),
        ),
    ),
    made(
        Job,
        id="clerk",
        title="Clerk",
        organization="Bureau",
        period=during("2018", "2019-12"),
        summary=(Run("Kept "), Run("all", strong=True), Run(" "), Run("files", code=True)),
        highlights=(bullet("Sorted"), bullet("Filed", bullet("twice"))),
    ),
    made(
        Talk,
        title="Two Hundred Files",
        period=during("2021-04", "2021-04"),
        speakers=("Ada Example", "Bob Other"),
        venue="Rome",
        url="https://conf.example/",
        video="https://video.example/",
        slides="https://slides.example/",
        code="https://code.example/",
        paper="https://paper.example/",
    ),
    made(Talk, id="undated", title="Whenever", event="Meetup"),
    made(
        Project,
        title="filer",
        summary=(Run("A filing tool", emphasis=True),),
        period=during("2019", "2019"),
        code="https://filer.example/",
        cites=("talk",),
        highlights=(
            Highlight(
                (
                    Run("Used by "),
                    Run("many", target="https://many.example/"),
                    Run(", see "),
                    Run("the job", target="job"),
                )
            ),
        ),
    ),
    made(Skill, id="go", title="Go", group="Languages"),
    made(Skill, id="c", title="C", group="Languages"),
    made(Award, title="Golden File", period=during("2022", "2022"), summary=(Run("For order"),)),
    made(Award, id="bare", title="Silver File"),
    made(
        Certificate,
        title="Licensed Filer",
        issuer="Guild",
        url="https://guild.example/",
        period=during("2017-05", "2017-05"),
    ),
    made(
        Service,
        title="Reviewer",
        events=("Conf 2020", "Conf 2021"),
        period=during("2020", "2021"),
    ),
    made(
        Degree,
        title="Master of Files",
        location="Paris",
        period=during("2014-10", "2018-02"),
        details=(Detail((Run("Courses"),), (Run("Folders, Drawers"),)),),
    ),
)
RTL = whole(
    made(
        Job,
        title="עורכת מפות",
        organization="דפוס",
        location="חיפה",
        period=during("2019", "2021"),
        highlights=(bullet("עבדה על מפות."), bullet("Drew מפות too")),
    ),
    made(Talk, title="מפות", event="כנס", venue="תל אביב", speakers=("נעמי ברק", "דוד לוי")),
    person=Person("נעמי ברק", email="naomi@mail.example"),
)


def text(content: bytes) -> str:
    return extract_text(io.BytesIO(content))


def poppler(content: bytes, *options: str) -> str:
    command = [POPPLER or "pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


@pytest.fixture(scope="module")
def full() -> bytes:
    return pdf.cv(FULL)


@pytest.fixture(
    scope="module",
    params=[
        *("pdfminer", "pypdf", "pymupdf"),
        *(pytest.param(mode, marks=with_poppler) for mode in ("", "-layout", "-raw")),
    ],
)
def read(request: pytest.FixtureRequest, full: bytes) -> str:
    """The text as several programs read it."""
    match request.param:
        case "pdfminer":
            return text(full)
        case "pypdf":
            return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(full)).pages)
        case "pymupdf":
            with pymupdf.open(stream=full) as document:  # type: ignore[no-untyped-call]
                return "\n".join(page.get_text() for page in document)
    return poppler(full, *filter(None, [request.param]))


# -- Standards ----------------------------------------------------------------


@pytest.mark.parametrize(
    "portfolio",
    [FULL, replace(FULL, paper="us-letter"), RTL, whole(), whole(person=Person("Ada"))],
    ids=["full", "letter", "rtl", "no records", "name alone"],
)
def test_it_is_accessible_and_archivable(portfolio: Portfolio) -> None:
    content = pdf.cv(portfolio)
    for standard in STANDARDS:
        report = page.validate_pdf_bytes(content, profile=standard)
        assert [failure.message for failure in report.failures] == [], standard
        assert report.is_compliant, standard


def test_the_validator_refuses_a_pdf_without_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "STANDARDS", [])
    content = pdf.cv(FULL)
    for standard in STANDARDS:
        assert not page.is_pdf_compliant_bytes(content, profile=standard), standard


def test_it_declares_both_standards_language_title_and_author(full: bytes) -> None:
    reader = PdfReader(io.BytesIO(full))
    root: Any = reader.root_object
    xmp = root["/Metadata"].get_data().decode()
    for declared in ("pdfuaid:part>1<", "pdfaid:part>3<", "pdfaid:conformance>A<"):
        assert declared in xmp
    assert root["/Lang"] == "en"
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Ada Example: CV", "Ada Example")


def test_resume_json_is_attached(full: bytes) -> None:
    reader = PdfReader(io.BytesIO(full))
    root: Any = reader.root_object
    assert reader.attachments == {"resume.json": [resume_json.resume(FULL)]}
    [file] = root["/AF"]
    assert file.get_object()["/AFRelationship"] == "/Alternative"
    assert file.get_object()["/EF"]["/F"].get_object()["/Subtype"] == "/application/json"


def test_it_embeds_two_font_families_only(full: bytes) -> None:
    names = {font["/BaseFont"].partition("+")[2] for font in fonts(full)}
    assert {re.split("[-+]", name)[0] for name in names} == {"LibertinusSerif", "DejaVuSansMono"}


def fonts(content: bytes) -> Iterator[Any]:
    for sheet in PdfReader(io.BytesIO(content)).pages:
        resources: Any = sheet["/Resources"]
        yield from (font.get_object() for font in resources["/Font"].values())


def tags(content: bytes) -> Iterator[str]:
    """Yield the kinds of the structure tree, in reading order."""

    def walk(node: Any) -> Iterator[str]:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for each in node:
                yield from walk(each)
        elif isinstance(node, dict):
            if "/S" in node:
                yield str(node["/S"])
            yield from walk(node.get("/K", []))

    root: Any = PdfReader(io.BytesIO(content)).root_object
    yield from walk(root["/StructTreeRoot"])


def test_headings_are_tagged(full: bytes) -> None:
    found = list(tags(full))
    headings = [tag for tag in found if re.fullmatch(r"/H\d", tag)]
    experience = ["/H2", "/H3", "/H4", "/H4", "/H3"]
    talks, project, degree = ["/H2", "/H3", "/H3"], ["/H2", "/H3"], ["/H2", "/H3"]
    assert headings == ["/H1", *experience, *talks, *project, *["/H2"] * 4, *degree]
    assert {"/L", "/LI", "/Link"} < set(found)
    assert not {"/Figure", "/Table"} & set(found)


def test_drawings_are_artifacts(full: bytes) -> None:
    reader = PdfReader(io.BytesIO(full))
    marked: list[str] = []
    drawn = 0
    for operands, operator in ContentStream(reader.pages[0].get_contents(), reader).operations:
        if operator in {b"BMC", b"BDC"}:
            marked.append(str(operands[0]))
        elif operator == b"EMC":
            marked.pop()
        elif operator in {b"f", b"f*", b"S", b"B"}:
            assert "/Artifact" in marked
            drawn += 1
    assert drawn > 5 * 12  # marks, each with the ticks of the axis


PRINTED = """
import pickle, sys
from sphinx_portfolio.exports import pdf
sys.stdout.buffer.write(pdf.cv(pickle.load(sys.stdin.buffer)))
"""


def test_it_is_the_same_in_every_process(full: bytes, tmp_path: Path) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PRINTED],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone},
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/Lima"))
    ]
    made = [process.communicate(pickle.dumps(FULL))[0] for process in started]
    assert made == [full, full]


# -- Text, as programs read it ------------------------------------------------


READ = """
Ada Example
Springfield · site.example
ada@mail.example · github.com/ada · Blog: ada.example
Experience
Acme · Chief
Mar 2020 - Present · Berlin
Build efficient offices
• First floor
• Attic
• Roof
Find staff
• Shuffle affiliates
Bureau · Clerk
2018 - Dec 2019
Kept all files
• Sorted
• Filed
• twice
Talks
Two Hundred Files
Conf, with Bob Other · Apr 2021 · Rome · video · slides · code · paper
Whenever
Meetup
Projects
filer · A filing tool
2019 · code · talk
• Used by many, see the job
Skills
Languages: C, Go
Certificates
Licensed Filer: Guild · May 2017
Awards
Golden File: For order · 2022
Silver File
Volunteering
Reviewer: Conf 2020, Conf 2021
Education
University · Master of Files
Oct 2014 - Feb 2018 · Paris
Courses: Folders, Drawers
"""


def test_every_word_comes_in_reading_order(read: str) -> None:
    assert read.split() == READ.split()


def test_evidence_is_left_out(full: bytes) -> None:
    assert "proof" not in text(full)
    assert not any("proof" in link for link in links(full))


def test_it_has_no_ligatures_or_private_characters(read: str) -> None:
    refused = {"Co", "Cn", "Cs", "Cf"}
    assert not [each for each in read if unicodedata.category(each) in refused]
    assert not re.search("[\ufb00-\ufb06]", read)


def test_dates_follow_the_name_of_their_entry(read: str) -> None:
    lines = [line for line in read.splitlines() if line.strip()]

    def line(words: str) -> int:
        return next(index for index, each in enumerate(lines) if words in each)

    for name, date, following in (
        ("Acme", "Mar 2020 - Present", "Bureau"),
        ("Bureau", "2018 - Dec 2019", "Two Hundred Files"),
        ("Two Hundred Files", "Apr 2021", "Whenever"),
        ("Master of Files", "Oct 2014 - Feb 2018", "Courses"),
    ):
        assert line(name) < line(date) <= line(name) + 2
        assert line(date) < line(following)


def test_simple_rules_find_name_mail_and_sections(read: str) -> None:
    lines = [line.strip() for line in read.splitlines() if line.strip()]
    assert lines[0] == "Ada Example"
    assert re.findall(r"[\w.]+@[\w.]+\w", read) == ["ada@mail.example"]
    names = [
        *("Experience", "Talks", "Projects", "Skills", "Certificates", "Awards", "Volunteering"),
        "Education",
    ]
    assert [line for line in lines if line in names] == names


def links(content: bytes) -> list[str]:
    return [
        str(annotation.get_object()["/A"]["/URI"])
        for sheet in PdfReader(io.BytesIO(content)).pages
        for annotation in sheet.get("/Annots", ())
    ]


def test_links_are_in_order(full: bytes) -> None:
    hosts = ("acme", "conf", "video", "slides", "code", "paper", "filer", "video", "many", "guild")
    assert links(full) == [
        "https://site.example/",
        "mailto:ada@mail.example",
        "https://www.github.com/ada",
        "https://ada.example/",
        *(f"https://{host}.example/" for host in hosts),
    ]


def test_phone_and_street_are_shown() -> None:
    person = replace(ADA, phone="+49 (30) 123", street="Elm Street 5")
    content = pdf.cv(whole(person=person))
    assert "Elm Street 5 · Springfield · +49 (30) 123 · site.example" in text(content).splitlines()
    assert "tel:+4930123" in links(content)


@with_poppler
def test_right_to_left_text_is_read_as_written() -> None:
    found = re.sub("[\u200e\u200f\u202a-\u202e]", "", poppler(pdf.cv(RTL)))
    for words in ("נעמי ברק", "דפוס", "עורכת מפות", "2019 - 2021", "חיפה", "כנס", "דוד לוי"):
        assert words in found


def test_right_to_left_text_keeps_its_place() -> None:
    found = text(pdf.cv(RTL))  # in visual order, from left to right
    assert "סופד · תופמ תכרוע" in found
    assert "• .תופמ לע הדבע" in found
    assert "סנכ, with יול דוד · ביבא לת" in found


@settings(max_examples=40, derandomize=True, deadline=None)
@given(
    st.lists(
        st.text(
            st.characters(min_codepoint=33, max_codepoint=0x44F, categories=("L", "N", "P", "S")),
            min_size=1,
            max_size=32,
        ),
        min_size=1,
        max_size=12,
    )
)
def test_words_come_back(words: list[str]) -> None:
    line = " ".join(words)
    try:
        found = text(pdf.cv(whole(made(Job, title=line, summary=(Run(line),)))))
    except ExportError as error:
        [code] = re.findall(r"U\+(\w{4})", str(error))
        assert chr(int(code, 16)) in line
        return
    written = unicodedata.normalize("NFC", "".join(words))
    assert unicodedata.normalize("NFC", "".join(found.split())).count(written) == 2


# -- Bad input ----------------------------------------------------------------


# How often the text is shown: 3 times in each of summary, bullet, nested bullet and detail.
TIMES = {Job: 23, Degree: 22, Project: 21, Talk: 8, Award: 22, Certificate: 22, Service: 22}
TIMES |= {Skill: 8, Language: 22}


@pytest.mark.parametrize("kind", TIMES)
def test_text_is_not_parsed_as_typst_markup(kind: type[Record]) -> None:
    rich = (Run(MARKUP), Run(MARKUP, strong=True, emphasis=True), Run(MARKUP, code=True))
    texts: dict[str, Any] = {
        name: MARKUP for name in TEXT_FIELDS if name in kind.__dataclass_fields__
    }
    record = made(
        kind,
        title=MARKUP,
        summary=rich,
        highlights=(Highlight(rich, (), (Highlight(rich),)),),
        details=(Detail(rich, rich),),
        **texts,
    )
    person = replace(ADA, name=MARKUP, location=MARKUP, phone=MARKUP, street=MARKUP)
    person = replace(person, summary=MARKUP)
    content = pdf.cv(whole(record, person=person))
    found = "".join(text(content).split())
    assert found.count("".join(MARKUP.split())) == TIMES[kind]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("漢字", "'漢' (U+6F22 CJK UNIFIED IDEOGRAPH-6F22)"),
        ("Thai ไ", "'ไ' (U+0E44 THAI CHARACTER SARA AI MAIMALAI)"),
        ("हिन्दी", "'हि' (U+0939 DEVANAGARI LETTER HA, U+093F DEVANAGARI VOWEL SIGN I)"),
        ("smile 😀", "'😀' (U+1F600 GRINNING FACE)"),
        ("x x\u20dd", "'x\u20dd' (U+0078 LATIN SMALL LETTER X, U+20DD COMBINING ENCLOSING CIRCLE)"),
        ("private \ue000", r"'\ue000' (U+E000)"),
    ],
    ids=["cjk", "thai", "devanagari", "emoji", "combining", "private use"],
)
def test_a_character_that_is_in_none_of_the_fonts_is_named(words: str, named: str) -> None:
    portfolio = whole(made(Job), made(Award, title=words, source="awards.md", line=3))
    with pytest.raises(ExportError) as raised:
        pdf.cv(portfolio)
    assert raised.value.place == "awards.md:3"
    message = f"award 'award': the fonts of the PDF lack the character {named}: name a font"
    assert raised.value.message.startswith(message)
    with pytest.raises(ExportError, match=r"^conf\.py: the person: the fonts of the PDF lack"):
        pdf.cv(whole(person=Person(words)))


def characters(content: bytes) -> Iterator[tuple[LTPage, LTChar]]:
    """Yield all visible characters."""
    for sheet in extract_pages(io.BytesIO(content), laparams=LAParams(all_texts=False)):
        for box in sheet:
            if isinstance(box, LTTextContainer):
                for line in box:
                    yield from (
                        (sheet, each)
                        for each in line
                        if isinstance(each, LTChar) and each.get_text().strip()
                    )


def test_long_words_stay_on_the_page() -> None:
    person = Person(
        "W" * 90, "m" * 90 + "@mail.example", profiles=(Profile("x", "x:" + "a" * 300),)
    )
    portfolio = whole(
        made(Job, title="long " * 60, organization="O" * 300, highlights=(bullet("b" * 200),)),
        made(Talk, title="T" * 300, event="E" * 300, venue="V" * 300),
        made(Skill, title="S" * 300, group="G" * 300),
        made(Award, title="A" * 300, details=(Detail((Run("d" * 300),), (Run("e" * 300),)),)),
        person=person,
    )
    content = pdf.cv(portfolio)
    for each in (content, pdf.cv(whole(person=Person("W" * 32)))):
        sides = [(it.x0, sheet.width - it.x1) for sheet, it in characters(each)]
        assert min(map(min, sides)) > 48  # pt, which is 17 mm
    assert "".join(text(content).split()).count("T" * 300) == 1


def test_sixty_bullets_fit() -> None:
    bullets = tuple(bullet(f"Bullet {number} says it") for number in range(60))
    content = pdf.cv(whole(made(Job, highlights=bullets), made(Talk)))
    found = text(content)
    assert all(f"Bullet {number} says it" in found for number in range(60))


LONG = tuple(
    bullet(f"Bullet {number} " + "says what it says at length " * 9) for number in range(60)
)


def pages(content: bytes) -> int:
    return len(PdfReader(io.BytesIO(content)).pages)


def test_the_cv_has_as_many_pages_as_it_needs() -> None:
    jobs = [made(Job, id=f"job-{number}", highlights=LONG) for number in range(3)]
    content = pdf.cv(whole(*jobs))
    assert pages(content) > 6
    assert text(content).count("Bullet 59 says") == len(jobs)


def test_a_page_above_the_limit_is_an_error_that_names_the_longest_entry() -> None:
    portfolio = whole(made(Award), made(Job, source="job.md", line=9, highlights=LONG), cv_pages=2)
    message = r"^job\.md:9: job 'job': the CV takes 3 pages of a4, but portfolio_cv_pages allows 2"
    with pytest.raises(ExportError, match=message):
        pdf.cv(portfolio)
    with pytest.raises(ExportError, match="takes 3 pages of us-letter"):
        pdf.cv(replace(portfolio, paper="us-letter"))
    with pytest.raises(ExportError, match="the CV takes 3 pages of a4"):
        pdf.picture(portfolio)
    assert pages(pdf.cv(replace(portfolio, cv_pages=3))) == 3
    with pytest.raises(ExportError, match=r"^conf\.py: the person: the CV takes"):
        pdf.cv(whole(person=Person("Ada " * 1000), cv_pages=1))


def test_the_layout_is_tightened_to_the_limit() -> None:
    portfolio = whole(made(Job, highlights=LONG[:20]))
    assert pages(pdf.cv(portfolio)) == 2
    assert pages(pdf.cv(replace(portfolio, cv_pages=1))) == 1


def test_a_missing_character_is_reported_for_the_skill_that_has_it() -> None:
    skills = (
        made(Skill, id=id_, title=title, line=line)
        for id_, title, line in (("go", "Go", 1), ("han", "漢", 9))
    )
    with pytest.raises(
        ExportError, match=r":9: skill 'han': the fonts of the PDF lack the character '漢'"
    ):
        pdf.cv(whole(*skills))


def test_a_service_has_dates_only_if_it_has_no_events() -> None:
    period = during("2019", "2020")
    service = {"title": "Reviewer", "period": period}
    with_events = made(Service, **service, id="a", events=("Conf 2019", "Conf 2020"))
    without = made(Service, **service, id="b", organization="Club")
    [section] = pdf_data.sections(whole(with_events, without))
    facts = {entry["id"]: entry["facts"] for entry in section["entries"]}
    assert facts["a"] == []
    assert [fact["text"] for fact in facts["b"]] == ["2019 - 2020"]


def test_the_short_cv_has_the_selected_records_on_one_page() -> None:
    picked = [replace(each, selected=each.id in {"clerk", "go"}) for each in FULL.records]
    content = pdf.short(whole(*picked))
    assert pages(content) == 1
    assert {"Clerk", "Go"} < set(text(content).split())
    assert not {"Chief", "Talks", "Golden"} & set(text(content).split())
    with pytest.raises(ExportError, match=r"^d\.md:7: job .* may have only one: remove `selected`"):
        pdf.short(whole(made(Job, highlights=LONG, selected=True)))


def test_the_picture_shows_the_first_page() -> None:
    content = pdf.picture(FULL)
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    assert (width, round(height / width, 1)) == (1152, 1.4)
    assert len(content) < 100_000
