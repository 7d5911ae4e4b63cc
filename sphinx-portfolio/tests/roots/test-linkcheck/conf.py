extensions = ["myst_parser", "sphinx_portfolio.site"]
linkcheck_timeout = 1
linkcheck_rate_limit_timeout = 1
linkcheck_ignore = ["SERVER/ignored"]
