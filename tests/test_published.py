"""Published addresses stay: pages and records."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from repository import REPOSITORY, copy_source
from sphinx_portfolio.commands import publish
from sphinx_portfolio.commands.publish import addresses, files, gone

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from support import Portfolio, Site

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


def test_moved_pages_and_renamed_records_are_gone_unless_something_leads_on(
    tmp_path: Path, portfolio: Portfolio, capsys: pytest.CaptureFixture[str]
) -> None:
    source = copy_source(tmp_path / "source")

    def edit(name: str, old: str, new: str) -> None:
        text = (source / name).read_text(encoding="utf-8")
        assert old in text
        (source / name).write_text(text.replace(old, new), encoding="utf-8")

    # A page with a redirect, and one without.
    for page in ("gse", "locknt"):
        shutil.move(source / "projects" / f"{page}.md", source / "projects" / f"new-{page}.md")
        edit("projects/index.md", f"\n{page}\n", f"\nnew-{page}\n")
    edit("conf.py", "\nredirects", "\nredirects = {'projects/gse': 'new-gse.html'}\nnothing")
    # A record with its old id as a target, and one without.
    edit("experience/akamai.md", ":id: akamai-intern", ":id: akamai-job")
    edit("experience/akamai.md", "## Software", "(akamai-intern)=\n## Software")
    edit("experience/awards.md", ":id: google-peer-bonus", ":id: peer-bonus")

    built = portfolio("build", "--source", source, "--output", tmp_path / "out")
    assert built.returncode == 0, built.stderr
    listing = source / "published.txt"
    arguments = ["--site", str(tmp_path / "out" / "html"), "--list", str(listing)]
    assert publish.main(arguments) == 1
    lost = [
        "experience/awards.html#google-peer-bonus",
        "projects/locknt.html",
        "projects/locknt.html#locknt",
    ]
    told = [line for line in capsys.readouterr().err.splitlines() if "is published" in line]
    assert told == [f"{address} is published and gone" for address in lost]
    assert listing.read_text(encoding="utf-8").split() == PUBLISHED

    kept = {*PUBLISHED} - {*lost}
    listing.write_text("\n".join(kept), encoding="utf-8")
    assert publish.main(arguments) == 0
    now = listing.read_text(encoding="utf-8").split()
    assert now == sorted(now)
    assert {*now} - kept == {
        "experience/akamai.html#akamai-job",
        "experience/awards.html#peer-bonus",
        "projects/new-gse.html",
        "projects/new-gse.html#gse",
        "projects/new-locknt.html",
        "projects/new-locknt.html#locknt",
    }
    assert kept <= {*now}


def test_publishing_without_a_site_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish.main(["--site", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"There is no site at {tmp_path}: build it first.\n"
