"""The Sphinx domain: it holds the records, resolves references to them, and makes the Portfolio.

Arranged like Sphinx's own `domains/citation.py` and `domains/changeset.py`.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.domains import Domain, ObjType
from sphinx.roles import XRefRole
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from portfolio import checks
from portfolio.dates import Date
from portfolio.records import Person, Portfolio, Record, assemble

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

KINDS = ("job", "degree", "project", "talk", "award", "service", "skill")


class RecordRole(XRefRole):
    """A reference to a record; without a text of its own it reads as the record's name."""

    def __init__(self) -> None:
        super().__init__(innernodeclass=nodes.inline, warn_dangling=True)


class PortfolioDomain(Domain):
    """Jobs, degrees, projects, talks, awards, services and skills."""

    name = "portfolio"
    label = "Portfolio"
    object_types: ClassVar = {kind: ObjType(kind, kind) for kind in KINDS}
    roles: ClassVar = {kind: RecordRole() for kind in KINDS}
    dangling_warnings: ClassVar = {
        kind: f"no {kind} %(target)r: write the :id: of one" for kind in KINDS
    }
    initial_data: ClassVar = {"records": {}, "portfolio": None, "frame": None}
    data_version = 1

    @property
    def records(self) -> dict[str, Record]:
        """The records by id, as the pages were read."""
        return cast("dict[str, Record]", self.data["records"])

    @property
    def portfolio(self) -> Portfolio:
        """All records, once every page has been read."""
        return cast("Portfolio", self.data["portfolio"])

    def note_record(self, record: Record) -> None:
        """Take a record in; of two with one id the one written first is kept."""
        other = self.records.get(record.id)
        if other is None:
            self.records[record.id] = record
            return
        first, second = sorted((other, record), key=lambda each: (each.source, each.line))
        logger.warning(
            "the id %r is taken already, at %s: an id is an address, give each record its own",
            record.id,
            first.place,
            location=second.place,
            type="portfolio",
            subtype="duplicate",
        )
        self.records[record.id] = first

    def clear_doc(self, docname: str) -> None:
        """Forget the records of a page."""
        for id_, record in list(self.records.items()):
            if record.docname == docname:
                del self.records[id_]

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take in the records of the pages that another process read."""
        for record in otherdata["records"].values():
            if record.docname in docnames:
                self.note_record(record)

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """Lead to the record, if there is one of this kind and id."""
        record = self.records.get(target)
        if record is None or record.kind != typ:
            return None
        if not node.get("refexplicit"):
            contnode = nodes.inline(record.name, record.name, classes=contnode["classes"])
        return make_refnode(builder, fromdocname, record.docname, record.id, contnode, record.title)

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Lead to the record of this id, whatever its kind."""
        if target not in self.records:
            return []
        kind = self.records[target].kind
        found = self.resolve_xref(env, fromdocname, builder, kind, target, node, contnode)
        return [(f"portfolio:{kind}", found)] if found else []

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield what the inventory and the search list."""
        for id_, record in sorted(self.records.items()):
            yield id_, record.title, record.kind, record.docname, id_, 1


def portfolio_domain(env: BuildEnvironment) -> PortfolioDomain:
    """Return this domain of an environment."""
    return cast("PortfolioDomain", env.get_domain(PortfolioDomain.name))


def reference(record: Record, docname: str, text: str = "") -> addnodes.pending_xref:
    """Make a reference from a page to a record, to be resolved as if an author had written it."""
    return addnodes.pending_xref(
        "",
        nodes.inline("", text or record.name),
        refdomain=PortfolioDomain.name,
        reftype=record.kind,
        reftarget=record.id,
        refdoc=docname,
        refexplicit=bool(text),
        refwarn=True,
    )


def today() -> Date:
    """Return the day that past and present are told by: SOURCE_DATE_EPOCH's, else the clock's."""
    seconds = float(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    day = datetime.fromtimestamp(seconds, UTC)
    return Date(day.year, day.month, day.day)


def env_updated(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Make the Portfolio; write every page again when it changed, or what frames all pages did.

    Views draw from all records, and a page's title or its place in a toctree
    stands in the navigation of every other page: Sphinx itself would leave
    those as they were.
    """
    domain = portfolio_domain(env)
    portfolio = assemble(
        Person(app.config.project), today(), domain.records.values(), app.config.portfolio_topics
    )
    labels = env.domains.standard_domain
    frame = (
        {name: title.astext() for name, title in sorted(env.titles.items())},
        sorted(env.toctree_includes.items()),
        sorted(labels.labels.items()),
        sorted(labels.anonlabels.items()),
    )
    same = (domain.data["portfolio"], domain.data["frame"]) == (portfolio, frame)
    domain.data["portfolio"], domain.data["frame"] = portfolio, frame
    return [] if same else sorted(env.found_docs)


def check_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Say what is wrong between records, and which stand on pages that nobody finds."""
    portfolio = portfolio_domain(env).portfolio
    for problem in checks.check(portfolio):
        logger.warning(
            problem.message,
            location=problem.record.place,
            type="portfolio",
            subtype=problem.subtype,
        )
    for record in portfolio.records:
        if "orphan" in env.metadata[record.docname]:
            logger.warning(
                "%s %r stands on an orphan page, which no menu leads to: "
                "name the page in a toctree and take `orphan` away",
                record.kind,
                record.id,
                location=record.place,
                type="portfolio",
                subtype="orphan",
            )


def warn_missing_reference(app: Sphinx, domain: Domain, node: pending_xref) -> bool | None:
    """Suggest the nearest record for a reference that leads nowhere."""
    if domain is None or domain.name != PortfolioDomain.name:
        return None
    kind, target = node["reftype"], node["reftarget"]
    records = portfolio_domain(app.env).records
    if other := records.get(target):
        message = f"{target!r} is no {kind}, but a {other.kind}: write {{{other.kind}}}`{target}`"
    else:
        known = [id_ for id_, record in records.items() if record.kind == kind]
        message = f"no {kind} {target!r}{checks.suggest(target, known)}"
    logger.warning(message, location=node, type="ref", subtype=kind)
    return True
