"""Sphinx's link check builder, with results that can be read if the check is killed."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.builders.linkcheck import CheckExternalLinksBuilder

from sphinx_portfolio.sources import locations

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

PLAN = "plan.json"
"""File beside Sphinx's `output.json`: each address to check, with the places that have it."""

# Sphinx ignores these.
NEVER_CHECKED = ("#", "mailto:", "tel:")


class PlannedLinkCheckBuilder(CheckExternalLinksBuilder):
    """Writes the plan before the check, and each result at once."""

    def init(self) -> None:
        """Start with no places, as Sphinx starts with no hyperlinks."""
        super().init()
        self.places: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Store all places of each address; Sphinx keeps the first."""
        bibliographies = self.env.domaindata["cite"]["bibdata"].bibfiles
        for node in doctree.findall(nodes.reference):
            address = node.get("refuri", "")
            path, line = locations.find(node, address, bibliographies)
            self.places[address].append((os.path.relpath(path, self.srcdir), line))

    def finish(self) -> None:
        """Write the plan, then check."""
        plan = {
            # Images, and addresses that a `linkcheck-process-uri` handler changed, have one place.
            link.uri: self.places.get(link.uri)
            or [(str(self.env.doc2path(link.docname, base=False)), link.lineno)]
            for link in self.hyperlinks.values()
            if not link.uri.startswith(NEVER_CHECKED)
        }
        (self.outdir / PLAN).write_text(json.dumps(plan), encoding="utf-8")
        super().finish()

    def write_linkstat(self, data: dict[str, str | int]) -> None:
        """Write a result to the disk: a buffer is lost if the process is killed."""
        super().write_linkstat(data)
        self.json_outfile.flush()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Replace Sphinx's builder."""
    app.add_builder(PlannedLinkCheckBuilder, override=True)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
