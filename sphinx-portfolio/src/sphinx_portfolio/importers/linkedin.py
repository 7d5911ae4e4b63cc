"""LinkedIn's data export: a ZIP file or folder of CSV files, with English headers."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from sphinx_portfolio.importers import json_resume as shared
from sphinx_portfolio.importers import text
from sphinx_portfolio.importers.draft import Draft, SourceError
from sphinx_portfolio.importers.source import MOST_ENTRIES, Fields, stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# Other files, such as messages and connections, are about other people and are not read.
FILES = (
    *("Profile.csv", "Email Addresses.csv", "PhoneNumbers.csv", "Positions.csv", "Education.csv"),
    *("Certifications.csv", "Honors.csv", "Volunteering.csv", "Projects.csv", "Skills.csv"),
    *("Languages.csv", "Publications.csv"),
)


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Return the draft of the CSV files; SourceError if they are of something else."""
    if not any(each in files for each in FILES):
        raise SourceError(f"{name}: no CSV file of LinkedIn's data export, such as Positions.csv")
    draft = Draft(name)
    for file in FILES:
        for row in _rows(name, file, files.get(file, b""), draft):
            READERS[file](draft, row)
            row.rest()
    return draft


def _rows(name: str, file: str, content: bytes, draft: Draft) -> Iterator[Fields]:
    try:
        reader = csv.DictReader(stream(f"{name}: {file}", content), restkey="more", restval="")
        line = 2 if reader.fieldnames else 1
        for number, row in enumerate(reader, start=1):
            if number > MOST_ENTRIES:
                message = f"{name}: {file}: more than {MOST_ENTRIES} rows: import a file with fewer"
                raise SourceError(message)
            if number == 1 and not HEADERS[file] & row.keys():
                known = ", ".join(sorted(HEADERS[file]))
                message = f"{name}: {file}: expected the header {known}: export in English"
                raise SourceError(message)
            values = {str(key): value for key, value in row.items() if value}
            yield Fields(values, f"{file}:{line}", draft)
            line = reader.line_num + 1
    except csv.Error as error:
        raise SourceError(f"{name}: {file}: invalid CSV: {error}") from error


def _profile(draft: Draft, row: Fields) -> None:
    family_name = row.text("Last Name")
    if name := " ".join(filter(None, (row.text("First Name"), family_name))):
        draft.person["name"] = name
    if family_name:
        draft.person["family_name"] = family_name
    for key, column in (("label", "Headline"), ("location", "Geo Location"), ("street", "Address")):
        if value := row.text(column):
            draft.person[key] = " ".join(value.split())
    draft.summary = text.from_plain(row.text("Summary"))
    for handle in row.text("Twitter Handles").strip("[]").split(","):
        if handle.strip():
            shared.add_profile(row, "Twitter", handle.strip(), "")
    # Such as `[COMPANY:https://example.org/,PERSONAL:https://example.com/]`.
    for website in row.text("Websites").strip("[]").split(","):
        label, _, address = website.strip().partition(":")
        if address:
            known = text.web_address(website) == ""
            shared.add_profile(
                row, label.capitalize() if known else "Website", "", address if known else website
            )


def _email(draft: Draft, row: Fields) -> None:
    if row.text("Primary").lower() != "no" and "email" not in draft.person:
        shared.add_email(draft, row, "Email Address")
    row.drop("Confirmed", "Primary", "Updated On")


def _phone(draft: Draft, row: Fields) -> None:
    row.drop("Type", "Extension")
    if "phone" not in draft.person:
        shared.add_phone(draft, row, "Number")


def _position(draft: Draft, row: Fields) -> None:
    company, title = row.text("Company Name"), row.text("Title")
    place = row.text("Location")
    entry = row.entry("job", title or company, organization=company or title, location=place)
    shared.add_period(entry, row, "Started On", "Finished On")
    entry.body = text.from_plain(row.text("Description"))


def _education(draft: Draft, row: Fields) -> None:
    entry = row.entry("degree", "", organization=row.text("School Name"))
    shared.set_degree(entry, row.text("Degree Name"), "", "")
    shared.add_period(entry, row, "Start Date", "End Date")
    entry.body = text.from_plain(row.text("Notes"))
    shared.add_details(entry, row, {"Activities": "Activities"})


def _certification(draft: Draft, row: Fields) -> None:
    entry = row.entry("certificate", row.text("Name"), issuer=row.text("Authority"))
    shared.add_url(entry, row, "Url")
    shared.add_date(entry, row, "Started On")
    shared.add_details(
        entry, row, {"License number": "License Number", "Valid until": "Finished On"}
    )


def _honor(draft: Draft, row: Fields) -> None:
    entry = row.entry("award", row.text("Title"))
    shared.add_date(entry, row, "Issued On")
    entry.body = text.from_plain(row.text("Description"))


def _volunteering(draft: Draft, row: Fields) -> None:
    company, role = row.text("Company Name"), row.text("Role")
    entry = row.entry("service", role or company, organization=company)
    shared.add_period(entry, row, "Started On", "Finished On")
    entry.body = text.from_plain(row.text("Description"))
    shared.add_details(entry, row, {"Cause": "Cause"})


def _project(draft: Draft, row: Fields) -> None:
    entry = row.entry("project", row.text("Title"))
    shared.add_code(entry, row, "Url")
    shared.add_period(entry, row, "Started On", "Finished On")
    entry.body = text.from_plain(row.text("Description"))


def _skill(draft: Draft, row: Fields) -> None:
    shared.add_skills(row, row.text("Name"), [], "")


def _language(draft: Draft, row: Fields) -> None:
    shared.add_language(row, row.text("Name"), row.text("Proficiency"))


def _publication(draft: Draft, row: Fields) -> None:
    fields = {
        "howpublished": row.text("Publisher"),
        "url": row.text("Url"),
        "abstract": " ".join(row.text("Description").split()),
    }
    date = row.text("Published On")
    shared.add_work(row, "publication", row.text("Name"), None, fields, date)


READERS: Mapping[str, Callable[[Draft, Fields], None]] = {
    "Profile.csv": _profile,
    "Email Addresses.csv": _email,
    "PhoneNumbers.csv": _phone,
    "Positions.csv": _position,
    "Education.csv": _education,
    "Certifications.csv": _certification,
    "Honors.csv": _honor,
    "Volunteering.csv": _volunteering,
    "Projects.csv": _project,
    "Skills.csv": _skill,
    "Languages.csv": _language,
    "Publications.csv": _publication,
}
HEADERS = {
    "Profile.csv": {"First Name", "Last Name"},
    "Email Addresses.csv": {"Email Address"},
    "PhoneNumbers.csv": {"Number"},
    "Positions.csv": {"Company Name", "Title"},
    "Education.csv": {"School Name"},
    "Certifications.csv": {"Name", "Authority"},
    "Honors.csv": {"Title"},
    "Volunteering.csv": {"Company Name", "Role"},
    "Projects.csv": {"Title"},
    "Skills.csv": {"Name"},
    "Languages.csv": {"Name"},
    "Publications.csv": {"Name"},
}
