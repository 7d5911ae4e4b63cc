"""`sphinx-portfolio import`: new pages and entries in a portfolio, no change of what it has."""

from __future__ import annotations

import difflib
import json
import shutil
from typing import TYPE_CHECKING

import pytest

import sources
from sphinx_portfolio.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@pytest.fixture(scope="module", autouse=True)
def _today() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1719835200")  # 1 July 2024
        yield


@pytest.fixture(scope="module")
def given_(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portfolio of examples, with the sources beside it."""
    folder = tmp_path_factory.mktemp("import")
    assert main(["new", str(folder / "site")]) == 0
    sources.linkedin(folder / "linkedin.zip")
    return folder


@pytest.fixture
def site(given_: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(given_ / "site", tmp_path / "site")


def files(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file() and "_build" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in found}


def test_an_import_adds_and_changes_nothing(
    site: Path, given_: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(site)
    given = [*(str(sources.IMPORTS / it) for it in sources.FORMATS[:-1]), f"{given_}/linkedin.zip"]
    assert main(["import", "--source", str(site), *given]) == 0
    after = files(site)
    for name, text in before.items():
        removed = [
            line
            for line in difflib.ndiff(text.splitlines(), after[name].splitlines())
            if line.startswith("- ")
        ]
        assert removed == [], name
    said = capsys.readouterr().out.splitlines()
    assert "already there, skipped: skill 'Python'" in said
    assert "index.md: name the newest job there, at 'Nexus AI'" in said
    assert said[-1].endswith(" no place: import-report.md")
    # What the message says to do.
    index = (site / "index.md").read_text(encoding="utf-8")
    newest = index.replace(
        "## Projects", "Now at [Nexus AI](experience/nexus-ai.md)\n\n## Projects"
    )
    (site / "index.md").write_text(newest, encoding="utf-8")
    assert main(["build", "--source", str(site), "--output", f"{site}/_build"]) == 0
    exported = json.loads((site / "_build/html/resume.json").read_text(encoding="utf-8"))
    assert {"Pipe Works", "Finch Financial", "Acme", "Acme & Sons", "Nexus AI"} <= {
        job["name"] for job in exported["work"]
    }
    # All is there now.
    capsys.readouterr()
    before = files(site)
    assert main(["import", "--source", str(site), *given[:1]]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-1].startswith("nothing new; ")
    assert files(site) == before


def test_a_dry_run_prints_a_diff_and_writes_nothing(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(site)
    command = ["import", "--source", str(site), str(sources.IMPORTS / "v1.json"), "--dry-run"]
    assert main(command) == 0
    assert files(site) == before
    said = capsys.readouterr().out
    assert "--- /dev/null\n+++ b/experience/acme.md\n" in said
    assert "--- a/experience/index.md\n+++ b/experience/index.md\n" in said
    assert "\n+acme\n" in said
    removed = [it for it in said.splitlines() if it.startswith("-") and not it.startswith("---")]
    assert removed == []


def test_a_job_joins_the_page_of_its_employer(site: Path, tmp_path: Path) -> None:
    source = tmp_path / "jobs.json"
    job = {"name": "Pipe Works", "position": "Apprentice", "startDate": "2019", "endDate": "2021"}
    source.write_text(json.dumps({"work": [job]}), encoding="utf-8")
    assert main(["import", "--source", str(site), str(source)]) == 0
    page = (site / "experience/pipe-works.md").read_text(encoding="utf-8")
    assert page.endswith(
        "## Apprentice\n\n```{job}\n:id: pipe-works-apprentice\n:organization: Pipe Works\n"
        ":start: 2019\n:end: 2021\n```\n"
    )
    assert main(["build", "--source", str(site), "--output", f"{site}/_build"]) == 0


def test_talks_join_the_file_of_talks_by_their_keys(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "talks.bib"
    entry = "@unpublished{{{}, author={{A B}}, title={{{}}}, eventtitle={{C}}, year={{2020}}}}\n"
    source.write_text(
        entry.format("Quiet_Bellows", "Another") + entry.format("new", "New"), encoding="utf-8"
    )
    before = (site / "talks/talks.bib").read_text(encoding="utf-8")
    assert main(["import", "--source", str(site), str(source)]) == 0
    assert capsys.readouterr().out == "already there, skipped: talk 'Another'\n1 talk\n"
    after = (site / "talks/talks.bib").read_text(encoding="utf-8")
    assert after == f"{before}\n{entry.format('new', 'New')}"


def test_publications_join_their_file(site: Path, tmp_path: Path) -> None:
    for key in ("One", "Two", "One"):
        source = tmp_path / "papers.bib"
        entry = f"@article{{{key}, title={{{key}}}, journal={{J}}, year={{2020}}}}\n"
        source.write_text(entry, encoding="utf-8")
        assert main(["import", "--source", str(site), str(source)]) == 0
    written = (site / "publications/publications.bib").read_text(encoding="utf-8")
    assert [it.partition(",")[0] for it in written.splitlines() if it] == [
        "@article{one",
        "@article{two",
    ]
    conf = (site / "conf.py").read_text(encoding="utf-8")
    assert conf.count("portfolio_publications") == 1
    assert main(["build", "--source", str(site), "--output", f"{site}/_build"]) == 0


def test_a_portfolio_of_another_layout(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(
        'project = author = "Ada"\nextensions = ["myst_parser", "sphinx_portfolio"]\n'
        'include_patterns = ["index.md"]\n',
        encoding="utf-8",
    )
    (tmp_path / "index.md").write_text("# Ada\n\n```{toctree}\n```\n", encoding="utf-8")
    source = str(sources.IMPORTS / "v0.json")
    assert main(["import", "--source", str(tmp_path), source]) == 0
    conf = (tmp_path / "conf.py").read_text(encoding="utf-8")
    for page in ("experience/finch-financial.md", "skills.md", "about.md"):
        assert f'include_patterns = [*include_patterns, "{page}"]\n' in conf
    assert main(["build", "--source", str(tmp_path), "--output", f"{tmp_path}/_build"]) == 0


def test_a_bibliography_of_all_files_lists_new_ones(tmp_path: Path) -> None:
    site = tmp_path / "site"
    entry = "@{}{{{}, author={{Ada}}, title={{T}}, {}={{C}}, year={{2020}}}}\n"
    given_ = {
        "conf.py": 'project = author = "Ada"\nbibtex_bibfiles = ["talks/t.bib"]\n'
        'extensions = ["myst_parser", "sphinxcontrib.bibtex", "sphinx_portfolio"]\n',
        "index.md": "# Ada\n\n```{toctree}\nworks\n```\n",
        "works.md": "# Works\n\n```{bibliography}\n:all:\n```\n",
        "talks/t.bib": entry.format("unpublished", "a", "eventtitle"),
    }
    for name, content in given_.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(content, encoding="utf-8")
    imported(site, "papers.bib", entry.format("article", "b", "journal"))
    assert "bibliography" not in (site / "publications/index.md").read_text(encoding="utf-8")
    build(site)


def test_an_import_that_fails_leaves_everything(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(site)
    assert main(["import", "--source", str(site), str(site / "none.json")]) == 2
    assert "no such file" in capsys.readouterr().err
    (site / "skills.md").write_text("# Skills\n\n```{skill}\n```\n", encoding="utf-8")
    assert main(["import", "--source", str(site), str(sources.IMPORTS / "v0.json")]) == 1
    assert "skills.md:3: WARNING: skill: the option :id: is missing" in capsys.readouterr().err
    assert files(site) == before | {"skills.md": "# Skills\n\n```{skill}\n```\n"}


def imported(site: Path, name: str, content: str | Mapping[str, object]) -> None:
    """Import a file of this content."""
    source = site.parent / name
    text = content if isinstance(content, str) else json.dumps(content)
    source.write_text(text, encoding="utf-8")
    assert main(["import", "--source", str(site), str(source)]) == 0


def build(site: Path) -> None:
    assert main(["build", "--source", str(site), "--output", f"{site}/_build"]) == 0


def test_an_id_of_another_kind_is_no_reason_to_skip_an_entry(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = "@article{{{}, title={{{}}}, journal={{J}}, year={{2020}}}}\n"
    source = entry.format("Python", "A") + entry.format("a_b", "B") + entry.format("A-B", "C")
    imported(site, "papers.bib", source)
    assert "already there" not in capsys.readouterr().out
    written = (site / "publications/publications.bib").read_text(encoding="utf-8")
    heads = [it.partition(",")[0] for it in written.splitlines() if it]
    assert heads == ["@article{python-b", "@article{a-b", "@article{a-b-b"]
    imported(site, "papers.bib", source)
    assert capsys.readouterr().out.splitlines()[-1] == "nothing new"
    build(site)


def test_an_import_after_one_that_brought_a_newer_job(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = site / "index.md"
    named = index.read_text(encoding="utf-8") + "\nAt [Pipe Works](experience/pipe-works.md).\n"
    index.write_text(named, encoding="utf-8")
    job = {"name": "Acme Rail", "position": "Lead", "startDate": "2024-05"}
    imported(site, "job.json", {"work": [job]})
    assert "index.md: name the newest job there, at 'Acme Rail'" in capsys.readouterr().out
    imported(site, "award.json", {"awards": [{"title": "Prize", "date": "2020"}]})
    assert capsys.readouterr().out == "1 award\n"


def test_lines_end_as_they_do_in_the_file(site: Path) -> None:
    page, index = site / "experience/awards.md", site / "index.md"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    # Of a file that has both, no line changes.
    index.write_bytes(index.read_bytes().replace(b"\n", b"\r\n", 1))
    before, mixed = page.read_bytes(), index.read_bytes().splitlines(keepends=True)
    award = {"title": "Prize", "date": "2020"}
    imported(site, "award.json", {"awards": [award], "publications": [{"name": "P", **award}]})
    after = page.read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n") == after.count(b"\r\n")
    lines = index.read_bytes().splitlines(keepends=True)
    assert [line for line in lines if line in mixed] == mixed
    added = [line for line in lines if line not in mixed]
    assert added == [b"publications/index\r\n"]


def test_a_publication_in_latex_is_the_same_as_in_words(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = {"name": "Café & music", "publisher": "J", "releaseDate": "2020-03"}
    imported(site, "resume.json", {"publications": [words]})
    capsys.readouterr()
    latex = "@article{c, title={Caf{\\'e} \\& {M}usic}, journal={J}, year=2020, month=3}\n"
    imported(site, "papers.bib", latex)
    skipped = "already there, skipped: publication 'Café & Music'\nnothing new\n"
    assert capsys.readouterr().out == skipped


PROCEEDINGS = """\
@inproceedings{{{key}, author={{X}}, title={{{key}}}, crossref={{Proc}}}}
@proceedings{{Proc, title={{{title}}}, xdata={{{xdata}}}}}
@xdata{{{xdata}, year=2020}}
"""


def test_entries_of_one_key_that_others_name_are_told_apart(site: Path) -> None:
    for key, title, xdata in (("a", "First", "X1"), ("b", "Second", "X1"), ("c", "Third", "X2")):
        imported(site, f"{key}.bib", PROCEEDINGS.format(key=key, title=title, xdata=xdata))
    imported(site, "p.bib", "@article{PROC, title={P}, journal={J}, year=2020}\n")
    build(site)
    exported = json.loads((site / "_build/html/resume.json").read_text(encoding="utf-8"))
    publishers = {it["x_id"]: it.get("publisher") for it in exported["publications"]}
    assert {key: publishers[key] for key in "abc"} == {"a": "First", "b": "Second", "c": "Third"}
    assert publishers["proc-d"] == "J"
    written = (site / "publications/publications.bib").read_text(encoding="utf-8")
    assert written.count("@xdata") == 2


def test_the_report_has_each_value_once_with_its_path(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    resume = {
        "basics": {"name": "Else", "label": "Wizard", "summary": "There.\n\nNot there."},
        "work": [{"company": "Acme", "website": "no address", "startDate": "2001", "pet": "cat"}],
        "volunteer": [{"organization": "Club", "position": "", "url": "no address"}],
    }
    about = site / "about.md"
    about.write_text(about.read_text(encoding="utf-8") + "\nThere.\n", encoding="utf-8")
    imported(site, "more.json", resume)
    report = (site / "import-report.md").read_text(encoding="utf-8")
    assert [line for line in report.partition("## ")[2].splitlines() if line] == [
        "more.json",
        "- `work[0].website`: no address",
        "- `work[0].pet`: cat",
        "- `volunteer[0].url`: no address",
        "- `volunteer[0]`: Club: written as text, since it has no date",
        "- `basics.name`: Else",
        "- `basics.label`: Wizard",
        "- `basics.summary`: Not there.",
    ]
    imported(site, "more.json", resume)
    assert (site / "import-report.md").read_text(encoding="utf-8") == report


def test_lists_in_conf_py_are_extended_by_their_values(site: Path) -> None:
    conf = site / "conf.py"
    lines = 'portfolio_publications = []\nother = "publications/publications.bib"\n'
    conf.write_text(conf.read_text(encoding="utf-8") + lines, encoding="utf-8")
    imported(site, "a.bib", "@article{a, title={A}, journal={J}, year={2020}}\n")
    added = '\nportfolio_publications = ["publications/publications.bib"]\n'
    assert conf.read_text(encoding="utf-8").endswith(lines + added)
    build(site)
