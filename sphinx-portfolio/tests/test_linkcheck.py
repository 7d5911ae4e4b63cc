"""The link check, against a server that answers in every way a host can."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import pytest

from sphinx_portfolio.commands import linkcheck
from sphinx_portfolio.commands.linkcheck import (
    BROKEN,
    FINE,
    INCOMPLETE,
    NO_NETWORK,
    Kind,
    Result,
    Row,
)
from sphinx_portfolio.commands.output import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Check: TypeAlias = Callable[..., tuple[int, list[str]]]

# Sphinx waits for this address without end. Only reStructuredText leaves it unchanged.
ENDLESS = "http://[::1/"


class Handler(BaseHTTPRequestHandler):
    """Answers /404 with 404, and so on; /hang never, /busy with `Retry-After`, always."""

    released: ClassVar = threading.Event()

    def do_GET(self) -> None:
        """Answer with a body, unless only the head was requested."""
        name = self.path.removeprefix("/")
        if name == "hang":
            self.released.wait(30)
            return
        status = 429 if name == "busy" else int(name)
        body = b'<p id="here">'
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status in {301, 302, 308}:
            self.send_header("Location", "/200")
        if name == "busy":
            self.send_header("Retry-After", "2")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815  # the name that http.server calls

    def log_message(self, *_: object) -> None:
        """Write nothing: the tests read the terminal."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        Handler.released.set()
        running.shutdown()
        thread.join()


