"""The published addresses of pages, records and files are on the site."""

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


def test_published_addresses_are_on_the_site(site: Site) -> None:
    assert gone(PUBLISHED, site.folder) == []


def test_addresses_on_the_site_are_published(site: Site) -> None:
    current = addresses(site.folder / "objects.inv") | files(site.folder)
    missing = sorted(current - set(PUBLISHED))
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


def test_moved_pages_and_renamed_records_need_a_redirect_or_a_target(
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
    errors = capsys.readouterr().err.splitlines()
    assert errors[:-1] == [f"{address} is published, but not on the site" for address in lost]
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
