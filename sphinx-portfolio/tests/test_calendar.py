"""The calendar of talks: as icalendar and a reader by hand read it, without clock and state."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from icalendar import Calendar

from invented import FUZZ, NASTY, everywhere, made, portfolios, whole
from sphinx_portfolio.exports import calendar, feed
from sphinx_portfolio.exports.outline import ExportError
from sphinx_portfolio.model import Job, Period, Portfolio, Record, Run, Talk

SITE = "https://ada.example/"


def talk(start: str = "2020-03-17", end: str = "", **fields: Any) -> Record:
    period = Period.parse(start, end or start)
    return made(Talk, **({"period": period, "event": "Conf"} | fields))


def events(content: bytes) -> list[Any]:
    """Return the events as icalendar reads them; no line is too long, and all end rightly."""
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    found = Calendar.from_ical(content)
    assert found.errors == []
    assert (found["version"], found["prodid"]) == ("2.0", calendar.PRODUCT)
    return found.walk("VEVENT")


def properties(content: bytes) -> list[tuple[str, str]]:
    """Return names and values in their order (RFC 5545, sections 3.1 and 3.3.11), read by hand."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")[:-1]
    found = []
    for line in lines:
        match = re.fullmatch(r"([A-Z-]+)((?:;[A-Z-]+=[^:;]+)*):(.*)", line, re.DOTALL)
        assert match, line
        value = re.sub(r"\\(.)", lambda sign: {"n": "\n"}.get(sign[1], sign[1]), match[3])
        found.append((match[1], value))
    return found


COMPLETE: dict[str, Any] = {
    "id": "pipes",
    "title": "Pipes; and \\ Commas, in Go",
    "docname": "talks/index",
    "venue": "Rome, Italy",
    "format": "keynote",
    "speakers": ("Ada", "Bob"),
    "summary": (Run("How they are made"),),
    "url": "https://conf.example/a,b;c",
    "slides": "https://slides.example/",
}


def test_a_talk_is_an_event_of_its_days() -> None:
    portfolio = whole(talk("2020-02-28", "2020-02-29", **COMPLETE), url=SITE)
    [event] = events(calendar.talks(portfolio))
    assert (event.start, event.end) == (date(2020, 2, 28), date(2020, 3, 1))  # the end is excluded
    assert event["summary"] == "Pipes; and \\ Commas, in Go"
    assert event["location"] == "Rome, Italy"
    assert event["url"] == "https://conf.example/a,b;c"
    assert event["transp"] == "TRANSPARENT"
    assert event["description"] == (
        "Conf (keynote), with Bob\nHow they are made\nSlides: https://slides.example/\n"
        "Event page: https://conf.example/a,b;c\nhttps://ada.example/talks/#pipes"
    )
    [uid] = re.findall(r"[0-9a-f-]{36}", feed.feed(portfolio).decode())[1:]
    assert event["uid"] == uid


def zoned(*texts: str, **fields: Any) -> Record:
    """Return a talk at times with their zone."""
    times = tuple(map(datetime.fromisoformat, texts))
    return talk(texts[0][:10], texts[-1][:10], times=times, **fields)


def test_a_talk_with_time_and_zone_is_at_that_moment() -> None:
    evening = zoned("2023-11-06T16:25:00-06:00", "2023-11-06T17:00:00-06:00")
    [event] = events(calendar.talks(whole(evening)))
    assert event.start == datetime(2023, 11, 6, 22, 25, tzinfo=UTC)
    assert event.end == datetime(2023, 11, 6, 23, 0, tzinfo=UTC)
    assert "TRANSP" not in event  # its hearers are busy
    values = dict(properties(calendar.talks(whole(evening))))
    assert (values["DTSTART"], values["DTEND"]) == ("20231106T222500Z", "20231106T230000Z")
    # In Auckland it is the next day already.
    [event] = events(calendar.talks(whole(zoned("2023-11-07T09:00+13:00"))))
    assert event.start == datetime(2023, 11, 6, 20, 0, tzinfo=UTC)
    assert not {"DTEND", "DURATION"} & {*event}


def test_a_moment_that_utc_has_not_is_an_error_with_a_place() -> None:
    first = zoned("0001-01-01T00:00+01:00", source="talks.bib", line=7)
    with pytest.raises(ExportError, match=r"^talks\.bib:7: talk 'talk': iCalendar has no day"):
        calendar.talks(whole(first))


def test_another_reader_reads_the_same() -> None:
    portfolio = whole(talk(**COMPLETE), url=SITE)
    [event] = events(calendar.talks(portfolio))
    found = properties(calendar.talks(portfolio))
    assert [name for name, _ in found].count("BEGIN") == 2
    assert found[0] == ("BEGIN", "VCALENDAR")
    assert found[-2:] == [("END", "VEVENT"), ("END", "VCALENDAR")]
    values = dict(found)
    for name in ("SUMMARY", "LOCATION", "URL", "DESCRIPTION", "UID"):
        assert values[name] == event[name], name
    assert (values["DTSTART"], values["DTEND"]) == ("20200317", "20200318")
    assert values["NAME"] == values["X-WR-CALNAME"] == "Talks by Ada"


