"""External links: collected from a source, asked for politely and within limits, and judged.

Data flows from `collector` (links and their places) over `client` (answers) and `verdicts` to
`report`. `hosts`, `network` and `policy` bound the client; `history` keeps verdicts, `literal`
finds and rewrites addresses in files, `oembed` asks about videos.
"""
