"""Directives: headings become records, or a warning with a remedy."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

import sphinx_portfolio
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.model import (
    KINDS,
    Award,
    Date,
    Detail,
    Highlight,
    Job,
    Period,
    Project,
    RecordError,
    Run,
    Service,
    Skill,
)
from sphinx_portfolio.model.validators import identifier

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    from sphinx_portfolio.model import Record

CONF = """
extensions = ["myst_parser", "sphinx_portfolio"]
nitpicky = True
html_theme = "basic"
"""
SITE = """
extensions += ["sphinx_portfolio.site"]
portfolio_exports = []
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

    def make(*, parallel: int = 0, conf: str = "", **pages: str) -> SphinxTestApp:
        source = tmp_path / "source"
        source.mkdir()
        (source / "conf.py").write_text(CONF + conf, encoding="utf-8")
        others = "\n".join(name for name in pages if name != "index")
        pages["index"] = pages.get("index", GOOD) + f"\n```{{toctree}}\n{others}\n```\n"
        for name, text in pages.items():
            (source / f"{name}.md").write_text(text, encoding="utf-8")
        app = make_app("html", srcdir=source, parallel=parallel)
        app.build()
        return app

    return make


def warnings(app: SphinxTestApp) -> list[str]:
    """The warnings, without colors and this machine's folders."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", app.warning.getvalue())
    return text.replace(f"{app.srcdir}/", "").splitlines()


def records(app: SphinxTestApp) -> dict[str, Record]:
    """The records of the Portfolio, by id."""
    return dict(portfolio_domain(app.env).portfolio.by_id)


def marked(kind: str, *options: str, heading: str = "## Bad", body: str = "") -> str:
    """A page with one directive under a heading in line 3: the directive is in line 5."""
    return "\n".join(["# Page", "", heading, "", f"```{{{kind}}}", *options, "```", "", body])


ID = "invalid id '{}': use lower-case words with hyphens, beginning with a letter"
DATE = "invalid date '{}': write YYYY, YYYY-MM or YYYY-MM-DD"
ADDRESS = "invalid URL '{}': expected https://… or http://…"
HEADING = "there is no heading above: write the directive directly below a heading"
TAKEN = "the page has the id 'bad' already: choose another"
MISSING = "the option :{0}: is missing: add a line such as `:{0}: {1}`"
AWARD = ("```{award}", ":id: bad", ":date: 2020", "```")
PROJECT = (":id: bad", ":start: 2020")


def fault(kind: str, message: str, line: int = 5) -> list[str]:
    return [f"bad.md:{line}: WARNING: {kind}: {message} [portfolio.record]"]


class Case(NamedTuple):
    """A page with a fault, and the warnings of it."""

    page: str
    expected: list[str]


def option(kind: str, message: str, *options: str) -> Case:
    """Make the case of a directive with these options in which one thing is wrong."""
    return Case(marked(kind, *options), fault(kind, message))


# In each, `bad` is replaced by the name of the case, so that ids differ from page to page.
CASES = {
    "no-date": option("award", MISSING.format("date", "2021"), ":id: bad"),
    "no-start": option("degree", MISSING.format("start", "2021-08"), ":id: b", ":organization: X"),
    "no-id": option("project", MISSING.format("id", "a-name"), ":start: 2020"),
    "empty-id": option("project", MISSING.format("id", "a-name"), ":id:", ":start: 2020"),
    "no-organization": option("job", MISSING.format("organization", "Its name"), *PROJECT),
    **{
        f"id-{name}": option("project", ID.format(text), f":id: {text}", ":start: 2020")
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
    },
    **{
        f"date-{name}": option("project", DATE.format(text), ":id: bad", f":start: {text}")
        for name, text in {
            "month": "2021-13",
            "day": "2021-02-30",
            "slashes": "2021/05",
            "word": "soon",
        }.items()
    },
    "end-before-start": option(
        "project",
        "the end (2019-12) is before the start (2020): correct one of them",
        *PROJECT,
        ":end: 2019-12",
    ),
    "events-without-year": option(
        "service",
        "each of the :events: must end in its year, or add :start:: ('A 2020', 'B')",
        *(":id: bad", ":events: A 2020, B"),
    ),
    **{
        f"address-{name}": option("project", ADDRESS.format(text), *PROJECT, f":code: {text}")
        for name, text in {
            "script": "javascript:alert(1)",
            "data": "data:text/html,x",
            "relative": "//example.org/",
            "mail": "mailto:me@example.org",
        }.items()
    },
    **{
        f"address-without-host-{name}": option(
            "project", f"invalid URL '{text}': {fault}", *PROJECT, f":code: {text}"
        )
        for name, text, fault in (
            ("one", "https://", "it has no host"),
            ("two", "http://[::1/", "the host or port is invalid"),
            ("port", "http://a.example:x/", "the host or port is invalid"),
        )
    },
    "address-with-a-space": option(
        "project",
        "invalid URL 'https://a.example/a b': ' ' is not allowed: copy the address from a browser",
        *(*PROJECT, ":code: https://a.example/a b"),
    ),
    "address-of-employer": option(
        "job",
        ADDRESS.format("javascript:alert(1)"),
        *(*PROJECT, ":organization: O", ":url: javascript:alert(1)"),
    ),
    "before-any-heading": Case("\n".join([*AWARD, "", "# Bad"]), fault("award", HEADING, 1)),
    "in-a-list": Case(
        "\n".join(["# Bad", "", f"- {AWARD[0]}", *(f"  {line}" for line in AWARD[1:])]),
        fault("award", HEADING, 3),
    ),
    "in-a-quote": Case(
        "\n".join(["# Bad", "", *(f"> {line}" for line in AWARD)]), fault("award", HEADING, 3)
    ),
    "in-an-admonition": Case(
        "\n".join(["# Bad", "", "````{note}", *AWARD, "````"]), fault("award", HEADING, 4)
    ),
    "two-under-one-heading": Case(
        "\n".join(["# Bad", "", *AWARD, "", "```{award}", ":id: two", ":date: 2020", "```"]),
        fault(
            "award",
            "the heading above has a record already: give this one its own heading",
            8,
        ),
    ),
    "same-id-twice-on-a-page": Case(
        "\n".join(["# A", "", *AWARD, "", "## B", "", *AWARD]),
        fault("award", TAKEN, 10),
    ),
    "id-of-a-target": Case(
        "\n".join(["# Page", "", "(bad)=", "## Target", "", "## Other", "", *AWARD]),
        fault("award", TAKEN, 8),
    ),
    "id-of-a-target-below": Case(
        "\n".join(["# Page", "", *AWARD, "", "(bad)=", "## Target"]), fault("award", TAKEN, 3)
    ),
    "empty-bullets": Case(
        marked("award", ":id: bad", ":date: 2020", body="- Said\n\n-\n- Also\n  - This\n  -\n"),
        [
            f"bad.md:{line}: WARNING: empty bullet: write its text or remove it "
            "[portfolio.highlight]"
            for line in (12, 15)
        ],
    ),
    "mark-that-says-no": option(
        "award",
        ":selected: invalid value 'no': write `:selected:` alone, or remove it",
        *(":id: bad", ":date: 2020", ":selected: no"),
    ),
    "audience-of-nobody": option(
        "award",
        ":audience: is empty: write `:audience: go`, or remove it",
        *(":id: bad", ":date: 2020", ":audience:"),
    ),
    "unknown-option": option(
        "award",
        "unknown option :begin:: use one of id, skills, audience, selected, organization, date",
        *(":id: bad", ":date: 2020", ":begin: 2020"),
    ),
    "unknown-option-near": option(
        "job",
        "unknown option :organisation:: did you mean 'organization'?",
        *(*PROJECT, ":organisation: Acme"),
    ),
    "option-given-twice": option(
        "award",
        "the option :date: is given twice: remove one",
        *(":id: bad", ":date: 2020", ":date: 2021"),
    ),
    "option-with-override": option(
        "job",
        "the character U+202E in 'Acme \\u202e.cnI' can't be shown: remove it",
        *(*PROJECT, ":organization: Acme \u202e.cnI"),
    ),
    "option-with-override-in-a-second-line": option(
        "job",
        "the character U+2066 in 'Acme \\u2066Inc.' can't be shown: remove it",
        *(*PROJECT, ":organization: Acme", "  \u2066Inc."),
    ),
    "title-with-override": Case(
        marked("award", ":id: bad", ":date: 2020", heading="## Prize \u202d123"),
        fault("award", "the character U+202D in 'Prize \\u202d123' can't be shown: remove it"),
    ),
    "content": option(
        "award",
        "'Text' is not an option: write a line such as `:id: a-name`",
        *(":id: bad", ":date: 2020", "", "Text"),
    ),
    "options-between-dashes": option(
        "award",
        "'---' is not an option: write a line such as `:id: a-name`",
        *("---", "id: bad", "date: 2020", "---"),
    ),
    "unknown-skill": Case(
        marked("award", ":id: bad", ":date: 2020", ":skills: gadget"),
        ["bad.md:5: WARNING: bad: no skill 'gadget' [portfolio.skill]"],
    ),
    "dangling": Case(
        "# Bad\n\n{project}`goood`",
        ["bad.md:3: WARNING: unknown project 'goood': did you mean 'good'? [ref.project]"],
    ),
    "dangling-and-nothing-near": Case(
        "# Bad\n\n{project}`xyzzy`",
        ["bad.md:3: WARNING: unknown project 'xyzzy': write the :id: of a project [ref.project]"],
    ),
    "wrong-kind": Case(
        "# Bad\n\n{job}`good`",
        ["bad.md:3: WARNING: 'good' is of kind project, not job: write {project}`good` [ref.job]"],
    ),
    "dangling-link": Case(
        "# Bad\n\n[](#goood)",
        ["bad.md:3: WARNING: 'myst' cross-reference target not found: 'goood' [myst.xref_missing]"],
    ),
    "unknown-card": Case(
        "# Bad\n\n```{projects}\n:only: good, goood\n```",
        [
            "bad.md:3: WARNING: projects: unknown project 'goood': did you mean 'good'? "
            "[portfolio.view]"
        ],
    ),
}


def test_bad_input_is_reported_with_place_and_remedy(build: Callable[..., SphinxTestApp]) -> None:
    app = build(**{name: case.page.replace("bad", name) for name, case in CASES.items()})
    found: dict[str, list[str]] = {name: [] for name in CASES}
    for warning in warnings(app):
        found.setdefault(warning.partition(".md:")[0], []).append(warning)
    assert found == {
        name: [warning.replace("bad", name) for warning in case.expected]
        for name, case in CASES.items()
    }
    assert app.statuscode == 0
    # Nothing else is lost.
    assert "good" in records(app)
    assert 'id="good"' in (app.outdir / "index.html").read_text(encoding="utf-8")


def test_a_record_on_an_orphan_page_of_a_site_is_reported(
    build: Callable[..., SphinxTestApp],
) -> None:
    page = "---\norphan: true\n---\n" + marked("award", ":id: bad", ":date: 2020")
    app = build(conf=SITE, bad=page)
    assert warnings(app) == [
        "bad.md:8: WARNING: the award 'bad' is on an orphan page, which no navigation lists: "
        "add the page to a toctree and remove `orphan` [portfolio.orphan]"
    ]


def test_a_guest_may_have_records_on_orphan_pages(build: Callable[..., SphinxTestApp]) -> None:
    page = "---\norphan: true\n---\n" + marked("award", ":id: bad", ":date: 2020")
    assert warnings(build(bad=page)) == []


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
        "page8.md:5: WARNING: duplicate id 'bad', first used at page1.md:5: choose another "
        "[portfolio.duplicate]"
    )
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


# -- Names ----------------------------------------------------------------------

# An extension that has directives and a role of names that are also ours.
THEIRS = """
from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

