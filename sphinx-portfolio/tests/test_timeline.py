"""The timeline: each mark where its date is, no words upon words, and the same as a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from hypothesis import given, settings
from hypothesis import strategies as st
from sphinx.testing.util import SphinxTestApp

from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.model import (
    Award,
    Date,
    Degree,
    Job,
    Period,
    Person,
    Portfolio,
    Project,
    Record,
    Service,
    Skill,
    Talk,
    assemble,
)
from sphinx_portfolio.model.axis import NARROWEST
from sphinx_portfolio.views.timeline import caption, draw, svg
from sphinx_portfolio.views.timeline_svg import TARGET, width, wrap
from sphinx_portfolio.views.view import Context
from support import one
from test_domain import invented

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

BARS: tuple[type[Record], ...] = (Job, Degree, Project)
MARKS: tuple[type[Record], ...] = (Talk, Award, Service)
# What a page has room for on a phone, a tablet and a desk.
WIDTHS = (NARROWEST, 288, 328, 736, 816)
LONG = "The Royal Institute for Very Long Names of Organisations Ltd"
HEBREW = "המכון הטכנולוגי Technion"
NAMES = ("Acme", "gse", LONG, "x" * 60, HEBREW, "東京工業大学情報理工学院", "Ж" * 30, '<"R&D">')


def period(text: str) -> Period:
    """Read `2020`, or `2020-05 2021`, or with `present` as its end."""
    start, _, end = text.partition(" ")
    return Period.parse(start, end or start)


def record(kind: type[Record], dates: str = "2020", **fields: Any) -> Record:
    said: dict[str, Any] = {"id": "x", "title": "X", "docname": "page", "period": period(dates)}
    if kind in {Job, Degree}:
        said["organization"] = "Acme"
    if kind is Talk:
        said |= {"speakers": ("A",), "event": "Conf"}
    return kind(**(said | fields))


def portfolio(*records: Record, today: str = "2024-01-01") -> Portfolio:
    return assemble(Person("A"), Date.parse(today), records)


def addresses(records: Iterable[Record]) -> dict[str, str]:
    return {each.id: f"{each.docname}.html#{each.id}" for each in records}


def parse(*records: Record) -> ET.Element:
    return read(svg(portfolio(*records), addresses(records)))


def read(text: str) -> ET.Element:
    """Parse it as XML: stricter than a browser."""
    return ET.fromstring(text)  # noqa: S314 (our own)


def percent(element: ET.Element, name: str) -> float:
    value = element.get(name, "")
    assert value.endswith("%"), (name, value)
    return float(value[:-1])


def months(element: ET.Element, years: int) -> tuple[float, float]:
    """Return where a rectangle begins and ends, in months of an axis of so many years."""
    start = percent(element, "x") * years * 12 / 100
    return round(start, 3), round(start + percent(element, "width") * years * 12 / 100, 3)


def drawn(element: ET.Element) -> list[ET.Element]:
    """Return the rectangles that show: not the one that is hit."""
    return [each for each in element.iter("rect") if each.get("class") != "portfolio-hit"]


def bars(root: ET.Element) -> list[ET.Element]:
    """Return the links with a label."""
    return [link for link in root.iter("a") if link.find("text") is not None]


def marks(root: ET.Element) -> list[ET.Element]:
    return [group for group in root.iter("g") if "portfolio-mark" in group.get("class", "").split()]


# An axis of 2018 to 2023, of 72 months: where it may have been, and where it surely was.
CASES = {
    "2021-05 2021-08": ((40, 44), (40, 44)),
    "2018-01 2023-12": ((0, 72), (0, 72)),
    "2021-05": ((40, 41), (40, 41)),
    "2021-05-03 2021-05-20": ((40, 41), (40, 41)),
    "2021-08 present": ((43, 72), (43, 72)),
    "2021": ((36, 48), None),
    "2020 2022": ((24, 60), (36, 48)),
    "2020 2021": ((24, 48), None),
    "2020 2021-06": ((24, 42), (36, 42)),
    "2020-06 2021": ((29, 48), (29, 36)),
    "2021-06 2021": ((41, 48), (41, 42)),
    "2021 2021-06": ((36, 42), (41, 42)),
    "2021 present": ((36, 72), (48, 72)),
    "2023 present": ((60, 72), None),
}
ENDS = (
    record(Award, "2018", id="first", title="First"),
    record(Award, "2023-11", id="last", title="Last"),
)


def test_a_bar_is_as_long_as_its_dates() -> None:
    found: dict[tuple[str, str], list[object]] = {}
    expected: dict[tuple[str, str], list[object]] = {}
    for kind, (dates, (may, sure)) in product(BARS, CASES.items()):
        [link] = bars(parse(*ENDS, record(kind, dates)))
        found[kind.kind, dates] = [
            ("portfolio-may" in each.get("class", ""), months(each, 6), each.get("height"))
            for each in drawn(link)
        ]
        thin: list[object] = [(True, may, "4")]
        full: list[object] = [(False, sure, "8")]
        expected[kind.kind, dates] = thin * (may != sure) + full * (sure is not None)
    assert found == expected


def test_a_mark_is_as_wide_as_its_date() -> None:
    found: dict[tuple[str, str], list[object]] = {}
    expected: dict[tuple[str, str], list[object]] = {}
    for kind, (dates, (may, sure)) in product(MARKS, CASES.items()):
        root = parse(*ENDS, record(kind, dates))
        [mark] = [each for each in marks(root) if "X" in each.findtext("title", "")]
        found[kind.kind, dates] = [(months(each, 6), each.get("height")) for each in drawn(mark)]
        thin: list[object] = [(may, "4")]
        full: list[object] = [(sure, "16" if may == sure == (40, 41) else "8")]
        expected[kind.kind, dates] = thin * (may != sure) + full * (sure is not None)
    assert found == expected


def test_the_axis_comes_from_the_content_not_from_the_clock() -> None:
    records = (record(Job, "2019-03 present"), record(Talk, "2021-11", id="t"))
    early, late = (
        svg(portfolio(*records, today=today), addresses(records)) for today in ("2022", "2050")
    )
    assert early == late
    assert 'aria-label="Timeline, 2019 to 2021"' in late
    assert 'aria-label="Timeline, 2019"' in svg(portfolio(records[0]), addresses(records))


def test_what_is_ongoing_ends_in_an_arrow_at_the_end_of_the_axis() -> None:
    root = parse(*ENDS, record(Job, "2021-08 present"), record(Service, "2022-01 present", id="s"))
    [bar], mark = bars(root), [each for each in marks(root) if each.find("svg") is not None]
    for each in (bar, *mark):
        [arrow] = each.iter("svg")
        assert arrow.get("x") == "100%"
        assert {"portfolio-now"} == {rect.get("class") for rect in drawn(each)}
    assert len(mark) == 1
    assert not list(parse(*ENDS, record(Job, "2021-08 2022-01")).iter("path"))


def test_years_stand_where_they_begin() -> None:
    root = parse(*ENDS)
    lines = [line.get("x1") for line in root.iter("line") if line.get("x1") == line.get("x2")]
    assert lines == ["0%", "16.6667%", "33.3333%", "50%", "66.6667%", "83.3333%"]
    years = [
        (text.text, text.get("x")) for text in root.iter("text") if named(text, "portfolio-year")
    ]
    assert years == [(str(2018 + number), x) for number, x in enumerate(lines)]


def named(element: ET.Element, name: str) -> bool:
    return element.get("class") == name


def test_there_are_few_years_however_long_the_axis() -> None:
    wrong = {}
    for last in range(2001, 2130):
        root = parse(record(Award, "2001"), record(Award, str(last), id="y"))
        texts = [text.text or "" for text in root.iter("text") if named(text, "portfolio-year")]
        years = [int(text) for text in texts]
        steps = {later - earlier for earlier, later in pairwise(years)}
        if not 1 <= len(years) <= 7 or len(steps) > 1 or any(clashes(root, NARROWEST)):
            wrong[last] = years
    assert wrong == {}


def test_of_many_years_the_round_ones_are_named() -> None:
    root = parse(record(Award, "1985"), record(Award, "2024", id="y"))
    years = [text.text for text in root.iter("text") if named(text, "portfolio-year")]
    assert years == ["1990", "2000", "2010", "2020"]
    assert len([line for line in root.iter("line") if line.get("x1") == line.get("x2")]) == 40


def test_a_bar_is_a_link_with_all_that_it_says() -> None:
    title, organization = 'Head of <R&D> "Labs"', "Foo & Söhne <AG>"
    [link] = bars(
        parse(record(Job, "2020-02 present", id="j", title=title, organization=organization))
    )
    words = f"{organization}, {title}, Feb. 2020 – Present"
    assert (link.get("href"), link.get("tabindex")) == ("page.html#j", "-1")
    assert link.findtext("title") == words
    assert link.findtext("text") == organization


def test_the_visible_name_is_part_of_the_accessible_name() -> None:
    """WCAG 2.5.3, Label in Name."""
    [link] = bars(parse(record(Job, organization="Acme Ltd.", shortname="Acme")))
    assert link.findtext("text") == "Acme"
    assert link.findtext("title") == "Acme Ltd., X, 2020"


def test_a_mark_is_a_link_with_a_title_and_no_stop_of_the_tab_key() -> None:
    root = parse(
        record(Talk, "2020-02", title="On <&>"),
        record(Award, "2020", id="a", title="Prize"),
        record(Service, "2019 2020", id="s", title="Chair", organization="Club"),
        record(Service, "2019 2020", id="e", title="Help", events=("A 2019", "B 2020")),
    )
    found = [
        (link.get("href"), link.get("tabindex"), mark.get("role"), mark.findtext("title"))
        for link in root.iter("a")
        for mark in marks(link)
    ]
    assert sorted(found, key=str) == [
        ("page.html#a", "-1", "img", "Prize, 2020"),
        ("page.html#e", "-1", "img", "Help, A 2019"),
        ("page.html#e", "-1", "img", "Help, B 2020"),
        ("page.html#s", "-1", "img", "Chair, Club, 2019 – 2020"),
        ("page.html#x", "-1", "img", "On <&>, Conf, Feb. 2020"),
    ]
    assert len(found) == len(marks(root))


def test_each_occasion_of_volunteering_stands_in_its_year() -> None:
    events = ("Conf 2018", "Other Conf 2023")
    root = parse(record(Service, "2018 2023", events=events))
    assert [(mark.findtext("title"), months(drawn(mark)[0], 6)) for mark in marks(root)] == [
        ("X, Conf 2018", (0, 12)),
        ("X, Other Conf 2023", (60, 72)),
    ]
    # A period that is written beside them says more.
    root = parse(*ENDS, record(Service, "2018-04 2023", events=events))
    [mark] = [each for each in marks(root) if "Conf" in each.findtext("title", "")]
    assert mark.findtext("title") == "X, Conf 2018, Other Conf 2023"
    assert months(drawn(mark)[0], 6) == (3, 72)


def test_talks_of_one_month_or_year_do_not_hide_each_other() -> None:
    dates = ["2023-05", "2023-05", "2023-06", "2023", "2023", "2023", "2022"]
    root = parse(*(record(Talk, each, id=f"t{n}") for n, each in enumerate(dates)))
    assert len(marks(root)) == len(dates)
    assert list(clashes(root, NARROWEST)) == []


def test_months_that_are_hairlines_keep_a_distance() -> None:
    talks = [record(Talk, dates, id=dates) for dates in ("2023-05", "2023-06")]
    near = parse(*talks)
    assert near.get("class") == "portfolio-coarse"
    assert len({drawn(mark)[0].get("y") for mark in marks(near)}) == 1
    far = parse(*talks, record(Job, "1985 1990"))
    assert far.get("class") == "portfolio-fine"
    assert len({drawn(mark)[0].get("y") for mark in marks(far)}) == 2


def test_lanes_that_have_nothing_are_left_out() -> None:
    root = parse(record(Talk), record(Project, id="p"), record(Skill, id="s", period=None))
    lanes = [text.text for text in root.iter("text") if named(text, "portfolio-lane")]
    assert lanes == ["projects", "talks"]


def test_it_scales_by_percent_and_not_its_words() -> None:
    root = parse(*ENDS, record(Job))
    assert root.get("viewBox") is None
    assert root.get("width") == "100%"
    assert re.fullmatch(r"\d+(\.\d+)?", root.get("height", ""))
    assert root.get("direction") == "ltr"


def test_a_name_from_right_to_left_is_set_so_and_begins_with_its_bar() -> None:
    [link] = bars(parse(record(Job, organization=HEBREW)))
    assert link.findtext("text") == f"\N{FIRST STRONG ISOLATE}{HEBREW}\N{POP DIRECTIONAL ISOLATE}"
    assert (link.findtext("title") or "").startswith(HEBREW)


@pytest.mark.parametrize("name", [LONG, "x" * 60, "東" * 30, f"a {'x' * 60} b"])
def test_a_long_name_is_broken_and_all_of_it_is_there(name: str) -> None:
    lines = wrap(name)
    assert len(lines) > 1
    assert max(map(width, lines)) <= NARROWEST
    assert "".join(lines).replace(" ", "") == name.replace(" ", "")


def test_a_caption_explains_what_is_drawn_and_no_more() -> None:
    thin, arrow = "Thin: only the year is known.", "Arrow: ongoing."
    assert caption(portfolio(record(Job, "2020-01 2020-02"))) == ""
    assert caption(portfolio(record(Talk, "2020-01"))) == ""
    assert caption(portfolio(record(Job, "2020 2020-02"))) == thin
    assert caption(portfolio(record(Job, "2020-01 present"))) == arrow
    assert caption(portfolio(record(Job, "2020 present"))) == f"{thin} {arrow}"


# -- No words upon words ------------------------------------------------------


@dataclass(frozen=True)
class Box:
    """A rectangle on the screen, in px."""

    what: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Tell whether they share more than an edge."""
        return (
            self.left < other.right - 0.01
            and other.left < self.right - 0.01
            and self.top < other.bottom - 0.01
            and other.top < self.bottom - 0.01
        )


