"""The CV as a Word document: opened again with python-docx, and converted by LibreOffice."""

from __future__ import annotations

import io
import os
import pickle
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import docx
import pytest
from docx.shared import Mm
from hypothesis import given, settings
from pypdf import PdfReader

from invented import FUZZ, NASTY, made, portfolios, squashed, whole
from sphinx_portfolio.exports import docx as exporter
from sphinx_portfolio.exports import docx_styles, outline
from sphinx_portfolio.exports.outline import ExportError
from sphinx_portfolio.exports.pdf import PAPERS
from sphinx_portfolio.model import (
    Award,
    Date,
    Degree,
    Detail,
    Highlight,
    Job,
    Period,
    Profile,
    Project,
    Run,
    Skill,
    Talk,
    Translator,
    plain,
)
from test_parsers import LONG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docx.document import Document
    from docx.text.paragraph import Paragraph

    from sphinx_portfolio.model import Portfolio

SOFFICE = shutil.which("soffice")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def bullet(words: str, *below: Highlight) -> Highlight:
    return Highlight((Run(words),), ((Run("proof", target="https://proof.example"),),), below)


SMALL = replace(
    whole(
        made(
            Job,
            title="Chief",
            organization="Acme & Sons",
            location="Berlin",
            url="https://acme.example/",
            period=Period.parse("2020-03", "present"),
            summary=(Run("Leads."),),
            highlights=(
                bullet("Offices", bullet("First floor"), bullet("Attic", bullet("Roof"))),
                bullet("People", bullet("Found them")),
            ),
        ),
        made(
            Project,
            title="filer",
            code="https://code.example/filer",
            period=Period.parse("2019", "2019"),
            summary=(Run("Files "), Run("fast", strong=True), Run(" and "), Run("x()", code=True)),
            highlights=(bullet("Used by many", bullet("of them")), bullet("Small")),
            details=(Detail((Run("Stack"),), (Run("Go, "), Run("C", emphasis=True))),),
        ),
        made(Talk, title="On Files", event="Conf", video="https://video.example/"),
        made(Skill, id="go", title="Go", group="Languages"),
        made(Skill, id="c", title="C", group="Languages"),
        made(Award, title="Golden File", organization="Guild", summary=(Run("For order"),)),
        name="Ada Example",
        label="Engineer",
        email="ada@mail.example",
        location="Springfield",
        summary="Keeps files.",
        url="https://ada.example/",
        profiles=(Profile("Blog", "https://words.example/"),),
    ),
    today=Date(2024, 5, 31),
)


def opened(portfolio: Portfolio) -> Document:
    return docx.Document(io.BytesIO(exporter.cv(portfolio)))


def lines(document: Document) -> list[tuple[str, str]]:
    """Return the style and the text of each paragraph."""
    return [(it.style.name if it.style else "", it.text) for it in document.paragraphs]


def test_headings_lists_and_text_are_in_reading_order() -> None:
    assert lines(opened(SMALL)) == [
        ("Title", "Ada Example"),
        ("Subtitle", "Engineer"),
        ("Facts", "Springfield | ada.example"),
        ("Facts", "ada@mail.example | Blog: words.example"),
        ("Normal", "Keeps files."),
        ("Heading 1", "Experience"),
        ("Heading 2", "Chief"),
        ("Facts", "Acme & Sons, Berlin | Mar 2020 - Present"),
        ("Normal", "Leads."),
        # Bullets that all have bullets are headings, as in the PDF.
        ("Heading 3", "Offices"),
        ("List Bullet", "First floor"),
        ("List Bullet", "Attic"),
        ("List Bullet 2", "Roof"),
        ("Heading 3", "People"),
        ("List Bullet", "Found them"),
        ("Heading 1", "Talks"),
        ("Heading 2", "On Files"),
        ("Facts", "Conf, Mar 2020 | by Ada | Video"),
        ("Heading 1", "Projects"),
        ("Heading 2", "filer"),
        ("Facts", "2019 | Code"),
        ("Normal", "Files fast and x()"),
        ("List Bullet", "Used by many"),
        ("List Bullet 2", "of them"),
        ("List Bullet", "Small"),
        ("Normal", "Stack: Go, C"),
        ("Heading 1", "Skills"),
        ("Normal", "Languages: C, Go"),
        ("Heading 1", "Awards"),
        ("Entry", "Golden File | Guild | 2020"),
        ("Normal", "For order"),
    ]


