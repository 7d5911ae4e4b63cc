"""Check every external link within a time limit, and print a table of the problems.

The exit code is 0, 1 if links are broken, 2 if an option is invalid or not all was checked, and 3
if there is no network. The configuration values linkcheck_ignore, linkcheck_timeout,
linkcheck_anchors, linkcheck_anchors_ignore, linkcheck_anchors_ignore_for_url and
linkcheck_allowed_redirects are Sphinx's. Its other linkcheck_* values are not used.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sphinx_portfolio.commands import CommandError, application, output, parse, source_parser
from sphinx_portfolio.exports.making import write
from sphinx_portfolio.linkcheck import history, literal, report
from sphinx_portfolio.linkcheck.client import Client
from sphinx_portfolio.linkcheck.collector import LinkBuilder, collected
from sphinx_portfolio.linkcheck.policy import Limits, Policy
from sphinx_portfolio.linkcheck.verdicts import Kind, judge, seems_offline
from sphinx_portfolio.sources.locations import line_of_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sphinx.application import Sphinx
    from sphinx.config import Config

    from sphinx_portfolio.linkcheck.verdicts import Answer

FINE, BROKEN, INCOMPLETE, NO_NETWORK = 0, 1, 2, 3
"""Exit codes. Links that are uncertain or moved are in the table, but are no failure."""

LIMITS = Limits()
AGAIN = 10  # seconds in which a link that worked tells whether there is a network


def seconds(text: str) -> float:
    """Read a time limit, which must be positive and finite."""
    try:
        limit = float(text)
    except ValueError:
        limit = math.nan
    if not 0 < limit < math.inf:
        message = f"invalid limit {text!r}: expected a positive number of seconds"
        raise argparse.ArgumentTypeError(message)
    return limit


def policy(config: Config, conf: Path, *, allow_loopback: bool) -> Policy:
    """Return Sphinx's configuration of links; CommandError if a pattern or number is invalid."""

    def patterns(name: str) -> tuple[re.Pattern[str], ...]:
        try:
            return tuple(re.compile(pattern) for pattern in config[name])
        except (re.error, TypeError) as error:
            place = f"{conf}:{line_of_key(conf.read_text('utf-8', 'replace'), name)}"
            raise CommandError(f"{place}: invalid pattern in {name}: {error}") from error

    timeout = config.linkcheck_timeout or LIMITS.seconds
    if not (isinstance(timeout, int | float) and 0 < timeout < math.inf):
        raise CommandError(f"{conf}: invalid linkcheck_timeout {timeout!r}: expected seconds")
    redirects = config.linkcheck_allowed_redirects  # compiled by Sphinx; no dictionary if not set
    return Policy(
        timeout=timeout,
        anchors=config.linkcheck_anchors,
        anchors_ignore=patterns("linkcheck_anchors_ignore"),
        anchors_ignore_for_url=patterns("linkcheck_anchors_ignore_for_url"),
        ignore=patterns("linkcheck_ignore"),
        allowed_redirects=tuple(redirects.items()) if isinstance(redirects, dict) else None,
        allow_loopback=allow_loopback,
    )


def show_progress(hosts: int, passed: float) -> None:
    """Draw the line again in which the hosts are counted."""
    print(f"\r\x1b[Khosts left: {hosts}, {passed:.0f} s", end="", file=sys.stderr, flush=True)


def fix(files: Iterable[Path], moved: Mapping[str, str]) -> int:
    """Print how files change, then rewrite them; return the number of files."""
    changed = {}
    for path in files:
        old = path.read_bytes().decode("utf-8", "surrogateescape")  # all else stays as it is
        if (new := literal.rewrite(old, moved)) != old:
            print(literal.diff(os.path.relpath(path), old, new), end="", flush=True)
            changed[path.resolve()] = new
    for path, new in changed.items():
        write(
            path.parent,
            {path.name: new.encode("utf-8", "surrogateescape")},
            path.stat().st_mode & 0o777,
        )
    return len(changed)


def read_history(path: Path) -> dict[str, history.Kept]:
    """Read the kept verdicts; those of an invalid file are ignored, which is said."""
    try:
        return history.read(path.read_text("utf-8")) if path.exists() else {}
    except ValueError as error:
        print(f"{path}: ignored, since it is invalid ({error})", file=sys.stderr)
        return {}


