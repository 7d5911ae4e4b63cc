"""Without scripts, and without a server, the site is still there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import expect

from browser.visit import PAGES

every_page = pytest.mark.parametrize("name", PAGES)


if TYPE_CHECKING:
    from browser.conftest import Visitor
    from support import Site


@every_page
def test_without_scripts_all_content_and_navigation_is_there(visit: Visitor, name: str) -> None:
    without = visit(name, scripts=False)
    expect(without.page.locator(".sidebar-tree a", has_text="Talks").first).to_be_visible()
    expect(without.page.locator(".theme-toggle").locator("visible=true")).to_have_count(0)
    # `details` need no script to be unfolded.
    without.page.evaluate(
        "document.querySelectorAll('details').forEach((each) => each.open = true)"
    )
    without.has_no(without.probe("concealed"))
    assert without.said == []


def test_without_scripts_a_link_of_the_navigation_leads_on(visit: Visitor) -> None:
    visited = visit("index", scripts=False)
    visited.page.locator(".sidebar-tree a", has_text="Projects").click()
    expect(visited.page.locator("h1")).to_contain_text("Projects")


@every_page
def test_a_page_opens_from_a_file_system(visit: Visitor, site: Site, name: str) -> None:
    if name == "404":
        pytest.skip("a host alone serves it, from the root of its addresses")
    visited = visit(name, base=f"{site.folder.as_uri()}/")
    expect(visited.page.locator("h1")).to_be_visible()
    assert visited.said == []
    here = visited.page.url
    links: list[str] = visited.page.locator("a[href]").evaluate_all(
        "(links) => links.map((link) => link.getAttribute('href'))"
    )
    for address in (urlsplit(urljoin(here, link)) for link in links):
        if address.scheme == "file":
            assert address.path.startswith(str(site.folder)), address
            assert (site.folder / address.path).is_file(), address


def test_files_lead_to_each_other(visit: Visitor, site: Site) -> None:
    visited = visit("index", base=f"{site.folder.as_uri()}/")
    visited.page.locator(".sidebar-tree a", has_text="Talks").first.click()
    expect(visited.page.locator("h1")).to_contain_text("Talks")
    assert visited.page.url.startswith("file:")


def test_files_are_searched(visit: Visitor, site: Site) -> None:
    visited = visit("index", base=f"{site.folder.as_uri()}/")
    visited.page.locator(".sidebar-search").fill("kubernetes")
    visited.page.locator(".sidebar-search").press("Enter")
    results = visited.page.locator("#search-results li a")
    expect(results.first).to_be_visible()
    expect(results.filter(has_text="Talks").first).to_be_visible()
    results.filter(has_text="Talks").first.click()
    expect(visited.page.locator("h1")).to_contain_text("Talks")
