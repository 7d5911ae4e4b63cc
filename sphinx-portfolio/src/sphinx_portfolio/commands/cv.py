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
from sphinx_portfolio.commands import CommandError, application, output, parse, source_parser
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.exports import outline
from sphinx_portfolio.exports.making import describe, make, not_exported, not_written, write
from sphinx_portfolio.exports.pdf import PAPERS
from sphinx_portfolio.model import Portfolio, RecordError
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.validators import identifier
from sphinx_portfolio.sources import private

if TYPE_CHECKING:
    from collections.abc import Sequence

PRIVATE = "private"  # the folder of private CVs


def audience(text: str) -> str:
    """Check the name of an audience."""
    if text == PRIVATE:
        message = f"{text!r} can't be an audience: it is the name of the private CV's folder"
        raise argparse.ArgumentTypeError(message)
    try:
        return identifier(text)
    except RecordError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def for_audience(portfolio: Portfolio, name: str) -> Portfolio:
    """Leave out records for other readers; CommandError if no record is for this one."""
    audiences = {each for record in portfolio.records for each in record.audience}
    if name in audiences:
        return outline.for_audience(portfolio, name)
    if audiences:
        hint = suggest(name, audiences) or f": the audiences are {', '.join(sorted(audiences))}"
    else:
        hint = f": mark records with `:audience: {name}`"
    raise CommandError(f"no record is for the audience {name!r}{hint}")


def folders(options: argparse.Namespace) -> list[Path]:
    """Return the output folder, and each folder below it down to that of the files.

    Raises CommandError if files can't be written there.
    """
    found: list[Path] = [options.output]
    for name in (PRIVATE if options.private else None, options.audience):
        if name:
            found.append(found[-1] / name)
    output.check_place(found[-1], options.source)
    for folder in (found[-1], *found[-1].resolve().parents):
        if (folder / "objects.inv").is_file():
            raise CommandError(f"{folder} is a site: name another folder with --output")
    for folder in found:
        output.check(folder)
    return found


def read(options: argparse.Namespace) -> Portfolio:
    """Return the portfolio, for the reader and the paper of the options."""
    try:
        extra = private.read(options.source, os.environ) if options.private else {}
    except private.PrivateError as error:
        raise CommandError(str(error)) from error
    with application.reading(options.source) as app:
        portfolio = portfolio_domain(app.env).portfolio
    if options.audience:
        portfolio = for_audience(portfolio, options.audience)
    phone, street = extra.get("phone", ""), extra.get("street", "")
    person = replace(portfolio.person, phone=phone, street=street)
    return replace(portfolio, person=person, paper=options.paper or portfolio.paper)


def main(arguments: Sequence[str]) -> int:
    """Make the CV's files and list them; CommandError if they can't be made."""
    parser = source_parser("cv", __doc__)
    parser.add_argument(
        "--output", type=Path, default=Path(output.BUILD, "cv"), help="default: _build/cv"
    )
    parser.add_argument(
        "--audience", type=audience, help="the reader: leave out what is for others only"
    )
    parser.add_argument("--private", action="store_true", help="add phone and street")
    parser.add_argument("--paper", choices=PAPERS, help="default: portfolio_paper in conf.py")
    options = parse(parser, arguments)
    targets = folders(options)
    portfolio = read(options)
    # Pictures, feeds and the like are for the site.
    files = [
        each for each in exports.EXPORTS if each.is_cv and not each.media_type.startswith("image/")
    ]
    if left_out := [each for each in files if not each.is_available]:
        print(not_exported(left_out), file=sys.stderr)
    wanted = [each for each in files if each.is_available and each.applies(portfolio)]
    if not wanted:
        raise CommandError("the portfolio has no entries for a CV: write one, such as a job")
    made, faults = make(portfolio, wanted)
    if faults:
        raise CommandError("\n".join(map(str, faults)), code=1)
    folder = targets[-1]
    try:
        for each in targets:
            output.mark(each)
        if options.private:
            folder.chmod(0o700)
        write(folder, made, 0o600 if options.private else None)
        for export in files:
            if export.name not in made:
                (folder / export.name).unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(not_written(folder, error)) from error
    for export in wanted:
        file = describe(export, made[export.name], portfolio.translator)
        print(f"{folder / export.name}: {file.facts}")
    return 0
