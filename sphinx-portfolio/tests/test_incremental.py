"""A build after an edit, or in several processes, gives what a fresh and serial one gives."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from sphinx.testing.util import SphinxTestApp

# TODO conftest copy_source
from test_domain import invented

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Pages that list what is on all others.
SITE_WIDE = {"genindex", "search"}
ROOTS = Path(__file__).resolve().parent / "roots"


class Builds:
    """Builds of one source folder, each by an application of its own, as from a command line."""

    def __init__(self, source: Path, output: Path) -> None:
        self.source = source
        self.output = output

    def build(self, name: str = "out", *, parallel: int = 0, builder: str = "html") -> Path:
        """Build into a folder, upon what is there; return where the files are."""
        app = SphinxTestApp(
            builder, srcdir=self.source, builddir=self.output / name, parallel=parallel
        )
        try:
            app.build()
            assert app.warning.getvalue() == ""
            return app.outdir
        finally:
            app.cleanup()

    def edit(self, page: str, old: str, new: str) -> None:
        """Replace what stands on a page once."""
        path = self.source / page
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (page, old)
        path.write_text(text.replace(old, new), encoding="utf-8")

    @contextmanager
    def restored(self) -> Iterator[None]:
        """Undo what is done to the source."""
        before = files(self.source)
        try:
            yield
        finally:
            for name in difference(before, files(self.source)):
                path = self.source / name
                path.write_bytes(before[name]) if name in before else path.unlink()


@pytest.fixture(scope="module", autouse=True)
def _same_day() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        yield


@pytest.fixture
def builds(rootdir: Path, tmp_path: Path) -> Builds:
    """Of the invented portfolio with talks."""
    return Builds(invented(rootdir, tmp_path / "source", talks=True), tmp_path)


@pytest.fixture(scope="module")
def shared(rootdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Builds:
    """Likewise, for tests that restore what they edit."""
    folder = tmp_path_factory.mktemp("shared")
    return Builds(invented(rootdir, folder / "source", talks=True), folder)


@pytest.fixture(scope="module")
def base(shared: Builds) -> dict[str, bytes]:
    """The shared pages, before any edit."""
    return pages(shared.build())


def files(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def pages(folder: Path) -> dict[str, bytes]:
    """The pages that authors wrote, without suffix."""
    found = {name.removesuffix(".html"): text for name, text in files(folder).items()}
    return {
        name: text
        for name, text in found.items()
        if (folder / f"{name}.html").is_file() and name not in SITE_WIDE
    }


def times(folder: Path) -> dict[str, int]:
    """When each page was written."""
    return {name: (folder / f"{name}.html").stat().st_mtime_ns for name in pages(folder)}


def difference(old: dict[str, bytes], new: dict[str, bytes]) -> set[str]:
    """The names of what is in one alone, or differs."""
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


def test_parallel_is_serial_for_the_invented_portfolio(builds: Builds) -> None:
    serial, parallel = builds.build("serial"), builds.build("parallel", parallel=2)
    assert len(pages(serial)) > 10  # Sphinx reads fewer than six in one process
    assert difference(files(serial), files(parallel)) == set()


@pytest.mark.filterwarnings("ignore::sphinx.deprecation.RemovedInSphinx11Warning:notfound")
def test_parallel_is_serial_for_the_site(tmp_path: Path) -> None:
    builds = Builds(copy_source(tmp_path / "source"), tmp_path)
    serial, parallel = builds.build("serial"), builds.build("parallel", parallel=2)
    assert difference(files(serial), files(parallel)) == set()


BIB = "talks/talks.bib"
NORD = "experience/nord.md"
ENTRY = """
@unpublished{new,
  author = {ברק, נעמי}, title = {New}, eventtitle = {E}, year = {2022},
}
"""


def rewrite(page: str, old: str, new: str) -> Callable[[Builds], None]:
    """Edit a page."""
    return lambda builds: builds.edit(page, old, new)


def add_page(builds: Builds) -> None:
    text = "# New\n\n```{project}\n:id: new\n:start: 2022\n```\n"
    (builds.source / "projects" / "new.md").write_text(text, encoding="utf-8")
    builds.edit("projects/index.md", "rakia\n", "rakia\nnew\n")


def remove_page(builds: Builds) -> None:
    (builds.source / "experience" / "atlas.md").unlink()
    builds.edit("experience/index.md", "\natlas\n", "\n")
    builds.edit("experience/index.md", "- {job}`atlas`\n", "")


def add_talk(builds: Builds) -> None:
    path = builds.source / BIB
    path.write_text(path.read_text(encoding="utf-8") + ENTRY, encoding="utf-8")


def remove_talk(builds: Builds) -> None:
    path = builds.source / BIB
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("@unpublished{by-ear")], encoding="utf-8")


# What changes a record or what frames all pages: each is written again.
EVERYWHERE = {
    "bullet": rewrite(NORD, "на трёх языках", "на четырёх языках"),
    "dates": rewrite(NORD, ":end: 2019-02", ":end: 2019-01"),
    "title-of-a-project": rewrite("projects/rakia.md", "# רקיע", "# שמיים"),
    "title-of-a-page": rewrite("talks/index.md", "# Доклады", "# Talks"),
    "emphasis-in-a-title": rewrite("recognition.md", "# Recognition", "# *Recognition*"),
    "heading": rewrite("recognition.md", "## Service", "## Services"),
    "name-in-a-toctree": rewrite("index.md", "\nskills\n", "\nAbilities <skills>\n"),
    "option-of-a-toctree": rewrite("index.md", ":hidden:", ":hidden:\n:caption: Menu"),
    "order-of-a-toctree": rewrite("index.md", "recognition\nskills", "skills\nrecognition"),
    "label": rewrite("recognition.md", "{rubric} Rivers", "{rubric} Streams"),
    "citation-gone": rewrite("projects/shvil.md", "{project}`its own type <rakia>`", "its type"),
    "id": rewrite("recognition.md", ":id: letter", ":id: sign"),
    "alias": rewrite("skills.md", "mapmaking", "mapmaking, atlases"),
    "record-gone": rewrite("recognition.md", "```{award}\n:id: letter\n:date: 2018\n```", "2018"),
    "talk": rewrite(BIB, "{Typo Days}", "{Type Days}"),
    "new-page": add_page,
    "page-gone": remove_page,
    "new-talk": add_talk,
    "talk-gone": remove_talk,
}
# What changes no more than a page: it is written again, and pages whose toctree names it.
PROSE: dict[str, tuple[Callable[[Builds], None], set[str]]] = {
    "prose": (rewrite("index.md", "Maps and the type", "Maps, and type"), {"index"}),
    "prose-beside-a-record": (
        rewrite(NORD, "Two jobs", "Once there were two jobs"),
        {"experience/nord", "experience/index"},
    ),
    "lines-above-a-record": (
        rewrite(NORD, "Two jobs at", "Two jobs\n\nat"),
        {"experience/nord", "experience/index"},
    ),
    "citation-in-prose-gone": (rewrite("index.md", ", {cite}`small-type`", ""), {"index"}),
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        *(pytest.param(change, None, id=name) for name, change in EVERYWHERE.items()),
        *(pytest.param(*row, id=name) for name, row in PROSE.items()),
    ],
)
def test_after_an_edit_the_site_is_a_fresh_one(
    shared: Builds,
    tmp_path: Path,
    change: Callable[[Builds], None],
    expected: set[str] | None,
) -> None:
    with shared.restored():
        folder = shared.build()
        before = times(folder)
        change(shared)
        shared.build()
        after = times(folder)
        # Another folder, so that nothing of the first build is there.
        fresh = Builds(shared.source, tmp_path).build()
    written = {name for name, time in after.items() if before.get(name) != time}
    gone = {*after} - {*pages(fresh)}
    for name in gone:
        # Sphinx leaves the page whose source is gone; `portfolio build` begins with nothing.
        (folder / f"{name}.html").unlink()
    assert difference(files(folder), files(fresh)) == set()
    assert written == ({*pages(fresh)} if expected is None else expected)


def test_nothing_is_written_where_nothing_changed(shared: Builds) -> None:
    before = times(shared.build())
    assert times(shared.build()) == before


def test_on_another_day_all_is_written_again(
    builds: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is past and what upcoming is told by the day."""
    before = times(builds.build())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1700000000 + 24 * 60 * 60))
    after = times(builds.build())
    assert all(time != before[name] for name, time in after.items())


