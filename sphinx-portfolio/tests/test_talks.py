"""Talks: BibTeX is checked, read, listed and cited, and its fields are plain text."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import urlsplit

import pybtex.errors
import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database.input.bibtex import Parser
from sphinx.application import Sphinx
from sphinx.errors import ConfigError, SphinxError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sphinx_portfolio.bibtex.listing import bibtex
from sphinx_portfolio.bibtex.parser import (
    ADDRESSES,
    FIELDS,
    NO_TALKS,
    TEXTS,
    check,
    month,
    people,
    talk_date,
    text,
)
from sphinx_portfolio.bibtex.talks import entry_lines, read
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.exports import EXPORTS
from sphinx_portfolio.model import Date, Period, Portfolio, RecordError, Talk
from sphinx_portfolio.views.talks import row
from support import one

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from pybtex.database import BibliographyData
    from sphinx.testing.util import SphinxTestApp

    Build = Callable[..., "Site"]

T = TypeVar("T")
R = TypeVar("R")
OUTSIDE = "is outside of any entry: remove it, or begin it with %"
UNCLOSED = "this entry is not closed: add the missing brace or quote"
NAMES = "expected Last, First and Last, First, all speakers"
NO_DATE = "the date is missing: add eventdate = {YYYY-MM-DD}, or year = {YYYY}"
USER = "remove the user name and password before the @"
HOST = "the host or port is invalid"
FOREIGN = "is not allowed: copy the address from a browser"
NO_ENTRY = f"the file has no entry: {NO_TALKS}"
COMPLETE = {
    "author": "{Example, Ada}",
    "title": "{Organ Pipes}",
    "eventtitle": "{PipeCon}",
    "year": "2021",
}


def entry(key: str = "organ-pipes", /, **fields: str | None) -> str:
    """Return a complete entry with these fields changed, or removed by None."""
    written = [f"  {name} = {value}," for name, value in (COMPLETE | fields).items() if value]
    return "\n".join([f"@unpublished{{{key},", *written, "}", ""])


def found(bibtex: str | bytes) -> list[str]:
    """Return the findings of a file, as `line: message`."""
    content = bibtex.encode() if isinstance(bibtex, str) else bibtex
    return [f"{finding.line}: {finding.message}" for finding in check(content)]


def parse(bibtex: str) -> BibliographyData:
    """Parse as sphinxcontrib-bibtex does; pybtex's warnings are errors, as they are there."""
    assert pybtex.errors.strict
    return Parser("utf-8-sig").parse_stream(io.StringIO(bibtex, newline=None))


def talk(bibtex: str, *topics: str) -> Talk:
    """Return the one talk of a valid file."""
    assert found(bibtex) == []
    (parsed,) = parse(bibtex).entries.values()
    return read(parsed, topics, docname="talks/index", source="talks.bib", line=1)


def differences(function: Callable[[T], R], expected: Iterable[tuple[T, R]]) -> list[str]:
    """Return the arguments for which a function returns something else than expected."""
    results = [(argument, function(argument), result) for argument, result in expected]
    return [
        f"{argument!r}: {found!r}, expected {result!r}"
        for argument, found, result in results
        if found != result
    ]


# -- Values of fields ---------------------------------------------------------


def test_months_are_numbers_or_names() -> None:
    ninth = ("9", "09", "sep", "Sep.", " SEPT ", "September")
    assert differences(month, [*((text, 9) for text in ninth), ("12", 12)]) == []


def error(text: str) -> str:
    """Return why a text is not a month."""
    try:
        return f"no error: {month(text)}"
    except RecordError as problem:
        return str(problem)


def test_invalid_months() -> None:
    texts = ["", "0", "00", "13", "-1", "³", "9" * 5000, "s", "ma", "septum"]
    message = "expected a number from 1 to 12"
    assert (
        differences(error, [(text, f"invalid month {text!r}: {message}") for text in texts]) == []
    )


def test_a_talk_is_dated_by_its_event_or_by_year_and_month() -> None:
    dates: list[tuple[dict[str, str], Date]] = [
        ({"year": "2021"}, Date(2021)),
        ({"year": "2021", "month": "sep"}, Date(2021, 9)),
        ({"year": "2021", "month": ""}, Date(2021)),
        ({"eventdate": "2021-09-03"}, Date(2021, 9, 3)),
        ({"eventdate": "", "year": "2021"}, Date(2021)),
    ]
    assert differences(talk_date, dates) == []


