"""Pages as Markdown (CommonMark 0.31, with GitHub's tables): the text of a page and its addresses.

It is written from the nodes that the HTML of the page is written from, and so has what views drew.
Drawings, and controls that filter or copy, are left out; their content is in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.locale import admonitionlabels

from sphinx_portfolio.model import Run
from sphinx_portfolio.model.markdown import inline, paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sphinx_portfolio.model import RichText

# Controls of a page.
CONTROLS = {"portfolio-keys", "portfolio-words"}
LOOKS = {
    "strong": "strong",
    "emphasis": "emphasis",
    "title_reference": "emphasis",
    "literal": "code",
    "math": "code",
}
NO_TEXT = {"script", "style", "svg", "template"}
ITEM = re.compile(r"[-*] |[0-9]+[.)] ")


class _Text(HTMLParser):
    """The text of raw HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.depth = 0
        self.found = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element without text for readers."""
        self.depth += tag in NO_TEXT
        self.found += " " if tag == "br" else ""

    def handle_endtag(self, tag: str) -> None:
        """Leave it."""
        self.depth -= tag in NO_TEXT

    def handle_data(self, data: str) -> None:
        """Take the text."""
        if self.depth <= 0:
            self.found += data


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block is written: the level of a heading there, and the signs of items.

    A list after a list has other signs, or it would continue that one.
    """

    level: int
    bullet: str = "- "
    number: str = ". "


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the nodes of a page.

    `address` returns the address of a link from one that is relative to the page. `level` is that
    of the page's heading.
    """

    address: Callable[[str], str]
    level: int = 1

    def page(self, document: nodes.document) -> str:
        """Return a page as Markdown."""
        return "\n\n".join(self.blocks(document.children, self.level)) + "\n"

    def blocks(self, children: Iterable[nodes.Node], level: int) -> list[str]:
        """Return the blocks of some nodes; text between them is a paragraph."""
        found: list[str] = []
        loose: list[nodes.Node] = []
        for child in children:
            if isinstance(child, nodes.Text | nodes.Inline | nodes.image):
                loose.append(child)
                continue
            found += self.loose(loose)
            loose = []
            last = found[-1] if found else ""
            bullet = "* " if last.startswith("- ") else "- "
            number = ") " if re.match(r"[0-9]+\. ", last) else ". "
            found += self.block(child, Place(level, bullet, number))
        return [*found, *self.loose(loose)]

    def block(self, node: nodes.Node, place: Place) -> list[str]:
        """Return the blocks of a node, by its class or one that it extends."""
        if not isinstance(node, nodes.Element) or CONTROLS.intersection(node.get("classes", ())):
            return []
        for each in type(node).__mro__:
            if write := BLOCKS.get(each.__name__):
                return write(self, node, place)
        return self.blocks(node.children, place.level)

    def loose(self, children: Sequence[nodes.Node]) -> list[str]:
        """Return text as a paragraph; an image alone is one of Markdown."""
        if len(children) == 1 and isinstance(image := children[0], nodes.image):
            alt = inline((Run(image.get("alt", "")),))
            link = inline((Run("x", target=self.address(image["uri"])),))
            return [f"![{alt}]{link.removeprefix('[x]')}"] if alt else []
        text = paragraph(tuple(run for child in children for run in self.runs(child)))
        return [text] if text else []

    # -- Text -------------------------------------------------------------------

    def text(self, node: nodes.Node) -> RichText:
        """Return what is in a node as text."""
        return tuple(run for child in node.children for run in self.runs(child))

    def runs(self, node: nodes.Node, **looks: Any) -> Iterator[Run]:
        """Yield a node as text."""
        match node:
            case nodes.Text():
                yield Run(str(node), **looks)
            case nodes.raw():
                if "html" in node.get("format", "").split():
                    yield Run(_Text(node.astext()).found, **looks)
            case nodes.image():
                yield Run(node.get("alt", ""), **{"target": self.address(node["uri"]), **looks})
            case nodes.footnote_reference() | nodes.citation_reference():
                yield Run(f"[{node.astext()}]", **looks)
            case nodes.Element() if not isinstance(node, nodes.Invisible):
                look, target = LOOKS.get(type(node).__name__), self._target(node)
                looks |= ({look: True} if look else {}) | ({"target": target} if target else {})
                for child in _said(node):
                    yield from self.runs(child, **looks)

    def _target(self, node: nodes.Element) -> str:
        """Return the address of a link; empty if a node is none."""
        if isinstance(node, nodes.reference):
            match node.attributes:
                case {"refuri": address}:
                    return self.address(address)
                case {"refid": id_}:
                    return self.address(f"#{id_}")
                case {"filename": name}:  # of Sphinx's role `download`
                    return self.address(f"/_downloads/{name}")
        if type(node).__name__ == "portfolio_download":
            return self.address(f"/{node['name']}")
        return ""


def _said(node: nodes.Element) -> Sequence[nodes.Node]:
    """Return what is in a text: in a link to evidence without its host or repository.

    Style sheets set these apart from the title, which often repeats them.
    """
    first = node.children[0] if node.children else None
    is_evidence = (
        isinstance(node, nodes.reference)
        and isinstance(first, nodes.inline)
        and "portfolio-evidence-id" in first["classes"]
        and not first.astext().startswith("#")
    )
    return node.children[2:] if is_evidence else node.children  # a space is between them


# -- Blocks -------------------------------------------------------------------


def _nothing(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    return []


def _raw(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    return writer.loose([node])


def _section(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    title, *rest = node.children or [nodes.Text("")]
    if not isinstance(title, nodes.title):
        return writer.blocks(node.children, place.level)
    heading = f"{'#' * min(place.level, 6)} {inline(writer.text(title))}"
    return [heading, *writer.blocks(rest, place.level + 1)]


def _paragraph(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    """Return a paragraph; between links in a row, where style sheets set space, are dots."""
    if "portfolio-links" not in node["classes"]:
        return writer.loose(node.children)
    dot = nodes.Text(" · ")
    return writer.loose([dot if isinstance(it, nodes.Text) else it for it in node.children])


def _headline(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    text = paragraph(_strong(writer.text(node)))
    return [text] if text else []


def _bullets(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    return _list(writer, [(place.bullet, item) for item in node.children], place)


def _numbers(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    numbered = enumerate(node.children, node.get("start", 1))
    return _list(writer, [(f"{number}{place.number}", item) for number, item in numbered], place)


def _list(writer: Writer, items: Iterable[tuple[str, nodes.Node]], place: Place) -> list[str]:
    """Return a list, with empty lines if an item has several paragraphs."""
    written = [(sign, _item(writer, item, place)) for sign, item in items]
    is_loose = any(not ITEM.match(each) for _, blocks in written for each in blocks[1:])
    space = "\n\n" if is_loose else "\n"
    lines = [_hung(sign, space.join(blocks)) for sign, blocks in written]
    return [space.join(lines)] if lines else []


def _item(writer: Writer, item: nodes.Node, place: Place) -> list[str]:
    """Return the blocks of an item, with the topics that on the page only the filter shows."""
    blocks = writer.blocks(item.children, place.level)
    if isinstance(item, nodes.Element) and (topics := item.get("topics")):
        label, *titles = topics
        fact = paragraph((Run(f"{label}:", strong=True), Run(f" {', '.join(titles)}")))
        facts = [blocks.pop()] if blocks and ITEM.match(blocks[-1]) else []
        sign = facts[0][:2] if facts else "- "
        blocks.append("\n".join([f"{sign}{fact}", *facts]))
    return blocks


def _definitions(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    """Return terms with their definitions as a list."""
    return ["\n".join(_definition(writer, item, place) for item in node.children)]


def _definition(writer: Writer, item: nodes.Node, place: Place) -> str:
    term, *rest = item.children
    name = [*writer.text(term)]
    while name and not name[-1].text.strip(": "):
        name.pop()
    blocks: list[str] = []
    for part in rest:
        if isinstance(part, nodes.Inline):  # a classifier
            blocks.append(paragraph((Run(part.astext(), emphasis=True),)))
        else:
            blocks += writer.blocks(part.children, place.level)
    head = paragraph((*_strong(tuple(name)), Run(":", strong=True)))
    if blocks and not re.match(r"[-*>|#`] |```|[0-9]+[.)] ", blocks[0]):
        head += f" {blocks.pop(0)}"
    space = "\n" if all(map(ITEM.match, blocks)) else "\n\n"
    return _hung(place.bullet, space.join([head, *blocks]))


def _code(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    is_math = isinstance(node, nodes.math_block)
    return [_fenced(node.astext(), "math" if is_math else node.get("language", ""))]


def _lab_source(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    return [_fenced(node["text"], "python")]


def _quoted(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    return [_quote(writer.blocks(node.children, place.level))]


def _admonition(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    """Return an admonition as a quote after its label, which the writer of HTML puts into it."""
    has_title = node.children and isinstance(node[0], nodes.title)
    label = None if has_title else admonitionlabels.get(type(node).__name__)
    head = [paragraph((Run(str(label), strong=True),))] if label else []
    return [_quote([*head, *writer.blocks(node.children, place.level)])]


def _line_block(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    return ["\\\n".join(_lines(writer, node))]


def _lines(writer: Writer, node: nodes.Element) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, nodes.line_block):
            yield from _lines(writer, child)
        else:
            yield paragraph(writer.text(child))


def _details(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    summary = paragraph((Run(node["summary"], strong=True),))
    return [summary, *writer.blocks(node.children, place.level)]


def _note(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    """Return a footnote or a citation after its label."""
    label, *rest = node.children
    return [paragraph((Run(f"[{label.astext()}]"),)), *writer.blocks(rest, place.level)]


def _rule(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    return ["---"]


def _table(writer: Writer, node: nodes.Element, place: Place) -> list[str]:
    """Return a table of GitHub's; a cell is one line."""
    found = [each for title in node.findall(nodes.title) for each in writer.block(title, place)]
    rows = [
        [_cell(writer, cell) for cell in row.children if isinstance(cell, nodes.entry)]
        for row in node.findall(nodes.row)
    ]
    width = max(map(len, rows), default=0)
    if next(node.findall(nodes.thead), None) is None:
        rows.insert(0, [])
    if width:
        lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in rows]
        lines.insert(1, "|" + " --- |" * width)
        found.append("\n".join(lines))
    return found


