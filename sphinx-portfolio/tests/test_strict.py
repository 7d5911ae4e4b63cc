"""Nothing unsafe reaches the site; each attempt is reported with file, line and remedy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sphinx_portfolio.model.validators import is_safe_address
from sphinx_portfolio.strict import is_inside
from support import one

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from random import Random

    from sphinx.testing.util import SphinxTestApp

    Build = Callable[..., "Site"]

PRIVATE = "what-the-owner-keeps-at-home"
CONF = """
extensions = ["myst_parser", "sphinx_design", "sphinx_portfolio", "sphinx_portfolio.strict"]
exclude_patterns = ["_build", "part.md"]
html_copy_source = False
myst_disable_syntax = ["html_block", "html_inline"]
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "dollarmath"]
bibtex_bibfiles = ["refs.bib"]
mathjax_path = "mathjax.js"
nitpicky = True
suppress_warnings = ["toc.not_included"]
"""
PICTURE = f'<svg xmlns="http://www.w3.org/2000/svg"><title>{PRIVATE}</title></svg>'
ENTRY = "@misc{key,\n  title = {T},\n  author = {A. B.},\n  year = 2020,\n  %s\n}\n"
BIBLIOGRAPHY = "# Page\n\n{cite}`key`\n\n```{bibliography}\n```\n"


LINKS = "link by http, https, mailto or cross-reference"
USER = "remove the user name and password before the @"
HOST = "the host or port is invalid"


def address(found: str, line: int, file: str = "index.md", remedy: str = LINKS) -> str:
    return f"{file}:{line}: WARNING: address {found!r} is refused: {remedy} [portfolio.address]"


def private(found: str, line: int, file: str = "index.md") -> str:
    remedy = "link to a public address [portfolio.private]"
    return f"{file}:{line}: WARNING: address {found!r} is on a private network: {remedy}"


def myst(file: str = "index.md") -> str:
    remedy = "set MyST's options in conf.py [portfolio.myst]"
    return f"{file}:2: WARNING: front matter 'myst' is refused: {remedy}"


def meta(found: str, line: int, file: str = "index.md") -> str:
    remedy = "write `:name: content` [portfolio.meta]"
    return f"{file}:{line}: WARNING: meta attribute {found!r} is refused: {remedy}"


def image(found: str, line: int) -> str:
    remedy = "copy it to the source folder and name the copy [portfolio.image]"
    return f"index.md:{line}: WARNING: image {found!r} is not a local file: {remedy}"


def markup(found: str, line: int) -> str:
    remedy = "write Markdown or a directive; show markup in backticks [portfolio.markup]"
    return f"index.md:{line}: WARNING: raw markup {found!r} is refused: {remedy}"


def outside(found: str, line: int) -> str:
    remedy = "copy it there and name the copy [portfolio.file]"
    return f"index.md:{line}: WARNING: file {found!r} is outside the source folder: {remedy}"


@dataclass(frozen=True)
class Site:
    """The result of a build: warnings without colors and this machine's folders, and files."""

    warnings: list[str]
    folder: Path

    @property
    def page(self) -> BeautifulSoup:
        """The first page, as a browser reads it."""
        return self["index"]

    def __getitem__(self, name: str) -> BeautifulSoup:
        return BeautifulSoup((self.folder / f"{name}.html").read_text("utf-8"), "html5lib")

    @property
    def warnings_by_page(self) -> dict[str, list[str]]:
        """The warnings by the page or file that they begin with, in their order."""
        found: dict[str, list[str]] = {}
        for warning in self.warnings:
            found.setdefault(warning.partition(".md:")[0], []).append(warning)
        return found

    @property
    def leaks(self) -> list[str]:
        """The files in which something private would be published."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return [path.name for path in files if PRIVATE.encode() in path.read_bytes()]


@pytest.fixture
def build(tmp_path: Path, make_app: Callable[..., SphinxTestApp]) -> Build:
    source = tmp_path / "source"
    source.mkdir()
    for name, text in (("secret.txt", PRIVATE), ("secret.svg", PICTURE), ("secret.md", PRIVATE)):
        (tmp_path / name).write_text(text)

    def make(
        files: dict[str, str], *, builder: str = "html", conf: str = "", parallel: int = 0
    ) -> Site:
        for name, text in {"conf.py": CONF + conf, "refs.bib": "", **files}.items():
            (source / name).write_text(text, encoding="utf-8")
        with patch_docutils(source):
            app = make_app(builder, srcdir=source, parallel=parallel)
            app.build()
        warnings = (
            re.sub(r"\x1b\[[0-9;]*m", "", app.warning.getvalue())
            .replace(f"{source}/", "")
            .splitlines()
        )
        return Site(warnings, app.outdir)

    return make


def assert_harmless(page: BeautifulSoup) -> Tag:
    """Assert that *page* runs nothing, loads nothing from elsewhere and links by the list only.

    Return its body.
    """
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
    assert not body.find_all(
        ["script", "iframe", "object", "embed", "form", "style", "base", "link"]
    )
    assert not page.select("meta[http-equiv=refresh i]")
    return body


class Road(NamedTuple):
    """A page with something unsafe, and its warnings."""

    text: str
    warnings: list[str]
    front_matter: str = ""


def build_each(build: Build, roads: Mapping[str, Road], files: Mapping[str, str]) -> Site:
    """Build a page of each; assert that each has its warnings, and no other."""
    pages = {
        f"{name}.md": f"{road.front_matter}# Page\n\n{road.text}\n" for name, road in roads.items()
    }
    site = build({"index.md": "# Page\n", **files, **pages})
    assert site.warnings_by_page == {
        name: [warning.replace("index.md", f"{name}.md", 1) for warning in road.warnings]
        for name, road in roads.items()
        if road.warnings
    }
    return site


ADDRESSES = {
    "link": Road("[text](javascript:alert(1))", [address("javascript:alert(1)", 3)]),
    "link-on-its-line": Road("one\n**two** [text](vbscript:x)", [address("vbscript:x", 4)]),
    "link-in-brackets": Road("[text](< javascript:x>)", [address("javascript:x", 3)]),
    "link-named-before": Road(
        "`javascript:x`\n\n[text](javascript:x)", [address("javascript:x", 5)]
    ),
    "link-mixed-case": Road("[text](JaVaScRiPt:x)", [address("JaVaScRiPt:x", 3)]),
    "link-entity": Road("[text](&#106;avascript:x)", [address("javascript:x", 3)]),
    "link-escaped-colon": Road(r"[text](javascript\:x)", [address("javascript:x", 3)]),
    "link-data": Road("[text](data:text/html,x)", [address("data:text/html,x", 3)]),
    "link-file": Road("[text](file:///etc/passwd)", [address("file:///etc/passwd", 3)]),
    "link-ftp": Road("[text](ftp://host/x)", [address("ftp://host/x", 3)]),
    "link-in-a-link-title": Road("# [text](javascript:x)", [address("javascript:x", 3)]),
    "link-in-a-cell": Road("| a |\n| - |\n| [text](javascript:x) |", [address("javascript:x", 5)]),
    "link-in-a-term": Road("[text](javascript:x)\n: definition", [address("javascript:x", 3)]),
    "link-external-class": Road("[text](tel:1){.external}", [address("tel:1", 3)]),
    "definition": Road("see [text]\n\n[text]: javascript:x", [address("javascript:x", 5)]),
    "definition-ftp": Road("see [text]\n\n[text]: ftp://x/y", [address("ftp://x/y", 5)]),
    "autolink": Road("<javascript:text>", [address("javascript:text", 3)]),
    "autolink-other": Road("<tel:text>", [address("tel:text", 3)]),
    "front-matter-scheme": Road(
        "<tel:text>",
        [myst(), address("tel:text", 7)],
        "---\nmyst:\n  url_schemes: [tel]\n---\n",
    ),
    "credentials": Road(
        "[text](https://me:x@a.b/)", [address("https://me:x@a.b/", 3, remedy=USER)]
    ),
    "credentials-autolink": Road(
        "<https://text:x@a.b/>", [address("https://text:x@a.b/", 3, remedy=USER)]
    ),
    "host-as-user": Road(
        "[text](https://a.example@evil.example/)",
        [address("https://a.example@evil.example/", 3, remedy=USER)],
    ),
    "host-and-slash-as-user": Road(
        "[text](https://a.example%2F@evil.example/)",
        [address("https://a.example%2F@evil.example/", 3, remedy=USER)],
    ),
    "port": Road("[text](https://a.b:70000/)", [address("https://a.b:70000/", 3, remedy=HOST)]),
    "port-without-number": Road(
        "[text](https://a.b:port/)", [address("https://a.b:port/", 3, remedy=HOST)]
    ),
    "no-host": Road("[text](https:/a.b/)", [address("https:/a.b/", 3, remedy="it has no host")]),
    "button-credentials": Road(
        "```{button-link} https://me:x@a.b\ntext\n```",
        [address("https://me:x@a.b", 3, remedy=USER)],
    ),
    "download-credentials": Road(
        "{download}`text <https://me:x@a.b>`", [address("https://me:x@a.b", 3, remedy=USER)]
    ),
    "toctree-credentials": Road(
        "text\n\n```{toctree}\nAway <https://me:x@a.b>\n```",
        [address("https://me:x@a.b", 6, remedy=USER)],
    ),
    "image-data-html": Road("![text](data:text/html,x)", [address("data:text/html,x", 3)]),
    "image-data": Road("![text](data:image/png;base64,AA)", [image("data:image/png;base64,AA", 3)]),
    "image-remote": Road("![text](https://host/x.png)", [image("https://host/x.png", 3)]),
    "image-no-scheme": Road("![text](//host/x.png)", [image("//host/x.png", 3)]),
    "image-target": Road(
        "```{image} pic.svg\n:alt: text\n:target: javascript:x\n```",
        [address("javascript:x", 5)],
    ),
    "figure": Road(
        "```{figure} HTTPS://host/x.png\n:alt: text\nCaption\n```",
        [image("HTTPS://host/x.png", 3)],
    ),
    "button": Road("```{button-link} javascript:x\ntext\n```", [address("javascript:x", 3)]),
    "button-tab": Road("```{button-link} java\tscript:x\ntext\n```", [address("javascript:x", 3)]),
    "button-encoded": Road(
        "```{button-link} javascript%3Ax\ntext\n```",
        [address("javascript%3Ax", 3)],
    ),
    "button-entity": Road(
        "```{button-link} javascript&colon;x\ntext\n```",
        [address("javascript&colon;x", 3)],
    ),
    "button-no-scheme": Road("```{button-link} //host/x\ntext\n```", [address("//host/x", 3)]),
    "button-expand": Road(
        "```{button-link} javascript:x\n:expand:\ntext\n```",
        [address("javascript:x", 3)],
    ),
    "badge": Road("{bdg-link-primary}`text <javascript:x>`", [address("javascript:x", 3)]),
    "card": Road(
        ":::{card} text\n:link: javascript:x\n:::",
        [address("javascript:x", 4)],
    ),
    "card-image": Road(
        ":::{card} title\n:img-top: https://host/x.png\n:img-alt: text\n:::",
        [image("https://host/x.png", 4)],
    ),
    "card-background": Road(
        ":::{card} title\n:img-background: //host/x.png\n:img-alt: text\n:::",
        [image("//host/x.png", 4)],
    ),
    "grid-card": Road(
        "::::{grid}\n:::{grid-item-card} text\n:link: javascript:x\n:::\n::::",
        [address("javascript:x", 5)],
    ),
    "card-title": Road(":::{card} [text](javascript:x)\n:::", [address("javascript:x", 3)]),
    "toctree": Road(
        "text\n\n```{toctree}\nAway <javascript://x>\n```",
        [address("javascript://x", 6)],
    ),
    "download": Road("{download}`text <javascript://x>`", [address("javascript://x", 3)]),
    "rest-link": Road(
        "```{eval-rst}\n`text <javascript:x>`__\n```",
        [address("javascript:x", 4)],
    ),
}


def test_unsafe_address_is_refused_and_its_text_stays(build: Build) -> None:
    site = build_each(build, ADDRESSES, {"pic.svg": "<svg/>"})
    for name in ADDRESSES:
        body = assert_harmless(site[name])
        assert "text" in body.get_text() or body.find("img", alt="text"), name


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "[::1]", "10.0.0.1", "192.168.1.1", "169.254.0.1", "a.local"]
)
def test_private_host_is_reported_once_and_stays(host: str, build: Build) -> None:
    url, other, third = (f"http://{host}:8000/{name}" for name in "abc")
    pages = {
        "index.md": f"# Page\n\n[text]({url})\n\n```{{toctree}}\nAway <{other}>\n```\n",
        "b.md": "# Page\n\n```{bibliography}\n:all:\n```\n",
        "refs.bib": ENTRY % f"url = {{{third}}}",
    }
    site = build(pages)
    expected = [private(url, 3), private(other, 6), private(third, 5, "refs.bib")]
    assert sorted(site.warnings) == expected
    assert site.page.select_one(f'div.body p a[href="{url}"]')


def test_unsafe_target_of_a_rest_page_is_refused(build: Build) -> None:
    page = "Page\n====\n\nA text_, a |picture|.\n\n.. _text: javascript:x\n"
    page += ".. |picture| image:: https://host/x.png\n   :alt: text\n"
    site = build({"index.rst": page})
    # The picture stands in its definition and where it is used.
    expected = [address("javascript:x", 6), *[image("https://host/x.png", 7)] * 2]
    assert site.warnings == [it.replace(".md", ".rst") for it in expected]
    assert_harmless(site.page)


@pytest.mark.parametrize("form", ["citation", "bullet", "footnote"])
def test_unsafe_address_of_a_bibliography_is_refused(form: str, build: Build) -> None:
    fields = {
        "url = {javascript:x}": "javascript:x",
        "url = {JAVAscript:x}": "JAVAscript:x",
        "url = {https://me:x@a.b/}": "https://me:x@a.b/",
        "url = {https://a.b:70000/}": "https://a.b:70000/",
        r"howpublished = {\url{data:text/html,x}}": "data:text/html,x",
    }
    entries = [ENTRY.replace("key", f"key{it}") % field for it, field in enumerate(fields)]
    cited = " ".join(f"{{footcite}}`key{it}`" for it, _ in enumerate(fields))
    page = f"# Page\n\n{cited}\n\n```{{footbibliography}}\n```\n"
    if form != "footnote":
        page = f"# Page\n\n```{{bibliography}}\n:all:\n:list: {form}\n```\n"
    site = build({"index.md": page, "refs.bib": "".join(entries)})
    lines = range(5, 5 + 6 * len(fields), 6)
    remedies = [LINKS, LINKS, USER, HOST, LINKS]
    assert site.warnings == [
        address(found, line, "refs.bib", remedy)
        for found, line, remedy in zip(fields.values(), lines, remedies, strict=True)
    ]
    assert_harmless(site.page)


def test_image_that_comes_late_is_refused_before_it_is_downloaded(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as one of a bibliography, an inventory or another extension."""
    asked = []

    def get(url: str, **_options: object) -> None:
        asked.append(url)
        raise OSError

    monkeypatch.setattr("sphinx.util.requests.get", get)
    conf = """
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

class Late(SphinxPostTransform):
    default_priority = 20

    def run(self):
        for paragraph in self.document.findall(nodes.paragraph):
            paragraph += nodes.image(uri="https://host/x.png", alt="late")

def setup(app):
    app.add_post_transform(Late)
"""
    # A builder that packs images, and so downloads them.
    site = build({"index.md": "# Page\n\ntext\n"}, builder="latex", conf=conf)
    assert site.warnings == [image("https://host/x.png", 3)]
    assert asked == []


