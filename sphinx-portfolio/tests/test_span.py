"""The span: each mark where its date is, on the timeline's axis, and nothing that is read aloud."""

from __future__ import annotations

import re
import shutil
from itertools import pairwise, product
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup, Tag
from docutils import nodes
from hypothesis import given, settings
from hypothesis import strategies as st
from sphinx import addnodes

from sphinx_portfolio.model import (
    Award,
    Degree,
    Job,
    Portfolio,
    Project,
    Record,
    Service,
    Skill,
    Talk,
)
from sphinx_portfolio.model.axis import Axis
from sphinx_portfolio.views import VIEWS, span
from sphinx_portfolio.views.view import Context
from support import one
from test_incremental import Builds, pages
from test_timeline import (
    BARS,
    CASES,
    ENDS,
    MARKS,
    careers,
    months,
    parse,
    percent,
    portfolio,
    read,
    record,
)
from test_views import ROOT, Built, build

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


YEARS = 6
AXIS = Axis(2018, 2023)  # of CASES


def drawn(*records: Record, axis: Axis = AXIS) -> ET.Element:
    return read(span.svg(records, axis))


def shapes(root: ET.Element) -> list[ET.Element]:
    """Return what is painted over the axis, from below to above."""
    return [each for each in root if each.get("class") != "portfolio-grid"]


def looks(root: ET.Element) -> list[str]:
    """Return the classes of what is painted, from below to above; of an arrow, that of its path."""
    return [
        each.get("class", "") if each.tag == "rect" else f"arrow {each[0].get('class')}"
        for each in shapes(root)
    ]


def axis_of(records: Iterable[Record]) -> Axis:
    axis = Axis.of_records(records)
    assert axis
    return axis


def undated(kind: type[Record], **fields: str) -> Record:
    return record(kind, **fields, period=None)


# -- Where a mark is ----------------------------------------------------------


def test_a_mark_is_where_its_date_is_and_as_exact() -> None:
    found: dict[tuple[str, str], list[object]] = {}
    expected: dict[tuple[str, str], list[object]] = {}
    for kind, (dates, (may, sure)) in product((*BARS, *MARKS), CASES.items()):
        found[kind.kind, dates] = [
            (each.get("class"), months(each, YEARS), each.get("y"), each.get("height"))
            for each in shapes(drawn(record(kind, dates)))
            if each.tag == "rect"
        ]
        if may == sure == (40, 41):
            name = "portfolio-ink portfolio-month" if kind is Talk else "portfolio-month"
            expected[kind.kind, dates] = [(name, (40, 41), "0", "12")]
            continue
        over = "portfolio-now" if "present" in dates else "portfolio-over"
        thin: list[object] = [(f"{over} portfolio-may", may, "4.5", "3")]
        full: list[object] = [(over, sure, "3", "6")]
        expected[kind.kind, dates] = thin * (may != sure) + full * (sure is not None)
    assert found == expected


@pytest.mark.parametrize("dates", ["2021-05 present", "2021 present", "2023 present"])
def test_what_is_ongoing_ends_in_an_arrow_at_the_end_of_the_axis(dates: str) -> None:
    root = drawn(record(Job, dates))
    [arrow] = [each for each in shapes(root) if each.tag == "svg"]
    assert shapes(root)[-1] is arrow
    assert arrow.get("x") == "100%"
    assert arrow.get("overflow") == "visible"  # it hangs over the edge
    # Around the bar, and as high as the drawing has room for.
    top, height = float(arrow.get("y", "")), float(arrow.get("height", ""))
    assert (top + height / 2) * 2 == span.HEIGHT
    assert 6 < height <= span.HEIGHT
    [path] = arrow
    assert path.get("class") == "portfolio-now"
    assert path.get("d") == "M0 0l5.5 4.5-5.5 4.5z"
    assert (arrow.get("width"), arrow.get("height")) == ("8", "9")
    assert len(looks(root)) == (3 if dates == "2021 present" else 2)


def test_what_is_over_has_no_arrow() -> None:
    for dates in CASES:
        root = drawn(record(Job, dates))
        arrows = [*root.iter("path"), *list(root.iter("svg"))[1:]]
        assert bool(arrows) == ("portfolio-now" in " ".join(looks(root))), dates
        assert bool(arrows) == ("present" in dates), dates


def test_what_is_ongoing_since_the_last_month_of_the_axis_has_its_arrow() -> None:
    """It is no month: nobody knows its end."""
    assert looks(drawn(record(Job, "2023-12 present"))) == ["portfolio-now", "arrow portfolio-now"]


