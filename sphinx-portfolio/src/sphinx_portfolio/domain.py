"""The Sphinx domain: stores records, resolves references to them, makes the Portfolio.

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
from sphinx_portfolio.model import (
    KINDS,
    CreativeWork,
    Lab,
    Portfolio,
    Record,
    RecordError,
    Run,
    assemble,
    consistency,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_portfolio.model import RichText
    from sphinx_portfolio.model.diagnosis import Hint
    from sphinx_portfolio.model.files import File

logger = logging.getLogger(__name__)

LAB = "lab"  # the type of labs, which are no records


class portfolio_record(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """The place of a record's facts; has `kind` and `options`, and `record` (the id) once read."""


def warn(subtype: str, place: str | nodes.Node, message: str) -> None:
    """Log a warning of the type `portfolio.SUBTYPE`; a place is `file:line` or a node."""
    logger.warning("%s", message, location=place, type="portfolio", subtype=subtype)


def is_record(node: nodes.Element) -> bool:
    """Return whether a node is the section of a record."""
    return any(isinstance(child, portfolio_record) for child in node.children)


class RecordRole(XRefRole):
    """A reference to a record; its text is the record's name unless the author gives one."""

    def result_nodes(
        self, document: nodes.document, env: BuildEnvironment, node: nodes.Element, is_ref: bool
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Remove Sphinx's CSS class, such as `portfolio-talk`, which is the class of entries."""
        for inner in node.findall(nodes.inline):
            inner["classes"].remove(f"{self.refdomain}-{self.reftype}")
        return [node], []


class PortfolioDomain(Domain):
    """The records of a portfolio, of all kinds."""

    name = "portfolio"
    label = "Portfolio"
    object_types: ClassVar = {kind: ObjType(kind, kind) for kind in (*KINDS, LAB)}
    roles: ClassVar = {
        kind: RecordRole(innernodeclass=nodes.inline, warn_dangling=True) for kind in (*KINDS, LAB)
    }
    # - By page: `read` are its records, also those with a duplicate id, which count once the other
    #   is removed; `references` are the ids that it refers to, `labs` its labs. `views` are the
    #   pages with views.
    # - `bibtex_files` are the names of the kinds of BibTeX files, `works` are the works by file and
    #   key, `hints` is what the doctor finds in them, `other_bibtex` what sphinxcontrib-bibtex read
    #   of the other files.
    # - `files` are the exported files, `contents` what they were made from and their bytes,
    #   `pictures` are the share pictures and icons, `drawn` likewise what they were made from;
    #   `markdown` are the files of Markdown that are written with the pages.
    #   `left_out` the names of files that can't be made, `notes` are the reasons.
    # - By output folder: `written` is what its pages show. `stale` are the exported files in the
    #   current output folder that are not made anymore.
    initial_data: ClassVar = {
        "read": {},
        "references": {},
        "labs": {},
        "engine": "",  # that ran the labs
        "views": set(),
        "portfolio": None,
        "bibtex_files": {},
        "works": {},
        "hints": (),
        "other_bibtex": None,
        "files": (),
        "contents": (None, {}, ()),
        "pictures": (),
        "drawn": (None, {}, ()),
        "markdown": (),
        "left_out": (),
        "notes": (),
        "written": {},
        "stale": (),
    }
    data_version = 10

    @property
    def portfolio(self) -> Portfolio:
        """The person and all records; None until all pages are read."""
        return cast("Portfolio", self.data["portfolio"])

    @property
    def bibtex_files(self) -> dict[Path, str]:
        """The names of the kinds of the BibTeX files of talks and the like, by resolved path."""
        return cast("dict[Path, str]", self.data["bibtex_files"])

    @property
    def works(self) -> dict[Path, dict[str, CreativeWork]]:
        """The works of each file by key, not yet on a page."""
        return cast("dict[Path, dict[str, CreativeWork]]", self.data["works"])

    @property
    def hints(self) -> tuple[Hint, ...]:
        """What the doctor finds in the BibTeX files."""
        return cast("tuple[Hint, ...]", self.data["hints"])

    @property
    def files(self) -> tuple[File, ...]:
        """The exported files beside the pages."""
        return cast("tuple[File, ...]", self.data["files"])

    @property
    def contents(self) -> dict[str, bytes]:
        """The contents of the exported files by name."""
        return cast("dict[str, bytes]", self.data["contents"][1])

    @property
    def pictures(self) -> tuple[File, ...]:
        """The share pictures and icons of a site."""
        return cast("tuple[File, ...]", self.data["pictures"])

    @property
    def left_out(self) -> tuple[str, ...]:
        """The names of the files that can't be made: an extra or a font is missing."""
        return cast("tuple[str, ...]", self.data["left_out"])

    def all_records(self) -> list[Record]:
        """Return the records of all pages in the order of the sources, with duplicate ids."""
        read = cast("dict[str, list[Record]]", self.data["read"])
        found = (record for records in read.values() for record in records)
        return sorted(found, key=lambda record: (record.source, record.line, record.docname))

    def note_record(self, record: Record) -> None:
        """Store a record."""
        self.data["read"].setdefault(record.docname, []).append(record)

    def note_references(self, docname: str, ids: Set[str]) -> None:
        """Store the ids that a page refers to: of records or of anything else."""
        self.data["references"][docname] = ids

    def all_labs(self) -> list[Lab]:
        """Return the labs of all pages in the order of the sources, with duplicate ids."""
        found = cast("dict[str, list[Lab]]", self.data["labs"])
        labs = (lab for labs in found.values() for lab in labs)
        return sorted(labs, key=lambda lab: (lab.source, lab.line))

    def note_lab(self, lab: Lab) -> None:
        """Store a lab."""
        self.data["labs"].setdefault(lab.docname, []).append(lab)

    def note_view(self, docname: str) -> None:
        """Store that a page has a view."""
        self.data["views"].add(docname)

    def pages_showing(self, ids: Set[str]) -> set[str]:
        """Return the pages with records, with views, or with references to these ids."""
        references = cast("dict[str, Set[str]]", self.data["references"])
        referring = (page for page, targets in references.items() if not ids.isdisjoint(targets))
        return {*self.data["read"], *self.data["views"], *self.data["labs"], *referring}

    def clear_doc(self, docname: str) -> None:
        """Remove what was read on a page."""
        self.data["read"].pop(docname, None)
        self.data["references"].pop(docname, None)
        self.data["labs"].pop(docname, None)
        self.data["views"].discard(docname)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Store what another process read on its pages."""
        for name in ("read", "references", "labs"):
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
        """Return a reference to the record of this kind and id; None if there is none."""
        if typ == LAB:
            lab = next((lab for lab in self.portfolio.labs if lab.id == target), None)
            if lab is None:
                return None
            if not node.get("refexplicit"):
                contnode = nodes.inline(lab.title, lab.title, classes=contnode["classes"])
            return make_refnode(builder, fromdocname, lab.docname, lab.anchor, contnode, lab.title)
        record = self.portfolio.by_id.get(target)
        if record is None or record.kind != typ:
            return None
        if not node.get("refexplicit"):
            name = styled(_rich_name(record))
            contnode = nodes.inline(record.name, "", *name, classes=contnode["classes"])
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
        """Return a reference to the record of this id, of any kind."""
        record = self.portfolio.by_id.get(target)
        if record is None:
            return []
        found = self.resolve_xref(env, fromdocname, builder, record.kind, target, node, contnode)
        return [(f"portfolio:{record.kind}", found)] if found else []

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield the records for the inventory; the search finds them by headings and index."""
        for id_, record in sorted(self.portfolio.by_id.items()):
            yield id_, record.title, record.kind, record.docname, id_, -1
        for lab in self.portfolio.labs:
            yield lab.id, lab.title, LAB, lab.docname, lab.anchor, -1


def portfolio_domain(env: BuildEnvironment) -> PortfolioDomain:
    """Return this domain of an environment."""
    return cast("PortfolioDomain", env.get_domain(PortfolioDomain.name))


def reference(record: Record, docname: str, text: str = "") -> addnodes.pending_xref:
    """Return a reference from a page to a record, unresolved, as the role makes it."""
    return addnodes.pending_xref(
        "",
        nodes.inline("", "", *([nodes.Text(text)] if text else styled(_rich_name(record)))),
        refdomain=PortfolioDomain.name,
        reftype=record.kind,
        reftarget=record.id,
        refdoc=docname,
        refexplicit=bool(text),
        refwarn=True,
    )


def lab_reference(lab: Lab, docname: str, text: str = "") -> addnodes.pending_xref:
    """Return a reference from a page to a lab, unresolved, as the role makes it."""
    return addnodes.pending_xref(
        "",
        nodes.inline("", text or lab.title),
        refdomain=PortfolioDomain.name,
        reftype=LAB,
        reftarget=lab.id,
        refdoc=docname,
        refexplicit=bool(text),
        refwarn=True,
    )


def _rich_name(record: Record) -> RichText:
    """Return the name of a record, with the styles of the title if that is the name."""
    return record.rich_title if record.name == record.title else (Run(record.name),)


def styled(text: RichText) -> list[nodes.Node]:
    """Return the nodes of a text whose links are addresses."""
    return [_styled(run) for run in text]


def _styled(run: Run) -> nodes.Node:
    node: nodes.Node = nodes.literal("", run.text) if run.code else nodes.Text(run.text)
    if run.emphasis:
        node = nodes.emphasis("", "", node)
    if run.strong:
        node = nodes.strong("", "", node)
    return nodes.reference("", "", node, refuri=run.target) if run.target else node


def resolve_myst_links(document: nodes.document, env: BuildEnvironment) -> None:
    """Turn MyST's `[](#id)` into references to the records of these ids.

    MyST would ask all domains, and also find pages and citations of this name. Labels of pages
    take precedence.
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


def _has_record(node: nodes.Element, id_: str) -> bool:
    """Return whether a node is the section or the entry of the record with an id."""
    if not isinstance(node, nodes.section):
        return is_record(node)
    records = (child for child in node.children if isinstance(child, portfolio_record))
    return any(record["options"].get("id") == id_ for record in records)


def assign_id(document: nodes.document, node: nodes.Element, id_: str) -> None:
    """Give a node an id; RecordError if a record or an explicit target of the page has it.

    A heading that has the id because of its words gets another one.
    """
    owner = document.ids.get(id_)
    if owner is not None and owner is not node:
        is_explicit = any(
            document.nametypes[name] for name, known in document.nameids.items() if known == id_
        )
        if is_explicit or _has_record(owner, id_) or not isinstance(owner, nodes.section):
            raise RecordError(f"the page has the id {id_!r} already: choose another")
        owner["ids"].remove(id_)
        document.ids[id_] = node
        if not owner["ids"]:
            document.set_id(owner)
    node["ids"] = [id_, *(name for name in node["ids"] if name != id_)]
    document.ids[id_] = node


# -- Hooks ----------------------------------------------------------------------


def env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Make the Portfolio, with the first of several records with the same id."""
    domain = portfolio_domain(env)
    records = {record.id: record for record in reversed(domain.all_records())}
    values = app.config
    domain.data["portfolio"] = assemble(
        config.person(values),
        config.today(),
        records.values(),
        values.portfolio_topics,
        values.portfolio_paper,
        values.portfolio_cv_pages,
        config.fonts(app),
        config.translator(app),
        {lab.id: lab for lab in reversed(domain.all_labs())}.values(),
    )


def changed_pages(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Return the pages to write again, beside those that Sphinx read again.

    If the Portfolio changed, these are the pages with records, views or references. In a site
    these are all pages, also if the navigation or the digest in a style sheet's address changed.
    """
    domain = portfolio_domain(env)
    is_site = config.SITE in app.extensions
    files = (*domain.files, *domain.pictures, *domain.data["markdown"])
    state = (domain.portfolio, files, (_frame(env), _styles(app)) if is_site else ())
    # By output folder: several builders may share one environment.
    written = domain.data["written"]
    old = written.get(str(app.outdir))
    names = {file.name for file in files}
    domain.data["stale"] = tuple(
        file.name for file in (old[1] if old else ()) if file.name not in names
    )
    written[str(app.outdir)] = state
    if old == state:
        return []
    if is_site:
        return sorted(env.found_docs)
    ids = {*_names(domain.portfolio), *(_names(old[0]) if old else ())}
    return sorted(domain.pages_showing(ids) & env.found_docs)


def _names(portfolio: Portfolio) -> Iterator[str]:
    """Yield the ids of the records, and the keys of works, by which pages cite them."""
    yield from portfolio.by_id
    yield from (lab.id for lab in portfolio.labs)
    yield from (work.key for work in portfolio.of(CreativeWork))


def _frame(env: BuildEnvironment) -> tuple[object, ...]:
    """Return what the navigation depends on: headings, toctrees with their options, labels."""
    labels = env.domains.standard_domain
    return (
        sorted((name, toc.pformat()) for name, toc in env.tocs.items()),
        sorted(labels.labels.items()),
        sorted(labels.anonlabels.items()),
    )


def _styles(app: Sphinx) -> list[tuple[str, str]]:
    """Return the digests of style sheets and scripts: their addresses contain a digest."""
    paths = [Path(app.confdir, name) for name in app.config.html_static_path]
    files = [file for path in paths for file in (path, *path.rglob("*")) if file.is_file()]
    return sorted(
        (str(file), hashlib.sha256(file.read_bytes()).hexdigest())
        for file in files
        if file.suffix in {".css", ".js"}
    )


def check_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Report duplicate ids, faults between records, and orphan pages."""
    domain = portfolio_domain(env)
    portfolio = domain.portfolio
    for record in domain.all_records():
        first = portfolio.by_id[record.id]
        # sphinxcontrib-bibtex reports works that are listed twice.
        if first.place != record.place:
            message = f"duplicate id {record.id!r}, first used at {first.place}: choose another"
            warn("duplicate", record.place, message)
    _check_labs(domain)
    for problem in consistency.check(portfolio):
        warn(problem.subtype, problem.record.place, problem.message)
    for record in portfolio.records if config.SITE in app.extensions else ():
        if "orphan" in env.metadata[record.docname]:
            message = (
                f"the {record.kind} {record.id!r} is on an orphan page, which no navigation "
                "lists: add the page to a toctree and remove `orphan`"
            )
            warn("orphan", record.place, message)


def _check_labs(domain: PortfolioDomain) -> None:
    """Report labs that are on two pages, and unknown ids of records."""
    records = domain.portfolio.by_id
    labs = {lab.id: lab for lab in domain.portfolio.labs}
    for lab in domain.all_labs():
        first = labs[lab.id].place
        if first != lab.place:
            message = f"the lab {lab.id!r} is at {first}, too: remove one, or rename its file"
            warn("lab", lab.place, message)
    for lab in labs.values():
        for id_ in lab.about:
            if id_ not in records:
                near = consistency.suggest(id_, records)
                warn("lab", lab.place, f":about: no entry {id_!r}{near}")


def warn_missing_reference(app: Sphinx, domain: Domain, node: pending_xref) -> bool | None:
    """Report an unknown reference, and suggest the nearest record."""
    if domain is None or domain.name != PortfolioDomain.name:
        return None
    kind, target = node["reftype"], node["reftarget"]
    portfolio = portfolio_domain(app.env).portfolio
    records = portfolio.by_id
    if kind == LAB:
        near = consistency.suggest(target, (lab.id for lab in portfolio.labs))
        message = f"unknown lab {target!r}{near or ': write the name of its file'}"
    elif other := records.get(target):
        role = f"{{{other.kind}}}`{target}`"
        message = f"{target!r} is of kind {other.kind}, not {kind}: write {role}"
    else:
        known = [id_ for id_, record in records.items() if record.kind == kind]
        near = consistency.suggest(target, known) or f": write the :id: of a {kind}"
        message = f"unknown {kind} {target!r}{near}"
    logger.warning(message, location=node, type="ref", subtype=kind)
    return True
