"""The CV as Markdown (CommonMark 0.31), readable as source and rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_portfolio.exports import outline
from sphinx_portfolio.exports.outline import Entry, uri
from sphinx_portfolio.model import Person, Portfolio, Run, Skill, Translator
from sphinx_portfolio.model.markdown import block, inline, link, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator


def cv(portfolio: Portfolio) -> bytes:
    """Return the CV as Markdown (UTF-8)."""
    blocks = [*_person(portfolio.person, portfolio.translator)]
    for title, records in outline.sections(portfolio):
        blocks.append(f"## {title}")
        if records[0].kind == Skill.kind:
            blocks.append("\n".join(_skills(portfolio)))
        else:
            blocks += (
                part for each in records for part in _entry(outline.entry_of(each, portfolio))
            )
    return ("\n\n".join(filter(None, blocks)) + "\n").encode()


def _person(person: Person, translator: Translator) -> Iterator[str]:
    yield f"# {inline((Run(person.name),))}"
    yield paragraph((Run(person.label),))
    mail = link(person.email, uri(f"mailto:{person.email}"))
    parts = (
        inline((Run(person.street),)),
        inline((Run(person.location),)),
        mail and f"{translator.gettext('Email')}: {mail}",
        inline((Run(person.phone and f"{translator.gettext('Phone')}: {person.phone}"),)),
        person.url and link(translator.gettext("Website"), uri(person.url)),
        *(link(profile.network, uri(profile.url)) for profile in person.profiles),
    )
    yield block(" · ".join(filter(None, parts)))
    yield paragraph((Run(person.summary),))


def _skills(portfolio: Portfolio) -> Iterator[str]:
    for group, skills in portfolio.skills_by_group.items():
        titles = Run(", ".join(skill.label for skill in skills))
        label = (Run(f"{group}:", strong=True), Run(" ")) if group.strip() else ()
        yield f"- {paragraph((*label, titles))}"


def _entry(entry: Entry) -> Iterator[str]:
    title = inline(entry.title)
    yield f"### {title}" if title else ""
    links = ", ".join(link(label, address) for label, address in entry.links)
    yield block(" · ".join(filter(None, (*map(inline, entry.facts), links))))
    yield paragraph(entry.summary)
    bullets = outline.bullets(entry.highlights, entry.evidence)
    written = ((indent, paragraph(words)) for indent, words in bullets)
    yield "\n".join(f"{indent}- {words}" for indent, words in written if words)
    for detail in entry.details:
        yield paragraph(outline.detail_text(detail))
