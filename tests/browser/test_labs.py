"""Labs in Chromium and Firefox, behind the strictest content security policy that works."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache, partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from browser.conftest import Handler
from browser.engines import wait_for
from repository import REPOSITORY
from sphinx_portfolio.labs import engine as engines
from sphinx_portfolio.labs import lab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browser.conftest import Visitor
    from browser.engines import Engine
    from support import Site

LABS = {file.stem: file for file in sorted((REPOSITORY / "labs").glob("*.py"))}
LOADED = {"lab-worker.js", "micropython.wasm", "kit.py", "harness.py"}
HOSTILE = (
    '<svg onload="steal()"><script>steal()</script><a href="javascript:steal()"><text>x</text></a>'
    '<image href="x" onerror="steal()"/><rect width="1" onclick="steal()" style="x: y"/></svg>'
)

each_lab = pytest.mark.parametrize("name", LABS)
two_engines = pytest.mark.parametrize("engine", ["chromium", "firefox"], indirect=True)


def policy(file: Path) -> str:
    """Return a policy that allows the site's files, and the scripts that the theme inlines."""
    soup = BeautifulSoup(file.read_bytes() if file.suffix == ".html" else b"", "lxml")
    scripts = {(each.string or "").encode() for each in soup.select("script:not([src])")}
    digests = (base64.b64encode(hashlib.sha256(each).digest()).decode() for each in scripts)
    inlined = " ".join(f"'sha256-{each}'" for each in digests)
    return (
        f"default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {inlined}; worker-src 'self'; "
        "connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; base-uri 'none'; form-action 'self'"
    )


@pytest.fixture(scope="module")
def asked() -> list[str]:
    """The names of the files that browsers asked for."""
    return []


@pytest.fixture(scope="module")
def strict(site: Site, asked: list[str]) -> Iterator[str]:
    """Where the site is served with a policy."""

    class Strict(Handler):
        def end_headers(self) -> None:
            path = Path(self.translate_path(self.path))
            asked.append(path.name)
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Security-Policy", policy(path))
            super().end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=site.folder)) as http:
        Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}/"
        http.shutdown()


@pytest.fixture(scope="module")
def pages(site: Site) -> dict[str, str]:
    """The address of each lab's page."""
    return {
        str(figure["data-name"]): f"{page}.html"
        for page in site.names
        for figure in site[page].select(".portfolio-lab")
    }


@cache
def changed(name: str) -> tuple[str, object]:
    """Return a number of a lab, and a value that is not its default."""
    parameters = lab.run(lab.read(LABS[name])).parameters
    number = next(each for each in parameters if each["kind"] == "number")
    low, high = number["low"], number["high"]
    return number["name"], low if number["default"] == high else high


@cache
def expected(name: str, *, is_changed: bool) -> str:
    """Return the sentence of a lab, as MicroPython writes it."""
    values = dict([changed(name)]) if is_changed else {}
    source = LABS[name].read_text(encoding="utf-8")
    sentence: str = engines.run_micropython(source, f"{name}.py", values)["sentence"]
    return sentence


