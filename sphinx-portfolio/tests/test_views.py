"""Views: what pages draw from the records, of which nothing is lost, made up or stale."""

from __future__ import annotations

import importlib
import inspect
import io
import pkgutil
import re
import shutil
from collections import Counter
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import pytest
from bs4 import BeautifulSoup, Tag
from docutils import nodes
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string
from sphinx import addnodes
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.testing.util import SphinxTestApp

from sphinx_portfolio import config, views
from sphinx_portfolio.bibtex.listing import OWN
from sphinx_portfolio.bibtex.normalizing import normalized
from sphinx_portfolio.bibtex.reader import read
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.html import assets
from sphinx_portfolio.model import (
    KINDS,
    Award,
    Date,
    Degree,
    Job,
    Period,
    Person,
    Portfolio,
    Project,
    Record,
    RecordError,
    RichText,
    Service,
    Skill,
    Talk,
    assemble,
    plain,
)
from sphinx_portfolio.model.messages import ENGLISH
from sphinx_portfolio.views import VIEWS, bio, changelog, facts
from sphinx_portfolio.views.elements import portfolio_details
from sphinx_portfolio.views.evidence import identifier
from sphinx_portfolio.views.talks import filtered, row
from sphinx_portfolio.views.view import Context
from sphinx_portfolio.views.works import select
from support import one
from test_domain import invented
from test_incremental import Builds, difference, files, pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent / "roots" / "test-views"
TODAY = "2023-11-14"  # of SOURCE_DATE_EPOCH
ARRANGED = ["near", "far", "organ-pipes", "quiet-fans", "loud-fans"]
ALL = ["far", "near", "organ-pipes", "quiet-fans", "loud-fans"]


@pytest.fixture(scope="module", autouse=True)
def _same_day() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        yield


class Built(NamedTuple):
    """What a build gave: where its files are, its warnings and its records."""

    folder: Path
    warnings: list[str]
    portfolio: Portfolio

    def page(self, name: str) -> Tag:
        """Return what a page says, without the frame around it."""
        text = (self.folder / f"{name}.html").read_text("utf-8")
        return one(BeautifulSoup(text, "html5lib"), "[role=main]")


def build(source: Path, builder: str = "html", **settings: Any) -> Built:
    """Build it afresh."""
    warning = io.StringIO()
    app = SphinxTestApp(
        builder,
        srcdir=source,
        builddir=source.parent / "out",
        freshenv=True,
        warning=warning,
        confoverrides=settings,
    )
    try:
        app.build()
        told = re.sub(r"\x1b\[[0-9;]*m", "", warning.getvalue()).replace(f"{source}/", "")
        return Built(app.outdir, told.splitlines(), portfolio_domain(app.env).portfolio)
    finally:
        app.cleanup()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT, tmp_path / "source")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The small portfolio, whole."""
    made = build(shutil.copytree(ROOT, tmp_path_factory.mktemp("views") / "source"))
    assert made.warnings == []
    return made


def record(kind: type[Record], dates: str = "2020", **fields: Any) -> Record:
    """Return a record; dates are such as `2020-05`, `2019 2020` or `2019 present`."""
    start, _, end = dates.partition(" ")
    said: dict[str, Any] = {"id": "x", "title": "X", "docname": "page"}
    if dates:
        said["period"] = Period.parse(start, end or start)
    if kind in {Job, Degree}:
        said["organization"] = "Acme"
    if kind is Talk:
        said |= {"speakers": ("A",), "event": "Conf"}
    return kind(**(said | fields))


def of(*records: Record, today: str = TODAY, **topics: str) -> Portfolio:
    return assemble(Person("Ada"), Date.parse(today), records, topics)


def draw(name: str, shown: Portfolio, **options: str) -> list[nodes.Node]:
    return VIEWS[name].draw(Context(shown, "index", options))


def says(drawn: Iterable[nodes.Node]) -> list[str]:
    """Return the texts, line by line."""
    kinds = (nodes.paragraph, nodes.title, nodes.term, nodes.rubric, nodes.literal_block)
    return [
        each.astext() for top in drawn for each in top.findall(nodes.Element)
        if isinstance(each, kinds)
    ]  # fmt: skip


def text(element: Tag) -> str:
    return " ".join(element.get_text().split())


# -- The table ----------------------------------------------------------------


def test_each_file_that_draws_a_view_has_a_row() -> None:
    found = {}
    for module in pkgutil.iter_modules(views.__path__):
        drawer = getattr(importlib.import_module(f"{views.__name__}.{module.name}"), "draw", None)
        if drawer and [*inspect.signature(drawer).parameters] == ["context"]:
            found[module.name.replace("_", "-")] = drawer
    assert {name: view.draw for name, view in VIEWS.items()} == found


@pytest.mark.parametrize(
    ("name", "words"),
    {
        "bio": "No biography yet: write it in the directive, or add a job.",
        "changelog": "Nothing has happened yet.",
        "downloads": "No files.",
        "projects": "No projects yet.",
        "skills": "No skills yet.",
        "summary": "No summary yet: add `summary` to portfolio_person in conf.py.",
        "talks": "No talks yet.",
        "timeline": "Nothing dated yet.",
    }.items(),
)
def test_a_view_of_nothing_says_so(name: str, words: str) -> None:
    assert says(draw(name, of())) == [words]


def test_nobodys_portfolio_builds(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    shutil.copy(ROOT / "conf.py", source)
    views = (ROOT / "views.md").read_text("utf-8")
    (source / "index.md").write_text(views + "\n```{bibliography}\n```\n", "utf-8")
    made = build(source, bibtex_bibfiles=[])
    assert made.warnings == []
    # Without files, a contact card is nothing.
    assert len(made.page("index").select("p.portfolio-nothing")) == len(VIEWS) - 1


def test_a_summary_is_a_paragraph_with_the_picture(source: Path) -> None:
    (source / "me.png").write_bytes(b"")
    person = {"name": "Ada <A>", "summary": "Makes *pipes* & <reeds>.", "picture": "me.png"}
    made = build(source, portfolio_person=person)
    assert made.warnings == []
    shown = one(made.page("views"), "p.portfolio-summary")
    assert text(shown) == "Makes *pipes* & <reeds>."
    picture = one(made.page("views"), ".portfolio-person > img.portfolio-picture")
    assert picture["alt"] == "Ada <A>"
    assert (made.folder / str(picture["src"])).is_file()


# -- Talks --------------------------------------------------------------------

TALKS = of(
    record(Talk, "2025", id="far", topics=("air",)),
    record(Talk, "2023-11-15", id="near"),
    record(Talk, "2023-11-14", id="today", skills=("go",)),
    record(Talk, "2022-01", id="old", topics=("air",), skills=("go",)),
    record(Skill, "", id="go", title="Go"),
    record(Skill, "", id="welding", title="Welding"),
    air="The air",
)


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({}, ["far", "near", "today", "old"]),
        ({"year": "2023"}, ["near", "today"]),
        ({"topic": "go"}, ["today", "old"]),
        ({"topic": "air"}, ["far", "old"]),
        ({"newest": "1"}, ["far"]),
        ({"newest": "9"}, ["far", "near", "today", "old"]),
        ({"when": "upcoming"}, ["far", "near"]),
        ({"when": "past"}, ["today", "old"]),
        ({"when": "past", "newest": "1"}, ["today"]),
        ({"when": "past", "topic": "air", "year": "2022", "newest": "1"}, ["old"]),
        ({"topic": "welding"}, []),
        ({"topic": "air", "year": "2023"}, []),
    ],
)
def test_options_choose_talks(options: dict[str, str], ids: list[str]) -> None:
    assert [talk.id for talk in select(Talk, TALKS, options)] == ids


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"topic": "goo"}, "unknown skill or topic 'goo': did you mean 'go'?"),
        ({"topic": "Quantum"}, "unknown skill or topic 'Quantum'"),
        ({"year": "2032"}, "no talk in '2032': did you mean '2025'?"),
        ({"when": "upcomin"}, "invalid :when: 'upcomin': use past or upcoming"),
        *(
            ({"newest": it}, f"invalid :newest: {it!r}: use a number from 1 to 9999")
            for it in ("0", "-1", "two", "²", "1.5", "9" * 5000)
        ),
    ],
    ids=lambda it: str(it)[:30],
)
def test_what_there_is_not_is_told_with_the_nearest(options: dict[str, str], message: str) -> None:
    with pytest.raises(RecordError, match=f"^{re.escape(message)}$"):
        draw("talks", TALKS, **options)


@pytest.mark.parametrize(
    ("shown", "options", "words"),
    [
        (TALKS, {"topic": "welding"}, "No talks about Welding."),
        (TALKS, {"when": "past", "year": "2025"}, "No past talks in 2025."),
        (TALKS, {"topic": "air", "year": "2023"}, "No talks about The air in 2023."),
        (of(record(Talk)), {"when": "upcoming"}, "No upcoming talks."),
        (of(), {"newest": "3"}, "No talks yet."),
    ],
)
def test_a_filter_that_leaves_nothing_says_of_what(
    shown: Portfolio, options: dict[str, str], words: str
) -> None:
    assert says(draw("talks", shown, **options)) == [words]


def test_a_list_of_references(built: Built) -> None:
    listed = built.page("index").select("ol.portfolio-talks.portfolio-program > li")
    assert [text(item) for item in listed] == [
        "Far Away In Go PipeCon 2025",
        "Near Fan Day, Nov. 2023",
    ]
    assert one(listed[0], "a")["href"] == "talks/index.html#far"
    assert one(listed[0], "em").get_text() == "PipeCon 2025"
    # It is no second entry: neither what there is to know, nor what the filter works on.
    for item in listed:
        assert "id" not in item.attrs
        assert item["class"] == ["h-event"]


# What a row shows, by the class of the element that holds it; in reading order.
ROWS = {
    "far": [
        ("portfolio-event", "PipeCon"),
        ("portfolio-stop", " "),
        ("portfolio-when", "2025"),
        ("dt-start", "2025"),
        ("portfolio-in-year", "2025"),
    ],
    "near": [
        ("portfolio-event", "Fan Day"),
        ("portfolio-stop", ", "),
        ("portfolio-when", "Nov. 2023"),
        ("dt-start", "Nov. 2023"),
        ("portfolio-in-year", "2023"),
    ],
    "organ-pipes": [
        ("portfolio-event", "PipeCon"),
        ("portfolio-stop", ", "),
        ("portfolio-when", "Nov. 2023"),
        ("dt-start", "Nov. 2023"),
        ("portfolio-in-year", "2023"),
        ("portfolio-place", "Ghent, Belgium"),
        ("p-location", "Ghent, Belgium"),
    ],
}
DAYS = {"far": "2025", "near": "2023-11-15", "organ-pipes": "2023-11-14"}


@pytest.mark.parametrize(
    ("fields", "shown", "stops"),
    [
        ({"event": ""}, "Nov. 2023, Ghent", [", "]),
        ({"event": "", "format": "panel"}, "Nov. 2023 (panel), Ghent", []),
        ({"event": "Conf"}, "Conf, Nov. 2023, Ghent", [", "]),
    ],
)
def test_where_the_date_is_in_a_column_no_row_begins_with_a_comma(
    fields: dict[str, str], shown: str, stops: list[str]
) -> None:
    talk = record(Talk, "2023-11", venue="Ghent", **fields)
    assert isinstance(talk, Talk)
    [_, line] = row(talk, of(talk), nodes.Text("X"))
    assert line.astext() == shown
    hidden = (each for each in line.findall(nodes.inline) if "portfolio-stop" in each["classes"])
    assert [each.astext() for each in hidden] == stops


@pytest.mark.parametrize("id_", ROWS)
@pytest.mark.parametrize("page", ["papers", "talks/index"])
def test_a_row_is_of_elements_that_style_sheets_set_in_columns(
    built: Built, page: str, id_: str
) -> None:
    """The same on the talks' own page, where the title leads to itself, and on another."""
    shown = built.page(page)
    own = page == "talks/index"
    # One level below the section: that of a year or of the page.
    level = "h3" if own else "h2"
    [link] = shown.select(f'ol.portfolio-program > li > {level} > strong > a[href$="#{id_}"]')
    assert link["href"] == ("" if own else "talks/index.html") + f"#{id_}"
    heading = link.find_parent(level)
    assert isinstance(heading, Tag)
    talk = built.portfolio.by_id[id_]
    assert isinstance(talk, Talk)
    assert heading.get_text() == talk.title
    line = heading.find_next_sibling()
    assert isinstance(line, Tag)
    assert (line.name, line["class"]) == ("p", ["portfolio-line"])
    found = [
        (name, str(part.get_text()))
        for part in line.select("[class]")
        for name in part.get_attribute_list("class")
    ]
    assert found == ROWS[id_]
    assert line.get_text() == ", ".join(filter(None, (talk.occasion(ENGLISH), talk.venue)))
    [time] = line.select("em > .portfolio-event + .portfolio-stop + time.portfolio-when:last-child")
    assert time["datetime"] == DAYS[id_]
    one(time, ".portfolio-in-year:last-child")


