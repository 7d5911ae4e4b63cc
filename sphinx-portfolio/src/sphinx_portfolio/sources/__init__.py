"""Pages to records: directives and the reading of the nodes below a heading."""