def test_latex_becomes_plain_text() -> None:
    fields = [
        ("{Organ} {{P}ipes}", "Organ Pipes"),
        (r"Life of interface\{\}", "Life of interface{}"),
        (r"Three \textbackslash{} four", "Three \\ four"),
        (r"K\"onig, {\"o}, \'{e}, \ss{}x", "König, ö, é, ßx"),
        ("König, 日本, شبكة", "König, 日本, شبكة"),
        ("1--2 --- ``so''", "1–2 — “so”"),
        ("Go~1", "Go\xa01"),
        ("100% of it", "100% of it"),
        (r"100\% of \$5 \& \#1 a\_b", "100% of $5 & #1 a_b"),
        (r"x\\% y", r"x\\% y"),
        ("$x^2$ & a_b #1 ^", "$x^2$ & a_b #1 ^"),
        (r"\unknown{x} \par y", r"\unknown x y"),
        ('"Quoted" <b>bold</b> *x* `y` [z](u) {{w}}', '"Quoted" <b>bold</b> *x* `y` [z](u) w'),
        ("{", ""),
        ("  ", ""),
    ]
    assert differences(text, fields) == []


def test_names_begin_with_the_first_name() -> None:
    names = r"Roy, Raghav and Jivrajani, Madhav AND {Barnes and Noble} and Metin And"
    assert people(names) == ("Raghav Roy", "Madhav Jivrajani", "Barnes and Noble", "Metin And")
    assert people(r"van der K{\"o}nig, Jr., A. and 山田 太郎") == (
        "A. van der König Jr.",
        "山田 太郎",
    )


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
    )
    made = talk(bibtex, "acoustics")
    assert made == Talk(
        id="organ-pipes",
        title="Organ Pipes: Loud",
        docname="talks/index",
        period=Period(Date(2021, 9), Date(2021, 9)),
        skills=("go",),
        topics=("acoustics",),
        cites=("wind-chest",),
        speakers=("Raghav Roy", "Ada Example"),
        event="PipeCon",
        venue="Ghent",
        url="https://a.example/x%20y?a=b&c=d#e_f~g",
        video="https://b.example/",
        abstract="All of it",
        shorttitle="Loud",
    )
    assert made.place == "talks.bib:1"


# -- Errors -------------------------------------------------------------------


def test_a_valid_file_has_no_finding_and_is_read_without_warning() -> None:
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
        "parentheses": entry().replace("d{", "d(").replace("\n}", "\n)"),
        "capitals": entry(TITLE="{x}", title=None).replace("@unp", "@UNP"),
        "month by name": entry(month="Sep"),
        "month joined": entry(month='"9" # ""'),
        "eventdate": entry(year=None, eventdate="{2021-09-03}"),
        "far in the future": entry(year="9999"),
        "empty fields": entry(url="{}", video='""', keywords="{,}", month="{}"),
        "deep braces": entry(title="{" * 99 + "x" + "}" * 99),
        "long": entry(title=f"{{{'long ' * 5000}}}"),
    }
    assert {name: findings for name, bibtex in files.items() if (findings := found(bibtex))} == {}
    for file in files.values():
        assert_found_or_read(file.encode())


