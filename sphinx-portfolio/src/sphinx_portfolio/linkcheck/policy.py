"""Limits of the link check, and what is configured of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    import re


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds: of an address (tries to the body's bytes), of a host, and of all; times in seconds.

    Time and tries of an address do not include waiting for its turn at the host.
    """

    tries: int = 4
    requests: int = 24
    seconds: float = 60
    body: int = 2 * 1024 * 1024  # decompressed
    parsing: float = 2
    redirects: int = 10
    at_once: int = 2
    silent: int = 4  # requests in a row without an answer, after which a host is not asked again
    interval: float = 0.25
    retry_after: float = 30
    default_wait: float = 5  # if an overloaded host does not say for how long
    hosts: int = 16


@dataclass(frozen=True, slots=True)
class Policy:
    """What to ask for: Sphinx's `linkcheck_*` values of the same names, and whom."""

    timeout: float = 30
    anchors: bool = True
    anchors_ignore: tuple[re.Pattern[str], ...] = ()
    anchors_ignore_for_url: tuple[re.Pattern[str], ...] = ()
    ignore: tuple[re.Pattern[str], ...] = ()
    allowed_redirects: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] | None = None
    allow_loopback: bool = False

    @property
    def digest(self) -> str:
        """A hash of all values: a verdict is reused only with those that it was made with."""
        values = json.dumps(asdict(self), default=lambda it: (it.pattern, it.flags))
        return hashlib.sha256(values.encode()).hexdigest()

    def ignores(self, address: str) -> bool:
        """Return whether `linkcheck_ignore` has an address."""
        return any(pattern.match(address) for pattern in self.ignore)

    def anchor(self, address: str) -> str:
        """Return the anchor to look up in a page; empty if there is none to be looked up."""
        page, _, fragment = address.partition("#")
        fragment = fragment.partition(":~:")[0]  # a text to highlight
        if not self.anchors or fragment.lower() == "top":  # which needs no element
            return ""
        ignored = any(pattern.match(fragment) for pattern in self.anchors_ignore)
        if ignored or any(pattern.match(page) for pattern in self.anchors_ignore_for_url):
            return ""
        return unquote(fragment)
