"""Every configuration value: default, type, description and validation."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sphinx.errors import ConfigError

from sphinx_portfolio import exports
from sphinx_portfolio.exports.pdf import PAPERS
from sphinx_portfolio.model import Date, Person, Profile, RecordError
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.validators import address, identifier, showable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sphinx.application import Sphinx
    from sphinx.config import Config

SITE = "sphinx_portfolio.site"
TALKS_FOLDER = "talks"
PERSON_FIELDS = ("name", "label", "email", "location", "profiles")
PALETTES = ("light", "dark")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
NO_AUTHOR = "Author name not set"  # Sphinx's default


@dataclass(frozen=True, slots=True)
class Value:
    """A configuration value.

    `rebuild` is Sphinx's: `env` if reading depends on it, `html` if only writing does.
    """

    name: str
    default: object
    types: tuple[type, ...]
    rebuild: Literal["", "env", "html"]
    description: str


VALUES = (
    Value(
        "portfolio_person",
        {},
        (dict,),
        "env",
        "The person: name (default: author), label, email, location, and profiles: "
        "{'GitHub': 'https://…'}.",
    ),
    Value(
        "portfolio_talks",
        None,
        (list, tuple),
        "env",
        "BibTeX files of talks, relative to conf.py; they may be patterns such as 'talks/*.bib'. "
        "Default: the files of bibtex_bibfiles in a folder 'talks'.",
    ),
    Value(
        "portfolio_topics",
        {},
        (dict,),
        "env",
        "Topics of talks beside skills: {'a-keyword': 'Its title'}.",
    ),
    Value("portfolio_paper", "a4", (str,), "env", "Paper of the CV: 'a4' or 'us-letter'."),
    Value(
        "portfolio_cv_pages",
        0,
        (int,),
        "env",
        "Most pages of cv.pdf; 0 is no limit. cv-short.pdf always has one page.",
    ),
    Value(
        "portfolio_exports",
        None,
        (list, tuple),
        "html",
        "Files made from the records beside the pages. Default: all with sphinx_portfolio.site, "
        "none without.",
    ),
    Value(
        "portfolio_unconfirmed",
        {},
        (dict,),
        "",
        "Questions to the owner, listed by `doctor`: {'subject': 'question'}.",
    ),
    Value(
        "portfolio_accepted",
        {},
        (dict,),
        "",
        "Findings of `doctor` that are accepted: {'key of the finding': 'reason'}.",
    ),
)
SITE_VALUES = (
    Value(
        "portfolio_palette",
        {},
        (dict,),
        "html",
        "Furo's CSS variables that differ from the default look: "
        "{'light': {'color-brand-primary': '#0a6a4c'}, 'dark': {…}}.",
    ),
)


def add(app: Sphinx, values: Iterable[Value]) -> None:
    """Register configuration values."""
    for value in values:
        app.add_config_value(
            value.name,
            value.default,
            value.rebuild,
            types=frozenset({*value.types, type(value.default)}),
            description=value.description,
        )


def set_default(config: Config, name: str, value: object) -> None:
    """Set a value that conf.py leaves at Sphinx's or another extension's default."""
    if config[name] == config.values[name].default:
        config[name] = value


def config_inited(app: Sphinx, config: Config) -> None:
    """Validate the values; let sphinxcontrib-bibtex read the files of talks.

    Raises ConfigError.
    """
    today()
    try:
        person(config)
    except (TypeError, ValueError) as error:
        message = f"portfolio_person in conf.py: {error}"
        raise ConfigError(message) from error
    try:
        _check_topics(config.portfolio_topics)
    except (TypeError, ValueError) as error:
        message = f"portfolio_topics in conf.py: {error}"
        raise ConfigError(message) from error
    if config.portfolio_paper not in PAPERS:
        message = f"portfolio_paper in conf.py is {config.portfolio_paper!r}: write " + " or ".join(
            map(repr, PAPERS)
        )
        raise ConfigError(message)
    pages = config.portfolio_cv_pages
    if isinstance(pages, bool) or not isinstance(pages, int) or pages < 0:
        message = f"portfolio_cv_pages in conf.py is {pages!r}: write a number of pages, or 0"
        raise ConfigError(message)
    _check_exports(app, config)
    # sphinxcontrib-bibtex refuses to start without this value.
    files = list(config.bibtex_bibfiles or ())
    known = {_resolved(app, name) for name in files}
    files += [str(path) for path in talk_files(app) if path not in known]
    config.bibtex_bibfiles = files


def site_config_inited(app: Sphinx, config: Config) -> None:
    """Validate the values of a site; raises ConfigError."""
    for name, variables in dict(config.portfolio_palette).items():
        if name not in PALETTES or not isinstance(variables, dict):
            message = (
                f"portfolio_palette in conf.py: {name!r}: write "
                "{'light': {'color-brand-primary': '#0a6a4c'}, 'dark': {…}}"
            )
            raise ConfigError(message)


# -- What the values mean -------------------------------------------------------


def person(config: Config) -> Person:
    """Make the person; RecordError, which names all faults, if `portfolio_person` is invalid."""
    said: dict[str, object] = dict(config.portfolio_person)
    faults = [
        f"unknown field {field!r}{suggest(field, PERSON_FIELDS)}"
        for field in said
        if field not in PERSON_FIELDS
    ]
    texts: dict[str, Any] = {
        name: said.get(name, "") for name in PERSON_FIELDS if name != "profiles"
    }
    if not texts["name"] and config.author != NO_AUTHOR:
        texts["name"] = config.author
    profiles = said.get("profiles", {})
    if not isinstance(profiles, dict):
        faults.append("profiles: write {'GitHub': 'https://…'}")
        profiles = {}
    checks: list[tuple[str, Callable[[Any], object], object]] = [
        *((name, _text, value) for name, value in texts.items()),
        ("email", _email, texts["email"]),
        *(("profiles", _text, network) for network in profiles),
        *((f"profiles: {network}", _profile, url) for network, url in profiles.items()),
    ]
    for name, check, value in checks:
        try:
            check(value)
        except RecordError as error:
            faults.append(f"{name}: {error}")
    if faults:
        raise RecordError("; ".join(faults))
    return Person(
        **texts,
        url=config.html_baseurl,
        profiles=tuple(Profile(network, url) for network, url in profiles.items()),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        message = f"{value!r} is not text"
        raise RecordError(message)
    return showable(value)


def _email(value: object) -> None:
    if isinstance(value, str) and value and not EMAIL.fullmatch(value):
        message = f"invalid address {value!r}: expected 'you@host.example'"
        raise RecordError(message)


def _profile(value: object) -> None:
    if not _text(value):
        message = "the address is missing"
        raise RecordError(message)
    address(_text(value))


def talk_files(app: Sphinx) -> tuple[Path, ...]:
    """Return the BibTeX files of talks, resolved as sphinxcontrib-bibtex resolves them."""
    patterns: Sequence[str] | None = app.config.portfolio_talks
    if patterns is None:
        files = (_resolved(app, name) for name in app.config.bibtex_bibfiles or ())
        return tuple(path for path in files if path.parent.name == TALKS_FOLDER)
    found: dict[Path, None] = {}
    for pattern in patterns:
        # A file that does not exist is reported by sphinxcontrib-bibtex.
        for path in sorted(Path(app.confdir).glob(pattern)) or [Path(app.confdir, pattern)]:
            found[path.resolve()] = None
    return tuple(found)


def today() -> Date:
    """Return the day that decides what is past: that of SOURCE_DATE_EPOCH, else the clock's.

    Raises ConfigError if SOURCE_DATE_EPOCH is invalid.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch and not re.fullmatch("[0-9]{1,12}", epoch):
        message = f"SOURCE_DATE_EPOCH is {epoch!r}: expected seconds since 1970, such as 1700000000"
        raise ConfigError(message)
    try:
        day = datetime.fromtimestamp(int(epoch) if epoch else time.time(), UTC)
    except (OverflowError, ValueError, OSError) as error:
        message = f"SOURCE_DATE_EPOCH is {epoch!r}: {error}"
        raise ConfigError(message) from error
    return Date(day.year, day.month, day.day)


