"""The person, as conf.py says who it is: what is refused, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sphinx.errors import ConfigError
from sphinx.testing.util import SphinxTestApp

from sphinx_portfolio.model.dates import RecordError
from sphinx_portfolio.sources.person import read
from sphinx_portfolio.model.records import Person, Profile

if TYPE_CHECKING:
    from pathlib import Path

CONF = """
project = "Ada"
extensions = ["myst_parser", "sphinx_portfolio"]
bibtex_bibfiles = []
portfolio_exports = []
"""
JOB = """
# Work

## Chief Engineer (Compilers Lead)

```{job}
:id: acme
:organization: Acme
:start: 2020
```
"""


def test_what_is_said_is_read() -> None:
    said = {
        "label": "Lead",
        "email": "ada@mail.example",
        "location": "Turin",
        "profiles": {"Forge": "https://forge.example/ada"},
    }
    assert read("Ada", "https://ada.example/", said) == Person(
        name="Ada",
        label="Lead",
        email="ada@mail.example",
        location="Turin",
        url="https://ada.example/",
        profiles=(Profile("Forge", "https://forge.example/ada"),),
    )


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"mail": "a@b.example"}, r"^nothing shows 'mail': did you mean 'email'\?$"),
        ({"email": "nobody"}, r"^email: 'nobody' is no address: write 'you@host\.example'$"),
        ({"email": "a b@c.example"}, r"^email: 'a b@c\.example' is no address"),
        ({"location": 7}, r"^location: 7 is no text$"),
        ({"profiles": "https://forge.example"}, r"^profiles: write \{'GitHub': 'https://…'\}$"),
        ({"profiles": {"Forge": "javascript:x()"}}, r"^'javascript:x\(\)' is no address"),
        ({"profiles": {"Forge": "http://[a"}}, r"^'http://\[a' is no address: it names no host$"),
    ],
)
def test_what_cannot_be_shown_is_refused(said: dict[str, object], message: str) -> None:
    with pytest.raises(RecordError, match=message):
        read("Ada", "", said)


def build(folder: Path, conf: str) -> str:
    (folder / "conf.py").write_text(CONF + conf, encoding="utf-8")
    (folder / "index.md").write_text(JOB, encoding="utf-8")
    app = SphinxTestApp("dummy", srcdir=folder, freshenv=True)
    try:
        app.build()
        return app.warning.getvalue()
    finally:
        app.cleanup()


@pytest.mark.parametrize(
    ("conf", "message"),
    [
        ('portfolio_person = {"email": "x"}', r"^portfolio_person in conf\.py: email: 'x' is no"),
        ('portfolio_paper = "a5"', r"^portfolio_paper in conf\.py is 'a5': write 'a4' or 'us-lett"),
    ],
)
def test_a_fault_stops_the_build(tmp_path: Path, conf: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        build(tmp_path, conf)


def test_a_label_is_a_run_of_a_title(tmp_path: Path) -> None:
    assert build(tmp_path, 'portfolio_person = {"label": "Compilers Lead"}') == ""
    said = build(tmp_path, 'portfolio_person = {"label": "Astronaut"}')
    assert f"{tmp_path / 'conf.py'}:1: WARNING: portfolio_person: the label 'Astronaut' is" in said
    assert "no run of the words of a job's title: 'Chief Engineer (Compilers Lead)'" in said