def test_errors_of_files_have_line_and_remedy() -> None:
    files: list[tuple[str | bytes, list[str]]] = [
        ("", [f"1: {NO_ENTRY}"]),
        ("% only\n\n", [f"1: {NO_ENTRY}"]),
        ("@string{a = {b}}", [f"1: {NO_ENTRY}"]),
        ("\n <html>\n</html>", [f"2: '<html>' {OUTSIDE}"]),
        (b"\n\n\xe9", ["3: the byte 0xe9 is not UTF-8: save the file as UTF-8"]),
        (b"\xef\xbb\xbf\n\xff", ["2: the byte 0xff is not UTF-8: save the file as UTF-8"]),
        (entry() + "unpublished{b,\n}\n", [f"7: 'unpublished{{b,' {OUTSIDE}"]),
        (
            entry(title="{a}}"),
            [
                "1: organ-pipes: eventtitle is missing: add eventtitle = {…}",
                f"1: organ-pipes: {NO_DATE}",
                f"3: ',' {OUTSIDE}",
            ],
        ),
        (
            entry().replace("},\n  ev", "}\n  ev"),
            ["4: invalid BibTeX: a comma or '}' expected at 'eventtitle = {PipeCon},'"],
        ),
        (entry(title="{a"), [f"1: {UNCLOSED}"]),
        (entry(title='"a'), ["6: invalid BibTeX: unbalanced braces at '}'"]),
        (
            '@unpublished{a, title="',
            [f"1: {UNCLOSED}"],
        ),
        ("@unpublished{}", ["1: invalid BibTeX: entry key expected at '@unpublished{}'"]),
        (
            "% write to me@home.example\n" + entry(),
            ["1: invalid BibTeX: '(' or '{' expected at '% write to me@home.example'"],
        ),
        (entry(month="sept"), ["6: undefined string 'sept': put text between braces"]),
        (
            entry(title="{" * 200 + "}" * 200),
            [f"3: invalid BibTeX: too many nested braces at 'title = {'{' * 32}'"],
        ),
        (
            entry() + entry("b") + entry("Organ-Pipes"),
            [
                "13: Organ-Pipes: invalid id 'Organ-Pipes': use lower-case words with hyphens, "
                "beginning with a letter",
                "13: Organ-Pipes: duplicate key, first used in line 1: choose another",
            ],
        ),
        (
            entry().replace("@un", "@"),
            ["1: organ-pipes: invalid type @published: expected @unpublished"],
        ),
    ]
    assert differences(found, files) == []


def test_errors_of_entries_have_line_and_remedy() -> None:
    faults: list[tuple[Mapping[str, str | None], list[str]]] = [
        ({"author": None}, ["author is missing: add author = {…}"]),
        ({"title": "{{ }}"}, ["title is missing: add title = {…}"]),
        ({"eventtitle": "{~}"}, ["eventtitle is missing: add eventtitle = {…}"]),
        (
            {"year": None, "month": "5"},
            [NO_DATE],
        ),
        ({"year": "0000"}, ["invalid date '0000': write YYYY, YYYY-MM or YYYY-MM-DD"]),
        ({"year": "{2021-05}"}, ["invalid year '2021-05': expected YYYY"]),
        ({"month": "13"}, ["invalid month '13': expected a number from 1 to 12"]),
        (
            {"eventdate": "{soon}", "year": None},
            ["invalid date 'soon': write YYYY, YYYY-MM or YYYY-MM-DD"],
        ),
        (
            {"eventdate": "{2021-05-06}", "month": "5"},
            [
                "year is given beside eventdate: remove it",
                "month is given beside eventdate: remove it",
            ],
        ),
        ({"Title": "{x}"}, ["title is given 2 times: keep one"]),
        ({"vidoe": "{x}"}, ["unknown field 'vidoe': did you mean 'video'?"]),
        (
            {"evenntdate": "{2021-05-06}"},
            ["unknown field 'evenntdate': did you mean 'eventdate'?"],
        ),
        ({"crossref": "{x}"}, ["unknown field 'crossref'"]),
        ({"author": "{Roy, Raghav and others}"}, [f"author: invalid name 'others': {NAMES}"]),
        ({"author": "{Roy, Raghav and}"}, [f"author: invalid name 'Raghav and Roy': {NAMES}"]),
        ({"author": "{Roy and , and Bo}"}, [f"author: invalid name '': {NAMES}"]),
        (
            {"author": "{Roy, Raghav, Bo, Ada}"},
            [
                "author: Too many commas in 'Roy, Raghav, Bo, Ada': "
                "expected Last, First and Last, First"
            ],
        ),
        (
            {"venue": "{a\\}"},
            [r"venue: 'a\\' ends with a backslash: write \textbackslash for the character"],
        ),
        (
            {"url": "{javascript:alert(1)}"},
            ["url: invalid URL 'javascript:alert(1)': expected https://… or http://…"],
        ),
        ({"slides": "{https://}"}, ["slides: invalid URL 'https://': it has no host"]),
        *(
            (
                {"paper": f"{{https://a.example/{sign}b}}"},
                [f"paper: invalid URL {f'https://a.example/{sign}b'!r}: {sign!r} {FOREIGN}"],
            )
            for sign in '\\ "<>'
        ),
        (
            {"code": "{https://{a}.example/\n  b}"},
            [f"code: invalid URL 'https://{{a}}.example/ b': '{{' {FOREIGN}"],
        ),
    ]
    files = [
        (
            entry("first") + entry(**fields),
            [f"7: organ-pipes: {finding}" for finding in findings],
        )
        for fields, findings in faults
    ]
    assert differences(found, files) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("a\x00b", "U+0000", id="control"),
        pytest.param("a\u202etxt.exe", "U+202E", id="direction override"),
        pytest.param("a\u2066b", "U+2066", id="unclosed isolate"),
        pytest.param("a\u2066b\n  c", "U+2066", id="unclosed isolate of several lines"),
        pytest.param("a\x01b", "U+0001", id="what stands for a brace"),
        pytest.param("a\x1cb", "U+001C", id="a control that is white space"),
    ],
)
@pytest.mark.parametrize("field", ["author", "title", "eventtitle", "venue", "abstract", "url"])
def test_characters_that_cannot_be_shown_are_refused(field: str, text: str, code: str) -> None:
    start = "https://a.example/" if field == "url" else ""
    findings = found(entry(**{field: f"{{{start}{text}}}"}))
    message = rf"1: organ-pipes: {field}: the character {re.escape(code)} .* remove it"
    assert any(re.fullmatch(message, finding) for finding in findings), findings


