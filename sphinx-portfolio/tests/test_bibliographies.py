"""Talks beside other literature: bibliographies and citations of others are left as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, Tag

from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.model import Talk
from support import one

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    Build = Callable[..., SphinxTestApp]

REFS = """
@article{lamport78,
  author = {Leslie Lamport}, title = {Time and Clocks}, journal = {CACM}, year = 1978,
}
@book{knuth84,
  author = {Donald E. Knuth}, title = {The {TeX}book}, publisher = {Addison-Wesley}, year = 1984,
}
"""
PAPERS = "@misc{zuse45, author = {Konrad Zuse}, title = {The Plankalkül}, year = 1945}\n"


def talk(key: str, title: str, date: str) -> str:
    """Return an entry of a talk."""
    return (
        f"@unpublished{{{key}, author = {{Example, Ada}}, title = {{{title}}},\n"
        f"  eventtitle = {{PipeCon}}, eventdate = {{{date}}}}}\n"
    )


PIPES = talk("pipes", "Organ Pipes", "2021-05-06")
FANS = talk("fans", "Quiet Fans", "2023-02-03")


class Markup:
    """A markup language: a page's title, a directive and a role in it."""

    def __init__(self, suffix: str, extension: str, directive: str, role: str) -> None:
        self.suffix = suffix
        self.extensions = list(filter(None, [extension]))
        self._directive = directive
        self._role = role

    def page(self, *parts: str) -> str:
        """Return a page with paragraphs or directives, which no toctree has to name."""
        orphan = ":orphan:" if self.suffix == "rst" else "---\norphan: true\n---"
        return "\n\n".join([orphan, "Title\n=====", *parts, ""])

    def directive(self, name: str, argument: str = "", *lines: str) -> str:
        """Return a directive, with options or content."""
        indent = "" if self.suffix == "md" else "   "
        return self._directive.format(name, argument, "".join(f"\n{indent}{it}" for it in lines))

    def cite(self, target: str, role: str = "cite") -> str:
        """Return a citation."""
        return self._role.format(role, target)

    def bibliography(self, files: str = "", *options: str) -> str:
        """Return a bibliography."""
        return self.directive("bibliography", files, *options)


MARKUPS = {
    "myst": Markup("md", "myst_parser", "```{{{0}}} {1}{2}\n```", "{{{0}}}`{1}`"),
    "rst": Markup("rst", "", ".. {0}:: {1}{2}", ":{0}:`{1}`"),
}


@pytest.fixture(params=MARKUPS.values(), ids=[*MARKUPS])
def markup(request: pytest.FixtureRequest) -> Markup:
    found: Markup = request.param
    return found


@pytest.fixture
def build(tmp_path: Path, make_app: Callable[..., SphinxTestApp]) -> Build:
    """Write files into a project, and build what changed."""

    def make(files: Mapping[str, str], folder: str = "source") -> SphinxTestApp:
        for name, text in files.items():
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        app = make_app("html", srcdir=tmp_path / folder)
        app.build()
        app.cleanup()  # else the next one warns of what is registered twice
        return app

    return make


def conf(markup: Markup, *lines: str, extension: str = "sphinx_portfolio") -> str:
    """Return a conf.py."""
    return "\n".join(
        [f"extensions = {[*markup.extensions, extension]}", "html_theme = 'basic'", *lines, ""]
    )


def body(app: SphinxTestApp, page: str) -> Tag:
    text = (app.outdir / f"{page}.html").read_text(encoding="utf-8")
    return one(BeautifulSoup(text, "html5lib"), "div.body")


def talks(app: SphinxTestApp, page: str) -> list[str]:
    """Return the ids of the talks that a page lists."""
    return [str(item["id"]) for item in body(app, page).select("ol.portfolio-talks > li")]


# -- Other literature ---------------------------------------------------------


