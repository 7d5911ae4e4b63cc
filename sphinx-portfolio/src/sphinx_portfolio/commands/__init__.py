"""What the nox sessions run: `sphinx-portfolio NAME`."""
