"""Files exported beside the pages."""

from __future__ import annotations

from dataclasses import dataclass

# Whom files are for: ids of messages, in the order in which pages show the groups.
TO_READ = "To read"
FOR_APPLICATIONS = "For applications"
TO_FOLLOW = "To follow"
FOR_MACHINES = "For machines"
READERS = (TO_READ, FOR_APPLICATIONS, TO_FOLLOW, FOR_MACHINES)


@dataclass(frozen=True, slots=True)
class File:
    """Metadata of an exported file: `size` in bytes, a picture's `width` and `height` in pixels.

    `reader` is one of `READERS`, `label` its title beside the other files, `pages` the number of
    pages of a PDF, `record` the id of the record that it is about, if it is about one.
    """

    name: str
    title: str
    media_type: str
    size: int
    reader: str = TO_READ
    label: str = ""
    pages: int = 0
    width: int = 0
    height: int = 0
    record: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture of another file."""
        return self.media_type.startswith("image/")

    @property
    def is_listed(self) -> bool:
        """Whether it is one of the files that pages list and announce."""
        return not (self.is_picture or self.record)

    @property
    def suffix(self) -> str:
        """The suffix of its name, without the dot."""
        return self.name.rpartition(".")[2]

    def saved_as(self, name: str) -> str:
        """Return the name for a downloaded copy, with the person's name: `Ada CV.pdf`."""
        return f"{name} {self.title}.{self.suffix}"

    @property
    def form(self) -> str:
        """The format, for readers: `PDF`."""
        return self.suffix.upper()

    @property
    def measure(self) -> str:
        """The size: `84 kB`."""
        kilobytes = max(1, round(self.size / 1000))
        return f"{kilobytes} kB" if kilobytes < 1000 else f"{self.size / 1_000_000:.1f} MB"

    @property
    def facts(self) -> str:
        """Format and size: `PDF, 84 kB`."""
        return f"{self.form}, {self.measure}"
