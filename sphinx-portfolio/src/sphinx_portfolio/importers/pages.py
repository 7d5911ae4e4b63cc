"""Drafts as pages and BibTeX: new text only, at the end of files, of groups and of toctrees."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_portfolio.importers import bibtex, slugs
from sphinx_portfolio.importers.draft import Body, Draft, Entry, Leftover, run
from sphinx_portfolio.model import KINDS, Detail, Period, RecordError, Run, Skill, plain
from sphinx_portfolio.model.consistency import occurs
from sphinx_portfolio.model.markdown import inline, paragraph
from sphinx_portfolio.model.richtext import flatten
from sphinx_portfolio.model.validators import verbatim

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from sphinx_portfolio.importers.draft import Reference, Section
    from sphinx_portfolio.model import Highlight, Portfolio, Record, RichText
    from sphinx_portfolio.model.kind import Kind, Options

TITLE_PARTS = {"study", "area", "score"}  # of degrees
# Sphinx writes these with other characters.
TYPOGRAPHIC = re.compile(r"--|\.\.\.|['\"]")
REPORT = "import-report.md"
ABOUT = "about.md"
# What a site never has: see `sources.private`.
PRIVATE = "private.toml"
PRIVATE_KEYS = ("phone", "street")
# The pages of kinds whose records share one, with their titles.
SHARED = {
    "degree": ("experience/education.md", "Education"),
    "certificate": ("experience/certificates.md", "Certificates"),
    "award": ("experience/awards.md", "Awards"),
    "service": ("experience/volunteering.md", "Volunteering"),
    "skill": ("skills.md", "Skills"),
    "language": ("languages.md", "Languages"),
}
FOLDERS = {"experience": "Experience", "projects": "Projects"}
# In this order entries are added: skills first, which others name.
ORDER = ("skill", "job", "degree", "certificate", "award", "service", "project", "language")
BIBLIOGRAPHIES = {
    "talk": ("talks", "Talks", "portfolio_talks"),
    "publication": ("publications", "Publications", "portfolio_publications"),
}


@dataclass(slots=True)
class Result:
    """What an import changes: texts of files, names of skipped entries, and what has no place."""

    files: dict[str, str] = field(default_factory=dict)
    added: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)


@dataclass(slots=True)
class Known:
    """What a portfolio already has.

    `read` returns the text of a file, None if it is missing; `bibliographies` are the BibTeX files
    by kind; `lists_all` tells whether a bibliography on a page lists all files of works;
    `includes` tells whether the site has a page, `values` are those of lists in conf.py.
    """

    read: Callable[[str], str | None] = lambda name: None
    portfolio: Portfolio | None = None
    bibliographies: dict[str, str] = field(default_factory=dict)
    lists_all: bool = False
    includes: Callable[[str], bool] = lambda name: True
    values: Callable[[str], Collection[str]] = lambda name: ()


class Writer:
    """Adds drafts to the files of a portfolio."""

    def __init__(self, known: Known, name: str) -> None:
        self.known = known
        self.name = name
        self.result = Result()
        records = known.portfolio.records if known.portfolio else ()
        self.ids = {record.id for record in records}
        self.starts = {(it.kind, it.id): it.start for it in records}
        # What makes entries the same; of those that were added, also the first such one.
        self.seen: dict[tuple[object, ...], Entry | Reference | None] = {
            (it.kind, it.title.casefold(), _where(it), _dates(it)): None for it in records
        }
        self.configured: dict[str, set[str]] = {}
        self.bibtex: set[str] = set()  # the files whose keys are among the ids
        self.organizations = {(it.kind, _name(it.where)) for it in records}
        self.pages: dict[str, str] = {}  # by kind, or by the name of an employer
        self.skills: dict[str, str] = {}  # ids by title
        self.aliases: dict[str, tuple[str, ...]] = {}  # other words for skills, by title
        self.newest_job: tuple[Period, str] | None = None  # of added jobs, with the employer
        for record in records:
            page = f"{record.docname}.md"
            if self.text(page) is not None:
                key = _name(record.where) if record.kind == "job" else record.kind
                self.pages[key] = page
            if isinstance(record, Skill):
                self.skills[record.title.casefold()] = record.id
                self.aliases[record.title.casefold()] = record.aliases

    # -- Files ------------------------------------------------------------------

    def text(self, name: str) -> str | None:
        """Return the text of a file as it will be; None if it is missing."""
        return self.result.files.get(name) or self.known.read(name)

    def append(self, name: str, text: str) -> None:
        """Add a text at the end of a file."""
        before = self.text(name) or ""
        gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        self.result.files[name] = f"{before}{gap}{text.rstrip()}\n"

    def page(self, name: str, title: str, description: str = "", text: str = "") -> None:
        """Write a new page, and list it in the toctree of its folder or of the home page."""
        front = f"---\ndescription: {quoted(description or f'{title} of {self.name}.')}\n---\n\n"
        self.result.files[name] = (
            front + heading(title, 1) + (f"\n{text.rstrip()}\n" if text else "")
        )
        self.enlist(name)

    def enlist(self, name: str) -> None:
        """List a page in a toctree, and among the pages that the site includes."""
        if not self.known.includes(name):
            self.configure("include_patterns", name)
        folder, _, stem = name.removesuffix(".md").rpartition("/")
        places = [(f"{folder}/index.md", stem), ("index.md", name.removesuffix(".md"))]
        for index, entry in places if folder and stem != "index" else places[1:]:
            text = self.text(index)
            if index != name and text is not None and (listed := with_entry(text, entry)):
                if listed != text:
                    self.result.files[index] = listed
                return
        if name != "index.md":
            text = self.text(name) or ""
            self.result.files[name] = text.replace("---\n", "---\norphan: true\n", 1)
            self.leave(name, "no toctree lists this page: add it to one")

    def configure(self, name: str, value: str) -> None:
        """Add a value to a list in conf.py."""
        values = self.configured.setdefault(name, {*self.known.values(name)})
        if value not in values:
            before = f"*{name}, " if values else ""
            self.append("conf.py", f"{name} = [{before}{quoted(value)}]")
            values.add(value)

    def index(self, folder: str) -> None:
        """Write the index of a folder, if it is missing."""
        if self.text(f"{folder}/index.md") is None:
            views = "```{projects}\n```\n\n" if folder == "projects" else ""
            self.page(f"{folder}/index.md", FOLDERS[folder], text=f"{views}{TOCTREE}")

    def view(self, kind: str) -> None:
        """Show the records of a kind on the index of their folder."""
        name = "experience/index.md"
        text = self.text(name)
        if text is None or f":kind: {kind}\n" in text or "```{toctree}" not in text:
            return
        title = "Work" if kind == "job" else KINDS[kind].section
        view = f"## {title}\n\n```{{entries}}\n:kind: {kind}\n```\n\n"
        before, fence, after = text.rpartition("```{toctree}")
        self.result.files[name] = before + view + fence + after

    # -- Entries ----------------------------------------------------------------

    def add(self, draft: Draft) -> None:
        """Add all of a draft but the person."""
        self.result.leftovers += draft.leftovers
        for kind in ORDER:
            entries = [entry for entry in draft.entries if entry.kind == kind]
            if kind in {"job", "degree"}:
                self._positions(entries)
            else:
                for entry in entries if kind == "skill" else sorted(entries, key=_newest_first):
                    self.entry(entry, entry.id or slugs.slug(entry.title, kind))
        for reference in draft.references:
            self.reference(reference)
        for section in draft.sections:
            self.section(section)

    def _positions(self, entries: Iterable[Entry]) -> None:
        """Add jobs or degrees: an id is the organization, with the title if there are several."""
        newest = sorted(entries, key=_newest_first)
        count = Counter(_organization(entry) for entry in newest)
        for entry in newest:
            name = slugs.organization(entry.options.get("organization", ""))
            known = (entry.kind, _organization(entry)) in self.organizations
            if count[_organization(entry)] > 1 or known:
                name = f"{name} {entry.title}"
            self.entry(entry, entry.id or slugs.slug(name, entry.kind))

    def entry(self, entry: Entry, wanted: str) -> None:
        """Add an entry, unless the portfolio has it."""
        kind = KINDS[entry.kind]
        entry.title = " ".join(entry.title.split())
        if not entry.title:
            self._leave_entry(entry)
            return
        options = self._checked(entry)
        fields = kind.fields(options) if options is not None else {}
        period = fields.get("period")
        where = _name((options or {}).get("organization") or (options or {}).get("issuer", ""))
        same = (entry.kind, entry.title.casefold(), where, period)
        start = self.starts.get((entry.kind, wanted))
        is_known = self._is_known(same, entry) or (start and period and period.start == start)
        if options is not None and is_known:
            self.result.skipped.append(f"{entry.kind} {entry.title!r}")
            return
        page, level = self._place(entry)
        year = str(period.start.year) if period else ""
        identifier = slugs.unique(wanted, self.ids, year) if options is not None else ""
        written = "\n".join(self._lines(entry, identifier, options, level))
        self._put(entry, page, written, level)
        self.result.added[kind.plural] += 1
        if entry.kind == "job" and period and not self._is_newer(period):
            self.newest_job = period, options["organization"] if options else ""
        if entry.kind == "skill":
            self.skills.setdefault(entry.title.casefold(), identifier)
            self.aliases.setdefault(entry.title.casefold(), fields.get("aliases", ()))
        elif options is None:
            self.leave_at(entry, "", f"{entry.title}: written as text, since it has no date")

    def _is_known(self, same: tuple[object, ...], entry: Entry | Reference) -> bool:
        """Return whether the portfolio, another source, or this one word for word has an entry."""
        if same not in self.seen:
            self.seen[same] = entry
            return False
        first = self.seen[same]
        return (
            first is None
            or first.source != entry.source
            or entry.kind in {"skill", "language"}
            or _content(first) == _content(entry)
        )

    def page_of(self, job: Entry) -> str:
        """Return the page of a job."""
        return self.pages[_organization(job)]

    def _is_newer(self, period: Period) -> bool:
        """Return whether the newest added job is newer than a period."""
        return self.newest_job is not None and (
            self.newest_job[0].newest_first >= period.newest_first
        )

    def _checked(self, entry: Entry) -> dict[str, str] | None:
        """Return the valid options; None if a required one is missing. The others are left over."""
        kind = KINDS[entry.kind]
        valid: dict[str, str] = {}
        for option in kind.options or ():
            text = " ".join(entry.options.get(option.name, "").split())
            try:
                if text and option.read:
                    option.read(text)
            except RecordError:
                continue
            if text:
                valid[option.name] = text
        # Parts of a title have to be in it as words; typographic dashes would differ.
        for name in TITLE_PARTS & valid.keys():
            if not verbatim(entry.title, valid[name]) or TYPOGRAPHIC.search(valid[name]):
                entry.options[name] = ""
                del valid[name]
        if not _is_complete(kind, valid) and {"start", "end"} <= valid.keys():
            del valid["end"]  # it is before the start
        for name, value in entry.options.items():
            if value and name not in valid:
                self.leave_at(entry, name, value)
        return valid if _is_complete(kind, valid) else None

    def _place(self, entry: Entry) -> tuple[str, int]:
        """Return the page of an entry, and the level of its heading; write a new page's heading."""
        if entry.kind == "project":
            self.index("projects")
            return self._free("projects", slugs.slug(entry.title, "project"), set()), 1
        key = _organization(entry) if entry.kind == "job" else entry.kind
        if key in self.pages:
            return self.pages[key], 3 if entry.group else 2
        if entry.kind == "job":
            name = slugs.organization(entry.options.get("organization", entry.title))
            taken = {Path(page).stem for page, _ in SHARED.values()}
            page, title = self._free("experience", slugs.slug(name, "job"), taken), name
        else:
            page, title = SHARED[entry.kind]
        if page.startswith("experience/"):
            self.index("experience")
            self.view(entry.kind)
        if self.text(page) is None:
            self.page(page, title, f"{self.name} at {title}." if entry.kind == "job" else "")
        self.pages[key] = page
        return page, 3 if entry.group else 2

    def _free(self, folder: str, stem: str, taken: set[str]) -> str:
        """Return the name of a page that does not exist yet."""
        while True:
            page = f"{folder}/{slugs.unique(stem, taken)}.md"
            if self.text(page) is None:
                return page

    def _put(self, entry: Entry, page: str, written: str, level: int) -> None:
        """Add the text of an entry to its page."""
        if level == 1:
            front = f"---\ndescription: {quoted(_description(entry, self.name))}\n---\n\n"
            self.result.files[page] = f"{front}{written.rstrip()}\n"
            self.enlist(page)
        elif entry.group:
            text = self.text(page) or ""
            self.result.files[page] = in_group(text, heading(entry.group, 2), written)
        else:
            self.append(page, written)

    def _lines(
        self, entry: Entry, identifier: str, options: dict[str, str] | None, level: int
    ) -> Iterator[str]:
        """Yield the blocks of an entry; without options it is text."""
        yield heading(entry.title, level)
        details = [*entry.details]
        skills: list[str] = []
        if entry.keywords:
            skills = self._keywords(entry, details)
        if options is None:
            facts = ((name.capitalize(), value) for name, value in entry.options.items() if value)
            details = [*(Detail(run(name), run(value)) for name, value in facts), *details]
        else:
            yield f"```{{{entry.kind}}}\n:id: {identifier}"
            yield from (f":{name}: {value}" for name, value in options.items())
            if skills:
                yield f":skills: {', '.join(dict.fromkeys(skills))}"
            yield "```\n"
        yield from body_lines(entry.body, entry.links)
        yield from self._definitions(details)

    def _definitions(self, details: Iterable[Detail]) -> list[str]:
        """Return definitions, which conf.py has to enable."""
        lines = list(detail_lines(details))
        if lines:
            self.configure("myst_enable_extensions", "deflist")
        return lines

    def _keywords(self, entry: Entry, details: list[Detail]) -> list[str]:
        """Return the skills that are keywords; keywords that the text lacks become a detail."""
        texts = [
            entry.title,
            *(plain(each) for each in entry.body.paragraphs[:1]),
            *(plain(each.text) for each in flatten(entry.body.highlights)),
            *(plain(each.text) for each in details),
        ]
        words = {it: (it, *self.aliases.get(it.casefold(), ())) for it in entry.keywords}
        if missing := [it for it in words if not occurs(words[it], texts)]:
            details.append(Detail(run("Keywords"), run(", ".join(missing))))
            texts.append(", ".join(missing))
        known = ((it, self.skills.get(it.casefold(), "")) for it in words)
        return [
            skill
            for it, skill in known
            if skill
            and re.search(r"\w", it)
            and not TYPOGRAPHIC.search(it)
            and occurs(words[it], texts)
        ]

    # -- Talks, publications, and the person ---------------------------------------

    def reference(self, reference: Reference) -> None:
        """Add a talk or publication to its BibTeX file, unless the portfolio has it."""
        folder, title, value = BIBLIOGRAPHIES[reference.kind]
        wanted = slugs.slug(reference.key or reference.title, reference.kind)
        file = self.known.bibliographies.get(reference.kind, f"{folder}/{folder}.bib")
        existing = self.known.read(file) or ""
        same = (reference.kind, reference.title.casefold(), "", reference.date)
        is_there = (reference.kind, wanted) in self.starts
        has_key = reference.key and is_there and wanted not in KINDS
        if has_key or self._is_known(same, reference) or reference.tail.strip() in existing:
            self.result.skipped.append(f"{reference.kind} {reference.title!r}")
            return
        if reference.kind not in self.known.bibliographies:
            self._bibliography(reference.kind, folder, title, value)
        self._parents(reference, file)
        key = self._free_key(wanted, file)
        self.append(file, f"{reference.head}{key}{reference.tail}")
        self.result.added[f"{reference.kind}s"] += 1

    def _parents(self, reference: Reference, file: str) -> None:
        """Add the strings and entries that an entry needs; a key of another entry is changed."""
        for string in reference.strings:
            if string not in (self.text(file) or ""):
                self.append(file, string)
        for number in range(len(reference.parents)):
            key, written = reference.parents[number]
            text = self.text(file) or ""
            if written in text:
                continue
            if (free := self._free_key(key.lower(), file)) != key.lower():
                bibtex.rename_parent(reference, key, free)
                _, written = reference.parents[number]
            self.append(file, written)

    def _free_key(self, wanted: str, file: str) -> str:
        """Return a key that neither a record nor an entry of the file has, and take it."""
        if file not in self.bibtex:
            self.bibtex.add(file)
            self.ids |= _keys(self.known.read(file) or "")
        return slugs.unique(wanted, self.ids)

    def _bibliography(self, kind: str, folder: str, title: str, value: str) -> None:
        file = f"{folder}/{folder}.bib"
        self.known.bibliographies[kind] = file
        self.configure(value, file)
        if self.text(f"{folder}/index.md") is None:
            view = f"```{{{folder}}}\n```\n\n"
            listed = f"```{{bibliography}} {folder}.bib\n:all:\n```\n"
            text = view if self.known.lists_all else view + listed
            self.page(f"{folder}/index.md", title, text=text)

    def section(self, section: Section) -> None:
        """Add a section to the page about the person, of one that exists what it lacks."""
        if self.text(ABOUT) is None:
            self.page(ABOUT, "About", f"About {self.name}.")
        text = self.text(ABOUT) or ""
        blocks = [*body_lines(section.body), *self._definitions(section.details)]
        if missing := [block for block in dict.fromkeys(blocks) if block not in text]:
            written = "\n".join(missing)
            self.result.files[ABOUT] = in_group(text, heading(section.title, 2), written)
            self.result.added["sections"] += 1
        else:
            self.result.skipped.append(f"section {section.title!r} of {ABOUT}")

    def summary(self, draft: Draft) -> None:
        """Begin the page about the person with the summary, if the portfolio has no such page."""
        if draft.summary == Body():
            return
        if (about := self.known.read(ABOUT)) is not None:
            person = self.known.portfolio.person.summary if self.known.portfolio else ""
            for text in flatten_texts(draft.summary):
                if paragraph(text) not in about and plain(text) not in person:
                    self.result.leftovers.append(draft.of_person("summary", plain(text)))
            return
        if self.text(ABOUT) is None:
            self.page(ABOUT, "About", f"About {self.name}.")
        head, title, rest = (self.text(ABOUT) or "").partition("# About\n")
        body = "\n".join(body_lines(draft.summary)).rstrip()
        self.result.files[ABOUT] = f"{head}{title}\n{body}\n{rest}"

    def private(self, draft: Draft) -> None:
        """Write phone and street to the file that is not committed, if it is missing."""
        given = {key: draft.person[key] for key in PRIVATE_KEYS if draft.person.get(key)}
        if given and self.text(PRIVATE) is not None:
            self.leave(PRIVATE, f"{' and '.join(given)}: add them there, they are not shown here")
        elif given:
            lines = (f"{key} = {quoted(value)}\n" for key, value in given.items())
            self.result.files[PRIVATE] = "".join(lines)

    # -- What has no place -----------------------------------------------------------

    def leave(self, path: str, value: str) -> None:
        """Note a value of no source."""
        self.result.leftovers.append(Leftover("", path, value))

    def leave_at(self, entry: Entry, name: str, value: str) -> None:
        """Note a value of an entry."""
        path = ".".join(filter(None, (entry.path, entry.keys.get(value, name))))
        self.result.leftovers.append(Leftover(entry.source, path, value))

    def _leave_entry(self, entry: Entry) -> None:
        """Note all of an entry without a title."""
        for name, value in entry.options.items():
            self.leave_at(entry, name, value)
        texts = [*flatten_texts(entry.body)]
        texts += [text for each in entry.details for text in (each.term, each.text)]
        for text in (*map(plain, texts), *(it for _, it in entry.links), *entry.keywords):
            self.leave_at(entry, "", text)

    def report(self) -> None:
        """Write what has no place, and the report does not say yet."""
        text = self.text(REPORT) or REPORT_HEAD
        for source in dict.fromkeys(each.source for each in self.result.leftovers):
            left = (each for each in self.result.leftovers if each.source == source)
            lines = dict.fromkeys(
                f"- {paragraph((Run(each.path, code=True), Run(f': {each.value}')))}"
                for each in left
            )
            title = heading(source or "This portfolio", 2)
            if new := [line for line in lines if f"\n{line}\n" not in text]:
                text = in_group(text, title, "\n".join(new))
        if self.result.leftovers:
            self.result.files[REPORT] = text


