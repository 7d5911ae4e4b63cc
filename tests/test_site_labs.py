"""The labs: the same in Python and in browsers, short, with sources, and where they belong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from repository import REPOSITORY
from sphinx_portfolio.labs import lab
from support import one

if TYPE_CHECKING:
    from pathlib import Path

    from support import Site

FILES = sorted((REPOSITORY / "labs").glob("*.py"))
LINES = 240  # readers read them
# Where each lab is, and the other entries that it is about.
PLACES = {
    "backoff": ("experience/akamai#akamai-intern",),
    "btree": ("projects/btree-indexer#btree-indexer", "experience/vmware#vmware-maintainer"),
    "false_sharing": ("projects/locknt#locknt",),
    "michael_scott_queue": ("projects/locknt#locknt",),
    "pacer": ("talks/gc-pacer", "talks/index#go-gc-pacer"),
    "scheduler": (
        "projects/gse#gse",
        "talks/index#queues-fairness-go-scheduler",
        "talks/index#ebpf-and-the-go-scheduler",
    ),
    "treiber_stack": ("projects/locknt#locknt",),
    "utilization": ("projects/gse#gse", "talks/index#queues-fairness-go-scheduler"),
}

each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def test_each_lab_is_known() -> None:
    assert [file.stem for file in FILES] == list(PLACES)


@each_file
def test_python_and_micropython_agree_in_all_corners(file: Path) -> None:
    source = lab.read(file)
    corners = list(lab.corners(lab.run(source).parameters))
    assert len(corners) > 1
    differences = {str(values): lab.difference(source, values) for values in corners}
    assert {values: found for values, found in differences.items() if found} == {}


@each_file
def test_a_lab_is_short_and_names_its_sources(file: Path) -> None:
    source = lab.read(file)
    assert len(source.text.splitlines()) <= LINES
    assert len(source.paragraphs) >= 3  # what to look for, limits, sources
    *_, sources = source.paragraphs
    found = re.split(r"^Source:", sources, flags=re.M)[1:]
    assert found
    for each in found:
        assert re.search(r"\(\d{4}\)|https://", each), each


@each_file
def test_a_lab_and_the_entries_that_it_is_about_link_to_each_other(site: Site, file: Path) -> None:
    place, *others = PLACES[file.stem]
    page, _, above = place.partition("#")
    figure = one(site[page], f"figure#lab-{file.stem.replace('_', '-')}")
    found = {urljoin(page, str(link["href"])) for link in figure.select(".portfolio-lab-about a")}
    assert found == {entry.replace("#", ".html#") for entry in others}
    for entry in [place, *others] if above else others:
        name, _, id_ = entry.partition("#")
        facts = one(site[name], f'[id="{id_}"]').select(".portfolio-fact-labs a")
        assert f"{page}.html#{figure['id']}" in {
            urljoin(f"{name}.html", str(link["href"])) for link in facts
        }, entry


def test_cards_of_projects_say_that_a_lab_is_there(site: Site) -> None:
    for name in ("index", "projects/index"):
        cards = site[name].select(".portfolio-cards > li:has(.portfolio-card-lab)")
        titles = {one(card, ".portfolio-card-title").get_text() for card in cards}
        assert titles == {"btree-indexer", "gse", "locknt"}
