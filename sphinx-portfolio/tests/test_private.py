"""Phone and street: in the CV that is asked for with them, and never in a site."""

from __future__ import annotations

import html
import io
import json
import re
import shutil
import zlib
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from pdfminer.high_level import extract_text
from pypdf import PdfReader
from pypdf.generic import (
    ByteStringObject,
    DictionaryObject,
    NameObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)
from sphinx.testing.util import SphinxTestApp

from sphinx_portfolio.__main__ import main
from sphinx_portfolio.sources import private
from sphinx_portfolio.sources.private import PrivateError
from test_incremental import difference, files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path


# sphinx-notfound-page 1.1 still uses what Sphinx 11 will remove.
pytestmark = pytest.mark.filterwarnings(
    "ignore::sphinx.deprecation.RemovedInSphinx11Warning:notfound"
)

PHONE = "+00 (471) 183-90462"
STREET = "Hinterhaus #7 & 'Größe' <b>Quittenweg</b> $x$ [a](javascript:alert(1)) \\textbf{y} @z _w_"
# What is found however it is written: with other signs between, escaped, or in another encoding.
NEEDLES = ("0047118390462", "hinterhaus", "quittenweg")
OVERLAY = f"phone = {json.dumps(PHONE)}\nstreet = {json.dumps(STREET)}\n"
VARIABLES = {"PORTFOLIO_PHONE": PHONE, "PORTFOLIO_STREET": STREET}
EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}
MARKER = ".sphinx-portfolio"
LISTED = {"cv.pdf", "cv.docx", "cv.txt", "cv.md", "resume.json"}


# -- Searching ----------------------------------------------------------------


def objects(reader: PdfReader) -> Iterator[PdfObject]:
    """Yield all objects of a PDF, those in others, too."""
    trailer: Any = reader.trailer
    waiting: list[Any] = [trailer]
    waiting += (reader.get_object(number) for number in range(1, trailer["/Size"]))
    while waiting:
        each = waiting.pop()
        yield each
        if isinstance(each, dict):
            waiting += [*each.keys(), *each.values()]
        elif isinstance(each, list):
            waiting += each


def pieces_of_pdf(content: bytes) -> Iterator[str]:
    """Yield what a PDF says, and all strings and streams in it."""
    yield extract_text(io.BytesIO(content))
    reader = PdfReader(io.BytesIO(content))
    for each in objects(reader):
        if isinstance(each, TextStringObject | NameObject):
            yield str(each)
        elif isinstance(each, ByteStringObject):
            yield each.decode("utf-8", "ignore")
        elif isinstance(each, StreamObject):  # metadata, attachments, fonts, pages
            yield each.get_data().decode("utf-8", "ignore")
            yield each.get_data().decode("utf-16-be", "ignore")
    for name, attached in reader.attachments.items():
        yield name
        yield from (file.decode("utf-8", "ignore") for file in attached)


def pieces(path: Path) -> Iterator[str]:
    """Yield all texts that a file may be read as."""
    content = path.read_bytes()
    yield path.name
    yield content.decode("utf-8", "ignore")
    yield content.decode("utf-16-le", "ignore")
    yield content.decode("utf-16-be", "ignore")
    if path.suffix == ".pdf":
        yield from pieces_of_pdf(content)
    elif path.suffix == ".docx":
        with ZipFile(path) as archive:
            for name in archive.namelist():
                words = archive.read(name).decode()
                yield from (name, words, re.sub("<[^>]*>", "", words))
    elif path.name == "objects.inv":
        yield zlib.decompress(content.split(b"\n", 4)[4]).decode()
    elif path.suffix == ".html":
        yield BeautifulSoup(content, "html5lib").get_text()
    elif path.suffix == ".png":
        for start in re.finditer(b"IDAT|zTXt|iTXt", content):
            unpacked = zlib.decompressobj()
            for at in range(start.end(), min(start.end() + 200, len(content))):
                try:
                    yield unpacked.decompress(content[at:]).decode("latin-1")
                    break
                except zlib.error:
                    unpacked = zlib.decompressobj()


def folded(text: str) -> Iterator[str]:
    """Yield letters and digits alone, as the text stands and with its escapes undone."""
    codes = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
    for each in {text, codes, html.unescape(text), unquote(text)}:
        yield re.sub(r"[\W_]+", "", each).lower()


