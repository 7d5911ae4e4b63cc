"""Files to follow and to cite: offered where they belong, announced, whole, and chosen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import feedparser
import pytest
from bs4 import BeautifulSoup, Tag
from icalendar import Calendar
from pybtex.database import parse_bytes
from sphinx.errors import ExtensionError
from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_colors

from sphinx_portfolio.exports import EXPORTS
from support import HOSTS, card_lines, entry, one
from test_incremental import difference, files

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = 86400
TODAY = 1_717_200_000  # 2024-06-01
NEW = ("feed.xml", "talks.ics", "contact.vcf", "talks.bib", "publications.bib")
CONF = """
author = "Ada Example"
extensions = ["myst_parser", {extension}]
html_theme = "basic"
bibtex_bibfiles = ["talks/talks.bib", "publications/publications.bib"]
portfolio_person = {{"family_name": "Example"}}
"""
TALKS = "".join(
    [
        entry("to-come", eventdate="{2024-06-20}", year=None, url="{https://conf.example/}"),
        entry("to-come-alone", eventdate="{2024-06-21T10:00+02:00}", year=None),
        entry("to-come-some-day", year="{2025}"),
        entry("held", eventdate="{2023-06-20}", year=None, title="{Pipes \\& Air}"),
        entry("held-some-day", year="{2022}"),
    ]
)
PAGES = {
    "index.md": "# Home\n\n```{talks}\n:when: upcoming\n```\n\n```{toctree}\ncontact\nnews\n"
    "talks/index\npublications/index\n```\n",
    "contact.md": "# Contact\n\n```{contact-card}\n```\n",
    "news.md": "# News\n\n```{changelog}\n```\n",
    "talks/index.md": "# Talks\n\n```{talks}\n```\n\n```{bibliography} talks.bib\n:all:\n```\n",
    "talks/talks.bib": TALKS,
    "publications/index.md": "# Publications\n\n```{publications}\n```\n\n"
    "```{bibliography} publications.bib\n:all:\n```\n",
    "publications/publications.bib": "@book{Book_1, author = {Example, Ada}, title = {B}, "
    "publisher = {P}, year = 2020}\n",
}


class Built(NamedTuple):
    """A built site, and what was reported."""

    folder: Path
    told: str

    def page(self, name: str) -> BeautifulSoup:
        """Return a page."""
        return BeautifulSoup((self.folder / f"{name}.html").read_text("utf-8"), "html5lib")

    def target(self, page: str, link: Tag) -> Path:
        """Return the file to which a link leads, which is there."""
        path = (self.folder / page).parent / str(link["href"])
        assert path.is_file(), link
        return path.resolve()


@pytest.fixture(scope="module", autouse=True)
def _same_environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(TODAY))
        for name in HOSTS:
            patch.delenv(name, raising=False)
        yield


def build(source: Path, output: str = "out", *, site: bool = True, **settings: object) -> Built:
    """Write the pages that are not there, and build them."""
    extension = '"sphinx_portfolio", "sphinx_portfolio.site"' if site else '"sphinx_portfolio"'
    for name, text in {"conf.py": CONF.format(extension=extension), **PAGES}.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(text, encoding="utf-8")
    app = SphinxTestApp(srcdir=source, builddir=source.parent / output, confoverrides=settings)
    try:
        app.build()
        return Built(Path(app.outdir).resolve(), strip_colors(app.warning.getvalue()))
    finally:
        app.cleanup()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A site with all files but those that need an extra."""
    names = [export.name for export in EXPORTS if not export.libraries]
    return build(tmp_path_factory.mktemp("formats") / "source", portfolio_exports=names)


def test_it_builds_without_a_message(whole: Built) -> None:
    assert whole.told == ""
    assert {*NEW} <= {*files(whole.folder)}


