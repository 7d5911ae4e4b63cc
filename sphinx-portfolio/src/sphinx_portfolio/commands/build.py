"""`sphinx-portfolio build`: the whole site, from nothing, or no site at all."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Build the site; return Sphinx's exit code.

    Sphinx reports a warning once and then keeps the page's doctree, so a second
    run would pass; and it leaves pages whose source is gone. Hence each build
    reads everything (`-E`) into an empty folder, which takes the place of the
    old site only when it is whole.
    """
    parser = argparse.ArgumentParser(prog="sphinx-portfolio build", description=__doc__)
    parser.add_argument("--source", type=Path, default=Path(), help="the folder of conf.py")
    parser.add_argument("--output", type=Path, default=Path("_build"), help="default: _build")
    parser.add_argument("-b", "--builder", default="html", help="Sphinx's builder, default: html")
    options = parser.parse_args(arguments)

    started = time.monotonic()
    site = options.output / options.builder
    fresh = options.output / f".{options.builder}"
    shutil.rmtree(fresh, ignore_errors=True)
    result = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-b", options.builder, "-q"),
            *("-W", "--keep-going", "-n", "-E", "-d", options.output / "doctrees"),
            *(options.source, fresh),
        ],
        # What extensions print there while they are loaded is none of the build's findings.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    print(condensed(result.stderr), end="", file=sys.stderr)
    if status := result.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        remains = f"; {site} is still the last whole one" if site.exists() else ""
        print(f"No site was built: see above{remains}.", file=sys.stderr)
        return status
    replace(site, fresh)
    pages = sum(1 for _ in site.rglob("*.html"))
    seconds = time.monotonic() - started
    print(f"{(site / 'index.html').resolve()}: {pages} pages in {seconds:.1f} s")
    return 0


# Sphinx puts an error of the source or the disk at the end of a report about itself.
REPORT = re.compile(
    r"\n*(?:^[^\n]+!\n+)?^Versions\n=+\n.*^Traceback\n=+\n"
    r".*?^    (?:sphinx\.errors\.\w+|(?P<kind>OSError|\w+Error(?=: \[Errno \d+\]))): "
    # An extension that breaks down is a fault of the program, unless the system hindered it.
    r"(?!Handler <(?![^\n]*\[Errno))"
    r"(?P<error>[^\n]*(?:\n    [^\n]*)*).*",
    re.DOTALL | re.MULTILINE,
)


def condensed(messages: str) -> str:
    """Leave of Sphinx's report the error; all of it where that is a fault of the program."""
    found = REPORT.search(messages)
    if not found:
        return messages
    error = "\n".join(line.strip() for line in found["error"].strip().splitlines())
    return f"{messages[: found.start()]}\nERROR: {error}\n".lstrip("\n")


def replace(old: Path, new: Path) -> None:
    """Put the folder `new` in the place of `old`, which may not exist yet."""
    aside = old.with_name(f"{old.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    if old.exists():
        old.rename(aside)
    new.rename(old)
    shutil.rmtree(aside, ignore_errors=True)
