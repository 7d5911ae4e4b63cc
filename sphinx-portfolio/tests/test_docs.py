"""The documentation builds, and what its tutorial and how-to guides say works, step by step."""

from __future__ import annotations

import contextlib
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sphinx_portfolio.__main__ import main
from support import Site, one

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).resolve().parents[1] / "docs"
FENCE = re.compile(r"^(?P<fence>`{3,})(?P<name>.*)\n(?P<text>(?:.*\n)*?)(?P=fence)$", re.MULTILINE)
DIRECTIVE = re.compile(r"\{(code-block|literalinclude)\} (\S+)")
CAPTION = re.compile(
    r'^:caption: (\S+)(?: \((at the end|after|before|in place of|without)(?: "(.*)")?\))?$'
)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a guide: commands, or a file and how its text changes."""

    text: str
    file: str = ""
    change: str = ""
    line: str = ""


def steps(page: Path) -> Iterator[Step]:
    """Yield the steps of a page in their order."""
    for block in FENCE.finditer(page.read_text(encoding="utf-8")):
        if block["name"] == "sh":
            yield Step(block["text"])
            continue
        directive = DIRECTIVE.fullmatch(block["name"])
        if not directive:
            continue
        head, _, text = block["text"].partition("\n\n")
        [caption] = [match for line in head.splitlines() if (match := CAPTION.match(line))]
        if directive[1] == "literalinclude":
            text = (page.parent / directive[2]).read_text(encoding="utf-8")
        yield Step(text, caption[1], caption[2] or "", caption[3] or "")


def follow(page: Path, folder: Path) -> None:
    """Do in a folder what a page says."""
    for step in steps(page):
        if step.file:
            edit(folder / step.file, step)
            continue
        for command in step.text.splitlines():
            words = shlex.split(command)
            if words[0] == "cd":
                folder /= words[1]
            else:
                run(words, folder)


@dataclass(frozen=True, slots=True)
class Session:
    """A session of nox in which everything is installed."""

    folder: Path
    posargs: tuple[str, ...] = ()

    def install(self, *packages: str) -> None:
        """Do nothing."""

    def run(self, *command: str) -> None:
        """Run a command."""
        run([*command], self.folder)


def run(words: list[str], folder: Path) -> None:
    """Run a command; what is installed already is not installed again."""
    match words:
        case ["pip", "install", *_]:
            return
        case ["mv", old, new]:
            shutil.move(folder / old, folder / new)
            return
        case ["nox", "-s", name]:
            with warnings.catch_warnings(action="ignore"):  # nox knows sessions of this name
                sessions = runpy.run_path(str(folder / "noxfile.py"))
            sessions[name](Session(folder))
            return
        case ["sphinx-portfolio", *arguments]:
            with contextlib.chdir(folder):
                assert main(arguments) == 0, words
            return
        case ["sphinx-build", *arguments]:
            command = [sys.executable, "-m", "sphinx", *arguments]
            result = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, check=False
            )
        case _:
            pytest.fail(f"unknown command: {words}")
    assert result.returncode == 0, (words, result.stderr)


def edit(file: Path, step: Step) -> None:
    """Write a file, or change it as the caption says."""
    if not step.change:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(step.text, encoding="utf-8")
        return
    old = f"\n{file.read_text(encoding='utf-8')}"
    if step.change == "at the end":
        file.write_text(f"{old[1:]}\n{step.text}", encoding="utf-8")
        return
    line = f"{step.line}\n"
    assert old.count(f"\n{line}") == 1, (file, step.line)
    before, after = old.split(f"\n{line}")
    parts = {
        "after": (before, "\n", line, step.text, after),
        "before": (before, "\n", step.text, line, after),
        "in place of": (before, "\n", step.text, after),
        "without": (before, "\n", after.partition("\n\n")[2]),
    }
    file.write_text("".join(parts[step.change]).removeprefix("\n"), encoding="utf-8")


@pytest.fixture(scope="module")
def guided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portfolio written by hand and changed by all guides for it, and built."""
    folder = tmp_path_factory.mktemp("guided")
    for name in ("by-hand", "entries", "cv", "looks", "import", "hosting", "labs"):
        follow(DOCS / "how-to" / f"{name}.md", folder)
    run(["sphinx-portfolio", "build"], folder)
    run(["sphinx-portfolio", "publish"], folder)
    return folder