def test_readers_of_others_read_the_files(whole: Built) -> None:
    feed = feedparser.parse((whole.folder / "feed.xml").read_bytes())
    assert not feed.bozo
    assert {each.title for each in feed.entries} == {
        "Talk: Pipes & Air (June 2023)",
        "Talk: Organ Pipes (2022)",
        "Publication: B (2020)",
    }
    calendar = Calendar.from_ical((whole.folder / "talks.ics").read_bytes())
    events: list[Any] = calendar.walk("VEVENT")
    assert {str(event.start) for event in events} == {
        *("2024-06-20", "2024-06-21 08:00:00+00:00", "2023-06-20")
    }
    card = {
        name: values for name, _, values in card_lines((whole.folder / "contact.vcf").read_bytes())
    }
    assert (card["FN"], card["N"][:2]) == (("Ada Example",), ("Example", "Ada"))
    talks = parse_bytes((whole.folder / "talks.bib").read_bytes(), "bibtex").entries
    assert {*talks} == {"to-come", "to-come-alone", "to-come-some-day", "held", "held-some-day"}
    books = parse_bytes((whole.folder / "publications.bib").read_bytes(), "bibtex").entries
    assert {*books} == {"Book_1"}


@pytest.mark.parametrize("page", ["index", "talks/index"])
def test_an_upcoming_talk_with_a_day_can_be_added_to_a_calendar(whole: Built, page: str) -> None:
    links = {
        whole.target(page, link).name: link
        for link in whole.page(page).select("a[type='text/calendar']")
        if "talks.ics" not in str(link["href"])
    }
    assert {*links} == {"to-come.ics", "to-come-alone.ics"}
    for name, link in links.items():
        assert link.get_text() == "add to calendar"
        assert link["aria-label"] == "Add to calendar: Organ Pipes"
        [event] = Calendar.from_ical((whole.folder / "talks" / name).read_bytes()).walk("VEVENT")
        assert event["SUMMARY"] == "Organ Pipes"


def test_the_address_of_a_talk_in_a_calendar_stays_after_it(whole: Built) -> None:
    assert {path.name for path in (whole.folder / "talks").glob("*.ics")} == {
        *("to-come.ics", "to-come-alone.ics", "held.ics")
    }


@pytest.mark.parametrize(
    ("page", "ids"),
    [
        ("talks/index", ["to-come-some-day", "to-come-alone", "to-come", "held", "held-some-day"]),
        ("publications/index", ["book-1"]),
    ],
)
def test_each_talk_and_publication_links_to_its_own_entry(
    whole: Built, page: str, ids: list[str]
) -> None:
    document = whole.page(page)
    for id_ in ids:
        link = one(document, f"li#{id_} details a[type='application/x-bibtex']")
        assert link.get_text() == f"{id_}.bib"
        content = whole.target(page, link).read_bytes()
        [(key, read)] = parse_bytes(content, "bibtex").entries.items()
        assert key == {"book-1": "Book_1"}.get(id_, id_)
        # What is shown is what is downloaded, without what is of use here only.
        shown = parse_bytes(one(document, f"li#{id_} pre").get_text().encode(), "bibtex")
        assert shown.entries[key].fields.items() <= read.fields.items()
        whole_file = parse_bytes(
            (whole.folder / f"{page.partition('/')[0]}.bib").read_bytes(), "bibtex"
        )
        assert whole_file.entries[key] == read


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("talks/index", ["talks.ics", "talks.bib", "feed.xml"]),
        ("publications/index", ["publications.bib", "feed.xml"]),
        ("news", ["feed.xml"]),
        ("index", []),
    ],
)
def test_a_list_offers_the_files_that_hold_it(whole: Built, page: str, names: list[str]) -> None:
    links = whole.page(page).select("ul.portfolio-files a")
    assert [whole.target(page, link).name for link in links] == names
    types = {export.name: export.media_type for export in EXPORTS}
    assert [link["type"] for link in links] == [types[name] for name in names]


def test_every_page_announces_the_files_and_not_those_of_single_talks(whole: Built) -> None:
    for page in ("index", "contact", "talks/index"):
        links = whole.page(page).select("head > link[rel=alternate]")
        found = {whole.target(page, link).relative_to(whole.folder).as_posix() for link in links}
        assert {*NEW} <= found
        assert not [name for name in found if name.startswith(("talks/", "publications/"))]
        for link in links:
            assert link["title"]
            assert link["type"]


