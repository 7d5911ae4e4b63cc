"""Run labs in Python and in MicroPython, as browsers do, and compare the results.

A lab runs with its defaults, and with all combinations of its least and greatest numbers and of its
choices. Numbers have to agree in six significant digits.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from sphinx_portfolio.commands import CommandError
from sphinx_portfolio.labs import engine, lab
from sphinx_portfolio.labs.engine import LabError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Print a line for each lab; return 1 if one fails or differs."""
    parser = ArgumentParser(prog="sphinx-portfolio lab", description=__doc__)
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+", help="a lab")
    files = parser.parse_args(arguments).files
    if not engine.is_available():
        message = 'labs need an extra: install "sphinx-portfolio[labs]"'
        raise CommandError(message)
    return max([_check(path) for path in files])


def _check(path: Path) -> int:
    """Run a lab; print its sentence, or what is wrong. Return the exit code."""
    values: dict[str, object] = {}
    runs, slowest = 0, 0.0
    try:
        source = lab.read(path)
        result = lab.run(source)
        for values in lab.corners(result.parameters):
            before = perf_counter()
            if found := lab.difference(source, values):
                raise LabError(found)
            runs, slowest = runs + 1, max(slowest, perf_counter() - before)
    except LabError as error:
        given = ", ".join(f"{name}={value}" for name, value in values.items())
        print(f"{path}:{error.line or 1}: {error}" + (f" ({given})" if given else ""))
        return 1
    print(f"{path}: {result.sentence}")
    print(f"{path}: equal in {runs} runs, the slowest took {slowest:.1f} s in both")
    return 0
