"""List what is valid but could be better, where it is, and what to do.

The exit code is 0, with `--strict` 1 if there is a finding, and 2 if the source does not
build. Accepted findings are listed in conf.py, with the reason:

    portfolio_accepted = {"project-license:locknt": "the team has to choose one"}
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.errors import ConfigError

from sphinx_portfolio.commands import application
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.model.diagnosis import RULES, Entry, Finding, Site, diagnose
from sphinx_portfolio.sources import locations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx


def _site(app: Sphinx) -> Site:
    """Gather what the rules look at."""
    env = app.env
    names = sorted(env.found_docs)
    return Site(
        portfolio=portfolio_domain(env).portfolio,
        root=Path(app.srcdir),
        pages=tuple(
            Entry(name, _description(app, name), f"{env.doc2path(name)}:1") for name in names
        ),
        pictures=tuple(picture for name in names for picture in _pictures(app, name)),
        unconfirmed=_entries(app, "unconfirmed"),
        accepted=_entries(app, "accepted"),
    )


def _description(app: Sphinx, name: str) -> str:
    """Return what a page says of itself in its front matter."""
    text: str = app.env.metadata[name].get("description", "")
    return "" if text == "null" else text  # which MyST makes of a field without value


def _pictures(app: Sphinx, name: str) -> Iterator[Entry]:
    """Yield the pictures of a page."""
    for image in app.env.get_doctree(name).findall(nodes.image):
        file, line = locations.find(image, Path(image["uri"]).name)
        yield Entry(f"{name}:{image['uri']}", image.get("alt", ""), f"{file}:{line}")


def _entries(app: Sphinx, name: str) -> tuple[Entry, ...]:
    """Return a table of conf.py; ConfigError unless each of its keys says something."""
    table = f"portfolio_{name}"
    value = app.config[table]
    file = Path(app.confdir, "conf.py")
    conf = file.read_text(encoding="utf-8")
    for key, text in value.items() if isinstance(value, dict) else [(table, value)]:
        if not (isinstance(value, dict) and isinstance(text, str) and text.strip()):
            message = f"{table}: {key!r} has no text: write {{'what it is about': 'what is said'}}"
            raise ConfigError(message)
    return tuple(
        Entry(key, text, f"{file}:{locations.line_of_key(conf, key, table)}")
        for key, text in value.items()
    )


def as_text(found: Sequence[Finding], accepted: Sequence[Finding]) -> str:
    """Return the report for people: a line a finding, under headings that count them."""
    lines = []
    for name, group in groupby(found, key=lambda finding: finding.rule):
        findings = list(group)
        lines.append(f"{RULES[name].title}: {len(findings)}")
        lines += (f"{it.place}: {it.what} ({it.mend}) [{it.key}]" for it in findings)
        lines.append("")
    if accepted:
        lines.append(f"Accepted: {len(accepted)}")
        lines += (f"{it.place}: {it.what} ({it.accepted}) [{it.key}]" for it in accepted)
        lines.append("")
    lines.append(f"{len(found)} to mend, {len(accepted)} accepted")
    return "\n".join(lines)


def as_json(found: Sequence[Finding], accepted: Sequence[Finding]) -> str:
    """Return the report for programs: what is to be mended, what is accepted, and counts."""
    counts = Counter(finding.rule for finding in found)
    report = {
        "findings": [asdict(finding) for finding in found],
        "accepted": [asdict(finding) for finding in accepted],
        "counts": {name: counts[name] for name in RULES},
    }
    return json.dumps(report, indent=2)


def main(arguments: Sequence[str]) -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(prog="sphinx-portfolio doctor", description=__doc__)
    parser.add_argument("--source", type=Path, default=Path(), help="the folder of conf.py")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if there is a finding")
    options = parser.parse_args(arguments)
    try:
        with application.reading(options.source) as app:
            findings = diagnose(_site(app))
    except application.BuildError:
        print("Not checked: the source does not build, see above.", file=sys.stderr)
        return 2
    except ConfigError as error:
        print(f"{options.source / 'conf.py'}: {error}", file=sys.stderr)
        return 2
    accepted = [finding for finding in findings if finding.accepted]
    found = [finding for finding in findings if not finding.accepted]
    print((as_json if options.json else as_text)(found, accepted))
    return 1 if options.strict and found else 0
