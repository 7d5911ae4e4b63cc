"""The talks as iCalendar (RFC 5545): one event a talk, all day unless its time and zone are known.

A talk whose day is not known is left out: an event has no partial date. Times are in UTC, which
needs no definition of a zone; calendars show them in the zone of the reader.

Nothing says what was exported before, so that three properties are derived from the talk alone:

- UID is its identifier: a calendar that has the talk already changes it.
- DTSTAMP, which is required, is a constant: no clock is read.
- SEQUENCE (section 3.8.7.4), by which calendars tell which of two versions is newer, is the number
  of minutes from 1970 to the start by the clock of the place, times 16, plus the number of facts
  that are known. So it grows when a talk is postponed, and when time, place, links or abstract are
  added, which is what happens to talks that are announced. It falls when a talk is moved to an
  earlier time, and stays the same when a fact is reworded: calendars that were subscribed to
  replace all events anyway.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sphinx_portfolio.exports import identifiers, outline
from sphinx_portfolio.exports.outline import error_in, folded, uri
from sphinx_portfolio.model import Talk, plain
from sphinx_portfolio.model.kinds.talk import KIND, credits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from icalendar import Event

    from sphinx_portfolio.model import Portfolio

PRODUCT = "-//sphinx-portfolio//sphinx-portfolio//EN"
STAMP = datetime(1970, 1, 1, tzinfo=UTC)
MIDNIGHT = time(tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
FACTS = ("venue", "summary", "format", *KIND.links)  # and two times: less than 16
LARGEST = 2**31 - 1  # an integer (section 3.3.8)


def dated(portfolio: Portfolio) -> tuple[Talk, ...]:
    """Return the talks that are in the calendar: those with a first and a last day."""
    return tuple(talk for talk in portfolio.of(Talk) if days(talk))


def days(talk: Talk) -> tuple[date, date] | None:
    """Return the first and the last day; None if one is not known."""
    if talk.start and talk.start.day and talk.end and talk.end.day:
        return talk.start.first, talk.end.last
    return None


def talks(portfolio: Portfolio) -> bytes:
    """Return a calendar of all talks."""
    gettext = portfolio.translator.gettext
    name = gettext("Talks by {name}", name=folded(portfolio.person.name))
    return _calendar(dated(portfolio), portfolio, name)


def each_talk(portfolio: Portfolio) -> Mapping[str, bytes]:
    """Return a calendar for each talk by its id, to add one talk to a calendar."""
    return {talk.id: _calendar([talk], portfolio) for talk in dated(portfolio)}


def sequence(talk: Talk, first: date) -> int:
    """Return the number of a version of a talk, as the module says."""
    known = sum(bool(getattr(talk, name)) for name in FACTS) + len(talk.times)
    start = talk.times[0].replace(tzinfo=UTC) if talk.times else datetime.combine(first, MIDNIGHT)
    minutes = max(0, (start - STAMP) // MINUTE)
    return min(LARGEST, minutes * 16 + known)


def _calendar(chosen: Iterable[Talk], portfolio: Portfolio, name: str = "") -> bytes:
    """Return a calendar; other programs keep one with a name apart from the user's own."""
    from icalendar import Calendar  # noqa: PLC0415 (slow to import)

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    if name:
        calendar.calendar_name = name
    for talk in chosen:
        calendar.add_component(_event(talk, portfolio))
    content: bytes = calendar.to_ical()
    return content


def _event(talk: Talk, portfolio: Portfolio) -> Event:
    from icalendar import TRANSP, Event  # noqa: PLC0415

    first, start, end = _span(talk)
    site = portfolio.person.url
    page = f"{site.rstrip('/')}/{outline.place(talk)}" if site else ""
    return Event.new(
        uid=identifiers.of_record(talk, portfolio.person),
        stamp=STAMP,
        sequence=sequence(talk, first),
        start=start,
        end=end,
        summary=folded(talk.title),
        location=folded(talk.venue) or None,
        url=uri(talk.url or page) or None,
        description=_description(talk, portfolio, page) or None,
        transparency=None if talk.times else TRANSP.TRANSPARENT,  # not busy all day
    )


def _span(talk: Talk) -> tuple[date, date, date | None]:
    """Return the first day, the start, and the end, which is excluded and may be unknown."""
    found = days(talk)
    assert found  # noqa: S101 (`dated` chooses)
    first, last = found
    try:
        if talk.times:
            start, *ends = (moment.astimezone(UTC) for moment in talk.times)
            return first, start, ends[0] if ends else None
        return first, first, last + DAY
    except OverflowError as error:
        message = "iCalendar has no day before 0001-01-01 and after 9999-12-31"
        raise error_in(talk, message) from error


def _description(talk: Talk, portfolio: Portfolio, page: str) -> str:
    """Return event, format and speakers, the abstract, and the links, in lines."""
    translator = portfolio.translator
    occasion = f"{talk.where}{talk.aside(translator)}"
    people = plain(credits(talk, portfolio))
    links = (f"{label}: {address}" for label, address in outline.entry_of(talk, portfolio).links)
    lines = (
        ", ".join(filter(None, (occasion.strip(), people))),
        plain(talk.summary),
        *links,
        uri(page),
    )
    return "\n".join(filter(None, map(folded, lines)))
