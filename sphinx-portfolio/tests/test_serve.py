"""`sphinx-portfolio serve` shows an edit, and leaves no process behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups")

PATIENCE = 60  # seconds, for a machine that is busy


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def has(text: str, port: int) -> bool:
    """Tell whether a text is on the page."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/other.html")
        return text in connection.getresponse().read().decode()
    except (OSError, HTTPException):
        return False  # not there yet, or just being written
    finally:
        connection.close()


def is_running(group: int) -> bool:
    """Tell whether a process of a group is running."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def source(tmp_path: Path, rootdir: Path) -> Path:
    """A site of two pages, a build of which creates a file, and ends when another one exists."""
    folder = shutil.copytree(rootdir / "test-minimal", tmp_path / "source")
    with (folder / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(
            "import pathlib, time\n"
            f"folder = pathlib.Path({str(tmp_path)!r})\n"
            "(folder / 'started').touch()\n"
            "while not (folder / 'go').exists():\n"
            "    time.sleep(0.05)\n"
        )
    return folder


def serve(source: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start the server in a process group of its own; return its process and port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command: list[str | Path] = [
        *(sys.executable, "-m", "sphinx_portfolio", "serve", "--source", source),
        *("--output", source.parent / "out", "--port", str(port)),
    ]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return process, port


def assert_ended(process: subprocess.Popen[bytes], code: int) -> None:
    """Check the exit code of a process, and that its group has ended with it."""
    try:
        assert process.wait(PATIENCE) == code
        assert not is_running(process.pid)
    finally:
        if is_running(process.pid):
            os.killpg(process.pid, signal.SIGKILL)


def test_an_edit_is_shown_on_this_machine_alone(source: Path) -> None:
    (source.parent / "go").touch()
    process, port = serve(source)
    try:
        wait_until(lambda: has("Other", port))
        (source / "other.md").write_text("# Another\n", encoding="utf-8")
        wait_until(lambda: has("Another", port))
        with pytest.raises(OSError, match="refused"):
            # A server that listens to all addresses would answer at this one, too.
            socket.create_connection(("127.0.0.2", port), timeout=5)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        assert_ended(process, 0)


def test_termination_during_the_first_build_leaves_no_process(source: Path) -> None:
    process, _ = serve(source)
    try:
        wait_until((source.parent / "started").exists)
    finally:
        process.terminate()
        assert_ended(process, 128 + signal.SIGTERM)


def test_termination_while_it_serves_leaves_no_process(source: Path) -> None:
    (source.parent / "go").touch()
    process, port = serve(source)
    try:
        wait_until(lambda: has("Other", port))
        (source.parent / "started").unlink()
        (source.parent / "go").unlink()
        (source / "other.md").write_text("# Another\n", encoding="utf-8")
        wait_until((source.parent / "started").exists)
    finally:
        process.terminate()
        time.sleep(0.5)
        (source.parent / "go").touch()  # a build that has begun may end
        assert_ended(process, 128 + signal.SIGTERM)
