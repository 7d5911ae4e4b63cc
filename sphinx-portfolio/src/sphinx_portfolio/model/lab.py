"""A lab: a model that runs on a page, and the records that it is about."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """A lab on a page; `about` are ids of records, or keys of works in BibTeX."""

    id: str
    title: str
    docname: str
    about: tuple[str, ...] = ()
    source: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def anchor(self) -> str:
        """The id of its element on the page."""
        return f"lab-{self.id}"

    @property
    def place(self) -> str:
        """Where it is written: `file:line`."""
        return f"{self.source}:{self.line}"
