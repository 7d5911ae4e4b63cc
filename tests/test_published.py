"""Published addresses stay: pages and records."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from conftest import REPOSITORY, copy_source
from support import Portfolio, Site
from sphinx_portfolio.commands.publish import addresses, files, gone

if TYPE_CHECKING:
    from pathlib import Path

PUBLISHED = (REPOSITORY / "published.txt").read_text(encoding="utf-8").split()


def test_what_is_published_stands(site: Site) -> None:
    assert gone(PUBLISHED, site.folder) == []


def test_what_stands_is_published(site: Site) -> None:
    standing = addresses(site.folder / "objects.inv") | files(site.folder)
    missing = sorted(standing - set(PUBLISHED))
    assert missing == [], "run `nox -s publish`"


def test_the_cv_is_published(site: Site) -> None:
    assert files(site.folder) == {
        "cv.pdf",
        "cv-short.pdf",
        "cv.txt",
        "cv.md",
        "resume.json",
    }
    assert gone(["cv.pdf", "cv.docx"], site.folder) == ["cv.docx"]


def test_talks_are_published_under_their_keys() -> None:
    talks = [address for address in PUBLISHED if address.startswith("talks/index.html#")]
    assert len(talks) == 9


@pytest.mark.parametrize("keep", [False, True], ids=["gone", "kept"])
def test_a_moved_page_and_a_renamed_record(
    tmp_path: Path, portfolio: Portfolio, keep: bool
) -> None:
    source = copy_source(tmp_path / "source")
    shutil.move(source / "projects" / "gse.md", source / "projects" / "exporter.md")
    index = source / "projects" / "index.md"
    index.write_text(index.read_text(encoding="utf-8").replace("\ngse\n", "\nexporter\n"), "utf-8")
    akamai = source / "experience" / "akamai.md"
    text = akamai.read_text(encoding="utf-8").replace(":id: akamai-intern", ":id: akamai-job")
    if keep:
        text = text.replace("## Software", "(akamai-intern)=\n## Software")
        conf = source / "conf.py"
        redirect = '\nredirects = {"projects/gse": "exporter.html"}\n'
        conf.write_text(conf.read_text(encoding="utf-8") + redirect, encoding="utf-8")
    akamai.write_text(text, encoding="utf-8")
    jobs = source / "experience" / "index.md"
    jobs.write_text(jobs.read_text("utf-8").replace("akamai-intern", "akamai-job"), "utf-8")

    built = portfolio("build", "--source", source, "--output", tmp_path / "out")
    assert built.returncode == 0, built.stderr
    listing = source / "published.txt"
    result = portfolio("publish", "--site", tmp_path / "out" / "html", "--list", listing)
    if keep:
        assert result.returncode == 0, result.stderr
        now = listing.read_text(encoding="utf-8").split()
        assert {*now} - {*PUBLISHED} == {
            "experience/akamai.html#akamai-job",
            "projects/exporter.html",
            "projects/exporter.html#gse",
        }
        assert {*PUBLISHED} <= {*now}
    else:
        assert result.returncode == 1
        for address in (
            "experience/akamai.html#akamai-intern",
            "projects/gse.html",
            "projects/gse.html#gse",
        ):
            assert f"{address} is published and gone\n" in result.stderr
        assert listing.read_text(encoding="utf-8").split() == PUBLISHED


def test_publishing_without_a_site_says_so(tmp_path: Path, portfolio: Portfolio) -> None:
    result = portfolio("publish", "--site", tmp_path)
    assert (result.returncode, result.stderr) == (
        2,
        f"There is no site at {tmp_path}: build it first.\n",
    )
