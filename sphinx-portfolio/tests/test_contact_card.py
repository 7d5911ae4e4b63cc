"""The contact card: as readers of RFC 6350 have it, as a code on the page, and nothing private."""

from __future__ import annotations

import io
import re
import shutil
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

import pytest
import typst
import zxingcpp
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from PIL import Image, ImageChops, ImageColor
from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_colors

from invented import FUZZ, NASTY, made, portfolios, whole
from sphinx_portfolio.exports import vcard
from sphinx_portfolio.model import Job, Period, Profile
from sphinx_portfolio.views.contact_card import INK, PAPER, QUIET, unfolded
from support import card_lines, one
from test_downloads import ROOT
from test_incremental import files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx_portfolio.model import Portfolio


def properties(card: bytes) -> list[tuple[str, str, str]]:
    """Return names, parameters and values (RFC 6350, sections 3.2 to 3.4), read by hand.

    icalendar has to read the same.
    """
    *parts, last = card.split(b"\r\n")
    assert last == b""
    assert all(len(part) <= 75 for part in parts)
    for part in parts:
        part.decode()  # no character is broken
        assert b"\r" not in part
        assert b"\n" not in part
    found = []
    for line in unfolded(card).split("\r\n")[:-1]:
        match = re.fullmatch(r"([A-Z]+)(?:;([A-Z]+=[\w/]+))?:(.*)", line, re.DOTALL)
        assert match, line
        name, parameter, value = match[1], match[2] or "", match[3]
        if name not in {"URL", "PHOTO"}:  # addresses are not escaped
            separators = re.findall(r"(?<!\\)(?:\\\\)*([,;])", value)
            assert separators == [";"] * 4 * (name == "N"), line
            value = re.sub(r"\\(.)", lambda sign: {"n": "\n"}.get(sign[1], sign[1]), value)
        found.append((name, parameter, value))
    others = [
        (name, "".join(parameters), ";".join(values))
        for name, parameters, values in card_lines(card)
    ]
    assert others == found
    return found


# Made by `uuid5` of the name, in the namespace of the package.
UID = (
    "UID",
    "",
    f"urn:uuid:{uuid5(uuid5(NAMESPACE_URL, 'https://pypi.org/project/sphinx-portfolio/'), 'Ada')}",
)
PROFILES = (
    Profile("GitHub", "https://code.example/ada;b,c"),
    Profile("Verein", "https://verein.example/ü"),
)


def test_a_card_has_name_title_organization_mail_addresses_and_picture() -> None:
    portfolio = whole(
        made(Job, title="Engineer, Compilers", organization="Acme; Sons, Inc."),
        email="ada@mail.example",
        url="https://ada.example/",
        picture="ada.jpg",
        profiles=PROFILES,
        location="Ghent",
    )
    assert properties(vcard.contact(portfolio)) == [
        ("BEGIN", "", "VCARD"),
        ("VERSION", "", "4.0"),
        ("FN", "", "Ada"),
        UID,
        ("TITLE", "", "Engineer, Compilers"),
        ("ORG", "", "Acme; Sons, Inc."),
        ("EMAIL", "", "ada@mail.example"),
        ("URL", "", "https://ada.example/"),
        ("URL", "", "https://code.example/ada;b,c"),
        ("URL", "", "https://verein.example/%C3%BC"),
        ("PHOTO", "MEDIATYPE=image/jpeg", "https://ada.example/ada.jpg"),
        ("END", "", "VCARD"),
    ]


@pytest.mark.parametrize(
    ("name", "family", "parts"),
    [
        ("Ada Example", "Example", ("Example", "Ada")),
        ("Ada Maria van den Berg", "van den Berg", ("van den Berg", "Ada Maria")),
        ("山田 太郎", "山田", ("山田", "太郎")),
        ("山田太郎", "山田", ("山田", "太郎")),
        ("Sukarno", "Sukarno", ("Sukarno", "")),
        ("Ada, the; First\\", "the; First\\", ("the; First\\", "Ada,")),
        ("שלום נעמי 👩‍👩‍👧", "נעמי 👩‍👩‍👧", ("נעמי 👩‍👩‍👧", "שלום")),
    ],
)
def test_the_parts_of_the_name_are_those_that_are_known(
    name: str, family: str, parts: tuple[str, str]
) -> None:
    found = {
        key: values
        for key, _, values in card_lines(vcard.contact(whole(name=name, family_name=family)))
    }
    assert found["FN"] == (name,)
    assert found["N"] == (*parts, "", "", "")
    assert [key for key, *_ in properties(vcard.contact(whole(name=name)))[2:-1]] == ["FN", "UID"]


