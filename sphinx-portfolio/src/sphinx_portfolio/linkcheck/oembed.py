"""Asks hosts of videos by oEmbed (https://oembed.com): the page of a private video answers 200."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from sphinx_portfolio.linkcheck.client import Client
from sphinx_portfolio.linkcheck.policy import Policy
from sphinx_portfolio.linkcheck.verdicts import judge

if TYPE_CHECKING:
    from collections.abc import Collection

LIMIT = 120  # seconds, for all videos


class Endpoint(NamedTuple):
    """Where a host answers whether what its addresses name is public."""

    host: str
    addresses: re.Pattern[str]
    url: str


# https://developers.google.com/youtube/, https://developer.vimeo.com/api/oembed/videos
ENDPOINTS = (
    Endpoint(
        "YouTube",
        re.compile(r"https?://(?:(?:www\.|m\.)?youtube\.com/(?:watch|live/|shorts/)|youtu\.be/)"),
        "https://www.youtube.com/oembed?format=json&url=",
    ),
    Endpoint(
        "Vimeo", re.compile(r"https?://vimeo\.com/\d+"), "https://vimeo.com/api/oembed.json?url="
    ),
)
# Statuses of what does not exist, or is not shown to everyone.
REFUSALS = frozenset({400, 401, 403, 404, 410})


class Shown(NamedTuple):
    """What a host says of a video: `reason` is empty if everyone can see it."""

    host: str
    is_refused: bool
    reason: str


def question(video: str) -> tuple[str, str]:
    """Return the host of a video and the address to ask; both empty if the host is not known."""
    for endpoint in ENDPOINTS:
        if endpoint.addresses.match(video):
            return endpoint.host, endpoint.url + quote(video, safe="")
    return "", ""


def ask(videos: Collection[str], allow_loopback: bool = False) -> dict[str, Shown]:
    """Ask the hosts of videos; the videos of other hosts are left out."""
    questions = {video: found for video in videos if (found := question(video))[0]}
    client = Client(Policy(allow_loopback=allow_loopback))
    answers = asyncio.run(client.ask_all([address for _, address in questions.values()], LIMIT))
    shown = {}
    for video, (host, address) in questions.items():
        answer = answers.get(address)
        verdict = judge(address, answer)
        is_refused = bool(answer and not answer.fault and answer.status in REFUSALS)
        is_public = bool(answer and not answer.fault and 200 <= answer.status < 300)
        reason = "" if is_public else verdict.reason or verdict.kind.value
        shown[video] = Shown(host, is_refused, reason)
    return shown
