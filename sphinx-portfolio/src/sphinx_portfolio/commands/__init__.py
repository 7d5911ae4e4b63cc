"""The command line: a module with a function `main` for each subcommand."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class CommandError(Exception):
    """What prevents a command, and what to do; `code` is the exit code."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


def source_parser(name: str, description: str | None) -> ArgumentParser:
    """Return the parser of a subcommand, with the option --source."""
    parser = ArgumentParser(prog=f"sphinx-portfolio {name}", description=description)
    parser.add_argument("--source", type=Path, default=Path(), help="the folder of conf.py")
    return parser


def parse(parser: ArgumentParser, arguments: Sequence[str]) -> Namespace:
    """Parse arguments; CommandError unless the source folder has a conf.py."""
    options = parser.parse_args(arguments)
    if not (options.source / "conf.py").is_file():
        message = f"{options.source} has no conf.py: name the folder that has one with --source"
        raise CommandError(message)
    return options
