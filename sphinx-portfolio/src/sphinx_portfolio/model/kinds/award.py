"""An award or a prize."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sphinx_portfolio.model.kind import AWARDS, DATE, DATE_FACT, Fact, Kind, Option, Verbs
from sphinx_portfolio.model.records import Record

if TYPE_CHECKING:
    from sphinx_portfolio.model.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class Award(Record):
    """An award; `organization` is who gave it."""

    kind: ClassVar[str] = "award"

    organization: str = ""

    @property
    def where(self) -> str:
        """The organization."""
        return self.organization


def said(award: Award, portfolio: Portfolio) -> str:
    """Return title, organization and date as text: schema.org has no type for an award."""
    aside = ", ".join(filter(None, (award.organization, str(award.start or ""))))
    return f"{award.title} ({aside})" if aside else award.title


KIND = Kind(
    record=Award,
    plural="awards",
    options=(Option("organization", "Name of the organization that gave it"), DATE),
    facts=(DATE_FACT, Fact("organization", "Organization", "organization")),
    line=(("organization",), ("dates",)),
    section="Awards",
    shape="inline",
    lane=AWARDS,
    verbs=Verbs(once="Awards"),
    feed="Award: {title} ({dates})",
    json_section="awards",
    json={
        "title": "title",
        "date": "start",
        "awarder": "organization",
        "summary": ("summary", "highlights", "details"),
    },
    of_person={"award": said},
)
