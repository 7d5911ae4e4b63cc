"""JSON Resume 0.x and 1.x (https://jsonresume.org/schema), whose texts are Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sphinx_portfolio.importers import dates, latex, text
from sphinx_portfolio.importers.draft import Body, Draft, Section, run
from sphinx_portfolio.importers.source import Fields
from sphinx_portfolio.model import KINDS, Detail

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx_portfolio.importers.draft import Entry, Reference
    from sphinx_portfolio.importers.source import Data

SECTIONS = {
    *("basics", "work", "volunteer", "education", "awards", "certificates", "publications"),
    *("skills", "languages", "interests", "references", "projects"),
}
NETWORKS = {
    "github": "https://github.com/{}",
    "gitlab": "https://gitlab.com/{}",
    "linkedin": "https://www.linkedin.com/in/{}",
    "twitter": "https://x.com/{}",
    "x": "https://x.com/{}",
    "orcid": "https://orcid.org/{}",
    "stackoverflow": "https://stackoverflow.com/users/{}",
    "instagram": "https://www.instagram.com/{}",
    "youtube": "https://www.youtube.com/@{}",
    "telegram": "https://t.me/{}",
}
NETWORK = re.compile(r"[\w .,()/+&'-]{1,40}")
CODE_HOSTS = {"github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "git.sr.ht", "sr.ht"}
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def recognizes(data: Data) -> bool:
    """Return whether data are a résumé in JSON Resume."""
    return isinstance(data, dict) and bool(SECTIONS & data.keys())


def read(name: str, data: Data, as_: str) -> Draft:
    """Return the draft of a file; *as_* is the kind of its publications."""
    draft = Draft(name)
    top = Fields.top(data, draft)
    top.drop("$schema")
    Reader(draft, as_ or "publication").read(top)
    top.rest()
    return draft


class Reader:
    """Reads the sections; a subclass reads texts in another way."""

    def __init__(self, draft: Draft, publications: str) -> None:
        self.draft = draft
        self.publications = publications

    @staticmethod
    def body(written: str) -> Body:
        """Return a text."""
        return text.from_markdown(written)

    @staticmethod
    def bullets(written: list[str]) -> Body:
        """Return bullets."""
        return Body((), text.bullets(written))

    def read(self, top: Fields) -> None:
        """Read all sections."""
        self.basics(top.fields("basics"))
        for name, add in (
            ("work", self.job),
            ("volunteer", self.service),
            ("education", self.degree),
            ("awards", self.award),
            ("certificates", self.certificate),
            ("publications", self.publication),
            ("projects", self.project),
            ("skills", self.skills),
            ("languages", self.language),
        ):
            for item in top.items(name):
                add(item)
        self.listed(top, "interests", "Interests", self.interest)
        self.listed(top, "references", "References", self.recommendation)

    # -- The person -------------------------------------------------------------

    def basics(self, basics: Fields) -> None:
        """Read name, addresses and profiles."""
        person = self.draft.person
        for key in ("name", "label"):
            if value := basics.text(key):
                person[key] = value
        add_email(self.draft, basics, "email")
        add_phone(self.draft, basics, "phone")
        if summary := basics.text("summary"):
            self.draft.summary = self.body(summary)
        self.website(basics)
        self.location(basics.fields("location"))
        for item in basics.items("profiles"):
            network, username = item.text("network"), item.text("username")
            add_profile(item, network, username, item.text("url"))
        basics.rest()

    def website(self, basics: Fields) -> None:
        """Read the person's site as a profile."""
        if website := basics.text("url", "website"):
            add_profile(basics, "Website", "", website, key="url")

    def location(self, location: Fields) -> None:
        """Read the place, and the private street."""
        parts = [location.text(key) for key in ("city", "region", "countryCode")]
        if place := ", ".join(filter(None, parts)):
            self.draft.person["location"] = place
        street, code = location.text("address"), location.text("postalCode")
        if street and not re.search(r"\brequest\b|^n/?a$", street, re.IGNORECASE):
            self.draft.person["street"] = " ".join(", ".join(filter(None, (street, code))).split())
        else:
            location.leave("address", street)
            location.leave("postalCode", code)
        location.rest()

    # -- Entries ----------------------------------------------------------------

    def entry(self, item: Fields, kind: str, title: str, **options: str) -> Entry:
        """Add an entry."""
        return item.entry(kind, title, **options)

    def job(self, item: Fields) -> None:
        """Add a job."""
        organization, position = item.text("name", "company"), item.text("position")
        entry = self.entry(
            item,
            "job",
            position or organization,
            organization=organization or position,
            location=item.text("location"),
            type=item.text("type"),
        )
        add_url(entry, item, "url", "website")
        add_period(entry, item, "startDate", "endDate")
        self.texts(entry, item, "summary", "description")

    def service(self, item: Fields) -> None:
        """Add volunteering."""
        organization = item.text("organization", "name")
        title = item.text("position") or organization
        entry = self.entry(item, "service", title, organization=organization)
        add_url(entry, item, "url", "website")
        add_period(entry, item, "startDate", "endDate")
        self.texts(entry, item, "summary")

    def degree(self, item: Fields) -> None:
        """Add a degree; its title has study, area and score."""
        organization = item.text("institution", "name")
        study, area = item.text("studyType"), item.text("area")
        gpa, score = item.text("gpa"), item.text("score")
        entry = self.entry(item, "degree", "", organization=organization)
        set_degree(entry, study, area, gpa or score, "GPA: " if gpa else "")
        add_url(entry, item, "url", "website")
        add_period(entry, item, "startDate", "endDate")
        set_courses(entry, item.texts("courses"))
        self.texts(entry, item, "summary", "description")

    def award(self, item: Fields) -> None:
        """Add an award."""
        title, awarder = item.text("title", "name"), item.text("awarder")
        entry = self.entry(item, "award", title, organization=awarder)
        add_url(entry, item, "url", "website")
        add_date(entry, item, "date")
        self.texts(entry, item, "summary")

    def certificate(self, item: Fields) -> None:
        """Add a certificate."""
        title, issuer = item.text("name", "title"), item.text("issuer")
        entry = self.entry(item, "certificate", title, issuer=issuer)
        add_url(entry, item, "url", "website")
        add_date(entry, item, "date")
        self.texts(entry, item, "summary")

    def project(self, item: Fields) -> None:
        """Add a project."""
        entry = self.entry(item, "project", item.text("name", "title"))
        add_code(entry, item, "url", "website")
        add_period(entry, item, "startDate", "endDate")
        add_details(entry, item, {"Roles": "roles", "For": "entity", "Type": "type"})
        entry.keywords = tuple(item.texts("keywords"))
        self.texts(entry, item, "description", "summary")

    def skills(self, item: Fields) -> None:
        """Add the skills of a group."""
        add_skills(item, item.text("name"), item.texts("keywords"), item.text("level"))

    def language(self, item: Fields) -> None:
        """Add a language."""
        add_language(item, item.text("language", "name"), item.text("fluency", "level"))

    def publication(self, item: Fields) -> None:
        """Add a publication, or a talk."""
        publisher = item.text("publisher")
        kind = self.publications if publisher else "publication"
        fields = {
            "eventtitle" if kind == "talk" else "howpublished": publisher,
            "url": item.text("url", "website"),
            "abstract": text.words(item.text("summary")),
        }
        date = item.text("releaseDate", "date")
        people = item.texts("authors") or None
        add_work(item, kind, item.text("name", "title"), people, fields, date)

    # -- Texts ------------------------------------------------------------------

    def texts(self, entry: Entry, item: Fields, *names: str) -> None:
        """Add paragraphs of these keys, and the highlights."""
        for name in names:
            entry.body += self.body(item.text(name))
        entry.body += self.bullets(item.texts("highlights"))

    def listed(
        self, top: Fields, name: str, title: str, add: Callable[[Fields], Detail | Body]
    ) -> None:
        """Add a section of the page about the person."""
        section = Section(title=title)
        for item in top.items(name):
            found = add(item)
            if isinstance(found, Detail):
                section.details.append(found)
            else:
                section.body += found
        section.body += self.bullets(top.texts(name))
        if section.body != Body() or section.details:
            self.draft.sections.append(section)

    def interest(self, item: Fields) -> Detail | Body:
        """Return an interest."""
        name, keywords = item.text("name"), ", ".join(item.texts("keywords"))
        if name and keywords:
            return Detail(run(name), run(keywords))
        return self.bullets([name or keywords]) if name or keywords else Body()

    def recommendation(self, item: Fields) -> Detail | Body:
        """Return what somebody says about the person."""
        name, words = item.text("name"), item.text("reference")
        if name and words:
            return Detail(run(name), text.line(words))
        return self.bullets([name or words]) if name or words else Body()


