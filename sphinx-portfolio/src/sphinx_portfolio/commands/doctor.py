"""List what is valid but could be better, where it is, and what to do.

The exit code is 0, with `--strict` 1 if there is a finding, and 2 if the source does not
build. Accepted findings are listed in conf.py, with the reason:

    portfolio_accepted = {"project-license:locknt": "the team has to choose one"}
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_portfolio import config, exports
from sphinx_portfolio.commands import CommandError, application, parse, source_parser
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.exports import calendar
from sphinx_portfolio.exports.outline import ExportError, MissingGlyphError
from sphinx_portfolio.model import Talk
from sphinx_portfolio.model.diagnosis import RULES, Finding, Hint, Site, Subject, diagnose
from sphinx_portfolio.sources import locations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sphinx.application import Sphinx

    from sphinx_portfolio.linkcheck.oembed import Shown
    from sphinx_portfolio.model import Portfolio

CALENDAR = "talks.ics"
ONLINE = "talk-private"  # the rule that needs a network


def _site(app: Sphinx, *, online: bool, allow_loopback: bool) -> Site:
    """Collect what the rules check; online also what hosts of videos say."""
    names, domain = sorted(app.env.found_docs), portfolio_domain(app.env)
    private: Iterable[Hint] = ()
    if online:
        private = private_videos(domain.portfolio, allow_loopback=allow_loopback)
    return Site(
        portfolio=domain.portfolio,
        root=Path(app.srcdir),
        pages=tuple(
            Subject(name, _description(app, name), f"{app.env.doc2path(name)}:1") for name in names
        ),
        pictures=tuple(picture for name in names for picture in _pictures(app, name)),
        unconfirmed=_entries(app, "portfolio_unconfirmed"),
        accepted=tuple(
            # Without a network it is not known whether they are still needed.
            entry
            for entry in _entries(app, "portfolio_accepted")
            if online or not entry.key.startswith(f"{ONLINE}:")
        ),
        hints=(
            *domain.hints,
            *_missing_glyphs(app, domain.portfolio),
            *_without_day(app, domain.portfolio),
            *private,
        ),
    )


def _missing_glyphs(app: Sphinx, portfolio: Portfolio) -> Iterator[Hint]:
    """Yield the first character that the CV as PDF can't have, if the site has one."""
    [export] = [each for each in exports.EXPORTS if each.name == "cv.pdf"]
    if export.name not in config.export_names(app) or not export.is_available:
        return
    try:
        export.make(portfolio)
    except MissingGlyphError as error:
        subject = error.message.partition(":")[0]
        place = error.place if ":" in error.place else f"{Path(app.confdir, 'conf.py')}:1"
        yield Hint("pdf-glyph", subject, place, error.message)
    except ExportError:
        return  # the build reports it


def _without_day(app: Sphinx, portfolio: Portfolio) -> Iterator[Hint]:
    """Yield the number and the keys of the talks that the exported calendar lacks, if any."""
    talks, dated = portfolio.of(Talk), calendar.dated(portfolio)
    lacking = [talk for talk in talks if talk not in dated]
    if lacking and CALENDAR in config.export_names(app):
        keys = ", ".join(talk.key for talk in lacking)
        message = f"{len(lacking)} of {len(talks)} talks are not in {CALENDAR}: {keys}"
        yield Hint("talk-calendar", CALENDAR, min(lacking, key=_line).place, message)


def _line(talk: Talk) -> tuple[str, int]:
    return talk.source, talk.line


def private_videos(portfolio: Portfolio, *, allow_loopback: bool) -> Iterator[Hint]:
    """Yield a hint for each video that its host does not show to everyone.

    Videos of known hosts that give no clear answer are named on standard error.
    """
    oembed = import_module("sphinx_portfolio.linkcheck.oembed")  # aiohttp is slow to import
    talks = [talk for talk in portfolio.of(Talk) if talk.video]
    answers: dict[str, Shown] = oembed.ask({talk.video for talk in talks}, allow_loopback)
    for talk in talks:
        shown = answers.get(talk.video)
        if shown and shown.is_refused:
            message = f"{talk.title!r}: {shown.host} answers {shown.reason} for {talk.video}"
            yield Hint(ONLINE, talk.id, talk.place, message)
        elif shown and shown.reason:
            print(f"{talk.place}: {talk.video}: not checked: {shown.reason}", file=sys.stderr)


def _description(app: Sphinx, name: str) -> str:
    """Return the description in a page's front matter."""
    text: str = app.env.metadata[name].get("description", "")
    return "" if text == "null" else text  # MyST's text of a field without value


def _pictures(app: Sphinx, name: str) -> Iterator[Subject]:
    """Yield the pictures of a page."""
    for image in app.env.get_doctree(name).findall(nodes.image):
        file, line = locations.find(image, Path(image["uri"]).name)
        yield Subject(f"{name}:{image['uri']}", image.get("alt", ""), f"{file}:{line}")


def _entries(app: Sphinx, table: str) -> tuple[Subject, ...]:
    """Return the entries of a dictionary in conf.py."""
    value = app.config[table]
    file = Path(app.confdir, "conf.py")
    conf = file.read_text("utf-8", "replace")
    return tuple(
        Subject(key, text, f"{file}:{locations.line_of_key(conf, key, table)}")
        for key, text in value.items()
    )


def as_text(found: Sequence[Finding], accepted: Sequence[Finding]) -> str:
    """Return the report as text: a line for each finding, under headings with their number."""
    lines = []
    for name, group in groupby(found, key=lambda finding: finding.rule):
        findings = list(group)
        lines.append(f"{RULES[name].title}: {len(findings)}")
        lines += (f"{it.place}: {it.message} ({it.remedy}) [{it.key}]" for it in findings)
        lines.append("")
    if accepted:
        lines.append(f"Accepted: {len(accepted)}")
        lines += (f"{it.place}: {it.message} ({it.accepted}) [{it.key}]" for it in accepted)
        lines.append("")
    lines.append(f"{len(found)} to do, {len(accepted)} accepted")
    return "\n".join(lines)


def as_json(found: Sequence[Finding], accepted: Sequence[Finding]) -> str:
    """Return the report as JSON: open findings, accepted findings, and open ones by rule."""
    counts = Counter(finding.rule for finding in found)
    report = {
        "findings": [asdict(finding) for finding in found],
        "accepted": [asdict(finding) for finding in accepted],
        "counts": {name: counts[name] for name in RULES},
    }
    return json.dumps(report, indent=2)


def main(arguments: Sequence[str]) -> int:
    """Print the report; CommandError if the source does not build."""
    parser = source_parser("doctor", __doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if there is a finding")
    parser.add_argument(
        "--online", action="store_true", help="ask YouTube and Vimeo whether videos are public"
    )
    parser.add_argument("--allow-loopback", action="store_true", help="ask this machine, for tests")
    options = parse(parser, arguments)
    try:
        with application.reading(options.source) as app:
            online, loopback = options.online, options.allow_loopback
            findings = diagnose(_site(app, online=online, allow_loopback=loopback))
    except application.BuildError as error:
        raise CommandError(str(error)) from error  # 1 is for findings
    accepted = [finding for finding in findings if finding.accepted]
    found = [finding for finding in findings if not finding.accepted]
    print((as_json if options.json else as_text)(found, accepted))
    return 1 if options.strict and found else 0
