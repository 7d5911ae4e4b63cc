"""Configuration values: defaults, what they mean, what is refused and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_colors

from sphinx_portfolio import config, exports
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.model import Person, Profile, RecordError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Protocol

    class Build(Protocol):
        """Build one page with these lines of conf.py."""

        def __call__(self, conf: str, *, builder: str = "dummy") -> SphinxTestApp:
            """Return the application once it has built."""


CONF = """
author = "Ada"
extensions = ["myst_parser", "sphinx_portfolio"]
html_theme = "basic"
"""
SITE = 'extensions.append("sphinx_portfolio.site")\n'
JOB = """
# Work

## Chief Engineer (Compilers Lead)

```{job}
:id: acme
:organization: Acme
:start: 2020
```
"""


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def run(conf: str, *, builder: str = "dummy") -> SphinxTestApp:
        (tmp_path / "conf.py").write_text(CONF + conf, encoding="utf-8")
        (tmp_path / "index.md").write_text(JOB, encoding="utf-8")
        app = SphinxTestApp(builder, srcdir=tmp_path, freshenv=True)
        try:
            app.build()
        finally:
            app.cleanup()
        return app

    return run


def warnings(app: SphinxTestApp) -> str:
    return strip_colors(app.warning.getvalue())


# -- The person -----------------------------------------------------------------


def person(said: dict[str, object], **values: Any) -> Person:
    """Read `portfolio_person`, beside other values of conf.py."""
    settings = Config({}, {"author": "Ada", "portfolio_person": said} | values)
    settings.add("portfolio_person", {}, "env", dict)
    settings.add("html_baseurl", "", "html", str)
    return config.person(settings)


def test_all_fields_of_the_person_are_read() -> None:
    said: dict[str, object] = {
        "name": "Ada A.",
        "label": "Lead",
        "email": "ada@mail.example",
        "location": "Turin",
        "profiles": {"Forge": "https://forge.example/ada"},
    }
    assert person(said, html_baseurl="https://ada.example/") == Person(
        name="Ada A.",
        label="Lead",
        email="ada@mail.example",
        location="Turin",
        url="https://ada.example/",
        profiles=(Profile("Forge", "https://forge.example/ada"),),
    )


def test_the_name_is_the_author_unless_the_person_has_one() -> None:
    project = {"project": "A Project"}  # never the person's name
    assert person({}, **project).name == "Ada"
    assert person({"name": ""}, **project).name == "Ada"
    assert person({"name": "Ada A."}, **project).name == "Ada A."
    assert person({}, author="", **project).name == ""
    # Without an author in conf.py Sphinx has a sentence there.
    sphinx = Config({}, {"portfolio_person": {}, "html_baseurl": ""})
    assert sphinx.author == config.NO_AUTHOR
    assert person({}, author=sphinx.author, **project).name == ""


def test_an_invalid_field_of_the_person_is_refused() -> None:
    forge = {"Forge": "javascript:x()"}
    email = "email: invalid address {!r}: expected 'you@host.example'"
    for said, message in (
        ({"mail": "a@b.example"}, "unknown field 'mail': did you mean 'email'?"),
        ({"email": "nobody"}, email.format("nobody")),
        ({"email": "a b@c.example"}, email.format("a b@c.example")),
        ({"email": "a@b.example c"}, email.format("a@b.example c")),
        ({"email": "a@b.example\nBcc: c@d.example"}, email.format("a@b.example\nBcc: c@d.example")),
        ({"email": "a@b.example@c"}, email.format("a@b.example@c")),
        ({"location": 7}, "location: 7 is not text"),
        ({"name": None}, "name: None is not text"),
        ({"profiles": "https://forge.example"}, "profiles: write {'GitHub': 'https://…'}"),
        (
            {"profiles": forge},
            "'javascript:x()' is no address: it has to begin with https:// or http://",
        ),
        ({"profiles": {"Forge": "http://[a"}}, "'http://[a' is no address: it names no host"),
    ):
        with pytest.raises(RecordError) as caught:
            person(said)  # type: ignore[arg-type]
        assert str(caught.value) == message


def test_the_label_is_part_of_the_title_of_a_job(build: Build) -> None:
    assert warnings(build('portfolio_person = {"label": "Compilers Lead"}')) == ""
    app = build('portfolio_person = {"label": "Astronaut"}')
    assert warnings(app) == (
        f"{app.confdir / 'conf.py'}:1: WARNING: portfolio_person: the label 'Astronaut' is no run "
        "of the words of a job's title: 'Chief Engineer (Compilers Lead)' [portfolio.person]\n"
    )


def test_the_name_reaches_the_records(build: Build) -> None:
    app = build('project = "Site"\nportfolio_person = {"name": "Ada A."}')
    assert portfolio_domain(app.env).portfolio.person == Person("Ada A.")
    assert portfolio_domain(build('project = "Site"').env).portfolio.person == Person("Ada")


# -- Other values ---------------------------------------------------------------


def test_an_invalid_value_stops_the_build(build: Build) -> None:
    for conf, message in (
        ('portfolio_person = {"email": "x"}', "portfolio_person in conf.py: email: invalid add"),
        ('portfolio_person = ["Ada"]', "portfolio_person in conf.py: "),
        ('portfolio_paper = "a5"', "portfolio_paper in conf.py is 'a5': write 'a4' or 'us-letter'"),
        ('portfolio_topics = {"A Topic": "T"}', "portfolio_topics in conf.py: 'A Topic' is no id"),
        ('portfolio_topics = {"topic": " "}', "portfolio_topics in conf.py: 'topic' has no title"),
        (
            'portfolio_exports = ["cv.pfd"]',
            "portfolio_exports in conf.py: unknown export 'cv.pfd': did you mean 'cv.pdf'?",
        ),
        (SITE + 'portfolio_palette = {"dusk": {}}', "portfolio_palette in conf.py: 'dusk': write "),
    ):
        with pytest.raises(ConfigError) as caught:
            build(conf)
        assert str(caught.value).startswith(message), (conf, caught.value)


def test_exports_are_made_of_a_site_and_otherwise_only_those_that_are_named(build: Build) -> None:
    every = tuple(export.name for export in exports.EXPORTS)
    named = 'portfolio_exports = ["cv.txt"]\n'
    none = "portfolio_exports = []\n"
    expected = {"": (), named: ("cv.txt",), none: ()}
    expected |= {SITE: every, SITE + named: ("cv.txt",), SITE + none: ()}
    assert {conf: config.export_names(build(conf)) for conf in expected} == expected


def test_a_guest_has_no_files_beside_its_pages_unless_it_names_them(build: Build) -> None:
    app = build("", builder="html")
    known = {export.name for export in exports.EXPORTS}
    assert not known & {path.name for path in app.outdir.iterdir()}
    assert portfolio_domain(app.env).files == ()
    app = build('portfolio_exports = ["cv.txt"]', builder="html")
    assert {path.name for path in app.outdir.iterdir()} & known == {"cv.txt"}
    assert [file.name for file in portfolio_domain(app.env).files] == ["cv.txt"]
    assert "Ada" in (app.outdir / "cv.txt").read_text(encoding="utf-8")


def test_the_exclude_patterns_of_a_guest_are_left_alone(build: Build) -> None:
    patterns = 'exclude_patterns = ["drafts", "_build/x"]\n'
    assert build("").config.exclude_patterns == []
    assert build(patterns).config.exclude_patterns == ["drafts", "_build/x"]
    none = "portfolio_exports = []\n"
    assert build(SITE + none + patterns).config.exclude_patterns == ["drafts", "_build/x", "_build"]


def test_a_guest_needs_no_other_values(build: Build) -> None:
    """The values of other extensions that earlier versions needed keep their defaults."""
    app = build("")
    assert app.config.primary_domain == "py"
    assert app.config.bibtex_bibfiles == []
    for name in ("bibtex_default_style", "bibtex_reference_style", "bibtex_cite_id"):
        assert app.config[name] == app.config.values[name].default
    assert warnings(app) == ""
