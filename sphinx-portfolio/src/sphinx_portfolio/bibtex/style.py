"""The pybtex style of a bibliography of works: it keeps the order of entries and formats nothing.

sphinxcontrib-bibtex requires a style; works are drawn from their records (`listing`, `citations`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pybtex.plugin import Plugin, register_plugin
from pybtex.richtext import Text
from pybtex.style import FormattedEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pybtex.database import Entry

NAME = "portfolio_works"


class WorkStyle(Plugin):  # type: ignore[misc]
    """The methods of a formatting style that sphinxcontrib-bibtex calls."""

    def sort(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return the entries in their order."""
        return list(entries)

    def format_labels(self, entries: Iterable[Entry]) -> list[str]:
        """Return the keys as labels: no label of another bibliography is the same."""
        return [entry.key for entry in entries]

    def format_entry(self, label: str, entry: Entry) -> FormattedEntry:
        """Return an entry without text."""
        return FormattedEntry(entry.key, Text(), label)


def register() -> None:
    """Register the style with pybtex."""
    register_plugin("pybtex.style.formatting", NAME, WorkStyle)