TOCTREE = "```{toctree}\n:hidden:\n\n```\n"
REPORT_HEAD = """\
---
orphan: true
---

# What has no place

The imported files have these values, for which the portfolio has no place. Use what you want to
keep, and delete this file.
"""


# -- Text ---------------------------------------------------------------------------


def quoted(text: str) -> str:
    """Return a text in the double quotes of JSON, which YAML, TOML and Python share."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def heading(text: str, level: int) -> str:
    """Return a heading, and the end of its line; what looks like HTML in it is code."""
    parts = re.split(r"(<[^<>]*>?)", text)
    runs = tuple(Run(part, code=number % 2 == 1) for number, part in enumerate(parts) if part)
    return f"{'#' * level} {inline(runs)}\n"


def body_lines(body: Body, links: Iterable[tuple[str, str]] = ()) -> Iterator[str]:
    """Yield the blocks of a text; a bullet that is a link proves the entry above it."""
    for text in body.paragraphs:
        if written := paragraph(text):
            yield f"{written}\n"
    lines = list(_bullets(body.highlights))
    lines += [f"- {inline((Run(label, target=address),))}" for label, address in links]
    if lines:
        yield "\n".join(lines) + "\n"


def flatten_texts(body: Body) -> Iterator[RichText]:
    """Yield the paragraphs and all bullets of a text."""
    yield from body.paragraphs
    yield from (each.text for each in flatten(body.highlights))


def _bullets(highlights: Iterable[Highlight], indent: str = "") -> Iterator[str]:
    for each in highlights:
        if written := paragraph(each.text):
            yield f"{indent}- {written}"
            yield from _bullets(each.highlights, f"{indent}  ")
        else:
            yield from _bullets(each.highlights, indent)


def detail_lines(details: Iterable[Detail]) -> Iterator[str]:
    """Yield definitions."""
    for each in details:
        yield f"{paragraph(each.term)}\n: {paragraph(each.text)}\n"


def with_entry(text: str, entry: str) -> str:
    """Return a page with an entry in its last toctree; empty if it has none."""
    found = list(re.finditer(r"^(`{3,})\{toctree\}.*\n((?:.*\n)*?)\1[ \t]*$", text, re.MULTILINE))
    if not found:
        return ""
    listed = "\n" + "".join(match[2] for match in found)
    patterns = re.findall(r"^\S*[*?]\S*$", listed, re.MULTILINE)
    if f"\n{entry}\n" in listed or f"<{entry}>\n" in listed:
        return text
    if any(fnmatch(entry, pattern) for pattern in patterns):
        return text
    end = found[-1].end(2)
    gap = "" if found[-1][2].strip() else "\n"
    return f"{text[:end]}{gap}{entry}\n{text[end:]}"


def in_group(text: str, group: str, written: str) -> str:
    """Return a page with a text at the end of the section with a heading, or in a new section."""
    position = f"\n{text}".find(f"\n{group}")
    if position < 0:
        return f"{text.rstrip()}\n\n{group}\n{written.rstrip()}\n"
    after = position + len(group)
    end = re.search(r"^#{1,2} ", text[after:], re.MULTILINE)
    at = after + end.start() if end else len(text)
    rest = f"\n{text[at:]}" if end else ""
    return f"{text[:at].rstrip()}\n\n{written.rstrip()}\n{rest}"


def _description(entry: Entry, name: str) -> str:
    first = plain(entry.body.paragraphs[0]) if entry.body.paragraphs else ""
    return f"{entry.title}: {first[:120]}" if first else f"{entry.title}, a project of {name}."


def _is_complete(kind: Kind, options: Options) -> bool:
    """Return whether options make a record."""
    try:
        kind.fields(options)
    except RecordError:
        return False
    return True


def _keys(text: str) -> set[str]:
    """Return the keys of a BibTeX file, in lower case."""
    return {key.lower() for key in re.findall(r"@\s*\w+\s*[{(]\s*([^\s,{}()]+)\s*,", text)}


def _organization(entry: Entry) -> str:
    """Return the organization, by which entries are on one page, in the form for comparison."""
    return _name(entry.options.get("organization") or entry.options.get("issuer", ""))


def _where(record: Record) -> str:
    """Return the organization of a record; others are recognized by title and dates."""
    return "" if record.kind in {*BIBLIOGRAPHIES, "language"} else _name(record.where)


def _name(organization: str) -> str:
    return slugs.organization(" ".join(organization.split())).casefold()


def _dates(record: Record) -> Period | str | None:
    """Return the period, of talks and publications the first date."""
    return str(record.start or "") if record.kind in BIBLIOGRAPHIES else record.period


def _content(entry: Entry | Reference) -> Entry | str:
    return entry if isinstance(entry, Entry) else entry.tail


def _newest_first(entry: Entry) -> tuple[bool, tuple[int, ...]]:
    """Return a key for sorting: ongoing entries, then those that ended last, then undated ones."""
    start = entry.options.get("start") or entry.options.get("date", "")
    end = entry.options.get("end", "")
    ongoing = bool(entry.options.get("start")) and end in {"", "present"}
    last = "9999" if ongoing else end or start
    numbers = [
        int(part)
        for date in (last, start)
        for part in (*date.split("-"), "0", "0")[:3]
        if part.isdigit()
    ]
    return not start, tuple(-number for number in numbers)