def test_bullets_are_lists_whose_sign_is_a_bullet() -> None:
    document = opened(SMALL)
    for name in docx_styles.BULLETS:
        [number] = document.styles[name].element.xpath("w:pPr/w:numPr/w:numId/@w:val")
        numbering = document.part.numbering_part.element
        [kind] = numbering.xpath(f"w:num[@w:numId='{number}']/w:abstractNumId/@w:val")
        [level] = numbering.findall(f"{W}abstractNum[@{W}abstractNumId='{kind}']/{W}lvl")
        sign = level.find(f"{W}lvlText")
        assert sign is not None
        assert sign.get(f"{W}val") == "•"
        assert level.find(f"{W}rPr") is None  # no font of symbols
    assert not [text for _, text in lines(document) if re.match("[•–*-]", text)]


def test_links_have_their_words_and_addresses() -> None:
    found = [(link.text, link.address) for it in opened(SMALL).paragraphs for link in it.hyperlinks]
    assert found == [
        ("ada.example", "https://ada.example/"),
        ("ada@mail.example", "mailto:ada@mail.example"),
        ("Blog: words.example", "https://words.example/"),
        ("Acme & Sons", "https://acme.example/"),
        ("Video", "https://video.example/"),
        ("Code", "https://code.example/filer"),
    ]


def test_styles_of_words_are_kept() -> None:
    [paragraph] = (it for it in opened(SMALL).paragraphs if it.text.startswith("Files"))
    assert [(run.text, run.bold, run.font.name) for run in paragraph.runs] == [
        ("Files ", None, None),
        ("fast", True, None),
        (" and ", None, None),
        ("x()", None, "Consolas"),
    ]


def test_bullets_below_the_third_level_are_indented() -> None:
    deep = bullet("1", bullet("2", bullet("3", bullet("4", bullet("5")))))
    paragraphs = opened(whole(made(Job, highlights=(deep, bullet("alone"))))).paragraphs
    found = [
        (it.style.name if it.style else "", it.paragraph_format.left_indent)
        for it in paragraphs
        if it.text.isdigit()
    ]
    styles = ["List Bullet", "List Bullet 2", *["List Bullet 3"] * 3]
    assert [style for style, _ in found] == styles
    indents = [indent for _, indent in found]
    assert indents[:3] == [None] * 3
    assert indents[3] is not None
    assert indents[4] is not None
    assert Mm(18) < indents[3] < indents[4]


def test_properties_language_and_fonts() -> None:
    portfolio = replace(SMALL, translator=Translator.load("ja"))
    document = opened(portfolio)
    about = document.core_properties
    assert (about.title, about.author) == ("Ada Example: 職務経歴書", "Ada Example")
    assert (about.language, about.comments) == ("ja", "")
    assert about.created == about.modified
    assert about.created is not None
    assert about.created.replace(tzinfo=None) == datetime(2024, 5, 31)
    [defaults] = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr")
    [language], [fonts] = defaults.xpath("w:lang"), defaults.xpath("w:rFonts")
    assert {*language.attrib.values()} == {"ja"}
    assert fonts.get(f"{W}eastAsia") == "Yu Mincho"
    # No style has a font of the theme, which would take precedence.
    assert document.styles.element.xpath("//w:rFonts/@w:asciiTheme") == []
    austrian = opened(replace(SMALL, translator=Translator.load("de_AT")))
    assert austrian.core_properties.language == "de-AT"


@pytest.mark.parametrize("paper", PAPERS)
def test_paper(paper: str) -> None:
    section = opened(replace(SMALL, paper=paper)).sections[0]
    assert section.page_width is not None
    assert section.page_width.inches == pytest.approx(PAPERS[paper], abs=0.01)
    ratio = {"a4": 297 / 210, "us-letter": 11 / 8.5}[paper]
    assert section.page_height is not None
    assert section.page_height / section.page_width == pytest.approx(ratio, abs=0.001)


