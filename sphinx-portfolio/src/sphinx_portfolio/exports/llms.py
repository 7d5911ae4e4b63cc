"""The site for language models: an index of its pages, and all of them in one file.

The format is that of https://llmstxt.org: a title, a summary as a quote, and lists of links to
pages in Markdown. The section "Optional" has what may be left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sphinx_portfolio.exports.outline import folded
from sphinx_portfolio.model import Run
from sphinx_portfolio.model.markdown import block, inline, link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_portfolio.model import Portfolio

PAGES = "*.html.md"
INDEX = "llms.txt"
FULL = "llms-full.txt"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page or a file: `address` is that of the Markdown of a page, or of a file."""

    title: str
    address: str
    description: str = ""


def index(
    portfolio: Portfolio,
    title: str,
    description: str,
    pages: Iterable[Entry],
    files: Iterable[Entry],
) -> bytes:
    """Return llms.txt (UTF-8): the pages, and the files as what is optional.

    The heading is the person, or where there is none, the title.
    """
    blocks = [*_head(portfolio, title, description)]
    for of, entries in ((portfolio.translator.gettext("Pages"), pages), ("Optional", files)):
        if lines := [_item(entry) for entry in entries]:
            blocks += [f"## {of}", "\n".join(lines)]
    return _joined(blocks)


def full(portfolio: Portfolio, title: str, description: str, pages: Iterable[str]) -> bytes:
    """Return llms-full.txt (UTF-8) of pages in Markdown, whose headings begin at the second level.

    The heading of all is that of llms.txt. The first page does not repeat it.
    """
    heading, said = _head(portfolio, title, description)
    first, *others = [page.strip("\n") for page in pages] or [""]
    first = first.removeprefix(f"#{heading}\n\n")
    return _joined([heading, said, first, *others])


def bare(address: str) -> str:
    """Return an address as a link that shows it: short, unless it is relative."""
    return f"<{address}>" if urlsplit(address).scheme else link(address, address)


def _head(portfolio: Portfolio, title: str, description: str) -> Iterator[str]:
    person = portfolio.person
    yield f"# {inline((Run(folded(person.name or title)),))}"
    said = folded(description or person.summary or person.label)
    yield f"> {block(inline((Run(said),)))}" if said else ""


def _item(entry: Entry) -> str:
    linked = link(folded(entry.title), entry.address)
    about = inline((Run(folded(entry.description)),))
    return f"- {linked}: {about}" if about else f"- {linked}"


def _joined(blocks: Iterable[str]) -> bytes:
    return ("\n\n".join(filter(None, blocks)) + "\n").encode()
