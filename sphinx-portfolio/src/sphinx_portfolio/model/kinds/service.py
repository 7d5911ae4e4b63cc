"""Volunteering: at events, or for an organization."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from sphinx_portfolio.model.dates import Date, Period, RecordError, ending_year
from sphinx_portfolio.model.kind import AWARDS, DATES_FACT, Fact, Kind, Option, Verbs
from sphinx_portfolio.model.records import Record
from sphinx_portfolio.model.validators import words

if TYPE_CHECKING:
    from sphinx_portfolio.model.kind import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Record):
    """Volunteering; `events` are the occasions, each of which ends in its year."""

    kind: ClassVar[str] = "service"

    organization: str = ""
    events: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The organization."""
        return self.organization

    @property
    def when(self) -> str:
        """The events, which name their years, else the dates."""
        return ", ".join(self.events) or (self.period.text if self.period else "")

    @property
    def occasions(self) -> tuple[tuple[Period, str], ...]:
        """Each event and its year; nothing if the dates say more than the events do."""
        years = [ending_year(event) for event in self.events]
        dates = [Date(int(year)) for year in years if year]
        if not dates or len(dates) < len(self.events):
            return ()
        if self.period != Period(min(dates), max(dates)):
            return ()
        return tuple((Period(date, date), it) for date, it in zip(dates, self.events, strict=True))

    @property
    def occurrences(self) -> tuple[tuple[Date, str], ...]:
        """Each event and its year; if it names none, the first date."""
        years = [(event, ending_year(event)) for event in self.events]
        return tuple(
            (Date(int(year)) if year else self.period.start, event)
            for event, year in years
            if self.period
        )

    @property
    def host(self) -> str:
        """The organization; the events if there is none."""
        return self.organization or ", ".join(self.events)

    @property
    def hosted_events(self) -> tuple[str, ...]:
        """The events, unless they are the host."""
        return self.events if self.organization else ()


def read(options: Options) -> dict[str, Any]:
    """Read events, each with its year, or a period."""
    events = words(options.get("events", ""))
    if events and not options.get("start"):
        years = [ending_year(event) for event in events]
        dates = sorted(Date.parse(year) for year in years if year)
        if len(dates) < len(events):
            message = f"each of the :events: must end in its year, or add :start:: {events}"
            raise RecordError(message)
        return {"events": events, "period": Period(dates[0], dates[-1])}
    if not options.get("start"):
        message = "the option :start: is missing: add a line such as `:start: 2021-08`"
        raise RecordError(message)
    period = Period.parse(options["start"], options.get("end", ""))
    return {"events": events, "period": period}


KIND = Kind(
    record=Service,
    plural="services",
    options=(
        Option("events", "Occasions, separated by commas; each ends in its year", read=None),
        Option("organization", "Name of the organization"),
        Option("start", "First date, if the events do not say it", read=None),
        Option("end", "Last date; empty or `present` means ongoing", read=None),
    ),
    read=read,
    facts=(
        Fact("events", "Events", "events", emphasis=True),
        replace(DATES_FACT, unless="events"),
        Fact("organization", "Organization", "organization"),
    ),
    line=(("organization",), ("events",), ("dates",)),
    section="Volunteering",
    shape="run-in",
    lane=AWARDS,
    verbs=Verbs(start="Started", once="Served", end="Finished"),
    json_section="volunteer",
    json={
        "organization": "host",
        "position": "title",
        "startDate": "start",
        "endDate": "end",
        "summary": "summary",
        "highlights": ["hosted_events", "highlights", "details"],
    },
)
