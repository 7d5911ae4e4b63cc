"""Checks of what is valid but could be better: findings, each with a place and a remedy.

A finding that the owner wants to keep is accepted by its key, with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.dates import Date
from sphinx_portfolio.model.kinds.creative_work import CreativeWork, is_name_of
from sphinx_portfolio.model.kinds.job import Job
from sphinx_portfolio.model.kinds.project import Project
from sphinx_portfolio.model.kinds.skill import Skill
from sphinx_portfolio.model.kinds.talk import Talk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_portfolio.model.portfolio import Portfolio
    from sphinx_portfolio.model.records import Record

GRACE = timedelta(days=90)  # organizers take weeks to publish a recording


class Rule(NamedTuple):
    """A kind of finding: the heading in the report, and what to do."""

    title: str
    remedy: str


# In the order of the report.
RULES = {
    "unconfirmed": Rule("To be confirmed", "find out, then remove it from portfolio_unconfirmed"),
    "job-review": Rule(
        "Current jobs, not reviewed for a year",
        "if it is true, write `:reviewed: YYYY-MM`, else `:end:`",
    ),
    "skill-evidence": Rule(
        "Skills without evidence", "add its id to the `:skills:` of a record that proves it"
    ),
    "talk-person": Rule(
        "Talks by others", "write the name as in portfolio_person, or remove the entry"
    ),
    "publication-person": Rule(
        "Publications by others", "write the name as in portfolio_person, or remove the entry"
    ),
    "bibtex-field": Rule("Misspelled fields in BibTeX", "correct the name, or remove the field"),
    "bibtex-html": Rule("HTML in BibTeX", "write LaTeX: `\\emph{…}`, `\\href{address}{text}`"),
    "bibtex-text": Rule("Text between BibTeX entries", "remove it, or begin the line with %"),
    "talk-held": Rule(
        "Past talks without recording and slides", "add `video` and `slides`, or remove it"
    ),
    "talk-recording": Rule("Talks without a recording", "add `video`"),
    "talk-private": Rule(
        "Videos that not everyone can see",
        "open it without being logged in; make it public, or remove it",
    ),
    "talk-slides": Rule("Talks without slides", "add `slides`"),
    "talk-calendar": Rule(
        "Talks without a day, which calendars can't show",
        "write `eventdate = {YYYY-MM-DD}` where the day is known",
    ),
    "project-code": Rule("Projects without code", "add its address: `:code:`"),
    "project-license": Rule("Projects without a license", "add an SPDX identifier: `:license:`"),
    "project-lab": Rule(
        "Projects without a lab", "write a model of an idea behind it, and show it with `{lab}`"
    ),
    "pdf-glyph": Rule(
        "Characters that no font of the PDFs has", "name a font file in portfolio_fonts"
    ),
    "page-description": Rule(
        "Pages without a description", "add `description:` to its front matter"
    ),
    "picture-alt": Rule(
        "Pictures without alternative text", "write `![what it shows](…)` or `:alt:`"
    ),
    "accepted-unused": Rule("Accepted, but not found", "remove it from portfolio_accepted"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A page, picture or entry of conf.py to check: its key, text and place (`file:line`)."""

    key: str
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Hint:
    """What a source could do better: a rule, its subject, a place (`file:line`) and a message."""

    rule: str
    subject: str
    place: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is checked; places in the folder `root` are shown relative to it.

    The texts are descriptions of pages, alternative texts of pictures (`page:uri`), questions
    about unconfirmed subjects, and reasons for accepted findings.
    """

    portfolio: Portfolio
    root: PurePath
    pages: tuple[Subject, ...] = ()
    pictures: tuple[Subject, ...] = ()
    unconfirmed: tuple[Subject, ...] = ()
    accepted: tuple[Subject, ...] = ()
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What could be better at a place (`file:line`); `accepted` is the reason to keep it.

    The key, `rule:subject`, does not change when the file is edited elsewhere.
    """

    rule: str
    place: str
    message: str
    remedy: str
    key: str
    accepted: str = ""


