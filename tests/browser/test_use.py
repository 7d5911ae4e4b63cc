"""What the site does for a reader, by keyboard alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

if TYPE_CHECKING:
    from browser.conftest import Visitor
    from browser.visit import Visit
    from support import Site


def tab_to(visited: Visit, selector: str, presses: int = 150) -> Locator:
    """Press the tabulator until what the selector names has the focus."""
    for _ in range(presses):
        visited.page.keyboard.press("Tab")
        focused = visited.page.locator(":focus")
        if focused.count() and focused.evaluate("(e, selector) => e.matches(selector)", selector):
            return focused
    raise AssertionError(f"{visited.name}: Tab never leads to {selector}")


def test_the_first_tab_leads_past_the_navigation(visit: Visitor) -> None:
    visited = visit("talks/index")
    for _ in range(3):  # Chromium may begin with a switch that Furo puts first
        visited.page.keyboard.press("Tab")
        if visited.page.locator(".skip-to-content:focus").count():
            break
    expect(visited.page.locator(".skip-to-content")).to_be_focused()
    expect(visited.page.locator(".skip-to-content")).to_be_in_viewport()
    visited.page.keyboard.press("Enter")
    visited.page.keyboard.press("Tab")
    assert visited.page.evaluate("!!document.activeElement.closest('#furo-main-content')")


def test_the_skip_link_comes_before_the_switches(visit: Visitor) -> None:
    visited = visit("talks/index", "320px")
    tab_to(visited, ".skip-to-content", 1)


@pytest.mark.parametrize(
    ("name", "switch", "drawer"),
    [("index", "#__navigation", ".sidebar-drawer"), ("experience/vmware", "#__toc", ".toc-drawer")],
)
def test_an_open_drawer_keeps_the_focus_until_escape(
    visit: Visitor, name: str, switch: str, drawer: str
) -> None:
    visited = visit(name, "320px")
    tab_to(visited, switch, 5)
    visited.page.keyboard.press("Space")
    expect(visited.page.locator(drawer)).to_be_in_viewport()
    for _ in range(60):
        visited.page.keyboard.press("Tab")
        assert not visited.page.evaluate("!!document.activeElement.closest('article')")
    tab_to(visited, f"{drawer} a")
    visited.page.keyboard.press("Escape")
    expect(visited.page.locator(drawer)).not_to_be_in_viewport()
    expect(visited.page.locator(switch)).to_be_focused()
    tab_to(visited, "article a")


def test_the_search_page_has_a_field_of_its_own(visit: Visitor) -> None:
    visited = visit("search", "320px")
    tab_to(visited, "article input[name=q]")
    visited.page.keyboard.type("locknt")
    visited.page.keyboard.press("Enter")
    expect(visited.page.locator("#search-results li a").first).to_contain_text("locknt")


def test_nothing_moves_for_who_wants_no_motion(visit: Visitor) -> None:
    moving = """() => [...document.querySelectorAll("*")].filter((it) => {
        const { transitionDuration, animationName } = getComputedStyle(it);
        return /[1-9]/.test(transitionDuration) || animationName !== "none";
    }).map((it) => it.className)"""
    for view in ("light", "320px"):
        assert visit("experience/vmware", view).page.evaluate(moving) == []


@pytest.mark.parametrize("view", ["light", "320px"])
def test_the_theme_is_switched_and_remembered(visit: Visitor, view: str) -> None:
    visited = visit("index", view)
    body = visited.page.locator("body")
    colors = set()
    tab_to(visited, ".theme-toggle")
    for _ in range(3):
        visited.page.keyboard.press("Enter")
        colors.add(body.evaluate("(body) => getComputedStyle(body).backgroundColor"))
    assert len(colors) == 2, colors
    visited.page.keyboard.press("Enter")
    theme = body.get_attribute("data-theme")
    assert theme in ("light", "dark")
    visited.page.reload()
    expect(body).to_have_attribute("data-theme", theme)


@pytest.mark.parametrize(
    ("words", "title", "kind"),
    [
        ("pacer", "The Go GC Pacer", "talk"),
        ("locknt", "locknt", "project"),
        ("ebpf", "eBPF", "skill"),
    ],
)
def test_the_search_finds_a_record_by_its_kind(
    visit: Visitor, words: str, title: str, kind: str
) -> None:
    visited = visit("index")
    tab_to(visited, ".sidebar-search")
    visited.page.keyboard.type(words)
    visited.page.keyboard.press("Enter")
    found = visited.page.locator("#search-results li", has_text=title).filter(has_text=kind)
    expect(found.first).to_be_visible()
    expect(visited.page.locator("#search-results > h2")).to_be_visible()
    assert visited.said == []
    tab_to(visited, "#search-results li a")
    visited.page.keyboard.press("Enter")
    expect(visited.page.locator("h1")).to_be_visible()
    assert "search.html" not in visited.page.url


def test_a_search_without_result_says_so(visit: Visitor) -> None:
    visited = visit("search")
    visited.page.goto(f"{visited.page.url}?q=xylophone")
    expect(visited.page.locator("#search-results")).to_contain_text("No results")
    assert visited.said == []


def test_results_of_a_search_are_accessible(visit: Visitor) -> None:
    visited = visit("search")
    visited.page.goto(f"{visited.page.url}?q=kubernetes")
    expect(visited.page.locator("#search-results li .context").first).to_be_visible()
    probes = ("scroll", "cut", "overlap", "targets")
    findings = [finding for probe in probes for finding in visited.probe(probe)]
    visited.has_no([*visited.axe(), *findings])


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_menu_of_a_narrow_screen_opens_leads_and_closes(
    visit: Visitor, *, scripts: bool
) -> None:
    visited = visit("index", "320px", scripts=scripts)
    drawer = visited.page.locator(".sidebar-drawer")
    expect(drawer).not_to_be_in_viewport()
    tab_to(visited, "#__navigation, .nav-overlay-icon", 5)
    visited.page.keyboard.press("Space")
    expect(drawer).to_be_in_viewport()
    if scripts:
        visited.has_no([*visited.axe(), *visited.probe("targets")])
    visited.page.keyboard.press("Space")
    expect(drawer).not_to_be_in_viewport()
    visited.page.keyboard.press("Space")
    tab_to(visited, ".sidebar-tree a[href='talks/index.html']")
    expect(visited.page.locator(":focus")).to_be_in_viewport()
    visited.page.keyboard.press("Enter")
    expect(visited.page.locator("h1")).to_contain_text("Talks")
    expect(drawer).not_to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_talks_are_filtered_by_topic(visit: Visitor, *, scripts: bool) -> None:
    visited = visit("talks/index", scripts=scripts)
    talks = visited.page.locator("li.portfolio-talk")
    total = talks.count()
    link = tab_to(visited, ".portfolio-filter a[href^='#topic-']")
    named = int(link.locator("span").inner_text())
    visited.page.keyboard.press("Enter")
    shown = talks.locator("visible=true")
    expect(shown).to_have_count(named)
    assert 0 < named < total
    if scripts:
        expect(visited.page.locator(".portfolio-filter [aria-current]")).to_have_count(1)
        expect(visited.page.locator(".portfolio-status")).to_have_text(f"{named} talks")
    visited.page.go_back()
    expect(shown).to_have_count(total)


def shown_talks(visited: Visit) -> int:
    """Return the number of talks that are seen."""
    return visited.page.locator(".portfolio-talk:visible").count()


def test_a_filtered_address_is_opened_reloaded_and_shared(visit: Visitor) -> None:
    visited = visit("talks/index")
    total, page = shown_talks(visited), visited.page
    topic = page.locator(".portfolio-filter a[href^='#topic-']").first
    named = int(topic.locator("span").inner_text())
    topic.click()
    assert "?topic=" in page.url
    assert "#" not in page.url
    status = page.locator(".portfolio-status")
    expect(status).to_have_text(f"{named} talks")
    for _ in range(2):  # as it was chosen, and opened anew
        expect(topic).to_have_attribute("aria-current", "true")
        assert shown_talks(visited) == named < total
        page.reload()
    # The title is a link to the talk, and the filter stays.
    page.locator(".portfolio-talk:visible h3 a").last.click()
    assert "?topic=" in page.url
    assert "#" in page.url
    assert shown_talks(visited) == named
    page.goto(page.url.partition("?")[0] + str(topic.get_attribute("href")))
    assert shown_talks(visited) == named  # an address without scripts


def test_topic_and_words_work_together(visit: Visitor) -> None:
    visited = visit("talks/index")
    page, field = visited.page, visited.page.locator(".portfolio-talk-search")
    total = shown_talks(visited)
    title = page.locator(".portfolio-talk h3").first.inner_text()
    field.fill(title.upper())
    assert shown_talks(visited) == 1
    page.reload()
    expect(field).to_have_value(title.upper())
    assert shown_talks(visited) == 1
    field.fill("words that no talk has")
    assert shown_talks(visited) == 0
    assert page.locator("section.portfolio-year:visible").count() == 0
    expect(page.locator(".portfolio-found")).to_be_visible()
    field.fill("")
    assert shown_talks(visited) == total
    assert "find=" not in page.url


@pytest.mark.parametrize("view", ["light", "320px"])
def test_a_link_to_a_job_shows_the_name_of_its_page(visit: Visitor, view: str) -> None:
    visited = visit("experience/index", view)
    link = visited.page.locator(".portfolio-entry-name a").first
    assert "#" in str(link.get_attribute("href"))
    link.click()
    expect(visited.page.locator("h1")).to_be_in_viewport(ratio=1)
    header = visited.page.locator(".mobile-header").bounding_box()
    name = visited.page.locator("h1").bounding_box()
    assert name
    assert name["y"] >= (header["y"] + header["height"] if header else 0)


def test_copying_is_announced(visit: Visitor) -> None:
    visited = visit("contact")
    visited.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    box = visited.page.locator(".portfolio-prose").first
    button = box.get_by_role("button")
    expect(button).to_have_accessible_name(re.compile("Copy ."))
    button.click()
    expect(visited.page.locator(".portfolio-status")).to_have_text("Copied")
    copied = str(visited.page.evaluate("navigator.clipboard.readText()"))
    assert copied == box.locator("p").first.inner_text()
    count = int(box.locator(".portfolio-words").inner_text().split()[0])
    assert len(copied.split()) == count


def test_home_has_few_stops_of_the_tab_key(visit: Visitor) -> None:
    visited = visit("index", "wide")
    visited.page.keyboard.press("Tab")
    stops = 0
    while stops < 100 and visited.page.evaluate("document.activeElement !== document.body"):
        visited.page.keyboard.press("Tab")
        stops += 1
    assert 10 < stops < 60


def test_a_talk_is_copied_as_bibtex(visit: Visitor) -> None:
    visited = visit("talks/index")
    visited.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab_to(visited, "li.portfolio-talk summary")
    visited.page.keyboard.press("Enter")
    button = tab_to(visited, "li.portfolio-talk .portfolio-copy-button", 5)
    visited.page.keyboard.press("Enter")
    expect(button).to_have_text("Copied The Kubernetes Storage Layer: Peeling The Onion")
    copied = visited.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@unpublished{")
    assert copied.endswith("}")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize(
    ("page", "button"),
    [
        ("index", ".portfolio-actions a[download]"),
        ("projects/gse", ".portfolio-sidebar-cv a"),
        ("404", ".portfolio-sidebar-cv a"),
    ],
)
def test_the_cv_is_saved_under_the_persons_name(
    visit: Visitor, site: Site, page: str, button: str, *, scripts: bool
) -> None:
    visited = visit(page, scripts=scripts)
    tab_to(visited, button)
    with visited.page.expect_download() as saved:
        visited.page.keyboard.press("Enter")
    assert saved.value.suggested_filename == "Madhav Jivrajani CV.pdf"
    assert saved.value.path().read_bytes() == (site.folder / "cv.pdf").read_bytes()


def test_a_picture_shows_the_cv(visit: Visitor) -> None:
    visited = visit("cv")
    picture = visited.page.get_by_role("img", name="The first page of the CV")
    picture.scroll_into_view_if_needed()
    visited.page.wait_for_function("document.querySelector('article img').naturalWidth > 0")
    box = picture.bounding_box()
    assert box
    natural = picture.evaluate("(image) => image.naturalHeight / image.naturalWidth")
    assert abs(box["height"] / box["width"] - natural) < 0.02  # drawn as it is, not squeezed


def test_a_link_leads_back_to_the_top(visit: Visitor) -> None:
    visited = visit("talks/index")
    visited.page.keyboard.press("End")
    visited.page.wait_for_function("scrollY > 500")
    visited.page.keyboard.press("PageUp")  # Furo offers it to who begins to scroll up
    tab_to(visited, ".back-to-top")
    visited.page.keyboard.press("Enter")
    visited.page.wait_for_function("scrollY === 0")


def test_an_unknown_address_leads_to_the_404_page(visit: Visitor) -> None:
    visited = visit("some/where/else")
    expect(visited.page.locator("h1")).to_have_text("Page not found")
    visited.page.locator("article a", has_text="Talks").press("Enter")
    expect(visited.page.locator("h1")).to_contain_text("Talks")
    [itself, *_] = visited.said
    assert all("404" in each for each in visited.said), visited.said
    assert "some/where/else" in itself
