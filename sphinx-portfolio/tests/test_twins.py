"""Pages as Markdown, `llms.txt` and `llms-full.txt`, read back by a parser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from sphinx.cmd.build import main as sphinx_build

import web
from test_labs import LAB
from web import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bs4 import Tag

    from support import Site

# sphinx-notfound-page and sphinx-sitemap use what Sphinx 11 will remove.
pytestmark = pytest.mark.filterwarnings("ignore::sphinx.deprecation.RemovedInSphinx11Warning")
EXPORTS = ["*.html.md", "llms.txt", "llms-full.txt", "cv.txt", "cv.md", "resume.json"]
THEMES = ("basic", "furo")  # of a guest, of a site
PARSER = MarkdownIt("commonmark").enable("table")
LISTED = [
    "index", "work/index", "work/guild", "work/more", "talks/index", "publications/index",
    "projects/index", "projects/meter", "skills",
]  # fmt: skip
SOURCES = {*LISTED, "prose", "hebrew"}  # these two are in no menu
PROSE = """\
---
orphan: true
description: What Markdown has.
---

# Prose & \\<signs> \\*

First *emphasis*, **strong**, `code` and ``a ` tick``, [a link](https://a.example/(x)_y_),
<https://b.example/?a=1&b=2>, {download}`a file <mark.svg>` and {job}`guild`. $x < y$

1. one
2. two

   more of two

- a
  - b

* another list

> quoted *words*

```python
print("```")
```

| a | b \\| c |
| --- | --- |
| *1* | 2 |

:::{note}
Mind \\<this>.
:::

Term
: Definition

---

![A picture](ada.png)

\\# no heading, 1\\. no item, \\- none, \\> none, \\[no]\\(link), &amp;amp; \\`no code\\`
"""
HEBREW = "---\norphan: true\n---\n\n# שלום עולם\n\n漢字 かな 👩‍👩‍👧 مرحبا\n"
# A second talk with the same topics, for which the list has a filter.
STOPS = """
@unpublished{stops,
  author = {Example, Ada},
  title = {Tuning Stops},
  eventtitle = {PipeCon},
  eventdate = {2020-05},
  keywords = {tuning, acoustics},
}
"""
GUILD = "\n- [Merged](https://proof.example/ada/pipes/pull/2)\n"
MORE = {
    "work/guild.md": web.PAGES["work/guild.md"] + GUILD,
    "prose.md": PROSE,
    "hebrew.md": HEBREW,
    "talks/talks.bib": web.PAGES["talks/talks.bib"] + STOPS,
}
TALENTS = "# Talents\n\n## Tuning\n\n```{skill}\n:id: tuning\n```\n"


@pytest.fixture(scope="module", autouse=True)
def _today() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        yield


def build(folder: Path, **settings: Any) -> Site:
    source = web.write(folder, **MORE)
    found, warnings = web.build(source, portfolio_exports=EXPORTS, **settings)
    assert warnings == []
    return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, _today: None) -> Site:
    """The site, which knows its address; a page has moved."""
    redirects = {"old/gauge": "../projects/meter.html"}
    return build(tmp_path_factory.mktemp("web"), html_baseurl=ADDRESS, redirects=redirects)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, _today: None) -> Site:
    """The site, which does not know its address."""
    return build(tmp_path_factory.mktemp("local"))


def read(site: Site, name: str) -> str:
    return (site.folder / name).read_bytes().decode()


def rendered(text: str) -> BeautifulSoup:
    return BeautifulSoup(PARSER.render(text), "html5lib")


def shown(site: Site, page: str) -> Tag:
    """Return the content of a page without its controls and drawings; topics are of talks."""
    article = BeautifulSoup(read(site, f"{page}.html"), "html5lib").select_one("article")
    assert article is not None
    for element in article.select("svg, script, style, .headerlink, .portfolio-keys"):
        element.decompose()
    for element in article.select("a > .portfolio-evidence-id"):
        if not element.get_text().startswith("#"):
            element.decompose()
    for menu in article.select("nav"):
        topics = [str(a.contents[0]) for a in menu.select('a:not([href="#all"])')]
        menu.replace_with(f"Topics: {', '.join(topics)}")
    return article


def words(text: str) -> list[str]:
    """Return the words of a text; typographic quotes and dashes are those of the keyboard."""
    straight = text.translate(str.maketrans("“”‘’–—", "\"\"''--"))
    return re.findall(r"\w+", straight)


def resolves(site: Site, base: str, target: str) -> bool:
    """Tell whether a relative address leads to a file, and to a place on it."""
    path, _, fragment = unquote(urljoin(f"/{base}", target)).lstrip("/").partition("#")
    file = site.folder / (path or "index.html")
    if not file.is_file():
        return False
    return not fragment or f'id="{fragment}"' in file.read_text(encoding="utf-8")


# -- The Markdown of pages ----------------------------------------------------


def test_each_page_has_its_markdown_and_announces_it(site: Site) -> None:
    names = {path.relative_to(site.folder).as_posix() for path in site.folder.rglob("*.html.md")}
    assert names == {f"{page}.html.md" for page in SOURCES} | {"old/gauge.html.md"}
    for page in SOURCES:
        first, second = site[page].select('link[rel=alternate][type="text/markdown"]')
        assert first["href"] == f"{page.rpartition('/')[2]}.html.md"
        assert str(second["href"]).endswith("cv.md")
    for page in ("search", "genindex", "404"):
        assert site[page].select("link[rel=alternate]") == []


@pytest.mark.parametrize("page", sorted(SOURCES))
def test_a_page_and_its_markdown_have_the_same_words(local: Site, page: str) -> None:
    found = rendered(read(local, f"{page}.html.md"))
    article = shown(local, page)
    assert set(words(found.get_text(" "))) == set(words(article.get_text(" ")))


@pytest.mark.parametrize("page", sorted(SOURCES))
def test_headings_are_those_of_the_page(local: Site, page: str) -> None:
    def headings(found: Tag, within: str) -> list[tuple[str, list[str]]]:
        names = ", ".join(f"{within} > h{level}" for level in range(1, 7))
        return [(each.name, words(each.get_text(" "))) for each in found.select(names)]

    found = headings(rendered(read(local, f"{page}.html.md")), "body")
    assert found[0][0] == "h1"
    assert found == headings(shown(local, page), "section")


@pytest.mark.parametrize("page", sorted(SOURCES))
def test_links_are_those_of_the_page_and_lead_somewhere(local: Site, page: str) -> None:
    links = {str(a["href"]) for a in rendered(read(local, f"{page}.html.md")).select("a[href]")}
    inner = {link for link in links if not re.match("[a-z]+:", link)}
    assert [link for link in inner if not resolves(local, f"{page}.html.md", link)] == []
    ours = {a["href"] for a in shown(local, page).select("a[href^=http], a[href^=mailto]")}
    assert {unquote(str(link)) for link in ours} == {unquote(link) for link in links - inner}


def test_addresses_are_absolute_where_that_of_the_site_is_known(site: Site) -> None:
    for page in SOURCES:
        found = rendered(read(site, f"{page}.html.md"))
        for link in found.select("a[href]"):
            assert re.match("https?://|mailto:", str(link["href"])), (page, link)
    [talk] = rendered(read(site, "index.html.md")).select('a[href*="#ranks"]')
    assert talk["href"] == f"{ADDRESS}talks/index.html#ranks"


def test_markdown_is_what_the_page_has(local: Site) -> None:
    found = rendered(read(local, "prose.html.md"))
    assert [each.get_text() for each in found.select("p > code")] == ["code", "a ` tick", "x < y"]
    assert [each.get_text() for each in found.select("pre code")] == ['print("```")\n']
    assert [each.get_text() for each in found.select("p > em, blockquote em")] == [
        "emphasis", "words",
    ]  # fmt: skip
    assert [len(each.select(":scope > li")) for each in found.select("body > ul, body > ol")] == [
        2, 1, 1, 1,
    ]  # fmt: skip
    assert [each.get_text() for each in found.select("th")] == ["a", "b | c"]
    assert found.select_one("blockquote + blockquote, pre + table")
    assert [each.get_text() for each in found.select("blockquote strong")] == ["Note"]
    assert "Mind <this>." in found.get_text()
    assert "# no heading, 1. no item, - none, > none, [no](link), &amp;" in found.get_text()
    [picture] = found.select("img")
    assert picture["alt"] == "A picture"
    assert resolves(local, "prose.html.md", str(picture["src"]))
    assert found.select("hr")
    assert not found.select("script, signs, this")


