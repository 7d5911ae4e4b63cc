"""Records, the Portfolio they make, and the checks between them."""

from __future__ import annotations

import dataclasses
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

# TODO conftest REPOSITORY
from sphinx_portfolio.model.assembly import assemble
from sphinx_portfolio.model.consistency import Problem, check, suggest
from sphinx_portfolio.model.dates import Date, Period
from sphinx_portfolio.model.records import (
    Award,
    Degree,
    Job,
    Person,
    Portfolio,
    Project,
    Record,
    Service,
    Skill,
    Talk,
)
from sphinx_portfolio.model.richtext import Detail, Highlight, Run, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

TODAY = Date(2024, 5, 31)
KINDS = (Job, Degree, Project, Award, Service, Skill, Talk)
# Runs where no package is installed, and where the package's own setup, which
# does import Sphinx, is not run.
ALONE = """
import pickle, sys, types
package = types.ModuleType("portfolio")
package.__path__ = [{path!r}]
sys.modules["portfolio"] = package
from sphinx_portfolio.model import assembly
from sphinx_portfolio.model import axis
from sphinx_portfolio.model import consistency as checks
from sphinx_portfolio.model import dates
from sphinx_portfolio.model import files
from sphinx_portfolio.model import records
from sphinx_portfolio.model import richtext
talk = records.Talk(id="t", title="T", docname="d", speakers=("S",), event="E", skills=("go",))
portfolio = assembly.assemble(records.Person("P"), dates.Date(2024), [talk])
assert pickle.loads(pickle.dumps(portfolio)) == portfolio
assert [problem.message for problem in checks.check(portfolio)] == ["t: no skill or topic 'go'"]
"""


def during(start: str, end: str | None = None) -> Period:
    return Period.parse(start, start if end is None else end)


def talk(id: str = "a-talk", **fields: Any) -> Talk:
    said = {"title": "A Talk", "docname": "talks", "speakers": ("Ada",), "event": "Conf"}
    return Talk(id=id, **(said | fields))


def project(id: str = "a-project", **fields: Any) -> Project:
    return Project(id=id, **({"title": "A Project", "docname": "projects"} | fields))


def skill(id: str, title: str, *aliases: str) -> Skill:
    return Skill(id=id, title=title, docname="skills", aliases=aliases)


def whole(records: Iterable[Record], **topics: str) -> Portfolio:
    return assemble(Person("Ada"), TODAY, records, topics)


def ids(records: Iterable[Record]) -> list[str]:
    return [record.id for record in records]


