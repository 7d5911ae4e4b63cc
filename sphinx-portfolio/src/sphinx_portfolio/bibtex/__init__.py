"""BibTeX files to records, bibliographies and citations of talks and publications."""
