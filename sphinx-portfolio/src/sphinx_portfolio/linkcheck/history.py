"""Verdicts that are kept between runs: since when a link is broken, and what need not be asked."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sphinx_portfolio.linkcheck.verdicts import Kind, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "verdicts.json"
VERSION = 1
FRESH = timedelta(days=1)
# Failures are asked for each time.
REUSED = frozenset({Kind.OK, Kind.MOVED, Kind.REDIRECTED})


@dataclass(frozen=True, slots=True)
class Kept:
    """A verdict, and when it was made."""

    verdict: Verdict
    checked: datetime


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


def _kept(item: Mapping[str, str]) -> Kept:
    reason, target, since = item["reason"], item["target"], item["since"]
    if not all(isinstance(text, str) for text in (reason, target, since)):
        message = "a text is missing"
        raise ValueError(message)
    if since:
        date.fromisoformat(since)
    checked = datetime.fromisoformat(item["checked"])
    if checked.tzinfo is None:
        message = "a time without time zone"
        raise ValueError(message)
    return Kept(Verdict(Kind(item["kind"]), reason, target, since), checked)


def write(kept: Mapping[str, Kept]) -> str:
    """Return the text of the file."""
    links = {
        address: {
            "kind": each.verdict.kind,
            "reason": each.verdict.reason,
            "target": each.verdict.target,
            "since": each.verdict.since,
            "checked": each.checked.isoformat(timespec="seconds"),
        }
        for address, each in sorted(kept.items())
    }
    return json.dumps({"version": VERSION, "links": links}, ensure_ascii=False, indent=1) + "\n"


def reusable(kept: Mapping[str, Kept], now: datetime) -> dict[str, Verdict]:
    """Return the verdicts that need not be made again."""
    return {
        address: each.verdict
        for address, each in kept.items()
        if each.verdict.kind in REUSED and timedelta() <= now - each.checked < FRESH
    }


def dated(verdict: Verdict, before: Kept | None, now: datetime) -> Verdict:
    """Return a new verdict with the day since which the link is what it is."""
    if verdict.kind in REUSED or verdict.kind is Kind.UNREACHED:
        return verdict
    same = before is not None and before.verdict.kind is verdict.kind
    since = before.verdict.since if before and same else ""
    return replace(verdict, since=since or now.astimezone(UTC).date().isoformat())


def update(
    before: Mapping[str, Kept], verdicts: Mapping[str, Verdict], now: datetime
) -> dict[str, Kept]:
    """Return what to keep: of links that are still there, the new verdict or else the old one."""
    kept = {}
    for address, verdict in verdicts.items():
        if verdict.kind is not Kind.UNREACHED:
            kept[address] = Kept(verdict, now)
        elif address in before:
            kept[address] = before[address]
    return kept