def literature(markup: Markup, also: str = "") -> dict[str, str]:
    """Return a project whose bibliographies are of books and papers.

    A bibliography that names files can name others `also`.
    """

    def prefix(name: str) -> str:
        return f":keyprefix: {name}-"

    cited = markup.cite("unnamed-knuth84"), markup.cite("named-lamport78,named-knuth84")
    roles = [markup.cite("two-zuse45", f"cite:{role}") for role in ("t", "author", "year")]
    pages = {
        "index": markup.page(*cited, *roles),
        "unnamed": markup.page(markup.bibliography("", prefix("unnamed"), ":all:")),
        "cited": markup.page(markup.cite("cited-zuse45"), markup.bibliography("", prefix("cited"))),
        "named": markup.page(
            markup.cite("named-knuth84"),
            markup.bibliography(f"refs.bib{also}", prefix("named"), ":all:"),
        ),
        "two": markup.page(
            markup.cite("two-zuse45,two-lamport78"),
            markup.bibliography("papers.bib", prefix("two")),
            markup.bibliography(f"refs.bib{also}", prefix("two"), ":style: plain"),
            markup.bibliography("", prefix("list"), ":list: enumerated", ":filter: True"),
        ),
    }
    return {
        "refs.bib": REFS,
        "papers.bib": PAPERS,
        **{f"{name}.{markup.suffix}": text for name, text in pages.items()},
    }


def bodies(app: SphinxTestApp) -> dict[str, str]:
    """Return the pages' bodies, in which a text stands for each generated id.

    The numbers of these ids depend on talks, too.
    """
    pages = {name: body(app, name) for name in ("index", "unnamed", "cited", "named", "two")}

    def text(page: str, id_: str) -> str:
        return " ".join(one(pages[page], f"#{id_}").get_text().split())

    for name, page in pages.items():
        for link in page.select("a[href*='#id']"):
            path, _, id_ = str(link["href"]).partition("#")
            link["href"] = f"{path}#{text(path.removesuffix('.html') or name, id_)}"
    for page in pages.values():
        for element in page.select("[id^=id]"):
            element["id"] = " ".join(element.get_text().split())
    return {name: str(page) for name, page in pages.items()}


def test_other_bibliographies_are_what_they_are_without_the_extension(
    markup: Markup, build: Build
) -> None:
    plain = literature(markup)
    bibfiles = "bibtex_bibfiles = ['refs.bib', 'papers.bib']"
    conf_py = conf(markup, bibfiles, extension="sphinxcontrib.bibtex")
    expected = build(plain | {"conf.py": conf_py}, folder="plain")

    ours = literature(markup, also=" talks/pipes.bib")
    ours |= {
        "conf.py": conf(markup, bibfiles.replace("'papers", "'talks/pipes.bib', 'papers")),
        "talks/pipes.bib": PIPES,
        f"talks/index.{markup.suffix}": markup.page(markup.bibliography("pipes.bib", ":all:")),
    }
    found = build(ours)
    assert (expected.warning.getvalue(), found.warning.getvalue()) == ("", "")
    assert bodies(found) == bodies(expected)
    # The comparison would say nothing of bibliographies that are empty in both.
    labels = [each.get_text() for each in body(found, "named").select(".citation > .label")]
    assert labels == ["[Knu84]", "[Lam78]"]
    cited = [each.get_text() for each in body(found, "index").select(".bibtex-citation")]
    assert cited == ["[Knu84]", "[Knu84, Lam78]", "Zuse [Zus45]", "Zuse", "1945"]
    assert talks(found, "talks/index") == ["pipes"]


# -- Talks --------------------------------------------------------------------


def test_a_talk_is_cited_by_its_title_event_and_date(markup: Markup, build: Build) -> None:
    citations = [
        markup.cite("pipes"),
        markup.cite("pipes", "cite:p"),
        markup.cite("pipes", "cite:t"),
        markup.cite("pipes,knuth84"),
        markup.cite("knuth84, fans ,pipes"),
        markup.cite("pipes,knuth84", "cite:t"),
        markup.cite("{see}pipes{page 3},{and}knuth84{page 4}"),
        markup.cite("pipes", "cite:author"),
    ]
    app = build(
        {
            "conf.py": conf(markup, "bibtex_bibfiles = ['refs.bib', 'talks/talks.bib']"),
            "refs.bib": REFS,
            "talks/talks.bib": PIPES + FANS,
            f"index.{markup.suffix}": markup.page(*citations),
            f"all.{markup.suffix}": markup.page(
                markup.bibliography("refs.bib"), markup.bibliography("talks/talks.bib", ":all:")
            ),
        }
    )
    assert app.warning.getvalue() == ""
    paragraphs = body(app, "index").select("h1 ~ p")
    pipes, fans = "Organ Pipes, PipeCon, May 2021", "Quiet Fans, PipeCon, Feb. 2023"
    assert [paragraph.get_text() for paragraph in paragraphs] == [
        pipes,
        pipes,
        "Organ Pipes",
        f"{pipes}; [Knu84]",
        f"[Knu84]; {fans}; {pipes}",
        "Organ Pipes; Knuth [Knu84]",
        f"see {pipes}, page 3; [and Knu84, page 4]",
        "Example",
    ]
    links = [[str(a["href"]) for a in paragraph.select("a")] for paragraph in paragraphs]
    of_pipes, of_book = "all.html#pipes", "all.html#id3"
    assert links == [
        [of_pipes],
        [of_pipes],
        [of_pipes],
        [of_pipes, of_book],
        [of_book, "all.html#fans", of_pipes],
        [of_pipes, of_book],
        [of_pipes, of_book],
        [of_pipes],
    ]
    assert talks(app, "all") == ["fans", "pipes"]
    # Their labels are left out.
    assert [label.get_text() for label in body(app, "all").select(".label")] == ["[Knu84]"]


