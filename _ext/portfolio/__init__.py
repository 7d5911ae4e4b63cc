"""A portfolio that is documentation: the Sphinx extension and the commands around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portfolio import bibliography, bibstyle, evidence, head

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the parts, in the order in which data flows through them."""
    app.setup_extension("sphinxcontrib.bibtex")
    bibstyle.register()
    app.add_transform(evidence.MarkEvidence)
    app.add_post_transform(bibliography.BibliographyList)
    app.connect("env-updated", bibliography.env_updated)
    app.setup_extension("portfolio.linkcheck")
    # Before and after sphinxext-opengraph (500).
    app.connect("html-page-context", head.describe, priority=400)
    app.connect("html-page-context", head.drop_unknown_address, priority=600)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
