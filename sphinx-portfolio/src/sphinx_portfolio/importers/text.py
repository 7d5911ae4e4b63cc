"""Texts of sources, in Markdown or plain, as rich text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from sphinx_portfolio.importers.draft import Body, run
from sphinx_portfolio.model import Highlight, RecordError, RichText, Run, plain
from sphinx_portfolio.model.validators import address, is_private_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A definition of a link that no text uses would be lost.
MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 100}).disable("reference")
BULLET = re.compile(r"\s*[-*•·▪◦‣–]\s+(?=\S)")
TAG = re.compile(r"<(/?)(strong|b|em|i|code|a|br)\b([^>]*)>", re.IGNORECASE)
LOOKS = re.compile(r"</?(?:u|s|span|small|big|mark|font|sub|sup|p)(?: [^>]*)?/?>", re.IGNORECASE)
HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
STYLES = {"strong": "strong", "b": "strong", "em": "emphasis", "i": "emphasis", "code": "code"}


def web_address(text: str) -> str:
    """Return an address on the web; empty if the text is something else."""
    try:
        found = address(text.strip())
    except RecordError:
        return ""
    return "" if is_private_address(found) else found


def link_target(text: str) -> str:
    """Return a web or mail address; empty if the text is something else."""
    is_mail = re.fullmatch(r"mailto:[\w.+-]+@[\w.-]+", text)
    return text if is_mail else web_address(text)


def from_plain(text: str) -> Body:
    """Return a plain text: a paragraph for each line, and bullets for lines that begin as such."""
    paragraphs, highlights = [], []
    for line in text.splitlines():
        if match := BULLET.match(line):
            highlights.append(Highlight(run(line[match.end() :].strip())))
        elif line.strip():
            paragraphs.append(run(line.strip()))
    return Body(tuple(paragraphs), tuple(highlights))


def from_markdown(text: str) -> Body:
    """Return a text in Markdown (CommonMark)."""
    blocks = list(_blocks(SyntaxTreeNode(MARKDOWN.parse(text)).children))
    return Body(
        tuple(it for it in blocks if isinstance(it, tuple)),
        tuple(it for it in blocks if isinstance(it, Highlight)),
    )


def bullets(texts: Iterable[str]) -> tuple[Highlight, ...]:
    """Return a bullet for each text in Markdown; what follows its first paragraph is below it."""
    return tuple(found for text in texts for found in _bullet(from_markdown(text)))


def _bullet(body: Body) -> Iterator[Highlight]:
    if body.paragraphs:
        first, *rest = body.paragraphs
        below = (*map(Highlight, rest), *body.highlights)
        yield Highlight(first, (), below)
    else:
        yield from body.highlights


def line(text: str) -> RichText:
    """Return a text in Markdown without its blocks."""
    body = from_markdown(text)
    parts = [*body.paragraphs, *(each.text for each in body.highlights)]
    joined = [each for part in parts for each in (Run(" "), *part)]
    return tuple(joined[1:])


def words(text: str) -> str:
    """Return a text in Markdown without markup."""
    return plain(line(text)).strip()


def _blocks(nodes: Iterable[SyntaxTreeNode]) -> Iterator[RichText | Highlight]:
    for node in nodes:
        match node.type:
            case "paragraph" | "heading":
                is_heading = node.type == "heading"
                if text := _inline(node.children[0].children, strong=is_heading):
                    yield text
            case "bullet_list" | "ordered_list":
                for item in node.children:
                    yield from _item(item)
            case "fence" | "code_block":
                yield from ((Run(each, code=True),) for each in node.content.splitlines() if each)
            case "html_block":
                yield from filter(None, [_inline_html(node.content)])
            case _:
                yield from _blocks(node.children)


def _item(node: SyntaxTreeNode) -> Iterator[Highlight]:
    blocks = list(_blocks(node.children))
    texts = tuple(it for it in blocks if isinstance(it, tuple))
    yield from _bullet(Body(texts, tuple(it for it in blocks if isinstance(it, Highlight))))


def _inline_html(html: str) -> RichText:
    """Return the text of HTML: of tags that are not styles or links, the source."""
    return _inline(SyntaxTreeNode(MARKDOWN.parseInline(html)).children[0].children)


def _inline(nodes: Iterable[SyntaxTreeNode], *, strong: bool = False) -> RichText:
    runs: list[Run] = []
    opened: list[str] = []  # HTML tags, each with its address
    for node in nodes:
        runs += _pieces(node, Run("", strong=strong), opened)
    return tuple(runs) if plain(tuple(runs)).strip() else ()


def _pieces(node: SyntaxTreeNode, looks: Run, opened: list[str]) -> Iterator[Run]:
    strong = looks.strong or "strong" in opened
    emphasis = looks.emphasis or "emphasis" in opened
    target = next((it for it in reversed(opened) if ":" in it), looks.target)
    now = Run("", strong, emphasis, "code" in opened, target)
    match node.type:
        case "text" | "text_special":
            yield _with(now, node.content)
        case "softbreak" | "hardbreak":
            yield _with(now, " ")
        case "code_inline":
            yield Run(node.content, strong, emphasis, code=True, target=target)
        case "html_inline":
            yield from _tag(node.content, now, opened)
        case "link" | "image":
            written = str(node.attrs.get("href") or node.attrs.get("src") or "")
            inner = Run("", strong, emphasis, target=link_target(written) or target)
            children = list(node.children) if node.children else []
            text = [each for child in children for each in _pieces(child, inner, opened)]
            yield from text or [_with(inner, written)]
            if text and written and not link_target(written):
                yield _with(now, f" ({written})")
        case kind:
            inner = Run("", strong or kind == "strong", emphasis or kind == "em", target=target)
            for child in node.children:
                yield from _pieces(child, inner, opened)


def _tag(html: str, now: Run, opened: list[str]) -> Iterator[Run]:
    match = TAG.fullmatch(html)
    name = match[2].lower() if match else ""
    if match is None:
        yield _with(now, "" if LOOKS.fullmatch(html) else html)
    elif name == "br":
        yield _with(now, " ")
    elif match[1]:
        wanted = [it for it in opened if (":" in it if name == "a" else it == STYLES[name])]
        if wanted:
            opened.reverse()
            opened.remove(wanted[-1])
            opened.reverse()
    elif name != "a":
        opened.append(STYLES[name])
    else:
        found = HREF.search(match[3])
        written = (found[1] or found[2] or "") if found else ""
        if link_target(written):
            opened.append(link_target(written))
        elif written:
            yield _with(now, f"({written}) ")


def _with(looks: Run, text: str) -> Run:
    return Run(text, looks.strong, looks.emphasis, looks.code, looks.target)
