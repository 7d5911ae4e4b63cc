"""Every page, in every view: accessible, quiet, whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from browser.visit import HERE, VIEWS

if TYPE_CHECKING:
    from conftest import Site
    from browser.conftest import Visitor

PUBLISHED = (HERE.parent.parent / "published.txt").read_text(encoding="utf-8").split()
PAGES = [
    *(address.removesuffix(".html") for address in PUBLISHED if address.endswith(".html")),
    *("404", "genindex", "search"),
]
every_page = pytest.mark.parametrize("name", PAGES)
every_view = pytest.mark.parametrize("view", VIEWS)


def test_every_page_is_visited(site: Site) -> None:
    assert sorted(PAGES) == site.names


@every_page
@every_view
def test_accessible_and_whole(visit: Visitor, name: str, view: str) -> None:
    visited = visit(name, view)
    # What is folded is to be read, too.
    visited.page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
    probes = ["scroll", "cut", "overlap"] if view == "print" else ["scroll", "cut", "overlap", "targets"]
    findings = [finding for probe in probes for finding in visited.probe(probe)]
    visited.has_no([*visited.axe(), *findings])
    assert visited.said == [], visited.name


@every_page
@pytest.mark.parametrize("view", ["light", "320px"])
def test_what_has_the_focus_is_seen(visit: Visitor, name: str, view: str) -> None:
    visited = visit(name, view)
    visited.has_no(visited.probe("focus"))
