"""README and CONTRIBUTING: their steps work, and what they name exists."""

from __future__ import annotations

import re

from repository import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


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
