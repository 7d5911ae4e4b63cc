"""The domain: references lead to records from pages, the index, the search and other projects."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from bs4 import BeautifulSoup, Tag
from sphinx.testing.util import SphinxTestApp
from sphinx.util.inventory import InventoryFile

from invented import made
from sphinx_portfolio.domain import PortfolioDomain
from sphinx_portfolio.model import KINDS, Job
from support import Site, one

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sphinx.environment import BuildEnvironment

    Build = Callable[..., SphinxTestApp]

# Of the invented portfolio with talks: each record's kind, page and title.
RECORDS = {
    "nord-editor": ("job", "experience/nord", "Редактор карт"),
    "nord-setter": ("job", "experience/nord", "Наборщица"),
    "atlas": ("job", "experience/atlas", "Praktikantin"),
    "haifa": ("degree", "experience/studies", "תואר ראשון בגאוגרפיה"),
    "rakia": ("project", "projects/rakia", "רקיע"),
    "shvil": ("project", "projects/shvil", "שביל"),
    "compass": ("award", "recognition", "Премия «Компас»"),
    "letter": ("award", "recognition", "פרס האות"),
    "reviewer": ("service", "recognition", "Map reviewer"),
    "librarian": ("service", "recognition", "Библиотекарь"),
    "typesetting": ("skill", "skills", "Typesetting"),
    "bookbinding": ("skill", "skills", "Bookbinding"),
    "cartography": ("skill", "skills", "Cartography"),
    "small-type": ("talk", "talks/index", "Мелкий кегль: набор подписей"),
    "by-ear": ("talk", "talks/index", "Mapmaking by Ear"),
}


def invented(rootdir: Path, target: Path, *, talks: bool) -> Path:
    """Copy the invented portfolio, with talks or without."""
    shutil.copytree(rootdir / "test-invented", target)
    if talks:
        shutil.copytree(rootdir / "test-invented-talks", target, dirs_exist_ok=True)
    return target


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, rootdir: Path) -> Site:
    """The invented portfolio with talks."""
    folder = tmp_path_factory.mktemp("invented")
    app = SphinxTestApp("html", srcdir=invented(rootdir, folder / "source", talks=True))
    app.build()
    app.cleanup()
    assert app.warning.getvalue() == ""
    return Site(app.outdir)


def objects(folder: Path) -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Of an inventory: each kind's ids, with address and title."""
    inventory = InventoryFile.loads((folder / "objects.inv").read_bytes(), uri="")
    found = {}
    for kind, items in inventory.data.items():
        domain, _, name = kind.partition(":")
        if domain == "portfolio":
            found[name] = {id_: (item.uri, item.display_name) for id_, item in items.items()}
    return found


@pytest.mark.parametrize(
    ("builder", "talks"),
    [("html", False), ("html", True), ("dirhtml", True), ("epub", True), ("text", True)],
    ids=["html-no-talks", "html", "dirhtml", "epub", "text"],
)
def test_another_persons_portfolio_builds_without_a_warning(
    tmp_path: Path, make_app: Callable[..., SphinxTestApp], rootdir: Path, builder: str, talks: bool
) -> None:
    app = make_app(builder, srcdir=invented(rootdir, tmp_path / "source", talks=talks))
    app.build()
    assert app.warning.getvalue() == ""
    text = "".join(
        path.read_text("utf-8")
        for path in app.outdir.rglob("*")
        if path.suffix in {".html", ".xhtml", ".txt"}
    )
    for words in ("נעמי ברק", "Редактор карт", "תואר ראשון בגאוגרפיה", "Used at"):
        assert words in text


def test_the_inventory_lists_all_records_with_their_addresses(built: Site) -> None:
    found = objects(built.folder)
    assert {id_: (kind, *item) for kind, items in found.items() for id_, item in items.items()} == {
        id_: (kind, f"{page}.html#{id_}", title) for id_, (kind, page, title) in RECORDS.items()
    }
    for id_, (_, page, _) in RECORDS.items():
        assert len(built[page].select(f'[id="{id_}"]')) == 1


def test_the_index_lists_all_records_with_their_kind(built: Site) -> None:
    links = {
        link["href"]: re.sub(r"\s+", " ", link.get_text())
        for link in built["genindex"].select(".genindextable a")
    }
    assert links == {
        f"{page}.html#{id_}": f"{title} ({kind})" for id_, (kind, page, title) in RECORDS.items()
    }


