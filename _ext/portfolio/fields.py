"""What an option of a page and a field of BibTeX have in common: ids, lists, addresses."""

from __future__ import annotations

import re

from portfolio.addresses import is_safe_address
from portfolio.dates import RecordError

ADDRESS = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def identifier(text: str) -> str:
    """Check an id; RecordError if it can't be an address."""
    if not ADDRESS.fullmatch(text):
        message = f"{text!r} is no id: lower-case words with hyphens, beginning with a letter"
        raise RecordError(message)
    return text


def words(text: str) -> tuple[str, ...]:
    """Split at commas; a word counts once."""
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def address(text: str) -> str:
    """Check an address; RecordError unless it is one of the web."""
    if text and not (is_safe_address(text) and text.startswith(("http://", "https://"))):
        message = f"{text!r} is no address: it has to begin with https:// or http://"
        raise RecordError(message)
    return text