def test_talks_have_the_topics_that_only_the_filter_of_the_page_shows(local: Site) -> None:
    talks = rendered(read(local, "talks/index.html.md")).select("ol > li")
    facts = [[words(fact.get_text()) for fact in talk.select("ul > li")] for talk in talks]
    assert [fact[0] for fact in facts] == [["Topics", "Acoustics", "Tuning"]] * 2
    # It is one list with the other facts.
    assert len(facts[0]) == 2
    assert len(talks[0].select("ul")) == 1


def test_links_to_evidence_have_their_title_and_the_number_of_an_issue(local: Site) -> None:
    links = rendered(read(local, "work/guild.html.md")).select("li a")
    found = {str(a["href"]): a.get_text() for a in links if "proof" in str(a["href"])}
    assert found == {
        "https://proof.example/pull/1": "Proof",
        "https://proof.example/ada/pipes/pull/2": "#2 Merged",
    }


def test_what_opens_on_a_click_has_a_strong_heading(local: Site) -> None:
    talks = rendered(read(local, "talks/index.html.md")).select("ol > li")
    assert [talk.select("p > strong")[-1].get_text() for talk in talks] == ["BibTeX"] * 2


def test_dots_are_between_the_links_of_a_talk(local: Site) -> None:
    found = rendered(read(local, "talks/index.html.md")).get_text()
    assert "video on video.example · slides · event page" in found


