"""Text behind a line that opens it: `<details>` in HTML, a paragraph and the text elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator


class details(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """Holds the text; `summary` is the line."""


def visit_html(self: HTML5Translator, node: details) -> None:
    """Open the element and write its summary."""
    self.body.append(self.starttag(node, "details"))
    self.body.append(f"<summary>{self.encode(node['summary'])}</summary>\n")


def depart_html(self: HTML5Translator, node: details) -> None:
    """Close the element."""
    self.body.append("</details>\n")


def visit_plain(self: nodes.NodeVisitor, node: details) -> None:
    """Write nothing around the text."""


def depart_plain(self: nodes.NodeVisitor, node: details) -> None:
    """Write nothing after it."""


NODE_VISITORS: Final[dict[str, Any]] = {
    "html": (visit_html, depart_html),
    **dict.fromkeys(("latex", "text", "man", "texinfo"), (visit_plain, depart_plain)),
}
