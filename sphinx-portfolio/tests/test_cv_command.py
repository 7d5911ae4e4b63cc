"""`sphinx-portfolio cv`: the CV alone, for all readers or for one, on a chosen paper."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import pytest

from sphinx_portfolio import exports
from sphinx_portfolio.__main__ import main
from sphinx_portfolio.exports.outline import ExportError
from support import portfolio
from test_downloads import CVS, ROOT, fill
from test_incremental import files as all_files

if TYPE_CHECKING:
    from sphinx_portfolio.model import Portfolio

MARKED = """
## Gopher

```{job}
:id: gopher
:organization: Burrow
:start: 2022
:audience: go, systems
```

## Manager

```{job}
:id: manager
:organization: Office
:start: 2023
:audience: business
```
"""


class Result(NamedTuple):
    """How the command ended."""

    code: int
    output: str
    errors: str


class Run(Protocol):
    """Run the command; the output folder is `cv`."""

    def __call__(self, *arguments: str) -> Result:
        """Run it with these arguments."""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A portfolio with jobs for all readers and for some."""
    copied = shutil.copytree(ROOT, tmp_path / "source")
    page = copied / "deep" / "er" / "page.md"
    page.write_text(page.read_text(encoding="utf-8") + MARKED, encoding="utf-8")
    return copied


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "cv"


@pytest.fixture
def run(source: Path, output: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> Result:
        code = main(["cv", "--source", str(source), "--output", str(output), *arguments])
        return Result(code, *capsys.readouterr())

    return run


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Portfolio]:
    """Stand-ins for the exports, which keep the Portfolio that they are given."""
    given: dict[str, Portfolio] = {}

    def make(name: str, portfolio: Portfolio) -> bytes:
        given[name] = portfolio
        return b"x" * 1234

    rows = tuple(replace(row, make=partial(make, row.name)) for row in exports.EXPORTS)
    monkeypatch.setattr(exports, "EXPORTS", rows)
    return given


