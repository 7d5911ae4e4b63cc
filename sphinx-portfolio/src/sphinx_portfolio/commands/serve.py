"""Build the site, show it on this machine, and build it again after each edit."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_portfolio.commands import CommandError, output, parse, source_parser

if TYPE_CHECKING:
    from collections.abc import Sequence


def port(text: str) -> str:
    """Check the number of a port."""
    if not (text.isdecimal() and int(text) < 2**16):
        message = f"invalid port {text!r}: expected a number from 0 to 65535"
        raise argparse.ArgumentTypeError(message)
    return text


def main(arguments: Sequence[str]) -> int:
    """Serve until interrupted; CommandError if that is impossible."""
    parser = source_parser("serve", __doc__)
    parser.add_argument("--output", type=Path, default=Path(output.BUILD), help="default: _build")
    parser.add_argument("--port", type=port, default="8000", help="0: any free one; default: 8000")
    options = parse(parser, arguments)
    try:
        from sphinx_autobuild.__main__ import main as autobuild  # noqa: PLC0415 (not required)
    except ImportError as error:
        raise CommandError("serve needs another package: pip install sphinx-autobuild") from error
    folder = options.output / "serve"
    output.check_place(folder, options.source)
    output.mark(folder)
    command = [
        *("--host", "127.0.0.1", "--port", options.port),
        # A build must not start the next one.
        *("--ignore", options.output.resolve() / "*"),
        *("--re-ignore", r"/\.(git|nox|venv)/"),
        *("-b", "html", "-n", "-d", folder / "doctrees", options.source, folder / "html"),
    ]
    with suppress(KeyboardInterrupt):
        autobuild([str(argument) for argument in command])
    return 0
