"""Configuration values: defaults, interpretation, and errors."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, cast

import pytest
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_colors

from sphinx_portfolio import config, exports
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.model import Date, Person, Profile, RecordError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Protocol

    from sphinx.application import Sphinx

    class Build(Protocol):
        """Build one page with these lines of conf.py."""

        def __call__(self, conf: str, *, builder: str = "dummy", **overrides: str) -> SphinxTestApp:
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
    def run(conf: str, *, builder: str = "dummy", **overrides: str) -> SphinxTestApp:
        (tmp_path / "conf.py").write_text(CONF + conf, encoding="utf-8")
        (tmp_path / "index.md").write_text(JOB, encoding="utf-8")
        app = SphinxTestApp(builder, srcdir=tmp_path, freshenv=True, confoverrides=overrides)
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
        "family_name": "A.",
        "label": "Lead",
        "email": "ada@mail.example",
        "location": "Turin",
        "profiles": {"Forge": "https://forge.example/ada"},
    }
    assert person(said, html_baseurl="https://ada.example/") == Person(
        name="Ada A.",
        family_name="A.",
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
    override = "can't be shown: remove it"
    email = "email: invalid address {!r}: expected 'you@host.example'"
    for said, message in (
        ({"mail": "a@b.example"}, "unknown field 'mail': did you mean 'email'?"),
        ({"email": "nobody"}, email.format("nobody")),
        ({"email": "a b@c.example"}, email.format("a b@c.example")),
        ({"email": "a@b.example c"}, email.format("a@b.example c")),
        ({"email": "a@b.example\nBcc: c@d.example"}, email.format("a@b.example\nBcc: c@d.example")),
        ({"email": "a@b.example@c"}, email.format("a@b.example@c")),
        ({"location": 7}, "location: 7 is not text: write it in quotes"),
        (
            {"family_name": "Byron"},
            "family_name: 'Byron' must be the end or the start of the name 'Ada'",
        ),
        ({"family_name": 7}, "family_name: 7 is not text: write it in quotes"),
        ({"name": None}, "name: None is not text: write it in quotes"),
        ({"profiles": "https://forge.example"}, "profiles: write {'GitHub': 'https://…'}"),
        (
            {"profiles": forge},
            "profiles: 'Forge': invalid URL 'javascript:x()': expected https://… or http://…",
        ),
        (
            {"profiles": {"Forge": "http://[a"}},
            "profiles: 'Forge': invalid URL 'http://[a': the host or port is invalid",
        ),
        (
            {"profiles": {"Forge": ""}},
            "profiles: 'Forge': the address is missing: write it, or remove the profile",
        ),
        ({"profiles": {"Forge": 7}}, "profiles: 'Forge': 7 is not text: write it in quotes"),
        (
            {"name": "Ada \u202eecila"},
            f"name: the character U+202E in 'Ada \\u202eecila' {override}",
        ),
        (
            {"location": "\u2067Turin"},
            f"location: the character U+2067 in '\\u2067Turin' {override}",
        ),
        (
            {"profiles": {"For\u202age": "https://forge.example/"}},
            f"profiles: the character U+202A in 'For\\u202age' {override}",
        ),
    ):
        with pytest.raises(RecordError) as caught:
            person(said)  # type: ignore[arg-type]
        assert str(caught.value) == message


def test_all_faults_of_the_person_are_in_one_message() -> None:
    said: dict[str, object] = {
        "mail": "a@b.example",
        "label": "\u202d",
        "email": "nobody",
        "location": 7,
        "profiles": {"Forge": "ftp://forge.example", "Mill": ""},
    }
    with pytest.raises(RecordError) as caught:
        person(said)
    assert str(caught.value).split("; ") == [
        "unknown field 'mail': did you mean 'email'?",
        "label: the character U+202D in '\\u202d' can't be shown: remove it",
        "email: invalid address 'nobody': expected 'you@host.example'",
        "location: 7 is not text: write it in quotes",
        "profiles: 'Forge': invalid URL 'ftp://forge.example': expected https://… or http://…",
        "profiles: 'Mill': the address is missing: write it, or remove the profile",
    ]


def test_the_label_is_free(build: Build) -> None:
    app = build('portfolio_person = {"label": "Astronaut"}')
    assert warnings(app) == ""
    assert portfolio_domain(app.env).portfolio.person.label == "Astronaut"


def test_the_picture_is_a_file_of_the_site(build: Build, tmp_path: Path) -> None:
    person = 'portfolio_person = {"summary": "Makes pipes.", "picture": "me/ada.png"}\n'
    with pytest.raises(ConfigError) as caught:
        build(person)
    assert str(caught.value) == (
        f"portfolio_person in conf.py: picture: {tmp_path / 'me' / 'ada.png'} is missing: "
        "write a path relative to the folder of the pages"
    )
    for picture, message in (
        ("'me/ada.svg'", "invalid file 'me/ada.svg': expected one of .jpeg, .jpg, .png"),
        ("7", "7 is not text: write it in quotes"),
    ):
        with pytest.raises(ConfigError) as caught:
            build(f'portfolio_person = {{"picture": {picture}}}')
        assert str(caught.value) == f"portfolio_person in conf.py: picture: {message}"
    (tmp_path / "me").mkdir()
    (tmp_path / "me" / "ada.png").write_bytes(b"a picture")
    site = 'html_baseurl = "https://ada.example/x"\nportfolio_exports = ["resume.json"]\n'
    app = build(person + site, builder="html")
    assert warnings(app) == ""
    assert (app.outdir / "ada.png").read_bytes() == b"a picture"
    basics = json.loads((app.outdir / "resume.json").read_text(encoding="utf-8"))["basics"]
    assert basics["image"] == "https://ada.example/x/ada.png"
    assert basics["summary"] == "Makes pipes."
    # Without the address of the site there is none of the picture.
    app = build(person + 'portfolio_exports = ["resume.json"]\n', builder="html")
    basics = json.loads((app.outdir / "resume.json").read_text(encoding="utf-8"))["basics"]
    assert "image" not in basics


def test_the_name_reaches_the_records(build: Build) -> None:
    app = build('project = "Site"\nportfolio_person = {"name": "Ada A."}')
    assert portfolio_domain(app.env).portfolio.person == Person("Ada A.")
    assert portfolio_domain(build('project = "Site"').env).portfolio.person == Person("Ada")


# -- Other values ---------------------------------------------------------------


def test_an_invalid_value_stops_the_build(build: Build) -> None:
    for conf, message in (
        ('portfolio_person = {"email": "x"}', "portfolio_person in conf.py: email: invalid add"),
        (
            'portfolio_person = ["Ada"]',
            "portfolio_person in conf.py: expected dict, not ['Ada']",
        ),
        (
            'portfolio_paper = "a5"',
            "portfolio_paper in conf.py: unknown paper 'a5': use 'a4' or 'us-letter'",
        ),
        ("portfolio_cv_pages = -1", "portfolio_cv_pages in conf.py: invalid value -1: use a numb"),
        (
            "portfolio_cv_pages = True",
            "portfolio_cv_pages in conf.py: invalid value True: use a number",
        ),
        (
            'portfolio_exports = "cv.txt"',
            "portfolio_exports in conf.py: expected list or tuple, not 'cv.txt'",
        ),
        ("portfolio_talks = [1]", "portfolio_talks in conf.py: 1 is not text"),
        ('portfolio_accepted = {"a": 1}', "portfolio_accepted in conf.py: 'a' has no text"),
        ('portfolio_talks = ["/*.bib"]', "portfolio_talks in conf.py: "),
        (
            'portfolio_topics = {"A Topic": "T"}',
            "portfolio_topics in conf.py: invalid id 'A Topic': ",
        ),
        (
            'portfolio_topics = {"topic": "\\u202eT"}',
            "portfolio_topics in conf.py: the character U+202E",
        ),
        ('portfolio_topics = {"topic": " "}', "portfolio_topics in conf.py: 'topic' has no title"),
        (
            'portfolio_exports = ["cv.pfd"]',
            "portfolio_exports in conf.py: unknown export 'cv.pfd': did you mean 'cv.pdf'?",
        ),
        (
            SITE + 'portfolio_palette = {"dusk": {}}',
            "portfolio_palette in conf.py: invalid entry 'dusk': write {'light'",
        ),
    ):
        with pytest.raises(ConfigError) as caught:
            build(conf)
        assert str(caught.value).startswith(message), (conf, caught.value)


@pytest.mark.parametrize(
    ("epoch", "message"),
    [
        ("x", "SOURCE_DATE_EPOCH is 'x': expected seconds since 1970, such as 1700000000"),
        ("-1", "SOURCE_DATE_EPOCH is '-1': expected seconds since 1970, such as 1700000000"),
        ("1e9", "SOURCE_DATE_EPOCH is '1e9': expected seconds since 1970, such as 1700000000"),
        ("١٧", "SOURCE_DATE_EPOCH is '١٧': expected seconds since 1970, such as 1700000000"),
        ("999999999999", "SOURCE_DATE_EPOCH is '999999999999': year 33658 is out of range"),
        ("9" * 30, f"SOURCE_DATE_EPOCH is '{'9' * 30}': expected seconds since 1970, such as"),
    ],
)
def test_an_invalid_moment_of_the_source_stops_the_build(
    monkeypatch: pytest.MonkeyPatch, epoch: str, message: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(ConfigError, match=re.escape(message)):
        # The application is needed by what comes after.
        config.config_inited(cast("Sphinx", None), Config({}, {}))


def test_today_is_the_day_of_the_source_where_it_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert config.today() == Date(2023, 11, 14)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
    assert config.today() > Date(2023, 11, 14)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert config.today() > Date(2023, 11, 14)


def test_exports_are_made_of_a_site_and_otherwise_only_those_that_are_named(build: Build) -> None:
    every = tuple(export.name for export in (*exports.EXPORTS, *exports.SITE_EXPORTS))
    named = 'portfolio_exports = ["cv.txt"]\n'
    none = "portfolio_exports = []\n"
    expected = {"": (), named: ("cv.txt",), none: ()}
    expected |= {SITE: every, SITE + named: ("cv.txt",), SITE + none: ()}
    assert {conf: config.export_names(build(conf)) for conf in expected} == expected


def test_lists_on_the_command_line_have_commas(build: Build) -> None:
    expected = {"": (), "cv.txt": ("cv.txt",), "cv.txt,cv.md": ("cv.txt", "cv.md")}
    for text, names in expected.items():  # -D portfolio_exports=...
        assert config.export_names(build(SITE, portfolio_exports=text)) == names


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
    added = ["_build", "import-report.md"]
    found = build(SITE + none + patterns).config.exclude_patterns
    assert found == ["drafts", "_build/x", *added]


def test_a_guest_needs_no_other_values(build: Build) -> None:
    """The values of other extensions that earlier versions needed keep their defaults."""
    app = build("")
    assert app.config.primary_domain == "py"
    assert app.config.bibtex_bibfiles == []
    for name in ("bibtex_default_style", "bibtex_reference_style", "bibtex_cite_id"):
        assert app.config[name] == app.config.values[name].default
    assert warnings(app) == ""


# -- Imports --------------------------------------------------------------------

POSIX_MODULES = ("fcntl", "grp", "pwd", "resource", "termios")
IMPORT_ALL = """
import importlib, pkgutil, sys
sys.modules |= dict.fromkeys(sys.argv[1:])  # so that importing them raises ImportError
import sphinx_portfolio
for module in pkgutil.walk_packages(sphinx_portfolio.__path__, "sphinx_portfolio."):
    importlib.import_module(module.name)
    print(module.name)
"""


def test_no_module_needs_what_only_posix_systems_have() -> None:
    command = [sys.executable, "-c", IMPORT_ALL, *POSIX_MODULES]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) > 50
