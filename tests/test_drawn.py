"""What pages draw from the records of the site, on whichever page it is."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from repository import REPOSITORY
from sphinx_portfolio.model import Portfolio
from support import one
from test_span import check_pages
from test_timeline import check_page
from test_views import check_filter

if TYPE_CHECKING:
    from support import Site


@pytest.fixture(scope="module")
def records(site: Site) -> Portfolio:
    """The records of the site."""
    [path] = site.folder.parent.rglob("environment.pickle")
    env = pickle.loads(path.read_bytes())  # noqa: S301 (our own)
    found = env.domaindata["portfolio"]["portfolio"]
    assert isinstance(found, Portfolio)
    return found


def with_element(site: Site, selector: str) -> list[str]:
    """Return the names of the pages that have an element."""
    return [name for name in site.names if site[name].select(selector)]


def test_every_record_is_on_its_page(site: Site, records: Portfolio) -> None:
    missing = [it.id for it in records.records if not site[it.docname].select(f'[id="{it.id}"]')]
    assert missing == []


def test_the_filter_of_talks_leaves_what_each_link_names(site: Site, records: Portfolio) -> None:
    for page in with_element(site, ".portfolio-filter"):
        check_filter(site[page], records)


def test_the_list_of_a_page_has_its_years(site: Site) -> None:
    for page in with_element(site, ".portfolio-year"):
        source = (REPOSITORY / f"{page}.md").read_text(encoding="utf-8")
        if "\nhide-toc:" in source:
            continue
        assert not site[page].select(".toc-drawer.no-toc")
        listed = {str(link["href"]) for link in site[page].select(".toc-tree a")}
        assert {f"#{year['id']}" for year in site[page].select(".portfolio-year")} <= listed


def test_the_timeline_shows_all_that_is_dated(site: Site, records: Portfolio) -> None:
    for page in with_element(site, ".portfolio-timeline"):
        check_page(site.folder, page, records)


def test_each_drawing_of_a_record_is_in_its_place(site: Site, records: Portfolio) -> None:
    check_pages({name: one(site[name], "body") for name in site.names}, records)


def test_each_copied_text_has_a_heading(site: Site) -> None:
    for page in with_element(site, ".portfolio-prose"):
        for block in site[page].select(".portfolio-prose"):
            before = block.find_previous_sibling()
            assert before is not None
            assert before.get_text().strip(), page


def test_the_cv_is_one_click_away_from_every_page(site: Site, records: Portfolio) -> None:
    for page in with_element(site, ".sidebar-drawer"):
        button = one(site[page], ".sidebar-drawer .portfolio-sidebar-cv > a")
        root = "/" if page == "404" else "../" * page.count("/")
        assert button["href"] == f"{root}cv.pdf"
        assert button["download"] == f"{records.person.name} CV.pdf"


def test_downloads_are_there_with_their_sizes(site: Site) -> None:
    for page in with_element(site, ".portfolio-downloads"):
        folder = (site.folder / page).parent
        for item in site[page].select(".portfolio-downloads li"):
            size = (folder / str(one(item, "a")["href"])).stat().st_size
            assert item.get_text().endswith(f" {max(1, round(size / 1000))} kB")
        for image in site[page].select("img[loading=lazy]"):
            content = (folder / str(image["src"])).read_bytes()
            size_of = (int.from_bytes(content[16:20]), int.from_bytes(content[20:24]))
            assert (int(str(image["width"])), int(str(image["height"]))) == size_of
