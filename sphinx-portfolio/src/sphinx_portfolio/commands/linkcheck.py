"""Check every external link within a time limit, and print a table of the problems.

Sphinx's link check runs in a process of its own: it can wait without end, for a host that answers
every request with `Retry-After` or on an address such as `http://[::1/`. The table is made from
the results that it had written when it ended or was killed.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from sphinx_portfolio.commands import output, parse, source_parser
from sphinx_portfolio.linkcheck import PLAN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FINE, BROKEN, INCOMPLETE, NO_NETWORK = 0, 1, 2, 3
"""Exit codes. Slow hosts and moved links are in the table, but are no failure."""

RESULTS = "output.json"

# Messages of requests and urllib3: no connection to the host, and an invalid address.
NO_CONNECTION = re.compile("NameResolutionError|NewConnectionError|ConnectTimeoutError|ProxyError")
NO_REQUEST = re.compile("Failed to parse|Invalid URL")
# The host asks to try later (429, 503), or the page with the anchor can't be decoded.
UNDECIDED = re.compile("429 |service unavailable|unable to decode")


class Kind(StrEnum):
    """The kinds of rows in the table, in their order."""

    BROKEN = "broken"
    UNREACHED = "not reached"
    TIMED_OUT = "timed out"
    UNDECIDED = "undecided"
    MOVED = "permanently redirected"


class Result(NamedTuple):
    """Sphinx's result for an address."""

    status: str
    code: int
    info: str


def _printable(text: str) -> str:
    """Replace characters that control a terminal or break a table by spaces."""
    return "".join(char if char.isprintable() else " " for char in text)


class Row(NamedTuple):
    """A line of the table."""

    kind: Kind
    page: str
    line: int
    address: str
    detail: str

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The cells as text."""
        place = f"{self.page}:{self.line}" if self.line > 0 else self.page
        return self.kind, _printable(place), _printable(self.address), _printable(self.detail)


class Conclusion(NamedTuple):
    """The table, a summary in a line, and the exit code."""

    rows: list[Row]
    verdict: str
    exit_code: int


Plan: TypeAlias = "Mapping[str, Sequence[tuple[str, int]]]"
Results: TypeAlias = "Mapping[str, Result]"


def read_plan(text: str) -> Plan:
    """Read the plan of `PlannedLinkCheckBuilder`: the places of each address."""
    return {
        address: [(page, line) for page, line in places]
        for address, places in json.loads(text).items()
    }


def read_results(text: str) -> Results:
    """Read Sphinx's `output.json`, one object per line; an incomplete last line is ignored."""
    found = [json.loads(line) for line in text.split("\n")[:-1]]
    return {each["uri"]: Result(each["status"], each["code"], each["info"]) for each in found}


def judge(result: Result | None) -> Kind | None:
    """Return the kind of row for a result; None if the link works or is ignored."""
    match result:
        case None:
            return Kind.UNREACHED
        case Result("broken" | "ignored", _, info) if UNDECIDED.match(info):
            return Kind.UNDECIDED
        case Result("broken"):
            return Kind.BROKEN
        case Result("timeout"):
            return Kind.TIMED_OUT
        case Result("redirected", 301 | 308):
            return Kind.MOVED
    return None


def tabulate(plan: Plan, results: Results) -> list[Row]:
    """Return a row for each place of each address with a problem."""
    rows = []
    for address, places in plan.items():
        result = results.get(address)
        if kind := judge(result):
            detail = result.info.removesuffix(f" for url: {address}") if result else ""
            rows += [Row(kind, *place, address, detail) for place in dict.fromkeys(places)]
    order = list(Kind)
    return sorted(rows, key=lambda row: (order.index(row.kind), row))


def seems_offline(plan: Plan, results: Results) -> bool:
    """Return whether this machine seems to have no network.

    That is so if no host answered (an error or an invalid certificate is an answer) and there was
    no connection to at least two hosts: one host alone may be down. It is certain only if every
    address was tried.
    """
    dead = set()
    for address in plan.keys() & results.keys():
        result = results[address]
        if not address.startswith(("http:", "https:")) or NO_REQUEST.match(result.info):
            continue
        if result.status in {"broken", "timeout"} and NO_CONNECTION.search(result.info):
            dead.add(urlsplit(address).hostname)
        elif result.status != "ignored" or UNDECIDED.match(result.info):
            return False
    return len(dead) > 1


