"""What must not reach the site: unsafe addresses, raw markup, files from elsewhere, templates.

A finding is a warning with place and remedy, and is taken out: going on is as safe as stopping.
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
from sphinx.directives.patches import CSVTable
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from sphinx_portfolio.model.validators import (
    SAFE_SCHEMES,
    address_fault,
    is_private_address,
    is_safe_address,
    scheme,
)
from sphinx_portfolio.sources import locations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

WARNINGS = {
    "address": "address %r is refused: link by http, https, mailto or cross-reference",
    "private": "address %r is on a private network: link to a public address",
    "myst": "front matter %r is refused: set MyST's options in conf.py",
    "meta": "meta attribute %r is refused: write `:name: content`",
    "hidden": "file %r is hidden, and not to be published: copy it to a name without a dot",
    "math": "math %r is refused: MathJax would come from another host, name a copy: mathjax_path",
    "style": "style %r is refused: a style sheet of _static may name files of this site",
    "file": "file %r is outside the source folder: copy it there and name the copy",
    "image": "image %r is not a file: put it into the source folder and name it there",
    "markup": "raw markup %r is refused: write Markdown or a directive; show markup in backticks",
    "substitution": "substitution %r is refused, MyST runs it as a Jinja template: write its text",
}
MATH = nodes.math | nodes.math_block
PACKAGES = Path(docutils.__file__).parents[1]
# How MyST itself writes a hard line break, a strikethrough and the box of a task list.
MYST_RAW = re.compile(
    r'<br />\n|\\\\\n|</?s>|<input class="task-list-item-checkbox" '
    r'(checked="checked" )?(disabled="disabled" )?type="checkbox">'
)


def is_inside(path: Path, *folders: Path) -> bool:
    """Tell whether *path*, all links followed, is one of *folders* or lies in one."""
    real = path.resolve()
    return any(real.is_relative_to(folder.resolve()) for folder in folders)


def unrendered(source: str, markdown: MarkdownIt) -> Iterator[tuple[str, str]]:
    """Yield type and text of what MyST refuses in *source*, and *markdown* doesn't."""
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


def _warn(kind: str, place: tuple[Path, int], found: str) -> None:
    logger.warning(
        WARNINGS[kind], found[:80], location="{}:{}".format(*place), type="portfolio", subtype=kind
    )


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


def refuse_addresses(document: nodes.document, env: BuildEnvironment) -> None:
    """Leave no more than the text of links and images whose address is not allowed."""
    bibliographies = [env.srcdir / name for name in getattr(env.config, "bibtex_bibfiles", ())]
    for node in list(document.findall(nodes.Element)):
        kind, address, schemes = "address", "", SAFE_SCHEMES
        if isinstance(node, nodes.image):
            kind, address, schemes = "image", node["uri"], frozenset({""})
        elif isinstance(node, addnodes.download_reference):
            address = node["reftarget"]
        elif isinstance(node, nodes.reference) and not node.get("internal"):
            # MyST leaves an address that it can't resolve as a `refid`.
            address = node.get("refuri", node.get("refid", ""))
        if not is_safe_address(address, schemes) or address_fault(address):
            _warn(kind, locations.find(node, address, bibliographies), address)
            _leave_text(node)
        elif is_private_address(address):
            _warn("private", locations.find(node, address, bibliographies), address)


