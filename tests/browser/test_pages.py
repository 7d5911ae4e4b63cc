"""Every page, in every view: accessible, quiet, whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from browser.visit import PAGES, VIEWS

if TYPE_CHECKING:
    from browser.visit import Visit
    from support import Site

every_page = pytest.mark.parametrize("opened", PAGES, indirect=True)


def test_every_page_is_visited(site: Site) -> None:
    assert sorted(PAGES) == site.names


@every_page
def test_quiet(opened: Visit) -> None:
    opened.page.wait_for_load_state("networkidle")
    assert opened.said == []


@every_page
@pytest.mark.parametrize("view", VIEWS)
def test_accessible_and_whole(opened: Visit, view: str) -> None:
    opened.look(view)
    # What is folded is to be read, too.
    opened.page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
    probes = ["scroll", "cut", "overlap", "breaks", "labels"]
    if VIEWS[view]["media"] == "screen":
        probes += ["focus", "targets"]  # both scroll
    opened.has_no([*opened.axe(), *(each for probe in probes for each in opened.probe(probe))])
