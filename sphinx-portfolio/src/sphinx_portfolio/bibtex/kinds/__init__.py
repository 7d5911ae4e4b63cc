"""The kinds of records that are written in BibTeX: one module for each, and the table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_portfolio.bibtex.kinds import publication, talk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx_portfolio.bibtex.conversion import BibKind

BIB_KINDS: Mapping[str, BibKind] = {
    module.BIB_KIND.kind.name: module.BIB_KIND for module in (publication, talk)
}
