"""Talks in BibTeX."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sphinx_portfolio.bibtex import values
from sphinx_portfolio.bibtex.conversion import ONLY_ADDRESSES, BibKind
from sphinx_portfolio.bibtex.latex import plain_text
from sphinx_portfolio.model import RichText, Run, plain
from sphinx_portfolio.model.kinds.talk import FORMATS, KIND
from sphinx_portfolio.views import talks

if TYPE_CHECKING:
    from datetime import datetime

    from sphinx_portfolio.bibtex.conversion import Reading
    from sphinx_portfolio.bibtex.reader import BibEntry

# Fields of one meaning, the first that is given counts.
EVENT = ("eventtitle", "booktitle", "howpublished", "organization", "note")
VENUE = ("venue", "location", "address")
FORMAT = ("type", "entrysubtype", "howpublished", "note")
PLAIN = "talk"  # the format of a talk of no other format


def read(reading: Reading, title: str) -> dict[str, Any]:
    """Return the fields of a talk."""
    event = reading.text(*EVENT[:-1], usable=_names_event)
    # A note is the event if no other field names one.
    note = _note(reading) if event else ()
    return {
        "speakers": reading.people("author"),
        "event": event or reading.text(EVENT[-1], usable=_names_event),
        "note": note,
        "format": _format(reading.entry, title),
        "venue": reading.text(*VENUE),
        "times": _times(reading),
        "paper": reading.address("paper"),
        "duration": reading.text("duration"),
    }


def _times(reading: Reading) -> tuple[datetime, ...]:
    name = values.date_field(reading.entry)
    return reading.value(name, values.times, reading.entry, ()) if name else ()


def _note(reading: Reading) -> RichText:
    """Return a remark; nothing if it is the format, and a link if it is one address."""
    note = reading.rich("note")
    text = plain(note)
    if text.lower() in {PLAIN, *FORMATS}:
        return ()
    if ONLY_ADDRESSES.fullmatch(text) and (target := reading.address("note")):
        return (Run(text, target=target),)
    return note


def _names_event(text: str) -> bool:
    """Return whether a text names an event, and is not only an address or a format."""
    is_format = text.lower() in {PLAIN, *FORMATS}
    return bool(text) and not ONLY_ADDRESSES.fullmatch(text) and not is_format


# -- Formats ----------------------------------------------------------------------

# What begins or ends a title, or is anywhere in the other fields. A "talk at the Workshop on …" is
# no workshop, and a "poster" in the middle of a sentence may be a file.
PHRASES = {
    "keynote": r"\bkeynote\b",
    "lightning talk": r"\blightning[ -]talk\b",
    "workshop": r"^(?:\w+ )?(?:workshop|tutorial)\b|\binstructors?\b.*\bworkshop\b",
    "panel": r"^(?:\w+ )?panel\b|\bpanell?ists?\b|\bpanel discussion\b",
    "podcast": r"\bpodcast\b",
    "poster": r"^(?:\w+ )?poster\b",
}


def _format(entry: BibEntry, title: str) -> str:
    """Return the format of a talk, from its type, its fields of `FORMAT`, or its title.

    It is empty for a plain talk.
    """
    for text in (entry.type, *(plain_text(entry.latex(name)) for name in FORMAT)):
        for name, phrase in PHRASES.items():
            if re.search(phrase, text, re.IGNORECASE):
                return name
    for name in PHRASES:
        if re.search(rf"^{name}\s*:|[(\[]{name}[)\]]$", title, re.IGNORECASE):
            return name
    return ""


BIB_KIND = BibKind(
    kind=KIND,
    fields=tuple(dict.fromkeys((*EVENT, *VENUE, "type", "entrysubtype", "duration", "paper"))),
    addresses=("paper",),
    read=read,
    row=talks.row,
    program=talks.program,
)
