author = "Some Body"
extensions = ["myst_parser", "sphinx_portfolio"]
include_patterns = ["*.md", "talks/*.md"]
bibtex_bibfiles = ["talks/talks.bib"]
portfolio_accepted = {"picture-alt:index:pic.svg": "it only decorates"}
