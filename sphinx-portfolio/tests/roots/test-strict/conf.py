version = "1"
project = "Good"
copyright = "2024, Nobody"
extensions = ["myst_parser", "sphinx_design", "sphinxcontrib.bibtex", "sphinx_portfolio.strict"]
exclude_patterns = ["_build", "part.md"]
myst_disable_syntax = ["html_block", "html_inline"]
myst_enable_extensions = [
    "attrs_block",
    "attrs_inline",
    "colon_fence",
    "deflist",
    "dollarmath",
    "strikethrough",
    "tasklist",
]
myst_heading_anchors = 2
bibtex_bibfiles = ["refs.bib"]
nitpicky = True
suppress_warnings = ["myst.strikethrough"]
mathjax_path = "mathjax.js"  # from nowhere, instead of another host
