"""Build the whole site, or leave the old one as it is."""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_portfolio.commands import application, output, parse, source_parser
from sphinx_portfolio.domain import PortfolioDomain

if TYPE_CHECKING:
    from collections.abc import Sequence


def builder(text: str) -> str:
    """Check the name of a builder, which is also that of its folder."""
    if not re.fullmatch(r"[A-Za-z][\w-]*", text):
        message = f"invalid builder {text!r}: expected a name such as html or dirhtml"
        raise argparse.ArgumentTypeError(message)
    return text


def main(arguments: Sequence[str]) -> int:
    """Build the site; CommandError, with code 1 if the source does not build.

    A build reads all pages and writes to an empty folder, which then replaces the old site.
    An incremental build would not repeat the warnings of unchanged pages, and would keep the
    output of deleted ones.
    """
    parser = source_parser("build", __doc__)
    parser.add_argument(
        "--output",
        type=Path,
        default=Path(output.BUILD),
        help="the folder in which the site's folder, such as html, is written; default: _build",
    )
    parser.add_argument(
        "-b", "--builder", type=builder, default="html", help="Sphinx's builder; default: html"
    )
    options = parse(parser, arguments)
    started = time.monotonic()
    site: Path = options.output / options.builder
    output.check_place(site, options.source)
    with output.replacing(site) as (folder, doctrees):
        app = application.build(options.source, folder, doctrees, options.builder)
    pages = sum(1 for _ in site.rglob("*.html"))
    home = site / "index.html"
    counted = f"{pages} pages" if pages else "built"
    seconds = time.monotonic() - started
    print(f"{(home if home.exists() else site).resolve()}: {counted} in {seconds:.1f} s")
    for note in app.env.domaindata.get(PortfolioDomain.name, {}).get("notes", ()):
        print(note, file=sys.stderr)
    return 0
