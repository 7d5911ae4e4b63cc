"""Labs: Python models that run when the site is built, and again in the reader's browser."""