def test_the_isolates_of_each_field_are_closed_in_it() -> None:
    assert found(entry(title="{a \u2066b\n  c\u2069 d}")) == []
    assert found(entry(title="{a\u2066}", venue="{b\u2069}")) != []
    assert found(entry(title="{a\u2066}").replace("\n", " ") + entry("b")) != []


@pytest.mark.parametrize("field", ADDRESSES)
@pytest.mark.parametrize(
    ("url", "fault"),
    [
        pytest.param("https://me:secret@a.example/", USER, id="credentials"),
        pytest.param("https://a.example@evil.example/", USER, id="host as user"),
        pytest.param("https://a.example%2F@evil.example/", USER, id="host and slash as user"),
        pytest.param("https://@evil.example/", USER, id="empty user"),
        pytest.param("https://a.example:70000/", HOST, id="port too high"),
        pytest.param("https://a.example:x/", HOST, id="port without number"),
        pytest.param("https://[/", HOST, id="half an address"),
        pytest.param("https:/evil.example/", "expected https://… or http://…", id="slash"),
    ],
)
def test_misleading_addresses_are_refused(field: str, url: str, fault: str) -> None:
    assert found(entry(**{field: f"{{{url}}}"})) == [
        f"1: organ-pipes: {field}: invalid URL {url!r}: {fault}"
    ]


def test_all_line_endings_count() -> None:
    bibtex = (
        f"% a comment\n{entry()}% another\n{entry('b', month='13')}"
        f"@x\n{entry('c', month='14')}stray\n"
    )
    findings = [
        "9: b: invalid month '13': expected a number from 1 to 12",
        "16: invalid BibTeX: '(' or '{' expected at '@x'",
        "17: c: invalid month '14': expected a number from 1 to 12",
        f"24: 'stray' {OUTSIDE}",
    ]
    files = [(bibtex.replace("\n", end), findings) for end in ("\n", "\r\n", "\r")]
    assert differences(found, files) == []


def test_errors_after_a_syntax_error_are_found() -> None:
    bibtex = (
        entry("one", title="{never closed", url="{https://a.example/@b{c}")
        + entry("two", year="MMXX", month="13")
        + "stray\nand more\n"
        + entry("three", month="13").replace("},\n  eventtitle", "}\n  eventtitle")
        + "@misc{four, title = {x}}\n"
        + entry("two", video="{ftp://a.example/}", venu="{x}")
    )
    lines = bibtex.split("\n")

    def at(text: str, message: str, nth: int = 0) -> str:
        return f"{[line for line, it in enumerate(lines, 1) if text in it][nth]}: {message}"

    assert found(bibtex) == [
        at("{one", UNCLOSED),
        at(
            "{two",
            f"two: {NO_DATE}",
        ),
        at("MMXX", "undefined string 'MMXX': put text between braces"),
        at("stray", f"'stray' {OUTSIDE}"),
        at(
            "PipeCon",
            "invalid BibTeX: a comma or '}' expected at 'eventtitle = {PipeCon},'",
            nth=2,
        ),
        at("four", "four: invalid type @misc: expected @unpublished"),
        at("{two", "two: unknown field 'venu': did you mean 'venue'?", nth=1),
        at(
            "{two",
            "two: video: invalid URL 'ftp://a.example/': expected https://… or http://…",
            nth=1,
        ),
        at("{two", "two: duplicate key, first used in line 8: choose another", nth=1),
    ]


