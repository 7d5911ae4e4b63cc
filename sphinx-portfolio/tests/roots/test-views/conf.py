project = author = copyright = "Ada <Example> & Co"
version = "1"
extensions = ["myst_parser", "sphinx_portfolio"]
html_theme = "basic"
html_copy_source = False
nitpicky = True
bibtex_bibfiles = ["talks/talks.bib", "papers.bib"]
portfolio_topics = {"acoustics": "Acoustics & <air>", "hot-air": "Nothing yet"}
