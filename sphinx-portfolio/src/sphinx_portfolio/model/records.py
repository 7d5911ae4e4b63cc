"""What all records have in common. Names follow JSON Resume and schema.org."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from sphinx_portfolio.model.richtext import Detail, Highlight, RichText, flatten, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_portfolio.model.dates import Date, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An entry of a portfolio. `docname` and `id` are its address, `skills` are ids of skills."""

    kind: ClassVar[str]

    id: str
    title: str
    docname: str
    # Where it is written, for messages; excluded from comparison.
    source: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)
    period: Period | None = None
    summary: RichText = ()
    highlights: tuple[Highlight, ...] = ()
    evidence: RichText = ()
    details: tuple[Detail, ...] = ()
    skills: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    # The readers whose CV has it, all if empty; and whether the short CV has it.
    audience: tuple[str, ...] = ()
    selected: bool = False

    @property
    def name(self) -> str:
        """The name in running text."""
        return self.title

    @property
    def short(self) -> str:
        """The name where there is little room."""
        return self.name

    @property
    def where(self) -> str:
        """The organization or event, if there is one."""
        return ""

    @property
    def when(self) -> str:
        """The dates as text; empty if unknown."""
        return self.period.text if self.period else ""

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
        """The first date."""
        return self.period.start if self.period else None

    @property
    def end(self) -> Date | None:
        """The last date; None if unknown or ongoing."""
        return self.period.end if self.period else None

    @property
    def place(self) -> str:
        """Where it is written: `file:line`."""
        return f"{self.source}:{self.line}"

    @property
    def texts(self) -> Iterator[str]:
        """Its texts, in which the name of a skill that it proves must occur."""
        yield self.title
        yield plain(self.summary)
        for highlight in flatten(self.highlights):
            yield plain(highlight.text)
        for detail in self.details:
            yield plain(detail.text)
