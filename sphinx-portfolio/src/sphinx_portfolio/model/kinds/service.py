"""Volunteering: at events, or for an organization."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from sphinx_portfolio.model.dates import Date, Period, RecordError, ending_year
from sphinx_portfolio.model.kind import AWARDS, END, START, Fact, Kind, Option, Verbs, read_period
from sphinx_portfolio.model.linked_data import Node, Thing
from sphinx_portfolio.model.records import Record
from sphinx_portfolio.model.richtext import RichText, Run
from sphinx_portfolio.model.validators import words

if TYPE_CHECKING:
    from sphinx_portfolio.model.kind import Options
    from sphinx_portfolio.model.messages import Translator
    from sphinx_portfolio.model.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Record):
    """Volunteering; the name of each of the `events` ends in its year."""

    kind: ClassVar[str] = "service"

    organization: str = ""
    events: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The organization."""
        return self.organization

    def when(self, translator: Translator) -> str:
        """Return the events, by default the dates."""
        return ", ".join(self.events) or self.dates(translator)

    @property
    def occasions(self) -> tuple[tuple[Period, str], ...]:
        """The year and name of each event; empty if the dates are more exact than the events."""
        years = [Date(int(year)) for year in map(ending_year, self.events) if year]
        if not years or len(years) < len(self.events):
            return ()
        if self.period != Period(min(years), max(years)):
            return ()
        return tuple((Period(year, year), it) for year, it in zip(years, self.events, strict=True))

    @property
    def occurrences(self) -> tuple[tuple[Date, str], ...]:
        """The year and name of each event; the first date for one without a year."""
        if self.period is None:
            return ()
        years = [(ending_year(event), event) for event in self.events]
        return tuple((Date(int(year)) if year else self.period.start, it) for year, it in years)


def read(options: Options) -> dict[str, Any]:
    """Read events, each with its year, or a period; raises RecordError."""
    events = words(options.get("events", ""))
    if not events or options.get("start"):
        return {"events": events, **read_period(options)}
    years = [ending_year(event) for event in events]
    if not all(years):
        raise RecordError(f"each of the :events: must end in its year, or add :start:: {events}")
    return {"events": events, "period": Period.parse(min(years), max(years))}


def dates(service: Service, portfolio: Portfolio) -> RichText:
    """Return the dates if there are no events."""
    return () if service.events else (Run(service.when(portfolio.translator)),)


def host(service: Service, portfolio: Portfolio) -> str:
    """Return the organization, by default the events."""
    return service.organization or ", ".join(service.events)


def events(service: Service, portfolio: Portfolio) -> tuple[str, ...]:
    """Return the events if they are not the host."""
    return service.events if service.organization else ()


ROLE = Thing(
    "OrganizationRole",
    {
        "roleName": "title",
        "startDate": "start",
        "endDate": "end",
        "description": "summary",
        "affiliation": Thing("Organization", {"name": "organization"}),
    },
)


def role(service: Service, portfolio: Portfolio) -> Thing | None:
    """Return the role at the organization; nothing if there is none."""
    return ROLE if service.organization else None


def event_roles(service: Service, portfolio: Portfolio) -> tuple[Node, ...]:
    """Return the role at each event."""
    return tuple(
        {
            "@type": "Role",
            "roleName": service.title,
            "performerIn": {"@type": "Event", "name": event},
        }
        for event in service.events
    )


KIND = Kind(
    record=Service,
    plural="services",
    numbered=("{count} volunteer role", "{count} volunteer roles"),
    options=(
        Option("events", "Occasions, separated by commas; each ends in its year", read=None),
        Option("organization", "Name of the organization"),
        replace(START, description="First date, if the events do not have it", example=""),
        END,
    ),
    read=read,
    facts=(
        Fact("events", "Events", "events", emphasis=True),
        Fact("dates", "Dates", dates),
        Fact("organization", "Organization", "organization"),
    ),
    line=(("organization",), ("events",), ("dates",)),
    section="Volunteering",
    shape="inline",
    lane=AWARDS,
    verbs=Verbs(start="Started", once="Volunteering", end="Finished"),
    json_section="volunteer",
    json={
        "organization": host,
        "position": "title",
        "startDate": "start",
        "endDate": "end",
        "summary": "summary",
        "highlights": [events, "highlights", "details"],
    },
    of_person={"affiliation": role, "performerIn": event_roles},
)