def tell_github(rows: Sequence[report.Row], summary: str, source: Path) -> None:
    """In a job of GitHub Actions, annotate files and add the table to the job's summary."""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        root = os.path.relpath(source.resolve(), os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
        # Standard output may be JSON.
        print(report.as_annotations(rows, Path(root).as_posix()), end="", file=sys.stderr)
    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(f"### Links\n\n{report.as_markdown(rows)}\n{summary}\n")
        except OSError as error:
            print(f"GITHUB_STEP_SUMMARY: {path}: {error.strerror}", file=sys.stderr)


def is_offline(answers: Mapping[str, Answer], worked: Sequence[str], rules: Policy) -> bool:
    """Return whether there is no network; links that worked a short while ago are asked again."""
    if not seems_offline(answers):
        return False
    again = asyncio.run(Client(rules, LIMITS).ask_all(worked, AGAIN))
    return not worked or seems_offline({**answers, **again})


def read_source(source: Path) -> Sphinx:
    """Read a source with the builder of links; CommandError if it does not build."""
    try:
        with TemporaryDirectory() as work:
            out, doctrees = Path(work, "out"), Path(work, "doctrees")
            return application.build(source, out, doctrees, LinkBuilder.name, strict=False)
    except application.BuildError as error:
        raise CommandError(str(error)) from error  # 1 is for broken links


def _parser() -> argparse.ArgumentParser:
    parser = source_parser("linkcheck", __doc__)
    parser.add_argument(
        "--output", type=Path, default=Path("_build/linkcheck"), help="the folder of the verdicts"
    )
    parser.add_argument(
        "--limit", type=seconds, default=600, metavar="SECONDS", help="for all links"
    )
    parser.add_argument("--fresh", action="store_true", help="ask for all links, also recent ones")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--fix", action="store_true", help="rewrite the addresses of permanent redirects"
    )
    parser.add_argument("--allow-loopback", action="store_true", help="ask this machine, for tests")
    return parser


def main(arguments: Sequence[str]) -> int:
    """Check the links of a source folder; return one of the exit codes above."""
    options = parse(_parser(), arguments)
    if options.json and options.fix:
        raise CommandError("--json and --fix exclude each other: both print to standard output")
    source, folder = options.source, options.output
    started, now = time.monotonic(), datetime.now(UTC)
    output.check_place(folder, source)
    output.mark(folder)

    app = read_source(source)
    builder = collected(app)
    rules = policy(app.config, source / "conf.py", allow_loopback=options.allow_loopback)
    places = {it: found for it, found in builder.links.items() if not rules.ignores(it)}
    before = read_history(folder / history.FILE)
    kept = {address: before[address] for address in places if address in before}
    verdicts = {} if options.fresh else history.reusable(kept, rules.digest, now)
    wanted = [address for address in places if address not in verdicts]

    left = options.limit - (time.monotonic() - started)
    progress = show_progress if sys.stderr.isatty() else None
    answers = asyncio.run(Client(rules, LIMITS).ask_all(wanted, left, progress))
    if progress:
        print("\r\x1b[K", end="", file=sys.stderr)
    if is_offline(answers, [*verdicts][:1], rules):
        line = f"No network: no host answered, so {len(wanted)} links are unchecked."
        print(report.as_json([], line, 0) if options.json else line)
        return NO_NETWORK
    for address in wanted:
        verdict = judge(address, answers.get(address), rules.allowed_redirects)
        if verdict.kind is not Kind.UNREACHED:
            kept[address] = history.keep(verdict, kept.get(address), rules.digest, now)
            verdict = kept[address].verdict
        verdicts[address] = verdict
    write(folder, {history.FILE: history.write(kept).encode()})

    rows = report.tabulate(places, verdicts)
    summary = report.summarize(verdicts.values())
    kinds = {verdict.kind for verdict in verdicts.values()}
    if Kind.UNREACHED in kinds:
        summary += f" The limit of {options.limit:g} s ended the check: choose a longer --limit."
    requests = sum(answer.requests for answer in answers.values())
    if options.json:
        print(report.as_json(rows, summary, requests))
    else:
        print(f"{report.as_text(rows)}{summary}")
    tell_github(rows, summary, source)
    if options.fix:
        moved = {it: each.target for it, each in verdicts.items() if each.kind is Kind.MOVED}
        print(f"Files with new addresses: {fix(builder.editable, moved)}")
    if Kind.BROKEN in kinds:
        return BROKEN
    return INCOMPLETE if Kind.UNREACHED in kinds else FINE
