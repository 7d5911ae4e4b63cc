"""What the CV's files cost: builds of this site with and without them, in turn, the best counts.

Prints the seconds of a cold build and of a rebuild in which no record changed,
then the CV alone beside RenderCV with the same content. RenderCV is no
dependency: it is installed into a folder of its own, and left out where that
fails. Exits with 1 where a promise is broken.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_portfolio.commands.doctor import read
from sphinx_portfolio.exports import EXPORTS
from sphinx_portfolio.model.records import Award, Degree, Job, Project, Service, Talk
from sphinx_portfolio.model.richtext import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx_portfolio.model.records import Portfolio, Record

REPOSITORY = Path(__file__).resolve().parents[2]
COLD = 1.0  # seconds that the files may add
REBUILD = 0.05
WITHOUT = ("-D", "portfolio_exports=")
# It imports click and does not ask for it.
RENDERCV = ("rendercv[full]", "click")
PARTS = ("--dont-generate-pdf", "--dont-generate-png")


def seconds(command: Sequence[str | Path], folder: Path) -> float:
    """Run a command in a folder; return how long it took. CalledProcessError where it fails."""
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - started


def site(source: Path, output: Path, *options: str) -> float:
    """Build the site upon what is there."""
    command = (sys.executable, "-m", "sphinx", "-b", "html", "-q", "-d", output / "doctrees")
    return seconds((*command, *options, source, output / "html"), source)


def builds(source: Path, folder: Path, rounds: int) -> dict[str, list[float]]:
    """Build with files and without, in turn: from nothing, and after an edit of prose."""
    found: dict[str, list[float]] = {"cold": [], "cold-0": [], "rebuild": [], "rebuild-0": []}
    page = source / "contact.md"
    text = page.read_text(encoding="utf-8")
    for _ in range(rounds):
        for suffix, options in (("", ()), ("-0", WITHOUT)):
            output = folder / f"site{suffix}"
            shutil.rmtree(output, ignore_errors=True)
            found[f"cold{suffix}"].append(site(source, output, *options))
    for number in range(3 * rounds):
        page.write_text(f"{text}\nEdited {number} times.\n", encoding="utf-8")
        for suffix, options in (("", ()), ("-0", WITHOUT)):
            found[f"rebuild{suffix}"].append(site(source, folder / f"site{suffix}", *options))
    page.write_text(text, encoding="utf-8")
    return found


def making(portfolio: Portfolio) -> None:
    """Print what each file takes to make in this process, of which the first loads the library."""
    for export in EXPORTS:
        started = time.perf_counter()
        export.make(portfolio)
        print(f"  {export.name:<26} {time.perf_counter() - started:6.3f} s")


def dates(record: Record) -> dict[str, str]:
    """Return when it was, as RenderCV wants it."""
    if record.period is None:
        return {}
    start, end = record.period.start, record.period.end
    if start == end:
        return {"date": str(start)}
    return {"start_date": str(start), "end_date": str(end or "present")}


def bullets(record: Record) -> list[str]:
    """Return the bullets, those under others in the same line."""

    def each(highlights: Sequence[Any]) -> Iterator[str]:
        for highlight in highlights:
            yield plain(highlight.text)
            yield from each(highlight.highlights)

    return list(each(record.highlights))


def as_rendercv(portfolio: Portfolio) -> str:
    """Write the records as RenderCV's input; JSON is YAML."""
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
    known = {"name": person.name, "email": person.email, "location": person.location}
    return json.dumps({"cv": {**known, "sections": {k: v for k, v in sections.items() if v}}})


def rendercv(portfolio: Portfolio, folder: Path, rounds: int) -> tuple[str, list[float]]:
    """Run RenderCV; return what of it ran, and how long that took."""
    environment = folder / "rendercv"
    python = environment / "bin" / "python"
    try:
        subprocess.run([sys.executable, "-m", "venv", environment], check=True, capture_output=True)
        install = (python, "-m", "pip", "install", "-q", *RENDERCV)
        subprocess.run(install, check=True, capture_output=True)
    except subprocess.CalledProcessError:
        return "left out: it can't be installed here", []
    (folder / "cv.yaml").write_text(as_rendercv(portfolio), encoding="utf-8")
    command = (environment / "bin" / "rendercv", "render", "cv.yaml")
    for what, options in (("PDF, PNG, Markdown, HTML", ()), ("Typst, Markdown, HTML", PARTS)):
        try:
            times = [seconds((*command, *options), folder) for _ in range(rounds)]
        except subprocess.CalledProcessError as error:
            fault = " ".join(error.stdout.decode(errors="replace").split("occurred:")[-1].split())
            print(f"rendercv, {what}: it fails: {fault[:90]} …")
        else:
            return what, times
    return "left out: it does not run here", []


def row(name: str, ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Print the best of both; return the difference."""
    with_files, without = min(ours), min(theirs)
    added = with_files - without
    ratio = with_files / without
    print(f"{name:<28} {with_files:6.3f} s {without:6.3f} s {added:+7.3f} s {ratio:5.2f}x")
    return added


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-rendercv", action="store_true", help="leave RenderCV out")
    options = parser.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(int(time.time())))  # no day ends meanwhile
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ignore = shutil.ignore_patterns(".*", "_build", "tests", "__pycache__")
        source = Path(shutil.copytree(REPOSITORY, folder / "source", ignore=ignore))
        print("                                  with   without    added  ratio")
        found = builds(source, folder, options.rounds)
        cold = row("cold build", found["cold"], found["cold-0"])
        rebuild = row("rebuild, no record changed", found["rebuild"], found["rebuild-0"])
        portfolio = read(source).portfolio  # type: ignore[union-attr]  # it has just been built
        making(portfolio)
        ours = [
            seconds((sys.executable, "-m", "portfolio", "cv", "--output", folder / "cv"), source)
            for _ in range(options.rounds)
        ]
        if not options.no_rendercv:
            what, theirs = rendercv(portfolio, folder, options.rounds)
            if theirs:
                print(f"                               portfolio rendercv ({what})")
                row("the CV alone, as a command", ours, theirs)
            else:
                print(f"rendercv: {what}")
                print(f"the CV alone, as a command   {min(ours):6.3f} s")
    print(f"added to a cold build: {cold:.3f} s, at most {COLD}")
    print(f"added to a rebuild: {rebuild:.3f} s, at most {REBUILD}")
    return int(cold > COLD or rebuild > REBUILD)


if __name__ == "__main__":
    sys.exit(main())
