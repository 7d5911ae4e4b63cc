"""What is valid but not good, and how to mend it: a portfolio in, findings out. No Sphinx.

A rule is a function under `@rule`. What the owner leaves as it is, he accepts by
the finding's key, with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeAlias

from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.dates import Date
from sphinx_portfolio.model.kinds.job import Job
from sphinx_portfolio.model.kinds.project import Project
from sphinx_portfolio.model.kinds.skill import Skill
from sphinx_portfolio.model.kinds.talk import Talk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinx_portfolio.model.portfolio import Portfolio
    from sphinx_portfolio.model.records import Record

GRACE = timedelta(days=90)  # organisers take weeks to publish a recording


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a name, what is said of it, and where that is or should be: `file:line`."""

    key: str
    text: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """All that is looked at; places below the folder `root` are told relative to it.

    Pages have descriptions, pictures (`page:uri`) alternative text; what is
    unconfirmed has a question, and an accepted finding's key a reason.
    """

    portfolio: Portfolio
    root: PurePath
    pages: tuple[Entry, ...] = ()
    pictures: tuple[Entry, ...] = ()
    unconfirmed: tuple[Entry, ...] = ()
    accepted: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What is not good at a place (`file:line`), or why it may stay so: `accepted`.

    Its key, `rule:subject`, stays the same when the file around it is edited.
    """

    rule: str
    place: str
    what: str
    mend: str
    key: str
    accepted: str = ""


# What a rule finds: the subject, where it is, and what is not good about it.
Found: TypeAlias = tuple[str, str, str]
Finder: TypeAlias = "Callable[[Site], Iterator[Found]]"


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding: the heading over them, how to mend one, and what finds them."""

    title: str
    mend: str
    find: Finder


RULES: dict[str, Rule] = {}
"""By name, in the order in which they are told."""


def rule(title: str, mend: str) -> Callable[[Finder], Finder]:
    """Make a rule of a function, whose name is the rule's."""

    def register(find: Finder) -> Finder:
        RULES[find.__name__.replace("_", "-")] = Rule(title, mend, find)
        return find

    return register


@rule("To be confirmed", "find out, then take it off portfolio_unconfirmed")
def unconfirmed(site: Site) -> Iterator[Found]:
    """Find what conf.py lists as such: nothing but its owner can tell."""
    for entry in site.unconfirmed:
        yield entry.key, entry.place, f"{entry.key}: {entry.text}"


@rule(
    "Jobs that go on, not reviewed for a year",
    "write `:reviewed: YYYY-MM` if it is true, or `:end:`",
)
def job_review(site: Site) -> Iterator[Found]:
    """Find jobs that go on, by a page that nobody has vouched for within a year.

    `:reviewed:` counts as the last day that it may mean.
    """
    today = site.portfolio.today
    for job in site.portfolio.of(Job):
        if job.period is None or job.period.end is not None:
            continue
        reviewed = job.reviewed
        if reviewed is None:
            yield _of(job, "goes on, and was never reviewed")
        elif reviewed.first > today.last:
            yield _of(job, f"goes on, and was reviewed on a day to come, {reviewed}")
        elif Date(reviewed.year + 1, reviewed.month or 12, reviewed.day or 31) < today:
            yield _of(job, f"goes on, and was last reviewed {reviewed}")


@rule("Skills without evidence", "name it in the `:skills:` of what proves it")
def skill_evidence(site: Site) -> Iterator[Found]:
    """Find skills that no record says it proves."""
    for skill in site.portfolio.of(Skill):
        if not site.portfolio.evidence(skill.id):
            yield _of(skill, "is a skill that nothing proves")


@rule("Upcoming talks in the past", "add `video` and `slides`, or take it off")
def talk_held(site: Site) -> Iterator[Found]:
    """Find upcoming talks in the past: held for a while, with neither recording nor slides.

    By its date alone a talk is upcoming or past, so none can be called upcoming
    by mistake. What an announcement leaves behind is an entry to which nothing
    was added since: perhaps the talk was put off, or never held. The event's
    page proves nothing: announcements have one.
    """
    for talk in _over(site.portfolio):
        if not (talk.video or talk.slides):
            yield _of(talk, "is over, with neither recording nor slides")


