"""Phone and street, for a CV that goes to one reader.

They are read from `private.toml`, which is not committed, or from the environment, and only
by `sphinx-portfolio cv --private`: no build of the site reads them.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.validators import unshowable
from sphinx_portfolio.sources.locations import line_of_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "private.toml"
VARIABLES = {"phone": "PORTFOLIO_PHONE", "street": "PORTFOLIO_STREET"}
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]*")


class PrivateError(ValueError):
    """A fault of the private data: its place, what is wrong, and what to do."""


def read(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the private data of a folder's file; variables of the environment override it.

    Raises PrivateError if a value is invalid, or there is none.
    """
    found = _file(folder / FILE)
    for key, variable in VARIABLES.items():
        if value := environment.get(variable):
            found[key] = value, variable
    if not found:
        variables = " or ".join(VARIABLES.values())
        message = f"no private data: write 'phone = \"…\"' into {FILE}, or set {variables}"
        raise PrivateError(message)
    return {key: _checked(key, value, place) for key, (value, place) in found.items()}


def _file(path: Path) -> dict[str, tuple[object, str]]:
    """Read the file: values, each with its place; PrivateError if it is not valid TOML."""
    if path.exists() and not path.is_file():
        raise PrivateError(f"{FILE} is not a file: remove it")
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise PrivateError(f"{FILE} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PrivateError(f"{FILE} is not UTF-8: save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        # Its text ends with `(at line 2, column 9)` or `(at end of document)`.
        fault, _, place = str(error).rpartition(" (at ")
        line = re.match(r"line (\d+)", place)
        where = f"{FILE}:{line[1] if line else len(text.splitlines())}"
        message = f"{where}: {fault.lower()}: write 'phone = \"…\"' and 'street = \"…\"'"
        raise PrivateError(message) from error
    return {key: (value, f"{FILE}:{line_of_key(text, key)}") for key, value in values.items()}


def _checked(key: str, value: object, place: str) -> str:
    """Return a value without spaces at its ends; PrivateError if it is invalid."""
    if key not in VARIABLES:
        near = suggest(key, VARIABLES) or f": use {' or '.join(VARIABLES)}"
        raise PrivateError(f"{place}: unknown key {key!r}{near}")
    if not isinstance(value, str):
        raise PrivateError(f"{place}: {key} is not text: write it in quotes")
    text = value.strip()
    if key == "phone" and not PHONE.fullmatch(text):
        message = f"{place}: phone is not a phone number: write digits, such as +00 000 0000"
        raise PrivateError(message)
    if not text or unshowable(text) or len(text.splitlines()) > 1:
        message = f"{place}: {key} is empty or has a control character: write one line of text"
        raise PrivateError(message)
    return text
