"""README and CONTRIBUTING: their steps work, and what they name exists."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING

from repository import REPOSITORY, copy_source
from support import Portfolio, Site

if TYPE_CHECKING:
    from pathlib import Path

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")


def example(language: str, heading: str) -> str:
    """Return the first block of code of a language under a heading of CONTRIBUTING."""
    section = CONTRIBUTING.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    match = re.search(rf"^ *(`+){language}\n(.*?)^ *\1$", section, re.DOTALL | re.MULTILINE)
    assert match, (language, heading)
    return dedent(match[2])


def append(file: Path, before: str, text: str) -> None:
    """Insert a line after the one that is `before`."""
    old = file.read_text(encoding="utf-8")
    assert f"{before}\n" in old
    file.write_text(old.replace(f"{before}\n", f"{before}\n{text}\n"), encoding="utf-8")


def test_the_steps_to_add_a_talk_a_project_and_a_job(tmp_path: Path, portfolio: Portfolio) -> None:
    source = copy_source(tmp_path / "source")
    talks = source / "talks" / "talks.bib"
    talks.write_text(
        talks.read_text(encoding="utf-8") + example("bibtex", "Add a talk"), encoding="utf-8"
    )
    project = example("markdown", "Add a project") + "\n{cite}`a-new-talk`, {talk}`a-new-talk`\n"
    (source / "projects" / "a-new-project.md").write_text(project, encoding="utf-8")
    append(source / "projects" / "index.md", "grofer", "a-new-project")
    job = example("markdown", "Add a job")
    (source / "experience" / "a-new-employer.md").write_text(job, encoding="utf-8")
    append(source / "experience" / "index.md", "akamai", "a-new-employer")

    result = portfolio("build", "--source", source, "--output", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    site = Site(tmp_path / "out" / "html")
    entry = site["talks/index"].select("ol.portfolio-talks > li.portfolio-talk")[0]
    assert entry["id"] == "a-new-talk"
    lines = [line.get_text() for line in entry.select(":scope > p")]
    assert lines == ["A New Talk: A Conference, Jan. 2030", "video slides event page"]
    assert [a.get_text() for a in entry.select("dd a")] == ["A New Employer", "a-new-project"]
    cited = site["projects/a-new-project"].select("article p")[-1].get_text()
    assert cited == "A New Talk, A Conference, Jan. 2030, A New Talk"
    assert len(site["experience/a-new-employer"].select("li.portfolio-evidence a")) == 2


def test_ci_runs_the_test_command_of_the_readme() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    assert len(commands) == 2
    assert commands[1] in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")


def test_what_the_readme_names_exists() -> None:
    named = re.findall(r"`([\w./-]+/|[\w./-]+\.(?:md|py|bib|css|yaml))`", README)
    named += re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert ".github/home.png" in named
    missing = [name for name in named if not (REPOSITORY / name).exists()]
    assert missing == []


def test_actions_are_pinned_by_commit_with_their_version() -> None:
    for workflow in (REPOSITORY / ".github" / "workflows").iterdir():
        uses = re.findall(r"uses: (.*)", workflow.read_text(encoding="utf-8"))
        assert uses
        assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use) for use in uses)
