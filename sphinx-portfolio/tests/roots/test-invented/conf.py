"""Nobody's portfolio: another name, another script, written from right to left; no talks."""

project = "נעמי ברק"
author = project
copyright = project
version = "1"

extensions = ["myst_parser", "sphinx_design", "sphinx_portfolio"]
nitpicky = True
myst_enable_extensions = ["deflist"]

html_theme = "furo"
html_title = project
html_copy_source = False
