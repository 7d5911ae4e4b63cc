project = author = "Ada Example"
extensions = ["myst_parser", "sphinx_portfolio", "sphinx_portfolio.site"]
exclude_patterns = ["_build"]
portfolio_person = {
    "profiles": {"Mastodon": "SERVER/410"},
}
bibtex_bibfiles = ["talks/talks.bib"]
linkcheck_timeout = 1
linkcheck_ignore = ["SERVER/ignored"]
linkcheck_anchors_ignore_for_url = ["SERVER/200/scripts"]