def test_the_bibtex_to_copy_has_no_fields_of_this_package() -> None:
    said = {name: f"{{{name}}}" for name in FIELDS} | {"author": "{Example, Ada and Roy, Bo}"}
    said["url"] = "{https://a.example/a_b?c&d#e%20}"
    (written,) = parse(entry(**said)).entries.values()
    shown = bibtex(written)
    assert shown.startswith("@unpublished{organ-pipes,\n  author = {Example, Ada and Roy, Bo},\n")
    (copied,) = parse(shown).entries.values()
    assert copied.persons == written.persons
    ours = {"audience", "keywords", "related", "selected", "shorttitle"}
    expected = {name: text for name, text in written.fields.items() if name not in ours}
    assert dict(copied.fields) == expected
    assert expected.keys() == {*FIELDS} - ours - {"author"}


# -- Any content --------------------------------------------------------------

# Characters and words with a meaning in BibTeX, LaTeX, Markdown or HTML, and any others.
signs = st.sampled_from([*"\\%$#&~_^-'`@,=()<>[]*:; \n\r\t", "--", " and ", r"\url", r"\{\}"])
words = st.lists(signs | st.sampled_from("aB1é日"), min_size=1).map("".join)
nested = st.recursive(words, lambda inner: st.builds("{}{{{}}}{}".format, inner, inner, inner))
anything = st.lists(signs | st.sampled_from('{}"\x00') | st.characters(codec="utf-8")).map("".join)
fields = st.one_of(
    st.tuples(st.sampled_from(TEXTS), nested),
    st.tuples(st.sampled_from(ADDRESSES), st.just("https://a.example/?b=%20&c#d_e~")),
    st.tuples(st.sampled_from([*FIELDS, "crossref"]), anything),
)
entries = st.builds(
    lambda key, fields: entry(key, **{name: f"{{{value}}}" for name, value in fields}),
    st.sampled_from(["organ-pipes", "b", "c", "d", "e", "B"]),
    st.lists(fields, max_size=3),
)
files = st.lists(entries | words.map("%{}".format), max_size=3).map("\n".join)


def assert_found_or_read(content: bytes) -> None:
    """Assert that a file has findings at its lines, or is read and listed as talks."""
    findings = check(content)
    lines = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").count("\n")
    assert all(1 <= finding.line <= lines + 1 for finding in findings)
    assert findings == sorted(findings, key=lambda finding: finding.line)
    if findings:
        assert all(finding.message for finding in findings)
        return
    parsed = parse(content.decode("utf-8-sig")).entries
    assert parsed
    for each in parsed.values():
        made = read(each, (), docname="d")
        assert made.title
        assert made.event
        assert all(made.speakers)
        assert made.period
        addresses = [made.video, made.slides, made.code, made.paper, made.url]
        host = (urlsplit(made.video).hostname or "").removeprefix("www.")
        labels = [f"video on {host}", "slides", "code", "paper", "event page"]
        links = [label for label, url in zip(labels, addresses, strict=True) if url]
        separator = ", " if made.period.start.month else " "
        line = f"{made.event}{separator}{made.period.text}"
        line += f", {made.venue}" if made.venue else ""
        said = [" ".join(line.astext().split()) for line in row(made, nodes.Text(made.title))]
        wanted = (made.title, line, " ".join(links))
        assert said == [" ".join(it.split()) for it in wanted if it]


@settings(deadline=None, max_examples=150)
@given(files)
def test_any_file_has_findings_or_its_talks_are_read_and_listed(bibtex: str) -> None:
    assert_found_or_read(bibtex.encode())


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_valid_file_with_any_edit_has_findings_or_is_read(data: st.DataObject) -> None:
    bibtex = entry(url="{https://a.example/}", month="may") + entry("b", title=r'"{\"o}"')
    start = data.draw(st.integers(0, len(bibtex)))
    end = data.draw(st.integers(start, min(start + 9, len(bibtex))))
    assert_found_or_read((bibtex[:start] + data.draw(anything) + bibtex[end:]).encode())


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_have_findings(content: bytes) -> None:
    assert_found_or_read(content)


