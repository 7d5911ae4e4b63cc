"""The person, as conf.py says who it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx.errors import ConfigError

from portfolio.checks import suggest
from portfolio.dates import RecordError
from portfolio.fields import address
from portfolio.records import Person, Profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx
    from sphinx.config import Config

FIELDS = ("label", "email", "location", "profiles")
PAPERS = ("a4", "us-letter")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def read(name: str, url: str, said: Mapping[str, object]) -> Person:
    """Make the person of what `portfolio_person` says; RecordError where it says something else."""
    for field in said:
        if field not in FIELDS:
            message = f"nothing shows {field!r}{suggest(field, FIELDS)}"
            raise RecordError(message)
    profiles = said.get("profiles", {})
    if not isinstance(profiles, dict):
        message = "profiles: write {'GitHub': 'https://…'}"
        raise RecordError(message)
    email = _text(said, "email")
    if email and not EMAIL.fullmatch(email):
        message = f"email: {email!r} is no address: write 'you@host.example'"
        raise RecordError(message)
    return Person(
        name=name,
        label=_text(said, "label"),
        email=email,
        location=_text(said, "location"),
        url=url,
        profiles=tuple(Profile(str(network), address(str(at))) for network, at in profiles.items()),
    )


def config_inited(app: Sphinx, config: Config) -> None:
    """Refuse a person that can't be shown, and paper that can't be printed on."""
    try:
        read(config.project, config.html_baseurl, dict(config.portfolio_person))
    except (TypeError, ValueError) as error:
        message = f"portfolio_person in conf.py: {error}"
        raise ConfigError(message) from error
    if config.portfolio_paper not in PAPERS:
        message = f"portfolio_paper in conf.py is {config.portfolio_paper!r}: write " + " or ".join(
            map(repr, PAPERS)
        )
        raise ConfigError(message)


def _text(said: Mapping[str, object], field: str) -> str:
    value = said.get(field, "")
    if not isinstance(value, str):
        message = f"{field}: {value!r} is no text"
        raise RecordError(message)
    return value