def test_a_lab_has_a_strong_title(tmp_path: Path) -> None:
    labs = {"prose.md": "# Labs\n\n```{lab} pipe.py\n```\n", "pipe.py": LAB}
    source = web.write(tmp_path, **labs)
    built, _ = web.build(source, portfolio_exports=EXPORTS)
    strong = rendered(read(built, "prose.html.md")).select("p > strong")
    assert [each.get_text() for each in strong] == ["Rows of pipes", "Limits and sources"]


def test_a_page_that_moved_leads_to_the_new_one(site: Site) -> None:
    [link] = rendered(read(site, "old/gauge.html.md")).select("a")
    assert link["href"] == f"{ADDRESS}projects/meter.html"


def test_no_drawing_and_no_control_is_in_the_markdown(local: Site) -> None:
    for page in SOURCES:
        text = read(local, f"{page}.html.md")
        assert "<svg" not in text
        assert "¶" not in text
        assert "\r" not in text


# -- llms.txt -----------------------------------------------------------------


def test_the_index_has_the_form_of_the_specification(site: Site) -> None:
    """The form of https://llmstxt.org: title, summary, sections that are lists of links."""
    text = read(site, "llms.txt")
    head, *sections = re.split(r"^##\s*", text, flags=re.MULTILINE)
    assert head == "# Ada Example\n\n> Ada builds organs \\<and> says so.\n\n"
    assert [section.partition("\n")[0] for section in sections] == ["Pages", "Optional"]
    item = re.compile(r"- \[(?P<title>.+?)\]\((?P<url>[^()\s]+)\)(: (?P<about>.+))?")
    for section in sections:
        for line in section.splitlines()[1:]:
            assert not line or item.fullmatch(line), line
    pages, optional = (rendered(section).select("li > a") for section in sections)
    files = [str(a["href"]).removeprefix(ADDRESS) for a in optional]
    assert files == ["cv.txt", "cv.md", "resume.json"]
    found = [str(a["href"]).removeprefix(ADDRESS) for a in pages]
    assert found == [f"{page}.html.md" for page in LISTED]


def test_all_pages_are_in_one_file_in_the_order_of_the_menu(site: Site) -> None:
    text = read(site, "llms-full.txt")
    found = rendered(text)
    assert [each.get_text() for each in found.select("h1")] == ["Ada Example"]
    titles = [each.get_text() for each in found.select("h2")]
    assert titles[:2] == ["Work", "Master tuner </script><b>"]  # home has the name of all
    links = found.select("blockquote + p > a, h2 + p > a")
    addresses = [str(a["href"]).removeprefix(ADDRESS) for a in links]
    assert f"\n\n<{ADDRESS}talks/index.html>\n\n" in text
    assert addresses == [f"{page}.html" for page in LISTED]
    for page in LISTED:
        body = rendered(read(site, f"{page}.html.md")).get_text(" ")
        assert set(words(body)) <= set(words(found.get_text(" "))), page


@pytest.mark.parametrize(
    ("settings", "title"),
    [({"project": "Pipes"}, "Pipes"), ({"project": "Project name not set"}, "Ada Example")],
)
def test_without_a_person_the_title_is_that_of_the_project_or_of_home(
    tmp_path: Path, settings: dict[str, str], title: str
) -> None:
    web.write(tmp_path)
    nobody: dict[str, Any] = {
        "author": "Author name not set",
        "portfolio_person": {},
        "html_title": "Site",
    }
    built, _ = web.build(tmp_path, portfolio_exports=EXPORTS, **nobody, **settings)
    for name in ("llms.txt", "llms-full.txt"):
        assert read(built, name).startswith(f"# {title}\n\n> "), name


