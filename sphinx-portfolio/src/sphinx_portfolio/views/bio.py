"""`{bio}`: a biography to copy: the text of the directive, or one made of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.model import Award, Degree, Job, Talk
from sphinx_portfolio.views.view import Context, ViewDirective, nothing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx_portfolio.model import Portfolio
    from sphinx_portfolio.model.portfolio import R

# With the subject, and without.
STUDIED = ("studied {area} at {organization}", "studied at {organization}")
STUDIES = ("studies {area} at {organization}", "studies at {organization}")
# Languages that put no spaces between words, of which characters are counted.
UNSPACED = ("ja", "km", "lo", "my", "th", "zh")
NEWEST = 3  # awards, and events of talks, in a biography made of records


class BioDirective(ViewDirective):
    """`{bio}`, with the text of the biography or without."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return a box with the text, or the node of the view."""
        return [box(self.parse_content_to_nodes())] if self.content else super().run()


def draw(context: Context) -> list[nodes.Node]:
    """Draw a biography made of records, for a page without one of its own."""
    gettext = context.portfolio.translator.gettext
    text = " ".join(sentences(context.portfolio))
    if not text:
        return nothing(gettext("No biography yet: write it in the directive, or add a job."))
    return [box([nodes.paragraph("", text)])]


def box(text: Sequence[nodes.Node]) -> nodes.container:
    """Return a text to copy, in HTML with its number of words."""
    words = nodes.paragraph(classes=["portfolio-words"])
    counted = addnodes.only("", words, expr="format_html and not builder_epub")
    return nodes.container("", *text, counted, classes=["portfolio-copy", "portfolio-prose"])


class CountWords(SphinxPostTransform):
    """Write the numbers of words, in which the texts of references count."""

    default_priority = 60  # after OnlyNodeTransform (50)

    def run(self, **kwargs: Any) -> None:
        """Write the number in each box that shows it."""
        translator = portfolio_domain(self.env).portfolio.translator
        for words in self.document.findall(nodes.paragraph):
            if "portfolio-words" in words["classes"]:
                assert words.parent  # noqa: S101 (the box)
                found = " ".join(block.astext() for block in words.parent).split()
                if translator.main_language in UNSPACED:
                    count = len("".join(found))
                    text = translator.ngettext("{count} character", "{count} characters", count)
                else:
                    text = translator.ngettext("{count} word", "{count} words", len(found))
                words.append(nodes.Text(text))


def sentences(portfolio: Portfolio) -> Iterator[str]:
    """Yield a sentence about work and study, and one about awards and talks."""
    for parts in (
        [*_work(portfolio), *_study(portfolio)],
        [*_awards(portfolio), *_talks(portfolio)],
    ):
        if parts:
            name, clauses = portfolio.person.name, portfolio.translator.listed(parts)
            clauses = clauses.removesuffix(".")
            yield portfolio.translator.gettext("{name} {clauses}.", name=name, clauses=clauses)


def _work(portfolio: Portfolio) -> Iterator[str]:
    """Yield the current jobs, or the last one."""
    jobs = _begun(Job, portfolio)
    current = [job for job in jobs if not portfolio.is_over(job)]
    translator, gettext = portfolio.translator, portfolio.translator.gettext
    places = [
        gettext("at {organization} as {title}", organization=job.organization, title=job.title)
        for job in current or jobs[:1]
    ]
    if current:
        yield gettext("works {places}", places=translator.listed(places))
    elif places:
        yield gettext("worked {places}", places=translator.listed(places))


def _study(portfolio: Portfolio) -> Iterator[str]:
    """Yield the newest degree, without its grade."""
    for degree in _begun(Degree, portfolio)[:1]:
        messages = STUDIED if portfolio.is_over(degree) else STUDIES
        values = {"area": degree.area, "organization": degree.organization}
        yield portfolio.translator.gettext(messages[0 if degree.area else 1], **values)


def _awards(portfolio: Portfolio) -> Iterator[str]:
    awards = _begun(Award, portfolio)[:NEWEST]
    translator = portfolio.translator
    if awards:
        titles = (translator.gettext("the {award}", award=_titled(award)) for award in awards)
        yield translator.gettext("received {awards}", awards=translator.listed(titles))


def _titled(award: Award) -> str:
    title = award.title.removeprefix("The ")
    return f"{title} ({award.period.start.year})" if award.period else title


def _talks(portfolio: Portfolio) -> Iterator[str]:
    events = list(dict.fromkeys(talk.event for talk in _begun(Talk, portfolio)))[:NEWEST]
    if events:
        translator = portfolio.translator
        yield translator.gettext("has spoken at {events}", events=translator.listed(events))


def _begun(kind: type[R], portfolio: Portfolio) -> list[R]:
    return [record for record in portfolio.of(kind) if not portfolio.is_upcoming(record)]
