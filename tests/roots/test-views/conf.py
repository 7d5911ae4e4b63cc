project = author = copyright = "Ada <Example> & Co"
version = "1"
extensions = ["myst_parser", "portfolio"]
html_theme = "basic"
html_copy_source = False
nitpicky = True
primary_domain = "portfolio"
bibtex_bibfiles = ["talks/talks.bib", "papers.bib"]
bibtex_default_style = "talks"
bibtex_reference_style = "talks"
bibtex_cite_id = "{key}"
bibtex_tooltips = False
portfolio_topics = {"acoustics": "Acoustics & <air>", "unused": "Nothing yet"}
