"""Talks on a site: listed and cited, their faults reported, their fields text."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.errors import ConfigError, SphinxError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.exports import EXPORTS
from sphinx_portfolio.model import Date, Period, Portfolio, Talk, plain
from support import NO_TALKS, entry, one

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    Build = Callable[..., "Site"]

NO_DATE = "the date is missing: add date = {YYYY-MM-DD}, or year = {YYYY}"
NO_ENTRY = f"the file has no entry: {NO_TALKS}"
MONTH = "invalid month '13': expected a name or a number from 1 to 12"


class Site(NamedTuple):
    """A build, its warnings without colors and the source folder, and its other messages."""

    app: Sphinx
    warnings: list[str]
    status: str

    def page(self, name: str) -> BeautifulSoup:
        """Return a page as a browser parses it."""
        return BeautifulSoup((self.app.outdir / f"{name}.html").read_text("utf-8"), "html5lib")

    @property
    def portfolio(self) -> Portfolio:
        """The records of the build."""
        return portfolio_domain(self.app.env).portfolio


def messages(warning: io.StringIO, source: Path) -> list[str]:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", warning.getvalue())
    return plain.replace(f"{source}/", "").splitlines()


INDEX = "# Ada\n\n```{toctree}\ntalks/index\ntools\n```\n"


@pytest.fixture
def source(tmp_path: Path, rootdir: Path) -> Path:
    return shutil.copytree(rootdir / "test-talks", tmp_path / "source")


@pytest.fixture
def build(source: Path, make_app: Callable[..., SphinxTestApp]) -> Build:
    def make(files: dict[str, str] | None = None, conf: str = "", builder: str = "html") -> Site:
        conf = (source / "conf.py").read_text("utf-8") + conf
        for name, content in ({"conf.py": conf} | (files or {})).items():
            (source / name).write_text(textwrap.dedent(content), encoding="utf-8")
        warning = io.StringIO()
        with patch_docutils(source):
            status = io.StringIO()
            app = make_app(builder, srcdir=source, status=status, warning=warning)
            app.build()
            app.cleanup()
        return Site(app, messages(warning, source), status.getvalue())

    return make


def test_a_valid_file_gives_a_list_of_talks(build: Build) -> None:
    site = build()
    assert site.warnings == []
    items = site.page("talks/index").select("ol > li")
    assert [item["id"] for item in items] == ["quiet-fans", "organ-pipes"]
    assert [line.get_text() for line in items[1].select(":scope > :is(h2, p)")] == [
        "Organ Pipes In Go",
        "PipeCon, May 2021, Ghent, Belgium",
        "video on video.example event page",
    ]
    links = items[1].select(".portfolio-links a")
    assert [(link["href"], link["aria-label"]) for link in links] == [
        ("https://video.example/organ", "Video on video.example: Organ Pipes In Go"),
        ("https://pipes.example/a%20b?c=d&e=f~g#h_i", "Event page: Organ Pipes In Go"),
    ]
    made = site.portfolio.by_id["organ-pipes"]
    assert isinstance(made, Talk)
    assert (made.docname, made.skills, made.topics) == ("talks/index", ("go",), ("acoustics",))
    assert made.place == f"{site.app.srcdir / 'talks' / 'talks.bib'}:3"


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "[::1]", "10.0.0.1", "192.168.1.1", "169.254.0.1", "a.local"]
)
def test_a_private_host_is_reported(build: Build, host: str) -> None:
    url = f"http://{host}:8000/"
    bibtex = entry(title="{Go}", keywords="{go}", slides=f"{{{url}}}") + entry("quiet-fans")
    assert build({"talks/talks.bib": bibtex}).warnings == [
        f"talks/talks.bib:1: WARNING: organ-pipes: {url} is on a private network: "
        "use a public address [portfolio.address]"
    ]


AUTHORS = r"{{\"O}zg{\"u}r, Ay{\c s}e and Bo {\_} \& Co}"


def test_other_roles_of_citations_lead_to_the_talk(build: Build) -> None:
    roles = ("author", "year", "label", "authorpar", "ct")
    index = " ".join(f"{{cite:{role}}}`organ-pipes`" for role in roles)
    files = {
        "index.md": INDEX.replace("\n", f"\n\n{index}\n", 1),
        "talks/talks.bib": entry(author=AUTHORS) + entry("quiet-fans"),
    }
    site = build(files)
    assert site.warnings == []
    links = site.page("index").select(".bibtex-citation a")
    assert [link["href"] for link in links] == ["talks/index.html#organ-pipes"] * len(roles)
    assert one(site.page("talks/index"), "#organ-pipes")
    assert links[0].get_text().startswith("Özgür and ")

    site = build(files, builder="latex")
    assert site.warnings == []
    [latex] = site.app.outdir.glob("*.tex")
    tex = latex.read_text("utf-8")
    targets = re.findall(r"\\hypertarget\{(.*?)\}", tex)
    assert targets == ["cite.talks/index:organ-pipes", "cite.talks/index:quiet-fans"]
    assert re.findall(r"\\hyperlink\{(.*?)\}", tex) == targets[:1] * len(roles)


def test_cite_and_talk_lead_to_the_same_place(build: Build) -> None:
    links = [str(link["href"]) for link in build().page("index").select("p a.internal")]
    assert links == ["talks/index.html#organ-pipes"] * 2


def test_a_related_project_shows_its_talks(build: Build) -> None:
    page = build().page("tools")
    assert one(page, "#wind-chest dt:nth-of-type(2)").get_text().strip() == "Talks:"
    link = one(page, "#wind-chest dd:nth-of-type(2) a")
    assert (link.get_text(), link["href"]) == ("Organ Pipes In Go", "talks/index.html#organ-pipes")


@pytest.mark.parametrize(("day", "upcoming"), [(1927843199, ["quiet-fans"]), (1927843200, [])])
def test_a_talk_is_upcoming_until_its_day_by_source_date_epoch(
    build: Build, monkeypatch: pytest.MonkeyPatch, day: int, upcoming: list[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(day))  # the midnight before 2031-02-03
    portfolio = build().portfolio
    assert [each.id for each in portfolio.of(Talk) if portfolio.is_upcoming(each)] == upcoming


def test_entries_with_errors_are_left_out_and_all_are_reported(build: Build) -> None:
    bibtex = (
        entry("a", month="13")
        + entry("a")
        + "misc{b,\n}\n"
        + entry("c", abstract=r"{\foo{x}}")
        + entry("quiet-fans", vidoe="{x}")
        + entry("organ-pipes", title="{x")
    )
    site = build({"talks/talks.bib": bibtex, "index.md": INDEX})
    place = "talks/talks.bib"
    assert site.warnings == [
        f"{place}:6: ERROR: a: {MONTH} [portfolio.bibtex]",
        f"{place}:8: ERROR: a: duplicate key, first used in line 1: choose another "
        "[portfolio.bibtex]",
        f"{place}:14: WARNING: 'misc{{b,' is outside of any entry, is an @ missing before it? "
        "[portfolio.bibtex]",
        f"{place}:21: WARNING: c: abstract: unknown macro \\foo: its argument stays as text "
        "[portfolio.bibtex]",
        f"{place}:30: ERROR: this entry is not closed: add the missing brace or quote "
        "[portfolio.bibtex]",
    ]
    assert [item["id"] for item in site.page("talks/index").select("ol > li")] == [
        "c",
        "quiet-fans",
    ]
    hint = "talks.bib:28: hint: quiet-fans: unknown field 'vidoe', which is ignored"
    assert hint in site.status


def test_a_file_without_entries_is_an_error(build: Build) -> None:
    site = build({"talks/talks.bib": "", "index.md": INDEX})
    assert site.warnings == [f"talks/talks.bib:1: ERROR: {NO_ENTRY} [portfolio.bibtex]"]


def test_an_address_is_that_of_one_talk(build: Build) -> None:
    files = {
        "talks/a.bib": entry("organ-pipes") + entry("a_b"),
        "talks/b.bib": "\n" + entry("A.B") + entry("Knuth"),
        "other.bib": "@book{Knuth, title = {x}}\n",
        "index.md": INDEX,
        "talks/index.md": "# Talks\n\n```{bibliography} a.bib b.bib\n:all:\n```\n",
    }
    conf = "bibtex_bibfiles = ['other.bib']\nportfolio_talks = ['talks/a.bib', 'talks/b.bib']\n"
    site = build(files, conf)
    first = site.app.srcdir / "talks" / "a.bib"
    assert site.warnings == [
        f"talks/b.bib:2: ERROR: A.B: its address 'a-b' is also that of 'a_b' ({first}:7): "
        "choose another key [portfolio.bibtex]".replace(f"{site.app.srcdir}/", ""),
        "talks/b.bib:8: ERROR: Knuth: duplicate key, also in another BibTeX file: choose another "
        "[portfolio.bibtex]",
    ]
    assert [each.key for each in site.portfolio.of(Talk)] == ["organ-pipes", "a_b"]


def test_any_key_and_type_and_rich_text(build: Build) -> None:
    bibtex = entry(
        "Ames2023_Decoding",
        "inproceedings",
        title=r"{{Scores} \& \emph{Theory}: $O(n^2)$, \textbf{loud}}",
        eventtitle=None,
        booktitle="{PipeCon}",
        abstract=r"{See \href{https://a.example/}{the \emph{paper}} in \texttt{code}.}",
        year="{2023-02-05/2023-03-09}",
        type="{Keynote}",
    )
    cites = "{cite}`Ames2023_Decoding` {cite:t}`Ames2023_Decoding` {talk}`ames2023-decoding`"
    site = build({"talks/talks.bib": bibtex, "index.md": INDEX.replace("\n", f"\n\n{cites}\n", 1)})
    assert site.warnings == []
    title = "Scores & Theory: O(n²), loud"
    item = one(site.page("talks/index"), "#ames2023-decoding")
    assert [part.get_text() for part in item.select(":scope > :is(h2, p)")] == [
        title,
        "PipeCon, Feb. 2023 – Mar. 2023 (keynote)",
        "See the paper in code.",
    ]
    link = one(item, "h2 a")
    assert (one(link, "em").get_text(), one(link, "strong").get_text()) == ("Theory", "loud")
    about = one(item, ".portfolio-about")
    assert one(about, "a[href='https://a.example/'] em").get_text() == "paper"
    assert one(about, "code").get_text() == "code"
    cited = site.page("index").select("p a.internal")
    assert [link["href"] for link in cited] == ["talks/index.html#ames2023-decoding"] * 3
    assert [(link.get_text(), one(link, "em").get_text()) for link in cited] == [
        (title, "Theory")
    ] * 3
    shown = site.page("index").select("p")[0].get_text()
    assert f"{title}, PipeCon, Feb. 2023 – Mar. 2023 (keynote)" in shown
    [talk] = site.portfolio.of(Talk)
    assert talk.period == Period(Date(2023, 2, 5), Date(2023, 3, 9))
    assert one(item, "pre").get_text().startswith("@inproceedings{Ames2023_Decoding,")


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raise TimeoutError if the block takes longer, even if it waits for a pipe."""

    def end(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe"])
@pytest.mark.parametrize("named_by", ["bibtex_bibfiles", "portfolio_talks"])
def test_what_is_not_a_file_with_talks_ends_the_build(
    source: Path, make_app: Callable[..., SphinxTestApp], named_by: str, kind: str
) -> None:
    path = source / "talks" / "talks.bib"
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    conf = (source / "conf.py").read_text("utf-8").replace("bibtex_bibfiles", named_by)
    (source / "conf.py").write_text(conf, encoding="utf-8")
    warning = io.StringIO()
    with time_limit(20), pytest.raises(SphinxError) as caught:
        make_app("html", srcdir=source, warning=warning)
    # Sphinx prints it without a traceback.
    assert isinstance(caught.value, ConfigError)
    fault = "is missing" if kind == "missing" else "is not a file"
    assert str(caught.value) == f"{path} {fault}: {NO_TALKS}"


def test_a_site_without_talks_follows_the_advice(source: Path, build: Build) -> None:
    conf = (source / "conf.py").read_text("utf-8")
    (source / "conf.py").write_text(re.sub("(?m)^bibtex_bibfiles.*$", "", conf), encoding="utf-8")
    (source / "talks" / "talks.bib").unlink()
    pages = {"index.md": INDEX, "talks/index.md": "# Talks\n\n```{talks}\n```\n"}
    site = build(pages)
    assert site.warnings == []
    assert "No talks yet." in site.page("talks/index").get_text()


@pytest.mark.parametrize(
    ("pages", "unlisted"),
    [
        pytest.param(
            {"talks/index.md": "# Talks\n", "index.md": INDEX},
            {3: "organ-pipes", 16: "quiet-fans"},
            id="no bibliography",
        ),
        pytest.param(
            {"talks/index.md": "# Talks\n\n```{bibliography}\n```\n"},
            {16: "quiet-fans"},
            id="a bibliography of what is cited",
        ),
    ],
)
def test_a_talk_that_no_page_lists_is_reported(
    build: Build, pages: dict[str, str], unlisted: dict[int, str]
) -> None:
    assert build(pages).warnings == [
        f"talks/talks.bib:{line}: WARNING: no page lists the talk {key!r}: "
        "add a {bibliography} with :all: to one [portfolio.unlisted]"
        for line, key in unlisted.items()
    ]


def test_an_unknown_keyword_is_reported_with_the_most_similar_one(build: Build) -> None:
    bibtex = entry(
        title="{Pipes In Go}", keywords="{acustics, golang, go}", related="{wind-chests}"
    ) + entry("quiet-fans")
    assert build({"talks/talks.bib": bibtex}).warnings == [
        f"talks/talks.bib:1: WARNING: organ-pipes: no {message} [portfolio.{kind}]"
        for kind, message in (
            ("skill", "skill or topic 'acustics': did you mean 'acoustics'?"),
            ("skill", "skill or topic 'golang': did you mean 'go'?"),
            ("related", "entry 'wind-chests': did you mean 'wind-chest'?"),
        )
    ]


UNPROVEN = (
    "talks/talks.bib:1: WARNING: organ-pipes: the text must have one of 'Go', 'golang' to prove "
    "the skill 'go': remove the skill from the entry, or add a word of the text to the skill's "
    ":aliases: [portfolio.evidence]"
)


@pytest.mark.parametrize(
    ("conf", "warnings"),
    [
        pytest.param("", [UNPROVEN], id="reported"),
        pytest.param("suppress_warnings = ['portfolio.evidence']\n", [], id="suppressed"),
    ],
)
def test_a_keyword_that_is_not_in_the_text_is_reported(
    build: Build, conf: str, warnings: list[str]
) -> None:
    bibtex = {"talks/talks.bib": entry(title="{Pipes}", keywords="{go}") + entry("quiet-fans")}
    assert build(bibtex, conf=conf).warnings == warnings


MARKUP = (
    r'<b>"x"</b> *y* `z` [w](v) ${{ a }} {{{cite}}}`k` &amp; <script>alert(1)</script> '
    r"\textbackslash url"
)
SHOWN = '<b>"x"</b> *y* `z` [w](v) $ a  cite`k` &amp; <script>alert(1)</script> \\url'


def test_markup_in_a_field_is_text(build: Build) -> None:
    fields = dict.fromkeys(("title", "eventtitle", "abstract", "note"), f"{{{MARKUP}}}")
    fields["slides"] = "{https://slides.example/}"
    bibtex = entry(**fields, author=f"{{Ada and {{{MARKUP}}}}}", month="5") + entry("quiet-fans")
    site = build({"talks/talks.bib": bibtex})
    assert site.warnings == []
    shown = " ".join(SHOWN.split())
    item = one(site.page("talks/index"), "#organ-pipes")
    assert [part.get_text() for part in item.select(":scope > :is(h2, p)")] == [
        shown,
        f"{shown}, May 2021",
        "slides",
        shown,
        shown,
    ]
    # The title is a link to the entry itself, and the label of the slides has it, as text.
    links = [(link["href"], link.get("aria-label"), link.get_text()) for link in item.select("a")]
    assert links == [
        ("#organ-pipes", None, shown),
        ("https://slides.example/", f"Slides: {shown}", "slides"),
    ]
    # A mark behind a name is not part of it.
    speaker = shown.replace("*y*", "*y")
    assert one(item, "dd.portfolio-fact-speakers p").get_text() == f"Ada, {speaker}"
    block = {"details", "summary", "div", "pre", "span"}
    assert {tag.name for tag in item.find_all(True)} == {
        "a",
        "h2",
        "p",
        "strong",
        "em",
        "time",
        "dl",
        "dt",
        "dd",
    } | block
    cited, referred = site.page("index").select("p a.internal")
    assert cited.get_text() == referred.get_text() == shown
    assert not site.page("index").select("p script, p b")


def test_a_note_is_on_the_page_and_in_no_cv(build: Build) -> None:
    bibtex = entry(abstract="{An abstract}", note=r"{A {\'e}tude, twice}")
    site = build({"talks/talks.bib": bibtex + entry("quiet-fans")})
    assert site.warnings == []
    item = one(site.page("talks/index"), "#organ-pipes")
    found = [each.get_text() for each in item.select(".portfolio-about")]
    assert found == ["An abstract", "A étude, twice"]
    assert one(item, "details pre").get_text().count("tude, twice") == 1
    made = site.portfolio.by_id["organ-pipes"]
    assert isinstance(made, Talk)
    assert plain(made.note) == "A étude, twice"
    assert plain(made.note) in made.texts
    for export in EXPORTS:
        if export.is_cv and not export.libraries:
            written = export.make(site.portfolio).decode()
            assert "An abstract" in written, export.name
            shown = written.replace('"x_note": "A étude, twice"', "")  # for the importer
            assert "tude, twice" not in shown, export.name


def test_other_bibliographies_are_unchanged(build: Build) -> None:
    site = build(
        {
            "other.bib": """
                @book{Some_Book, author = {Bo, B.}, title = {Pipes}, publisher = {P}, year = 1999}
                @unpublished{draft, author = {Bo, B.}, title = {Draft}, note = {n}}
                @misc{bare, author = {Bo, B.}}
            """,
            "tools.md": """
                # Tools

                {cite}`Some_Book`, {cite}`draft`, {cite:t}`bare`

                ## Wind chest

                ```{project}
                :id: wind-chest
                :start: 2019
                ```

                ## Go

                ```{skill}
                :id: go
                ```

                ## Read

                ```{bibliography} other.bib
                ```
            """,
            "talks/index.md": "# Talks\n\n```{bibliography} talks.bib\n:all:\n```\n",
        },
        conf="bibtex_bibfiles = ['talks/talks.bib', 'other.bib']\n",
    )
    assert site.warnings == []
    assert [each.id for each in site.portfolio.of(Talk)] == [
        "quiet-fans",
        "organ-pipes",
    ]
    links = {link.get_text(): link["href"] for link in site.page("genindex").select("td a")}
    assert links["Organ Pipes In Go (talk)"] == "talks/index.html#organ-pipes"
    assert not any("Draft" in text for text in links)
    tools = site.page("tools")
    cited = [each.get_text() for each in tools.select(".bibtex-citation")]
    assert cited == ["[Bo99]", "[Bob]", "Bo [Boa]"]
    entries = [" ".join(each.get_text().split()) for each in tools.select("div.citation")]
    assert entries == [
        "[Boa] B. Bo.",
        "[Bob] B. Bo. Draft. n.",
        "[Bo99] B. Bo. Pipes. P, 1999.",
    ]


def test_talks_are_checked_if_conf_is_in_another_folder(source: Path, tmp_path: Path) -> None:
    conf = (source / "conf.py").read_text("utf-8").replace("talks/talks.bib", "source/talks/a.bib")
    (tmp_path / "conf.py").write_text(conf)
    (source / "talks" / "a.bib").write_text(entry(month="13"))
    warning, out = io.StringIO(), tmp_path / "out"
    with patch_docutils(tmp_path), docutils_namespace():
        Sphinx(source, tmp_path, out, out, "html", status=None, warning=warning)
    assert messages(warning, source) == [
        f"talks/a.bib:6: ERROR: organ-pipes: {MONTH} [portfolio.bibtex]"
    ]
