"""Laid over `test-invented`: the same person gives talks."""

project = "נעמי ברק"
author = project
copyright = project
version = "1"

extensions = ["myst_parser", "sphinx_design", "portfolio"]
nitpicky = True
primary_domain = "portfolio"
myst_enable_extensions = ["deflist"]
bibtex_bibfiles = ["talks/talks.bib"]
bibtex_default_style = "talks"
bibtex_reference_style = "talks"
bibtex_cite_id = "{key}"
bibtex_tooltips = False
portfolio_topics = {"orthography": "Правописание"}

html_theme = "furo"
html_title = project
html_copy_source = False
