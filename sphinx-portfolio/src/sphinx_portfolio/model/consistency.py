"""Cross-record validation."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_portfolio.model.kinds.creative_work import CreativeWork
from sphinx_portfolio.model.kinds.publication import Publication
from sphinx_portfolio.model.kinds.skill import Skill
from sphinx_portfolio.model.validators import is_private_address, strings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sphinx_portfolio.model.portfolio import Portfolio
    from sphinx_portfolio.model.records import Record


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `: did you mean 'x'?` for the most similar known word; empty if none is similar."""
    near = difflib.get_close_matches(word, sorted(known), n=1)
    return f": did you mean {near[0]!r}?" if near else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in a record and the subtype of its warning."""

    record: Record
    subtype: str
    message: str


def check(portfolio: Portfolio) -> Iterator[Problem]:
    """Yield unknown ids, private addresses, and skills that are topics or not in the text."""
    skills = {skill.id: skill for skill in portfolio.of(Skill)}
    for name in sorted({name for name, _ in portfolio.topics} & skills.keys()):
        message = f"{name}: this id of a skill is also a topic: remove it from portfolio_topics"
        yield Problem(skills[name], "skill", message)
    for record in portfolio.records:
        yield from _addresses(record)
        yield from _skills(record, portfolio, skills)
        for target in record.cites if isinstance(record, CreativeWork) else ():
            if target not in portfolio.by_id:
                near = suggest(target, portfolio.by_id)
                yield Problem(record, "related", f"{record.id}: no entry {target!r}{near}")


def _addresses(record: Record) -> Iterator[Problem]:
    for address in strings(record):
        if address.startswith(("http://", "https://")) and is_private_address(address):
            message = f"{record.id}: {address} is on a private network: use a public address"
            yield Problem(record, "address", message)


def _skills(record: Record, portfolio: Portfolio, skills: Mapping[str, Skill]) -> Iterator[Problem]:
    has_topics = isinstance(record, CreativeWork)
    for name in record.skills:
        if skill := skills.get(name):
            if not occurs((skill.title, *skill.aliases), record.texts):
                yield Problem(record, "evidence", _not_in_evidence(skill, record))
            continue
        if isinstance(record, Publication):  # its keywords are any words
            continue
        other = {
            word.lower(): skill.id
            for skill in skills.values()
            for word in (skill.title, *skill.aliases)
        }
        known = {*skills, *(dict(portfolio.topics) if has_topics else ())}
        near = suggest(other.get(name.lower(), name), known)
        words = "skill or topic" if has_topics else "skill"
        yield Problem(record, "skill", f"{record.id}: no {words} {name!r}{near}")


def _not_in_evidence(skill: Skill, record: Record) -> str:
    words = ", ".join(repr(word) for word in (skill.title, *skill.aliases))
    return (
        f"{record.id}: the text must have one of {words} to prove the skill {skill.id!r}: "
        f"remove the skill from the entry, or add a word of the text to the skill's :aliases:"
    )


def occurs(words: Iterable[str], texts: Iterable[str]) -> bool:
    """Return whether one of some words is in a text, in any case."""
    # "C" is not in "C++", nor "Go" in "Google".
    alternatives = "|".join(map(re.escape, words))
    pattern = re.compile(rf"(?<!\w)(?:{alternatives})(?![\w+#])", re.IGNORECASE)
    return any(pattern.search(text) for text in texts)