def test_only_what_is_known_is_said() -> None:
    short = [("BEGIN", "", "VCARD"), ("VERSION", "", "4.0"), ("FN", "", "Ada"), UID]
    assert properties(vcard.contact(whole(picture="ada.png"))) == [*short, ("END", "", "VCARD")]
    past = made(Job, period=Period.parse("2019", "2020"))
    assert properties(vcard.contact(whole(past)))[:-1] == short
    labeled = properties(vcard.contact(whole(past, label="Retired")))
    assert labeled[4] == ("TITLE", "", "Retired")
    assert not vcard.has_name(whole(name=""))
    assert vcard.has_name(whole())


def test_address_books_know_a_changed_card_by_its_identifier() -> None:
    cards = [whole(), whole(made(Job), label="New", url="https://new.example/")]
    assert [properties(vcard.contact(it)).count(UID) for it in cards] == [1, 1]
    assert UID not in properties(vcard.contact(whole(name="Bob")))


def test_nothing_private_is_on_it() -> None:
    card = vcard.contact(whole(made(Job), phone="+32 1", street="Street 1")).decode()
    assert "32" not in card
    assert "Street" not in card


@pytest.mark.parametrize("size", [*range(60, 80), 150, 300])
@pytest.mark.parametrize("character", ["a", "ü", "漢", "👍", "\\"], ids=ascii)
def test_long_lines_are_folded_between_characters(character: str, size: int) -> None:
    name = character * size
    assert properties(vcard.contact(whole(name=name)))[2] == ("FN", "", name)


@pytest.mark.parametrize("words", [*NASTY, ",;\\n\\", "a:b;c=d", "N:x\r\nEND:VCARD"], ids=ascii)
def test_any_words_are_text(words: str) -> None:
    portfolio = whole(made(Job, organization=words), name=words, label=words)
    found = {name: value for name, _, value in properties(vcard.contact(portfolio))}
    assert found["FN"] == found["TITLE"] == found["ORG"]
    assert found["FN"].split() == words.split()


@FUZZ
@given(portfolios())
def test_any_person_has_a_card(portfolio: Portfolio) -> None:
    if vcard.has_name(portfolio):
        [name] = (value for key, _, value in properties(vcard.contact(portfolio)) if key == "FN")
        assert name.split() == portfolio.person.name.split()


# -- On a page ----------------------------------------------------------------

INDEX = "# Ada\n\n```{toctree}\ndeep/er/page\n```\n\n"
PIXELS = 4  # of a module in a picture
VIEW = "```{contact-card}\n```\n"


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., tuple[Path, str]]:
    """Build a small site with a card on a page; return the folder and what was reported."""
    source = shutil.copytree(ROOT, tmp_path / "source")
    (source / "index.md").write_text(f"{INDEX}{VIEW}", encoding="utf-8")
    (source / "cv.md").unlink()

    def make(builder: str = "html", **settings: object) -> tuple[Path, str]:
        app = SphinxTestApp(
            builder, srcdir=source, builddir=tmp_path / builder, confoverrides=settings
        )
        try:
            app.build()
            return app.outdir, strip_colors(app.warning.getvalue())
        finally:
            app.cleanup()

    return make


EXPORTED = {"portfolio_exports": ["contact.vcf", "cv.txt"]}
PERSON = {
    "label": "Engineer & <b>",
    "email": "ada@mail.example",
    "profiles": {"GitHub": "https://code.example/" + "ada/" * 20},
}


