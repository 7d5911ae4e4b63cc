"""The package: its wheel is whole and builds a portfolio; its command explains itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from contextlib import chdir
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest
from flit_core import buildapi  # type: ignore[import-untyped]

from sphinx_portfolio import __version__
from sphinx_portfolio.__main__ import COMMANDS, main, run
from support import HOSTS, Site, one

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "src" / "sphinx_portfolio"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy by the build backend itself (PEP 517).

    A front end would want to install the backend first.
    """
    folder = tmp_path_factory.mktemp("package")
    ignore = shutil.ignore_patterns("__pycache__", "tests")
    source = shutil.copytree(PROJECT, folder / "source", ignore=ignore)
    with chdir(source):
        name: str = buildapi.build_wheel(str(folder))
    return folder / name


def test_the_wheel_holds_the_whole_package_and_its_command(wheel: Path) -> None:
    files = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    # What is no Python is forgotten most easily.
    for name in (
        "locale/de/LC_MESSAGES/sphinx_portfolio.mo",
        *("py.typed", "exports/cv.typ", "html/icons/github.svg", "html/templates/page.html"),
        *("html/static/sphinx-portfolio/entries.css", "html/static/sphinx-portfolio/portfolio.js"),
    ):
        assert f"sphinx_portfolio/{name}" in files
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
        metadata = f"sphinx_portfolio-{__version__}.dist-info"
        command = archive.read(f"{metadata}/entry_points.txt").decode()
    assert {name for name in names if not name.startswith(metadata)} == files
    assert "[console_scripts]\nsphinx-portfolio=sphinx_portfolio.__main__:run\n" in command
    assert f"{metadata}/licenses/LICENSE" in names


def test_the_wheel_alone_builds_a_portfolio(wheel: Path, tmp_path: Path, rootdir: Path) -> None:
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    source = shutil.copytree(rootdir / "test-downloads", tmp_path / "source")
    with (source / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write('html_theme = "furo"\n')
    script = (
        "import sys, sphinx_portfolio, sphinx_portfolio.__main__ as command\n"
        "print(sphinx_portfolio.__file__)\n"
        "sys.exit(command.run())\n"
    )
    result = subprocess.run(
        [
            *(sys.executable, "-c", script, "build"),
            *("--source", source, "--output", tmp_path / "out"),
        ],
        env={key: value for key, value in os.environ.items() if not key.startswith(HOSTS)}
        | {"PYTHONPATH": str(installed)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[0] == str(installed / "sphinx_portfolio" / "__init__.py")
    site = Site(tmp_path / "out" / "html")
    assert one(site["deep/er/page"], "#engineer > .portfolio-facts")
    assert one(site["index"], ".portfolio-sidebar-cv > a")  # a template
    assert (site.folder / "cv.pdf").read_bytes().startswith(b"%PDF-")  # of cv.typ
    for name in ("entries.css", "portfolio.js"):
        assert (site.folder / "_static" / "sphinx-portfolio" / name).is_file()


# -- The command --------------------------------------------------------------


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str, str]:
    """Return what the command exits with and says, in lines that no terminal breaks."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setenv("COLUMNS", "200")
        main(arguments)
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def test_the_installed_command_is_this_one() -> None:
    [command] = entry_points(group="console_scripts", name="sphinx-portfolio")
    assert isinstance(command, EntryPoint)
    assert command.load() is run


def test_help_lists_all_commands(capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = told(capsys, "--help")
    assert code == 0
    modules = {
        path.stem.rstrip("_")
        for path in (PACKAGE / "commands").glob("*.py")
        if "\ndef main(" in path.read_text(encoding="utf-8")
    }
    assert {*COMMANDS} == modules
    flowed = " ".join(said.split())
    for name, text in COMMANDS.items():
        assert f" {name} {text} " in flowed
        assert "\n" not in text


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, said, _ = told(capsys, name, "--help")
    assert code == 0
    assert said.startswith(f"usage: sphinx-portfolio {name} [-h]")


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "--version") == (0, f"sphinx-portfolio {__version__}\n", "")


def test_an_unknown_command_is_named_with_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, _, said = told(capsys, "bild")
    assert code == 2
    assert "'bild'" in said
    for name in COMMANDS:
        assert name in said


def test_no_command_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = told(capsys)
    assert code == 2
    assert "COMMAND" in said
