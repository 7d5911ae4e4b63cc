"""Runs Sphinx in this process, with warnings as errors."""

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

from sphinx_portfolio.commands import CommandError
from sphinx_portfolio.commands.output import MARKER
from sphinx_portfolio.site import check_sources

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


class BuildError(CommandError):
    """The source does not build; the messages have been printed."""

    def __init__(self) -> None:
        super().__init__("The build failed, see above: no output was changed.", code=1)


def build(
    source: Path,
    output: Path,
    doctrees: Path,
    builder: str,
    *,
    strict: bool = True,
    suppress: Collection[str] = (),
) -> Sphinx:
    """Read all pages and write them with a builder; BuildError after an error.

    If strict, a warning is an error, too, unless it is of a type to suppress. Raises an OSError,
    such as that of a full disk, as it is.
    """
    messages = StringIO()
    try:
        # What conf.py and extensions print is not part of the result.
        with redirect_stdout(StringIO()), patch_docutils(source), docutils_namespace():
            app = Sphinx(
                *(source, source, output, doctrees, builder),
                confoverrides={"nitpicky": True},
                status=None,
                warning=messages,
                freshenv=True,
                warningiserror=strict,
            )
            app.connect("env-before-read-docs", check_sources)
            # A book has all files of its folder.
            app.config.epub_exclude_files = [*app.config.epub_exclude_files, MARKER]
            app.config.suppress_warnings = [*app.config.suppress_warnings, *suppress]
            app.build(force_all=True)
    except SphinxError as error:
        cause = error.orig_exc if isinstance(error, ExtensionError) else None
        if isinstance(cause, OSError):
            raise cause from error
        if cause:
            raise  # a bug in an extension: its traceback helps
        print(f"ERROR: {str(error).strip()}", file=messages)
        raise BuildError from error
    finally:
        print(strip_colors(messages.getvalue()), end="", file=sys.stderr)
    if app.statuscode:
        raise BuildError
    return app


@contextmanager
def reading(source: Path, *, suppress: Collection[str] = ()) -> Iterator[Sphinx]:
    """Read a source without writing a site; BuildError after a warning or an error."""
    with TemporaryDirectory() as folder:
        output, doctrees = Path(folder, "out"), Path(folder, "doctrees")
        yield build(source, output, doctrees, "dummy", suppress=suppress)