def picture(svg: Tag) -> Image.Image:
    """Return a drawing of a page as typst draws it, with some pixels for each module."""
    size = int(str(svg["viewBox"]).split()[2]) * PIXELS
    drawing = str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    page = f"""
        #set page(width: {size}pt, height: {size}pt, margin: 0pt)
        #image(bytes(sys.inputs.svg), format: "svg", width: 100%)
    """
    content = typst.compile(page.encode(), format="png", ppi=72, sys_inputs={"svg": drawing})
    assert isinstance(content, bytes)
    return Image.open(io.BytesIO(content)).convert("RGB")


def scanned(svg: Tag) -> bytes:
    """Return what a reader of codes finds."""
    [code] = zxingcpp.read_barcodes(picture(svg))
    assert code.format == zxingcpp.BarcodeFormat.QRCode
    return code.bytes


def test_the_code_holds_the_card_and_is_dark_on_light(
    build: Callable[..., tuple[Path, str]],
) -> None:
    folder, told = build(**EXPORTED, portfolio_person=PERSON)
    assert told == ""
    card = (folder / "contact.vcf").read_bytes()
    assert b"\r\n " in card  # a line is folded
    page = BeautifulSoup((folder / "index.html").read_text("utf-8"), "html5lib")
    shown = one(page, ".portfolio-contact-card")
    svg = one(shown, ".portfolio-code > svg[role=img]")
    assert one(svg, "title").get_text() == "QR code of the contact card of Ada <Example> & Co"
    assert scanned(svg) == card.replace(b"\r\n ", b"")
    drawn = picture(svg)
    assert {color for _, color in drawn.getcolors() or ()} == set(
        map(ImageColor.getrgb, (INK, PAPER))
    )
    dark = ImageChops.difference(drawn, Image.new("RGB", drawn.size, PAPER))
    width = QUIET * PIXELS
    assert dark.getbbox() == (width, width, drawn.width - width, drawn.height - width)
    link = one(shown, "a")
    assert (link["href"], link["type"]) == ("contact.vcf", "text/vcard")
    assert "download" not in link.attrs  # phones open it in their address book


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml", "text", "epub", "latex"])
def test_other_builders_have_a_card_if_they_have_files(
    build: Callable[..., tuple[Path, str]], builder: str
) -> None:
    folder, told = build(builder, **EXPORTED)
    assert told == ""
    pages = "".join(path.read_text("utf-8") for path in folder.rglob("*.*html"))
    assert ("portfolio-code" in pages) == (builder in {"dirhtml", "singlehtml"})
    assert ("contact.vcf" in files(folder)) == (builder in {"dirhtml", "singlehtml"})


def test_without_the_file_there_is_no_code(build: Callable[..., tuple[Path, str]]) -> None:
    folder, told = build(portfolio_exports=["cv.txt"])
    assert told == ""
    page = BeautifulSoup((folder / "index.html").read_text("utf-8"), "html5lib")
    assert not page.select(".portfolio-contact-card")


def test_a_card_that_no_camera_can_read_is_reported(
    build: Callable[..., tuple[Path, str]],
) -> None:
    person = {
        "profiles": {f"N{number}": f"https://{'x' * 60}.example/{number}" for number in range(20)}
    }
    folder, told = build(**EXPORTED, portfolio_person=person)
    assert re.fullmatch(
        r".*index\.md:7: WARNING: contact-card: the contact card has 1[0-9]{3} bytes, and a QR "
        r"code of more than 1000 can't be scanned: "
        r"shorten portfolio_person, or link to contact\.vcf "
        r"instead \[portfolio\.view\]\n",
        told,
    )
    assert (folder / "contact.vcf").is_file()


def test_a_changed_person_changes_the_code(build: Callable[..., tuple[Path, str]]) -> None:
    folder, _ = build(**EXPORTED)
    before = (folder / "index.html").read_text("utf-8")
    build(**EXPORTED, portfolio_person={"email": "ada@mail.example"})
    after = (folder / "index.html").read_text("utf-8")
    codes = [one(BeautifulSoup(it, "html5lib"), ".portfolio-code svg") for it in (before, after)]
    assert scanned(codes[0]) != scanned(codes[1])