def _cell(writer: Writer, cell: nodes.Element) -> str:
    parts = []
    for part in cell.children:
        is_text = isinstance(part, nodes.TextElement)
        parts.append(inline(writer.text(part) if is_text else (Run(part.astext()),)))
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(parts))


# By the name of a class: views draw nodes of their own.
BLOCKS: dict[str, Callable[[Writer, Any, Place], list[str]]] = {
    **dict.fromkeys(
        ("Invisible", "system_message", "portfolio_nav", "portfolio_timeline"), _nothing
    ),
    "raw": _raw,
    "section": _section,
    **dict.fromkeys(("rubric", "caption", "title", "subtitle", "portfolio_lab_caption"), _headline),
    "bullet_list": _bullets,
    "enumerated_list": _numbers,
    **dict.fromkeys(("definition_list", "field_list", "option_list"), _definitions),
    **dict.fromkeys(("literal_block", "doctest_block", "math_block"), _code),
    "portfolio_lab_source": _lab_source,
    "block_quote": _quoted,
    "Admonition": _admonition,
    "line_block": _line_block,
    "portfolio_details": _details,
    **dict.fromkeys(("footnote", "citation"), _note),
    "transition": _rule,
    "table": _table,
    "TextElement": _paragraph,
}


def _hung(sign: str, text: str) -> str:
    """Return text after the sign of an item, whose other lines are indented."""
    return (sign + re.sub(r"\n(?=[^\n])", "\n" + " " * len(sign), text)).rstrip()


def _fenced(text: str, language: str) -> str:
    """Return code in a fence longer than any in it."""
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
    known = language if re.fullmatch(r"[\w+-]+", language) else ""
    return "\n".join([f"{fence}{known}", text.removesuffix("\n"), fence])


def _quote(blocks: Iterable[str]) -> str:
    return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(blocks).split("\n"))


def _strong(text: RichText) -> RichText:
    return tuple(replace(run, strong=True) for run in text)
