"""Fixtures for the tests of the package."""

from __future__ import annotations

from pathlib import Path

import pytest

import support

pytest_plugins = ["sphinx.testing.fixtures"]
collect_ignore = ["roots"]


@pytest.fixture(scope="session")
def portfolio() -> support.Portfolio:
    """The command line."""
    return support.portfolio


@pytest.fixture(scope="session")
def rootdir() -> Path:
    """Where `pytest.mark.sphinx(testroot=…)` finds its small source folders."""
    return Path(__file__).resolve().parent / "roots"
