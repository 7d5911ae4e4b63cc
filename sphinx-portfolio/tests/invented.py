"""Invented records, some with any text in their fields."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from hypothesis import Phase, settings
from hypothesis import strategies as st

from sphinx_portfolio.exports import outline
from sphinx_portfolio.model import (
    Award,
    Certificate,
    Date,
    Degree,
    Detail,
    Highlight,
    Job,
    Language,
    Period,
    Person,
    Portfolio,
    Profile,
    Project,
    Publication,
    Record,
    RichText,
    Run,
    Service,
    Skill,
    Talk,
    assemble,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_portfolio.exports.outline import Entry

TODAY = Date(2024, 5, 31)
RECORDS: dict[type[Record], dict[str, Any]] = {
    Job: {"organization": "Acme", "period": Period.parse("2021", "present")},
    Degree: {"organization": "School", "period": Period.parse("2011", "2014-02")},
    Project: {"period": Period.parse("2019-01", "2020")},
    Award: {"period": Period.parse("2020", "2020")},
    Service: {"events": ("Conf 2019",), "period": Period.parse("2019", "2019")},
    Certificate: {"issuer": "Guild", "period": Period.parse("2018", "2018")},
    Skill: {"group": "Languages"},
    Language: {"fluency": "C1"},
    Publication: {
        "authors": ("Ada", "Bob"),
        "venue": "Journal",
        "period": Period.parse("2020", "2020"),
    },
    Talk: {"speakers": ("Ada",), "event": "Conf", "period": Period.parse("2020-03", "2020-03")},
}
NASTY = [
    *'#$@\\<>"*_`|[]=+-~!&',
    *("# x", "## x ##", "x #", "1. x", "23) x", "- x", "-", "---", "+ x", "> x", "=", "==="),
    *("**x**", "_x_", "__x__", "*", "x_y_z", "`x`", "``", "[x](y)", "[x]: y", "![x](y)", "[x]"),
    *("<b>", "<!-- x", "https://x.example/_y_", "<x@y.example>", "&amp;", "&#35;", "&copy", "AT&T"),
    *("$x$", "\\", "x\\", "\\*", "~~~", "~~x~~", "```", "    x", "\tx", "x  \ny", "| x |\n|---|"),
    *(
        "x" * 300,
        "漢字" * 100,
        "ある 日",
        "שלום נעמי",
        "عَرَبِيّ",
        "e\u0301" * 90,
        "a\u00a0b",
        "👩‍👩‍👧",
        "*x*y",
        "!",
    ),
]


def made(kind: type[Record], **fields: Any) -> Record:
    """Return a record; required fields have defaults."""
    common = {"id": kind.kind, "title": "A Title", "docname": "page", "source": "page.md"}
    return kind(**(common | RECORDS[kind] | fields))


def whole(*records: Record, **person: Any) -> Portfolio:
    return assemble(Person(**({"name": "Ada"} | person)), TODAY, records)


def everywhere(words: str) -> Portfolio:
    """Return a portfolio with the same words in all text fields."""
    one = (Run(words),)
    texts = {
        "title": words,
        "summary": one,
        "highlights": (Highlight(one, (), (Highlight(one),)),),
        "details": (Detail(one, one),),
    }
    place = {"organization": words, "location": words}
    return whole(
        *(made(kind, **texts, **place) for kind in (Job, Degree)),
        *(made(kind, **texts) for kind in (Project, Award, Service)),
        made(Certificate, **texts, issuer=words),
        made(
            Talk,
            title=words,
            event=words,
            venue=words,
            summary=(Run(words),),
            speakers=("Ada", words),
        ),
        made(
            Publication,
            title=words,
            venue=words,
            summary=(Run(words),),
            authors=("Ada", words),
        ),
        made(Skill, title=words, group=words),
        made(Language, **texts, fluency=words),
        name=words,
        location=words,
    )


def squashed(words: str) -> str:
    """Remove white space: formats wrap and fold it."""
    return "".join(words.split())


def parts(entry: Entry) -> Iterator[RichText]:
    """Yield the texts of an entry below its facts, in order."""
    yield entry.summary
    yield from (text for _, text in outline.bullets(entry.highlights, entry.evidence))
    yield from map(outline.detail_text, entry.details)


# -- Any words ----------------------------------------------------------------

CHARACTERS = st.one_of(
    st.sampled_from("#$@\\<>\"*_`|[]()!&~-+=.:;/' 10ab\n\t"),
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
)
WORDS = st.one_of(st.text(CHARACTERS, max_size=12), st.sampled_from(NASTY))
TARGETS = st.sampled_from(
    ["", "", "", "https://a.example/(x)_y_?a=1&copy;=[2]", "https://b.example/x)(y", "skill"]
)
RUNS = st.builds(Run, WORDS, st.booleans(), st.booleans(), st.booleans(), TARGETS)
RICH = st.lists(RUNS, max_size=4).map(tuple)
TEXT_FIELDS = (
    *("organization", "location", "issuer", "group", "event", "venue", "license"),
    *("type", "level", "fluency"),
)


@st.composite
def portfolios(draw: st.DrawFn) -> Portfolio:
    """Return a record of each kind with any words in its text fields."""
    records = []
    for kind in RECORDS:
        bullet = Highlight(draw(RICH), (draw(RICH),), (Highlight(draw(RICH)),))
        texts: dict[str, Any] = {"title": draw(WORDS)}
        if kind not in {Talk, Publication, Skill}:
            texts |= {"summary": draw(RICH), "highlights": (bullet,), "evidence": (draw(RICH),)}
            texts |= {"details": (Detail(draw(RICH), draw(RICH)),)}
        known = {each.name for each in dataclasses.fields(kind)}
        for field in TEXT_FIELDS:
            if field in known:
                texts[field] = draw(WORDS)
        records.append(made(kind, **texts))
    profile = Profile(draw(WORDS), "https://a.example/")
    return whole(*records, name=draw(WORDS), location=draw(WORDS), profiles=(profile,))


# Without shrinking, which takes minutes for a whole portfolio.
FUZZ = settings(
    derandomize=True,
    deadline=None,
    max_examples=60,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    report_multiple_bugs=False,
)
