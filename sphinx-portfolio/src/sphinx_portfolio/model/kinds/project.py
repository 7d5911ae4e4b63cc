"""A project, such as a program."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from sphinx_portfolio.model import kind
from sphinx_portfolio.model.kind import END, START, Fact, Kind, Option, Verbs, read_period
from sphinx_portfolio.model.linked_data import Thing, owner
from sphinx_portfolio.model.records import Record
from sphinx_portfolio.model.richtext import RichText, Run
from sphinx_portfolio.model.validators import address

if TYPE_CHECKING:
    from sphinx_portfolio.model.kind import Options
    from sphinx_portfolio.model.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Record):
    """A project: `code` is an address, `license` an SPDX identifier."""

    kind: ClassVar[str] = "project"

    code: str = ""
    license: str = ""


def read(options: Options) -> dict[str, Any]:
    """Read the dates, if there are any; raises RecordError."""
    return read_period(options) if options.get("start") or options.get("end") else {}


def code(project: Project, portfolio: Portfolio) -> RichText:
    """Return a link to the code, with the path as its text."""
    path = urlsplit(project.code).path.strip("/")
    return (Run(path or project.code, target=project.code),) if project.code else ()


def keywords(project: Project, portfolio: Portfolio) -> tuple[str, ...]:
    """Return the titles of the skills."""
    by_id = portfolio.by_id
    return tuple(by_id[skill].title for skill in project.skills if skill in by_id)


def interval(project: Project, portfolio: Portfolio) -> str:
    """Return the dates as an interval of ISO 8601; empty without an end."""
    ended = portfolio.is_over(project) and project.end != project.start
    return f"{project.start}/{project.end}" if ended else ""


WORK = Thing(
    "CreativeWork",
    {
        "name": "title",
        "description": "summary",
        "contributor": owner,
        "dateCreated": "start",
        "temporal": interval,
        "license": Thing("CreativeWork", {"name": "license"}),
        "keywords": keywords,
    },
)
PROGRAM = Thing("SoftwareSourceCode", {**WORK.properties, "codeRepository": "code"})


def thing(project: Project, portfolio: Portfolio) -> Thing:
    """Return a program if the project has code."""
    return PROGRAM if project.code else WORK


KIND = Kind(
    record=Project,
    plural="projects",
    options=(
        Option("code", "Address of the code", address),
        Option("license", "License of the code, an SPDX identifier"),
        replace(START, example=""),
        END,
    ),
    read=read,
    facts=(kind.DATES_FACT, Fact("code", "Code", code), Fact("license", "License", "license")),
    line=(("dates",), ("license",)),
    links={"code": "code"},
    section="Projects",
    shape="headed",
    lane=kind.PROJECTS,
    verbs=Verbs(start="Started", end="Finished"),
    feed="Project: {title} ({dates})",
    cited_as={"project": "Used by", "talk": "Project", "publication": "Project"},
    json_section="projects",
    json={
        "name": "title",
        "description": "summary",
        "highlights": ["highlights", "details"],
        "keywords": [keywords],
        "startDate": "start",
        "endDate": "end",
        "url": "code",
        "x_license": "license",
    },
    thing=thing,
)
