"""Study at an institution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from sphinx_portfolio.model.dates import RecordError
from sphinx_portfolio.model.kind import STUDY, Kind, Option, Verbs
from sphinx_portfolio.model.kinds import position
from sphinx_portfolio.model.richtext import plain
from sphinx_portfolio.model.validators import straight, verbatim

QUOTES = ("study", "area", "score")


@dataclass(frozen=True, slots=True, kw_only=True)
class Degree(position.Position):
    """A degree.

    `study`, `area` and `score` are parts of the title: "Bachelor of Technology",
    "Computer Science", "9.36/10". `coursework` is the term of the detail that
    lists the courses.
    """

    kind: ClassVar[str] = "degree"

    area: str = ""
    study: str = ""
    score: str = ""
    coursework: str = ""

    @property
    def study_type(self) -> str:
        """The kind of study; the whole title if unknown."""
        return self.study or self.title

    @property
    def courses(self) -> tuple[str, ...]:
        """The courses that the coursework lists, separated by commas."""
        listed = (plain(each.text) for each in self.details if plain(each.term) == self.coursework)
        return tuple(
            course.strip() for text in listed for course in text.split(",") if course.strip()
        )


def finish(degree: Degree) -> Degree:
    """Take quotes as they are in the title and term; RecordError if they are not there."""
    terms = [plain(each.term) for each in degree.details]
    found = [term for term in terms if straight(term) == straight(degree.coursework)]
    if degree.coursework and not found:
        known = f": write one of {', '.join(map(repr, terms))}" if terms else ": write it below"
        message = f":courses: no definition here has the term {degree.coursework!r}{known}"
        raise RecordError(message)
    quotes: dict[str, Any] = {}
    for name in QUOTES:
        words = getattr(degree, name)
        quotes[name] = verbatim(degree.title, words)
        if words and not quotes[name]:
            message = f":{name}: {words!r} must appear verbatim in the title, {degree.title!r}"
            raise RecordError(message)
    return replace(degree, coursework=found[0] if found else "", **quotes)


KIND = Kind(
    record=Degree,
    plural="degrees",
    options=(
        *position.OPTIONS,
        Option("study", "Kind of degree, part of the title"),
        Option("area", "Subject, part of the title"),
        Option("score", "Grade, part of the title"),
        Option(
            "courses", "Term of the definition below that lists the courses", field="coursework"
        ),
    ),
    read=position.read,
    finish=finish,
    facts=position.FACTS,
    line=position.LINE,
    section="Education",
    shape="headed",
    lane=STUDY,
    verbs=Verbs(start="Started", end="Finished"),
    json_section="education",
    json={
        "institution": "organization",
        "url": "url",
        "area": "area",
        "studyType": "study_type",
        "startDate": "start",
        "endDate": "end",
        "score": "score",
        "courses": ["courses"],
    },
)
