"""Something made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from sphinx_portfolio.model.kind import (
    DATES_FACT,
    PERIOD,
    PROJECTS,
    Fact,
    Kind,
    Option,
    Verbs,
    read_period,
)
from sphinx_portfolio.model.records import Record
from sphinx_portfolio.model.richtext import RichText, Run
from sphinx_portfolio.model.validators import address

if TYPE_CHECKING:
    from sphinx_portfolio.model.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Record):
    """A project: `code` is an address, `license` an SPDX identifier."""

    kind: ClassVar[str] = "project"

    code: str = ""
    license: str = ""


def code(project: Project, portfolio: Portfolio) -> RichText:
    """Return a link to the code, named by its path; nothing if the address is unknown."""
    path = urlsplit(project.code).path.strip("/")
    return (Run(path or project.code, target=project.code),) if project.code else ()


KIND = Kind(
    record=Project,
    plural="projects",
    options=(
        Option("code", "Address of the code", address),
        Option("license", "License of the code, an SPDX identifier"),
        *PERIOD,
    ),
    read=read_period,
    facts=(DATES_FACT, Fact("code", "Code", code), Fact("license", "License", "license")),
    line=(("dates",), ("license",)),
    links={"code": "code"},
    section="Projects",
    shape="headed",
    lane=PROJECTS,
    verbs=Verbs(start="Started", end="Finished"),
    cited_as={"project": "Used by"},
    json_section="projects",
    json={
        "name": "title",
        "description": "summary",
        "highlights": ["highlights", "details"],
        "keywords": ["skill_titles"],
        "startDate": "start",
        "endDate": "end",
        "url": "code",
    },
)
