"""The pybtex style of a bibliography of talks.

sphinxcontrib-bibtex wants a style that formats each entry. Talks are drawn from
their records (`listing`, `citations`), so this one formats nothing, and accepts
entries of any type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pybtex.plugin
from pybtex.richtext import Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle
from pybtex.style.labels import BaseLabelStyle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pybtex.database import Entry

NAME = "portfolio_talks"


class KeyLabels(BaseLabelStyle):  # type: ignore[misc]
    """Labels each entry with its key, which no other bibliography has for a label."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> list[str]:
        """Return the keys."""
        return [entry.key for entry in sorted_entries]


class TalkStyle(BaseStyle):  # type: ignore[misc]
    """Keeps the order of the entries and labels each with its key."""

    # BaseStyle takes `format_labels` and `sort` from these, not from methods of a style.
    default_label_style = NAME
    default_sorting_style = "none"

    def format_entry(self, label: str, entry: Entry, bib_data: object = None) -> FormattedEntry:
        """Return an entry without text."""
        return FormattedEntry(entry.key, Text(), label)


def register() -> None:
    """Make the styles known to pybtex."""
    pybtex.plugin.register_plugin("pybtex.style.labels", NAME, KeyLabels)
    pybtex.plugin.register_plugin("pybtex.style.formatting", NAME, TalkStyle)