def test_place_of_an_address_is_the_page_where_a_bibliography_has_it_too(build: Build) -> None:
    page = "# Page\n\n[text](ftp://x)\n"
    site = build({"index.md": page, "refs.bib": ENTRY % "url = {ftp://x}"})
    assert site.warnings == [address("ftp://x", 3)]


def test_unresolved_address_is_reported_with_the_remedy(build: Build) -> None:
    site = build({"index.md": "# Page\n\n[text](tel:1) [text](//host/x) [text](java%09script:x)\n"})
    missing = "index.md:3: WARNING: 'myst' cross-reference target not found: {} [myst.xref_missing]"
    found = ["tel:1", "//host/x", "java\tscript:x"]
    assert site.warnings[:3] == [missing.format(repr(it)) for it in found]
    assert site.warnings[3:] == [address(it, 3) for it in ["tel:1", "//host/x", "java%09script:x"]]
    assert_harmless(site.page)
    assert not site.page.select_one("div.body p a")


MARKUP = {
    "block": Road('<div onclick="x()">\ntext\n</div>', [markup('<div onclick="x()">', 3)]),
    "script": Road("<script>\nalert('text')\n</script>", [markup("<script>", 3)]),
    "comment": Road("<!-- text -->", [markup("<!-- text -->", 3)]),
    "inline": Road(
        "one\ntwo <b onclick=x>text</b>",
        [markup("<b onclick=x>", 4), markup("</b>", 4)],
    ),
    "inline-quotes": Road("a <b title=\"a 'b' c\">text", [markup("<b title=\"a 'b' c\">", 3)]),
    "inline-markup": Road('a <b title="*a*">text', [markup('<b title="*a*">', 3)]),
    "heading": Road("## a <b>text", [markup("<b>", 3)]),
    "cell": Road("| a |\n| - |\n| <b>text |", [markup("<b>", 5)]),
    "item": Road("- one\n- <b>text", [markup("<b>", 4)]),
    "term": Road("a <b>text\n: definition", [markup("<b>", 3)]),
    "definition": Road("term\n: <b>text", [markup("<b>", 4)]),
    "footnote": Road("a[^1]\n\n[^1]: <b>text", [markup("<b>", 5)]),
    "card-title": Road(":::{card} a <b>text\n:::", [markup("<b>", 3)]),
    "card-title-quotes": Road(
        ':::{card} a <b title="b c">text\n:::', [markup('<b title="b c">', 3)]
    ),
    "card-body": Road(":::{card} a\n`<i>` <b>text\n:::", [markup("<b>", 4)]),
    "caption": Road("```{figure} pic.svg\na <b>text\n```", [markup("<b>", 4)]),
    "admonition-title": Road("```{admonition} a <b>text\nb\n```", [markup("<b>", 3)]),
    "button": Road("```{button-link} https://host\na <b>text\n```", [markup("<b>", 4)]),
    "raw": Road("```{raw} html\n<b>text</b>\n```", [markup("<b>text</b>", 4)]),
    "raw-latex": Road("```{raw} latex\ntext\n```", [markup("text", 4)]),
    "raw-file": Road("```{raw} html\n:file: part.html\n```", [markup("<b>text</b>", 3)]),
    "raw-role": Road(
        "```{eval-rst}\n.. role:: html(raw)\n   :format: html\n\n:html:`<b>text</b>`\n```",
        [markup("<b>text</b>", 7)],
    ),
    "math": Road(
        r"one" "\n" r"$a \href{javascript:x}{text}$",
        [markup(r"a \href{javascript:x}{text}", 4)],
    ),
    "math-block": Road(
        "$$\n\\href{javascript:x}{text}\n$$", [markup(r"\href{javascript:x}{text}", 4)]
    ),
    "meta": Road(
        "text\n\n```{eval-rst}\n.. meta::\n   :http-equiv=Refresh: 0;url=javascript:x\n```",
        [meta("http-equiv", 7)],
    ),
    "meta-tag": Road(
        'text\n\n```{eval-rst}\n.. meta::\n   :x"><svg/onload=alert(1)>: x\n```',
        [meta('x"><svg/onload', 7)],
    ),
    "meta-handler": Road(
        "text\n\n```{eval-rst}\n.. meta::\n   :name=a onload=alert(1): x\n```",
        [meta("onload", 7)],
    ),
    "front-matter-meta": Road(
        "text",
        [myst()],
        '---\nmyst:\n  html_meta:\n    "http-equiv=refresh": 0;url=javascript:x\n---\n',
    ),
}


