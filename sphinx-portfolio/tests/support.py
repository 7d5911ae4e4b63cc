"""What tests share: BibTeX, the command line, and readers of pages and contact cards."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, TypeAlias

from bs4 import BeautifulSoup, Tag
from icalendar import vN, vOrg
from icalendar.parser import Contentline, Contentlines

from sphinx_portfolio.bibtex.bibliographies import no_entries, read_works
from sphinx_portfolio.bibtex.kinds import BIB_KINDS
from sphinx_portfolio.model import Talk

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping
    from pathlib import Path

    from sphinx_portfolio.bibtex.reader import BibEntry, Message

# What a built site depends on may not come from the machine that runs the tests.
HOSTS = ("READTHEDOCS", "GITHUB_")


class Site:
    """A built site, its pages parsed as a browser does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pages: dict[str, BeautifulSoup] = {}

    @property
    def names(self) -> list[str]:
        """The pages, without suffix."""
        pages = self.folder.rglob("*.html")
        return sorted(page.relative_to(self.folder).with_suffix("").as_posix() for page in pages)

    def __getitem__(self, name: str) -> BeautifulSoup:
        if name not in self._pages:
            text = (self.folder / f"{name}.html").read_text(encoding="utf-8")
            self._pages[name] = BeautifulSoup(text, "html5lib")
        return self._pages[name]


COMPLETE = {
    "author": "{Example, Ada}",
    "title": "{Organ Pipes}",
    "eventtitle": "{PipeCon}",
    "year": "2021",
}


def entry(key: str = "organ-pipes", type_: str = "unpublished", /, **fields: str | None) -> str:
    """Return a complete BibTeX entry with these fields changed, or removed by None."""
    written = [f"  {name} = {value}," for name, value in (COMPLETE | fields).items() if value]
    return "\n".join([f"@{type_}{{{key},", *written, "}", ""])


NO_TALKS = no_entries(BIB_KINDS["talk"].kind)


def read_talks(
    content: bytes, topics: Container[str], source: str = ""
) -> tuple[list[tuple[BibEntry, Talk]], list[Message]]:
    """Read a file of talks."""
    found, messages = read_works(content, BIB_KINDS["talk"], topics, source)
    return [(entry, talk) for entry, talk in found if isinstance(talk, Talk)], messages


def one(element: Tag, selector: str) -> Tag:
    """Return the one element that the selector finds in another."""
    found = element.select(selector)
    assert len(found) == 1, (selector, found)
    return found[0]


def card_lines(content: bytes) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return names, parameters and values of a vCard, as icalendar reads them."""
    found = []
    lines: list[Contentline] = Contentlines.from_ical(content)  # type: ignore[no-untyped-call]
    for line in filter(None, lines):
        name, parameters, raw = line.raw_parts()
        values: tuple[str, ...] = (line.parts()[2],)
        if name == "N":
            values = tuple(vN.from_ical(raw))
        elif name == "ORG":
            values = tuple(vOrg.from_ical(raw))
        elif name in {"URL", "PHOTO"}:  # addresses are not escaped
            values = (raw,)
        found.append((name, tuple(f"{key}={value}" for key, value in parameters.items()), values))
    return found


Portfolio: TypeAlias = "Callable[..., subprocess.CompletedProcess[str]]"
"""The command line: `portfolio(*arguments, environment=…, folder=…)`."""


def portfolio(
    *arguments: str | Path,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `sphinx-portfolio` in a folder, with variables added to an environment without host."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(HOSTS)}
    return subprocess.run(
        [sys.executable, "-m", "sphinx_portfolio", *arguments],
        env=inherited | dict(environment or {}),
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )


def of_schema(node: Any) -> Any:
    """Leave out the keys of JSON Resume that its schema does not have."""
    if isinstance(node, dict):
        return {key: of_schema(each) for key, each in node.items() if not key.startswith("x_")}
    return [of_schema(each) for each in node] if isinstance(node, list) else node