def test_another_clock_and_a_second_build_make_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Built
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(TODAY + DAY))  # all that was to come is so still
    names = [export.name for export in EXPORTS if not export.libraries]
    made = build(tmp_path / "source", portfolio_exports=names)
    wanted = {*NEW, *(name for name in files(whole.folder) if name.endswith((".ics", ".bib")))}
    assert len(wanted) > len(NEW)
    for name in wanted:
        assert (made.folder / name).read_bytes() == (whole.folder / name).read_bytes(), name


def test_a_talk_that_is_removed_takes_its_files_along(tmp_path: Path) -> None:
    source, names = tmp_path / "source", list(NEW)
    build(source, portfolio_exports=names)
    (source / "talks" / "talks.bib").write_text(
        entry("held", eventdate="{2023-06-20}", year=None), encoding="utf-8"
    )
    edited = build(source, portfolio_exports=names)
    fresh = build(source, "fresh", portfolio_exports=names)
    changed = difference(files(edited.folder), files(fresh.folder))
    assert not [name for name in changed if name.endswith((".html", ".ics", ".bib"))]
    kept = {name for name in files(edited.folder) if name.startswith("talks/")}
    assert kept >= {"talks/held.ics", "talks/held.bib"}
    assert "talks/to-come.ics" not in kept


CHOICES: dict[str, tuple[list[str], set[str]]] = {
    "none": ([], set()),
    "feed": (["feed.xml"], {"feed.xml"}),
    "calendar": (
        ["talks.ics"],
        {"talks.ics", "talks/to-come.ics", "talks/to-come-alone.ics", "talks/held.ics"},
    ),
    "card": (["contact.vcf"], {"contact.vcf"}),
    "bibtex": (["publications.bib"], {"publications.bib", "publications/book-1.bib"}),
}


def made_in(folder: Path) -> set[str]:
    return {
        name
        for name in files(folder)
        if name.endswith((".xml", ".ics", ".vcf", ".bib")) and not name.startswith("_")
    }


@pytest.mark.parametrize(("names", "expected"), CHOICES.values(), ids=CHOICES)
def test_the_files_are_chosen_and_the_others_are_not_offered(
    tmp_path: Path, names: list[str], expected: set[str]
) -> None:
    built = build(tmp_path / "source", portfolio_exports=names)
    assert built.told == ""
    assert made_in(built.folder) == expected
    for page in ("index", "contact", "news", "talks/index", "publications/index"):
        for link in built.page(page).select("a[type], link[rel=alternate]"):
            assert built.target(page, link).relative_to(built.folder).as_posix() in expected
    assert bool(built.page("contact").select("svg")) == (names == ["contact.vcf"])


def test_a_guest_project_has_them_only_if_it_asks(tmp_path: Path) -> None:
    guest = build(tmp_path / "source", site=False)
    assert guest.told == ""
    assert made_in(guest.folder) == set()
    assert not guest.page("talks/index").select("a[type], link[rel=alternate]")
    asked = build(tmp_path / "source", "asked", site=False, portfolio_exports=[*NEW])
    assert asked.told == ""
    assert made_in(asked.folder) >= {*NEW, "talks/to-come.ics", "talks/to-come.bib"}
    links = asked.page("talks/index").select("link[rel=alternate]")
    assert [asked.target("talks/index.html", link).name for link in links] == [*NEW]
    assert asked.page("talks/index").select("a[type='text/calendar']")


def test_what_a_format_cannot_hold_is_an_error_with_entry_and_format(tmp_path: Path) -> None:
    source = tmp_path / "source"
    build(source, "before", portfolio_exports=[])
    text = TALKS.replace("{2023-06-20}", "{9999-12-31}")
    (source / "talks" / "talks.bib").write_text(text, encoding="utf-8")
    app = SphinxTestApp(
        srcdir=source, builddir=tmp_path / "out", confoverrides={"portfolio_exports": [*NEW]}
    )
    try:
        with pytest.raises(ExtensionError, match="can't be exported"):
            app.build()
        line = text[: text.index("{held,")].count("\n") + 1
        told = strip_colors(app.warning.getvalue())
        assert f"talks.bib:{line}: ERROR: talk 'held': iCalendar has no day" in told
    finally:
        app.cleanup()
    assert not made_in(tmp_path / "out" / "html")
