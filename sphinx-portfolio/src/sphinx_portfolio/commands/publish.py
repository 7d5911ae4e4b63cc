"""Add the addresses of new pages, records and files to published.txt, and retire old ones.

Published addresses stay in the list. If one is no longer on the site, add a redirect
(`redirects` in conf.py), or its old id as a target (`(old-id)=`) if a record was renamed, or
retire it: `--retire ADDRESS --to PAGE`. The list begins with the address of the site, once it
is known. Until then nobody can have linked to it, and addresses that are gone are removed.
"""

from __future__ import annotations

import argparse
import posixpath
import re
import sys
import zlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util.inventory import InventoryFile

from sphinx_portfolio.commands import CommandError
from sphinx_portfolio.exports import EXPORTS, SITE_EXPORTS
from sphinx_portfolio.exports.making import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


SITE = "# The published addresses of"
ADDRESS = re.compile(r"[^\s#:]+\.\w+(?:#\S+)?")  # of a page or file, or of something on a page
TWIN = ".md"  # after the name of a page: its Markdown
RETIRED = " -> "  # between a retired address and the page that replaces it


@dataclass
class Published:
    """The list: the site's address, the published addresses, and what replaces retired ones."""

    site: str = ""
    addresses: set[str] = field(default_factory=set)
    retired: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Published:
        """Read the text of the file; ValueError if it is something else."""
        published = cls()
        for line in text.splitlines():
            if line.startswith(SITE):
                published.site = line.removeprefix(SITE).strip()
            elif RETIRED in line:
                old, _, new = line.partition(RETIRED)
                published.retired[old] = new
            elif ADDRESS.fullmatch(line.strip()):
                published.addresses.add(line.strip())
            elif line.strip():
                message = f"{line.strip()[:40]!r} is not an address: name a list that publish wrote"
                raise ValueError(message)
        return published

    def text(self) -> str:
        """Return the text of the file."""
        retired = [f"{old}{RETIRED}{new}" for old, new in self.retired.items()]
        head = [f"{SITE} {self.site}"] if self.site else []
        return "".join(f"{line}\n" for line in (*head, *sorted((*self.addresses, *retired))))


class Page(HTMLParser):
    """A built page or file: its ids, canonical address, and redirect."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.canonical = ""
        self.exists = file.is_file()
        self.redirects = False
        if self.exists and file.suffix == ".html":
            self.feed(file.read_text("utf-8", "replace"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an id, the address or a redirect."""
        attributes = dict(attrs)
        if id_ := attributes.get("id"):
            self.ids.add(id_)
        if tag == "link" and attributes.get("rel") == "canonical":
            self.canonical = attributes.get("href") or ""
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
        raise CommandError(f"{inventory} is damaged ({error}): build the site again") from error
    return {
        item.uri
        for type_, items in types.items()
        if type_ == "std:doc" or type_.startswith("portfolio:")
        for item in items.values()
    }


def parts(records: Iterable[str], site: Path) -> set[str]:
    """Return the addresses of the files about single records, by the addresses of the records."""
    ids = {id_ for _, _, id_ in (record.partition("#") for record in records) if id_}
    names = {each.name_of_part(id_) for each in EXPORTS if each.parts for id_ in ids}
    return {name for name in names if (site / name).is_file()}


def files(site: Path, pages: Iterable[str]) -> set[str]:
    """Return the addresses of the files that are exported beside some pages."""
    found = {path for export in (*EXPORTS, *SITE_EXPORTS) for path in site.glob(export.name)}
    found |= {path for page in pages if (path := site / f"{page}{TWIN}").is_file()}
    return {path.relative_to(site).as_posix() for path in found}


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


def check_site(published: Published, current: str, path: Path) -> None:
    """Raise CommandError if the list is that of a site at another address."""
    if published.site and current and published.site != current:
        raise CommandError(
            f"{path} lists the addresses of {published.site}, but this site is {current}: "
            "delete the list if this is another site, or change its first line if the site moved"
        )


def retire(published: Published, address: str, page: str, site: Path) -> None:
    """Let a page replace an address; CommandError if either is unknown."""
    if address not in published.addresses:
        raise CommandError(f"{address} is not a published address: name one of the list")
    if gone([page], site):
        message = f"{page} is not on the site: name a page of the site, such as index.html"
        raise CommandError(message)
    published.addresses.discard(address)
    published.retired[address] = page


def read(path: Path) -> Published:
    """Return the list in a file, empty if it is missing; CommandError if the file is invalid."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise CommandError(f"{path} is not a file: name another one")
    try:
        return Published.parse(path.read_text("utf-8") if path.exists() else "")
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8: save it as UTF-8") from error
    except ValueError as error:
        raise CommandError(f"{path}: {error}") from error


def main(arguments: Sequence[str]) -> int:
    """Update the list; return 1 if published addresses are gone.

    Raises CommandError if the site or the list can't be read, or an option is invalid.
    """
    parser = argparse.ArgumentParser(prog="sphinx-portfolio publish", description=__doc__)
    parser.add_argument("--site", type=Path, default=Path("_build/html"), help="the built site")
    parser.add_argument("--list", type=Path, default=Path("published.txt"), help="the list")
    parser.add_argument("--retire", metavar="ADDRESS", help="a published address to give up")
    parser.add_argument("--to", metavar="PAGE", help="the page that replaces it")
    options = parser.parse_args(arguments)
    if bool(options.retire) != bool(options.to):
        parser.error("--retire and --to go together")
    inventory = options.site / "objects.inv"
    if not inventory.is_file():
        raise CommandError(f"{options.site} has no site: build it first")
    home = Page(options.site / "index.html")
    site = home.canonical.removesuffix("index.html")
    listed = addresses(inventory)
    pages = {address.partition("#")[0] for address in listed}
    current = listed | files(options.site, pages) | parts(listed, options.site)
    target = options.list.resolve()  # a link is followed
    published = read(options.list)
    check_site(published, site, options.list)
    if options.retire:
        retire(published, options.retire, options.to, options.site)
    missing = gone([*published.addresses, *published.retired.values()], options.site)
    for address in sorted(missing):
        print(f"{address} is published, but not on the site", file=sys.stderr)
    if missing and published.site:
        print(
            "Redirect a page in conf.py, give a record its old id as a target, or retire the "
            f"address. If this site is not {published.site}, delete {options.list}.",
            file=sys.stderr,
        )
        return 1
    if missing:
        print(f"Removed from {options.list}: the site was never published.", file=sys.stderr)
        published.addresses -= set(missing)
        published.retired = {a: b for a, b in published.retired.items() if b not in missing}
    new = current - published.addresses - published.retired.keys()
    published.addresses |= new
    published.site = published.site or site
    write(target.parent, {target.name: published.text().encode()})
    print(f"{len(new)} new of {len(published.addresses)} published addresses, in {options.list}")
    return 0
