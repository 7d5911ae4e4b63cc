"""The site for language models: an index of its pages, and all of them in one file.

The format is that of https://llmstxt.org: a title, a summary as a quote, and lists of links to
pages in Markdown. The section "Optional" has what may be left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    portfolio: Portfolio, description: str, pages: Iterable[Entry], files: Iterable[Entry]
) -> bytes:
    """Return llms.txt (UTF-8): the pages, and the files as what is optional."""
    blocks = [*_head(portfolio, description)]
    for title, entries in ((portfolio.translator.gettext("Pages"), pages), ("Optional", files)):
        if lines := [_item(entry) for entry in entries]:
            blocks += [f"## {title}", "\n".join(lines)]
    return _joined(blocks)


def full(portfolio: Portfolio, description: str, pages: Iterable[str]) -> bytes:
    """Return llms-full.txt (UTF-8) of pages in Markdown, whose headings begin at the second level.

    The person is the heading of all.
    """
    return _joined([*_head(portfolio, description), *(page.strip("\n") for page in pages)])


def _head(portfolio: Portfolio, description: str) -> Iterator[str]:
    person = portfolio.person
    yield f"# {inline((Run(folded(person.name)),))}"
    said = folded(description or person.summary or person.label)
    yield f"> {block(inline((Run(said),)))}" if said else ""


def _item(entry: Entry) -> str:
    linked = link(folded(entry.title), entry.address)
    about = inline((Run(folded(entry.description)),))
    return f"- {linked}: {about}" if about else f"- {linked}"


def _joined(blocks: Iterable[str]) -> bytes:
    return ("\n\n".join(filter(None, blocks)) + "\n").encode()