def words(root: ET.Element, room: float) -> Iterator[Box]:
    """Yield the boxes of all words, as wide as they may be, in a drawing of a width."""
    for text in root.iter("text"):
        assert {*text.keys()} <= {"class", "x", "y", "dx", "text-anchor"}  # no CSS transform
        said = text.text or ""
        x = float(text.get("x", "").rstrip("%")) / 100 * room + float(text.get("dx", 0))
        if text.get("text-anchor") == "middle":
            x -= width(said) / 2
        y = float(text.get("y", ""))
        yield Box(said, x, y - 12, x + width(said), y + 3)


def shapes(parent: ET.Element, room: float) -> Iterator[Box]:
    """Yield the boxes of what is drawn of an entry; arrows hang over the edge, by intent."""
    for rect in drawn(parent):
        x, size = percent(rect, "x") / 100 * room, percent(rect, "width") / 100 * room
        y = float(rect.get("y", ""))
        yield Box(parent.findtext("title", ""), x, y, x + size, y + float(rect.get("height", "")))
    for arrow in parent.iter("svg"):
        y = float(arrow.get("y", ""))
        yield Box("arrow", room, y, room + 8, y + float(arrow.get("height", "")))


def clashes(root: ET.Element, room: float) -> Iterator[str]:
    """Yield what is upon something else, or outside."""
    height = float(root.get("height", ""))
    texts = list(words(root, room))
    stacked = [list(shapes(mark, room)) for mark in marks(root)]
    drawn_bars = [shape for link in bars(root) for shape in shapes(link, room)]
    for box in texts:
        if box.left < -0.01 or box.right > room + 0.01 or box.top < 0 or box.bottom > height:
            yield f"{box} is outside"
    for one_box, other in combinations(texts, 2):
        if one_box.overlaps(other):
            yield f"{one_box} is upon {other}"
    for first, second in combinations(stacked, 2):
        if any(each.overlaps(other) for each in first for other in second):
            yield f"{first} hides {second}"
    for shape in (*drawn_bars, *(each for mark in stacked for each in mark)):
        if any(shape.overlaps(text) for text in texts):
            yield f"{shape} is upon words"
    yield from misses(root, room)