@pytest.mark.parametrize("page", ["papers", "talks/index"])
def test_the_links_of_a_row_say_without_brackets_where_they_lead(built: Built, page: str) -> None:
    rows = built.page(page).select('ol.portfolio-program > li:has(a[href$="#organ-pipes"])')
    [links] = [one(row, ":scope > p.portfolio-line + p.portfolio-links") for row in rows]
    assert links.get_text() == "video on video.example slides event page"
    title = "Organ Pipes In Go & 100% <air>"
    found = [
        (a["href"], a["aria-label"], a["class"], a.get("title")) for a in links.select(":scope > a")
    ]
    looks = ["reference", "external"]
    assert found == [
        ("https://video.example/organ", f"Video on video.example: {title}", looks, None),
        ("https://slides.example/organ", f"Slides: {title}", looks, None),
        ("https://pipes.example/a%20b?c=d&e=f~g#h_i", f"Event page: {title}", looks, None),
    ]
    # WCAG 2.5.3, Label in Name.
    for link in links.select("a"):
        assert str(link["aria-label"]).lower().startswith(link.get_text())
    others = built.page(page).select('ol.portfolio-program > li:not(:has(a[href$="#organ-pipes"]))')
    assert others
    assert not [item for item in others if item.select(".portfolio-links")]  # nothing to link to


def test_the_links_of_a_talk_are_in_reading_order_and_of_all_its_addresses() -> None:
    links = {
        "video": "video",
        "slides": "slides",
        "code": "code",
        "paper": "paper",
        "url": "event page",
    }
    assert [*KINDS["talk"].links.items()] == [*links.items()]
    every = {name: f"https://www.{name}.example/" for name in links}
    # Where a video is may matter: some hosts follow who watches.
    labels = links | {"video": "video on video.example"}
    # As on the page, whatever the order of the fields.
    for fields in (every, {"code": "https://code.example/"}, {}):
        talk = record(Talk, **dict(reversed(fields.items())))
        assert isinstance(talk, Talk)
        [_, _, *paragraphs] = row(talk, TALKS, nodes.Text("X"))
        found = [link for each in paragraphs for link in each.findall(nodes.reference)]
        assert [(link.astext(), link["refuri"], link["label"]) for link in found] == [
            (label, fields[name], f"{label.capitalize()}: X")
            for name, label in labels.items()
            if name in fields
        ]


def test_in_text_a_row_is_a_title_and_a_line_as_in_a_resume(source: Path) -> None:
    made = build(source, "text")
    far = ("**Far Away In Go**", "*PipeCon 2025*")
    near = ("**Near**", "*Fan Day, Nov. 2023*")
    organ = ("**Organ Pipes In Go & 100% <air>**", "*PipeCon, Nov. 2023*, Ghent, Belgium")
    for page, rows in (("papers", [far, near, organ]), ("talks/index", [near, far, organ])):
        text_ = (made.folder / f"{page}.txt").read_text("utf-8")
        found = re.findall(r"^[0-9]\. (\*\*.*)\n\n +(.*)$", text_, re.MULTILINE)
        assert found[:3] == rows


def test_the_program_is_by_year_with_what_is_to_come_first(built: Built) -> None:
    page = built.page("talks/index")
    found = {
        text(one(section, "h2")).rstrip("¶"): [
            item["id"] for item in section.select(".portfolio-program > li")
        ]
        for section in page.select("section:has(> .portfolio-program)")
    }
    assert found == {
        "Upcoming": ["near", "far"],
        "2023": ["organ-pipes"],
        "2021": ["quiet-fans", "loud-fans"],
    }
    assert [*found] == ["Upcoming", "2023", "2021"]
    looks = [(section["id"], section["class"]) for section in page.select("section[class]")]
    assert looks == [
        ("upcoming", ["portfolio-upcoming"]),
        ("year-2023", ["portfolio-year"]),
        ("year-2021", ["portfolio-year"]),
    ]


