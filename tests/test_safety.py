"""Nothing unsafe reaches the site, and each attempt is told with file, line and remedy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from sphinx.testing.util import strip_escseq
from sphinx.util.docutils import patch_docutils

from portfolio.safety import is_inside, is_safe_address

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

SECRET = "what-the-owner-keeps-at-home"
CONF = """
extensions = ["myst_parser", "sphinx_design", "sphinxcontrib.bibtex", "portfolio.safety"]
exclude_patterns = ["part.md"]
myst_disable_syntax = ["html_block", "html_inline"]
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "dollarmath"]
bibtex_bibfiles = ["refs.bib"]
html_theme = "basic"
nitpicky = True
"""
PICTURE = f'<svg xmlns="http://www.w3.org/2000/svg"><title>{SECRET}</title></svg>'
ENTRY = "@misc{key,\n  title = {T},\n  author = {A. B.},\n  year = 2020,\n  %s\n}\n"
BIBLIOGRAPHY = "# Page\n\n{cite}`key`\n\n```{bibliography}\n```\n"


def address(found: str, line: int, file: str = "index.md") -> str:
    remedy = "link by http, https, mailto or cross-reference [portfolio.address]"
    return f"{file}:{line}: WARNING: address {found!r} is refused: {remedy}"


def image(found: str, line: int) -> str:
    remedy = "put it into the source folder and name it there [portfolio.image]"
    return f"index.md:{line}: WARNING: image {found!r} is not a file: {remedy}"


def markup(found: str, line: int) -> str:
    remedy = "write Markdown or a directive; show markup in backticks [portfolio.markup]"
    return f"index.md:{line}: WARNING: raw markup {found!r} is refused: {remedy}"


def outside(found: str, line: int) -> str:
    remedy = "copy it there and name the copy [portfolio.file]"
    return f"index.md:{line}: WARNING: file {found!r} is outside the source folder: {remedy}"


class Site(NamedTuple):
    """What a build gave: its warnings without colours and this machine's folders, and its files."""

    warnings: list[str]
    folder: Path

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup((self.folder / "index.html").read_text("utf-8"), "html5lib")

    @property
    def content(self) -> bytes:
        return b"\n".join(it.read_bytes() for it in self.folder.rglob("*") if it.is_file())


Build = "Callable[..., Site]"


@pytest.fixture
def build(tmp_path: Path, make_app: Callable[..., SphinxTestApp]) -> Callable[..., Site]:
    source = tmp_path / "source"
    source.mkdir()
    for name, text in (("secret.txt", SECRET), ("secret.svg", PICTURE), ("secret.md", SECRET)):
        (tmp_path / name).write_text(text)

    def make(
        files: dict[str, str], *, builder: str = "html", conf: str = "", parallel: int = 0
    ) -> Site:
        for name, text in {"conf.py": CONF + conf, "refs.bib": "", **files}.items():
            (source / name).write_text(text, encoding="utf-8")
        with patch_docutils(source):
            app = make_app(builder, srcdir=source, parallel=parallel)
            app.build()
        warnings = strip_escseq(app.warning.getvalue()).replace(f"{source}/", "").splitlines()
        return Site(warnings, app.outdir)

    return make


def assert_harmless(page: BeautifulSoup) -> None:
    """Assert that *page* runs nothing, loads nothing from elsewhere and links by the list only."""
    for tag in page.find_all(True):
        for name, value in tag.attrs.items():
            assert not name.startswith("on"), tag
            if name in {"href", "src", "action", "data", "poster", "srcset"}:
                # Any other name before a colon is a scheme, once spaces and controls are gone.
                bare = re.sub(r"[\x00-\x20]", "", str(value)).lower()
                schemes = r"https?:|mailto:" if name == "href" else "(?!)"
                assert re.match(rf"({schemes})|(?![/\\]{{2}})[^:?#]*([?#/]|$)", bare), tag
    body = page.select_one("div.body")
    assert body
    assert not body.find_all(["script", "iframe", "object", "embed", "form", "style", "base", "link"])
    assert not page.select("meta[http-equiv=refresh i]")


