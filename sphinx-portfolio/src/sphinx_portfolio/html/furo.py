"""Configuration of Furo: palette, templates, sidebar, icons."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_portfolio.config import set_default

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config

    from sphinx_portfolio.html.hosting import Hosting
    from sphinx_portfolio.model import Person

HERE = Path(__file__).parent
PALETTE = tomllib.loads((HERE / "palette.toml").read_text(encoding="utf-8"))
SIDEBARS = {
    "**": [
        "sidebar/brand.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/cv.html",
        "sidebar/search.html",
        "sidebar/scroll-end.html",
    ]
}


def configure(config: Config, person: Person, hosting: Hosting) -> None:
    """Set theme options, templates and sidebars; those of conf.py take precedence."""
    if config.html_theme != "furo":
        return
    palette = dict(config.portfolio_palette)
    options: dict[str, Any] = {
        "top_of_page_buttons": ["edit"] if hosting.editable else [],
        "footer_icons": list(_icons(person)),
    }
    options |= dict(config.html_theme_options)
    options |= {"source_repository": hosting.repository, "source_branch": hosting.branch}
    for theme, variables in PALETTE.items():
        name = f"{theme}_css_variables"
        options[name] = variables | dict(palette.get(theme, {})) | options.get(name, {})
    config.html_theme_options = options
    config.templates_path = [*config.templates_path, str(HERE / "templates")]
    set_default(config, "html_sidebars", SIDEBARS)


def builder_inited(app: Sphinx) -> None:
    """Set a value that does not exist before a builder for HTML has loaded Furo."""
    if "pygments_dark_style" in app.config:
        set_default(app.config, "pygments_dark_style", "a11y-dark")


def _icons(person: Person) -> Iterator[dict[str, str]]:
    """Yield Furo's `footer_icons`; networks without an icon of the package are left out."""
    links = [(profile.network, profile.url) for profile in person.profiles]
    if person.email:
        links.append(("Email", f"mailto:{person.email}"))
    for name, url in links:
        path = HERE / "icons" / f"{name.lower()}.svg"
        if path.is_file():
            icon = path.read_text(encoding="utf-8").strip()
            yield {"name": name, "url": url, "html": icon, "class": ""}
