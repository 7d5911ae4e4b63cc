"""Measure what an import costs: a generated résumé of 1,000 entries, and RenderCV's form of it.

Prints the processor time of `sphinx-portfolio new` and its peak memory. The best of the rounds
counts. Exits with 1 if a limit is exceeded. With --quick, one round of few entries shows only that
the benchmark works.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

ENTRIES = 1000
SECONDS = 2.0
MEGABYTES = 150


def resume(entries: int) -> dict[str, Any]:
    """Return a résumé in JSON Resume with this number of entries."""
    jobs = [
        {
            "name": f"Employer {number // 3}",
            "position": f"Position {number}",
            "startDate": f"{1980 + number % 40}-0{number % 9 + 1}",
            "endDate": f"{2021 + number % 3}",
            "summary": f"What *position* {number} was, with [a link](https://x.example/{number}).",
            "highlights": [f"Did `thing` {each} of {number}" for each in range(4)],
        }
        for number in range(entries // 4)
    ]
    projects = [
        {
            "name": f"Project {number}",
            "description": f"A project in Skill {number}.",
            "keywords": [f"Skill {number}"],
            "startDate": "2020",
        }
        for number in range(entries // 4)
    ]
    publications = [
        {"name": f"Paper {number}", "publisher": "Journal", "releaseDate": "2020-01-02"}
        for number in range(entries // 4)
    ]
    skills = [f"Skill {number}" for number in range(entries - 3 * (entries // 4))]
    return {
        "basics": {"name": "Ada Example"},
        "work": jobs,
        "projects": projects,
        "publications": publications,
        "skills": [{"name": "All", "keywords": skills}],
    }


def rendercv(entries: int) -> dict[str, Any]:
    """Return a CV in RenderCV's form with this number of entries."""
    jobs = [
        {
            "company": f"Employer {number // 3}",
            "position": f"Position {number}",
            "start_date": f"{1980 + number % 40}-0{number % 9 + 1}",
            "end_date": f"{2021 + number % 3}",
            "highlights": [f"Did thing {each} of {number}" for each in range(4)],
        }
        for number in range(entries)
    ]
    return {"cv": {"name": "Ada Example", "sections": {"experience": jobs}}}


def measure(source: Path, output: Path) -> tuple[float, float]:
    """Write a portfolio; return processor time in seconds, and MiB."""
    command = [sys.executable, "-m", "sphinx_portfolio", "new", str(output), "--from", str(source)]
    silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawn(sys.executable, command, dict(os.environ), file_actions=silent)
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit(f"{source} was not imported")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> int:
    """Measure both formats and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="one round of few entries, no limits")
    options = parser.parse_args()
    entries, rounds = (40, 1) if options.quick else (ENTRIES, options.rounds)
    exceeded = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.json").write_text(json.dumps(resume(entries)), encoding="utf-8")
        (folder / "b.yaml").write_text(yaml.safe_dump(rendercv(entries)), encoding="utf-8")
        for file, label in (("a.json", "JSON Resume"), ("b.yaml", "RenderCV")):
            costs = [measure(folder / file, folder / f"{file}{it}") for it in range(rounds)]
            seconds, memory = (min(cost[it] for cost in costs) for it in (0, 1))
            print(f"{entries} entries of {label}: {seconds:.2f} s, {memory:.0f} M")
            exceeded = exceeded or seconds > SECONDS or memory > MEGABYTES
    print(f"at most {SECONDS} s and {MEGABYTES} M")
    return int(exceeded and not options.quick)


if __name__ == "__main__":
    sys.exit(main())
