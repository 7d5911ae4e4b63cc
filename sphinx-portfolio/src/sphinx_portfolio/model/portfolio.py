"""The person and all records together."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from sphinx_portfolio.model.kinds.creative_work import CreativeWork
from sphinx_portfolio.model.kinds.skill import Skill
from sphinx_portfolio.model.messages import ENGLISH, Translator
from sphinx_portfolio.model.records import Record
from sphinx_portfolio.model.richtext import RichText, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sphinx_portfolio.model.dates import Date
    from sphinx_portfolio.model.lab import Lab


@dataclass(frozen=True, slots=True)
class Profile:
    """An account elsewhere; `network` is its name, such as GitHub."""

    network: str
    url: str


@dataclass(frozen=True, slots=True)
class Person:
    """The person: `label` is a short description, `summary` a paragraph, `url` the site's address.

    `family_name` is the part of the name at its start or end that the family has, if it is known.
    `picture` is the name of a file beside the site's home page. `phone` and `street` are private
    and empty when the site is built.
    """

    name: str
    family_name: str = ""
    label: str = ""
    summary: str = ""
    picture: str = ""
    email: str = ""
    location: str = ""
    url: str = ""
    profiles: tuple[Profile, ...] = ()
    phone: str = ""
    street: str = ""


R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Portfolio:
    """All records of a person, newest first, then those without dates in the sources' order.

    `today` decides what is past, present and upcoming. `topics` are ids and titles of what talks
    are about besides skills. `paper` is the paper of the CV, `a4` or `us-letter`; `cv_pages` is
    the number of pages it may have, 0 for any; `fonts` are paths of font files. `translator`
    translates labels. `labs` are in the order of their ids.
    """

    person: Person
    today: Date
    records: tuple[Record, ...]
    topics: tuple[tuple[str, str], ...] = ()
    paper: str = "a4"
    cv_pages: int = 0
    fonts: tuple[str, ...] = ()
    translator: Translator = ENGLISH
    labs: tuple[Lab, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Record]:
        """Each record by its id."""
        return {record.id: record for record in self.records}

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """Return the records of a kind, such as `of(Job)`."""
        return tuple(record for record in self.records if isinstance(record, kind))

    @cached_property
    def skills_by_group(self) -> Mapping[str, tuple[Skill, ...]]:
        """Skills by the heading above them, in the order of the sources."""
        return _inverted(self.of(Skill), lambda skill: (skill.group,))

    def is_upcoming(self, record: Record) -> bool:
        """Return whether a record certainly begins after today."""
        return record.period is not None and record.period.start.first > self.today.last

    def is_over(self, record: Record) -> bool:
        """Return whether a record certainly ended before today."""
        return record.end is not None and record.end.last < self.today.first

    @cached_property
    def _with_skill(self) -> Mapping[str, tuple[Record, ...]]:
        return _inverted(self.records, lambda record: record.skills)

    def with_skill(self, skill: str) -> tuple[Record, ...]:
        """Return the records that prove a skill."""
        return self._with_skill.get(skill, ())

    @cached_property
    def _citing(self) -> Mapping[str, tuple[Record, ...]]:
        return _inverted(self.records, lambda record: record.cites)

    def citing(self, id: str) -> tuple[Record, ...]:
        """Return the records that cite a record."""
        return self._citing.get(id, ())

    def labs_about(self, id: str) -> tuple[Lab, ...]:
        """Return the labs about a record."""
        return tuple(lab for lab in self.labs if id in lab.about)

    def links(self, ids: Iterable[str]) -> RichText:
        """Return links to the records with these ids, with their names; unknown ids are ignored.

        Records with the same name, such as jobs at one employer, are shown with their titles.
        """
        records = [self.by_id[id_] for id_ in ids if id_ in self.by_id]
        names = Counter(record.short for record in records)
        return tuple(
            Run(
                record.short if names[record.short] == 1 else f"{record.title} ({record.short})",
                target=record.id,
            )
            for record in records
        )


def assemble(
    person: Person,
    today: Date,
    records: Iterable[Record],
    topics: Mapping[str, str] | None = None,
    paper: str = "a4",
    cv_pages: int = 0,
    fonts: tuple[str, ...] = (),
    translator: Translator = ENGLISH,
    labs: Iterable[Lab] = (),
) -> Portfolio:
    """Return the portfolio of records.

    References without text get the name of their record, those to keys of BibTeX, also of labs,
    get its id.
    """
    written = sorted(records, key=lambda record: (record.source, record.line, record.id))
    dated = [record for record in written if record.period is not None]
    dated.sort(key=lambda record: record.period.newest_first, reverse=True)  # type: ignore[union-attr]
    undated = [record for record in written if record.period is None]
    works = (each for each in written if isinstance(each, CreativeWork))
    keys = {work.key: work.id for work in works if work.key}
    named = partial(_named, names={record.id: record.name for record in written}, keys=keys)
    complete = tuple(
        replace(
            record,
            summary=named(record.summary),
            evidence=tuple(map(named, record.evidence)),
            highlights=tuple(each.mapped(named) for each in record.highlights),
            details=tuple(each.mapped(named) for each in record.details),
            cites=tuple(dict.fromkeys(keys.get(id_, id_) for id_ in record.cites)),
        )
        for record in (*dated, *undated)
    )
    titles = tuple((topics or {}).items())
    known = tuple(
        replace(lab, about=tuple(keys.get(id_, id_) for id_ in lab.about))
        for lab in sorted(labs, key=lambda lab: lab.id)
    )
    return Portfolio(person, today, complete, titles, paper, cv_pages, fonts, translator, known)


def _named(text: RichText, names: Mapping[str, str], keys: Mapping[str, str]) -> RichText:
    found = (replace(run, target=keys.get(run.target, run.target)) for run in text)
    return tuple(
        run if run.text else replace(run, text=names.get(run.target, run.target)) for run in found
    )


def _inverted(
    records: Iterable[R], keys: Callable[[R], Iterable[str]]
) -> Mapping[str, tuple[R, ...]]:
    """Map each key to the records that have it, in their order."""
    found = defaultdict(list)
    for record in records:
        for key in dict.fromkeys(keys(record)):  # without repetition
            found[key].append(record)
    return {key: tuple(values) for key, values in found.items()}
