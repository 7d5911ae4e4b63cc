"""The typeset CV: valid, complete, readable by machines, and within its pages."""

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
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfminer.high_level import extract_pages, extract_text
from pdfminer.layout import LAParams, LTChar, LTPage, LTTextContainer
from pypdf import PdfReader
from pypdf.generic import ContentStream

from sphinx_portfolio.exports import pdf, pdf_data, resume_json
from sphinx_portfolio.exports.outline import ExportError
from sphinx_portfolio.model import Award, Date, Degree, Detail, Highlight, Job, Period, Person, Portfolio, Profile, Project, Record, Run, Service, Skill, Talk, assemble

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
SIGNS = r"""# $x$ @at \ < " * _ // ~ -- `code` [b] {c} #let = 'it's' <l> /* c */ + 1. %"""


def made(kind: type[Record], **fields: Any) -> Record:
    """Return a record; the fields that its kind requires have defaults."""
    said: dict[str, Any] = {
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
    return kind(**said | own.get(kind, {}) | fields)


def during(start: str, end: str) -> Period:
    return Period.parse(start, end)


def bullet(text: str, *under: Highlight) -> Highlight:
    return Highlight((Run(text),), (Run("proof", target="https://proof.example/"),), under)


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
        "pdfminer",
        *(pytest.param(mode, marks=with_poppler) for mode in ("", "-layout", "-raw")),
    ],
)
def read(request: pytest.FixtureRequest, full: bytes) -> str:
    """The text as several machines read it."""
    if request.param == "pdfminer":
        return text(full)
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


def test_it_declares_both_standards_and_says_what_it_is(full: bytes) -> None:
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


def test_it_brings_its_fonts_and_no_other(full: bytes) -> None:
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
    talks, project = ["/H2", "/H3", "/H3"], ["/H2", "/H3"]
    assert headings == ["/H1", *experience, *talks, *project, *["/H2"] * 4, "/H3"]
    assert {"/L", "/LI", "/Link"} < set(found)
    assert not {"/Figure", "/Table"} & set(found)


def test_what_is_drawn_is_no_content(full: bytes) -> None:
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
    assert drawn > 5 * 12  # marks, each with the years of the axis


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


# -- Text, as machines read it ------------------------------------------------


READ = """
Ada Example
Springfield · site.example
ada@mail.example · github.com/ada · Blog: ada.example
Experience
Acme · Chief
Mar. 2020 – Present · Berlin
Build efficient offices
– First floor
– Attic
– Roof
Find staff
– Shuffle affiliates
Bureau · Clerk
2018 – Dec. 2019
Kept all files
– Sorted
– Filed
– twice
Talks
Two Hundred Files
Conf, with Bob Other · Apr. 2021 · Rome · talk · slides · code · paper
Whenever
Meetup
Projects
filer · A filing tool
2019 · code · talk
– Used by many, see the job
Skills
Languages: C, Go
Awards
Golden File: For order · 2022
Silver File
Volunteering
Reviewer: Conf 2020, Conf 2021
Education
University · Master of Files
Oct. 2014 – Feb. 2018 · Paris
Courses: Folders, Drawers
"""


def test_every_word_comes_in_reading_order(read: str) -> None:
    assert read.split() == READ.split()


def test_what_is_not_in_the_pdf(full: bytes) -> None:
    assert "proof" not in text(full)
    assert not any("proof" in link for link in links(full))


def test_it_has_no_ligatures_or_private_characters(read: str) -> None:
    known = {"Co", "Cn", "Cs", "Cf"}
    assert not [sign for sign in read if unicodedata.category(sign) in known]
    assert not re.search("[\ufb00-\ufb06]", read)


def test_dates_follow_the_name_of_their_entry(read: str) -> None:
    lines = [line for line in read.splitlines() if line.strip()]

    def line(said: str) -> int:
        return next(index for index, each in enumerate(lines) if said in each)

    for name, date, following in (
        ("Acme", "Mar. 2020 – Present", "Bureau"),
        ("Bureau", "2018 – Dec. 2019", "Two Hundred Files"),
        ("Two Hundred Files", "Apr. 2021", "Whenever"),
        ("Master of Files", "Oct. 2014 – Feb. 2018", "Courses"),
    ):
        assert line(name) < line(date) <= line(name) + 2
        assert line(date) < line(following)


