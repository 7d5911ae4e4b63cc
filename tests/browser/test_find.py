"""Search: what a field lists while one types, and Sphinx's results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from browser.conftest import Visitor
    from browser.visit import Visit
    from support import Site


def find(visited: Visit, words: str) -> Locator:
    """Press the key of the search, type words and return the options."""
    visited.page.keyboard.press("/")
    visited.page.keyboard.type(words)
    options = visited.page.locator(".portfolio-find:popover-open [role=option]")
    expect(options.last).to_have_text(f"Search all text for “{words}”")
    return options


def search(visited: Visit, words: str) -> Locator:
    """Open the page of results for words, and return them once they are complete."""
    visited.page.goto(f"{visited.page.url.partition('?')[0]}?q={words}")
    expect(visited.page.locator(".search-summary")).to_contain_text("result")
    return visited.page.locator("#search-results li")


def test_entries_are_listed_by_title_alias_and_kind(visit: Visitor) -> None:
    visited = visit("projects/gse")
    for words, first, kind in (
        ("go", "Golang", "skill"),  # the shortest title that begins with it
        ("pacer", "Control Theory and Concurrent Garbage Collection: The Go GC Pacer", "talk"),
        ("onion talk", "The Kubernetes Storage Layer: Peeling The Onion", "talk"),
        ("akamai", "Akamai", "page"),
        ("papers we love", "Keep CALM and CRDT On", "talk"),  # its event
        ("C", "C", "skill"),
    ):
        options = find(visited, words)
        expect(options.first).to_have_text(f"{first} {kind}")
        entries = options.count() - 1
        word = "entry" if entries == 1 else "entries"
        expect(visited.page.locator(".sidebar-search ~ [aria-live]")).to_have_text(
            f"{entries} {word}"
        )
        visited.page.keyboard.press("ControlOrMeta+a")
        visited.page.keyboard.press("Delete")
        expect(options).to_have_count(0)
        visited.page.locator(":focus").blur()
    assert visited.said == []


def test_the_keyboard_chooses_an_entry(visit: Visitor) -> None:
    visited = visit("experience/vmware")
    options = find(visited, "go")
    field = visited.page.locator(":focus")
    expect(field).to_have_role("combobox")
    chosen = visited.page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_count(0)
    for key, place in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", -1)):
        visited.page.keyboard.press(key)
        expect(chosen).to_have_count(1)
        option = options.nth(place)
        expect(option).to_have_attribute("aria-selected", "true")
        expect(option).to_be_in_viewport()
        expect(field).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
        expect(field).to_be_focused()
    visited.page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_be_focused()
    visited.page.keyboard.press("ArrowDown")  # lists them again
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.fill("locknt")
    expect(options).to_have_count(2)
    expect(chosen).to_have_count(0)
    visited.page.keyboard.press("ArrowDown")
    visited.page.keyboard.press("Enter")
    expect(visited.page.locator("h1")).to_have_text("locknt")
    assert visited.page.url.endswith("projects/locknt.html#locknt")


@pytest.mark.parametrize("keys", [["Enter"], ["ArrowUp", "Enter"]], ids=["none", "last"])
def test_the_last_option_and_none_search_all_text(visit: Visitor, keys: list[str]) -> None:
    visited = visit("talks/index")
    find(visited, "linearizability & <b>")
    for key in keys:
        visited.page.keyboard.press(key)
    expect(visited.page.locator("article h1")).to_have_text("Search")
    expect(visited.page.locator("article input[name=q]")).to_have_value("linearizability & <b>")
    assert visited.said == []


@pytest.mark.parametrize("view", ["light", "dark", "320px"])
@pytest.mark.parametrize("name", ["skills", "search", "404"])
def test_the_list_is_accessible_and_on_the_screen(visit: Visitor, name: str, view: str) -> None:
    visited = visit(name, view)
    options = find(visited, "kubernetes")
    visited.page.keyboard.press("ArrowDown")
    expect(options.first).to_be_in_viewport(ratio=1)
    panel = visited.page.locator(".portfolio-find:popover-open")
    background = panel.evaluate("(panel) => getComputedStyle(panel).backgroundColor")
    assert background == visited.page.locator("body").evaluate(
        "(body) => getComputedStyle(body).backgroundColor"
    )
    box = panel.bounding_box()
    size = visited.page.viewport_size
    assert box
    assert size
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["y"] + box["height"] <= size["height"]
    visited.has_no([*visited.axe(), *visited.probe("targets")])


def test_on_a_narrow_screen_the_key_opens_the_menu_and_a_choice_closes_it(visit: Visitor) -> None:
    visited = visit("skills", "320px")
    drawer = visited.page.locator(".sidebar-drawer")
    options = find(visited, "ebpf")
    expect(drawer).to_be_in_viewport()
    expect(visited.page.locator(".sidebar-search")).to_be_focused()
    visited.page.keyboard.press("Escape")  # closes the list alone
    expect(options).to_have_count(0)
    expect(drawer).to_be_in_viewport()
    visited.page.keyboard.press("ArrowDown")
    options.filter(has_text="eBPF").and_(options.filter(has_text="skill")).first.click()
    expect(drawer).not_to_be_in_viewport()
    expect(visited.page.locator("#ebpf")).to_be_in_viewport()
    assert visited.page.locator(".main").evaluate("(main) => main.inert") is False


def test_the_key_is_text_in_a_field(visit: Visitor) -> None:
    visited = visit("search")
    visited.page.locator(".sidebar-search").focus()
    visited.page.keyboard.type("a/b")
    expect(visited.page.locator(".sidebar-search")).to_have_value("a/b")


def test_an_unknown_address_lists_entries(visit: Visitor) -> None:
    visited = visit("some/where/else")
    options = find(visited, "grofer")
    expect(visited.page.locator("article input[name=q]")).to_be_focused()
    options.first.click()
    expect(visited.page.locator("h1")).to_have_text("grofer")


def test_files_list_entries(visit: Visitor, site: Site) -> None:
    visited = visit("projects/gse", base=f"{site.folder.as_uri()}/")
    find(visited, "onion").first.click()
    expect(visited.page.locator("h1")).to_have_text("Talks")
    assert visited.page.url == f"{site.folder.as_uri()}/talks/index.html#peeling-the-onion"
    assert visited.said == []


def test_without_scripts_a_field_is_a_field(visit: Visitor) -> None:
    visited = visit("404", scripts=False)
    for field in visited.page.locator("input[name=q]").all():
        assert field.get_attribute("role") is None
    expect(visited.page.locator(".portfolio-find")).to_have_count(0)


def test_words_are_marked_on_the_page_opened_from_the_results_only(visit: Visitor) -> None:
    visited = visit("search")
    marks = visited.page.locator("article .highlighted")
    talks = visited.page.locator(".sidebar-tree a", has_text="Talks")

    search(visited, "kubernetes")
    talks.click()  # not from the results
    expect(visited.page.locator("h1")).to_have_text("Talks")
    visited.page.wait_for_timeout(100)
    expect(marks).to_have_count(0)

    visited.page.go_back()
    results = search(visited, "kubernetes")
    results.locator("a", has_text="VMware").click()
    expect(visited.page.locator("h1")).to_have_text("VMware")
    expect(marks.first).to_be_visible()
    talks.click()
    expect(visited.page.locator("h1")).to_have_text("Talks")
    visited.page.wait_for_timeout(100)
    expect(marks).to_have_count(0)


def test_results_are_counted_and_list_a_page_once(visit: Visitor) -> None:
    visited = visit("search")
    for words in ("kubernetes", "golang", "ebpf", "locknt", "grafana"):
        results = search(visited, words)
        addresses = results.locator("a").evaluate_all("(links) => links.map(({ href }) => href)")
        word = "result" if len(addresses) == 1 else "results"
        expect(visited.page.locator(".search-summary")).to_have_text(f"{len(addresses)} {word}")
        anchored = {address.partition("#")[0] for address in addresses if "#" in address}
        assert not anchored.intersection(addresses), words
        assert len(set(addresses)) == len(addresses), words
    expect(visited.page.locator(".portfolio-main-pages")).to_be_hidden()


def test_snippets_have_spaces_between_blocks(visit: Visitor) -> None:
    visited = visit("search")
    visited.page.evaluate(
        """() => { globalThis.shown = (body) => Search.htmlToText(
            `<main role="main"><section id="here">${body}</section></main>`, "#here"); }"""
    )
    for body, text in (
        ("<h2>One</h2><p>two</p>", "One two"),
        ("<dl><dt>Date</dt><dd>2021</dd></dl><p>gse</p>", "Date 2021 gse"),
        ("<ul><li>a<li>b</ul>", "a b"),
        ("<p>K<strong>8</strong>s</p>\n\n<p>x</p>", "K8s x"),
        ('<svg><svg><text>2021</text></svg><text>gse</text></svg><p title="a<b">y</p>', "y"),
    ):
        assert visited.page.evaluate("(body) => shown(body)", body) == text, body
