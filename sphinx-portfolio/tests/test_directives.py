"""Directives: what a page says about its headings becomes records, or a warning with a remedy."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import portfolio
from sphinx_portfolio.model.dates import Date, Period, RecordError
from sphinx_portfolio.sources.directives import KINDS
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.model.validators import identifier
from sphinx_portfolio.model.records import Award, Job, Project, Service, Skill
from sphinx_portfolio.model.richtext import Detail, Highlight, Run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    from sphinx_portfolio.model.records import Record

CONF = """
extensions = ["myst_parser", "sphinx_portfolio"]
bibtex_bibfiles = []
nitpicky = True
html_theme = "basic"
"""
GOOD = """\
# Page

## Good

```{project}
:id: good
:start: 2020
```
"""


@pytest.fixture
def build(tmp_path: Path, make_app: Callable[..., SphinxTestApp]) -> Callable[..., SphinxTestApp]:
    """Build pages; a page after the first is named in its toctree."""

    def make(*, parallel: int = 0, **pages: str) -> SphinxTestApp:
        source = tmp_path / "source"
        source.mkdir()
        (source / "conf.py").write_text(CONF, encoding="utf-8")
        others = "\n".join(name for name in pages if name != "index")
        pages["index"] = pages.get("index", GOOD) + f"\n```{{toctree}}\n{others}\n```\n"
        for name, text in pages.items():
            (source / f"{name}.md").write_text(text, encoding="utf-8")
        app = make_app("html", srcdir=source, parallel=parallel)
        app.build()
        return app

    return make


def warnings(app: SphinxTestApp) -> list[str]:
    """The warnings, without colours and this machine's folders."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", app.warning.getvalue())
    return text.replace(f"{app.srcdir}/", "").splitlines()


def records(app: SphinxTestApp) -> dict[str, Record]:
    """The records of the Portfolio, by id."""
    return dict(portfolio_domain(app.env).portfolio.by_id)


def marked(kind: str, *options: str, heading: str = "## Bad", body: str = "") -> str:
    """A page with one directive under a heading in line 3: the directive is in line 5."""
    return "\n".join(["# Page", "", heading, "", f"```{{{kind}}}", *options, "```", "", body])


ID = "'{}' is no id: lower-case words with hyphens, beginning with a letter"
DATE = "'{}' is no date: write YYYY, YYYY-MM or YYYY-MM-DD"
ADDRESS = "'{}' is no address: it has to begin with https:// or http://"
HEADING = "it says what a heading is: write it under a heading, outside of anything else"
MISSING = "the option :{0}: is missing: add a line such as `:{0}: {1}`"
AWARD = ("```{award}", ":id: bad", ":date: 2020", "```")
PROJECT = (":id: bad", ":start: 2020")


