"""What a page with labs loads, and the files for their script: only where there are labs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.html.assets import FOLDER
from sphinx_portfolio.html.publishing import is_site
from sphinx_portfolio.labs import engine
from sphinx_portfolio.labs.nodes import portfolio_lab_figure

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

STYLE = f"{FOLDER}/labs.css"
SCRIPT = f"{FOLDER}/lab.js"
MICROPYTHON = "micropython.wasm"
LICENSE = Path(__file__).with_name("micropython.LICENSE.txt")


def env_get_outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the pages with labs if the engine is not the one that ran them."""
    domain = portfolio_domain(env)
    now = engine.version() if engine.is_available() else ""
    before, domain.data["engine"] = domain.data["engine"], now
    return [] if now == before else sorted(domain.data["labs"])


def html_page_context(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the style sheet and the script on a page with labs."""
    if doctree and next(iter(doctree.findall(portfolio_lab_figure)), None):
        app.add_css_file(STYLE)
        if engine.is_available():
            app.add_js_file(SCRIPT, loading_method="defer")


def build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write what the worker of labs loads: MicroPython, the kit and the harness."""
    if exception or not is_site(app.builder) or not engine.is_available():
        return
    if portfolio_domain(app.env).portfolio.labs:
        folder = Path(app.outdir, "_static", FOLDER)
        for name, content in (
            (MICROPYTHON, engine.micropython()),
            (LICENSE.name, LICENSE.read_bytes()),
            (engine.KIT.name, engine.KIT.read_bytes()),
            (engine.HARNESS.name, engine.HARNESS.read_bytes()),
        ):
            (folder / name).write_bytes(content)
