"""Which addresses may stand on a site: a closed list of schemes, however they are disguised."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Collection

SAFE_SCHEMES = frozenset({"", "http", "https", "mailto"})


def scheme(address: str) -> str:
    """Return the scheme a browser sees in *address*: '' if none, two slashes if only a host."""
    # Browsers drop control characters at the ends, tabs and line breaks anywhere (WHATWG URL, 4.4).
    seen = re.sub(r"[\t\n\r]", "", address).strip("".join(map(chr, range(0x21))))
    match = re.match(r"[a-z][a-z0-9+.-]*(?=:)|[/\\]{2}", seen, re.IGNORECASE | re.ASCII)
    return match[0].lower() if match else ""


def is_safe_address(address: str, schemes: Collection[str] = SAFE_SCHEMES) -> bool:
    """Tell whether *address*, as it stands and decoded, has one of *schemes*."""
    return all(scheme(it) in schemes for it in (address, html.unescape(unquote(address))))
