"""Addresses as they are written in files: found, and rewritten where they moved.

The same address has several spellings: Markdown percent-encodes and applies IDNA, and BibTeX and
Markdown escape characters by a backslash.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

ESCAPE = r"\\([!-/:-@\[-`{-~])"
# As long as it can be, so that no part of a longer address is taken for one. Brackets are for IPv6
# and queries.
ADDRESS = re.compile(
    r"(?<![a-z0-9/:=?&#%+@.-])[a-z][a-z0-9+.-]*://"
    rf"(?:\[[\w:.]*\]|{ESCAPE}|[!#-;=?-\[_a-z~]|[^\x00-\x7f\s])+",
    re.IGNORECASE,
)
CLOSING = {"<": ">", '"': '"', "{": "}", "(": ")", "'": "'"}
# What may follow an address that is not delimited: https://github.github.com/gfm/#autolinks-extension-
AFTER = frozenset(".,:;!?)'*_~")
MOST_AFTER = 10
KEPT = "%;/?:@&=+$,-_.!~*'()#"  # characters that Markdown does not encode
# Valid in an address, but part of the markup of links around it.
MARKUP = str.maketrans({"(": "%28", ")": "%29", "'": "%27", "*": "%2A", "`": "%60"})


def unescaped(written: str) -> str:
    """Return an address without backslashes before punctuation."""
    return re.sub(ESCAPE, r"\1", written)


@lru_cache(1024)
def canonical(address: str) -> str:
    """Return the one spelling of an address: percent-encoded, with IDNA, without escapes."""
    scheme, _, rest = unescaped(address).replace("&amp;", "&").partition("://")
    host = re.split("[/?#]", rest, maxsplit=1)[0]
    labels = [
        it if it.isascii() else f"xn--{it.encode('punycode').decode()}" for it in host.split(".")
    ]
    path = quote(rest[len(host) :], KEPT, errors="surrogateescape")
    path = re.sub("%..", lambda match: match[0].upper(), path)
    return f"{scheme}://{'.'.join(labels)}".lower() + path


def find(text: str, addresses: Collection[str]) -> Iterator[tuple[int, str, str]]:
    """Yield each position of one of the addresses, how it is written there, and the address."""
    wanted = {canonical(address): address for address in addresses}
    end = 0
    while match := ADDRESS.search(text, end):
        start, end = match.span()
        closing = CLOSING.get(text[max(0, start - 1) : start], "")
        closed = start + _length(match[0], closing)
        is_delimited = closing and text[closed : closed + 1] == closing
        if is_delimited:
            end = closed
        for written in _without_punctuation(text[start:end], 0 if is_delimited else MOST_AFTER):
            if address := wanted.get(canonical(written)):
                yield start, written, address
                break


def locate(text: str, address: str, start: int) -> tuple[int, str] | None:
    """Return the first line from *start* that has an address, and its spelling, unescaped."""
    rest = text.split("\n", max(0, start - 1))[-1]
    for position, written, _ in find(rest, [address]):
        return max(1, start) + rest.count("\n", 0, position), unescaped(written)
    return None


def _length(written: str, closing: str) -> int:
    """Return the length of an address without the delimiter that ends it, and what follows."""
    depth = 0
    for match in re.finditer(r"\\.|[()']", written):
        depth += match[0] == "("
        if match[0] == closing:
            if closing == "'" or depth == 0:
                return match.start()
            depth -= 1
    return len(written)


def _without_punctuation(written: str, most: int) -> Iterator[str]:
    """Yield an address, and without each punctuation mark at its end."""
    yield written
    for _ in range(most):
        last = written[-1]
        if last not in AFTER and (last.isascii() or unicodedata.category(last)[0] != "P"):
            return
        written = written[:-1]
        yield written


def rewrite(text: str, moved: Mapping[str, str]) -> str:
    """Replace addresses by new ones, each occurrence once."""
    parts, end = [], 0
    for start, written, address in find(text, moved):
        new = moved[address].translate(MARKUP)
        if "\\" in written:
            new = re.sub(r"[_%&#$]", r"\\\g<0>", new)
        parts += [text[end:start], new]
        end = start + len(written)
    return "".join((*parts, text[end:]))


def diff(name: str, old: str, new: str) -> str:
    """Return how a file changes, as a unified diff."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found = difflib.unified_diff(before, after, fromfile=name, tofile=name)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in found)
