"""The index of entries and pages that search fields list while one types.

It is a script, since browsers load no data from a file system.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sphinx.errors import ExtensionError

from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.exports.making import not_written, write
from sphinx_portfolio.html.publishing import is_site
from sphinx_portfolio.model import Skill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from sphinx_portfolio.model import Record

NAME = "portfolio-index.js"


def build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write the index beside the pages."""
    if exception or not is_site(app.builder):
        return
    entries = json.dumps(list(_entries(app)), separators=(",", ":"))
    try:
        write(app.outdir, {NAME: f"var portfolioIndex={entries};\n".encode()})
    except OSError as error:
        raise ExtensionError(not_written(app.outdir, error)) from error


def _entries(app: Sphinx) -> Iterator[tuple[str, str, str, list[str]]]:
    """Yield title, kind, address relative to home, and other names: of records, then of pages."""
    address = app.builder.get_target_uri
    portfolio = portfolio_domain(app.env).portfolio
    records, gettext = portfolio.records, portfolio.translator.gettext
    for record in records:
        place = f"{address(record.docname)}#{record.id}"
        yield record.title, gettext(record.kind), place, _names(record)
    known = {(record.docname, record.title) for record in records}
    for page in sorted(app.env.found_docs):
        title = app.env.titles[page].astext()
        if (page, title) not in known and "orphan" not in app.env.metadata[page]:
            yield title, gettext("page"), address(page), []


def _names(record: Record) -> list[str]:
    """Return the names by which a record is found besides its title."""
    aliases = record.aliases if isinstance(record, Skill) else ()
    names = dict.fromkeys((record.name, record.short, record.where, *aliases))
    return [name for name in names if name and name != record.title]
