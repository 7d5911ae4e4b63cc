"""The file `resume.json` of a portfolio: JSON Resume whose texts are plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_portfolio.importers import dates, json_resume, slugs, text
from sphinx_portfolio.importers.draft import Body, Draft, run
from sphinx_portfolio.importers.source import Fields
from sphinx_portfolio.model import KINDS, Highlight
from sphinx_portfolio.model.dates import ending_year
from sphinx_portfolio.model.kinds.creative_work import is_name_of
from sphinx_portfolio.model.validators import words

if TYPE_CHECKING:
    from sphinx_portfolio.importers.draft import Entry
    from sphinx_portfolio.importers.source import Data

# Fields of works in BibTeX, by their keys.
WORKS = {"x_format": "type"} | {
    f"x_{name}": name
    for name in (
        *("venue", "shorttitle", "note", "duration", "video", "slides", "code", "paper", "doi"),
        *("arxiv", "pdf", "url"),
    )
}


def recognizes(data: Data) -> bool:
    """Return whether data were exported by this package."""
    meta = data.get("meta") if isinstance(data, dict) else None
    return isinstance(meta, dict) and meta.get("x_generator") == "sphinx-portfolio"


def read(name: str, data: Data, as_: str) -> Draft:
    """Return the draft of a file; *as_* is the kind of all talks and publications."""
    draft = Draft(name)
    top = Fields.top(data, draft)
    top.drop("$schema", "meta")
    Reader(draft, as_).read(top)
    top.rest()
    return draft


class Reader(json_resume.Reader):
    """Reads texts as the export writes them."""

    @staticmethod
    def body(written: str) -> Body:
        """Return the first line as a paragraph, and the others as bullets."""
        first, *rest = [line for line in written.split("\n") if line.strip()] or [""]
        return Body((run(first),) if first else (), tuple(Highlight(run(line)) for line in rest))

    @staticmethod
    def bullets(written: list[str]) -> Body:
        """Return bullets."""
        return Body((), tuple(Highlight(run(line)) for line in written))

    def entry(self, item: Fields, kind: str, title: str, **options: str) -> Entry:
        """Add an entry with the options that JSON Resume has no field for."""
        for option in KINDS[kind].options or ():
            if value := item.text(f"x_{option.name}"):
                options[option.name] = value
        entry = super().entry(item, kind, title, **options)
        entry.id = _id(item, kind)
        return entry

    def texts(self, entry: Entry, item: Fields, *names: str) -> None:
        """Add the texts that JSON Resume has no field for, too."""
        super().texts(entry, item, *names, "x_summary")
        entry.body += self.bullets(item.texts("x_highlights"))

    def degree(self, item: Fields) -> None:
        """Add a degree with its title."""
        title = item.text("x_title")
        super().degree(item)
        self.draft.entries[-1].title = title or self.draft.entries[-1].title

    def language(self, item: Fields) -> None:
        """Add a language with its text."""
        title, fluency = item.text("language"), item.text("fluency")
        self.texts(self.entry(item, "language", title, fluency=fluency), item)

    def skills(self, item: Fields) -> None:
        """Add the skills of a group, with other words for them."""
        count = len(self.draft.entries)
        aliases = {each.text("name"): each.text("aliases") for each in item.items("x_aliases")}
        super().skills(item)
        for entry in self.draft.entries[count:]:
            if found := aliases.get(entry.title):
                entry.options["aliases"] = found

    def website(self, basics: Fields) -> None:
        """Read the address of the portfolio itself."""
        self.draft.site = text.web_address(basics.text("url"))

    def location(self, location: Fields) -> None:
        """Read the place, below the private street if there is one."""
        *street, place = location.text("address").split("\n")
        if place:
            self.draft.person["location"] = place
        if street:
            self.draft.person["street"] = " ".join(street)
        location.rest()

    def service(self, item: Fields) -> None:
        """Add volunteering; events are an option if the dates are those of their names."""
        super().service(item)
        options = self.draft.entries[-1].options
        events = words(options.get("organization", ""))
        years = [ending_year(event) for event in events]
        if years and all(years):
            first, last = min(years), max(years)
            if (options.get("start"), options.get("end")) == (first, last):
                options["events"] = options.pop("organization")
                del options["start"], options["end"]

    def project(self, item: Fields) -> None:
        """Add a project; its address is that of the code."""
        address = item.text("url")
        super().project(item)
        if address:
            self.draft.entries[-1].options["code"] = address

    def publication(self, item: Fields) -> None:
        """Add a talk or publication; a first line of the summary names the people."""
        kind = item.text("x_kind")
        kind = self.publications or (kind if kind in {"talk", "publication"} else "publication")
        people, summary = item.texts("x_people"), item.text("summary")
        name = self.draft.person.get("name", "")
        if any(not is_name_of(each, name) for each in people):
            summary = summary.partition("\n")[2]
        fields = {"eventtitle" if kind == "talk" else "howpublished": item.text("publisher")}
        fields |= {field: item.text(key) for key, field in WORKS.items()}
        fields["abstract"] = summary
        item.drop("url")  # the first of these addresses
        date, end = item.text("releaseDate"), dates.normalized(item.text("x_endDate"))
        if people and people[-1] == "et al.":
            people[-1] = "others"
        key = _id(item, kind)
        if made := json_resume.add_work(item, kind, item.text("name"), people, fields, date, end):
            made.key = key


def _id(item: Fields, kind: str) -> str:
    written = item.text("x_id")
    return slugs.slug(written, kind) if written else ""