def test_the_program_is_told_by_the_day(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")  # in 2027
    sections = build(source).page("talks/index").select("section:has(> .portfolio-program)")
    assert [section["id"] for section in sections] == ["year-2025", "year-2023", "year-2021"]
    assert [section["class"] for section in sections] == [["portfolio-year"]] * 3


def test_each_talk_stands_once_on_the_site_and_all_lead_there(built: Built) -> None:
    pages = [
        path.relative_to(built.folder).with_suffix("") for path in built.folder.rglob("*.html")
    ]
    ids = Counter(
        str(element["id"])
        for page in pages
        if page.name not in {"genindex", "search"}
        for element in built.page(str(page)).select("[id]")
        if element["id"] in ALL
    )
    assert ids == dict.fromkeys(ALL, 1)
    assert [str(link["href"]) for link in built.page("index").select("p a.internal")][:2] == [
        "talks/index.html#organ-pipes",
        "talks/index.html#quiet-fans",
    ]


def test_an_entry_says_all_there_is_to_know(built: Built) -> None:
    entry = one(built.page("talks/index"), "#organ-pipes")
    parts = [each for each in entry.find_all(True, recursive=False) if not each.get("id")]
    assert [(each.name, *each.get_attribute_list("class")[:1]) for each in parts] == [
        ("h3", "p-name"),
        ("p", "portfolio-line"),
        ("p", "portfolio-links"),
        ("details",),
        ("p", "portfolio-about"),
        ("p", "portfolio-about"),
        ("div", "portfolio-facts"),
    ]
    assert [text(each) for each in entry.select(":scope > :is(h3, p)")] == [
        "Organ Pipes In Go & 100% <air>",
        "PipeCon, Nov. 2023, Ghent, Belgium",
        "video on video.example slides event page",
        "Why pipes <b>sing</b>: 50% air – 50% ö",
        "Given twice <b>",
    ]
    assert [text(each) for each in entry.select(".portfolio-about em")] == ["pipes", "twice"]
    assert [link["href"] for link in entry.select(".portfolio-links a")] == [
        "https://video.example/organ",
        "https://slides.example/organ",
        "https://pipes.example/a%20b?c=d&e=f~g#h_i",
    ]
    facts = zip(
        entry.select(".portfolio-facts dt"), entry.select(".portfolio-facts dd"), strict=True
    )
    assert {text(term): text(fact) for term, fact in facts} == {
        "Speakers:": "Ada Example, Bo van der Berg, The Pipe Team, Jon Doe Jr.",
        "Project:": "Wind chest",
        "Related work:": "Acme & <Sons> Ltd.",
    }
    assert [link["href"] for link in entry.select(".portfolio-facts a")] == [
        "../made.html#wind-chest",
        "../work.html#editor",
    ]
    assert text(one(entry, "details:not([open]) > summary")) == "BibTeX"
    assert entry["class"] == [
        "portfolio-work",
        "portfolio-talk",
        "portfolio-topic-acoustics",
        "portfolio-topic-go",
        "h-event",
    ]


def test_a_bare_entry_says_no_more_than_it_knows(built: Built) -> None:
    entry = one(built.page("talks/index"), "#loud-fans")
    found = [text(each) for each in entry.select(":scope > :is(h3, p)")]
    assert found == ["Loud Fans", "Fan Day 2021"]
    assert [text(each) for each in entry.select("dt")] == ["Speaker:"]


def test_an_entry_names_the_topics_that_the_filter_does_not_show(source: Path) -> None:
    path = source / "talks" / "talks.bib"
    only_organ = path.read_text("utf-8").replace("{acoustics}", "{}")
    path.write_text(only_organ.replace("{go},", "{},"), "utf-8")
    made = build(source)
    assert made.warnings == []
    page = made.page("talks/index")
    check_filter(page, made.portfolio)  # no topic has two talks
    assert rules(page) == {}
    entry = one(page, "#organ-pipes")
    facts_ = zip(entry.select("dt"), entry.select("dd"), strict=True)
    found = {text(term): text(fact) for term, fact in facts_}
    assert {name: found[name] for name in ("Topics:", "Skills:")} == {
        "Topics:": "Acoustics & <air>",
        "Skills:": "Go",
    }


def test_records_that_a_talk_is_about_or_that_cite_it_are_related_work() -> None:
    talk = record(Talk, id="t", cites=("p", "j"))
    shown = of(
        talk,
        record(Project, id="p", title="P"),
        record(Project, id="q", title="Q", cites=("t",)),
        record(Project, id="other", title="Other"),
        record(Job, id="j", title="J"),
        record(Award, id="a", title="A", cites=("t",)),
        record(Talk, id="u", title="U", cites=("t",)),
    )

    def backlinks(id_: str) -> list[tuple[str, list[str]]]:
        found = facts.backlinks(shown.by_id[id_], shown)
        return [(each.label, [run.target for run in each.values]) for each in found]

    assert backlinks("t") == [("Project", ["p", "q"]), ("Related work", ["j", "u", "a"])]
    assert backlinks("p") == backlinks("j") == [("Talks", ["t"])]
    assert backlinks("other") == []


def same(written: str) -> None:
    """Assert that what is shown of an entry is the entry, without the site's own fields."""
    [entry] = parse_string(written, "bibtex").entries.values()
    [ours] = read(written.encode())[0]
    [shown] = parse_string(normalized(ours).text(without=OWN), "bibtex").entries.values()
    folded = {name.lower(): " ".join(value.split()) for name, value in entry.fields.items()}
    expected = {name: value for name, value in folded.items() if value and name not in OWN}
    assert (shown.key, shown.type) == (entry.key, entry.type)
    assert (dict(shown.fields), dict(shown.persons)) == (expected, dict(entry.persons))


def test_bibtex_of_a_page_is_what_the_file_says(built: Built) -> None:
    files = parse_string((ROOT / "talks" / "talks.bib").read_text("utf-8"), "bibtex").entries
    blocks = built.page("talks/index").select(".portfolio-talk > details pre")
    found = parse_string("\n".join(block.get_text() for block in blocks), "bibtex").entries
    assert {*found} == {*files} == {*ALL}
    for key, entry in files.items():
        fields = {name: value for name, value in entry.fields.items() if name not in OWN}
        assert dict(found[key].fields) == fields
        assert dict(found[key].persons) == dict(entry.persons)


signs = st.sampled_from([*"\\%$#&~_^-'`@,=()<>[]*:; \"\n", "--", "é", "日", "aB1"])
values = st.recursive(
    st.lists(signs).map("".join),
    lambda inner: st.builds("{}{{{}}}{}".format, inner, inner, inner),
    max_leaves=5,
)


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.sampled_from(["title", "Abstract", "url", "keywords", "note"]), values))
def test_bibtex_of_any_entry_reads_as_the_entry(fields: dict[str, str]) -> None:
    lines = "".join(f"{name} = {{{value}}},\n" for name, value in fields.items())
    same(f"@unpublished{{a-key,\nauthor = {{{{A and B}} and van C, Jr., D}},\n{lines}}}")


@pytest.mark.parametrize(("builder", "page"), [("text", "index.txt"), ("epub", "index.xhtml")])
def test_where_nothing_opens_bibtex_is_plain_text_and_there_is_no_filter(
    source: Path, builder: str, page: str
) -> None:
    made = build(source, builder)
    assert made.warnings == []
    shown = (made.folder / "talks" / page).read_text("utf-8")
    assert "<details" not in shown
    if builder == "epub":
        shown = BeautifulSoup(shown, "html5lib").get_text()
    lines = [line.strip() for line in unescape(shown).splitlines()]
    assert "@unpublished{quiet-fans," in lines
    assert "month      = sep," in lines
    assert lines.index("Upcoming") < lines.index("2023") < lines.index("2021")
    assert "All" not in shown
    assert "display:none" not in shown
    # What the filter would say, the entries do.
    found = re.findall(r"(Topics|Skills):\s+(.*)", unescape(shown))
    air, go = ("Topics", "Acoustics & <air>"), ("Skills", "Go")
    assert found == [go, go, air, go, air]
    suffix = page.rpartition(".")[2]
    assert "words" not in (made.folder / f"views.{suffix}").read_text("utf-8")


def test_singlehtml_arranges_the_page_of_the_bibliography_alone(source: Path) -> None:
    made = build(source, "singlehtml")
    assert made.warnings == []
    page = made.page("index")
    assert [item["id"] for item in page.select(".portfolio-program > li[id]")] == ARRANGED
    assert [
        item["id"] for item in page.select(".portfolio-program > li.portfolio-talk")
    ] == ARRANGED
    # Home, views, the program of three sections, and what is about Go.
    lists = page.select("ol.portfolio-talks.portfolio-program")
    assert [len(listing.select(":scope > li")) for listing in lists] == [2, 5, 2, 1, 2, 3]
    assert len(page.select("ol.portfolio-talks")) == len(lists)  # the paper is in none


def test_what_is_no_talk_stays_as_sphinxcontrib_bibtex_has_it(built: Built) -> None:
    page = built.page("papers")
    assert text(one(page, "div.citation")) == "[Exa20] Ada Example. A paper. 2020."
    assert page.select("ol.portfolio-talks:not(.portfolio-program)") == []
    assert page.select(".portfolio-talk") == []
    assert [text(item) for item in page.select("ol.portfolio-program > li")] == [
        "Far Away In Go PipeCon 2025",
        "Near Fan Day, Nov. 2023",
        "Organ Pipes In Go & 100% <air> PipeCon, Nov. 2023, Ghent, Belgium "
        "video on video.example slides event page",
    ]


def test_a_bibliography_of_papers_may_stand_above_the_talks(source: Path) -> None:
    (source / "papers.md").write_text("# Papers\n", "utf-8")
    (source / "talks" / "index.md").write_text(
        "# Talks\n\n```{bibliography} ../papers.bib\n:all:\n:list: citation\n```\n\n"
        "```{bibliography} talks.bib\n:all:\n:list: citation\n```\n\n```{talks}\n```\n",
        "utf-8",
    )
    made = build(source, bibtex_bibfiles=["papers.bib", "talks/talks.bib"])
    page = made.page("talks/index")
    assert made.warnings == []
    assert text(one(page, "div.citation")) == "[Exa20] Ada Example. A paper. 2020."
    assert [item["id"] for item in page.select("ol.portfolio-talks > li")] == ARRANGED