def test_raw_markup_is_refused_and_its_text_stays(build: Build) -> None:
    site = build_each(build, MARKUP, {"pic.svg": "<svg/>", "part.html": "<b>text</b>"})
    for name in MARKUP:
        page = site[name]
        assert_harmless(page)
        assert not page.select("div.body b, div.body div[onclick]"), name
        assert "text" in page.get_text(), name


@pytest.mark.parametrize(
    ("conf", "front"),
    [
        pytest.param("myst_disable_syntax = []", "", id="conf"),
        pytest.param("", "---\nmyst:\n  disable_syntax: []\n---\n", id="page"),
        pytest.param("", "---\nmyst:\n  commonmark_only: true\n---\n", id="page-commonmark"),
    ],
)
def test_markup_is_refused_where_its_syntax_is_on(conf: str, front: str, build: Build) -> None:
    text = "# Page\n\n*text* <b onclick=x>text\n\n<div onclick=x>text</div>\n"
    site = build({"index.md": front + text}, conf=conf)
    line = front.count("\n")
    expected = [markup("<b onclick=x>", line + 3), markup("<div onclick=x>text</div>", line + 5)]
    assert sorted(site.warnings) == ([myst()] if front else []) + expected
    assert_harmless(site.page)
    assert not site.page.select("div.body [onclick]")


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        pytest.param(
            "```{raw} html\n<b>text\n```",
            '3: WARNING: "raw" directive disabled.',
            3,
            id="directive",
        ),
        pytest.param(
            "```{eval-rst}\n.. role:: html(raw)\n   :format: html\n\n:html:`<b>text`\n```",
            "8: WARNING: raw (and derived) roles disabled",
            4,
            id="role",
        ),
    ],
)
def test_docutils_refusal_of_raw_is_reported_with_the_remedy(
    text: str, problem: str, line: int, build: Build
) -> None:
    conf = {"docutils.conf": "[general]\nraw_enabled: no\n"}
    site = build({"index.md": f"# Page\n\n{text}\n", **conf})
    assert site.warnings == [
        f"index.md:{problem} [docutils]",
        markup("raw", line),
    ]
    assert_harmless(site.page)
    assert not site.page.select("div.body b")


