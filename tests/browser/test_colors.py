"""Forced colors keep what colors tell apart, and the focus is visible."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from browser.conftest import Visitor

STYLE = """(element, [property, pseudo]) =>
    getComputedStyle(element, pseudo)[property]"""


def test_forced_colors_keep_what_backgrounds_tell_apart(visit: Visitor) -> None:
    visited = visit("index")
    visited.page.emulate_media(forced_colors="active")
    background = ["backgroundColor", None]
    first, *others = [
        button.evaluate(STYLE, background)
        for button in visited.page.locator(".portfolio-actions a").all()
    ]
    assert first not in others
    canvas = visited.page.locator("body").evaluate(STYLE, background)
    icon = visited.page.locator(".sidebar-search-container")
    assert icon.evaluate(STYLE, ["backgroundColor", "::before"]) != canvas
    visited.page.keyboard.press("/")
    visited.page.keyboard.type("go")
    visited.page.keyboard.press("ArrowDown")
    chosen = visited.page.locator(".portfolio-find [aria-selected=true]")
    assert chosen.evaluate(STYLE, ["outlineStyle", None]) == "solid"


def test_forced_colors_keep_the_active_filter(visit: Visitor) -> None:
    visited = visit("talks/index")
    visited.page.emulate_media(forced_colors="active")
    active = visited.page.locator(".portfolio-filter [aria-current]")
    expect(active).to_have_count(1)
    other = visited.page.locator(".portfolio-filter a:not([aria-current])").first
    count = active.locator("span")
    for part in (active, count):  # text and background differ, and from those of the others
        text = part.evaluate(STYLE, ["color", None])
        background = part.evaluate(STYLE, ["backgroundColor", None])
        assert text != background
        assert background != other.evaluate(STYLE, ["backgroundColor", None])


def test_forced_colors_keep_the_buttons_of_the_cv(visit: Visitor) -> None:
    visited = visit("cv")
    visited.page.emulate_media(forced_colors="active")
    button = visited.page.locator(".portfolio-button a").first
    other = visited.page.locator(".portfolio-sidebar-cv a")
    background = ["backgroundColor", None]
    assert button.evaluate(STYLE, background) != other.evaluate(STYLE, background)


@pytest.mark.parametrize("view", ["light", "dark", "320px"])
def test_the_search_field_shows_its_focus(visit: Visitor, view: str) -> None:
    visited = visit("skills", view)
    visited.page.keyboard.press("/")
    field = visited.page.locator(".sidebar-search")
    expect(field).to_be_focused()
    assert field.evaluate(STYLE, ["outlineStyle", None]) == "solid"
    assert field.evaluate(STYLE, ["outlineWidth", None]) == "2px"
