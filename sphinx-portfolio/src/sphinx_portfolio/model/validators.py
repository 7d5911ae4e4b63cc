"""What an option of a page and a field of BibTeX have in common: ids, lists, addresses."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sphinx_portfolio.model.addresses import is_safe_address
from sphinx_portfolio.model.dates import RecordError

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# What no address has in it, though a browser might guess what is meant.
UNSAFE = re.compile(r"[\s\"<>\\{}]")
STRAIGHT = str.maketrans("‘’“”", "''\"\"")


def straight(text: str) -> str:
    """Return a text with quotes as they are typed: a page's are typographic by then."""
    return text.translate(STRAIGHT)


def run_of(title: str, words: str) -> str:
    """Return a run of a title's own words as it stands there, or nothing where it is none."""
    run = rf"(?<![^\s(\[{{\"'])({re.escape(straight(words))})(?![^\s)\]}}\"'.,:;])"
    match = re.search(run, straight(title)) if words else None
    return title[match.start() : match.end()] if match else ""


def identifier(text: str) -> str:
    """Check an id; RecordError if it can't be an address."""
    if not ID.fullmatch(text):
        message = f"{text!r} is no id: lower-case words with hyphens, beginning with a letter"
        raise RecordError(message)
    return text


def words(text: str) -> tuple[str, ...]:
    """Split at commas; a word counts once."""
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def address(text: str) -> str:
    """Check an address; RecordError unless all of it is one of the web."""
    if not text:
        return text
    if not (is_safe_address(text) and text.startswith(("http://", "https://"))):
        message = f"{text!r} is no address: it has to begin with https:// or http://"
        raise RecordError(message)
    if found := UNSAFE.search(text):
        message = f"{found[0]!r} is no part of an address: copy it from a browser, as it stands"
        raise RecordError(message)
    try:
        host = urlsplit(text).hostname
    except ValueError:  # such as half an IPv6 address
        host = None
    if not host:
        message = f"{text!r} is no address: it names no host"
        raise RecordError(message)
    return text
