"""A Sphinx extension for portfolios: jobs, talks, projects, skills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util import docutils

from sphinx_portfolio import config, domain, views
from sphinx_portfolio.bibtex import bibliographies, citations, listing, style
from sphinx_portfolio.html import assets, head, microformats, publishing, twins
from sphinx_portfolio.labs import directive as lab
from sphinx_portfolio.labs import nodes as lab_nodes
from sphinx_portfolio.labs import page as lab_page
from sphinx_portfolio.linkcheck.collector import LinkBuilder
from sphinx_portfolio.model import KINDS
from sphinx_portfolio.sources import directives, evidence
from sphinx_portfolio.views import bio, contact_card, downloads, elements, facts, timeline
from sphinx_portfolio.views import evidence as draw_evidence
from sphinx_portfolio.views.view import portfolio_view

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"


def add_short_names(app: Sphinx) -> None:
    """Make `{job}` short for `{portfolio:job}`, unless another extension has such a name."""
    portfolio = domain.portfolio_domain(app.env)
    for name in portfolio.directives:
        if not docutils.is_directive_registered(name) and (found := portfolio.directive(name)):
            app.add_directive(name, found)
    for name in portfolio.roles:
        if not docutils.is_role_registered(name) and (role := portfolio.role(name)):
            app.add_role(name, role)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register everything, in the order in which data flows."""
    app.setup_extension("sphinxcontrib.bibtex")
    for value in config.VALUES:
        app.add_config_value(*value)
    app.add_domain(domain.PortfolioDomain)

    app.add_node(domain.portfolio_record)
    app.add_node(portfolio_view)
    app.add_node(timeline.portfolio_timeline, **timeline.NODE_VISITORS)
    elements.register(app)
    app.add_node(downloads.portfolio_download, **downloads.NODE_VISITORS)
    app.add_node(contact_card.portfolio_code, **contact_card.NODE_VISITORS)
    for name, kind in KINDS.items():
        if kind.options is not None:
            app.add_directive_to_domain("portfolio", name, directives.directive(kind))
    for name in views.VIEWS:
        app.add_directive_to_domain("portfolio", name, views.directive(name))
    lab_nodes.register(app)
    app.add_directive_to_domain("portfolio", "lab", lab.LabDirective)
    style.register()
    app.add_builder(LinkBuilder)

    app.add_transform(evidence.MarkEvidence)
    app.add_transform(directives.ReadRecords)
    app.add_transform(bibliographies.ReadWorks)
    app.add_post_transform(listing.ListWorks)
    app.add_post_transform(citations.CiteWorks)
    app.add_post_transform(facts.DrawFacts)
    app.add_post_transform(lab.DrawLabs)
    app.add_post_transform(draw_evidence.DrawEvidence)
    app.add_post_transform(views.DrawViews)
    app.add_post_transform(bio.CountWords)
    app.add_post_transform(directives.DropIndexNodes)

    app.connect("config-inited", config.config_inited)
    # Before sphinxcontrib-bibtex reads the files (500).
    app.connect("builder-inited", bibliographies.builder_inited, priority=400)
    for builder_inited in (add_short_names, assets.builder_inited, publishing.builder_inited):
        app.connect("builder-inited", builder_inited)
    app.connect("env-get-outdated", bibliographies.env_get_outdated)
    app.connect("env-get-outdated", lab_page.env_get_outdated)
    app.connect("env-before-read-docs", publishing.env_before_read_docs)
    app.connect("env-updated", domain.env_updated)
    app.connect("env-updated", publishing.env_updated, priority=600)
    app.connect("env-updated", domain.changed_pages, priority=700)
    app.connect("env-check-consistency", domain.check_consistency)
    app.connect("env-check-consistency", bibliographies.check_listed)
    app.connect("env-check-consistency", bibliographies.check_cited)
    app.connect("warn-missing-reference", domain.warn_missing_reference)
    app.connect("doctree-resolved", microformats.doctree_resolved)
    app.connect("html-page-context", assets.html_page_context)
    app.connect("html-page-context", views.talks.style_filter)
    app.connect("html-page-context", lab_page.html_page_context)
    app.connect("html-page-context", twins.html_page_context)
    # sphinxext-opengraph has 500.
    app.connect("html-page-context", head.link_files, priority=600)
    app.connect("build-finished", publishing.build_finished)
    app.connect("build-finished", twins.build_finished)
    app.connect("build-finished", lab_page.build_finished)
    return {
        "version": __version__,
        "env_version": 8,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