def test_the_pages_own_talks_are_arranged_once(source: Path) -> None:
    page = source / "talks" / "index.md"
    more = "\n```{talks}\n```\n\nAfter.\n\n```{talks}\n:newest: 1\n```\n"
    page.write_text(page.read_text("utf-8") + more, "utf-8")
    made = build(source)
    assert made.warnings == [
        "talks/index.md:15: WARNING: talks: the page has {talks} already: "
        "remove this one, or add an option to it [portfolio.view]"
    ]
    shown = made.page("talks/index")
    assert Counter(str(item["id"]) for item in shown.select(".portfolio-talk")) == dict.fromkeys(
        ALL, 1
    )
    [again] = shown.select("ol.portfolio-program > li:not(.portfolio-talk)")
    assert text(again) == "Far Away In Go PipeCon 2025"
    assert one(again, "a")["href"] == "#far"
    assert "After." in text(shown)


def test_the_filter_leaves_what_is_listed_beside_the_program(source: Path) -> None:
    page = source / "talks" / "index.md"
    more = "# Talks\n\n## Newest\n\n```{talks}\n:newest: 1\n```\n\n## In full\n"
    page.write_text(page.read_text("utf-8").replace("# Talks\n", more, 1), "utf-8")
    made = build(source)
    assert made.warnings == []
    check_filter(made.page("talks/index"), made.portfolio)


def test_with_options_alone_the_bibliography_stays_a_list(source: Path) -> None:
    (source / "talks" / "index.md").write_text(
        "# Talks\n\n```{talks}\n:when: upcoming\n```\n\n"
        "```{bibliography} talks.bib\n:all:\n:list: citation\n```\n",
        "utf-8",
    )
    made = build(source)
    assert made.warnings == []
    shown = made.page("talks/index")
    chosen = shown.select("ol.portfolio-talks.portfolio-program > li")
    assert [one(item, "a")["href"] for item in chosen] == ["#far", "#near"]
    assert [item.get("id") for item in chosen] == [None, None]
    assert [
        item["id"]
        for item in shown.select("ol.portfolio-talks:not(.portfolio-program) > li.portfolio-talk")
    ] == ALL
    assert (
        shown.select(".portfolio-filter, section.portfolio-year, section.portfolio-upcoming") == []
    )


def test_a_talk_whose_key_the_program_needs_is_told_and_listed(source: Path) -> None:
    path = source / "talks" / "talks.bib"
    path.write_text(path.read_text("utf-8").replace("{near,", "{upcoming,"), "utf-8")
    made = build(source)
    assert made.warnings == [
        "talks/index.md:3: WARNING: talks: duplicate id 'upcoming' on this page: "
        "remove one of the two [portfolio.view]"
    ]
    items = made.page("talks/index").select("ol.portfolio-talks > li.portfolio-talk")
    assert {item["id"] for item in items} == {"upcoming", *ALL} - {"near"}


# -- The filter ---------------------------------------------------------------


def rules(page: Tag) -> dict[str, str]:
    """Return by the anchor that is the target what its rule of style hides."""
    whole = page.find_parent("html") or page
    style = "".join(
        str(each.string)
        for each in whole.select("head style")
        if ".portfolio-filter" in str(each.string)
    )
    # With scripts, the query of the address has the topic.
    root = ":root:not(.portfolio-scripted)"
    found = re.findall(
        rf"{re.escape(root)}:has\(#([a-z0-9-]+):target\) ([^{{}}]+)\{{display:none\}}", style
    )
    chosen = '.portfolio-filter a[href="#{0}"]{{border-color:currentColor;font-weight:700}}'
    assert style == "".join(
        f"{on} {hidden}{{display:none}}{on} {chosen.format(key)}"
        for key, hidden in found
        for on in [f"{root}:has(#{key}:target)"]
    )
    return dict(found)


def check_filter(page: Tag, shown: Portfolio) -> None:
    """Assert that each link of the filter leaves the talks it names, and counts them."""
    hidden = rules(page)
    talks = {talk.id: talk for talk in shown.of(Talk)}
    topics = {name for talk in talks.values() for name in (*talk.topics, *talk.skills)}
    about = {
        f"topic-{it}": {talk.id for talk in select(Talk, shown, {"topic": it})} for it in topics
    }
    expected = {key: ids for key, ids in about.items() if len(ids) > 1}
    assert {*hidden} == {*expected}
    if not expected:
        assert page.select("nav, .portfolio-filter, .portfolio-key") == []
        return
    expected["all"] = {*talks}
    nav = one(page, 'nav[aria-label="Talks by topic"]')
    links = {str(link["href"])[1:]: link for link in nav.select(".portfolio-filter a")}
    assert {*links} == {*expected}
    for key, link in links.items():
        one(page, f'span.portfolio-key[id="{key}"]')
        assert int(one(link, "span").get_text()) == len(expected[key])
        gone = {id(each) for each in page.select(hidden[key])} if key in hidden else set()
        left = {str(each["id"]) for each in page.select(".portfolio-talk") if id(each) not in gone}
        assert left == expected[key]
        sections = page.select("section:is(.portfolio-year, .portfolio-upcoming)")
        assert [
            id(each) for each in page.select("section:has(.portfolio-talk):not(:has(section))")
        ] == [id(each) for each in sections]
        others = page.select("section:not(.portfolio-year, .portfolio-upcoming)")
        assert not any(id(section) in gone for section in others)
        for section in sections:
            empty = not any(each["id"] in left for each in section.select(".portfolio-talk"))
            assert (id(section) in gone) == empty


def test_each_filter_works_without_a_script(built: Built) -> None:
    page = built.page("talks/index")
    check_filter(page, built.portfolio)
    assert [text(link) for link in page.select(".portfolio-filter a")] == [
        "All 5",
        "Go 3",
        "Acoustics & <air> 2",
    ]


def test_the_filter_has_the_topics_of_several_talks_the_most_frequent_first() -> None:
    about = [("a", "b"), ("b", "c", "b"), ("c", "b"), ("d", "unknown"), ("d", "unknown")]
    talks = [record(Talk, id=f"t{n}", topics=names) for n, names in enumerate(about)]
    go = [record(Talk, id=f"g{n}", skills=("go",)) for n in range(2)]
    shown = of(*talks, *go, record(Skill, "", id="go", title="Go"), a="A", b="B", c="C", d="D")
    assert list(filtered(shown.of(Talk), shown).items()) == [
        ("b", ("B", 3)),
        ("c", ("C", 2)),
        ("d", ("D", 2)),
        ("go", ("Go", 2)),
    ]
    assert filtered(shown.of(Talk)[:1], shown) == {}


def test_a_keyword_that_is_none_has_no_filter_and_breaks_none(source: Path) -> None:
    path = source / "talks" / "talks.bib"
    odd = "keywords   = {acoustics, x in-2023 </style>}"
    path.write_text(path.read_text("utf-8").replace("keywords   = {acoustics}", odd), "utf-8")
    made = build(source)
    assert [each.rpartition("WARNING: ")[2] for each in made.warnings] == [
        "quiet-fans: no skill or topic 'x in-2023 </style>' [portfolio.skill]"
    ]
    page = made.page("talks/index")
    assert one(page, "#quiet-fans")["class"] == [
        "portfolio-work",
        "portfolio-talk",
        "portfolio-topic-acoustics",
        "h-event",
    ]
    assert {*rules(page)} == {"topic-acoustics", "topic-go"}


@pytest.mark.parametrize(
    ("topics", "message"),
    [
        ({"control theory": "Control theory"}, "invalid id 'control theory': use lower-case words"),
        ({"a{": "A"}, "invalid id 'a{': use lower-case words"),
        ({"": "A"}, "invalid id '': use lower-case words"),
        ({"a": ""}, "'a' has no title: write {'a': 'Its title'}"),
        ({"a": 1}, "'a' has no title: write {'a': 'Its title'}"),
        (["a"], ""),
    ],
)
def test_a_topic_that_is_no_address_ends_the_build(topics: Any, message: str) -> None:
    values = Config({}, {})
    for value in config.VALUES:
        values.add(value.name, value.default, value.rebuild, value.types)
    values.add("html_baseurl", "", "html", ())
    values.portfolio_topics = topics
    with pytest.raises(ConfigError, match=rf"^portfolio_topics in conf\.py: {re.escape(message)}"):
        config.config_inited(cast("Sphinx", None), values)


