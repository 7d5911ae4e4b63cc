"""What the nox sessions run: `python -m portfolio NAME`."""
