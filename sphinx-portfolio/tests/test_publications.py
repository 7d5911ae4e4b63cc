"""Publications: entries of any type, listed by year, and linked with talks and projects."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from sphinx.errors import ConfigError
from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_colors

from invented import made, whole
from sphinx_portfolio.bibtex.bibliographies import no_entries, read_works
from sphinx_portfolio.bibtex.kinds import BIB_KINDS
from sphinx_portfolio.bibtex.reader import Level, read
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.exports import markdown, text
from sphinx_portfolio.model import Publication, Talk
from sphinx_portfolio.model.kinds.creative_work import is_name_of
from sphinx_portfolio.model.messages import ENGLISH
from support import Site, entry, of_schema, one
from test_bibtex import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bs4 import Tag

KIND = BIB_KINDS["publication"]
NO_DOI = "write one such as 10.1000/182; it is left out"
NO_ARXIV = "write one such as 1706.03762; it is left out"
ARXIV = "https://arxiv.org/abs/"


def found(bibtex: str) -> tuple[list[Publication], list[str]]:
    """Return the publications of a file, and its messages as `line: level: text`."""
    works, messages = read_works(bibtex.encode(), KIND, (), "publications.bib")
    publications = [work for _, work in works if isinstance(work, Publication)]
    return publications, [f"{it.line}: {it.level}: {it.text}" for it in messages]


def publication(bibtex: str) -> Publication:
    """Return the one publication of a file without messages."""
    ([made], messages) = found(bibtex)
    assert messages == []
    return made


# -- BibTeX -------------------------------------------------------------------


def test_any_type_is_a_publication_with_its_venue_and_format() -> None:
    cases: list[tuple[str, dict[str, str | None], str]] = [
        ("article", {"journal": "{Nature}"}, "Nature, 2021"),
        ("article", {"journaltitle": "{Nature}", "month": "may"}, "Nature, May 2021"),
        ("inproceedings", {"booktitle": "{Proc. of {PipeCon}}"}, "Proc. of PipeCon, 2021"),
        ("conference", {"booktitle": "{PipeCon}", "publisher": "{ACM}"}, "PipeCon, 2021"),
        ("incollection", {"booktitle": "{Pipes}"}, "Pipes, 2021"),
        ("book", {"publisher": "{Organ Press}"}, "Organ Press, 2021 (book)"),
        ("phdthesis", {"school": "{TU Delft}"}, "TU Delft, 2021 (PhD thesis)"),
        ("mastersthesis", {"school": "{TU Delft}"}, "TU Delft, 2021 (master's thesis)"),
        ("thesis", {"institution": "{TU Delft}"}, "TU Delft, 2021 (thesis)"),
        ("thesis", {"school": "{TU Delft}", "type": "{phdthesis}"}, "TU Delft, 2021 (PhD thesis)"),
        ("thesis", {"school": "{X}", "type": "{Habilitation}"}, "X, 2021 (Habilitation)"),
        ("techreport", {"institution": "{CERN}"}, "CERN, 2021 (report)"),
        ("report", {"institution": "{CERN}", "type": "{white paper}"}, "CERN, 2021 (white paper)"),
        ("patent", {"holder": "{Pipe Works}"}, "Pipe Works, 2021 (patent)"),
        ("software", {"publisher": "{Zenodo}"}, "Zenodo, 2021 (software)"),
        ("dataset", {"howpublished": r"{\url{https://a.example/}}"}, "2021 (dataset)"),
        ("online", {"organization": "{A Club}"}, "A Club, 2021"),
        ("misc", {"howpublished": "{Blog}"}, "Blog, 2021"),
        ("anything", {}, "2021"),
        ("misc", {"eprint": "{1706.03762}", "eprinttype": "{arxiv}"}, "arXiv, 2021"),
        ("article", {"journal": "{Nature}", "type": "{x}"}, "Nature, 2021"),
    ]
    wrong = []
    for type_, fields, expected in cases:
        shown = publication(entry("a", type_, eventtitle=None, **fields)).occasion(ENGLISH)
        if shown != expected:
            wrong.append((type_, fields, shown))
    assert wrong == []


def test_links_are_addresses() -> None:
    cases: list[tuple[dict[str, str], dict[str, str]]] = [
        ({"doi": "{10.1000/182}"}, {"doi": "https://doi.org/10.1000/182"}),
        ({"doi": "{https://doi.org/10.1000/182}"}, {"doi": "https://doi.org/10.1000/182"}),
        ({"doi": r"{doi:10.1000/a\_b}"}, {"doi": "https://doi.org/10.1000/a_b"}),
        (
            {"doi": "{10.1002/(SICI)1097<1::AID-X>3.0.CO;2-#}"},
            {"doi": "https://doi.org/10.1002/(SICI)1097%3C1::AID-X%3E3.0.CO;2-%23"},
        ),
        ({"url": "{https://dx.doi.org/10.1/x}"}, {"doi": "https://dx.doi.org/10.1/x"}),
        (
            {"doi": "{10.1000/182}", "url": "{https://doi.org/10.1000/182}"},
            {"doi": "https://doi.org/10.1000/182"},
        ),
        ({"arxiv": "{1706.03762v5}"}, {"arxiv": f"{ARXIV}1706.03762v5"}),
        ({"arxiv": "{https://arxiv.org/pdf/1706.03762.pdf}"}, {"arxiv": f"{ARXIV}1706.03762"}),
        (
            {"eprint": "{hep-th/9901001}", "archiveprefix": "{arXiv}"},
            {"arxiv": f"{ARXIV}hep-th/9901001"},
        ),
        ({"eprint": "{12345}", "eprinttype": "{jstor}"}, {}),
        ({"journal": "{arXiv preprint arXiv:1706.03762}"}, {"arxiv": f"{ARXIV}1706.03762"}),
        ({"pdf": "{https://a.example/b.pdf}"}, {"pdf": "https://a.example/b.pdf"}),
        ({"paper": "{https://a.example/b.pdf}"}, {"pdf": "https://a.example/b.pdf"}),
        ({"html": "{https://a.example/}"}, {"url": "https://a.example/"}),
        (
            {name: f"{{https://{name}.example/}}" for name in ("code", "slides", "video", "url")},
            {name: f"https://{name}.example/" for name in ("code", "slides", "video", "url")},
        ),
    ]
    wrong = []
    for fields, expected in cases:
        made = publication(entry(**fields))
        shown = {link.name: link.address for link in KIND.kind.links_of(made)}
        if shown != expected:
            wrong.append((fields, shown))
    assert wrong == []


def test_authors_are_those_of_the_entry_or_its_editors() -> None:
    for author, expected in (
        ("{Example, Ada and {A Group} and Roy*, Bo}", ["Ada Example", "A Group", "Bo Roy"]),
        ("{Example, Ada and others}", ["Ada Example", "et al."]),
    ):
        assert list(publication(entry(author=author)).authors) == expected
    assert publication(entry(author=None, editor="{Roy, Bo}")).authors == ("Bo Roy",)
    assert publication(entry(author=None)).authors == ()


def test_the_person_is_found_with_initials() -> None:
    for name, person, expected in (
        ("Ada Example", "Ada Example", True),
        ("A. Example", "Ada Example", True),
        ("A.M. Example", "Ada Mary Example", True),
        ("A. M. Example", "Ada Example", True),
        ("Ada M. Example", "Ada Example", True),
        ("Ada Example", "Ada M. Example", True),
        ("B. Example", "Ada Example", False),
        ("Alan Example", "Ada Example", False),
        ("A. Exampleson", "Ada Example", False),
        ("Example", "Ada Example", False),
        ("李四", "李四", True),
        ("", "Ada", False),
        ("Ada", "Ada", True),
        ("A. O'Brien", "Anna O'Brien", True),
    ):
        assert is_name_of(name, person) == expected, (name, person)


def test_faults_have_a_line_and_a_remedy() -> None:
    for fields, message in (
        ({"doi": "{182}"}, f"5: warning: a: doi: invalid DOI '182': {NO_DOI}"),
        (
            {"doi": "{javascript:alert(1)}"},
            f"5: warning: a: doi: invalid DOI 'javascript:alert(1)': {NO_DOI}",
        ),
        (
            {"arxiv": "{x}"},
            f"5: warning: a: arxiv: invalid arXiv identifier 'x': {NO_ARXIV}",
        ),
        (
            {"pdf": "{a.pdf}"},
            "5: warning: a: pdf: invalid URL 'a.pdf': expected https://… or http://…; "
            "it is left out",
        ),
        (
            {"journl": "{Nature}"},
            "5: hint: a: unknown field 'journl', which is ignored: did you mean 'journal'?",
        ),
        (
            {"year": None},
            "1: error: a: the date is missing: add date = {YYYY-MM-DD}, or year = {YYYY}",
        ),
    ):
        _, messages = found(entry("a", "article", eventtitle=None, **fields))
        assert messages == [message]
    assert found("")[1] == [f"1: error: the file has no entry: {no_entries(KIND.kind)}"]


@settings(deadline=None, max_examples=100)
@given(files)
def test_any_file_has_errors_or_its_publications_are_read(bibtex: str) -> None:
    made, messages = read_works(bibtex.encode(), KIND, ())
    kept, _ = read(bibtex.encode())
    assert len(made) == len(kept) or any(it.level is Level.ERROR for it in messages)
    for _, work in made:
        assert isinstance(work, Publication)
        assert work.title
        assert work.period
        assert all(work.authors)
        for link in KIND.kind.links_of(work):
            assert link.address.startswith(("https://", "http://"))


def test_a_thousand_entries_are_read_in_two_seconds() -> None:
    bibtex = "".join(bibliography(range(1000)))
    start = time.process_time()
    publications, messages = found(bibtex)
    assert time.process_time() - start < 2
    assert messages == []
    assert len(publications) == 1000


# -- An academic --------------------------------------------------------------

TYPES = ("article", "inproceedings", "book", "phdthesis", "online", "software", "patent")
CONF = """\
project = author = "Ada Example"
version = copyright = "1"
extensions = ["myst_parser", "sphinx_portfolio", "sphinx_portfolio.site"]
html_theme = "furo"
portfolio_person = {"label": "Professor", "summary": "Studies organs."}
bibtex_bibfiles = ["talks/talks.bib", "publications/own.bib"]
"""
LIST = "# {0}\n\n```{{{1}}}\n```\n\n```{{bibliography}}\n:all:\n```\n"
WORK = """\
# Work

