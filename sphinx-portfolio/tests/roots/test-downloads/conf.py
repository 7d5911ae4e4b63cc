project = author = copyright = "Ada <Example> & Co"
version = "1"
extensions = ["myst_parser", "sphinx_portfolio.site"]
html_theme = "basic"
html_copy_source = False
nitpicky = True
notfound_urls_prefix = "/on/"
