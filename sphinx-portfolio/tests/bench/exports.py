"""Measure the cost of exports: build a generated site with and without them, in turn.

Prints the median processor times of a cold build and of a rebuild in which no record changed, then
the time of each file, and of all files with a hundred talks, then the CV alone beside RenderCV with
the same content. RenderCV is not a dependency: it is installed into a temporary folder, and left
out if that fails. Exits with 1 if a limit is exceeded: limits are ratios to the same build without
exports, since seconds depend on the machine. They are printed beside those that are aimed at. With
--quick, one round shows only that the benchmark works.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from generate import write

from sphinx_portfolio.exports import EXPORTS, icons, share
from sphinx_portfolio.model import Award, Degree, Job, Project, Service, Talk, assemble, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sphinx_portfolio.model import Portfolio, Record

SIZE = 30  # records, which fill two pages
QUICK_SIZE = 10
# Over the same build without exports.
COLD = 2.1  # 1.8 when it was set
HUNDRED = 1.5  # all files with a hundred talks; 0.7 when it was set
REBUILD = 1.1  # exporting at each build gives 1.2
# Seconds that the files are meant to take at most.
AIMS = {
    "added to a cold build": 1.5,
    "added to a rebuild": 0.05,
    "all files with a hundred talks": 5,
}
MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M1 1h6v6z"/></svg>'
WITHOUT = ("-D", "portfolio_exports=")
# It imports click without requiring it.
RENDERCV = ("rendercv[full]", "click")
PARTS = ("--dont-generate-pdf", "--dont-generate-png")


def seconds(command: Sequence[str | Path], folder: Path) -> float:
    """Run a command in a folder; return its processor time, or raise CalledProcessError.

    Unlike the time on a clock, it does not depend on what else runs on the machine.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command, cwd=folder, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def build(source: Path, output: Path, *options: str) -> float:
    """Build the site, reusing what an earlier build left."""
    command = (sys.executable, "-m", "sphinx", "-b", "html", "-q", "-d", output / "doctrees")
    return seconds((*command, *options, source, output / "html"), source)


def builds(source: Path, folder: Path, rounds: int, edits: int) -> dict[str, list[float]]:
    """Build with and without exports, in turn: cold, and after an edit of prose."""
    found: dict[str, list[float]] = {"cold": [], "cold-0": [], "rebuild": [], "rebuild-0": []}
    page = source / "index.md"
    text = page.read_text(encoding="utf-8")
    for _ in range(rounds):
        for suffix, options in (("", ()), ("-0", WITHOUT)):
            output = folder / f"site{suffix}"
            shutil.rmtree(output, ignore_errors=True)
            found[f"cold{suffix}"].append(build(source, output, *options))
    for number in range(edits):
        page.write_text(f"{text}\nEdited {number} times.\n", encoding="utf-8")
        for suffix, options in (("", ()), ("-0", WITHOUT)):
            found[f"rebuild{suffix}"].append(build(source, folder / f"site{suffix}", *options))
    page.write_text(text, encoding="utf-8")
    return found


def read(output: Path) -> Portfolio:
    """Return the portfolio of a site that was built above."""
    environment = pickle.loads((output / "doctrees" / "environment.pickle").read_bytes())  # noqa: S301
    portfolio: Portfolio = environment.domaindata["portfolio"]["portfolio"]
    return portfolio


def making(portfolio: Portfolio) -> float:
    """Print the processor time of each file in this process; return that of all files.

    The first one loads typst. The Markdown is written with the pages.
    """
    makers: dict[str, Callable[[], object]] = {
        export.name: partial(export.make, portfolio) for export in EXPORTS
    }
    makers[share.NAME] = partial(share.pictures, portfolio)
    makers[icons.FAVICON] = partial(icons.icons, MARK, "")
    whole = 0.0
    for name, make in makers.items():
        started = time.process_time()
        make()
        took = time.process_time() - started
        whole += took
        print(f"  {name:<26} {took:6.3f} s")
    return whole


def with_talks(portfolio: Portfolio, count: int) -> Portfolio:
    """Return a portfolio with so many talks."""
    talks = portfolio.of(Talk)
    others = (record for record in portfolio.records if not isinstance(record, Talk))
    many = (replace(talks[number % len(talks)], id=f"t{number}") for number in range(count))
    return assemble(portfolio.person, portfolio.today, (*others, *many))


def dates(record: Record) -> dict[str, str]:
    """Return the dates in RenderCV's fields."""
    if record.period is None:
        return {}
    start, end = record.period.start, record.period.end
    if start == end:
        return {"date": str(start)}
    return {"start_date": str(start), "end_date": str(end or "present")}


def bullets(record: Record) -> list[str]:
    """Return all bullets, nested ones after their parent."""

    def each(highlights: Sequence[Any]) -> Iterator[str]:
        for highlight in highlights:
            yield plain(highlight.text)
            yield from each(highlight.highlights)

    return list(each(record.highlights))


