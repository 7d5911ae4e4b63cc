project = "Ada Example"
extensions = ["myst_parser", "sphinx_portfolio"]
html_theme = "basic"
nitpicky = True
bibtex_bibfiles = ["talks/talks.bib"]
portfolio_topics = {"acoustics": "Acoustics"}
