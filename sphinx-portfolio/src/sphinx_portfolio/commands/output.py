"""Output folders: marked, locked while they are written, and replaced as a whole.

No command deletes or overwrites a file that it did not write: a folder that a command
writes has a marker file, and a folder that has other files and no marker is refused.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from sphinx_portfolio.commands import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARKER = ".sphinx-portfolio"
TEXT = "This folder is written by sphinx-portfolio, which may delete all that is in it.\n"
WORK = ".sphinx-portfolio-work"
BUILD = "_build"  # the only folder of the source that is written


def check_place(folder: Path, source: Path) -> None:
    """Raise CommandError if a folder contains the source, or is in it, but not below `_build`."""
    folder, source = folder.resolve(), source.resolve()
    build = source / BUILD
    contains = folder in (source, *source.parents)
    if contains or (source in folder.parents and build not in folder.parents):
        raise CommandError(
            f"{folder} {'contains' if contains else 'is in'} the source folder: "
            f"name a folder in {build}, or outside of the source, with --output"
        )


def check(folder: Path) -> None:
    """Raise CommandError unless a folder is missing, empty or marked."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise CommandError(f"{folder} is a file: name another folder with --output")
    if not (folder / MARKER).is_file() and any(folder.iterdir()):
        raise CommandError(
            f"{folder} has files that sphinx-portfolio did not write: "
            "name another folder with --output, or empty this one"
        )


def mark(folder: Path) -> None:
    """Create a folder, if it is missing, and mark it; CommandError if it has other files."""
    check(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text(TEXT, encoding="utf-8")


@contextmanager
def replacing(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield an empty folder, which replaces *folder* at the end, and a folder for doctrees.

    If an error is raised, *folder* is unchanged. CommandError if *folder* has other files, or
    another command is replacing it. A command that was killed may leave the old folder in the
    work folder: it is restored first. A symbolic link is followed: its target is replaced.
    """
    folder = folder.resolve()
    check(folder)
    work = folder.parent / WORK
    mark(work)
    new, old = work / f"{folder.name}.new", work / f"{folder.name}.old"
    try:
        lock = FileLock(work / "lock").acquire(timeout=0)
    except Timeout:
        message = f"another command is writing to {work.parent}: wait until it ends"
        raise CommandError(message) from None
    manifest = work / f"{folder.name}.files"
    with lock:
        try:
            _restore(old, folder)
            _check_files(folder, manifest)
            shutil.rmtree(new, ignore_errors=True)
            mark(new)
            yield new, work / f"{folder.name}.doctrees"
            _list([folder, new], manifest)  # the command may be killed at any step
            if folder.exists():
                folder.rename(old)
            new.rename(folder)
            _list([folder], manifest)
        finally:
            _restore(old, folder)
            shutil.rmtree(new, ignore_errors=True)


def _files(folder: Path) -> list[str]:
    return [p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()]


def _list(folders: list[Path], manifest: Path) -> None:
    names = {name for folder in folders for name in _files(folder)}
    manifest.write_text("\n".join(sorted(names)), encoding="utf-8")


def _check_files(folder: Path, manifest: Path) -> None:
    """Raise CommandError if files were added to a folder since it was written."""
    if folder.exists() and manifest.exists():
        written = set(manifest.read_text(encoding="utf-8").splitlines())
        if added := sorted(name for name in _files(folder) if name not in written):
            raise CommandError(
                f"{folder / added[0]} was not written by sphinx-portfolio: move it away; "
                "files that a site needs are for html_extra_path in conf.py"
            )


def _restore(old: Path, folder: Path) -> None:
    """Put the old folder back if there is no new one, else delete it."""
    if old.exists() and not folder.exists():
        old.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
