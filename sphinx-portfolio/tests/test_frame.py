"""What pages of a site have around their content, and the index that search fields list from."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from sphinx.testing.util import SphinxTestApp

from invented import TODAY, made, whole
from sphinx_portfolio.html.find import NAME
from sphinx_portfolio.html.frame import newest
from sphinx_portfolio.model import Date, Job, Period, Service, Skill, Talk
from support import HOSTS, Site, one

if TYPE_CHECKING:
    from collections.abc import Callable

# sphinx-notfound-page 1.1 still uses what Sphinx 11 will remove.
pytestmark = pytest.mark.filterwarnings(
    "ignore::sphinx.deprecation.RemovedInSphinx11Warning:notfound"
)

ADDRESS = "https://ada.example/site"
CONF = """\
project = author = "Ada Example"
extensions = ["myst_parser", "sphinx_portfolio.site"]
html_theme = "furo"
portfolio_exports = []
"""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg"/>'
PAGES = {
    "index.md": "# Ada & Co\n\n```{toctree}\nwork\ncrafts/index\n```\n",
    "work.md": """\
# Work

## Builder of "Organs" & `pipes`

```{job}
:id: builder
:organization: Pipe Works
:start: 2023-11
:skills: voicing
```

Voicing of pipes.

![A pipe](pipe.svg)

## A talk to come

```{project}
:id: later
:start: 2030
:end:
```
""",
    "crafts/index.md": """\
# Crafts

## Hand

### Voicing

