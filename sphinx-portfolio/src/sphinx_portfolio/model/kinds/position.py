"""What jobs and degrees have in common: a position at an organization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sphinx_portfolio.model.dates import RecordError
from sphinx_portfolio.model.kind import DATES_FACT, END, START, Fact, Option
from sphinx_portfolio.model.linked_data import Thing
from sphinx_portfolio.model.records import Record
from sphinx_portfolio.model.validators import address

if TYPE_CHECKING:
    from sphinx_portfolio.model.messages import Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Position(Record):
    """A position at an organization, which has a page at `url`."""

    organization: str
    shortname: str = ""
    location: str = ""
    url: str = ""

    def dates(self, translator: Translator) -> str:
        """Return both dates."""
        return self.period.text(translator, is_range=True) if self.period else ""

    @property
    def name(self) -> str:
        """The organization."""
        return self.organization

    @property
    def short(self) -> str:
        """The organization's short name, by default its name."""
        return self.shortname or self.organization

    @property
    def where(self) -> str:
        """The organization."""
        return self.organization


P = TypeVar("P", bound=Position)


def finish(position: P) -> P:
    """Check that the short name is part of the name; raises RecordError."""
    if position.shortname and f" {position.shortname} " not in f" {position.organization} ":
        raise RecordError(
            f":short: {position.shortname!r} must appear verbatim in {position.organization!r}"
        )
    return position


OPTIONS = (
    Option("organization", "Name of the organization", example="Its name"),
    Option("short", "Short name for narrow places, part of the name", field="shortname"),
    Option("location", "Place of the organization"),
    Option("url", "Address of the organization", address),
    START,
    END,
)
FACTS = (
    DATES_FACT,
    Fact("organization", "Organization", "organization", target="url"),
    Fact("location", "Place", "location"),
)
LINE = (("organization", "location"), ("dates",))
EMPLOYER = Thing("Organization", {"name": "organization", "url": "url", "location": "location"})
SCHOOL = Thing("EducationalOrganization", EMPLOYER.properties)
