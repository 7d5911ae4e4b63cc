"""Add the addresses of new pages, records and files to published.txt.

Published addresses stay in the list. If one is no longer on the site, add a redirect
(`redirects` in conf.py) or, if a record was renamed, its old id as a target (`(old-id)=`).
"""

from __future__ import annotations

import argparse
import posixpath
import sys
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util.inventory import InventoryFile

from sphinx_portfolio.commands import CommandError
from sphinx_portfolio.exports.making import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Page(HTMLParser):
    """A built page or file: its ids, the files it announces, and whether it redirects."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.alternates: set[str] = set()
        self.exists = file.is_file()
        self.redirects = False
        if self.exists and file.suffix == ".html":
            self.feed(file.read_text("utf-8", "replace"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an id, a file or a redirect."""
        attributes = dict(attrs)
        if id_ := attributes.get("id"):
            self.ids.add(id_)
        if tag == "link" and attributes.get("rel") == "alternate":
            self.alternates.add(attributes.get("href") or "")
        if tag == "meta" and attributes.get("http-equiv") == "refresh":
            self.redirects = True

    def has(self, fragment: str) -> bool:
        """Check if the address of the page with this fragment leads somewhere."""
        return self.exists and (not fragment or self.redirects or fragment in self.ids)


def addresses(inventory: Path) -> set[str]:
    """Return the addresses of pages and records in an inventory; CommandError if it is damaged."""
    try:
        with inventory.open("rb") as file:
            types = InventoryFile.load(file, "", posixpath.join)
    except (ValueError, zlib.error) as error:
        message = f"{inventory} is damaged ({error}): build the site again"
        raise CommandError(message) from error
    return {
        item.uri
        for type_, items in types.items()
        if type_ == "std:doc" or type_.startswith("portfolio:")
        for item in items.values()
    }


def files(site: Path) -> set[str]:
    """Return the addresses of the files that the home page announces."""
    return Page(site / "index.html").alternates


def gone(published: Iterable[str], site: Path) -> list[str]:
    """Return the published addresses that the site does not have."""
    pages: dict[str, Page] = {}
    missing = []
    for address in published:
        name, _, fragment = address.partition("#")
        if name not in pages:
            pages[name] = Page(site / name)
        if not pages[name].has(fragment):
            missing.append(address)
    return missing


def main(arguments: Sequence[str]) -> int:
    """Add the site's new addresses to the list; return 1 if published ones are gone.

    Raises CommandError if the site or the list can't be read.
    """
    parser = argparse.ArgumentParser(prog="sphinx-portfolio publish", description=__doc__)
    parser.add_argument("--site", type=Path, default=Path("_build/html"), help="the built site")
    parser.add_argument("--list", type=Path, default=Path("published.txt"), help="the list")
    options = parser.parse_args(arguments)
    inventory = options.site / "objects.inv"
    if not inventory.is_file():
        message = f"{options.site} has no site: build it first"
        raise CommandError(message)
    current = addresses(inventory) | files(options.site)
    target = options.list.resolve()  # a link is followed
    try:
        published = target.read_text("utf-8").split() if target.exists() else []
    except UnicodeDecodeError as error:
        message = f"{options.list} is not UTF-8: save it as UTF-8"
        raise CommandError(message) from error
    if missing := gone(published, options.site):
        for address in missing:
            print(f"{address} is published, but not on the site", file=sys.stderr)
        print("Redirect a page in conf.py; give a record its old id as a target.", file=sys.stderr)
        return 1
    new = current - set(published)
    lines = sorted({*published, *new})
    if lines != published:
        write(target.parent, {target.name: "".join(f"{line}\n" for line in lines).encode()})
    print(f"{len(new)} new of {len(lines)} published addresses, in {options.list}")
    return 0
