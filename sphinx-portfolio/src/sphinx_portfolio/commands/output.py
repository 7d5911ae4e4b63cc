"""Output folders: marked as ours, locked while they are written, replaced as a whole.

No command deletes or overwrites a file that it did not write. A folder that a command
writes bears a marker file; one that has other files and no marker is refused.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARKER = ".sphinx-portfolio"
TEXT = "This folder is written by sphinx-portfolio, which may delete all that is in it.\n"
BUILD = "_build"  # the one folder of the source that is written


class OutputError(Exception):
    """Says why an output folder is refused, and what to do."""


def mark(folder: Path, *, private: bool = False) -> None:
    """Create a folder, if it is missing, and mark it as ours; OutputError if it is not ours.

    Only its owner can read a private folder, where the system has modes.
    """
    check(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if private:
        folder.chmod(0o700)
    mark_content(folder)


def mark_content(folder: Path) -> None:
    """Write the marker file."""
    (folder / MARKER).write_text(TEXT, encoding="utf-8")


def check(folder: Path) -> None:
    """Raise OutputError unless a folder is missing, empty or marked as ours."""
    if not folder.exists():
        return
    if not folder.is_dir():
        message = f"{folder} is a file: name another folder with --output"
        raise OutputError(message)
    if not (folder / MARKER).is_file() and any(folder.iterdir()):
        message = (
            f"{folder} has files that sphinx-portfolio did not write: "
            "name another folder with --output, or empty this one"
        )
        raise OutputError(message)


def check_outside(folder: Path, source: Path) -> None:
    """Raise OutputError if a folder is in the source, but not in its `_build`."""
    folder, source = folder.resolve(), source.resolve()
    inside = folder == source or source in folder.parents
    if inside and (source / BUILD) not in (folder, *folder.parents):
        message = (
            f"{folder} is in the source folder: "
            f"name a folder in {source / BUILD}, or outside of the source, with --output"
        )
        raise OutputError(message)


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Yield an empty folder, which replaces *folder* if no error is raised.

    It is in a folder of ours beside *folder*, which is locked, so that a second command can't
    disturb the first. If a command was killed while it replaced the folder, the next one
    restores the last whole one first.
    """
    check(folder)
    work = folder.parent / f"{MARKER}-work"
    mark(work)
    new, old = work / f"{folder.name}.new", work / f"{folder.name}.old"
    with _locked(work):
        if old.exists() and not folder.exists():
            old.rename(folder)
        for each in (new, old):
            shutil.rmtree(each, ignore_errors=True)
        new.mkdir()
        try:
            yield new
            mark_content(new)
            if folder.exists():
                folder.rename(old)
            try:
                new.rename(folder)
            except OSError:
                old.rename(folder)
                raise
        finally:
            shutil.rmtree(new, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _locked(work: Path) -> Iterator[None]:
    try:
        with FileLock(work / "lock", timeout=0):
            yield
    except Timeout:
        message = f"another command is writing to {work.parent}: wait until it ends"
        raise OutputError(message) from None