TEMPLATE = "{{{{ cycler.__init__.__globals__.os.system('touch {}') }}}}"
SUBSTITUTION = "---\nmyst: {enable_extensions: [substitution]}\n---\n"


@pytest.mark.parametrize(
    "front",
    [
        pytest.param(SUBSTITUTION, id="flow"),
        pytest.param("---\nmyst:\n  enable_extensions:\n  - substitution\n---\n", id="block"),
        pytest.param('---\n"my\\x73t": {enable_extensions: [substitution]}\n...\n', id="escape"),
        pytest.param("---\nmyst: {enable_extensions: [substitution]}\u2028---\n---\n", id="line"),
        pytest.param(
            "---\nmyst: {enable_extensions: [substitution]}\n2024-01-01: [.nan, 2024-01-01]\n---\n",
            id="other values",
        ),
    ],
)
def test_template_of_a_page_is_not_run(front: str, build: Build, tmp_path: Path) -> None:
    text = TEMPLATE.format(tmp_path / "run")
    site = build({"index.md": f"{front}# Page\n\n{text}\n\nA {text}\n\n{{ref}}`none`\n"})
    line = front.count("\n") + 7
    assert not (tmp_path / "run").exists()
    where = 1 if "x73" in front else 2
    assert site.warnings == [
        myst().replace(":2:", f":{where}:"),
        f"index.md:{line}: WARNING: undefined label: 'none' [ref.ref]",
    ]
    assert "cycler" in site.page.get_text()