def misses(root: ET.Element, room: float) -> Iterator[str]:
    """Yield the links that a finger misses; instead of those of marks there are the list's."""
    for link in bars(root):
        [hit] = [rect for rect in link.iter("rect") if named(rect, "portfolio-hit")]
        x, size = percent(hit, "x") / 100 * room, percent(hit, "width") / 100 * room
        if size < TARGET - 0.01 or float(hit.get("height", "")) < TARGET:
            yield f"{link.findtext('title')} is no target"
        if x < -0.01 or x + size > room + 0.01:
            yield f"{link.findtext('title')} has a target outside"


@st.composite
def a_date(pick: st.DrawFn, first: int, last: int) -> Date:
    return Date(pick(st.integers(first, last)), pick(st.integers(0, 12)))


@st.composite
def an_entry(pick: st.DrawFn, number: int, first: int, last: int) -> Record:
    kind = pick(st.sampled_from([Job, Degree, Project, Talk, Award, Service]))
    start = pick(a_date(first, last))
    end: Date | None = start
    if kind not in {Talk, Award}:
        end = pick(st.one_of(st.none(), st.just(start), a_date(first, last)))
    if end and end.last < start.first:
        start, end = end, start
    said: dict[str, Any] = {"id": f"r{number}", "title": pick(st.sampled_from(NAMES))}
    if kind in {Job, Degree}:
        said["organization"] = pick(st.sampled_from(NAMES))
    return record(kind, **said, period=Period(start, end))


