author = "Some Body"
extensions = ["myst_parser", "sphinx_portfolio"]
include_patterns = ["*.md", "talks/*.md"]
bibtex_bibfiles = ["talks/talks.bib"]
portfolio_unconfirmed = {
    "Blog": "which address?",
}
portfolio_accepted = {
    "project-license:thing": "the team has to choose one",
    "talk-slides:no-slides-any-more": "there were none",
}
print("which is no part of the report")
portfolio_exports = ["talks.ics"]
