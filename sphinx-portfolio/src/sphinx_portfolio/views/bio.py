"""`{bio}`: a short and a long biography to copy, made of texts of the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_portfolio.model import KINDS, Degree, Job, Talk, plain
from sphinx_portfolio.views.view import Context, nothing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_portfolio.model import Portfolio, Position
    from sphinx_portfolio.model.portfolio import R

NEWEST = 3  # talks in the long biography


def short(portfolio: Portfolio) -> str:
    """Return the name and the current or last jobs in a line; empty without jobs."""
    jobs = [_position(job, dated=portfolio.is_over(job)) for job in _jobs(portfolio)]
    return _sentence([f"{portfolio.person.name}, {'; '.join(jobs)}"] if jobs else [])


def long(portfolio: Portfolio) -> Iterator[str]:
    """Yield paragraphs, some empty: name, work, study, awards and the like, talks."""
    yield short(portfolio)
    for job in _jobs(portfolio):
        yield _sentence([plain(job.summary), *(plain(each.text) for each in job.highlights)])
    for degree in _begun(Degree, portfolio)[:1]:
        yield _sentence([_position(degree, dated=not portfolio.is_over(degree))])
    others = [
        record
        for kind in KINDS.values()
        for record in portfolio.of(kind.record)
        if kind.shape == "inline" and not portfolio.is_upcoming(record)
    ]
    yield _sentence(_joined(record.title, record.where, record.when) for record in others)
    talks = _begun(Talk, portfolio)[:NEWEST]
    yield _sentence(_joined(talk.title, talk.event, talk.when) for talk in talks)


def draw(context: Context) -> list[nodes.Node]:
    """Draw both, each in a block to copy."""
    portfolio = context.portfolio
    if not _jobs(portfolio):
        return nothing("No biography yet: it needs a job.")
    return [
        *_block("Short biography", short(portfolio)),
        *_block("Long biography", "\n\n".join(filter(None, long(portfolio)))),
    ]


def _begun(kind: type[R], portfolio: Portfolio) -> list[R]:
    return [record for record in portfolio.of(kind) if not portfolio.is_upcoming(record)]


def _jobs(portfolio: Portfolio) -> list[Job]:
    """Return the current jobs, or the last one."""
    jobs = _begun(Job, portfolio)
    return [job for job in jobs if not portfolio.is_over(job)] or jobs[:1]


def _position(position: Position, *, dated: bool) -> str:
    when = position.when if dated else ""
    return _joined(position.title, position.organization, when)


def _joined(*words: str) -> str:
    return ", ".join(filter(None, words))


def _sentence(parts: Iterable[str]) -> str:
    """Join parts with semicolons, and end them with one full stop; skip empty parts."""
    text = "; ".join(filter(None, (part.strip().rstrip(".") for part in parts)))
    return f"{text}." if text else ""


def _block(title: str, text: str) -> tuple[nodes.Node, nodes.Node]:
    looks = ["portfolio-copy", "portfolio-prose"]
    return nodes.rubric("", title), nodes.literal_block(text, text, language="text", classes=looks)
