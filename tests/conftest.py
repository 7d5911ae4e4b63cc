"""Fixtures for the tests of this site."""

from __future__ import annotations

import pytest

import support
from repository import REPOSITORY
from support import Site


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
