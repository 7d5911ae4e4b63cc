"""What records cost: builds of generated portfolios beside plain Sphinx with the same text.

Prints, for each size, the seconds of a cold build and of a rebuild after one
edit, the peak memory, and the ratio to plain Sphinx; the two are built in turn
and the best of the rounds counts. Exits with 1 where a promise is broken.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from generate import write

SIZES = (40, 100, 300, 1000)
THIS_PORTFOLIO = 40  # records, as many as this repository's
GROWTH = 1.5  # of the cost of a record, from 100 records to 1,000
OVERHEAD = 1.25  # over plain Sphinx, at this portfolio's size


@dataclass(frozen=True)
class Cost:
    """Seconds, and MiB at the peak."""

    cold: float
    rebuild: float
    memory: float


def sphinx(source: Path, output: Path) -> tuple[float, float]:
    """Build; return seconds and MiB."""
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-d", str(output / "doctrees")]
    started = time.perf_counter()
    child = os.posix_spawn(
        sys.executable, [*command, str(source), str(output / "html")], dict(os.environ)
    )
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit(f"the build of {source} failed")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def measure(source: Path, output: Path) -> Cost:
    """Build a source from nothing, edit a page, and build again."""
    shutil.rmtree(output, ignore_errors=True)
    cold, memory = sphinx(source, output)
    page = source / "projects" / "page0.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("And more of it.", "And still more of it."), encoding="utf-8")
    rebuild, _ = sphinx(source, output)
    page.write_text(text, encoding="utf-8")
    return Cost(cold, rebuild, memory)


def best(costs: list[Cost]) -> Cost:
    """Return the least of each."""
    return Cost(
        *(min(getattr(cost, name) for cost in costs) for name in ("cold", "rebuild", "memory"))
    )


def main() -> int:
    """Measure all sizes and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    print("                 cold build          rebuild            memory")
    print("records   records  plain  ratio  records  plain  records  plain")
    results: dict[int, tuple[Cost, Cost]] = {}
    with tempfile.TemporaryDirectory() as name:
        for size in SIZES:
            sources = []
            for kind in (True, False):
                source = Path(name, str(size), "records" if kind else "plain")
                write(source, size, records=kind)
                sources.append(source)
            costs: tuple[list[Cost], list[Cost]] = ([], [])
            for _ in range(rounds):
                for source, found in zip(sources, costs, strict=True):
                    found.append(measure(source, source.with_suffix(".out")))
            ours, plain = best(costs[0]), best(costs[1])
            results[size] = ours, plain
            print(
                f"{size:7}   {ours.cold:5.2f} s {plain.cold:5.2f} s {ours.cold / plain.cold:5.2f}x"
                f"  {ours.rebuild:5.2f} s {plain.rebuild:5.2f} s"
                f"  {ours.memory:4.0f} M {plain.memory:4.0f} M"
            )
    cold = {size: ours.cold for size, (ours, _) in results.items()}
    # What starting Python and Sphinx costs is no record's: differences of sizes leave it out.
    few = 1000 * (cold[300] - cold[100]) / 200
    many = 1000 * (cold[1000] - cold[300]) / 700
    overhead = cold[THIS_PORTFOLIO] / results[THIS_PORTFOLIO][1].cold
    print(f"one record of 100: {10 * cold[100]:.1f} ms, of 1000: {cold[1000]:.1f} ms")
    print(f"one more after 100: {few:.1f} ms, after 300: {many:.1f} ms")
    print(f"growth of what one more record costs: {many / few:.2f}x, at most {GROWTH}")
    print(f"over plain Sphinx at {THIS_PORTFOLIO} records: {overhead:.2f}x, at most {OVERHEAD}")
    return int(many / few > GROWTH or overhead > OVERHEAD)


if __name__ == "__main__":
    sys.exit(main())
