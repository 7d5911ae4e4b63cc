"""The CV as Markdown: a parser returns the same words with the same emphasis and links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from markdown_it import MarkdownIt

from invented import FUZZ, NASTY, RICH, everywhere, parts, portfolios, squashed, whole
from sphinx_portfolio.exports import markdown, outline
from sphinx_portfolio.exports.outline import Entry, entry_of, sections
from sphinx_portfolio.model import Portfolio, RichText, Run, Skill, plain
from sphinx_portfolio.model.markdown import paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

# Tables and strikethrough are what code hosts add to CommonMark.
PARSERS = [MarkdownIt(), MarkdownIt("commonmark").enable(["table", "strikethrough"])]

# -- Reading Markdown back ----------------------------------------------------


def rendered(source: str, parser: MarkdownIt = PARSERS[0]) -> str:
    """Return the words that a reader of the rendered page sees."""
    return " ".join("".join(c for c, *_ in characters(token)) for token in parser.parse(source))


def characters(token: Token) -> Iterator[tuple[str, bool, bool, bool, str]]:
    """Yield each character of a block, and whether it is strong, emphasized, code, or a link."""
    strong = emphasis = 0
    href = ""
    if token.content and not token.children and token.type != "inline":
        yield from ((f"<{token.type}>", False, False, False, "") for _ in range(1))
    for child in token.children or ():
        strong += (child.type == "strong_open") - (child.type == "strong_close")
        emphasis += (child.type == "em_open") - (child.type == "em_close")
        if child.type == "link_open":
            href = str(child.attrs["href"])
        elif child.type == "link_close":
            href = ""
        elif child.type in {"text", "code_inline", "softbreak"}:
            for character in child.content or "\n":
                yield character, bool(strong), bool(emphasis), child.type == "code_inline", href
        elif child.type not in {"strong_open", "strong_close", "em_open", "em_close"}:
            yield f"<{child.type}>", False, False, False, ""


def formatted(runs: RichText) -> list[tuple[str, bool, bool, bool, str]]:
    return [
        (character, run.strong, run.emphasis, run.code, run.target)
        for run in runs
        for character in run.text
        if not character.isspace()
    ]


def read_back(source: str) -> list[tuple[str, bool, bool, bool, str]]:
    tokens = [token for token in PARSERS[0].parse(source) if token.type == "inline"]
    found = [each for token in tokens for each in characters(token)]
    return [each for each in found if not each[0].isspace()]


def links(source: str) -> set[tuple[str, str]]:
    found: dict[str, str] = {}
    for token in PARSERS[0].parse(source):
        for character, *_, href in characters(token):
            found[href] = found.get(href, "") + character
    return {(words, href) for href, words in found.items() if href}


def shown(entry: Entry) -> Iterator[str]:
    """Yield the words of an entry in Markdown, in order."""
    yield plain(entry.title)
    labels = ", ".join(label for label, _ in entry.links)
    yield "·".join(filter(squashed, [*(plain(fact) for fact in entry.facts), labels]))
    yield from map(plain, parts(entry))


def expected(portfolio: Portfolio) -> str:
    person = portfolio.person
    parts = [person.street, person.location, person.email and f"Email: {person.email}"]
    parts += [person.phone and f"Phone: {person.phone}", person.url and "Website"]
    parts += [profile.network for profile in person.profiles]
    words = [person.name, "·".join(filter(squashed, parts))]
    for title, records in sections(portfolio):
        words.append(title)
        for record in records:
            if isinstance(record, Skill):
                group = f"{record.group}:" if record.group.strip() else ""
                words.append(group + record.label)
            else:
                words += shown(entry_of(record, portfolio))
    return squashed("".join(words))


# -- Tests


@FUZZ
@given(portfolios())
def test_markdown_reads_back_as_the_same_words(portfolio: Portfolio) -> None:
    source = markdown.cv(portfolio).decode()
    for parser in PARSERS:
        assert squashed(rendered(source, parser)) == expected(portfolio)


@settings(FUZZ, max_examples=300)
@given(RICH)
@example((Run("a"), Run("(b)", strong=True), Run("c")))
@example((Run("a "), Run(" b ", emphasis=True), Run("c", strong=True, emphasis=True)))
@example((Run("a", strong=True), Run("b", emphasis=True), Run("c", code=True), Run("`")))
def test_markdown_keeps_emphasis_code_and_links(runs: RichText) -> None:
    resolved = outline.resolved(runs, whole())
    # Links are compared below: white space may be moved out of them.
    assert [each[:4] for each in read_back(paragraph(resolved))] == [
        each[:4] for each in formatted(resolved)
    ]
    targets = {run.target for run in resolved if run.text.strip() and run.target}
    assert {href for _, href in links(paragraph(resolved))} == {
        PARSERS[0].normalizeLink(target) for target in targets
    }


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("C# and F#, snake_case, 1.5 - 2 > 1", "C# and F#, snake_case, 1.5 - 2 > 1"),
        ("- a", r"\- a"),
        ("1. a", r"1\. a"),
        ("2021) a", r"2021\) a"),
        ("a*b*", r"a\*b\*"),
        ("AT&T & &amp;", r"AT&T & \&amp;"),
    ],
)
def test_markdown_escapes_no_more_than_it_has_to(words: str, source: str) -> None:
    assert paragraph((Run(words),)) == source


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("go test", "`go test`"),
        ("a`b", "``a`b``"),
        # A space beside a backtick at an end, and around words between two spaces:
        # CommonMark strips it again (0.31, section 6.1).
        ("`a", "`` `a ``"),
        ("a`", "`` a` ``"),
        (" a ", "`  a  `"),
        (" a", "` a`"),
        ("``", "``` `` ```"),
        (" ", "` `"),
    ],
)
def test_code_is_padded_where_its_ends_would_be_lost(words: str, source: str) -> None:
    assert paragraph((Run("x "), Run(words, code=True))) == f"x {source}"
    [token] = [token for token in PARSERS[0].parse(f"x {source}") if token.type == "inline"]
    assert [child.content for child in token.children or ()] == ["x ", words]


def test_markup_characters_in_any_field_are_kept() -> None:
    faults = []
    for words in NASTY:
        portfolio = everywhere(words)
        source = markdown.cv(portfolio).decode()
        wanted = expected(portfolio)
        if any(squashed(rendered(source, parser)) != wanted for parser in PARSERS):
            faults.append(ascii(words))
    assert not faults, "\n".join(faults)
