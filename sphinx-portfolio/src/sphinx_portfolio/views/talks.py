"""`{talks}`: the programme of talks: upcoming ones, and past ones by year, newest first.

On the page of the bibliography it arranges the entries of the bibliography; elsewhere it draws
references to them.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from sphinx_portfolio.domain import reference
from sphinx_portfolio.model import KINDS, RecordError, Skill, Talk
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.views import span
from sphinx_portfolio.views.view import Context, joined, nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Mapping

    from sphinx.application import Sphinx

    from sphinx_portfolio.model import Portfolio

WHEN = ("past", "upcoming")
PROGRAMME = ("portfolio-talks", "portfolio-programme")  # CSS classes


def topics(portfolio: Portfolio) -> dict[str, str]:
    """Return the titles of topics and skills by id."""
    return dict(portfolio.topics) | {skill.id: skill.title for skill in portfolio.of(Skill)}


def select(portfolio: Portfolio, options: Mapping[str, str]) -> list[Talk]:
    """Return the talks that the options select, newest first.

    Raises RecordError if the value of an option is invalid.
    """
    chosen = list(portfolio.of(Talk))
    if topic := options.get("topic"):
        known = topics(portfolio)
        if topic not in known:
            message = f"unknown skill or topic {topic!r}{suggest(topic, known)}"
            raise RecordError(message)
        chosen = [talk for talk in chosen if topic in _about(talk)]
    if year := options.get("year"):
        years = {str(_year(talk)) for talk in portfolio.of(Talk) if talk.period}
        if year not in years:
            message = f"no talk in {year!r}{suggest(year, years)}"
            raise RecordError(message)
        chosen = [talk for talk in chosen if str(_year(talk)) == year]
    if when := options.get("when"):
        if when not in WHEN:
            message = f"invalid :when: {when!r}: use {' or '.join(WHEN)}"
            raise RecordError(message)
        chosen = [talk for talk in chosen if portfolio.is_upcoming(talk) == (when == "upcoming")]
    if newest := options.get("newest"):
        if not re.fullmatch("[1-9][0-9]{0,3}", newest):
            message = f"invalid :newest: {newest!r}: use a number from 1 to 9999"
            raise RecordError(message)
        chosen = chosen[: int(newest)]
    return chosen


def draw(context: Context) -> list[nodes.Node]:
    """Draw references to the talks that the options select."""
    portfolio = context.portfolio
    chosen = select(portfolio, context.options)
    if not chosen:
        return nothing(_none(portfolio, context.options))
    items = (nodes.list_item("", *row(talk, reference(talk, context.docname))) for talk in chosen)
    return [talk_list(items, *PROGRAMME)]


def programme(
    portfolio: Portfolio, talks: Collection[Talk], entry: Callable[[Talk], nodes.list_item]
) -> list[nodes.Node]:
    """Arrange the entries of talks: a filter, the upcoming ones, and a section for each year."""
    drawn: list[nodes.Node] = []
    for only in span.draw(talks, portfolio):
        only[:] = [nodes.container("", *only.children, classes=["portfolio-facts"])]
        drawn.append(only)
    drawn.append(_filter(talks, topics(portfolio)))
    if upcoming := [talk for talk in talks if portfolio.is_upcoming(talk)]:
        next_first = map(entry, reversed(upcoming))
        drawn.append(_section("Upcoming", "upcoming", "portfolio-upcoming", next_first))
    past = (talk for talk in talks if not portfolio.is_upcoming(talk))
    for year, of_year in groupby(past, key=_year):
        items = map(entry, of_year)
        drawn.append(_section(str(year), f"year-{year}", "portfolio-year", items))
    return drawn


def row(talk: Talk, title: nodes.Node) -> list[nodes.Node]:
    """Return a paragraph with title, event and date, and one with the links, if there are any.

    Each part is an element, so that style sheets can set it in a column.
    """
    event = nodes.emphasis("", "", _span("portfolio-event", talk.event))
    if talk.period:
        date = talk.period.start
        year = str(date.year)
        when = nodes.inline("", date.text.removesuffix(year), classes=["portfolio-when"])
        when += _span("portfolio-in-year", year)
        event += [_span("portfolio-stop", date.separator), when]
    name = nodes.strong("", "", title, _span("portfolio-stop", ":"))
    line = nodes.paragraph("", "", name, nodes.Text(" "), event, classes=["portfolio-line"])
    links = [
        nodes.reference(
            "",
            link.label,
            refuri=link.address,
            reftitle=f"{link.label.capitalize()}: {talk.title}",
            classes=[f"portfolio-link-{link.name}"],
        )
        for link in KINDS[talk.kind].links_of(talk)
    ]
    if not links:
        return [line]
    return [line, nodes.paragraph("", "", *joined(" ", links), classes=["portfolio-links"])]


def here(talk: Talk) -> nodes.reference:
    """Return the title of a talk as a link to its entry on the same page, to copy the address."""
    return nodes.reference("", talk.title, refid=talk.id, internal=True)


def keys(talk: Talk, known: Container[str]) -> list[str]:
    """Return the filters that show a talk: `topic-…` for each known topic, and `in-2023`."""
    return [*(f"topic-{name}" for name in _about(talk) if name in known), f"in-{_year(talk)}"]


def talk_list(items: Iterable[nodes.list_item], *looks: str) -> nodes.enumerated_list:
    """Return a list of talks, which style sheets may show without numbers."""
    return nodes.enumerated_list(
        "", *items, enumtype="arabic", prefix="", suffix=".", classes=[*looks]
    )


def _about(talk: Talk) -> tuple[str, ...]:
    return (*talk.topics, *talk.skills)


def _year(talk: Talk) -> int:
    return talk.period.start.year if talk.period else 0


def _none(portfolio: Portfolio, options: Mapping[str, str]) -> str:
    """Say which talks there are none of."""
    words = ["talks"]
    if when := options.get("when"):
        words = [when, "talks"]
    if topic := options.get("topic"):
        words.append(f"about {topics(portfolio)[topic]}")
    if year := options.get("year"):
        words.append(f"in {year}")
    return f"No {' '.join(words)}." if len(words) > 1 else "No talks yet."


def _span(looks: str, text: str) -> nodes.inline:
    return nodes.inline("", text, classes=[looks])


def _section(title: str, id_: str, looks: str, items: Iterable[nodes.list_item]) -> nodes.section:
    heading = nodes.title("", title)
    return nodes.section("", heading, talk_list(items, *PROGRAMME), ids=[id_], classes=[looks])


def _filter(talks: Iterable[Talk], known: Mapping[str, str]) -> addnodes.only:
    """Draw links each of which shows only the talks about a topic or of a year, in HTML.

    Each leads to an empty anchor; a style rule (`style_filter`) hides the other talks while that
    is the target of the page. So it works without scripts, and a filter has an address. The
    anchors are out of the flow, so that the page does not scroll.
    """
    counts = Counter(key for talk in talks for key in keys(talk, known))
    about = {f"topic-{name}": title for name, title in known.items()}
    chosen = sorted(about.keys() & counts.keys(), key=lambda key: (-counts[key], key))
    years = sorted((key for key in counts if key.startswith("in-")), reverse=True)
    links = [_link("all", "All", sum(counts[key] for key in years))]
    links += [_link(key, about[key], counts[key]) for key in chosen]
    links += [_link(key, key.removeprefix("in-"), counts[key]) for key in years]
    anchors = [
        nodes.inline("", "", ids=[key], classes=["portfolio-key"])
        for key in ("all", *chosen, *years)
    ]
    return addnodes.only(
        "",
        nodes.paragraph("", "", *anchors, classes=["portfolio-keys"]),
        nodes.bullet_list("", *links, classes=["portfolio-filter"]),
        expr="format_html and not builder_epub",
    )


def _link(key: str, title: str, count: int) -> nodes.list_item:
    link = nodes.reference("", f"{title} ", nodes.inline("", str(count)), refid=key, internal=True)
    return nodes.list_item("", nodes.paragraph("", "", link))


def style_filter(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add the rules of a page's filter to its head, the only valid place for a style."""
    spans = doctree.findall(nodes.inline) if doctree else ()
    anchors = [span["ids"][0] for span in spans if "portfolio-key" in span["classes"]]
    if rules := "".join(_rule(key) for key in anchors if key != "all"):
        context["metatags"] += f"<style>{rules}</style>"


def _rule(key: str) -> str:
    name = f"portfolio-{key}"
    on = f":root:has(#{key}:target)"
    hidden = f".portfolio-talk:not(.{name}),section:has(.portfolio-talk):not(:has(.{name}))"
    chosen = f'.portfolio-filter a[href="#{key}"]'
    looks = "border-color:currentColor;font-weight:700"
    return f"{on} :is({hidden}){{display:none}}{on} {chosen}{{{looks}}}"
