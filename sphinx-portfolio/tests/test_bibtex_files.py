"""The exported BibTeX: the records of the sources for any reader, in one order and spelling."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string

from invented import made, whole
from sphinx_portfolio.bibtex.bibliographies import read_works
from sphinx_portfolio.bibtex.kinds import BIB_KINDS
from sphinx_portfolio.exports import bibtex
from sphinx_portfolio.exports.outline import ExportError
from sphinx_portfolio.model import CreativeWork, Talk
from sphinx_portfolio.model.bibtex import BibtexEntry, is_balanced

if TYPE_CHECKING:
    from collections.abc import Iterable

TOPICS = ("acoustics",)
# What the files leave out, and where a record was read.
OTHERS = {"audience", "selected", "entry", "line", "source"}


def works(bib: str, kind: str = "talk") -> list[CreativeWork]:
    found, messages = read_works(bib.encode(), BIB_KINDS[kind], TOPICS)
    assert [message.text for message in messages if message.level == "error"] == []
    return [work for _, work in found]


def exported(records: Iterable[CreativeWork], kind: str = "talk") -> str:
    make = {"talk": bibtex.talks, "publication": bibtex.publications}[kind]
    return make(whole(*records)).decode()


def content(work: CreativeWork) -> dict[str, Any]:
    return {each.name: getattr(work, each.name) for each in fields(work) if each.name not in OTHERS}


WRITTEN = r"""
@string{conf = {PipeCon}}
@Talk{Organ-Pipes,
  AUDIENCE = {pipers}, selected = yes, file = {/home/ada/a.pdf},
  keywords = "go, acoustics", url = {https://a.example/a_b?c&d#e%20},
  Month = "November", YEAR = 2021, title = {Organ {Pipes} \& \emph{Air}: 50\%
     of them}, author = {Ada Example and family=van Berg, given=Bo and {The Pipe Team} and
     Doe, Jr., Jon and others},
  x-unknown = {a}, eventtitle = conf # { 2021}, note = {}, crossref = {parent},
}
@proceedings{parent, title = {Proceedings}, address = {Ghent}}
@unpublished{later, author = {Example, Ada}, title = {Later}, eventtitle = conf,
  eventdate = {2023-02-05/2023-02-09}, abstract = {One.

  Two.}}
@unpublished{months, author = {Example, Ada}, title = {Months}, note = {n}, year = {2020},
  month = {June/July}}
"""
NORMAL = r"""@unpublished{later,
  author     = {Example, Ada},
  title      = {Later},
  eventtitle = {PipeCon},
  eventdate  = {2023-02-05/2023-02-09},
  abstract   = {One. Two.},
}

@talk{Organ-Pipes,
  author     = {Example, Ada and van Berg, Bo and {The Pipe Team} and Doe, Jr., Jon and others},
  title      = {Organ {Pipes} \& \emph{Air}: 50\% of them},
  eventtitle = {PipeCon 2021},
  booktitle  = {Proceedings},
  address    = {Ghent},
  year       = {2021},
  month      = nov,
  x-unknown  = {a},
  url        = {https://a.example/a_b?c&d#e%20},
  keywords   = {go, acoustics},
}

@unpublished{months,
  author = {Example, Ada},
  title  = {Months},
  year   = {2020},
  month  = {June/July},
  note   = {n},
}
"""


def test_entries_are_newest_first_in_one_order_and_spelling() -> None:
    assert exported(works(WRITTEN)) == NORMAL
    # Written once more they are the same, whatever the order in the source.
    assert exported(works(NORMAL)) == NORMAL
    assert exported(reversed(works(WRITTEN))) == NORMAL


def test_our_own_reader_reads_the_same_records() -> None:
    before, after = ({work.id: content(work) for work in works(bib)} for bib in (WRITTEN, NORMAL))
    assert after == before
    assert before["organ-pipes"]["topics"] == ("acoustics",)


def test_pybtex_reads_it() -> None:
    entries = parse_string(NORMAL, "bibtex").entries
    assert [*entries] == ["later", "Organ-Pipes", "months"]
    entry = entries["organ-pipes"]
    assert entry.fields["month"] == "November"
    assert [str(person) for person in entry.persons["author"]] == [
        *("Example, Ada", "van Berg, Bo", "{The Pipe Team}", "Doe, Jr., Jon", "others"),
    ]
    assert not {"file", "audience", "selected", "crossref", "note"} & {*entry.fields}


def test_a_file_has_the_entries_of_one_kind() -> None:
    [paper] = works("@book{b, author = {A, B}, title = {T}, year = 2020}", "publication")
    talk = works(NORMAL)[0]
    portfolio = whole(paper, talk, made(Talk, id="without-source"))
    assert [*parse_string(bibtex.talks(portfolio).decode(), "bibtex").entries] == ["later"]
    assert [*parse_string(bibtex.publications(portfolio).decode(), "bibtex").entries] == ["b"]
    assert bibtex.has_talks(portfolio) == (talk,)
    assert not bibtex.has_publications(whole(talk))
    assert not bibtex.has_talks(whole(paper, made(Talk)))


def test_an_editor_without_a_valid_name_is_kept() -> None:
    bib = "@book{b, author = {A, B}, editor = {a, b, c, d}, title = {T}, year = 2020}"
    assert "editor = {{a, b, c, d}}" in exported(works(bib, "publication"), "publication")


@pytest.mark.parametrize("value", ["}", "{", "}{", "a}b{c"])
def test_a_value_that_bibtex_can_not_hold_is_an_error_with_a_place(value: str) -> None:
    assert not is_balanced(value)
    entry = BibtexEntry("misc", "k", (("title", value),))
    talk = made(Talk, entry=entry, source="talks.bib", line=3)
    with pytest.raises(ExportError, match=r"^talks\.bib:3: talk 'talk': title: unbalanced braces"):
        bibtex.talks(whole(talk))


def test_a_character_that_can_not_be_shown_is_an_error_with_a_place() -> None:
    talk = made(Talk, entry=BibtexEntry("misc", "k", (("x", "a\0"),)), source="talks.bib", line=3)
    with pytest.raises(ExportError, match=r"^talks\.bib:3: talk 'talk': x: the character U\+0000"):
        bibtex.talks(whole(talk))


names = st.sampled_from(
    ["Example, Ada", "Ada van der Berg", "{A and B}", "Doe, Jr., Jon", "others"]
)
signs = st.sampled_from([*"\\%$#&~_^-'`@,=()<>[]*:; \"\n", "--", "é", "日", "aB1", r"\emph{x}"])
values = st.recursive(
    st.lists(signs).map("".join),
    lambda inner: st.builds("{}{{{}}}{}".format, inner, inner, inner),
    max_leaves=5,
)
others = st.dictionaries(
    st.sampled_from(["Abstract", "url", "keywords", "note", "venue", "type", "unknown"]), values
)
dates = st.sampled_from(
    [
        *("year = 2020", "year = 2020, month = 9", "year = {2020}, month = {Sept.}, day = 3"),
        *("date = {2020-05-01/2020-06}", "eventdate = {2020}", "year = 2020, month = {9--10}"),
        "eventdate = {2020-05-01T10:00+02:00/2020-05-01T11:00+02:00}",
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(names, min_size=1, max_size=3), dates, others)
def test_any_entry_is_the_same_record_once_it_is_normalized(
    people: list[str], date: str, more: dict[str, str]
) -> None:
    lines = "".join(f"{name} = {{{value}}},\n" for name, value in more.items())
    author = " and ".join(people)
    bib = f"@misc{{a-key,\nauthor = {{{author}}}, title = {{T}}, {date},\n{lines}}}"
    found, _ = read_works(bib.encode(), BIB_KINDS["talk"], TOPICS)
    if not found:  # a value is invalid
        return
    [(_, work)] = found
    once = exported([work])
    [again] = works(once)
    assert content(again) == content(work)
    assert exported([again]) == once
    assert [*parse_string(once, "bibtex").entries] == ["a-key"]
    assert replace(again, line=0) == replace(again, line=1)  # places are not compared
