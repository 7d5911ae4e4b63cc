"""The content of the site against the résumé: each piece in its place, and nothing else."""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import yaml
from bs4 import Tag

from repository import REPOSITORY
from support import Site, one

if TYPE_CHECKING:
    from collections.abc import Iterator

RESUME = (REPOSITORY / "tests" / "resume.txt").read_text(encoding="utf-8")
PLACES = yaml.safe_load((REPOSITORY / "tests" / "resume.yaml").read_text(encoding="utf-8"))
OURS = PLACES.pop("ours")
# Labels of links, and a sentence that has no address yet.
LABELS = re.compile(r"\[(talk|slides|code|GitHub|LinkedIn|Blog)\](?:\(#\))?")
LEFT_OUT = "A full list of my talks can be found [here](#)."
EMPHASIS = re.compile(r"(\*{1,2})(.+?)\1")


def plain(text: str) -> str:
    """Fold white space, and typographic quotes and dashes, and one month's two spellings."""
    text = text.translate(str.maketrans("‘’“”–—", "''\"\"--"))
    return " ".join(text.split()).replace("September 2022", "Sep. 2022")


def own_text(element: Tag) -> str:
    """Return the text of an element without that of lists in it, and of a talk its first line."""
    parts = []
    for child in element.children:
        name = child.name if isinstance(child, Tag) else ""
        if name == "p" and "portfolio-talk" in element.get_attribute_list("class"):
            return " ".join(mark.get_text() for mark in element.select("strong, em"))
        if name not in {"ul", "ol"}:
            parts.append(child.get_text())
    return "".join(parts).removesuffix("¶")