def test_template_of_an_included_file_is_not_run(build: Build, tmp_path: Path) -> None:
    part = f"{SUBSTITUTION}\n{TEMPLATE.format(tmp_path / 'run')}\n"
    include = "```{eval-rst}\n.. include:: part.md\n   :parser: myst\n```"
    site = build(
        {"index.md": f"# Page\n\n{include}\n\n```{{include}} part.md\n```\n", "part.md": part}
    )
    assert not (tmp_path / "run").exists()
    assert site.warnings[0] == 'index.md:4: ERROR: Error in "include" directive:'
    assert 'unknown option: "parser".' in site.warnings


def test_templates_of_conf_are_refused(build: Build, tmp_path: Path) -> None:
    page = f"# Page\n\n{TEMPLATE.format(tmp_path / 'run')}\n"
    with pytest.raises(ConfigError, match=r"^myst_enable_extensions in conf.py: 'substitution' "):
        build({"index.md": page}, conf='myst_enable_extensions = ["substitution"]')
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("extension", ["sphinx_portfolio.site", "sphinxext.opengraph"])
def test_name_in_the_front_matter_is_not_markup(extension: str, build: Build) -> None:
    names = ['og:x"><svg/onload=alert(1)>', 'og:y" http-equiv="refresh', "og:z' x='"]
    front = "".join(f"? |-\n  {name}\n: 0;url=https://evil.example/\n" for name in names)
    pages = {
        "index.md": f"---\n{front}og:title: A title\n---\n# Page\n",
        "other.rst": ':og\\:a"><svg/onload=alert(1)>: x\n\nPage\n====\n',
    }
    conf = f'extensions += ["{extension}"]\nogp_site_url = "https://a.example/"\n'
    site = build(pages, conf=conf)
    remedy = "write the name without quotes and angle brackets [portfolio.metadata]"
    found = [
        f"index.md:{it * 3 + 3}: WARNING: front matter {name!r} is refused: {remedy}"
        for it, name in enumerate(names)
    ]
    name = 'og:a"><svg/onload=alert(1)>'
    assert site.warnings == [
        *found,
        f"other.rst:1: WARNING: front matter {name!r} is refused: {remedy}",
    ]
    for page in (site.page, site["other"]):
        assert_harmless(page)
        assert not page.select("head svg, body > svg[onload], meta[property^='og:x' i]")
        assert "evil.example" not in str(page)
    assert one(site.page, 'meta[property="og:title"]')["content"] == "A title"