def test_the_search_finds_each_record_once(built: Site) -> None:
    """As `_performSearch` in Sphinx's searchtools.js does: by headings and by index entries."""
    text = (built.folder / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    pages = index["docnames"]
    for id_, (_, page, title) in RECORDS.items():
        query = title.lower()
        found = [
            (pages[place[0]], place[1])
            for words, places in (*index["alltitles"].items(), *index["indexentries"].items())
            if query in words.lower() and len(query) >= len(words) / 2
            for place in places
        ]
        # The heading of a page needs no anchor.
        is_page = built[page].select(f'[id="{id_}"] > h1')
        assert found == [(page, None if is_page else id_)], title
    # As objects they would be found a second time.
    assert index["objects"] == {}


@pytest.fixture
def build(tmp_path: Path, make_app: Callable[..., SphinxTestApp], rootdir: Path) -> Build:
    """Build the invented portfolio with talks, and pages beside it."""

    def make(builder: str = "html", **pages: str) -> SphinxTestApp:
        source = invented(rootdir, tmp_path / "source", talks=True)
        for name, text in pages.items():
            (source / f"{name}.md").write_text(f"---\norphan: true\n---\n{text}", "utf-8")
        app = make_app(builder, srcdir=source, confoverrides={"html_theme": "basic"})
        app.build()
        return app

    return make


def links(app: SphinxTestApp, page: str) -> list[tuple[str, str, str]]:
    """The links of a page's body: address, text and tooltip."""
    text = (app.outdir / f"{page}.html").read_text(encoding="utf-8")
    body = one(BeautifulSoup(text, "html5lib"), "[role=main]")
    return [
        (str(link["href"]), link.get_text(), str(link.get("title", "")))
        for link in body.select("a:not(.headerlink)")
    ]


def test_every_kind_has_a_role(build: Build) -> None:
    ids = {kind: id_ for id_, (kind, _, _) in reversed(RECORDS.items())}
    assert {*ids, "certificate", "language", "publication"} == {*KINDS}
    named = "\n".join(f"{{{kind}}}`{id_}`" for kind, id_ in ids.items())
    titled = "\n".join(f"{{{kind}}}`in *words* <{id_}>`" for kind, id_ in ids.items())
    linked = "\n".join(f"[](#{id_})\n[in *words*](#{id_})" for id_ in ids.values())
    # A page may have the name of a record.
    app = build(rakia="# Page\n", page=f"# Page\n\n{named}\n\n{titled}\n\n{linked}\n")
    assert app.warning.getvalue() == ""

    def address(id_: str) -> tuple[str, str]:
        _, page, title = RECORDS[id_]
        return f"{page}.html#{id_}", title

    employers = {"nord-editor": "Типография «Норд»", "haifa": "אוניברסיטת הכרמל"}
    names = {id_: employers.get(id_, RECORDS[id_][2]) for id_ in ids.values()}
    expected = [
        *((address(id_)[0], names[id_], address(id_)[1]) for id_ in ids.values()),
        # A role's words are text as they are.
        *((address(id_)[0], "in *words*", address(id_)[1]) for id_ in ids.values()),
        *(
            (address(id_)[0], text, address(id_)[1])
            for id_ in ids.values()
            for text in (names[id_], "in words")
        ),
    ]
    assert links(app, "page") == expected


def test_a_role_without_a_link(build: Build) -> None:
    app = build(page="# Page\n\n{project}`!rakia`\n")
    assert app.warning.getvalue() == ""
    assert links(app, "page") == []


def test_talk_and_citation_lead_to_one_entry(build: Build) -> None:
    app = build(page="# Page\n\n{talk}`by-ear` {cite:t}`by-ear`\n")
    assert app.warning.getvalue() == ""
    assert [link[:2] for link in links(app, "page")] == [
        ("talks/index.html#by-ear", "Mapmaking by Ear")
    ] * 2


def test_titles_with_markup_are_text(build: Build) -> None:
    page = '# Page\n\n## `<b>` & "x"; y\n\n```{award}\n:id: markup\n:date: 2020\n```\n'
    app = build(page=page, other="# Other\n\n{award}`markup`\n")
    assert links(app, "other") == [("page.html#markup", "<b> & “x”; y", "<b> & “x”; y")]
    text = (app.outdir / "genindex.html").read_text(encoding="utf-8")
    assert "&lt;b&gt; &amp; “x”, y (award)" in text


BACKLINKS = {
    ("projects/rakia", "rakia"): {
        "Used at": ["Типография «Норд»"],
        "Talks": ["Мелкий кегль: набор подписей"],
        "Used by": ["שביל"],
        "Related work": ["פרס האות"],
    },
    ("projects/shvil", "shvil"): {"Used by": ["רקיע"]},
    ("experience/nord", "nord-editor"): {"Talks": ["Мелкий кегль: набор подписей"]},
    ("experience/nord", "nord-setter"): {},
    ("skills", "typesetting"): {
        # Two jobs at one employer would be two links of one name.
        "2 jobs": ["Редактор карт (Типография «Норд»)", "Наборщица (Типография «Норд»)"],
        "1 talk": ["Мелкий кегль: набор подписей"],
        "1 project": ["רקיע"],
    },
    ("skills", "bookbinding"): {},
    ("skills", "cartography"): {
        "1 job": ["Типография «Норд»"],
        "1 talk": ["By Ear"],
        "1 project": ["שביל"],
        "1 award": ["Премия «Компас»"],
        "1 degree": ["אוניברסיטת הכרמל"],
    },
}


def test_an_entry_shows_what_leads_to_it(built: Site) -> None:
    shown = {}
    for page, id_ in BACKLINKS:
        entry = one(built[page], f'[id="{id_}"]')
        facts = entry.select(":scope > .portfolio-facts dd.portfolio-fact-backlinks")
        shown[page, id_] = [
            (label(fact), [a.get_text() for a in fact.select("a")]) for fact in facts
        ]
        for fact in facts:
            titles = [link.get_text() for link in fact.select("a")]
            one_each = fact.select(":scope > ul > li > p" if len(titles) > 1 else ":scope > p")
            assert [line.get_text() for line in one_each] == titles
            assert "".join(fact.stripped_strings) == "".join(titles)
            for link in fact.select("a"):
                path, _, anchor = str(link["href"]).partition("#")
                target = (built.folder / page).parent / path if path else built.folder / page
                name = str(target.resolve().relative_to(built.folder.resolve()))
                assert built[name.removesuffix(".html")].select(f'[id="{anchor}"]'), link
    assert shown == {place: [*facts.items()] for place, facts in BACKLINKS.items()}


def label(fact: Tag) -> str:
    term = fact.find_previous_sibling("dt")
    assert term is not None
    assert one(term, ".portfolio-stop").get_text() == ":"
    return term.get_text().strip().removesuffix(":")


def test_what_cites_itself_or_twice_is_listed_once(build: Build) -> None:
    page = (
        "# Page\n\n```{project}\n:id: self\n:start: 2020\n:skills: cartography\n```\n\n"
        "Cartography by {project}`self`, {skill}`cartography`, {project}`shvil`, {project}`shvil`\n"
    )
    app = build(page=page)
    assert not [link for link in links(app, "page") if link[0] == "#self" and link[1] == "Page"][1:]
    for shown in ("skills", "projects/shvil"):
        assert Counter(text for _, text, _ in links(app, shown))["Page"] == 1


def test_of_another_process_only_the_pages_that_it_read_are_merged() -> None:
    def domain(**pages: str) -> PortfolioDomain:
        """Make a domain that read these pages, each with a record of this id."""
        made_here = PortfolioDomain(cast("BuildEnvironment", SimpleNamespace(domaindata={})))
        for page, id_ in pages.items():
            made_here.note_record(made(Job, id=id_, docname=page))
            made_here.note_references(page, {id_})
            made_here.note_view(page)
        return made_here

    ours = domain(here="new", there="old")
    # A process starts with what was read before, and that may be stale.
    theirs = domain(here="old", there="new", gone="old")
    ours.merge_domaindata({"there"}, theirs.data)
    assert ours.data == domain(here="new", there="new").data


def test_another_project_refers_through_the_inventory(
    tmp_path: Path, make_app: Callable[..., SphinxTestApp], built: Site
) -> None:
    source = tmp_path / "other"
    source.mkdir()
    inventory = str(built.folder / "objects.inv")
    mapping = {"them": ("https://them.example/", inventory)}
    (source / "conf.py").write_text(
        'extensions = ["myst_parser", "sphinx.ext.intersphinx", "sphinx_portfolio"]\n'
        f"nitpicky = True\nintersphinx_mapping = {mapping!r}\n"
        'html_theme = "basic"\n',
        encoding="utf-8",
    )
    (source / "index.md").write_text(
        "# Other\n\n"
        "{external+them:portfolio:project}`rakia`\n{external:portfolio:job}`words <nord-editor>`\n"
        "{portfolio:project}`rakia`\n{portfolio:talk}`words <small-type>`\n"
        "{portfolio:skill}`cartography`\n[words](inv:them:portfolio:award#compass)\n",
        encoding="utf-8",
    )
    app = make_app("html", srcdir=source)
    app.build()
    assert app.warning.getvalue() == ""
    assert [(address, text) for address, text, _ in links(app, "index")] == [
        ("https://them.example/projects/rakia.html#rakia", "רקיע"),
        ("https://them.example/experience/nord.html#nord-editor", "words"),
        ("https://them.example/projects/rakia.html#rakia", "רקיע"),
        ("https://them.example/talks/index.html#small-type", "words"),
        ("https://them.example/skills.html#cartography", "Cartography"),
        ("https://them.example/recognition.html#compass", "words"),
    ]
