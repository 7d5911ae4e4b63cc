"""Sessions: `nox` alone runs lint, tests and build; `nox --list` names them all."""

import shutil
import subprocess
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2024.3.2"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["lint", "tests", "build"]

SITE = "requirements.txt"
TOOLS = "requirements/dev.txt"
BROWSER = "requirements/browser.txt"
PACKAGE = "./sphinx-portfolio"
SKELETON = f"{PACKAGE}/src/sphinx_portfolio/commands/skeleton"  # of what `new` writes


def install(session: nox.Session, *files: str) -> None:
    """Install exactly what the files lock, each package by its hash; then our own package."""
    requirements = [argument for file in (SITE, *files) for argument in ("-r", file)]
    session.install("--require-hashes", "--only-binary", ":all:", *requirements)
    session.install("--no-deps", "--editable", PACKAGE)


def node_packages(session: nox.Session) -> None:
    """Install what tests/browser/package-lock.json locks; none of it runs a script of its own."""
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--prefix", "tests/browser")
    session.run("npm", "ci", *options)


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
def messages(session: nox.Session) -> None:
    """Update the package's catalogs of messages and compile them; `-- LANGUAGE` begins one."""
    install(session)
    session.run("python", f"{PACKAGE}/tests/catalogs.py", *session.posargs)


@nox.session
def serve(session: nox.Session) -> None:
    """Serve the site on 127.0.0.1 and build it again when a file changes."""
    install(session, TOOLS)
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
def tests(session: nox.Session) -> None:
    """Run the tests of the site and the package; arguments go to pytest."""
    install(session, TOOLS)
    # The tests of a file share what they build.
    session.run("pytest", "-n", "auto", "--dist", "loadfile", *session.posargs)


@nox.session
def browser(session: nox.Session) -> None:
    """Test the built site in Chromium, Firefox and WebKit; arguments go to pytest."""
    install(session, TOOLS, BROWSER)
    node_packages(session)
    # WebKit needs a display; the others run without.
    display = ("xvfb-run", "--auto-servernum") if shutil.which("xvfb-run") else ()
    session.run(*display, "pytest", "tests/browser", *session.posargs, external=bool(display))


@nox.session
def docs(session: nox.Session) -> None:
    """Build the package's documentation into _build/docs; warnings are errors."""
    install(session)
    session.run(
        *("python", "-m", "sphinx", "-W", "--keep-going", "-n", "-b", "html"),
        *(f"{PACKAGE}/docs", "_build/docs", *session.posargs),
    )


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types, spelling and the configuration of hosts."""
    install(session, TOOLS, BROWSER)
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("mypy", "tests")  # apart: both folders of tests have a conftest.py
    session.run("codespell")
    session.run(
        *("check-jsonschema", "--builtin-schema", "vendor.readthedocs", ".readthedocs.yaml"),
        *(f"{PACKAGE}/.readthedocs.yaml", f"{SKELETON}/dot-readthedocs.yaml"),
    )
    workflows = (".github/workflows", f"{SKELETON}/dot-github/workflows")
    session.run(
        *("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
        *sorted(str(path) for folder in workflows for path in Path(folder).glob("*.yml")),
    )
    session.run(
        *("check-jsonschema", "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml")
    )


@nox.session
def lock(session: nox.Session) -> None:
    """Compile the requirements to the newest versions; arguments go to uv instead of --upgrade."""
    session.install("uv")
    upgrade = session.posargs or ["--upgrade"]
    for name in ("requirements", "requirements/dev", "requirements/browser"):
        session.run(
            *("uv", "pip", "compile", "--quiet", "--universal", "--fork-strategy", "fewest"),
            *("--python-version", "3.11", "--only-binary", ":all:", "--generate-hashes"),
            *("--no-emit-index-url", "--no-emit-find-links"),
            *("--custom-compile-command", "nox -s lock"),
            *(f"{name}.in", "-o", f"{name}.txt", *upgrade),
        )


@nox.session
def bench(session: nox.Session) -> None:
    """Measure records, the CV's files and the link check, and ask Lighthouse about each page."""
    install(session, TOOLS, BROWSER)
    session.env["PYTHONDONTWRITEBYTECODE"] = ""  # compiling Sphinx is not what is measured
    if session.posargs == ["--quick"]:  # do they still run, and print their figures?
        session.run("pytest", "-q", f"{PACKAGE}/tests/bench/quick.py")
        return
    session.run("python", f"{PACKAGE}/tests/bench/records.py", *session.posargs)
    session.run("python", f"{PACKAGE}/tests/bench/exports.py", *session.posargs)
    session.run("python", f"{PACKAGE}/tests/bench/imports.py", *session.posargs)
    session.run("python", f"{PACKAGE}/tests/bench/links.py")
    session.run("sphinx-portfolio", "build")
    node_packages(session)
    session.run("python", "tests/bench/lighthouse.py")