def test_the_script_finds_what_it_works_on(built: Built) -> None:
    script = (assets.STATIC / assets.FOLDER / assets.SCRIPT).read_text("utf-8")
    hooks = {*re.findall(r'(?:querySelector(?:All)?|matches|closest)\("([^"]+)"\)', script)}
    copied_, headings = "pre, p:not(.portfolio-words)", "h1, h2, h3, h4, h5, h6"
    assert hooks == {
        *(".portfolio-copy", copied_, ".portfolio-words", headings, ".headerlink", "section"),
        *(
            ".portfolio-work",
            ".portfolio-talk",
            ".portfolio-talk:not([hidden])",
            ".portfolio-filter",
            "a",
        ),
        "main, [role=main], article",
    }
    page, views_ = built.page("talks/index"), built.page("views")
    for copied in page.select(".portfolio-copy"):
        one(copied, copied_)
    boxes = views_.select(".portfolio-copy")
    assert [[text(each) for each in box.select(copied_)][-1] for box in boxes] == [
        text(boxes[0].select("p")[0]),
        "She plays fans.",
    ]
    assert all(one(box, ".portfolio-words") for box in boxes)
    talks = page.select(".portfolio-talk")
    assert len(page.select(".portfolio-talk > details > .portfolio-copy")) == len(talks)
    # What a button copies has the name of its talk, or of the section around it.
    found = {str(talk["id"]): talk.select(headings)[0].get_text() for talk in talks}
    assert found == {talk.id: talk.title for talk in built.portfolio.of(Talk)}
    around = [box.find_parent("section") for box in boxes]
    assert [text(each.select(headings)[0]).rstrip("¶") for each in around if each] == [
        "Views",
        "By herself",
    ]
    links = [str(link["href"]) for link in page.select(".portfolio-filter a")]
    assert links[0] == "#all"
    assert all(link.startswith("#topic-") for link in links[1:])
    assert all(talk.find_parent("section") for talk in talks)


def test_a_reference_to_a_talk_is_no_entry(source: Path) -> None:
    """The filter and the script would hide it and count it, if it had the class of one."""
    page = source / "talks" / "index.md"
    page.write_text(f"{page.read_text('utf-8')}\n{{talk}}`quiet-fans`\n", "utf-8")
    shown = build(source).page("talks/index")
    assert one(shown, 'p > a[href="#quiet-fans"]').get_text() == "Quiet Fans"
    assert [item.name for item in shown.select(".portfolio-talk")] == ["li"] * len(ALL)


# -- Projects -----------------------------------------------------------------


def test_a_card_says_name_tagline_dates_proof_and_code(built: Built) -> None:
    cards = built.page("views").select("ul.portfolio-cards > li")
    assert [[text(line) for line in card.select("p")] for card in cards] == [
        ["Reed", "2023 – Present"],
        [
            "Wind chest",
            "Feeds <pipes> & fans, in Go",
            "Jan. 2020 – June 2020",
            "ada/wind-chest",
            "Go",
        ],
    ]
    assert [line.get("class") for line in cards[1].select("p")] == [
        ["portfolio-card-title"],
        None,
        ["portfolio-card-dates"],
        ["portfolio-card-code"],
        ["portfolio-card-facts"],
    ]
    assert [link["href"] for link in cards[1].select("a")] == [
        "made.html#wind-chest",
        "https://code.example/ada/wind-chest",
    ]
    assert [time["datetime"] for time in cards[1].select("time")] == ["2020-01", "2020-06"]


PROJECTS = of(*(record(Project, year, id=f"p{year}") for year in ("2020", "2021", "2022")))


@pytest.mark.parametrize(
    ("only", "ids"),
    [
        ("p2020", ["p2020"]),
        ("p2020, p2022,", ["p2020", "p2022"]),
        ("p2022, p2020, p2022", ["p2022", "p2020"]),
        (None, ["p2022", "p2021", "p2020"]),
    ],
)
def test_cards_are_those_that_are_named_in_that_order(only: str | None, ids: list[str]) -> None:
    [cards] = draw("projects", PROJECTS, **({"only": only} if only else {}))
    assert [each["reftarget"] for each in cards.findall(addnodes.pending_xref)] == ids


@pytest.mark.parametrize(
    ("only", "message"),
    [
        ("p2020, q2021", "unknown project 'q2021': did you mean 'p2021'?"),
        ("quantum", "unknown project 'quantum'"),
        (" , ", ":only: is empty: write ids of projects, separated by commas"),
    ],
)
def test_a_card_of_no_project_is_told(only: str, message: str) -> None:
    with pytest.raises(RecordError, match=f"^{re.escape(message)}$"):
        draw("projects", PROJECTS, only=only)


# -- Changelog ----------------------------------------------------------------


def listed(*records: Record, today: str = TODAY) -> list[str]:
    """Return what the changelog says, line by line."""
    return says(draw("changelog", of(*records, today=today)))


def test_the_career_by_year_and_verb(built: Built) -> None:
    page = built.page("views")
    found = {
        section["id"]: [text(each) for each in section.select("dt, li")]
        for section in page.select("section.portfolio-year")
    }
    assert found == {
        "changelog-2025": ["Upcoming", "Far Away In Go, PipeCon"],
        "changelog-2023": [
            "Upcoming",
            "Near, Fan Day (Nov. 2023)",
            "Started",
            "Reed",
            "Talks",
            "Organ Pipes In Go & 100% <air>, PipeCon (Nov. 2023)",
        ],
        "changelog-2022": [
            "Awards",
            "Golden Pipe (May 2022)",
            "Volunteering",
            "Reviewer, Fan Day 2022",
        ],
        "changelog-2021": [
            "Started",
            "Editor, Acme & <Sons> Ltd. (Mar. 2021)",
            "Talks",
            "Quiet Fans, Fan Day (Sep. 2021)",
            "Loud Fans, Fan Day",
            "Volunteering",
            "Reviewer, PipeCon 2021",
            "Finished",
            "Tuner, Bellows (Feb. 2021)",
        ],
        "changelog-2020": [
            "Started",
            "Wind chest (Jan. 2020)",
            "Finished",
            "Wind chest (June 2020)",
        ],
        "changelog-2019": [
            "Started",
            "Tuner, Bellows",
            "Finished",
            "Bachelor of Bells, Ghent (June 2019)",
        ],
        "changelog-2016": ["Started", "Bachelor of Bells, Ghent (Oct. 2016)"],
    }
    assert [*found] == sorted(found, reverse=True)
    assert [link["href"] for link in page.select("#changelog-2022 li a")] == [
        "work.html#golden-pipe",
        "work.html#reviewer",
    ]
    dates = page.select("#changelog-2020 li > p > span.portfolio-date > time")
    assert [(date["datetime"], date.get_text()) for date in dates] == [
        ("2020-01", "Jan. 2020"),
        ("2020-06", "June 2020"),
    ]


@pytest.mark.parametrize(
    ("each", "lines"),
    [
        (
            record(Job, "2020-05 2021"),
            ["2021", "Finished", "X, Acme", "2020", "Started", "X, Acme (May 2020)"],
        ),
        (record(Job, "2020 present"), ["2020", "Started", "X, Acme"]),
        (record(Job, "2020 2020"), ["2020", "Finished", "X, Acme"]),
        (
            record(Job, "2020 2020-05"),
            ["2020", "Started", "X, Acme", "Finished", "X, Acme (May 2020)"],
        ),
        (record(Job, "2024-02 present"), ["2024", "Upcoming", "X, Acme (Feb. 2024)"]),
        (record(Degree, "2022 2026-06"), ["2022", "Started", "X, Acme"]),
        (record(Degree, "2024 2026-06"), ["2024", "Upcoming", "X, Acme"]),
        (record(Project, "2024 2024"), ["2024", "Upcoming", "X"]),
        (record(Award, "2023-12"), ["2023", "Upcoming", "X (Dec. 2023)"]),
        (record(Talk, "2023-11-15"), ["2023", "Upcoming", "X, Conf (Nov. 2023)"]),
        (record(Talk, "2023-11-14"), ["2023", "Talks", "X, Conf (Nov. 2023)"]),
        (record(Talk, "2023"), ["2023", "Talks", "X, Conf"]),
        (
            record(Service, "2019 2020", organization="O"),
            ["2020", "Finished", "X, O", "2019", "Started", "X, O"],
        ),
        (record(Service, "2020-05", organization="O"), ["2020", "Volunteering", "X, O (May 2020)"]),
        (
            record(Service, "2019 2024", events=("A 2019", "B 2019", "A 2024")),
            ["2024", "Upcoming", "X, A 2024", "2019", "Volunteering", "X, A 2019", "X, B 2019"],
        ),
        (
            record(Service, "2020-05 2021", events=("A",)),
            ["2020", "Volunteering", "X, A (May 2020)"],
        ),
    ],
)
def test_what_a_record_tells_of(each: Record, lines: list[str]) -> None:
    assert listed(each) == lines


def test_what_has_no_date_or_is_a_skill_is_no_change() -> None:
    assert listed(record(Skill, ""), record(Award, "", id="y")) == ["Nothing has happened yet."]


def test_newest_first_in_a_year_and_what_is_known_by_year_last() -> None:
    talks = [
        record(Talk, date, id=f"t{date}", title=date) for date in ("2020", "2020-03", "2020-11")
    ]
    assert listed(*talks) == [
        "2020",
        "Talks",
        "2020-11, Conf (Nov. 2020)",
        "2020-03, Conf (Mar. 2020)",
        "2020, Conf",
    ]


