"""What `{talks}` and `{publications}` have in common: rows, lists, and sections by year."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from docutils import nodes

from sphinx_portfolio.domain import styled
from sphinx_portfolio.model import KINDS, CreativeWork, Date, RecordError, Skill
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.messages import capitalized
from sphinx_portfolio.views import span
from sphinx_portfolio.views.elements import portfolio_heading, portfolio_link, time
from sphinx_portfolio.views.view import joined

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from sphinx_portfolio.model import Portfolio, Translator
    from sphinx_portfolio.model.kind import Link

W = TypeVar("W", bound=CreativeWork)
OPTIONS = ("year", "topic", "newest", "when")
WHEN = ("past", "upcoming")
# What is said by kind if there are no works: none at all, none of those that options select.
NONE = {
    "talk": {
        "yet": "No talks yet.",
        "": "No talks{which}.",
        "past": "No past talks{which}.",
        "upcoming": "No upcoming talks{which}.",
    },
    "publication": {
        "yet": "No publications yet.",
        "": "No publications{which}.",
        "past": "No past publications{which}.",
        "upcoming": "No upcoming publications{which}.",
    },
}
PROGRAM = "portfolio-program"  # the CSS class of a list


# -- Choice -------------------------------------------------------------------


def topics(portfolio: Portfolio) -> dict[str, str]:
    """Return the titles of topics and skills by id."""
    return dict(portfolio.topics) | {skill.id: skill.title for skill in portfolio.of(Skill)}


def about(work: CreativeWork) -> tuple[str, ...]:
    """Return the ids of the topics and skills of a work."""
    return (*work.topics, *work.skills)


def select(kind: type[W], portfolio: Portfolio, options: Mapping[str, str]) -> list[W]:
    """Return the works of a kind that the options select, newest first.

    Raises RecordError if the value of an option is invalid.
    """
    chosen = list(portfolio.of(kind))
    if topic := options.get("topic"):
        known = topics(portfolio)
        if topic not in known:
            message = f"unknown skill or topic {topic!r}{suggest(topic, known)}"
            raise RecordError(message)
        chosen = [work for work in chosen if topic in about(work)]
    if year := options.get("year"):
        years = {str(_year(work)) for work in portfolio.of(kind) if work.period}
        if year not in years:
            message = f"no {kind.kind} in {year!r}{suggest(year, years)}"
            raise RecordError(message)
        chosen = [work for work in chosen if str(_year(work)) == year]
    if when := options.get("when"):
        if when not in WHEN:
            message = f"invalid :when: {when!r}: use {' or '.join(WHEN)}"
            raise RecordError(message)
        chosen = [work for work in chosen if portfolio.is_upcoming(work) == (when == "upcoming")]
    if newest := options.get("newest"):
        if not re.fullmatch("[1-9][0-9]{0,3}", newest):
            message = f"invalid :newest: {newest!r}: use a number from 1 to 9999"
            raise RecordError(message)
        chosen = chosen[: int(newest)]
    return chosen


def none(kind: type[CreativeWork], portfolio: Portfolio, options: Mapping[str, str]) -> str:
    """Say which works of a kind there are none of."""
    gettext, messages = portfolio.translator.gettext, NONE[kind.kind]
    when, which = options.get("when", ""), ""
    if topic := options.get("topic"):
        which += gettext(" about {topic}", topic=topics(portfolio)[topic])
    if year := options.get("year"):
        which += gettext(" in {year}", year=year)
    message = messages[when if when or which else "yet"]
    return gettext(message, which=which)


# -- Rows ---------------------------------------------------------------------


def row(
    work: CreativeWork,
    title: nodes.Node,
    translator: Translator,
    people: Iterable[nodes.Node] = (),
    place: str = "",
) -> list[nodes.Node]:
    """Return a heading, a paragraph with where, when, format and place, and one with links, if any.

    The people are a paragraph before it. The date is an element of its own, so that style sheets
    can set it in a column.
    """
    occasion = nodes.emphasis()
    if work.where:
        occasion += [
            _span("portfolio-event", work.where),
            _span("portfolio-stop", work.separator),
        ]
    if work.period:
        # In some languages the year comes first.
        year = Date((work.period.end or work.period.start).year).text(translator)
        before, found, after = work.when(translator).rpartition(year)
        when = time(work.period.start, before)
        when["classes"].append("portfolio-when")
        when += [_span("portfolio-in-year", found), nodes.Text(after)]
        occasion += when
    if aside := work.aside(translator):
        occasion += _span("portfolio-format", aside)
    line = nodes.paragraph("", "", occasion, classes=["portfolio-line"])
    if place:
        # Where the date is in a column, a place alone has nothing before it.
        before_place = nodes.Text(", ") if work.where or aside else _span("portfolio-stop", ", ")
        line += [before_place, _span("portfolio-place", place)]
    drawn: list[nodes.Node] = [portfolio_heading("", "", nodes.strong("", "", title))]
    if named := [*people]:
        drawn.append(nodes.paragraph("", "", *named, classes=["portfolio-people"]))
    drawn.append(line)
    if links := [_link_of(work, link, translator) for link in KINDS[work.kind].links_of(work)]:
        linked = nodes.paragraph("", "", *joined(" ", links), classes=["portfolio-links"])
        drawn.append(linked)
    return drawn


def here(work: CreativeWork) -> nodes.reference:
    """Return the title of a work as a link to its entry on the same page, to copy the address."""
    return nodes.reference("", "", *styled(work.rich_title), refid=work.id, internal=True)


def work_list(items: Iterable[nodes.list_item], *looks: str) -> nodes.enumerated_list:
    """Return a list of works, which style sheets may show without numbers."""
    return nodes.enumerated_list(
        "", *items, enumtype="arabic", prefix="", suffix=".", classes=[*looks]
    )


def _link_of(work: CreativeWork, link: Link, translator: Translator) -> portfolio_link:
    """Return a link of a work; that of a video says where it leads, and how long it is."""
    text = translator.gettext(link.label)
    label = f"{capitalized(text)}: {work.title}"
    node = portfolio_link("", text, refuri=link.address, label=label)
    if link.name == "video":
        host = (urlsplit(link.address).hostname or "").removeprefix("www.")
        on_host = translator.gettext(" on {host}", host=host)
        where = ", ".join(filter(None, (on_host, getattr(work, "duration", ""))))
        node["label"] = f"{capitalized(text)}{where}: {work.title}"
        node += _span("portfolio-host", where)
    return node


def _span(looks: str, text: str) -> nodes.inline:
    return nodes.inline("", text, classes=[looks])


# -- Sections -----------------------------------------------------------------


def spans(works: Iterable[CreativeWork], portfolio: Portfolio) -> Iterator[nodes.Element]:
    """Yield the axis with the marks of works."""
    for only in span.draw(works, portfolio):
        only[:] = [nodes.container("", *only.children, classes=["portfolio-facts"])]
        yield only


def sections(
    portfolio: Portfolio,
    works: Collection[W],
    entry: Callable[[W], nodes.list_item],
    looks: str,
    id_: Callable[[str], str],
    upcoming: str,
) -> Iterator[nodes.section]:
    """Yield a section with the upcoming works, the next one first, and one for each year.

    `entry` returns the entry of a work, `id_` the id of a section.
    """
    if coming := [work for work in works if portfolio.is_upcoming(work)]:
        items = map(entry, reversed(coming))
        yield _section(upcoming, id_("upcoming"), "portfolio-upcoming", looks, items)
    past = (work for work in works if not portfolio.is_upcoming(work))
    for year, of_year in groupby(past, key=_year):
        items = map(entry, of_year)
        yield _section(str(year), id_(f"year-{year}"), "portfolio-year", looks, items)


def _year(work: CreativeWork) -> int:
    return work.period.start.year if work.period else 0


def _section(
    title: str, id_: str, of: str, looks: str, items: Iterable[nodes.list_item]
) -> nodes.section:
    listing = work_list(items, looks, PROGRAM)
    return nodes.section("", nodes.title("", title), listing, ids=[id_], classes=[of])