def test_marks_fit_into_the_height() -> None:
    root = drawn(*(record(Talk, dates, id=str(n)) for n, dates in enumerate(CASES)))
    assert root.get("height") == str(span.HEIGHT)
    for each in shapes(root):
        top, height = float(each.get("y", "")), float(each.get("height", ""))
        assert top >= 0
        assert top + height <= span.HEIGHT
        # All hang on the axis, whose line is in the middle.
        assert (top + height / 2) * 2 == span.HEIGHT


@settings(max_examples=100, deadline=None)
@given(careers())
def test_no_mark_of_any_portfolio_is_outside(records: list[Record]) -> None:
    axis = axis_of(records)
    years = axis.months // 12
    for each in records:
        assert each.period
        start, end = each.period.start, each.period.end
        found = [
            months(rect, years) for rect in shapes(drawn(each, axis=axis)) if rect.tag == "rect"
        ]
        first = (start.year - axis.first) * 12 + (start.month or 1) - 1
        last = (end.year - axis.first) * 12 + (end.month or 12) if end else years * 12
        assert min(begin for begin, _ in found) == pytest.approx(first, abs=0.01)
        assert max(stop for _, stop in found) == pytest.approx(last, abs=0.01)
        assert 0 <= first < last <= years * 12


# -- What lies over what ------------------------------------------------------

# From below to above: what is known by year, what is exact, and months, each first what is over,
# then what goes on, then talks.
PAINTED: list[tuple[type[Record], str, list[str]]] = [
    (Award, "2021", ["portfolio-over portfolio-may"]),
    (Job, "2023 present", ["portfolio-now portfolio-may", "arrow portfolio-now"]),
    (Talk, "2022", ["portfolio-over portfolio-may"]),
    (Job, "2019 2021-06", ["portfolio-over portfolio-may", "portfolio-over"]),
    (
        Project,
        "2021 present",
        ["portfolio-now portfolio-may", "portfolio-now", "arrow portfolio-now"],
    ),
    (Talk, "2020-05 2021-08", ["portfolio-over"]),
    (Award, "2021-05", ["portfolio-month"]),
    (Talk, "2021-06", ["portfolio-ink portfolio-month"]),
]


@settings(deadline=None)
@given(st.permutations(range(len(PAINTED))))
def test_what_is_exact_lies_over_what_is_not_in_whatever_order_it_comes(order: list[int]) -> None:
    records = [record(kind, dates, id=f"r{n}") for n, (kind, dates, _) in enumerate(PAINTED)]
    root = drawn(*(records[number] for number in order))
    assert looks(root) == [each for _, _, painted in PAINTED for each in painted]
    assert ET.tostring(root) == ET.tostring(drawn(*records))


def test_of_what_is_as_exact_the_order_of_reading_changes_no_more_than_the_order() -> None:
    talks = [record(Talk, f"2021-0{n}", id=f"t{n}") for n in range(1, 6)]
    places = [[months(each, YEARS) for each in shapes(drawn(*it))] for it in (talks, talks[::-1])]
    assert places[0] == places[1][::-1] == [(35 + n, 36 + n) for n in range(1, 6)]


def test_the_axis_lies_under_all() -> None:
    root = drawn(record(Job), record(Talk, "2021-05", id="t"))
    assert [each.get("class") for each in root] == [
        "portfolio-grid",
        "portfolio-over portfolio-may",
        "portfolio-ink portfolio-month",
    ]
    [grid] = root.iter("g")
    line, *years = grid
    assert {it: line.get(it) for it in line.keys()} == {  # noqa: SIM118 (an element is no dict)
        "x1": "0",
        "x2": "100%",
        "y1": "6",
        "y2": "6",
    }
    assert years


# -- The axis -----------------------------------------------------------------


def ticks(root: ET.Element) -> list[float]:
    """Return where the axis has a line across, in percent."""
    lines = [each for each in root.iter("line") if each.get("y1") != each.get("y2")]
    assert all(each.get("x1") == each.get("x2") for each in lines)
    assert {(each.get("y1"), each.get("y2")) for each in lines} == {("3", "9")}
    return [percent(each, "x1") for each in lines]


