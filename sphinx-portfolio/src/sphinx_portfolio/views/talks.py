"""`{talks}`: the program of talks: upcoming ones, and past ones by year, newest first.

On the page of the bibliography it arranges the entries of the bibliography; elsewhere it draws
references to them.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx import addnodes

from sphinx_portfolio.domain import reference, styled
from sphinx_portfolio.model import KINDS, Date, RecordError, Skill, Talk
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.messages import capitalized
from sphinx_portfolio.views import span
from sphinx_portfolio.views.elements import portfolio_heading, portfolio_link, portfolio_nav, time
from sphinx_portfolio.views.view import Context, joined, nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Mapping

    from sphinx.application import Sphinx

    from sphinx_portfolio.model import Portfolio, Translator
    from sphinx_portfolio.model.kind import Link

NONE = {"past": "No past talks{which}.", "upcoming": "No upcoming talks{which}."}
PROGRAM = ("portfolio-talks", "portfolio-program")  # CSS classes
HAS_FILTER = "format_html and not builder_epub"  # the builders that show the filter


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
        if when not in NONE:
            message = f"invalid :when: {when!r}: use {' or '.join(NONE)}"
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
    titled = ((talk, reference(talk, context.docname)) for talk in chosen)
    items = (nodes.list_item("", *row(*each, portfolio.translator)) for each in titled)
    return [talk_list(items, *PROGRAM)]


def program(
    portfolio: Portfolio,
    talks: Collection[Talk],
    entry: Callable[[Talk, Container[str]], nodes.list_item],
) -> list[nodes.Node]:
    """Arrange the entries of talks: a filter, the upcoming ones, and a section for each year.

    `entry` returns the entry of a talk; it is given the ids of the filter's topics.
    """
    translator = portfolio.translator
    drawn: list[nodes.Node] = []
    for only in span.draw(talks, portfolio):
        only[:] = [nodes.container("", *only.children, classes=["portfolio-facts"])]
        drawn.append(only)
    chosen = filtered(talks, portfolio)
    if chosen:
        drawn.append(_filter(len(talks), chosen, translator))
    if upcoming := [talk for talk in talks if portfolio.is_upcoming(talk)]:
        next_first = (entry(talk, chosen) for talk in reversed(upcoming))
        title = translator.gettext("Upcoming")
        drawn.append(_section(title, "upcoming", "portfolio-upcoming", next_first))
    past = (talk for talk in talks if not portfolio.is_upcoming(talk))
    for year, of_year in groupby(past, key=_year):
        items = (entry(talk, chosen) for talk in of_year)
        drawn.append(_section(str(year), f"year-{year}", "portfolio-year", items))
    return drawn


def row(talk: Talk, title: nodes.Node, translator: Translator) -> list[nodes.Node]:
    """Return a heading, a paragraph with event, date, format and place, and one with links, if any.

    The date is an element of its own, so that style sheets can set it in a column.
    """
    event = nodes.emphasis()
    if talk.event:
        event += [
            _span("portfolio-event", talk.event),
            _span("portfolio-stop", talk.separator),
        ]
    if talk.period:
        # In some languages the year comes first.
        year = Date((talk.period.end or talk.period.start).year).text(translator)
        before, found, after = talk.when(translator).rpartition(year)
        when = time(talk.period.start, before)
        when["classes"].append("portfolio-when")
        when += [_span("portfolio-in-year", found), nodes.Text(after)]
        event += when
    if aside := talk.aside(translator):
        event += _span("portfolio-format", aside)
    line = nodes.paragraph("", "", event, classes=["portfolio-line"])
    if talk.venue:
        line += [nodes.Text(", "), _span("portfolio-place", talk.venue)]
    heading = portfolio_heading("", "", nodes.strong("", "", title))
    links = [_link_of(talk, link, translator) for link in KINDS[talk.kind].links_of(talk)]
    if not links:
        return [heading, line]
    linked = nodes.paragraph("", "", *joined(" ", links), classes=["portfolio-links"])
    return [heading, line, linked]


def _link_of(talk: Talk, link: Link, translator: Translator) -> portfolio_link:
    """Return a link of a talk; that of a video says where it leads, and how long it is."""
    text = translator.gettext(link.label)
    label = f"{capitalized(text)}: {talk.title}"
    node = portfolio_link("", text, refuri=link.address, label=label)
    if link.name == "video":
        host = (urlsplit(link.address).hostname or "").removeprefix("www.")
        on_host = translator.gettext(" on {host}", host=host)
        where = ", ".join(filter(None, (on_host, talk.duration)))
        node["label"] = f"{capitalized(text)}{where}: {talk.title}"
        node += _span("portfolio-host", where)
    return node


def here(talk: Talk) -> nodes.reference:
    """Return the title of a talk as a link to its entry on the same page, to copy the address."""
    return nodes.reference("", "", *styled(talk.rich_title), refid=talk.id, internal=True)


def filtered(talks: Iterable[Talk], portfolio: Portfolio) -> dict[str, tuple[str, int]]:
    """Return the topics of the filter: those of two or more talks, the most frequent first.

    The values are the topic's title and the number of its talks.
    """
    counts = Counter(name for talk in talks for name in dict.fromkeys(_about(talk)))
    titles = topics(portfolio)
    found = [name for name in counts if name in titles and counts[name] > 1]
    found.sort(key=lambda name: (-counts[name], name))
    return {name: (titles[name], counts[name]) for name in found}


def looks(talk: Talk, chosen: Container[str]) -> list[str]:
    """Return the CSS classes of a talk's entry: one for each of its topics in the filter."""
    about = [name for name in dict.fromkeys(_about(talk)) if name in chosen]
    return ["portfolio-talk", *(f"portfolio-topic-{name}" for name in about)]


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
    gettext = portfolio.translator.gettext
    which = ""
    if topic := options.get("topic"):
        which += gettext(" about {topic}", topic=topics(portfolio)[topic])
    if year := options.get("year"):
        which += gettext(" in {year}", year=year)
    if when := options.get("when"):
        return gettext(NONE[when], which=which)
    return gettext("No talks{which}.", which=which) if which else gettext("No talks yet.")