def found(folder: Path) -> dict[str, set[str]]:
    """Return which private values each file of a folder has in it."""
    hits: dict[str, set[str]] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            said = {
                needle
                for piece in pieces(path)
                for text in folded(piece)
                for needle in NEEDLES
                if needle in text
            }
            if said:
                hits[str(path.relative_to(folder))] = said
    return hits


# -- What is made -------------------------------------------------------------


def copied(rootdir: Path, folder: Path) -> Path:
    """Copy an invented site, with Furo."""
    source = shutil.copytree(rootdir / "test-downloads", folder)
    with (source / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write('html_theme = "furo"\n')
    return source


class Result(NamedTuple):
    """How a command ended."""

    code: int
    output: str
    errors: str


def run(*arguments: str | Path, environment: Mapping[str, str] = EPOCH) -> Result:
    """Run a command with these variables."""
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(io.StringIO()) as output,
        redirect_stderr(io.StringIO()) as errors,
    ):
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        code = main([str(argument) for argument in arguments])
    return Result(code, output.getvalue(), errors.getvalue())


def build(source: Path, output: Path, environment: Mapping[str, str] = EPOCH) -> Path:
    """Build a site with these variables; return where it is."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        app = SphinxTestApp("html", srcdir=source, builddir=output)
        try:
            app.build()
        finally:
            app.cleanup()
    assert app.warning.getvalue() == ""
    return app.outdir


class Made(NamedTuple):
    """A source with an overlay, the site that was built of it, and the private CV."""

    source: Path
    site: Path
    cv: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, rootdir: Path) -> Made:
    """A site, with phone and street in the file and in the environment."""
    folder = tmp_path_factory.mktemp("private")
    source = copied(rootdir, folder / "source")
    (source / "private.toml").write_text(OVERLAY, encoding="utf-8")
    result = run("cv", "--source", source, "--output", folder / "cv", "--private")
    assert (result.code, result.errors) == (0, "")
    # What a private CV leaves must not come into a site either.
    site = build(source, folder / "out", EPOCH | VARIABLES)
    return Made(source, site, folder / "cv" / "private")


def test_the_search_finds_them_in_each_file_of_the_private_cv(made: Made) -> None:
    assert {*files(made.cv)} >= LISTED
    assert found(made.cv) == {name: {*NEEDLES} for name in files(made.cv) if name != MARKER}


def test_no_file_of_the_site_has_them(made: Made) -> None:
    assert LISTED | {"index.html", "searchindex.js", "objects.inv", "cv.png"} <= {*files(made.site)}
    assert found(made.site) == {}


def test_the_site_is_the_one_that_is_built_without_them(
    made: Made, rootdir: Path, tmp_path: Path
) -> None:
    site = build(copied(rootdir, tmp_path / "source"), tmp_path / "out")
    assert difference(files(made.site), files(site)) == set()


def test_private_data_is_read_only_if_it_is_asked_for(rootdir: Path, tmp_path: Path) -> None:
    source = shutil.copytree(rootdir / "test-downloads", tmp_path / "source")
    (source / "private.toml").write_bytes(b"\xff phone =")
    nonsense = EPOCH | {"PORTFOLIO_PHONE": "<nonsense>"}
    build(source, tmp_path / "out", nonsense)
    output = ("--output", tmp_path / "cv")
    result = run("cv", "--source", source, *output, environment=nonsense)
    assert (result.code, result.errors) == (0, "")
    result = run("doctor", "--source", source, environment=nonsense)
    assert (result.code, result.errors) == (0, "")


def test_nothing_in_them_is_markup_or_leads_anywhere(made: Made) -> None:
    resume = json.loads((made.cv / "resume.json").read_text(encoding="utf-8"))
    assert resume["basics"]["phone"] == PHONE
    assert STREET in json.dumps(resume["basics"], ensure_ascii=False).replace("\\\\", "\\")
    rendered = MarkdownIt("commonmark").render((made.cv / "cv.md").read_text(encoding="utf-8"))
    page = BeautifulSoup(rendered, "html5lib")
    assert STREET in page.get_text()
    assert page.select("b, script") == []
    links = {str(link["href"]) for link in page.select("a[href]")}
    links |= {
        str(each["/URI"])
        for each in objects(PdfReader(made.cv / "cv.pdf"))
        if isinstance(each, DictionaryObject) and "/URI" in each
    }
    assert links
    schemes = {link.partition(":")[0] for link in links}
    assert schemes <= {"https", "http", "mailto", "tel"}, links


def test_a_site_is_no_place_for_them(made: Made) -> None:
    for target in (made.site, made.site / "deep" / "private"):
        message = f"{made.site} is a site: name another folder with --output\n"
        result = run("cv", "--source", made.source, "--private", "--output", target)
        assert result == Result(2, "", message)
    assert found(made.site) == {}


def test_the_source_is_no_place_for_them(made: Made) -> None:
    before = {*files(made.source)}
    for folder in ("_static", "deep", ".", ""):
        target = made.source / folder
        result = run("cv", "--source", made.source, "--private", "--output", target)
        assert (result.code, result.output) == (2, "")
        assert result.errors.startswith(f"{target / 'private'} is in the source folder: ")
    assert {*files(made.source)} == before


# -- What is read -------------------------------------------------------------


def read(folder: Path, text: str | None = None, **environment: str) -> Mapping[str, str]:
    if text is not None:
        (folder / "private.toml").write_text(text, encoding="utf-8")
    return private.read(folder, environment)


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    text = 'phone = "+1"\nstreet = " A Street 1 "\n'
    assert read(tmp_path, text) == {"phone": "+1", "street": "A Street 1"}
    said = read(tmp_path, PORTFOLIO_PHONE="+2", PORTFOLIO_STREET="")
    assert said == {"phone": "+2", "street": "A Street 1"}
    (tmp_path / "private.toml").unlink()
    assert read(tmp_path, PORTFOLIO_STREET="B") == {"street": "B"}


LINE = "is empty or has a control character: write one line of text"


def test_a_fault_of_the_file_is_reported_with_its_line(tmp_path: Path) -> None:
    expected = {
        None: "no private data: write 'phone = \"…\"' into private.toml, "
        "or set PORTFOLIO_PHONE or PORTFOLIO_STREET",
        "# phone\n": "no private data: ",
        'street = "A"\nfone = "+1"\n': "private.toml:2: unknown key 'fone': did you mean 'phone'?",
        '\n[private]\nphone = "+1"\n': "private.toml:2: unknown key 'private': use phone or street",
        "phone = 1\n": "private.toml:1: phone is not text: write it in quotes",
        'phone = ["+1"]\n': "private.toml:1: phone is not text: ",
        '\nphone = "+1\n': "private.toml:2: illegal character ",
        'phone = "+1"\nphone = "+2"\n': "private.toml:2: cannot overwrite a value: ",
        'phone = """+1': "private.toml:1: ",
        'phone = "call me"\n': "private.toml:1: phone is not a phone number: ",
        'phone = "javascript:1"\n': "private.toml:1: phone is not a phone number: ",
        'phone = ""\n': "private.toml:1: phone is not a phone number: ",
        'street = " "\n': f"private.toml:1: street {LINE}",
        'phone = "+1"\nstreet = "a\\nb"\n': f"private.toml:2: street {LINE}",
        'street = "a\\u202Eb"\n': f"private.toml:1: street {LINE}",
    }
    for text, message in expected.items():
        with pytest.raises(PrivateError) as caught:
            read(tmp_path, text)
        assert str(caught.value).startswith(message), text
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.write_bytes(b"\xff"), "private.toml is not UTF-8: save it as UTF-8"),
        (lambda path: path.mkdir(), "private.toml is not a file: remove it"),
    ],
    ids=["encoding", "folder"],
)
def test_a_file_that_cannot_be_read_is_reported(
    tmp_path: Path, damage: Callable[[Path], object], message: str
) -> None:
    damage(tmp_path / "private.toml")
    with pytest.raises(PrivateError, match=f"^{message}$"):
        read(tmp_path)


def test_a_variable_that_is_wrong_is_named(tmp_path: Path) -> None:
    with pytest.raises(PrivateError, match=r"^PORTFOLIO_PHONE: phone is not a phone number: "):
        read(tmp_path, PORTFOLIO_PHONE="x")


def test_without_private_data_no_private_cv_is_made(rootdir: Path, tmp_path: Path) -> None:
    source = rootdir / "test-downloads"
    result = run("cv", "--source", source, "--private", "--output", tmp_path / "cv")
    assert (result.code, result.output) == (2, "")
    assert result.errors.startswith("no private data: ")
    assert not (tmp_path / "cv").exists()
