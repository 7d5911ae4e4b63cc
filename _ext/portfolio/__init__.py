"""A portfolio that is documentation: the Sphinx extension and the commands around it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from portfolio import (
    bibliography,
    bibstyle,
    directives,
    domain,
    evidence,
    exports,
    head,
    person,
    publishing,
    search,
    talks,
    views,
)
from portfolio.reading import record_facts
from portfolio.views import details, downloads, facts, timeline
from portfolio.views.view import view

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"


def add_static_files(app: Sphinx) -> None:
    """Let the site have the package's style sheets and script; the site's own come after."""
    app.config.html_static_path.append(str(Path(__file__).parent / "static"))
    for name in ("entries.css", "talks.css", "timeline.css"):
        app.add_css_file(name)
    app.add_js_file("portfolio.js", loading_method="defer")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the parts, in the order in which data flows through them."""
    app.setup_extension("sphinxcontrib.bibtex")
    app.setup_extension("portfolio.safety")
    app.setup_extension("portfolio.linkcheck")
    app.add_config_value(
        "portfolio_topics",
        {},
        "env",
        types=frozenset({dict}),
        description="What talks are about beside skills: a keyword, and its title.",
    )
    app.add_config_value(
        "portfolio_person",
        {},
        "env",
        types=frozenset({dict}),
        description="Who the person is: label, email, location, and profiles with their addresses.",
    )
    app.add_config_value(
        "portfolio_paper",
        "a4",
        "env",
        types=frozenset({str}),
        description="What the CV is printed on: a4 or us-letter.",
    )
    app.add_config_value(
        "portfolio_exports",
        [export.name for export in exports.EXPORTS],
        "html",
        types=frozenset({list, tuple}),
        description="Which files are made beside the pages.",
    )
    for name, description in (
        ("portfolio_unconfirmed", "What the owner has to confirm: a label, and the question."),
        ("portfolio_accepted", "What `doctor` finds and stays: a finding's key, and the reason."),
    ):
        app.add_config_value(name, {}, "", types=frozenset({dict}), description=description)
    app.add_domain(domain.PortfolioDomain)
    app.add_node(record_facts)
    app.add_node(view)
    app.add_node(timeline.timeline, **timeline.NODE_VISITORS)
    app.add_node(details.details, **details.NODE_VISITORS)
    app.add_node(downloads.download, **downloads.NODE_VISITORS)
    app.add_node(downloads.picture, **downloads.NODE_VISITORS_OF_PICTURES)
    for name, kind in directives.KINDS.items():
        app.add_directive_to_domain("portfolio", name, directives.directive(kind))
    for name in views.VIEWS:
        app.add_directive_to_domain("portfolio", name, views.directive(name))
    bibstyle.register()

    app.add_transform(evidence.MarkEvidence)
    app.add_transform(directives.ReadRecords)
    app.add_transform(talks.ReadTalks)
    app.add_post_transform(bibliography.BibliographyList)
    app.add_post_transform(facts.DrawFacts)
    app.add_post_transform(views.DrawViews)

    app.connect("config-inited", person.config_inited)
    app.connect("config-inited", publishing.config_inited)
    app.connect("config-inited", views.talks.config_inited)
    # Before sphinxcontrib-bibtex reads the files (500).
    app.connect("builder-inited", talks.builder_inited, priority=400)
    app.connect("env-updated", domain.env_updated)
    app.connect("env-updated", publishing.env_updated, priority=600)
    app.connect("env-updated", domain.changed_pages, priority=700)
    app.connect("env-check-consistency", domain.check_consistency)
    app.connect("env-check-consistency", talks.check_listed)
    app.connect("env-check-consistency", talks.check_cited)
    app.connect("warn-missing-reference", domain.warn_missing_reference)
    app.connect("builder-inited", add_static_files)
    app.connect("build-finished", search.build_finished)
    app.connect("build-finished", publishing.build_finished)
    # Before and after sphinxext-opengraph (500).
    app.connect("html-page-context", head.describe, priority=400)
    app.connect("html-page-context", views.talks.style_filter)
    app.connect("html-page-context", head.drop_unknown_address, priority=600)
    app.connect("html-page-context", head.announce, priority=600)
    return {
        "version": __version__,
        "env_version": 4,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
