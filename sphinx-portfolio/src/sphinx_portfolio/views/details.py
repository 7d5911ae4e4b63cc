"""Text that opens on a click: `<details>` in HTML, only the text elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator


class portfolio_details(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """Holds the text; the attribute `summary` is the line to click on."""


def visit_html(self: HTML5Translator, node: portfolio_details) -> None:
    """Open the element and write its summary."""
    if not self.builder.name.startswith("epub"):  # some readers of books can't open it
        self.body.append(self.starttag(node, "details"))
        self.body.append(f"<summary>{self.encode(node['summary'])}</summary>\n")


def depart_html(self: HTML5Translator, node: portfolio_details) -> None:
    """Close the element."""
    if not self.builder.name.startswith("epub"):
        self.body.append("</details>\n")


def pass_by(self: nodes.NodeVisitor, node: portfolio_details) -> None:
    """Write only the text."""


# No entry for `epub`: Sphinx would ignore the one for `html` in all HTML builders.
NODE_VISITORS: Final[dict[str, Any]] = {
    "html": (visit_html, depart_html),
    **dict.fromkeys(("latex", "text", "man", "texinfo"), (pass_by, pass_by)),
}
