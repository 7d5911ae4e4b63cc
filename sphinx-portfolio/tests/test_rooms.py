"""The rooms of the package: what each may import, and that a kind is described once."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import sphinx_portfolio
from sphinx_portfolio.model import KINDS
from support import Site, of_schema, one

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(sphinx_portfolio.__file__).parent
# What each room may import of the others; itself always. The order is that in which data flows.
MAY_IMPORT = {
    "model": set(),
    "exports": {"model"},
    "importers": {"model"},
    "config": {"model", "exports"},
    "domain": {"model", "config"},
    "sources": {"model", "domain"},
    "views": {"model", "domain"},
    "bibtex": {"model", "config", "domain", "sources", "views"},
    "html": {"model", "config", "domain", "exports"},
    "labs": {"model", "domain", "views", "html"},
    "strict": {"model", "sources"},
    "linkcheck": {"model", "config", "domain", "sources", "bibtex"},
    "commands": {
        *(
            "model",
            "importers",
            "config",
            "domain",
            "bibtex",
            "exports",
            "sources",
            "linkcheck",
            "labs",
        ),
    },
}


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the modules of the package that a file imports, with their lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sphinx_portfolio"):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield node.lineno, whole.removeprefix("sphinx_portfolio.")
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("sphinx_portfolio."):
                    yield node.lineno, alias.name.removeprefix("sphinx_portfolio.")


def test_rooms_import_only_what_comes_before_them() -> None:
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE)
        room = place.parts[0].removesuffix(".py")
        if room not in MAY_IMPORT:  # setup, the site's and the command line's
            assert place.as_posix() in {"__init__.py", "__main__.py", "site.py"}
            continue
        for line, module in imports(path):
            other = module.partition(".")[0]
            if other in MAY_IMPORT and other != room and other not in MAY_IMPORT[room]:
                wrong.append(f"{place}:{line}: {room} imports {module}")
    assert wrong == []


def test_the_model_needs_the_standard_library_only() -> None:
    wrong = [
        f"{path.name}: {name}"
        for path in sorted((PACKAGE / "model").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        if name.partition(".")[0] not in {*sys.stdlib_module_names, "sphinx_portfolio"}
    ]
    assert wrong == []


def test_a_kind_is_described_once() -> None:
    named = {
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.parent.name != "importers"  # what other formats call it
        and re.search(r"\bCertificate\b|\bcertificate\b(?!,)", path.read_text(encoding="utf-8"))
    }
    # Its module and the Python API; the table has it with a comma.
    assert named == {"model/__init__.py", "model/kinds/certificate.py"}
    table = (PACKAGE / "model" / "kinds" / "__init__.py").read_text(encoding="utf-8")
    assert table.count("certificate") == 2  # the import, and the line of the table


def test_each_kind_says_all_that_views_and_exports_ask() -> None:
    for name, kind in KINDS.items():
        assert kind.name == name
        assert kind.section
        assert kind.plural
        assert {group for line in kind.line for group in line} <= {fact.name for fact in kind.facts}
        assert all(option.description for option in kind.options or ())


CONF = """\
project = author = "Ada Example"
extensions = ["myst_parser", "sphinx_portfolio"]
portfolio_exports = ["cv.pdf", "cv.txt", "cv.md", "resume.json"]
"""
PAGE = """\
# Ada Example

## Organ Tuning, Level 2

```{certificate}
:id: organ-tuning
:issuer: Guild of Tuners
:date: 2022-03
:url: https://guild.example/verify/2
```

Tuning of reed pipes.

## All

{certificate}`organ-tuning`

```{timeline}
```

```{changelog}
```

```{entries}
:kind: certificate
```
"""


def test_a_certificate_is_in_every_view_and_export(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    (tmp_path / "index.md").write_text(PAGE, encoding="utf-8")
    out = tmp_path / "_build"
    command = [sys.executable, "-m", "sphinx", "-W", "-n", "-q", "-b", "html"]
    result = subprocess.run(
        [*command, str(tmp_path), str(out)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    page = Site(out)["index"]
    facts = one(page, "#organ-tuning > .portfolio-facts")
    assert [each.get_text().strip() for each in facts.select("dd")] == [
        "Mar. 2022",
        "Guild of Tuners",
    ]
    assert one(facts, "dd a")["href"] == "https://guild.example/verify/2"
    [listed] = page.select(".portfolio-entries > li")
    name, facts = listed.select("p")
    assert name.get_text() == "Organ Tuning, Level 2"
    assert facts.get_text() == "Guild of Tuners, Mar. 2022"
    assert "Certificates" in one(page, ".portfolio-changelog").get_text()
    assert page.select('.portfolio-timeline [role="img"]')
    text = (out / "cv.txt").read_text(encoding="utf-8")
    assert "\nCERTIFICATES\n\nOrgan Tuning, Level 2\nGuild of Tuners | Mar 2022\n" in text
    assert "## Certificates\n" in (out / "cv.md").read_text(encoding="utf-8")
    resume = of_schema(json.loads((out / "resume.json").read_text(encoding="utf-8")))
    assert resume["certificates"] == [
        {
            "name": "Organ Tuning, Level 2",
            "date": "2022-03",
            "issuer": "Guild of Tuners",
            "url": "https://guild.example/verify/2",
        }
    ]
