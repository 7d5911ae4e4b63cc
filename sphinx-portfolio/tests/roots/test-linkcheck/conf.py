extensions = ["myst_parser", "sphinx_portfolio"]
bibtex_bibfiles = []
linkcheck_timeout = 1
linkcheck_rate_limit_timeout = 1
linkcheck_ignore = ["SERVER/ignored"]