## Professor

```{job}
:id: professor
:organization: University of Ghent
:type: part-time
:start: 2015
```

- Wrote {cite}`Pub:0`, and {publication}`pub-1` with {cite:t}`talk-2`.

## bellows

```{project}
:id: bellows
:start: 2018
:end: 2020
```

As in {cite}`Pub:3`.

## Acoustics

```{skill}
:id: acoustics
:level: expert
```

## Dutch

```{language}
:id: dutch
:fluency: native
```

## CV

```{publications}
:newest: 2
```

```{publications}
:topic: acoustics
:when: upcoming
```

```{timeline}
```

```{changelog}
```
"""


def bibliography(numbers: range) -> Iterator[str]:
    """Yield entries as people write them."""
    for number in numbers:
        yield entry(
            f"Pub:{number}",
            TYPES[number % len(TYPES)],
            eventtitle=None,
            author="{Marsh, Frida and Example, A. and Birch, Olaf}",
            title=rf"{{On \emph{{Pipes}} <{number}>: $O(n^2)$}}",
            journal="{Journal of Pipes}",
            year=f"{2005 + number % 20}",
            month="may" if number % 2 else None,
            doi=f"{{10.1000/{number}}}",
            abstract="{About acoustics.}",
            keywords="{acoustics, free word}",
            related="{talk-1, bellows}" if number == 4 else None,
            note="{In press.}" if number == 5 else None,
        )


def talks(numbers: range) -> Iterator[str]:
    for number in numbers:
        related = "{Pub:6}" if number == 2 else None
        yield entry(f"talk-{number}", year=f"{2010 + number % 10}", related=related)


def build(folder: Path, builder: str = "html", **conf: Any) -> SphinxTestApp:
    app = SphinxTestApp(builder, srcdir=folder, confoverrides=conf)
    try:
        app.build()
    finally:
        app.cleanup()
    return app


def warnings(app: SphinxTestApp) -> list[str]:
    return strip_colors(app.warning.getvalue()).replace(f"{app.srcdir}/", "").splitlines()


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


PAGES = ("work", "publications/index", "talks/index")
TOCTREE = "# Ada Example\n\n```{summary}\n```\n\n```{toctree}\n" + "\n".join(PAGES) + "\n```\n"
ACADEMIC = {
    "conf.py": CONF,
    "index.md": TOCTREE,
    "work.md": WORK,
    "publications/index.md": LIST.format("Publications", "publications"),
    "publications/own.bib": "".join(bibliography(range(60))),
    "talks/index.md": LIST.format("Talks", "talks"),
    "talks/talks.bib": "".join(talks(range(40))),
}


@pytest.fixture(scope="module")
def academic(tmp_path_factory: pytest.TempPathFactory) -> SphinxTestApp:
    app = build(write(tmp_path_factory.mktemp("academic"), ACADEMIC))
    assert warnings(app) == []
    return app


def page(app: SphinxTestApp, name: str) -> Tag:
    return one(Site(app.outdir)[name], "[role=main]")


def words(element: Tag) -> str:
    return " ".join(element.get_text().split())


def test_each_page_lists_its_kind_by_year(academic: SphinxTestApp) -> None:
    shown = page(academic, "publications/index")
    assert len(shown.select("li.portfolio-publication")) == 60
    assert shown.select("li.portfolio-talk, .portfolio-filter") == []
    years = [words(each).rstrip("¶") for each in shown.select("section.portfolio-year > h2")]
    assert years == [str(year) for year in range(2024, 2004, -1)]
    assert shown.select("section.portfolio-year")[0]["id"] == "publications-year-2024"
    talks_ = page(academic, "talks/index")
    assert len(talks_.select("li.portfolio-talk")) == 40
    assert talks_.select("li.portfolio-publication") == []


def test_an_entry_has_authors_venue_links_abstract_and_bibtex(academic: SphinxTestApp) -> None:
    item = one(page(academic, "publications/index"), "#pub-5")
    assert words(one(item, "h3")) == "On Pipes <5>: O(n²)"
    assert one(item, "h3 em").get_text() == "Pipes"
    people = one(item, ".portfolio-people")
    assert words(people) == "Frida Marsh, A. Example, Olaf Birch"
    assert [each.get_text() for each in people.select("strong")] == ["A. Example"]
    assert words(one(item, ".portfolio-line")) == "Journal of Pipes, May 2010 (software)"
    [link] = item.select(".portfolio-links > a")
    assert (link["href"], link["aria-label"]) == (
        "https://doi.org/10.1000/5",
        "DOI: On Pipes <5>: O(n²)",
    )
    assert [words(each) for each in item.select(".portfolio-about")] == [
        "About acoustics.",
        "In press.",
    ]
    copied = one(item, "details pre").get_text()
    assert copied.startswith("@software{Pub:5,\n")
    assert "keywords" not in copied
    assert [words(each) for each in item.select("dd")] == ["Acoustics"]


def test_it_is_cited_and_linked_both_ways(academic: SphinxTestApp) -> None:
    bullet = one(page(academic, "work"), "#professor li")
    assert words(bullet) == (
        "Wrote On Pipes <0>: O(n²), Journal of Pipes, 2005, and On Pipes <1>: O(n²) with "
        "Organ Pipes."
    )
    assert [link["href"] for link in bullet.select("a")] == [
        "publications/index.html#pub-0",
        "publications/index.html#pub-1",
        "talks/index.html#talk-2",
    ]

    def related(name: str, id_: str) -> dict[str, list[str]]:
        """Return the backlinks of an entry by their label."""
        item = one(page(academic, name), f"#{id_}")
        terms, values = item.select("dl > dt"), item.select("dl > dd")
        return {
            words(term): [str(link["href"]).rpartition("#")[2] for link in value.select("a")]
            for term, value in zip(terms, values, strict=True)
            if "portfolio-fact-backlinks" in value.get_attribute_list("class")
        }

    assert related("publications/index", "pub-0") == {"Related work:": ["professor"]}
    assert related("publications/index", "pub-3") == {"Project:": ["bellows"]}
    assert related("publications/index", "pub-4") == {"Project:": ["bellows"], "Talks:": ["talk-1"]}
    assert related("publications/index", "pub-6") == {"Talks:": ["talk-2"]}
    assert related("talks/index", "talk-1") == {"Publications:": ["pub-4"]}
    assert related("talks/index", "talk-2")["Publications:"] == ["pub-6"]
    assert related("work", "bellows") == {"Publications:": ["pub-4"]}
    assert len(related("work", "acoustics")["60 publications:"]) == 60


def test_views_and_exports_have_publications(academic: SphinxTestApp) -> None:
    shown = page(academic, "work")
    newest = shown.select("#cv > ol.portfolio-publications > li")
    assert len(newest) == 2
    assert [words(each) for each in shown.select(".portfolio-nothing")] == [
        "No upcoming publications about Acoustics."
    ]
    lanes = [words(each) for each in shown.select(".portfolio-timeline details > ul > li > p")]
    assert lanes == ["Work", "Projects", "Talks", "Publications"]
    assert "Publications" in [words(each) for each in shown.select(".portfolio-changelog dt")]
    resume = of_schema(json.loads((academic.outdir / "resume.json").read_text(encoding="utf-8")))
    assert len(resume["publications"]) == 100
    assert resume["publications"][0] == {
        "name": "On Pipes <19>: O(n²)",
        "publisher": "Journal of Pipes",
        "releaseDate": "2024-05",
        "url": "https://doi.org/10.1000/19",
        "summary": "By Frida Marsh, A. Example, Olaf Birch\nAbout acoustics.",
    }
    cv = (academic.outdir / "cv.txt").read_text(encoding="utf-8")
    assert cv.index("EXPERIENCE") < cv.index("PUBLICATIONS") < cv.index("TALKS")
    assert (
        "On Pipes <5>: O(n²)\n"
        "Frida Marsh, A. Example, Olaf Birch | Journal of Pipes, May 2010 (software)\n"
        "About acoustics.\nDOI: https://doi.org/10.1000/5\n"
    ) in cv


def test_all_builders_write_an_academic_and_an_engineer(
    academic: SphinxTestApp, tmp_path: Path
) -> None:
    for builder in ("text", "epub", "latex"):
        assert warnings(build(academic.srcdir, builder)) == [], builder
    engineer = write(
        tmp_path,
        {
            "conf.py": CONF.replace("bibtex_bibfiles", "unused"),
            "index.md": re.sub(r"\{(cite|cite:t|publication)\}`.*?`", "that", WORK),
        },
    )
    for builder in ("html", "text", "epub", "latex"):
        app = build(engineer, builder)
        assert warnings(app) == [], builder
        assert portfolio_domain(app.env).portfolio.of(Publication) == ()


# -- Files and pages ----------------------------------------------------------


def test_a_page_may_have_both_kinds(tmp_path: Path) -> None:
    folder = write(tmp_path, ACADEMIC | {"publications/own.bib": "".join(bibliography(range(7)))})
    both = "# All\n\n```{talks}\n```\n\n```{publications}\n```\n\n```{bibliography}\n:all:\n```\n"
    (folder / "publications/index.md").write_text(both, encoding="utf-8")
    (folder / "talks/index.md").write_text("# Talks\n", encoding="utf-8")
    app = build(folder)
    assert warnings(app) == []
    shown = page(app, "publications/index")
    assert len(shown.select("section > .portfolio-talks > li.portfolio-talk")) == 40
    assert len(shown.select("section > .portfolio-publications > li.portfolio-publication")) == 7
    # Without a view they are two lists.
    (folder / "publications/index.md").write_text(
        "# All\n\n```{bibliography}\n:all:\n```\n", encoding="utf-8"
    )
    app = build(folder)
    assert warnings(app) == []
    assert [
        (sorted(each["class"]), len(each.select(":scope > li")))
        for each in page(app, "publications/index").select("ol:has(> .portfolio-work)")
    ] == [(["arabic", "portfolio-publications"], 7), (["arabic", "portfolio-talks"], 40)]


def test_a_file_has_one_kind_and_a_publication_a_page(tmp_path: Path) -> None:
    folder = write(tmp_path, ACADEMIC)
    path = folder / "talks" / "talks.bib"
    with pytest.raises(ConfigError) as caught:
        build(folder, portfolio_publications=["*/*.bib"])
    assert str(caught.value) == (
        f"portfolio_talks in conf.py: {path} is also in portfolio_publications: "
        "remove it from one of the two"
    )
    with pytest.raises(ConfigError) as caught:
        build(folder, portfolio_publications=["none.bib"])
    assert str(caught.value) == f"{folder / 'none.bib'} is missing: {no_entries(KIND.kind)}"
    write(
        folder,
        {
            "publications/index.md": "# Publications\n",
            "talks/talks.bib": entry(),
            "publications/own.bib": entry("Own", "book", eventtitle=None),
            "work.md": "# Work\n\n{cite}`Owm`, {publication}`owm`\n",
        },
    )
    app = build(folder)
    assert [line.replace("\x1b", "") for line in warnings(app)] == [
        "publications/own.bib:1: WARNING: no page lists the publication 'Own': add a "
        "{bibliography} with :all: to one [portfolio.unlisted]",
        'work.md:3: WARNING: could not find bibtex key "Owm" [bibtex.key_not_found]',
        "work.md:3: WARNING: unknown publication 'owm': write the :id: of a publication "
        "[ref.publication]",
    ]


def test_a_page_that_cites_is_written_again_with_the_new_title(tmp_path: Path) -> None:
    conf = CONF.replace(', "sphinx_portfolio.site"', "").replace("furo", "basic")
    folder = write(
        tmp_path,
        {
            "conf.py": conf.replace('"talks/talks.bib", ', ""),
            "index.md": "# Home\n\n```{toctree}\nciting\npublications/index\n```\n",
            "citing.md": "# Citing\n\n{cite}`Own_1`\n",
            "publications/index.md": LIST.format("Publications", "publications"),
            "publications/own.bib": entry("Own_1", "book", eventtitle=None),
        },
    )
    assert "Organ Pipes, 2021 (book)" in words(page(build(folder), "citing"))
    changed = entry("Own_1", "book", eventtitle=None, title="{New Pipes}")
    (folder / "publications/own.bib").write_text(changed, encoding="utf-8")
    app = build(folder)
    assert warnings(app) == []
    assert "New Pipes, 2021 (book)" in words(page(app, "citing"))


def test_people_are_marked_in_markdown() -> None:
    work = made(Publication, authors=("Bo Roy", "Ada", "C. D"), venue="Nature")
    portfolio = whole(work, made(Talk))
    assert "Bo Roy, **Ada**, C. D · _Nature, 2020_" in markdown.cv(portfolio).decode()
    assert "Bo Roy, Ada, C. D | Nature, 2020" in text.cv(portfolio).decode()
