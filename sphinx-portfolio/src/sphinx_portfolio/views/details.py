"""Text behind a line that opens it: `<details>` on the web, the text alone elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator


class portfolio_details(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """Holds the text; `summary` is the line."""


def visit_html(self: HTML5Translator, node: portfolio_details) -> None:
    """Open the element and write its summary."""
    if self.builder.name == "epub":
        return  # there are readers in which nothing opens
    self.body.append(self.starttag(node, "details"))
    self.body.append(f"<summary>{self.encode(node['summary'])}</summary>\n")


def depart_html(self: HTML5Translator, node: portfolio_details) -> None:
    """Close the element."""
    if self.builder.name != "epub":
        self.body.append("</details>\n")


def visit_plain(self: nodes.NodeVisitor, node: portfolio_details) -> None:
    """Write nothing around the text."""


def depart_plain(self: nodes.NodeVisitor, node: portfolio_details) -> None:
    """Write nothing after it."""


# No `epub`: where there is an entry of its own, Sphinx forgets all that stand under `html`.
NODE_VISITORS: Final[dict[str, Any]] = {
    "html": (visit_html, depart_html),
    **dict.fromkeys(("latex", "text", "man", "texinfo"), (visit_plain, depart_plain)),
}