def conclude(plan: Plan | None, results: Results, ended: int | None, limit: float) -> Conclusion:
    """Return the conclusion; `ended` is Sphinx's exit code, None if the limit ended it."""
    if ended is None:
        failure = f"The limit of {limit:g} s ended the check"
    else:
        failure = f"Sphinx failed (exit code {ended}, see its message)"
    if plan is None:
        if results:
            failure = "Sphinx's own builder ran: add 'sphinx_portfolio.site' to the extensions"
            return Conclusion([], f"{failure} in conf.py.", INCOMPLETE)
        return Conclusion([], f"{failure} before any link was checked.", INCOMPLETE)
    if seems_offline(plan, results):
        if plan.keys() <= results.keys():
            verdict = f"No network: no host answered, so {len(plan)} links are unchecked."
            return Conclusion([], verdict, NO_NETWORK)
        # The limit came before it was certain whether the hosts or the network are down.
        results = {a: each for a, each in results.items() if not NO_CONNECTION.search(each.info)}

    rows = tabulate(plan, results)
    # Sphinx's exit code is 1 if links are broken or slow, and greater if Sphinx failed.
    complete = ended in {0, 1} and all(row.kind is not Kind.UNREACHED for row in rows)
    counts = Counter(kind for kind, _ in {(row.kind, row.address) for row in rows})
    listed = ", ".join(f"{counts[kind]} {kind}" for kind in Kind if counts[kind])
    verdict = f"{len(plan)} links: {listed or 'all work'}." + ("" if complete else f" {failure}.")
    exit_code = BROKEN if counts[Kind.BROKEN] else FINE if complete else INCOMPLETE
    return Conclusion(rows, verdict, exit_code)


def as_text(rows: Sequence[Row]) -> str:
    """Return the table for a terminal."""
    lines = [row.cells for row in rows]
    kinds, places = (max((len(cells[i]) for cells in lines), default=0) for i in (0, 1))
    return "".join(
        f"{kind:{kinds}}  {place:{places}}  {address}  {detail}".rstrip() + "\n"
        for kind, place, address, detail in lines
    )


def as_markdown(rows: Sequence[Row]) -> str:
    """Return the table as Markdown; text from hosts is in code spans."""
    lines = ["| | place | address | detail |", "| --- | --- | --- | --- |"] if rows else []
    for kind, *texts in (row.cells for row in rows):
        spans = (text.replace("`", "'").replace("|", r"\|") for text in texts)
        lines.append(" | ".join((f"| {kind}", *(f"`{s}`" if s else "" for s in spans))) + " |")
    return "".join(f"{line}\n" for line in lines)


def _run(command: Sequence[str | Path], limit: float, log: Path) -> int | None:
    """Run a command and return its exit code, or None if the limit ended it."""
    # In a new session, one signal ends the process and all that it started.
    with (
        log.open("w", encoding="utf-8") as output,
        subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        ) as child,
    ):
        try:
            return child.wait(limit)
        except subprocess.TimeoutExpired:
            return None
        finally:
            if child.poll() is None:
                if hasattr(os, "killpg"):
                    os.killpg(child.pid, signal.SIGKILL)
                else:  # Windows
                    child.kill()


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


def main(arguments: Sequence[str]) -> int:
    """Check the links of a source folder; return one of the exit codes above."""
    parser = source_parser("linkcheck", __doc__)
    parser.add_argument("--output", type=Path, default=Path("_build/linkcheck"))
    parser.add_argument(
        "--limit", type=seconds, default=600, metavar="SECONDS", help="for all links"
    )
    options = parse(parser, arguments)
    source, folder = options.source, options.output

    output.check_place(folder, source)
    output.mark(folder)
    # Results of an earlier run.
    for name in (PLAN, RESULTS, "output.txt"):
        (folder / name).unlink(missing_ok=True)
    sphinx = [sys.executable, "-m", "sphinx", "-b", "linkcheck", "-n", "-E"]
    log = folder / "sphinx.log"
    print(f"Checking links, for {options.limit:g} s at most: {log}", flush=True)
    ended = _run([*sphinx, "-d", folder / "doctrees", source, folder], options.limit, log)

    plan_file, results_file = folder / PLAN, folder / RESULTS
    plan = read_plan(plan_file.read_text("utf-8")) if plan_file.exists() else None
    results = read_results(results_file.read_text("utf-8")) if results_file.exists() else {}
    rows, verdict, exit_code = conclude(plan, results, ended, options.limit)
    if ended not in {None, 0, 1} or plan is None:
        print(log.read_text("utf-8"), file=sys.stderr)
    print(f"{as_text(rows)}{verdict}")
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(f"### Links\n\n{as_markdown(rows)}\n{verdict}\n")
        except OSError as error:
            print(f"GITHUB_STEP_SUMMARY: {summary}: {error.strerror}", file=sys.stderr)
    return exit_code
