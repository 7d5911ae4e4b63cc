"""A certificate from an issuer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sphinx_portfolio.model.kind import CERTIFICATES, DATE, DATE_FACT, Fact, Kind, Option, Verbs
from sphinx_portfolio.model.linked_data import Thing
from sphinx_portfolio.model.records import Record
from sphinx_portfolio.model.validators import address

if TYPE_CHECKING:
    from sphinx_portfolio.model.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate(Record):
    """A certificate; `url` is where it can be verified."""

    kind: ClassVar[str] = "certificate"

    issuer: str = ""
    url: str = ""

    @property
    def where(self) -> str:
        """The issuer."""
        return self.issuer


def category(certificate: Certificate, portfolio: Portfolio) -> str:
    """Return the category of the credential."""
    return "certificate"


CREDENTIAL = Thing(
    "EducationalOccupationalCredential",
    {
        "name": "title",
        "description": "summary",
        "url": "url",
        "credentialCategory": category,
        "dateCreated": "start",
        "recognizedBy": Thing("Organization", {"name": "issuer"}),
    },
)
KIND = Kind(
    record=Certificate,
    plural="certificates",
    options=(
        Option("issuer", "Name of the issuer"),
        DATE,
        Option("url", "Address at which it can be verified", address),
    ),
    facts=(DATE_FACT, Fact("issuer", "Issuer", "issuer", target="url")),
    line=(("issuer",), ("dates",)),
    section="Certificates",
    shape="inline",
    lane=CERTIFICATES,
    verbs=Verbs(once="Certificates"),
    json_section="certificates",
    json={
        "name": "title",
        "date": "start",
        "url": "url",
        "issuer": "issuer",
        "x_summary": "summary",
        "x_highlights": ["highlights", "details"],
    },
    of_person={"hasCredential": CREDENTIAL},
)
