"""`sphinx-portfolio build`: a whole site or none."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from support import Portfolio


@pytest.fixture
def source(tmp_path: Path, rootdir: Path) -> Path:
    """A site of two pages."""
    return shutil.copytree(rootdir / "test-minimal", tmp_path / "source")


def test_it_says_where_the_site_is_and_how_large(
    source: Path, tmp_path: Path, portfolio: Portfolio
) -> None:
    result = portfolio("build", "--source", source, "--output", tmp_path / "out")
    assert result.returncode == 0
    page = tmp_path / "out" / "html" / "index.html"
    assert page.is_file()
    # index, other, search and genindex
    assert re.fullmatch(rf"{re.escape(str(page))}: 4 pages in \d+\.\d s\n", result.stdout)


def test_doctrees_stay_out_of_the_site(source: Path, tmp_path: Path, portfolio: Portfolio) -> None:
    portfolio("build", "--source", source, "--output", tmp_path / "out")
    assert (tmp_path / "out" / "doctrees" / "index.doctree").is_file()
    assert not list((tmp_path / "out" / "html").rglob("*.doctree"))


def test_a_deleted_page_leaves_the_site(source: Path, tmp_path: Path, portfolio: Portfolio) -> None:
    build = ("build", "--source", source, "--output", tmp_path / "out")
    assert portfolio(*build).returncode == 0
    # Left by a build that was stopped.
    stale = tmp_path / "out" / ".html" / "stale.html"
    stale.parent.mkdir()
    stale.touch()
    (source / "other.md").unlink()
    (source / "index.md").write_text("# Home\n", encoding="utf-8")
    assert portfolio(*build).returncode == 0
    for name in ("other.html", "stale.html"):
        assert not (tmp_path / "out" / "html" / name).exists()


def test_a_warning_fails_every_build_and_keeps_the_old_site(
    source: Path, tmp_path: Path, portfolio: Portfolio
) -> None:
    build = ("build", "--source", source, "--output", tmp_path / "out")
    assert portfolio(*build).returncode == 0
    page = tmp_path / "out" / "html" / "other.html"
    old = page.read_bytes()
    # Sphinx tells such a fault when it reads the page, and a second time only if it reads it again.
    (source / "other.md").write_text("# Changed\n\n```{nosuch}\n```\n", encoding="utf-8")
    for _ in range(2):
        result = portfolio(*build)
        assert result.returncode == 1
        assert f"{source}/other.md:3: WARNING: " in result.stderr
        assert page.read_bytes() == old
        assert [path.name for path in (tmp_path / "out").iterdir()] in (
            ["doctrees", "html"],
            ["html", "doctrees"],
        )


def test_a_first_build_that_fails_leaves_no_site(
    source: Path, tmp_path: Path, portfolio: Portfolio
) -> None:
    (source / "other.md").unlink()
    result = portfolio("build", "--source", source, "--output", tmp_path / "out")
    assert result.returncode == 1
    assert not (tmp_path / "out" / "html").exists()
    assert "last whole one" not in result.stderr


def test_an_unknown_command_is_named_with_the_known_ones(portfolio: Portfolio) -> None:
    result = portfolio("bild")
    assert result.returncode == 2
    assert "build,cv,doctor,linkcheck,publish,serve" in result.stderr
