extensions = ["myst_parser", "sphinx_portfolio"]
nitpicky = True
myst_enable_extensions = ["deflist"]
bibtex_bibfiles = ["papers.bib"]
html_theme = "basic"
html_use_index = False