@st.composite
def careers(pick: st.DrawFn) -> list[Record]:
    """Somebody's career: of one day or forty-five years, of one entry or many."""
    first = pick(st.integers(1960, 2024))
    last = first + pick(st.integers(0, 45))
    many = pick(st.integers(1, 25))
    return [pick(an_entry(number, first, last)) for number in range(many)]


@settings(max_examples=150, deadline=None)
@given(careers())
def test_no_words_upon_words_at_invented_portfolios(records: list[Record]) -> None:
    root = parse(*records)
    assert [clash for room in WIDTHS for clash in clashes(root, room)] == []


@settings(max_examples=50, deadline=None)
@given(careers(), st.randoms())
def test_the_order_of_reading_does_not_matter(records: list[Record], random: Any) -> None:
    shuffled = random.sample(records, len(records))
    assert ET.tostring(parse(*shuffled)) == ET.tostring(parse(*records))


def box(name: str, dates: str, room: float) -> Box:
    """Return the box of the label of a job in a drawing of a width."""
    root = parse(*ENDS, record(Job, dates, organization=name))
    [found] = [each for each in words(root, room) if each.what == name]
    return found


@pytest.mark.parametrize("room", WIDTHS)
def test_a_label_begins_with_its_bar(room: float) -> None:
    assert box("A" * 15, "2021-05 2021-08", room).left == pytest.approx(room * 40 / 72, abs=0.01)


