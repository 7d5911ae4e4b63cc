"""A site of an invented person, for tests of what leaves it for other programs."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_colors

from support import Site

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "https://ada.example/site/"
CONF = """\
project = author = "Ada Example"
extensions = ["myst_parser", "sphinx_portfolio", "sphinx_portfolio.site"]
myst_enable_extensions = ["deflist", "dollarmath", "colon_fence"]
bibtex_bibfiles = ["talks/talks.bib", "publications/publications.bib"]
html_theme = "furo"
html_title = project
html_favicon = "mark.svg"
portfolio_topics = {"acoustics": "Acoustics"}
portfolio_person = {
    "label": "Organ builder & <tuner>",
    "summary": "Builds organs.",
    "picture": "ada.png",
    "email": "ada@mail.example",
    "location": "Vienna, Austria",
    "profiles": {"GitHub": "https://github.com/ada", "Elsewhere": "https://elsewhere.example/ada"},
}
"""
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">'
    '<path d="M1 1h6v6z" fill="red"/></svg>'
)
PAGES = {
    "conf.py": CONF,
    "mark.svg": MARK,
    "index.md": """\
---
description: Ada builds organs <and> says so.
---

# Ada Example

Organ builder & \\<tuner>

Vienna, Austria

Now at {job}`guild`, [ada@mail.example](mailto:ada@mail.example), on [GitHub](https://github.com/ada).

```{summary}
```

## Newest talks

```{talks}
:newest: 1
```

```{toctree}
:hidden:

work/index
talks/index
publications/index
projects/index
skills
```
""",
    "work/index.md": """\
# Work

```{entries}
:kind: job
```

```{toctree}
:hidden:

guild
more
```
""",
    "work/guild.md": """\
# Master tuner \\</script>\\<b>

```{job}
:id: guild
:organization: Guild of Tuners
:short: Guild
:location: Vienna
:url: https://guild.example/
:start: 2019
:skills: tuning
```

Tunes organs.

- The tuning of *all* 8,000 pipes of `Opus 5`
  - [Proof](https://proof.example/pull/1)
""",
    "work/more.md": """\
# More

## Apprentice

```{job}
:id: first
:organization: Old Workshop
:start: 2009-05
:end: 2010
```

## Bachelor of Sound in Acoustics

```{degree}
:id: study
:organization: University of Ghent
:start: 2011-10
:end: 2014-06-30
:area: Acoustics
```

## Doctor of Sound

```{degree}
:id: doctor
:organization: University of Bern
:start: 2020
```

## Prize of Pipes

```{award}
:id: prize
:organization: Pipe Society
:date: 2016-02
```

## Tuning, Level 2

```{certificate}
:id: level
:issuer: Board of Tuners
:date: 2017
:url: https://board.example/2
```

## Juror

```{service}
:id: juror
:events: PipeCon 2020, PipeCon 2021
```

## Treasurer

```{service}
:id: treasurer
:organization: Pipe Society
:start: 2015
```

## Dutch

```{language}
:id: dutch
:fluency: native
```
""",
    "talks/index.md": "# Talks\n\n```{talks}\n```\n\n```{bibliography}\n:all:\n```\n",
    "publications/index.md": (
        "# Publications\n\n```{publications}\n```\n\n```{bibliography}\n:all:\n```\n"
    ),
    "talks/talks.bib": """\
@unpublished{ranks,
  author = {Example, Ada and Tuner, Otto},
  title = {Ranks \\& <Stops>},
  eventtitle = {PipeCon},
  venue = {Ghent},
  eventdate = {2021-05},
  abstract = {How tuning works},
  keywords = {tuning, acoustics},
  url = {https://pipecon.example/ranks},
  video = {https://video.example/ranks},
  slides = {https://slides.example/ranks},
}
""",
    "publications/publications.bib": """\
@article{paper,
  author = {Example, A. and Tuner, Otto},
  title = {On Reeds},
  journal = {Journal of Pipes},
  year = {2018},
  doi = {10.1234/reeds},
  pdf = {https://paper.example/reeds.pdf},
}

@phdthesis{thesis,
  author = {Example, Ada},
  title = {All Reeds},
  school = {University of Bern},
  year = {2022},
}
""",
    "projects/index.md": """\
# Projects

```{projects}
```

```{toctree}
:hidden:

meter
```
""",
    "projects/meter.md": """\
# meter

*Measures* the pitch of a pipe

```{project}
:id: meter
:code: https://code.example/meter
:license: MIT
:start: 2020-03
:end: 2021-04
:skills: tuning
```

- Measures tuning
""",
    "skills.md": "# Skills\n\n## Craft\n\n### Tuning\n\n```{skill}\n:id: tuning\n```\n",
}
# A PNG of one pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63"
    "6060606000000005000165a3da3c0000000049454e44ae426082"
)


def write(folder: Path, **changed: str) -> Path:
    """Write the sources, with other pages or more of them."""
    for name, text in (PAGES | changed).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "ada.png").write_bytes(PIXEL)
    return folder


def build(source: Path, builder: str = "html", **settings: Any) -> tuple[Site, list[str]]:
    """Build the sources afresh; return the site and what was reported."""
    shutil.rmtree(source / "_build", ignore_errors=True)
    return _build(source, builder, settings)


def rebuild(source: Path, builder: str = "html", **settings: Any) -> Site:
    """Build the sources again after an edit; nothing may be reported."""
    site, warnings = _build(source, builder, settings)
    assert warnings == []
    return site


def _build(source: Path, builder: str, settings: dict[str, Any]) -> tuple[Site, list[str]]:
    app = SphinxTestApp(builder, srcdir=source, confoverrides=settings)
    try:
        app.build()
        warnings = strip_colors(app.warning.getvalue()).splitlines()
        return Site(source / "_build" / builder), warnings
    finally:
        app.cleanup()