def test_links_of_the_files_of_all_pages_lead_somewhere(local: Site) -> None:
    for name in ("llms.txt", "llms-full.txt"):
        links = {str(a["href"]) for a in rendered(read(local, name)).select("a[href]")}
        inner = [link for link in links if not re.match("[a-z]+:", link)]
        assert len(inner) > 9
        assert [link for link in inner if not resolves(local, name, link)] == []
        [link] = local["index"].select(f'link[rel=alternate][href="{name}"]')
        assert link["type"] == "text/plain"


def test_an_edit_of_one_page_is_in_the_file_of_all(tmp_path: Path) -> None:
    source, changed = tmp_path / "edited", {"skills.md": TALENTS}
    build(source)
    web.write(source, **changed)
    (source / "hebrew.md").unlink()
    (source / "prose.md").unlink()
    built = web.rebuild(source, portfolio_exports=EXPORTS)
    fresh, _ = web.build(web.write(tmp_path / "fresh", **changed), portfolio_exports=EXPORTS)
    assert "Talents" in read(built, "llms-full.txt")
    for name in ("llms.txt", "llms-full.txt", "skills.html.md", "index.html.md"):
        assert read(built, name) == read(fresh, name), name
    assert not (built.folder / "hebrew.html.md").exists()


def test_a_file_that_is_not_chosen_is_removed(tmp_path: Path) -> None:
    build(tmp_path)
    built = web.rebuild(tmp_path, portfolio_exports=["cv.txt"])
    left = [path for path in built.folder.rglob("*") if path.name.endswith(".html.md")]
    assert left == []
    assert not (built.folder / "llms.txt").exists()
    assert built["index"].select('link[title="Markdown"]') == []


def test_a_guest_has_none_unless_it_asks(tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "extensions": ["myst_parser", "sphinx_portfolio"],
        "html_theme": "basic",
    }
    source = web.write(tmp_path)
    none, _ = web.build(source, **settings)
    assert not [path for path in none.folder.rglob("*") if path.name.endswith((".md", "llms.txt"))]
    asked, _ = web.build(source, portfolio_exports=EXPORTS, **settings)
    assert (asked.folder / "work" / "guild.html.md").is_file()
    links = asked["work/guild"].select("link[rel=alternate]")
    assert [link["href"] for link in links] == [
        "guild.html.md", "../cv.txt", "../cv.md", "../resume.json",
    ]  # fmt: skip
    links = asked["index"].select("link[rel=alternate]")
    assert [link["href"] for link in links][-2:] == ["llms.txt", "llms-full.txt"]
    assert read(asked, "llms.txt").startswith("# Ada Example\n")


@pytest.mark.parametrize(
    ("output", "doctrees"), [("out", "out/.doctrees"), ("a[b]/html", "a[b]/kept"), ("c/d", "c")]
)
@pytest.mark.parametrize("site", [True, False])
def test_what_a_build_writes_below_the_source_is_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], output: str, doctrees: str, site: bool
) -> None:
    source = web.write(tmp_path / "source")
    extensions = ["myst_parser", "sphinx_portfolio", *(["sphinx_portfolio.site"] if site else [])]
    options = [
        *("-D", f"extensions={','.join(extensions)}", "-D", f"html_theme={THEMES[site]}"),
        *("-D", "portfolio_exports=*.html.md,llms-full.txt,cv.md", "-d", str(source / doctrees)),
    ]

    def build(*more: str, folder: Path = source / output) -> set[str]:
        assert sphinx_build([*options, *more, str(source), str(folder)]) == 0
        names = {path.relative_to(folder).as_posix() for path in folder.rglob("*.md")}
        return {name for name in names if not name.startswith("_sources/")}

    assert build() == {*(f"{page}.html.md" for page in LISTED), "cv.md"}
    assert build() == {*(f"{page}.html.md" for page in LISTED), "cv.md"}
    capsys.readouterr()
    # Another output folder is not a reason to read all pages again.
    build("-b", "dirhtml", folder=tmp_path / "elsewhere")
    assert "0 added, 0 changed, 0 removed" in capsys.readouterr().out
