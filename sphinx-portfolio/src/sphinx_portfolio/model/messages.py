"""Messages in the language of the site: labels in pages, exports and scripts.

Text that people read is English in the code, which is the id of its message. Catalogs are those of
gettext, laid out as Sphinx's: `LANGUAGE/LC_MESSAGES/sphinx_portfolio.mo`. A portfolio has its
translator, and so whatever draws it or exports it: that needs no state of Sphinx's.
"""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DOMAIN = "sphinx_portfolio"
CATALOGS = Path(__file__).parents[1] / "locale"


@dataclass(frozen=True, slots=True)
class Translator:
    """Translates messages into a language; one without a translation stays English.

    `catalogs` are the contents of files: the first that has a message is used. With `plain_dates`,
    dates are written for the software that reads CVs, see `Period.text`.
    """

    language: str = "en"
    catalogs: tuple[bytes, ...] = field(default=(), repr=False)
    plain_dates: bool = False

    @classmethod
    def load(cls, language: str, folders: Iterable[Path] = ()) -> Translator:
        """Read the catalogs of a language in folders, and then that of the package."""
        files = (gettext.find(DOMAIN, folder, [language]) for folder in (*folders, CATALOGS))
        return cls(language, tuple(Path(file).read_bytes() for file in files if file))

    @property
    def main_language(self) -> str:
        """The language without its country: `pt` of `pt_BR`."""
        return self.language.partition("_")[0]

    def gettext(self, message: str, **values: object) -> str:
        """Translate a message, and put values into its braces."""
        # The translation of "" is the catalog's header.
        translated = _translations(self.catalogs).gettext(message) if message else ""
        return translated.format(**values) if values else translated

    def ngettext(self, one: str, several: str, count: int) -> str:
        """Translate a message for a number, which is its `{count}`."""
        return _translations(self.catalogs).ngettext(one, several, count).format(count=count)

    def listed(self, parts: Iterable[str]) -> str:
        """Return `a`, `a and b`, or `a, b and c`."""
        *most, last = parts
        if not most:
            return last
        return self.gettext("{most} and {last}", most=self.gettext(", ").join(most), last=last)


ENGLISH = Translator()


def capitalized(text: str) -> str:
    """Return a label as a line begins: `Video`, but `arXiv`."""
    return text[:1].upper() + text[1:] if text.partition(" ")[0].islower() else text


@cache
def _translations(catalogs: tuple[bytes, ...]) -> gettext.NullTranslations:
    found: gettext.NullTranslations = gettext.NullTranslations()
    for content in reversed(catalogs):
        catalog = gettext.GNUTranslations(io.BytesIO(content))
        catalog.add_fallback(found)
        found = catalog
    return found
