"""Dates as people write them in sources."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from sphinx_portfolio.model import Date, RecordError
from sphinx_portfolio.model.dates import MONTHS

if TYPE_CHECKING:
    from collections.abc import Callable

PRESENT = {"present", "now", "current", "today", "ongoing", "heute", "to date"}
NUMBERS = {name.rstrip(".").lower()[:3]: number for number, name in enumerate(MONTHS, start=1)}
ISO = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?)?(?:[T ][0-9:.Z+-]*)?")
WORDS = re.compile(r"(?:([0-9]{1,2})[. ]+)?([A-Za-z]{3,9})\.?,? +(?:([0-9]{1,2}),? +)?([0-9]{4})")
MONTH_YEAR = re.compile(r"([0-9]{1,2})/([0-9]{4})")
DASH = re.compile(
    r"\s*[–—]\s*|\s*--+\s*|\s+(?:to|until)\s+|\s+-\s*|\s*-\s+"
    r"|(?<=[0-9]{4})-(?=[0-9]{4}\b|[0-9]{1,2}/|[A-Za-z]|$)"
)
SINCE = re.compile(r"(?:since|from)\s+(.+)", re.IGNORECASE)
SCHOOL_YEAR = re.compile(r"([0-9]{2})([0-9]{2})[-/–]([0-9]{2})")  # 2019/20


def normalized(text: str) -> str:
    """Return a date as `2021`, `2021-05` or `2021-05-31`, or `present`; empty if it is none."""
    text = text.strip()
    if text.lower().rstrip(".") in PRESENT:
        return "present"
    if match := ISO.fullmatch(text):
        return _valid(match[1], match[2], match[3])
    if match := MONTH_YEAR.fullmatch(text):
        return _valid(match[2], match[1], None)
    if match := WORDS.fullmatch(text):
        month = NUMBERS.get(match[2].lower()[:3])
        return _valid(match[4], str(month), match[1] or match[3]) if month else ""
    return ""


def _valid(year: str, month: str | None, day: str | None) -> str:
    if not 1000 <= int(year) < 3000:  # years that JSON Resume has
        return ""
    parts = [f"{int(part):02}" for part in (month, day) if part and int(part)]
    try:
        date(int(year), *(int(part) for part in (*parts, "1", "1")[:2]))
        return str(Date.parse("-".join((year, *parts))))
    except (ValueError, RecordError):
        return ""


def period(text: str, read: Callable[[str], str] = normalized) -> tuple[str, str]:
    """Return start and end of `2015 - 2019`, `May 2021 – Present`, `2021 -` or one date.

    *read* reads the dates; both are empty if one is none.
    """
    text = text.strip()
    if (match := SCHOOL_YEAR.fullmatch(text)) and int(match[3]) > 12:
        text = f"{match[1]}{match[2]} – {match[1]}{match[3]}"
    if match := SINCE.fullmatch(text):
        text = f"{match[1]} –"
    start, *rest = DASH.split(text)
    if len(rest) > 1:
        return "", ""
    end = (rest[0] or "present") if rest else start
    first = read(start) or normalized(f"{start} {year_in(end)}")  # the year of `end`, too
    last = read(end) or normalized(end)
    return (first, last) if first and last and first != "present" else ("", "")


def year_in(text: str) -> str:
    """Return the only year that a text names, such as `Summer 2022`; empty if there is none."""
    years = set(re.findall(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", text))
    return years.pop() if len(years) == 1 else ""
