"""Measure the link check: requests and seconds for each fault of a host, beside Sphinx's builder.

Both ask the same server on this machine, for one address at a time, with a timeout of a second and
the usual limits. Sphinx's builder is ended after a bound in seconds and in requests, since some
faults keep it for ever. Exits with 1 if the link check exceeds its own limits. With --quick, two
faults show only that the benchmark works.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from faults import RETRY_AFTER, Server, serving

from sphinx_portfolio.linkcheck.client import Client
from sphinx_portfolio.linkcheck.policy import Limits, Policy
from sphinx_portfolio.linkcheck.verdicts import judge

QUICK = ("404", "429-0")
FAULTS = (
    *("200", "301", "302", "307", "308", "loop", "file", "404", "410", "403", "500"),
    *("503", "999", *(f"429-{value}" for value in RETRY_AFTER), "drip", "drip#x", "endless"),
    *("endless#x", "bomb#x", "tag#x", "headers", "continue", "hang", "reset", "head-405"),
    *("200#here", "200#missing", "tls"),
)
MANY = 50  # links on one host
BOUND, MOST = 6.0, 2000  # seconds and requests, after which Sphinx's builder is ended
CONF = """\
project = "Links"
linkcheck_timeout = 1
linkcheck_rate_limit_timeout = 8
"""


class Cost(NamedTuple):
    """Requests, seconds, and the result in words."""

    requests: int
    seconds: float
    result: str


def addresses(server: Server, fault: str) -> list[str]:
    """Return the addresses of a fault."""
    if fault == "tls":
        return [f"https://127.0.0.1:{server.tls_port}/200"]
    if fault == "many":
        return [f"http://127.0.0.1:{server.port}/slow/{number}" for number in range(MANY)]
    return [f"http://127.0.0.1:{server.port}/{fault}"]


def ours(server: Server, links: list[str]) -> Cost:
    """Ask for links with the usual limits."""
    before, started = len(server.requests), time.monotonic()
    client = Client(Policy(timeout=1, allow_loopback=True), Limits())
    answers = asyncio.run(client.ask_all(links, 600))
    seconds = time.monotonic() - started
    results = {judge(link, answers.get(link)).kind.value for link in links}
    return Cost(len(server.requests) - before, seconds, ", ".join(sorted(results)))


def sphinxs(server: Server, links: list[str], folder: Path) -> Cost:
    """Ask for links with Sphinx's builder; its start is not counted."""
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    text = "Links\n=====\n\n" + "\n\n".join(f"`{i} <{link}>`__" for i, link in enumerate(links))
    (folder / "index.rst").write_text(text, encoding="utf-8")
    before = len(server.requests)
    command = [sys.executable, "-m", "sphinx", "-E", "-q", "-b", "linkcheck"]
    command += [str(folder), str(folder / "out")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        launched = time.monotonic()
        while len(server.requests) == before and process.poll() is None:
            time.sleep(0.005)
        started = time.monotonic()
        ended = ""
        while process.poll() is None:
            if time.monotonic() - launched > BOUND or len(server.requests) - before > MOST:
                ended = "ended"
                process.kill()
                break
            time.sleep(0.005)
        process.communicate()
    seconds = time.monotonic() - started
    result = ended or ("working" if process.returncode == 0 else "broken or timed out")
    return Cost(len(server.requests) - before, seconds, result)


def main() -> int:
    """Measure all faults and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two faults only")
    options = parser.parse_args()
    limits, exceeded = Limits(), 0
    print(f"{'':12}  {'link check':>33}   {'builder of Sphinx':>33}")
    with serving() as server, tempfile.TemporaryDirectory() as name:
        for fault in QUICK if options.quick else (*FAULTS, "many"):
            links = addresses(server, fault)
            costs = [ours(server, links), sphinxs(server, links, Path(name))]
            cells = (f"{it.requests:6} {it.seconds:5.1f} s  {it.result:<19}" for it in costs)
            print(f"{fault:12}  {'   '.join(cells)}".rstrip(), flush=True)
            most = limits.requests * len(links), limits.seconds + 5
            exceeded += costs[0].requests > most[0] or costs[0].seconds > most[1]
    print(f"over the limits of the link check: {exceeded}, at most 0")
    return int(exceeded > 0)


if __name__ == "__main__":
    sys.exit(main())