def test_all_verbs_in_their_order() -> None:
    found = listed(
        record(Talk, "2023-12", id="a"),
        record(Talk, "2023-01", id="b"),
        record(Job, "2022 2023-01", id="c"),
        record(Job, "2023-01 present", id="d"),
        record(Award, "2023-01", id="e"),
        record(Service, "2023-01", id="f"),
    )
    verbs = ["Upcoming", "Started", "Publications", "Talks", "Certificates", "Awards"]
    verbs += ["Volunteering", "Finished"]
    assert changelog.verbs() == verbs
    shown = [line for line in found if line in verbs]
    missing = {"Certificates", "Publications"}
    assert shown[: len(verbs) - 2] == [verb for verb in verbs if verb not in missing]


# -- Evidence -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://github.com/kubernetes/kubernetes/pull/106828", "#106828"),
        ("https://github.com/ada/pipes/pull/7/files#diff-1", "#7"),
        ("https://github.com/ada/pipes/issues/12?x=y", "#12"),
        ("https://gitlab.com/ada/pipes/-/merge_requests/3", "#3"),
        ("https://git.pipes.example/ada/pipes/pull/8", "#8"),
        ("https://github.com/ada/pipes", "ada/pipes"),
        ("https://www.github.com/ada/pipes.py/", "ada/pipes.py"),
        ("https://github.com/ada/pipes/tree/main/src", "ada/pipes"),
        ("https://github.com/ada/pipes/pull/new", "ada/pipes"),
        ("https://codeberg.org/ada/pipes", "ada/pipes"),
        ("https://github.com/ada", "github.com"),
        ("https://github.com", "github.com"),
        ("https://www.pipes.example/a/b", "pipes.example"),
        ("https://Pipes.Example:8080/a/b/", "pipes.example"),
    ],
)
def test_the_identifier_of_an_address(address: str, shown: str) -> None:
    assert identifier(address) == shown


PROVED = """# Proved

## Valves

```{project}
:id: valves
:start: 2021
:skills: go
```

Valves in Go

- Cut them.
  - [Cut valves & \\<pipes> in *one* pass](https://github.com/ada/pipes/pull/106828) (merged)
  - [The `cutter`](https://github.com/ada/cutter)
  - {talk}`quiet-fans`
  - {project}`reed` (as a part)
- See [the notes](https://notes.example/) (long).
- [Half](https://half.example/) of it (a half) and more

### Leaks

- Found them.
  - [Notes](https://notes.example/a/b)
  - <https://bare.example/c>
  - [Ask her](mailto:ada@pipes.example)
"""


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The small portfolio with evidence on a page."""
    source = shutil.copytree(ROOT, tmp_path_factory.mktemp("proved") / "source")
    (source / "proved.md").write_text(f"---\norphan: true\n---\n{PROVED}", "utf-8")
    levels = "\n\n".join(f"{'#' * level} Level {level}" for level in range(1, 7))
    deep = f"---\norphan: true\n---\n{levels}\n\n```{{talks}}\n:newest: 1\n```\n"
    (source / "deep.md").write_text(deep, "utf-8")
    made = build(source)
    assert made.warnings == []
    return made


def test_evidence_has_an_identifier_a_title_and_its_state(proved: Built) -> None:
    items = proved.page("proved").select("li.portfolio-evidence")
    assert [text(item) for item in items] == [
        "#106828 Cut valves & <pipes> in one pass (merged)",
        "ada/cutter The cutter",
        "talk Quiet Fans",
        "project Reed (as a part)",
        "notes.example Notes",
        "bare.example https://bare.example/c",
        "Ask her",
    ]
    pull, repository, talk, project, *_, mail = items
    assert mail.select(".portfolio-evidence-id") == []
    assert [str(it) for it in one(repository, "a > .portfolio-evidence-id").contents] == [
        "ada/",
        "<wbr/>",
        "cutter",
    ]
    one(repository, "a > .portfolio-evidence-title code")
    link = one(pull, "p > a")
    assert link["href"] == "https://github.com/ada/pipes/pull/106828"
    assert [part["class"] for part in link.select(":scope > span")] == [
        ["portfolio-evidence-id"],
        ["portfolio-evidence-title"],
    ]
    assert one(link, ".portfolio-evidence-title > em").get_text() == "one"
    # The state is not part of the link.
    assert one(pull, "p > a + .portfolio-evidence-state:last-child").get_text() == "(merged)"
    assert one(talk, "p > .portfolio-evidence-id:first-child + a")["href"] == (
        "talks/index.html#quiet-fans"
    )
    assert one(project, "p > .portfolio-evidence-id + a + .portfolio-evidence-state")
    others = proved.page("proved").select("#valves > ul > li:not(:has(li))")
    assert [text(each) for each in others] == [
        "See the notes (long).",
        "Half of it (a half) and more",
    ]


def test_below_six_headings_that_of_a_talk_is_of_the_sixth_level(proved: Built) -> None:
    assert text(one(proved.page("deep"), "li > h6")) == "Far Away In Go"


def test_evidence_of_a_record_is_one_text_for_each_item(proved: Built) -> None:
    def texts(evidence: tuple[RichText, ...]) -> list[list[tuple[str, str]]]:
        return [[(run.text, run.target) for run in item] for item in evidence]

    cut, *_, leaks = proved.portfolio.by_id["valves"].highlights
    address = "https://github.com/ada/pipes/pull/106828"
    first, repository, talk, project = texts(cut.evidence)
    assert [target for _, target in first] == [address, address, address, ""]
    assert "".join(words for words, _ in first) == "Cut valves & <pipes> in one pass (merged)"
    assert {target for _, target in repository} == {"https://github.com/ada/cutter"}
    assert talk == [("Quiet Fans", "quiet-fans")]
    assert "".join(words for words, _ in project) == "Reed (as a part)"
    assert [target for _, target in project] == ["reed", ""]
    # A heading below the record is a highlight, with its bullets.
    assert plain(leaks.text) == "Leaks"
    [found] = leaks.highlights
    assert plain(found.text) == "Found them."
    assert [target for item in texts(found.evidence) for _, target in item] == [
        "https://notes.example/a/b",
        "https://bare.example/c",
        "mailto:ada@pipes.example",
    ]


def test_the_names_of_skills_by_group(built: Built) -> None:
    [listing] = [
        each
        for each in built.page("views").select("dl")
        if each.select('dt > a[href^="skills.html"]')
    ]
    assert [text(each) for each in listing.select("dt, dd")] == [
        "Crafts",
        "Go, Welding",
        "Arts",
        "Singing",
    ]
    assert [link["href"] for link in listing.select("a")] == [
        "skills.html#go",
        "skills.html#singing",
    ]


def test_skills_under_no_heading_stand_first_without_one() -> None:
    skills = (
        record(Skill, "", id="a", title="A", group="Crafts", line=1),
        record(Skill, "", id="b", title="B", line=2),
        record(Skill, "", id="c", title="C", group="Crafts", line=3),
    )
    assert says(draw("skills", of(*skills))) == ["B", "Crafts", "A, C"]
    assert says(draw("skills", of(skills[1]))) == ["B"]
    terms = [each for top in draw("skills", of(*skills)) for each in top.findall(nodes.term)]
    assert len(terms) == 1


def test_skills_without_evidence_are_at_the_end_of_their_group(source: Path) -> None:
    page = source / "skills.md"
    bare = "### Tuning\n\n```{skill}\n:id: tuning\n```\n\n"
    told = "### Rowing\n\n```{skill}\n:id: rowing\n```\n\nAt weekends.\n\n"
    written = page.read_text("utf-8")
    page.write_text(written.replace("### Go\n", f"{bare}{told}### Go\n"), "utf-8")
    made = build(source)
    assert made.warnings == []
    shown = made.page("skills")
    found = {
        str(group["id"]): [
            (str(section["id"]), bool(section.find_parent(class_="portfolio-unproved")))
            for section in group.select("section")
        ]
        for group in shown.select("section > section:has(section)")
    }
    # What is written about a skill keeps it in its place.
    assert found == {
        "crafts": [("rowing", False), ("go", False), ("tuning", True), ("welding", True)],
        "arts": [("singing", True)],
    }
    boxes = shown.select("section > div.portfolio-unproved:last-child")
    assert len(boxes) == len(shown.select(".portfolio-unproved")) == 2
    assert {section["id"] for section in shown.select("section:has(> .portfolio-proof)")} == {"go"}


def test_counts_have_one_order_whatever_comes_first() -> None:
    kinds = (Service, Award, Degree, Project, Talk, Job)
    assert {*KINDS} == {kind.kind for kind in kinds} | {
        "skill",
        "certificate",
        "language",
        "publication",
    }
    proofs = [record(kind, id=f"{kind.kind}{n}", skills=("go",)) for kind in kinds for n in "ab"]
    assert facts.count(proofs, ENGLISH) == [
        "2 jobs",
        "2 talks",
        "2 projects",
        "2 awards",
        "2 volunteer roles",
        "2 degrees",
    ]
    assert facts.count(proofs[::2], ENGLISH) == [
        "1 job",
        "1 talk",
        "1 project",
        "1 award",
        "1 volunteer role",
        "1 degree",
    ]
    others = [record(Skill, "", id=f"skill{n}") for n in "ab"]
    assert facts.count([*others, *proofs], ENGLISH)[2:4] == ["2 projects", "2 skills"]


def test_what_proves_a_skill_is_counted_and_named_kind_by_kind() -> None:
    kinds = (Skill, Service, Award, Degree, Project, Talk, Job)
    proofs = [
        record(
            kind,
            "" if kind is Skill else "2020",
            id=f"{kind.kind}{n}",
            title=f"{kind.kind} {n}",
            **({"cites": ("go",)} if kind is Skill else {"skills": ("go",)}),
        )
        for kind in kinds
        for n in range(1 + (kind is Talk))
    ]
    go = record(Skill, "", id="go", cites=("go",))  # what it says of itself is no proof
    found = [*facts.backlinks(go, of(go, *proofs))]
    assert [(fact.name, fact.label, [run.target for run in fact.values]) for fact in found] == [
        ("backlinks", "1 job", ["job0"]),
        ("backlinks", "2 talks", ["talk0", "talk1"]),
        ("backlinks", "1 project", ["project0"]),
        ("backlinks", "1 skill", ["skill0"]),
        ("backlinks", "1 award", ["award0"]),
        ("backlinks", "1 volunteer role", ["service0"]),
        ("backlinks", "1 degree", ["degree0"]),
    ]


@pytest.mark.parametrize(
    ("speakers", "said"),
    [
        (("Ada",), []),
        (("Bo",), [("Speaker", ["Bo"])]),
        (("ada",), [("Speaker", ["ada"])]),
        (("Ada", "Bo"), [("Speakers", ["Ada", "Bo"])]),
        (("Bo", "Ada"), [("Speakers", ["Bo", "Ada"])]),
    ],
)
def test_that_the_person_alone_spoke_goes_without_saying(
    speakers: tuple[str, ...], said: list[tuple[str, list[str]]]
) -> None:
    talk = record(Talk, speakers=speakers)
    found = [each for each in facts.facts(talk, of(talk)) if each.name == "speakers"]
    assert [(each.label, [run.text for run in each.values]) for each in found] == said


# -- Biography ----------------------------------------------------------------


def test_a_biography_is_a_box_of_text_to_copy(built: Built) -> None:
    made, written = built.page("views").select("div.portfolio-copy.portfolio-prose")
    text_ = (
        "Ada <Example> & Co works at Acme & <Sons> Ltd. as Editor and studied at Ghent. "
        "Ada <Example> & Co received the Golden Pipe (2022) and has spoken at PipeCon and Fan Day."
    )
    assert [text(each) for each in made.select("p")] == [text_, f"{len(text_.split())} words"]
    assert [text(each) for each in written.select("p")] == [
        "Ada builds organs.",
        "She plays fans.",
        "6 words",
    ]
    assert one(written, "em").get_text() == "organs"
    assert one(written, "a")["href"] == "https://fans.example/"
    for box in (made, written):
        assert one(box, "p.portfolio-words:last-child")


def job(dates: str, name: str, **fields: Any) -> Record:
    return record(Job, dates, id=name.lower(), title=name, **fields)


@pytest.mark.parametrize(
    ("records", "lines"),
    [
        ([job("2020 present", "A")], ["Ada works at Acme as A."]),
        (
            [job("2020 present", "A"), job("2021 2030", "B")],
            ["Ada works at Acme as A and at Acme as B."],
        ),
        ([job("2020 present", "A"), job("2021 2022", "B")], ["Ada works at Acme as A."]),
        ([job("2020 2021", "A"), job("2018 2019", "B")], ["Ada worked at Acme as A."]),
        ([job("2020 present", "A"), job("2024-01 present", "B")], ["Ada works at Acme as A."]),
        ([job("2024-01 present", "A")], []),
        ([], []),
        (
            # The newest degree is enough, and what is upcoming is left out.
            [
                job("2020 present", "A"),
                record(Degree, "2022 present", id="d", area="Bells", score="9/10"),
                record(Degree, "2018 2021", id="first", area="Fans"),
                record(Talk, "2024", id="t"),
                record(Award, "2023-12", id="a"),
            ],
            ["Ada works at Acme as A and studies Bells at Acme."],
        ),
        ([record(Degree, "2018 2021", score="9/10")], ["Ada studied at Acme."]),
        ([record(Degree, "2018 2021", organization="Acme Ltd.")], ["Ada studied at Acme Ltd."]),
        (
            [record(Award, str(2010 + n), id=f"a{n}", title=f"The T{n}") for n in range(4)],
            ["Ada received the T3 (2013), the T2 (2012) and the T1 (2011)."],
        ),
        (
            # Events, each once.
            [
                record(Talk, str(2010 + n), id=f"t{n}", event=event)
                for n, event in enumerate(("D", "C", "B", "A", "B"))
            ],
            ["Ada has spoken at B, A and C."],
        ),
    ],
)
def test_a_biography_is_of_sentences(records: list[Record], lines: list[str]) -> None:
    assert [*bio.sentences(of(*records))] == lines


# -- Pages --------------------------------------------------------------------

BAD = [
    (
        "talks",
        ":topic: acoustic",
        "talks: unknown skill or topic 'acoustic': did you mean 'acoustics'?",
    ),
    ("talks", ":year: 2032", "talks: no talk in '2032': did you mean '2025'?"),
    ("talks", ":when: later", "talks: invalid :when: 'later': use past or upcoming"),
    ("talks", ":newest: all", "talks: invalid :newest: 'all': use a number from 1 to 9999"),
    ("projects", ":only: reef", "projects: unknown project 'reef': did you mean 'reed'?"),
]


# Pages beside those of the root, by name. Two lines of front matter come first.
SPOILED = {
    "bad": "".join(
        f"```{{{name}}}\n{option}\n```\n\nAfter {option}\n\n" for name, option, _ in BAD
    ),
    "stray": "```{talks}\n:topik: go\n```\n\n```{talks}\n:year:\n```\n\n"
    "```{changelog}\nwords\n```\n",
    "two": "```{changelog}\n```\n\n```{changelog}\n```\n",
    "alone": "```{projects}\n:only: reed\n```\n",
    "draft": "```{talks}\n:year: 1900\n```\n",
    "every": "\n".join(
        f"```{{{name}}}\n{''.join(f':{option}: x{chr(10)}' for option in view.options)}```\n"
        for name, view in VIEWS.items()
    ),
}


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The small portfolio with pages that are wrong, drafts or orphans."""
    source = shutil.copytree(ROOT, tmp_path_factory.mktemp("spoiled") / "source")
    for name, page in SPOILED.items():
        (source / f"{name}.md").write_text(f"---\norphan: true\n---\n# A page\n\n{page}", "utf-8")
    return build(source, exclude_patterns=["draft.md"])


