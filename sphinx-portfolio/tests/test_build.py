"""`sphinx-portfolio build`: a whole site or none."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from sphinx_portfolio.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path, rootdir: Path) -> Path:
    """A site of two pages."""
    return shutil.copytree(rootdir / "test-minimal", tmp_path / "source")


def test_a_build_replaces_the_whole_site(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    arguments = ("build", "--source", str(source), "--output", str(output))
    assert main(arguments) == 0
    page = output / "html" / "index.html"
    assert page.is_file()
    # index, other, search and genindex
    printed = capsys.readouterr()
    assert re.fullmatch(rf"{re.escape(str(page))}: 4 pages in \d+\.\d s\n", printed.out)
    assert printed.err == ""
    # Doctrees are not part of the site.
    assert not list((output / "html").rglob("*.doctree"))

    # Left by a build that was killed.
    stale = output / ".sphinx-portfolio-work" / "html.new" / "stale.html"
    stale.parent.mkdir()
    stale.touch()
    (source / "other.md").unlink()
    (source / "index.md").write_text("# Home\n", encoding="utf-8")
    assert main(arguments) == 0
    for name in ("other.html", "stale.html"):
        assert not (output / "html" / name).exists()
    assert {path.name for path in output.iterdir()} == {"html", ".sphinx-portfolio-work"}


def test_another_builder_has_its_own_folder(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("build", "--source", str(source), "--output", str(tmp_path / "out"))
    for builder, pages in (("dirhtml", "4 pages"), ("text", "built")):
        assert main((*arguments, "-b", builder)) == 0
        assert f": {pages} in " in capsys.readouterr().out
    assert (tmp_path / "out" / "dirhtml" / "other" / "index.html").is_file()
    assert (tmp_path / "out" / "text" / "other.txt").is_file()


def test_a_warning_fails_every_build_and_keeps_the_old_site(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("build", "--source", str(source), "--output", str(tmp_path / "out"))
    site = tmp_path / "out" / "html"
    page = (source / "other.md").read_text(encoding="utf-8")
    # Sphinx reports such a fault when it reads the page, and again only if it reads it again.
    broken = "# Changed\n\n```{nosuch}\n```\n"
    for old in (False, True):
        for _ in range(2):
            (source / "other.md").write_text(broken, encoding="utf-8")
            assert main(arguments) == 1
            errors = capsys.readouterr().err
            assert f"{source}/other.md:3: WARNING: " in errors
            assert errors.endswith("\nThe build failed, see above: no output was changed.\n")
            assert site.exists() == old
            if old:
                assert "Changed" not in (site / "other.html").read_text(encoding="utf-8")
        (source / "other.md").write_text(page, encoding="utf-8")
        assert main(arguments) == 0
