"""`sphinx-portfolio serve` shows an edit."""

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
    from pathlib import Path

PATIENCE = 60  # seconds, for a machine that is busy


def wait_for(text: str, port: int) -> None:
    """Ask for the page until the text is on it."""
    deadline = time.monotonic() + PATIENCE
    page = ""
    while time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/other.html")
            page = connection.getresponse().read().decode()
        except (OSError, HTTPException):
            pass  # not there yet, or just being written
        finally:
            connection.close()
        if text in page:
            return
        time.sleep(0.2)
    raise AssertionError(page)


def test_an_edit_is_shown_on_this_machine_alone(tmp_path: Path, rootdir: Path) -> None:
    source = shutil.copytree(rootdir / "test-minimal", tmp_path / "source")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "sphinx_portfolio", "serve", "--source", source),
            *("--output", tmp_path / "out", "--port", str(port)),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for("Other", port)
        (source / "other.md").write_text("# Another\n", encoding="utf-8")
        wait_for("Another", port)
        with pytest.raises(OSError, match="refused"):
            # Whoever listens to all addresses answers at this one, too.
            socket.create_connection(("127.0.0.2", port), timeout=5)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(PATIENCE) == 0
