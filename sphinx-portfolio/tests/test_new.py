"""`sphinx-portfolio new`: a repository that builds at once, from each format or with examples."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import sources
from invented import NASTY
from sphinx_portfolio import __version__
from sphinx_portfolio.__main__ import main
from sphinx_portfolio.commands import new
from support import Site, card_lines, of_schema, one

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXAMPLE = "example"


@pytest.fixture(scope="module", autouse=True)
def _today() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1719835200")  # 1 July 2024
        patch.setattr(new, "distribution", installed_from)  # as from an index
        yield


def installed_from(name: str, **direct_url: object) -> SimpleNamespace:
    """Return metadata of an installation with this direct_url.json, if any."""
    text = json.dumps(direct_url) if direct_url else None
    return SimpleNamespace(read_text={"direct_url.json": text}.get)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A portfolio of each format and one of examples, built with warnings as errors."""
    folder = tmp_path_factory.mktemp("new")
    files = sources.files(folder)
    found = {}
    for name in (*sources.FORMATS, EXAMPLE):
        found[name] = folder / f"from-{name}"
        given = ["--from", str(files[name])] if name in files else []
        assert main(["new", str(found[name]), *given]) == 0
        assert (
            main(["build", "--source", str(found[name]), "--output", f"{found[name]}/_build"]) == 0
        )
    return found


def resume(folder: Path) -> dict[str, Any]:
    text = (folder / "_build/html/resume.json").read_text(encoding="utf-8")
    exported: dict[str, Any] = of_schema(json.loads(text))
    return exported


def texts(folder: Path) -> str:
    """Return the text of all pages and BibTeX files."""
    files = [path for path in folder.rglob("*") if path.suffix in {".md", ".bib"}]
    return "\n".join(path.read_text("utf-8") for path in files if "_build" not in path.parts)


def test_json_resume_comes_in_whole(made: dict[str, Path]) -> None:
    exported, folder = resume(made["v0.json"]), made["v0.json"]
    given = json.loads((sources.IMPORTS / "v0.json").read_text(encoding="utf-8"))
    basics = exported["basics"]
    assert [basics[key] for key in ("name", "label", "email")] == [
        given["basics"][key] for key in ("name", "label", "email")
    ]
    work = {(it["name"], it["position"]): it for it in exported["work"]}
    assert len(work) == len(given["work"])
    for job in given["work"]:
        found = work[job["company"], job["position"]]
        for key, ours in (("startDate", "startDate"), ("endDate", "endDate"), ("website", "url")):
            assert found.get(ours) == job.get(key), job
    assert work["Finch Financial", "Senior Engineer"]["highlights"] == [
        "Ember.js & Phoenix; two langs, #1 in C#.",
        "Coverage from 6% to 33%.",
    ]
    [degree] = exported["education"]
    assert degree == {
        "institution": "Northeastern",
        "area": "Computer Science & Psychology",
        "studyType": "Bachelor of Science",
        "startDate": "1999-09-01",
        "endDate": "2004-05-01",
        "score": "3.4",
        "courses": ["Artificial Intelligence", "Japanese (Multiple)"],
    }
    skills = [{key: value for key, value in it.items() if value} for it in given["skills"]]
    assert exported["skills"] == skills
    assert exported["languages"] == [{"language": "English", "fluency": "Native"}]
    about = Site(folder / "_build/html")["about"].get_text()
    for words in ("Peer-to-peer networks", "A joy to work with."):
        assert words in about
    report = (folder / "import-report.md").read_text(encoding="utf-8")
    left = re.findall(r"^- `(.*?)`: (.*)$", report, re.MULTILINE)
    assert ("basics.phone", "Upon request") in left


def test_jobs_of_one_employer_are_on_one_page(made: dict[str, Path]) -> None:
    site = Site(made["v0.json"] / "_build/html")
    page = site["experience/naro-logics"]
    assert one(page, "h1").get_text().startswith("Naro Logics")
    for id_ in ("naro-logics-principal-developer", "naro-logics-senior-developer"):
        assert one(page, f"#{id_}")
    assert one(site["experience/finch-financial"], "#finch-financial")
    assert {it["id"] for it in site["skills"].select("section section section[id]")} == {
        *("python", "html5-html", "csharp", "docker", "cpp")
    }


