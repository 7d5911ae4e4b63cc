"""Looks up anchors in pages while they are read."""

from __future__ import annotations

import asyncio
import time
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from sphinx_portfolio.linkcheck.verdicts import Fault

if TYPE_CHECKING:
    from collections.abc import Collection

    import aiohttp

    from sphinx_portfolio.linkcheck.policy import Limits

HTML = frozenset({"text/html", "application/xhtml+xml"})
TAG = '<a id="+">'


async def look_up(anchor: str, response: aiohttp.ClientResponse, limits: Limits) -> Fault | None:
    """Look up an anchor in the body of a response; return a fault unless it is there."""
    if "Content-Type" in response.headers and response.content_type not in HTML:
        return None  # what an anchor means there is not known, such as `#page=3` of a PDF
    charset = response.charset or "utf-8"
    try:
        as_bytes = _ascii(anchor.encode(charset, "replace"))
        has_ascii = TAG.encode(charset) == TAG.encode()  # unlike UTF-16
    except (LookupError, UnicodeError):
        has_ascii = False
    if not has_ascii:
        return Fault.UNREAD
    # The page is not decoded: the host names the decoder, and some do more than that.
    parser = _AnchorParser({anchor, as_bytes})
    size, parsing = 0, 0.0
    async for chunk in response.content.iter_chunked(64 * 1024):
        size += len(chunk)
        started = time.monotonic()
        try:
            parser.feed(_ascii(chunk))
        except AssertionError:  # how the parser refuses some declarations
            return Fault.UNREAD
        # A tag without end is parsed again with each chunk.
        parsing += time.monotonic() - started
        await asyncio.sleep(0)  # others have waited
        if parser.found:
            return None
        if size >= limits.body or parsing > limits.parsing:
            return Fault.UNREAD
    return Fault.NO_ANCHOR


class _AnchorParser(HTMLParser):
    """Looks for an element with an id or a name."""

    def __init__(self, names: Collection[str]) -> None:
        super().__init__(convert_charrefs=False)  # which would search all text
        self._names = names
        self.found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Compare the id and the name of an element."""
        self.found |= any(key in {"id", "name"} and value in self._names for key, value in attrs)


def _ascii(content: bytes) -> str:
    return content.decode("ascii", "surrogateescape")
