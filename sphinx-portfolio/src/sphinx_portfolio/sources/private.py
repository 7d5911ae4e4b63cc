"""What is the person's own business, for CVs that go to one reader: phone and street.

They stand in `private.toml`, which is not committed, or in the environment. Only
`sphinx-portfolio cv --private` reads them: no build of the site does.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.sources.locations import line_of_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "private.toml"
VARIABLES = {"phone": "PORTFOLIO_PHONE", "street": "PORTFOLIO_STREET"}
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]*")


class PrivateError(ValueError):
    """Says what is wrong with the private data, where, and what would be right."""


def read(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return what the environment says, and of the rest what the file in a folder does.

    PrivateError where they say nothing, or something else.
    """
    said = {key: (value, f"{FILE}:{line}") for key, (value, line) in _file(folder / FILE).items()}
    for key, variable in VARIABLES.items():
        if value := environment.get(variable):
            said[key] = value, variable
    if not said:
        variables = " or ".join(VARIABLES.values())
        message = f"nothing private is known: write 'phone = \"…\"' into {FILE}, or set {variables}"
        raise PrivateError(message)
    return {key: _checked(key, value, place) for key, (value, place) in said.items()}


def _file(path: Path) -> dict[str, tuple[object, int]]:
    """Read the file: values, each with its line."""
    try:
        text = path.read_text(encoding="utf-8")
        said = tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except OSError as error:
        message = f"{FILE} can't be read: {error.strerror}"
        raise PrivateError(message) from error
    except UnicodeDecodeError as error:
        message = f"{FILE} is not UTF-8: save it as that"
        raise PrivateError(message) from error
    except tomllib.TOMLDecodeError as error:
        # It says `… (at line 2, column 9)`, or `… (at end of document)`.
        fault, _, place = str(error).rpartition(" (at ")
        line = re.match(r"line (\d+)", place)
        where = f"{FILE}:{line[1] if line else len(text.splitlines())}"
        message = f"{where}: {fault.lower()}: write 'phone = \"…\"', and the same for street"
        raise PrivateError(message) from error
    return {key: (value, line_of_key(text, key)) for key, value in said.items()}


def _checked(key: str, value: object, place: str) -> str:
    """Return a value that can stand in any output; PrivateError if it is no such."""
    if key not in VARIABLES:
        message = f"{place}: nothing shows {key!r}{suggest(key, VARIABLES)}"
        raise PrivateError(message)
    if not isinstance(value, str):
        message = f"{place}: {key} is no text: write it in quotes"
        raise PrivateError(message)
    text = value.strip()
    if key == "phone" and not PHONE.fullmatch(text):
        message = f"{place}: phone is no number: write digits, such as +00 000 0000"
        raise PrivateError(message)
    if not text or not text.isprintable():
        message = f"{place}: {key} is empty, or has a control character: write one line of text"
        raise PrivateError(message)
    return text
