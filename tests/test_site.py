"""The built site: links, metadata, inventory, reproducibility."""

from __future__ import annotations

import filecmp
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from sphinx.util.inventory import InventoryFile

from repository import REPOSITORY, copy_source
from sphinx_portfolio.commands.publish import gone
from support import Portfolio, Site, one

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MADE = {"404", "search", "genindex"}  # pages without a document
READ_THE_DOCS = {
    "READTHEDOCS": "True",
    "READTHEDOCS_CANONICAL_URL": "https://someone.example/en/latest/",
    "READTHEDOCS_GIT_CLONE_URL": "https://github.com/someone/portfolio.git",
    "READTHEDOCS_GIT_IDENTIFIER": "main",
    "READTHEDOCS_VERSION_TYPE": "branch",
    "SOURCE_DATE_EPOCH": "1700000000",
}


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory, portfolio: Portfolio) -> Site:
    """This repository's site as Read the Docs builds it."""
    folder = tmp_path_factory.mktemp("hosted")
    environment = READ_THE_DOCS | {"PYTHONHASHSEED": "1"}
    arguments = ("build", "--source", REPOSITORY, "--output", folder)
    result = portfolio(*arguments, environment=environment)
    assert result.returncode == 0, result.stderr
    return Site(folder / "html")


def addresses(site: Site, page: str) -> Iterator[str]:
    """Yield what a page links to or loads."""
    for element in site[page].select("[href], [src]"):
        for name in ("href", "src"):
            if name in element.attrs:
                yield str(element[name])


def test_every_internal_address_leads_somewhere(site: Site) -> None:
    missing = []
    for page in site.names:
        for address in addresses(site, page):
            parts = urlsplit(address)
            if parts.scheme or address == "#":
                continue
            root = site.folder if parts.path.startswith("/") else (site.folder / page).parent
            path = unquote(parts.path).lstrip("/")
            target = (root / path if path else site.folder / f"{page}.html").resolve()
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                missing.append((page, address))
            elif parts.fragment and target.suffix == ".html":
                name = str(target.relative_to(site.folder.resolve()).with_suffix(""))
                if not site[name].find(id=unquote(parts.fragment)):
                    missing.append((page, address))
    assert missing == []


def test_talks_are_a_list_without_roles(site: Site) -> None:
    for page in site.names:
        for listing in site[page].select("ol:has(> li.portfolio-talk)"):
            assert listing.select("[role]") == []
            assert listing.select("li") == listing.select(":is(ol, ul) > li")


def test_a_citation_leads_to_its_entry_and_back(site: Site) -> None:
    for page in site.names:
        for link in site[page].select(".bibtex-citation a"):
            target, _, key = str(link["href"]).partition("#")
            path = (site.folder / page).parent / target
            other = path.resolve().relative_to(site.folder.resolve()).with_suffix("").as_posix()
            entry = one(site[other], f"li[id='{key}']")
            back = [
                (path.parent / urlsplit(str(a["href"])).path).resolve()
                for a in entry.select(":is(.portfolio-fact-backlinks, .portfolio-fact-related) a")
            ]
            assert (site.folder / f"{page}.html").resolve() in back, (page, key)


@pytest.mark.parametrize("which", ["site", "hosted"])
def test_every_page_describes_itself(which: str, request: pytest.FixtureRequest) -> None:
    built: Site = request.getfixturevalue(which)
    texts = []
    for page in built.names:
        if not one(built[page], "body").get_text().strip():
            continue  # a redirect
        head = one(built[page], "head")
        graph = {tag["property"]: tag["content"] for tag in head.select("meta[property^='og:']")}
        assert {"og:title", "og:type", "og:site_name", "og:description"} <= graph.keys(), page
        # `nox -s doctor` lists pages without a description of their own.
        for description in head.select("meta[name=description]"):
            assert graph["og:description"] == description["content"]
            source = REPOSITORY / f"{page}.md"
            if source.is_file() and "\ndescription:" in source.read_text(encoding="utf-8"):
                texts.append(str(description["content"]))
                assert 50 <= len(texts[-1]) <= 160, page
    assert len(set(texts)) == len(texts)


