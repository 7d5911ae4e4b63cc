"""Files beside the pages: there, announced, whole, and made again only when a record changed."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import struct
import zlib
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.errors import ConfigError, ExtensionError
from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_colors

from sphinx_portfolio import exports
from sphinx_portfolio.exports import making
from sphinx_portfolio.exports.outline import ExportError
from sphinx_portfolio.html import publishing
from sphinx_portfolio.model import Date, Person, Portfolio, RecordError, assemble
from sphinx_portfolio.model.files import FOR_APPLICATIONS, TO_FOLLOW, File
from sphinx_portfolio.views import downloads
from sphinx_portfolio.views.view import Context
from support import HOSTS, one
from test_incremental import difference, files, times

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent / "roots" / "test-downloads"
PAGES = {
    "html": "deep/er/page.html",
    "dirhtml": "deep/er/page/index.html",
    "singlehtml": "index.html",
}
GUEST = ["myst_parser", "sphinx_portfolio"]
SPECIAL = {"404", "genindex", "search"}  # pages of no source
CVS = ["cv.pdf", "cv-short.pdf", "cv.docx", "cv.txt", "cv.md", "resume.json"]
LISTED = [*CVS, "contact.vcf"]  # in the order of the table; there is nothing for the other files


def picture(width: int, height: int) -> bytes:
    """Return a white PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


class Made(NamedTuple):
    """Stand-ins for the exports: what was made, and what hinders it."""

    names: list[str]
    faults: dict[str, ExportError]


@pytest.fixture(scope="module", autouse=True)
def _same_environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        for name in [name for name in os.environ if name.startswith(HOSTS)]:
            patch.delenv(name)
        yield


def stand_in(patch: pytest.MonkeyPatch) -> Made:
    """Make files of the records' titles and bullets, one longer than the other."""
    made = Made([], {})

    def make(name: str, portfolio: Portfolio) -> bytes:
        made.names.append(name)
        if fault := made.faults.get(name):
            raise fault
        if name.endswith(".png"):
            return picture(44, 62)
        said = "\n".join(text for record in portfolio.records for text in record.texts)
        return f"{name}: {said}\n".encode() * 10 * len(name)

    replaced = tuple(replace(export, make=partial(make, export.name)) for export in exports.EXPORTS)
    patch.setattr(exports, "EXPORTS", replaced)
    return made


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    return stand_in(monkeypatch)


class Builds:
    """Builds of one source folder, each by an application of its own."""

    def __init__(self, folder: Path) -> None:
        self.source = shutil.copytree(ROOT, folder / "source")
        self.folder = folder
        self.said = self.info = ""

    def __call__(
        self, name: str = "out", builder: str = "html", parallel: int = 0, **settings: object
    ) -> Path:
        """Build upon what is there; return where the files are."""
        warning, status = io.StringIO(), io.StringIO()
        app = SphinxTestApp(
            builder,
            srcdir=self.source,
            builddir=self.folder / name,
            parallel=parallel,
            status=status,
            warning=warning,
            confoverrides=settings,
        )
        try:
            app.build()
            return Path(app.outdir)
        finally:
            app.cleanup()
            self.said = strip_colors(warning.getvalue())
            self.info = strip_colors(status.getvalue())

    def edit(self, page: str, old: str, new: str) -> None:
        """Replace what stands on a page once."""
        path = self.source / page
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (page, old)
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def builds(made: Made, tmp_path: Path) -> Builds:
    return Builds(tmp_path)


