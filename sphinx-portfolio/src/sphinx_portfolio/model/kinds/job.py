"""Work for an employer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sphinx_portfolio.model.dates import Date
from sphinx_portfolio.model.kind import WORK, Fact, Kind, Option, Verbs, read_period
from sphinx_portfolio.model.kinds import position
from sphinx_portfolio.model.linked_data import Thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(position.Position):
    """A job of a `type`, such as part-time; its entry was known to be true at `reviewed`."""

    kind: ClassVar[str] = "job"

    type: str = ""
    reviewed: Date | None = None


ROLE = Thing(
    "EmployeeRole",
    {
        "roleName": "title",
        "startDate": "start",
        "endDate": "end",
        "description": "summary",
        "worksFor": position.EMPLOYER,
    },
)
REVIEWED = "When the entry of an ongoing job was last known to be true"
KIND = Kind(
    record=Job,
    plural="jobs",
    options=(
        *position.OPTIONS,
        Option("type", "Type of employment, such as part-time or contract"),
        Option("reviewed", REVIEWED, Date.parse),
    ),
    read=read_period,
    finish=position.finish,
    facts=(*position.FACTS, Fact("type", "Type", "type")),
    line=(("organization", "location"), ("type",), ("dates",)),
    section="Experience",
    shape="headed",
    lane=WORK,
    verbs=Verbs(start="Started", end="Finished"),
    cited_as={"project": "Used at"},
    json_section="work",
    json={
        "name": "organization",
        "location": "location",
        "position": "title",
        "url": "url",
        "startDate": "start",
        "endDate": "end",
        "summary": "summary",
        "highlights": ["highlights", "details"],
        "x_short": "shortname",
        "x_type": "type",
    },
    of_person={"worksFor": ROLE},
    microformat="p-experience h-event",
)
