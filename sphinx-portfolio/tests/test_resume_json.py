"""JSON Resume: valid by its published schema, without additional keys but those of `x_`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from jsonschema import Draft7Validator, FormatChecker, ValidationError

from invented import FUZZ, made, portfolios, whole
from sphinx_portfolio.exports import resume_json
from sphinx_portfolio.exports.outline import ExportError
from sphinx_portfolio.model import (
    Award,
    Certificate,
    Date,
    Detail,
    Highlight,
    Job,
    Language,
    Period,
    Profile,
    Project,
    Publication,
    Run,
    Service,
    Skill,
    Talk,
    plain,
)
from support import of_schema

if TYPE_CHECKING:
    from sphinx_portfolio.model import Portfolio

KEPT = Path(__file__).resolve().parent / "jsonresume"
URI = re.compile(
    r"[a-z]+:(//[\w.\[\]:@-]+)?([\w\-.~:/?@!$&'()*+,;=]|%[0-9A-F]{2})*(#\S*)?", re.ASCII
)
CHECKER = FormatChecker(formats=())
CHECKER.checks("uri")(lambda text: bool(URI.fullmatch(text)))
CHECKER.checks("email")(lambda text: bool(re.fullmatch(r"[^@\s]+@[^@\s]+", text)))


def strict(schema: Any) -> Any:
    """Return the schema without additional keys, which it allows for extensions, but `x_`."""
    if isinstance(schema, dict):
        closed = {key: strict(value) for key, value in schema.items()}
        own = {"additionalProperties": False, "patternProperties": {"^x_": {}}}
        return closed | (own if "properties" in schema else {})
    return [strict(each) for each in schema] if isinstance(schema, list) else schema


SCHEMA = json.loads((KEPT / "schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft7Validator(strict(SCHEMA), format_checker=CHECKER)


def resume(portfolio: Portfolio) -> dict[str, Any]:
    """Return a valid résumé, without the keys that the schema does not have."""
    made: dict[str, Any] = json.loads(resume_json.resume(portfolio))
    VALIDATOR.validate(made)
    check_keys(made, SCHEMA)
    found: dict[str, Any] = of_schema(made)
    return found


def check_keys(node: Any, schema: Any) -> None:
    """Check that nothing is empty, and that keys are in the schema's order, others behind them."""
    assert node
    if isinstance(node, list):
        for each in node:
            check_keys(each, schema["items"])
    if isinstance(node, dict):
        known = [*schema["properties"], *(key for key in node if key.startswith("x_"))]
        assert sorted(node, key=known.index) == list(node)
        for key, value in node.items():
            if key in schema["properties"]:
                check_keys(value, schema["properties"][key])


def test_the_validator_finds_errors() -> None:
    for wrong in (
        {"pet": "cat"},
        {"basics": {"pet": "cat"}},
        {"basics": {"location": {"country": "India"}}},
        {"work": [{"evidence": "x"}]},
        {"basics": {"url": "no address"}},
        {"basics": {"email": "nobody"}},
        {"work": [{"startDate": "Aug. 2021"}]},
        {"education": [{"courses": "one"}]},
    ):
        with pytest.raises(ValidationError):
            VALIDATOR.validate(wrong)


def test_the_stored_schema_is_the_one_that_the_export_names() -> None:
    assert resume_json.SCHEMA in (KEPT / "README.md").read_text(encoding="utf-8")
    assert resume(whole())["meta"] == {"version": f"v{resume_json.VERSION}"}


@FUZZ
@given(portfolios())
def test_any_words_are_kept(portfolio: Portfolio) -> None:
    made = resume(portfolio)
    [job] = portfolio.of(Job)
    kept = [" ".join(text.split()) for text in strings(made["work"])]
    for words in (job.title, job.organization, job.location, plain(job.summary)):
        assert not words.split() or " ".join(words.split()) in kept


def strings(node: Any) -> list[str]:
    if isinstance(node, str):
        return [node]
    return [
        text
        for each in (node.values() if isinstance(node, dict) else node)
        for text in strings(each)
    ]


