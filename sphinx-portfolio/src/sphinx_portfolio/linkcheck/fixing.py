"""Rewrites addresses that moved, where they are written literally."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# What may be around an address: not the rest of a longer one.
BEFORE = r"(?<![^\s<(\"'{\[`])"
AFTER = r"(?=$|[\s>)\"'}\]`]|[.,;:!?](?:\s|$))"
# Valid in an address, but part of the markup of links around it.
MARKUP = {"(": "%28", ")": "%29", "'": "%27", "*": "%2A", "`": "%60"}


def rewrite(text: str, moved: Mapping[str, str]) -> str:
    """Replace addresses by new ones, each occurrence once."""
    if not moved:
        return text
    longest_first = sorted(moved, key=len, reverse=True)
    pattern = f"{BEFORE}(?:{'|'.join(map(re.escape, longest_first))}){AFTER}"
    encoded = str.maketrans(MARKUP)
    return re.sub(pattern, lambda match: moved[match[0]].translate(encoded), text)


def diff(name: str, old: str, new: str) -> str:
    """Return how a file changes, as a unified diff."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found = difflib.unified_diff(before, after, fromfile=name, tofile=name)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in found)