def test_the_tutorial_makes_a_portfolio_of_a_resume(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    follow(DOCS / "tutorial.md", tmp_path)
    said = capsys.readouterr().out
    assert "my-portfolio: 2 jobs, 2 skills, 1 degree" in said
    site = Site(tmp_path / "my-portfolio" / "_build" / "html")
    assert one(site["experience/naro-logics"], "#naro-logics-intern")
    assert "Software Architect at Finch Financial" in site["index"].get_text()
    assert (site.folder / "cv.pdf").is_file()


def test_the_guide_by_hand_makes_the_example(guided: Path) -> None:
    included = [step.file for step in steps(DOCS / "how-to" / "by-hand.md") if step.file]
    example = sorted(
        path.relative_to(DOCS / "example").as_posix()
        for path in (DOCS / "example").rglob("*")
        if path.is_file()
    )
    assert sorted(included) == example


def test_the_guides_leave_what_they_say(guided: Path) -> None:
    site = Site(guided / "_build" / "html")
    assert one(site["talks/index"], "#a-new-talk")
    assert not site["talks/index"].select("#one-reed")
    tuning = one(site["talks/index"], "#example2029-tuning")
    assert one(tuning, "h3").get_text() == "Tuning in Just Intonation"
    line = one(tuning, ".portfolio-line").get_text()
    assert line == "Proceedings of PipeCon, Feb. 2029, Ghent, Belgium"
    curator = one(site["experience/organ-hall"], "#head-curator")
    assert one(site["experience/organ-hall"], "#curator")
    assert "Curator" in curator.get_text()
    assert one(site["projects/sorter"], "#reed-sorter")
    assert "sorter.html" in (guided / "_build/html/projects/reed-sorter.html").read_text("utf-8")
    light = str(site["index"].select("head style")[-1].string)
    assert "--color-brand-primary: #7a2e00" in light
    assert site["index"].select('link[href*="mine.css"]')
    assert str(one(site["index"], "link[rel=canonical]")["href"]).startswith(
        "https://example.github.io/"
    )
    assert (guided / "_build" / "html" / "cv-short.pdf").is_file()
    software = (guided / "_build" / "cv" / "software" / "cv.txt").read_text(encoding="utf-8")
    assert "wind-meter" in software
    private = (guided / "_build" / "cv" / "private" / "cv.txt").read_text(encoding="utf-8")
    assert "Pipe Street 1" in private
    assert one(site["experience/bell-foundry"], "#bell-foundry")
    assert "Dutch" in site["languages"].get_text()
    lab = one(site["projects/wind-meter"], "#lab-gusts")
    assert "follows the rise" in one(lab, ".portfolio-lab-sentence").get_text()
    published = (guided / "published.txt").read_text(encoding="utf-8")
    assert "talks/index.html#one-reed -> talks/index.html\n" in published


def test_the_guide_for_an_existing_site(tmp_path: Path) -> None:
    follow(DOCS / "how-to" / "existing-site.md", tmp_path)
    page = Site(tmp_path / "_build" / "html")["index"]
    assert one(page, "#organ-builder")
    assert one(page, "li#a-talk")


def test_the_guide_for_another_language(tmp_path: Path) -> None:
    follow(DOCS / "how-to" / "existing-site.md", tmp_path)
    follow(DOCS / "how-to" / "language.md", tmp_path)
    run(["sphinx-build", "-W", "-b", "html", ".", "_build/german"], tmp_path)
    terms = one(Site(tmp_path / "_build/german")["index"], "#organ-builder .portfolio-facts")
    assert "Zeitraum: Mai 2021 – heute" in " ".join(terms.get_text().split())
    assert "Arbeitgeber: Pipe Works" in " ".join(terms.get_text().split())


def test_the_documentation_builds_without_warnings(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-n", "-q", "-b", "html"]
    result = subprocess.run(
        [*command, DOCS, tmp_path / "out"], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")
    site = Site(tmp_path / "out")
    assert site["reference/directives"].select("#job, #certificate")
    assert site["example/talks/index"].select("li.portfolio-talk")