def test_builders_that_share_what_was_read_each_write_what_changed(builds: Builds) -> None:
    builds.build(builder="dirhtml")
    builds.build(builder="html")
    builds.edit("projects/shvil.md", ":start: 2021-01", ":start: 2021-02")
    builds.build(builder="html")
    folder = builds.build(builder="dirhtml")
    assert difference(files(folder), files(builds.build("fresh", builder="dirhtml"))) == set()


# Each option, field and text once: what stands there, what is written in its place, who shows it.
FIELDS = [
    (page, *row["edit"], {*row["shown"]})
    for page, rows in yaml.safe_load(
        (ROOTS / "test-invented-talks" / "edits.yaml").read_text(encoding="utf-8")
    ).items()
    for row in rows
]
# An id is an address: `EVERYWHERE` has one that changes.
FIELD = re.compile(r"^:(?!id|only|hidden|all|list)\w+: .+$|^  \w+ += \{.+\}|^ *- .+$", re.MULTILINE)


def test_each_field_of_each_record_is_edited(shared: Builds) -> None:
    for path in shared.source.rglob("*"):
        page = str(path.relative_to(shared.source))
        if path.suffix not in {".md", ".bib"} or page in {"index.md", "experience/index.md"}:
            continue
        text = path.read_text(encoding="utf-8")
        edited = {
            place
            for name, old, _, _ in FIELDS
            if name == page
            for place in range(text.index(old), text.index(old) + len(old))
        }
        for field in FIELD.finditer(text):
            assert edited & {*range(*field.span())}, field


def test_a_date_that_moves_the_axis_changes_each_page_with_a_drawing(
    base: dict[str, bytes],
) -> None:
    drawn = {name for name, text in base.items() if b'<svg class="span"' in text}
    edits = {new: shown for _, _, new, shown in FIELDS}
    assert edits[":end: 2023-01"] == edits[":start: 2011"] == drawn
    assert len(drawn) < len(base)


@pytest.mark.parametrize(
    ("page", "old", "new", "shown"),
    FIELDS,
    ids=[f"{number}-{row[0]}" for number, row in enumerate(FIELDS)],
)
def test_a_field_changes_the_pages_that_show_it_and_no_others(
    shared: Builds, base: dict[str, bytes], page: str, old: str, new: str, shown: set[str]
) -> None:
    with shared.restored():
        shared.edit(page, old, new)
        changed = difference(base, pages(shared.build()))
    assert changed == (shown if shown != {"all"} else {*base})