def test_simple_rules_find_name_mail_and_sections(read: str) -> None:
    lines = [line.strip() for line in read.splitlines() if line.strip()]
    assert lines[0] == "Ada Example"
    assert re.findall(r"[\w.]+@[\w.]+\w", read) == ["ada@mail.example"]
    names = ["Experience", "Talks", "Projects", "Skills", "Awards", "Volunteering", "Education"]
    assert [line for line in lines if line in names] == names


def links(content: bytes) -> list[str]:
    return [
        str(annotation.get_object()["/A"]["/URI"])
        for sheet in PdfReader(io.BytesIO(content)).pages
        for annotation in sheet.get("/Annots", ())
    ]


def test_links_lead_to_addresses(full: bytes) -> None:
    hosts = ("acme", "conf", "video", "slides", "code", "paper", "filer", "video", "many")
    assert links(full) == [
        "https://site.example/",
        "mailto:ada@mail.example",
        "https://www.github.com/ada",
        "https://ada.example/",
        *(f"https://{host}.example/" for host in hosts),
    ]


def test_a_private_person_can_be_called() -> None:
    person = replace(ADA, phone="+49 (30) 123", street="Elm Street 5")
    content = pdf.cv(whole(person=person))
    assert "Elm Street 5 · Springfield · +49 (30) 123 · site.example" in text(content).splitlines()
    assert "tel:+4930123" in links(content)


@with_poppler
def test_what_runs_to_the_left_is_read_as_written() -> None:
    found = re.sub("[\u200e\u200f\u202a-\u202e]", "", poppler(pdf.cv(RTL)))
    for said in ("נעמי ברק", "דפוס", "עורכת מפות", "2019 – 2021", "חיפה", "כנס", "דוד לוי"):
        assert said in found


def test_what_runs_to_the_left_stands_in_its_place() -> None:
    found = text(pdf.cv(RTL))  # as it is seen, from left to right
    assert "סופד · תופמ תכרוע" in found
    assert "– .תופמ לע הדבע" in found
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
def test_words_come_back(said: list[str]) -> None:
    line = " ".join(said)
    try:
        found = text(pdf.cv(whole(made(Job, title=line, summary=(Run(line),)))))
    except ExportError as error:
        [sign] = re.findall(r"U\+(\w{4})", str(error))
        assert chr(int(sign, 16)) in line
        return
    written = unicodedata.normalize("NFC", "".join(said))
    assert unicodedata.normalize("NFC", "".join(found.split())).count(written) == 2


# -- Bad input ----------------------------------------------------------------


@pytest.mark.parametrize("kind", [Job, Degree, Project, Talk, Award, Service, Skill])
def test_markup_characters_mean_nothing_to_typst(kind: type[Record]) -> None:
    rich = (Run(SIGNS), Run(SIGNS, strong=True, emphasis=True), Run(SIGNS, code=True))
    said: dict[str, Any] = {
        name: SIGNS
        for name in ("organization", "location", "event", "venue", "group")
        if name in kind.__dataclass_fields__
    }
    record = made(
        kind,
        title=SIGNS,
        summary=rich,
        highlights=(Highlight(rich, (), (Highlight(rich),)),),
        details=(Detail(rich, rich),),
        **said,
    )
    person = replace(ADA, name=SIGNS, location=SIGNS, phone=SIGNS, street=SIGNS)
    content = pdf.cv(whole(record, person=person))
    found = "".join(text(content).split())
    times = {Job: 22, Degree: 22, Project: 20, Talk: 7, Award: 20, Service: 21, Skill: 6}
    assert found.count("".join(SIGNS.split())) == times[kind]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("漢字", "'漢' (U+6F22 CJK UNIFIED IDEOGRAPH-6F22)"),
        ("Thai ไ", "'ไ' (U+0E44 THAI CHARACTER SARA AI MAIMALAI)"),
        ("हिन्दी", "'हि' (U+0939 DEVANAGARI LETTER HA, U+093F DEVANAGARI VOWEL SIGN I)"),
        ("smile 😀", "'😀' (U+1F600 GRINNING FACE)"),
        ("x x\u20dd", "'x\u20dd' (U+0078 LATIN SMALL LETTER X, U+20DD COMBINING ENCLOSING CIRCLE)"),
        ("private \ue000", r"'\ue000' (U+E000)"),
        ("nul \0", "U+0000"),
    ],
    ids=["cjk", "thai", "devanagari", "emoji", "combining", "private use", "control"],
)
def test_a_character_that_no_font_has_is_named(said: str, named: str) -> None:
    portfolio = whole(made(Job), made(Award, title=said, source="awards.md", line=3))
    with pytest.raises(ExportError, match=r"^awards\.md:3: award 'award'") as raised:
        pdf.cv(portfolio)
    assert named in str(raised.value)
    with pytest.raises(ExportError, match=r"^conf\.py: the person"):
        pdf.cv(whole(person=Person(said)))


