"""Build the site, show it on this machine, and build it again after each edit."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_portfolio.commands import output

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Serve until interrupted; return sphinx-autobuild's exit code."""
    parser = argparse.ArgumentParser(prog="sphinx-portfolio serve", description=__doc__)
    parser.add_argument("--source", type=Path, default=Path(), help="the folder of conf.py")
    parser.add_argument("--output", type=Path, default=Path("_build"), help="default: _build")
    parser.add_argument("--port", default="8000", help="0 takes a free one; default: 8000")
    options = parser.parse_args(arguments)
    command = [
        *(sys.executable, "-m", "sphinx_autobuild", "--host", "127.0.0.1", "--port", options.port),
        # What a build writes must not start the next one.
        *("--ignore", options.output.resolve() / "*"),
        *("--re-ignore", r"/\.(git|nox|venv)/"),
        *("-b", "html", "-n", "-d", options.output / "doctrees-serve"),
        *(options.source, options.output / "serve"),
    ]
    try:
        for folder in (options.output / "serve", options.output / "doctrees-serve"):
            output.check_outside(folder, options.source)
            output.mark(folder)
    except output.OutputError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 0
