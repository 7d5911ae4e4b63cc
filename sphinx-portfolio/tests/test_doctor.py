"""`sphinx-portfolio doctor`: what is valid but could be better, where, and what to do."""

from __future__ import annotations

import json
import shutil
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

import pytest

from sphinx_portfolio.__main__ import main
from sphinx_portfolio.model import (
    Date,
    Job,
    Lab,
    Period,
    Person,
    Project,
    Publication,
    Record,
    Skill,
    Talk,
    assemble,
)
from sphinx_portfolio.model.diagnosis import RULES, Hint, Site, Subject, diagnose
from sphinx_portfolio.sources.locations import line_of_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Doctor = Callable[..., "Result"]

TODAY = Date(2024, 7, 1)
EPOCH = "1719835200"  # the same day
LONG_AGO = Period(Date(2020), Date(2020))
URL = "https://host.example/"
NAME = "Some Body"
INITIALS = "S. Body"


def job(reviewed: str = "", end: str = "") -> Job:
    return Job(
        id="it",
        title="It",
        docname="page",
        organization="A Company",
        period=Period.parse("2020-01", end),
        reviewed=Date.parse(reviewed) if reviewed else None,
    )


def talk(
    date: str, *, video: str = "", slides: str = "", url: str = "", by: Sequence[str] = (NAME,)
) -> Talk:
    when = Period(Date.parse(date), Date.parse(date))
    return Talk(
        id="it",
        title="It",
        docname="page",
        period=when,
        speakers=tuple(by),
        event="A Meetup",
        url=url,
        video=video,
        slides=slides,
    )


def publication(*by: str) -> Publication:
    when = Period(Date(2020), Date(2020))
    return Publication(id="it", title="It", docname="page", period=when, authors=by)


def project(code: str = "", license_: str = "", skills: tuple[str, ...] = ()) -> Project:
    return Project(id="it", title="It", docname="page", code=code, license=license_, skills=skills)


def skill(id_: str = "go") -> Skill:
    return Skill(id=id_, title="Go", docname="page")


def site(
    *records: Record,
    pages: Sequence[Subject] = (),
    pictures: Sequence[Subject] = (),
    unconfirmed: Sequence[Subject] = (),
    accepted: Sequence[Subject] = (),
    hints: Sequence[str] = (),
    lab_about: Sequence[str] | None = None,
) -> Site:
    labs = [] if lab_about is None else [Lab(id="x", title="X", docname="p", about=(*lab_about,))]
    return Site(
        portfolio=assemble(Person(NAME), TODAY, records, labs=labs),
        root=PurePath("/site"),
        pages=tuple(pages),
        pictures=tuple(pictures),
        unconfirmed=tuple(unconfirmed),
        accepted=tuple(accepted),
        hints=tuple(Hint(rule, "it", "/site/a.bib:2", "a hint") for rule in hints),
    )


def entry(key: str = "it", text: str = "", line: int = 1) -> Subject:
    return Subject(key, text, f"/site/conf.py:{line}")


class Case(NamedTuple):
    """A rule, a site, and whether the rule finds something on it."""

    rule: str
    site: Site
    found: bool