@pytest.mark.parametrize("room", WIDTHS)
def test_a_label_that_would_end_outside_is_centered_on_its_bar(room: float) -> None:
    found = box("A" * 16, "2021-05 2021-08", room)
    assert (found.left + found.right) / 2 == pytest.approx(room * 42 / 72, abs=0.01)


def test_a_label_without_room_on_both_sides_ends_with_the_narrowest_drawing() -> None:
    narrow, wide = (box("A" * 30, "2021-05 2021-08", room) for room in (NARROWEST, 816))
    assert narrow.right == pytest.approx(NARROWEST, abs=0.01)
    # In a wider drawing, too, it is above its bar.
    assert wide.left < 816 * 40 / 72 < 816 * 44 / 72 < wide.right


# -- On pages -----------------------------------------------------------------

CONF = """
project = author = copyright = "A"
version = "1"
extensions = ["myst_parser", "sphinx_portfolio"]
include_patterns = ["**.md"]
nitpicky = True
"""
JOB = """\
# Work

## Head

```{job}
:id: head
:organization: Foo & <Söhne>
:start: 2020-02
```
"""
DRAWN = "# Home\n\n```{timeline}\n```\n"
TREE = "\n```{toctree}\nsub/work\n```\n"


def build(source: Path, builder: str = "html") -> Path:
    app = SphinxTestApp(builder, srcdir=source, builddir=source.parent / "out", freshenv=True)
    try:
        app.build()
        assert app.warning.getvalue() == ""
        return app.outdir
    finally:
        app.cleanup()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A portfolio of one job, drawn on another page."""
    folder = tmp_path / "source"
    (folder / "sub").mkdir(parents=True)
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "index.md").write_text(DRAWN + TREE, encoding="utf-8")
    (folder / "sub" / "work.md").write_text(JOB, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("builder", "page", "address"),
    [
        ("html", "index.html", "sub/work.html#head"),
        ("dirhtml", "index.html", "sub/work/#head"),
    ],
)
def test_a_page_shows_the_drawing_and_folds_the_list_away(
    source: Path, builder: str, page: str, address: str
) -> None:
    text = (build(source, builder) / page).read_text("utf-8")
    block = one(BeautifulSoup(text, "html5lib"), "div.portfolio-timeline")
    bar = one(block, "figure > svg a")
    words = "Foo & <Söhne>, Head, Feb. 2020 – Present"
    assert (bar["href"], one(bar, "title").get_text()) == (address, words)
    assert one(block, "figure > figcaption").get_text() == "Arrow: ongoing."
    assert block.select("details[open]") == []
    assert one(block, "details > summary").get_text() == "As a list"
    item = one(block, "details li li")
    assert item.get_text().strip() == words
    assert one(item, "a")["href"] == address
    assert [(time["datetime"], time.get_text()) for time in item.select("time")] == [
        ("2020-02", "Feb. 2020")
    ]
    start, end = (
        text.index("<svg", text.index('<div class="portfolio-timeline ')),
        "</svg>\n<figcaption>",
    )
    read(text[start : text.index(end)] + "</svg>")


def test_a_drawing_that_explains_itself_has_no_caption(source: Path) -> None:
    work = source / "sub" / "work.md"
    ended = JOB.replace(":start: 2020-02\n", ":start: 2020-02\n:end: 2021-03\n")
    assert ended != JOB
    work.write_text(ended, encoding="utf-8")
    page = BeautifulSoup((build(source) / "index.html").read_text("utf-8"), "html5lib")
    assert [child.name for child in one(page, "figure").find_all(True, recursive=False)] == ["svg"]


def test_on_its_own_page_a_record_is_led_to_by_its_anchor(source: Path) -> None:
    work = source / "sub" / "work.md"
    work.write_text(f"{JOB}\n```{{timeline}}\n```\n", encoding="utf-8")
    text = (build(source) / "sub" / "work.html").read_text("utf-8")
    block = one(BeautifulSoup(text, "html5lib"), "div.portfolio-timeline")
    assert {link["href"] for link in block.select("a")} == {"#head"}


@pytest.mark.parametrize(
    ("builder", "page"),
    [
        ("text", "index.txt"),
        ("epub", "index.xhtml"),
        ("man", "a.1"),
        ("latex", "a.tex"),
        ("texinfo", "a.texi"),
        ("xml", "index.xml"),
    ],
)
def test_where_nothing_is_drawn_there_is_the_list(source: Path, builder: str, page: str) -> None:
    text = unescape((build(source, builder) / page).read_text("utf-8"))
    for word in ("Söhne", "Head", "Feb", "2020", "Present"):
        assert word in text
    assert "Portfolio(" not in text
    body = text.split("<body")[-1]
    assert "<svg" not in body
    assert ">As a list" not in body


def test_a_portfolio_without_dates_says_so(source: Path) -> None:
    (source / "index.md").write_text(DRAWN, encoding="utf-8")
    (source / "sub" / "work.md").unlink()
    page = BeautifulSoup((build(source) / "index.html").read_text("utf-8"), "html5lib")
    assert "Nothing dated yet." in page.get_text()
    assert page.select(".portfolio-timeline") == []
    assert [type(each) for each in draw(Context(portfolio(), "index", {}))] == [nodes.paragraph]


def test_the_whole_invented_portfolio_on_a_page(tmp_path: Path, rootdir: Path) -> None:
    source = invented(rootdir, tmp_path / "source", talks=True)
    (source / "drawn.md").write_text(f"---\norphan: true\n---\n{DRAWN}", "utf-8")
    app = SphinxTestApp("html", srcdir=source, builddir=tmp_path / "out")
    try:
        app.build()
        assert app.warning.getvalue() == ""
        check_page(app.outdir, "drawn", portfolio_domain(app.env).portfolio)
    finally:
        app.cleanup()


def check_page(folder: Path, page: str, shown: Portfolio) -> None:
    """Assert that the timeline of a built page shows all that is dated, and leads to it."""
    root = read(svg(shown, addresses(shown.records)))
    assert [clash for room in WIDTHS for clash in clashes(root, room)] == []
    dated = [each for each in shown.records if each.period]
    document = BeautifulSoup((folder / f"{page}.html").read_text("utf-8"), "html5lib")
    block = one(document, "div.portfolio-timeline")
    assert len(block.select("details li li")) == len(dated)
    with_bars = {each.id for each in dated if isinstance(each, Job | Degree | Project)}
    for selector, ids in (
        ("svg a", {each.id for each in dated}),
        ("svg a:has(> text)", with_bars),
        ("svg a:not([tabindex='-1'])", set()),  # the list has the stops of the tab key
        ("details a", {each.id for each in dated}),
    ):
        links = block.select(selector)
        assert {str(link["href"]).partition("#")[2] for link in links} == ids, selector
    for link in block.select("svg a"):
        name, _, anchor = str(link["href"]).partition("#")
        assert f'id="{anchor}"' in (folder / name).read_text("utf-8")
