"""Update the message catalogs: collect the messages of the package, merge them, compile.

Run by `nox -s messages`; with languages as arguments, it begins their catalogs.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import sphinx_portfolio
from sphinx_portfolio.bibtex.kinds import publication
from sphinx_portfolio.exports import EXPORTS
from sphinx_portfolio.model import KINDS
from sphinx_portfolio.model.dates import MONTHS
from sphinx_portfolio.model.files import READERS
from sphinx_portfolio.model.kind import LANES
from sphinx_portfolio.model.kinds.talk import FORMATS
from sphinx_portfolio.model.messages import CATALOGS, DOMAIN
from sphinx_portfolio.views import bio, changelog, facts, formats, works

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import _MessageID

    from sphinx_portfolio.model.kind import Kind

PACKAGE = Path(sphinx_portfolio.__file__).parent
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "portfolio_gettext": None}
HEADER = "# Messages of sphinx-portfolio. `nox -s messages` adds new ones and compiles the catalog."
TEAM = "The sphinx-portfolio developers"
DATE = datetime(2026, 11, 26, tzinfo=UTC)  # fixed, so that only messages make a difference


def data() -> Iterator[tuple[str, _MessageID]]:
    """Yield the messages that are data, with their files: the words of kinds, months, exports."""
    for kind in KINDS.values():
        path = kind.record.__module__.replace(".", "/").removeprefix("sphinx_portfolio/")
        for message in of_kind(kind):
            yield f"{path}.py", message
    yield from (("model/kind.py", lane.name) for lane in LANES)
    yield from (("model/kinds/talk.py", name) for name in FORMATS)
    yield from (("model/dates.py", month) for month in MONTHS)
    yield from (("exports/__init__.py", text) for it in EXPORTS for text in (it.title, it.label))
    yield from (("model/files.py", reader) for reader in READERS)
    yield from (("bibtex/kinds/publication.py", name) for name in publication.FORMATS.values())
    yield from (
        ("views/works.py", it) for messages in works.NONE.values() for it in messages.values()
    )
    offered = (*formats.OF_WORKS.values(), formats.OF_CHANGES)
    yield from (("views/formats.py", title) for names in offered for title in names.values())
    yield from (("views/bio.py", message) for message in (*bio.STUDIED, *bio.STUDIES))
    yield "views/facts.py", facts.RELATED
    yield "views/changelog.py", changelog.UPCOMING


def of_kind(kind: Kind) -> Iterator[_MessageID]:
    """Yield the words of a kind."""
    yield kind.name
    yield kind.count
    yield kind.section
    for fact in kind.facts:
        yield from (fact.label,) if isinstance(fact.label, str) else fact.label
    yield from kind.links.values()
    yield from (kind.verbs.start, kind.verbs.once, kind.verbs.end)
    yield kind.feed
    yield from kind.cited_as.values()


def template() -> Catalog:
    """Return all messages."""
    found = Catalog(project="sphinx-portfolio", creation_date=DATE, fuzzy=False)
    known: set[_MessageID] = set()
    extracted = (
        (file, message)
        for file, _, message, _, _ in extract_from_dir(PACKAGE, METHODS, keywords=KEYWORDS)
    )
    plural = {message[0] for _, message in data() if not isinstance(message, str)}
    for file, message in sorted([*data(), *extracted], key=lambda each: (each[0], str(each[1]))):
        if message and message not in known and message not in plural:
            known.add(message)
            found.add(message, locations=[(file, 0)])
    return found


def read(language: str, folder: Path = CATALOGS) -> Catalog:
    """Return the catalog of a language; an empty one if there is none."""
    path = folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.is_file():
        return Catalog(
            *(language, DOMAIN, HEADER, "sphinx-portfolio"),
            last_translator=TEAM,
            language_team=TEAM,
            creation_date=DATE,
            revision_date=DATE,
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, language)


def update(language: str) -> int:
    """Merge all messages into the catalog of a language; return how many lack a translation."""
    catalog = read(language)
    catalog.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    written, compiled = io.BytesIO(), io.BytesIO()
    write_po(written, catalog, width=100, include_lineno=False)
    write_mo(compiled, catalog)
    folder = CATALOGS / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{DOMAIN}.po").write_bytes(written.getvalue())
    (folder / f"{DOMAIN}.mo").write_bytes(compiled.getvalue())
    return sum(not all(strings(message.string) or ("",)) for message in catalog if message.id)


def strings(text: _MessageID | None) -> tuple[str, ...]:
    """Return the forms of a message; a new one may have None, which is an empty form."""
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def languages() -> list[str]:
    """Return the languages with a catalog."""
    return sorted(path.parts[-3] for path in CATALOGS.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


if __name__ == "__main__":
    for each in sorted({*languages(), *sys.argv[1:]}):
        print(f"{each}: {update(each)} messages without translation")