def warnings_of(made: Built, page: str) -> list[str]:
    return [warning for warning in made.warnings if warning.startswith(f"{page}.md:")]


def test_bad_input_is_told_with_its_place_and_takes_the_view_alone_away(spoiled: Built) -> None:
    assert warnings_of(spoiled, "bad") == [
        f"bad.md:{6 + 6 * number}: WARNING: {message} [portfolio.view]"
        for number, (_, _, message) in enumerate(BAD)
    ]
    shown = spoiled.page("bad")
    assert [text(each) for each in shown.select("p")] == [f"After {option}" for _, option, _ in BAD]
    assert shown.select("ul, ol, dl") == []


def test_unknown_empty_and_stray_input_is_told_by_myst(spoiled: Built) -> None:
    allowed = "(allowed: ['newest', 'topic', 'when', 'year'])"
    assert warnings_of(spoiled, "stray") == [
        f"stray.md:7: WARNING: 'talks': Unknown option key: 'topik' {allowed} "
        "[myst.directive_option]",
        "stray.md:11: WARNING: 'talks': Invalid option value for 'year': None: "
        "argument required but none supplied [myst.directive_option]",
        "stray.md:14: WARNING: 'changelog': Has content, but none permitted [myst.directive_parse]",
    ]


def test_every_view_is_a_directive_with_its_options(spoiled: Built) -> None:
    found = warnings_of(spoiled, "every")
    # Where no files are exported, a button is left out.
    with_options = {name for name, view in VIEWS.items() if view.options} - {"downloads"}
    assert {warning.split(": ")[2] for warning in found} == with_options
    assert all(warning.endswith(" [portfolio.view]") for warning in found)


def test_a_view_that_is_twice_on_a_page_is_told(spoiled: Built) -> None:
    assert warnings_of(spoiled, "two") == [
        "two.md:9: WARNING: changelog: duplicate id 'changelog-2025' on this page: "
        "remove one of the two [portfolio.view]"
    ]
    ids = Counter(str(each["id"]) for each in spoiled.page("two").select("[id]"))
    assert {*ids.values()} == {1}


