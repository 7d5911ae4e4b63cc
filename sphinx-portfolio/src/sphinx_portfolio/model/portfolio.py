"""The person and all records together."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from sphinx_portfolio.model.kinds.skill import Skill
from sphinx_portfolio.model.records import Record
from sphinx_portfolio.model.richtext import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sphinx_portfolio.model.dates import Date
    from sphinx_portfolio.model.richtext import RichText


@dataclass(frozen=True, slots=True)
class Profile:
    """An account elsewhere; `network` is its name, such as GitHub."""

    network: str
    url: str


@dataclass(frozen=True, slots=True)
class Person:
    """The person; `url` is the site's address, `label` describes the person in a line.

    `phone` and `street` are private: no build of the site knows them.
    """

    name: str
    label: str = ""
    email: str = ""
    location: str = ""
    url: str = ""
    profiles: tuple[Profile, ...] = ()
    phone: str = ""
    street: str = ""


R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Portfolio:
    """All records of a person, newest first; records without dates in the order of the sources.

    `topics` are what talks are about beside skills, each with its title. `today` decides what is
    past, present and upcoming. `paper` is the paper of the CV: `a4` or `us-letter`; `cv_pages`
    the most pages that it may have, 0 without a limit.
    """

    person: Person
    today: Date
    records: tuple[Record, ...]
    topics: tuple[tuple[str, str], ...] = ()
    paper: str = "a4"
    cv_pages: int = 0

    @cached_property
    def by_id(self) -> Mapping[str, Record]:
        """Each record by its id."""
        return {record.id: record for record in self.records}

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """Return the records of a kind, such as `of(Job)`."""
        return tuple(record for record in self.records if isinstance(record, kind))

    def of_kind(self, name: str) -> tuple[Record, ...]:
        """Return the records of a kind, such as `of_kind("job")`."""
        return tuple(record for record in self.records if record.kind == name)

    @cached_property
    def skills_by_group(self) -> Mapping[str, tuple[Skill, ...]]:
        """Skills by the heading above them, in the order of the sources."""
        return _inverted(self.of(Skill), lambda skill: (skill.group,))

    def is_upcoming(self, record: Record) -> bool:
        """Tell whether a record has not begun, by the last day on which it may begin."""
        return record.period is not None and record.period.start.first > self.today.last

    def is_over(self, record: Record) -> bool:
        """Tell whether a record has ended, by the last day on which it may end."""
        return record.end is not None and record.end.last < self.today.first

    @cached_property
    def _evidence(self) -> Mapping[str, tuple[Record, ...]]:
        return _inverted(self.records, lambda record: record.skills)

    def evidence(self, skill: str) -> tuple[Record, ...]:
        """Return the records that prove a skill."""
        return self._evidence.get(skill, ())

    @cached_property
    def _citing(self) -> Mapping[str, tuple[Record, ...]]:
        return _inverted(self.records, lambda record: record.cites)

    def citing(self, id: str) -> tuple[Record, ...]:
        """Return the records that cite a record."""
        return self._citing.get(id, ())

    def links(self, ids: Iterable[str]) -> RichText:
        """Name the records with these ids, and link to them; unknown ids are left out.

        Records with the same name, such as jobs at one employer, get their titles, too.
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
) -> Portfolio:
    """Sort records into a portfolio; references without text get the name of their record."""
    written = sorted(records, key=lambda record: (record.source, record.line, record.id))
    dated = [record for record in written if record.period is not None]
    dated.sort(key=lambda record: record.period.newest_first, reverse=True)  # type: ignore[union-attr]
    undated = [record for record in written if record.period is None]
    names = {record.id: record.name for record in written}
    named = partial(_named, names=names)
    read = tuple(
        replace(
            record,
            summary=named(record.summary),
            evidence=named(record.evidence),
            highlights=tuple(each.mapped(named) for each in record.highlights),
            details=tuple(each.mapped(named) for each in record.details),
        )
        for record in (*dated, *undated)
    )
    return Portfolio(person, today, read, tuple((topics or {}).items()), paper, cv_pages)


def _named(text: RichText, names: Mapping[str, str]) -> RichText:
    return tuple(
        run if run.text else replace(run, text=names.get(run.target, run.target)) for run in text
    )


def _inverted(
    records: Iterable[R], keys: Callable[[R], Iterable[str]]
) -> Mapping[str, tuple[R, ...]]:
    """Map each key to the records that have it, in their order."""
    found = defaultdict(list)
    for record in records:
        for key in dict.fromkeys(keys(record)):
            found[key].append(record)
    return {key: tuple(values) for key, values in found.items()}
