extensions = ["myst_parser"]
include_patterns = ["*.md"]