def fault(kind: str, message: str, line: int = 5) -> list[str]:
    return [f"bad.md:{line}: WARNING: {kind}: {message} [portfolio.record]"]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param(
            marked("award", ":id: bad"),
            fault("award", MISSING.format("date", "2021")),
            id="no-date",
        ),
        pytest.param(
            marked("project", ":id: bad"),
            fault("project", MISSING.format("start", "2021-08")),
            id="no-start",
        ),
        pytest.param(
            marked("project", ":start: 2020"),
            fault("project", MISSING.format("id", "a-name")),
            id="no-id",
        ),
        pytest.param(
            marked("project", ":id:", ":start: 2020"),
            fault("project", MISSING.format("id", "a-name")),
            id="empty-id",
        ),
        pytest.param(
            marked("job", *PROJECT),
            fault("job", MISSING.format("organization", "Its name")),
            id="no-organization",
        ),
        *(
            pytest.param(
                marked("project", f":id: {text}", ":start: 2020"),
                fault("project", ID.format(text)),
                id=f"id-{name}",
            )
            for name, text in {
                "upper-case": "Foo",
                "space": "a b",
                "hyphen": "-x",
                "ends-in-hyphen": "x-",
                "digit": "2x",
                "underscore": "x_y",
                "script": "日本",
                "slash": "a/b",
            }.items()
        ),
        *(
            pytest.param(
                marked("project", ":id: bad", f":start: {text}"),
                fault("project", DATE.format(text)),
                id=f"date-{name}",
            )
            for name, text in {
                "month": "2021-13",
                "day": "2021-02-30",
                "slashes": "2021/05",
                "word": "soon",
            }.items()
        ),
        pytest.param(
            marked("project", *PROJECT, ":end: 2019-12"),
            fault("project", "it ends (2019-12) before it starts (2020)"),
            id="end-before-start",
        ),
        pytest.param(
            marked("service", ":id: bad", ":events: A 2020, B"),
            fault(
                "service",
                "each of the :events: ends in its year, or :start: says when: ('A 2020', 'B')",
            ),
            id="events-without-year",
        ),
        *(
            pytest.param(
                marked("project", *PROJECT, f":code: {text}"),
                fault("project", ADDRESS.format(text)),
                id=f"address-{name}",
            )
            for name, text in {
                "script": "javascript:alert(1)",
                "data": "data:text/html,x",
                "relative": "//example.org/",
                "mail": "mailto:me@example.org",
            }.items()
        ),
        *(
            pytest.param(
                marked("project", *PROJECT, f":code: {text}"),
                fault("project", f"'{text}' is no address: it names no host"),
                id=f"address-without-host-{number}",
            )
            for number, text in enumerate(("https://", "http://[::1/"))
        ),
        pytest.param(
            marked("project", *PROJECT, ":code: https://a.example/a b"),
            fault("project", "' ' is no part of an address: copy it from a browser, as it stands"),
            id="address-with-a-space",
        ),
        pytest.param(
            marked("job", *PROJECT, ":organization: O", ":url: javascript:alert(1)"),
            fault("job", ADDRESS.format("javascript:alert(1)")),
            id="address-of-employer",
        ),
        pytest.param(
            "\n".join([*AWARD, "", "# Bad"]), fault("award", HEADING, 1), id="before-any-heading"
        ),
        pytest.param(
            "\n".join(["# Bad", "", f"- {AWARD[0]}", *(f"  {line}" for line in AWARD[1:])]),
            fault("award", HEADING, 3),
            id="in-a-list",
        ),
        pytest.param(
            "\n".join(["# Bad", "", *(f"> {line}" for line in AWARD)]),
            fault("award", HEADING, 3),
            id="in-a-quote",
        ),
        pytest.param(
            "\n".join(["# Bad", "", "````{note}", *AWARD, "````"]),
            fault("award", HEADING, 4),
            id="in-an-admonition",
        ),
        pytest.param(
            "\n".join(["# Bad", "", *AWARD, "", "```{award}", ":id: two", ":date: 2020", "```"]),
            fault(
                "award",
                "the heading above is a record already: give this one a heading of its own",
                8,
            ),
            id="two-under-one-heading",
        ),
        pytest.param(
            "\n".join(["# A", "", *AWARD, "", "## B", "", *AWARD]),
            fault("award", "the id 'bad' is taken already on this page: choose another", 10),
            id="same-id-twice-on-a-page",
        ),
        pytest.param(
            "\n".join(["# Page", "", "## Bad", "", "## Other", "", *AWARD]),
            fault("award", "the id 'bad' is taken already on this page: choose another", 7),
            id="id-of-another-heading",
        ),
        pytest.param(
            marked("award", ":id: bad", ":date: 2020", body="- Said\n\n-\n- Also\n  - This\n  -\n"),
            [
                f"bad.md:{line}: WARNING: a bullet says nothing: write it or take it away "
                "[portfolio.highlight]"
                for line in (12, 15)
            ],
            id="empty-bullets",
        ),
        pytest.param(
            marked("award", ":id: bad", ":date: 2020", ":selected: no"),
            fault(
                "award",
                ":selected: no says nothing: write `:selected:` alone, or take it away",
                5,
            ),
            id="mark-that-says-no",
        ),
        pytest.param(
            marked("award", ":id: bad", ":date: 2020", ":audience:"),
            fault("award", ":audience: names nobody: write `:audience: go`, or take it away", 5),
            id="audience-of-nobody",
        ),
        pytest.param(
            marked("award", ":id: bad", ":date: 2020", ":begin: 2020"),
            [
                "bad.md:8: WARNING: 'award': Unknown option key: 'begin' "
                "(allowed: ['audience', 'date', 'id', 'selected', 'skills']) "
                "[myst.directive_option]"
            ],
            id="unknown-option",
        ),
        pytest.param(
            marked("award", ":id: bad", ":date: 2020", "", "Text"),
            ["bad.md:5: WARNING: 'award': Has content, but none permitted [myst.directive_parse]"],
            id="content",
        ),
        pytest.param(
            marked("award", ":id: bad", ":date: 2020", ":skills: gadget"),
            ["bad.md:5: WARNING: bad: no skill 'gadget' [portfolio.skill]"],
            id="unknown-skill",
        ),
        pytest.param(
            "---\norphan: true\n---\n" + marked("award", ":id: bad", ":date: 2020"),
            [
                "bad.md:8: WARNING: award 'bad' stands on an orphan page, which no menu leads to: "
                "name the page in a toctree and take `orphan` away [portfolio.orphan]"
            ],
            id="orphan-page",
        ),
        pytest.param(
            "# Bad\n\n{project}`goood`",
            ["bad.md:3: WARNING: no project 'goood': did you mean 'good'? [ref.project]"],
            id="dangling",
        ),
        pytest.param(
            "# Bad\n\n{project}`nothing`",
            ["bad.md:3: WARNING: no project 'nothing': write the :id: of one [ref.project]"],
            id="dangling-and-nothing-near",
        ),
        pytest.param(
            "# Bad\n\n{job}`good`",
            ["bad.md:3: WARNING: 'good' is no job, but a project: write {project}`good` [ref.job]"],
            id="wrong-kind",
        ),
        pytest.param(
            "# Bad\n\n[](#goood)",
            [
                "bad.md:3: WARNING: 'myst' cross-reference target not found: 'goood' "
                "[myst.xref_missing]"
            ],
            id="dangling-link",
        ),
        pytest.param(
            "# Bad\n\n```{projects}\n:only: good, goood\n```",
            [
                "bad.md:3: WARNING: projects: no project 'goood': did you mean 'good'? "
                "[portfolio.view]"
            ],
            id="unknown-card",
        ),
    ],
)
def test_bad_input_is_told_with_place_and_remedy(
    build: Callable[..., SphinxTestApp], page: str, expected: list[str]
) -> None:
    app = build(bad=page)
    assert warnings(app) == expected
    assert app.statuscode == 0
    # Nothing else is lost.
    assert "good" in records(app)
    assert 'id="good"' in (app.outdir / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("parallel", [0, 2], ids=["serial", "parallel"])
def test_one_id_on_two_pages_names_both_places(
    build: Callable[..., SphinxTestApp], parallel: int
) -> None:
    pages = {f"page{number}": f"# Page {number}\n" for number in range(9)}
    pages["page1"] = marked("project", ":id: bad", ":start: 2020")
    pages["page8"] = marked("award", ":id: bad", ":date: 2020")
    app = build(parallel=parallel, **pages)
    [warning] = warnings(app)
    assert warning == (
        f"page8.md:5: WARNING: the id 'bad' is taken already, at {app.srcdir}/page1.md:5: "
        "an id is an address, give each record its own [portfolio.duplicate]"
    ).replace(f"{app.srcdir}/", "")
    assert isinstance(records(app)["bad"], Project)


def test_the_other_record_counts_once_the_first_gave_the_id_away(
    build: Callable[..., SphinxTestApp], make_app: Callable[..., SphinxTestApp]
) -> None:
    app = build(
        a=marked("project", ":id: bad", ":start: 2020"),
        b=marked("award", ":id: bad", ":date: 2020"),
    )
    assert len(warnings(app)) == 1
    app.cleanup()
    path = app.srcdir / "a.md"
    path.write_text(path.read_text("utf-8").replace(":id: bad", ":id: mended"), encoding="utf-8")
    app = make_app("html", srcdir=app.srcdir)
    app.build()
    assert warnings(app) == []
    assert isinstance(records(app)["bad"], Award)
    assert isinstance(records(app)["mended"], Project)


def test_after_a_fault_the_record_below_the_same_heading_counts(
    build: Callable[..., SphinxTestApp],
) -> None:
    page = "\n".join(["# Bad", "", "- x", "", "  ```{award}", "  ```", "", *AWARD])
    app = build(bad=page)
    assert warnings(app) == fault("award", HEADING)
    assert "bad" in records(app)


# What a person would write, or anything.
VALUES = (
    st.builds(lambda day, size: day.isoformat()[:size], st.dates(), st.sampled_from([4, 7, 10]))
    | st.sampled_from(["present", "https://example.org/", "A 2020, B 2021", "a, b"])
    | st.text()
)


@pytest.mark.parametrize("name", KINDS)
@settings(deadline=None)  # a machine may be busy
@given(data=st.data())
def test_options_are_fields_or_one_error(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    all_options = dict.fromkeys(kind.options, VALUES)
    options = data.draw(
        st.fixed_dictionaries(all_options) | st.fixed_dictionaries({}, optional=all_options)
    )
    try:
        fields = kind.fields(options)
    except RecordError as error:
        assert str(error)
        return
    record = kind.record(id="x", title="X", docname="x", **fields)
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301 (our own)
    for address in (fields.get("url", ""), fields.get("code", "")):
        assert not address or address.startswith(("http://", "https://"))


@given(st.text())
def test_an_id_is_an_address_or_an_error(text: str) -> None:
    try:
        assert re.fullmatch(r"[a-z0-9-]+", identifier(text))
    except RecordError as error:
        assert str(error).startswith(repr(text))


LOAD = """
import pickle, sys, types
package = sys.modules["portfolio"] = types.ModuleType("portfolio")  # which itself needs Sphinx
package.__path__ = sys.argv[1:]
records = pickle.load(sys.stdin.buffer).records
assert not {"docutils", "sphinx"} & {*sys.modules}
print(len(records))
"""


@pytest.fixture
def page(make_app: Callable[..., SphinxTestApp], rootdir: Path, tmp_path: Path) -> SphinxTestApp:
    app = make_app("html", srcdir=rootdir / "test-records", builddir=tmp_path)
    app.build()
    assert app.warning.getvalue() == ""
    return app


def test_the_page_is_read_as_records(page: SphinxTestApp) -> None:
    found = records(page)
    tool = Run("Tool", target="tool")
    assert found["fine"] == Job(
        docname="index",
        id="fine",
        title="A fine job",
        organization="Acme",
        location="Here",
        url="https://acme.example/",
        period=Period(Date(2020, 1), Date(2021)),
        skills=("go",),
        cites=("go", "tool", "paper", "prize"),
        summary=(
            Run("First line of the “summary”, second line in "),
            Run("strong", strong=True),
            Run(", "),
            Run("emphasis", emphasis=True),
            Run(", "),
            Run("code", code=True),
            Run(" and "),
            Run("a link", target="https://example.org/"),
            Run("."),
        ),
        highlights=(
            Highlight(
                (Run("Bullet about "), Run("Go", target="go")),
                highlights=(
                    Highlight(
                        (
                            Run("Nested, in "),
                            Run("strong", strong=True, target="https://example.org/strong"),
                        ),
                        evidence=(Run("Proof", target="https://example.org/proof"), tool),
                        highlights=(Highlight((tool, Run(" and more"))),),
                    ),
                    Highlight((Run("Nested, too"),)),
                ),
            ),
            Highlight((tool, Run(", "), Run("its words", target="tool"), Run(", other"))),
        ),
        evidence=(Run("paper", target="paper"),),
        details=(
            Detail((Run("More"),), (Run("One "), Run("term", emphasis=True))),
            Detail((Run("More"),), (Run("Two definitions"),)),
            Detail((Run("Another"),), (Run("its words", target="tool"),)),
        ),
    )
    assert found["tool"] == Project(
        docname="index",
        id="tool",
        title="Tool",
        period=Period(Date(2020), None),
        summary=(Run("Help", target="help"),),
        cites=("help",),
    )
    assert found["go"] == Skill(docname="index", id="go", title="Go", group="Work")
    assert found["prize"] == Award(
        docname="index", id="prize", title="Prize", period=Period(*[Date(2020, 2, 29)] * 2)
    )
    assert found["help"] == Service(
        docname="index",
        id="help",
        title="Help",
        organization="Club",
        period=Period(*[Date(2019)] * 2),
    )
    assert {record.source for record in found.values()} == {str(page.srcdir / "index.md")}
    lines = (page.srcdir / "index.md").read_text(encoding="utf-8").splitlines()
    for record in found.values():
        assert lines[record.line - 1] == f"```{{{record.kind}}}"


def test_records_hold_no_nodes(page: SphinxTestApp) -> None:
    """Who reads a pickled Portfolio needs neither docutils nor Sphinx."""
    result = subprocess.run(
        [sys.executable, "-c", LOAD, *portfolio.__path__],
        input=pickle.dumps(portfolio_domain(page.env).portfolio),
        capture_output=True,
        check=True,
    )
    assert result.stdout == b"5\n"