def as_rendercv(portfolio: Portfolio) -> str:
    """Return the records as RenderCV's input, as JSON, which is YAML too."""
    sections: dict[str, list[dict[str, Any]]] = {
        "Experience": [
            {"company": job.organization, "position": job.title, "location": job.location,
             "highlights": bullets(job), **dates(job)}
            for job in portfolio.of(Job)
        ],
        "Talks": [
            {"name": talk.title, "summary": talk.event, "location": talk.venue, **dates(talk),
             "highlights": list(filter(None, (talk.video, talk.slides, talk.code, talk.url)))}
            for talk in portfolio.of(Talk)
        ],
        "Projects": [
            {"name": project.title, "summary": plain(project.summary), **dates(project),
             "highlights": bullets(project)}
            for project in portfolio.of(Project)
        ],
        "Skills": [
            {"label": group or "Skills", "details": ", ".join(skill.title for skill in skills)}
            for group, skills in portfolio.skills_by_group.items()
        ],
        "Awards": [
            {"name": each.title, "summary": plain(each.summary), **dates(each)}
            for each in portfolio.of(Award)
        ],
        "Volunteering": [
            {"name": each.title, "summary": ", ".join(each.events), **dates(each)}
            for each in portfolio.of(Service)
        ],
        "Education": [
            {"institution": degree.organization, "area": degree.title,
             "location": degree.location, "highlights": bullets(degree), **dates(degree)}
            for degree in portfolio.of(Degree)
        ],
    }  # fmt: skip
    person = portfolio.person
    cv = {
        "name": person.name,
        "email": person.email,
        "location": person.location,
        "sections": {title: entries for title, entries in sections.items() if entries},
    }
    return json.dumps({"cv": {key: value for key, value in cv.items() if value}})


def rendercv(portfolio: Portfolio, folder: Path, rounds: int) -> tuple[str, list[float]]:
    """Run RenderCV; return which of its outputs it made, and the seconds."""
    environment = folder / "rendercv"
    python = environment / "bin" / "python"
    try:
        subprocess.run([sys.executable, "-m", "venv", environment], check=True, capture_output=True)
        install = (python, "-m", "pip", "install", "-q", *RENDERCV)
        subprocess.run(install, check=True, capture_output=True)
    except subprocess.CalledProcessError:
        return "left out: it can't be installed", []
    (folder / "cv.yaml").write_text(as_rendercv(portfolio), encoding="utf-8")
    command = (environment / "bin" / "rendercv", "render", "cv.yaml")
    for what, options in (("PDF, PNG, Markdown, HTML", ()), ("Typst, Markdown, HTML", PARTS)):
        try:
            times = [seconds((*command, *options), folder) for _ in range(rounds)]
        except subprocess.CalledProcessError as error:
            lines = error.stdout.decode(errors="replace").strip().splitlines()
            print(f"rendercv, {what}: failed:", *lines[-3:], sep="\n  ")
        else:
            return what, times
    return "left out: it failed", []


def row(name: str, ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Print the medians of both and their difference; return the ratio."""
    with_files, without = median(ours), median(theirs)
    added = with_files - without
    ratio = with_files / without
    print(f"{name:<28} {with_files:6.3f} s {without:6.3f} s {added:+7.3f} s {ratio:5.2f}x")
    return ratio


def main() -> int:
    """Measure and print; a command that fails is printed with its messages."""
    try:
        return measure()
    except subprocess.CalledProcessError as error:
        print(error.stdout.decode(errors="replace"), error, sep="\n", file=sys.stderr)
        return 1


def measure() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-rendercv", action="store_true", help="leave RenderCV out")
    parser.add_argument(
        "--quick", action="store_true", help="one round of a small site, no RenderCV, no limits"
    )
    options = parser.parse_args()
    size, rounds = (QUICK_SIZE, 1) if options.quick else (SIZE, options.rounds)
    edits = 1 if options.quick else 3 * rounds  # more, for a smaller limit
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(int(time.time())))  # the same day throughout
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source"
        write(source, size, "sphinx_portfolio.site")
        print("                                  with   without    added  ratio")
        found = builds(source, folder, rounds, edits)
        cold = row("cold build", found["cold"], found["cold-0"])
        rebuild = row("rebuild, no record changed", found["rebuild"], found["rebuild-0"])
        portfolio = read(folder / "site")
        making(portfolio)
        print("with a hundred talks:")
        made = making(with_talks(portfolio, 100))
        hundred = made / median(found["cold-0"])
        command = (sys.executable, "-m", "sphinx_portfolio", "cv", "--output", folder / "cv")
        ours = [seconds(command, source) for _ in range(rounds)]
        print(f"the CV alone, as a command   {median(ours):6.3f} s")
        if not (options.quick or options.no_rendercv):
            what, theirs = rendercv(portfolio, folder, rounds)
            print(f"rendercv: {what}")
            if theirs:
                print("                             portfolio rendercv")
                row("the CV alone, as a command", ours, theirs)
    print(f"a cold build over one without exports: {cold:.2f}x, at most {COLD}")
    print(f"a rebuild over one without exports: {rebuild:.2f}x, at most {REBUILD}")
    print(f"the files of 100 talks over a build without: {hundred:.2f}x, at most {HUNDRED}")
    added = [median(found[name]) - median(found[f"{name}-0"]) for name in ("cold", "rebuild")]
    print("in seconds, which depend on the machine and do not decide:")
    for (what, aim), took in zip(AIMS.items(), (*added, made), strict=True):
        print(f"  {what:<30} {took:6.3f} s, meant to be at most {aim} s")
    exceeded = cold > COLD or rebuild > REBUILD or hundred > HUNDRED
    return int(not options.quick and exceeded)


if __name__ == "__main__":
    sys.exit(main())
