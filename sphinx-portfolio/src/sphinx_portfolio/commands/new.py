"""Write the repository of a new portfolio, filled from files or with examples to overwrite.

DIR has to be missing or empty. FILE is a résumé or CV in JSON Resume, RenderCV or al-folio's
YAML, BibTeX, or the data export of LinkedIn (ZIP or folder).
"""

from __future__ import annotations

import hashlib
import json
import re
from argparse import ArgumentParser
from importlib.metadata import PackageNotFoundError, distribution, requires, version
from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import ConfigError

from sphinx_portfolio import __version__, config
from sphinx_portfolio.commands import CommandError, files, importing
from sphinx_portfolio.importers import home, pages

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from importlib.resources.abc import Traversable

    from sphinx_portfolio.importers.pages import Result, Writer

PACKAGE = "sphinx-portfolio"
RECORD = ".sphinx-portfolio.json"
SKELETON = resources("sphinx_portfolio.commands") / "skeleton"
EXAMPLES = ("example.json", "example.bib")
NOT_COMMITTED = (pages.PRIVATE, pages.REPORT)  # by .gitignore
HEAD = """\
# What the site is built with: exact versions, without hashes. `nox -s lock` writes the newest
# versions of all packages with their hashes.
"""


def main(arguments: Sequence[str]) -> int:
    """Write it; CommandError if DIR has files or a source can't be read."""
    parser = ArgumentParser(prog="sphinx-portfolio new", description=__doc__)
    parser.add_argument("folder", metavar="DIR", type=Path, help="the folder to write")
    parser.add_argument(
        "--from", dest="sources", metavar="FILE", type=Path, nargs="+", default=[],
        help="files to fill the portfolio from; without them it has examples",
    )  # fmt: skip
    importing.add_as(parser)
    parser.add_argument(
        "--package",
        help="where sphinx-portfolio is installed from: a folder, a wheel or an address",
    )
    options = parser.parse_args(arguments)
    _check(options.folder)
    try:
        today = config.today()
    except ConfigError as error:
        raise CommandError(str(error)) from error
    draft = importing.read(options.sources or _examples(), options.as_)
    writer = home.write(draft, today)
    package = options.package or _installed_from()
    if draft.person.get("name", "") == "":
        writer.leave("name", f"unknown: replace {home.NO_NAME!r} in conf.py and index.md")
    writer.report()
    written = writer.result.files | _fixed(writer) | _requirements(package)
    # The hashes are public: of a file that isn't, a short text could be guessed.
    public = {name: text for name, text in written.items() if name not in NOT_COMMITTED}
    hashes = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in public.items()}
    record = {"version": __version__, "files": dict(sorted(hashes.items()))}
    written[RECORD] = json.dumps(record, indent=2) + "\n"
    files.write(options.folder, written)
    _print(options.folder, writer.result, package, examples=not options.sources)
    return 0


def _check(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise CommandError(f"{folder} is a file: name a folder that is missing or empty")
    if folder.is_dir() and any(folder.iterdir()):
        raise CommandError(f"{folder} is not empty: name a folder that is missing or empty")


def _examples() -> list[Path]:
    return [Path(str(SKELETON / name)) for name in EXAMPLES]


def _fixed(writer: Writer) -> dict[str, str]:
    """Return the files that no content changes; README.md names the person and what is there."""
    found = dict(_walk(SKELETON))
    lines = [
        line
        for line in found["README.md"].splitlines(keepends=True)
        if not line.startswith("| ") or _is_there(line, writer.result.files)
    ]
    title = pages.heading(writer.name, 1).rstrip()
    return found | {"README.md": "".join(lines).replace("# A portfolio", title, 1)}


def _is_there(row: str, files: Collection[str]) -> bool:
    """Return whether the files and folders that a row of a table names are written."""
    names = re.findall(r"`([^`]+)`", row)
    return all(any(file.startswith(name) for file in files) for name in names)


def _walk(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the files of the skeleton; a leading `dot-` stands for a dot."""
    for each in sorted(folder.iterdir(), key=lambda it: it.name):
        name = prefix + re.sub(r"^dot-", ".", each.name)
        if each.is_dir():
            if each.name != "__pycache__":
                yield from _walk(each, f"{name}/")
        elif each.name not in EXAMPLES:
            yield name.removesuffix(".txt"), each.read_text(encoding="utf-8")


def _installed_from() -> str:
    """Return where the package was installed from (PEP 610); empty if from an index."""
    found = json.loads(distribution(PACKAGE).read_text("direct_url.json") or "{}")
    address: str = found.get("url", "")
    if vcs := found.get("vcs_info"):
        address = f"{vcs['vcs']}+{address}@{vcs['commit_id']}"
    folder = found.get("subdirectory", "")
    return f"{address}#subdirectory={folder}" if folder else address


def _requirements(package: str) -> dict[str, str]:
    """Return requirements.in with the packages, and requirements.txt with their versions."""
    own = f"{PACKAGE}[cv]"
    if package:
        path = Path(package)
        if not path.exists() and "://" not in package:
            message = f"--package: {package!r} is no folder, file or address: name one"
            raise CommandError(message)
        own = f"{own} @ {path.resolve().as_uri() if path.exists() else package}"
    pins = [own if package else f"{own}=={__version__}"]
    for requirement in requires(PACKAGE) or ():
        name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        try:
            pins.append(f"{name}=={version(name)}")
        except PackageNotFoundError:  # an extra that is not installed
            continue
    return {
        "requirements.in": f"# `nox -s lock` compiles requirements.txt from this file.\n{own}\n",
        "requirements.txt": f"{HEAD}{chr(10).join(pins)}\n",
    }


def _print(folder: Path, result: Result, package: str, *, examples: bool) -> None:
    what = "examples to overwrite" if examples else importing.counted(result.added)
    for name in result.skipped:
        print(f"twice in the files, written once: {name}")
    place = package or f"PyPI, version {__version__}"
    remedy = "; only this computer has it: --package names an address" if _is_local(place) else ""
    print(f"requirements.txt installs {PACKAGE} from {place}{remedy}")
    print(f"Build it: cd {folder} && nox -s build")
    print(f"{folder}: {what}{importing.left_over(result)}")


def _is_local(place: str) -> bool:
    return place.startswith("file:") or Path(place).exists()
