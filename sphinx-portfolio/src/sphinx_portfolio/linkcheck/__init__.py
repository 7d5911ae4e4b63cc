"""External links: collected from a source, asked for politely and within limits, and judged.

Data flows from `collector` (links and their places) over `client` (answers) and `verdicts` to
`report`; `history` keeps verdicts, `fixing` rewrites moved addresses, `oembed` asks about videos.
"""