def test_only_what_is_known_is_said() -> None:
    [event] = events(calendar.talks(whole(talk())))
    assert {*event} == {
        *("SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "TRANSP", "DESCRIPTION")
    }
    [event] = events(calendar.talks(whole(talk(event=""), url=SITE)))
    assert event["url"] == event["description"] == f"{SITE}page.html#talk"


@pytest.mark.parametrize(
    "dates",
    [
        *[("2020",), ("2020-03",), ("2020-03-17", "2020-03"), ("2020", "2020-03-17")],
        ("2020-03-17", "present"),
    ],
    ids="/".join,
)
def test_a_talk_without_a_first_and_a_last_day_is_left_out(dates: tuple[str, ...]) -> None:
    portfolio = whole(talk(id="day"), talk(*dates, id="partial"), made(Job))
    assert [each.id for each in calendar.dated(portfolio)] == ["day"]
    assert len(events(calendar.talks(portfolio))) == 1
    assert {*calendar.each_talk(portfolio)} == {"day"}
    undated = made(Talk, id="none", period=None)
    assert calendar.dated(whole(talk(*dates), undated)) == ()


def test_each_talk_is_a_calendar_to_add_and_not_to_keep_apart() -> None:
    portfolio = whole(talk(id="a"), talk(id="b", title="B"))
    together = {event["uid"]: event for event in events(calendar.talks(portfolio))}
    for content in calendar.each_talk(portfolio).values():
        [event] = events(content)
        assert event == together.pop(event["uid"])
        assert "NAME" not in dict(properties(content))
    assert together == {}


def test_nothing_depends_on_a_clock_or_the_order() -> None:
    records = [talk(f"2020-03-{day:02}", id=f"t{day}") for day in range(1, 9)]
    content = calendar.talks(whole(*records))
    assert calendar.talks(whole(*reversed(records))) == content
    assert {event["dtstamp"].dt for event in events(content)} == {calendar.STAMP}


def number(record: Record) -> int:
    [event] = events(calendar.talks(whole(record)))
    assert 0 <= event["sequence"] < 2**31
    return int(event["sequence"])


def test_a_version_is_newer_if_it_is_postponed_or_says_more() -> None:
    first = talk()
    later = talk("2020-03-18")
    assert number(later) > number(first)
    said: dict[str, Any] = {}
    says_more = [first]
    for field in ("venue", "format", "url", "video", "slides", "code", "paper"):
        said[field] = "https://x.example/"
        says_more.append(talk(**said))
    says_more.append(talk(**said, summary=(Run("x"),)))
    numbers = [number(each) for each in says_more]
    assert numbers == sorted({*numbers})
    # Whatever else is known, a minute more counts more.
    assert number(later) > numbers[-1]
    timed = zoned("2020-03-17T10:00+02:00")
    assert number(first) < number(timed) < number(zoned("2020-03-17T10:01+02:00"))
    assert number(timed) < number(zoned("2020-03-17T10:00+02:00", "2020-03-17T11:00+02:00"))
    everything = zoned(
        *("2020-03-17T10:00Z", "2020-03-17T11:00Z"),
        **dict.fromkeys(("venue", "format", "url", "video", "slides", "code", "paper"), "x"),
        summary=(Run("x"),),
    )
    assert number(everything) < number(zoned("2020-03-17T10:01Z"))
    assert number(talk("9999-12-30")) > 0
    assert number(talk("0001-01-01")) == 0
    # What it can't tell, as its documentation says.
    assert number(talk(title="Reworded")) == number(first)
    assert number(talk("2020-03-16")) < number(first)


def test_the_day_after_the_last_one_is_an_error_with_a_place() -> None:
    last = talk("9999-12-31", source="talks.bib", line=7)
    with pytest.raises(ExportError, match=r"^talks\.bib:7: talk 'talk': iCalendar has no day"):
        calendar.talks(whole(last))


@pytest.mark.parametrize(
    "words", [*NASTY, ",;\\n\\", "a:b;c=d", 'x"y', "a\r\nEND:VEVENT"], ids=ascii
)
def test_any_words_are_text(words: str) -> None:
    [original] = everywhere(words).of(Talk)
    dated = replace(original, period=Period.parse("2020-03-17", "2020-03-17"))
    portfolio = whole(dated, name=words)
    folded = " ".join(re.split(r"[ \t\r\n]+", words)).strip(" ")
    [event] = events(calendar.talks(portfolio))
    read = dict(properties(calendar.talks(portfolio)))
    for found in (event, read):
        assert found["SUMMARY"] == folded
        assert found.get("LOCATION", "") == folded
        assert found["DESCRIPTION"].count(folded) >= 2
    assert Calendar.from_ical(calendar.talks(portfolio)).calendar_name == f"Talks by {folded}"


@FUZZ
@given(portfolios())
def test_any_portfolio_has_a_calendar(portfolio: Portfolio) -> None:
    day = Period.parse("2020-03-17", "2020-03-17")
    records = tuple(
        replace(each, period=day) if isinstance(each, Talk) else each for each in portfolio.records
    )
    portfolio = replace(portfolio, records=records)
    [event] = events(calendar.talks(portfolio))
    [dated] = portfolio.of(Talk)
    assert event["summary"].split() == dated.title.split()
