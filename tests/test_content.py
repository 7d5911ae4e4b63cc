"""The résumé on the site: each piece where `resume.yaml` says; other text is no error."""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import yaml
from bs4 import Tag

from repository import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support import Site

RESUME = (REPOSITORY / "tests" / "resume.txt").read_text(encoding="utf-8")
FACTS = yaml.safe_load((REPOSITORY / "tests" / "resume.yaml").read_text(encoding="utf-8"))
LEFT_OUT, SPELLING = FACTS["left out"], FACTS["spelling"]
LABELS = re.compile(r"\[([^\]]+)\](?:\(#\))?")  # of links, in the résumé
EMPHASIS = re.compile(r"(\*{1,2})(.+?)\1")


def plain(text: str) -> str:
    """Fold white space, typographic quotes and dashes, and other spellings."""
    text = " ".join(text.translate(str.maketrans("‘’“”–—", "''\"\"--")).split())
    for old, new in SPELLING.items():
        text = text.replace(old, new)
    return text


def resume_text() -> str:
    """Return the text of the résumé without what the site leaves out and labels of links."""
    text = RESUME
    for sentence in LEFT_OUT:
        assert sentence in text
        text = text.replace(sentence, "")
    return LABELS.sub("|", text)


def own_text(element: Tag) -> str:
    """Return the text of an element without that of lists in it, and of a talk its first line."""
    parts = []
    for child in element.children:
        name = child.name if isinstance(child, Tag) else ""
        if name == "p" and "portfolio-talk" in element.get_attribute_list("class"):
            return ": ".join(mark.get_text() for mark in element.select("strong, em"))
        if name not in {"ul", "ol"}:
            parts.append(child.get_text())
    return "".join(parts).removesuffix("¶")


def pieces(selector: str, items: list[Any]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the selector and each piece of a list, with the bullets nested in it."""
    for item in items:
        if isinstance(item, dict):
            for parent, nested in item.items():
                yield selector, parent, nested
                yield from pieces("li", nested)
        else:
            yield selector, item, []


EXPECTED = [
    (page, *piece)
    for page, selectors in FACTS["pages"].items()
    for selector, items in selectors.items()
    for piece in pieces(selector, items)
]


def misplaced(elements: list[tuple[Tag, str]], piece: str, nested: list[str]) -> str:
    """Return why a piece is not in its place, among elements and their texts, or nothing."""
    wanted = plain(EMPHASIS.sub(r"\2", piece))
    found = [element for element, text in elements if text == wanted]
    if len(found) != 1:
        return f"is there {len(found)} times, among {[text for _, text in elements]}"
    [element] = found
    for mark, text in EMPHASIS.findall(piece):
        name = "strong" if mark == "**" else "em"
        words = [plain(each.get_text()) for each in element.select(name)]
        if plain(text).removesuffix(":") not in words:
            return f"has no <{name}>{text}</{name}>"
    # Bullets are below a heading, or in an item.
    parent = element if element.name == "li" else element.parent
    assert parent
    claims = parent.select(":scope > ul > li:not(.portfolio-evidence)")
    shown = [plain(own_text(claim)) for claim in claims]
    expected = [plain(EMPHASIS.sub(r"\2", claim)) for claim in nested]
    missing = [claim for claim in expected if claim not in shown]
    return f"has below it {shown}, without {missing}" if missing else ""


def test_every_piece_of_the_resume_is_in_its_place(site: Site) -> None:
    missing = []
    for (page, selector), places in groupby(EXPECTED, key=itemgetter(0, 1)):
        elements = [(each, plain(own_text(each))) for each in site[page].select(selector)]
        for _, _, piece, nested in places:
            if reason := misplaced(elements, piece, nested):
                missing.append(f"{page}, {selector}: {piece!r} {reason}")
    assert missing == []


def test_every_word_of_the_resume_has_a_place() -> None:
    text = plain(resume_text()).replace("*", "")
    known = [plain(piece).replace("*", "") for _, _, piece, _ in EXPECTED]
    # A line of facts on the site joins lines of the résumé.
    facts = [part for piece in known for part in piece.split(", ")]
    for piece in sorted({*known, *facts}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(piece)}(?!\w)", "\n", text, flags=re.IGNORECASE)
    assert re.findall(r"\w+", text) == []