# -- Shared with other formats ----------------------------------------------------


def add_email(draft: Draft, item: Fields, key: str) -> None:
    """Take an e-mail address."""
    value = item.text(key).removeprefix("mailto:")
    if EMAIL.fullmatch(value):
        draft.person["email"] = value
    else:
        item.leave(key, value)


def add_phone(draft: Draft, item: Fields, key: str) -> None:
    """Take a phone number."""
    value = item.text(key)
    number = value.removeprefix("tel:")
    if re.fullmatch(r"\+?[0-9(][0-9 ()./-]+", number):
        draft.person["phone"] = number.lstrip("(") if number[0] == "(" else number
    else:
        item.leave(key, value)


def add_profile(item: Fields, network: str, username: str, url: str, key: str = "url") -> None:
    """Add a profile; its address is known of common networks."""
    name = re.sub(r"\W|\.com$", "", network.lower())
    pattern = NETWORKS.get(name, "")
    account = username.removeprefix("@")
    address = text.web_address(url)
    # The address of the network alone is not that of a profile.
    home = address.partition("://")[2].removeprefix("www.").rstrip("/")
    is_home = home in {"", f"{name}.com"}
    if is_home and pattern and re.fullmatch(r"[\w.-]+(?:/[\w-]+)?", account):
        address = pattern.format(account)
    if url and not text.web_address(url):
        item.leave(key, url)
    if not address:
        item.leave("network", " ".join(filter(None, (network, username))))
        return
    if username and account.lower() not in address.lower():
        item.leave("username", username)
    if network and not NETWORK.fullmatch(network):
        item.leave("network", network)
        network = ""
    shown = network or urlsplit(address).hostname or ""
    profiles = item.draft.profiles
    if profiles.get(shown, address) != address:
        shown = f"{shown} ({account or urlsplit(address).path.strip('/')})"
    profiles[shown] = address


