"""The built site behind a server of its own, and browsers that visit it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Protocol

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from browser.engines import MissingEngineError, chromium, firefox, webkit
from browser.visit import AXE, PICTURES, Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from contextlib import AbstractContextManager

    from browser.engines import Engine
    from support import Site

CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # which containers don't have; the pages are our own
)

VISITS = pytest.StashKey[list[Visit]]()


class Visitor(Protocol):
    """Open an address of the site in a browser that has been nowhere before."""

    def __call__(
        self, name: str, view: str = "light", *, scripts: bool = True, base: str = ""
    ) -> Visit:
        """Open it below another base than the server's, if one is given."""


class Handler(SimpleHTTPRequestHandler):
    """Serve files, and 404.html for what there is not, as hosts do."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing: the browser does."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send the site's own page."""
        page = SimpleHTTPRequestHandler.translate_path(self, "/404.html")
        if code != 404:
            super().send_error(code, message, explain)
            return
        with open(page, "rb") as file:  # noqa: PTH123 (as the base class does)
            body = file.read()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="session")
def server(site: Site) -> Iterator[str]:
    """Where the site is served."""
    handler = partial(Handler, directory=str(site.folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}/"
        http.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, else one that Playwright fetches."""
    if not AXE.is_file():
        pytest.exit("axe-core is missing: `nox -s browser`, or `npm ci` in tests/browser.", 1)
    executable = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not executable:
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(command, check=False)
    shutil.rmtree(PICTURES, ignore_errors=True)
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=executable, args=QUIET)
        except Error as error:
            pytest.exit(
                f"No Chromium starts: neither {', '.join(CHROMIUM)} on the PATH nor Playwright's "
                f"own. Install the system's package `chromium`, then try again.\n{error}",
                1,
            )
        yield started
        started.close()


@pytest.fixture(scope="session", params=["chromium", "firefox", "webkit"])
def engine(request: pytest.FixtureRequest, server: str) -> Iterator[Engine]:
    """Each engine in turn. One that is missing fails in CI, and is skipped elsewhere."""
    engines: dict[str, Callable[[], AbstractContextManager[Engine]]] = {
        "chromium": lambda: chromium(request.getfixturevalue("browser")),
        "firefox": firefox,
        "webkit": lambda: webkit(server),
    }
    try:
        with engines[request.param]() as started:
            yield started
    except MissingEngineError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


def open_page(
    browser: Browser, address: str, name: str, view: str = "light", *, scripts: bool = True
) -> Visit:
    """Visit a page with a browser's profile of its own."""
    context = browser.new_context(reduced_motion="reduce", java_script_enabled=scripts)
    context.set_default_timeout(5000)
    visited = Visit(context.new_page(), name)
    visited.look(view)
    visited.page.goto(f"{address}{name}.html")
    return visited


@pytest.fixture(scope="module")
def opened(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A page that several tests look at, and none changes."""
    visited = open_page(browser, server, request.param)
    yield visited
    visited.page.context.close()


@pytest.fixture
def visit(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Visit pages that no other test sees."""
    visits = request.node.stash[VISITS] = []

    def visit(name: str, view: str = "light", *, scripts: bool = True, base: str = "") -> Visit:
        visits.append(open_page(browser, base or server, name, view, scripts=scripts))
        return visits[-1]

    yield visit
    for visited in visits:
        visited.page.context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to a failure where its picture lies."""
    report = yield
    if report.failed and call.when == "call":
        shared = [each for each in item.funcargs.values() if isinstance(each, Visit)]
        for visited in item.stash.get(VISITS, shared):
            report.sections.append(("picture", str(visited.picture())))
    return report
