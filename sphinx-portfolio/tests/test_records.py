"""Records, the Portfolio, and cross-record validation."""

from __future__ import annotations

import dataclasses
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import sphinx_portfolio
from sphinx_portfolio.model import (
    KINDS,
    Award,
    Date,
    Detail,
    Highlight,
    Job,
    Period,
    Person,
    Portfolio,
    Project,
    Record,
    Run,
    Service,
    Skill,
    Talk,
    assemble,
    plain,
)
from sphinx_portfolio.model.consistency import Problem, check, suggest
from sphinx_portfolio.model.messages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterable

TODAY = Date(2024, 5, 31)
# Runs where no package is installed (-S). `sphinx_portfolio` itself, which imports Sphinx, is
# replaced by an empty package in the same folder.
ALONE = """
import importlib, pickle, pkgutil, sys, types
package = sys.modules["sphinx_portfolio"] = types.ModuleType("sphinx_portfolio")
package.__path__ = {path!r}
model = importlib.import_module("sphinx_portfolio.model")
names = [module.name for module in pkgutil.walk_packages(model.__path__, "sphinx_portfolio.model.")]
assert len(names) >= 10, names
for name in names:
    importlib.import_module(name)
ours = {{name for name in sys.modules if name.startswith("sphinx_portfolio.")}}
assert all(name.startswith("sphinx_portfolio.model") for name in ours), ours
consistency = sys.modules["sphinx_portfolio.model.consistency"]
talk = model.Talk(id="t", title="T", docname="d", speakers=("S",), event="E", skills=("go",))
portfolio = model.assemble(model.Person("P"), model.Date(2024), [talk])
assert pickle.loads(pickle.dumps(portfolio)) == portfolio
messages = [problem.message for problem in consistency.check(portfolio)]
assert messages == ["t: no skill or topic 'go'"]
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


def test_the_model_needs_the_standard_library_alone() -> None:
    script = ALONE.format(path=[*sphinx_portfolio.__path__])
    alone = [sys.executable, "-I", "-S", "-W", "error", "-c", script]
    result = subprocess.run(alone, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def everything(kind: type[Record]) -> Record:
    """Make a record with a value in each field, in the shape its type says."""
    made: dict[str, Any] = {
        "period": during("2021", "2022"),
        "summary": (Run("Words", strong=True),),
        "highlights": (Highlight((Run("Did"),), ((Run("Proof", target="https://a.example/"),),)),),
        "evidence": ((Run("Proof", target="a-talk"),),),
        "details": (Detail((Run("Term"),), (Run("Text"),)),),
        "line": 7,
    }
    for field in dataclasses.fields(kind):
        plural = "tuple" in str(field.type)
        made.setdefault(field.name, (field.name,) if plural else field.name)
    return kind(**made)


def test_a_record_is_frozen_and_pickles_hashes_and_compares() -> None:
    for kind in (each.record for each in KINDS.values()):
        record = everything(kind)
        assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301 (our own)
        assert {record, everything(kind)} == {record}
        with pytest.raises(dataclasses.FrozenInstanceError):
            record.id = "other"  # type: ignore[misc]
        for field in dataclasses.fields(record):
            # The place in the source is excluded from comparison.
            same = field.name in {"source", "line"}
            other: Any = () if isinstance(getattr(record, field.name), tuple) else None
            changed = dataclasses.replace(record, **{field.name: other})
            equal = changed == record, hash(changed) == hash(record)
            assert equal == (same, same), (kind, field.name)


def test_records_of_two_kinds_differ_even_with_equal_fields() -> None:
    kinds: list[type[Record]] = [Award, Skill]
    award, skill = (kind(id="a", title="A", docname="d") for kind in kinds)
    assert award != skill


def test_the_place_of_a_record_in_the_sources() -> None:
    assert project(source="/site/projects/tool.md", line=12).place == "/site/projects/tool.md:12"


def test_the_name_and_short_name_of_a_record() -> None:
    expected: dict[Record, tuple[str, str]] = {
        talk(title="Long: Short", shorttitle="Short"): ("Long: Short", "Short"),
        talk(title="Long"): ("Long", "Long"),
        project(title="Tool"): ("Tool", "Tool"),
        Job(id="j", title="Engineer", docname="d", organization="Acme"): ("Acme", "Acme"),
    }
    assert {record: (record.name, record.short) for record in expected} == expected


def test_the_occasions_of_service_are_its_events_with_their_years() -> None:
    def occasions(events: tuple[str, ...], *period: str) -> list[tuple[str, str]]:
        service = Service(
            id="s",
            title="S",
            docname="d",
            events=events,
            period=during(*period) if period else None,
        )
        return [(when.text(ENGLISH), event) for when, event in service.occasions]

    two = ("Conf 2019", "Conf 2021")
    assert occasions(two, "2019", "2021") == [("2019", "Conf 2019"), ("2021", "Conf 2021")]
    assert occasions(("Conf 2021", "Meetup 2019"), "2019", "2021") == [
        ("2021", "Conf 2021"),
        ("2019", "Meetup 2019"),
    ]
    assert occasions(("Conf 2019",), "2019") == [("2019", "Conf 2019")]
    # Empty if the dates are more exact than the events.
    assert occasions(two, "2019-05", "2021") == []
    assert occasions(two, "2018", "2021") == []
    assert occasions(two) == []
    assert occasions((), "2019") == []
    # An event without a year has no date, although the years of the others make up the period.
    assert occasions(("Conf 2019", "Meetup", "Conf 2021"), "2019", "2021") == []
    assert occasions(("Meetup",), "2019") == []


def test_records_are_sorted_newest_first_then_in_the_order_of_the_sources() -> None:
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


def test_cached_values_do_not_change_pickling_and_comparison() -> None:
    records = [talk(skills=("go",), cites=("a-project",)), project()]
    asked, fresh = whole(records), whole(records)
    assert ids(asked.with_skill("go")) == ids(asked.citing("a-project")) == ["a-talk"]
    assert set(asked.by_id) == {"a-talk", "a-project"}
    assert asked == fresh == pickle.loads(pickle.dumps(asked))  # noqa: S301 (our own)


def test_lookups_of_a_portfolio() -> None:
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
    assert ids(portfolio.with_skill("go")) == ["new", "tool", "old"]
    assert ids(portfolio.citing("tool")) == ["new"]
    assert portfolio.with_skill("rust") == portfolio.citing("rust") == ()


def test_a_record_is_upcoming_if_it_certainly_begins_after_today() -> None:
    expected = {
        "2024-06-01": True,
        "2024-05-31": False,
        "2024-06": True,
        "2024-05": False,
        "2025": True,
        "2024": False,
        None: False,
    }
    records = {date: talk(period=during(date) if date else None) for date in expected}
    assert {
        date: whole([record]).is_upcoming(record) for date, record in records.items()
    } == expected


def test_a_reference_without_text_gets_the_name_of_its_record() -> None:
    to, named = Run("", emphasis=True, target="tool"), Run("Tool", emphasis=True, target="tool")
    kept = (Run("my tool", target="tool"), Run("", target="https://a.example/"))
    bare = project(
        summary=(Run("Uses "), to),
        evidence=((to,), kept),
        highlights=(Highlight((to,), ((to,),), (Highlight((to,)),)),),
        details=(Detail((to,), (to,)),),
    )
    portfolio = whole([bare, project("tool", title="Tool")])
    record = portfolio.by_id["a-project"]
    assert plain(record.summary) == "Uses Tool"
    address = Run("https://a.example/", target="https://a.example/")
    assert record.evidence == ((named,), (kept[0], address))
    assert record.highlights == (Highlight((named,), ((named,),), (Highlight((named,)),)),)
    assert record.details == (Detail((named,), (named,)),)


# -- Checks -------------------------------------------------------------------


def problems(*records: Record, **topics: str) -> list[tuple[str, str]]:
    return [(problem.subtype, problem.message) for problem in check(whole(records, **topics))]


def test_a_consistent_portfolio_has_no_problem() -> None:
    records = (
        talk(title="Go", skills=("go",), topics=("theory",), cites=("a-project",)),
        project(title="In golang", skills=("go",)),
        skill("go", "Go", "golang"),
    )
    assert problems(*records, theory="Theory") == []


def test_an_unknown_keyword_suggests_the_nearest_skill_or_topic() -> None:
    expected = {
        "kubernets": "no skill or topic 'kubernets': did you mean 'kubernetes'?",
        "Theory": "no skill or topic 'Theory': did you mean 'theory'?",
        "K8s": "no skill or topic 'K8s': did you mean 'kubernetes'?",
        "xyzzy": "no skill or topic 'xyzzy'",
        "": "no skill or topic ''",
    }
    kubernetes = skill("kubernetes", "Kubernetes", "k8s")
    assert {
        name: problems(talk(skills=(name,)), kubernetes, theory="Theory") for name in expected
    } == {name: [("skill", f"a-talk: {message}")] for name, message in expected.items()}


def test_an_id_can_not_be_both_a_topic_and_a_skill() -> None:
    records = talk(title="Go", topics=("go",)), skill("go", "Go")
    assert problems(*records, go="Go, the language") == [
        ("skill", "go: this id of a skill is also a topic: remove it from portfolio_topics")
    ]


def test_an_unknown_skill_of_a_page_suggests_no_topic() -> None:
    assert problems(project(skills=("theory",)), theory="Theory") == [
        ("skill", "a-project: no skill 'theory'")
    ]


def test_an_unknown_related_entry_suggests_the_nearest() -> None:
    assert problems(talk(cites=("a-projekt",)), project()) == [
        ("related", "a-talk: no entry 'a-projekt': did you mean 'a-project'?")
    ]


def test_a_problem_has_its_record() -> None:
    record = talk(cites=("gone",), source="talks.bib", line=3)
    (problem,) = check(whole([record]))
    assert problem == Problem(record, "related", "a-talk: no entry 'gone'")
    assert problem.record.place == "talks.bib:3"


def test_a_text_that_names_a_skill_proves_it() -> None:
    for title, aliases, text, proven in (
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
    ):
        words = ", ".join(map(repr, (title, *aliases)))
        message = (
            f"a-project: the text must have one of {words} to prove the skill 's': "
            "remove the skill from the entry, or add a word of the text to the skill's :aliases:"
        )
        record = project(title="?", summary=(Run(text),), skills=("s",))
        expected = [] if proven else [("evidence", message)]
        assert problems(record, skill("s", title, *aliases)) == expected, (title, text)


def test_each_text_of_a_record_may_prove_a_skill() -> None:
    for record in (
        project(title="Go"),
        project(summary=(Run("G", strong=True), Run("o"))),
        project(highlights=(Highlight((Run("Go"),)),)),
        project(highlights=(Highlight((Run("x"),), (), (Highlight((Run("Go"),)),)),)),
        project(details=(Detail((Run("x"),), (Run("Go"),)),)),
        talk(title="Go"),
        talk(summary=(Run("Go"),)),
    ):
        found = problems(dataclasses.replace(record, skills=("go",)), skill("go", "Go"))
        assert found == [], record


def test_event_and_venue_of_a_talk_prove_no_skill() -> None:
    (problem,) = problems(talk(event="GoCon Go", venue="Go", skills=("go",)), skill("go", "Go"))
    assert problem[0] == "evidence"


def test_only_similar_words_are_suggested() -> None:
    expected = {"acem": ": did you mean 'acme'?", "vortex": "", "": ""}
    assert {word: suggest(word, ["acme", "pes"]) for word in expected} == expected
