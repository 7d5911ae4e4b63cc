"""The locked versions meet the requirements of the package."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from repository import REPOSITORY


def locked(*files: str) -> dict[str, str]:
    """Return the versions that requirements files lock, by the packages' normalized names."""
    texts = (REPOSITORY / file for file in files)
    return {
        canonicalize_name(name): version
        for text in texts
        for name, version in re.findall(
            r"^([\w.-]+)==([^\s;]+)", text.read_text(encoding="utf-8"), re.MULTILINE
        )
    }


def unmet(requirements: list[str], versions: dict[str, str]) -> list[str]:
    """Return the requirements, also of extras, that the versions do not meet."""
    return [
        text
        for text in requirements
        if (version := versions.get(canonicalize_name(Requirement(text).name))) is None
        or not Requirement(text).specifier.contains(version)
    ]


def test_the_lock_meets_what_the_package_requires() -> None:
    required = requires("sphinx-portfolio") or []
    assert len(required) > 5
    assert any("extra ==" in each for each in required)
    assert unmet(required, locked("requirements.txt")) == []


def test_the_lock_of_tools_meets_what_the_package_is_built_with() -> None:
    pyproject = REPOSITORY / "sphinx-portfolio" / "pyproject.toml"
    build = tomllib.loads(pyproject.read_text(encoding="utf-8"))["build-system"]
    assert unmet(build["requires"], locked("requirements/dev.txt")) == []


def test_unmet_requirements_are_found() -> None:
    versions = {"a-b": "2.1", "c": "1"}
    wanted = ["A_B>=2,<3", "a.b>=3", "c; extra == 'x'", "d"]
    assert unmet(wanted, versions) == ["a.b>=3", "d"]
