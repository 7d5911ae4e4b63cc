"""An award or a prize."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sphinx_portfolio.model.kind import AWARDS, DATE, DATE_FACT, Kind, Verbs
from sphinx_portfolio.model.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Award(Record):
    """An award."""

    kind: ClassVar[str] = "award"


KIND = Kind(
    record=Award,
    plural="awards",
    options=(DATE,),
    facts=(DATE_FACT,),
    line=(("dates",),),
    section="Awards",
    shape="inline",
    lane=AWARDS,
    verbs=Verbs(once="Awards"),
    json_section="awards",
    json={"title": "title", "date": "start", "summary": ("summary", "highlights", "details")},
)