class Theirs(SphinxDirective):
    has_content = True

    def run(self):
        return [nodes.paragraph("", "", nodes.strong("", f"Their {self.name}"))]

class TheirRole(SphinxRole):
    def run(self):
        return [nodes.strong("", f"Their {self.name} {self.text}")], []

def setup(app):
    app.add_directive("job", Theirs)
    app.add_directive("changelog", Theirs)
    app.add_role("award", TheirRole())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
"""
MIXED = """\
# Page

## Engineer

```{portfolio:job}
:id: engineer
:organization: Acme
:start: 2020
```

## Prize

```{award}
:id: prize
:date: 2020
```

{job}`engineer`, {portfolio:award}`prize`

```{job}
Anything
```

```{changelog}
```

{award}`of 2020`
"""


@pytest.mark.parametrize("order", ["before", "after"])
def test_a_name_that_another_extension_has_stays_theirs(
    build: Callable[..., SphinxTestApp],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    order: str,
) -> None:
    (tmp_path / "theirs.py").write_text(THEIRS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "theirs", raising=False)
    names = ["theirs", "sphinx_portfolio"]
    conf = f"extensions = {['myst_parser', *(names if order == 'before' else names[::-1])]}\n"
    app = build(conf=conf, mixed=MIXED)
    assert warnings(app) == []
    # The short names that nobody else has are ours: the directive `award`, the role `job`.
    found = records(app)
    assert isinstance(found["engineer"], Job)
    assert isinstance(found["prize"], Award)
    page = BeautifulSoup((app.outdir / "mixed.html").read_text("utf-8"), "html5lib")
    theirs = [each.get_text() for each in page.select("strong") if "Their" in each.get_text()]
    assert theirs == ["Their job", "Their changelog", "Their award of 2020"]
    links = {link["href"]: link.get_text() for link in page.select("[role=main] p a.reference")}
    assert links == {"#engineer": "Acme", "#prize": "Prize"}


PYTHON = """\
Page
====