def has_option(kind: str, name: str) -> bool:
    """Return whether a kind of record has an option."""
    options = KINDS[kind].options if kind in KINDS else ()
    return any(option.name == name for option in options or ())


def add_url(entry: Entry, item: Fields, *keys: str) -> None:
    """Take an address, as an option or as a link in the text."""
    if not (value := item.text(*keys)):
        return
    address = text.web_address(value)
    if not address:
        item.leave(keys[0], value)
    elif has_option(entry.kind, "url"):
        entry.options["url"] = address
    else:
        entry.links.append(("Website", address))


def add_code(entry: Entry, item: Fields, *keys: str) -> None:
    """Take the address of a project."""
    value = item.text(*keys)
    if address := text.web_address(value):
        set_code(entry, address)
    else:
        item.leave(keys[0], value)


def set_code(entry: Entry, address: str) -> None:
    """Set the address of a project: of its code if the host is known for code."""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    if host in CODE_HOSTS and "code" not in entry.options:
        entry.options["code"] = address
    elif address not in entry.options.values():
        entry.links.append(("Website", address))


def taken_date(item: Fields, *keys: str) -> str:
    """Take a date; of one in other words the year, and the words are left over."""
    value = item.text(*keys)
    found = dates.normalized(value)
    if value and not found:
        item.leave(keys[0], value)
    return found or dates.year_in(value)


def add_period(entry: Entry, item: Fields, start: str, end: str) -> None:
    """Take start and end."""
    set_period(entry, item, taken_date(item, start), taken_date(item, end), end)


def set_period(entry: Entry, item: Fields, first: str, last: str, key: str) -> None:
    """Set start and end; the end alone is both, and a note."""
    if not first and last and last != "present":
        item.leave(key, f"{last} is the end; when it began is unknown")
        first = last
    if first and first != "present":
        entry.options["start"] = first
        if last:
            entry.options["end"] = last


def add_date(entry: Entry, item: Fields, *keys: str) -> None:
    """Take a date."""
    if date := taken_date(item, *keys):
        entry.options["date"] = date


def add_details(entry: Entry, item: Fields, keys: dict[str, str]) -> None:
    """Take short texts or lists as terms and definitions."""
    for term, key in keys.items():
        if words := item.texts(key):
            entry.details.append(Detail(run(term), run(", ".join(words))))


def set_degree(entry: Entry, study: str, area: str, score: str, label: str = "") -> None:
    """Set the title of a degree, and its parts as options."""
    study, area, score = (" ".join(part.split()) for part in (study, area, score))
    named = area if not study or area.lower() in study.lower() else f"{study} in {area}"
    title = study if area.lower() in study.lower() and study else named
    title = title or entry.options.get("organization", "")
    entry.title = f"{title} ({label}{score})" if score and title else title
    for name, part in (("study", study), ("area", area), ("score", score)):
        if part and (part in entry.title or not entry.title):
            entry.options[name] = part


def set_courses(entry: Entry, courses: list[str]) -> None:
    """Set the courses of a degree."""
    term = entry.options.pop("courses", "Courses")
    if courses:
        entry.details.append(Detail(run(term), run(", ".join(courses))))
        if not any("," in course for course in courses):
            entry.options["courses"] = term


def add_skills(item: Fields, group: str, skills: list[str], level: str) -> list[Entry]:
    """Add the skills of a group, or a skill without a group."""
    found = [item.entry("skill", title, level=level) for title in skills or filter(None, [group])]
    for entry in found:
        entry.group = group if skills else ""
    return found


def add_language(item: Fields, name: str, fluency: str) -> None:
    """Add a language."""
    if name:
        item.entry("language", name, fluency=fluency)
    else:
        item.leave("fluency", fluency)


def add_work(
    item: Fields, kind: str, title: str, people: list[str] | None, fields: dict[str, str],
    date: str, end: str = "",
) -> Reference | None:  # fmt: skip
    """Add a talk or publication by *people*, by default the person of the portfolio."""
    found = dates.normalized(date).replace("present", "")
    if not found:
        item.leave("date", date)
    for name in latex.RAW & fields.keys():
        value = fields[name]
        kept = text.web_address(value) if name in latex.ADDRESSES else value
        fields[name] = "" if re.search(r"[\s{}\\]", kept) else kept
        if not fields[name]:
            item.leave(name, value)
    if not title:
        for name, value in fields.items():
            item.leave(name, value)
        return None
    authors = [item.draft.person.get("name", "")] if people is None else people
    found = found or dates.year_in(date)
    made = latex.reference(kind, title, authors, fields, date=found, end=end)
    made.source, made.path = item.draft.source, item.path
    item.draft.references.append(made)
    return made
