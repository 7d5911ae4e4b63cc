"""What must not reach the site: unsafe addresses, raw markup, files from elsewhere, templates.

Each finding is a warning with its place and the remedy, and what was found is taken out: a build
that goes on after warnings is as safe as one that stops.
"""

from __future__ import annotations

import html
import os
import re
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import unquote

import docutils
from docutils import nodes
from docutils.parsers.rst import directives
from markdown_it.common.normalize_url import validateLink
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import TopmatterReadError, read_topmatter
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser
from sphinx import addnodes
from sphinx.directives.code import LiteralInclude
from sphinx.directives.patches import CSVTable
from sphinx.errors import ConfigError
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.i18n import search_image_for_language

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from markdown_it import MarkdownIt
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata, OptionSpec

logger = logging.getLogger(__name__)

SAFE_SCHEMES = frozenset({"", "http", "https", "mailto"})
PACKAGES = Path(docutils.__file__).parents[1]
HTML_TOKENS = frozenset({"html_block", "html_inline"})
MARKUP_REMEDY = "write Markdown or a directive; to show the markup itself, put it in backticks"
# How MyST itself writes a hard line break, a strikethrough and a task list's box.
MYST_RAW = re.compile(
    r'<br />\n|\\\\\n|</?s>|<input class="task-list-item-checkbox" '
    r'(checked="checked" )?(disabled="disabled" )?type="checkbox">'
)


def scheme(address: str) -> str:
    """Return the scheme that a browser sees in *address*, in lower case.

    It is '' for a relative address, and '//' for a relative one that names a host.
    """
    # Browsers drop control characters at the ends, tabs and line breaks anywhere (WHATWG URL, 4.4).
    seen = re.sub(r"[\t\n\r]", "", address).strip("".join(map(chr, range(0x21))))
    if re.match(r"[/\\]{2}", seen):
        return "//"
    match = re.match(r"([a-z][a-z0-9+.-]*):", seen, re.IGNORECASE | re.ASCII)
    return match[1].lower() if match else ""


def has_scheme_of(schemes: Collection[str], address: str) -> bool:
    """Tell whether the scheme of *address* is one of *schemes*, as it stands and decoded."""
    return all(scheme(it) in schemes for it in (address, html.unescape(unquote(address))))


def is_safe_address(address: str) -> bool:
    """Tell whether a link may lead to *address*: http, https, mailto or a place on the site."""
    return has_scheme_of(SAFE_SCHEMES, address)


def is_inside(path: Path, *folders: Path) -> bool:
    """Tell whether *path*, all links followed, is one of *folders* or lies in one."""
    real = path.resolve()
    return any(real.is_relative_to(folder.resolve()) for folder in folders)


def unrendered(source: str, markdown: MarkdownIt) -> Iterator[tuple[int, str, str]]:
    """Yield line (from 0), token type and text of the HTML and the bad links in *source*.

    *markdown* is a parser that refuses none, so this is what MyST left as plain text.
    """
    found: dict[str, dict[str, dict[str, str]]] = {}
    for token in markdown.parse(source, found):
        line = token.map[0] if token.map else 0
        for part in (token, *(token.children or ())):
            address = str(part.attrs.get("href") or part.attrs.get("src", ""))
            if not validateLink(address):
                yield line, "link", address
            elif part.type in HTML_TOKENS:
                yield line, part.type, part.content.splitlines()[0]
            line += part.type in {"softbreak", "hardbreak"}
    for definition in found.get("references", {}).values():
        if not validateLink(definition["href"]):
            yield int(definition["map"][0]), "link", definition["href"]


def _warn(subtype: str, location: object, problem: str, remedy: str) -> None:
    logger.warning("%s: %s", problem, remedy, location=location, type="portfolio", subtype=subtype)


def _warn_address(location: object, address: str) -> None:
    remedy = "use http, https, mailto or a cross-reference"
    _warn("address", location, f"address {address[:80]!r} is not allowed", remedy)


def _warn_markup(location: object, markup: str) -> None:
    _warn("markup", location, f"raw markup {markup[:80]!r} is not allowed", MARKUP_REMEDY)


