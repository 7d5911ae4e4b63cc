"""Reads the pages: directives, and the nodes below headings."""
