"""Add what other files have to a portfolio: new pages and entries, no change of existing text.

FILE is a résumé or CV in JSON Resume, RenderCV or al-folio's YAML, BibTeX, or the data export
of LinkedIn (ZIP or folder). An entry that the portfolio has already is skipped and named.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util.matching import Matcher

from sphinx_portfolio.commands import (
    CommandError,
    application,
    files,
    importing,
    parse,
    source_parser,
)
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.importers.pages import BIBLIOGRAPHIES, PRIVATE_KEYS, Known, Writer
from sphinx_portfolio.model import Job

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx.application import Sphinx

    from sphinx_portfolio.importers.draft import Draft
    from sphinx_portfolio.model import Person, Portfolio


def main(arguments: Sequence[str]) -> int:
    """Add it; CommandError if a file can't be imported or the portfolio does not build."""
    parser = source_parser("import", __doc__)
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+", help="files to import")
    importing.add_as(parser)
    parser.add_argument("--dry-run", action="store_true", help="print the changes as a diff only")
    options = parse(parser, arguments)
    source: Path = options.source
    draft = importing.read(options.files, options.as_)
    # An import may make another job the newest, and the home page is to be edited after it.
    with application.reading(source.resolve(), suppress=("portfolio.home",)) as app:
        portfolio = portfolio_domain(app.env).portfolio
        writer = Writer(_known(app, source), portfolio.person.name)
    writer.add(draft)
    _person(writer, draft, portfolio.person)
    writer.report()
    result = writer.result
    if options.dry_run:
        print("".join(_diff(source, result.files)), end="")
    else:
        files.write(source, result.files)
    for name in result.skipped:
        print(f"already there, skipped: {name}")
    _check_home(writer, portfolio)
    print(f"{importing.counted(result.added)}{importing.left_over(result)}")
    return 0


def _known(app: Sphinx, source: Path) -> Known:
    """Return what the portfolio has."""
    domain = portfolio_domain(app.env)
    found: dict[str, str | None] = {}

    def read(name: str) -> str | None:
        if name not in found:
            path = source / name
            try:
                found[name] = path.read_text(encoding="utf-8") if path.is_file() else None
            except UnicodeDecodeError as error:
                raise CommandError(f"{path} is not UTF-8: save it as UTF-8") from error
        return found[name]

    home = source.resolve()
    bibliographies: dict[str, str] = {}
    for path, kind in domain.bibtex_files.items():
        if home in path.parents:
            bibliographies.setdefault(kind, path.relative_to(home).as_posix())
    pages = (str(app.env.doc2path(name, base=False)) for name in sorted(app.env.found_docs))
    included = Matcher(app.config.include_patterns)
    excluded = Matcher(app.config.exclude_patterns)
    return Known(
        read=read,
        portfolio=domain.portfolio,
        bibliographies=bibliographies,
        lists_all=any(map(_lists_all, filter(None, map(read, pages)))),
        # A page that conf.py excludes is not included by another pattern either.
        includes=lambda name: included(name) or excluded(name),
        values=lambda name: getattr(app.config, name, None) or (),
    )


def _lists_all(page: str) -> bool:
    """Return whether a page has a bibliography of any files, and no view of certain works."""
    views = "|".join(folder for folder, _, _ in BIBLIOGRAPHIES.values())
    is_general = re.search(r"\bbibliography(?:\}|::)[ \t]*$", page, re.MULTILINE)
    return bool(is_general) and not re.search(rf"\b(?:{views})(?:\}}|::)", page)


def _person(writer: Writer, draft: Draft, person: Person) -> None:
    """Note what the files say of the person and conf.py doesn't."""
    left = writer.result.leftovers
    for key, value in draft.person.items():
        if key not in PRIVATE_KEYS and value != getattr(person, key, ""):
            left.append(draft.of_person(f"portfolio_person: {key}", value))
    known = {profile.url for profile in person.profiles}
    for network, address in draft.profiles.items():
        if address not in known:
            left.append(draft.of_person(f"portfolio_person: profiles: {network}", address))
    writer.summary(draft)
    writer.private(draft)


def _check_home(writer: Writer, portfolio: Portfolio) -> None:
    """Say if the home page does not name a job that is now the newest, which a build reports."""
    newest = writer.newest_job
    home = writer.text("index.md") or ""
    jobs = [job.period for job in portfolio.of(Job) if job.period]
    known = max((it.newest_first for it in jobs), default=None)
    if newest and (known is None or newest[0].newest_first > known) and newest[1] not in home:
        print(f"index.md: name the newest job there, at {newest[1]!r}")


def _diff(source: Path, changed: Mapping[str, str]) -> Iterator[str]:
    """Yield the changes as a unified diff."""
    for name, text in changed.items():
        path = source / name
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        old = f"a/{name}" if path.is_file() else "/dev/null"
        lines, new = before.splitlines(keepends=True), text.splitlines(keepends=True)
        yield from difflib.unified_diff(lines, new, old, f"b/{name}")
