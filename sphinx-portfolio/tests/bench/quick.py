"""The benchmarks run and print their figures; `nox -s bench` compares these with the limits."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from sphinx_portfolio.exports import EXPORTS

BENCH = Path(__file__).resolve().parent
FIGURES = {
    "records.py": [
        r" +40 +\d+\.\d\d s +\d+\.\d\d s +\d+\.\d\dx +\d+\.\d\d s +\d+\.\d\d s +\d+ M +\d+ M",
        r"over plain Sphinx at 40 records: \d+\.\d\dx, at most \d+\.\d+",
    ],
    "exports.py": [
        r"cold build +\d+\.\d{3} s +\d+\.\d{3} s +[+-]\d+\.\d{3} s +\d+\.\d\dx",
        r"rebuild, no record changed +\d+\.\d{3} s +\d+\.\d{3} s +[+-]\d+\.\d{3} s +\d+\.\d\dx",
        *(rf"  {re.escape(export.name)} +\d+\.\d{{3}} s" for export in EXPORTS),
        r"  share/\*\.png +\d+\.\d{3} s",
        r"the files of 100 talks over a build without: \d+\.\d\dx, at most \d+\.\d+",
        r"the CV alone, as a command +\d+\.\d{3} s",
        r"a cold build over one without exports: \d+\.\d\dx, at most \d+\.\d+",
        r"a rebuild over one without exports: \d+\.\d\dx, at most \d+\.\d+",
    ],
    "imports.py": [
        r"40 entries of JSON Resume: \d+\.\d\d s, \d+ M",
        r"40 entries of RenderCV: \d+\.\d\d s, \d+ M",
    ],
    "links.py": [
        r"404 +2 +\d+\.\d s  broken +\d+ +\d+\.\d s  broken or timed out",
        r"429-0 +2 +\d+\.\d s  uncertain +\d{4} +\d+\.\d s  ended",
        r"over the limits of the link check: 0, at most 0",
    ],
}


def test_quick_benchmarks_print_their_figures(tmp_path: Path) -> None:
    started = {
        name: subprocess.Popen(
            [sys.executable, BENCH / name, "--quick"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in FIGURES
    }
    for name, process in started.items():
        printed, errors = process.communicate()
        assert process.returncode == 0, errors
        for figure in FIGURES[name]:
            assert re.search(f"^{figure}$", printed, re.MULTILINE), (figure, printed)
