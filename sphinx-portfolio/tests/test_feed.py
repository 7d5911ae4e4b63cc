"""The feed: valid by the schema of RFC 4287, as feed readers read it, and the same every time."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import feedparser
import pytest
from hypothesis import given
from lxml import etree

from invented import FUZZ, NASTY, everywhere, made, portfolios, whole
from sphinx_portfolio.exports import feed
from sphinx_portfolio.model import (
    KINDS,
    Award,
    Detail,
    Highlight,
    Job,
    Period,
    Portfolio,
    Project,
    Publication,
    Record,
    Run,
    Talk,
    Translator,
)

SITE = "https://ada.example/site/"
SCHEMA = etree.RelaxNG(file=Path(__file__).parent / "atom" / "atom.rng")
ATOM = {"a": feed.ATOM, "x": feed.XHTML}


def valid(content: bytes) -> Any:
    """Return the feed as lxml parses it, once it is valid."""
    root = etree.fromstring(content)
    SCHEMA.assertValid(root)
    # What the Schematron rules of the schema say.
    assert len(root.findall("a:author", ATOM)) == 1
    for entry in root.findall("a:entry", ATOM):
        assert len(entry.findall("a:link[@rel='alternate']", ATOM)) == 1
    # What the text of the RFC says (sections 4.1.1, 4.1.2).
    ids = [each.text for each in root.iter(f"{{{feed.ATOM}}}id")]
    assert len({*ids}) == len(ids)
    return root


def parsed(*records: Record, **person: Any) -> Any:
    """Return the feed of records as feedparser reads it."""
    content = feed.feed(whole(*records, **person))
    valid(content)
    found = feedparser.parse(content)
    assert not found.bozo
    return found


def dated(kind: type[Record], id_: str, start: str, end: str = "", **fields: Any) -> Record:
    return made(kind, id=id_, title=id_, period=Period.parse(start, end or start), **fields)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"<id>.*?</id>", ""),
        (r"<updated>.*?</updated>", "<updated>2020</updated>"),
        (r'type="xhtml"', 'type="html"'),
        (r"<title>.*?</title>", ""),
        (r' href="\./"', ""),
        (r"<author>", "<author><a/>"),
    ],
)
def test_the_schema_finds_faults(old: str, new: str) -> None:
    content = feed.feed(whole(made(Talk))).decode()
    faulty, count = re.subn(old, new, content, count=1)
    assert count == 1
    assert SCHEMA.validate(etree.fromstring(content.encode()))
    assert not SCHEMA.validate(etree.fromstring(faulty.encode()))


def test_the_feed_is_of_the_person() -> None:
    found = parsed(made(Talk), url=SITE, label="Engineer").feed
    assert (found.title, found.subtitle, found.language) == ("Ada", "Engineer", "en")
    assert found.author_detail == {"name": "Ada", "href": SITE}
    links = {link.rel: (link.href, link.type) for link in found.links}
    assert links == {
        "self": (f"{SITE}feed.xml", "application/atom+xml"),
        "alternate": (SITE, "text/html"),
    }


def test_an_entry_says_what_where_and_when_and_has_all_links() -> None:
    talk = dated(
        *(Talk, "talk", "2020-03"),
        docname="talks/index",
        event="Conf",
        venue="Rome",
        speakers=("Ada", "Bob"),
        summary=(Run("How "), Run("pipes", emphasis=True), Run(" are made")),
        video="https://video.example/",
        url="https://conf.example/",
    )
    [entry] = parsed(talk, url=SITE).entries
    assert entry.title == "Talk: talk (Mar. 2020)"
    assert entry.link == f"{SITE}talks/#talk"
    assert [(it.rel, it.title, it.href) for it in entry.links if it.rel == "related"] == [
        ("related", "Video", "https://video.example/"),
        ("related", "Event page", "https://conf.example/"),
    ]
    assert [(tag.term, tag.label) for tag in entry.tags] == [("talk", "talk")]
    assert entry.content[0].type == "application/xhtml+xml"
    assert entry.content[0].value == (
        "<p><em>Conf, Mar. 2020</em>, Rome, with Bob</p><p>How <em>pipes</em> are made</p>"
        '<ul><li><a href="https://video.example/">Video</a></li>'
        '<li><a href="https://conf.example/">Event page</a></li></ul>'
    )


def test_a_project_has_its_bullets_with_their_evidence() -> None:
    proof = (Run("proof", target="https://proof.example/"),)
    nested = Highlight((Run("Small", strong=True, code=True),))
    project = dated(
        *(Project, "p", "2020"),
        highlights=(Highlight((Run("Big"),), (proof,), (nested,)),),
        evidence=(proof,),
        details=(Detail((Run("In"),), (Run("Go"),)),),
    )
    [entry] = parsed(project).entries
    shown = '<li><a href="https://proof.example/">proof</a></li>'
    assert entry.content[0].value == (
        "<p>2020</p><ul><li>Big<ul><li><strong><code>Small</code></strong></li>"
        f"{shown}</ul></li>{shown}</ul><p><strong>In</strong><strong>:</strong> Go</p>"
    )


def test_a_partial_date_is_its_first_day_and_shown_as_it_is() -> None:
    entries = parsed(
        dated(Talk, "day", "2020-03-17"),
        dated(Talk, "month", "2020-02"),
        dated(Talk, "year", "2020"),
    ).entries
    assert [(entry.updated, entry.title) for entry in entries] == [
        ("2020-03-17T00:00:00Z", "Talk: day (Mar. 2020)"),
        ("2020-02-01T00:00:00Z", "Talk: month (Feb. 2020)"),
        ("2020-01-01T00:00:00Z", "Talk: year (2020)"),
    ]
    texts = [entry.content[0].value for entry in entries]
    assert [re.findall(r"Conf\W*(.*20\d\d)", text) for text in texts] == [
        ["Mar. 2020"], ["Feb. 2020"], ["2020"],
    ]  # fmt: skip


def test_kinds_say_whether_they_are_in_the_feed() -> None:
    records = [dated(kind.record, name, "2020") for name, kind in KINDS.items()]
    titles = {entry.title for entry in parsed(*records).entries}
    assert titles == {
        "Talk: talk (2020)",
        "Publication: publication (2020)",
        "Project: project (2020)",
        "Award: award (2020)",
    }


def test_a_project_that_ended_is_news_again() -> None:
    entries = parsed(
        dated(Project, "ended", "2019-01", "2022-04"),
        dated(Project, "ends", "2021", "2030"),
        dated(Project, "goes on", "2020", "present"),
        dated(Talk, "days", "2018-03-01", "2018-03-05"),
    ).entries
    assert [(entry.updated[:10], entry.title) for entry in entries] == [
        ("2022-04-01", "Project: ended (Jan. 2019 – Apr. 2022)"),
        ("2021-01-01", "Project: ends (2021 – 2030)"),
        ("2020-01-01", "Project: goes on (2020 – Present)"),
        ("2018-03-01", "Talk: days (Mar. 2018)"),
    ]


def test_what_is_still_to_come_or_has_no_date_is_left_out() -> None:
    found = parsed(
        dated(Talk, "to come", "2024-06-01"),
        dated(Talk, "today", "2024-05-31"),
        dated(Talk, "perhaps", "2024"),
        made(Project, period=None),
    )
    assert [entry.title[6:] for entry in found.entries] == ["today (May 2024)", "perhaps (2024)"]
    assert found.feed.updated == "2024-05-31T00:00:00Z"
    assert feed.entries(whole(made(Project, period=None), made(Job))) == []


def test_identifiers_depend_on_the_person_and_the_id_alone() -> None:
    def ids(*records: Record, **person: Any) -> list[str]:
        found = parsed(*records, **person)
        return [found.feed.id, *(entry.id for entry in found.entries)]

    first = ids(made(Talk, id="t"), made(Award, id="a"))
    assert all(UUID(id_).version == 5 and id_.startswith("urn:uuid:") for id_ in first)
    moved = made(Talk, id="t", title="Other", docname="other", url="https://e.example/")
    assert ids(moved, made(Award, id="a"), url=SITE, label="X") == first
    others = ids(made(Talk, id="u"), made(Award, id="b"), name="Bob")
    assert not {*others} & {*first}
    # Published identifiers may not change: these are those of version 0.2.
    assert first[:2] == [
        "urn:uuid:01ee27a5-2474-5c0c-96c2-37887f3f72d6",
        "urn:uuid:65eb5808-9de7-50e7-bd4f-01f22a296e61",
    ]


def test_without_the_sites_address_links_are_relative_to_the_feed() -> None:
    root = valid(feed.feed(whole(made(Talk, docname="talks/index"))))
    assert [link.attrib for link in root.findall("a:link", ATOM)] == [
        {"rel": "alternate", "type": "text/html", "href": "./"}
    ]
    [link] = root.findall("a:entry/a:link", ATOM)
    assert link.get("href") == "talks/#talk"
    assert not root.xpath("//@xml:base")
    # As a reader resolves them.
    found = feedparser.parse(
        feed.feed(whole(made(Talk, docname="talks/index"))),
        response_headers={"content-location": f"{SITE}feed.xml"},
    )
    assert (found.feed.link, found.entries[0].link) == (SITE, f"{SITE}talks/#talk")


def test_the_feed_is_the_same_for_the_same_records_in_any_order() -> None:
    records = [dated(Talk, f"t{number}", "2020") for number in range(9)]
    records += [dated(Publication, "p", "2020"), dated(Award, "a", "2020")]
    one = feed.feed(whole(*records, url=SITE))
    assert feed.feed(whole(*reversed(records), url=SITE)) == one
    assert one.endswith(b"</feed>\n")


def test_the_feed_is_in_the_language_of_the_site() -> None:
    portfolio = replace(whole(made(Talk)), translator=Translator.load("pt_BR"))
    assert valid(feed.feed(portfolio)).xpath("string(@xml:lang)") == "pt-BR"
    german = replace(whole(made(Talk)), translator=Translator.load("de"))
    [title] = valid(feed.feed(german)).findall("a:entry/a:title", ATOM)
    assert title.text == "Vortrag: A Title (März 2020)"


@pytest.mark.parametrize("words", [*NASTY, "]]>", "a\r\nb"], ids=ascii)
def test_any_words_are_text(words: str) -> None:
    root = valid(feed.feed(everywhere(words)))
    folded = " ".join(re.split(r"[ \t\r\n]+", words)).strip(" ")
    titles = [each.text for each in root.findall("a:entry/a:title", ATOM)]
    assert len(titles) == 4
    assert all(folded in title for title in titles)
    contents = root.findall("a:entry/a:content/x:div", ATOM)
    text = words.replace("\r\n", "\n")  # XML 1.0, section 2.11
    assert all(text in "".join(each.itertext()) for each in contents)


@FUZZ
@given(portfolios())
def test_any_portfolio_has_a_valid_feed(portfolio: Portfolio) -> None:
    root = valid(feed.feed(portfolio))
    updated = [each.text for each in root.findall("a:entry/a:updated", ATOM)]
    assert updated == sorted(updated, reverse=True)
    assert root.findtext("a:updated", namespaces=ATOM) == updated[0]