def _span(looks: str, text: str) -> nodes.inline:
    return nodes.inline("", text, classes=[looks])


def _section(title: str, id_: str, looks: str, items: Iterable[nodes.list_item]) -> nodes.section:
    heading = nodes.title("", title)
    return nodes.section("", heading, talk_list(items, *PROGRAM), ids=[id_], classes=[looks])


def _filter(
    total: int, chosen: Mapping[str, tuple[str, int]], translator: Translator
) -> addnodes.only:
    """Draw links each of which shows only the talks about a topic, in HTML.

    Each leads to an empty anchor; a style rule (`style_filter`) hides the other talks while that
    is the target of the page. So it works without scripts. The anchors are out of the flow, so
    that the page does not scroll. A script (`portfolio.js`) keeps the topic in the query instead.
    """
    links = [_link("all", translator.gettext("All"), total)]
    links += [_link(f"topic-{name}", title, count) for name, (title, count) in chosen.items()]
    anchors = [
        nodes.inline("", "", ids=[key], classes=["portfolio-key"])
        for key in ("all", *(f"topic-{name}" for name in chosen))
    ]
    return addnodes.only(
        "",
        nodes.paragraph("", "", *anchors, classes=["portfolio-keys"]),
        portfolio_nav(
            "",
            nodes.bullet_list("", *links, classes=["portfolio-filter"]),
            label=translator.gettext("Talks by topic"),
        ),
        expr=HAS_FILTER,
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
    on = f":root:not(.portfolio-scripted):has(#{key}:target)"
    hidden = f".portfolio-talk:not(.{name}),section:has(.portfolio-talk):not(:has(.{name}))"
    chosen = f'.portfolio-filter a[href="#{key}"]'
    style = "border-color:currentColor;font-weight:700"
    return f"{on} :is({hidden}){{display:none}}{on} {chosen}{{{style}}}"