def test_years_have_a_line_where_they_begin_and_the_last_where_it_ends() -> None:
    found = ticks(drawn(record(Job), axis=Axis(2018, 2023)))
    assert found == pytest.approx([100 * n / 6 for n in range(7)], abs=0.001)
    assert ticks(drawn(record(Job, "2018"), axis=Axis(2018, 2018))) == [0, 100]


def test_there_are_at_most_twelve_steps_however_long_the_axis() -> None:
    wrong = {}
    for last in range(2001, 2131):
        years = last - 2000
        found = ticks(drawn(record(Award, "2001"), axis=Axis(2001, last)))
        count = len(found) - 1
        steps = {round((after - before) * years / 100, 2) for before, after in pairwise(found)}
        whole = len(steps) == 1 and all(step == round(step) for step in steps)
        few = count == years if years <= 12 else 6 <= count <= 12
        end = found[-1] + max(steps) * 100 / years + 0.001  # of a step more
        if not (whole and few and found[0] == 0 and found[-1] <= 100 < end):
            wrong[last] = found
    assert wrong == {}


def test_the_years_are_of_the_oldest_and_the_newest_date_and_not_of_the_clock() -> None:
    records = (
        record(Project, "2014-05 2019"),
        record(Job, "2012 present", id="j"),
        record(Talk, "2016", id="t"),
        record(Service, "2015 2017", id="s", events=("Conf 2015", "Conf 2017")),
        undated(Skill, id="k"),
    )
    assert axis_of(records) == Axis(2012, 2019)
    for today in ("2011", "2016", "2050"):
        shown = portfolio(*records, today=today)
        assert drawing(span.draw(records[:1], shown)) == span.svg(records[:1], Axis(2012, 2019))


def test_there_is_no_axis_where_nothing_is_dated() -> None:
    assert Axis.of_records([undated(Award)]) is None


def rectangles(roots: Iterable[ET.Element]) -> set[tuple[str, str]]:
    return {
        (each.get("x", ""), each.get("width", ""))
        for root in roots
        for each in root.iter("rect")
        if each.get("class") != "portfolio-hit"
    }


@settings(max_examples=100, deadline=None)
@given(careers())
def test_the_axis_and_the_places_on_it_are_those_of_the_timeline(records: list[Record]) -> None:
    shown = portfolio(*records)
    timeline = parse(*records)
    axis = axis_of(records)
    years = " to ".join(map(str, dict.fromkeys((axis.first, axis.last))))
    assert timeline.get("aria-label") == f"Timeline, {years}"
    spans = [read(drawing(span.draw([each], shown))) for each in records]
    assert rectangles(spans) == rectangles([timeline])
    lines = [x for each in timeline.iter("line") if (x := each.get("x1")) == each.get("x2")]
    if axis.years <= 12:
        for each in spans:
            assert ticks(each) == [*(float(str(x).rstrip("%")) for x in lines), 100]


# -- For the eyes alone -------------------------------------------------------


def test_it_has_no_words_and_nothing_to_go_to() -> None:
    title = "Not to be said"
    tags, names = set(), set()
    for dates in CASES:
        root = drawn(record(Talk, dates, title=title, url="https://a.example/"))
        assert root.get("aria-hidden") == "true", dates
        assert root.get("class") == "portfolio-span", dates
        assert "".join(root.itertext()) == "", dates
        tags |= {each.tag for each in root.iter()}
        names |= {name for each in root.iter() for name in each.keys()}  # noqa: SIM118 (no dict)
    assert tags <= {"svg", "g", "line", "rect", "path"}
    assert not names & {"id", "href", "tabindex", "role", "aria-label", "title", "style"}


def test_it_is_as_wide_as_its_place_and_runs_to_the_right() -> None:
    root = drawn(record(Job, "2021 present"))
    assert (root.get("width"), root.get("height")) == ("100%", "12")
    assert root.get("direction") == "ltr"
    assert root.get("viewBox") is None
    for each in root.iter("rect"):
        assert percent(each, "width") > 0


# -- What is drawn ------------------------------------------------------------


def drawing(found: Sequence[nodes.Node]) -> str:
    """Return the SVG of what was drawn, which is for HTML alone."""
    [only] = found
    assert isinstance(only, addnodes.only)
    assert only["expr"] == "format_html and not builder_epub"
    [raw] = only.children
    assert isinstance(raw, nodes.raw)
    assert raw["format"] == "html"
    return str(raw.astext())