def test_without_a_host_no_page_has_an_absolute_address(site: Site) -> None:
    for page in site.names:
        assert not site[page].select("link[rel=canonical], meta[property='og:url'], [rel=edit]")
    assert not (site.folder / "sitemap.xml").exists()


def test_with_a_host_pages_have_absolute_addresses_and_edit_links(hosted: Site) -> None:
    base = READ_THE_DOCS["READTHEDOCS_CANONICAL_URL"]
    documents = [page for page in hosted.names if (REPOSITORY / f"{page}.md").is_file()]
    for page in documents:
        address = f"{base}{page}.html"
        assert one(hosted[page], "link[rel=canonical]")["href"] == address
        assert one(hosted[page], "meta[property='og:url']")["content"] == address
        edit = one(hosted[page], "a[rel=edit]")["href"]
        assert str(edit).strip() == f"https://github.com/someone/portfolio/edit/main/{page}.md"
    sitemap = ElementTree.parse(hosted.folder / "sitemap.xml")  # noqa: S314 (our own file)
    listed = [
        str(loc.text) for loc in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert sorted(listed) == sorted(f"{base}{page}.html" for page in documents)


@pytest.mark.parametrize(("which", "root"), [("site", "/"), ("hosted", "/en/latest/")])
def test_the_404_page_works_at_any_depth(
    which: str, root: str, request: pytest.FixtureRequest
) -> None:
    built: Site = request.getfixturevalue(which)
    for address in addresses(built, "404"):
        parts = urlsplit(address)
        if not parts.scheme and parts.path:
            assert parts.path.startswith(root), address
            assert (built.folder / parts.path.removeprefix(root)).exists(), address


def test_no_page_loads_anything_from_another_host(site: Site) -> None:
    for page in site.names:
        for element in site[page].select("[src], link[href]"):
            address = str(element.get("src") or element.get("href"))
            assert not urlsplit(address).netloc, (page, address)


def test_icons_are_in_the_page_and_named(site: Site) -> None:
    for page in site.names:
        for icon in site[page].select("footer .icons a"):
            assert icon["aria-label"]
            assert icon.select("svg path")


def test_two_builds_of_one_moment_are_the_same(
    tmp_path: Path, portfolio: Portfolio, hosted: Site
) -> None:
    source = copy_source(tmp_path / "another-folder")
    environment = READ_THE_DOCS | {"PYTHONHASHSEED": "2"}
    arguments = ("build", "--source", source, "--output", source / "_build")
    result = portfolio(*arguments, environment=environment)
    assert result.returncode == 0, result.stderr
    left, right = hosted.folder, source / "_build" / "html"
    files = [str(path.relative_to(left)) for path in left.rglob("*") if path.is_file()]
    assert sorted(files) == sorted(
        str(path.relative_to(right)) for path in right.rglob("*") if path.is_file()
    )
    _, different, unreadable = filecmp.cmpfiles(left, right, files, shallow=False)
    assert (different, unreadable) == ([], [])


def test_the_pages_of_the_book_are_well_formed(tmp_path: Path, portfolio: Portfolio) -> None:
    result = portfolio("build", "-b", "epub", "--source", REPOSITORY, "--output", tmp_path)
    assert result.returncode == 0, result.stderr
    pages = list(tmp_path.rglob("*.xhtml"))
    assert len(pages) > 10
    for page in pages:
        ElementTree.parse(page)  # noqa: S314 (our own file)


def test_the_inventory_has_only_addresses_of_the_site(site: Site) -> None:
    inventory = InventoryFile.loads((site.folder / "objects.inv").read_bytes(), uri="")
    records = [
        item.uri.replace("$", name)
        for kind, items in inventory.data.items()
        if kind.startswith("portfolio:")
        for name, item in items.items()
    ]
    assert records
    assert gone(records, site.folder) == []


def test_read_the_docs_fails_on_warnings() -> None:
    text = (REPOSITORY / ".readthedocs.yaml").read_text(encoding="utf-8")
    sphinx = {"configuration": "conf.py", "fail_on_warning": True}
    assert yaml.safe_load(text)["sphinx"] == sphinx
