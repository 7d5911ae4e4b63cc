"""What is wrong between records, though each is right by itself. Standard library alone."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_portfolio.model.kinds.skill import Skill
from sphinx_portfolio.model.kinds.talk import Talk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_portfolio.model.portfolio import Portfolio
    from sphinx_portfolio.model.records import Record


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `: did you mean 'x'?` for the nearest known word, or nothing where none is near."""
    near = difflib.get_close_matches(word, sorted(known), n=1)
    return f": did you mean {near[0]!r}?" if near else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a record among the others; `subtype` names the kind of warning."""

    record: Record
    subtype: str
    message: str


def check(portfolio: Portfolio) -> Iterator[Problem]:
    """Yield what is wrong between records: unknown names, skills that are topics or unproved."""
    skills = {skill.id: skill for skill in portfolio.of(Skill)}
    topics = {name for name, _ in portfolio.topics}
    other = {
        word.lower(): skill.id
        for skill in skills.values()
        for word in (skill.title, *skill.aliases)
    }
    for name in sorted(topics & skills.keys()):
        message = f"{name}: it is a topic, too, and no talk proves it: take it off portfolio_topics"
        yield Problem(skills[name], "skill", message)
    for record in portfolio.records:
        words = "skill or topic" if isinstance(record, Talk) else "skill"
        for name in record.skills:
            if skill := skills.get(name):
                if not _occurs(skill, record):
                    yield Problem(record, "evidence", _not_in_evidence(skill, record))
            else:
                known = {*skills, *topics} if isinstance(record, Talk) else skills
                near = suggest(other.get(name.lower(), name), known)
                yield Problem(record, "skill", f"{record.id}: no {words} {name!r}{near}")
        if isinstance(record, Talk):
            for target in record.cites:
                if target not in portfolio.by_id:
                    near = suggest(target, portfolio.by_id)
                    yield Problem(record, "related", f"{record.id}: no entry {target!r}{near}")


def _not_in_evidence(skill: Skill, record: Record) -> str:
    words = ", ".join(repr(word) for word in (skill.title, *skill.aliases))
    return (
        f"{record.id} is said to prove {skill.id!r}, but its text has none of {words}: "
        f"take the skill off it, or add the word it uses to the skill's :aliases:"
    )


def _occurs(skill: Skill, record: Record) -> bool:
    words = "|".join(re.escape(word) for word in (skill.title, *skill.aliases))
    # "C" is not in "C++", nor "Go" in "Google".
    pattern = re.compile(rf"(?<!\w)(?:{words})(?![\w+#])", re.IGNORECASE)
    return any(pattern.search(text) for text in record.texts)