def test_what_has_no_date_is_not_drawn() -> None:
    nothing = (undated(Award), undated(Project, id="p"), undated(Skill, id="s"))
    assert span.draw(nothing, portfolio(*nothing)) == []
    assert span.draw([], portfolio(*ENDS)) == []
    assert span.draw(nothing, portfolio(*nothing, *ENDS)) == []
    job = record(Job, "2021-05 2021-08", id="j")
    shown = portfolio(*nothing, *ENDS, job)
    assert drawing(span.draw([*nothing, job], shown)) == span.svg([job], AXIS)
    assert span.draw(iter([job]), shown)[0].astext() == span.draw([job], shown)[0].astext()


def test_a_card_of_a_project_without_dates_has_none() -> None:
    dated, bare = record(Project, id="dated"), undated(Project, id="bare")
    [cards] = VIEWS["projects"].draw(Context(portfolio(dated, bare), "index", {}))
    first = [type(card.children[0]) for card in cards.children if isinstance(card, nodes.Element)]
    assert first == [addnodes.only, nodes.paragraph]


# -- On pages -----------------------------------------------------------------


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT, tmp_path / "source")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    made = build(shutil.copytree(ROOT, tmp_path_factory.mktemp("span") / "source"))
    assert made.warnings == []
    return made


def same(svg: Tag | None, records: Iterable[Record], shown: Portfolio) -> bool:
    """Tell whether an element of a page is the drawing of these records."""
    assert svg is not None
    wanted = span.svg(records, axis_of(shown.records))
    return ET.canonicalize(str(svg)) == ET.canonicalize(wanted)


def first(element: Tag) -> Tag | None:
    """Return the first element in another."""
    found = element.find(True)
    assert found is None or isinstance(found, Tag)
    return found


def check_pages(pages: dict[str, Tag], shown: Portfolio) -> None:
    """Assert that each drawing of a site stands in its place, and that there is no other."""
    counted = 0
    for each in shown.records:
        proof = shown.with_skill(each.id) if isinstance(each, Skill) else (each,)
        dated = [it for it in proof if it.period]
        if isinstance(each, Talk):
            assert not pages[each.docname].select(f'.portfolio-talk[id="{each.id}"] svg')
            continue
        facts = pages[each.docname].select(f'[id="{each.id}"] > .portfolio-facts')
        if dated:
            assert len(facts) == 1
            assert same(first(facts[0]), dated, shown), each.id
            counted += 1
        assert sum(len(it.select("svg.portfolio-span")) for it in facts) == bool(dated)
    for page in pages.values():
        for card in page.select("ul.portfolio-cards > li"):
            [project] = [
                it
                for it in shown.of(Project)
                if str(one(card, ".portfolio-card-title a")["href"]).endswith(f"#{it.id}")
            ]
            assert same(first(card), [project], shown)
            counted += 1
        for entry in page.select("ul.portfolio-entries > li"):
            address = str(one(entry, ".portfolio-entry-name a")["href"])
            [listed] = [it for it in shown.records if address.endswith(f"#{it.id}")]
            assert same(first(entry), [listed], shown)
            counted += 1
    talks = shown.of(Talk)
    assert {talk.docname for talk in talks} == {"talks/index"}
    # Above the filter of the talks' own page.
    [drawing] = [
        each.find_previous_sibling(class_="portfolio-facts")
        for each in pages["talks/index"].select(
            "section > .portfolio-facts + .portfolio-keys + nav:has(> .portfolio-filter)"
        )
    ]
    assert isinstance(drawing, Tag)
    assert [child.name for child in drawing.find_all(True, recursive=False)] == ["svg"]
    assert same(first(drawing), talks, shown)
    assert drawing.get_text().strip() == ""
    assert sum(len(page.select("svg.portfolio-span")) for page in pages.values()) == counted + 1


def test_each_drawing_stands_in_its_place_and_nowhere_else(built: Built) -> None:
    names = [path.relative_to(built.folder) for path in built.folder.rglob("*.html")]
    pages = {str(it.with_suffix("")): it for it in names if it.stem not in {"genindex", "search"}}
    check_pages({name: built.page(name) for name in pages}, built.portfolio)
    kinds = {type(each) for each in built.portfolio.records if each.period}
    assert kinds == {Job, Degree, Project, Award, Service, Talk}
    assert axis_of(built.portfolio.records) == Axis(2016, 2025)


def on_page(built: Built, page: str, selector: str) -> list[tuple[str, tuple[float, float]]]:
    """Return the class and the months of each mark of a drawing of ten years."""
    svg = one(built.page(page), f"{selector} > svg.portfolio-span:first-child")
    return [
        (each.get("class", ""), months(each, 10))
        for each in ET.fromstring(str(svg)).iter("rect")  # noqa: S314 (our own)
    ]


