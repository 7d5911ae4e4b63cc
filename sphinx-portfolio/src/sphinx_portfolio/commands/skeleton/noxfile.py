"""Sessions: `nox` alone builds the site; `nox --list` names them all."""

import subprocess
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2024.3.2"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["build"]


def install(session: nox.Session) -> None:
    """Install what requirements.txt pins, by hash if it has hashes."""
    session.install("-r", "requirements.txt")


@nox.session
def build(session: nox.Session) -> None:
    """Build the site into _build/html; warnings are errors."""
    install(session)
    session.run("sphinx-portfolio", "build", *session.posargs)


@nox.session
def publish(session: nox.Session) -> None:
    """Build, and add the addresses of new pages and records to published.txt."""
    install(session)
    session.run("sphinx-portfolio", "build")
    session.run("sphinx-portfolio", "publish", *session.posargs)


@nox.session
def serve(session: nox.Session) -> None:
    """Serve the site on 127.0.0.1 and build it again when a file changes."""
    install(session)
    session.install("sphinx-autobuild")
    session.run("sphinx-portfolio", "serve", *session.posargs)


@nox.session
def linkcheck(session: nox.Session) -> None:
    """Check every link; `-- --fix` rewrites moved addresses. The command's exit code is kept."""
    install(session)
    program = str(Path(session.bin, "sphinx-portfolio"))
    command = [program, "linkcheck", *session.posargs]
    if code := subprocess.run(command, check=False).returncode:
        sys.exit(code)  # nox would exit with 1 if there is no network, as for a broken link


@nox.session
def doctor(session: nox.Session) -> None:
    """List what could be better; `-- --strict` fails on it, `-- --online` asks hosts of videos."""
    install(session)
    session.run("sphinx-portfolio", "doctor", *session.posargs)


@nox.session
def cv(session: nox.Session) -> None:
    """Make the CV alone: `-- --audience NAME` for one reader, `-- --private` with phone, street."""
    install(session)
    session.run("sphinx-portfolio", "cv", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Compile the requirements to the newest versions; arguments go to uv instead of --upgrade."""
    session.install("uv")
    # A folder has no hash.
    is_hashed = "@ file:" not in Path("requirements.in").read_text(encoding="utf-8")
    session.run(
        *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
        *(("--generate-hashes",) if is_hashed else ()),
        *("--custom-compile-command", "nox -s lock"),
        *("requirements.in", "-o", "requirements.txt", *(session.posargs or ["--upgrade"])),
    )