@settings(deadline=None)
@given(nested | anything)
def test_any_latex_is_text_or_an_error(latex: str) -> None:
    try:
        assert text(latex) == text(latex).strip(" ")
    except RecordError as error:
        assert " ends with a backslash: " in str(error)


def test_the_line_of_an_entry_is_its_first(tmp_path: Path) -> None:
    path = tmp_path / "talks.bib"
    trap = entry("trap", abstract="{\n@unpublished{b,\n}}")
    path.write_text(f'@string{{b = "x"}}\n{trap}\n  {entry("b")}', encoding="utf-8-sig")
    assert entry_lines(path) == {"trap": 2, "b": 12}


# -- On the site --------------------------------------------------------------


class Site(NamedTuple):
    """A build and its warnings, without colors and the source folder."""

    app: Sphinx
    warnings: list[str]

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
            app = make_app(builder, srcdir=source, warning=warning)
            app.build()
            app.cleanup()
        return Site(app, messages(warning, source))

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


@pytest.mark.parametrize(
    ("bibtex", "end", "errors"),
    [
        pytest.param(
            entry("a", month="13") + entry("a") + "100% stray\n" + entry("b", title="{x"),
            "4 errors in BibTeX files of talks, see above",
            [
                "1: ERROR: a: invalid month '13': expected a number from 1 to 12",
                "8: ERROR: a: duplicate key, first used in line 1: choose another",
                f"14: ERROR: '100% stray' {OUTSIDE}",
                f"15: ERROR: {UNCLOSED}",
            ],
            id="faults",
        ),
        pytest.param(
            "",
            "1 error in BibTeX files of talks, see above",
            [f"1: ERROR: {NO_ENTRY}"],
            id="empty",
        ),
    ],
)
def test_errors_of_a_file_end_the_build_before_it_is_read(
    source: Path, make_app: Callable[..., SphinxTestApp], bibtex: str, end: str, errors: list[str]
) -> None:
    (source / "talks" / "talks.bib").write_text(bibtex, encoding="utf-8")
    warning = io.StringIO()
    with pytest.raises(SphinxError, match=f"^{re.escape(end)}$"):
        make_app("html", srcdir=source, warning=warning)
    assert messages(warning, source) == [f"talks/talks.bib:{error} [portfolio]" for error in errors]


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


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "empty"])
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
    elif kind == "empty":
        path.touch()
    conf = (source / "conf.py").read_text("utf-8").replace("bibtex_bibfiles", named_by)
    (source / "conf.py").write_text(conf, encoding="utf-8")
    warning = io.StringIO()
    with time_limit(20), pytest.raises(SphinxError) as caught:
        make_app("html", srcdir=source, warning=warning)
    if kind == "empty":
        assert messages(warning, source) == [f"talks/talks.bib:1: ERROR: {NO_ENTRY} [portfolio]"]
    else:
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


MARKUP = r'<b>"x"</b> *y* `z` [w](v) ${{ a }} {{{cite}}}`k` &amp; <script>alert(1)</script> \url'
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
    assert one(item, "dd.portfolio-fact-speakers p").get_text() == f"Ada, {shown}"
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


def test_a_note_is_on_the_page_and_in_no_export(build: Build) -> None:
    bibtex = entry(abstract="{An abstract}", note=r"{A {\'e}tude, twice}")
    site = build({"talks/talks.bib": bibtex + entry("quiet-fans")})
    assert site.warnings == []
    item = one(site.page("talks/index"), "#organ-pipes")
    found = [each.get_text() for each in item.select(".portfolio-about")]
    assert found == ["An abstract", "A étude, twice"]
    assert one(item, "details pre").get_text().count("tude, twice") == 1
    made = site.portfolio.by_id["organ-pipes"]
    assert isinstance(made, Talk)
    assert made.note == "A étude, twice"
    assert made.note in made.texts
    for export in EXPORTS:
        if not export.library:
            written = export.make(site.portfolio).decode()
            assert "An abstract" in written, export.name
            assert "tude, twice" not in written, export.name


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
    with (
        patch_docutils(tmp_path),
        docutils_namespace(),
        pytest.raises(SphinxError, match=r"^1 error in BibTeX files of talks, see above$"),
    ):
        Sphinx(source, tmp_path, out, out, "html", status=None, warning=warning)
    assert messages(warning, source) == [
        "talks/a.bib:1: ERROR: organ-pipes: invalid month '13': expected a number from 1 to 12 "
        "[portfolio]"
    ]
