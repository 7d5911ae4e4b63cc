"""`{bio}`: a short and a long biography to copy, in the words of the records alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from portfolio.records import Award, Degree, Job, Service, Talk, plain
from portfolio.views.view import nothing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from portfolio.records import Portfolio, Position

NEWEST = 3  # talks that a long biography names


def short(portfolio: Portfolio) -> str:
    """Return who it is and what they do now, in a line; empty where no job is known."""
    jobs = portfolio.of(Job)
    return f"{portfolio.person.name}, {_position(jobs[0])}." if jobs else ""


def long(portfolio: Portfolio) -> Iterator[str]:
    """Yield paragraphs: who, what they do now, study, awards, volunteering, newest talks."""
    yield short(portfolio)
    for job in portfolio.of(Job)[:1]:
        yield "; ".join(plain(highlight.text).rstrip(".") for highlight in job.highlights) + "."
    for degree in portfolio.of(Degree)[:1]:
        yield f"{_position(degree)}."
    told = [
        *(f"{award.title}{_when(award)}" for award in portfolio.of(Award)),
        *(
            f"{each.title}: {', '.join(each.events) or each.organization}"
            for each in portfolio.of(Service)
        ),
    ]
    if told:
        yield "; ".join(told) + "."
    talks = [talk for talk in portfolio.of(Talk) if not portfolio.is_upcoming(talk)][:NEWEST]
    if talks:
        yield "; ".join(f"{talk.title}, {talk.event}{_when(talk)}" for talk in talks) + "."


def draw(portfolio: Portfolio, docname: str, options: Mapping[str, str]) -> list[nodes.Node]:
    """Draw both, each in a block to copy."""
    if not portfolio.of(Job):
        return nothing("No biography yet: it is made of jobs.")
    return [
        *_block("Short biography", short(portfolio)),
        *_block("Long biography", "\n\n".join(long(portfolio))),
    ]


def _position(position: Position) -> str:
    return f"{position.title}, {position.organization}"


def _when(record: Award | Talk) -> str:
    return f", {record.period.text}" if record.period else ""


def _block(title: str, text: str) -> tuple[nodes.Node, nodes.Node]:
    block = nodes.literal_block(text, text, language="text", classes=["copy", "prose"])
    return nodes.rubric("", title), block
