"""Everything hangs on one axis: facts and side heads left of it, words right of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from browser.conftest import Visitor
    from browser.visit import Visit

# As `{figure}` writes one.
FIGURE = """
<figure class="align-default">
  <img alt="Leaves" width="900" height="300"
       src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 900 300'/>">
  <figcaption><p><span class="caption-text">Serve paginated LIST calls</span></p></figcaption>
</figure>
"""


def box(visited: Visit, selector: str) -> dict[str, Any]:
    found = visited.page.locator(selector).first.bounding_box()
    assert found, selector
    return {**found, "right": found["x"] + found["width"], "bottom": found["y"] + found["height"]}


@pytest.mark.parametrize("view", ["light", "print"])
def test_facts_and_side_heads_stand_left_of_the_words(visit: Visitor, view: str) -> None:
    for name, aside, words in (
        ("projects/gse", ".portfolio-facts", "article h1"),
        ("experience/vmware", ".portfolio-facts", "article h2"),
        ("talks/index", "#year-2023 > h2", "#year-2023 strong > a"),
        ("talks/index", "#year-2023 .portfolio-when", "#year-2023 strong > a"),
        ("index", "#newest-talks .portfolio-when", "#newest-talks strong > a"),
        ("skills", "#programming-languages > h2", "#go > h3"),
    ):
        visited = visit(name, view)
        title = box(visited, "article h1")
        assert box(visited, aside)["right"] < box(visited, words)["x"]
        assert box(visited, words)["x"] == pytest.approx(title["x"], abs=1)


def test_a_talk_has_its_month_beside_its_title_and_its_links_in_a_line(visit: Visitor) -> None:
    visited = visit("talks/index")
    title, when, event, links, bibtex = (
        box(visited, f".portfolio-talk {part}")
        for part in ("h3 a", ".portfolio-when", ".portfolio-event", ".portfolio-links", "summary")
    )
    assert abs(title["bottom"] - when["bottom"]) < 12
    assert title["bottom"] < event["bottom"] < links["bottom"]
    assert abs(links["bottom"] - bibtex["bottom"]) < 4
    assert links["right"] < bibtex["x"]
    visited.page.locator(".portfolio-talk summary").first.click()
    block = box(visited, ".portfolio-talk .portfolio-copy")
    assert block["x"] == pytest.approx(title["x"], abs=1)
    assert block["y"] > bibtex["y"]


def test_what_is_alike_in_a_row_of_cards_stands_on_one_line(visit: Visitor) -> None:
    visited = visit("index")
    for part in (".portfolio-span", ".portfolio-card-title", ".portfolio-card-dates"):
        cards = visited.page.locator(f".portfolio-cards {part}").all()
        tops = [round(found["y"]) for card in cards if (found := card.bounding_box())]
        assert len(set(tops[:2])) == len(set(tops[2:])) == 1


def test_a_figure_hangs_on_the_axis(visit: Visitor) -> None:
    for view in ("light", "320px"):
        visited = visit("projects/grofer", view)
        section = visited.page.locator("article section")
        section.evaluate("(it, html) => it.insertAdjacentHTML('beforeend', html)", FIGURE)
        drawing, caption = box(visited, "figure img"), box(visited, "figcaption")
        words, facts = box(visited, "article section > ul"), box(visited, ".portfolio-facts")
        assert drawing["x"] == pytest.approx(words["x"], abs=1)
        assert caption["x"] == pytest.approx(facts["x"], abs=1)
        assert drawing["width"] <= words["width"]
        if view == "light":
            assert caption["right"] < drawing["x"]
            assert caption["y"] == pytest.approx(drawing["y"], abs=4)
        else:
            assert caption["y"] >= drawing["bottom"]
        visited.has_no([*visited.probe("scroll"), *visited.probe("overlap")])
