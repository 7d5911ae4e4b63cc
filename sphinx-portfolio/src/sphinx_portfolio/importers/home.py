"""The pages and the configuration of a new portfolio beside its entries."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from sphinx_portfolio.importers.pages import Known, Writer, heading, quoted
from sphinx_portfolio.model import Period, Person, RecordError, Run, plain
from sphinx_portfolio.model.markdown import inline, link, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_portfolio.importers.draft import Draft, Entry
    from sphinx_portfolio.model import Date

NO_NAME = "Your Name"
SECTIONS = (
    "experience/index",
    "talks/index",
    "publications/index",
    "projects/index",
    "skills",
    "languages",
)
HIDE = "hide-toc: true"  # a page without headings has no list of them
CONF = '''\
"""The person, and the site's configuration: https://www.sphinx-doc.org/en/master/usage/configuration.html."""

# -- The person ---------------------------------------------------------------

project = author = copyright = {name}
version = "1"  # EPUB requires one
portfolio_person = {person}

# -- Pages --------------------------------------------------------------------

extensions = [
    "myst_parser",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "sphinx_portfolio",
    "sphinx_portfolio.site",
    "sphinx_portfolio.strict",
]
include_patterns = [
    "index.md",
    "skills.md",
    "languages.md",
    "about.md",
    "cv.md",
    "contact.md",
    "experience/*.md",
    "talks/*.md",
    "publications/*.md",
    "projects/*.md",
]
language = "en"
nitpicky = True
myst_enable_extensions = ["colon_fence", "deflist"]
myst_disable_syntax = ["html_block", "html_inline"]
myst_heading_anchors = 3

# -- The site -----------------------------------------------------------------