CASES = {
    "unconfirmed": Case("unconfirmed", site(unconfirmed=[entry(text="which?")]), True),
    "nothing-unconfirmed": Case("unconfirmed", site(), False),
    "never-reviewed": Case("job-review", site(job()), True),
    "reviewed-over-a-year-ago": Case("job-review", site(job("2023-06-30")), True),
    "reviewed-a-year-ago": Case("job-review", site(job("2023-07-01")), False),
    "reviewed-a-month-over-a-year-ago": Case("job-review", site(job("2023-06")), True),
    "reviewed-a-month-a-year-ago": Case("job-review", site(job("2023-07")), False),
    "reviewed-two-years-ago": Case("job-review", site(job("2022")), True),
    "reviewed-last-year": Case("job-review", site(job("2023")), False),
    "reviewed-today": Case("job-review", site(job("2024-07-01")), False),
    "reviewed-tomorrow": Case("job-review", site(job("2024-07-02")), True),
    "ended-and-never-reviewed": Case("job-review", site(job(end="2021")), False),
    "skill-alone": Case("skill-evidence", site(skill()), True),
    "skill-proved": Case("skill-evidence", site(skill(), project(skills=("go",))), False),
    "by-another": Case("talk-person", site(talk("2025", by=["Another"])), True),
    "by-nobody": Case("talk-person", site(talk("2025", by=[])), True),
    "by-both": Case("talk-person", site(talk("2025", by=["Another", NAME])), False),
    "published-by-another": Case("publication-person", site(publication("B. Other")), True),
    "published-with-initials": Case(
        "publication-person", site(publication("B. Other", INITIALS)), False
    ),
    **{
        f"{rule}-{count}": Case(rule, site(hints=[rule] * count), bool(count))
        for rule in (
            *("bibtex-field", "bibtex-html", "bibtex-text"),
            *("pdf-glyph", "talk-calendar", "talk-private"),
        )
        for count in (0, 1)
    },
    "held-and-left": Case("talk-held", site(talk("2024-04-01", url=URL)), True),
    "held-within-the-grace": Case("talk-held", site(talk("2024-04-02")), False),
    "held-in-a-year-not-over": Case("talk-held", site(talk("2024")), False),
    "to-be-held": Case("talk-held", site(talk("2025")), False),
    "held-with-slides": Case("talk-held", site(talk("2023", slides=URL)), False),
    "held-with-recording": Case("talk-held", site(talk("2023", video=URL)), False),
    "no-recording": Case("talk-recording", site(talk("2023", slides=URL)), True),
    "no-recording-yet": Case("talk-recording", site(talk("2024-06-30", slides=URL)), False),
    "recording": Case("talk-recording", site(talk("2023", slides=URL, video=URL)), False),
    "recording-nor-slides": Case("talk-recording", site(talk("2023")), False),
    "no-slides": Case("talk-slides", site(talk("2023", video=URL)), True),
    "slides": Case("talk-slides", site(talk("2023", slides=URL, video=URL)), False),
    "slides-nor-recording": Case("talk-slides", site(talk("2023")), False),
    "no-code": Case("project-code", site(project()), True),
    "code": Case("project-code", site(project(URL)), False),
    "no-license": Case("project-license", site(project(URL)), True),
    "license": Case("project-license", site(project(URL, "MIT")), False),
    "neither-code-nor-license": Case("project-license", site(project()), False),
    "no-lab": Case("project-lab", site(project(), lab_about=[]), True),
    "lab": Case("project-lab", site(project(), lab_about=["it"]), False),
    "no-labs-at-all": Case("project-lab", site(project()), False),
    "no-description": Case("page-description", site(pages=[entry(text=" ")]), True),
    "description": Case("page-description", site(pages=[entry(text="A page.")]), False),
    "no-alternative": Case("picture-alt", site(pictures=[entry("page:a.svg")]), True),
    "alternative": Case("picture-alt", site(pictures=[entry("page:a.svg", "A dot")]), False),
    "accepted-in-vain": Case("accepted-unused", site(accepted=[entry(text="because")]), True),
    "accepted-with-cause": Case(
        "accepted-unused", site(job(), accepted=[entry("job-review:it", "because")]), False
    ),
}


def test_a_rule_finds_what_it_is_about_and_nothing_else() -> None:
    found = {
        name: [finding for finding in diagnose(case.site) if finding.rule == case.rule]
        for name, case in CASES.items()
    }
    assert {name: len(findings) for name, findings in found.items()} == {
        name: int(case.found) for name, case in CASES.items()
    }
    for finding in (finding for findings in found.values() for finding in findings):
        assert finding.key.startswith(f"{finding.rule}:")
        assert finding.message
        assert finding.remedy == RULES[finding.rule].remedy
        assert not finding.accepted


def test_every_rule_is_tried_both_ways() -> None:
    tried = {(case.rule, case.found) for case in CASES.values()}
    assert tried == {(name, found) for name in RULES for found in (False, True)}


def test_accepted_findings_have_a_reason() -> None:
    found = diagnose(site(job(), skill(), accepted=[entry("job-review:it", "he is on leave")]))
    assert [(finding.key, finding.accepted) for finding in found] == [
        ("job-review:it", "he is on leave"),
        ("skill-evidence:go", ""),
    ]


