"""Chromium, Firefox and WebKit, each behind the same few commands.

Playwright drives Chromium. Its Firefox and WebKit are builds of its own, and Debian has no
geckodriver for Selenium, so the system's browsers are driven by what they implement themselves:
Firefox by WebDriver BiDi, which is JSON over a WebSocket (a bridge to puppeteer-core, in Node,
would be longer than the commands used here), WebKitGTK by WebDriver, through Selenium.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

import playwright.sync_api
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.webkitgtk.service import Service
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page
    from websockets.sync.client import ClientConnection

FIREFOX = ("firefox-esr", "firefox")
HEIGHT = 900  # px, of each viewport
TIMEOUT = 30  # seconds for a browser to start, or to answer
KEYS = {"Enter": Keys.RETURN}  # names of keys, and what both WebDriver protocols send for them


class MissingEngineError(Exception):
    """An engine is not installed; the message says what to install."""


class BiDiError(Exception):
    """Firefox answers that a command failed."""


class Engine(Protocol):
    """A browser with one page open."""

    def open(self, address: str) -> None:
        """Load a page."""

    def resize(self, width: int) -> None:
        """Set the width of the viewport in CSS pixels."""

    def evaluate(self, expression: str) -> Any:
        """Return the JSON value of a JavaScript expression, awaited if it is a promise."""

    def press(self, *keys: str) -> None:
        """Press keys: characters, or names in `KEYS`."""


def wait_for(engine: Engine, condition: str) -> None:
    """Wait until a JavaScript expression is true, on this page or the next."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            if engine.evaluate(condition):
                return
        except (BiDiError, WebDriverException, playwright.sync_api.Error):
            pass  # the page is being replaced
        time.sleep(0.05)
    raise AssertionError(f"never true: {condition}")


class Chromium:
    """A page in Playwright."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, address: str) -> None:
        """Load a page."""
        self._page.goto(address)

    def resize(self, width: int) -> None:
        """Set the width of the viewport."""
        self._page.set_viewport_size({"width": width, "height": HEIGHT})

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression."""
        return self._page.evaluate(expression)

    def press(self, *keys: str) -> None:
        """Press keys."""
        for key in keys:
            self._page.keyboard.press(key)


@contextmanager
def chromium(browser: Browser) -> Iterator[Engine]:
    """Open a page in a running Chromium."""
    with closing(browser.new_page()) as page:
        yield Chromium(page)


class Firefox:
    """A tab behind WebDriver BiDi: https://w3c.github.io/webdriver-bidi/."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._commands = 0
        self._command("session.new", capabilities={})
        # In the tab that is there, which has no focus, Enter presses no button.
        self._tab = self._command("browsingContext.create", type="tab")["context"]

    def _command(self, method: str, **params: Any) -> dict[str, Any]:
        self._commands += 1
        self._socket.send(json.dumps({"id": self._commands, "method": method, "params": params}))
        answer: dict[str, Any] = {}
        while answer.get("id") != self._commands:  # else an event
            answer = json.loads(self._socket.recv(TIMEOUT))
        if answer["type"] == "error":
            raise BiDiError(f"{method}: {answer['error']}: {answer['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, address: str) -> None:
        """Load a page."""
        self._command("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def resize(self, width: int) -> None:
        """Set the width of the viewport."""
        viewport = {"width": width, "height": HEIGHT}
        self._command("browsingContext.setViewport", context=self._tab, viewport=viewport)

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression."""
        answer = self._command(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression}) ?? null))()",
            target={"context": self._tab},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise BiDiError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def press(self, *keys: str) -> None:
        """Press keys."""
        kinds = ("keyDown", "keyUp")
        actions = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in kinds]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self._command("input.performActions", context=self._tab, actions=[source])


@contextmanager
def firefox() -> Iterator[Engine]:
    """Start Firefox with a profile of its own."""
    executable = next(filter(None, map(shutil.which, FIREFOX)), None)
    if not executable:
        raise MissingEngineError(f"None of {', '.join(FIREFOX)} on the PATH: install firefox-esr.")
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ("--headless", "--remote-debugging-port=0", "--profile", profile)
        process = subprocess.Popen(
            [executable, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            with connect(_address(Path(profile)), max_size=None) as socket:
                yield Firefox(socket)
        finally:
            process.terminate()
            process.wait(TIMEOUT)


def _address(profile: Path) -> str:
    """Wait for the file in which Firefox says where it listens."""
    file = profile / "WebDriverBiDiServer.json"
    end = time.monotonic() + TIMEOUT
    while not (file.is_file() and file.stat().st_size):
        assert time.monotonic() < end, "Firefox opens no WebSocket"
        time.sleep(0.05)
    server = json.loads(file.read_text(encoding="utf-8"))
    return f"ws://{server['ws_host']}:{server['ws_port']}/session"


class WebKit:
    """A frame in WebKitGTK's MiniBrowser, whose window is never narrower than its toolbar.

    Media queries see the frame's width. The page around it is one of the site: in a frame of
    another site there is no storage.
    """

    def __init__(self, driver: webdriver.WebKitGTK, site: str) -> None:
        self._driver = driver
        driver.get(f"{site}cv.txt")
        frame = f'<iframe style="border: 0; height: {HEIGHT}px"></iframe>'
        driver.execute_script("document.body.innerHTML = arguments[0]", frame)

    def open(self, address: str) -> None:
        """Load a page."""
        self._driver.switch_to.default_content()
        self._driver.execute_async_script(
            """const [address, done] = arguments;
            const frame = document.querySelector("iframe");
            frame.onload = () => done();
            frame.src = address;""",
            address,
        )
        self._driver.switch_to.frame(0)

    def resize(self, width: int) -> None:
        """Set the width of the viewport."""
        self._driver.switch_to.default_content()
        script = "document.querySelector('iframe').style.width = `${arguments[0]}px`"
        self._driver.execute_script(script, width)
        self._driver.switch_to.frame(0)

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression."""
        return self._driver.execute_script(f"return (async () => await ({expression}))()")

    def press(self, *keys: str) -> None:
        """Press keys."""
        ActionChains(self._driver).send_keys(*(KEYS.get(key, key) for key in keys)).perform()


@contextmanager
def webkit(site: str) -> Iterator[Engine]:
    """Start WebKitGTK's MiniBrowser."""
    executable = shutil.which("WebKitWebDriver")
    if not executable:
        raise MissingEngineError("No WebKitWebDriver on the PATH: install webkit2gtk-driver.")
    if not os.environ.get("DISPLAY"):
        raise MissingEngineError("No display for WebKit: install xvfb, then run `nox -s browser`.")
    # Containers may have no sandbox; the pages are our own.
    environment = {**os.environ, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
    driver = webdriver.WebKitGTK(service=Service(executable, env=environment))
    try:
        yield WebKit(driver, site)
    finally:
        driver.quit()
