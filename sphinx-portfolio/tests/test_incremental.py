"""A build after an edit, or in several processes, equals a fresh and serial one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from sphinx.testing.util import SphinxTestApp

from test_domain import invented

if TYPE_CHECKING:
    from collections.abc import Callable

# sphinx-notfound-page 1.1 still uses what Sphinx 11 will remove.
pytestmark = pytest.mark.filterwarnings(
    "ignore::sphinx.deprecation.RemovedInSphinx11Warning:notfound"
)

# Pages that nobody wrote.
GENERATED = {"404", "genindex", "search"}
# Sphinx's own index of words may differ after an incremental build.
SEARCH = "searchindex.js"
NOON = 1700000000  # of some day
DAY = 24 * 60 * 60
SITE = 'extensions.append("sphinx_portfolio.site")\nportfolio_exports = []\n'


class Builds:
    """Builds of one source folder, each by an application of its own, as from a command line."""

    def __init__(self, source: Path, output: Path) -> None:
        self.source = source
        self.output = output
        self.now = NOON

    def build(self, name: str = "out", *, parallel: int = 0, builder: str = "html") -> Path:
        """Build into a folder, upon what is there; return where the files are."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOURCE_DATE_EPOCH", str(self.now))
            app = SphinxTestApp(
                builder, srcdir=self.source, builddir=self.output / name, parallel=parallel
            )
            try:
                app.build()
            finally:
                app.cleanup()
        assert app.warning.getvalue() == ""
        return app.outdir

    def write(self, page: str, text: str) -> None:
        """Write a page."""
        (self.source / page).write_text(text, encoding="utf-8")

    def append(self, page: str, text: str) -> None:
        """Add a text to the end of a file."""
        self.write(page, (self.source / page).read_text(encoding="utf-8") + text)

    def edit(self, page: str, old: str, new: str) -> None:
        """Replace a text that is on a page once."""
        text = (self.source / page).read_text(encoding="utf-8")
        assert text.count(old) == 1, (page, old)
        self.write(page, text.replace(old, new))


@pytest.fixture
def guest(rootdir: Path, tmp_path: Path) -> Builds:
    """Builds of the invented portfolio with talks, without the site extension."""
    return Builds(invented(rootdir, tmp_path / "source", talks=True), tmp_path)


@pytest.fixture
def site(guest: Builds) -> Builds:
    """Likewise, with the site extension."""
    guest.append("conf.py", SITE)
    return guest