def test_each_kind_has_its_section() -> None:
    nested = Highlight(
        (Run("Group"),), ((Run("Proof", target="https://p.example"),),), (Highlight((Run("Did"),)),)
    )
    detail = Detail((Run("Team"),), (Run("Two"),))
    portfolio = whole(
        made(
            Job,
            title="Engineer",
            location="Here",
            url="https://acme.example",
            period=Period(Date(2021, 5), None),
            summary=(Run("All "), Run("of it", strong=True)),
            highlights=(nested,),
            details=(detail,),
        ),
        made(
            Talk,
            speakers=("Bob", "Ada"),
            slides="https://s.example",
            url="https://e.example",
            summary=(Run("Why."),),
        ),
        made(
            Project,
            summary=(Run("A tool"),),
            skills=("skill",),
            code="https://c.example",
            highlights=(nested,),
        ),
        made(Skill, title="Go"),
        made(
            Award,
            organization="Club",
            summary=(Run("For it"),),
            highlights=(nested,),
            details=(detail,),
        ),
        made(Certificate, issuer="Guild", url="https://v.example"),
        made(Language, title="Dutch", fluency="C1"),
        made(Service, title="Reviewer", events=("Conf 2019", "Conf 2020")),
        made(
            Service,
            id="s",
            title="Host",
            organization="Club",
            events=("Conf 2019",),
            period=Period.parse("2001", "2002"),
        ),
        email="ada@mail.example",
        location="Here, There",
        url="https://ada.example/",
        phone="+1 2",
        street="1 Way",
    )
    found = resume(portfolio)
    assert found["basics"] == {
        "name": "Ada",
        "label": "Engineer",
        "email": "ada@mail.example",
        "phone": "+1 2",
        "url": "https://ada.example/",
        "location": {"address": "1 Way\nHere, There"},
    }
    assert found["work"] == [
        {
            "name": "Acme",
            "location": "Here",
            "position": "Engineer",
            "url": "https://acme.example",
            "startDate": "2021-05",
            "summary": "All of it",
            "highlights": ["Group", "Did", "Team: Two"],
        }
    ]
    assert found["publications"] == [
        {
            "name": "A Title",
            "publisher": "Conf",
            "releaseDate": "2020-03",
            "url": "https://s.example",
            "summary": "With Bob\nWhy.",
        }
    ]
    assert found["projects"] == [
        {
            "name": "A Title",
            "description": "A tool",
            "highlights": ["Group", "Did"],
            "keywords": ["Go"],
            "startDate": "2019-01",
            "endDate": "2020",
            "url": "https://c.example",
        }
    ]
    assert found["skills"] == [{"name": "Languages", "keywords": ["Go"]}]
    assert found["awards"] == [
        {
            "title": "A Title",
            "date": "2020",
            "awarder": "Club",
            "summary": "For it\nGroup\nDid\nTeam: Two",
        }
    ]
    assert found["certificates"] == [
        {"name": "A Title", "date": "2018", "url": "https://v.example", "issuer": "Guild"}
    ]
    assert found["languages"] == [{"language": "Dutch", "fluency": "C1"}]
    assert found["volunteer"] == [
        {
            "organization": "Conf 2019, Conf 2020",
            "position": "Reviewer",
            "startDate": "2019",
            "endDate": "2019",
        },
        {
            "organization": "Club",
            "position": "Host",
            "startDate": "2001",
            "endDate": "2002",
            "highlights": ["Conf 2019"],
        },
    ]
    assert found["meta"]["canonical"] == "https://ada.example/resume.json"


def test_what_the_schema_lacks_is_in_fields_of_our_own() -> None:
    dates = Period(Date(2020, 3), Date(2020, 4))
    talk = made(
        Talk, speakers=("Ada", "Bob"), venue="Oslo", slides="https://s.example", period=dates
    )
    paper = made(Publication, format="PhD thesis", doi="https://doi.org/10.1/x")
    exported = json.loads(resume_json.resume(whole(talk, paper)))
    own = [
        {key: value for key, value in each.items() if key.startswith("x_")}
        for each in exported["publications"]
    ]
    assert own == [
        {
            "x_kind": "publication",
            "x_people": ["Ada", "Bob"],
            "x_format": "PhD thesis",
            "x_doi": "https://doi.org/10.1/x",
            "x_id": "publication",
        },
        {
            "x_kind": "talk",
            "x_people": ["Ada", "Bob"],
            "x_endDate": "2020-04",
            "x_slides": "https://s.example",
            "x_venue": "Oslo",
            "x_id": "talk",
        },
    ]


def test_the_date_of_a_talk_is_optional() -> None:
    [talk] = resume(whole(made(Talk, period=None)))["publications"]
    assert talk == {"name": "A Title", "publisher": "Conf"}


@pytest.mark.parametrize(
    ("address", "username"),
    [
        ("https://github.com/Ada", "Ada"),
        ("https://www.linkedin.com/in/ada-l/", "ada-l"),
        ("https://social.example/@ada", "ada"),
        ("https://scholar.example/citations?user=1", None),
        ("https://ada.example/", None),
        ("https://a.example/people/ada/index.html", None),
    ],
)
def test_the_name_of_an_account_is_read_from_its_address(
    address: str, username: str | None
) -> None:
    [profile] = resume(whole(profiles=(Profile("Network", address),)))["basics"]["profiles"]
    assert profile.get("username") == username


@pytest.mark.parametrize("year", [999, 3000])
def test_a_year_that_does_not_match_the_schema_is_an_error(year: int) -> None:
    talk = made(Talk, source="talks.bib", line=3, period=Period(Date(year), Date(year)))
    message = rf"^talks\.bib:3: talk 'talk': invalid date {year:04} in JSON Resume: use a year"
    with pytest.raises(ExportError, match=message):
        resume_json.resume(whole(talk))