def parsed(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html5lib")


def target(page: Path, address: str, folder: Path) -> Path:
    """Return the file that an address on a page leads to."""
    path = unquote(urlsplit(urljoin(page.as_uri(), address)).path)
    return folder / path.removeprefix("/on/") if address.startswith("/on/") else Path(path)


def differing(one: Path, other: Path) -> set[str]:
    """Return the files that differ, but for the search index: Sphinx's own is not reproducible."""
    return difference(files(one), files(other)) - {"searchindex.js"}


# -- What stands there --------------------------------------------------------


class Whole(NamedTuple):
    """A site that was built: by which builder, where it is, and the page of the list."""

    builder: str
    folder: Path
    page: str


@pytest.fixture(scope="module", params=["html", "dirhtml", "singlehtml"])
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """The small site, by each builder."""
    builds = Builds(tmp_path_factory.mktemp(request.param))
    with pytest.MonkeyPatch.context() as patch:
        stand_in(patch)
        folder = builds(builder=request.param)
    assert builds.said == ""
    page = {"html": "cv.html", "dirhtml": "cv/index.html", "singlehtml": "index.html"}
    return Whole(request.param, folder, page[request.param])


def test_the_lists_lead_to_files_with_their_format_and_size(whole: Whole) -> None:
    _, folder, page = whole
    document = parsed(folder / page)
    labels = {
        "cv.pdf": "Complete PDF,",
        "cv-short.pdf": "One page PDF,",
        "cv.docx": "Word",
        "cv.txt": "Plain text",
        "contact.vcf": "Contact card",
        "cv.md": "Markdown",
        "resume.json": "JSON Resume",
    }
    assert {*labels} == {*LISTED}
    items = document.select("dl.portfolio-downloads > dd li")
    shown = [" ".join(item.get_text().split()) for item in items]
    assert shown == [
        f"{label} {round((folder / name).stat().st_size / 1000)} kB"
        for name, label in labels.items()
    ]
    # PDFs are buttons, files for the same readers are together, and the picture is last.
    listing = one(document, "dl.portfolio-downloads")
    assert listing.select("li.portfolio-button") == items[:2]
    groups = {
        term.get_text(): len(below.select("li"))
        for term, below in zip(listing.select("dt"), listing.select("dd"), strict=True)
    }
    assert groups == {"To read": 2, "For applications": 2, "To follow": 1, "For machines": 2}
    assert listing.find_next_sibling() is one(document, "p.portfolio-download-picture")
    types = {export.name: export.media_type for export in exports.EXPORTS}
    for item, name in zip(items, labels, strict=True):
        link = one(item, "a")
        assert link["type"] == types[name]
        assert target(folder / page, str(link["href"]), folder) == folder / name
        assert "download" not in link.attrs


def test_the_picture_is_loaded_late_and_leads_to_the_cv(whole: Whole) -> None:
    _, folder, page = whole
    image = one(parsed(folder / page), "p.portfolio-download-picture > a > img")
    assert (image["loading"], image["width"], image["height"]) == ("lazy", "44", "62")
    assert image["alt"] == "The first page of the CV"
    assert target(folder / page, str(image["src"]), folder) == folder / "cv.png"
    link = image.parent
    assert link is not None
    assert target(folder / page, str(link["href"]), folder) == folder / "cv.pdf"


def test_a_button_saves_a_file_under_the_persons_name(whole: Whole) -> None:
    builder, folder, _ = whole
    buttons = [
        ("index.html", "cv.pdf", "Ada <Example> & Co CV.pdf"),
        (PAGES[builder], "cv.txt", "Ada <Example> & Co CV as plain text.txt"),
    ]
    found = [
        (page, target(folder / page, str(link["href"]), folder).name, link["download"])
        for page in dict.fromkeys(page for page, _, _ in buttons)
        for link in parsed(folder / page).select("p > a[download]")
    ]
    assert found == buttons


def test_every_page_announces_its_markdown_and_the_files(whole: Whole) -> None:
    builder, folder, _ = whole
    of_all = [(folder / name, "text/plain", name) for name in ("llms.txt", "llms-full.txt")]
    listed = [
        (folder / export.name, export.media_type, export.title)
        for export in exports.EXPORTS
        if export.name in LISTED
    ]
    pages = list(folder.rglob("*.html"))
    assert len(pages) > 3 or builder == "singlehtml"
    for page in pages:
        is_written = page.with_name(f"{page.name}.md").is_file()
        assert is_written or {page.parent.name, page.stem} & SPECIAL
        links = parsed(page).select("head > link[rel=alternate]")
        found = [
            (target(page, str(link["href"]), folder), link["type"], link["title"]) for link in links
        ]
        twin = (page.with_name(f"{page.name}.md"), "text/markdown", "Markdown")
        others = of_all if page == folder / "index.html" else []
        assert found == ([twin, *listed, *others] if is_written else []), page


# Sphinx's own builder still uses what Sphinx 11 will remove.
@pytest.mark.filterwarnings("ignore:.*JSONHTMLBuilder.app")
@pytest.mark.parametrize("builder", ["epub", "json", "text", "latex", "man", "dummy"])
def test_other_builders_have_no_files(builds: Builds, made: Made, builder: str) -> None:
    # sphinxext-opengraph 0.13, which a site has, fails with a page of JSON.
    if builder == "json":
        folder = builds(builder=builder, extensions=GUEST, portfolio_exports=LISTED)
    else:
        folder = builds(builder=builder)
    assert builds.said == ""
    assert made.names == []
    pages = {"cv.txt"} if builder == "text" else set()
    assert {*LISTED, "cv.png"} & {path.name for path in folder.rglob("*")} == pages
    if builder == "text":
        assert (folder / "cv.txt").read_text(encoding="utf-8") == "CV\n**\n\nNo files.\n"


def test_what_has_nothing_to_hold_is_left_out(builds: Builds) -> None:
    builds.edit("deep/er/page.md", ":selected:\n", "")
    folder = builds()
    assert not (folder / "cv-short.pdf").exists()
    assert "cv-short.pdf" not in (folder / "cv.html").read_text(encoding="utf-8")


def test_a_portfolio_of_nothing_has_no_files(builds: Builds, made: Made) -> None:
    (builds.source / "deep/er/page.md").write_text("# Nothing\n", encoding="utf-8")
    folder = builds()
    assert builds.said == ""
    assert made.names == []
    assert one(parsed(folder / "cv.html"), "p.portfolio-nothing").get_text() == "No files."
    found = parsed(folder / "index.html").select("a[download], [rel=alternate]")
    # The pages are not nothing.
    assert [link["href"] for link in found] == ["index.html.md", "llms.txt", "llms-full.txt"]
    assert not (folder / "share").exists()


def test_a_site_may_choose_its_files(builds: Builds, made: Made) -> None:
    folder = builds(portfolio_exports=["cv.pdf", "cv.txt"])
    assert builds.said == ""
    assert made.names == ["cv.pdf", "cv.txt"]
    assert [
        link["href"] for link in parsed(folder / "cv.html").select(".portfolio-downloads a")
    ] == (made.names)
    builds()
    assert builds.said == ""
    assert {*LISTED} <= {*files(folder)}
    message = r"^portfolio_exports in conf\.py: unknown export 'cv\.pfd': did you mean 'cv\.pdf'\?$"
    with pytest.raises(ConfigError, match=message):
        builds(portfolio_exports=["cv.pfd"])


@pytest.mark.parametrize("extra", ["more", "more/cv.pdf"])
def test_a_file_takes_no_others_place(builds: Builds, extra: str) -> None:
    (builds.source / "more").mkdir()
    (builds.source / "more" / "cv.pdf").write_bytes(b"of the owner's own making")
    message = r"^'cv\.pdf' is made from the records and is in html_extra_path, too: remove it "
    with pytest.raises(ConfigError, match=message):
        builds(html_extra_path=[extra])
    folder = builds(html_extra_path=[extra], portfolio_exports=["cv.txt"])
    assert (folder / "cv.pdf").read_bytes() == b"of the owner's own making"


def test_a_guest_has_the_files_that_it_names(builds: Builds, made: Made) -> None:
    folder = builds(extensions=GUEST, portfolio_exports=["cv.txt", "resume.json"])
    assert {name for name in files(folder) if name.startswith(("cv.", "resume."))} == {
        *("cv.html", "cv.txt", "resume.json")
    }
    links = parsed(folder / "cv.html").select(".portfolio-downloads a")
    assert [link["href"] for link in links] == made.names == ["cv.txt", "resume.json"]
    announced = parsed(folder / "cv.html").select("[rel=alternate]")
    assert [link["href"] for link in announced] == made.names
    made.names.clear()
    folder = builds("bare", extensions=GUEST)
    assert made.names == []
    assert builds.said == ""
    assert one(parsed(folder / "cv.html"), "p.portfolio-nothing").get_text() == "No files."
    assert parsed(folder / "cv.html").select("[rel=alternate]") == []


def test_what_needs_an_extra_that_is_missing_is_left_out(
    builds: Builds, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [replace(row, libraries=row.libraries and ("not-installed",)) for row in exports.EXPORTS]
    monkeypatch.setattr(exports, "EXPORTS", tuple(rows))
    folder = builds()
    assert builds.said == ""
    told = 'Not exported: cv.pdf, cv-short.pdf, cv.docx, cv.png: install "sphinx-portfolio[cv]"'
    assert told in builds.info.splitlines()
    assert made.names == ["cv.txt", "cv.md", "resume.json", "contact.vcf"]
    page = parsed(folder / "cv.html")
    shown = {link["href"] for link in page.select(".portfolio-downloads a")}
    assert shown == {*made.names}
    assert page.select("img") == []
    # A button for what is left out is no fault: another machine has it.
    assert parsed(folder / "index.html").select("a[download]") == []


def test_a_button_for_what_there_is_not_names_the_nearest() -> None:
    shown = assemble(Person("Ada"), Date(2023), ())
    known = (File("cv.pdf", "CV", "application/pdf", 1),)
    with pytest.raises(RecordError, match=r"^unknown file 'cv\.pfd': did you mean 'cv\.pdf'\?$"):
        downloads.draw(Context(shown, "index", {"button": "cv.pfd"}, known))


def test_without_a_pdf_there_are_neither_buttons_nor_a_picture() -> None:
    shown = assemble(Person("Ada"), Date(2023), ())
    plain = File("cv.txt", "CV as plain text", "text/plain", 1, FOR_APPLICATIONS, "Plain text")
    picture = File("cv.png", "A page", "image/png", 1, width=1, height=1)
    [listing] = downloads.draw(Context(shown, "index", {}, (plain, picture)))
    assert isinstance(listing, nodes.definition_list)
    [group] = listing.children
    assert [part.astext() for part in group.children] == ["For applications", "Plain text 1 kB"]
    assert [item["classes"] for item in listing.findall(nodes.list_item)] == [[]]


def test_groups_have_one_order_and_only_a_cv_is_offered_on_each_page(
    builds: Builds, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [replace(row, reader=TO_FOLLOW) for row in exports.EXPORTS if row.name == "cv.txt"]
    others = [row for row in exports.EXPORTS if row.name in {"cv.md", "cv.pdf"}]
    monkeypatch.setattr(exports, "EXPORTS", (*rows, *others))
    page = parsed(builds(html_theme="furo") / "cv.html")
    groups = [term.get_text() for term in page.select("dl.portfolio-downloads > dt")]
    assert groups == ["To read", "To follow", "For machines"]
    assert one(page, ".portfolio-sidebar-cv > a")["href"] == "cv.pdf"
    page = parsed(builds(portfolio_exports=["cv.txt"], html_theme="furo") / "cv.html")
    assert page.select(".portfolio-sidebar-cv > a") == []


@pytest.mark.parametrize(
    ("size", "facts"),
    [(1, "PDF, 1 kB"), (1499, "PDF, 1 kB"), (84_321, "PDF, 84 kB"),
     (999_499, "PDF, 999 kB"), (999_500, "PDF, 1.0 MB"), (2_345_678, "PDF, 2.3 MB")],
)  # fmt: skip
def test_a_size_is_rounded(size: int, facts: str) -> None:
    assert File("a.pdf", "A", "application/pdf", size).facts == facts


# -- When they are made -------------------------------------------------------


def no_edit(builds: Builds) -> None:
    """Change nothing."""


def prose(builds: Builds) -> None:
    builds.edit("index.md", "# Home", "# Home\n\nMore words.")


def prose_above_a_record(builds: Builds) -> None:
    builds.edit("deep/er/page.md", "Prose.", "Prose.\n\nAnd more of it.")


def bullet(builds: Builds) -> None:
    builds.edit("deep/er/page.md", "Built things.", "Built things, and more things.")


def period(builds: Builds) -> None:
    builds.edit("deep/er/page.md", "2021-06", "2021-07")


def test_files_are_made_again_when_a_record_changed(builds: Builds, made: Made) -> None:
    folder = builds()
    assert made.names == [*LISTED, "cv.png"]
    for edit, anew, compare in (
        (no_edit, False, False),
        (prose, False, False),
        # As edits add up, this checks the ones before, too.
        (prose_above_a_record, False, True),
        (bullet, True, False),
        (period, True, True),
    ):
        name = edit.__name__
        before = (folder / "cv.txt").stat().st_mtime_ns
        made.names.clear()
        edit(builds)
        builds()
        assert made.names == ([*LISTED, "cv.png"] if anew else []), name
        assert anew or (folder / "cv.txt").stat().st_mtime_ns == before, name
        if compare:
            assert differing(folder, builds(f"fresh-{name}")) == set(), name


def test_builders_share_the_files(builds: Builds, made: Made) -> None:
    html = builds()
    made.names.clear()
    assert (builds(builder="dirhtml") / "cv.pdf").read_bytes() == (html / "cv.pdf").read_bytes()
    assert made.names == []


def test_a_size_that_changed_is_told_by_every_page(builds: Builds) -> None:
    before = times(builds())
    builds.edit("deep/er/page.md", "Built things.", "Built things. " * 100)
    folder = builds()
    assert all(time != before[page] for page, time in times(folder).items())
    size = round((folder / "cv.pdf").stat().st_size / 1000)
    assert f"PDF, {size} kB" in (folder / "cv.html").read_text(encoding="utf-8")


def test_parallel_is_serial(builds: Builds) -> None:
    for number in range(6):  # Sphinx reads fewer pages in one process
        (builds.source / f"page{number}.md").write_text("---\norphan: true\n---\n# P\n", "utf-8")
    serial, parallel = builds("serial"), builds("parallel", parallel=2)
    assert differing(serial, parallel) == set()


def test_new_code_makes_new_files(
    builds: Builds, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    builds()
    made.names.clear()
    monkeypatch.setattr(publishing, "_versions", lambda: ("another",))
    builds()
    assert made.names == [*LISTED, "cv.png"]


def test_a_file_that_is_lost_or_changed_is_copied_again(builds: Builds, made: Made) -> None:
    folder = builds()
    before = files(folder)
    made.names.clear()
    (folder / "cv.pdf").unlink()
    (folder / "cv.txt").write_bytes(b"")
    assert difference(before, files(builds())) - {"searchindex.js"} == set()
    assert made.names == []


def test_a_file_that_is_made_no_more_is_removed(builds: Builds) -> None:
    folder = builds()
    assert (folder / "cv-short.pdf").exists()
    builds.edit("deep/er/page.md", ":selected:\n", "")
    builds()
    assert not (folder / "cv-short.pdf").exists()
    assert differing(folder, builds("fresh")) == set()


def test_a_file_whose_row_is_gone_is_removed(
    builds: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = builds()
    rows = tuple(row for row in exports.EXPORTS if row.name != "cv.md")
    monkeypatch.setattr(exports, "EXPORTS", rows)
    builds()
    assert not (folder / "cv.md").exists()
    assert "cv.md" not in (folder / "cv.html").read_text(encoding="utf-8")


# -- What may go wrong --------------------------------------------------------


def test_what_an_export_cannot_hold_is_told_once_with_its_place(builds: Builds, made: Made) -> None:
    place = f"{builds.source}/deep/er/page.md:7"
    fault = ExportError("job 'engineer': three pages, of two", place)
    made.faults.update({"cv.pdf": fault, "cv.png": fault})
    for _ in range(2):  # a second build reports it again
        with pytest.raises(ExtensionError, match=r"^some files can't be exported, see above$"):
            builds()
        assert builds.said == f"{place}: ERROR: {fault.message} [portfolio]\n"
    assert not list((builds.folder / "out").rglob("cv.pdf*"))
    made.faults.clear()
    folder = builds()
    assert (folder / "cv.pdf").is_file()
    assert builds.said == ""
    assert differing(folder, builds("fresh")) == set()


def full(path: Path, content: bytes) -> int:
    """Write half of it, as the disk is full then."""
    with path.open("wb") as file:
        file.write(content[: len(content) // 2])
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def fill(monkeypatch: pytest.MonkeyPatch, *suffixes: str) -> None:
    """Let the disk be full for files of these names."""
    write = Path.write_bytes
    monkeypatch.setattr(
        Path,
        "write_bytes",
        lambda path, content: (full if path.name.endswith(suffixes) else write)(path, content),
    )


def test_files_are_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    making.write(tmp_path, {"a": b"old", "b": b"old"})
    fill(monkeypatch, "b.part")
    with pytest.raises(OSError, match="No space left"):
        making.write(tmp_path, {"a": b"new", "b": b"new"})
    assert files(tmp_path) == {"a": b"old", "b": b"old"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_disk_that_is_full_leaves_no_part_of_a_file(tmp_path: Path) -> None:
    (tmp_path / ".b.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        making.write(tmp_path, {"a": b"new", "b": b"new" * 10_000})
    assert files(tmp_path) == {}


def test_a_full_disk_is_one_clear_error(
    builds: Builds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = builds()
    before = {name: text for name, text in files(folder).items() if not name.endswith(".html")}
    builds.edit("deep/er/page.md", "Built things.", "Built other things.")
    fill(monkeypatch, "cv.md.part")
    with pytest.raises(ExtensionError) as caught:
        builds()
    assert re.fullmatch(
        rf"{re.escape(str(tmp_path))}/out/html: "
        r"the exported files can't be written: No space left on device",
        str(caught.value),
    )
    after = files(folder)
    assert all(after[name] == text for name, text in before.items() if name in LISTED)
    assert not [name for name in files(tmp_path / "out") if Path(name).match(".*.part")]


# -- The frame of a site ------------------------------------------------------


# sphinx-notfound-page still calls Sphinx as it was.
@pytest.mark.filterwarnings("ignore::sphinx.deprecation.RemovedInSphinx11Warning:notfound")
def test_the_cv_is_one_click_away_from_every_page(builds: Builds) -> None:
    folder = builds(html_theme="furo")
    assert builds.said == ""
    pages = list(folder.rglob("*.html"))
    assert len(pages) > 5
    for page in pages:
        button = one(parsed(page), ".sidebar-drawer .portfolio-sidebar-cv > a")
        assert target(page, str(button["href"]), folder) == folder / "cv.pdf"
        assert button["download"] == "Ada <Example> & Co CV.pdf"