def files(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def pages(folder: Path) -> dict[str, bytes]:
    """The pages that authors wrote, without suffix."""
    found = {
        name.removesuffix(".html"): text
        for name, text in files(folder).items()
        if name.endswith(".html") and not name.startswith("_static/")
    }
    return {name: text for name, text in found.items() if name not in GENERATED}


def times(folder: Path) -> dict[str, int]:
    """When each page was written."""
    return {name: (folder / f"{name}.html").stat().st_mtime_ns for name in pages(folder)}


def difference(old: dict[str, bytes], new: dict[str, bytes]) -> set[str]:
    """The names of what is in one alone, or differs."""
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


@pytest.mark.parametrize("kind", ["guest", "site"])
def test_a_parallel_build_is_equal_to_a_serial_one(
    request: pytest.FixtureRequest, kind: str
) -> None:
    builds: Builds = request.getfixturevalue(kind)
    serial, parallel = builds.build("serial"), builds.build("parallel", parallel=2)
    assert len(pages(serial)) > 10  # Sphinx reads fewer than six in one process
    assert difference(files(serial), files(parallel)) == set()


def test_builders_that_share_what_was_read_each_write_what_changed(site: Builds) -> None:
    site.append("conf.py", 'html_theme = "basic"\n')
    site.build(builder="dirhtml")
    site.build(builder="html")
    site.edit("projects/shvil.md", ":start: 2021-01", ":start: 2021-02")
    site.build(builder="html")
    folder = site.build(builder="dirhtml")
    fresh = site.build("fresh", builder="dirhtml")
    assert difference(files(folder), files(fresh)) <= {SEARCH}


# -- Edits ----------------------------------------------------------------------

BIB = "talks/talks.bib"
NORD = "experience/nord.md"


class Edit(NamedTuple):
    """An edit, the pages that differ after it, and those that are written; None: all pages."""

    name: str
    apply: Callable[[Builds], None]
    shown: set[str] | None
    written: set[str] | None = None
    # Whether to compare with a fresh build. As edits add up, this checks the ones before, too.
    compare: bool = False


def rewrite(page: str, old: str, new: str) -> Callable[[Builds], None]:
    """Edit a page."""
    return lambda builds: builds.edit(page, old, new)


def add_page(builds: Builds) -> None:
    builds.write("projects/new.md", "# New\n\n```{project}\n:id: new\n:start: 2020\n```\n")
    builds.edit("projects/index.md", "rakia\n", "rakia\nnew\n")


def remove_page(builds: Builds) -> None:
    (builds.source / "experience" / "atlas.md").unlink()
    builds.edit("experience/index.md", "\natlas\n", "\n")
    builds.edit("experience/index.md", "- {job}`atlas`\n", "")


def remove_talk(builds: Builds) -> None:
    path = builds.source / BIB
    text = path.read_text(encoding="utf-8")
    builds.write(BIB, text[: text.index("@unpublished{by-ear")])


def name_person(builds: Builds) -> None:
    builds.append("conf.py", 'portfolio_person = {"name": "Naomi"}\n')


def wait_a_day(builds: Builds) -> None:
    builds.now += DAY


# What changes a record or the navigation: all pages of a site are written.
PERSON = {
    *("index", "experience/nord", "experience/studies", "recognition", "skills", "talks/index"),
    *("projects/new", "projects/rakia", "projects/shvil"),
}
SITE_EDITS = (
    Edit("a field of a page", rewrite(NORD, "Архангельск", "Мурманск"), {"experience/nord"}),
    # The newest date was of 2021; the footer has it.
    Edit("a date of the axis", rewrite(NORD, ":end: present", ":end: 2023-01"), None),
    Edit("a field of a talk", rewrite(BIB, "{Typo Days}", "{Type Days}"), {"index", "talks/index"}),
    Edit("a heading", rewrite("skills.md", "## Ремесло", "## Craft"), {"skills"}),
    Edit("the title of a record", rewrite("projects/rakia.md", "# רקיע", "# שמיים"), None),
    Edit(
        "a label",
        rewrite("recognition.md", "{rubric} Rivers", "{rubric} Streams"),
        {"recognition", "index"},
    ),
    Edit("a name in a toctree", rewrite("index.md", "\nskills\n", "\nCraft <skills>\n"), None),
    Edit("a new page", add_page, None),
    Edit("a page that is gone", remove_page, None, compare=True),
    # Whose portfolio it is, is not named as a speaker, but in the head of a page with records.
    Edit("the person", name_person, PERSON),
    Edit("a talk that is gone", remove_talk, {"skills", "talks/index"}),
    Edit("a topic", rewrite("conf.py", '"Правописание"', '"Orthography"'), {"talks/index"}),
    Edit("today", wait_a_day, set(), compare=True),
    # Prose is on no other page; a toctree that names the page is written with it.
    Edit("prose", rewrite("index.md", "Maps and the type", "Maps, and type"), {"index"}, {"index"}),
    Edit(
        "lines above a record",
        rewrite(NORD, "Two jobs at", "Two jobs\n\nat"),
        {"experience/nord"},
        {"experience/nord", "experience/index"},
    ),
    Edit(
        "a citation",
        rewrite("index.md", ", {cite}`small-type`", ""),
        {"index"},
        {"index"},
        compare=True,
    ),
)


def faults_of(builds: Builds, edits: tuple[Edit, ...]) -> list[object]:
    """Build after each edit; return what is not as expected."""
    folder = builds.build(parallel=2)
    faults: list[object] = []
    for edit in (Edit("nothing", lambda _: None, set(), set()), *edits):
        old, before = pages(folder), times(folder)
        edit.apply(builds)
        builds.build()
        # Sphinx leaves the page of a source that is gone.
        for name in pages(folder):
            if not any((builds.source / f"{name}{suffix}").exists() for suffix in (".md", ".rst")):
                (folder / f"{name}.html").unlink()
        new, after = pages(folder), times(folder)
        shown = difference(old, new)
        if shown != (expected := {*old, *new} if edit.shown is None else edit.shown):
            faults.append((edit.name, "differ", shown - expected, "do not", expected - shown))
        written = {name for name, time in after.items() if before.get(name) != time}
        if written != (expected := {*new} if edit.written is None else edit.written):
            faults.append((edit.name, "written", written - expected, "not", expected - written))
        if edit.compare:
            fresh = files(builds.build(f"fresh {edit.name}"))
            if stale := difference(files(folder), fresh) - {SEARCH}:
                faults.append((edit.name, "not as in a fresh build", stale))
    return faults


def test_after_each_edit_a_site_is_equal_to_a_fresh_build(site: Builds) -> None:
    assert faults_of(site, SITE_EDITS) == []


def addresses_of_styles(folder: Path) -> dict[str, set[str]]:
    """The addresses of style sheets and scripts with digests on each page."""
    return {
        name: {*re.findall(r'(?:href|src)="[^"]*_static/([^"]+\?v=\w+)"', text.decode())}
        for name, text in pages(folder).items()
    }


def test_after_an_edit_of_a_style_or_script_all_pages_of_a_site_have_its_new_address(
    site: Builds,
) -> None:
    def build(name: str) -> Path:
        """Build in a process of its own: Sphinx keeps digests for the time of a process."""
        folder = site.output / name
        command = (sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", site.source, folder)
        subprocess.run(command, check=True)
        return folder

    conf = """\
html_static_path = ["_static", "own.js"]
html_css_files = ["own.css"]
html_js_files = ["own.js"]
"""
    site.append("conf.py", conf)
    (site.source / "_static").mkdir()
    site.write("_static/own.css", "p { color: red }\n")
    site.write("own.js", "let x = 1;\n")
    folder = build("html")
    for name in ("_static/own.css", "own.js"):
        old = addresses_of_styles(folder)
        site.append(name, "\n")
        build("html")
        for page, addresses in addresses_of_styles(folder).items():
            assert {it.partition("?")[0] for it in addresses - old[page]} == {Path(name).name}
    assert difference(pages(folder), pages(build("fresh"))) == set()


# Pages of a guest's own project, by whether they depend on records.
OWN = {
    "own/prose": "# Prose\n\nSee {func}`work` and [](#a-part).\n\n## A part\n",
    "own/code": "# Code\n\n```{function} work\n```\n",
    "own/cites": "# Cites\n\n{cite:p}`paper`\n\n```{bibliography} ../papers.bib\n```\n",
}
DEPENDENT = {
    "own/role": "# Role\n\n{portfolio:job}`atlas`\n",
    "own/link": "# Link\n\n[](#atlas)\n",
    "own/any": "# Any\n\n{any}`atlas`\n",
    "own/cite": "# Cite\n\n{cite}`by-ear`\n",
    "own/see": "# See\n\n{cite}`{see}paper, {also}by-ear{p. 2}`\n",
    "own/view": "# View\n\n```{changelog}\n```\n",
}
PAPER = "@misc{paper, author = {Doe, Jo}, title = {Paper}, year = {2020}}\n"
# Of the invented portfolio each page has records, views or references.
SHOWING = {
    *("index", "experience/index", "experience/nord", "experience/atlas", "experience/studies"),
    *("projects/index", "projects/rakia", "projects/shvil", "recognition", "skills"),
    *("talks/index", *DEPENDENT),
}


def test_a_changed_record_rewrites_the_pages_of_a_guest_that_depend_on_records(
    guest: Builds,
) -> None:
    guest.append(
        "conf.py", 'html_theme = "basic"\nbibtex_bibfiles.append("papers.bib")\nlanguage = "en"\n'
    )
    guest.append("index.md", "\n```{toctree}\n:glob:\n\nown/*\n```\n")
    # Without a file it would list the papers, too.
    guest.edit("talks/index.md", "{bibliography}", "{bibliography} talks.bib")
    guest.write("papers.bib", PAPER)
    (guest.source / "own").mkdir()
    for name, text in (OWN | DEPENDENT).items():
        guest.write(f"{name}.md", text)
    edits = (
        # A heading, also one among records, is shown on other pages only as Sphinx itself does.
        Edit(
            "a heading",
            rewrite("own/prose.md", "# Prose", "# Text"),
            {"own/prose", "index"},
            {"own/prose", "index"},
        ),
        Edit(
            "a heading among records",
            rewrite("recognition.md", "## Service", "## Services"),
            {"recognition"},
            {"recognition", "index"},
        ),
        Edit(
            "prose",
            rewrite("own/code.md", "# Code\n", "# Code\n\nHere.\n"),
            {"own/code"},
            {"own/code", "index"},
        ),
        Edit(
            "a field of a record",
            rewrite("experience/atlas.md", ":organization: Atlas Verlag", ":organization: Globus"),
            {"experience/index", "experience/atlas", "own/role", "own/link", "own/any", "own/view"},
            SHOWING,
            compare=True,
        ),
        Edit(
            "a field of a talk",
            rewrite(BIB, "{Carto Days}", "{Map Days}"),
            {"talks/index", "own/cite", "own/see", "own/view"},
            SHOWING,
            compare=True,
        ),
        Edit("today", wait_a_day, set(), SHOWING),
    )
    assert faults_of(guest, edits) == []
