"""Fixtures for all tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from bs4 import BeautifulSoup, Tag

if TYPE_CHECKING:
    from collections.abc import Mapping

pytest_plugins = ["sphinx.testing.fixtures"]
collect_ignore = ["roots"]

REPOSITORY = Path(__file__).resolve().parent.parent
# What a built site depends on may not come from the machine that runs the tests.
HOSTS = ("READTHEDOCS", "GITHUB_")


class Portfolio(Protocol):
    """Run `python -m portfolio …` and return how it ended."""

    def __call__(
        self, *arguments: str | Path, environment: Mapping[str, str] = ...
    ) -> subprocess.CompletedProcess[str]:
        """Run it with these variables added to an environment that knows no host."""


class Site:
    """A built site, its pages parsed as a browser does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pages: dict[str, BeautifulSoup] = {}

    @property
    def names(self) -> list[str]:
        """The pages, without suffix."""
        pages = self.folder.rglob("*.html")
        return sorted(str(page.relative_to(self.folder).with_suffix("")) for page in pages)

    def __getitem__(self, name: str) -> BeautifulSoup:
        if name not in self._pages:
            text = (self.folder / f"{name}.html").read_text(encoding="utf-8")
            self._pages[name] = BeautifulSoup(text, "html5lib")
        return self._pages[name]


def one(element: Tag, selector: str) -> Tag:
    """Return the one element that the selector finds in another."""
    found = element.select(selector)
    assert len(found) == 1, (selector, found)
    return found[0]


@pytest.fixture(scope="session")
def rootdir() -> Path:
    """Where `pytest.mark.sphinx(testroot=…)` finds its small source folders."""
    return Path(__file__).resolve().parent / "roots"


@pytest.fixture(scope="session")
def portfolio() -> Portfolio:
    """Commands, as the nox sessions run them."""

    def run(
        *arguments: str | Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(HOSTS)}
        return subprocess.run(
            [sys.executable, "-m", "portfolio", *arguments],
            env=inherited | {"PYTHONPATH": str(REPOSITORY / "_ext")} | dict(environment or {}),
            capture_output=True,
            text=True,
            check=False,
            cwd=REPOSITORY,
        )

    return run


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, portfolio: Portfolio) -> Site:
    """This repository's site, built where no host is known."""
    output = tmp_path_factory.mktemp("site")
    result = portfolio("build", "--output", output)
    assert result.returncode == 0, result.stderr
    return Site(output / "html")


def copy_source(target: Path) -> Path:
    """Copy what the site is made of to a folder, which is returned."""
    ignore = shutil.ignore_patterns(".*", "_build", "tests", "__pycache__")
    return Path(shutil.copytree(REPOSITORY, target, ignore=ignore))
