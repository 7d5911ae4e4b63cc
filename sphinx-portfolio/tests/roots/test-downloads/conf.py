project = author = copyright = "Ada <Example> & Co"
version = "1"
extensions = ["myst_parser", "notfound.extension", "sphinx_portfolio"]
html_theme = "basic"
html_copy_source = False
nitpicky = True
bibtex_bibfiles = []
notfound_urls_prefix = "/on/"
