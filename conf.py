"""The person, and the site's configuration: https://www.sphinx-doc.org/en/master/usage/configuration.html."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

from portfolio.hosting import Hosting, detect  # noqa: E402

# -- The person ---------------------------------------------------------------

project = "Madhav Jivrajani"
author = project
copyright = project
version = "1"  # which EPUB asks for
GITHUB = "https://github.com/MadhavJivrajani"
LINKEDIN = "https://www.linkedin.com/in/madhav-jivrajani/"
EMAIL = "madhav.jiv@gmail.com"
portfolio_person = {
    "label": "K8s Maintainer, SIG ContribEx TL",  # words of a job's title
    "email": EMAIL,
    "location": "Bangalore, India",
    "profiles": {"GitHub": GITHUB, "LinkedIn": LINKEDIN},
}

# Where the site and its source live. Read the Docs and GitHub say so themselves;
# elsewhere fill in what is known:
# Hosting(site="https://you.example/", repository="https://github.com/you/me", branch="main").
hosting = detect(os.environ, fallback=Hosting())

# -- Pages --------------------------------------------------------------------

extensions = [
    "myst_parser",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "sphinxext.opengraph",
    "notfound.extension",
    "sphinx_reredirects",
    "portfolio",
]
# A list of what is a page, so that nothing else in the folder is taken for one.
include_patterns = [
    "index.md",
    "skills.md",
    "cv.md",
    "contact.md",
    "experience/*.md",
    "talks/*.md",
    "projects/*.md",
]
language = "en"
nitpicky = True
primary_domain = "portfolio"  # `{job}` for `{portfolio:job}`

myst_enable_extensions = ["colon_fence", "deflist"]
# Pages are Markdown: what a page can't say is a directive's task.
myst_disable_syntax = ["html_block", "html_inline"]
myst_heading_anchors = 3

# -- Talks --------------------------------------------------------------------

bibtex_bibfiles = ["talks/talks.bib"]
bibtex_default_style = "talks"
bibtex_reference_style = "talks"
bibtex_cite_id = "{key}"  # a talk's address is talks/#key, always
portfolio_topics = {"control-theory": "Control theory"}  # what talks are about beside skills
bibtex_tooltips = False  # a citation says all that a tooltip would

# -- The site -----------------------------------------------------------------

html_theme = "furo"
html_title = project
html_baseurl = hosting.site
html_favicon = "_static/mark.svg"
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["portfolio.css", "axis.css", "frame.css", ("print.css", {"media": "print"})]
pygments_dark_style = "a11y-dark"
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/cv.html",
        "sidebar/search.html",
        "sidebar/scroll-end.html",
    ]
}
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False

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


def icon(name: str) -> str:
    """Return the markup of an icon of `_static/icons`, to stand in the page itself."""
    return (HERE / "_static" / "icons" / f"{name}.svg").read_text(encoding="utf-8").strip()


html_theme_options = {
    "light_css_variables": LIGHT,
    "dark_css_variables": DARK,
    "top_of_page_buttons": ["edit"] if hosting.editable else [],
    "source_repository": hosting.repository,
    "source_branch": hosting.branch,
    "footer_icons": [
        {"name": "GitHub", "url": GITHUB, "html": icon("github"), "class": ""},
        {"name": "LinkedIn", "url": LINKEDIN, "html": icon("linkedin"), "class": ""},
        {"name": "Email", "url": f"mailto:{EMAIL}", "html": icon("email"), "class": ""},
    ],
}

# -- What other machines read -------------------------------------------------

ogp_site_url = hosting.site
ogp_site_name = project
ogp_social_cards = {"enable": False}

notfound_urls_prefix = hosting.path
notfound_context = {
    "title": "Page not found",
    "body": (
        "<section><h1>Page not found</h1>"
        "<p>There is nothing at this address. These pages lead to everything there is:</p>"
        f'<ul><li><a href="{hosting.path}index.html">Home</a></li>'
        f'<li><a href="{hosting.path}talks/index.html">Talks</a></li>'
        f'<li><a href="{hosting.path}projects/index.html">Projects</a></li></ul></section>'
    ),
}

# A page that moved: "old/page": "../new/page.html". The addresses that have been published stand
# in published.txt.
redirects: dict[str, str] = {}

if hosting.site:
    # Without a base address it could only warn.
    extensions.append("sphinx_sitemap")
    sitemap_url_scheme = "{link}"
    sitemap_excludes = ["404.html", "search.html", "genindex.html"]

# -- What `nox -s doctor` tells ------------------------------------------------
# Questions that only the owner can answer; CONTRIBUTING.md says more. A finding that stays as it
# is goes into `portfolio_accepted`: its key, such as "project-license:locknt", and the reason.

portfolio_unconfirmed = {
    "Blog": "which address?",
    "Full list of talks": "is https://speakerdeck.com/madhavjivrajani it?",
    "Cacher: Fix watch behaviour for unset RV": "is kubernetes#115096 to stand beside the job?",
    "Dependency update - Golang 1.22.0": "is kubernetes/release#3280 to stand beside the job?",
    "Keep CALM and CRDT On": "held in March (its address) or on 19 October 2023 (its page)?",
    "Using eBPF To Debug the Performance of The Go Scheduler": (
        "is the recording the one of Go Bangalore, and is the second speaker rightly credited?"
    ),
    "Control Theory, Controllers and Kubernetes": (
        "held on 11 September 2021, and is https://2021.openinfra.asia/schedule.html its page?"
    ),
    "Imperative, Declarative, and Kubernetes": "held on 25 or on 26 June 2021?",
    "graph-based-auto-scaling": "from January 2020 (résumé) or August 2021 (repository)?",
    "grofer": "does it go on? The last public commit seen is of January 2022",
    "LICENSE-CONTENT": "which licence does the text have?",
}
portfolio_accepted: dict[str, str] = {}

# -- Links --------------------------------------------------------------------
# `nox -s linkcheck`: slow is not broken, and one check ends within ten minutes.

linkcheck_timeout = 15  # seconds; a host that is slower is listed as timed out and fails nothing
linkcheck_retries = 2  # one dropped connection or passing 5xx is no dead link
linkcheck_workers = 8  # even if every name look-up stalls, all pages fit into the ten minutes
linkcheck_rate_limit_timeout = 60  # wait once for a host that says "too many requests", then go on
linkcheck_anchors_ignore_for_url = [
    r"https://github\.com/",  # draws the anchors of READMEs and lines with scripts
]
linkcheck_ignore = [
    r"https://([a-z]+\.)?linkedin\.com/",  # answers robots with 999, be the page there or not
]
