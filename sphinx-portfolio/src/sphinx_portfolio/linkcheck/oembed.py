"""Asks hosts of videos by oEmbed (https://oembed.com): the page of a private video answers 200."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote


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
NOT_PUBLIC = frozenset({400, 401, 403, 404, 410})


def question(address: str) -> tuple[str, str]:
    """Return the host of a video and the address to ask; both empty if the host is not known."""
    for endpoint in ENDPOINTS:
        if endpoint.addresses.match(address):
            return endpoint.host, endpoint.url + quote(address, safe="")
    return "", ""
