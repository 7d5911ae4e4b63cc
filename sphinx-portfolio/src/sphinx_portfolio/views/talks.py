"""`{talks}`: talks as a programme, upcoming and past apart, the newest year first.

On the page of the bibliography it arranges the entries, which stay the one
list of talks on the site; elsewhere it draws references to them.
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
from sphinx_portfolio.views.view import Context, nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping

    from sphinx.application import Sphinx

    from sphinx_portfolio.model import Date, Portfolio
    from sphinx_portfolio.model.kind import Link

WHEN = ("past", "upcoming")
PROGRAMME = ("portfolio-talks", "portfolio-programme")  # how style sheets know the list


def topics(portfolio: Portfolio) -> dict[str, str]:
    """Map what talks may be about, by name, to its title."""
    return dict(portfolio.topics) | {skill.id: skill.title for skill in portfolio.of(Skill)}


def select(portfolio: Portfolio, options: Mapping[str, str]) -> list[Talk]:
    """Return the talks that the options name, newest first; RecordError where one names nothing."""
    chosen = list(portfolio.of(Talk))
    if topic := options.get("topic"):
        known = topics(portfolio)
        if topic not in known:
            message = f"no skill or topic {topic!r}{suggest(topic, known)}"
            raise RecordError(message)
        chosen = [talk for talk in chosen if topic in _about(talk)]
    if year := options.get("year"):
        years = {str(_year(talk)) for talk in portfolio.of(Talk) if talk.period}
        if year not in years:
            message = f"there is no talk in {year!r}{suggest(year, years)}"
            raise RecordError(message)
        chosen = [talk for talk in chosen if str(_year(talk)) == year]
    if when := options.get("when"):
        if when not in WHEN:
            message = f":when: is {' or '.join(WHEN)}, not {when!r}"
            raise RecordError(message)
        chosen = [talk for talk in chosen if portfolio.is_upcoming(talk) == (when == "upcoming")]
    if newest := options.get("newest"):
        if not re.fullmatch("[1-9][0-9]{0,3}", newest):
            message = f":newest: {newest!r} is no number of talks: write one from 1"
            raise RecordError(message)
        chosen = chosen[: int(newest)]
    return chosen


def draw(context: Context) -> list[nodes.Node]:
    """Draw references to the talks that the options name."""
    portfolio = context.portfolio
    chosen = select(portfolio, context.options)
    if not chosen:
        return nothing(_none(portfolio, context.options))
    items = (nodes.list_item("", *row(talk, reference(talk, context.docname))) for talk in chosen)
    return [talk_list(items, *PROGRAMME)]


def programme(
    portfolio: Portfolio, talks: Collection[Talk], entry: Callable[[Talk], nodes.list_item]
) -> list[nodes.Node]:
    """Arrange the entries of talks: a filter, what is upcoming, and a section a year."""
    drawn: list[nodes.Node] = []
    for drawing in span.draw(talks, portfolio):
        drawing[:] = [nodes.container("", *drawing.children, classes=["portfolio-facts"])]
        drawn += [drawing]
    drawn += [_filter(talks, topics(portfolio))]
    if upcoming := [talk for talk in talks if portfolio.is_upcoming(talk)]:
        # What comes next stands first.
        drawn += [
            _section("Upcoming", "upcoming", "portfolio-upcoming", map(entry, reversed(upcoming)))
        ]
    past = (talk for talk in talks if not portfolio.is_upcoming(talk))
    drawn += [
        _section(str(year), f"year-{year}", "portfolio-year", map(entry, of_year))
        for year, of_year in groupby(past, key=_year)
    ]
    return drawn


def row(talk: Talk, title: nodes.Node) -> list[nodes.Node]:
    """Say a talk in a line, as a résumé does: title, event, date; and its links in another.

    Each is an element of its own, so that style sheets can set them in columns.
    """
    event: list[nodes.Node] = [nodes.inline("", talk.event, classes=["portfolio-event"])]
    if talk.period:
        date = talk.period.start
        event += [
            nodes.inline("", date.separator, classes=["portfolio-stop"]),
            nodes.inline("", "", *_when(date), classes=["portfolio-when"]),
        ]
    said: list[nodes.Node] = [
        nodes.strong("", "", title, nodes.inline("", ":", classes=["portfolio-stop"])),
        nodes.Text(" "),
        nodes.emphasis("", "", *event),
    ]
    drawn: list[nodes.Node] = [nodes.paragraph("", "", *said, classes=["portfolio-line"])]
    if found := KINDS[talk.kind].links_of(talk):
        links = (_link_to(link, talk) for link in found)
        drawn += [nodes.paragraph("", "", *_spaced(links), classes=["portfolio-links"])]
    return drawn


def here(talk: Talk) -> nodes.reference:
    """Make the title of a talk lead to where it stands, so that its address can be copied."""
    return nodes.reference("", talk.title, refid=talk.id, internal=True)


def keys(talk: Talk, known: Container[str]) -> list[str]:
    """Return the filters that show a talk, as names of classes."""
    return [*(f"topic-{name}" for name in _about(talk) if name in known), f"in-{_year(talk)}"]


def _about(talk: Talk) -> tuple[str, ...]:
    return (*talk.topics, *talk.skills)


def _year(talk: Talk) -> int:
    return talk.period.start.year if talk.period else 0


def _none(portfolio: Portfolio, options: Mapping[str, str]) -> str:
    """Say what there is none of, in the options' words."""
    words = [options.get("when", ""), "talks"]
    if topic := options.get("topic"):
        words.append(f"about {topics(portfolio)[topic]}")
    if year := options.get("year"):
        words.append(f"in {year}")
    said = " ".join(filter(None, words))
    return f"No {said}." if said != "talks" else "No talks yet."