@rule("Talks without a recording", "add `video`")
def talk_recording(site: Site) -> Iterator[Found]:
    """Find past talks with slides alone."""
    for talk in _over(site.portfolio):
        if talk.slides and not talk.video:
            yield _of(talk, "has slides, but no recording")


@rule("Talks without slides", "add `slides`")
def talk_slides(site: Site) -> Iterator[Found]:
    """Find past talks with a recording alone."""
    for talk in _over(site.portfolio):
        if talk.video and not talk.slides:
            yield _of(talk, "has a recording, but no slides")


@rule("Projects without code", "add `:code:`, its address")
def project_code(site: Site) -> Iterator[Found]:
    """Find projects that nobody can look into."""
    for project in site.portfolio.of(Project):
        if not project.code:
            yield _of(project, "has no code")


@rule("Projects without a licence", "add `:license:`, an SPDX identifier")
def project_license(site: Site) -> Iterator[Found]:
    """Find projects whose code nobody may use; without code there is nothing to license."""
    for project in site.portfolio.of(Project):
        if project.code and not project.license:
            yield _of(project, "has code, but no licence")


@rule("Pages without a description", "add `description:` to its front matter")
def page_description(site: Site) -> Iterator[Found]:
    """Find pages of which search engines have to make up what they are about."""
    for page in site.pages:
        if not page.text.strip():
            yield page.key, page.place, f"page {page.key!r} has no description"


@rule("Pictures without alternative text", "write `![what it shows](…)` or `:alt:`")
def picture_alt(site: Site) -> Iterator[Found]:
    """Find pictures that say nothing to those who can't see them.

    Markdown can't tell a picture that only decorates from one whose text was
    forgotten: the former is accepted.
    """
    for picture in site.pictures:
        if not picture.text.strip():
            uri = picture.key.partition(":")[2]
            yield picture.key, picture.place, f"picture {uri!r} has no alternative text"


@rule("Accepted and not found", "take it off portfolio_accepted")
def accepted_unused(site: Site) -> Iterator[Found]:
    """Find what is accepted though nothing is wrong there (any more)."""
    others = [name for name in RULES if name != "accepted-unused"]
    keys = {finding.key for name in others for finding in _findings(name, site)}
    for entry in site.accepted:
        if entry.key not in keys:
            near = suggest(entry.key, keys)
            yield entry.key, entry.place, f"{entry.key!r} is accepted, but not found{near}"


def diagnose(site: Site) -> list[Finding]:
    """Return what is not good, in the order of the rules and then of places."""
    return [finding for name in RULES for finding in _findings(name, site)]


def _of(record: Record, what: str) -> Found:
    return record.id, record.place, f"{record.title!r} {what}"


def _over(portfolio: Portfolio) -> Iterator[Talk]:
    """Yield the talks whose last possible day is past by more than the grace."""
    for talk in portfolio.of(Talk):
        period = talk.period
        if period and (period.end or period.start).last + GRACE < portfolio.today.first:
            yield talk


def _findings(name: str, site: Site) -> list[Finding]:
    """Return what a rule finds, in the order of files and lines."""
    rule = RULES[name]
    reasons = {entry.key: entry.text for entry in site.accepted}
    ordered = []
    for subject, place, what in rule.find(site):
        file, _, line = place.rpartition(":")
        path = PurePath(file)
        file = (path.relative_to(site.root) if path.is_relative_to(site.root) else path).as_posix()
        key = f"{name}:{subject}"
        accepted = reasons.get(key, "")
        finding = Finding(name, f"{file}:{line}", what, rule.mend, key, accepted)
        ordered.append((file, int(line), subject, finding))
    return [finding for *_, finding in sorted(ordered, key=lambda each: each[:3])]
