"""The Sphinx domain: it holds the records, resolves references to them, and makes the Portfolio.

Arranged like Sphinx's own `domains/citation.py` and `domains/changeset.py`.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.domains import Domain, ObjType
from sphinx.roles import XRefRole
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from portfolio import checks, person
from portfolio.assembly import assemble
from portfolio.dates import Date
from portfolio.fields import run_of
from portfolio.records import Job

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from portfolio.records import Portfolio, Record

logger = logging.getLogger(__name__)

KINDS = ("job", "degree", "project", "talk", "award", "service", "skill")


class RecordRole(XRefRole):
    """A reference to a record; without a text of its own it reads as the record's name."""

    def __init__(self) -> None:
        super().__init__(innernodeclass=nodes.inline, warn_dangling=True)


class Anchor(str):
    """An anchor that the search index writes out.

    Sphinx leaves out one that equals the object's name, and the search then
    takes the title for it: https://github.com/sphinx-doc/sphinx/issues/10380.
    """

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return False


class PortfolioDomain(Domain):
    """Jobs, degrees, projects, talks, awards, services and skills."""

    name = "portfolio"
    label = "Portfolio"
    object_types: ClassVar = {kind: ObjType(kind, kind) for kind in KINDS}
    roles: ClassVar = {kind: RecordRole() for kind in KINDS}
    # `read` holds the records of each page, also those whose id is taken: they
    # count once the other is gone. `written` is what a folder was written from,
    # `stale` which files of that are made no more.
    initial_data: ClassVar = {"read": {}, "portfolio": None, "written": {}, "stale": ()}
    data_version = 4

    @property
    def records(self) -> dict[str, Record]:
        """The records by id, as the pages were read; of two with one id the one written first."""
        records: dict[str, Record] = {}
        for record in self.all_records():
            records.setdefault(record.id, record)
        return records

    @property
    def portfolio(self) -> Portfolio:
        """All records, once every page has been read."""
        return cast("Portfolio", self.data["portfolio"])

    def all_records(self) -> list[Record]:
        """Return the records in the order in which they are written."""
        read = cast("dict[str, list[Record]]", self.data["read"])
        found = (record for records in read.values() for record in records)
        return sorted(found, key=lambda record: (record.source, record.line, record.docname))

    def note_record(self, record: Record) -> None:
        """Take a record in."""
        self.data["read"].setdefault(record.docname, []).append(record)

    def clear_doc(self, docname: str) -> None:
        """Forget the records of a page."""
        self.data["read"].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take in the records of the pages that another process read."""
        self.data["read"] |= {
            docname: records
            for docname, records in otherdata["read"].items()
            if docname in docnames
        }

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
        record = self.portfolio.by_id.get(target)
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
        record = self.portfolio.by_id.get(target)
        if record is None:
            return []
        found = self.resolve_xref(env, fromdocname, builder, record.kind, target, node, contnode)
        return [(f"portfolio:{record.kind}", found)] if found else []

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield what the inventory and the search list."""
        for id_, record in sorted(self.portfolio.by_id.items()):
            yield id_, record.title, record.kind, record.docname, Anchor(id_), 1


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


def lead_links(document: nodes.document, env: BuildEnvironment) -> None:
    """Make MyST's `[](#id)` a reference to the record of this id.

    MyST would ask all domains, and find a page of this name or a citation, too.
    """
    records = portfolio_domain(env).portfolio.by_id
    for node in document.findall(addnodes.pending_xref):
        if node["reftype"] == "myst" and not node["refdomain"] and node["reftarget"] in records:
            node["refdomain"] = PortfolioDomain.name
            node["reftype"] = records[node["reftarget"]].kind


def today() -> Date:
    """Return the day that past and present are told by: SOURCE_DATE_EPOCH's, else the clock's."""
    seconds = float(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    day = datetime.fromtimestamp(seconds, UTC)
    return Date(day.year, day.month, day.day)


def env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Make the Portfolio."""
    domain = portfolio_domain(env)
    config = app.config
    domain.data["portfolio"] = assemble(
        person.read(config.project, config.html_baseurl, config.portfolio_person),
        today(),
        domain.records.values(),
        config.portfolio_topics,
        config.portfolio_paper,
    )


def changed_pages(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Write every page again when the Portfolio changed, or what frames all pages did.

    Views draw from all records, and a page's headings and its place in a toctree
    stand in the navigation of other pages: Sphinx itself would leave those as
    they were.
    """
    domain = portfolio_domain(env)
    labels = env.domains.standard_domain
    frame = (
        # Headings, and toctrees with their entries and options.
        sorted((name, toc.pformat()) for name, toc in env.tocs.items()),
        sorted(labels.labels.items()),
        sorted(labels.anonlabels.items()),
    )
    # Several builders may share what was read.
    written = cast("dict[str, tuple[Portfolio, object]]", domain.data["written"])
    old, new = written.get(str(app.outdir)), (domain.portfolio, frame)
    names = {file.name for file in domain.portfolio.files}
    domain.data["stale"] = tuple(
        file.name for file in (old[0].files if old else ()) if file.name not in names
    )
    written[str(app.outdir)] = new
    return [] if old == new else sorted(env.found_docs)


def check_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Say what is wrong between records, and which stand on pages that nobody finds."""
    domain = portfolio_domain(env)
    for record in domain.all_records():
        first = domain.portfolio.by_id[record.id]
        # sphinxcontrib-bibtex reports talks that are listed twice.
        if first.place != record.place:
            logger.warning(
                "the id %r is taken already, at %s: an id is an address, give each record its own",
                record.id,
                first.place,
                location=record.place,
                type="portfolio",
                subtype="duplicate",
            )
    label, titles = domain.portfolio.person.label, [job.title for job in domain.portfolio.of(Job)]
    if label and not any(run_of(title, label) for title in titles):
        logger.warning(
            "portfolio_person: the label %r is no run of the words of a job's title: %s",
            label,
            ", ".join(map(repr, titles)) or "there is no job",
            # Without a colon Sphinx takes it for a page's name.
            location=f"{Path(app.confdir, 'conf.py')}:1",
            type="portfolio",
            subtype="person",
        )
    for problem in checks.check(domain.portfolio):
        logger.warning(
            problem.message,
            location=problem.record.place,
            type="portfolio",
            subtype=problem.subtype,
        )
    for record in domain.portfolio.records:
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
    records = portfolio_domain(app.env).portfolio.by_id
    if other := records.get(target):
        message = f"{target!r} is no {kind}, but a {other.kind}: write {{{other.kind}}}`{target}`"
    else:
        known = [id_ for id_, record in records.items() if record.kind == kind]
        near = checks.suggest(target, known) or ": write the :id: of one"
        message = f"no {kind} {target!r}{near}"
    logger.warning(message, location=node, type="ref", subtype=kind)
    return True