def test_a_key_is_cited_as_it_is_written(markup: Markup, build: Build) -> None:
    page = markup.page(markup.cite("Pipes"), markup.bibliography("", ":all:"))
    app = build(
        {
            "conf.py": conf(markup, "bibtex_bibfiles = ['talks/talks.bib']"),
            "talks/talks.bib": PIPES,
            f"index.{markup.suffix}": page,
        }
    )
    [warning] = app.warning.getvalue().splitlines()
    assert 'could not find bibtex key "Pipes"' in warning
    assert body(app, "index").select("h1 ~ p a") == []


def test_a_bibliography_lists_the_talks_of_several_files(markup: Markup, build: Build) -> None:
    files = {
        "conf.py": conf(markup, "bibtex_bibfiles = ['talks/pipes.bib', 'talks/fans.bib']"),
        "talks/pipes.bib": PIPES,
        "talks/fans.bib": FANS,
    }
    app = None
    for names in ("talks/fans.bib talks/pipes.bib", "talks/pipes.bib talks/fans.bib", ""):
        page = markup.page(markup.bibliography(names, ":all:"))
        app = build(files | {f"index.{markup.suffix}": page})
        assert app.warning.getvalue() == ""
        assert talks(app, "index") == ["fans", "pipes"]
    assert app
    records = portfolio_domain(app.env).portfolio.of(Talk)
    assert [record.place for record in records] == [
        f"{app.srcdir / 'talks' / name}.bib:1" for name in ("fans", "pipes")
    ]


def test_portfolio_talks_names_files_by_a_pattern_also_later_ones(
    markup: Markup, build: Build
) -> None:
    listing = markup.page(markup.bibliography("", ":all:"))
    app = build(
        {
            "conf.py": conf(markup, "portfolio_talks = ['mine/*.bib']"),
            "mine/pipes.bib": PIPES,
            f"index.{markup.suffix}": listing,
            f"other.{markup.suffix}": markup.page(markup.cite("pipes")),
        }
    )
    assert (app.warning.getvalue(), talks(app, "index")) == ("", ["pipes"])

    app = build({"mine/fans.bib": FANS})
    assert (app.warning.getvalue(), talks(app, "index")) == ("", ["fans", "pipes"])

    (app.srcdir / "mine" / "fans.bib").unlink()
    app = build({})
    assert (app.warning.getvalue(), talks(app, "index")) == ("", ["pipes"])
    assert body(app, "other").select_one("a[href='index.html#pipes']")


def test_a_project_without_talks_builds(markup: Markup, build: Build) -> None:
    page = markup.page(markup.cite("knuth84"), markup.bibliography())
    skill = markup.directive("skill", "", ":id: go")
    index, conf_py = f"index.{markup.suffix}", "conf.py"
    projects: list[dict[str, str]] = [
        {conf_py: conf(markup), index: markup.page()},
        {conf_py: conf(markup), index: markup.page(skill)},
        {conf_py: conf(markup, "bibtex_bibfiles = []"), index: markup.page(skill)},
        {conf_py: conf(markup, "portfolio_talks = []"), index: markup.page(skill)},
        {conf_py: conf(markup, "bibtex_bibfiles = ['refs.bib']"), "refs.bib": REFS, index: page},
    ]
    warnings = [build(project).warning.getvalue() for project in projects]
    assert warnings == [""] * len(projects)