```{skill}
:id: voicing
:aliases: tuning, "nicking"
```
""",
    "alone.md": "---\norphan: true\n---\n# Alone\n",
    "pipe.svg": PICTURE,
}


@pytest.fixture(scope="module")
def build(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., Site]:
    """Build a site, with other pages and added configuration values, once."""

    @cache
    def build(
        builder: str = "html", pages: tuple[tuple[str, str], ...] = (), **values: str
    ) -> Site:
        source = tmp_path_factory.mktemp("source")
        for name, text in ({"conf.py": CONF} | PAGES | dict(pages)).items():
            (source / name).parent.mkdir(exist_ok=True)
            (source / name).write_text(text, encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOURCE_DATE_EPOCH", "1710000000")  # March 2024
            for host in ("READTHEDOCS", "READTHEDOCS_CANONICAL_URL", "GITHUB_REPOSITORY"):
                assert host.startswith(HOSTS)
                patch.delenv(host, raising=False)
            app = SphinxTestApp(builder, srcdir=source, confoverrides=values)
            try:
                app.build()
            finally:
                app.cleanup()
        return Site(app.outdir)

    return build


@pytest.fixture(scope="module")
def site(build: Callable[..., Site]) -> Site:
    """The site where no host is known."""
    return build()


def entries(site: Site) -> list[list[Any]]:
    """Return the index, which is a script."""
    text = (site.folder / NAME).read_text(encoding="ascii")
    assert text.startswith("var portfolioIndex=[[")
    found: list[list[Any]] = json.loads(text.removeprefix("var portfolioIndex=").rstrip(";\n"))
    return found


def test_the_index_has_records_and_pages_with_their_addresses(site: Site) -> None:
    assert entries(site) == [
        ["A talk to come", "project", "work.html#later", []],
        ["Builder of “Organs” & pipes", "job", "work.html#builder", ["Pipe Works"]],
        ["Voicing", "skill", "crafts/index.html#voicing", ["tuning", '"nicking"']],
        ["Crafts", "page", "crafts/index.html", []],
        ["Ada & Co", "page", "index.html", []],
        ["Work", "page", "work.html", []],
    ]
    for _, _, address, _ in entries(site):
        parts = urlsplit(address)
        page = site[parts.path.removesuffix(".html")]
        assert not parts.fragment or page.find(id=parts.fragment), address


def test_a_page_that_is_a_record_is_listed_once(build: Callable[..., Site]) -> None:
    page = "# Meter\n\n```{project}\n:id: meter\n:start: 2020\n:end: 2021\n```\n"
    site = build(pages=(("work.md", page), ("crafts/index.md", "# Crafts\n")))
    assert [entry for entry in entries(site) if entry[0] == "Meter"] == [
        ["Meter", "project", "work.html#meter", []]
    ]


def test_addresses_of_the_index_are_those_of_the_builder(build: Callable[..., Site]) -> None:
    site = build("dirhtml")
    addresses = [address for _, _, address, _ in entries(site)]
    assert addresses == ["work/#later", "work/#builder", "crafts/#voicing", "crafts/", "", "work/"]


def test_every_page_of_a_site_loads_quick_find_and_the_search_page_its_corrections(
    site: Site, build: Callable[..., Site]
) -> None:
    for each in (site, build(html_theme="basic")):
        assert entries(each)
        for page in each.names:
            scripts = [
                urlsplit(str(script["src"])).path.rpartition("/")[2]
                for script in each[page].select("script[src]")
            ]
            assert scripts.count("find.js") == 1, page
            assert scripts.count("search.js") == (page == "search"), page


def test_headings_and_the_links_to_them_have_names(site: Site) -> None:
    for page in ("index", "work", "crafts/index", "alone"):
        assert not site[page].select("h1 .headerlink")
        for heading in site[page].select("article :is(h2, h3)"):
            link = one(heading, ".headerlink")
            name = str(heading["aria-label"])
            assert link["aria-label"] == f"Link to this heading: {name}"
            link.extract()
            assert heading.get_text() == name
            heading.append(link)
    assert "Builder of “Organs” & pipes" in {
        heading.get("aria-label") for heading in site["work"].select("h2")
    }


def test_the_menu_is_navigation_with_the_current_page(site: Site) -> None:
    for page in site.names:
        menu = one(site[page], "nav.sidebar-tree")
        assert menu["aria-label"] == "Pages"
        listed = page in {"work", "crafts/index"}
        current = menu.select("[aria-current]")
        assert [link["aria-current"] for link in current] == ["page"] * listed, page
        assert [link.get_text() for link in current] == [
            one(site[page], "h1").get_text() for _ in current
        ]


def test_the_footer_says_how_new_the_records_are(site: Site) -> None:
    for page in site.names:
        date = one(site[page], "footer time")
        assert (date["datetime"], date.get_text()) == ("2023-11", "Nov. 2023")
        assert date.parent
        assert date.parent.get_text() == "As of Nov. 2023"


def test_the_newest_date_is_of_what_has_begun() -> None:
    cases: list[tuple[str, list[tuple[str, str]], str]] = [
        ("the newest start", [("2021", "present"), ("2023-11", "present")], "2023-11"),
        ("the newest end", [("2019", "2024-02"), ("2023-11", "present")], "2024-02"),
        ("a month is more exact than its year", [("2023-11", "2023")], "2023-11"),
        ("neither what is to come", [("2020", "2030"), ("2029", "present")], "2020"),
        ("today", [(str(TODAY), "present")], str(TODAY)),
    ]
    for why, periods, expected in cases:
        jobs = [made(Job, id=f"a{at}", period=Period.parse(*p)) for at, p in enumerate(periods)]
        assert newest(whole(*jobs)) == Date.parse(expected), why
    assert newest(whole(made(Skill))) is None
    assert newest(whole(made(Talk, period=None))) is None
    events = {"events": ("Conf 2019", "Conf 2023", "Conf 2030")}
    service = made(Service, **events, period=Period.parse("2019", "2030"))
    assert newest(whole(service)) == Date(2023)


def test_search_and_404_have_a_field_and_the_main_pages(build: Callable[..., Site]) -> None:
    for builder, base, pages in (
        ("html", "", ["index.html", "work.html", "crafts/index.html"]),
        ("dirhtml", "", ["", "work/", "crafts/"]),
        ("html", ADDRESS, ["index.html", "work.html", "crafts/index.html"]),
    ):
        site = build(builder, html_baseurl=base)
        root = f"{urlsplit(base).path}/"
        search = "search.html" if builder == "html" else "search/"
        for page, prefix in (
            (site["404"] if builder == "html" else site["404/index"], root),
            (site["search"] if builder == "html" else site["search/index"], ""),
        ):
            form = one(page, "article form[role=search]")
            links = page.select("article nav.portfolio-main-pages a")
            assert [link.get_text() for link in links] == ["Home", "Work", "Crafts"]
            if prefix:
                assert form["action"] == prefix + search
                assert [link["href"] for link in links] == [prefix + name for name in pages]
            assert one(form, "input[name=q]")["aria-label"] == "Search"


def test_pages_of_a_known_host_name_their_address(build: Callable[..., Site]) -> None:
    for value in ("html_baseurl", "ogp_site_url"):
        for builder, address in (("html", "work.html"), ("dirhtml", "work/")):
            site = build(builder, **{value: ADDRESS})
            page = site["work" if builder == "html" else "work/index"]
            assert one(page, "link[rel=canonical]")["href"] == f"{ADDRESS}/{address}", value
            tags = page.select("meta[property='og:url']")
            assert [tag["content"] for tag in tags] == [f"{ADDRESS}/{address}"], value


def test_no_page_has_a_picture_to_share(build: Callable[..., Site]) -> None:
    site = build(html_baseurl=ADDRESS)
    assert site["work"].select("article img")
    for page in site.names:
        assert not site[page].select("meta[property^='og:image'], meta[name^='twitter:image']")
