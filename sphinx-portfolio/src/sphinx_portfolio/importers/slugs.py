"""Ids and file names made of titles: readable and unique."""

from __future__ import annotations

import re
from itertools import chain, count
from string import ascii_lowercase
from typing import TYPE_CHECKING
from unicodedata import normalize

from sphinx_portfolio.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

SPELLINGS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "œ": "oe", "đ": "d"}
)
# Names of languages that would lose their only difference.
SPELLED = (
    (re.compile(r"(?<=\w)\+\+"), "pp"),
    (re.compile(r"(?<=\w)#"), "sharp"),
    (re.compile(r"(?<!\w)\.(?=net\b)", re.IGNORECASE), "dot"),
    (re.compile(r"&"), " and "),
    (re.compile(r"(?<=\w)['’](?=\w)"), ""),
)
COMPANY = re.compile(
    r"[,.\s]+(?:inc|llc|ltd|limited|gmbh|ag|corp|corporation|pvt\.? ltd|plc|co|s\.a)\.?$",
    re.IGNORECASE,
)
RESERVED = {"index", "con", "nul", "aux", "prn"}  # the last three are devices on Windows
LONGEST = 48
LETTERS = ascii_lowercase[1:]


def slug(text: str, prefix: str) -> str:
    """Return an id of the words of a text; *prefix* begins it if the text can't."""
    for pattern, spelled in SPELLED:
        text = pattern.sub(spelled, text)
    ascii_text = normalize("NFKD", text.translate(SPELLINGS)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_text.lower())
    kept: list[str] = []
    for word in words:
        if kept and len("-".join((*kept, word))) > LONGEST:
            break
        kept.append(word)
    found = "-".join(kept)[:LONGEST]
    return found if found[:1].isalpha() else "-".join(filter(None, (prefix, found)))


def organization(text: str) -> str:
    """Return the name of an organization without its legal form."""
    return COMPANY.sub("", text) or text


def unique(wanted: str, taken: set[str], year: str = "") -> str:
    """Return an id that is not taken, with a year or a letter if it has to be, and take it.

    One that is only the name of a kind gets a number: no letter of the title is Latin.
    """
    if wanted in KINDS:
        others: Iterable[str] = (f"{wanted}-{number}" for number in count(2))
    else:
        others = (f"{wanted}-{letter}{number or ''}" for number in count() for letter in LETTERS)
    dated = [f"{wanted}-{year}"] if year and wanted not in KINDS else []
    found = next(
        it for it in chain([wanted], dated, others) if it not in taken and it not in RESERVED
    )
    taken.add(found)
    return found
