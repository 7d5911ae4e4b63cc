"""`sphinx-portfolio cv`: the CV's files alone, for all readers or for one.

Records may say for whom they are (`:audience: go`, in BibTeX `audience = {go}`):
`--audience go` leaves out what is for others alone. `--private` adds phone and
street, which no site ever has, from private.toml or the environment.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_portfolio import exports
from sphinx_portfolio.commands.doctor import read
from sphinx_portfolio.exports import outline
from sphinx_portfolio.exports.making import describe, make, not_written, write
from sphinx_portfolio.exports.pdf import PAPERS
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.sources import private

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_portfolio.model import Portfolio

PRIVATE = "private"  # the folder of what is not for everyone


class CommandError(ValueError):
    """Says why no CV is made, and what to do."""


def for_audience(portfolio: Portfolio, name: str) -> Portfolio:
    """Leave out what is for other readers alone; CommandError where nothing is for this one."""
    audiences = {each for record in portfolio.records for each in record.audience}
    if name in audiences:
        return outline.for_audience(portfolio, name)
    if audiences:
        known = suggest(name, audiences) or f": there is {', '.join(sorted(audiences))}"
    else:
        known = f": mark records with `:audience: {name}`"
    message = f"no record is for the audience {name!r}{known}"
    raise CommandError(message)


def folder(options: argparse.Namespace) -> Path:
    """Return where to write; CommandError where that is no place for it."""
    parts = [PRIVATE] if options.private else []
    if options.audience == PRIVATE:
        message = f"the audience {PRIVATE!r} has the name of a folder: give it another"
        raise CommandError(message)
    target = Path(options.output, *parts, options.audience or "")
    for parent in (target, *target.resolve().parents):
        if options.private and (parent / "objects.inv").is_file():
            message = f"{parent} is a site, where nothing private may be: choose another --output"
            raise CommandError(message)
    # A build may publish what lies in the source: static files, a site that is yet to be.
    source = options.source.resolve()
    apart = source / "_build" / "cv"
    inside = (target.resolve(), *target.resolve().parents)
    if options.private and source in inside and apart not in inside:
        message = (
            f"{target} is in the source, where a build may publish it: "
            f"choose an --output in {apart}, or outside of the source"
        )
        raise CommandError(message)
    return target


def run(options: argparse.Namespace) -> None:
    """Make the files and print what they are; CommandError, PrivateError."""
    target = folder(options)
    said = private.read(options.source, os.environ) if options.private else {}
    site = read(options.source)
    if site is None:
        message = "No CV was made: the source does not build, see above."
        raise CommandError(message)
    portfolio = site.portfolio
    person = replace(portfolio.person, phone=said.get("phone", ""), street=said.get("street", ""))
    portfolio = replace(portfolio, person=person, paper=options.paper or portfolio.paper)
    if options.audience:
        portfolio = for_audience(portfolio, options.audience)
    # Pictures are for the site.
    able = [each for each in exports.EXPORTS if not each.media_type.startswith("image/")]
    wanted = [each for each in able if each.applies(portfolio)]
    if not wanted:
        message = "there is no record yet, of which a CV could be made"
        raise CommandError(message)
    made, faults = make(portfolio, wanted)
    if faults:
        raise CommandError("\n".join(faults))
    try:
        write(target, made)
        for export in able:
            if export.name not in made:
                (target / export.name).unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(not_written(target, error)) from error
    for export in wanted:
        print(f"{target / export.name}: {describe(export, made[export.name]).facts}")


def main(arguments: Sequence[str]) -> int:
    """Make the CV; 1 where it can't be made."""
    parser = argparse.ArgumentParser(prog="sphinx-portfolio cv", description=__doc__)
    parser.add_argument("--source", type=Path, default=Path(), help="the folder of conf.py")
    parser.add_argument("--output", type=Path, default=Path("_build/cv"), help="default: _build/cv")
    parser.add_argument("--audience", help="the reader: leave out what is for others alone")
    parser.add_argument("--private", action="store_true", help="add phone and street")
    parser.add_argument("--paper", choices=PAPERS, help="default: portfolio_paper in conf.py")
    options = parser.parse_args(arguments)
    try:
        run(options)
    except (CommandError, private.PrivateError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0
