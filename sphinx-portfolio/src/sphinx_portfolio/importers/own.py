"""The file `resume.json` of a portfolio: JSON Resume whose texts are plain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_portfolio.importers import json_resume, latex, text
from sphinx_portfolio.importers.draft import Body, Draft, run
from sphinx_portfolio.importers.source import Fields
from sphinx_portfolio.model import Highlight
from sphinx_portfolio.model.dates import ending_year
from sphinx_portfolio.model.validators import words

if TYPE_CHECKING:
    from sphinx_portfolio.importers.source import Data

SCHEMA = "https://unpkg.com/@jsonresume/schema@"
SPEAKERS = re.compile(r"(With|By) (.+)")


def recognizes(data: Data) -> bool:
    """Tell whether data were exported by this package."""
    schema = data.get("$schema") if isinstance(data, dict) else ""
    return isinstance(schema, str) and schema.startswith(SCHEMA)


def read(name: str, data: Data, as_: str) -> Draft:
    """Return the draft of a file; its publications are talks, unless *as_* says otherwise."""
    draft = Draft(name)
    top = Fields.top(data, draft)
    top.drop("$schema", "meta")
    Reader(draft, as_ or "talk").read(top)
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
        """Add a talk; the summary begins with the other speakers."""
        first, _, rest = item.text("summary").partition("\n")
        name = self.draft.person.get("name", "")
        speakers = [name]
        if match := SPEAKERS.fullmatch(first):
            *most, last = match[2].split(" and ")
            others = [*" and ".join(most).split(", "), last] if most else [last]
            speakers = others if match[1] == "By" else [name, *others]
        else:
            rest = "\n".join(filter(None, (first, rest)))
        fields = {
            "author": latex.people(speakers),
            "eventtitle": item.text("publisher"),
            "url": text.web_address(item.text("url")),
            "abstract": rest,
        }
        kind = self.publications
        json_resume.add_reference(
            self.draft, item, kind, item.text("name"), fields, item.text("releaseDate")
        )
