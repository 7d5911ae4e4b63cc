"""No command deletes or overwrites a file that it did not write, or fails without a message."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn, Protocol

import pytest
from sphinx.builders.html import StandaloneHTMLBuilder

from sphinx_portfolio.__main__ import main
from support import HOSTS, portfolio
from test_incremental import files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# sphinx-notfound-page 1.1 still uses what Sphinx 11 will remove.
pytestmark = pytest.mark.filterwarnings(
    "ignore::sphinx.deprecation.RemovedInSphinx11Warning:notfound"
)

TIME_LIMIT = 60  # seconds, for a machine that is busy
MARKER = ".sphinx-portfolio"
WORK = ".sphinx-portfolio-work"
SOURCE_COMMANDS = ("build", "serve", "cv", "doctor", "linkcheck")
OUTPUT_COMMANDS = ("build", "serve", "cv", "linkcheck")
CONF = """\
project = author = "Ada Example"
extensions = ["myst_parser", "sphinx_portfolio.site"]
html_theme = "basic"
portfolio_exports = []
portfolio_talks = ["talks.bib"]
include_patterns = ["index.md", "talks.md"]
"""
JOB = """\
## Engineer

```{job}
:id: engineer
:organization: A Company
:start: 2020
:audience: go
```
"""
TALKS = """\
@unpublished{a-talk,
  author     = {Example, Ada},
  title      = {A Talk},
  eventtitle = {A Meetup},
  eventdate  = {2023-05-04},
}
"""
LISTING = "# Talks\n\n```{bibliography}\n:all:\n:list: citation\n```\n"


class Result(NamedTuple):
    """How a command ended."""

    code: object
    output: str
    errors: str


class Run(Protocol):
    """Run a command."""

    def __call__(self, *arguments: str | Path) -> Result:
        """Run it with these arguments."""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line, in this process, with a server that ends at once."""
    for name in os.environ:
        if name.startswith(HOSTS):
            monkeypatch.delenv(name)
    monkeypatch.setattr("sphinx_autobuild.__main__.main", lambda _: None)

    def run(*arguments: str | Path) -> Result:
        capsys.readouterr()
        code: object
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as error:  # of argparse
            code = error.code
        return Result(code, *capsys.readouterr())

    return run


@pytest.fixture
def source(tmp_path: Path, rootdir: Path) -> Path:
    """A site of two pages."""
    return shutil.copytree(rootdir / "test-minimal", tmp_path / "source")


@pytest.fixture
def site_source(tmp_path: Path) -> Path:
    """A portfolio of a job and a talk."""
    folder = tmp_path / "portfolio"
    folder.mkdir()
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "index.md").write_text(
        f"# Home\n\n```{{toctree}}\ntalks\n```\n\n{JOB}", encoding="utf-8"
    )
    (folder / "talks.md").write_text(LISTING, encoding="utf-8")
    (folder / "talks.bib").write_text(TALKS, encoding="utf-8")
    return folder


def tree(folder: Path) -> dict[str, object]:
    """Return the contents of all files, the targets of links, and None for folders."""
    return {
        path.relative_to(folder).as_posix(): path.readlink()
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else None
        for path in folder.rglob("*")
    }


