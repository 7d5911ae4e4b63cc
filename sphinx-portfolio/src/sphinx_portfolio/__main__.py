"""The command line: `sphinx-portfolio COMMAND …`, or `python -m sphinx_portfolio`."""

from __future__ import annotations

import argparse
import keyword
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from sphinx_portfolio import __version__
from sphinx_portfolio.commands import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

# Each is a module of `commands` with a function `main(arguments) -> exit code`; one whose name is a
# keyword of Python ends in an underscore.
COMMANDS = {
    "new": "write the repository of a new portfolio, from files that you have or as an example",
    "import": "add what other files have to a portfolio",
    "build": "build the whole site, or leave the old one as it is",
    "serve": "build the site, show it on this machine, and build it again after each edit",
    "cv": "make the CV alone, for all readers or for one",
    "doctor": "list what is valid but could be better",
    "lab": "run labs in Python and as browsers do, and compare",
    "linkcheck": "check every external link",
    "publish": "add the addresses of new pages and records to published.txt",
}


def load(name: str) -> ModuleType:
    """Return the module of a command."""
    module = f"{name}_" if keyword.iskeyword(name) else name
    return import_module(f"sphinx_portfolio.commands.{module}")


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
    name = parser.parse_args(arguments[:1]).command
    command = load(name)
    try:
        code: int = command.main(arguments[1:])
    except CommandError as error:
        message, code = str(error), error.code
    except OSError as error:
        message, code = f"{error.filename or name}: {error.strerror or error}", 2
    else:
        return code
    print(message, file=sys.stderr)  # noqa: T201
    return code


def run() -> int:
    """Run the command of the process's own arguments."""
    # Python's default would not end the processes that a command has started.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        return main(sys.argv[1:])
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


if __name__ == "__main__":
    sys.exit(run())
