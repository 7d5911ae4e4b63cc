"""Study at an institution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from sphinx_portfolio.model.dates import RecordError
from sphinx_portfolio.model.kind import STUDY, Kind, Option, Verbs, read_period
from sphinx_portfolio.model.kinds import position
from sphinx_portfolio.model.linked_data import Thing
from sphinx_portfolio.model.richtext import plain
from sphinx_portfolio.model.validators import straight, verbatim, words

if TYPE_CHECKING:
    from sphinx_portfolio.model.portfolio import Portfolio
    from sphinx_portfolio.model.richtext import Detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Degree(position.Position):
    """A degree.

    `study`, `area` and `score` are parts of the title: "Bachelor of Technology",
    "Computer Science", "9.36/10". `coursework` is the term of the detail that
    lists the courses, separated by commas.
    """

    kind: ClassVar[str] = "degree"

    area: str = ""
    study: str = ""
    score: str = ""
    coursework: str = ""

    @property
    def courses(self) -> tuple[str, ...]:
        """The courses of the coursework."""
        listed = (plain(each.text) for each in self.details if self.is_coursework(each))
        return words(",".join(listed))

    def is_coursework(self, detail: Detail) -> bool:
        """Return whether a detail lists the courses."""
        return bool(self.coursework) and plain(detail.term) == self.coursework


def finish(degree: Degree) -> Degree:
    """Take the parts of the title as it writes them, and the term likewise; raises RecordError."""
    position.finish(degree)
    parts: dict[str, Any] = {}
    for name in ("study", "area", "score"):
        part = getattr(degree, name)
        parts[name] = verbatim(degree.title, part)
        if part and not parts[name]:
            message = f":{name}: {part!r} must appear verbatim in the title, {degree.title!r}"
            raise RecordError(message)
    wanted, terms = straight(degree.coursework), [plain(each.term) for each in degree.details]
    term = next((each for each in terms if straight(each) == wanted), "")
    if wanted and not term:
        known = f"write one of {', '.join(map(repr, terms))}" if terms else "add it below"
        message = f":courses: no definition here has the term {degree.coursework!r}: {known}"
        raise RecordError(message)
    return replace(degree, coursework=term, **parts)


def study_type(degree: Degree, portfolio: Portfolio) -> str:
    """Return the kind of study, by default the title."""
    return degree.study or degree.title


def other_details(degree: Degree, portfolio: Portfolio) -> tuple[Detail, ...]:
    """Return the details without the coursework."""
    return tuple(each for each in degree.details if not degree.is_coursework(each))


def category(degree: Degree, portfolio: Portfolio) -> str:
    """Return the category of the credential."""
    return "degree"


ALUMNI = Thing(
    "OrganizationRole", {"startDate": "start", "endDate": "end", "alumniOf": position.SCHOOL}
)
STUDENT = Thing("OrganizationRole", {"startDate": "start", "affiliation": position.SCHOOL})
CREDENTIAL = Thing(
    "EducationalOccupationalCredential",
    {
        "name": "title",
        "description": "summary",
        "credentialCategory": category,
        "dateCreated": "end",
        "recognizedBy": position.SCHOOL,
    },
)


def alumni(degree: Degree, portfolio: Portfolio) -> Thing | None:
    """Return the role of a former student; nothing before the end."""
    return ALUMNI if portfolio.is_over(degree) else None


def student(degree: Degree, portfolio: Portfolio) -> Thing | None:
    """Return the role of a student; nothing after the end."""
    return None if portfolio.is_over(degree) else STUDENT


def credential(degree: Degree, portfolio: Portfolio) -> Thing | None:
    """Return the credential; nothing before the end."""
    return CREDENTIAL if portfolio.is_over(degree) else None


KIND = Kind(
    record=Degree,
    plural="degrees",
    options=(
        *position.OPTIONS,
        Option("study", "Kind of degree, part of the title"),
        Option("area", "Subject, part of the title"),
        Option("score", "Grade, part of the title"),
        Option("courses", "Term of the definition that lists the courses", field="coursework"),
    ),
    read=read_period,
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
        "studyType": study_type,
        "startDate": "start",
        "endDate": "end",
        "score": "score",
        "courses": ["courses"],
        "x_title": "title",
        "x_short": "shortname",
        "x_location": "location",
        "x_courses": "coursework",
        "x_summary": "summary",
        "x_highlights": ["highlights", other_details],
    },
    of_person={"alumniOf": alumni, "affiliation": student, "hasCredential": credential},
    microformat="p-education h-event",
)