def diagnose(site: Site) -> list[Finding]:
    """Return all findings, in the order of the rules, and then of files and lines."""
    found = [*_records(site.portfolio), *_works(site.portfolio), *_talks(site.portfolio)]
    found += _entries(site)
    found += [_finding(it.rule, it.subject, it.place, it.message) for it in site.hints]
    keys = {finding.key for finding in found}
    for entry in site.accepted:
        if entry.key not in keys:
            message = f"{entry.key!r} is accepted, but not found{suggest(entry.key, keys)}"
            found.append(_finding("accepted-unused", entry.key, entry.place, message))

    order, reasons = list(RULES), {entry.key: entry.text for entry in site.accepted}
    ordered = []
    for finding in found:
        file, _, line = finding.place.rpartition(":")
        path = PurePath(file)
        file = (path.relative_to(site.root) if path.is_relative_to(site.root) else path).as_posix()
        shown = replace(finding, place=f"{file}:{line}", accepted=reasons.get(finding.key, ""))
        ordered.append((order.index(finding.rule), file, int(line), finding.key, shown))
    return [finding for *_, finding in sorted(ordered, key=lambda each: each[:-1])]


def _finding(rule: str, subject: str, place: str, message: str) -> Finding:
    return Finding(rule, place, message, RULES[rule].remedy, f"{rule}:{subject}")


def _entries(site: Site) -> Iterator[Finding]:
    for entry in site.unconfirmed:
        yield _finding("unconfirmed", entry.key, entry.place, f"{entry.key}: {entry.text}")
    for page in site.pages:
        if not page.text.strip():
            message = f"page {page.key!r} has no description"
            yield _finding("page-description", page.key, page.place, message)
    for picture in site.pictures:
        # Decorative pictures have no text, too: these have to be accepted.
        if not picture.text.strip():
            message = f"picture {picture.key.partition(':')[2]!r} has no alternative text"
            yield _finding("picture-alt", picture.key, picture.place, message)


def _records(portfolio: Portfolio) -> Iterator[Finding]:
    for job in portfolio.of(Job):
        if message := _review(job, portfolio.today):
            yield _of(job, "job-review", message)
    for skill in portfolio.of(Skill):
        if not portfolio.with_skill(skill.id):
            yield _of(skill, "skill-evidence", "is a skill without evidence")
    for project in portfolio.of(Project):
        if not project.code:
            yield _of(project, "project-code", "has no code")
        elif not project.license:
            yield _of(project, "project-license", "has code, but no license")
        if portfolio.labs and not portfolio.labs_about(project.id):
            yield _of(project, "project-lab", "has no lab")


def _works(portfolio: Portfolio) -> Iterator[Finding]:
    name = portfolio.person.name
    for work in portfolio.of(CreativeWork):
        if not work.people:
            yield _of(work, f"{work.kind}-person", "has no author")
        elif not any(is_name_of(each, name) for each in work.people):
            yield _of(work, f"{work.kind}-person", f"is not by {name!r}")


def _talks(portfolio: Portfolio) -> Iterator[Finding]:
    for talk in portfolio.of(Talk):
        period = talk.period
        # The last possible day counts.
        if not period or (period.end or period.start).last + GRACE >= portfolio.today.first:
            continue
        # A link to the event proves nothing: a talk that was never held has one, too.
        if not (talk.video or talk.slides):
            yield _of(talk, "talk-held", "is past, but has neither recording nor slides")
        elif not talk.video:
            yield _of(talk, "talk-recording", "has slides, but no recording")
        elif not talk.slides:
            yield _of(talk, "talk-slides", "has a recording, but no slides")


def _of(record: Record, rule: str, message: str) -> Finding:
    return _finding(rule, record.id, record.place, f"{record.title!r} {message}")


def _review(job: Job, today: Date) -> str:
    """Return why a current job needs a review; empty if it had one in the last year.

    A partial date of a review counts as its last day.
    """
    reviewed = job.reviewed
    if job.period is None or job.period.end is not None:
        return ""
    if reviewed is None:
        return "is current, but was never reviewed"
    if reviewed.first > today.last:
        return f"is current, but its review is in the future, {reviewed}"
    if Date(reviewed.year + 1, reviewed.month or 12, reviewed.day or 31) < today:
        return f"is current, but was last reviewed {reviewed}"
    return ""