def _located(node: nodes.Node) -> nodes.Node:
    while node.parent is not None and not (node.source and node.line):
        node = node.parent
    return node


def _line_of(text: str, path: Path) -> int:
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return next((number for number, line in enumerate(lines, 1) if text in line), 0)


def _plain_text(node: nodes.Node) -> str:
    if isinstance(node, nodes.literal | nodes.math | nodes.raw):
        return ""
    return str(node) if isinstance(node, nodes.Text) else "".join(map(_plain_text, node.children))


def _leave_text(node: nodes.Element) -> None:
    children = [nodes.Text(node.get("alt", ""))] if isinstance(node, nodes.image) else node.children
    node.replace_self(nodes.inline(node.rawsource, "", *children))


def refuse_addresses(
    document: nodes.document, place: Callable[[nodes.Element, str], object]
) -> None:
    """Leave no more than the text of links to unsafe addresses and of images from other hosts."""
    for image in list(document.findall(nodes.image)):
        uri = image["uri"]
        if not has_scheme_of({""}, uri):
            remedy = "copy it into the source folder and name the copy"
            _warn("address", place(image, uri), f"image {uri[:80]!r} is not a local file", remedy)
            _leave_text(image)
        elif image.attributes.pop("loading", "") == "embed":
            _warn_markup(place(image, uri), ":loading: embed")
    for link in list(document.findall(nodes.Element)):
        address = ""
        if isinstance(link, nodes.reference) and not link.get("internal"):
            # MyST leaves an address that it can't resolve as `refid`.
            address = link.get("refuri", link.get("refid", ""))
        elif isinstance(link, addnodes.download_reference) and "://" in link["reftarget"]:
            address = link["reftarget"]
        if not is_safe_address(address):
            _warn_address(place(link, address), address)
            _leave_text(link)


class RefuseInput(SphinxTransform):
    """Check a page as it was read."""

    # After targets are resolved (640), before quotes are made typographic (750, they hide markup)
    # and before `doctree-read` (880), where files to copy and records to publish are collected.
    default_priority = 740

    def apply(self, **_kwargs: object) -> None:
        """Run all checks on the page."""
        self.refuse_inserted_files()
        refuse_addresses(self.document, lambda node, _address: _located(node))
        self.refuse_copied_files()
        if isinstance(self.env.parser, MystParser):
            self.report_unrendered()
        self.refuse_markup()
        for tree in self.document.findall(addnodes.toctree):
            for entry in [it for it in tree["entries"] if not is_safe_address(it[1])]:
                _warn_address(_located(tree), entry[1])
                tree["entries"].remove(entry)

    def refuse_inserted_files(self) -> None:
        """Empty a page that is, or shows the text of, a file from elsewhere."""
        docname = self.env.docname
        page = self.env.doc2path(docname)
        read = {Path(it) for it in self.document.settings.record_dependencies.list}
        for path in sorted(read.union({page}, self.env.dependencies.get(docname, ()))):
            if self._is_foreign(path, (docname, _line_of(path.name, page) or 1)):
                self.document.clear()

    def refuse_copied_files(self) -> None:
        """Leave no more than the text of images and downloads that are files from elsewhere."""
        for node in list(self.document.findall(nodes.Element)):
            name = node.get("uri") if isinstance(node, nodes.image) else None
            if isinstance(node, addnodes.download_reference):
                name = node["reftarget"]
            if name is not None:
                path = self.env.relfn2path(search_image_for_language(name, self.env))[1]
                # Sphinx chooses among all files that an image `name.*` matches.
                files = glob(path) if path.endswith(".*") else [path]  # noqa: PTH207
                if any(self._is_foreign(Path(it), _located(node)) for it in files):
                    _leave_text(node)

    def _is_foreign(self, path: Path, location: object) -> bool:
        named = (*self.config.locale_dirs, *getattr(self.config, "bibtex_bibfiles", ()))
        ours = (self.env.srcdir, PACKAGES, *(self.env.srcdir / name for name in named))
        # Sphinx itself notes the docutils.conf beside conf.py.
        if path.name == "docutils.conf" or is_inside(path, *ours):
            return False
        problem = f"file {os.path.relpath(path, self.env.srcdir)!r} is outside the source folder"
        _warn("file", location, problem, "copy it into the source folder and name the copy")
        return True

    def report_unrendered(self) -> None:
        """Report HTML and links that MyST refused and left for the reader to see as text."""
        config = self.env.myst_config  # type: ignore[attr-defined]
        refused = {*config.disable_syntax, "link"}
        others = [name for name in config.disable_syntax if name not in HTML_TOKENS]
        markdown = create_md_parser(config.copy(disable_syntax=others), RendererHTML)
        markdown.validateLink = lambda _url: True  # type: ignore[method-assign]
        for block in self.document.findall(nodes.TextElement):
            nested = isinstance(block.parent, nodes.TextElement)
            if nested or isinstance(block, nodes.FixedTextElement | addnodes.desc_signature):
                continue
            source = block.rawsource or _plain_text(block)
            place = _located(block)
            for offset, kind, text in unrendered(source, markdown):
                location = f"{place.source}:{(place.line or 1) + offset}"
                if kind in refused:
                    (_warn_address if kind == "link" else _warn_markup)(location, text)

    def refuse_markup(self) -> None:
        """Leave no more than the text of raw markup; drop what sends a browser elsewhere."""
        for raw in list(self.document.findall(nodes.raw)):
            if not MYST_RAW.fullmatch(raw.astext()):
                _warn_markup(_located(raw), raw.astext())
                raw.replace_self(nodes.inline("", raw.astext()))
        for meta in list(self.document.findall(nodes.meta)):
            if meta.get("http-equiv", "").strip().lower() == "refresh":
                _warn_markup(_located(meta), "http-equiv=refresh")
                meta.parent.remove(meta)


