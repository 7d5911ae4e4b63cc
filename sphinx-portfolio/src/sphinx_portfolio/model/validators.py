"""Validation of what options and BibTeX fields contain: ids, lists, quotes, addresses."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from sphinx_portfolio.model.dates import RecordError

if TYPE_CHECKING:
    from collections.abc import Collection

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SAFE_SCHEMES = frozenset({"", "http", "https", "mailto"})
# Not allowed in addresses, though a browser may guess what is meant.
UNSAFE = re.compile(r"[\s\"<>\\{}]")
STRAIGHT = str.maketrans("‘’“”", "''\"\"")


def straight(text: str) -> str:
    """Return a text with straight quotes: those of a page are typographic after parsing."""
    return text.translate(STRAIGHT)


def verbatim(title: str, words: str) -> str:
    """Return words as they are in a title; nothing if they are not a sequence of its words."""
    pattern = rf"(?<![^\s(\[{{\"'])({re.escape(straight(words))})(?![^\s)\]}}\"'.,:;])"
    match = re.search(pattern, straight(title)) if words else None
    return title[match.start() : match.end()] if match else ""


def identifier(text: str) -> str:
    """Return an id; RecordError if it can't be an address."""
    if not ID.fullmatch(text):
        message = f"invalid id {text!r}: use lower-case words with hyphens, beginning with a letter"
        raise RecordError(message)
    return text


def words(text: str) -> tuple[str, ...]:
    """Split a list at commas; a word counts once."""
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def scheme(address: str) -> str:
    """Return the scheme a browser sees in *address*: '' if none, two slashes if only a host."""
    # Browsers drop control characters at the ends, tabs and line breaks anywhere (WHATWG URL, 4.4).
    seen = re.sub(r"[\t\n\r]", "", address).strip("".join(map(chr, range(0x21))))
    match = re.match(r"[a-z][a-z0-9+.-]*(?=:)|[/\\]{2}", seen, re.IGNORECASE | re.ASCII)
    return match[0].lower() if match else ""


def is_safe_address(address: str, schemes: Collection[str] = SAFE_SCHEMES) -> bool:
    """Tell whether *address*, as written and decoded, has one of *schemes*."""
    return all(scheme(it) in schemes for it in (address, html.unescape(unquote(address))))


def address(text: str) -> str:
    """Return a web address; RecordError if it is invalid."""
    if not text:
        return text
    if not (is_safe_address(text) and text.startswith(("http://", "https://"))):
        message = f"invalid URL {text!r}: expected https://… or http://…"
        raise RecordError(message)
    if found := UNSAFE.search(text):
        message = (
            f"invalid URL {text!r}: {found[0]!r} is not allowed: copy the address from a browser"
        )
        raise RecordError(message)
    try:
        host = urlsplit(text).hostname
    except ValueError:  # such as half an IPv6 address
        host = None
    if not host:
        message = f"invalid URL {text!r}: it has no host"
        raise RecordError(message)
    return text
