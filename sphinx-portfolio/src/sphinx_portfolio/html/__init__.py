"""The page around the content: head, hosting, static files, Furo."""
