"""The tables of docs/exports.md, and an invented portfolio with a word for each field."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_portfolio.model import KINDS as KINDS_OF_RECORDS
from sphinx_portfolio.model import Date, Detail, Highlight, Period, Person, Profile, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = Path(__file__).resolve().parents[1] / "docs" / "exports.md"
KINDS = {
    **{name: kind.record for name, kind in KINDS_OF_RECORDS.items()},
    "person": Person,
    "profile": Profile,
    "text": Run,
}
# Text and its formatting are tested in test_markdown and test_pdf.
LOOKS = {("text", name) for name in ("text", "strong", "emphasis", "code")}
LOOKS |= {(name, "styled_title") for name in KINDS}
ENTRIES = {("talk", "entry"), ("publication", "entry")}  # the source of the other fields
CVS = "## What each format holds"
OTHERS_THAN_CVS = "## What feed, calendar, contact card and BibTeX hold"
EVERY = "every kind"
NOTHING = "–"  # in a file without records of the kind


@dataclass(frozen=True)
class Matrix:
    """Which output holds a field: `yes`, or a letter that refers to the reason why not.

    If `is_complete` it has a row for each field; else an output holds no field without a row.
    """

    outputs: tuple[str, ...]
    rows: dict[tuple[str, str], tuple[str, ...]]
    reasons: dict[str, str]
    is_complete: bool

    def cells(self, kind: str, field: str) -> dict[str, str]:
        """Return the cell of each output for a field; KeyError if a row is missing."""
        if not self.is_complete and (kind, field) not in self.rows:
            return dict.fromkeys(self.outputs, NOTHING)
        general = kind in {"person", "profile", "text"} or (kind, field) in self.rows
        return dict(zip(self.outputs, self.rows[kind if general else EVERY, field], strict=True))


def matrix(heading: str) -> Matrix:
    """Read the table below a heading of docs/exports.md."""
    text = TABLE.read_text(encoding="utf-8")
    section = re.split(r"^## ", text.partition(f"{heading}\n")[2], flags=re.MULTILINE)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    head, _, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rows = {}
    for kinds, names, *cells in body:
        for kind in kinds.split(", "):
            for name in re.findall(r"`(\w+)`", names):
                assert (kind, name) not in rows, f"two rows for {kind} {name}"
                rows[kind, name] = tuple(cells)
    reasons = dict(re.findall(r"^- \*\*(\w)\*\*: (.+)", section, re.MULTILINE))
    outputs = tuple(cell.strip("`") for cell in head[2:])
    return Matrix(outputs, rows, reasons, is_complete=heading == CVS)


def all_fields() -> Iterator[tuple[str, str]]:
    """Yield each field of each kind of record, of the person and its profiles, and of links."""
    for name, kind in KINDS.items():
        for field in fields(kind):
            if (name, field.name) not in LOOKS | ENTRIES:
                yield name, field.name


# -- The invented portfolio ---------------------------------------------------

# The options of each directive; a service with an organization and dates needs no events.
OPTIONS = {
    name: [option.name for option in kind.options if option.name != "events"]
    for name, kind in KINDS_OF_RECORDS.items()
    if kind.options is not None
}
CONF = """
author = "qpersonnameq qpersonfamily_nameq"
extensions = ["myst_parser", "sphinx_portfolio"]
myst_enable_extensions = ["deflist"]
bibtex_bibfiles = ["talks/talks.bib", "publications/publications.bib"]
html_theme = "basic"
html_baseurl = "https://qpersonurlq.example/"
portfolio_topics = {"qtalktopics": "qtalktopicsq"}
portfolio_person = {
    "family_name": "qpersonfamily_nameq",
    "label": "qpersonlabelq",
    "summary": "qpersonsummaryq",
    "picture": "qpersonpictureq.png",
    "email": "qpersonemailq@mail.example",
    "location": "qpersonlocationq",
    "profiles": {"qprofilenetworkq": "https://qprofileurlq.example/"},
}
"""
PAGE = """
# {group}

## {title}

```{{{kind}}}
:id: {id}
:selected:
:audience: q{kind}audienceq
:skills: {kind}skills
{options}
```