def pieces(items: list[Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield each piece of a list with the pieces nested in it."""
    for item in items:
        if isinstance(item, dict):
            for parent, nested in item.items():
                yield parent, nested
                yield from pieces(nested)
        else:
            yield item, []


EXPECTED = [
    (page, selector, piece, nested)
    for page, selectors in PLACES.items()
    for selector, items in selectors.items()
    for piece, nested in pieces(items)
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
        if plain(text) not in [plain(each.get_text()) for each in element.select(name)]:
            return f"has no <{name}>{text}</{name}>"
    claims = element.select(":scope > ul > li:not(.portfolio-evidence)")
    shown = [plain(own_text(claim)) for claim in claims]
    expected = [plain(EMPHASIS.sub(r"\2", claim)) for claim in nested]
    return "" if shown == expected else f"has below it {shown}, not {expected}"


def test_every_piece_of_the_resume_stands_in_its_place(site: Site) -> None:
    assert len(EXPECTED) > 100
    missing = []
    for (page, selector), places in groupby(EXPECTED, key=itemgetter(0, 1)):
        elements = [(each, plain(own_text(each))) for each in site[page].select(selector)]
        for _, _, piece, nested in places:
            if reason := misplaced(elements, piece, nested):
                missing.append(f"{page}, {selector}: {piece!r} {reason}")
    assert missing == []


def test_every_word_of_the_resume_has_its_place() -> None:
    text = plain(LABELS.sub("", RESUME.replace(LEFT_OUT, ""))).replace("*", "")
    known = [plain(piece).replace("*", "") for _, _, piece, _ in EXPECTED]
    # A line of facts joins on the site what stands on lines of its own in the résumé.
    facts = [part for piece in known for part in piece.split(", ")]
    for piece in sorted({*known, *facts}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(piece)}(?!\w)", "\n", text, flags=re.IGNORECASE)
    assert [word for word in re.findall(r"\w+", text) if word != "Email"] == []


# What is drawn from records, or links to other pages and sites.
VIEWS = ", ".join(
    [
        *(".portfolio-facts", ".portfolio-cards", ".portfolio-entries", ".portfolio-talks"),
        *(".portfolio-filter", ".portfolio-year", ".portfolio-evidence-of", ".portfolio-copy"),
        *(".portfolio-actions", ".portfolio-downloads", "details", ".rubric"),
        ".portfolio-evidence",
    ]
)


def test_pages_say_nothing_else(site: Site) -> None:
    known = {plain(EMPHASIS.sub(r"\2", piece)) for _, _, piece, _ in EXPECTED}
    known |= {plain(piece) for piece in OURS}
    unknown = []
    for page in (name for name in site.names if (REPOSITORY / f"{name}.md").is_file()):
        for element in site[page].select("article :is(h1, h2, h3, h4, p, li, dt, dd, figcaption)"):
            text = rest = plain(own_text(element))
            # A reference reads as the record it leads to: it says nothing of its own.
            references = element.select(".bibtex-citation, a.internal:has(span)")
            for words in sorted((plain(each.get_text()) for each in references), key=len)[::-1]:
                rest = rest.replace(words, "")
            said = text not in known and re.search(r"\w", rest)
            if said and not element.css.closest(VIEWS):
                unknown.append((page, text))
    assert not unknown, "\n".join(map(str, unknown))


def test_projects_show_all_bullets_and_no_others(site: Site) -> None:
    for page in (name for name in site.names if name.startswith("projects/")):
        bullets = [
            plain(own_text(e)) for e in site[page].select("section > ul:not(.portfolio-cards) > li")
        ]
        expected = [plain(EMPHASIS.sub(r"\2", text)) for text in PLACES[page].get("li", [])]
        assert bullets == expected


def test_talks_are_listed_newest_first_with_the_labels_of_the_resume(site: Site) -> None:
    talks = site["talks/index"].select("ol.portfolio-talks > li.portfolio-talk")
    assert len(talks) == 9
    dates = [tuple(re.findall(r"\d{4}", own_text(talk))) for talk in talks]
    assert all(newer >= older for newer, older in pairwise(dates))
    links = {
        plain(one(talk, ".portfolio-line strong").get_text()): talk.select(".portfolio-links a")
        for talk in talks
    }
    labels = {title: [link.get_text() for link in found] for title, found in links.items()}
    # The résumé lists [talk][slides]; those without a public address are left out.
    without = {
        "The Kubernetes Storage Layer: Peeling The Onion:": {"slides"},
        "Adventures In Optimizing The Kubernetes API Server:": {"video"},
        "Control Theory, Controllers and Kubernetes:": {"video"},
    }
    compared = set()
    for line in re.findall(r"^- \*\*(.+)\*\*(.*)$", RESUME, re.MULTILINE):
        title, rest = plain(line[0]), line[1]
        if title in labels:
            listed = {"video" if label == "talk" else label for label in LABELS.findall(rest)}
            wanted = listed - without.get(title, set())
            assert wanted == set(labels[title]) & {"video", "slides"}, title
            compared.add(title)
    assert len(compared) == 9
    for title, found in links.items():
        order = ["video", "slides", "code", "paper", "event page"]
        assert labels[title] == [label for label in order if label in labels[title]]
        for link, label in zip(found, labels[title], strict=True):
            # The class puts it in its column; the tooltip names the talk.
            field = "url" if label == "event page" else label
            assert f"portfolio-link-{field}" in link.get_attribute_list("class")
            assert plain(f"{link['title']}:") == f"{label.capitalize()}: {title}"


def test_evidence_is_below_a_claim_of_the_resume(site: Site) -> None:
    claims = {plain(EMPHASIS.sub(r"\2", piece)) for _, _, piece, _ in EXPECTED}
    evidence = 0
    for page in site.names:
        for item in site[page].select("article li.portfolio-evidence"):
            claim = item.find_parent("li") or one_heading(item)
            assert plain(own_text(claim)) in claims, (page, item)
            assert len(item.select("a")) == 1, (page, item)
            evidence += 1
    assert evidence > 20


def one_heading(item: Tag) -> Tag:
    """Return the heading of the section that an item is in."""
    section = item.find_parent("section")
    assert section
    return one(section, ":scope > :is(h1, h2, h3)")


def test_a_talk_of_several_speakers_credits_them_all(site: Site) -> None:
    talk = one(site["talks/index"], "#ebpf-and-the-go-scheduler")
    assert one(talk, "dd.portfolio-fact-speakers p").get_text() == "Raghav Roy, Madhav Jivrajani"


def test_home_cites_the_three_newest_talks(site: Site) -> None:
    newest = site["talks/index"].select("ol.portfolio-talks > li.portfolio-talk")[:3]
    shown = site["index"].select("ol.portfolio-talks > li")
    for selector in (".portfolio-line", ".portfolio-links a"):
        said = [[each.get_text() for each in item.select(selector)] for item in newest]
        assert all(said)
        assert [[each.get_text() for each in item.select(selector)] for item in shown] == said
    titles = [one(item, ".portfolio-line a")["href"] for item in shown]
    assert titles == [f"talks/index.html#{talk['id']}" for talk in newest]
    assert [one(talk, ".portfolio-line a")["href"] for talk in newest] == [
        f"#{talk['id']}" for talk in newest
    ]
    links = [[link["href"] for link in item.select(".portfolio-links a")] for item in newest]
    assert [[link["href"] for link in item.select(".portfolio-links a")] for item in shown] == links


def test_home_repeats_no_section(site: Site) -> None:
    """Its only lists are those of the timeline, talks and cards."""
    lists = site["index"].select("article :is(ul, ol):not(li *)")
    assert [(each.name, each.get("class")) for each in lists] == [
        ("ul", ["simple"]),
        ("ol", ["arabic", "portfolio-talks", "portfolio-programme"]),
        ("ul", ["portfolio-cards"]),
    ]


def test_home_says_who_what_and_where_to_look(site: Site) -> None:
    home = site["index"]
    sentence = one(home, "h1 ~ p:not(:has(a))").get_text()
    assert sentence in RESUME
    lead, place, email = home.select("h1 ~ p, h1 ~ .portfolio-facts > p")[:3]
    assert lead.get_text().endswith(" at VMware")
    assert [place.get_text(), email.get_text()] == ["Bangalore, India", "madhav.jiv@gmail.com"]
    assert f"{place.get_text()} | Email: {email.get_text()}" in RESUME.splitlines()
    assert str(one(email, "a")["href"]).replace("%40", "@") == f"mailto:{email.get_text()}"
    assert len(one(home, "article .portfolio-facts").select("p")) == 2
    buttons = {
        a.get_text(): str(a["href"]).replace("%40", "@")
        for a in home.select(".portfolio-actions a")
    }
    assert buttons == {
        "CV": "cv.pdf",
        "Talks": "talks/index.html",
        "Projects": "projects/index.html",
        "GitHub": "https://github.com/MadhavJivrajani",
        "LinkedIn": "https://www.linkedin.com/in/madhav-jivrajani/",
        "Email": "mailto:madhav.jiv@gmail.com",
    }
    assert len(home.select("ul.portfolio-cards > li")) == 4
    skills = one(home, "section:has(> h2:-soup-contains('Skills'))")
    assert len(skills.select("a[href^='skills.html#']")) >= 6
