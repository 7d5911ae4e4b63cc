project = "Somebody"
extensions = ["myst_parser", "portfolio"]
primary_domain = "portfolio"
include_patterns = ["*.md", "talks/*.md"]
bibtex_bibfiles = ["talks/talks.bib"]
bibtex_default_style = "talks"
bibtex_cite_id = "{key}"
portfolio_unconfirmed = {
    "Blog": "which address?",
}
portfolio_accepted = {
    "project-license:thing": "the team has to choose one",
    "talk-slides:no-slides-any-more": "there were none",
}
print("which is no part of the report")
