"""Build the whole site, or leave the old one as it is."""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_portfolio.commands import application, output

if TYPE_CHECKING:
    from collections.abc import Sequence


def builder(text: str) -> str:
    """Check the name of a builder, which is also that of its folder."""
    if not re.fullmatch(r"[A-Za-z][\w-]*", text):
        message = f"invalid builder {text!r}: expected a name such as html or dirhtml"
        raise argparse.ArgumentTypeError(message)
    return text


def main(arguments: Sequence[str]) -> int:
    """Build the site; return 0, 1 if the source does not build, or 2 if the output is refused.

    Sphinx reports a warning once and keeps the page's doctree, so a second run would pass;
    and it leaves pages whose source is gone. Hence each build reads everything and writes
    to an empty folder, which replaces the old site only if it is whole.
    """
    parser = argparse.ArgumentParser(prog="sphinx-portfolio build", description=__doc__)
    parser.add_argument("--source", type=Path, default=Path(), help="the folder of conf.py")
    parser.add_argument(
        "--output",
        type=Path,
        default=Path(output.BUILD),
        help="the folder in which the site's folder, such as html, is written; default: _build",
    )
    parser.add_argument(
        "-b", "--builder", type=builder, default="html", help="Sphinx's builder; default: html"
    )
    options = parser.parse_args(arguments)
    folder = options.output

    started = time.monotonic()
    site = folder / options.builder
    try:
        output.check_outside(site, options.source)
        # A link is followed, so that the new site can take the place of its target.
        with output.replacing(site.resolve()) as fresh:
            output.mark(folder / "doctrees")
            application.build(options.source, fresh, folder / "doctrees", options.builder)
    except output.OutputError as error:
        print(error, file=sys.stderr)
        return 2
    except application.BuildError:
        remains = f" {site} is unchanged." if site.exists() else ""
        print(f"Not built: see the messages above.{remains}", file=sys.stderr)
        return 1
    pages = sum(1 for _ in site.rglob("*.html"))
    seconds = time.monotonic() - started
    home = site / "index.html"
    counted = f"{pages} pages in " if pages else "built in "
    print(f"{(home if home.exists() else site).resolve()}: {counted}{seconds:.1f} s")
    return 0
