"""What all records have in common. Names follow JSON Resume and schema.org."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from sphinx_portfolio.model.richtext import Detail, Highlight, RichText, Run, flatten, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_portfolio.model.dates import Date, Period
    from sphinx_portfolio.model.messages import Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An entry of a portfolio. `docname` and `id` are its address, `skills` are ids of skills.

    `styled_title` is the title with its styles, if it has any.
    """

    kind: ClassVar[str]

    id: str
    title: str
    styled_title: RichText = ()
    docname: str
    # The place in the sources, for messages; excluded from comparison.
    source: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)
    period: Period | None = None
    summary: RichText = ()
    highlights: tuple[Highlight, ...] = ()
    evidence: tuple[RichText, ...] = ()
    details: tuple[Detail, ...] = ()
    skills: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    # For whose CV it is, for all if empty; and whether it is on the short CV.
    audience: tuple[str, ...] = ()
    selected: bool = False

    @property
    def rich_title(self) -> RichText:
        """The title as rich text."""
        return self.styled_title or (Run(self.title),)

    @property
    def name(self) -> str:
        """The name in running text."""
        return self.title

    @property
    def short(self) -> str:
        """The name in narrow places."""
        return self.name

    @property
    def where(self) -> str:
        """The organization or event; empty if there is none."""
        return ""

    def dates(self, translator: Translator) -> str:
        """Return the dates as text; empty if unknown."""
        return self.period.text(translator) if self.period else ""

    def when(self, translator: Translator) -> str:
        """Return the dates, or the events that the record has instead."""
        return self.dates(translator)

    @property
    def occasions(self) -> tuple[tuple[Period, str], ...]:
        """The periods and names of the occasions, for kinds that have several."""
        return ()

    @property
    def occurrences(self) -> tuple[tuple[Date, str], ...]:
        """The dates and names of the occasions, for kinds that have several."""
        return ()

    @property
    def start(self) -> Date | None:
        """The first date; None if unknown."""
        return self.period.start if self.period else None

    @property
    def end(self) -> Date | None:
        """The last date; None if unknown or ongoing."""
        return self.period.end if self.period else None

    @property
    def place(self) -> str:
        """The place in the sources, `file:line`."""
        return f"{self.source}:{self.line}"

    @property
    def texts(self) -> Iterator[str]:
        """The texts in which a skill must be named that the record proves."""
        yield self.title
        yield plain(self.summary)
        yield from (plain(highlight.text) for highlight in flatten(self.highlights))
        yield from (plain(detail.text) for detail in self.details)
