"""Evidence: a list item that is nothing but one link to another site, or one citation.

It proves the claim above it, of an item, a heading or a record; its state may follow the link:

    - Implemented a solution to reduce lock contention.
      - [cacher: Use watchCacheInterval](https://github.com/…) (merged)
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from sphinx_portfolio.domain import is_record, portfolio_record
from sphinx_portfolio.sources.reader import EVIDENCE, targets

STATE = re.compile(r"\s+\(.+\)\s*", re.DOTALL)


class MarkEvidence(SphinxTransform):
    """Mark evidence, and in it the state, with classes."""

    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        """Mark the items of a page with records; lists on other pages are not evidence."""
        if self.document.next_node(portfolio_record) is None:
            return
        for item in self.document.findall(nodes.list_item):
            if _is_claim(item.parent.parent):
                _mark(item)


def _is_claim(node: nodes.Node) -> bool:
    """Return whether a node is an item, or a section of a record or within one."""
    if isinstance(node, nodes.list_item):
        return True
    while isinstance(node, nodes.section):
        if is_record(node):
            return True
        node = node.parent
    return False


def _mark(item: nodes.list_item) -> None:
    """Mark an item that is one paragraph with one link in it, to another site or a record."""
    match item.children:
        case [nodes.paragraph() as paragraph]:
            # reStructuredText's `text <address>`_ leaves a target beside the link.
            found = [each for each in paragraph.children if not isinstance(each, nodes.target)]
            match found:
                case [nodes.reference() | addnodes.pending_xref() as link, *after]:
                    is_state = [isinstance(it, nodes.Text) and STATE.fullmatch(it) for it in after]
                    if len(after) > 1 or not all(is_state):
                        return
                    if "refuri" in link or targets(link):
                        item["classes"].append(EVIDENCE)
                        for state in after:
                            marked = nodes.inline(
                                "", state.astext().strip(), classes=[f"{EVIDENCE}-state"]
                            )
                            paragraph.replace(state, [nodes.Text(" "), marked])