.. function:: work(hours)

   Do it, see :func:`work`.

Engineer
--------

.. job::
   :id: engineer
   :organization: Acme
   :start: 2020

As :job:`engineer`

.. changelog::
"""


def test_short_names_work_beside_those_of_python(
    tmp_path: Path, make_app: Callable[..., SphinxTestApp]
) -> None:
    (tmp_path / "conf.py").write_text(
        'extensions = ["sphinx_portfolio"]\nhtml_theme = "basic"\nnitpicky = True\n',
        encoding="utf-8",
    )
    (tmp_path / "index.rst").write_text(PYTHON, encoding="utf-8")
    app = make_app("html", srcdir=tmp_path)
    app.build()
    assert warnings(app) == []
    assert app.config.primary_domain == "py"
    assert {*app.env.domains.python_domain.objects} == {"work"}
    assert {*records(app)} == {"engineer"}
    page = BeautifulSoup((app.outdir / "index.html").read_text("utf-8"), "html5lib")
    links = [(link["href"], link.get_text()) for link in page.select("dd a, section > p a")]
    assert links[:2] == [("#work", "work()"), ("#engineer", "Acme")]


# -- Options are text -----------------------------------------------------------

# Quotes and `#`, which are markup in YAML.
NAMES = (
    '"VMware"',
    "'VMware'",
    '"VMware" Inc',
    "VMware, dept. #7",
    "key: value # no comment",
    "#1 & {co} [x] %y *z* !",
    "Name \\ or \\n",
    "-",
    "yes",
    "2020",
)


def test_an_option_keeps_every_character(
    build: Callable[..., SphinxTestApp], make_app: Callable[..., SphinxTestApp], tmp_path: Path
) -> None:
    options = [
        [f":id: job-{number}", f":organization: {name}", ":start: 2020"]
        for number, name in enumerate(NAMES)
    ]
    markdown = "# Page\n"
    for lines in options:
        markdown += "\n".join(["\n## Job", "", "```{job}", *lines, "```\n"])
    app = build(names=markdown)
    assert warnings(app) == []
    app.cleanup()
    text = "Page\n====\n"
    for lines in options:
        text += "\n".join(["\nJob", "---", "", ".. job::", *(f"   {it}" for it in lines), ""])
    folder = tmp_path / "rst"
    folder.mkdir()
    (folder / "conf.py").write_text('extensions = ["sphinx_portfolio"]\n', encoding="utf-8")
    (folder / "index.rst").write_text(text, encoding="utf-8")
    rst = make_app("html", srcdir=folder)
    rst.build()
    assert warnings(rst) == []
    for found in (records(app), records(rst)):
        jobs = {id_: job.organization for id_, job in found.items() if isinstance(job, Job)}
        assert [jobs[f"job-{number}"] for number in range(len(NAMES))] == [*NAMES]
    page = (app.outdir / "names.html").read_text("utf-8")
    facts = BeautifulSoup(page, "html5lib").select("dd.portfolio-fact-organization")
    assert [each.get_text().strip() for each in facts] == [*NAMES]


def test_indented_lines_continue_an_option(build: Callable[..., SphinxTestApp]) -> None:
    lines = (":id: bad", ":organization:", "  Acme", "", "  # Inc.", ":start: 2020")
    app = build(bad=marked("job", *lines))
    assert warnings(app) == []
    job = records(app)["bad"]
    assert isinstance(job, Job)
    assert job.organization == "Acme # Inc."


# -- Ids ------------------------------------------------------------------------

# The heading of another section, of this one, or of the page has the words of the id.
N2N = {
    "of-its-own": "# Page\n\n## n2N\n\n{}\n",
    "of-the-page": "# n2n\n\n## Other\n\n{}\n",
    "of-both": "# n2n\n\n## n2N\n\n{}\n",
    "of-another": "# Page\n\n## n2n\n\nText\n\n## Other\n\n{}\n",
    "of-one-below": "# Page\n\n## Other\n\n{}\n\n## N2N\n\nText\n",
    "of-all": "# n2n\n\n## n2n\n\n{}\n\n## n2n\n\nText\n",
}


@pytest.mark.parametrize("name", N2N)
def test_an_id_wins_over_that_of_the_words_of_a_heading(
    build: Callable[..., SphinxTestApp], name: str
) -> None:
    directive = "```{project}\n:id: n2n\n:start: 2020\n```"
    references = "[one](#n2n) {project}`two <n2n>` {any}`three <n2n>`"
    text = f"{GOOD}\n{references}\n"
    app = build(index=text, names=N2N[name].format(directive) + f"\n{references}\n")
    assert warnings(app) == []
    page = BeautifulSoup((app.outdir / "names.html").read_text("utf-8"), "html5lib")
    ids = [each["id"] for each in page.select("[id]")]
    assert len(ids) == len({*ids})
    [section] = page.select("section#n2n")
    assert section.select(":scope > .portfolio-facts")
    # Each heading's own link leads to it.
    for each in page.select("section"):
        [link] = each.select(":scope > :is(h1, h2) > a.headerlink")
        assert link["href"] == f"#{each['id']}"
    links = {link.get_text(): link["href"] for link in page.select("section > p > a.reference")}
    assert links == dict.fromkeys(("one", "two", "three"), "#n2n")
    index = BeautifulSoup((app.outdir / "index.html").read_text("utf-8"), "html5lib")
    links = {link.get_text(): link["href"] for link in index.select("section > p > a.reference")}
    assert links == dict.fromkeys(("one", "two", "three"), "names.html#n2n")
    # The table of contents leads to each of the page's headings.
    entries = [str(link["href"]) for link in index.select(".toctree-wrapper a")]
    assert entries[0] == "names.html"
    anchors = [entry.partition("#")[2] for entry in entries[1:]]
    assert anchors == [each["id"] for each in page.select("section section")]


def test_an_id_wins_over_that_of_the_words_of_another_record(
    build: Callable[..., SphinxTestApp],
) -> None:
    skill = "## {}\n\n```{{skill}}\n:id: {}\n```\n"
    text = "".join(skill.format(*each) for each in (("C#", "csharp"), ("C++", "cpp"), ("C", "c")))
    app = build(index=f"# Skills\n\n{text}")
    assert warnings(app) == []
    page = BeautifulSoup((app.outdir / "index.html").read_text("utf-8"), "html5lib")
    titles = {
        id_: page.select(f"section#{id_} > h2 > .p-skill")[0].get_text()
        for id_ in ("csharp", "cpp", "c")
    }
    assert titles == {"csharp": "C#", "cpp": "C++", "c": "C"}


def test_two_records_with_one_id_on_a_page_are_reported(
    build: Callable[..., SphinxTestApp],
) -> None:
    directive = "```{project}\n:id: bad\n:start: 2020\n```\n"
    app = build(bad=f"# Page\n\n## Bad\n\n{directive}\n## Bad\n\n{directive}")
    assert warnings(app) == fault("project", TAKEN, 12)


# -- Any options ----------------------------------------------------------------

# What a person would write, or anything.
VALUES = (
    st.builds(lambda day, size: day.isoformat()[:size], st.dates(), st.sampled_from([4, 7, 10]))
    | st.sampled_from(["present", "https://example.org/", "A 2020, B 2021", "a, b"])
    | st.text()
)


@settings(deadline=None, max_examples=200)  # a machine may be busy
@given(data=st.data())
def test_options_are_fields_or_one_error(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([kind for kind in KINDS.values() if kind.options]))
    all_options = {option.name: VALUES for option in kind.options or ()}
    options = data.draw(
        st.fixed_dictionaries(all_options) | st.fixed_dictionaries({}, optional=all_options)
    )
    try:
        fields = kind.fields(options)
        record = kind.finish(kind.record(id="x", title="X", docname="x", **fields))
    except RecordError as error:
        assert str(error)
        return
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301 (our own)
    for address in (fields.get("url", ""), fields.get("code", "")):
        assert not address or address.startswith(("http://", "https://"))


@given(st.text())
def test_an_id_is_an_address_or_an_error(text: str) -> None:
    try:
        assert re.fullmatch(r"[a-z0-9-]+", identifier(text))
    except RecordError as error:
        assert str(error).startswith(f"invalid id {text!r}: ")


LOAD = """
import pickle, sys, types
# In the place of the package itself, which imports Sphinx.
package = sys.modules["sphinx_portfolio"] = types.ModuleType("sphinx_portfolio")
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
                        evidence=((Run("Proof", target="https://example.org/proof"),), (tool,)),
                        highlights=(Highlight((tool, Run(" and more"))),),
                    ),
                    Highlight((Run("Nested, too"),)),
                ),
            ),
            Highlight((tool, Run(", "), Run("its words", target="tool"), Run(", other"))),
        ),
        evidence=((Run("paper", target="paper"),),),
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
        [sys.executable, "-c", LOAD, *sphinx_portfolio.__path__],
        input=pickle.dumps(portfolio_domain(page.env).portfolio),
        capture_output=True,
        check=True,
    )
    assert result.stdout == b"5\n"