def test_a_page_that_is_excluded_is_not_read_and_an_orphan_draws(spoiled: Built) -> None:
    assert warnings_of(spoiled, "alone") == warnings_of(spoiled, "draft") == []
    assert not (spoiled.folder / "draft.html").exists()
    assert text(one(spoiled.page("alone"), ".portfolio-cards .portfolio-card-title")) == "Reed"


def test_facts_have_dates_for_machines(built: Built) -> None:
    found = {
        id_: [
            (time["datetime"], time.get_text())
            for time in built.page(page).select(f"#{id_} dd.portfolio-fact-dates time")
        ]
        for page, id_ in (("made", "wind-chest"), ("work", "tuner"), ("work", "golden-pipe"))
    }
    assert found == {
        "wind-chest": [("2020-01", "Jan. 2020"), ("2020-06", "June 2020")],
        "tuner": [("2019", "2019"), ("2021-02", "Feb. 2021")],
        "golden-pipe": [("2022-05", "May 2022")],
    }
    # What goes on has no date for its end.
    assert text(one(built.page("work"), "#editor dd.portfolio-fact-dates")) == "Mar. 2021 – Present"
    assert len(built.page("work").select("#editor time")) == 1


def test_with_furo_the_list_of_a_page_has_the_years_of_talks(source: Path) -> None:
    page_ = source / "talks" / "index.md"
    skill = "\n### Whistling\n\n```{skill}\n:id: whistling\n```\n"
    page_.write_text(f"{page_.read_text('utf-8')}{skill}", "utf-8")
    made = build(
        source,
        extensions=["myst_parser", "sphinx_portfolio", "sphinx_portfolio.site"],
        html_theme="furo",
        portfolio_exports=[],
    )
    assert made.warnings == []

    def listed_(page: str) -> list[tuple[str, str]]:
        shown = BeautifulSoup((made.folder / f"{page}.html").read_text("utf-8"), "html5lib")
        return [(str(link["href"]), text(link)) for link in shown.select(".toc-tree a")]

    assert listed_("talks/index") == [
        ("#", "Talks"),
        ("#upcoming", "Upcoming"),
        ("#year-2023", "2023"),
        ("#year-2021", "2021"),
        ("#elsewhere", "Elsewhere"),
        ("#whistling", "Whistling"),
    ]
    page = BeautifulSoup((made.folder / "talks/index.html").read_text("utf-8"), "html5lib")
    assert {f"#{each['id']}" for each in page.select("[id]")} > {
        address for address, _ in listed_("talks/index")[1:]
    }
    # Other pages keep the list of Sphinx.
    assert listed_("skills") == [
        ("#", "Skills"),
        ("#crafts", "Crafts"),
        ("#go", "Go"),
        ("#welding", "Welding"),
        ("#arts", "Arts"),
        ("#singing", "Singing"),
    ]
    assert listed_("papers") == []


@pytest.mark.parametrize(
    ("builder", "talks"),
    [("html", False), ("html", True), ("text", True)],
    ids=["without talks", "with talks", "as text"],
)
def test_the_invented_portfolio_draws_every_view(
    tmp_path: Path, rootdir: Path, builder: str, talks: bool
) -> None:
    source = invented(rootdir, tmp_path / "source", talks=talks)
    views = (ROOT / "views.md").read_text("utf-8")
    (source / "views.md").write_text(f"---\norphan: true\n---\n{views}", "utf-8")
    if talks:
        page = source / "talks" / "index.md"
        text_ = page.read_text("utf-8")
        if "{talks}" not in text_:
            page.write_text(text_.replace("```{bib", "```{talks}\n```\n\n```{bib"), "utf-8")
    made = build(source, builder, html_theme="basic")
    assert made.warnings == []
    path = made.folder / ("views.html" if builder == "html" else "views.txt")
    shown = path.read_text("utf-8")
    for words in ("as Редактор карт", "Премия «Компас»", "Народная библиотека"):
        assert words in shown
    if builder == "html" and talks:
        check_filter(made.page("talks/index"), made.portfolio)


# -- Edits --------------------------------------------------------------------

# Where the axis of all dates is drawn, which the oldest and the newest change.
DRAWN = {"made", "skills", "talks/index", "views", "work"}
# The pages that show each edit, upon those before it.
EDITS = {
    "talk": ("talks/talks.bib", "{Quiet Fans}", "{Silent Fans}", {"index", "views", "talks/index"}),
    "bibtex": ("talks/talks.bib", "@unpublished{loud", "@misc{loud", {"talks/index"}),
    "keyword": ("talks/talks.bib", "{go, acoustics}", "{go}", {"talks/index"}),
    "newest": ("talks/talks.bib", "{2025}", "{2020}", {"index", "papers", *DRAWN}),
    "oldest": ("work.md", ":start: 2016-10", ":start: 2015-10", DRAWN),
    "job": (
        "work.md",
        "## Editor",
        "## Writer",
        {"index", "skills", "talks/index", "views", "work"},
    ),
    "highlight": ("work.md", "- Taught.", "- Learnt.", {"work"}),
    "event": ("work.md", "Fan Day 2022", "Fan Day 2020", {"views", "work"}),
    "project": ("made.md", ":end: 2020-06", ":end: 2021-06", {"views", "made", "skills"}),
    "group": ("skills.md", "## Arts", "## Fine arts", {"index", "skills", "views"}),
}


def test_after_each_edit_the_pages_that_show_it_change_and_no_others(
    source: Path, tmp_path: Path
) -> None:
    builds = Builds(source, tmp_path)
    before = pages(builds.build())
    found = {}
    for name, (page, old, new, _) in EDITS.items():
        builds.edit(page, old, new)
        after = pages(builds.build())
        found[name] = difference(before, after)
        before = after
    assert found == {name: shown for name, (_, _, _, shown) in EDITS.items()}
    assert difference(before, pages(builds.build("fresh"))) == set()


def test_in_several_processes_views_are_those_of_one(source: Path, tmp_path: Path) -> None:
    builds = Builds(source, tmp_path)
    serial, parallel = builds.build("serial"), builds.build("parallel", parallel=2)
    assert len([*source.rglob("*.md")]) > 5  # Sphinx reads fewer than six in one process
    assert difference(files(serial), files(parallel)) == set()


# -- Entries ------------------------------------------------------------------


def test_entries_are_those_of_a_kind_with_where_and_when(built: Built) -> None:
    items = built.page("views").select("ul.portfolio-entries > li")
    assert [[text(line) for line in item.select("p")] for item in items] == [
        ["Acme & <Sons> Ltd.", "Editor, Mar. 2021 – Present"],
        ["Bellows", "Tuner, 2019 – Feb. 2021"],
    ]
    for item in items:
        # Above the name is the span.
        assert [child.name for child in item.find_all(True, recursive=False)] == ["svg", "p", "p"]
        one(item, "p.portfolio-entry-name > a")
        one(item, "p:not([class]) > .portfolio-date:last-child")
    assert [link["href"] for item in items for link in item.select("a")] == [
        "work.html#editor",
        "work.html#tuner",
    ]
    dates = [time["datetime"] for time in items[1].select(".portfolio-date > time")]
    assert dates == ["2019", "2021-02"]
    assert draw("entries", of(), kind="award")[0].astext() == "No award yet."


@pytest.mark.parametrize(
    ("each", "lines"),
    [
        (record(Award, "2020-05"), ["X", "May 2020"]),
        (record(Award, ""), ["X", ""]),
        (record(Talk, "2020"), ["X", "Conf, 2020"]),
        (record(Service, "2020", organization="O"), ["X", "O, 2020"]),
        (record(Service, "2019 2020", events=("A 2019", "B 2020")), ["X", "A 2019, B 2020"]),
        (record(Project, "2019 present"), ["X", "2019 – Present"]),
    ],
)
def test_an_entry_names_a_title_or_an_event_once(each: Record, lines: list[str]) -> None:
    assert says(draw("entries", of(each), kind=each.kind)) == lines


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        ("jbo", ": did you mean 'job'?"),
        ("", f": use one of {', '.join(KINDS)}"),
    ],
)
def test_entries_of_no_kind_are_told_with_the_kinds(kind: str, end: str) -> None:
    with pytest.raises(RecordError, match=re.escape(f"unknown kind {kind!r}{end}")):
        draw("entries", of(), kind=kind)


def test_many_links_of_a_kind_are_folded() -> None:
    def shown(count: int) -> nodes.container:
        talks = (
            Talk(id=f"talk-{number}", title="Go", docname="t", speakers=("Ada",), skills=("go",))
            for number in range(count)
        )
        skill = Skill(id="go", title="Go", docname="skills")
        portfolio = of(skill, *talks)
        drawn = facts.draw(facts.facts(skill, portfolio), portfolio, "skills")
        assert drawn
        assert len(list(drawn.findall(addnodes.pending_xref))) == count
        return drawn

    assert not list(shown(8).findall(portfolio_details))
    [folded] = shown(12).findall(portfolio_details)
    assert folded["summary"] == "6 more"
    assert len(list(folded.findall(addnodes.pending_xref))) == 6
