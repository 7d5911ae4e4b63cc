"""Published addresses stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repository import REPOSITORY
from sphinx_portfolio.commands.publish import Published, files, gone

if TYPE_CHECKING:
    from support import Site


def test_published_addresses_are_on_the_site(site: Site) -> None:
    published = Published.parse((REPOSITORY / "published.txt").read_text(encoding="utf-8"))
    assert published.addresses
    missing = gone([*published.addresses, *published.retired.values()], site.folder)
    assert missing == [], "redirect it, keep its id as a target, or retire it: see CONTRIBUTING.md"


def test_each_exported_file_is_published(site: Site) -> None:
    published = Published.parse((REPOSITORY / "published.txt").read_text(encoding="utf-8"))
    pages = {address for address in published.addresses if address.endswith(".html")}
    known = published.addresses | published.retired.keys()
    assert files(site.folder, pages) - known == set(), "run nox -s publish"