q{kind}summaryq {{skill}}`{kind}cites` [here](https://q{kind}targetq.example/)

- q{kind}highlightsq
  - q{kind}nestedq
  - [q{kind}proofq](https://q{kind}proofurlq.example/)
- [q{kind}evidenceq](https://q{kind}evidenceurlq.example/)

{courses}q{kind}termq
: q{kind}detailq
"""
COURSES = """\
qdegreecourseworkq
: qdegreecourseq, qdegreeothercourseq

"""
TALK = """
@unpublished{qtalkidq,
  author = {qpersonnameq qpersonfamily_nameq and Otto qtalkspeakersq},
  title = {qtalktitleq qtalkshorttitleq},
  shorttitle = {qtalkshorttitleq},
  eventtitle = {qtalkeventq},
  venue = {qtalkvenueq},
  type = {keynote},
  eventdate = {1931-01-30T21:00Z},
  abstract = {qtalkabstractq},
  note = {qtalknoteq},
  duration = {qtalkdurationq},
  keywords = {talkskills, qtalktopics},
  related = {talkcites},
  audience = {qtalkaudienceq},
  selected = {yes},
  url = {https://qtalkurlq.example/},
  video = {https://qtalkvideoq.example/},
  slides = {https://qtalkslidesq.example/},
  code = {https://qtalkcodeq.example/},
  paper = {https://qtalkpaperq.example/},
}

@unpublished{other-talk,
  author = {qpersonnameq qpersonfamily_nameq},
  title = {qothertalkq},
  eventtitle = {Conf},
  year = {1932},
  keywords = {talkskills, qtalktopics},
}
"""
PUBLICATION = """
@thesis{qpublicationidq,
  author = {qpersonnameq qpersonfamily_nameq and Otto qpublicationauthorsq},
  title = {qpublicationtitleq qpublicationshorttitleq},
  shorttitle = {qpublicationshorttitleq},
  school = {qpublicationvenueq},
  type = {qpublicationformatq},
  date = {1941-01},
  abstract = {qpublicationabstractq},
  note = {qpublicationnoteq},
  keywords = {publicationskills, qtalktopics},
  related = {publicationcites},
  audience = {qpublicationaudienceq},
  selected = {yes},
  doi = {10.1234/qpublicationdoiq},
  eprint = {1706.03762},
  eprinttype = {arxiv},
  pdf = {https://qpublicationpdfq.example/},
  url = {https://qpublicationurlq.example/},
  video = {https://qpublicationvideoq.example/},
  slides = {https://qpublicationslidesq.example/},
  code = {https://qpublicationcodeq.example/},
}

@misc{other-publication,
  title = {qotherpublicationq},
  year = {1942},
}
"""
# A second record of each kind, with the required options only.
OTHERS = """
# Others
""" + "".join(
    f"""
## qother{kind}q

```{{{kind}}}
:id: other-{kind}
{options}
```
"""
    for kind, options in {
        "job": ":organization: Acme\n:start: 1930",
        "degree": ":organization: Acme\n:start: 1930\n:end: 1931",
        "project": ":start: 1930",
        "award": ":date: 1930",
        "certificate": ":date: 1930",
        "language": "",
        "service": ":selected:\n:events: qserviceeventsq 1961",
        "skill": "",
    }.items()
)


def sources() -> dict[str, str]:
    """Return the files of a portfolio that has a word for each field of each kind."""
    skills = [
        f"{kind}{field}"
        for kind in (*OPTIONS, "talk", "publication")
        for field in ("skills", "cites")
    ]
    pages = {
        **{f"q{kind}docnameq.md": _page(kind, number) for number, kind in enumerate(OPTIONS)},
        "others.md": OTHERS,
        "skills.md": "# Skills\n\n## Group\n"
        + "".join(
            f"\n### q{id_}q\n\n```{{skill}}\n:id: {id_}\n:selected:\n```\n" for id_ in skills
        ),
        # Two talks have the same topics, for which the list has a filter.
        "talks/qtalkdocnameq.md": (
            "# Talks\n\n```{talks}\n```\n\n```{bibliography} talks.bib\n:all:\n```\n"
        ),
        "publications/qpublicationdocnameq.md": (
            "# Publications\n\n```{publications}\n```\n\n```{bibliography}\n:all:\n```\n"
        ),
    }
    names = "\n".join(name.removesuffix(".md") for name in pages)
    index = f"# qpersonnameq\n\n```{{summary}}\n```\n\n```{{toctree}}\n{names}\n```\n"
    return {
        "publications/publications.bib": PUBLICATION,
        "conf.py": CONF,
        "index.md": index,
        "qpersonpictureq.png": "",
        "talks/talks.bib": TALK,
        **pages,
    }


def _page(kind: str, number: int) -> str:
    title = f"q{kind}titleq"
    values = {
        "organization": f"q{kind}organizationq q{kind}shortnameq",
        "short": f"q{kind}shortnameq",
        "url": f"https://q{kind}urlq.example/",
        "code": f"https://q{kind}codeq.example/",
        "start": f"18{number}1-01",
        "end": f"18{number}2-02",
        "date": f"18{number}1",
        "reviewed": "1987",
        "courses": "qdegreecourseworkq",
    }
    if kind == "degree":
        title += " qdegreestudyq in qdegreeareaq (qdegreescoreq)"
    options = "\n".join(
        f":{option}: {values.get(option, f'q{kind}{option}q')}" for option in OPTIONS[kind]
    )
    group = f"q{kind}groupq"
    courses = COURSES if kind == "degree" else ""
    id_ = f"q{kind}idq"
    return PAGE.format(
        kind=kind, courses=courses, id=id_, title=title, group=group, options=options
    )


def words(value: object) -> Iterator[str]:
    """Yield the words in the value of a field, without the evidence of bullets."""
    match value:
        case str():
            yield from re.findall(r"q\w+q", value)
        case tuple():
            for each in value:
                yield from words(each)
        case Run(text):
            yield from words(text)
        case Highlight(text, _, below) | Detail(text, below):
            yield from words((text, below))
        case Profile(_, url):
            yield from words(url)
        case Date(year):
            yield str(year)
        case Period(start, end):
            yield from words((start, end))
