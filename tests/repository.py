"""The sources of this site, for tests that build it or changed copies of it."""

from __future__ import annotations

import shutil
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def copy_source(target: Path) -> Path:
    """Copy what the site is made of to a folder, which is returned."""
    ignore = shutil.ignore_patterns(".*", "_build", "tests", "sphinx-portfolio", "__pycache__")
    return Path(shutil.copytree(REPOSITORY, target, ignore=ignore))
