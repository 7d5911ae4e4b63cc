"""JSON Resume (https://jsonresume.org/schema): what other programs read a CV from.

What has no place in the schema is left out, as CONTRIBUTING.md lists it. Bullets
under a bullet follow it as bullets of their own: a list is all that the schema has.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sphinx_portfolio.exports.outline import (
    ExportError,
    folded,
    label,
    links,
    others,
    refuse_unshowable,
    summary,
    uri,
)
from sphinx_portfolio.model.records import Award, Degree, Job, Project, Service, Talk
from sphinx_portfolio.model.richtext import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_portfolio.model.dates import Date
    from sphinx_portfolio.model.records import Person, Portfolio, Profile, Record
    from sphinx_portfolio.model.richtext import Highlight, RichText

VERSION = "1.3.1"
SCHEMA = f"https://unpkg.com/@jsonresume/schema@{VERSION}/schema.json"
# The years that the schema has a pattern for.
YEARS = range(1000, 3000)
# Where a profile's address has the name of an account in it, and nothing else.
ACCOUNT = re.compile(r"/(?:in/|u/|user/|users/)?@?([^/@]+)/?")

Node = dict[str, Any]


def resume(portfolio: Portfolio) -> bytes:
    """Return the CV as JSON Resume (UTF-8), its keys in the schema's order."""
    refuse_unshowable(portfolio)
    site = portfolio.person.url
    whole = {
        "$schema": SCHEMA,
        "basics": _basics(portfolio),
        "work": [_job(job) for job in portfolio.of(Job)],
        "volunteer": [_service(service) for service in portfolio.of(Service)],
        "education": [_degree(degree) for degree in portfolio.of(Degree)],
        "awards": [_award(award) for award in portfolio.of(Award)],
        "publications": [_talk(talk, portfolio) for talk in portfolio.of(Talk)],
        "skills": list(_skills(portfolio)),
        "projects": [_project(project, portfolio) for project in portfolio.of(Project)],
        "meta": {
            "canonical": f"{site.rstrip('/')}/resume.json" if site else "",
            "version": f"v{VERSION}",
        },
    }
    return (json.dumps(_filled(whole), ensure_ascii=False, indent=2) + "\n").encode()


def _basics(portfolio: Portfolio) -> Node:
    person = portfolio.person
    return {
        "name": folded(person.name),
        "label": folded(label(portfolio)),
        "email": person.email,
        "phone": person.phone,
        "url": uri(person.url),
        # Its one field for lines as they are written: which words of them are a city, and of which
        # country, nobody has said.
        "location": {"address": "\n".join(filter(None, _address(person)))},
        "profiles": [_profile(profile) for profile in person.profiles],
    }


def _address(person: Person) -> tuple[str, str]:
    return folded(person.street), folded(person.location)


def _profile(profile: Profile) -> Node:
    url = uri(profile.url)
    parts = urlsplit(url)
    match = ACCOUNT.fullmatch(parts.path) if not (parts.query or parts.fragment) else None
    return {
        "network": folded(profile.network),
        "username": match[1] if match else "",
        "url": url,
    }


def _job(job: Job) -> Node:
    return {
        "name": folded(job.organization),
        "location": folded(job.location),
        "position": folded(job.title),
        "url": uri(job.url),
        **_dates(job),
        "summary": _text(job.summary),
        "highlights": [*_highlights(job.highlights), *_details(job)],
    }


def _service(service: Service) -> Node:
    """Say for whom: an organisation, or the occasions where there is none."""
    occasions = [folded(event) for event in service.events]
    return {
        "organization": folded(service.organization) or ", ".join(occasions),
        "position": folded(service.title),
        **_dates(service),
        "summary": _text(service.summary),
        "highlights": [
            *(occasions if service.organization else ()),
            *_highlights(service.highlights),
            *_details(service),
        ],
    }


def _degree(degree: Degree) -> Node:
    return {
        "institution": folded(degree.organization),
        "url": uri(degree.url),
        "area": folded(degree.area),
        "studyType": folded(degree.study or degree.title),
        **_dates(degree),
        "score": folded(degree.score),
        "courses": [folded(course) for course in degree.courses],
    }


def _award(award: Award) -> Node:
    """Give all that is said of it as its summary, which is the one place there is, in lines."""
    said = (_text(award.summary), *_highlights(award.highlights), *_details(award))
    return {
        "title": folded(award.title),
        "date": _date(award, award.period.start) if award.period else "",
        "summary": "\n".join(filter(None, said)),
    }


def _talk(talk: Talk, portfolio: Portfolio) -> Node:
    """Lead to the recording, or to what else there is; name who else gave it."""
    with_whom = folded(others(talk, portfolio))
    said = (with_whom[:1].upper() + with_whom[1:], _text(summary(talk)))
    return {
        "name": folded(talk.title),
        "publisher": folded(talk.event),
        "releaseDate": _date(talk, talk.period.start) if talk.period else "",
        "url": next((uri(address) for _, address in links(talk) if address), ""),
        "summary": "\n".join(filter(None, said)),
    }


def _skills(portfolio: Portfolio) -> Iterator[Node]:
    for group, skills in portfolio.skills_by_group.items():
        titles = [folded(skill.title) for skill in skills]
        if folded(group):
            yield {"name": folded(group), "keywords": titles}
        else:
            yield from ({"name": title} for title in titles)


def _project(project: Project, portfolio: Portfolio) -> Node:
    records = (portfolio.by_id.get(id_) for id_ in project.skills)
    return {
        "name": folded(project.title),
        "description": _text(project.summary),
        "highlights": [*_highlights(project.highlights), *_details(project)],
        "keywords": [folded(record.title) for record in records if record],
        **_dates(project),
        "url": uri(project.code),
    }


def _dates(record: Record) -> Node:
    if record.period is None:
        return {}
    end = record.period.end
    return {
        "startDate": _date(record, record.period.start),
        "endDate": _date(record, end) if end else "",
    }


def _date(record: Record, date: Date) -> str:
    if date.year not in YEARS:
        message = (
            f"{record.place}: {record.kind} {record.id!r}: JSON Resume has no date {date}: "
            f"the year has to be one of {YEARS.start} to {YEARS.stop - 1}"
        )
        raise ExportError(message)
    return str(date)


def _text(text: RichText) -> str:
    return folded(plain(text))


def _highlights(highlights: Iterable[Highlight]) -> Iterator[str]:
    for highlight in highlights:
        yield _text(highlight.text)
        yield from _highlights(highlight.highlights)


def _details(record: Record) -> Iterator[str]:
    for detail in record.details:
        yield f"{_text(detail.term)}: {_text(detail.text)}"


def _filled(node: Any) -> Any:
    """Leave out what is empty, however deep."""
    if isinstance(node, dict):
        kept = {key: _filled(value) for key, value in node.items()}
        return {key: value for key, value in kept.items() if value}
    if isinstance(node, list):
        return [kept for kept in map(_filled, node) if kept]
    return node