def write(folder: Path, *names: str) -> None:
    """Write files of a user."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"the user's {name}\n", encoding="utf-8")


def assert_refused(result: Result, *texts: str, code: int = 2) -> None:
    """Check that a command ended with one line on stderr that has the texts."""
    assert (result.code, result.output) == (code, ""), result
    assert result.errors.count("\n") == 1, result.errors
    assert_explained(result, *texts)


def assert_explained(result: Result, *texts: str) -> None:
    """Check that a command failed with a message that has the texts, and no traceback."""
    assert result.code in {1, 2}, result
    assert "Traceback" not in result.errors
    assert "\n\n" not in result.errors
    for text in texts:
        assert text in result.errors


# -- Files of the user --------------------------------------------------------


@pytest.mark.parametrize("name", [".", "./talks", "", "../html", "/html", "a b"])
def test_a_builder_is_a_name(run: Run, source: Path, name: str) -> None:
    write(source, "_build/notes.txt", "_build/html/index.html", "talks/index.md")
    before = tree(source.parent)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(source)
        result = run("build", "-b", name)
    assert result.code == 2
    assert f"invalid builder {name!r}: expected a name such as html or dirhtml" in result.errors
    assert tree(source.parent) == before


IN_SOURCE = [
    ("build", "--output", "talks"),
    ("build", "--output", "."),
    ("build", "--output", ""),
    ("build", "--output", "link"),
    *((command, "--output", ".") for command in ("cv", "serve", "linkcheck")),
    *((command, "--output", "talks") for command in ("cv", "serve", "linkcheck")),
    *((command, "--output", "_build") for command in ("cv", "linkcheck")),
    ("cv", "--output", "_build/../talks/cv", "--private"),
]


@pytest.mark.parametrize("arguments", IN_SOURCE, ids=" ".join)
def test_only_build_is_written_in_the_source(
    run: Run, source: Path, arguments: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(source, "talks/index.md")
    (source / "link").symlink_to(source / "talks")
    before = tree(source.parent)
    monkeypatch.chdir(source)
    assert_refused(run(*arguments), " the source folder: name a folder in ")
    assert tree(source.parent) == before


@pytest.mark.parametrize("depth", [1, 2])
def test_a_folder_that_contains_the_source_is_refused(
    run: Run, source: Path, depth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = source.parent / "html"
    folder.mkdir()
    # Even if it has the marker.
    shutil.copytree(source, folder if depth == 1 else folder / "source", dirs_exist_ok=True)
    (folder / MARKER).touch()
    before = tree(source.parent)
    monkeypatch.chdir(folder if depth == 1 else folder / "source")
    assert_refused(run("build", "--output", source.parent), f"{folder} contains the source folder")
    assert tree(source.parent) == before


def test_a_folder_of_the_user_is_refused(run: Run, source: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    write(output, "html/index.html", "html.old/index.html", "notes.txt")
    before = tree(output)
    arguments = ("build", "--source", source, "--output", output)
    assert_refused(run(*arguments), f"{output / 'html'} has files that sphinx-portfolio did not")
    assert tree(output) == before

    (output / "html" / "index.html").unlink()
    for _ in range(2):  # an empty folder, and a marked one
        assert run(*arguments).code == 0
        assert (output / "html" / "other.html").is_file()
        assert tree(output / "html.old") == {"index.html": b"the user's html.old/index.html\n"}
        assert (output / "notes.txt").is_file()


# All places that a command writes to, or could.
USER_FILES = (
    *("html/index.html", "html.old/a", "html.new/a", ".html/a", "epub/a", "doctrees/a.doctree"),
    *("serve/a", "serve/html/a", "serve/doctrees/a", "doctrees-serve/a"),
    *("linkcheck/verdicts.json", "linkcheck/doctrees/a", "verdicts.json", "lock", "index.html"),
    *("cv/cv.pdf", "cv/cv.md", "private/cv.pdf", "private/go/cv.pdf", "go/cv.pdf"),
    *("cv.pdf", "cv-short.pdf", "cv.docx", "cv.txt", "cv.md", "resume.json", ".cv.pdf.part"),
    *("published.txt.old", "published.txt~", "published"),
)


def test_files_of_the_user_stay_at_every_output(
    run: Run, site_source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTFOLIO_PHONE", "+1")
    output = tmp_path / "out"
    write(output, *USER_FILES)
    before = tree(output)
    targets = [
        *((command, output) for command in OUTPUT_COMMANDS),
        *(("cv", output / name) for name in ("cv", "go", "private", "html")),
        *(("linkcheck", output / name) for name in ("linkcheck", "html")),
        *(("build", output, "-b", "epub"), ("cv", output, "--audience", "go")),
        *(("cv", output, "--private"), ("cv", output, "--private", "--audience", "go")),
    ]
    for command, folder, *options in targets:
        result = run(command, "--source", site_source, "--output", folder, *options)
        assert_refused(result, " has files that sphinx-portfolio did not write: ")
        assert tree(output) == before
    # A folder beside those of the user.
    for command, folder, *options in (("build", output, "-b", "text"), ("cv", output / "new")):
        assert run(command, "--source", site_source, "--output", folder, *options).code == 0
    after = tree(output)
    assert {name: after.get(name) for name in before} == before


def test_files_of_the_user_stay_in_the_source(
    run: Run, site_source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site_source)
    monkeypatch.setenv("PORTFOLIO_PHONE", "+1")
    write(site_source, *USER_FILES, "_build/notes.txt")
    (site_source / "published.txt").write_text("index.html\n", encoding="utf-8")
    before = tree(site_source)
    for command in ("build", "cv", "cv --private", "doctor", "linkcheck", "publish", "serve"):
        result = run(*command.split())
        assert (result.code, result.errors) == (0, ""), command
    after = tree(site_source)
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert {name for name in changed if not name.startswith("_build/")} == {"published.txt"}
    assert (site_source / "_build" / "notes.txt").is_file()
    assert {path.name for path in (site_source / "_build").iterdir()} == {
        *("cv", "html", "linkcheck", "notes.txt", "serve", WORK),
    }


def test_cvs_for_all_and_for_some_may_be_in_one_folder(
    run: Run, site_source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTFOLIO_PHONE", "+1")
    output = tmp_path / "cv"
    write(output.parent, "notes.txt")
    # The folder of a part is made before the whole one.
    for options in (["--private", "--audience", "go"], ["--private"], ["--audience", "go"], []):
        result = run("cv", "--source", site_source, "--output", output, *options)
        assert (result.code, result.errors) == (0, "")
    assert {path.parent.relative_to(output).as_posix() for path in output.rglob("cv.txt")} == {
        *(".", "go", "private", "private/go")
    }


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_only_its_owner_reads_a_private_cv(
    run: Run, site_source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTFOLIO_PHONE", "+1")
    output = tmp_path / "cv"
    assert run("cv", "--source", site_source, "--output", output, "--private").code == 0
    folder = output / "private"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert "cv.txt" in modes
    assert {name for name, mode in modes.items() if mode != 0o600} <= {MARKER}


def test_publish_follows_a_link_and_replaces_the_list_as_a_whole(
    run: Run, site_source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("build", "--source", site_source, "--output", tmp_path).code == 0
    listing = tmp_path / "lists" / "published.txt"
    listing.parent.mkdir()
    listing.write_text("index.html\n", encoding="utf-8")
    link = tmp_path / "published.txt"
    link.symlink_to(listing)
    arguments = ("publish", "--site", tmp_path / "html", "--list", link)
    with monkeypatch.context() as patch:
        fail(patch, Path, "write_bytes", OSError(errno.ENOSPC, "No space left on device"))
        assert_refused(run(*arguments), "No space left on device")
    assert tree(listing.parent) == {"published.txt": b"index.html\n"}
    assert run(*arguments).code == 0
    assert link.is_symlink()
    assert "index.html#engineer" in listing.read_text(encoding="utf-8").split()
    assert len(tree(listing.parent)) == 1


# -- Replacing a site ---------------------------------------------------------


def fail(patch: pytest.MonkeyPatch, owner: type, name: str, error: BaseException) -> None:
    """Replace a method by one that raises an error."""

    def raising(*_: object, **__: object) -> NoReturn:
        raise error

    patch.setattr(owner, name, raising)


def test_a_second_build_at_once_is_refused(source: Path, tmp_path: Path) -> None:
    # Each waits until one has ended.
    ended = tmp_path / "ended"
    with (source / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write("import pathlib, time\n")
        conf.write(f"while not pathlib.Path({str(ended)!r}).exists():\n    time.sleep(0.05)\n")
    output = tmp_path / "out"
    command = [sys.executable, "-m", "sphinx_portfolio", "build", "--source", str(source)]
    builds = []
    for _ in range(2):
        builds.append(
            subprocess.Popen(
                [*command, "--output", str(output)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        time.sleep(0.2)
    deadline = time.monotonic() + TIME_LIMIT
    while all(build.poll() is None for build in builds) and time.monotonic() < deadline:
        time.sleep(0.05)
    ended.touch()
    ends = {build.communicate(timeout=TIME_LIMIT)[1]: build.returncode for build in builds}
    message = f"another command is writing to {output}: wait until it ends\n"
    assert ends == {"": 0, message: 2}
    assert {"index.html", "other.html", "objects.inv"} <= {*files(output / "html")}
    assert {path.name for path in output.iterdir()} == {"html", WORK}


@pytest.mark.parametrize("page", ["# New\n", "# New\n\n```{nosuch}\n```\n"], ids=["good", "bad"])
def test_a_site_that_a_killed_build_left_is_restored(
    run: Run, source: Path, tmp_path: Path, page: str
) -> None:
    output = tmp_path / "out"
    arguments = ("build", "--source", source, "--output", output)
    assert run(*arguments).code == 0
    before = tree(output / "html")
    # Killed after the old site was moved away.
    (output / "html").rename(output / WORK / "html.old")
    (source / "other.md").write_text(page, encoding="utf-8")
    result = run(*arguments)
    if "nosuch" in page:
        assert_explained(result, "other.md:3: ")
        assert tree(output / "html") == before
    else:
        assert result.code == 0
        assert "New" in (output / "html" / "other.html").read_text(encoding="utf-8")
    assert {path.name for path in (output / WORK).iterdir()} <= {
        *("html.doctrees", "html.files", "lock", MARKER),
    }


def test_pages_of_a_build_that_was_killed_after_it_replaced_a_site_are_not_taken_for_added_files(
    run: Run, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out"
    arguments = ("build", "--source", source, "--output", output)
    assert run(*arguments).code == 0
    rename = Path.rename

    def killing(path: Path, target: Path) -> Path:
        renamed = rename(path, target)
        if path.name == "html.new":
            raise KeyboardInterrupt
        return renamed

    (source / "added.md").write_text("---\norphan: true\n---\n\n# New\n", encoding="utf-8")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Path, "rename", killing)
        run(*arguments)
    assert (output / "html" / "added.html").is_file()
    assert run(*arguments).code == 0


@pytest.mark.parametrize("error", [OSError(errno.EIO, "No"), KeyboardInterrupt()], ids=repr)
def test_an_error_while_a_site_is_replaced_restores_it(
    run: Run,
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
) -> None:
    output = tmp_path / "out"
    arguments = ("build", "--source", source, "--output", output)
    assert run(*arguments).code == 0
    before = tree(output / "html")
    rename = Path.rename

    def failing(path: Path, target: Path) -> Path:
        if path.name == "html.new":
            raise error
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    if isinstance(error, OSError):
        assert_refused(run(*arguments), "No")
    else:
        with pytest.raises(KeyboardInterrupt):
            run(*arguments)
    assert tree(output / "html") == before


def test_a_link_to_a_site_is_followed(run: Run, source: Path, tmp_path: Path) -> None:
    output, target = tmp_path / "out", tmp_path / "www" / "site"
    write(target.parent, "notes.txt")
    output.mkdir()
    (output / "html").symlink_to(target)  # to nothing yet
    for title in ("One", "Two"):
        (source / "other.md").write_text(f"# {title}\n", encoding="utf-8")
        assert run("build", "--source", source, "--output", output).code == 0
        assert (output / "html").readlink() == target
        assert not target.is_symlink()
        assert title in (target / "other.html").read_text(encoding="utf-8")
    assert (target.parent / "notes.txt").is_file()

    (target / MARKER).unlink()
    before = tree(tmp_path)
    assert_refused(run("build", "--source", source, "--output", output), f"{target} has files")
    assert tree(tmp_path) == before


def test_a_full_disk_leaves_the_old_site(
    run: Run, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out"
    arguments = ("build", "--source", source, "--output", output)
    assert run(*arguments).code == 0
    before = tree(output / "html")
    full = OSError(errno.ENOSPC, "No space left on device")
    for owner, name in ((StandaloneHTMLBuilder, "handle_page"), (Path, "write_text")):
        with monkeypatch.context() as patch:
            fail(patch, owner, name, full)
            assert_refused(run(*arguments), "No space left on device")
        assert tree(output / "html") == before


@pytest.mark.parametrize("command", OUTPUT_COMMANDS)
def test_a_folder_that_cannot_be_written_is_named(
    run: Run, site_source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    output = tmp_path / "out"
    denied = PermissionError(errno.EACCES, "Permission denied", str(output))
    fail(monkeypatch, Path, "mkdir", denied)
    result = run(command, "--source", site_source, "--output", output)
    assert_refused(result, str(output), "Permission denied")


# -- Messages -----------------------------------------------------------------


def as_latin_1(source: Path) -> None:
    (source / "talks.md").write_bytes("# Talks\n\nCaf\xe9\n".encode("latin-1"))


def as_utf_16(source: Path) -> None:
    (source / "talks.md").write_text("# Talks\n", encoding="utf-16")


def append(name: str, text: str) -> Callable[[Path], None]:
    def edit(source: Path) -> None:
        with (source / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return edit


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "latin-1": (as_latin_1, "talks.md:3: the byte 0xe9 is not UTF-8: save the file as UTF-8"),
    "utf-16": (as_utf_16, "talks.md:1: the byte 0xff is not UTF-8: "),
    "syntax": (append("conf.py", "x = (\n"), "syntax error in your configuration file"),
    "conf-encoding": (
        lambda source: (source / "conf.py").write_bytes(b"x = '\xe9'\n"),
        "syntax error in your configuration file",
    ),
    "no-brace": (append("talks.bib", "@unpublished{b,\n  title = {B\n"), "talks.bib:"),
    "no-title": (
        append("talks.bib", "@unpublished{b,\n  eventdate = {2023},\n}\n"),
        "talks.bib:7: ",
    ),
    "date": (
        append("talks.bib", TALKS.replace("a-talk", "b").replace("2023-05-04", "soon")),
        "talks.bib:11: ",
    ),
    "repeated": (append("talks.bib", TALKS), "talks.bib:"),
    "bib-encoding": (
        lambda source: (source / "talks.bib").write_bytes(TALKS.encode("utf-16")),
        "talks.bib",
    ),
    "no-bib": (lambda source: (source / "talks.bib").unlink(), "talks.bib"),
}


@pytest.mark.parametrize(("breaks", "message"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_the_source_is_explained(
    run: Run, site_source: Path, tmp_path: Path, breaks: Callable[[Path], object], message: str
) -> None:
    breaks(site_source)
    result = run("build", "--source", site_source, "--output", tmp_path / "out")
    assert_explained(result, message, "The build failed, see above")
    assert not (tmp_path / "out" / "html").exists()


VARIABLES = {
    ("SOURCE_DATE_EPOCH", "yesterday"): "SOURCE_DATE_EPOCH is 'yesterday': ",
    ("SOURCE_DATE_EPOCH", "nan"): "SOURCE_DATE_EPOCH is 'nan': ",
    ("SOURCE_DATE_EPOCH", "-99999999999999"): "SOURCE_DATE_EPOCH is '-99999999999999': ",
    ("SOURCE_DATE_EPOCH", "999999999999"): "SOURCE_DATE_EPOCH is '999999999999': ",
    ("READTHEDOCS_CANONICAL_URL", "javascript:alert(1)"): "javascript:alert(1)",
    ("READTHEDOCS_CANONICAL_URL", "https://user:pw@host.example/"): "user name and password",
}


@pytest.mark.parametrize(("variable", "message"), VARIABLES.items(), ids=str)
def test_an_invalid_variable_is_named(
    run: Run,
    site_source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: tuple[str, str],
    message: str,
) -> None:
    monkeypatch.setenv("READTHEDOCS", "True")
    monkeypatch.setenv(*variable)
    result = run("build", "--source", site_source, "--output", tmp_path / "out")
    assert_explained(result, message, "The build failed, see above")
    assert result.errors.count("\n") == 2


USAGE = [
    ("cv", "--audience", ""),
    ("cv", "--audience", "../go"),
    ("cv", "--audience", "private"),
    ("cv", "--paper", "a5"),
    *(("linkcheck", "--limit", limit) for limit in ("-1", "0", "inf", "nan", "soon")),
    *(("serve", "--port", port) for port in ("-1", "65536", "http")),
    ("build", "now"),
    ("publish", "--list"),
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_an_invalid_option_is_a_usage_error(
    run: Run, site_source: Path, arguments: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site_source)
    before = tree(site_source)
    result = run(*arguments)
    assert result.code == 2
    assert result.errors.startswith(f"usage: sphinx-portfolio {arguments[0]} ")
    assert f"\nsphinx-portfolio {arguments[0]}: error: " in result.errors
    assert tree(site_source) == before


@pytest.mark.parametrize("command", SOURCE_COMMANDS)
def test_a_folder_without_conf_py_is_named(
    run: Run, source: Path, tmp_path: Path, command: str
) -> None:
    (tmp_path / "dir" / "conf.py").mkdir(parents=True)
    for folder in (tmp_path / "missing", tmp_path, source / "conf.py", tmp_path / "dir"):
        assert_refused(run(command, "--source", folder), f"{folder} has no conf.py: ")
    assert not (source / "_build").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or not os.geteuid(), reason="root reads all files")
@pytest.mark.parametrize("name", ["conf.py", "index.md", "talks.bib"])
def test_a_file_that_cannot_be_read_is_named(run: Run, site_source: Path, name: str) -> None:
    (site_source / name).chmod(0)
    output = site_source.parent / "out"
    for command in ("build", "cv"):
        assert_explained(run(command, "--source", site_source, "--output", output), name)


@pytest.mark.parametrize("command", OUTPUT_COMMANDS)
def test_an_output_that_is_a_file_is_named(
    run: Run, site_source: Path, tmp_path: Path, command: str
) -> None:
    write(tmp_path, "file")
    for output in (tmp_path / "file", tmp_path / "file" / "below"):
        assert_refused(run(command, "--source", site_source, "--output", output), str(output.name))
    assert (tmp_path / "file").read_text(encoding="utf-8") == "the user's file\n"


INVENTORY = b"# Sphinx inventory version 2\n# Project: A\n# Version: 1\n# The remainder is zlib\n"
DAMAGED = [b"", b"\0\xff", INVENTORY, INVENTORY + b"\x00\xff", INVENTORY.replace(b"2", b"9")]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_inventory_is_named(run: Run, tmp_path: Path, content: bytes) -> None:
    site, listing = tmp_path / "site", tmp_path / "published.txt"
    site.mkdir()
    (site / "objects.inv").write_bytes(content)
    result = run("publish", "--site", site, "--list", listing)
    assert_refused(result, f"{site / 'objects.inv'} is damaged (", "build the site again")
    assert not listing.exists()


def test_a_list_or_a_site_that_cannot_be_read_is_named(
    run: Run, site_source: Path, tmp_path: Path
) -> None:
    assert run("build", "--source", site_source, "--output", tmp_path).code == 0
    site, listing = tmp_path / "html", tmp_path / "published.txt"
    for other in (tmp_path, tmp_path / "missing", site / "index.html"):
        assert_refused(run("publish", "--site", other, "--list", listing), f"{other} has no site")
    listing.mkdir()
    assert_refused(run("publish", "--site", site, "--list", listing), f"{listing}: Is a directory")
    listing.rmdir()
    below = site / "index.html" / "published.txt"
    assert_refused(run("publish", "--site", site, "--list", below), str(below.parent))
    for content in (b"\xff\xfe", "index.html\n".encode("utf-16")):
        listing.write_bytes(content)
        assert_refused(run("publish", "--site", site, "--list", listing), f"{listing} is not UTF-8")
        assert listing.read_bytes() == content
    # A file of the user is no list, whatever its name.
    for text in ("http://[#a\n", "# A page\n", "---\nhide-toc: true\n---\n", "x = 1\n", "%00\n"):
        listing.write_text(text, encoding="utf-8")
        assert_refused(run("publish", "--site", site, "--list", listing), "is not an address")
        assert listing.read_text(encoding="utf-8") == text


def test_files_that_were_added_to_a_site_are_kept(
    run: Run, site_source: Path, tmp_path: Path
) -> None:
    build = ("build", "--source", site_source, "--output", tmp_path)
    assert run(*build).code == 0
    added = tmp_path / "html" / "CNAME"
    added.write_text("ada.example", encoding="utf-8")
    assert_refused(run(*build), f"{added} was not written by sphinx-portfolio")
    assert added.read_text(encoding="utf-8") == "ada.example"
    added.unlink()
    assert run(*build).code == 0


def test_a_summary_that_cannot_be_written_is_named(
    run: Run, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "missing" / "summary.md"))
    with (source / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write('extensions.append("sphinx_portfolio.site")\nportfolio_exports = []\n')
    result = run("linkcheck", "--source", source, "--output", tmp_path / "out")
    assert result.code == 0
    summary = tmp_path / "missing" / "summary.md"
    assert result.errors == f"GITHUB_STEP_SUMMARY: {summary}: No such file or directory\n"


# -- As a process -------------------------------------------------------------


def test_a_page_of_a_guest_in_another_encoding_is_named(source: Path, tmp_path: Path) -> None:
    (source / "other.md").write_bytes("# Caf\xe9\n".encode("latin-1"))
    guest = portfolio("build", "--source", source, "--output", tmp_path / "out")
    assert_explained(Result(guest.returncode, guest.stdout, guest.stderr), "other.md:1: ")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no FIFO")
def test_a_page_that_is_a_fifo_is_named(source: Path, tmp_path: Path) -> None:
    (source / "other.md").unlink()
    os.mkfifo(source / "other.md")
    result = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx_portfolio", "build"),
            *("--source", source, "--output", tmp_path / "out"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=TIME_LIMIT,
    )
    assert_explained(Result(result.returncode, result.stdout, result.stderr), "other.md is not a")
