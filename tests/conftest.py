"""Fixtures for the tests of this site."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import support
from support import Site

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def portfolio() -> support.Portfolio:
    """The command line."""
    return support.portfolio


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """This repository's site, built where no host is known."""
    output = tmp_path_factory.mktemp("site")
    result = support.portfolio("build", "--source", REPOSITORY, "--output", output)
    assert result.returncode == 0, result.stderr
    return Site(output / "html")


def copy_source(target: Path) -> Path:
    """Copy what the site is made of to a folder, which is returned."""
    ignore = shutil.ignore_patterns(".*", "_build", "tests", "sphinx-portfolio", "__pycache__")
    return Path(shutil.copytree(REPOSITORY, target, ignore=ignore))
