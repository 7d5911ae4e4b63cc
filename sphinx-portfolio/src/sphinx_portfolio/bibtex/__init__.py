"""BibTeX to records, and records as bibliographies and citations."""
