"""Evidence: a list item that is one link to another site, and nothing else.

It proves the claim of the item it stands under, which in Markdown reads as

    - Implemented a solution to reduce lock contention.
      - [cacher: Use watchCacheInterval (merged)](https://github.com/…)
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform


class MarkEvidence(SphinxTransform):
    """Give such items the class `evidence`, by which they are styled and found again."""

    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        """Mark the items of this document."""
        for item in self.document.findall(nodes.list_item):
            if isinstance(item.parent.parent, nodes.list_item | nodes.definition) and is_link(item):
                item["classes"].append("evidence")


def is_link(item: nodes.list_item) -> bool:
    """Tell whether an item is one paragraph with one link to another site in it."""
    match item.children:
        case [nodes.paragraph(children=[nodes.reference() as link])]:
            return "refuri" in link
    return False
