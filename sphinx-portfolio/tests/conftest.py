"""Fixtures for the tests of the package."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from jinja2 import FileSystemBytecodeCache
from jinja2.sandbox import SandboxedEnvironment

import support

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["sphinx.testing.fixtures"]
collect_ignore = ["roots"]

# The files that take longest, which start first: no process then ends with one of them alone.
LONGEST = ("test_attack.py", "test_views.py", "test_incremental.py", "test_pdf.py")


def pytest_configure(config: pytest.Config) -> None:
    """Cache compiled modules in a temporary folder if the environment forbids it beside them.

    Otherwise each command that a test runs compiles Sphinx again, which takes most of its time.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        folder = TemporaryDirectory(prefix="pycache-")
        config.add_cleanup(folder.cleanup)
        os.environ["PYTHONPYCACHEPREFIX"] = folder.name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest files first."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session", autouse=True)
def _compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compile a theme's templates once: for each application it is half of a small build."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    cached = partial(SandboxedEnvironment, bytecode_cache=cache)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sphinx.jinja2glue.SandboxedEnvironment", cached)
        yield


@pytest.fixture(scope="session")
def portfolio() -> support.Portfolio:
    """The command line."""
    return support.portfolio


@pytest.fixture(scope="session")
def rootdir() -> Path:
    """Where `pytest.mark.sphinx(testroot=…)` finds its small source folders."""
    return Path(__file__).resolve().parent / "roots"