def _when(date: Date) -> Iterator[nodes.Node]:
    year = nodes.inline("", str(date.year), classes=["portfolio-in-year"])
    month = date.text.removesuffix(str(date.year))
    yield from (nodes.Text(month), year) if month else (year,)


def _link_to(link: Link, talk: Talk) -> nodes.reference:
    return nodes.reference(
        "",
        link.label,
        refuri=link.address,
        reftitle=f"{link.label.capitalize()}: {talk.title}",
        classes=[f"portfolio-link-{link.name}"],
    )


def _spaced(links: Iterable[nodes.Node]) -> Iterator[nodes.Node]:
    for number, link in enumerate(links):
        if number:
            yield nodes.Text(" ")
        yield link


def _section(title: str, id_: str, looks: str, items: Iterable[nodes.list_item]) -> nodes.section:
    heading = nodes.title("", title)
    return nodes.section("", heading, talk_list(items, *PROGRAMME), ids=[id_], classes=[looks])


def talk_list(items: Iterable[nodes.list_item], *looks: str) -> nodes.enumerated_list:
    """Make a list of talks: numbered, where no style sheet takes the numbers away."""
    return nodes.enumerated_list(
        "", *items, enumtype="arabic", prefix="", suffix=".", classes=[*looks]
    )


def _filter(talks: Iterable[Talk], known: Mapping[str, str]) -> addnodes.only:
    """Draw links that show the talks about a topic or of a year alone.

    Each leads to an empty anchor, and a rule of style (`style_filter`) hides
    the other talks while that is the page's target: so it works without scripts,
    and a filter has an address. The anchors are out of the flow, so that the
    page stays where it is. Books and text know no targets.
    """
    counts = Counter(key for talk in talks for key in keys(talk, known))
    # What most are about comes first, and after what they are about the newest year.
    about = [(f"topic-{name}", title) for name, title in known.items()]
    about = sorted(
        (each for each in about if each[0] in counts),
        key=lambda each: (-counts[each[0]], each[0]),
    )
    years = sorted((key for key in counts if key.startswith("in-")), reverse=True)
    filters = [*about, *((key, key.removeprefix("in-")) for key in years)]
    links = [_link("all", "All", sum(counts[key] for key in years))]
    links += [_link(key, title, counts[key]) for key, title in filters]
    anchors = [
        nodes.inline("", "", ids=[key], classes=["portfolio-key"])
        for key in ("all", *dict(filters))
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
    """Write the rules of a page's filter into its head: elsewhere a style is no valid HTML."""
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