# Roads to an address: what the page says, and the warnings.
ADDRESSES = {
    "link": ("[text](javascript:alert(1))", [address("javascript:alert(1)", 3)]),
    "link-on-its-line": ("one\n**two** [text](vbscript:x)", [address("vbscript:x", 4)]),
    "link-in-brackets": ("[text](< javascript:x>)", [address("javascript:x", 3)]),
    "link-mixed-case": ("[text](JaVaScRiPt:x)", [address("JaVaScRiPt:x", 3)]),
    "link-entity": ("[text](java&#115;cript:x)", [address("javascript:x", 3)]),
    "link-escaped-colon": (r"[text](javascript\:x)", [address("javascript:x", 3)]),
    "link-data": ("[text](data:text/html,x)", [address("data:text/html,x", 3)]),
    "link-file": ("[text](file:///etc/passwd)", [address("file:///etc/passwd", 3)]),
    "link-ftp": ("[text](ftp://host/x)", [address("ftp://host/x", 3)]),
    "link-in-a-link-title": ("# [text](javascript:x)", [address("javascript:x", 3)]),
    "link-in-a-cell": ("| a |\n| - |\n| [text](javascript:x) |", [address("javascript:x", 5)]),
    "link-in-a-term": ("[text](javascript:x)\n: definition", [address("javascript:x", 3)]),
    "link-external-class": ("[text](tel:1){.external}", [address("tel:1", 3)]),
    "definition": ("see [text]\n\n[text]: javascript:x", [address("javascript:x", 5)]),
    "definition-ftp": ("see [text]\n\n[text]: ftp://x/y", [address("ftp://x/y", 3)]),
    "autolink": ("<javascript:text>", [address("javascript:text", 3)]),
    "autolink-other": ("<tel:text>", [address("tel:text", 3)]),
    "front-matter-scheme": (
        "<tel:text>",
        [address("tel:text", 7)],
        "---\nmyst:\n  url_schemes: [tel]\n---\n",
    ),
    "image-data-html": ("![text](data:text/html,x)", [address("data:text/html,x", 3)]),
    "image-data": ("![text](data:image/png;base64,AA)", [image("data:image/png;base64,AA", 3)]),
    "image-remote": ("![text](https://host/x.png)", [image("https://host/x.png", 3)]),
    "image-no-scheme": ("![text](//host/x.png)", [image("//host/x.png", 3)]),
    "image-target": (
        "```{image} pic.svg\n:alt: text\n:target: javascript:x\n```",
        [address("javascript:x", 3)],
    ),
    "figure": (
        "```{figure} HTTPS://host/x.png\n:alt: text\nCaption\n```",
        [image("HTTPS://host/x.png", 3)],
    ),
    "button": ("```{button-link} javascript:x\ntext\n```", [address("javascript:x", 3)]),
    "button-tab": ("```{button-link} java\tscript:x\ntext\n```", [address("javascript:x", 3)]),
    "button-encoded": (
        "```{button-link} javascript%3Ax\ntext\n```",
        [address("javascript%3Ax", 3)],
    ),
    "button-entity": (
        "```{button-link} javascript&colon;x\ntext\n```",
        [address("javascript&colon;x", 3)],
    ),
    "button-no-scheme": ("```{button-link} //host/x\ntext\n```", [address("//host/x", 3)]),
    "button-expand": (
        "```{button-link} javascript:x\n:expand:\ntext\n```",
        [address("javascript:x", 3)],
    ),
    "badge": ("{bdg-link-primary}`text <javascript:x>`", [address("javascript:x", 3)]),
    "card": (
        ":::{card} text\n:link: javascript:x\n:::",
        [address("javascript:x", 3)],
    ),
    "card-image": (
        ":::{card} title\n:img-top: https://host/x.png\n:img-alt: text\n:::",
        [image("https://host/x.png", 3)],
    ),
    "card-background": (
        ":::{card} title\n:img-background: //host/x.png\n:img-alt: text\n:::",
        [image("//host/x.png", 3)],
    ),
    "grid-card": (
        "::::{grid}\n:::{grid-item-card} text\n:link: javascript:x\n:::\n::::",
        [address("javascript:x", 4)],
    ),
    "card-title": (":::{card} [text](javascript:x)\n:::", [address("javascript:x", 3)]),
    "toctree": (
        "text\n\n```{toctree}\nAway <javascript://x>\n```",
        [address("javascript://x", 5)],
    ),
    "download": ("{download}`text <javascript://x>`", [address("javascript://x", 3)]),
    "rest-link": (
        "```{eval-rst}\n`text <javascript:x>`__\n```",
        [address("javascript:x", 4)],
    ),
    "rest-target": (
        "```{eval-rst}\n.. _text: javascript:x\n.. figure:: pic.svg\n   :target: text_\n\n   text\n```",
        [address("javascript:x", 5)],
    ),
}
