"""`_ext/portfolio` is a package: its wheel alone builds another person's portfolio."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from support import Site, one
# TODO conftest REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    str(path.relative_to(REPOSITORY / "_ext"))
    for path in (REPOSITORY / "_ext" / "portfolio").rglob("*")
    if path.is_file() and path.suffix != ".pyc"
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: setuptools leaves folders beside what it builds."""
    source = tmp_path_factory.mktemp("package")
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(REPOSITORY / name, source)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "_ext", source / "_ext", ignore=ignore)
    # The build backend itself (PEP 517): a front end would want to install it first.
    build = "from setuptools import build_meta; build_meta.build_wheel('dist')"
    subprocess.run([sys.executable, "-c", build], cwd=source, check=True, capture_output=True)
    [built] = (source / "dist").iterdir()
    return built


def test_the_wheel_holds_the_whole_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if name.startswith("portfolio/")}
    assert names == FILES


def test_the_wheel_alone_builds_the_invented_portfolio(
    wheel: Path, tmp_path: Path, rootdir: Path
) -> None:
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    source = shutil.copytree(rootdir / "test-invented", tmp_path / "source")
    result = subprocess.run(
        [
            *(sys.executable, "-m", "portfolio", "build"),
            *("--source", source, "--output", tmp_path / "out"),
        ],
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        | {"PYTHONPATH": str(installed)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    site = Site(tmp_path / "out" / "html")
    assert one(site["index"], "h1")
    assert site["skills"].select(".portfolio-facts a")