class RefuseResolved(SphinxPostTransform):
    """Check the addresses that came with bibliographies, inventories and views."""

    # After references are resolved (10), before images are downloaded (100).
    default_priority = 90

    def run(self, **_kwargs: object) -> None:
        """Check the finished page."""
        refuse_addresses(self.document, self.place)

    def place(self, node: nodes.Element, address: str) -> object:
        """Return the line of a BibTeX file with *address* in it, else of the page."""
        for path in (self.env.srcdir / it for it in getattr(self.config, "bibtex_bibfiles", ())):
            if line := _line_of(address, path):
                return f"{path}:{line}"
        return _located(node)


class RefusedRaw(SphinxDirective):
    """`raw`, refused whatever `raw_enabled` says, and before it fetches a file or an address."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[OptionSpec] = Raw.option_spec

    def run(self) -> list[nodes.Node]:
        """Show the content as text."""
        _warn_markup(self.get_location(), "raw")
        text = "\n".join(self.content)
        return [nodes.literal_block(text, text)]


class NotedInclude(LiteralInclude):
    """`literalinclude` that notes the file of `:diff:` among what the page depends on."""

    def run(self) -> list[nodes.Node]:
        """Note the file."""
        if "diff" in self.options:
            self.env.note_dependency(self.env.relfn2path(self.options["diff"])[0])
        return super().run()


class LocalTable(CSVTable):
    """`csv-table` without `:url:`, which reads from other hosts and from `file:` addresses."""

    option_spec: ClassVar[OptionSpec] = {
        key: value for key, value in (CSVTable.option_spec or {}).items() if key != "url"
    }


def config_inited(_app: Sphinx, config: Config) -> None:
    """Refuse a site that turns substitutions on."""
    if "substitution" in getattr(config, "myst_enable_extensions", ()):
        raise ConfigError(f"conf.py: myst_enable_extensions: {SUBSTITUTION}")


def source_read(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Take away the front matter of a page that turns substitutions on."""
    try:
        myst = (read_topmatter(source[0]) or {}).get("myst")
    except TopmatterReadError:
        return
    if isinstance(myst, dict) and "substitution" in (myst.get("enable_extensions") or ()):
        _warn("substitution", (docname, 1), "...", "...")
        lines = source[0].splitlines()
