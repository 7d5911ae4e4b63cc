"""Verdicts that are kept between runs: since when a link is broken, and what need not be asked."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sphinx_portfolio.linkcheck.verdicts import Kind, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "verdicts.json"
VERSION = 2
FRESH = timedelta(days=1)
# Failures are asked for each time.
REUSED = frozenset({Kind.OK, Kind.MOVED, Kind.REDIRECTED})


@dataclass(frozen=True, slots=True)
class Kept:
    """A verdict, when it was made and the digest of the policy that it was made with.

    `first` has the days on which the link was first seen broken, uncertain and so on, since it
    worked.
    """

    verdict: Verdict
    checked: datetime
    policy: str
    first: Mapping[Kind, str]


def read(text: str) -> dict[str, Kept]:
    """Read the file; ValueError if it is not one that `write` made."""
    try:
        whole = json.loads(text)
        if whole["version"] != VERSION:
            message = f"version {whole['version']!r}"
            raise ValueError(message)
        return {address: _kept(item) for address, item in whole["links"].items()}
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        message = f"unexpected content: {error!r}"
        raise ValueError(message) from error


def _kept(item: Mapping[str, Any]) -> Kept:
    reason, target, policy = item["reason"], item["target"], item["policy"]
    if not all(isinstance(text, str) for text in (reason, target, policy)):
        message = "a text is missing"
        raise ValueError(message)
    kind, first = Kind(item["kind"]), item["first"]
    first = {Kind(name): date.fromisoformat(day).isoformat() for name, day in first.items()}
    checked = datetime.fromisoformat(item["checked"])
    if checked.tzinfo is None:
        message = "a time without time zone"
        raise ValueError(message)
    return Kept(Verdict(kind, reason, target, first.get(kind, "")), checked, policy, first)


def write(kept: Mapping[str, Kept]) -> str:
    """Return the text of the file."""
    links = {
        address: {
            "kind": each.verdict.kind,
            "reason": each.verdict.reason,
            "target": each.verdict.target,
            "first": each.first,
            "checked": each.checked.isoformat(timespec="seconds"),
            "policy": each.policy,
        }
        for address, each in sorted(kept.items())
    }
    return json.dumps({"version": VERSION, "links": links}, ensure_ascii=False, indent=1) + "\n"


def reusable(kept: Mapping[str, Kept], policy: str, now: datetime) -> dict[str, Verdict]:
    """Return the verdicts that need not be made again."""
    return {
        address: each.verdict
        for address, each in kept.items()
        if each.verdict.kind in REUSED
        and each.policy == policy
        and timedelta() <= now - each.checked < FRESH
    }


def keep(verdict: Verdict, before: Kept | None, policy: str, now: datetime) -> Kept:
    """Return a new verdict with the day on which the link first had its problem, to be kept."""
    if verdict.kind in REUSED:
        return Kept(verdict, now, policy, {})
    today = {verdict.kind: now.astimezone(UTC).date().isoformat()}
    first = {**today, **(before.first if before else {})}
    return Kept(replace(verdict, since=first[verdict.kind]), now, policy, first)