def test_a_site_refuses_such_names_without_strict(build: Build) -> None:
    page = '---\n? |-\n  og:x"><svg/onload=alert(1)>\n: x\n---\n# Page\n'
    conf = "extensions[-1] = 'sphinx_portfolio.site'\n"
    site = build({"index.md": page}, conf=conf)
    assert all("invalid OpenGraph property 'og:x" in warning for warning in site.warnings)
    assert site.warnings
    assert not site.page.select("svg[onload]")


FILES = {
    "link": Road("[text](../secret.txt)", [outside("../secret.txt", 3)]),
    "link-path": Road("<path:../secret.txt>", [outside("../secret.txt", 3)]),
    "download": Road("{download}`text <../secret.txt>`", [outside("../secret.txt", 3)]),
    "download-absolute": Road("{download}`text </../secret.txt>`", [outside("/../secret.txt", 3)]),
    "download-link": Road("{download}`text <linked.txt>`", [outside("linked.txt", 3)]),
    "download-linked-folder": Road(
        "one\n{download}`text <folder/secret.txt>`",
        [outside("folder/secret.txt", 4)],
    ),
    "image": Road("![text](../secret.svg)", [outside("../secret.svg", 3)]),
    "image-link": Road("![text](linked.svg)", [outside("linked.svg", 3)]),
    "image-choice": Road("![text](linked.*)", [outside("linked.*", 3)]),
    "image-in-heading": Road("## ![text](../secret.svg)", [outside("../secret.svg", 3)]),
    "image-of-card": Road(
        ":::{card} text\n:img-bottom: ../secret.svg\n:::",
        [outside("../secret.svg", 4)],
    ),
    "figure": Road("```{figure} ../secret.*\ntext\n```", [outside("../secret.*", 3)]),
    "include": Road("text\n\n```{include} ../secret.md\n```", [outside("../secret.md", 5)]),
    "include-literal": Road(
        "text\n\n```{include} ../secret.md\n:literal:\n```",
        [outside("../secret.md", 5)],
    ),
    "include-code": Road(
        "text\n\n```{include} ../secret.md\n:code: text\n```",
        [outside("../secret.md", 5)],
    ),
    "include-link": Road("text\n\n```{include} linked.txt\n```", [outside("../secret.txt", 1)]),
    "include-rest": Road(
        "text\n\n```{eval-rst}\n.. include:: ../secret.md\n   :literal:\n```",
        [outside("../secret.md", 6)],
    ),
    "literalinclude": Road("```{literalinclude} ../secret.txt\n```", [outside("../secret.txt", 3)]),
    "csv-table": Road("```{csv-table}\n:file: ../secret.txt\n```", [outside("../secret.txt", 4)]),
    "raw-file": Road("```{raw} html\n:file: ../secret.txt\n```", [outside("../secret.txt", 4)]),
}


def test_file_outside_the_source_is_refused(build: Build, tmp_path: Path) -> None:
    for suffix in ("txt", "svg"):
        (tmp_path / "source" / f"linked.{suffix}").symlink_to(tmp_path / f"secret.{suffix}")
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "secret.txt").write_text(PRIVATE)
    (tmp_path / "source" / "folder").symlink_to(tmp_path / "away")
    site = build_each(build, FILES, {})
    for name in FILES:
        page = site[name]
        assert_harmless(page)
        assert not page.select("div.body img, a.download"), name
    assert site.leaks == []


def test_page_that_is_a_link_to_outside_is_refused(build: Build, tmp_path: Path) -> None:
    (tmp_path / "source" / "leak.md").symlink_to(tmp_path / "secret.md")
    site = build({"index.md": "# Page\n"})
    assert site.warnings == [outside("leak.md", 1).replace("index.md", "leak.md", 1)]
    assert site.leaks == []