def test_on_pages_marks_are_where_the_dates_say(built: Built) -> None:
    """The axis is that of 2016 to 2025, 120 months."""
    assert on_page(built, "made", "#wind-chest > .portfolio-facts") == [
        ("portfolio-over", (48, 54))
    ]
    assert on_page(built, "made", "#reed > .portfolio-facts") == [
        ("portfolio-now portfolio-may", (84, 120)),
        ("portfolio-now", (96, 120)),
    ]
    assert on_page(built, "work", "#editor > .portfolio-facts") == [("portfolio-now", (62, 120))]
    assert on_page(built, "work", "#tuner > .portfolio-facts") == [
        ("portfolio-over portfolio-may", (36, 62)),
        ("portfolio-over", (48, 62)),
    ]
    assert on_page(built, "work", "#bells > .portfolio-facts") == [("portfolio-over", (9, 42))]
    assert on_page(built, "work", "#golden-pipe > .portfolio-facts") == [
        ("portfolio-month", (76, 77))
    ]
    assert on_page(built, "views", ".portfolio-cards > li:nth-child(2)") == [
        ("portfolio-over", (48, 54))
    ]
    assert on_page(built, "talks/index", ".portfolio-facts:has(+ .portfolio-keys)") == [
        ("portfolio-over portfolio-may", (108, 120)),
        ("portfolio-over portfolio-may", (60, 72)),
        *[("portfolio-ink portfolio-month", (94, 95))] * 2,
        ("portfolio-ink portfolio-month", (68, 69)),
    ]
    assert on_page(built, "skills", "#go > .portfolio-facts") == [
        ("portfolio-over portfolio-may", (108, 120)),
        ("portfolio-over", (48, 54)),
        ("portfolio-now", (62, 120)),
        ("portfolio-month", (76, 77)),
        *[("portfolio-ink portfolio-month", (94, 95))] * 2,
    ]
    for unproven in ("welding", "singing"):
        assert built.page("skills").select(f"#{unproven}")
        assert not built.page("skills").select(f"#{unproven} svg")


def count(folder: Path) -> int:
    texts = (path.read_text("utf-8") for path in folder.rglob("*.html"))
    return sum(
        text.count('<svg class="portfolio-span portfolio-fine" aria-hidden="true"')
        for text in texts
    )


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml"])
def test_other_builders_of_html_draw_the_same(source: Path, built: Built, builder: str) -> None:
    made = build(source, builder)
    assert made.warnings == []
    assert count(made.folder) == count(built.folder) == 13


@pytest.mark.parametrize("builder", ["text", "epub", "latex", "man", "texinfo", "xml"])
def test_where_nothing_can_be_drawn_nothing_is(source: Path, builder: str) -> None:
    made = build(source, builder)
    assert made.warnings == []
    contents = [path.read_bytes() for path in made.folder.rglob("*") if path.is_file()]
    assert any(b"Wind chest" in content for content in contents)
    for sign in (b"<svg", b"&lt;svg", b"portfolio-grid", b"aria-hidden"):
        assert not [content for content in contents if b"Wind chest" in content and sign in content]


def test_where_nothing_is_drawn_nothing_empty_is_left(source: Path) -> None:
    made = build(source, "epub")
    page = BeautifulSoup((made.folder / "talks" / "index.xhtml").read_text("utf-8"), "html5lib")
    assert page.select(".portfolio-facts")
    assert [each for each in page.select(".portfolio-facts") if not each.get_text().strip()] == []


def test_in_several_processes_drawings_are_those_of_one(source: Path, tmp_path: Path) -> None:
    builds = Builds(source, tmp_path)
    found = [
        {
            name: re.findall(
                r'<svg class="portfolio-span .*?</svg></svg>|<svg class="portfolio-span .*?</svg>',
                text,
            )
            for name, content in pages(builds.build(f"out{parallel}", parallel=parallel)).items()
            for text in [content.decode()]
        }
        for parallel in (0, 2)
    ]
    assert len(found[0]) > 5  # Sphinx reads fewer than six in one process
    assert found[0] == found[1]
    assert {name: len(svgs) for name, svgs in found[0].items() if svgs} == {
        "made": 2,
        "skills": 1,
        "talks/index": 1,
        "views": 4,
        "work": 5,
    }
