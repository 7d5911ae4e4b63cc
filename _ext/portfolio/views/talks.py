"""`{talks}`: talks as a programme, upcoming and past apart, the newest year first.

On the page of the bibliography it arranges the entries, which stay the one
list of talks on the site; elsewhere it draws references to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import TypeAlias

from docutils import nodes

from portfolio.checks import suggest
from portfolio.dates import RecordError
from portfolio.domain import reference
from portfolio.records import Portfolio, Skill, Talk
from portfolio.views.view import nothing

Entry: TypeAlias = Callable[[Talk], nodes.list_item]

WHEN = ("past", "upcoming")


def select(portfolio: Portfolio, options: Mapping[str, str]) -> list[Talk]:
    """Return the talks that the options name, newest first; RecordError where one names nothing."""
    chosen = list(portfolio.of(Talk))
    if topic := options.get("topic"):
        known = topics(portfolio)
        if topic not in known:
            message = f"no talk is about {topic!r}{suggest(topic, known)}"
            raise RecordError(message)
        chosen = [talk for talk in chosen if topic in {*talk.topics, *talk.skills}]
    if year := options.get("year"):
        years = [str(each) for each in portfolio.talks_by_year]
        if year not in years:
            message = f"there is no talk in {year!r}{suggest(year, years)}"
            raise RecordError(message)
        chosen = [talk for talk in chosen if str(_year(talk)) == year]
    if when := options.get("when"):
        if when not in WHEN:
            message = f":when: {when!r} is unknown{suggest(when, WHEN)}: write past or upcoming"
            raise RecordError(message)
        chosen = [talk for talk in chosen if portfolio.is_upcoming(talk) == (when == "upcoming")]
    if newest := options.get("newest"):
        if not (newest.isascii() and newest.isdigit() and int(newest)):
            message = f":newest: {newest!r} is no number: write one from 1"
            raise RecordError(message)
        chosen = chosen[: int(newest)]
    return chosen


def topics(portfolio: Portfolio) -> dict[str, str]:
    """Map what talks are about, by name, to its title; what most are about comes first."""
    titles = dict(portfolio.topics) | {skill.id: skill.title for skill in portfolio.of(Skill)}
    names = {name for talk in portfolio.of(Talk) for name in (*talk.topics, *talk.skills)}
    order = sorted(names, key=lambda name: (-len(portfolio.talks_about(name)), name))
    return {name: titles.get(name, name) for name in order}


def draw(portfolio: Portfolio, docname: str, options: Mapping[str, str]) -> list[nodes.Node]:
    """Draw references to the talks that the options name."""
    chosen = select(portfolio, options)
    if not chosen:
        return nothing("No talks yet.")
    return [
        nodes.bullet_list("", *(_reference(talk, docname) for talk in chosen), classes=["talks"])
    ]


def programme(portfolio: Portfolio, entry: Entry) -> list[nodes.Node]:
    """Arrange all entries: a filter, what is upcoming, and a section a year."""
    chosen = list(portfolio.of(Talk))
    if not chosen:
        return nothing("No talks yet.")
    upcoming = [talk for talk in chosen if portfolio.is_upcoming(talk)]
    drawn = [*_filter(portfolio)]
    if upcoming:
        # What comes next stands first.
        drawn += [_section("Upcoming", "upcoming", reversed(upcoming), entry)]
    past = [talk for talk in chosen if talk not in upcoming]
    drawn += [
        _section(str(year), f"year-{year}", talks, entry)
        for year, talks in groupby(past, key=_year)
    ]
    return drawn


def keys(talk: Talk) -> list[str]:
    """Return the filters that show a talk, as names of classes."""
    return [*(f"topic-{name}" for name in (*talk.topics, *talk.skills)), f"in-{_year(talk)}"]


def _year(talk: Talk) -> int:
    return talk.period.start.year if talk.period else 0


def _section(title: str, id_: str, talks: Iterable[Talk], entry: Entry) -> nodes.section:
    listing = nodes.enumerated_list(
        "",
        *(entry(talk) for talk in talks),
        enumtype="arabic",
        prefix="",
        suffix=".",
        classes=["talks", "programme"],
    )
    return nodes.section("", nodes.title("", title), listing, ids=[id_], classes=["year"])


def _reference(talk: Talk, docname: str) -> nodes.list_item:
    paragraph = nodes.paragraph("", "", reference(talk, docname))
    paragraph += [nodes.Text(", "), nodes.emphasis("", talk.occasion)]
    return nodes.list_item("", paragraph)


def _filter(portfolio: Portfolio) -> list[nodes.Node]:
    """Draw links that show the talks about a topic or of a year alone.

    Each leads to an empty anchor, and a rule of style hides the other talks
    while that is the page's target: so it works without scripts, and a filter
    has an address. The anchors are out of the flow, so that the page stays
    where it is.
    """
    talks = portfolio.of(Talk)
    filters = [("all", "All", len(talks))]
    filters += [
        (f"topic-{name}", title, len(portfolio.talks_about(name)))
        for name, title in topics(portfolio).items()
    ]
    filters += [(f"in-{year}", str(year), len(of)) for year, of in portfolio.talks_by_year.items()]
    links = nodes.bullet_list("", *map(_link, filters), classes=["filter"])
    anchors = [nodes.inline("", "", ids=[key], classes=["key"]) for key, _, _ in filters]
    rules = "".join(_rule(key) for key, _, _ in filters[1:])
    return [
        nodes.paragraph("", "", *anchors, classes=["keys"]),
        links,
        nodes.raw("", f"<style>{rules}</style>", format="html"),
    ]


def _link(entry: tuple[str, str, int]) -> nodes.list_item:
    key, title, count = entry
    link = nodes.reference("", f"{title} ", nodes.inline("", str(count)), refid=key, internal=True)
    return nodes.list_item("", nodes.paragraph("", "", link))


def _rule(key: str) -> str:
    hidden = f".talk:not(.{key}),section:has(> .programme):not(:has(.{key}))"
    return f"article:has(#{key}:target) :is({hidden}){{display:none}}"
