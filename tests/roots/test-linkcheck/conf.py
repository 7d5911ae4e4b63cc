extensions = ["myst_parser", "portfolio"]
bibtex_bibfiles = []
linkcheck_timeout = 1
linkcheck_rate_limit_timeout = 1
linkcheck_ignore = ["SERVER/ignored"]
