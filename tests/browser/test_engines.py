"""The layout, and what the site does for a reader, in Chromium, Firefox and WebKit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from browser.engines import wait_for
from browser.visit import PROBES, described

if TYPE_CHECKING:
    from browser.engines import Engine

PAGES = ["index", "talks/index", "skills", "experience/vmware", "contact", "cv", "search", "404"]
WIDTHS = (1920, 1440, 1024, 768, 360, 320)
PAPER = 718  # px: A4 without its margins
LAYOUT = ("scroll", "cut", "overlap", "breaks", "labels")

every_page = pytest.mark.parametrize("name", PAGES)


def visit(engine: Engine, address: str, width: int) -> None:
    """Open a page with all that is folded."""
    engine.resize(width)
    engine.open(f"{address}.html")
    engine.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")


def probe(engine: Engine, *names: str) -> list[str]:
    """Run functions of `probes.js`, after whatever moves has arrived."""
    return described(
        engine.evaluate(
            f"""(document.getAnimations().forEach((each) => each.finish()),
            {PROBES}, {json.dumps(names)}.flatMap((name) => probes[name]()))"""
        )
    )


def enter(engine: Engine, selector: str) -> None:
    """Press Enter on what a selector names."""
    engine.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
    engine.press("Enter")


@every_page
def test_whole_at_every_width(engine: Engine, server: str, name: str) -> None:
    visit(engine, server + name, WIDTHS[0])
    findings = {}
    for width in WIDTHS:
        engine.resize(width)
        assert engine.evaluate("innerWidth") == width
        findings[f"{width} px"] = probe(engine, *LAYOUT)
    findings["targets"] = probe(engine, "targets")  # at the last width, as it scrolls
    assert {view: found for view, found in findings.items() if found} == {}


@every_page
def test_whole_on_paper(engine: Engine, server: str, name: str) -> None:
    visit(engine, server + name, PAPER)
    assert probe(engine, "paper", *LAYOUT) == []


@pytest.mark.parametrize(
    ("width", "where"), [(1440, ".content-icon-container"), (320, ".mobile-header")]
)
def test_the_theme_is_switched_and_remembered(
    engine: Engine, server: str, width: int, where: str
) -> None:
    visit(engine, f"{server}index", width)
    engine.evaluate("localStorage.clear()")
    engine.open(f"{server}index.html")
    colors = set()
    for _ in range(3):
        enter(engine, f"{where} .theme-toggle")
        colors.add(engine.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(colors) == 2, colors
    enter(engine, f"{where} .theme-toggle")
    theme = engine.evaluate("document.body.dataset.theme")
    assert theme in ("light", "dark")
    engine.open(f"{server}index.html")
    assert engine.evaluate("document.body.dataset.theme") == theme


@pytest.mark.parametrize("width", [1440, 320])
def test_talks_are_filtered_by_topic(engine: Engine, server: str, width: int) -> None:
    visit(engine, f"{server}talks/index", width)
    shown = """[...document.querySelectorAll("li.portfolio-talk")]
        .filter((talk) => talk.checkVisibility()).length"""
    topic = ".portfolio-filter a[href^='#topic-']"
    total = engine.evaluate(shown)
    named = int(engine.evaluate(f'document.querySelector("{topic} span").textContent'))
    assert 0 < named < total
    enter(engine, topic)
    wait_for(engine, f"{shown} === {named}")
    assert probe(engine, *LAYOUT) == []
    engine.evaluate("history.back()")
    wait_for(engine, f"{shown} === {total}")


def test_a_talk_is_copied_as_bibtex(engine: Engine, server: str) -> None:
    engine.resize(1440)
    engine.open(f"{server}talks/index.html")
    enter(engine, "li.portfolio-talk summary")
    wait_for(engine, "document.querySelector('li.portfolio-talk details').open")
    enter(engine, "li.portfolio-talk .portfolio-copy-button")
    wait_for(engine, "document.activeElement.textContent.startsWith('Copied')")


@pytest.mark.parametrize("width", [1440, 320])
def test_a_project_is_found(engine: Engine, server: str, width: int) -> None:
    visit(engine, f"{server}search", width)
    engine.evaluate("document.querySelector('article input[name=q]').focus()")
    engine.press(*"locknt", "Enter")
    found = "#search-results li a[href*='projects/locknt.html']"
    wait_for(engine, f'document.querySelector("{found}") !== null')
    assert probe(engine, *LAYOUT) == []
    enter(engine, found)
    wait_for(engine, "document.querySelector('h1')?.textContent.startsWith('locknt')")