class Figure:
    """A lab on a page that an engine opened."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self.lab = f"document.querySelector('.portfolio-lab[data-name={name}]')"

    def has(self, selector: str, text: str) -> None:
        """Wait until an element has a text."""
        element = f"{self.lab}.querySelector({json.dumps(selector)})"
        wait_for(self._engine, f"{element}.textContent === {json.dumps(text)}")

    def says(self, sentence: str) -> None:
        """Wait for the end of a run, and for a sentence."""
        wait_for(self._engine, f"!{self.lab}.querySelector('[aria-busy]')")
        self.has(".portfolio-lab-sentence", sentence)

    def do(self, action: str) -> Any:
        """Return the value of an expression that begins with the lab."""
        return self._engine.evaluate(f"{self.lab}{action}")

    def click(self, text: str) -> None:
        """Press a visible button."""
        self.do(
            f""".querySelectorAll("button").values()
            .filter((each) => each.checkVisibility() && each.textContent === {json.dumps(text)})
            .toArray().at(-1).click()"""
        )

    def edit(self, code: str) -> None:
        """Run a version of the source."""
        self.do('.querySelector(".portfolio-lab-source").open = true')
        self.click("Edit")
        self.do(f'.querySelector("textarea").value = {json.dumps(code)}')
        self.click("Run")


@each_lab
@two_engines
def test_a_changed_value_runs_the_lab_and_is_in_the_address(
    engine: Engine, strict: str, pages: dict[str, str], asked: list[str], name: str
) -> None:
    asked.clear()
    engine.open(f"{strict}{pages[name]}")
    figure = Figure(engine, name)
    figure.says(expected(name, is_changed=False))
    assert LOADED.isdisjoint(asked)
    key, value = changed(name)
    control = f'.querySelector("[name={key}]")'
    figure.do(f"{control}.value = {value}")
    figure.do(f"{control}.dispatchEvent(new Event('change', {{bubbles: true}}))")
    figure.says(expected(name, is_changed=True))
    assert set(asked) >= LOADED
    assert engine.evaluate("location.search") == f"?{name}.{key}={value}"
    assert figure.do(".querySelector('.portfolio-lab-drawing svg title').textContent")
    assert (
        figure.do(".querySelector('.portfolio-lab-sentence').getAttribute('aria-live')") == "polite"
    )


@each_lab
@two_engines
def test_a_shared_address_shows_its_result(
    engine: Engine, strict: str, pages: dict[str, str], name: str
) -> None:
    key, value = changed(name)
    engine.open(f"{strict}{pages[name]}?{name}.{key}={value}")
    figure = Figure(engine, name)
    figure.says(expected(name, is_changed=True))
    assert float(figure.do(f'.querySelector("[name={key}]").value')) == value


@each_lab
@two_engines
def test_the_code_is_edited_stopped_and_reset(
    engine: Engine, strict: str, pages: dict[str, str], name: str
) -> None:
    engine.open(f"{strict}{pages[name]}")
    figure = Figure(engine, name)
    source = LABS[name].read_text(encoding="utf-8")
    figure.edit(f'{source}\ndef summarize(data):\n    return "A version."\n')
    figure.says("A version.")
    figure.has(".portfolio-lab-status", "Result of your version")
    figure.click("Reset")
    figure.says(expected(name, is_changed=False))
    figure.edit(f"{source}\ndef run(**values):\n    while True:\n        pass\n")
    wait_for(engine, "document.querySelector('.portfolio-lab-stop').isConnected")
    wait_for(
        engine, "[...document.querySelectorAll('.portfolio-lab-stop')].some((it) => !it.hidden)"
    )
    figure.click("Stop")
    figure.has(".portfolio-lab-status", "Stopped.")
    figure.says(expected(name, is_changed=False))
    figure.click("Reset")
    figure.has(".portfolio-lab-status", "")
    figure.says(expected(name, is_changed=False))


@two_engines
def test_after_a_reload_the_controls_are_those_of_the_address(
    engine: Engine, strict: str, pages: dict[str, str]
) -> None:
    name = "backoff"
    key, value = changed(name)
    engine.open(f"{strict}{pages[name]}?{name}.{key}={value}")
    figure = Figure(engine, name)
    figure.says(expected(name, is_changed=True))
    figure.do('.querySelector("[name=seed]").value = 7')  # not taken over yet
    engine.evaluate("location.reload()")
    wait_for(engine, f"{figure.lab}?.querySelector('[name=seed]').value === '1'")
    figure.says(expected(name, is_changed=True))
    assert float(figure.do(f'.querySelector("[name={key}]").value')) == value


@two_engines
def test_an_address_with_a_value_out_of_range_says_so(
    engine: Engine, strict: str, pages: dict[str, str]
) -> None:
    engine.open(f"{strict}{pages['backoff']}?backoff.clients=100000")
    figure = Figure(engine, "backoff")
    figure.has(".portfolio-lab-status", "The address has a value that is out of range.")
    figure.says(expected("backoff", is_changed=False))


@two_engines
def test_a_schedule_that_cannot_be_read_says_what_to_write(
    engine: Engine, strict: str, pages: dict[str, str]
) -> None:
    engine.open(f"{strict}{pages['treiber_stack']}?treiber_stack.schedule=what")
    figure = Figure(engine, "treiber_stack")
    status = f"{figure.lab}.querySelector('.portfolio-lab-status').textContent"
    wait_for(engine, f"{status}.startsWith('It failed: ')")
    assert "Error" not in engine.evaluate(status)


@two_engines
def test_a_run_ends_after_five_seconds(engine: Engine, strict: str, pages: dict[str, str]) -> None:
    engine.open(f"{strict}{pages['backoff']}")
    figure = Figure(engine, "backoff")
    figure.edit("while True: pass")
    figure.has(".portfolio-lab-status", "Stopped after 5 seconds.")


@two_engines
def test_an_error_in_a_version_is_named_with_its_line(
    engine: Engine, strict: str, pages: dict[str, str]
) -> None:
    engine.open(f"{strict}{pages['backoff']}")
    figure = Figure(engine, "backoff")
    figure.edit("\n\nraise ValueError('no wind')")
    figure.has(".portfolio-lab-status", "Line 3: ValueError: no wind")
    figure.says(expected("backoff", is_changed=False))


@two_engines
def test_a_drawing_has_what_is_allowed_only(
    engine: Engine, strict: str, pages: dict[str, str]
) -> None:
    engine.open(f"{strict}{pages['backoff']}")
    engine.evaluate("globalThis.steal = () => { globalThis.stolen = true; }, 0")
    figure = Figure(engine, "backoff")
    source = LABS["backoff"].read_text(encoding="utf-8")
    figure.edit(f"{source}\ndef draw(data):\n    return {HOSTILE!r}\n")
    figure.has(".portfolio-lab-status", "Result of your version")
    inner = figure.do(".querySelector('.portfolio-lab-drawing').innerHTML")
    assert BeautifulSoup(inner, "lxml").body.decode_contents() == (  # type: ignore[union-attr]
        '<svg><rect width="1"></rect></svg>'
    )
    assert engine.evaluate("globalThis.stolen ?? null") is None


@two_engines
def test_from_a_file_system_the_result_stays_and_the_controls_say_why(
    engine: Engine, site: Site, pages: dict[str, str]
) -> None:
    engine.open(f"{site.folder.as_uri()}/{pages['backoff']}")
    figure = Figure(engine, "backoff")
    figure.has(".portfolio-lab-status", "Changing the parameters needs a web server.")
    assert figure.do('.querySelector("fieldset").disabled')


def test_without_scripts_or_webassembly_the_result_stays_and_the_controls_say_why(
    visit: Visitor, pages: dict[str, str]
) -> None:
    name = pages["backoff"].removesuffix(".html")
    for visited, reason in (
        (visit(name, scripts=False), "Shown with its defaults. Changing them needs scripts."),
        (visit(name), "This browser can't run it."),
    ):
        visited.page.add_init_script("delete window.WebAssembly")
        visited.page.reload()
        figure = visited.page.locator(".portfolio-lab")
        expect(figure.locator(".portfolio-lab-status")).to_have_text(reason)
        expect(figure.locator("[name=clients]")).to_be_disabled()
        expect(figure.locator("svg").first).to_be_visible()
        sentence = figure.locator(".portfolio-lab-sentence")
        expect(sentence).to_have_text(expected("backoff", is_changed=False))