def test_an_accepted_key_that_is_misspelt_names_the_nearest() -> None:
    found = diagnose(site(job(), accepted=[entry("job-reviewed:it", "he is on leave", line=7)]))
    assert [
        (finding.place, finding.message) for finding in found if finding.rule != "job-review"
    ] == [
        (
            "conf.py:7",
            "'job-reviewed:it' is accepted, but not found: did you mean 'job-review:it'?",
        )
    ]


def test_findings_are_in_the_order_of_rules_and_places() -> None:
    records = [
        Skill(id=f"s{line}", title="S", docname="p", source=f"/site/{file}", line=line)
        for file, line in (("b.md", 2), ("b.md", 10), ("a.md", 3))
    ]
    for order in (records, records[::-1]):
        found = diagnose(site(*order, unconfirmed=[entry(line=20), entry("a", line=9)]))
        assert [finding.place for finding in found] == [
            *("conf.py:9", "conf.py:20"),
            *("a.md:3", "b.md:2", "b.md:10"),
        ]


def test_a_place_outside_the_source_is_absolute() -> None:
    outside = Skill(id="go", title="Go", docname="p", source="/elsewhere/a.md", line=3)
    assert [finding.place for finding in diagnose(site(outside))] == ["/elsewhere/a.md:3"]


def test_an_entry_of_conf_py_is_found_by_its_table_and_key() -> None:
    expected = {
        'a = {"k": 1}\n\nt = {\n    "j": "k",\n    "k": "v",\n}\n': 5,
        '\nt: dict[str, str] = {\n    "k": "v",\n}\n': 3,
        "\nt = dict(k=1)\n": 2,
        'x = {"k": "v"}\nglobals()["t"] = x\n': 1,
    }
    assert {conf: line_of_key(conf, "k", "t") for conf in expected} == expected


