"""How a talk reads: its entry in the bibliography, and a citation of it.

pybtex's own styles drop `eventtitle`, `video` and `slides`, which are what a
reader of talks looks for. See the pybtex manual, "Designing styles", and the
sphinxcontrib-bibtex manual, "Custom formatting" and "Custom in-text citation
styles".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pybtex.plugin
import sphinxcontrib.bibtex.plugin
from pybtex.style.formatting.unsrt import Style as UnsrtStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting import BaseSortingStyle
from pybtex.style.template import (
    FieldIsMissing,
    field,
    first_of,
    href,
    join,
    node,
    optional,
    tag,
    words,
)
from sphinxcontrib.bibtex.style.referencing import BaseReferenceStyle
from sphinxcontrib.bibtex.style.template import entry_label, reference

from portfolio.bibtex import talk_date, text
from portfolio.dates import Date, RecordError
from portfolio.records import TALK_LINKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pybtex.database import Entry
    from pybtex.richtext import BaseText
    from pybtex.style.template import Node


@node  # type: ignore[untyped-decorator]
def event_and_date(children: Sequence[object], data: dict[str, Any]) -> BaseText:
    """Return "GopherCon 2022" or "Go Bangalore, July 2023": by year alone, or by month."""
    date = entry_date(data["entry"])
    if date is None:
        raise FieldIsMissing("eventdate", data["entry"])
    return join(sep=date.separator)[said("eventtitle"), date.text].format_data(data)


def entry_date(entry: Entry) -> Date | None:
    """Return an entry's date; None where it has none, as entries other than talks may."""
    try:
        return talk_date(entry.fields)
    except RecordError:
        return None


def said(name: str) -> Node:
    """Return a template of a field's words, as the record has them: no markup is left in them."""
    return field(name, raw=True, apply_func=text)


class NewestFirst(BaseSortingStyle):  # type: ignore[misc]
    """Sort by date, newest first; within a year or month, what is dated exactly comes first.

    Entries of one date are sorted by key: their order must not depend on which
    page cites what.
    """

    def sort(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return the entries, newest first."""
        by_key = sorted(entries, key=lambda entry: str(entry.key))
        return sorted(by_key, key=lambda entry: entry_date(entry) or Date(0), reverse=True)


class KeyLabel(BaseLabelStyle):  # type: ignore[misc]
    """Label an entry with its key, which is its address, too."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterable[str]:
        """Yield a label an entry."""
        return (entry.key for entry in sorted_entries)


class TalkStyle(UnsrtStyle):  # type: ignore[misc]
    """Talks, and other entries as pybtex's `unsrt` renders them."""

    default_sorting_style = NewestFirst
    default_label_style = KeyLabel

    def get_unpublished_template(self, entry: Entry) -> Node:
        """Render a talk as a résumé does: title, event, date, links."""
        if "eventtitle" not in entry.fields:
            return super().get_unpublished_template(entry)
        addresses = ((label, entry.fields.get(name)) for label, name in TALK_LINKS)
        return words[
            tag("strong")[said("title"), ":"],
            tag("em")[event_and_date],
            words[[href(url)["[", label, "]"] for label, url in addresses if url]],
        ]


@dataclass
class TalkReferenceStyle(BaseReferenceStyle):
    """Cite a talk by its title, linked; `{cite}` adds event and date, `{cite:t}` does not."""

    def role_names(self) -> Iterable[str]:
        """Return the roles this style knows: of `{cite:p}`, the plain `{cite}` is an alias."""
        return ["p", "t"]

    def outer(self, role_name: str, children: list[BaseText]) -> Node:
        """Join several citations."""
        return join(sep="; ")[children]

    def inner(self, role_name: str) -> Node:
        """Render one citation."""
        # What is no talk may have neither title nor event.
        title = reference[first_of[optional[said("title")], entry_label]]
        event = tag("em")[optional[event_and_date]]
        return title if role_name == "t" else join(sep=", ")[title, event]


def register() -> None:
    """Make the styles known to pybtex and sphinxcontrib-bibtex, both under the name `talks`."""
    pybtex.plugin.register_plugin("pybtex.style.formatting", "talks", TalkStyle)
    sphinxcontrib.bibtex.plugin.register_plugin(
        "sphinxcontrib.bibtex.style.referencing", "talks", TalkReferenceStyle
    )