class RefuseInput(SphinxTransform):
    """Check a page as it was read."""

    # After targets are resolved (640) and before `doctree-read` (880), where the files to copy, the
    # navigation and the records to publish are collected.
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

    def _is_foreign(self, path: Path, node: nodes.Element, name: str) -> bool:
        named = (*self.config.locale_dirs, *getattr(self.config, "bibtex_bibfiles", ()))
        ours = (self.env.srcdir, PACKAGES, *(self.env.srcdir / name for name in named))
        if is_inside(path, *ours):
            return False
        _warn("file", locations.find(node, Path(name).name), name)
        return True

    def _is_hidden(self, path: Path, node: nodes.Element, name: str) -> bool:
        inside = Path(os.path.relpath(path, self.env.srcdir)).parts
        if not any(part.startswith(".") for part in inside):
            return False
        _warn("hidden", locations.find(node, Path(name).name), name)
        return True

    def _inserted_files(self) -> None:
        read = map(Path, self.document.settings.record_dependencies.list)
        noted = self.env.dependencies.get(self.env.docname, ())
        # Sphinx notes for each page where docutils looks for its configuration.
        files = {it for it in (*read, *noted) if Path(it).name != "docutils.conf"}
        for path in sorted({self.env.doc2path(self.env.docname), *map(Path, files)}):
            if self._is_foreign(path, self.document, os.path.relpath(path, self.env.srcdir)):
                # Nothing tells which part of the page came from the file.
                self.document.clear()
        if hasattr(self.document, "sub_references"):
            _warn("substitution", locations.find(self.document, "{{"), "{{ … }}")
            self.document.clear()

    def _copied_files(self) -> None:
        for node in list(self.document.findall(nodes.Element)):
            name = node.get("uri" if isinstance(node, nodes.image) else "reftarget", "")
            if isinstance(node, nodes.image | addnodes.download_reference) and not scheme(name):
                path = Path(self.env.relfn2path(name)[1])
                # Sphinx chooses among all files that an image `name.*` matches.
                files = path.parent.glob(path.name) if path.suffix == ".*" else [path]
                if any(
                    self._is_foreign(it, node, name) or self._is_hidden(it, node, name)
                    for it in files
                ):
                    _leave_text(node)

    def _toctrees(self) -> None:
        for tree in self.document.findall(addnodes.toctree):
            for entry in [it for it in tree["entries"] if not is_safe_address(it[1])]:
                _warn("address", locations.find(tree, entry[1]), entry[1])
                tree["entries"].remove(entry)

    def _markup(self) -> None:
        for raw in [it for it in self.document.findall(nodes.Element) if _is_markup(it)]:
            _warn("markup", locations.find(raw, raw.astext()), raw.astext().strip())
            _leave_text(raw)
        for node in self.document.findall(nodes.Element):
            # sphinx-design's `{div}` takes any style, and a style may load from anywhere.
            if "style" in node and "(" in node["style"]:
                _warn("style", locations.find(node, node["style"]), node["style"])
                del node["style"]
        if urlsplit(self.config.mathjax_path).netloc:
            for math in [it for it in self.document.findall(nodes.Element) if isinstance(it, MATH)]:
                _warn("math", locations.find(math, math.astext()), math.astext())
                _leave_text(math)
        for message in self.document.findall(nodes.system_message):
            # docutils says that `raw_enabled` is off, and not what to do.
            if re.search(r"\braw\b.* disabled", message.astext()):
                _warn("markup", locations.find(message, "raw"), "raw")
        self._metas()

    def _metas(self) -> None:
        for meta in list(self.document.findall(nodes.meta)):
            invalid = [name for name in meta.attributes if not re.fullmatch("[a-z][a-z-]*", name)]
            if meta.get("http-equiv", "").strip().lower() == "refresh":
                _warn("markup", locations.find(meta, "http-equiv"), "http-equiv=refresh")
                meta.parent.remove(meta)
            elif invalid:
                _warn("meta", locations.find(meta, invalid[0]), invalid[0])
                meta.parent.remove(meta)

    def _unrendered(self) -> None:
        config = self.env.myst_config  # type: ignore[attr-defined]
        markdown = create_md_parser(config.copy(disable_syntax=[]), RendererHTML)
        markdown.validateLink = lambda url: True  # type: ignore[method-assign]
        for block in self.document.findall(nodes.TextElement):
            inner = isinstance(block.parent, nodes.TextElement)
            if inner or isinstance(block, nodes.FixedTextElement | addnodes.desc_signature):
                continue
            source = block.rawsource
            if source == block.astext():  # Sphinx's stand-in for a source that isn't known
                source = _prose(block)
            for kind, text in unrendered(source, markdown):
                if kind == "link" or kind in config.disable_syntax:
                    _warn(
                        "address" if kind == "link" else "markup", locations.find(block, text), text
                    )


class RefuseResolved(SphinxPostTransform):
    """Check the addresses that came with bibliographies, inventories and views."""

    # After references are resolved (10), before images are downloaded (100).
    default_priority = 90

    def run(self, **_kwargs: object) -> None:
        """Check the finished page."""
        refuse_addresses(self.document, self.env)


def source_read(app: Sphinx, docname: str, content: list[str]) -> None:
    """Remove MyST's options from the front matter: some run the text of the page as a program.

    They count before any transform sees the page.
    """
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
        content[0] = "".join(("---\n", json.dumps(front, default=str), lines, "---", *body))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the checks."""
    # These options read any address, `file:` too, or any file, without a trace in the page.
    for name, directive, option in (
        ("raw", Raw, "url"),
        ("csv-table", CSVTable, "url"),
        ("literalinclude", LiteralInclude, "diff"),
    ):
        options = {it: check for it, check in (directive.option_spec or {}).items() if it != option}
        app.add_directive(name, type(name, (directive,), {"option_spec": options}), override=True)
    app.connect("source-read", source_read)
    app.add_transform(RefuseInput)
    app.add_post_transform(RefuseResolved)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
