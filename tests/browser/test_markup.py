"""Every page is valid HTML."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from browser.visit import HERE, PAGES

if TYPE_CHECKING:
    from support import Site

VALIDATOR = HERE / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"

every_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture(scope="session")
def errors(site: Site) -> dict[str, list[str]]:
    """What `html-validate` finds against the HTML standard, by page."""
    node = shutil.which("node")
    assert node, "Node is missing: run `nox -s browser`"
    files = [str(site.folder / f"{name}.html") for name in site.names]
    command = [node, str(VALIDATOR), "--preset", "standard", "--formatter", "json", *files]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE)
    assert result.returncode in (0, 1), result.stderr
    return {
        file["filePath"]: [
            f"{each['line']}: {each['ruleId']}: {each.get('selector')}: {each['message']}"
            for each in file["messages"]
        ]
        for file in json.loads(result.stdout)
    }


@every_page
def test_valid(site: Site, errors: dict[str, list[str]], name: str) -> None:
    assert errors.get(str(site.folder / f"{name}.html"), []) == []
