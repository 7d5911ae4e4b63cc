"""BibTeX as people write it: files are read, LaTeX is text, and each fault has a line."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database.input.bibtex import Parser

from sphinx_portfolio.bibtex import conversion
from sphinx_portfolio.bibtex.bibliographies import pybtex_entry
from sphinx_portfolio.bibtex.kinds import BIB_KINDS
from sphinx_portfolio.bibtex.latex import plain_text, rich_text
from sphinx_portfolio.bibtex.listing import OWN
from sphinx_portfolio.bibtex.normalizing import normalized
from sphinx_portfolio.bibtex.reader import Level, read
from sphinx_portfolio.bibtex.values import dates, month, names, slug, within_year
from sphinx_portfolio.model import Date, Period, RecordError, Run, Talk, plain
from sphinx_portfolio.model.kinds.talk import FORMATS
from sphinx_portfolio.model.messages import ENGLISH
from support import NO_TALKS, entry, read_talks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from pybtex.database import BibliographyData

ADDRESSES = (*conversion.ADDRESSES, *BIB_KINDS["talk"].addresses)
FIELDS = tuple(dict.fromkeys((*conversion.FIELDS, *BIB_KINDS["talk"].fields)))
T = TypeVar("T")
R = TypeVar("R")
UNCLOSED = "this entry is not closed: add the missing brace or quote"
NAMES = "expected Last, First and Last, First"
NO_DATE = "the date is missing: add date = {YYYY-MM-DD}, or year = {YYYY}"
USER = "remove the user name and password before the @"
HOST = "the host or port is invalid"
FOREIGN = "is not allowed: copy the address from a browser"
SCHEME = "expected https://… or http://…"
NO_ENTRY = f"the file has no entry: {NO_TALKS}"
UNBALANCED = "a brace is missing, or there is one too many"


def found(bibtex: str | bytes) -> list[str]:
    """Return the messages of a file, as `line: level: text`."""
    content = bibtex.encode() if isinstance(bibtex, str) else bibtex
    return [f"{it.line}: {it.level}: {it.text}" for it in read_talks(content, ())[1]]


def talks(bibtex: str, *topics: str) -> list[Talk]:
    """Return the talks of a file without messages."""
    made, messages = read_talks(bibtex.encode(), topics, "talks.bib")
    assert messages == []
    return [talk for _, talk in made]


def talk(bibtex: str, *topics: str) -> Talk:
    """Return the one talk of a file without messages."""
    (made,) = talks(bibtex, *topics)
    return made


def differences(function: Callable[[T], R], expected: Iterable[tuple[T, R]]) -> list[str]:
    """Return the arguments for which a function returns something else than expected."""
    results = [(argument, function(argument), result) for argument, result in expected]
    return [
        f"{argument!r}: {found!r}, expected {result!r}"
        for argument, found, result in results
        if found != result
    ]


def day(*parts: int) -> Period:
    """Return a date as a period."""
    return Period(Date(*parts), Date(*parts))


# -- Files of others ----------------------------------------------------------

ADA = ("Ada Example",)
LATEX_TITLE = (
    Run("Keep CALM & Carry On: 100% of O(n²) – "),
    Run("more", emphasis=True),
    Run(" "),
    Run("bold", strong=True),
    Run(" √13\xa0TeV café, the 38th "),
    Run("time", emphasis=True),
)
# The talks of each file, and its messages.
FILES: dict[str, tuple[list[Talk], list[str]]] = {
    "biblatex-date-location": (
        [
            Talk(
                id="marsh-talk-2018",
                key="marsh_talk_2018",
                title="The impact of legacy machines on future manufacturing cybersecurity",
                docname="",
                period=day(2018, 4, 9),
                summary=(
                    Run(
                        "Despite the focus on future-generation equipment—legacy machines will "
                        '"exist" – 100% sure. Second paragraph.'
                    ),
                ),
                speakers=("Frida Marsh",),
                event="Hannover Messe",
                venue="Hannover, Germany",
                url="http://www.example.de/event/the-impact/VOR/83621",
                shorttitle="LegacyHMI",
                note=(
                    Run(
                        "https://example.org/files/talk_2018.pdf",
                        target="https://example.org/files/talk_2018.pdf",
                    ),
                ),
            )
        ],
        [],
    ),
    "jekyll-scholar": (
        [
            Talk(
                id="birch2021",
                key="birch2021",
                title="Constrained Separable Optimization",
                docname="",
                period=day(2021, 7, 29),
                summary=(
                    Run(
                        'We present <a href="https://example.org/stable/">PiecewiseThings.jl</a> '
                        "packages."
                    ),
                ),
                selected=True,
                speakers=("Eli Birch", "Nina Moss", "Max J. Kern"),
                event="JuliaCon 2021 JuMP Track",
                video="https://www.youtube.com/watch?v=xxxxxxxxxxx",
            )
        ],
        [
            "14: hint: birch2021: abstract: HTML is shown as text: "
            "'<a href=\"https://example.org/stable/\">'"
        ],
    ),
    "latex-in-title": (
        [
            Talk(
                id="markup",
                key="markup",
                title=plain(LATEX_TITLE),
                styled_title=LATEX_TITLE,
                docname="",
                period=day(2024),
                speakers=ADA,
                event="A Conference",
                note=(
                    Run("Video at "),
                    Run("https://video.example/x_y", target="https://video.example/x_y"),
                    Run("; "),
                    Run("slides", target="https://slides.example/a"),
                ),
            )
        ],
        [],
    ),
    "misc-with-note": (
        [
            Talk(
                id="boot2020",
                key="Boot2020",
                title="Analysis Preservation Bootcamp",
                docname="",
                period=day(2020, 2),
                speakers=ADA,
                event="One of the core instructors for the workshop at LAB",
                format="workshop",
                url="https://example.org/e/awesome",
            ),
            Talk(
                id="week2018",
                key="Week2018",
                title="Searches for X in √13\xa0TeV data",
                docname="",
                period=day(2018, 2),
                speakers=ADA,
                event="LAB P & P Week, Plenary",
                url="https://example.org/event/698458/",
            ),
        ],
        ["1: warning: 'misc{,' is outside of any entry, is an @ missing before it?"],
    ),
    "zotero-date-range": (
        [
            Talk(
                id="ames2023-decoding",
                key="Ames2023_Decoding",
                title="Reading Scores: Theory and Practice (Workshop)",
                docname="",
                period=Period(Date(2023, 2, 5), Date(2023, 2, 9)),
                speakers=("C Ames", "J. A Bellamy", "H Nováková-Wörth"),
                format="workshop",
                venue="Monte Verità, Switzerland",
            ),
            Talk(
                id="ekman2022",
                key="Ekman2022",
                title="Communities",
                docname="",
                period=day(2022, 11),
                speakers=("Tom Ekman",),
                venue="Milano, Italy",
            ),
        ],
        [
            f"14: error: Mire_On: {NO_DATE}",
            f"18: warning: Mire_On: url: invalid URL '2015': {SCHEME}; it is left out",
        ],
    ),
    "zotero-speech": (
        [
            Talk(
                id="teller",
                key="teller",
                title="Early Findings in a Long Study",
                docname="",
                period=day(2005, 3),
                speakers=("Lina A. Teller", "Gary M. McLane"),
                event="Annual Meeting of the Example Society",
                venue="La Jolla, CA",
            )
        ],
        [],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_files_of_others_are_read_unchanged(rootdir: Path, name: str) -> None:
    content = (rootdir / "bibtex" / f"{name}.bib").read_bytes()
    made, messages = read_talks(content, ())
    expected, texts = FILES[name]
    assert [replace(talk, entry=None) for _, talk in made] == expected
    assert [f"{it.line}: {it.level}: {it.text}" for it in messages] == texts


def test_a_thousand_entries_are_read_in_two_seconds() -> None:
    abstract = r"Some \emph{words} about {Go} schedulers -- and {\"o}sterlich things. " * 5
    bibtex = "".join(
        entry(
            f"talk-{number}",
            author=f"{{Ex{{\\'a}}mple, Ada and Roy, Bo {number}}}",
            title=f"{{The {{G}}o Scheduler \\& {number}}}",
            abstract=f"{{{number} {abstract}}}",
            note="{Slides -- later}",
            url=f"{{https://a.example/{number}}}",
        )
        for number in range(1000)
    )
    start = time.process_time()
    assert len(talks(bibtex)) == 1000
    assert time.process_time() - start < 2


# -- Values of fields ---------------------------------------------------------


def test_months_are_numbers_or_names() -> None:
    ninth = ("9", "09", "sep", "Sep.", " SEPT ", "September")
    assert differences(month, [*((text, 9) for text in ninth), ("12", 12)]) == []


def error(function: Callable[[T], object]) -> Callable[[T], str]:
    """Return a function that returns why a text is invalid."""

    def read(text: T) -> str:
        try:
            return f"no error: {function(text)}"
        except RecordError as problem:
            return str(problem)

    return read


def test_invalid_months() -> None:
    texts = ["", "0", "00", "13", "-1", "³", "s", "ma", "septum", "June July August"]
    message = "expected a name or a number from 1 to 12"

    def in_2021(text: str) -> Period:
        return within_year(2021, text)

    reader = error(in_2021)
    expected = [(text, f"invalid month {text!r}: {message}") for text in texts]
    assert differences(reader, expected) == []
    assert reader("9" * 5000).startswith("invalid month '999")


def test_dates_are_partial_ranges_and_uncertain() -> None:
    expected = [
        ("2021", day(2021)),
        ("2021-05", day(2021, 5)),
        ("2021-5-6", day(2021, 5, 6)),
        ("2023-02-05/2023-02-09", Period(Date(2023, 2, 5), Date(2023, 2, 9))),
        ("2019--2020", Period(Date(2019), Date(2020))),
        ("2019–2020", Period(Date(2019), Date(2020))),
        ("2021-05/", Period(Date(2021, 5), None)),
        ("2021-05/..", Period(Date(2021, 5), None)),
        ("/2021", day(2021)),
        ("2021~", day(2021)),
        ("2021-05?", day(2021, 5)),
        ("2021-XX-XX", day(2021)),
        ("2021-22", day(2021)),  # a season
        ("2021-05-06T10:00:00+02:00", day(2021, 5, 6)),
        ("2021-05-06T10:00:00~", day(2021, 5, 6)),
    ]
    assert differences(dates, expected) == []
    invalid = ["soon", "199X", "2021-13", "2021-02-30", "0000", "2021-05/soon", "", "/"]
    message = "write YYYY, YYYY-MM or YYYY-MM-DD"
    assert [text for text in invalid if message not in error(dates)(text)] == []
    assert error(dates)("2021/2020") == (
        "the end (2020) is before the start (2021): correct one of them"
    )


def test_a_talk_has_the_times_that_have_a_zone() -> None:
    times: list[tuple[Mapping[str, str], list[str]]] = [
        ({"eventdate": "{2021-05-06T10:00:00+02:00}"}, ["2021-05-06T10:00:00+02:00"]),
        ({"date": "{2021-05-06T10:00Z~}"}, ["2021-05-06T10:00:00+00:00"]),
        (
            {"eventdate": "{2021-05-06T10:00-06:00 / 2021-05-06T10:35-06:00}"},
            ["2021-05-06T10:00:00-06:00", "2021-05-06T10:35:00-06:00"],
        ),
        ({"eventdate": "{2021-05-06T10:00}"}, []),
        ({"eventdate": "{2021-05-06T10:00Z/2021-05-07}"}, []),
        ({"eventdate": "{2021-05-06T10:00Z/}"}, []),
        ({"eventdate": "{2021-05-06}", "date": "{2021-05-06T10:00Z}"}, []),
        ({"year": "2021"}, []),
    ]
    wrong = {
        str(fields): found
        for fields, expected in times
        if (found := [it.isoformat() for it in talk(entry(**{"year": None, **fields})).times])
        != expected
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "2021-05-06T25:00Z",
            "invalid time '2021-05-06T25:00Z': write YYYY-MM-DDThh:mm+hh:mm, or the day alone",
        ),
        (
            "2021-05-06T10:00Z/2021-05-06T09:00Z",
            "the end (2021-05-06T09:00Z) is before the start: correct one of them",
        ),
    ],
)
def test_an_invalid_time_is_an_error_at_its_line(text: str, message: str) -> None:
    written = entry(year=None, eventdate=f"{{{text}}}")
    found, messages = read_talks(written.encode(), ())
    assert found == []
    line = written[: written.index("eventdate")].count("\n") + 1
    assert [(it.line, it.text) for it in messages] == [(line, f"organ-pipes: eventdate: {message}")]


def test_a_talk_is_dated_by_the_first_of_its_dates() -> None:
    dated: list[tuple[Mapping[str, str], Period]] = [
        ({"year": "2021"}, day(2021)),
        ({"year": "2021", "month": "sep"}, day(2021, 9)),
        ({"year": "2021", "month": "September"}, day(2021, 9)),
        ({"year": "2021", "month": "9", "day": "3"}, day(2021, 9, 3)),
        ({"year": "2021", "month": "{9}", "day": "{03}"}, day(2021, 9, 3)),
        ({"year": "2021", "month": 'jul # "~29"'}, day(2021, 7, 29)),
        ({"year": "2021", "month": "{July 29}"}, day(2021, 7, 29)),
        (
            {"year": "2021", "month": "{5--9 February}"},
            Period(Date(2021, 2, 5), Date(2021, 2, 9)),
        ),
        ({"year": "2021", "month": "{June/July}"}, Period(Date(2021, 6), Date(2021, 7))),
        ({"year": "2021", "month": "{Spring}"}, day(2021)),
        ({"year": "2021", "month": "{}"}, day(2021)),
        ({"year": "{2021-09}"}, day(2021, 9)),
        ({"year": "{2021}", "date": "{2020-01-02}"}, day(2020, 1, 2)),
        ({"eventdate": "{2019-01-02}", "date": "{2020-01-02}"}, day(2019, 1, 2)),
        ({"eventdate": "{}", "year": "2021"}, day(2021)),
    ]
    wrong = {
        str(fields): period
        for fields, period in dated
        if talk(entry(**{"year": None, **fields})).period != period
    }
    assert wrong == {}


def test_the_first_field_of_a_meaning_counts() -> None:
    event = ("eventtitle", "booktitle", "howpublished", "organization", "note")
    venue = ("venue", "location", "address")
    for synonyms, attribute in ((event, "event"), (venue, "venue")):
        for number, name in enumerate(synonyms):
            given = {each: f"{{The {each}}}" for each in reversed(synonyms[number:])}
            made = talk(entry(**({"eventtitle": None} | given)))
            assert getattr(made, attribute) == f"The {name}"
    # An address or a format is no event.
    fields = {"howpublished": r"{\url{https://a.example/}}", "organization": "{Keynote}"}
    assert talk(entry(eventtitle="{}", **fields, note="{A Note}")).event == "A Note"
    assert talk(entry(eventtitle=None)).event == ""


def test_formats() -> None:
    formats: list[tuple[Mapping[str, str], str]] = [
        ({}, ""),
        ({"type": "{Keynote}"}, "keynote"),
        ({"type": "{invited keynote}"}, "keynote"),
        ({"entrysubtype": "{podcast}"}, "podcast"),
        ({"type": "{Lightning talk}"}, "lightning talk"),
        ({"howpublished": "{Conference poster}"}, "poster"),
        ({"howpublished": "{Selected Talk}"}, ""),
        ({"note": "{Panel discussion, with others}"}, "panel"),
        ({"note": "{Workshop, half a day}"}, "workshop"),
        ({"note": "{Talk at the Workshop on Pipes}"}, ""),
        ({"note": "{With a poster}"}, ""),
        ({"eventtitle": "{Workshop on Pipes}"}, ""),
        ({"title": "{Reading Scores ({Workshop})}"}, "workshop"),
        ({"title": "{Keynote: Pipes}"}, "keynote"),
        ({"title": "{Solar Panel Physics}"}, ""),
        ({"type": "{paper}"}, ""),
    ]
    assert {name for _, name in formats} == {"", *FORMATS}
    assert differences(lambda fields: talk(entry(**fields)).format, formats) == []
    assert talk(entry("a", "poster")).format == "poster"


def test_a_format_is_shown_unless_it_is_a_plain_talk() -> None:
    keynote = talk(entry(type="{Keynote}"))
    assert keynote.occasion(ENGLISH) == "PipeCon 2021 (keynote)"
    assert talk(entry()).occasion(ENGLISH) == "PipeCon 2021"
    assert talk(entry(month="may")).occasion(ENGLISH) == "PipeCon, May 2021"
    assert talk(entry(eventtitle=None, type="{Podcast}")).occasion(ENGLISH) == "2021 (podcast)"
    several = talk(entry(year="{2021-05-30/2021-06-02}"))
    assert several.occasion(ENGLISH) == "PipeCon, May 2021 – June 2021"


def test_addresses_are_slugs_of_keys() -> None:
    keys = [
        ("organ-pipes", "organ-pipes"),
        ("Ames2023_Decoding", "ames2023-decoding"),
        ("marsh:talk/2018.a", "marsh-talk-2018-a"),
        ("2021talk", "talk-2021talk"),
        ("--", "talk"),
        ("Müller2020ß", "muller2020sz"),
        ("日本", "wgv71a"),
        ("DBLP:conf/x/Y21", "dblp-conf-x-y21"),
    ]
    assert differences(lambda key: slug(key, "talk"), keys) == []


def test_latex_becomes_text() -> None:
    fields = [
        ("{Organ} {{P}ipes}", "Organ Pipes"),
        (r"Life of interface\{\}", "Life of interface{}"),
        (r"Three \textbackslash{} four", "Three \\ four"),
        (
            r"K\"onig, {\"o}, \'{e}, \ss{}x, \'{\i}, {\v{c}}, \aa{}, \O",
            "König, ö, é, ßx, í, č, å, Ø",
        ),
        ("König, 日本, شبكة", "König, 日本, شبكة"),
        ("1--2 --- ``so'' `a'", "1–2 — “so” `a'"),
        ("Go~1", "Go\xa01"),
        ("100% of it", "100% of it"),
        (r"100\% of \$5 \& \#1 a\_b", "100% of $5 & #1 a_b"),
        ("from $5 to $6 & a_b #1 ^", "from $5 to $6 & a_b #1 ^"),
        (r"$\sqrt{13}$~TeV, $\sqrt{a+b}$, $\sqrt[3]{x}$", "√13\xa0TeV, √(a+b), ∛x"),
        ("$O(n^2)$ $n^{10}$ $x_1$ $e^{-x}$", "O(n²) n¹⁰ x₁ e^(−x)"),
        (r"$\frac{a+b}{c} \leq \alpha \times 5$", "(a+b)/c ≤ α × 5"),
        (r"38\textsuperscript{th} H\textsubscript{2}O x\textsuperscript{2}", "38th H₂O x²"),
        (r"\LaTeX{} x\\y \enquote{z} \textsc{a} \mbox{b} {\small c}", "LaTeX x y “z” a b c"),
        (r"\begin{itemize} \item a \item b \end{itemize}", "a b"),
        ('"Quoted" <b>bold</b> *x* `y` [z](u) {{w}}', '"Quoted" <b>bold</b> *x* `y` [z](u) w'),
        ("{", ""),
        ("  ", ""),
        ("a\\", "a\\"),
    ]
    assert differences(plain_text, fields) == []
    assert [latex for latex, _ in fields if rich_text(latex)[1]] == []


def test_latex_becomes_rich_text() -> None:
    expected = [
        (r"a \emph{b} c", (Run("a "), Run("b", emphasis=True), Run(" c"))),
        (r"\textit{a}\textbf{b}\texttt{c}", (
            Run("a", emphasis=True), Run("b", strong=True), Run("c", code=True),
        )),
        (r"{\bf a {\em b} c} d", (
            Run("a ", strong=True), Run("b", strong=True, emphasis=True), Run(" c", strong=True),
            Run(" d"),
        )),
        (r"\href{https://a.example/b\_c\%20#d}{the \emph{e}}", (
            Run("the ", target="https://a.example/b_c%20#d"),
            Run("e", emphasis=True, target="https://a.example/b_c%20#d"),
        )),
        (r"\url{https://a.example/b_c~d?e=f&g--h}", (
            Run("https://a.example/b_c~d?e=f&g--h", target="https://a.example/b_c~d?e=f&g--h"),
        )),
        (r"\verb|x_y|", (Run("x_y", code=True),)),
    ]  # fmt: skip
    assert differences(lambda latex: rich_text(latex)[0], expected) == []
    assert [latex for latex, _ in expected if rich_text(latex)[1]] == []


def test_what_latex_is_not_understood_is_a_warning_at_its_line() -> None:
    fields = [
        (r"a \foo{b} \baz c", ["unknown macro \\foo", "unknown macro \\baz"], "a b c"),
        (r"$\foo{b}^2$", ["unknown macro \\foo"], "b²"),
        (r"\today \input{/etc/passwd}", ["unknown macro \\today", "unknown macro \\input"],
         "/etc/passwd"),
        (r"\begin{foo}a\end{foo}", ["unknown environment \\begin{foo}"], "a"),
        (r"\href{javascript:alert(1)}{a}", ["invalid URL 'javascript:alert(1)'"], "a"),
        (r"\href{https://me:pw@a.example/}{a}", ["invalid URL"], "a"),
        (r"\url{data:text/html,a}", ["invalid URL"], "data:text/html,a"),
    ]  # fmt: skip
    for latex, messages, text in fields:
        runs, remarks = rich_text(latex)
        assert plain(runs) == text, latex
        assert not any(run.target for run in runs), latex
        assert len(remarks) == len(messages), latex
        for remark, message in zip(remarks, messages, strict=True):
            assert remark.message.startswith(message), latex
    bibtex = entry(abstract="{One,\n  two\n  \\foo{x} \\baz\n  \\href{ftp://a.example/}{y}}")
    assert found(bibtex) == [
        r"8: warning: organ-pipes: abstract: unknown macro \foo: its argument stays as text",
        r"8: warning: organ-pipes: abstract: unknown macro \baz: its argument stays as text",
        f"9: warning: organ-pipes: abstract: invalid URL 'ftp://a.example/': {SCHEME}; "
        "it is text without a link",
    ]


def test_deep_and_long_latex_is_read() -> None:
    deep = [
        r"\emph{" * 99 + "x" + "}" * 99,
        r"\begin{quote}" * 999 + "x",
        "{" * 99 + "x" + "}" * 99,
    ]
    long = ["$" * 9999, "\\" * 9999, "$a" * 9999, "`" * 9999, "&" * 9999, r"\'" * 9999, "<" * 9999]
    start = time.process_time()
    for latex in (*deep, *long):
        rich_text(latex)
        conversion.HTML.search(latex)
    assert plain_text(deep[0]) == "x"
    assert "too deeply" in rich_text(deep[1])[1][0].message
    assert time.process_time() - start < 10


def test_a_title_has_no_links_of_its_own() -> None:
    made = talk(entry(title=r"{A \href{https://a.example/}{\emph{b}}}"))
    assert made.rich_title == (Run("A "), Run("b", emphasis=True))
    assert talk(entry(title=r"{A \href{https://a.example/}{b}}")).styled_title == ()


def test_names_begin_with_the_first_name() -> None:
    written = r"Roy, Raghav and Jivrajani, Madhav AND {Barnes and Noble} and Metin And"
    people = ("Raghav Roy", "Madhav Jivrajani", "Barnes and Noble", "Metin And")
    assert names(written) == (people, False)
    expected: list[tuple[str, tuple[str, ...]]] = [
        (
            r"van der K{\"o}nig, Jr., A. and 山田 太郎",
            ("A. van der König Jr.", "山田 太郎"),
        ),
        ("Birch*, Eli and Eli Moss$^*$ and Kern†, M.", ("Eli Birch", "Eli Moss", "M. Kern")),
        (r"{{The {\"O} Group}} and \textbf{Ada Example}", ("The Ö Group", "Ada Example")),
        (
            "family=Marsh, given=Frida, prefix=van der and family=Roy, given=Bo",
            ("Frida van der Marsh", "Bo Roy"),
        ),
    ]
    assert differences(lambda latex: names(latex).people, expected) == []
    assert names("Roy, Bo and others") == (("Bo Roy",), True)
    assert talk(entry(author="{Roy, Bo and others}")).speakers == ("Bo Roy", "others")


def test_an_entry_becomes_a_talk() -> None:
    bibtex = entry(
        author="{Roy, Raghav and Example, Ada}",
        title='"Organ {Pipes}: Loud"',
        shorttitle="{Loud}",
        venue="{Ghent}",
        month="sep",
        url="{https://a.example/x%20y?a=b&c=d#e_f~g}",
        video="{https://b.example/}",
        abstract="{All of\n   it}",
        keywords="{go, acoustics,}",
        related="{wind-chest}",
        audience="{bands}",
        selected="{true}",
    )
    made = talk(bibtex, "acoustics")
    assert replace(made, entry=None) == Talk(
        id="organ-pipes",
        key="organ-pipes",
        title="Organ Pipes: Loud",
        docname="",
        period=day(2021, 9),
        summary=(Run("All of it"),),
        skills=("go",),
        topics=("acoustics",),
        cites=("wind-chest",),
        audience=("bands",),
        selected=True,
        speakers=("Raghav Roy", "Ada Example"),
        event="PipeCon",
        venue="Ghent",
        url="https://a.example/x%20y?a=b&c=d#e_f~g",
        video="https://b.example/",
        shorttitle="Loud",
    )
    assert made.place == "talks.bib:1"


# -- Entries of a file --------------------------------------------------------


def test_fields_are_taken_over_from_other_entries() -> None:
    made = talks(
        "@xdata{place, address = {Ghent}, xdata = {more}}\n"
        "@xdata{more, year = 2020, keywords = {go}}\n"
        "@proceedings{conf, title = {PipeCon}, year = 2021, address = {Rome}, editor = {Roy, Bo},\n"
        "  related = {x}, shorttitle = {PC}}\n"
        + entry("a", "inproceedings", eventtitle=None, year=None, crossref="{conf}")
        + entry("b", eventtitle=None, year=None, xdata="{place}", CROSSREF="{Conf}")
        + entry("c", crossref="{a}", title="{Again}", eventtitle="{FluteCon}", year=None)
    )
    assert [
        (it.id, it.title, it.event, it.venue, it.when(ENGLISH), it.skills, it.cites) for it in made
    ] == [
        ("a", "Organ Pipes", "PipeCon", "Rome", "2021", (), ()),
        ("b", "Organ Pipes", "PipeCon", "Ghent", "2020", ("go",), ()),
        ("c", "Again", "FluteCon", "Rome", "2021", (), ()),
    ]
    child = entry("a", "inproceedings", crossref="{c}", eventtitle=None)
    [whole] = read(f"{child}@proceedings{{c, title = {{PipeCon}}}}".encode())[0]
    copied = pybtex_entry(whole).fields
    assert dict(copied) == {"title": "Organ Pipes", "year": "2021", "booktitle": "PipeCon"}
    assert found(entry(crossref="{x}", xdata="{a,\n b}")) == [
        "6: warning: organ-pipes: crossref names 'x', which is not in this file",
        "7: warning: organ-pipes: xdata names 'a', which is not in this file",
        "7: warning: organ-pipes: xdata names 'b', which is not in this file",
    ]
    circle = entry("a", crossref="{b}") + entry("b", crossref="{a}")
    assert [it.id for it in talks(circle)] == ["a", "b"]


def test_what_people_write_is_read_without_a_message() -> None:
    files = {
        "complete": entry(),
        "two": entry() + entry("b"),
        "byte order mark": "\ufeff" + entry(),
        "CRLF": entry().replace("\n", "\r\n"),
        "CR": entry().replace("\n", "\r"),
        "comments": f"% a comment\n\n{entry()}  % another\n{entry('b')}% end",
        "@comment": f"@comment{{x: y;}}\n@Comment{{\n z\n}}\n{entry()}",
        "@string": '@string{me = "Ada " # "B"}\n' + entry(author="ME"),
        "@preamble": '@preamble{"x"}\n' + entry(),
        "front matter": "---\ntitle: x\n---\n" + entry(),
        "parentheses": entry().replace("d{", "d(").replace("\n}", "\n)"),
        "capitals": entry(TITLE="{x}", title=None).replace("@unp", "@UNP"),
        "month by name": entry(month="Sep"),
        "month without quotes": entry(month="september"),
        "month joined": entry(month='"9" # ""'),
        "far in the future": entry(year="9999"),
        "empty fields": entry(url="{}", video='""', keywords="{,}", month="{}", selected="{}"),
        "other fields": entry(
            pages="{1--2}", editor="{Roy, Bo}", publisher="{X}", blog="{/a}", note="{%}",
            file="{x}", abbr="{x}", preview="{x.jpg}", poster="{a.pdf}", urldate="{2020}",
        ),
        "types": "".join(
            entry(name, name)
            for name in ("misc", "inproceedings", "conference", "presentation", "online", "talk")
        ),
        "no author": entry(author=None),
        "deep braces": entry(title="{" * 99 + "x" + "}" * 99),
        "long": entry(title=f"{{{'long ' * 5000}}}"),
    }  # fmt: skip
    assert {name: messages for name, bibtex in files.items() if (messages := found(bibtex))} == {}
    for file in files.values():
        assert_found_or_read(file.encode())


def test_hints_are_about_what_is_probably_meant() -> None:
    hints = {
        entry(vidoe="{x}"): "6: hint: organ-pipes: unknown field 'vidoe', which is ignored: "
        "did you mean 'video'?",
        entry(evenntdate="{x}"): "6: hint: organ-pipes: unknown field 'evenntdate', which is "
        "ignored: did you mean 'eventdate'?",
        entry() + "Some text\n" + entry("b"): "7: hint: 'Some text' is outside of any entry",
        "Ask me@home.example\n" + entry(): "1: hint: 'Ask me' is outside of any entry",
        entry() + "An end.": "7: hint: 'An end.' is outside of any entry",
        entry(venue="{a &amp; b}"): "6: hint: organ-pipes: venue: HTML is shown as text: '&amp;'",
    }
    for file, message in hints.items():
        made, messages = read_talks(file.encode(), ())
        assert found(file) == [message]
        assert made
        assert messages[0].rule.startswith("bibtex-")
        assert messages[0].subject
    assert read_talks(entry(venue="{<b>}").encode(), ())[0][0][1].venue == "<b>"


def test_warnings_are_about_what_is_lost() -> None:
    warnings = {
        "misc{a,\n title = {b},\n}\n" + entry(): "1: warning: 'misc{a,' is outside of any entry, "
        "is an @ missing before it?",
        entry(TITLE="{x}"): "6: warning: organ-pipes: TITLE is given twice: the first one counts",
        entry(venue="nowhere"): "6: warning: undefined string 'nowhere', which is empty: "
        "put text between braces",
        entry(url="{2015}"): f"6: warning: organ-pipes: url: invalid URL '2015': {SCHEME}; "
        "it is left out",
    }
    for file, message in warnings.items():
        assert found(file) == [message]
        assert [it.title for _, it in read_talks(file.encode(), ())[0]] == ["Organ Pipes"]


# -- Errors -------------------------------------------------------------------


def test_errors_of_files_have_line_and_remedy() -> None:
    files: list[tuple[str | bytes, list[str]]] = [
        ("", [f"1: error: {NO_ENTRY}"]),
        ("% only\n\n", [f"1: error: {NO_ENTRY}"]),
        ("@string{a = {b}}", [f"1: error: {NO_ENTRY}"]),
        (b"\n\n\xe9", ["3: error: the byte 0xe9 is not UTF-8: save the file as UTF-8"]),
        (b"\xef\xbb\xbf\n\xff", ["2: error: the byte 0xff is not UTF-8: save the file as UTF-8"]),
        (
            entry(title="{a}}"),
            [f"3: error: organ-pipes: the entry ends before ',': {UNBALANCED}"],
        ),
        (
            entry(title="{a}}").replace("}},", "}}"),
            [
                "4: error: organ-pipes: the entry ends before 'eventtitle = {PipeCon},': "
                f"{UNBALANCED}"
            ],
        ),
        (
            entry().replace("},\n  ev", "}\n  ev"),
            ["4: error: invalid BibTeX: a comma or '}' expected at 'eventtitle = {PipeCon},'"],
        ),
        (entry(title="{a"), [f"1: error: {UNCLOSED}"]),
        (entry(title='"a'), ["6: error: invalid BibTeX: unbalanced braces at '}'"]),
        ('@unpublished{a, title="', [f"1: error: {UNCLOSED}"]),
        ("@unpublished{}", ["1: error: invalid BibTeX: entry key expected at '@unpublished{}'"]),
        (
            entry(title="{" * 200 + "}" * 200),
            [f"3: error: invalid BibTeX: too many nested braces at 'title = {'{' * 32}'"],
        ),
        (
            entry() + entry("b") + entry("Organ-Pipes"),
            ["13: error: Organ-Pipes: duplicate key, first used in line 1: choose another"],
        ),
    ]  # fmt: skip
    assert differences(found, files) == []


def test_errors_of_entries_have_line_and_remedy() -> None:
    faults: list[tuple[Mapping[str, str | None], list[str]]] = [
        ({"title": None}, ["7: error: organ-pipes: title is missing: add title = {…}"]),
        ({"title": "{{ }}"}, ["7: error: organ-pipes: title is missing: add title = {…}"]),
        ({"year": None, "month": "5"}, [f"7: error: organ-pipes: {NO_DATE}"]),
        (
            {"title": None, "year": "0000"},
            [
                "10: error: organ-pipes: invalid date '0000': write YYYY, YYYY-MM or YYYY-MM-DD",
                "7: error: organ-pipes: title is missing: add title = {…}",
            ],
        ),
        (
            {"month": "13"},
            [
                "12: error: organ-pipes: invalid month '13': "
                "expected a name or a number from 1 to 12"
            ],
        ),
        (
            {"year": "{2020/2021}", "month": "5"},
            [
                "12: error: organ-pipes: the month of '2020 – 2021' is ambiguous: "
                "write date = {YYYY-MM/YYYY-MM}"
            ],
        ),
        (
            {"author": "{Roy, Raghav and}"},
            [f"8: error: organ-pipes: author: invalid name 'Raghav and Roy': {NAMES}"],
        ),
        (
            {"author": "{Roy and , and Bo}"},
            [f"8: error: organ-pipes: author: invalid name '': {NAMES}"],
        ),
        (
            {"author": "{Roy, Raghav, Bo, Ada}"},
            [
                "8: error: organ-pipes: author: Too many commas in 'Roy, Raghav, Bo, Ada': "
                "expected Last, First and Last, First"
            ],
        ),
        (
            {"selected": "{maybe}"},
            [
                "12: error: organ-pipes: selected: invalid value 'maybe': "
                "use yes or remove the field"
            ],
        ),
        (
            {"audience": "{A B}"},
            [
                "12: error: organ-pipes: audience: invalid id 'A B': use lower-case words with "
                "hyphens, beginning with a letter"
            ],
        ),
    ]
    files = [(entry("first") + entry(**fields), messages) for fields, messages in faults]
    assert differences(lambda bibtex: sorted(found(bibtex)), files) == []
    for file, _ in files:  # the other entry is read
        assert [each.id for _, each in read_talks(file.encode(), ())[0]] == ["first"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("a\x00b", "U+0000", id="control"),
        pytest.param("a\u202etxt.exe", "U+202E", id="direction override"),
        pytest.param("a\u2066b", "U+2066", id="unclosed isolate"),
        pytest.param("a\u2066b\n  c", "U+2066", id="unclosed isolate of several lines"),
        pytest.param("a\x1cb", "U+001C", id="a control that is white space"),
    ],
)
@pytest.mark.parametrize("field", ["author", "title", "venue", "url", "file", "nothing-we-know"])
def test_characters_that_cannot_be_shown_are_refused(field: str, text: str, code: str) -> None:
    start = "https://a.example/" if field == "url" else ""
    [message] = read_talks(entry(**{field: f"{{{start}{text}}}"}).encode(), ())[1]
    assert message.level is Level.ERROR
    assert message.text.startswith(f"organ-pipes: {field}: the character {code} in ")
    assert message.text.endswith(" can't be shown: remove it")


def test_the_isolates_of_each_field_are_closed_in_it() -> None:
    assert found(entry(title="{a \u2066b\n  c\u2069 d}")) == []
    assert found(entry(title="{a\u2066}", venue="{b\u2069}")) != []
    assert found(entry(title="{a\u2066}").replace("\n", " ") + entry("b")) != []


@pytest.mark.parametrize("field", ADDRESSES)
def test_misleading_addresses_are_left_out(field: str) -> None:
    urls = {
        "javascript:alert(1)": SCHEME,
        "https://me:secret@a.example/": USER,
        "https://a.example@evil.example/": USER,
        "https://a.example%2F@evil.example/": USER,
        "https://@evil.example/": USER,
        "https://a.example:70000/": HOST,
        "https://[/": HOST,
        "https:/evil.example/": SCHEME,
        "https://": "it has no host",
        **{f"https://a.example/{sign}b": f"{sign!r} {FOREIGN}" for sign in '\\"<>'},
    }
    for url, fault in urls.items():
        bibtex = entry(**{field: f"{{{url}}}"})
        assert found(bibtex) == [
            f"6: warning: organ-pipes: {field}: invalid URL {url!r}: {fault}; it is left out"
        ]
        [(_, made)] = read_talks(bibtex.encode(), ())[0]
        assert getattr(made, field) == ""
        abstract = rich_text(rf"\href{{{url}}}{{x}} \url{{{url}}}")[0]
        assert not any(run.target for run in abstract), url


def test_addresses_may_be_written_as_latex() -> None:
    addresses = [
        r"{https://a.example/b\_c?d=\%20\&e\#f}",
        r"{https://a.example/b{\_}c?d=\%20{\&}e#f}",
        r"{\url{https://a.example/b_c?d=%20&e#f}}",
    ]
    for written in addresses:
        assert talk(entry(url=written)).url == "https://a.example/b_c?d=%20&e#f"


def test_all_line_endings_count() -> None:
    bibtex = (
        f"% a comment\n{entry()}% another\n{entry('b', month='13')}"
        f"@x\n{entry('c', month='14')}stray\n"
    )
    messages = [
        "14: error: b: invalid month '13': expected a name or a number from 1 to 12",
        "16: error: invalid BibTeX: '(' or '{' expected at '@x'",
        "22: error: c: invalid month '14': expected a name or a number from 1 to 12",
        "24: hint: 'stray' is outside of any entry",
    ]
    files = [(bibtex.replace("\n", end), messages) for end in ("\n", "\r\n", "\r")]
    assert differences(found, files) == []


def test_errors_after_a_syntax_error_are_found() -> None:
    bibtex = (
        entry("one", title="{never closed", url="{https://a.example/@b{c}")
        + entry("two", year="MMXX", month="13")
        + "stray\nand more\n"
        + entry("three", month="13").replace("},\n  eventtitle", "}\n  eventtitle")
        + "@misc{four, title = {x}}\n"
        + entry("two", venu="{x}")
        + entry("five")
    )
    lines = bibtex.split("\n")

    def at(text: str, message: str, nth: int = 0) -> str:
        return f"{[line for line, it in enumerate(lines, 1) if text in it][nth]}: {message}"

    assert found(bibtex) == [
        at("{one", f"error: {UNCLOSED}"),
        at("{two", f"error: two: {NO_DATE}"),
        at(
            "MMXX",
            "warning: undefined string 'MMXX', which is empty: put text between braces",
        ),
        at("stray", "hint: 'stray' is outside of any entry"),
        at(
            "PipeCon",
            "error: invalid BibTeX: a comma or '}' expected at 'eventtitle = {PipeCon},'",
            nth=2,
        ),
        at("four", f"error: four: {NO_DATE}"),
        at("{two", "error: two: duplicate key, first used in line 8: choose another", nth=1),
    ]
    assert [each.id for _, each in read_talks(bibtex.encode(), ())[0]] == ["five"]


def test_the_bibtex_to_copy_is_complete_and_has_no_fields_of_this_package() -> None:
    said = {name: f"{{{name}}}" for name in FIELDS} | {"author": "{Example, Ada and Roy*, Bo}"}
    said |= {"url": "{https://a.example/a_b?c&d#e%20}", "file": "{/home/ada/a.pdf}"}
    bib = entry(**said, crossref="{conf}") + "@proceedings{conf, title = {PipeCon}, pages = {1--2}}"
    [written] = read(bib.encode())[0]
    (copied,) = parsed(normalized(written).text(without=OWN)).entries.values()
    expected = {*FIELDS, "pages"} - {*OWN} - {"author"}
    assert {*copied.fields} == expected
    assert {name: copied.fields[name] for name in expected} == {
        name: written.latex(name) for name in expected
    }
    assert list(map(str, copied.persons["author"])) == ["Example, Ada", "Roy*, Bo"]


def parsed(bibtex: str) -> BibliographyData:
    """Parse with pybtex alone; its warnings are errors."""
    return Parser("utf-8").parse_string(bibtex)


# -- Any content --------------------------------------------------------------

# Characters and words with a meaning in BibTeX, LaTeX, Markdown or HTML, and any others.
signs = st.sampled_from([*"\\%$#&~_^-'`@,=()<>[]*:; \n\r\t", "--", " and ", r"\url", r"\{\}"])
macros = st.sampled_from(
    [r"\emph{", r"\href{https://a.example/}{", r"\href{", r"\url{", r"\bf ", r"\'", r"\"{", "$",
     "$$", r"\sqrt{", r"\frac{", "^{", r"\begin{itemize}", r"\end{itemize}", r"\[", r"\verb|",
     r"\foo["]
)  # fmt: skip
words = st.lists(signs | macros | st.sampled_from("aB1é日}"), min_size=1).map("".join)
once = st.builds("{}{{{}}}{}".format, words, words, words)
nested = words | once | st.builds("{}{{{}}}{}".format, once, once, once)
anything = st.lists(signs | st.sampled_from('{}"\x00') | st.characters(codec="utf-8")).map("".join)
fields = st.one_of(
    st.tuples(st.sampled_from(FIELDS), nested),
    st.tuples(st.sampled_from(ADDRESSES), st.just("https://a.example/?b=%20&c#d_e~")),
    st.tuples(st.sampled_from(conversion.DATES), st.text("0123456789-/.~?XTZjan ", max_size=12)),
    st.tuples(st.sampled_from([*FIELDS, "crossref", "xdata", "file"]), anything),
    st.tuples(st.sampled_from(["crossref", "xdata"]), st.sampled_from(["b", "c,d", "organ-pipes"])),
)
entries = st.builds(
    lambda key, type_, fields: entry(
        key, type_, **{name: f"{{{value}}}" for name, value in fields}
    ),
    st.sampled_from(["organ-pipes", "b", "C:d", "d", "2", "B", "日"]),
    st.sampled_from(["misc", "unpublished", "xdata", "proceedings", "a"]),
    st.lists(fields, max_size=3),
)
files = st.lists(entries | words.map("%{}".format), max_size=3).map("\n".join)


def assert_found_or_read(content: bytes) -> None:
    """Assert that each entry is a complete talk, or that there is an error at a line."""
    made, messages = read_talks(content, ())
    lines = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").count("\n")
    assert all(1 <= message.line <= lines + 1 and message.text for message in messages)
    assert messages == sorted(messages, key=lambda message: message.line)
    if not made:
        kept, _ = read(content)
        assert not kept or any(message.level is Level.ERROR for message in messages)
    for raw, each in made:
        assert each.title
        assert each.period
        assert all(each.speakers)
        assert each.format in {"", *FORMATS}
        assert not any(run.target and "://" not in run.target for run in each.summary)
        assert parsed(normalized(raw).text()).entries


@settings(deadline=None, max_examples=200)
@given(files)
def test_any_file_has_errors_or_its_talks_are_read(bibtex: str) -> None:
    assert_found_or_read(bibtex.encode())


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_a_valid_file_with_any_edit_has_errors_or_is_read(data: st.DataObject) -> None:
    bibtex = entry(url="{https://a.example/}", month="may") + entry("b", title=r'"{\"o}"')
    start = data.draw(st.integers(0, len(bibtex)))
    end = data.draw(st.integers(start, min(start + 9, len(bibtex))))
    assert_found_or_read((bibtex[:start] + data.draw(anything) + bibtex[end:]).encode())


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_read(content: bytes) -> None:
    assert_found_or_read(content)


@settings(deadline=None, max_examples=300)
@given(nested | anything)
def test_any_latex_is_text(latex: str) -> None:
    runs, remarks = rich_text(latex)
    text = plain(runs)
    assert text == text.strip(" ")
    assert "  " not in text
    assert all(run.text for run in runs)
    lines = latex.count("\n")
    assert all(0 <= remark.lines <= lines for remark in remarks)
    # No letter is lost, beside those of macros and formulas.
    if not any(sign in latex for sign in "\\$"):
        assert [it for it in text if it.isalnum()] == [it for it in latex if it.isalnum()]
