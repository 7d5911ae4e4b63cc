"""Laws of all kinds of records: what each describes exists, and each of its options works."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from invented import TODAY
from sphinx_portfolio.exports import EXPORTS, markdown, outline, resume_json, text
from sphinx_portfolio.model import (
    KINDS,
    Date,
    Detail,
    Highlight,
    Period,
    Person,
    Portfolio,
    Record,
    RecordError,
    Run,
    assemble,
    plain,
)
from sphinx_portfolio.model.kind import LANES, Kind, Option
from sphinx_portfolio.model.kinds import service
from sphinx_portfolio.sources.directives import COMMON, read_options

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of each option of a kind, a valid text, the value that it sets, and an invalid text. A new option
# needs a line.
DATE = ("2020-05", Period(Date(2020, 5), Date(2020, 5)), "soon")
END = ("present", Period(Date(2019), None), "2018")
START = ("2019", Period(Date(2019), None), "19")
ADDRESS = ("https://a.example/x", "https://a.example/x", "javascript:alert(1)")
TEXT = ("A <b> & “c”", "A <b> & “c”", "a\x1bb")
OPTIONS: dict[str, tuple[str, object, str]] = {
    "aliases": ("one, two", ("one", "two"), ""),
    "area": ("Title", "Title", "Other"),
    "code": ADDRESS,
    "courses": ("Term", "Term", "Other"),
    "date": DATE,
    "end": END,
    "events": ("Conf 2019, Conf 2021", ("Conf 2019", "Conf 2021"), ""),
    "fluency": TEXT,
    "issuer": TEXT,
    "level": TEXT,
    "license": TEXT,
    "location": TEXT,
    "organization": TEXT,
    "reviewed": ("2020-05", Date(2020, 5), "soon"),
    "score": ("Title", "Title", "Other"),
    "short": ("Acme", "Acme", "Other"),
    "start": START,
    "type": TEXT,
    "study": ("A Title", "A Title", "Other"),
    "url": ADDRESS,
}
REQUIRED = {"organization": "The Acme Corporation", "start": "2019", "date": "2020"}
BY_FIELD = {"courses": "coursework", "short": "shortname", "date": "period", "end": "period"}
BY_FIELD |= {"start": "period"}
# Fields that have a value in each record of these tests.
GENERAL: dict[str, Any] = {
    "id": "a-record",
    "title": "A Title",
    "docname": "page",
    "source": "page.md",
    "line": 7,
    "summary": (Run("Summary"),),
    "highlights": (Highlight((Run("Highlight"),), (), (Highlight((Run("Nested"),)),)),),
    "details": (Detail((Run("Term"),), (Run("Text, more"),)),),
}
# Kinds that pages don't have.
FIELDS: dict[str, dict[str, Any]] = {
    "publication": {
        "authors": ("Ada", "Bob"),
        "venue": "Journal",
        "period": Period(Date(2020, 5), Date(2020, 5)),
        **{
            name: f"https://{name}.example/"
            for name in ("doi", "arxiv", "pdf", "code", "slides", "video", "url")
        },
    },
    "talk": {
        "speakers": ("Ada", "Bob"),
        "event": "Conf",
        "venue": "Place",
        "period": Period(Date(2020, 5), Date(2020, 5)),
        **{
            name: f"https://{name}.example/" for name in ("url", "video", "slides", "code", "paper")
        },
    },
}
CASES = [
    pytest.param(kind, option, id=f"{name}-{option.name}")
    for name, kind in KINDS.items()
    for option in kind.options or ()
]
ALL = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def made(kind: Kind, **options: str) -> Record:
    """Make a record as its directive does, from required options and some others."""
    names = [option.name for option in kind.options or () if is_required(kind, option)]
    required = {name: REQUIRED[name] for name in names}
    fields = GENERAL | FIELDS.get(kind.name, {}) | kind.fields(required | options)
    if kind.shape == "skills":
        fields["group"] = "Group"
    return kind.finish(kind.record(**fields))


def is_required(kind: Kind, option: Option) -> bool:
    """Tell whether an option is required; the start of service is if there are no events."""
    return bool(option.example) or (kind is service.KIND and option.name == "start")


def complete(kind: Kind) -> Record:
    """Make a record with all options."""
    valid = {option.name: OPTIONS[option.name][0] for option in kind.options or ()}
    return made(kind, **(valid | {name: REQUIRED[name] for name in REQUIRED if name in valid}))


def whole(record: Record) -> Portfolio:
    """Make a portfolio of one record."""
    return assemble(Person("Ada"), TODAY, [record])


# -- The description ----------------------------------------------------------


@ALL
def test_a_kind_has_the_names_that_views_and_exports_use(kind: Kind) -> None:
    assert KINDS[kind.name] is kind
    assert kind.record.__name__.lower() == kind.name
    assert kind.plural.startswith(kind.name[:-1])
    assert kind.section
    assert kind.shape in {"headed", "work", "inline", "skills"}
    assert kind.json_section in resume_json.SECTIONS
    assert kind.cited_as.keys() <= KINDS.keys()
    assert kind.lane is None or kind.lane in LANES


@ALL
def test_a_dated_kind_has_words_for_the_changelog(kind: Kind) -> None:
    record = complete(kind)
    if record.period is None:
        return
    assert kind.lane
    verbs = kind.verbs
    assert verbs.once or (verbs.start and verbs.end)
    assert bool(verbs.start) == bool(verbs.end)


@ALL
def test_options_have_unique_names_and_descriptions(kind: Kind) -> None:
    names = [option.name for option in (*COMMON, *(kind.options or ()))]
    assert len(set(names)) == len(names)
    assert all(option.description for option in kind.options or ())
    assert not any(option.description.endswith(".") for option in kind.options or ())


@ALL
def test_facts_and_links_name_attributes_of_the_record(kind: Kind) -> None:
    record = complete(kind)
    names = [fact.name for fact in kind.facts]
    assert len(set(names)) == len(names)
    assert {name for group in kind.line for name in group} <= set(names)
    for fact in kind.facts:
        for name in (fact.value, fact.target):
            assert callable(name) or not name or hasattr(record, name), (fact.name, name)
    for name, label in kind.links.items():
        assert hasattr(record, name)
        assert label


def sources(source: Any) -> Iterator[Any]:
    """Yield the parts of a JSON source."""
    yield from source if isinstance(source, tuple | list) else (source,)


@ALL
def test_json_resume_is_mapped_from_attributes_of_the_record(kind: Kind) -> None:
    record = complete(kind)
    parts = [part for source in kind.json.values() for part in sources(source)]
    assert [part for part in parts if not (callable(part) or hasattr(record, part))] == []
    assert bool(parts) == (kind.shape != "skills")  # skills are mapped by their groups


# -- Options ------------------------------------------------------------------


def test_each_option_has_an_example_here() -> None:
    assert {option.name for kind in KINDS.values() for option in kind.options or ()} == set(OPTIONS)


@pytest.mark.parametrize(("kind", "option"), CASES)
def test_an_option_sets_a_field(kind: Kind, option: Option) -> None:
    written, value, _ = OPTIONS[option.name]
    start = {"start": OPTIONS["start"][0]} if option.name == "end" else {}
    record = made(kind, **start, **{option.name: written})
    assert getattr(record, BY_FIELD.get(option.name, option.name)) == value


@pytest.mark.parametrize(("kind", "option"), CASES)
def test_an_invalid_option_is_one_clear_error(kind: Kind, option: Option) -> None:
    invalid = OPTIONS[option.name][2]
    if not invalid:
        return
    with pytest.raises(RecordError) as caught:
        read_options([f":{option.name}: {invalid}"], kind)
        made(kind, **{option.name: invalid})
    message = str(caught.value)
    assert message
    assert "\x1b" not in message
    assert "\n" not in message


@pytest.mark.parametrize(("kind", "option"), CASES)
def test_a_missing_option_is_an_error_with_an_example(kind: Kind, option: Option) -> None:
    if not is_required(kind, option):
        assert made(kind)
        return
    with pytest.raises(RecordError) as caught:
        made(kind, **{option.name: ""})
    start = f"the option :{option.name}: is missing: add a line such as `:{option.name}: "
    assert str(caught.value).startswith(start)


def test_without_a_start_each_event_must_end_in_its_year() -> None:
    message = r"^each of the :events: must end in its year, or add :start:: \('Conf 2019', 'Conf'\)"
    with pytest.raises(RecordError, match=message):
        made(service.KIND, start="", events="Conf 2019, Conf")
    dated = made(service.KIND, start="", events="Conf 2021, Conf 2019")
    assert dated.period == Period(Date(2019), Date(2021))


@ALL
def test_each_example_is_valid(kind: Kind) -> None:
    examples = {option.name: option.example for option in kind.options or () if option.example}
    assert made(kind, **examples)


# -- Through views and exports ------------------------------------------------


@ALL
def test_a_complete_record_has_all_its_facts(kind: Kind) -> None:
    record = complete(kind)
    portfolio = whole(record)
    found = {fact.name: plain(fact.of(record, portfolio)) for fact in kind.facts}
    # These lead to other records or topics, or are replaced by events.
    others = {"related", "topics", *(("dates",) if kind is service.KIND else ())}
    assert {name for name, value in found.items() if not value} <= others
    line = outline.line(record, portfolio)
    assert set(line) <= {group[0] for group in kind.line}
    assert bool(line) == bool(kind.line)


@ALL
def test_a_record_with_required_options_alone_has_facts_for_these(kind: Kind) -> None:
    record = made(kind)
    portfolio = whole(record)
    for fact in kind.facts:
        assert all(run.text for run in fact.of(record, portfolio)), fact.name
    assert outline.entry_of(record, portfolio).title == (Run("A Title"),)


@ALL
def test_a_complete_record_is_in_json_resume_with_all_its_keys(kind: Kind) -> None:
    portfolio = whole(complete(kind))
    [entry] = json.loads(resume_json.resume(portfolio))[kind.json_section]
    # A project without skills has no keywords, and one that goes on no end.
    optional = {"keywords", "endDate"}
    if kind.is_in_bibtex:
        optional |= {key for key in kind.json if key.startswith("x_")}
    assert entry.keys() >= kind.json.keys() - optional
    declared = [*kind.json, "x_id"]
    assert list(entry) == [key for key in declared if key in entry] or kind.shape == "skills"


@ALL
def test_a_complete_record_is_in_each_text_export(kind: Kind) -> None:
    portfolio = whole(complete(kind))
    for content in (text.cv(portfolio), markdown.cv(portfolio)):
        words = content.decode()
        assert kind.section.upper() in words.upper()
        assert "A Title" in words
        assert ("Nested" in words) == (kind.shape != "skills")


@ALL
def test_an_export_of_one_record_does_not_fail(kind: Kind) -> None:
    portfolio = whole(made(kind))
    for export in EXPORTS:
        if export.is_available and export.applies(portfolio):
            assert export.make(portfolio)
