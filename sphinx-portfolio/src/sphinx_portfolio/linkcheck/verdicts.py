"""Verdicts: what the answer of a host says about a link. Pure functions, without a network."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http.client import responses
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Mapping

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
GONE = frozenset({404, 410})
INDEX = ("index.html", "index.htm", "index.php")


class Kind(StrEnum):
    """What a link is, the worst first."""

    BROKEN = "broken"
    SUSPECT = "suspect"
    UNCERTAIN = "uncertain"
    UNREACHED = "not reached"
    MOVED = "moved"
    REDIRECTED = "redirected"
    OK = "ok"


class Fault(StrEnum):
    """Why there is no answer that decides, or why the answer is not enough."""

    INVALID = "invalid address"
    NO_NAME = "the host is unknown (DNS)"
    NO_DNS = "the host was not looked up (DNS), which may pass"
    PRIVATE = "not a public address"
    SCHEME = "redirects to what is not a web address"
    NO_ANCHOR = "the page has no such anchor"
    NO_CONNECTION = "no connection"
    TIMEOUT = "no answer in time"
    TLS = "TLS"
    DROPPED = "the connection was closed or the answer is invalid"
    LOOP = "redirects in a loop, as some hosts do without cookies"
    MANY_REDIRECTS = "redirects too often"
    MANY_REQUESTS = "needs too many requests"
    UNREAD = "the anchor was not looked up: the page is too long or not readable"
    UNEXPECTED = "unexpected error"


BROKEN = frozenset({Fault.INVALID, Fault.NO_NAME, Fault.PRIVATE, Fault.SCHEME, Fault.NO_ANCHOR})
# What happens to every host if this machine has no network.
OFFLINE = frozenset({Fault.NO_NAME, Fault.NO_DNS, Fault.NO_CONNECTION, Fault.TIMEOUT})


class Hop(NamedTuple):
    """A redirect: its status and the address that it leads to."""

    status: int
    address: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for an address: the last status, 0 without one, and the redirects before it.

    `requests` and `seconds` are what it cost, without waiting for its turn.
    """

    status: int = 0
    hops: tuple[Hop, ...] = ()
    fault: Fault | None = None
    detail: str = ""
    requests: int = 0
    seconds: float = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a link, and why; `target` is the new address of a moved one.

    `since` is the day since which the link has had this problem.
    """

    kind: Kind
    reason: str = ""
    target: str = ""
    since: str = ""


Allowed: TypeAlias = "Collection[tuple[re.Pattern[str], re.Pattern[str]]]"


def judge(address: str, answer: Answer | None, allowed: Allowed | None = None) -> Verdict:
    """Return the verdict; `allowed` is `linkcheck_allowed_redirects`, None if it is not set."""
    if answer is None:
        return Verdict(Kind.UNREACHED)
    if answer.fault or not 200 <= answer.status < 300:
        decided = answer.fault in BROKEN or (not answer.fault and answer.status in GONE)
        return Verdict(Kind.BROKEN if decided else Kind.UNCERTAIN, _reason(answer))
    return _judge_redirects(address, answer.hops, allowed) if answer.hops else Verdict(Kind.OK)


def _judge_redirects(address: str, hops: tuple[Hop, ...], allowed: Allowed | None) -> Verdict:
    final = hops[-1].address
    if any(a.match(address) and b.match(final) for a, b in allowed or ()):
        return Verdict(Kind.OK)
    if _lost_its_path(address, final):
        return Verdict(Kind.SUSPECT, f"redirects to the home page {final}")
    target = permanent_target(hops)
    if target and target != address:
        return Verdict(Kind.MOVED, f"now {target}", target)
    # Sphinx warns of each redirect that is not allowed, if the value is set at all.
    return Verdict(Kind.OK) if allowed is None else Verdict(Kind.REDIRECTED, f"to {final}")


def permanent_target(hops: tuple[Hop, ...]) -> str:
    """Return the address to which permanent redirects alone lead; empty if there is none."""
    target = ""
    for hop in hops:
        if hop.status not in PERMANENT:
            break
        target = hop.address
    return target


def _reason(answer: Answer) -> str:
    if answer.fault:
        parts = [answer.fault.value, answer.detail]
    else:
        phrase = responses.get(answer.status, "")  # the host's own words may be anything
        parts = [f"{answer.status} {phrase}".strip(), answer.detail]
    if answer.hops and answer.fault not in {Fault.LOOP, Fault.SCHEME}:
        parts.append(f"redirected to {answer.hops[-1].address}")
    return ", ".join(filter(None, parts))


def _lost_its_path(address: str, final: str) -> bool:
    """Return whether the path of a page became that of the home page."""
    old, new = urlsplit(address), urlsplit(final)
    is_deep = old.path.strip("/") not in {"", *INDEX}
    return is_deep and new.path in {"", "/"} and not new.query


def seems_offline(answers: Mapping[str, Answer]) -> bool:
    """Return whether this machine seems to have no network.

    That is so if no host answered and at least two were not reached: one alone may be down. It is
    also so if no name was looked up. An invalid or private address was never asked for.
    """
    asked = {
        address: answer
        for address, answer in answers.items()
        if answer.fault not in {Fault.INVALID, Fault.PRIVATE}
    }
    reached = any(answer.status or answer.fault not in OFFLINE for answer in asked.values())
    if all(answer.fault is Fault.NO_DNS for answer in asked.values()):
        return bool(asked)
    return len({urlsplit(address).hostname for address in asked}) > 1 and not reached