@pytest.fixture
def source(server: str, rootdir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the root with links to the server."""
    folder = tmp_path / "source"
    shutil.copytree(rootdir / "test-linkcheck", folder)
    for file in (*folder.rglob("*.md"), folder / "conf.py"):
        file.write_text(file.read_text("utf-8").replace("SERVER", server), encoding="utf-8")
    # Sphinx must import the package that is tested.
    monkeypatch.setenv("PYTHONPATH", str(Path(linkcheck.__file__).parents[2]))
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return folder


@pytest.fixture
def check(source: Path, capfd: pytest.CaptureFixture[str]) -> Check:
    """Return the command as a function of its arguments: exit code, and lines after the first."""

    def run(*arguments: str) -> tuple[int, list[str]]:
        output = source.parent / "output"
        code = linkcheck.main(["--source", str(source), "--output", str(output), *arguments])
        start, *lines = capfd.readouterr().out.splitlines()
        assert start.startswith("Checking links, for ")
        return code, lines

    return run


def only_page(source: Path, text: str) -> None:
    """Replace the source by one page of reStructuredText."""
    shutil.rmtree(source / "more")
    (source / "index.md").unlink()
    (source / "index.rst").write_text(f"Links\n=====\n\n{text}\n", encoding="utf-8")


def keep_process_id(source: Path) -> Path:
    """Let Sphinx write its process id to a file."""
    file = source.parent / "pid"
    with (source / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(
            f"import os, pathlib\npathlib.Path({str(file)!r}).write_text(str(os.getpid()))\n"
        )
    return file


def assert_ended(process_id: Path) -> None:
    with pytest.raises(ProcessLookupError):
        os.kill(int(process_id.read_text("utf-8")), 0)


def test_table(
    check: Check,
    server: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    port = server.rpartition(":")[2]
    slow = f"HTTPConnectionPool(host='127.0.0.1', port={port}): Read timed out. (read timeout=1)"
    rows = [
        ("broken", "index.md:11", "/404", "404 Client Error: Not Found"),
        ("broken", "index.md:13", "/410", "410 Client Error: Gone"),
        ("broken", "index.md:16", "/500", "500 Server Error: Internal Server Error"),
        ("broken", "index.md:20", "/200#elsewhere", "Anchor 'elsewhere' not found"),
        ("broken", "more/page.md:3", "/404", "404 Client Error: Not Found"),
        ("timed out", "index.md:18", "/hang", slow),
        ("undecided", "index.md:15", "/429", "429 Client Error: Too Many Requests"),
        ("undecided", "index.md:17", "/503", "service unavailable"),
        ("permanently redirected", "index.md:5", "/301", f"{server}/200"),
        ("permanently redirected", "index.md:9", "/308", f"{server}/200"),
    ]
    verdict = "13 links: 4 broken, 1 timed out, 2 undecided, 2 permanently redirected."

    code, lines = check()

    assert code == BROKEN
    assert lines == [
        *(f"{kind:22}  {place:14}  {server}{path}  {detail}" for kind, place, path, detail in rows),
        verdict,
    ]
    assert summary.read_text("utf-8").splitlines() == [
        "# Before",
        "### Links",
        "",
        "| | place | address | detail |",
        "| --- | --- | --- | --- |",
        *(
            f"| {kind} | `{place}` | `{server}{path}` | `{detail}` |"
            for kind, place, path, detail in rows
        ),
        "",
        verdict,
    ]


def test_links_after_the_limit_are_listed(
    check: Check, source: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    process_id = keep_process_id(source)
    only_page(source, f"{server}/200\n\n`endless <{ENDLESS}>`__\n\n{server}/busy\n")
    results = source.parent / "output" / linkcheck.RESULTS
    wait = subprocess.Popen.wait

    def until_the_first_result(child: subprocess.Popen[str], timeout: float | None = None) -> int:
        """Reach the limit as soon as there is a result, instead of after ten seconds."""
        if timeout is None:
            return wait(child)
        while child.poll() is None:
            if results.exists() and f"{server}/200" in results.read_text("utf-8"):
                raise subprocess.TimeoutExpired(child.args, timeout)
            time.sleep(0.05)
        return wait(child)

    monkeypatch.setattr(subprocess.Popen, "wait", until_the_first_result)
    code, lines = check("--limit", "10")

    assert code == INCOMPLETE
    assert lines == [
        f"not reached  index.rst:6  {ENDLESS}",
        f"not reached  index.rst:8  {server}/busy",
        "3 links: 2 not reached. The limit of 10 s ended the check.",
    ]
    assert_ended(process_id)


def test_a_limit_before_the_first_link(check: Check) -> None:
    assert check("--limit", "0.05") == (
        INCOMPLETE,
        ["The limit of 0.05 s ended the check before any link was checked."],
    )


def test_an_interrupt_leaves_no_process_behind(source: Path, tmp_path: Path) -> None:
    process_id = keep_process_id(source)
    only_page(source, f"`endless <{ENDLESS}>`__")
    output = tmp_path / "output"
    code = (
        "import signal, sys\n"
        "from sphinx_portfolio.commands.linkcheck import main\n"
        # A test in the background inherits a handler that ignores interrupts.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "main(sys.argv[1:])\n"
    )
    options = ["--source", str(source), "--output", str(output), "--limit", "30"]
    command = [sys.executable, "-c", code, *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 20
        while not (output / "output.json").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) != 0
    assert_ended(process_id)


def test_no_network(check: Check, source: Path) -> None:
    only_page(source, "http://one.invalid/ http://two.invalid/ http://two.invalid/again")
    assert check() == (
        NO_NETWORK,
        ["No network: no host answered, so 3 links are unchecked."],
    )


@pytest.mark.parametrize(
    ("conf", "message"),
    [
        ("1 / 0", "ZeroDivisionError"),
        (
            "def setup(app):\n"
            "    def fail(app, docname, content):\n"
            "        raise ValueError('no such page: ' + docname)\n"
            "    app.connect('source-read', fail)\n",
            "no such page: index",
        ),
    ],
    ids=["conf.py", "page"],
)
def test_a_failure_of_sphinx_is_reported(
    source: Path, tmp_path: Path, conf: str, message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "output"
    mark(output)
    stale = {"http://example.org/": [["index.md", 1]]}
    (output / "plan.json").write_text(json.dumps(stale), encoding="utf-8")
    with (source / "conf.py").open("a", encoding="utf-8") as file:
        file.write(conf)

    code = linkcheck.main(["--source", str(source), "--output", str(output)])

    printed = capfd.readouterr()
    assert code == INCOMPLETE
    assert message in printed.err
    assert printed.out.splitlines()[-1] == (
        "Sphinx failed (exit code 2, see its message) before any link was checked."
    )


def test_an_incomplete_result_is_ignored() -> None:
    line = {"uri": "http://a/", "status": "working", "code": 0, "info": "", "lineno": 1}
    text = json.dumps(line) + "\n" + json.dumps(line | {"uri": "http://b/"})
    assert linkcheck.read_results("") == {}
    assert linkcheck.read_results(text) == {"http://a/": Result("working", 0, "")}


def refused(host: str) -> Result:
    """Return Sphinx's result for a host without connection."""
    return Result("broken", 0, f"{host}: (Caused by NewConnectionError('Connection refused'))")


TIMED_OUT = Result("timeout", 0, "Read timed out. (read timeout=15)")
DROPPED = Result("timeout", 0, "(Caused by ConnectTimeoutError('timed out'))")


def test_dead_links_differ_from_no_network() -> None:
    two = [refused("a"), refused("b")]
    cases: dict[str, tuple[list[Result | None], bool]] = {
        "none connects": ([*two], True),
        "none connects, one times out": ([refused("a"), DROPPED], True),
        "an ignored link does not count": ([*two, Result("ignored", 0, "")], True),
        "an invalid address does not count": (
            [*two, Result("broken", 0, "Failed to parse: ':1%5B:'")],
            True,
        ),
        "one host alone may be dead": ([refused("a")], False),
        "one was not tried": ([*two, None], True),
        "one may be dead, one was not tried": ([refused("a"), None], False),
        "one works": ([*two, Result("working", 0, "")], False),
        "an error is an answer": ([*two, Result("broken", 0, "404 Client Error")], False),
        "an outage is an answer": ([*two, Result("ignored", 0, "service unavailable")], False),
        "a slow host is there": ([*two, TIMED_OUT], False),
        "no links": ([], False),
    }
    found = {}
    for name, (results, _) in cases.items():
        addresses = [f"http://host-{number}.example/" for number, _ in enumerate(results)]
        plan = {address: [("index.md", 1)] for address in addresses}
        pairs = zip(addresses, results, strict=True)
        found[name] = linkcheck.seems_offline(plan, {at: each for at, each in pairs if each})
    assert found == {name: offline for name, (_, offline) in cases.items()}


def test_two_addresses_of_one_dead_host_are_dead_links() -> None:
    plan = {"http://a.example/1": [("index.md", 1)], "http://a.example/2": [("index.md", 1)]}
    results = dict.fromkeys(plan, refused("a.example"))
    assert not linkcheck.seems_offline(plan, results)


def test_conclusions() -> None:
    failed = "1 links: all work. Sphinx failed (exit code 2, see its message)."
    for result, ended, exit_code, verdict in (
        (Result("working", 0, ""), 0, FINE, "1 links: all work."),
        (Result("redirected", 302, "/"), 0, FINE, "1 links: all work."),
        (Result("redirected", 301, "/"), 0, FINE, "1 links: 1 permanently redirected."),
        (TIMED_OUT, 1, FINE, "1 links: 1 timed out."),
        (Result("broken", 0, "429 Client Error"), 1, FINE, "1 links: 1 undecided."),
        (refused("a"), 1, BROKEN, "1 links: 1 broken."),
        (refused("a"), None, BROKEN, "1 links: 1 broken. The limit of 9 s ended the check."),
        (None, None, INCOMPLETE, "1 links: 1 not reached. The limit of 9 s ended the check."),
        (Result("working", 0, ""), 2, INCOMPLETE, failed),
    ):
        results = {"http://a.example/": result} if result else {}
        conclusion = linkcheck.conclude({"http://a.example/": [("a.md", 1)]}, results, ended, 9)
        assert conclusion[1:] == (verdict, exit_code)


def test_links_are_not_broken_if_the_limit_came_before_any_answer() -> None:
    plan = {f"http://{host}.example/": [("a.md", 1)] for host in "abc"}
    results = {f"http://{host}.example/": refused(host) for host in "ab"}
    rows, verdict, exit_code = linkcheck.conclude(plan, results, None, 9)
    assert [(row.kind, row.address) for row in rows] == [(Kind.UNREACHED, each) for each in plan]
    assert verdict == "3 links: 3 not reached. The limit of 9 s ended the check."
    assert exit_code == INCOMPLETE


def test_sphinx_without_our_builder_is_no_result() -> None:
    conclusion = linkcheck.conclude(None, {"http://a.example/": Result("working", 0, "")}, 0, 9)
    assert conclusion == (
        [],
        "Sphinx's own builder ran: add 'sphinx_portfolio.site' to the extensions in conf.py.",
        INCOMPLETE,
    )


def test_a_guest_has_the_link_check_of_sphinx(check: Check, source: Path, server: str) -> None:
    only_page(source, f"{server}/200")
    conf = source / "conf.py"
    text = conf.read_text(encoding="utf-8")
    conf.write_text(text.replace("sphinx_portfolio.site", "sphinx_portfolio"), encoding="utf-8")
    code, lines = check()
    assert code == INCOMPLETE
    assert lines == [
        "Sphinx's own builder ran: add 'sphinx_portfolio.site' to the extensions in conf.py."
    ]


def test_text_from_hosts_is_escaped() -> None:
    row = Row(Kind.BROKEN, "a.md", -1, "http://a/`|", "404 <b>\x1b[2J\n| new `row`")
    assert linkcheck.as_text([row]) == "broken  a.md  http://a/`|  404 <b> [2J | new `row`\n"
    assert linkcheck.as_markdown([row]).splitlines()[-1] == (
        r"| broken | `a.md` | `http://a/'\|` | `404 <b> [2J \| new 'row'` |"
    )
