"""What this site's pages draw from its records: each in its place, and nothing made up."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import TYPE_CHECKING

import pytest

from repository import REPOSITORY
from sphinx_portfolio.model import KINDS, Period, Portfolio, Project, Run, Talk, plain
from support import one
from test_span import check_pages
from test_timeline import check_page
from test_views import check_filter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support import Site

PERSON = "Madhav Jivrajani"


@pytest.fixture(scope="module")
def records(site: Site) -> Portfolio:
    """The records of the site."""
    [path] = site.folder.parent.rglob("environment.pickle")
    env = pickle.loads(path.read_bytes())  # noqa: S301 (our own)
    found = env.domaindata["portfolio"]["portfolio"]
    assert isinstance(found, Portfolio)
    return found


# -- Views --------------------------------------------------------------------


def test_the_filter_of_talks_leaves_what_each_link_names(site: Site, records: Portfolio) -> None:
    check_filter(site["talks/index"], records)


def test_the_timeline_shows_all_that_is_dated(site: Site, records: Portfolio) -> None:
    check_page(site.folder, "index", records)


def test_each_drawing_of_a_record_is_in_its_place(site: Site, records: Portfolio) -> None:
    check_pages({name: one(site[name], "body") for name in site.names}, records)


def test_the_biographies_can_be_copied(site: Site) -> None:
    blocks = site["contact"].select(".portfolio-copy")
    above = [block.find_previous_sibling() for block in blocks]
    assert [each.get_text() for each in above if each] == ["Short biography", "Long biography"]
    for block in blocks:
        assert one(block, "pre").get_text().startswith(f"{PERSON}, ")


# -- Home ---------------------------------------------------------------------


def words_of(thing: object) -> Iterator[str]:
    """Yield all that a record says, and how its dates read."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Period):
        yield thing.text
    elif isinstance(thing, tuple):
        if all(isinstance(each, Run) for each in thing):
            yield plain(thing)
        for each in thing:
            yield from words_of(each)
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            if field.name not in {"source", "docname"}:
                yield from words_of(getattr(thing, field.name))
        if isinstance(thing, Talk):
            yield thing.occasion


def written(text: str) -> str:
    """Return words with plain quotes and dashes, and single spaces."""
    plainly = text.translate(str.maketrans("’‘“”–", "''\"\"-"))
    return " ".join(plainly.split())


def test_home_says_nothing_that_no_record_and_no_prose_of_it_says(
    site: Site, records: Portfolio
) -> None:
    said = {written(each) for record in records.records for each in words_of(record)}
    codes = {each.code.split("/", 3)[3] for each in records.of(Project) if each.code}
    facts = "\n".join({*said, *codes})
    prose = written((REPOSITORY / "index.md").read_text("utf-8").partition("\n# ")[2])
    article = copy.copy(one(site["index"], "article"))  # pages are shared by all tests
    # The timeline has its own test, and so have downloads.
    for frame in article.select("a.headerlink, a[download], .portfolio-timeline"):
        frame.extract()
    listed, cards = one(article, "ol.portfolio-talks"), one(article, "ul.portfolio-cards")
    talks = {written(f"{each.title}: {each.occasion}"): each for each in records.of(Talk)}
    for item in listed.select(":scope > li"):
        assert [each["class"] for each in item.find_all(True, recursive=False)] == [
            ["portfolio-line"],
            ["portfolio-links"],
        ]
        talk = talks[written(one(item, ".portfolio-line").get_text())]
        links = [(link.get_text(), str(link["href"])) for link in item.select(".portfolio-links a")]
        assert links == [link[1:] for link in KINDS["talk"].links_of(talk)]
        assert one(item, ".portfolio-links").get_text() == " ".join(label for label, _ in links)
    for string in cards.stripped_strings:
        assert written(string).strip(", ") in facts, string
    for view in (listed, cards):
        view.extract()
    for string in article.stripped_strings:
        assert written(string) in prose or written(string) in said, string


# -- Downloads ----------------------------------------------------------------


def test_the_cv_is_one_click_away_from_every_page(site: Site) -> None:
    for page in site.names:
        button = one(site[page], ".sidebar-drawer .portfolio-sidebar-cv > a")
        root = "/" if page == "404" else "../" * page.count("/")
        assert button["href"] == f"{root}cv.pdf"
        assert button["download"] == f"{PERSON} CV.pdf"
    first = site["index"].select(".portfolio-actions a")[0]
    assert (first.get_text(), first["href"]) == ("CV", "cv.pdf")
    assert first["download"] == f"{PERSON} CV.pdf"


def test_the_cv_page_offers_what_there_is(site: Site) -> None:
    listed = [str(link["href"]) for link in site["cv"].select("ul.portfolio-downloads a")]
    assert listed == ["cv.pdf", "cv-short.pdf", "cv.txt", "cv.md", "resume.json"]
    for item in site["cv"].select("ul.portfolio-downloads > li"):
        size = (site.folder / str(one(item, "a")["href"])).stat().st_size
        assert item.get_text().endswith(f", {round(size / 1000)} kB")
    assert (site.folder / "cv.pdf").read_bytes().startswith(b"%PDF-")
    image = one(site["cv"], "img[loading=lazy]")
    content = (site.folder / str(image["src"])).read_bytes()
    size_of = (int.from_bytes(content[16:20]), int.from_bytes(content[20:24]))
    assert (int(str(image["width"])), int(str(image["height"]))) == size_of
