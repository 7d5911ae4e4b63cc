"""The command line: `sphinx-portfolio COMMAND …`, or `python -m sphinx_portfolio`."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from sphinx_portfolio import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

# Each is a module of `commands` with a function `main(arguments) -> exit code`.
COMMANDS = {
    "build": "build the whole site, or leave the old one as it is",
    "serve": "build the site, show it on this machine, and build it again after each edit",
    "cv": "make the CV alone, for all readers or for one",
    "doctor": "list what is valid but could be better",
    "linkcheck": "check every external link",
    "publish": "add the addresses of new pages and records to published.txt",
}


def main(arguments: Sequence[str]) -> int:
    """Run the command that the first argument names, and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="sphinx-portfolio",
        description="Commands for portfolios built with Sphinx.",
        epilog="'sphinx-portfolio COMMAND --help' describes the options of a command.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, text in COMMANDS.items():
        commands.add_parser(name, help=text, add_help=False)
    options = parser.parse_args(arguments[:1])
    command = import_module(f"sphinx_portfolio.commands.{options.command}")
    try:
        result: int = command.main(arguments[1:])
    except OSError as error:
        if error.filename is None:
            raise
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 2
    return result


def run() -> int:
    """Run the command of the process's own arguments."""
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())