def test_it_has_no_tables_headers_pictures_or_parts_of_the_template() -> None:
    content = exporter.cv(SMALL)
    document = docx.Document(io.BytesIO(content))
    assert document.tables == []
    assert not document.inline_shapes
    section = document.sections[0]
    assert section.header.is_linked_to_previous
    assert section.footer.is_linked_to_previous
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert not [name for name in names if re.search("thumbnail|customXml|app.xml|Effects", name)]
    assert len(content) < 20_000


def test_the_head_of_an_entry_is_on_the_page_of_what_follows_it() -> None:
    paragraphs = opened(SMALL).paragraphs
    kept = {it.text for it in paragraphs if it.paragraph_format.keep_with_next}
    # Headings are kept by their styles. Nothing of the entry follows the facts of the talk.
    assert kept == {
        *("Acme & Sons, Berlin | Mar 2020 - Present", "Leads."),
        *("2019 | Code", "Files fast and x()"),
        "Golden File | Guild | 2020",
    }
    styles = [it.style for it in paragraphs if it.style]
    by_style = {style.name for style in styles if style.paragraph_format.keep_with_next}
    assert by_style == {"Heading 1", "Heading 2", "Heading 3"}


# -- The same bytes -----------------------------------------------------------

PRINTED = """
import pickle, sys
from sphinx_portfolio.exports import docx
sys.stdout.buffer.write(docx.cv(pickle.load(sys.stdin.buffer)))
"""


def test_it_is_the_same_in_every_process_and_has_no_clock() -> None:
    content = exporter.cv(LONG)
    times = {info.date_time for info in zipfile.ZipFile(io.BytesIO(content)).infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}
    for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/Lima")):
        made_again = subprocess.run(
            [sys.executable, "-c", PRINTED],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone},
            input=pickle.dumps(LONG),
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        assert made_again == content


# -- Any words ----------------------------------------------------------------


def texts_of(portfolio: Portfolio) -> Iterator[str]:
    """Yield the texts of a CV in order, but for evidence and abstracts."""
    for title, records in outline.sections(portfolio):
        yield title
        for record in records:
            if isinstance(record, Skill):
                yield from (record.group, record.title)
                continue
            entry = outline.entry_of(record, portfolio)
            yield from map(plain, (entry.title, *entry.facts))
            if record.kind not in {"talk", "publication"}:
                yield plain(entry.summary)
            bullets = outline.bullets(record.highlights, ())
            evidence = {plain(each) for it in record.highlights for each in it.evidence}
            yield from (plain(words) for _, words in bullets if plain(words) not in evidence)
            yield from (plain(outline.detail_text(detail)) for detail in entry.details)


@settings(FUZZ, max_examples=15)
@given(portfolios())
def test_it_has_all_words_in_order(portfolio: Portfolio) -> None:
    left = squashed("\n".join(text for _, text in lines(opened(portfolio))))
    for words in filter(None, map(squashed, texts_of(portfolio))):
        assert words in left, words
        left = left.partition(words)[2]


def test_markup_characters_in_any_field_are_kept() -> None:
    jobs = []
    for number, words in enumerate(NASTY):
        one = (Run(words),)
        fields = {"title": words, "organization": words, "location": words, "summary": one}
        highlights = (Highlight(one, (), (Highlight(one),)), Highlight(one))
        fields |= {"highlights": highlights, "details": (Detail(one, one),)}
        jobs.append(made(Job, id=f"job-{number}", **fields))
    found = squashed("\n".join(text for _, text in lines(opened(whole(*jobs)))))
    faults = [ascii(words) for words in NASTY if found.count(squashed(words)) < 9]
    assert faults == []


