"""The contact card: vCard 4.0 (RFC 6350), which vobject and the like read, but do not write.

The parts of the name (N, section 6.2.2) are optional in this version, and left out if the family
name is not known: which words of a name it is differs from language to language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_portfolio.exports import identifiers
from sphinx_portfolio.exports.outline import current_job, folded, label, uri

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_portfolio.model import Person, Portfolio

OCTETS = 75  # of a line, without its end (section 3.2)
TYPES = {"jpeg": "image/jpeg", "jpg": "image/jpeg", "png": "image/png"}


def contact(portfolio: Portfolio) -> bytes:
    """Return name, title, organization, e-mail and addresses; nothing private."""
    return b"".join(map(fold, _lines(portfolio)))


def has_name(portfolio: Portfolio) -> bool:
    """Return whether there is a name, which a card has to have."""
    return bool(folded(portfolio.person.name))


def _lines(portfolio: Portfolio) -> Iterator[str]:
    person, job = portfolio.person, current_job(portfolio)
    yield from ("BEGIN:VCARD", "VERSION:4.0", f"FN:{escaped(folded(person.name))}")
    yield f"UID:{identifiers.of_person(person).urn}"
    if person.family_name:
        family, given = map(escaped, parts_of_name(person))
        yield f"N:{family};{given};;;"
    texts = {
        "TITLE": label(portfolio),
        "ORG": job.organization if job else "",
        "EMAIL": person.email,
    }
    for name, text in texts.items():
        if value := folded(text):
            yield f"{name}:{escaped(value)}"
    for address in filter(None, (person.url, *(each.url for each in person.profiles))):
        yield f"URL:{uri(address)}"
    if person.picture and person.url:
        kind = TYPES[person.picture.rpartition(".")[2].lower()]
        picture = uri(f"{person.url.rstrip('/')}/{person.picture}")
        yield f"PHOTO;MEDIATYPE={kind}:{picture}"
    yield "END:VCARD"


def parts_of_name(person: Person) -> tuple[str, str]:
    """Return the family name, which is known, and the given names."""
    name, family = folded(person.name), folded(person.family_name)
    given = name.removesuffix(family) if name.endswith(family) else name.removeprefix(family)
    return family, given.strip()


def escaped(text: str) -> str:
    r"""Escape `\`, commas, semicolons and line ends in the text of a value (section 3.4)."""
    for sign in "\\,;":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def fold(line: str) -> bytes:
    """Return a line with its end (UTF-8), folded at 75 octets, but not within a character."""
    folded_lines, current = [], b""
    for character in line:
        octets = character.encode()
        if len(current) + len(octets) > OCTETS:
            folded_lines.append(current)
            current = b" "
        current += octets
    return b"\r\n".join((*folded_lines, current, b""))
