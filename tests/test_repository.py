"""This repository: ignored files, findings of `doctor`, the CV, and parallel builds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from repository import REPOSITORY, copy_source
from sphinx_portfolio.sources import private
from support import HOSTS

if TYPE_CHECKING:
    from support import Portfolio

TODAY = {"SOURCE_DATE_EPOCH": "1719835200"}  # 1 July 2024


def test_private_data_and_builds_are_not_committed() -> None:
    ignored = (REPOSITORY / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert f"/{private.FILE}" in ignored
    assert "/_build/" in ignored


def test_doctor_names_lines_of_files(portfolio: Portfolio) -> None:
    result = portfolio("doctor", "--source", REPOSITORY, "--json", environment=TODAY)
    assert (result.returncode, result.stderr) == (0, "")
    report = json.loads(result.stdout)
    for finding in report["findings"] + report["accepted"]:
        file, line = finding["place"].split(":")
        text = (REPOSITORY / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        subject = finding["key"].partition(":")[2]
        # A finding about a talk names the line where its entry begins.
        # One about several talks names the first of them.
        entry = "" if finding["rule"] == "talk-calendar" else f"{{{subject}"
        assert not file.endswith(".bib") or text.endswith(f"{entry},")


def test_the_cv_is_written_to_the_output_only(portfolio: Portfolio, tmp_path: Path) -> None:
    source = copy_source(tmp_path / "source")
    before = {path: path.read_bytes() for path in source.rglob("*") if path.is_file()}
    result = portfolio("cv", "--output", tmp_path / "cv", environment=TODAY, folder=source)
    assert (result.returncode, result.stderr) == (0, "")
    assert (tmp_path / "cv" / "cv.pdf").read_bytes().startswith(b"%PDF-")
    for line in result.stdout.splitlines():
        assert Path(line.partition(": ")[0]).is_file()
    assert {path: path.read_bytes() for path in source.rglob("*") if path.is_file()} == before


def test_a_parallel_build_is_equal_to_a_serial_one(tmp_path: Path) -> None:
    source = copy_source(tmp_path / "source")
    serial, parallel = (_build(source, tmp_path / jobs, jobs) for jobs in ("1", "2"))
    different = {name for name in {*serial, *parallel} if serial.get(name) != parallel.get(name)}
    assert different == set()


def _build(source: Path, folder: Path, jobs: str) -> dict[Path, bytes]:
    """Build with this number of processes; return the files."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(HOSTS)}
    subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-q", "-W", "-j", jobs),
            *("-d", folder / "doctrees", source, folder / "html"),
        ],
        env=environment | TODAY,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    files = (path for path in (folder / "html").rglob("*") if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}