def test_records_and_checks_need_the_standard_library_alone() -> None:
    script = ALONE.format(path=str(REPOSITORY / "_ext" / "portfolio"))
    alone = [sys.executable, "-I", "-S", "-W", "error", "-c", script]
    result = subprocess.run(alone, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def everything(kind: type[Record]) -> Record:
    """Make a record with a value in each field, in the shape its type says."""
    made: dict[str, Any] = {
        "period": during("2021", "2022"),
        "summary": (Run("Words", strong=True),),
        "highlights": (Highlight((Run("Did"),), (Run("Proof", target="https://a.example/"),)),),
        "evidence": (Run("Proof", target="a-talk"),),
        "details": (Detail((Run("Term"),), (Run("Text"),)),),
        "line": 7,
    }
    for field in dataclasses.fields(kind):
        plural = "tuple" in str(field.type)
        made.setdefault(field.name, (field.name,) if plural else field.name)
    return kind(**made)


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_is_frozen_and_pickles_hashes_and_compares(kind: type[Record]) -> None:
    record = everything(kind)
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301 (our own)
    assert {record, everything(kind)} == {record}
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.id = "other"  # type: ignore[misc]
    for field in dataclasses.fields(record):
        # Where it is written makes no other record of it.
        same = field.name in {"source", "line"}
        other: Any = () if isinstance(getattr(record, field.name), tuple) else None
        changed = dataclasses.replace(record, **{field.name: other})
        assert (changed == record, hash(changed) == hash(record)) == (same, same), field.name


def test_records_of_two_kinds_are_two_records_whatever_they_say() -> None:
    kinds: list[type[Record]] = [Award, Skill]
    award, skill = (kind(id="a", title="A", docname="d") for kind in kinds)
    assert award != skill


def test_a_record_knows_where_it_is_written() -> None:
    assert project(source="/site/projects/gse.md", line=12).place == "/site/projects/gse.md:12"


@pytest.mark.parametrize(
    ("record", "name", "short"),
    [
        pytest.param(talk(title="Long: Short", shorttitle="Short"), "Long: Short", "Short", id="t"),
        pytest.param(talk(title="Long"), "Long", "Long", id="talk without short title"),
        pytest.param(project(title="Tool"), "Tool", "Tool", id="project"),
        pytest.param(
            Job(id="j", title="Engineer", docname="d", organization="Acme"), "Acme", "Acme", id="j"
        ),
    ],
)
def test_a_record_has_a_name_that_others_call_it_by(record: Record, name: str, short: str) -> None:
    assert (record.name, record.short) == (name, short)


def test_a_portfolio_is_sorted_newest_first_and_then_as_it_is_written() -> None:
    newest_first = [
        project("now", period=during("2019", "present")),
        talk("upcoming", period=during("2025-01")),
        talk("exact", period=during("2023-02")),
        talk("same-month", period=during("2023-02"), source="a", line=1),
        talk("same-month-below", period=during("2023-02"), source="a", line=2),
        talk("by-year", period=during("2023")),
        project("ended", period=during("2015", "2022")),
        skill("undated", "Undated"),
        project("undated-a", source="a", line=9),
        project("undated-a-below", source="a", line=10),
        project("undated-b", source="b", line=1),
    ]
    assert ids(whole(newest_first[::-1]).records) == ids(newest_first)


def test_a_portfolio_does_not_depend_on_the_order_in_which_pages_are_read() -> None:
    records = [talk(name, period=during("2023"), source="a", line=1) for name in "cab"]
    assert whole(records) == whole(records[::-1])
    assert hash(whole(records)) == hash(whole(records[::-1]))


def test_a_portfolio_that_has_answered_pickles_and_compares_as_one_that_has_not() -> None:
    records = [talk(skills=("go",), cites=("a-project",)), project()]
    asked, fresh = whole(records), whole(records)
    assert ids(asked.evidence("go")) == ids(asked.citing("a-project")) == ["a-talk"]
    assert set(asked.by_id) == {"a-talk", "a-project"}
    assert asked == fresh == pickle.loads(pickle.dumps(asked))  # noqa: S301 (our own)


def test_a_portfolio_answers_what_views_and_exports_ask() -> None:
    portfolio = whole(
        [
            talk("old", period=during("2021"), topics=("theory",), skills=("go",)),
            talk("new", period=during("2023-02"), skills=("go", "go"), cites=("tool", "tool")),
            talk("newest", period=during("2023-03"), topics=("theory",)),
            talk("undated"),
            project("tool", period=during("2022"), skills=("go",)),
            skill("go", "Go"),
        ],
        theory="Theory",
    )
    assert portfolio.topics == (("theory", "Theory"),)
    assert ids(portfolio.of(Talk)) == ["newest", "new", "old", "undated"]
    assert ids(portfolio.evidence("go")) == ["new", "tool", "old"]
    assert ids(portfolio.citing("tool")) == ["new"]
    assert portfolio.evidence("rust") == portfolio.citing("rust") == ()


@pytest.mark.parametrize(
    ("date", "upcoming"),
    [
        ("2024-06-01", True),
        ("2024-05-31", False),
        ("2024-06", True),
        ("2024-05", False),
        ("2025", True),
        ("2024", False),
        (None, False),
    ],
)
def test_upcoming_is_what_can_not_have_begun(date: str | None, upcoming: bool) -> None:
    record = talk(period=during(date) if date else None)
    assert whole([record]).is_upcoming(record) is upcoming


def test_a_reference_without_words_reads_as_the_name_of_what_it_leads_to() -> None:
    to, named = Run("", emphasis=True, target="tool"), Run("Tool", emphasis=True, target="tool")
    kept = (Run("my tool", target="tool"), Run("", target="https://a.example/"))
    bare = project(
        summary=(Run("Uses "), to),
        evidence=(to, *kept),
        highlights=(Highlight((to,), (to,), (Highlight((to,)),)),),
        details=(Detail((to,), (to,)),),
    )
    portfolio = whole([bare, project("tool", title="Tool")])
    record = portfolio.by_id["a-project"]
    assert plain(record.summary) == "Uses Tool"
    assert record.evidence == (
        named,
        kept[0],
        Run("https://a.example/", target="https://a.example/"),
    )
    assert record.highlights == (Highlight((named,), (named,), (Highlight((named,)),)),)
    assert record.details == (Detail((named,), (named,)),)


# -- Checks -------------------------------------------------------------------


def problems(*records: Record, **topics: str) -> list[tuple[str, str]]:
    return [(problem.subtype, problem.message) for problem in check(whole(records, **topics))]


def test_a_portfolio_in_which_all_fits_has_no_problem() -> None:
    records = (
        talk(title="Go", skills=("go",), topics=("theory",), cites=("a-project",)),
        project(title="In golang", skills=("go",)),
        skill("go", "Go", "golang"),
    )
    assert problems(*records, theory="Theory") == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("kubernets", "no skill or topic 'kubernets': did you mean 'kubernetes'?"),
        ("Theory", "no skill or topic 'Theory': did you mean 'theory'?"),
        ("K8s", "no skill or topic 'K8s': did you mean 'kubernetes'?"),
        ("xyzzy", "no skill or topic 'xyzzy'"),
        ("", "no skill or topic ''"),
    ],
)
def test_an_unknown_keyword_suggests_the_nearest_skill_or_topic(name: str, message: str) -> None:
    records = talk(skills=(name,)), skill("kubernetes", "Kubernetes", "k8s")
    assert problems(*records, theory="Theory") == [("skill", f"a-talk: {message}")]


