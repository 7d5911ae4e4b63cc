"""This repository is what `sphinx-portfolio new` writes, content and locked requirements aside."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from repository import REPOSITORY
from sphinx_portfolio.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

EQUAL = (
    *("docutils.conf", "_static/mark.svg"),
    *(".github/workflows/links.yml", ".github/workflows/pages.yml"),
)
# What is of one person, or of where the package is.
OWN_VALUES = {
    *("project", "author", "copyright", "portfolio_person", "include_patterns", "html_baseurl"),
    *("portfolio_accepted", "portfolio_talks", "bibtex_bibfiles"),
}
OWN_SESSIONS = {"serve", "lock"}  # this repository locks its tools, too


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `new` writes."""
    folder = tmp_path_factory.mktemp("new") / "site"
    assert main(["new", str(folder)]) == 0
    return folder


def text(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def test_files_without_content_are_equal(new: Path) -> None:
    for name in EQUAL:
        assert text(new, name) == text(REPOSITORY, name), name


def test_all_that_it_ignores_is_ignored_here(new: Path) -> None:
    ignored = text(REPOSITORY, ".gitignore").splitlines()
    assert [it for it in text(new, ".gitignore").splitlines() if it not in ignored] == []


def values(folder: Path) -> dict[str, str]:
    """Return the values that conf.py assigns, as source."""
    assigned: dict[str, str] = {}
    for node in ast.parse(text(folder, "conf.py")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            assigned |= {ast.unparse(target): ast.unparse(node.value) for target in targets}
    return assigned


def test_the_configuration_is_equal(new: Path) -> None:
    ours, theirs = values(REPOSITORY), values(new)
    shared = theirs.keys() - OWN_VALUES
    assert {"extensions", "nitpicky", "html_theme", "linkcheck_timeout"} <= shared
    assert {name: ours.get(name) for name in shared} == {name: theirs[name] for name in shared}


def sessions(folder: Path) -> dict[str, str]:
    """Return the sessions of noxfile.py, as source."""
    found = (it for it in ast.parse(text(folder, "noxfile.py")).body)
    return {it.name: ast.unparse(it) for it in found if isinstance(it, ast.FunctionDef)}


def test_the_sessions_are_equal(new: Path) -> None:
    ours, theirs = sessions(REPOSITORY), sessions(new)
    shared = theirs.keys() - OWN_SESSIONS - {"install"}
    assert {"build", "linkcheck", "doctor", "cv", "publish"} <= shared
    assert {name: ours.get(name) for name in shared} == {name: theirs[name] for name in shared}
    assert ours.keys() >= OWN_SESSIONS


def test_the_hosts_build_alike(new: Path) -> None:
    ours, theirs = (yaml.safe_load(text(it, ".readthedocs.yaml")) for it in (REPOSITORY, new))
    installed: list[Any] = ours["python"]["install"]
    installed.remove({"method": "pip", "path": "sphinx-portfolio"})
    assert ours == theirs
    action = re.compile(r"uses: ([\w/-]+)@(\w+)")
    pinned = dict(action.findall(text(REPOSITORY, ".github/workflows/ci.yml")))
    for name, version in action.findall(text(new, ".github/workflows/ci.yml")):
        assert pinned[name] == version, name


def test_verdicts_of_links_are_saved_also_if_one_is_broken(new: Path) -> None:
    steps = yaml.safe_load(text(new, ".github/workflows/links.yml"))["jobs"]["links"]["steps"]
    caches = {step.get("uses", "").partition("@")[0]: step for step in steps}
    restore, save = caches["actions/cache/restore"], caches["actions/cache/save"]
    assert (save["if"], save["with"]["path"]) == ("always()", restore["with"]["path"])
    assert save["with"]["key"] == restore["with"]["key"]
    assert save["with"]["key"].startswith(restore["with"]["restore-keys"])
    assert steps.index(restore) < steps.index({"run": "nox -s linkcheck"}) < steps.index(save)


def test_the_layout_is_equal(new: Path) -> None:
    content = re.compile(r"(experience|talks|projects)/(?!index\.md$|talks\.bib$).*|about\.md")
    for path in new.rglob("*"):
        name = path.relative_to(new).as_posix()
        if path.is_file() and name != ".sphinx-portfolio.json" and not content.fullmatch(name):
            assert (REPOSITORY / name).is_file(), name
