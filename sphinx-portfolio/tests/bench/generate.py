"""Write portfolios of any size: with records, or as plain Sphinx pages with the same text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PER_PAGE = 10
CONF = """\
author = "Jo Doe"
extensions = {extensions}
myst_enable_extensions = ["deflist"]
include_patterns = ["*.md", "*/*.md"]
html_theme = "furo"
html_copy_source = False
"""


@dataclass(frozen=True)
class Shares:
    """How many records of each kind make a portfolio of a size."""

    jobs: int
    projects: int
    talks: int
    skills: int

    @classmethod
    def of(cls, size: int) -> Shares:
        """Split a size: a tenth jobs, a tenth skills, a fifth talks, the rest projects."""
        jobs = skills = size // 10
        talks = size // 5
        return cls(jobs, size - jobs - skills - talks, talks, skills)


def write(folder: Path, size: int, extension: str = "") -> None:
    """Write a source folder with `size` records, or without an extension the same text."""
    records = bool(extension)
    shares = Shares.of(size)
    pages: dict[str, str] = {}
    for kind, count, draw in (
        ("job", shares.jobs, job),
        ("project", shares.projects, project),
        ("skill", shares.skills, skill),
    ):
        entries = [draw(number, shares, records=records) for number in range(count)]
        for start in range(0, count, PER_PAGE):
            name = f"{kind}s/page{start // PER_PAGE}"
            pages[name] = f"# {kind}s {start}\n\n" + "\n".join(entries[start : start + PER_PAGE])
    pages["talks/index"] = "# Talks\n\n" + (
        "```{bibliography}\n:all:\n```\n"
        if records
        else "\n".join(plain_talk(number, shares) for number in range(shares.talks))
    )
    toctree = "\n".join(pages)
    pages["index"] = f"# A portfolio\n\n```{{toctree}}\n{toctree}\n```\n"
    for name, text in pages.items():
        page = folder / f"{name}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
    conf = CONF.format(extensions=["myst_parser", *filter(None, [extension])])
    if records:
        conf += 'bibtex_bibfiles = ["talks/talks.bib"]\n'
        bib = "\n".join(talk(number, shares) for number in range(shares.talks))
        (folder / "talks" / "talks.bib").write_text(bib, encoding="utf-8")
    (folder / "conf.py").write_text(conf, encoding="utf-8")


def entry(
    kind: str,
    name: str,
    options: dict[str, str],
    facts: dict[str, str],
    body: str,
    *,
    records: bool,
) -> str:
    """Return a heading with its facts: as a directive, or as the list that the directive shows."""
    if records:
        lines = "".join(f":{option}: {value}\n" for option, value in options.items())
        if name.endswith("-0"):  # enough for the short CV
            lines += ":selected:\n"
        drawn = f"```{{{kind}}}\n:id: {name}\n{lines}```\n"
        return f"## {name}\n\n{drawn}\n{body}\n"
    drawn = "".join(f"{label}\n: {value}\n\n" for label, value in facts.items())
    return f"({name})=\n## {name}\n\n{drawn}\n{body}\n"


def job(number: int, shares: Shares, *, records: bool) -> str:
    """Return a job that cites a talk and a project."""
    cited, used = f"talk-{number % shares.talks}", f"project-{number % shares.projects}"
    cite = f"{{cite}}`{cited}`" if records else f"[A talk on work {cited}](#{cited}), An event 2020"
    use = f"{{project}}`{used}`" if records else f"[](#{used})"
    return entry(
        "job",
        f"job-{number}",
        {"organization": f"Employer {number}", "start": "2019-01", "end": "2020-06"},
        {"Dates": "Jan. 2019 – Jun. 2020", "Organization": f"Employer {number}"},
        f"- What was done at work {number}, at some length, so that there is a line to wrap.\n"
        f"  - {cite}\n- What was used at work\n  - {use}\n",
        records=records,
    )


def project(number: int, shares: Shares, *, records: bool) -> str:
    """Return a project that proves a skill."""
    shown = f"skill-{number % shares.skills}"
    facts = {
        "Dates": "Jan. 2019 – Present",
        "Code": f"[code](https://code.example/{number})",
        "License": "MIT",
        "Skills": f"[](#{shown})",
    }
    if number < shares.jobs:
        facts["Used at"] = f"[Employer {number}](#job-{number})"
    return entry(
        "project",
        f"project-{number}",
        {
            "code": f"https://code.example/{number}",
            "license": "MIT",
            "start": "2019-01",
            "skills": shown,
        },
        facts,
        f"*A project about {shown}*\n\n"
        f"- What was **done** in project {number}.\n- And more of it.\n",
        records=records,
    )


def skill(number: int, shares: Shares, *, records: bool) -> str:
    """Return a skill with its evidence."""
    projects = ", ".join(
        f"[](#project-{each})" for each in range(number, shares.projects, shares.skills)
    )
    talks = ", ".join(
        f"[A talk on work talk-{each}](#talk-{each})"
        for each in range(number, shares.talks, shares.skills)
    )
    return entry(
        "skill",
        f"skill-{number}",
        {},
        {"Projects": projects, "Talks": talks},
        "",
        records=records,
    )


def talk(number: int, shares: Shares) -> str:
    """Return the BibTeX entry of a talk."""
    return (
        f"@unpublished{{talk-{number},\n  author = {{Doe, Jo}},\n"
        f"  title = {{A talk on work talk-{number}}},\n  eventtitle = {{An event}},\n"
        f"  year = {{2020}},\n  slides = {{https://slides.example/{number}}},\n"
        f"  abstract = {{It shows skill-{number % shares.skills}}},\n"
        f"  keywords = {{skill-{number % shares.skills}}},\n}}\n"
    )


def plain_talk(number: int, shares: Shares) -> str:
    """Return a talk as the list of talks shows it."""
    cited = f"Cited by\n: [Employer {number}](#job-{number})\n" if number < shares.jobs else ""
    return (
        f"(talk-{number})=\n**A talk on work talk-{number}:** *An event 2020* "
        f"[[slides]](https://slides.example/{number})\n\n"
        f"It shows skill-{number % shares.skills}\n\n{cited}\n"
    )