def signs(content: bytes) -> Iterator[tuple[LTPage, LTChar]]:
    """Yield all that is seen."""
    for sheet in extract_pages(io.BytesIO(content), laparams=LAParams(all_texts=False)):
        for box in sheet:
            if isinstance(box, LTTextContainer):
                for line in box:
                    yield from (
                        (sheet, each)
                        for each in line
                        if isinstance(each, LTChar) and each.get_text().strip()
                    )


def test_what_is_long_stays_on_the_page() -> None:
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
        sides = [(sign.x0, sheet.width - sign.x1) for sheet, sign in signs(each)]
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


def test_a_page_too_many_is_an_error() -> None:
    portfolio = whole(made(Award), made(Job, source="job.md", line=9, highlights=LONG))
    message = r"^job\.md:9: job 'job': the CV takes 3 pages of A4, of which 2 are allowed: shorten"
    with pytest.raises(ExportError, match=message):
        pdf.cv(portfolio)
    with pytest.raises(ExportError, match="takes 3 pages of US Letter"):
        pdf.cv(replace(portfolio, paper="us-letter"))
    with pytest.raises(ExportError, match=r"^conf\.py: the person: the CV takes"):
        pdf.cv(whole(person=Person("Ada " * 1000)))


def test_a_character_that_no_font_has_is_reported_for_the_skill_that_has_it() -> None:
    skills = (
        made(Skill, id=id_, title=title, line=line)
        for id_, title, line in (("go", "Go", 1), ("han", "漢", 9))
    )
    with pytest.raises(ExportError, match=r":9: skill 'han': the fonts of the PDF have no '漢'"):
        pdf.cv(whole(*skills))


def test_a_service_has_its_dates_unless_its_events_have_them() -> None:
    period = during("2019", "2020")
    service = {"title": "Reviewer", "period": period}
    with_events = made(Service, **service, id="a", events=("Conf 2019", "Conf 2020"))
    without = made(Service, **service, id="b", organization="Club")
    [section] = pdf_data.sections(whole(with_events, without))
    facts = {entry.name[-3:]: entry.data["facts"] for entry in section.entries}
    assert facts["'a'"] == []
    assert [fact["text"] for fact in facts["'b'"]] == ["2019 – 2020"]


def test_the_short_cv_has_what_is_selected_on_one_page() -> None:
    picked = [replace(each, selected=each.id in {"clerk", "go"}) for each in FULL.records]
    content = pdf.short(whole(*picked))
    assert len(PdfReader(io.BytesIO(content)).pages) == 1
    assert {"Clerk", "Go"} < set(text(content).split())
    assert not {"Chief", "Talks", "Golden"} & set(text(content).split())
    with pytest.raises(ExportError, match=r"of which 1 is allowed: take the mark `selected`"):
        pdf.short(whole(made(Job, highlights=LONG, selected=True)))


def test_the_picture_shows_the_first_page() -> None:
    content = pdf.picture(FULL)
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    assert (width, round(height / width, 1)) == (400, 1.4)
    assert len(content) < 100_000
