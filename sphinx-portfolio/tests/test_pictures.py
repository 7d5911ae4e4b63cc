"""Share pictures and icons, read as a program that shows them does."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from sphinx.errors import ExtensionError

import web
from invented import NASTY, made, whole
from sphinx_portfolio.exports import share
from sphinx_portfolio.model import KINDS, Job, Period, Project, Run, Skill
from test_fonts import write_font
from web import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bs4 import BeautifulSoup

    from sphinx_portfolio.model import Portfolio
    from sphinx_portfolio.model.files import File
    from support import Site

# sphinx-notfound-page and sphinx-sitemap use what Sphinx 11 will remove.
pytestmark = pytest.mark.filterwarnings("ignore::sphinx.deprecation.RemovedInSphinx11Warning")
EXPORTS = ["share/*.png", "favicon.png", "apple-touch-icon.png"]
# The picture of each page.
PICTURES = {
    "index": "site",
    "work/index": "jobs",
    "work/guild": "jobs",
    "work/more": "services",  # as many as degrees, which are after them
    "talks/index": "talks",
    "publications/index": "publications",
    "projects/index": "projects",
    "projects/meter": "project-meter",
    "skills": "skills",
}
PAPER = 0xFC, 0xFD, 0xFC


@pytest.fixture(scope="module", autouse=True)
def _today() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        yield


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, _today: None) -> Site:
    """The site, which knows its address; a page has chosen a picture of its own."""
    own = "---\nog:image: https://other.example/own.png\n---\n\n# Own\n"
    source = web.write(tmp_path_factory.mktemp("web"), **{"own.md": f"{own}\n:orphan:\n"})
    found, warnings = web.build(source, html_baseurl=ADDRESS, portfolio_exports=EXPORTS)
    assert [line for line in warnings if "own.md" not in line] == []
    return found


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, _today: None) -> Site:
    """The site, which does not know its address."""
    source = web.write(tmp_path_factory.mktemp("local"))
    found, warnings = web.build(source, portfolio_exports=EXPORTS)
    assert warnings == []
    return found


def meta(page: BeautifulSoup) -> dict[str, str]:
    """Return the properties of a page; each is there once."""
    found: dict[str, str] = {}
    for element in page.select("head meta[property], head meta[name^=twitter]"):
        name = str(element.get("property") or element["name"])
        assert name not in found
        found[name] = str(element["content"])
    return found


# -- The pictures of a site ---------------------------------------------------


def test_pictures_have_the_size_few_colors_and_few_bytes(site: Site) -> None:
    paths = sorted((site.folder / "share").iterdir())
    assert {path.stem for path in paths} >= set(PICTURES.values())
    for path in paths:
        assert path.stat().st_size <= 25_000, path
        with Image.open(path) as picture:
            assert (picture.format, picture.mode, picture.size) == ("PNG", "P", (1200, 630))
            ink = sum(count for count, color in colors(picture) if color != PAPER)
            assert ink > 6_000, path


def test_each_kind_and_project_has_a_picture(site: Site) -> None:
    names = {path.name for path in (site.folder / "share").iterdir()}
    kinds = {f"{kind.plural}.png" for kind in KINDS.values()}
    assert names == {"site.png", "project-meter.png"} | kinds


@pytest.mark.parametrize("page", PICTURES)
def test_a_page_names_its_picture_with_size_and_text(site: Site, page: str) -> None:
    found = meta(site[page])
    assert found["og:image"] == f"{ADDRESS}share/{PICTURES[page]}.png"
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    assert found["og:image:type"] == "image/png"
    assert found["og:image:alt"].startswith("Ada Example")
    assert found["twitter:card"] == "summary_large_image"
    assert (site.folder / found["og:image"].removeprefix(ADDRESS)).is_file()


def test_the_text_says_what_the_picture_shows(site: Site) -> None:
    assert meta(site["index"])["og:image:alt"] == (
        "Ada Example. Organ builder & <tuner>. Vienna, Austria. ada.example/site"
    )
    assert meta(site["projects/meter"])["og:image:alt"] == (
        "Ada Example: meter. Measures the pitch of a pipe. Mar. 2020 – Apr. 2021. MIT"
    )
    talks = meta(site["talks/index"])["og:image:alt"]
    assert talks == "Ada Example: Talks. PipeCon. 1 talk. 2021"
    assert meta(site["work/index"])["og:image:alt"] == (
        "Ada Example: Experience. Guild, Old Workshop. 2 jobs. 2009 – Present"
    )
    assert meta(site["work/more"])["og:image:alt"] == (
        "Ada Example: Volunteering. Treasurer, Juror. 2 volunteer roles. 2015 – Present"
    )


def test_a_page_may_have_another_picture(site: Site) -> None:
    assert meta(site["own"])["og:image"] == "https://other.example/own.png"


def test_without_an_address_no_page_names_a_picture(local: Site) -> None:
    assert (local.folder / "share" / "site.png").is_file()
    for page in local.names:
        names = meta(local[page]).keys()
        assert {name for name in names if "image" in name or "twitter" in name} == set(), page


def test_pictures_are_the_same_bytes_each_time(site: Site, local: Site) -> None:
    for path in (local.folder / "share").iterdir():
        same = path.read_bytes() == (site.folder / "share" / path.name).read_bytes()
        assert same or path.name == "site.png"  # which shows the address


def test_pictures_are_drawn_again_when_what_they_show_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawings = []
    draw = share.pictures

    def counted(portfolio: Portfolio) -> tuple[dict[File, bytes], list[str]]:
        drawings.append(portfolio)
        return draw(portfolio)

    monkeypatch.setattr(share, "pictures", counted)
    web.build(web.write(tmp_path), portfolio_exports=EXPORTS)
    path = tmp_path / "work" / "guild.md"
    for old, new, count in (
        ("Tunes organs.", "Tunes all organs.", 1),  # no picture has it
        (":short: Guild", ":short: of Tuners", 2),
        (":start: 2019", ":start: 2018", 3),
    ):
        path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
        web.rebuild(tmp_path, portfolio_exports=EXPORTS)
        assert len(drawings) == count, old


def test_a_guest_has_none_unless_it_asks(tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "extensions": ["myst_parser", "sphinx_portfolio"],
        "html_theme": "basic",
    }
    source = web.write(tmp_path)
    none, _ = web.build(source, **settings)
    assert not (none.folder / "share").exists()
    assert not [path for path in none.folder.glob("*.png") if path.name != "ada.png"]
    asked, _ = web.build(source, portfolio_exports=EXPORTS, **settings)
    assert (asked.folder / "share" / "site.png").is_file()
    assert (asked.folder / "favicon.png").is_file()


# -- What pictures show -------------------------------------------------------


def drawn(portfolio: Portfolio) -> tuple[dict[str, bytes], list[str]]:
    files, notes = share.pictures(portfolio)
    return {file.name: content for file, content in files.items()}, notes


def colors(picture: Image.Image) -> list[tuple[int, tuple[int, ...]]]:
    found = picture.convert("RGB").getcolors() or []
    return [(count, color) for count, color in found if isinstance(color, tuple)]


def project(title: str, summary: str = "", id_: str = "it") -> Project:
    record = made(Project, id=id_, title=title, summary=(Run(summary),) if summary else ())
    assert isinstance(record, Project)
    return record


LONG = {
    "words": "many words " * 60,
    "word": "x" * 400,
    "capitals": "WWWW " * 80,
    "hyphens": "well-known-" * 40,
    "Hebrew": "שלום עולם " * 40,
    "Arabic": "مرحبا بالعالم " * 40,
    "marks": "e\u0301" * 200,
    "dense": "Sphinx of black quartz, judge my vow; @&%§ßÄÖÜ 8690 pack my liquor jugs " * 4,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_long_text_is_cut_above_the_axis(text: str) -> None:
    record = replace(project(text, text), license=text)
    portfolio = whole(record, name=text.strip(), label=text.strip())
    found, notes = drawn(portfolio)
    assert notes == []
    for name, (above, below) in {
        # The bands of paper above and below the facts, and above the axis, in pixels.
        "share/project-it.png": (447, 450),
        "share/site.png": (408, 416),
    }.items():
        assert len(found[name]) <= 25_000
        with Image.open(io.BytesIO(found[name])) as picture:
            band = picture.convert("RGB").crop((0, above, 1200, below))
            assert {color for _, color in colors(band)} == {PAPER}, name
            edge = picture.convert("RGB").crop((1130, 0, 1200, 400))
            assert {color for _, color in colors(edge)} == {PAPER}, name


@pytest.mark.parametrize("text", NASTY)
def test_any_text_is_drawn_or_reported_with_its_entry(text: str) -> None:
    record = project(text, f"About {text}")
    found, notes = drawn(whole(record))
    if "share/project-it.png" not in found:
        [note] = notes
        assert record.place in note
        assert "lack the character" in note
        assert "\n" not in note
    assert "share/site.png" in found


def test_a_font_of_the_site_is_used(tmp_path: Path) -> None:
    record = project("太田", "例")
    portfolio = whole(record, made(Job))
    found, [note] = drawn(portfolio)
    assert note.startswith(f"Not exported: share/project-it.png: {record.place}")
    assert note.endswith("the fonts of the pictures lack the character '太'")
    assert {"share/projects.png", "share/jobs.png", "share/site.png"} <= found.keys()
    font = write_font(tmp_path / "squares.ttf", "太田例")
    found, notes = drawn(replace(portfolio, fonts=(str(font),)))
    assert notes == []
    assert "share/project-it.png" in found


def test_without_a_font_for_the_person_there_are_no_pictures() -> None:
    found, [note] = drawn(whole(made(Job), name="太田"))
    assert found == {}
    assert note.startswith("Not exported: share/*.png: conf.py")


def test_marks_are_where_the_months_are() -> None:
    """The axis begins in 2019 and ends in 2021; the mark of 2020 is its second third."""
    record = replace(project("it"), period=Period.parse("2020-01", "2020-12"))
    ends = (
        replace(project("a", id_="a"), period=Period.parse("2019-01", "2019-01")),
        replace(project("b", id_="b"), period=Period.parse("2021-12", "2021-12")),
    )
    found, _ = drawn(whole(record, *ends))
    with Image.open(io.BytesIO(found["share/project-it.png"])) as picture:
        row = picture.convert("RGB")
    over = [x for x in range(1200) if row.getpixel((x, 516)) == (0x7E, 0x8A, 0x84)]
    assert len(over) > 300
    margin, third = 88, 1024 / 3
    assert abs(over[0] - (margin + third)) < 12
    assert abs(over[-1] - (margin + 2 * third)) < 12


def test_records_without_dates_need_no_axis() -> None:
    record = replace(project("it"), period=None)
    found, notes = drawn(whole(record, made(Skill)))
    assert notes == []
    assert {"share/site.png", "share/project-it.png", "share/skills.png"} <= found.keys()


# -- Icons --------------------------------------------------------------------


def test_icons_are_drawn_from_the_mark(local: Site) -> None:
    for name, size in (("favicon.png", 48), ("apple-touch-icon.png", 180)):
        with Image.open(local.folder / name) as picture:
            assert picture.size == (size, size)
            shown = picture.convert("RGBA")
        assert shown.getpixel((2 * size // 3, size // 3)) == (255, 0, 0, 255)
        # A phone shows black where its icon is transparent; a browser has its own background.
        corner = shown.getpixel((1, size - 2))
        assert corner == ((*PAPER, 255) if size == 180 else (0, 0, 0, 0))


def test_pages_name_the_icons(local: Site) -> None:
    for page, folder in (("index", ""), ("work/guild", "../")):
        found = {
            str(link["sizes"]): (link["rel"], link["href"], link["type"])
            for link in local[page].select('link[sizes][type="image/png"]')
        }
        assert found == {
            "48x48": (["icon"], f"{folder}favicon.png", "image/png"),
            "180x180": (["apple-touch-icon"], f"{folder}apple-touch-icon.png", "image/png"),
        }


def test_a_picture_as_mark_makes_no_icons(tmp_path: Path) -> None:
    built, warnings = web.build(
        web.write(tmp_path), html_favicon="ada.png", portfolio_exports=EXPORTS[1:]
    )
    assert warnings == []
    assert not (built.folder / "apple-touch-icon.png").exists()
    assert built["index"].select('[rel="apple-touch-icon"]') == []


def test_pages_of_a_guest_name_the_pictures_that_it_asks_for(tmp_path: Path) -> None:
    guest: dict[str, Any] = {
        "extensions": ["myst_parser", "sphinx_portfolio"],
        "html_theme": "basic",
        "html_baseurl": ADDRESS,
    }
    source = web.write(tmp_path)
    asked, _ = web.build(source, portfolio_exports=EXPORTS, **guest)
    assert meta(asked["projects/meter"])["og:image"] == f"{ADDRESS}share/project-meter.png"
    assert len(asked["work/guild"].select('link[sizes][type="image/png"]')) == 2
    none, _ = web.build(source, **guest)
    assert meta(none["projects/meter"]) == {}
    assert none["work/guild"].select("link[sizes]") == []


@pytest.mark.parametrize("mark", ["no picture", "<svg", b"<svg>\xff</svg>"])
def test_a_mark_that_is_no_picture_is_an_error(tmp_path: Path, mark: str | bytes) -> None:
    source = web.write(tmp_path)
    (source / "mark.svg").write_bytes(mark if isinstance(mark, bytes) else mark.encode())
    with pytest.raises(ExtensionError, match="can't be exported"):
        web.build(source, portfolio_exports=EXPORTS[1:])