def files(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder, without the markers."""
    return {
        name: content
        for name, content in all_files(folder).items()
        if Path(name).name != ".sphinx-portfolio"
    }


def ids(portfolio: Portfolio) -> set[str]:
    return {record.id for record in portfolio.records}


def test_it_lists_the_files_with_their_sizes(
    run: Run, told: dict[str, Portfolio], output: Path
) -> None:
    result = run()
    forms = ["PDF", "PDF", "DOCX", "TXT", "MD", "JSON"]
    lines = [f"{output / name}: {form}, 1 kB\n" for name, form in zip(CVS, forms, strict=True)]
    assert result == Result(0, "".join(lines), "")
    assert [*told] == CVS
    assert {*files(output)} == {*CVS}
    assert all(ids(portfolio) == {"engineer", "gopher", "manager"} for portfolio in told.values())


def test_it_leaves_nothing_in_the_source(
    run: Run, told: dict[str, Portfolio], source: Path
) -> None:
    before = files(source)
    assert run().code == 0
    assert files(source) == before


def test_one_reader_gets_what_is_for_all_and_for_them(
    run: Run, told: dict[str, Portfolio], output: Path
) -> None:
    for audience, found in (
        ("go", {"engineer", "gopher"}),
        ("systems", {"engineer", "gopher"}),
        ("business", {"engineer", "manager"}),
    ):
        told.clear()
        assert run("--audience", audience).code == 0
        assert [*told] == CVS
        assert all(ids(portfolio) == found for portfolio in told.values()), audience
        assert {*files(output / audience)} == {*CVS}


def test_an_audience_that_no_record_has_is_an_error(
    run: Run, told: dict[str, Portfolio], output: Path
) -> None:
    expected = {
        "goo": "no record is for the audience 'goo': did you mean 'go'?",
        "xyzzy": "no record is for the audience 'xyzzy': the audiences are business, go, systems",
    }
    assert {audience: run("--audience", audience) for audience in expected} == {
        audience: Result(2, "", f"{message}\n") for audience, message in expected.items()
    }
    assert not told
    assert not output.exists()


def test_where_no_record_is_marked_it_says_how_to(
    run: Run, told: dict[str, Portfolio], source: Path
) -> None:
    shutil.copy(ROOT / "deep" / "er" / "page.md", source / "deep" / "er")
    assert run("--audience", "go").errors == (
        "no record is for the audience 'go': mark records with `:audience: go`\n"
    )


def test_the_paper_is_chosen(run: Run, told: dict[str, Portfolio]) -> None:
    for arguments, paper in (((), "a4"), (("--paper", "us-letter"), "us-letter")):
        assert run(*arguments).code == 0
        assert {portfolio.paper for portfolio in told.values()} == {paper}


def test_unknown_paper_is_an_error(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("--paper", "a5")
    assert "choose from" in capsys.readouterr().err


def test_a_file_that_is_no_longer_made_is_removed(
    run: Run, told: dict[str, Portfolio], source: Path, output: Path
) -> None:
    assert run().code == 0
    page = source / "deep" / "er" / "page.md"
    page.write_text(page.read_text("utf-8").replace(":selected:\n", ""), encoding="utf-8")
    assert run().code == 0
    assert {*files(output)} == {*CVS} - {"cv-short.pdf"}


def test_a_picture_which_it_never_makes_stays(run: Run, output: Path) -> None:
    assert run().code == 0
    (output / "cv.png").write_bytes(b"of a site")
    assert run().code == 0
    assert (output / "cv.png").read_bytes() == b"of a site"


def test_a_source_that_does_not_build_says_why(run: Run, source: Path, output: Path) -> None:
    (source / "index.md").write_text("# A\n\n```{nosuch}\n```\n", encoding="utf-8")
    result = run()
    assert result.code == 1
    assert "index.md:3: WARNING: " in result.errors
    assert result.errors.endswith("\nThe build failed, see above: no output was changed.\n")
    assert not output.exists()


def test_an_empty_portfolio_has_no_cv(run: Run, source: Path) -> None:
    (source / "deep" / "er" / "page.md").write_text("# Nothing\n", encoding="utf-8")
    assert run() == Result(
        2, "", "the portfolio has no entries for a CV: write one, such as a job\n"
    )


def test_a_fault_of_two_exports_is_printed_once_and_writes_nothing(
    run: Run, told: dict[str, Portfolio], output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run().code == 0
    before = files(output)

    def refuse(portfolio: Portfolio) -> bytes:
        message = "page.md:7: job 'engineer': three pages, of two"
        raise ExportError(message)

    rows = tuple(
        replace(row, make=refuse if row.name.endswith(".pdf") else row.make)
        for row in exports.EXPORTS
    )
    monkeypatch.setattr(exports, "EXPORTS", rows)
    assert run() == Result(1, "", "page.md:7: job 'engineer': three pages, of two\n")
    assert files(output) == before


def test_a_full_disk_is_one_clear_error_and_loses_nothing(
    run: Run, told: dict[str, Portfolio], output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run().code == 0
    (output / "cv.pdf").write_bytes(b"an older one")
    before = files(output)
    fill(monkeypatch, "cv.md.part")
    message = f"{output}: the exported files can't be written: No space left on device\n"
    assert run() == Result(2, "", message)
    assert files(output) == before


def test_the_command_line_makes_a_cv(source: Path, output: Path) -> None:
    arguments = ("cv", "--source", source, "--output", output)
    result = portfolio(*arguments, environment={"SOURCE_DATE_EPOCH": "1700000000"})
    assert (result.returncode, result.stderr) == (0, "")
    assert (output / "cv.pdf").read_bytes().startswith(b"%PDF-")
    assert "Ada <Example> & Co" in (output / "cv.txt").read_text(encoding="utf-8")
    for line in result.stdout.splitlines():
        assert Path(line.partition(": ")[0]).is_file()