def test_option_that_reads_without_a_trace_is_unknown(build: Build, tmp_path: Path) -> None:
    secret = f"file://{tmp_path / 'secret.txt'}"
    pages = {
        "raw": ("url", f"```{{raw}} html\n:url: {secret}\n```"),
        "csv-table": ("url", f"```{{csv-table}}\n:url: {secret}\n```"),
        "literalinclude": ("diff", "```{literalinclude} a.txt\n:diff: ../secret.txt\n```"),
    }
    texts = {f"{name}.md": f"# Page\n\n{text}\n" for name, (_, text) in pages.items()}
    site = build({"index.md": "# Page\n", "a.txt": "a\n", **texts})
    found = site.warnings_by_page
    for name, (option, _) in pages.items():
        start = f"{name}.md:4: WARNING: {name!r}: Unknown option key: {option!r} (allowed: ["
        assert found[name][0].startswith(start), found[name]
    assert site.leaks == []


def test_math_from_another_host_is_refused(build: Build) -> None:
    conf = 'mathjax_path = "https://cdn.example/mathjax.js"\n'
    site = build({"index.md": "# Page\n\nIt is $a < b$.\n"}, conf=conf)
    assert site.warnings == [
        "index.md:3: WARNING: math 'a < b' is refused, MathJax is on another host: "
        "set mathjax_path to a copy [portfolio.math]"
    ]
    assert not site.page.select("script[src*='//']")
    assert "It is a < b." in site.page.get_text()


def test_style_that_loads_is_refused(build: Build) -> None:
    style = "background: url(https://evil.example/x.png)"
    site = build({"index.md": f"# Page\n\n:::{{div}}\n:style: {style}\n\nText\n:::\n"})
    assert site.warnings == [
        f"index.md:4: WARNING: style {style!r} is refused: "
        "use a class and a style sheet in _static [portfolio.style]"
    ]
    assert not site.page.select("[style*=url]")


def test_hidden_file_is_not_published(build: Build, tmp_path: Path) -> None:
    pages = {}
    for page, name in (("one", ".env"), ("two", ".git/config")):
        hidden = tmp_path / "source" / name
        hidden.parent.mkdir(exist_ok=True)
        hidden.write_text(PRIVATE, encoding="utf-8")
        pages[page] = name
    texts = {f"{page}.md": f"# Page\n\n[text](./{name})\n" for page, name in pages.items()}
    site = build({"index.md": "# Page\n", **texts})
    assert site.warnings == [
        f"{page}.md:3: WARNING: hidden file {'./' + name!r} is refused: "
        "copy it to a name without a dot [portfolio.hidden]"
        for page, name in pages.items()
    ]
    assert site.leaks == []


def test_file_named_as_docutils_configuration_is_no_exception(build: Build, tmp_path: Path) -> None:
    (tmp_path / "docutils.conf").write_text(PRIVATE, encoding="utf-8")
    site = build({"index.md": "# Page\n\n[text](../docutils.conf)\n"})
    assert site.warnings == [outside("../docutils.conf", 3)]
    assert site.leaks == []


def test_dangling_references_are_reported_with_their_places(build: Build) -> None:
    text = "{ref}`none`\n\n[text](none.md)\n\n[text](#none)\n\n{py:func}`none`\n\n{doc}`none`\n"
    site = build({"index.md": f"# Page\n\n{text}"})
    missing = "WARNING: 'myst' cross-reference target not found: 'none{}' [myst.xref_missing]"
    assert sorted(site.warnings) == [
        "index.md:11: WARNING: unknown document: 'none' [ref.doc]",
        "index.md:3: WARNING: undefined label: 'none' [ref.ref]",
        f"index.md:5: {missing.format('.md')}",
        f"index.md:7: {missing.format('')}",
        "index.md:9: WARNING: py:func reference target not found: none [ref.func]",
    ]


def test_parallel_build_has_the_same_warnings(build: Build) -> None:
    pages = {
        f"p{it}.md": f"---\norphan: true\n---\n# P\n\n[text](javascript:{it})\n" for it in range(9)
    }
    site = build(
        {"index.md": BIBLIOGRAPHY, "refs.bib": ENTRY % "url = {ftp://x}", **pages}, parallel=2
    )
    expected = [address(f"javascript:{it}", 6, f"p{it}.md") for it in range(9)]
    assert sorted(site.warnings) == [*expected, address("ftp://x", 5, "refs.bib")]


@pytest.mark.sphinx("html", testroot="strict", freshenv=True)
def test_good_page_loses_nothing(app: SphinxTestApp) -> None:
    app.build()
    assert app.warning.getvalue() == ""
    page = BeautifulSoup((app.outdir / "index.html").read_text("utf-8"), "html5lib")
    assert_harmless(page)
    hrefs = {str(it["href"]) for it in page.select("div.body a[href]")}
    assert hrefs >= {
        "http://example.org/a?b=c:d&e=%2F%2Fx",
        "https://example.org/rest",
        "mailto:nobody%40example.org",
        "other.html#second-part",
        "#top",
    }
    names = {"heading", "auto", "definition", "picture", "figure", "button", "card", "footnote"}
    names |= {"included", "toctree"}
    assert hrefs >= {f"https://example.org/{it}" for it in names}
    assert "https://example.org/thing_(one)?a=b" in hrefs
    assert {str(it["src"]) for it in page.select("div.body img")} == {"_images/pic.svg"}
    assert len(list(app.outdir.glob("_downloads/*/notes.txt"))) == 1
    assert page.select("div.body svg, div.body input[type=checkbox], div.body br, div.body s")
    assert page.select_one('meta[name="description"]')
    assert page.select_one(".bibtex-citation a")


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml", "epub", "text", "man", "gettext"])
def test_good_page_is_good_for_each_builder(
    builder: str, rootdir: Path, tmp_path: Path, make_app: Callable[..., SphinxTestApp]
) -> None:
    app = make_app(builder, srcdir=rootdir / "test-strict", builddir=tmp_path, freshenv=True)
    app.build()
    assert app.warning.getvalue() == ""


