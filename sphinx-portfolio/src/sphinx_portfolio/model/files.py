"""What pages need to know of a file beside them. Standard library alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """A file beside the site: `size` in bytes; of a picture, `width` and `height` in pixels."""

    name: str
    title: str
    media_type: str
    size: int
    width: int = 0
    height: int = 0

    @property
    def is_picture(self) -> bool:
        """Whether it only shows what another file is."""
        return self.media_type.startswith("image/")

    @property
    def form(self) -> str:
        """What a reader calls its format: `PDF`."""
        return self.name.rpartition(".")[2].upper()

    def saved_as(self, name: str) -> str:
        """Return the name under which it is kept elsewhere, after the person's: `Ada CV.pdf`."""
        return f"{name} {self.title}.{self.name.rpartition('.')[2]}"

    @property
    def facts(self) -> str:
        """Format and size: `PDF, 84 kB`."""
        kilobytes = max(1, round(self.size / 1000))
        size = f"{kilobytes} kB" if kilobytes < 1000 else f"{self.size / 1_000_000:.1f} MB"
        return f"{self.form}, {size}"