def export_names(app: Sphinx) -> tuple[str, ...]:
    """Return the names of the files to export."""
    if app.config.portfolio_exports is not None:
        return tuple(name for name in app.config.portfolio_exports if name)
    if SITE in app.extensions:
        return tuple(export.name for export in exports.EXPORTS)
    return ()


def _resolved(app: Sphinx, name: str) -> Path:
    return Path(app.confdir, name).resolve()


def _check_topics(topics: Any) -> None:
    for name, title in dict(topics).items():
        identifier(name)
        if not (isinstance(title, str) and title.strip()):
            message = f"{name!r} has no title: write {{{name!r}: 'Its title'}}"
            raise RecordError(message)


def _check_exports(app: Sphinx, config: Config) -> None:
    """Refuse an unknown export, and one with the name of a file of html_extra_path."""
    known = [export.name for export in exports.EXPORTS]
    for name in export_names(app):
        if name not in known:
            message = f"portfolio_exports in conf.py: unknown export {name!r}{suggest(name, known)}"
            raise ConfigError(message)
        for extra in (Path(app.confdir, each) for each in config.html_extra_path):
            if extra.name == name or (extra / name).is_file():
                message = (
                    f"{name!r} is made from the records and is in html_extra_path, too: "
                    "remove it there, or from portfolio_exports"
                )
                raise ConfigError(message)
