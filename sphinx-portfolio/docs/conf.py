"""The documentation of sphinx-portfolio. Its example is a portfolio inside this very site."""

import sys
from pathlib import Path

from sphinx_portfolio import __version__

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "sphinx-portfolio"
author = "The sphinx-portfolio developers"
copyright = author
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_portfolio",
    "reference",
]
exclude_patterns = ["_build"]
nitpicky = True
# Types that are not documented here.
nitpick_ignore_regex = [("py:.*", ".*")]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
autodoc_typehints = "description"
autodoc_member_order = "bysource"

portfolio_person = {
    "name": "Ada Example",
    "label": "Organ Builder",
    "email": "ada@pipes.example",
    "location": "Ghent, Belgium",
}
portfolio_talks = ["example/talks/talks.bib"]

html_theme = "furo"
html_title = "sphinx-portfolio"
html_copy_source = False
