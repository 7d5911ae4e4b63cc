"""Evidence: a list item that is nothing but one link to another site, or one citation.

It proves the claim above it, of an item or of a record:

    - Implemented a solution to reduce lock contention.
      - [cacher: Use watchCacheInterval (merged)](https://github.com/…)
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from sphinx_portfolio.domain import is_record, portfolio_record
from sphinx_portfolio.sources.reader import EVIDENCE, targets


class MarkEvidence(SphinxTransform):
    """Mark evidence with a class."""

    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        """Mark the items of a page with records; lists on other pages are not evidence."""
        if self.document.next_node(portfolio_record) is None:
            return
        for item in self.document.findall(nodes.list_item):
            claim = item.parent.parent
            if (isinstance(claim, nodes.list_item) or is_record(claim)) and _is_link(item):
                item["classes"].append(EVIDENCE)


def _is_link(item: nodes.list_item) -> bool:
    """Tell whether an item is one paragraph with one link in it, to another site or a record."""
    match item.children:
        case [nodes.paragraph() as paragraph]:
            # reStructuredText's `text <address>`_ leaves a target beside the link.
            found = [each for each in paragraph.children if not isinstance(each, nodes.target)]
            match found:
                case [nodes.reference() | addnodes.pending_xref() as link]:
                    return "refuri" in link or bool(targets(link))
    return False
