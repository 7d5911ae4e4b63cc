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


def test_the_bibliography_is_a_list_without_roles(site: Site) -> None:
    article = one(site["talks/index"], "article")
    assert article.select("ol > li.portfolio-talk")
    assert article.select("[role]") == []
    assert article.select("li") == article.select(":is(ol, ul) > li")


def test_a_citation_leads_to_its_entry_and_back(site: Site) -> None:
    for page in ("experience/vmware", "projects/gse", "projects/btree-indexer"):
        links = site[page].select(".bibtex-citation a")
        assert links
        for link in links:
            key = urlsplit(str(link["href"])).fragment
            entry = one(site["talks/index"], f"li#{key}")
            back = [
                urlsplit(str(a["href"])).path
                for a in entry.select(":is(.portfolio-fact-backlinks, .portfolio-fact-related) a")
            ]
            assert f"../{page}.html" in back


@pytest.mark.parametrize("which", ["site", "hosted"])
def test_every_page_describes_itself(which: str, request: pytest.FixtureRequest) -> None:
    built: Site = request.getfixturevalue(which)
    texts = {}
    for page in built.names:
        head = one(built[page], "head")
        [description] = head.select("meta[name=description]")
        graph = {tag["property"]: tag["content"] for tag in head.select("meta[property^='og:']")}
        assert {"og:title", "og:type", "og:site_name", "og:description"} <= graph.keys(), page
        assert graph["og:description"] == description["content"]
        texts[page] = description["content"]
    written = [page for page in built.names if page not in MADE]
    assert len({texts[page] for page in written}) == len(written)
    assert all(50 <= len(texts[page]) <= 160 for page in written), texts


def test_without_a_host_no_page_has_an_absolute_address(site: Site) -> None:
    for page in site.names:
        assert not site[page].select("link[rel=canonical], meta[property='og:url'], [rel=edit]")
    assert not (site.folder / "sitemap.xml").exists()


def test_with_a_host_pages_have_absolute_addresses_and_edit_links(hosted: Site) -> None:
    base = READ_THE_DOCS["READTHEDOCS_CANONICAL_URL"]
    documents = [page for page in hosted.names if page not in MADE]
    for page in documents:
        address = f"{base}{page}.html"
        assert one(hosted[page], "link[rel=canonical]")["href"] == address
        assert one(hosted[page], "meta[property='og:url']")["content"] == address
        edit = one(hosted[page], "a[rel=edit]")["href"]
        assert str(edit).strip() == f"https://github.com/someone/portfolio/edit/main/{page}.md"
        assert (REPOSITORY / f"{page}.md").is_file()
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


def test_icons_stand_in_the_page(site: Site) -> None:
    for page in site.names:
        icons = site[page].select("footer .icons a")
        assert [icon["aria-label"] for icon in icons] == ["GitHub", "LinkedIn", "Email"]
        assert all(icon.select("svg path") for icon in icons)


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


def test_the_inventory_has_all_records(site: Site) -> None:
    inventory = InventoryFile.loads((site.folder / "objects.inv").read_bytes(), uri="")
    counts = {kind: len(items) for kind, items in inventory.data.items()}
    assert {kind: counts[kind] for kind in counts if kind.startswith("portfolio:")} == {
        "portfolio:job": 2,
        "portfolio:degree": 1,
        "portfolio:talk": 9,
        "portfolio:project": 5,
        "portfolio:award": 2,
        "portfolio:service": 2,
        "portfolio:skill": 17,
    }


def test_the_palettes_and_the_favicon_are_ours(site: Site) -> None:
    for page in site.names:
        # The last is Furo's, after that of a filter.
        light, dark, _ = str(site[page].select("head style")[-1].string).split("@media")
        assert "--color-brand-primary: #0a6a4c" in light
        assert "--color-brand-primary: #6dd3a7" in dark
        assert str(one(site[page], "link[rel~=icon]")["href"]).endswith("_static/mark.svg")


def test_read_the_docs_fails_on_warnings() -> None:
    text = (REPOSITORY / ".readthedocs.yaml").read_text(encoding="utf-8")
    sphinx = {"configuration": "conf.py", "fail_on_warning": True}
    assert yaml.safe_load(text)["sphinx"] == sphinx