def test_what_word_cannot_hold_is_an_error_that_names_entry_and_format() -> None:
    job = made(Job, highlights=(Highlight((Run("a\x01b"),)),))
    message = r"^page\.md:0: job 'job': cv\.docx can't hold a text: "
    with pytest.raises(ExportError, match=message):
        exporter.cv(whole(job))
    with pytest.raises(ExportError, match=r"^conf\.py: the person: cv\.docx can't hold a text: "):
        exporter.cv(whole(label="a\x01b"))


def test_a_name_that_is_too_long_for_the_properties_is_in_the_text() -> None:
    document = opened(whole(name="A" * 300))
    assert lines(document) == [("Title", "A" * 300)]
    assert (document.core_properties.title, document.core_properties.author) == ("CV", "")


def test_white_space_is_folded_also_between_runs() -> None:
    summary = (Run(" a \n"), Run("\tb", strong=True), Run("\r\n"), Run("c "), Run(" "))
    assert ("Normal", "a b c") in lines(opened(whole(made(Job, summary=summary))))


# -- Right to left ------------------------------------------------------------


def leftward(paragraph: Paragraph) -> bool:
    return bool(paragraph._p.xpath("w:pPr/w:bidi"))


def runs(paragraph: Paragraph) -> list[tuple[str, bool]]:
    return [(run.text, bool(run.font.rtl)) for run in paragraph.runs]


def test_right_to_left_paragraphs_and_words() -> None:
    job = made(
        Job,
        title="עורכת מפות",
        organization="Acme",
        highlights=(
            Highlight((Run("ערכה מפות, 2019."),)),
            Highlight((Run("Edited מפות של חיפה for Go"),)),
            Highlight((Run("ערכה את Go בחיפה"),)),
        ),
    )
    paragraphs = {it.text: it for it in opened(whole(job)).paragraphs}
    assert leftward(paragraphs["עורכת מפות"])
    assert runs(paragraphs["ערכה מפות, 2019."]) == [("ערכה מפות, 2019.", True)]
    mixed = paragraphs["Edited מפות של חיפה for Go"]
    assert not leftward(mixed)
    assert runs(mixed) == [("Edited ", False), ("מפות של חיפה", True), (" for Go", False)]
    mixed = paragraphs["ערכה את Go בחיפה"]
    assert leftward(mixed)
    assert runs(mixed) == [("ערכה את", True), (" Go ", False), ("בחיפה", True)]


def test_right_to_left_text_has_the_size_and_weight_of_other_text() -> None:
    styles = opened(SMALL).styles
    for name in docx_styles.LOOKS:
        style = styles[name].element
        assert style.xpath("w:rPr/w:szCs/@w:val") == style.xpath("w:rPr/w:sz/@w:val") != []
        for one, other in (("b", "bCs"), ("i", "iCs")):
            [mark], [leftward] = (style.xpath(f"w:rPr/w:{each}") for each in (one, other))
            assert {*mark.attrib.values()} == {*leftward.attrib.values()}


# -- LibreOffice --------------------------------------------------------------


def converted(portfolio: Portfolio, folder: Path) -> PdfReader:
    (folder / "cv.docx").write_bytes(exporter.cv(portfolio))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [SOFFICE or "soffice", "--headless", profile, "--convert-to", "pdf", "cv.docx"]
    subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=120)
    return PdfReader(folder / "cv.pdf")


@pytest.mark.skipif(not SOFFICE, reason="without LibreOffice")
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    degree = made(Degree, title="תואר במפות", organization="大学", highlights=(bullet("漢字"),))
    portfolio = replace(LONG, records=(*LONG.records, degree), paper="us-letter")
    reader = converted(portfolio, tmp_path)
    assert reader.metadata is not None
    assert reader.metadata.title == "Ada: CV"
    assert [round(float(each)) for each in reader.pages[0].mediabox[2:]] == [612, 792]
    found = squashed("\n".join(page.extract_text() for page in reader.pages))
    left = found
    for words in filter(None, map(squashed, texts_of(LONG))):
        assert words in left, words
        left = left.partition(words)[2]
    assert "מפות" in found or "תופמ" in found  # as written, or from left to right
    assert found.count("•Did-") == found.count("Did-")
