"""`{talks}`: the program of talks: upcoming ones, and past ones by year, newest first.

On the page of the bibliography it arranges the entries of the bibliography; elsewhere it draws
references to them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from sphinx_portfolio.domain import reference
from sphinx_portfolio.model import Talk
from sphinx_portfolio.views import formats, works
from sphinx_portfolio.views.elements import portfolio_nav
from sphinx_portfolio.views.view import Context, nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Mapping

    from sphinx.application import Sphinx

    from sphinx_portfolio.model import CreativeWork, Portfolio, Translator

LOOKS = "portfolio-talks"  # the CSS class of a list
HAS_FILTER = "format_html and not builder_epub"  # the builders that show the filter


def draw(context: Context) -> list[nodes.Node]:
    """Draw references to the talks that the options select."""
    portfolio = context.portfolio
    chosen = works.select(Talk, portfolio, context.options)
    if not chosen:
        return nothing(works.none(Talk, portfolio, context.options))
    items = (
        nodes.list_item("", *_row(talk, reference(talk, context.docname), context))
        for talk in chosen
    )
    return [works.work_list(items, LOOKS, works.PROGRAM)]


def row(talk: Talk, portfolio: Portfolio, title: nodes.Node) -> list[nodes.Node]:
    """Return title, event, date, format, place and links."""
    return works.row(talk, title, portfolio.translator, place=talk.venue)


def _row(talk: Talk, title: nodes.Node, context: Context) -> list[nodes.Node]:
    drawn = row(talk, context.portfolio, title)
    formats.add_calendar(drawn, talk, context.files, context.portfolio)
    return drawn


def program(
    portfolio: Portfolio,
    talks: Collection[Talk],
    entry: Callable[[Talk, Container[str]], nodes.list_item],
) -> list[nodes.Node]:
    """Arrange the entries of talks: a filter, the upcoming ones, and a section for each year.

    `entry` returns the entry of a talk; it is given the ids of the filter's topics.
    """
    translator = portfolio.translator
    chosen = filtered(talks, portfolio)
    return [
        *works.spans(talks, portfolio),
        *([_filter(len(talks), chosen, translator)] if chosen else []),
        *works.sections(
            portfolio,
            talks,
            lambda talk: entry(talk, chosen),
            LOOKS,
            lambda id_: id_,
            translator.gettext("Upcoming"),
        ),
    ]


def filtered(talks: Iterable[Talk], portfolio: Portfolio) -> dict[str, tuple[str, int]]:
    """Return the topics of the filter: those of two or more talks, the most frequent first.

    The values are the topic's title and the number of its talks.
    """
    counts = Counter(name for talk in talks for name in dict.fromkeys(works.about(talk)))
    titles = works.topics(portfolio)
    found = [name for name in counts if name in titles and counts[name] > 1]
    found.sort(key=lambda name: (-counts[name], name))
    return {name: (titles[name], counts[name]) for name in found}


def looks(work: CreativeWork, chosen: Container[str]) -> list[str]:
    """Return the CSS classes of a work's entry: one for each of its topics in the filter."""
    about = (f"portfolio-topic-{name}" for name in _in_filter(work, chosen))
    return ["portfolio-work", f"portfolio-{work.kind}", *about]


def titles_in(work: CreativeWork, chosen: Container[str], portfolio: Portfolio) -> list[str]:
    """Return the titles of a work's topics in the filter."""
    titles = works.topics(portfolio)
    return [titles[name] for name in _in_filter(work, chosen)]


def _in_filter(work: CreativeWork, chosen: Container[str]) -> list[str]:
    return [name for name in dict.fromkeys(works.about(work)) if name in chosen]


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
