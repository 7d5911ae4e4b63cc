"""Build the site, show it on this machine, and build it again after each edit."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_portfolio.commands import output

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Serve until interrupted; return 2 if that is impossible."""
    parser = argparse.ArgumentParser(prog="sphinx-portfolio serve", description=__doc__)
    parser.add_argument("--source", type=Path, default=Path(), help="the folder of conf.py")
    parser.add_argument("--output", type=Path, default=Path("_build"), help="default: _build")
    parser.add_argument("--port", default="8000", help="0 takes a free one; default: 8000")
    options = parser.parse_args(arguments)
    try:
        from sphinx_autobuild.__main__ import main as autobuild  # noqa: PLC0415 (not required)
    except ImportError:
        print("serve needs a package: pip install sphinx-autobuild", file=sys.stderr)
        return 2
    site, doctrees = options.output / "serve", options.output / "doctrees-serve"
    try:
        for folder in (site, doctrees):
            output.check_outside(folder, options.source)
            output.mark(folder)
    except output.OutputError as error:
        print(error, file=sys.stderr)
        return 2
    command = [
        *("--host", "127.0.0.1", "--port", options.port),
        # A build must not start the next one.
        *("--ignore", options.output.resolve() / "*"),
        *("--re-ignore", r"/\.(git|nox|venv)/"),
        *("-b", "html", "-n", "-d", doctrees, options.source, site),
    ]
    # In this process, so that a signal ends all of it.
    with suppress(KeyboardInterrupt):
        autobuild([str(argument) for argument in command])
    return 0
