"""Make the CV alone, for all readers or for one.

Entries may name their readers (`:audience: go`, in BibTeX `audience = {go}`);
`--audience go` leaves out entries that are for other readers only. `--private` adds
phone and street, which no site has, from private.toml or the environment.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_portfolio import exports
from sphinx_portfolio.commands import application, output
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.exports import outline
from sphinx_portfolio.exports.making import describe, make, not_written, write
from sphinx_portfolio.exports.pdf import PAPERS
from sphinx_portfolio.model import RecordError
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.validators import identifier
from sphinx_portfolio.sources import private

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_portfolio.model import Portfolio

PRIVATE = "private"  # the folder of what is not for everyone


class CommandError(Exception):
    """Says why no CV is made, and what to do."""


def for_audience(portfolio: Portfolio, name: str) -> Portfolio:
    """Leave out what is for other readers only; CommandError if nothing is for this one."""
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
    """Return where to write; CommandError or OutputError if it can't be there."""
    parts = [PRIVATE] if options.private else []
    if options.audience == PRIVATE:
        message = f"{PRIVATE!r} can't be an audience: it is the name of the private CV's folder"
        raise CommandError(message)
    target = Path(options.output, *parts, options.audience or "")
    for parent in (target, *target.resolve().parents):
        if options.private and (parent / "objects.inv").is_file():
            message = f"{parent} is a site, which must not have private files: change --output"
            raise CommandError(message)
    output.check_outside(target, options.source)
    return target


def run(options: argparse.Namespace) -> None:
    """Make the files and print what they are.

    Raises CommandError, BuildError, PrivateError or OutputError.
    """
    target = folder(options)
    said = private.read(options.source, os.environ) if options.private else {}
    with application.reading(options.source) as app:
        portfolio = portfolio_domain(app.env).portfolio
    person = replace(portfolio.person, phone=said.get("phone", ""), street=said.get("street", ""))
    portfolio = replace(portfolio, person=person, paper=options.paper or portfolio.paper)
    if options.audience:
        portfolio = for_audience(portfolio, options.audience)
    # Pictures are for the site.
    able = [each for each in exports.EXPORTS if not each.media_type.startswith("image/")]
    wanted = [each for each in able if each.is_available and each.applies(portfolio)]
    if not wanted:
        message = "there is no entry yet from which a CV could be made"
        raise CommandError(message)
    made, faults = make(portfolio, wanted)
    if faults:
        raise CommandError("\n".join(faults))
    try:
        output.mark(target, private=options.private)
        write(target, made, 0o600 if options.private else None)
        for export in able:
            if export.name not in made:
                (target / export.name).unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(not_written(target, error)) from error
    for export in wanted:
        print(f"{target / export.name}: {describe(export, made[export.name]).facts}")


def audience(text: str) -> str:
    """Check the name of an audience."""
    try:
        return identifier(text)
    except RecordError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def main(arguments: Sequence[str]) -> int:
    """Make the CV; return 1 if it can't be made."""
    parser = argparse.ArgumentParser(prog="sphinx-portfolio cv", description=__doc__)
    parser.add_argument("--source", type=Path, default=Path(), help="the folder of conf.py")
    parser.add_argument(
        "--output", type=Path, default=Path(output.BUILD, "cv"), help="default: _build/cv"
    )
    parser.add_argument(
        "--audience", type=audience, help="the reader: leave out what is for others only"
    )
    parser.add_argument("--private", action="store_true", help="add phone and street")
    parser.add_argument("--paper", choices=PAPERS, help="default: portfolio_paper in conf.py")
    options = parser.parse_args(arguments)
    try:
        run(options)
    except application.BuildError:
        print("No CV was made: the source does not build, see above.", file=sys.stderr)
        return 1
    except (CommandError, output.OutputError, private.PrivateError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0
