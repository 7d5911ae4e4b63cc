"""Extension for a site that is a portfolio: theme, head, 404 page, redirects, sitemap."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.errors import ConfigError, ExtensionError

from sphinx_portfolio import __version__, config
from sphinx_portfolio.domain import portfolio_domain, warn
from sphinx_portfolio.html import (
    assets,
    contents,
    find,
    frame,
    furo,
    head,
    hosting,
    microformats,
    notfound,
)
from sphinx_portfolio.model import Job
from sphinx_portfolio.model.validators import straight
from sphinx_portfolio.sources.locations import utf8_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata


def detect_hosting(app: Sphinx) -> hosting.Hosting:
    """Return the addresses of the site and its source; ConfigError if one is invalid."""
    options = app.config.html_theme_options
    configured = hosting.Hosting(
        site=app.config.html_baseurl or app.config.ogp_site_url or "",
        repository=options.get("source_repository", ""),
        branch=options.get("source_branch", ""),
    )
    try:
        return hosting.detect(os.environ, configured)
    except ValueError as error:
        raise ConfigError(str(error)) from error


def config_inited(app: Sphinx, values: Config) -> None:
    """Set the values that conf.py leaves at their defaults."""
    found = detect_hosting(app)
    values.html_baseurl = found.site
    values.exclude_patterns = [*values.exclude_patterns, "_build", "import-report.md"]
    values.ogp_site_url = found.site
    config.set_default(values, "ogp_site_name", values.html_title)
    config.set_default(values, "ogp_social_cards", {"enable": False})
    config.set_default(values, "notfound_urls_prefix", found.path)
    if found.site:
        config.set_default(values, "sitemap_url_scheme", "{link}")
        config.set_default(values, "sitemap_excludes", ["404.html", "search.html", "genindex.html"])
    furo.configure(values, config.person(values), found)


def _special_files(folder: Path) -> Iterator[Path]:
    """Yield pipes, sockets and devices in the source, except in hidden folders and `_build`."""
    for path in folder.iterdir():
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            if not path.name.startswith(".") and path.name not in {"_build", "node_modules"}:
                yield from _special_files(path)
        elif not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
            yield path


def check_sources(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Raise ExtensionError if a file is a pipe or the like, or a page not UTF-8.

    Sphinx would hang or crash.
    """
    pages = [Path(env.doc2path(name)) for name in docnames]
    linked = (page for page in pages if not page.is_file())
    for path in (*_special_files(Path(app.srcdir)), *linked):
        raise ExtensionError(f"{path} is not a regular file: remove it")
    for path in pages:
        if fault := utf8_fault(path.read_bytes()):
            line, text = fault
            raise ExtensionError(f"{path}:{line}: {text}")


def check_meta(app: Sphinx, doctree: nodes.document) -> None:
    """Remove meta tags whose names are markup: Sphinx would write them as they are."""
    for meta in list(doctree.findall(nodes.meta)):
        if invalid := [name for name in meta.attributes if not re.fullmatch("[a-z][a-z-]*", name)]:
            warn("head", meta, f"invalid meta attribute {invalid[0]!r}: write name: text")
            meta.parent.remove(meta)


def check_home(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn if the home page names an employer, but not that of the newest job."""
    portfolio = portfolio_domain(env).portfolio
    jobs = [job for job in portfolio.of(Job) if not portfolio.is_upcoming(job)]
    text = straight(env.get_doctree(app.config.root_doc).astext())
    named = [
        job for job in jobs if straight(job.organization) in text or straight(job.short) in text
    ]
    if named and jobs[0] not in named:
        message = (
            f"the home page names {named[0].short!r}, but not the newest job, "
            f"{jobs[0].title!r} at {jobs[0].organization!r}: update it"
        )
        warn("home", f"{env.doc2path(app.config.root_doc)}:1", message)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the extensions and hooks of a site."""
    app.setup_extension("sphinx_portfolio")
    app.setup_extension("sphinxext.opengraph")
    app.setup_extension("notfound.extension")
    app.setup_extension("sphinx_reredirects")
    for value in config.SITE_VALUES:
        app.add_config_value(*value)
    if detect_hosting(app).site:  # sphinx_sitemap warns without an address
        app.setup_extension("sphinx_sitemap")

    # After all values are validated (500).
    app.connect("config-inited", config_inited, priority=600)
    # Before Furo reads its values (500).
    app.connect("builder-inited", furo.builder_inited, priority=400)
    app.connect("builder-inited", assets.site_builder_inited)
    app.connect("env-before-read-docs", check_sources)
    app.connect("doctree-read", check_meta)
    app.connect("env-check-consistency", check_home)
    # Furo hides the list of a page for which Sphinx knows one heading (500).
    app.connect("html-page-context", contents.html_page_context, priority=600)
    app.connect("html-page-context", assets.site_html_page_context)
    app.connect("html-page-context", frame.html_page_context)
    app.connect("html-page-context", microformats.html_page_context)
    app.connect("html-page-context", notfound.html_page_context)
    # sphinxext-opengraph has 500.
    app.connect("html-page-context", head.before_opengraph, priority=400)
    app.connect("html-page-context", head.after_opengraph, priority=600)
    app.connect("build-finished", find.build_finished)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
