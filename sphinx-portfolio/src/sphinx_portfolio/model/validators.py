"""Validation of the texts of options and BibTeX fields: ids, lists, quotes, addresses."""

from __future__ import annotations

import html
import re
import socket
from dataclasses import fields, is_dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from sphinx_portfolio.model.dates import RecordError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# Control characters (XML 1.0, section 2.2), surrogates, noncharacters, and direction overrides,
# which also affect the text around them (Unicode Annex 9).
UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\ud800-\udfff\ufffe\uffff]"
)
PRIVATE_NAMES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
ISOLATES, POP_ISOLATE = re.compile("[\u2066-\u2068]"), "\u2069"
ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SAFE_SCHEMES = frozenset({"", "http", "https", "mailto"})
# Characters that are not allowed in addresses, although browsers accept them.
UNSAFE = re.compile(r"[\s\"<>\\{}]")
STRAIGHT = str.maketrans("‘’“”", "''\"\"")


def straight(text: str) -> str:
    """Replace typographic quotes, which Sphinx makes of straight ones, by straight ones."""
    return text.translate(STRAIGHT)


def verbatim(title: str, words: str) -> str:
    """Return words with the quotes that they have in a title; empty if the title lacks them."""
    pattern = rf"(?<![^\s(\[{{\"'])({re.escape(straight(words))})(?![^\s)\]}}\"'.,:;])"
    match = re.search(pattern, straight(title)) if words else None
    return title[match.start() : match.end()] if match else ""


def unshowable(text: str) -> str:
    """Return the first character of a text that can't be shown; empty if there is none."""
    if found := UNSHOWABLE.search(text):
        return found[0]
    if not ISOLATES.search(text):
        return ""
    open_isolates: list[str] = []
    for character in text:
        if ISOLATES.match(character):
            open_isolates.append(character)
        elif character == POP_ISOLATE and open_isolates:
            open_isolates.pop()
    return open_isolates[0] if open_isolates else ""


def showable(text: str) -> str:
    """Return a text; RecordError if it has a character that can't be shown."""
    if character := unshowable(text):
        message = f"the character U+{ord(character):04X} in {text[:80]!r} can't be shown: remove it"
        raise RecordError(message)
    return text


def strings(value: object) -> Iterator[str]:
    """Yield all texts in a record, also of nested dataclasses and tuples, but no source."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from strings(each)
    elif is_dataclass(value):
        for field in (each for each in fields(value) if not each.metadata.get("is_source")):
            yield from strings(getattr(value, field.name))


def identifier(text: str) -> str:
    """Return an id; RecordError if it is invalid."""
    if not ID.fullmatch(text):
        message = f"invalid id {text!r}: use lower-case words with hyphens, beginning with a letter"
        raise RecordError(message)
    return text


def words(text: str) -> tuple[str, ...]:
    """Split a list at commas; repeated words are ignored."""
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def scheme(address: str) -> str:
    """Return the scheme that a browser reads in an address; empty if there is none.

    Of an address without scheme but with a host it is the two slashes before the host.
    """
    # Browsers ignore controls at the ends, and tabs and line breaks anywhere (WHATWG URL, 4.4).
    seen = re.sub(r"[\t\n\r]", "", address).strip("".join(map(chr, range(0x21))))
    match = re.match(r"[a-z][a-z0-9+.-]*(?=:)|[/\\]{2}", seen, re.IGNORECASE | re.ASCII)
    return match[0].lower() if match else ""


def is_safe_address(address: str, schemes: Collection[str] = SAFE_SCHEMES) -> bool:
    """Return whether an address has one of these schemes, both as written and decoded."""
    return all(scheme(it) in schemes for it in (address, html.unescape(unquote(address))))


def address(text: str) -> str:
    """Return a web address, or an empty text; RecordError if it is invalid."""
    if text and (fault := _fault(text)):
        raise RecordError(f"invalid URL {text!r}: {fault}")
    return text


def _fault(text: str) -> str:
    if not (is_safe_address(text) and text.startswith(("http://", "https://"))):
        return "expected https://… or http://…"
    if found := UNSAFE.search(text):
        return f"{found[0]!r} is not allowed: copy the address from a browser"
    return address_fault(text)


def address_fault(address: str) -> str:
    """Return what is wrong with the host of an address; empty if it is valid."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:  # an invalid IPv6 address or port
        return "the host or port is invalid"
    if parts.scheme in {"http", "https"} and not parts.hostname:
        return "it has no host"
    if "@" in parts.netloc:
        return "remove the user name and password before the @"
    return ""


def is_private_address(address: str) -> bool:
    """Return whether the host of an address is this machine or on a private network."""
    try:
        host = (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return False
    if host == "localhost" or host.endswith(PRIVATE_NAMES):
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        pass
    try:  # forms that browsers read, too, such as 127.1 and 0x7f000001
        return not ip_address(socket.inet_aton(host)).is_global
    except (OSError, ValueError):  # a name
        return False
