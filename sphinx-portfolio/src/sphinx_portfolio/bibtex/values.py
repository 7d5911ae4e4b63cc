"""Values of BibTeX fields: dates, names, ids. Functions raise RecordError if a value is invalid."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from docutils.nodes import make_id
from pybtex.bibtex.utils import split_name_list, split_tex_string
from pybtex.database import InvalidNameString, Person
from pybtex.database.input.bibtex import month_names

from sphinx_portfolio.bibtex.latex import plain_text
from sphinx_portfolio.model import Date, Period, RecordError
from sphinx_portfolio.model.messages import ENGLISH

if TYPE_CHECKING:
    from sphinx_portfolio.bibtex.reader import BibEntry

OTHERS = "others"
NAMES = "expected Last, First and Last, First"
SEASONS = {"spring", "summer", "autumn", "fall", "winter"}
# Marks behind a name, such as those of equal contribution.
MARKS = re.compile(r"(?<=[\w.])[*∗†‡§¶#]+(?=[\s,]|$)")
UNCERTAIN = "?~%"  # marks behind a date (ISO 8601-2)
DATE_FIELDS = ("eventdate", "date")
NO_DATE = "the date is missing: add date = {YYYY-MM-DD}, or year = {YYYY}"


class Names(NamedTuple):
    """The names of people, each with the first name first, and whether there are others."""

    people: tuple[str, ...]
    others: bool


def slug(key: str, kind: str) -> str:
    """Return the id of a key: lower-case words with hyphens, beginning with a letter.

    An id that would not is preceded by the name of the kind.
    """
    # docutils removes digits at the start, which tell keys apart.
    found = make_id(f"k-{key}").removeprefix("k").lstrip("-")
    if not found:  # no letter of it is similar to a Latin one
        found = make_id(f"k-{key.encode('punycode').decode()}").removeprefix("k").lstrip("-")
    return found if found[:1].isalpha() else f"{kind}-{found}".rstrip("-")


# -- Dates ----------------------------------------------------------------------


def date_field(entry: BibEntry) -> str:
    """Return the field that dates an entry; empty if there is none."""
    return next((name for name in (*DATE_FIELDS, "year") if entry.latex(name)), "")


def period(entry: BibEntry) -> Period:
    """Return the dates of an entry: of `eventdate`, `date`, or `year`, `month` and `day`."""
    name = date_field(entry)
    if not name:
        raise RecordError(NO_DATE)
    found = dates(plain_text(entry.latex(name)) if name == "year" else entry.latex(name))
    if name != "year":
        return found
    months = plain_text(entry.latex("month"))
    day = plain_text(entry.latex("day"))
    if not months or found.start.month:
        return found
    if found.start != found.end:
        years = found.text(ENGLISH)
        message = f"the month of {years!r} is ambiguous: write date = {{YYYY-MM/YYYY-MM}}"
        raise RecordError(message)
    return within_year(found.start.year, f"{months} {day}" if day else months)


def dates(text: str) -> Period:
    """Read a date or a range (ISO 8601-2, as in BibLaTeX): `2023-02-05/2023-02-09`, `2019--2020`.

    A range without an end is ongoing.
    """
    text = text.strip()
    if match := re.fullmatch(r"([0-9]{4})\s*(?:--?|–)\s*([0-9]{4})", text):
        return Period(Date.parse(match[1]), Date.parse(match[2]))
    start, slash, end = (part.strip() for part in text.partition("/"))
    if start in {"", "..", "open"} and end not in {"", ".."}:
        start, slash = end, ""
    first = _date(start)
    if not slash:
        return Period(first, first)
    return Period(first, None if end in {"", "..", "open"} else _date(end))


def times(entry: BibEntry) -> tuple[datetime, ...]:
    """Return the moments when an entry begins and ends (ISO 8601, as in BibLaTeX), if known.

    Times without a zone are ignored: what they mean depends on the place.
    """
    name = date_field(entry)
    written = entry.latex(name).split("/") if name in DATE_FIELDS else []
    found = [_moment(text.strip().rstrip(UNCERTAIN)) for text in written]
    moments = tuple(moment for moment in found if moment)
    if len(moments) < len(found):
        return ()
    if len(moments) > 1 and moments[1] < moments[0]:
        message = f"the end ({written[1].strip()}) is before the start: correct one of them"
        raise RecordError(message)
    return moments


def _moment(text: str) -> datetime | None:
    """Read a date with time and zone; None if one is missing."""
    if not re.match(r"[0-9-]+T", text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"invalid time {text[:40]!r}: write YYYY-MM-DDThh:mm+hh:mm, or the day alone"
        raise RecordError(message) from None
    return moment if moment.tzinfo else None


def _date(text: str) -> Date:
    """Read a date without its time, its marks of uncertainty, and its season."""
    written = re.sub(r"T[0-9:.+Z-]*$|(-XX)+$", "", text.strip().rstrip(UNCERTAIN))
    match = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?", written)
    if not match:
        return Date.parse(written)
    year, month, day = match.groups()
    if month in {"21", "22", "23", "24"} and not day:
        return Date.parse(year)
    return Date.parse("-".join([year, month.zfill(2), *([day.zfill(2)] if day else [])]))


def within_year(year: int, text: str) -> Period:
    """Read months, and days if there are any: `July 29`, `5--9 February`, `June/July`."""
    parts = re.split(r"\s*(?:--?|–|/|\band\b)\s*", text)
    found = [(re.findall(r"[^\W\d_]+", part), re.findall(r"[0-9]+", part)) for part in parts]
    named = [months[0] for months, _ in found if months]
    if len(named) == 1 and named[0].lower() in SEASONS:
        return Period(Date(year), Date(year))
    ends = []
    if not named:  # numbers only: month, then day
        found = [(numbers[:1], numbers[1:]) for _, numbers in found]
    for months, days in found:
        if len(months) > 1 or len(days) > 1 or not (months or named) or not (months or days):
            raise _invalid_month(text)
        number = month(months[0] if months else named[0])
        day = f"-{int(days[0]):02}" if days and len(days[0]) <= 2 else ""
        if days and not day:
            raise _invalid_month(text)
        ends.append(Date.parse(f"{year:04}-{number:02}{day}"))
    if len(ends) > 2:
        raise _invalid_month(text)
    return Period(ends[0], ends[-1])


def month(text: str) -> int:
    """Return the number of a month: `9`, `sep`, `Sep.` or `September`."""
    word = text.strip().rstrip(".").lower()
    for number, name in enumerate(month_names.values(), start=1):
        if word in {str(number), f"{number:02}"} or (
            len(word) >= 3 and name.lower().startswith(word)
        ):
            return number
    raise _invalid_month(text)


def _invalid_month(text: str) -> RecordError:
    return RecordError(f"invalid month {text[:40]!r}: expected a name or a number from 1 to 12")


# -- Names ----------------------------------------------------------------------


def names(latex: str) -> Names:
    """Return the names that are joined by `and`; the last may be `others`."""
    written = split_name_list(latex)
    others = len(written) > 1 and written[-1].strip("{} ").lower() == OTHERS
    return Names(tuple(map(full_name, written[:-1] if others else written)), others)


@lru_cache(maxsize=4096)
def full_name(latex: str) -> str:
    """Return a name with the first name first, without marks such as that of `Birch*`."""
    try:
        found = person(latex)
    except InvalidNameString as error:
        message = f"{error}: {NAMES}"
        raise RecordError(message) from error
    parts = (
        *(found.first_names + found.middle_names),
        *(found.prelast_names + found.last_names + found.lineage_names),
    )
    name = MARKS.sub("", plain_text(" ".join(parts)))
    if not re.search(r"\w", name) or "and" in parts:
        message = f"invalid name {name!r}: {NAMES}"
        raise RecordError(message)
    return name


def person(latex: str) -> Person:
    """Return the parts of a name, also of BibLaTeX's form `family=Marsh, given=Frida`.

    Raises InvalidNameString.
    """
    parts = [part.partition("=") for part in split_tex_string(latex, ",")]
    given = {name.strip().lower(): text.strip(' "') for name, sign, text in parts if sign}
    if "family" not in given:
        return Person(latex)
    return Person(
        first=given.get("given", ""),
        prelast=given.get("prefix", ""),
        last=given["family"],
        lineage=given.get("suffix", ""),
    )
