"""Furo as a portfolio has it: palette, templates, sidebar, icons."""

from __future__ import annotations

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
SERIF = (
    'Charter, "Bitstream Charter", "Sitka Text", Cambria, "Noto Serif", "Liberation Serif", serif'
)
MONO = 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace'
# Contrast with the paper: text 4.5:1 or more, edges 3:1 or more.
LIGHT = {
    "font-stack": SERIF,
    "font-stack--headings": SERIF,
    "font-stack--monospace": MONO,
    "color-foreground-primary": "#17201c",
    "color-foreground-secondary": "#46524c",
    "color-foreground-muted": "#5a6761",
    "color-foreground-border": "#7e8a84",
    "color-background-primary": "#fcfdfc",
    "color-background-secondary": "#fcfdfc",
    "color-background-hover": "#eef3f0",
    "color-background-hover--transparent": "#eef3f000",
    "color-background-border": "#d9e0dc",
    "color-background-item": "#b9c4be",
    "color-brand-primary": "#0a6a4c",
    "color-brand-content": "#0a6a4c",
    "color-brand-visited": "#0a6a4c",
    "color-link-underline": "#0a6a4c66",
    "color-link-underline--visited": "#0a6a4c66",
    "color-link-underline--hover": "currentColor",
    "color-link-underline--visited--hover": "currentColor",
    "color-sidebar-background": "var(--color-background-primary)",
    "color-sidebar-background-border": "transparent",
    "color-sidebar-link-text--top-level": "var(--color-foreground-primary)",
    "color-sidebar-item-background--hover": "transparent",
    "color-sidebar-item-expander-background--hover": "transparent",
    "color-sidebar-search-background": "transparent",
    "color-sidebar-search-background--focus": "transparent",
    "color-highlight-on-target": "#e3f2ea",
    "color-highlighted-background": "#e3f2ea",
    "sidebar-item-font-size": "1rem",
    "sidebar-item-spacing-vertical": ".375rem",
    "sidebar-item-spacing-horizontal": "1.25rem",
    "toc-font-size": ".875rem",
    "toc-title-font-size": ".75rem",
}
DARK = {
    "color-foreground-primary": "#dfe6e2",
    "color-foreground-secondary": "#b4bfb9",
    "color-foreground-muted": "#93a099",
    "color-foreground-border": "#717e78",
    "color-background-primary": "#101513",
    "color-background-secondary": "#101513",
    "color-background-hover": "#1a211e",
    "color-background-hover--transparent": "#1a211e00",
    "color-background-border": "#2a332f",
    "color-background-item": "#46524c",
    "color-brand-primary": "#6dd3a7",
    "color-brand-content": "#6dd3a7",
    "color-brand-visited": "#6dd3a7",
    "color-link-underline": "#6dd3a766",
    "color-link-underline--visited": "#6dd3a766",
    "color-highlight-on-target": "#15291f",
    "color-highlighted-background": "#1d4533",
}
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
    """Set the options of the theme and what else conf.py leaves at its default."""
    if config.html_theme != "furo":
        return
    palette = dict(config.portfolio_palette)
    options: dict[str, Any] = {
        "top_of_page_buttons": ["edit"] if hosting.editable else [],
        "footer_icons": list(_icons(person)),
    }
    options |= dict(config.html_theme_options)
    options |= {"source_repository": hosting.repository, "source_branch": hosting.branch}
    for theme, variables in (("light", LIGHT), ("dark", DARK)):
        name = f"{theme}_css_variables"
        options[name] = variables | dict(palette.get(theme, {})) | options.get(name, {})
    config.html_theme_options = options
    # Templates of conf.py come first.
    config.templates_path = [*config.templates_path, str(HERE / "templates")]
    set_default(config, "html_sidebars", SIDEBARS)


def builder_inited(app: Sphinx) -> None:
    """Set a value that exists only once a builder for HTML has loaded Furo."""
    if "pygments_dark_style" in app.config:
        set_default(app.config, "pygments_dark_style", "a11y-dark")


def _icons(person: Person) -> Iterator[dict[str, str]]:
    """Yield the links of the footer, as Furo takes them; a network without an icon has none."""
    links = [(profile.network, profile.url) for profile in person.profiles]
    if person.email:
        links.append(("Email", f"mailto:{person.email}"))
    for name, url in links:
        path = HERE / "icons" / f"{name.lower()}.svg"
        if path.is_file():
            icon = path.read_text(encoding="utf-8").strip()
            yield {"name": name, "url": url, "html": icon, "class": ""}
