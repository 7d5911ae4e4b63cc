"""Degrees: study, area and score are parts of the title, the courses are a definition."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sphinx.util.console import strip_colors

from invented import made, whole
from sphinx_portfolio.exports import resume_json
from sphinx_portfolio.model import Degree, Detail, RecordError, Run
from sphinx_portfolio.model.kinds.degree import finish
from sphinx_portfolio.model.validators import verbatim
from support import of_schema

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

TITLE = "Bachelor of Technology in Computer Science (CGPA: 9.36/10), Master’s “B” track"
COURSES = Detail(
    (Run("Relevant "), Run("Coursework")), (Run("One, "), Run("Two", strong=True), Run(","))
)


def degree(**said: str) -> Degree:
    record = made(Degree, title=TITLE, details=(COURSES,), **said)
    assert isinstance(record, Degree)
    return finish(record)


def test_a_degree_with_study_area_score_and_courses() -> None:
    said = degree(
        area="Computer Science",
        study="Bachelor of Technology",
        score="9.36/10",
        coursework="Relevant Coursework",
    )
    assert education(said) == [
        {
            "institution": "School",
            "area": "Computer Science",
            "studyType": "Bachelor of Technology",
            "startDate": "2011",
            "endDate": "2014-02",
            "score": "9.36/10",
            "courses": ["One", "Two"],
        }
    ]


def test_a_degree_without_options_has_its_title_as_study_type() -> None:
    [said] = education(degree())
    assert said["studyType"] == TITLE
    assert not said.keys() & {"area", "score", "courses"}


def education(said: Degree) -> Any:
    return of_schema(json.loads(resume_json.resume(whole(said))))["education"]


def test_parts_of_the_title_keep_its_typographic_quotes() -> None:
    expected = {
        "CGPA: 9.36/10": "CGPA: 9.36/10",
        'Master\'s "B"': "Master’s “B”",
        "Computer": "Computer",
        "": "",
    }
    assert {words: verbatim(TITLE, words) for words in expected} == expected


def test_words_that_are_not_in_the_title_are_an_error() -> None:
    for words in ("9.36/1", "36/10", "Comp", "Science in Computer", "computer", "uter", "."):
        with pytest.raises(RecordError) as caught:
            degree(area=words)
        assert str(caught.value) == (
            f":area: {words!r} must appear verbatim in the title, {TITLE!r}"
        )


def test_a_missing_definition_of_courses_is_an_error() -> None:
    with pytest.raises(
        RecordError,
        match=r"^:courses: no definition here has the term 'Courses': write one of 'Relevant Cou",
    ):
        degree(coursework="Courses")


PAGE = """\
# Study

## Bachelor of Arts

```{degree}
:id: school
:organization: School
:start: 2011
:end: 2014
:area: Science
```
"""


def test_a_part_that_is_not_in_the_title_is_reported_with_its_line(
    tmp_path: Path, make_app: Callable[..., SphinxTestApp]
) -> None:
    conf = 'extensions = ["myst_parser", "sphinx_portfolio"]\n'
    (tmp_path / "conf.py").write_text(conf, encoding="utf-8")
    (tmp_path / "index.md").write_text(PAGE, encoding="utf-8")
    app = make_app("dummy", srcdir=tmp_path)
    app.build()
    assert strip_colors(app.warning.getvalue()) == (
        f"{tmp_path / 'index.md'}:5: WARNING: degree: :area: 'Science' must appear verbatim in "
        "the title, 'Bachelor of Arts' [portfolio.record]\n"
    )
