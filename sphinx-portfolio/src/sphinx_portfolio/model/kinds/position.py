"""What jobs and degrees have in common: someone is something at an organization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinx_portfolio.model.dates import RecordError
from sphinx_portfolio.model.kind import DATES_FACT, PERIOD, Fact, Option, read_period
from sphinx_portfolio.model.records import Record
from sphinx_portfolio.model.validators import address

if TYPE_CHECKING:
    from sphinx_portfolio.model.kind import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Position(Record):
    """A position at an organization; `url` is the organization's address."""

    organization: str
    shortname: str = ""
    location: str = ""
    url: str = ""

    @property
    def name(self) -> str:
        """The organization."""
        return self.organization

    @property
    def short(self) -> str:
        """The organization's short name, which is part of its name."""
        return self.shortname or self.organization

    @property
    def where(self) -> str:
        """The organization."""
        return self.organization


def read(options: Options) -> dict[str, Any]:
    """Read what depends on other options: dates, and the short name."""
    short, organization = options.get("short", ""), options["organization"]
    if short and f" {short} " not in f" {organization} ":
        message = f":short: {short!r} must appear verbatim in {organization!r}"
        raise RecordError(message)
    return {"shortname": short, **read_period(options)}


OPTIONS = (
    Option("organization", "Name of the organization", example="Its name"),
    Option("short", "Short name for narrow places, part of the name", read=None),
    Option("location", "Where it is"),
    Option("url", "Address of the organization", address),
    *PERIOD,
)
FACTS = (
    DATES_FACT,
    Fact("organization", "Organization", "organization", target="url"),
    Fact("location", "Place", "location"),
)
LINE = (("organization", "location"), ("dates",))
