project = "Somebody"
extensions = ["myst_parser", "portfolio"]
primary_domain = "portfolio"
include_patterns = ["*.md", "talks/*.md"]
bibtex_bibfiles = ["talks/talks.bib"]
bibtex_default_style = "talks"
bibtex_cite_id = "{key}"
portfolio_accepted = {"picture-alt:index:pic.svg": "it only decorates"}