def test_texts_mean_what_they_meant(made: dict[str, Path]) -> None:
    page = one(Site(made["v1.json"] / "_build/html")["experience/acme"], "#acme")
    assert [each.get_text() for each in page.find_all("p", recursive=False)] == [
        "One.",
        "Two with a link.",
        "Anvils",
    ]
    assert one(page, "p > a[href='https://two.example']")
    assert one(page, "li strong").get_text() == "Bold"
    assert "<script>x</script>" in page.get_text()
    assert not page.select("script")
    page = Site(made["linkedin.zip"] / "_build/html")["experience/acme-and-sons"]
    assert [each.get_text().strip() for each in page.select("#acme-and-sons-lead > ul > li")] == [
        "Built #1 pipeline",
        "Saved $5 {really}",
    ]
    home = Site(made["linkedin.zip"] / "_build/html")["index"]
    assert "Engineer | *Spark* & <more>" in home.get_text()


def test_what_jsonresume_1_names_has_a_place(made: dict[str, Path]) -> None:
    folder, exported = made["v1.json"], resume(made["v1.json"])
    assert exported["education"][0]["endDate"] == "2010"
    assert exported["certificates"] == [
        {"name": "CKA", "date": "2021-05", "issuer": "CNCF", "url": "https://cncf.example/1"}
    ]
    projects = {it["name"]: it for it in exported["projects"]}
    assert projects["Lake"]["url"] == "https://github.com/ada/lake"
    assert projects["Lake"]["keywords"] == ["Python"]
    assert "Spark" in texts(folder)
    assert projects["Pond"]["startDate"] == "2021-02"
    assert "https://pond.example" in texts(folder)
    assert (folder / "private.toml").read_text(encoding="utf-8") == (
        'phone = "+41 61 000 00 00"\nstreet = "Main St 1, 4051"\n'
    )
    assert "Main St" not in texts(folder)
    report = (folder / "import-report.md").read_text(encoding="utf-8")
    for path in ("basics.image", "basics.x_pronouns", "meta.theme"):
        assert f"`{path}`" in report


def test_sections_with_free_names_become_kinds(made: dict[str, Path]) -> None:
    exported, folder = resume(made["rendercv.yaml"]), made["rendercv.yaml"]
    assert [(it["name"], it["position"], it["startDate"]) for it in exported["work"]] == [
        ("Nexus AI", "Co-Founder & CTO", "2023-06"),
        ("NVIDIA", "Intern", "2022"),
    ]
    assert exported["education"][0]["studyType"] == "PhD"
    assert exported["projects"][0]["url"] == "https://github.com/example/flashinfer"
    keywords = ["Python", "C++", "CUDA (expert, since 2015)"]
    assert exported["skills"] == [{"name": "Languages", "keywords": keywords}]
    about = Site(folder / "_build/html")["about"].get_text()
    for words in ("35 Under 35 (2024)", "Scaling Laws, Stanford (2024)", "Citizenship"):
        assert words in about
    publications = Site(folder / "_build/html")["publications/index"].get_text()
    assert "Sparse Mixture-of-Experts at Scale" in publications
    assert "Summer 2022" in (folder / "import-report.md").read_text(encoding="utf-8")
    exported = resume(made["al-folio.yml"])
    assert exported["basics"]["name"] == "Albert Example"
    assert exported["work"][0]["endDate"] == "1955"
    assert exported["awards"] == [{"title": "Nobel Prize", "date": "1921"}]
    assert exported["projects"][0]["url"] == "https://github.com/example/folio"
    assert exported["education"][0]["institution"] == "University of Zurich"


def test_linkedin_comes_in_without_other_people(made: dict[str, Path]) -> None:
    folder, exported = made["linkedin.zip"], resume(made["linkedin.zip"])
    assert [(it["position"], it["startDate"], it.get("endDate")) for it in exported["work"]] == [
        ("Lead", "2021-08", None),
        ("Engineer", "2018-01", "2021-07"),
    ]
    assert exported["awards"][0]["date"] == "2019-08"
    assert exported["volunteer"][0]["organization"] == "Red Cross"
    assert "ABC-1" in texts(folder)
    assert "Secret" not in texts(folder)
    card = card_lines((folder / "_build/html/contact.vcf").read_bytes())
    assert ("N", (), ("Moss", "Nina", "", "", "")) in card


def test_bibtex_is_told_apart_and_copied(made: dict[str, Path]) -> None:
    talks = (made["talks.bib"] / "talks/talks.bib").read_text(encoding="utf-8")
    assert talks.startswith("@string{conf = {A Conference}}\n")
    assert "@unpublished{ames2023-talk, author = {Ames, C}, title = {On {Pipes}}" in talks
    written = (made["talks.bib"] / "publications/publications.bib").read_text(encoding="utf-8")
    assert "@article{ames2022, " in written
    assert "@string" not in written
    report = (made["talks.bib"] / "import-report.md").read_text(encoding="utf-8")
    assert "outside" in report
    assert one(Site(made["talks.bib"] / "_build/html")["talks/index"], "#ames2023-talk")