html_theme = "furo"
html_title = project
html_favicon = "_static/mark.svg"
html_static_path = ["_static"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False

# Elsewhere than on Read the Docs this is the site's address: GitHub does not tell it.
html_baseurl = {site}
# A page that moved: "old/page": "../new/page.html". published.txt lists the published addresses.
redirects: dict[str, str] = {{}}

# -- What `nox -s doctor` lists -----------------------------------------------
# A finding that is fine as it is goes into `portfolio_accepted`: its key, such as
# "project-license:name", and the reason.

portfolio_accepted: dict[str, str] = {{}}

# -- Links --------------------------------------------------------------------
# `nox -s linkcheck`: slow is not broken, and one check ends within ten minutes.

linkcheck_timeout = 15  # seconds; a host that is slower is listed as uncertain and fails nothing
'''


def write(draft: Draft, today: Date) -> Writer:
    """Return the files of a new portfolio, all but those that no content changes."""
    name = draft.person.get("name") or NO_NAME
    writer = Writer(Known(values=lambda value: CONFIGURED.get(value, ())), name)
    files = writer.result.files
    files["conf.py"] = conf(draft, name)
    files["index.md"] = (
        f"{TOCTREE_START}{chr(10).join((*SECTIONS, 'about', 'cv', 'contact'))}\n```\n"
    )
    writer.add(draft)
    writer.summary(draft)
    files["cv.md"] = _page("CV", f"The CV of {name} to download.", "```{downloads}\n```\n")
    files["contact.md"] = _contact(draft, name)
    writer.private(draft)
    files["index.md"] = _home(writer, draft, name, today)
    return writer


TOCTREE_START = "```{toctree}\n:hidden:\n\n"
CONFIGURED = {"myst_enable_extensions": ("colon_fence", "deflist")}  # in CONF


def conf(draft: Draft, name: str) -> str:
    """Return conf.py."""
    person = [
        f'    "{key}": {quoted(draft.person[key])},\n'
        for key in ("family_name", "label", "email", "location")
        if key in draft.person and (key != "family_name" or name.endswith(draft.person[key]))
    ]
    summary = " ".join(plain(text) for text in draft.summary.paragraphs)
    if summary and any(field.name == "summary" for field in fields(Person)):
        person.append(f'    "summary": {quoted(summary)},\n')
    if draft.profiles:
        profiles = (
            f"        {quoted(network)}: {quoted(address)},\n"
            for network, address in draft.profiles.items()
        )
        person.append(f'    "profiles": {{\n{"".join(profiles)}    }},\n')
    mapping = f"{{\n{''.join(person)}}}" if person else "{}"
    return CONF.format(name=quoted(name), person=mapping, site=quoted(draft.site))


def _page(title: str, description: str, text: str) -> str:
    front = f"---\ndescription: {quoted(description)}\n{HIDE}\n---\n"
    return f"{front}\n{heading(title, 1)}\n{text}"


def _contact(draft: Draft, name: str) -> str:
    person = draft.person
    blocks = [paragraph((Run(", ".join(filter(None, (name, person.get("location", ""))))),))]
    if email := person.get("email"):
        blocks.append(f"Email\n: {link(email, f'mailto:{email}')}")
    for network, address in draft.profiles.items():
        shown = address.partition("://")[2].removeprefix("www.").rstrip("/")
        blocks.append(f"{paragraph((Run(network),))}\n: {link(shown, address)}")
    blocks.append("```{contact-card}\n```")
    if any(entry.kind == "job" for entry in draft.entries):
        blocks.append("## Biography\n\nTo copy as it is.\n\n```{bio}\n```")
    description = f"How to reach {name}."
    return _page("Contact", description, "\n\n".join(blocks) + "\n")


def _home(writer: Writer, draft: Draft, name: str, today: Date) -> str:
    files = writer.result.files
    blocks = [heading(name, 1), *_lead(writer, draft, today), *_actions(writer, draft)]
    if any(entry.options.get("start") or entry.options.get("date") for entry in draft.entries):
        blocks.append("```{timeline}\n```\n")
    if "talks/index.md" in files:
        blocks.append(
            "## Newest talks\n\n```{talks}\n:newest: 3\n```\n\n[More talks](talks/index.md)\n"
        )
    if "projects/index.md" in files:
        blocks.append("## Projects\n\n```{projects}\n```\n")
    if "skills.md" in files:
        blocks.append("## Skills\n\n```{skills}\n```\n\n[Skills with their evidence](skills.md)\n")
    listed = [it for it in (*SECTIONS, "about", "cv", "contact") if f"{it}.md" in files]
    blocks.append(f"{TOCTREE_START}{chr(10).join(listed)}\n```\n")
    label = draft.person.get("label") or "Experience, projects and skills"
    description = f"{name}: {label}."
    front = f"---\ndescription: {quoted(description)}\n{HIDE}\n---\n\n"
    return front + "\n".join(blocks)


def _lead(writer: Writer, draft: Draft, today: Date) -> Iterator[str]:
    """Yield who the person is; the newest job is named, so that the home page is not stale."""
    label = draft.person.get("label", "")
    if job := _newest_job(draft, today):
        organization = " ".join(job.options["organization"].split())
        page = writer.page_of(job)
        where = f"[{inline((Run(organization),))}]({page})"
        if label:
            yield f"{paragraph((Run(label),))}\n"
        is_current = job.options.get("end") in {None, "present"}
        what = job.title if is_current else f"Most recently {job.title}"
        yield f"{paragraph((Run(f'{what} at'),))} {where}\n"
    elif label:
        yield f"{paragraph((Run(label),))}\n"
    facts = []
    if place := draft.person.get("location"):
        facts.append(paragraph((Run(place),)))
    if email := draft.person.get("email"):
        facts.append(link(email, f"mailto:{email}"))
    if facts:
        yield ":::{div} portfolio-facts\n" + "\n\n".join(facts) + "\n:::\n"


def _newest_job(draft: Draft, today: Date) -> Entry | None:
    """Return the job that `sphinx_portfolio.site` expects on the home page."""
    begun = []
    for entry in draft.entries:
        if entry.kind == "job" and entry.options.get("start"):
            try:
                period = Period.parse(entry.options["start"], entry.options.get("end", ""))
            except RecordError:  # its end was left out
                period = Period.parse(entry.options["start"], "")
            if period.start.first <= today.last:
                begun.append((period.newest_first, entry))
    return max(begun, key=lambda pair: pair[0])[1] if begun else None


def _actions(writer: Writer, draft: Draft) -> Iterator[str]:
    """Yield the buttons."""
    buttons = ["```{downloads}\n:button: cv.pdf\n```"]
    buttons += (
        f"```{{button-ref}} {folder}/index\n:ref-type: doc\n\n{folder.title()}\n```"
        for folder in ("talks", "projects")
        if f"{folder}/index.md" in writer.result.files
    )
    buttons += (
        f"```{{button-link}} {address}\n\n{inline((Run(network),))}\n```"
        for network, address in draft.profiles.items()
    )
    yield "::::{div} portfolio-actions\n" + "\n".join(buttons) + "\n::::\n"
