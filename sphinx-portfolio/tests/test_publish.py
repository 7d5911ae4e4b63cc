"""`sphinx-portfolio publish`: published addresses are kept, or retired."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sphinx_portfolio.__main__ import main
from sphinx_portfolio.commands import CommandError, publish
from sphinx_portfolio.commands.publish import Published

EXAMPLE = Path(__file__).resolve().parents[1] / "docs" / "example"
SITE = "https://ada.example/"
# Pages that nobody links to, and what scripts load.
OF_SPHINX = {
    *("404.html", "genindex.html", "search.html", "sitemap.xml", "searchindex.js", "objects.inv"),
    "portfolio-index.js",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The example at a known address and at none, and with a moved page and a renamed record."""
    folder = tmp_path_factory.mktemp("publish")
    sources = {
        name: Path(shutil.copytree(EXAMPLE, folder / name))
        for name in ("unknown", "known", "changed")
    }
    for name in ("known", "changed"):
        with (sources[name] / "conf.py").open("a", encoding="utf-8") as file:
            file.write(f"html_baseurl = {SITE!r}\n")
    changed = sources["changed"]
    conf = changed / "conf.py"
    redirect = "\nredirects = {'projects/wind-meter': 'meter.html'}\n"
    conf.write_text(conf.read_text(encoding="utf-8") + redirect, encoding="utf-8")
    shutil.move(changed / "projects" / "wind-meter.md", changed / "projects" / "meter.md")
    for name, old, new in (
        ("projects/index.md", "wind-meter", "meter"),
        ("experience/school.md", ":id: diploma", ":id: degree"),
        ("experience/pipe-works.md", ":id: organ-builder", ":id: builder"),
        ("experience/pipe-works.md", "## Organ", "(organ-builder)=\n## Organ"),
    ):
        text = (changed / name).read_text(encoding="utf-8")
        assert old in text
        (changed / name).write_text(text.replace(old, new), encoding="utf-8")
    sites = {}
    for name, source in sources.items():
        output = folder / f"out-{name}"
        assert main(["build", "--source", str(source), "--output", str(output)]) == 0
        sites[name] = output / "html"
    return sites


def run(site: Path, listing: Path, *arguments: str) -> int:
    return publish.main(["--site", str(site), "--list", str(listing), *arguments])


def read(listing: Path) -> Published:
    return Published.parse(listing.read_text(encoding="utf-8"))


def test_new_addresses_are_added_with_that_of_the_site(
    built: dict[str, Path], tmp_path: Path
) -> None:
    listing = tmp_path / "published.txt"
    assert run(built["known"], listing) == 0
    published = read(listing)
    assert published.site == SITE
    assert {
        *("index.html", "cv.pdf", "projects/wind-meter.html#wind-meter", "feed.xml"),
        *("talks.ics", "contact.vcf", "talks.bib", "talks/quiet-bellows.bib"),
    } <= published.addresses
    first = listing.read_bytes()
    assert run(built["known"], listing) == 0
    assert listing.read_bytes() == first


def test_each_exported_file_has_its_address_in_the_list(
    built: dict[str, Path], tmp_path: Path
) -> None:
    listing, site = tmp_path / "published.txt", built["known"]
    run(site, listing)
    names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    files = {name for name in names if not name.startswith(("_", "."))} - OF_SPHINX
    assert {"cv.png", "cv.pdf", "llms.txt", "share/site.png", "index.html.md"} <= files
    assert files == {address.partition("#")[0] for address in read(listing).addresses}


def test_an_address_that_is_gone_fails_unless_it_is_kept_or_retired(
    built: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listing = tmp_path / "published.txt"
    run(built["known"], listing)
    before = listing.read_bytes()
    capsys.readouterr()
    assert run(built["changed"], listing) == 1
    gone = "experience/school.html#diploma"
    errors = capsys.readouterr().err.splitlines()
    # The moved page has a redirect, the renamed job its old id.
    assert errors[0] == f"{gone} is published, but not on the site"
    assert errors[1].startswith("Redirect a page in conf.py")
    assert len(errors) == 2
    assert listing.read_bytes() == before

    assert run(built["changed"], listing, "--retire", gone, "--to", "experience/school.html") == 0
    published = read(listing)
    assert published.retired == {gone: "experience/school.html"}
    assert gone not in published.addresses
    assert "experience/school.html#degree" in published.addresses
    assert run(built["changed"], listing) == 0


def test_a_retired_address_does_not_come_back_as_new(
    built: dict[str, Path], tmp_path: Path
) -> None:
    listing = tmp_path / "published.txt"
    run(built["known"], listing)
    arguments = ("--retire", "skills.html#python", "--to", "skills.html")
    assert run(built["known"], listing, *arguments) == 0
    assert run(built["known"], listing) == 0
    assert "skills.html#python" not in read(listing).addresses


def test_a_site_that_was_never_published_starts_anew(
    built: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listing = tmp_path / "published.txt"
    listing.write_text("somebody/else.html\n", encoding="utf-8")
    assert run(built["unknown"], listing) == 0
    assert "somebody/else.html" not in read(listing).addresses
    assert "never published" in capsys.readouterr().err
    assert read(listing).site == ""


def test_the_list_of_another_site_is_refused(built: dict[str, Path], tmp_path: Path) -> None:
    listing = tmp_path / "published.txt"
    text = "# The published addresses of https://other.example/\nindex.html\n"
    listing.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=r"https://other\.example/, but this site is"):
        run(built["known"], listing)
    assert listing.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("address", "page", "message"),
    [
        ("nowhere.html", "index.html", "not a published address"),
        ("skills.html", "nowhere.html", "not on the site"),
    ],
)
def test_only_known_addresses_are_retired(
    built: dict[str, Path], tmp_path: Path, address: str, page: str, message: str
) -> None:
    listing = tmp_path / "published.txt"
    run(built["known"], listing)
    with pytest.raises(CommandError, match=message):
        run(built["known"], listing, "--retire", address, "--to", page)
