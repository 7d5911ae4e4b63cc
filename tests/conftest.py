"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["sphinx.testing.fixtures"]
collect_ignore = ["roots"]

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def rootdir() -> Path:
    """Where `pytest.mark.sphinx(testroot=…)` finds its small source folders."""
    return Path(__file__).resolve().parent / "roots"
