project = author = copyright = "Ada Example"
extensions = ["myst_parser", "sphinx_portfolio", "sphinx_portfolio.site"]
html_theme = "furo"
html_title = project
portfolio_person = {
    "label": "Organ Builder",
    "email": "ada@pipes.example",
    "location": "Ghent, Belgium",
    "profiles": {"GitHub": "https://github.com/example"},
}
bibtex_bibfiles = ["talks/talks.bib"]
