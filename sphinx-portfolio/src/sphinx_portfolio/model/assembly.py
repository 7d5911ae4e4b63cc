"""Makes a Portfolio of records: sorted, its references named. Standard library alone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sphinx_portfolio.model.records import Portfolio

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx_portfolio.model.dates import Date
    from sphinx_portfolio.model.records import Person, Record
    from sphinx_portfolio.model.richtext import RichText


def assemble(
    person: Person,
    today: Date,
    records: Iterable[Record],
    topics: Mapping[str, str] | None = None,
    paper: str = "a4",
) -> Portfolio:
    """Sort records into a portfolio, and give references without words the name they lead to."""
    written = sorted(records, key=lambda record: (record.source, record.line, record.id))
    dated = [record for record in written if record.period is not None]
    dated.sort(key=lambda record: record.period.newest_first, reverse=True)  # type: ignore[union-attr]
    undated = [record for record in written if record.period is None]
    names = {record.id: record.name for record in written}
    named = partial(_named, names=names)
    read = tuple(
        replace(
            record,
            summary=named(record.summary),
            evidence=named(record.evidence),
            highlights=tuple(each.mapped(named) for each in record.highlights),
            details=tuple(each.mapped(named) for each in record.details),
        )
        for record in (*dated, *undated)
    )
    return Portfolio(person, today, read, tuple((topics or {}).items()), paper)


def _named(text: RichText, names: Mapping[str, str]) -> RichText:
    return tuple(
        run if run.text else replace(run, text=names.get(run.target, run.target)) for run in text
    )
