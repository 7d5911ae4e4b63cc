"""Loaded into somebody else's project, the extension works with any theme and builder.

It changes nothing but its own directives, roles and nodes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from sphinx.testing.util import SphinxTestApp

from sphinx_portfolio.html.assets import ENTRIES, FOLDER, SCRIPT, STATIC
from sphinx_portfolio.views import VIEWS
from support import Site, one

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bs4 import BeautifulSoup, Tag

THEMES = ("alabaster", "sphinx_rtd_theme", "pydata_sphinx_theme", "furo")
# Each builder, and the file in which it writes the page of the jobs.
BUILDERS = {
    "dirhtml": "work/index.html",
    "singlehtml": "index.html",
    "epub": "work.xhtml",
    "latex": "inesokafor.tex",
    "text": "work.txt",
    "man": "inesokafor.1",
    "texinfo": "inesokafor.texi",
    "xml": "work.xml",
    "pseudoxml": "work.pseudoxml",
}
SUFFIXES = {"md": ".md", "rst": ".rst"}
MICROFORMAT = re.compile("(?:h|p|u|dt)-[a-z-]+")  # a standard names them
# Classes without our prefix, by who writes them.
OTHERS = {
    *("arabic", "compound", "container", "docutils", "external", "internal", "literal"),  # docutils
    *("pre", "reference", "rubric", "simple"),
    *("clearer", "headerlink", "highlight", "notranslate", "toctree-wrapper", "xref"),  # Sphinx
    *("portfolio",),  # Sphinx: a reference has the name of its domain
    *("mathjax_ignore", "myst", "tex2jax_ignore"),  # MyST
    *("bibtex-citation",),  # sphinxcontrib-bibtex
}
SPHINX = re.compile(r"highlight-\w+|toctree-l\d")

CONF = """extensions = [{extensions}]
project = author = "Ines Okafor"
html_theme = "alabaster"
bibtex_bibfiles = ["talks/talks.bib"]
"""
TALK = """@unpublished{still-water,
  author = {Okafor, Ines}, title = {Still Water}, eventtitle = {Embedded Days},
  eventdate = {2024-05-14}, video = {https://video.example/still-water},
}
"""
PAGES = {
    "md": """# Work

## Engineer

```{job}
:id: gauges
:organization: Harbor Instruments
:start: 2021-04
```

Builds gauges; spoke on {talk}`still-water`.

## Talks

```{talks}
```

```{bibliography}
:all:
```
""",
    "rst": """Work
====

Engineer
--------

.. job::
   :id: gauges
   :organization: Harbor Instruments
   :start: 2021-04

Builds gauges; spoke on :talk:`still-water`.

Talks
-----

.. talks::

.. bibliography::
   :all:
""",
}
# Another extension of the guest, with names that this one might have had.
BOXES = '''
from docutils import nodes
from docutils.parsers.rst import Directive


class details(nodes.General, nodes.Element):
    """A box."""


class Details(Directive):
    """Make a box."""

    has_content = True

    def run(self):
        node = details("", classes=["facts"])
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def visit(self, node):
    self.body.append(self.starttag(node, "details"))


def depart(self, node):
    self.body.append("</details>")


def setup(app):
    app.add_node(details, html=(visit, depart))
    app.add_directive("details", Details)
    return {"parallel_read_safe": True}
'''


def build(source: Path, target: Path, builder: str = "html", **values: object) -> str:
    """Build a guest's project into a folder; return the warnings, of which nitpicky has more."""
    app = SphinxTestApp(
        builder, srcdir=source, builddir=target, confoverrides={"nitpicky": True} | values
    )
    try:
        app.build()
        return app.warning.getvalue()
    finally:
        app.cleanup()  # else the next one warns of what is registered twice


@pytest.fixture(scope="module", autouse=True)
def _elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let one of the talks be upcoming; let no docutils.conf be in the working directory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1750000000")  # June 2025
        patch.chdir(tmp_path_factory.mktemp("elsewhere"))
        yield


@pytest.fixture(scope="module", params=SUFFIXES)
def syntax(request: pytest.FixtureRequest) -> str:
    """The syntax of the guest's pages."""
    return str(request.param)


@pytest.fixture(scope="module")
def source(syntax: str, rootdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A guest's project that uses all directives."""
    target = tmp_path_factory.mktemp(syntax) / "source"
    return shutil.copytree(rootdir / f"test-guest-{syntax}", target)


@pytest.fixture(scope="module")
def site(source: Path) -> Site:
    """It, with Sphinx's default theme."""
    assert build(source, source.parent / "build") == ""
    return Site(source.parent / "build" / "html")


# -- Themes and builders ------------------------------------------------------


@pytest.mark.parametrize("syntax", SUFFIXES, indirect=True)
def test_a_new_project_of_a_page_and_a_few_lines_builds_without_a_word(
    syntax: str, tmp_path: Path
) -> None:
    extensions = ["myst_parser"] * (syntax == "md") + ["sphinx_portfolio"]
    conf = CONF.format(extensions=", ".join(f'"{name}"' for name in extensions))
    assert len(conf.splitlines()) <= 6
    (tmp_path / "conf.py").write_text(conf)
    (tmp_path / f"index.{syntax}").write_text(PAGES[syntax])
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "talks.bib").write_text(TALK)
    result = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-n", tmp_path, tmp_path / "_build"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    page = Site(tmp_path / "_build")["index"]
    assert one(page, "#gauges > .portfolio-facts .portfolio-fact-organization").text.strip() == (
        "Harbor Instruments"
    )
    assert one(page, "#gauges p a[href='#still-water']").text == "Still Water"
    assert one(page, "#still-water .portfolio-links a")["href"] == (
        "https://video.example/still-water"
    )


def test_both_syntaxes_say_the_same(site: Site) -> None:
    job = one(site["work"], "#gauges")
    assert [each.text for each in job.select("li.portfolio-evidence")] == [
        "harbor.example Release notes",
        "talk Still Water: Measuring What Does Not Move",
        "#12 Pull request 12 (merged)",
    ]
    assert one(job, "li.portfolio-evidence a + .portfolio-evidence-state").text == "(merged)"
    assert [each.text.strip() for each in job.select(".portfolio-facts dd")] == [
        "Apr. 2021 – Present",
        "Harbor Instruments and Gauges Ltd.",
        "Rotterdam, Netherlands",
        "Rust, Sensors",
        "Still Water",
    ]
    assert one(site["work"], "#delft dl:not(.portfolio-facts *) dt").text == "Coursework"
    boxes = site["views"].select("div.portfolio-copy.portfolio-prose")
    assert [[each.text for each in box.select("p")] for box in boxes] == [
        [
            "Ines Okafor works at Harbor Instruments and Gauges Ltd. as Senior Software Engineer "
            "and studied Hydrology at Delta University. Ines Okafor received the Open Water Prize "
            "(2022) and has spoken at Embedded Days, Rust Meetup and Weather Evening.",
            "38 words",
        ],
        [
            "Ines measures rivers.",
            "She spoke on Still Water: Measuring What Does Not Move.",
            "13 words",
        ],
    ]
    assert one(boxes[1], "em").text == "measures"
    assert one(boxes[1], "a")["href"] == "talks/index.html#still-water"


@pytest.mark.parametrize("theme", THEMES[1:])
def test_with_each_theme_the_pages_have_all_and_the_build_warns_of_nothing(
    theme: str, source: Path, site: Site, tmp_path: Path
) -> None:
    assert build(source, tmp_path, html_theme=theme) == ""
    built = Site(tmp_path / "html")
    for name in ("work", "talks/index", "skills", "views"):
        found, expected = (each[name].select("[class^=portfolio-]") for each in (built, site))
        assert [_shape(each) for each in found] == [_shape(each) for each in expected], name


@pytest.mark.parametrize("builder", BUILDERS)
def test_with_each_builder_the_output_has_all_and_the_build_warns_of_nothing(
    builder: str, source: Path, tmp_path: Path
) -> None:
    assert build(source, tmp_path, builder) == ""
    folder = tmp_path / builder
    work = (folder / BUILDERS[builder]).read_text(encoding="utf-8")
    for words in ("Senior Software Engineer", "Harbor Instruments and Gauges Ltd.", "Apr. 2021"):
        assert words in work
    files = (path for path in folder.rglob("*") if path.suffix not in {".svg", ".epub", ".css"})
    texts = [path.read_bytes() for path in files if path.is_file()]
    for words in ("Still Water: Measuring What Does Not Move", "Open Water Prize", "Teacher"):
        assert any(words.encode() in text for text in texts), words


def _shape(element: Tag) -> tuple[str, list[str], list[str]]:
    """Return what of an element no theme should change."""
    words = re.sub("[¶#\uf0c1]", "", element.get_text(" ")).split()  # without links of headings
    return element.name, [str(name) for name in element.get_attribute_list("class")], words


# -- What is ours has our prefix ------------------------------------------------


def test_every_class_has_the_prefix_or_is_of_docutils_or_sphinx(site: Site) -> None:
    found = set()
    for name in ("index", "work", "skills", "talks/index", "views"):
        body = one(site[name], "[role=main]")
        for block in body.select(".highlight *"):
            del block["class"]  # Pygments' tokens
        for element in body.select("[class]"):
            found |= {str(each) for each in element.get_attribute_list("class")}
    ours = {name for name in found if name.startswith("portfolio-")}
    found -= ours | OTHERS | {each for each in found if MICROFORMAT.fullmatch(each)}
    assert {each for each in found if not SPHINX.fullmatch(each)} == set()
    assert {"portfolio-facts", "portfolio-talk", "portfolio-timeline", "portfolio-span"} <= ours


def test_no_id_is_on_a_page_twice(site: Site, source: Path, tmp_path: Path) -> None:
    build(source, tmp_path, "singlehtml")
    pages = {name: site[name] for name in site.names}
    pages["singlehtml"] = Site(tmp_path / "singlehtml")["index"]
    for name, page in pages.items():
        counts = Counter(str(element["id"]) for element in page.select("[id]"))
        assert [id_ for id_, count in counts.items() if count > 1] == [], name
    assert {"gauges", "still-water", "floods", "ripple"} <= {
        str(element["id"]) for element in pages["singlehtml"].select("[id]")
    }


@pytest.mark.parametrize("name", ENTRIES)
def test_style_sheets_hit_our_classes_alone_with_variables_of_our_own(name: str) -> None:
    sheet, variables = _sheet(name), _variables(_sheet(ENTRIES[0]))
    if name == ENTRIES[0]:
        declared = re.findall(r"^\s*([\w-]+):", variables, re.MULTILINE)
        assert [each for each in declared if not each.startswith("--portfolio-")] == []
        # What another theme does not have falls back to something.
        theirs = re.findall(r"var\(--(?!portfolio-)[\w-]+(.)", variables)
        assert len(theirs) > 10
        assert set(theirs) == {","}
        sheet = sheet.replace(variables, "").replace("body {}", "")
    used = set(re.findall(r"var\((--[\w-]+)", sheet))
    assert used <= set(re.findall(r"^\s*(--portfolio-[\w-]+):", variables, re.MULTILINE))
    rules = [each.strip() for each in re.findall(r"([^{}]+)\{", sheet)]
    selectors = [each for rule in rules if rule[0] != "@" for each in _split(rule)]
    assert len(selectors) > 10
    assert [each for each in selectors if not re.search(r"\.portfolio-[\w-]", each)] == []


def _sheet(name: str) -> str:
    text = (STATIC / FOLDER / name).read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def _variables(sheet: str) -> str:
    """Return the declarations of the sheet's one rule that is not about our classes."""
    found = re.search(r"^body \{(.*?)^\}", sheet, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def _split(selectors: str) -> Iterator[str]:
    """Yield the selectors of a list: commas in parentheses part none."""
    depth, start = 0, 0
    for index, character in enumerate(selectors):
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            yield selectors[start:index].strip()
            start = index + 1
    yield selectors[start:].strip()


# -- What is the guest's stays as it is -----------------------------------------


def test_static_files_of_the_guest_stay_byte_for_byte(site: Site, source: Path) -> None:
    for name in ("talks.css", "portfolio.js"):
        expected = (source / "_static" / name).read_bytes()
        assert (site.folder / "_static" / name).read_bytes() == expected
        assert (site.folder / "_static" / FOLDER / name).read_bytes() != expected


def test_pages_load_our_files_only_if_something_of_ours_is_on_them(
    source: Path, site: Site, tmp_path: Path
) -> None:
    for name in site.names:
        body = one(site[name], "[role=main]")
        has = bool(body.select("[class^=portfolio-], [class*=' portfolio-']"))
        assert _loaded(site[name]) == (_ours() if has else []), name
    assert _loaded(site["own"]) == _loaded(site["search"]) == _loaded(site["genindex"]) == []


def test_each_view_alone_loads_our_files(source: Path, tmp_path: Path) -> None:
    project = shutil.copytree(source, tmp_path / "source")
    (project / "alone").mkdir()
    for view in VIEWS:
        option = "   :kind: job\n" if view == "entries" else ""
        text = f":orphan:\n\n{view}\n{'=' * len(view)}\n\n.. {view}::\n{option}"
        (project / "alone" / f"{view}.rst").write_text(text)
    written = ":orphan:\n\nWritten\n=======\n\n.. bio::\n\n   Her words.\n"
    (project / "alone" / "written.rst").write_text(written)
    assert build(project, tmp_path) == ""
    built = Site(tmp_path / "html")
    for view in (*VIEWS, "written"):
        # Names of skills look as any list of definitions, and no card is exported.
        expected = [] if view in {"skills", "contact-card"} else _ours()
        assert _loaded(built[f"alone/{view}"]) == expected, view


def _ours() -> list[str]:
    return [f"{FOLDER}/{name}" for name in (*ENTRIES, SCRIPT)]


def _loaded(page: BeautifulSoup) -> list[str]:
    """Return the files of ours that a page loads."""
    tags = page.select("link[href], script[src]")
    found = (str(tag.get("href") or tag.get("src")) for tag in tags)
    names = (each.partition("_static/")[2].partition("?")[0] for each in found)
    return [name for name in names if name.startswith(FOLDER)]


@pytest.mark.parametrize("theme", ["alabaster", "furo"])
def test_a_project_without_records_is_built_as_without_the_extension(
    theme: str, syntax: str, source: Path, tmp_path: Path
) -> None:
    for name in ("with", "without"):
        folder = tmp_path / name / "source"
        folder.mkdir(parents=True)
        for each in ("conf.py", "picture.svg", f"own.{syntax}"):
            shutil.copy(source / each, folder)
        shutil.copytree(source / "_static", folder / "_static")
        (folder / "index.rst").write_text("Home\n====\n\n.. toctree::\n\n   own\n")
        conf = (folder / "conf.py").read_text()
        if name == "without":
            conf = conf.replace('"sphinx_portfolio"', "")
        (folder / "conf.py").write_text(re.sub("bibtex_bibfiles.*", "", conf))
        assert build(folder, tmp_path / name, html_theme=theme) == ""
    made, plain = (_files(tmp_path / name / "html") for name in ("with", "without"))
    assert {name for name in made if f"_static/{FOLDER}/" not in name} == set(plain)
    assert [name for name in plain if made[name] != plain[name]] == []
    page = Site(tmp_path / "with" / "html")["own"]
    assert one(page, "b").text == "raw"
    assert one(page, ".facts summary").text == "Ours"
    assert one(page, "a[href^='tel:']")["href"] == "tel:+31101234567"
    assert len(page.select(".math")) == 2
    assert str(page.select("img[src*=picture]")[0]["src"]).endswith("picture.svg")


def _files(folder: Path) -> Mapping[str, bytes]:
    """Return the files of a site, without what names the extensions and their versions."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".buildinfo"
    }
    index = files["searchindex.js"]
    files["searchindex.js"] = re.sub(rb'"envversion":\{[^}]*\}', b"", index)
    return files


@pytest.mark.parametrize("order", [("boxes", "sphinx_portfolio"), ("sphinx_portfolio", "boxes")])
def test_another_extension_keeps_its_node_directive_and_class(
    order: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "boxes.py").write_text(BOXES)
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / "source"
    (folder / "talks").mkdir(parents=True)
    (folder / "talks" / "talks.bib").write_text(TALK)
    (folder / "conf.py").write_text(CONF.format(extensions=str(list(order))[1:-1]))
    box = "\n.. details::\n\n   A box of the guest.\n"
    (folder / "index.rst").write_text(PAGES["rst"] + box)
    try:
        assert build(folder, tmp_path) == ""
    finally:
        sys.modules.pop("boxes", None)
    page = Site(tmp_path / "html")["index"]
    assert str(one(page, "details.facts")) == (
        '<details class="facts">\n<p>A box of the guest.</p>\n</details>'
    )
    assert one(page, "#still-water > details > summary").text == "BibTeX"
