project = author = copyright = "Ines Okafor"
version = "1"
extensions = ["sphinx_portfolio"]
bibtex_bibfiles = ["talks/talks.bib"]
html_static_path = ["_static"]
