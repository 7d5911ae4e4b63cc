"""Phone and street: in the CV that is asked for with them, and never in a site."""

from __future__ import annotations

import html
import io
import json
import re
import shutil
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

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

# TODO conftest REPOSITORY, copy_source
from sphinx_portfolio.sources import private
from sphinx_portfolio.sources.private import PrivateError
from test_incremental import difference, files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    # TODO conftest Portfolio as Command

PHONE = "+00 (471) 183-90462"
STREET = "Hinterhaus #7 & 'Größe' <b>Quittenweg</b> $x$ [a](javascript:alert(1)) \\textbf{y} @z _w_"
# What is found however it is written: with other signs between, escaped, or in another encoding.
NEEDLES = ("0047118390462", "hinterhaus", "quittenweg")
OVERLAY = f"phone = {json.dumps(PHONE)}\nstreet = {json.dumps(STREET)}\n"
VARIABLES = {"PORTFOLIO_PHONE": PHONE, "PORTFOLIO_STREET": STREET}
EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}
LISTED = {"cv.pdf", "cv.txt", "cv.md", "resume.json"}


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


class Made(NamedTuple):
    """A source with an overlay, the site that was built of it, and the private CV."""

    source: Path
    site: Path
    cv: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, portfolio: Command) -> Made:
    """This repository, where phone and street stand in the file and in the environment."""
    folder = tmp_path_factory.mktemp("private")
    source = copy_source(folder / "source")
    (source / "private.toml").write_text(OVERLAY, encoding="utf-8")
    output = ("--output", folder / "cv", "--private")
    cv = portfolio("cv", "--source", source, *output, environment=EPOCH)
    assert (cv.returncode, cv.stderr) == (0, "")
    # What a private CV leaves must not come into a site either.
    where = ("--output", folder / "out")
    built = portfolio("build", "--source", source, *where, environment=EPOCH | VARIABLES)
    assert built.returncode == 0, built.stderr
    return Made(source, folder / "out", folder / "cv" / "private")


def test_the_search_finds_them_in_each_file_of_the_private_cv(made: Made) -> None:
    assert {*files(made.cv)} >= LISTED
    assert found(made.cv) == {name: {*NEEDLES} for name in files(made.cv)}


def test_no_file_of_the_site_has_them(made: Made) -> None:
    assert LISTED | {"index.html", "searchindex.js", "objects.inv", "cv.png"} <= {
        *files(made.site / "html")
    }
    assert found(made.site) == {}


def test_the_site_is_the_one_that_is_built_without_them(
    made: Made, portfolio: Command, tmp_path: Path
) -> None:
    source = copy_source(tmp_path / "source")
    (source / "private.toml").unlink(missing_ok=True)
    built = portfolio("build", "--source", source, "--output", tmp_path / "out", environment=EPOCH)
    assert built.returncode == 0, built.stderr
    with_them, without = files(made.site / "html"), files(tmp_path / "out" / "html")
    assert difference(with_them, without) == set()


@pytest.mark.parametrize("command", ["build", "cv", "doctor"])
def test_what_is_not_asked_for_is_not_read(
    portfolio: Command, rootdir: Path, tmp_path: Path, command: str
) -> None:
    source = shutil.copytree(rootdir / "test-downloads", tmp_path / "source")
    (source / "private.toml").write_bytes(b"\xff phone =")
    output = () if command == "doctor" else ("--output", tmp_path / "out")
    result = portfolio(
        command, "--source", source, *output, environment={"PORTFOLIO_PHONE": "<nonsense>"}
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_the_file_is_not_committed() -> None:
    ignored = (REPOSITORY / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert f"/{private.FILE}" in ignored
    assert "/_build/" in ignored


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


def test_a_site_is_no_place_for_them(made: Made, portfolio: Command) -> None:
    site = made.site / "html"
    for target in (site, site / "talks" / "private"):
        result = portfolio("cv", "--source", made.source, "--private", "--output", target)
        assert (result.returncode, result.stdout) == (1, "")
        assert result.stderr == (
            f"{site} is a site, where nothing private may be: choose another --output\n"
        )
    assert found(made.site) == {}


@pytest.mark.parametrize("folder", ["_static", "experience", "_build/html", "_build"])
def test_the_source_is_no_place_for_them(made: Made, portfolio: Command, folder: str) -> None:
    target = made.source / folder
    result = portfolio("cv", "--source", made.source, "--private", "--output", target)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{target / 'private'} is in the source, where a build may")
    assert not (target / "private").exists()


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


LINE = "is empty, or has a control character: write one line of text"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "nothing private is known: write 'phone = \"…\"' into private.toml, "
               "or set PORTFOLIO_PHONE or PORTFOLIO_STREET"),
        ("# phone\n", "nothing private is known: "),
        ('street = "A"\nfone = "+1"\n', "private.toml:2: nothing shows 'fone': "
                                       "did you mean 'phone'?"),
        ('\n[private]\nphone = "+1"\n', "private.toml:2: nothing shows 'private'"),
        ("phone = 1\n", "private.toml:1: phone is no text: write it in quotes"),
        ('phone = ["+1"]\n', "private.toml:1: phone is no text: "),
        ('\nphone = "+1\n', "private.toml:2: illegal character "),
        ('phone = "+1"\nphone = "+2"\n', "private.toml:2: cannot overwrite a value: "),
        ('phone = """+1', "private.toml:1: "),
        ('phone = "call me"\n', "private.toml:1: phone is no number: "),
        ('phone = "javascript:1"\n', "private.toml:1: phone is no number: "),
        ('phone = ""\n', "private.toml:1: phone is no number: "),
        ('street = " "\n', f"private.toml:1: street {LINE}"),
        ('phone = "+1"\nstreet = "a\\nb"\n', f"private.toml:2: street {LINE}"),
        ('street = "a\\u202Eb"\n', f"private.toml:1: street {LINE}"),
    ],
    ids=["none", "empty", "unknown", "table", "number", "list", "syntax", "twice", "end",
         "words", "address", "no-phone", "no-street", "lines", "control"],
)  # fmt: skip
def test_what_is_wrong_with_the_file_is_told_with_its_line(
    tmp_path: Path, text: str | None, message: str
) -> None:
    with pytest.raises(PrivateError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.write_bytes(b"\xff"), "private.toml is not UTF-8: save it as that"),
        (lambda path: path.mkdir(), "private.toml can't be read: Is a directory"),
    ],
    ids=["encoding", "folder"],
)
def test_a_file_that_cannot_be_read_is_told(
    tmp_path: Path, damage: Callable[[Path], object], message: str
) -> None:
    damage(tmp_path / "private.toml")
    with pytest.raises(PrivateError, match=f"^{message}$"):
        read(tmp_path)


def test_a_variable_that_is_wrong_is_named(tmp_path: Path) -> None:
    with pytest.raises(PrivateError, match=r"^PORTFOLIO_PHONE: phone is no number: "):
        read(tmp_path, PORTFOLIO_PHONE="x")


def test_where_nothing_is_known_no_cv_is_made(portfolio: Command, tmp_path: Path) -> None:
    source = copy_source(tmp_path / "source")
    (source / "private.toml").unlink(missing_ok=True)
    result = portfolio("cv", "--source", source, "--private", "--output", tmp_path / "cv")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("nothing private is known: ")
    assert not (tmp_path / "cv").exists()
