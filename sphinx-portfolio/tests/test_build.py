"""`sphinx-portfolio build`: a whole site or none."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from sphinx_portfolio.commands import build

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path, rootdir: Path) -> Path:
    """A site of two pages."""
    return shutil.copytree(rootdir / "test-minimal", tmp_path / "source")


def test_a_site_is_whole_and_has_no_page_whose_source_is_gone(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    arguments = ("--source", str(source), "--output", str(output))
    assert build.main(arguments) == 0
    page = output / "html" / "index.html"
    assert page.is_file()
    # index, other, search and genindex
    said = capsys.readouterr()
    assert re.fullmatch(rf"{re.escape(str(page))}: 4 pages in \d+\.\d s\n", said.out)
    assert said.err == ""
    # Doctrees are not part of the site.
    assert (output / "doctrees" / "index.doctree").is_file()
    assert not list((output / "html").rglob("*.doctree"))

    # Left by a build that was stopped.
    stale = output / ".html" / "stale.html"
    stale.parent.mkdir()
    stale.touch()
    (source / "other.md").unlink()
    (source / "index.md").write_text("# Home\n", encoding="utf-8")
    assert build.main(arguments) == 0
    for name in ("other.html", "stale.html"):
        assert not (output / "html" / name).exists()
    assert {path.name for path in output.iterdir()} == {"doctrees", "html"}


def test_a_warning_fails_every_build_and_keeps_the_old_site(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    site = output / "html"
    # Sphinx reports such a fault when it reads the page, and again only if it reads it again.
    (source / "other.md").write_text("# Changed\n\n```{nosuch}\n```\n", encoding="utf-8")
    for number in range(2):
        assert build.main(("--source", str(source), "--output", str(output))) == 1
        said = capsys.readouterr().err
        assert f"{source}/other.md:3: WARNING: " in said
        # A first build that fails leaves no site, a later one the last that was whole.
        assert said.endswith(
            f"No site was built: see above; {site} is still the last whole one.\n"
            if number
            else "No site was built: see above.\n"
        )
        folders = {path.name for path in output.iterdir()}
        assert folders == ({"doctrees", "html"} if number else {"doctrees"})
        site.mkdir(exist_ok=True)
        (site / "other.html").write_text("old", encoding="utf-8")
    assert [path.read_text("utf-8") for path in site.iterdir()] == ["old"]
