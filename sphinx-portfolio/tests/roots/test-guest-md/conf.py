project = author = copyright = "Ines Okafor"
version = "1"
extensions = ["myst_parser", "sphinx_portfolio"]
bibtex_bibfiles = ["talks/talks.bib"]
html_static_path = ["_static"]
myst_enable_extensions = ["deflist", "dollarmath"]