def test_what_only_looks_unsafe_is_let_through(build: Build) -> None:
    pages = {
        "colon": "[text](a:b.md)",
        "dots": "{download}`text <https://host/../../../../../x>`",
        "signature": "```{cpp:class} template<typename T> A\n```",
    }
    texts = {f"{name}.md": f"# Page\n\n{text}\n" for name, text in pages.items()}
    site = build({"index.md": "# Page\n", "a:b.md": "# B\n", **texts})
    assert site.warnings == []


def test_nothing_is_refused_unless_it_is_loaded(build: Build) -> None:
    page = "# Page\n\n[text](ftp://host/x) <b>bold</b>\n"
    conf = "extensions.remove('sphinx_portfolio.strict')\nmyst_disable_syntax = []\n"
    site = build({"index.md": page}, conf=conf)
    assert site.warnings == []
    assert site.page.select_one('div.body a[href="ftp://host/x"]')
    assert site.page.select_one("div.body b")


def test_files_that_conf_names_may_lie_outside_the_source(tmp_path: Path) -> None:
    for name in ("source", "conf"):
        (tmp_path / name).mkdir()
    (tmp_path / "conf" / "conf.py").write_text(f'{CONF}\nbibtex_bibfiles = ["../refs.bib"]\n')
    (tmp_path / "conf" / "docutils.conf").write_text("[general]\nraw_enabled: no\n")
    (tmp_path / "refs.bib").write_text(ENTRY % "note = {Note}")
    (tmp_path / "source" / "index.md").write_text(BIBLIOGRAPHY)
    warnings = StringIO()
    with docutils_namespace():
        source, conf, out, doctrees = (tmp_path / it for it in ("source", "conf", "out", "tree"))
        app = Sphinx(source, conf, out, doctrees, "html", status=None, warning=warnings)
        app.build()
    assert warnings.getvalue() == ""


def test_safe_and_unsafe_addresses() -> None:
    unsafe = ["//a", r"\\a", r"\/a", "/\t/a", " //a", "%2F/a", "&#47;/a", "a:b"]
    safe = ["", "#a", "a.html", "../a/b.html#c", "?a=b:c", "a/b:c", "http://a", "HTTPS://a"]
    safe += ["mailto:a@b"]
    assert [it for it in unsafe if is_safe_address(it)] == []
    assert [it for it in safe if not is_safe_address(it)] == []


NOISE = st.text(alphabet="\t\n\r", max_size=2)
CONTROLS = st.text(alphabet=[chr(it) for it in range(33)], max_size=3)


@given(
    st.sampled_from(["javascript", "data", "vbscript", "file", "ftp", "blob", "tel", "x+y-z.1"]),
    st.randoms(use_true_random=False),
    st.data(),
)
def test_no_disguise_of_a_scheme_passes(name: str, random: Random, data: st.DataObject) -> None:
    disguised = "".join(
        random.choice([it.upper(), it, f"%{ord(it):02x}", f"&#{ord(it)};"]) + data.draw(NOISE)
        for it in f"{name}:"
    )
    assert not is_safe_address(data.draw(CONTROLS) + disguised + "alert(1)")


def browser_scheme(address: str) -> str | None:
    """Read *address* by the state machine of the URL Standard, up to its scheme or host."""
    start, end = 0, len(address)
    while start < end and ord(address[start]) <= 0x20:
        start += 1
    while end > start and ord(address[end - 1]) <= 0x20:
        end -= 1
    points = [it for it in address[start:end] if it not in "\t\n\r"]
    buffer = ""
    for point in points:
        if point.isascii() and (
            point.isalpha() or (buffer and (point.isdigit() or point in "+-."))
        ):
            buffer += point.lower()
        elif point == ":" and buffer:
            return buffer
        else:
            break
    return "//" if len(points) > 1 and all(it in "/\\" for it in points[:2]) else None


@given(st.text(alphabet="jJavascriptdhHtTpmoeilx:/\\\t\n\r \x00\x1f%3A&#58;.+-09?é"))
def test_what_passes_is_safe_in_a_browser(text: str) -> None:
    if is_safe_address(text):
        assert browser_scheme(text) in {None, "http", "https", "mailto"}


def test_links_are_followed_before_a_file_is_trusted(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "out").symlink_to(tmp_path)
    (tmp_path / "alias").symlink_to(inner)
    assert is_inside(inner / "a", inner)
    assert is_inside(tmp_path / "alias" / "a", inner)
    assert is_inside(inner / "a", tmp_path / "alias")
    assert not is_inside(inner / "out" / "a", inner)
    assert not is_inside(inner / ".." / "a", inner)
    assert not is_inside(tmp_path / "inner-too", inner)
