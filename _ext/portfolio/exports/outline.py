"""What all CVs have in common: which sections, in which order, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from portfolio.records import Award, Degree, Job, Project, Record, Service, Skill, Talk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portfolio.records import Portfolio

SECTIONS: tuple[tuple[str, type[Record]], ...] = (
    ("Experience", Job),
    ("Talks", Talk),
    ("Projects", Project),
    ("Skills", Skill),
    ("Awards", Award),
    ("Volunteering", Service),
    ("Education", Degree),
)


class ExportError(ValueError):
    """Says which record a format can't hold, and what to do."""


def sections(portfolio: Portfolio) -> Iterator[tuple[str, tuple[Record, ...]]]:
    """Yield the sections that have records, each with its title; none is empty."""
    for title, kind in SECTIONS:
        if records := portfolio.of(kind):
            yield title, records


def label(portfolio: Portfolio) -> str:
    """Return what the person is: the title of the newest job, or nothing."""
    jobs = portfolio.of(Job)
    return jobs[0].title if jobs else ""


def skill_groups(portfolio: Portfolio) -> dict[str, tuple[Skill, ...]]:
    """Return the skills by the heading that they stand under, in the order they are written in."""
    groups: dict[str, tuple[Skill, ...]] = {}
    for skill in portfolio.of(Skill):
        groups[skill.group] = (*groups.get(skill.group, ()), skill)
    return groups


def for_audience(portfolio: Portfolio, name: str) -> Portfolio:
    """Leave out what is marked for other readers alone."""
    records = (each for each in portfolio.records if not each.audience or name in each.audience)
    return replace(portfolio, records=tuple(records))


def selected(portfolio: Portfolio) -> Portfolio:
    """Leave out what carries no mark `selected`."""
    return replace(portfolio, records=tuple(each for each in portfolio.records if each.selected))
