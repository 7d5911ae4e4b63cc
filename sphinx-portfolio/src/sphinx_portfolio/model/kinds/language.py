"""A language that the person speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sphinx_portfolio.model.kind import Fact, Kind, Option
from sphinx_portfolio.model.linked_data import Thing
from sphinx_portfolio.model.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Language(Record):
    """A language, which the title names; `fluency` is how well it is spoken."""

    kind: ClassVar[str] = "language"

    fluency: str = ""

    @property
    def where(self) -> str:
        """The fluency, which lists show beside the name."""
        return self.fluency


KIND = Kind(
    record=Language,
    plural="languages",
    options=(Option("fluency", "How well it is spoken, such as native or C1"),),
    facts=(Fact("fluency", "Fluency", "fluency"),),
    line=(("fluency",),),
    section="Languages",
    shape="inline",
    json_section="languages",
    json={
        "language": "title",
        "fluency": "fluency",
        "x_summary": "summary",
        "x_highlights": ["highlights", "details"],
    },
    of_person={"knowsLanguage": Thing("Language", {"name": "title", "description": "fluency"})},
)
