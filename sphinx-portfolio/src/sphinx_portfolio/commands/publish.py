"""Add the addresses of new pages, records and files to published.txt.

The list holds every page and record that the built site's inventory has had, and every file that
its pages announce, such as the CV.
Published addresses are never taken off: one that is gone wants a redirect
(`redirects` in conf.py) or, for a record that was renamed, its old id as a
target (`(old-id)=`) where it is now.
"""

from __future__ import annotations

import argparse
import posixpath
import sys
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from sphinx.util.inventory import InventoryFile

from sphinx_portfolio.exports.making import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def addresses(inventory: Path) -> set[str]:
    """Return the addresses of pages and records that an inventory (objects.inv) lists."""
    with inventory.open("rb") as file:
        kinds = InventoryFile.load(file, "", posixpath.join)
    return {
        item.uri
        for kind, items in kinds.items()
        if kind == "std:doc" or kind.startswith("portfolio:")
        for item in items.values()
    }


def files(site: Path) -> set[str]:
    """Return the addresses of the files that home announces beside the pages."""
    return Page(site / "index.html").alternates


def gone(published: Iterable[str], site: Path) -> list[str]:
    """Return the published addresses at which the site has nothing any more."""
    pages: dict[str, Page] = {}
    missing = []
    for address in published:
        name, fragment = urldefrag(address)
        if name not in pages:
            pages[name] = Page(site / name)
        if not pages[name].stands(fragment):
            missing.append(address)
    return missing


class Page(HTMLParser):
    """A built page or file: its ids, what it announces, and whether it leads on to another page."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.alternates: set[str] = set()
        self.exists = file.is_file()
        self.redirects = False
        if self.exists and file.suffix == ".html":
            self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an id, a file or a redirect."""
        attributes = dict(attrs)
        if id_ := attributes.get("id"):
            self.ids.add(id_)
        if tag == "link" and attributes.get("rel") == "alternate":
            self.alternates.add(attributes.get("href") or "")
        if tag == "meta" and attributes.get("http-equiv") == "refresh":
            self.redirects = True

    def stands(self, fragment: str) -> bool:
        """Tell whether there is something at the page's address with this fragment."""
        return self.exists and (not fragment or self.redirects or fragment in self.ids)


def main(arguments: Sequence[str]) -> int:
    """Add the site's new addresses to the list; 1 where published ones are gone."""
    parser = argparse.ArgumentParser(prog="sphinx-portfolio publish", description=__doc__)
    parser.add_argument("--site", type=Path, default=Path("_build/html"), help="the built site")
    parser.add_argument("--list", type=Path, default=Path("published.txt"), help="the list")
    options = parser.parse_args(arguments)
    inventory = options.site / "objects.inv"
    if not inventory.is_file():
        print(f"There is no site at {options.site}: build it first.", file=sys.stderr)
        return 2
    try:
        standing = addresses(inventory) | files(options.site)
    except (ValueError, zlib.error) as error:
        print(f"{inventory} is damaged ({error}): build the site again.", file=sys.stderr)
        return 2
    try:
        text = options.list.read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    except UnicodeDecodeError:
        print(f"{options.list} is not UTF-8: save it as UTF-8.", file=sys.stderr)
        return 2
    published = text.split()
    if missing := gone(published, options.site):
        for address in missing:
            print(f"{address} is published and gone", file=sys.stderr)
        print("Redirect a page in conf.py; give a record its old id as a target.", file=sys.stderr)
        return 1
    new = standing - set(published)
    lines = sorted({*published, *new})
    content = "".join(f"{line}\n" for line in lines).encode()
    write(options.list.parent, {options.list.name: content})
    print(f"{len(new)} new of {len(lines)} published addresses, in {options.list}")
    return 0