class Result(NamedTuple):
    """How the command ended."""

    code: int
    output: str
    errors: str


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """The command, run in July 2024."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)

    def run(source: Path, *arguments: str) -> Result:
        code = main(["doctor", "--source", str(source), *arguments])
        return Result(code, *capsys.readouterr())

    return run


@pytest.fixture
def source(tmp_path: Path, rootdir: Path) -> Path:
    """A site with a finding of every rule."""
    return shutil.copytree(rootdir / "test-doctor", tmp_path / "source")


OPEN = {
    "unconfirmed": ["conf.py:6: Blog: which address?"],
    "job-review": ["work.md:9: 'Engineer' is current, but was last reviewed 2023-06"],
    "skill-evidence": ["work.md:35: 'Go' is a skill without evidence"],
    "talk-person": ["talks/talks.bib:25: 'By Another' is not by 'Some Body'"],
    "bibtex-field": [
        "talks/talks.bib:29: by-another: unknown field 'vido', which is ignored: "
        "did you mean 'video'?"
    ],
    "bibtex-html": ["talks/talks.bib:30: by-another: abstract: HTML is shown as text: '<b>'"],
    "bibtex-text": ["talks/talks.bib:24: 'The last one.' is outside of any entry"],
    "talk-held": [
        "talks/talks.bib:17: 'Left Behind' is past, but has neither recording nor slides"
    ],
    "talk-recording": ["talks/talks.bib:1: 'Slides Alone' has slides, but no recording"],
    "talk-slides": ["talks/talks.bib:9: 'Recording Alone' has a recording, but no slides"],
    "talk-calendar": ["talks/talks.bib:17: 1 of 4 talks are not in talks.ics: left-behind"],
    "project-code": ["work.md:27: 'Secret' has no code"],
    "page-description": [
        "index.md:1: page 'index' has no description",
        "talks/index.md:1: page 'talks/index' has no description",
    ],
    "picture-alt": [
        "index.md:12: picture 'pic.svg' has no alternative text",
        # In the next line, but a place is the first in the paragraph with the file's name.
        "index.md:12: picture 'pic.svg' has no alternative text",
        "work.md:39: picture 'pic.svg' has no alternative text",
    ],
    "accepted-unused": ["conf.py:10: 'talk-slides:no-slides-any-more' is accepted, but not found"],
}


def test_the_report_for_people(source: Path, doctor: Doctor) -> None:
    result = doctor(source)
    assert (result.code, result.errors) == (0, "")
    *groups, accepted, total = result.output.split("\n\n")
    assert [group.splitlines()[0] for group in groups] == [
        f"{RULES[name].title}: {len(lines)}" for name, lines in OPEN.items()
    ]
    for group, (name, lines) in zip(groups, OPEN.items(), strict=True):
        for told, line in zip(group.splitlines()[1:], lines, strict=True):
            assert told.startswith(f"{line} ({RULES[name].remedy}) [{name}:")
            assert told.endswith("]")
    assert accepted == (
        "Accepted: 1\n"
        "work.md:18: 'Thing' has code, but no license (the team has to choose one) "
        "[project-license:thing]"
    )
    assert total == "18 to do, 1 accepted\n"


def test_the_report_for_programs(source: Path, doctor: Doctor) -> None:
    result = doctor(source, "--json")
    assert (result.code, result.errors) == (0, "")
    report = json.loads(result.output)
    assert list(report) == ["findings", "accepted", "counts"]
    told: dict[str, list[str]] = {}
    for finding in report["findings"]:
        assert list(finding) == ["rule", "place", "message", "remedy", "key", "accepted"]
        told.setdefault(finding["rule"], []).append(f"{finding['place']}: {finding['message']}")
    assert told == OPEN
    assert report["counts"] == {name: len(told.get(name, ())) for name in RULES}
    assert report["accepted"] == [
        {
            "rule": "project-license",
            "place": "work.md:18",
            "message": "'Thing' has code, but no license",
            "remedy": RULES["project-license"].remedy,
            "key": "project-license:thing",
            "accepted": "the team has to choose one",
        }
    ]


def test_a_second_run_is_equal_and_no_file_is_written(source: Path, doctor: Doctor) -> None:
    before = sorted(source.rglob("*"))
    first = doctor(source)
    assert first.code == 0
    assert doctor(source) == first
    assert sorted(source.rglob("*")) == before


def test_strict_fails_on_findings(source: Path, doctor: Doctor) -> None:
    for arguments in (["--strict"], ["--strict", "--json"]):
        assert doctor(source, *arguments).code == 1, arguments


def test_strict_ignores_accepted_findings(rootdir: Path, doctor: Doctor) -> None:
    result = doctor(rootdir / "test-doctor-well", "--strict")
    assert result == Result(
        0,
        "Accepted: 1\n"
        "index.md:11: picture 'pic.svg' has no alternative text (it only decorates) "
        "[picture-alt:index:pic.svg]\n"
        "\n"
        "0 to do, 1 accepted\n",
        "",
    )


def _append(name: str, text: str) -> Callable[[Path], object]:
    return lambda source: (source / name).write_text(
        (source / name).read_text(encoding="utf-8") + text, encoding="utf-8"
    )


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "page": (_append("work.md", "\n[](nowhere.md)\n"), "/work.md:44: WARNING: "),
    "reference": (
        _append("work.md", "\n{py:mod}`nowhere`\n"),
        "/work.md:44: WARNING: py:mod reference target not found: nowhere",
    ),
    "date": (
        _append("work.md", "\n## B\n\n```{job}\n:id: b\n:organization: C\n:start: 2020\n"
                ":reviewed: soon\n```\n"),
        "/work.md:46: WARNING: job: invalid date 'soon': write YYYY, YYYY-MM or YYYY-MM-DD",
    ),
    "talk": (_append("talks/talks.bib", "@unpublished{x,\n}\n"), "/talks.bib:32: ERROR: "),
    "conf": (_append("conf.py", "1 / 0\n"), "ZeroDivisionError: "),
    "no-reason": (
        _append("conf.py", 'portfolio_accepted["job-review:engineer"] = ""\n'),
        "portfolio_accepted in conf.py: 'job-review:engineer' has no text: ",
    ),
    "no-table": (
        _append("conf.py", 'portfolio_unconfirmed = ["Blog"]\n'),
        "portfolio_unconfirmed in conf.py: expected dict, not ",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("breaks", "message"), BROKEN.values(), ids=BROKEN)
def test_a_source_that_does_not_build_says_why(
    source: Path, doctor: Doctor, breaks: Callable[[Path], object], message: str
) -> None:
    breaks(source)
    code, output, errors = doctor(source, "--json")
    assert (code, output) == (2, "")
    assert message in errors
    assert "\x1b" not in errors
    assert errors.splitlines()[-1].startswith("The build failed, see above: ")
