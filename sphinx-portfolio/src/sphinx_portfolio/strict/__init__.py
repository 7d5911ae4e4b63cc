"""Opt-in checks of what pages contain: unsafe addresses, raw markup, other files, templates.

Each finding is a warning with its place and a remedy; what is unsafe is removed from the page.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import docutils
from docutils import nodes
from docutils.parsers.rst.directives.misc import Raw
from markdown_it.common.normalize_url import validateLink
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import TopmatterReadError, read_topmatter
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser
from sphinx import addnodes
from sphinx.directives.code import LiteralInclude
from sphinx.directives.other import Include
from sphinx.directives.patches import CSVTable
from sphinx.errors import ConfigError
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from sphinx_portfolio.model.validators import (
    address_fault,
    is_private_address,
    is_safe_address,
    scheme,
    straight,
)
from sphinx_portfolio.sources import locations

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from markdown_it import MarkdownIt
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

# By subtype.
WARNINGS = {
    "address": "address %r is refused: %s",
    "private": "address %r is on a private network: link to a public address",
    "myst": "front matter %r is refused: set MyST's options in conf.py",
    "metadata": "front matter %r is refused: write the name without quotes and angle brackets",
    "meta": "meta attribute %r is refused: write `:name: content`",
    "hidden": "hidden file %r is refused: copy it to a name without a dot",
    "math": "math %r is refused, MathJax is on another host: set mathjax_path to a copy",
    "style": "style %r is refused: use a class and a style sheet in _static",
    "file": "file %r is outside the source folder: copy it there and name the copy",
    "image": "image %r is not a local file: copy it to the source folder and name the copy",
    "markup": "raw markup %r is refused: write Markdown or a directive; show markup in backticks",
}
LINKS = "link by http, https, mailto or cross-reference"
MATH = nodes.math | nodes.math_block
META_ATTRIBUTES = {"name", "property", "itemprop", "content", "lang", "dir"}
PACKAGES = Path(docutils.__file__).parents[1]
# How MyST itself writes a hard line break, a strikethrough and the box of a task list.
MYST_RAW = re.compile(
    r'<br />\n|\\\\\n|</?s>|<input class="task-list-item-checkbox" '
    r'(checked="checked" )?(disabled="disabled" )?type="checkbox">'
)


def is_inside(path: Path, *folders: Path) -> bool:
    """Return whether *path*, with links resolved, is one of *folders* or in one."""
    real = path.resolve()
    return any(real.is_relative_to(folder.resolve()) for folder in folders)


def unrendered(source: str, markdown: MarkdownIt) -> Iterator[tuple[str, str]]:
    """Yield the token type and text of links and markup in *source* that MyST refuses.

    *markdown* is a parser that accepts them.
    """
    found: dict[str, dict[str, dict[str, str]]] = {}
    for token in markdown.parse(source, found):
        for part in (token, *(token.children or ())):
            address = str(part.attrs.get("href") or part.attrs.get("src", ""))
            if not validateLink(address):
                yield "link", address
            elif part.type in {"html_block", "html_inline"}:
                yield part.type, part.content.splitlines()[0]
    for definition in found.get("references", {}).values():
        if not validateLink(definition["href"]):
            yield "link", definition["href"]


def bibliographies(env: BuildEnvironment) -> Collection[Path]:
    """Return the BibTeX files that sphinxcontrib-bibtex has read."""
    return env.domaindata["cite"]["bibdata"].bibfiles if "cite" in env.domaindata else ()


def _warn(kind: str, place: tuple[Path, int], found: str, *details: str) -> None:
    logger.warning(
        WARNINGS[kind],
        found[:80],
        *details,
        location="{}:{}".format(*place),
        type="portfolio",
        subtype=kind,
    )


def _warn_address(place: tuple[Path, int], address: str) -> None:
    _warn("address", place, address, address_fault(address) or LINKS)


def _prose(node: nodes.Node) -> str:
    if isinstance(node, nodes.literal | nodes.math | nodes.raw):
        return ""
    return str(node) if isinstance(node, nodes.Text) else "".join(map(_prose, node.children))


def _is_markup(node: nodes.Node) -> bool:
    if isinstance(node, MATH):
        return r"\href" in node.astext()  # MathJax makes it a link
    return isinstance(node, nodes.raw) and not MYST_RAW.fullmatch(node.astext())


def _leave_text(node: nodes.Element) -> None:
    text = [nodes.Text(node.get("alt", ""))] if isinstance(node, nodes.image) else node.children
    node.replace_self(nodes.inline(node.rawsource, "", *text))


def refuse_addresses(
    document: nodes.document, env: BuildEnvironment, *, warn_private: bool = False
) -> None:
    """Replace links and images with unsafe addresses by their text."""
    files = bibliographies(env)
    for node in list(document.findall(nodes.Element)):
        if isinstance(node, nodes.image):
            if not is_safe_address(node["uri"], {""}):
                _warn("image", locations.find(node, node["uri"], files), node["uri"])
                _leave_text(node)
            continue
        if isinstance(node, addnodes.download_reference):
            address = node["reftarget"]
        elif isinstance(node, nodes.reference) and not node.get("internal"):
            # MyST leaves an address that it can't resolve as a `refid`.
            address = node.get("refuri", node.get("refid", ""))
        else:
            continue
        if not is_safe_address(address) or address_fault(address):
            _warn_address(locations.find(node, address, files), address)
            _leave_text(node)
        elif warn_private and is_private_address(address):
            _warn("private", locations.find(node, address, files), address)


class RefuseInput(SphinxTransform):
    """Checks a page after it was read."""

    # After targets are resolved (640) and before `doctree-read` (880), where Sphinx collects the
    # files to copy and the navigation.
    default_priority = 740

    def apply(self, **_kwargs: object) -> None:
        """Run all checks on the page."""
        self._inserted_files()
        refuse_addresses(self.document, self.env)
        self._copied_files()
        self._toctrees()
        if isinstance(self.env.parser, MystParser):
            self._unrendered()
        self._markup()

    def _file_fault(self, path: Path) -> str:
        """Return the subtype of the warning about a file; nothing if it may be published."""
        source = self.env.srcdir
        locales = (source / name for name in self.config.locale_dirs)
        if not is_inside(path, source, PACKAGES, *locales, *bibliographies(self.env)):
            return "file"
        parts = Path(os.path.relpath(path, source)).parts
        return "hidden" if any(part.startswith(".") for part in parts) else ""

    def _inserted_files(self) -> None:
        files = {
            self.env.doc2path(self.env.docname),
            *map(Path, self.document.settings.record_dependencies.list),
            *map(Path, self.env.dependencies.get(self.env.docname, ())),
        }
        for path in sorted(files):
            # Sphinx notes for each page where docutils looks for its configuration.
            if path.name != "docutils.conf" and self._file_fault(path) == "file":
                name = os.path.relpath(path, self.env.srcdir)
                _warn("file", locations.find(self.document, path.name), name)
                # It is unknown which part of the page came from the file.
                self.document.clear()

    def _copied_files(self) -> None:
        for node in list(self.document.findall(nodes.Element)):
            name = node.get("uri" if isinstance(node, nodes.image) else "reftarget", "")
            if isinstance(node, nodes.image | addnodes.download_reference) and not scheme(name):
                path = Path(self.env.relfn2path(name)[1])
                # Sphinx chooses among all files that an image `name.*` matches.
                files = path.parent.glob(path.name) if path.suffix == ".*" else [path]
                if fault := next(filter(None, map(self._file_fault, files)), ""):
                    _warn(fault, locations.find(node, Path(name).name), name)
                    _leave_text(node)

    def _toctrees(self) -> None:
        for tree in self.document.findall(addnodes.toctree):
            for entry in list(tree["entries"]):
                address = entry[1]
                if not is_safe_address(address) or address_fault(address):
                    _warn_address(locations.find(tree, address), address)
                    tree["entries"].remove(entry)
                elif is_private_address(address):
                    _warn("private", locations.find(tree, address), address)

    def _markup(self) -> None:
        loads_math = bool(urlsplit(self.config.mathjax_path).netloc)
        for node in list(self.document.findall(nodes.Element)):
            text = node.astext()
            if _is_markup(node):
                _warn("markup", locations.find(node, text), text.strip())
                _leave_text(node)
            elif isinstance(node, MATH) and loads_math:
                _warn("math", locations.find(node, text), text)
                _leave_text(node)
            elif isinstance(node, nodes.meta):
                invalid = [it for it in node.non_default_attributes() if it not in META_ATTRIBUTES]
                if invalid:
                    _warn("meta", locations.find(node, invalid[0]), invalid[0])
                    node.parent.remove(node)
            elif isinstance(node, nodes.system_message):
                # docutils says that `raw_enabled` is off, without a remedy.
                if re.search(r"\braw\b.* disabled", text):
                    _warn("markup", locations.find(node, "raw"), "raw")
            elif "(" in node.get("style", ""):
                # sphinx-design's `{div}` takes any style, and a style may load any address.
                _warn("style", locations.find(node, node["style"]), node["style"])
                del node["style"]

    def _unrendered(self) -> None:
        config = self.env.myst_config  # type: ignore[attr-defined]
        markdown = create_md_parser(config.copy(disable_syntax=[]), RendererHTML)
        markdown.validateLink = lambda url: True  # type: ignore[method-assign]
        for block in self.document.findall(nodes.TextElement):
            inner = isinstance(block.parent, nodes.TextElement)
            if inner or isinstance(block, nodes.FixedTextElement | addnodes.desc_signature):
                continue
            source = block.rawsource
            if source == block.astext():  # what Sphinx sets if the source is unknown
                source = _prose(block)
            for kind, text in unrendered(source, markdown):
                place = locations.find(block, text)
                if kind == "link":
                    _warn_address(place, text)
                elif kind in config.disable_syntax:
                    _warn("markup", place, text)


class RefuseResolved(SphinxPostTransform):
    """Checks the addresses that came with bibliographies, inventories and views."""

    # After references are resolved (10), before images are downloaded (100).
    default_priority = 90

    def run(self, **_kwargs: object) -> None:
        """Check the page before it is written."""
        refuse_addresses(self.document, self.env, warn_private=True)


def config_inited(app: Sphinx, config: Config) -> None:
    """Raise ConfigError if MyST would run text of pages as Jinja templates."""
    if "substitution" in getattr(config, "myst_enable_extensions", ()):
        raise ConfigError(
            "myst_enable_extensions in conf.py: 'substitution' runs text of pages as templates, "
            "which sphinx_portfolio.strict refuses: remove one of the two"
        )


def source_read(app: Sphinx, docname: str, content: list[str]) -> None:
    """Remove MyST's options from the front matter: they could enable templates and raw markup."""
    try:
        front = read_topmatter(content[0])
    except TopmatterReadError:  # MyST reports it
        return
    if front and "myst" in front:
        path = Path(app.env.doc2path(docname))
        _warn("myst", (path, locations.line_of("myst", path) or 1), "myst")
        del front["myst"]
        _, written, *body = re.split(r"^(?:---|\.\.\.).*$", content[0], maxsplit=2, flags=re.M)
        # JSON is YAML; the lines below keep their numbers.
        lines = "\n" * (written.count("\n") - 1)
        options = json.dumps(front, default=str, skipkeys=True)
        content[0] = "".join(("---\n", options, lines, "---", *body))


def doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Remove metadata with markup in its name: sphinxext-opengraph writes it into the head."""
    metadata = app.env.metadata[app.env.current_document.docname]
    # Of MyST's front matter there are two names, with straight and with typographic quotes.
    invalid = [name for name in metadata if re.search("[\"'<>]", straight(name))]
    for name in dict.fromkeys(map(straight, invalid)):
        _warn("metadata", locations.find(doctree, name), name)
    for name in invalid:
        del metadata[name]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the checks."""
    # `url` and `diff` read any file and leave no trace in the page; another parser has the
    # options of its own front matter.
    for name, directive, option in (
        ("raw", Raw, "url"),
        ("csv-table", CSVTable, "url"),
        ("literalinclude", LiteralInclude, "diff"),
        ("include", Include, "parser"),
    ):
        options = {it: check for it, check in (directive.option_spec or {}).items() if it != option}
        app.add_directive(name, type(name, (directive,), {"option_spec": options}), override=True)
    app.connect("config-inited", config_inited)
    app.connect("source-read", source_read)
    # After Sphinx has collected the metadata (500).
    app.connect("doctree-read", doctree_read, priority=600)
    app.add_transform(RefuseInput)
    app.add_post_transform(RefuseResolved)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
