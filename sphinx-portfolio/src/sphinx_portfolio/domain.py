"""The Sphinx domain: it holds the records, resolves references to them, and makes the Portfolio.

Arranged like Sphinx's own `domains/citation.py` and `domains/changeset.py`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.domains import Domain, ObjType
from sphinx.roles import XRefRole
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from sphinx_portfolio import config
from sphinx_portfolio.model import KINDS, Job, RecordError, assemble, consistency
from sphinx_portfolio.model.validators import verbatim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_portfolio.model import Portfolio, Record
    from sphinx_portfolio.model.files import File

logger = logging.getLogger(__name__)


class portfolio_record(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """The place of a record's facts: holds kind and options, and once it is read the id."""


class RecordRole(XRefRole):
    """A reference to a record; without a text of its own it reads as the record's name."""

    def __init__(self) -> None:
        super().__init__(innernodeclass=nodes.inline, warn_dangling=True)

    def result_nodes(
        self, document: nodes.document, env: BuildEnvironment, node: nodes.Element, is_ref: bool
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Remove Sphinx's CSS class, such as `portfolio-talk`: it is the class of an entry."""
        for inner in node.findall(nodes.inline):
            inner["classes"].remove(f"{self.refdomain}-{self.reftype}")
        return [node], []


class PortfolioDomain(Domain):
    """The records of a portfolio, of all kinds."""

    name = "portfolio"
    label = "Portfolio"
    object_types: ClassVar = {kind: ObjType(kind, kind) for kind in KINDS}
    roles: ClassVar = {kind: RecordRole() for kind in KINDS}
    # By page, `read` holds the records, also those whose id is taken: they count once the other
    # is gone; `references` the ids that the page refers to. `views` are the pages with views.
    # `talk_files` are the BibTeX files of talks, `files` the exported files, and `left_out` the
    # names of those whose extra is not installed. By output folder, `written` is what was
    # written there, `stale` the files of it that are not made any more.
    initial_data: ClassVar = {
        "read": {},
        "references": {},
        "views": set(),
        "portfolio": None,
        "talk_files": (),
        "files": (),
        "left_out": (),
        "written": {},
        "stale": (),
    }
    data_version = 6

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

    @property
    def talk_files(self) -> tuple[Path, ...]:
        """The BibTeX files of talks, resolved."""
        return cast("tuple[Path, ...]", self.data["talk_files"])

    @property
    def files(self) -> tuple[File, ...]:
        """The exported files beside the pages."""
        return cast("tuple[File, ...]", self.data["files"])

    @property
    def left_out(self) -> tuple[str, ...]:
        """The names of the files that are not exported, since their extra is not installed."""
        return cast("tuple[str, ...]", self.data["left_out"])

    def all_records(self) -> list[Record]:
        """Return the records in the order in which they are written."""
        read = cast("dict[str, list[Record]]", self.data["read"])
        found = (record for records in read.values() for record in records)
        return sorted(found, key=lambda record: (record.source, record.line, record.docname))

    def note_record(self, record: Record) -> None:
        """Store a record."""
        self.data["read"].setdefault(record.docname, []).append(record)

    def note_references(self, docname: str, ids: Set[str]) -> None:
        """Store which ids a page refers to; records may have them."""
        self.data["references"][docname] = ids

    def note_view(self, docname: str) -> None:
        """Store that a page has a view."""
        self.data["views"].add(docname)

    def pages_showing(self, ids: Set[str]) -> set[str]:
        """Return the pages with records, views, or references to one of these ids."""
        references = cast("dict[str, Set[str]]", self.data["references"])
        referring = (page for page, targets in references.items() if not ids.isdisjoint(targets))
        return {*self.data["read"], *self.data["views"], *referring}

    def clear_doc(self, docname: str) -> None:
        """Remove what was read on a page."""
        self.data["read"].pop(docname, None)
        self.data["references"].pop(docname, None)
        self.data["views"].discard(docname)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Store what another process read on its pages."""
        for name in ("read", "references"):
            self.data[name] |= {
                docname: found for docname, found in otherdata[name].items() if docname in docnames
            }
        self.data["views"] |= otherdata["views"] & docnames

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
        """Yield what the inventory lists; the search finds records by their headings."""
        for id_, record in sorted(self.portfolio.by_id.items()):
            yield id_, record.title, record.kind, record.docname, id_, -1


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

    MyST would ask all domains, and find a page of this name or a citation, too. A label of a
    page comes first.
    """
    records = portfolio_domain(env).portfolio.by_id
    standard = env.domains.standard_domain
    for node in document.findall(addnodes.pending_xref):
        if (
            node["reftype"] != "myst"
            or node["refdomain"]
            or node["reftarget"] in standard.anonlabels
        ):
            continue
        if record := records.get(node["reftarget"]):
            node["refdomain"] = PortfolioDomain.name
            node["reftype"] = record.kind


def claim(document: nodes.document, node: nodes.Element, id_: str) -> None:
    """Make an id the address of a node; RecordError if the page has it elsewhere.

    The id of a heading, which docutils makes from its words, gives way.
    """
    owner = document.ids.get(id_)
    if owner is not None and owner is not node:
        names = [name for name, known in document.nameids.items() if known == id_]
        is_record = any(isinstance(child, portfolio_record) for child in owner.children)
        explicit = any(document.nametypes.get(name) for name in names)
        if is_record or explicit or not isinstance(owner, nodes.section):
            message = f"the page has the id {id_!r} already: choose another"
            raise RecordError(message)
        owner["ids"].remove(id_)
        document.ids[id_] = node
        if not owner["ids"]:
            document.set_id(owner)
        for name in names:
            document.nameids[name] = owner["ids"][0]
    node["ids"] = [id_, *(name for name in node["ids"] if name != id_)]
    document.ids[id_] = node


def env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Make the Portfolio."""
    domain = portfolio_domain(env)
    values = app.config
    domain.data["portfolio"] = assemble(
        config.person(values),
        config.today(),
        domain.records.values(),
        values.portfolio_topics,
        values.portfolio_paper,
        values.portfolio_cv_pages,
    )


def changed_pages(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Write the pages with records, views or references again if the Portfolio changed.

    Views draw from all records: Sphinx itself would write only the pages that were read again.
    In a site it is all pages, also if what other pages show changed: headings and toctrees in
    their navigation, or a style sheet, whose address has a digest.
    """
    domain = portfolio_domain(env)
    is_site = config.SITE in app.extensions
    state = (domain.portfolio, domain.files, (_frame(env), _styles(app)) if is_site else ())
    # Several builders may share what was read.
    written = domain.data["written"]
    old = written.get(str(app.outdir))
    names = {file.name for file in domain.files}
    domain.data["stale"] = tuple(
        file.name for file in (old[1] if old else ()) if file.name not in names
    )
    written[str(app.outdir)] = state
    if old == state:
        return []
    if is_site:
        return sorted(env.found_docs)
    ids = {*domain.portfolio.by_id, *(old[0].by_id if old else ())}
    return sorted(domain.pages_showing(ids) & env.found_docs)


def _frame(env: BuildEnvironment) -> tuple[object, ...]:
    """Return what the navigation shows: headings, toctrees with their options, labels."""
    labels = env.domains.standard_domain
    return (
        sorted((name, toc.pformat()) for name, toc in env.tocs.items()),
        sorted(labels.labels.items()),
        sorted(labels.anonlabels.items()),
    )


def _styles(app: Sphinx) -> list[tuple[str, str]]:
    """Return digests of style sheets and scripts, which pages have in their addresses."""
    folders = [Path(app.confdir, name) for name in app.config.html_static_path]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return sorted(
        (str(path), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in files
        if path.suffix in {".css", ".js"}
    )


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
    if label and not any(verbatim(title, label) for title in titles):
        logger.warning(
            "portfolio_person: the label %r is no run of the words of a job's title: %s",
            label,
            ", ".join(map(repr, titles)) or "there is no job",
            # Without a colon Sphinx takes it for a page's name.
            location=f"{Path(app.confdir, 'conf.py')}:1",
            type="portfolio",
            subtype="person",
        )
    for problem in consistency.check(domain.portfolio):
        logger.warning(
            problem.message,
            location=problem.record.place,
            type="portfolio",
            subtype=problem.subtype,
        )
    for record in domain.portfolio.records if config.SITE in app.extensions else ():
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
        near = consistency.suggest(target, known) or ": write the :id: of one"
        message = f"no {kind} {target!r}{near}"
    logger.warning(message, location=node, type="ref", subtype=kind)
    return True