def test_a_topic_takes_no_talk_away_from_a_skill() -> None:
    records = talk(title="Go", topics=("go",)), skill("go", "Go")
    assert problems(*records, go="Go, the language") == [
        ("skill", "go: it is a topic, too, and no talk proves it: take it off portfolio_topics")
    ]


def test_an_unknown_skill_of_a_page_suggests_no_topic() -> None:
    assert problems(project(skills=("theory",)), theory="Theory") == [
        ("skill", "a-project: no skill 'theory'")
    ]


def test_an_unknown_related_entry_suggests_the_nearest() -> None:
    assert problems(talk(cites=("a-projekt",)), project()) == [
        ("related", "a-talk: no entry 'a-projekt': did you mean 'a-project'?")
    ]


def test_a_problem_knows_its_record() -> None:
    record = talk(cites=("gone",), source="talks.bib", line=3)
    (problem,) = check(whole([record]))
    assert problem == Problem(record, "related", "a-talk: no entry 'gone'")
    assert problem.record.place == "talks.bib:3"


@pytest.mark.parametrize(
    ("title", "aliases", "text", "proven"),
    [
        ("Go", (), "A tool in Go.", True),
        ("Go", (), "a tool in GO", True),
        ("Go", (), "a tool by Google", False),
        ("Go", (), "cargo", False),
        ("Go", ("golang",), "in Golang", True),
        ("Go", ("golang",), "in Rust", False),
        ("C", (), "in C, mostly", True),
        ("C", (), "in C++", False),
        ("C", (), "in C#", False),
        ("C++", (), "in C++.", True),
        (".NET", (), "on .NET", True),
        ("a.b", (), "axb", False),
        ("Systemarchitektur", (), "SYSTEMARCHITEKTUR", True),
        ("日本語", (), "日本語 と", True),
    ],
)
def test_a_skill_is_proven_by_a_text_that_names_it(
    title: str, aliases: tuple[str, ...], text: str, proven: bool
) -> None:
    words = ", ".join(map(repr, (title, *aliases)))
    message = (
        f"a-project is said to prove 's', but its text has none of {words}: take the skill off "
        "it, or add the word it uses to the skill's :aliases:"
    )
    record = project(title="?", summary=(Run(text),), skills=("s",))
    expected = [] if proven else [("evidence", message)]
    assert problems(record, skill("s", title, *aliases)) == expected


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(project(title="Go"), id="title"),
        pytest.param(project(summary=(Run("G", strong=True), Run("o"))), id="summary"),
        pytest.param(project(highlights=(Highlight((Run("Go"),)),)), id="highlight"),
        pytest.param(
            project(highlights=(Highlight((Run("x"),), (), (Highlight((Run("Go"),)),)),)),
            id="nested highlight",
        ),
        pytest.param(project(details=(Detail((Run("x"),), (Run("Go"),)),)), id="detail"),
        pytest.param(talk(title="Go"), id="title of a talk"),
        pytest.param(talk(abstract="Go"), id="abstract"),
    ],
)
def test_all_that_a_record_says_may_prove_a_skill(record: Record) -> None:
    go = skill("go", "Go")
    assert problems(dataclasses.replace(record, skills=("go",)), go) == []


def test_what_others_say_of_a_talk_proves_no_skill() -> None:
    (problem,) = problems(talk(event="GoCon Go", venue="Go", skills=("go",)), skill("go", "Go"))
    assert problem[0] == "evidence"


@pytest.mark.parametrize(
    ("word", "suggestion"),
    [("akamia", ": did you mean 'akamai'?"), ("vmware", ""), ("", "")],
)
def test_what_is_suggested_is_near(word: str, suggestion: str) -> None:
    assert suggest(word, ["akamai", "pes"]) == suggestion