def test_examples_have_a_page_of_each_kind(made: dict[str, Path]) -> None:
    exported = resume(made[EXAMPLE])
    for section in ("work", "education", "projects", "skills", "awards", "volunteer"):
        assert exported[section], section
    assert exported["certificates"]
    assert exported["publications"][0]["name"].startswith("Quiet Bellows")
    assert not (made[EXAMPLE] / "import-report.md").exists()


def test_nothing_could_be_better(made: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--source", str(made[EXAMPLE]), "--json"]) == 0
    keys = {it["key"].partition(":")[0] for it in json.loads(capsys.readouterr().out)["findings"]}
    assert keys <= {"skill-evidence", "talk-recording", "project-license", "job-review"}


def test_a_site_without_typst(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sphinx_portfolio.exports.find_spec", lambda name: None)
    assert main(["new", str(tmp_path / "new")]) == 0
    assert (
        main(["build", "--source", str(tmp_path / "new"), "--output", str(tmp_path / "out")]) == 0
    )
    assert "Not exported: cv.pdf" in capsys.readouterr().err


# -- The repository ---------------------------------------------------------------


def test_the_repository_is_complete_and_recorded(made: dict[str, Path]) -> None:
    folder = made[EXAMPLE]
    for name in (
        *("conf.py", "index.md", "skills.md", "contact.md", "cv.md", "_static/mark.svg"),
        *("experience/index.md", "projects/index.md", "talks/index.md", "talks/talks.bib"),
        *("requirements.txt", "noxfile.py", "README.md", ".gitignore", ".readthedocs.yaml"),
        *(f".github/workflows/{name}.yml" for name in ("ci", "links", "pages")),
    ):
        assert (folder / name).is_file(), name
    record = json.loads((folder / ".sphinx-portfolio.json").read_text(encoding="utf-8"))
    assert not {"private.toml", "import-report.md"} & record["files"].keys()  # not committed
    assert record["version"] == __version__
    for name, digest in record["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert not [path for path in folder.rglob("*.part") if "_build" not in path.parts]
    ast.parse((folder / "conf.py").read_text(encoding="utf-8"))


def test_the_readme_names_what_is_there(made: dict[str, Path]) -> None:
    for folder in made.values():
        readme = (folder / "README.md").read_text(encoding="utf-8")
        rows = [line for line in readme.splitlines() if line.startswith("| ")]
        names = {name for row in rows for name in re.findall("`(.+?)`", row)}
        assert names - {name for name in names if (folder / name).exists()} == set()
        assert {"contact.md", "index.md", "conf.py"} <= names
        for name in ("skills.md", "talks/talks.bib", "about.md", "projects/"):
            assert (name in names) == (folder / name).exists()


def test_requirements_are_versions(made: dict[str, Path], tmp_path: Path) -> None:
    lines = (made[EXAMPLE] / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert f"sphinx-portfolio[cv]=={__version__}" in pins
    assert all(re.fullmatch(r"[\w.-]+(\[cv\])?==[\w.]+", pin) for pin in pins), pins
    assert "nox -s lock" in lines[0]
    package = tmp_path / "package"
    package.mkdir()
    assert main(["new", str(tmp_path / "new"), "--package", str(package)]) == 0
    for name in ("requirements.txt", "requirements.in"):
        text = (tmp_path / "new" / name).read_text(encoding="utf-8")
        assert f"sphinx-portfolio[cv] @ {package.as_uri()}\n" in text


def test_requirements_name_where_the_package_was_installed_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "https://code.example/ada/portfolio"
    git: dict[str, Any] = {
        "vcs_info": {"vcs": "git", "commit_id": "abc"},
        "subdirectory": "sphinx-portfolio",
    }
    for number, (direct_url, expected, said) in enumerate(
        (
            ({}, f"=={__version__}", f"from PyPI, version {__version__}\n"),
            (
                {"url": address, **git},
                f" @ git+{address}@abc#subdirectory=sphinx-portfolio",
                f"from git+{address}@abc#subdirectory=sphinx-portfolio\n",
            ),
            (
                {"url": "file:///a/b.whl", "archive_info": {}},
                " @ file:///a/b.whl",
                "from file:///a/b.whl; only this computer has it: --package names an address\n",
            ),
        )
    ):
        monkeypatch.setattr(new, "distribution", partial(installed_from, **direct_url))
        folder = tmp_path / str(number)
        assert main(["new", str(folder)]) == 0
        text = (folder / "requirements.txt").read_text(encoding="utf-8")
        assert f"\nsphinx-portfolio[cv]{expected}\n" in text
        assert f"requirements.txt installs sphinx-portfolio {said}" in capsys.readouterr().out


def test_private_data_is_not_committed_nor_readable_by_others(made: dict[str, Path]) -> None:
    folder = made["v1.json"]
    assert (folder / "private.toml").stat().st_mode & 0o077 == 0
    ignored = (folder / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/private.toml", "/import-report.md", "/_build/"} <= {*ignored}


def test_a_folder_with_files_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    for name, said in ((".", "is not empty"), ("mine", "is a file")):
        assert main(["new", str(tmp_path / name)]) == 2
        assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert main(["new", str(tmp_path / "new"), "--from", str(tmp_path / "none.json")]) == 2
    assert "no such file" in capsys.readouterr().err
    assert main(["new", str(tmp_path / "new"), "--package", "nowhere"]) == 2
    assert not (tmp_path / "new").exists()


def test_several_files_make_one_portfolio(tmp_path: Path) -> None:
    files = sources.files(tmp_path)
    given = [str(files[name]) for name in sources.FORMATS]
    assert main(["new", str(tmp_path / "new"), "--from", *given]) == 0
    assert (
        main(["build", "--source", str(tmp_path / "new"), "--output", str(tmp_path / "out")]) == 0
    )


def test_bibtex_as_people_keep_it_builds(tmp_path: Path, rootdir: Path) -> None:
    given = sorted((rootdir / "bibtex").glob("*.bib"))
    assert len(given) == 6
    strange = tmp_path / "strange.bib"
    strange.write_text(
        "@software{tool, title={Tool}, year={2020}}\n@article{bare, title={Bare}}\n"
        "@online{undefined, title={Known}, publisher=nowhere, year={2021}}\n",
        encoding="utf-8",
    )
    assert main(["new", str(tmp_path / "new"), "--from", *map(str, given), str(strange)]) == 0
    assert (
        main(["build", "--source", str(tmp_path / "new"), "--output", str(tmp_path / "out")]) == 0
    )
    site = Site(tmp_path / "out" / "html")
    talks = {str(it["id"]) for it in site["talks/index"].select("li.portfolio-talk")}
    assert {"birch2021", "marsh-talk-2018", "ames2023-decoding", "ekman2022", "boot2020"} <= talks
    assert "mire-on" not in talks  # it has no date
    report = (tmp_path / "new" / "import-report.md").read_text(encoding="utf-8")
    assert "On Modelling" in report
    assert "the date is missing" in report
    publications = site["publications/index"].get_text()
    assert "Tool" in publications
    assert "Bare" in report  # it has no date


def test_hostile_values_build(tmp_path: Path) -> None:
    texts_ = [
        *NASTY,
        'O\'Reilly "&" Sons',
        "a -- b...",
        "{job}`x`",
        "(x)=",
        ":::{note}",
        "% c",
        "''",
    ]
    # Each text is in each field of some kinds: four texts an entry, beginning with another one.
    four = [[*texts_, *texts_][number : number + 4] for number in range(0, len(texts_), 4)]
    resume_ = {
        "basics": {"name": "Ada {x} <b>", "label": "*a* `b` C#", "summary": "\n\n".join(texts_)},
        "work": [
            {"name": "O'Reilly \"&\" Sons", "position": "Now", "startDate": "2023"},
            *(
                {"name": a, "position": b, "startDate": "1990", "endDate": "2022", "summary": c,
                 "location": d, "highlights": [a, b, c, f"{d}\n\n{c}"]}
                for a, b, c, d in four
            ),
        ],
        "education": [
            {"institution": d, "studyType": a, "area": b, "score": c, "endDate": "2020",
             "courses": [a, d]}
            for a, b, c, d in four
        ],
        "projects": [{"name": c, "description": a, "keywords": [b, d]} for a, b, c, d in four],
        "skills": [{"name": b, "keywords": [a, b, c, d]} for a, b, c, d in four],
        "awards": [{"title": d, "date": "2020", "summary": b} for _, b, _, d in four],
        "publications": [
            {"name": a, "publisher": b, "releaseDate": "2020", "summary": c} for a, b, c, _ in four
        ],
        "volunteer": [
            {"organization": c, "position": a, "startDate": "2020"} for a, _, c, _ in four
        ],
        "certificates": [{"name": b, "issuer": c, "date": "2020"} for _, b, c, _ in four],
        "languages": [{"language": a, "fluency": d} for a, _, _, d in four],
        "interests": [{"name": b, "keywords": [a, c, d]} for a, b, c, d in four],
        "references": [{"name": c, "reference": a} for a, _, c, _ in four],
    }  # fmt: skip
    (tmp_path / "resume.json").write_text(json.dumps(resume_), encoding="utf-8")
    folder = tmp_path / "new"
    assert main(["new", str(folder), "--from", str(tmp_path / "resume.json")]) == 0
    assert main(["build", "--source", str(folder), "--output", str(tmp_path / "out")]) == 0
