"""A skill, proven by the records that name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sphinx_portfolio.model.kind import Fact, Kind, Option
from sphinx_portfolio.model.records import Record
from sphinx_portfolio.model.validators import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill(Record):
    """A skill: `aliases` are other words for it, `group` is the heading above its own.

    `level` is how well it is mastered.
    """

    kind: ClassVar[str] = "skill"

    group: str = ""
    aliases: tuple[str, ...] = ()
    level: str = ""

    @property
    def label(self) -> str:
        """The title in a list of skills, with the level: `Go (expert)`."""
        return f"{self.title} ({self.level})" if self.level else self.title


KIND = Kind(
    record=Skill,
    plural="skills",
    options=(
        Option("aliases", "Other words for it, separated by commas", words),
        Option("level", "How well it is mastered, such as expert"),
    ),
    facts=(Fact("level", "Level", "level"),),
    section="Skills",
    shape="skills",
    json_section="skills",
    of_person={"knowsAbout": "title"},
    microformat="p-skill",
)
