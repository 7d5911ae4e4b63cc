"""Check every external link within a limit, and print a table of what is wrong.

Sphinx's link check does the work, in a process of its own: it can wait without end, on a host that
answers every request with `Retry-After` or on an address like `http://[::1/`. The table is made
from what it had written when it ended or was ended.
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

from sphinx_portfolio.commands import output
from sphinx_portfolio.linkcheck import PLAN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FINE, BROKEN, INCOMPLETE, NO_NETWORK = 0, 1, 2, 3
"""Exit codes. Hosts that are slow and links that moved are told, but they are fine."""

RESULTS = "output.json"

# How requests and urllib3 word a request that never met a host, and one that was never sent.
NO_CONNECTION = re.compile("NameResolutionError|NewConnectionError|ConnectTimeoutError|ProxyError")
NO_REQUEST = re.compile("Failed to parse|Invalid URL")
# The host is there and says "later" (429, 503), or the anchor is in a page that can't be decoded.
UNDECIDED = re.compile("429 |service unavailable|unable to decode")


class Kind(StrEnum):
    """What the table tells of a link; the worst first."""

    BROKEN = "broken"
    UNREACHED = "not reached"
    TIMED_OUT = "timed out"
    UNDECIDED = "undecided"
    MOVED = "redirected for good"


class Result(NamedTuple):
    """What Sphinx found out about an address."""

    status: str
    code: int
    info: str


def _printable(text: str) -> str:
    """Blank out what could steer a terminal or break a table: hosts send what they like."""
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
        """The row's text."""
        place = f"{self.page}:{self.line}" if self.line > 0 else self.page
        return self.kind, _printable(place), _printable(self.address), _printable(self.detail)


class Conclusion(NamedTuple):
    """What the check ends with."""

    rows: list[Row]
    verdict: str
    exit_code: int


Plan: TypeAlias = "Mapping[str, Sequence[tuple[str, int]]]"
Results: TypeAlias = "Mapping[str, Result]"


def read_plan(text: str) -> Plan:
    """Read the builder's plan: the places of each address."""
    return {
        address: [(page, line) for page, line in places]
        for address, places in json.loads(text).items()
    }


def read_results(text: str) -> Results:
    """Read Sphinx's `output.json`, an object a line; a last line that was cut off doesn't count."""
    found = [json.loads(line) for line in text.split("\n")[:-1]]
    return {each["uri"]: Result(each["status"], each["code"], each["info"]) for each in found}


def judge(result: Result | None) -> Kind | None:
    """Say what the table tells of a result; None if nothing, for the link is fine or left out."""
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
    """Make a row for each place of each address of which there is something to tell."""
    rows = []
    for address, places in plan.items():
        result = results.get(address)
        if kind := judge(result):
            detail = result.info.removesuffix(f" for url: {address}") if result else ""
            rows += [Row(kind, *place, address, detail) for place in dict.fromkeys(places)]
    order = list(Kind)
    return sorted(rows, key=lambda row: (order.index(row.kind), row))


def seems_offline(plan: Plan, results: Results) -> bool:
    """Tell a machine without network from a site with dead links.

    It seems offline if no host answered in any way (an error, a bad certificate or half a page is
    an answer, too), and two hosts at least let no one connect. One host alone is a dead link:
    nothing speaks against the network but that host. It is sure once every address was tried.
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
    """Draw the conclusion from plan, results and Sphinx's exit code (None: the limit ended it)."""
    if ended is None:
        failure = f"The limit of {limit:g} s ended the check"
    else:
        failure = f"Sphinx failed (exit code {ended}; its own message says why)"
    if plan is None:
        if results:
            failure = "Sphinx's own builder ran: add 'sphinx_portfolio.site' to the extensions"
            return Conclusion([], f"{failure} in conf.py.", INCOMPLETE)
        return Conclusion([], f"{failure} before a single link was tried.", INCOMPLETE)
    if seems_offline(plan, results):
        if plan.keys() <= results.keys():
            verdict = f"No network: not one host answered, so {len(plan)} links stay unchecked."
            return Conclusion([], verdict, NO_NETWORK)
        # Dead hosts or no network: the limit came before that could be told.
        results = {a: each for a, each in results.items() if not NO_CONNECTION.search(each.info)}

    rows = tabulate(plan, results)
    # Sphinx ends with 1 when links are broken or slow; more is a failure of its own.
    complete = ended in {0, 1} and all(row.kind is not Kind.UNREACHED for row in rows)
    counts = Counter(kind for kind, _ in {(row.kind, row.address) for row in rows})
    told = ", ".join(f"{counts[kind]} {kind}" for kind in Kind if counts[kind])
    verdict = f"{len(plan)} links: {told or 'all fine'}." + ("" if complete else f" {failure}.")
    exit_code = BROKEN if counts[Kind.BROKEN] else FINE if complete else INCOMPLETE
    return Conclusion(rows, verdict, exit_code)


def as_text(rows: Sequence[Row]) -> str:
    """Draw the table for a terminal."""
    lines = [row.cells for row in rows]
    kinds, places = (max((len(cells[i]) for cells in lines), default=0) for i in (0, 1))
    return "".join(
        f"{kind:{kinds}}  {place:{places}}  {address}  {detail}".rstrip() + "\n"
        for kind, place, address, detail in lines
    )


def as_markdown(rows: Sequence[Row]) -> str:
    """Draw the table for a code host; what a host sent stays text, in code spans."""
    lines = ["| | place | address | detail |", "| --- | --- | --- | --- |"] if rows else []
    for kind, *texts in (row.cells for row in rows):
        spans = (text.replace("`", "'").replace("|", r"\|") for text in texts)
        lines.append(" | ".join((f"| {kind}", *(f"`{s}`" if s else "" for s in spans))) + " |")
    return "".join(f"{line}\n" for line in lines)


def _run(command: Sequence[str | Path], limit: float, log: Path) -> int | None:
    """Run a command and return its exit code, or None if the limit ended it."""
    # A session of its own is a group of its own: one signal ends it and all that it started.
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
                os.killpg(child.pid, signal.SIGKILL)


def seconds(text: str) -> float:
    """Read a limit of time; it must be positive and finite."""
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
    parser = argparse.ArgumentParser(prog="sphinx-portfolio linkcheck", description=__doc__)
    parser.add_argument("--source", type=Path, default=Path(), help="folder of conf.py")
    parser.add_argument("--output", type=Path, default=Path("_build/linkcheck"))
    parser.add_argument(
        "--limit", type=seconds, default=600, metavar="SECONDS", help="for all links"
    )
    options = parser.parse_args(arguments)
    source, folder = options.source, options.output

    try:
        output.check_outside(folder, source)
        output.mark(folder)
    except output.OutputError as error:
        print(error, file=sys.stderr)
        return INCOMPLETE
    # The results of an earlier run are not those of this one.
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
