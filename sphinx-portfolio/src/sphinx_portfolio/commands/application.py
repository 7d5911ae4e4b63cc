"""Runs Sphinx as its own command line does, with warnings as errors and messages in lines."""

from __future__ import annotations

import sys
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError, SphinxError
from sphinx.util.console import strip_colors
from sphinx.util.docutils import docutils_namespace, patch_docutils

if TYPE_CHECKING:
    from collections.abc import Iterator


class BuildError(Exception):
    """The source does not build; the messages have been printed."""


def build(source: Path, output: Path, doctrees: Path, builder: str) -> Sphinx:
    """Read everything and write it with a builder; BuildError if there is a warning or error."""
    messages = StringIO()
    # What conf.py and extensions print is not part of the result.
    with redirect_stdout(StringIO()):
        try:
            with patch_docutils(source), docutils_namespace():
                app = Sphinx(
                    *(source, source, output, doctrees, builder),
                    confoverrides={"nitpicky": True},
                    status=None,
                    warning=messages,
                    freshenv=True,
                    warningiserror=True,
                )
                app.build(force_all=True)
        except (SphinxError, OSError) as error:
            if isinstance(error, ExtensionError) and not isinstance(error.orig_exc, OSError | None):
                raise  # a fault of an extension: its traceback helps
            print(f"ERROR: {error}", file=messages)
            failed = True
        else:
            failed = bool(app.statuscode)
    print(strip_colors(messages.getvalue()), end="", file=sys.stderr)
    if failed:
        raise BuildError
    return app


@contextmanager
def reading(source: Path) -> Iterator[Sphinx]:
    """Read a source without writing a site; BuildError if there is a warning or error."""
    with TemporaryDirectory() as folder:
        yield build(source, Path(folder, "out"), Path(folder, "doctrees"), "dummy")
