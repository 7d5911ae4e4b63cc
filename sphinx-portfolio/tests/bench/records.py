"""Measure the cost of records: generated portfolios, and plain Sphinx pages with the same text.

Prints for each size the processor time of a cold build and of a rebuild after one edit, the peak
memory, and the ratio to plain Sphinx. The two are built in turn, and the best of the rounds counts.
Exits with 1 if a limit is exceeded. With --quick, one round shows only that the benchmark works.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from generate import write

SIZES = (40, 100, 300, 1000)
TYPICAL = 40  # records of a portfolio of one person
GROWTH = 1.5  # of the cost of a record, from 300 records to 1,000, over that of a plain page
OVERHEAD = 1.25  # over plain Sphinx, at the typical size


@dataclass(frozen=True)
class Cost:
    """Seconds, and MiB at the peak."""

    cold: float
    rebuild: float
    memory: float


def sphinx(source: Path, output: Path) -> tuple[float, float]:
    """Build; return processor time in seconds, and MiB."""
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-d", str(output / "doctrees")]
    child = os.posix_spawn(
        sys.executable, [*command, str(source), str(output / "html")], dict(os.environ)
    )
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit(f"the build of {source} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(source: Path, output: Path) -> Cost:
    """Build a source cold, edit a page, and build again."""
    shutil.rmtree(output, ignore_errors=True)
    cold, memory = sphinx(source, output)
    page = source / "projects" / "page0.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("And more of it.", "And still more of it."), encoding="utf-8")
    rebuild, _ = sphinx(source, output)
    page.write_text(text, encoding="utf-8")
    return Cost(cold, rebuild, memory)


def best(costs: list[Cost]) -> Cost:
    """Return the lowest value of each."""
    return Cost(
        *(min(getattr(cost, name) for cost in costs) for name in ("cold", "rebuild", "memory"))
    )


def compare(folder: Path, size: int, rounds: int) -> tuple[Cost, Cost]:
    """Return and print the costs of a size: with records, and as plain Sphinx."""
    sources = []
    for name, extension in (("records", "sphinx_portfolio"), ("plain", "")):
        source = folder / str(size) / name
        write(source, size, extension)
        sources.append(source)
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    for _ in range(rounds):
        for source, found in zip(sources, costs, strict=True):
            found.append(measure(source, source.with_suffix(".out")))
    ours, plain = map(best, costs)
    print(
        f"{size:7}   {ours.cold:5.2f} s {plain.cold:5.2f} s {ours.cold / plain.cold:5.2f}x"
        f"  {ours.rebuild:5.2f} s {plain.rebuild:5.2f} s"
        f"  {ours.memory:4.0f} M {plain.memory:4.0f} M",
        flush=True,
    )
    return ours, plain


def main() -> int:
    """Measure all sizes and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="one round of one size, no limits")
    options = parser.parse_args()
    sizes, rounds = ((TYPICAL,), 1) if options.quick else (SIZES, options.rounds)
    print("                 cold build          rebuild            memory")
    print("records   records  plain  ratio  records  plain  records  plain")
    with tempfile.TemporaryDirectory() as name:
        results = {size: compare(Path(name), size, rounds) for size in sizes}
    # Differences between sizes leave out what starting Python and Sphinx costs.
    steps = []
    for small, large in pairwise(sizes):
        step = [
            1000 * (more.cold - less.cold) / (large - small)
            for more, less in zip(results[large], results[small], strict=True)
        ]
        print(f"one more record, from {small} to {large}: {step[0]:.1f} ms, plain {step[1]:.1f} ms")
        steps.append(step)
    overhead = results[TYPICAL][0].cold / results[TYPICAL][1].cold
    print(f"over plain Sphinx at {TYPICAL} records: {overhead:.2f}x, at most {OVERHEAD}")
    if options.quick:
        return 0
    ours, plain = (after / before for before, after in zip(*steps[-2:], strict=True))
    print(f"growth of the cost of one more record: {ours:.2f}x, plain {plain:.2f}x")
    print(f"growth over that of plain Sphinx: {ours / plain:.2f}x, at most {GROWTH}")
    return int(ours / plain > GROWTH or overhead > OVERHEAD)


if __name__ == "__main__":
    sys.exit(main())
