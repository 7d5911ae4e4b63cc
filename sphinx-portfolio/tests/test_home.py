"""A site warns if its home page does not name the newest job."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_portfolio.__main__ import main

if TYPE_CHECKING:
    import pytest

EXAMPLE = Path(__file__).resolve().parents[1] / "docs" / "example"
JOB = """\
# Organ Hall

## Organ Builder and Curator

```{job}
:id: curator
:organization: Organ Hall
:start: 2023-01
```
"""


def test_home_names_the_newest_job(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = Path(shutil.copytree(EXAMPLE, tmp_path / "source"))
    (source / "experience" / "organ-hall.md").write_text(JOB, encoding="utf-8")
    index = source / "experience" / "index.md"
    index.write_text(index.read_text("utf-8").replace("school\n", "school\norgan-hall\n"), "utf-8")
    build = ["build", "--source", str(source), "--output", str(tmp_path / "out")]
    assert main(build) == 1
    [warning, _] = capsys.readouterr().err.splitlines()
    assert warning.endswith(
        "index.md:1: WARNING: the home page names 'Pipe Works', but not the newest job, "
        "'Organ Builder and Curator' at 'Organ Hall': update it [portfolio.home]"
    )
    home = source / "index.md"
    home.write_text(home.read_text("utf-8").replace("Pipe Works]", "Organ Hall]"), "utf-8")
    assert main(build) == 0
