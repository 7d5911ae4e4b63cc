"""The link check, against a server on this machine that has every fault of a host."""

from __future__ import annotations

import asyncio
import io
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from urllib.parse import parse_qs, urlsplit

import pytest
from faults import RETRY_AFTER, Server, serving
from yarl import URL

from sphinx_portfolio.commands import CommandError, doctor, linkcheck
from sphinx_portfolio.commands.linkcheck import BROKEN, FINE, INCOMPLETE, NO_NETWORK
from sphinx_portfolio.linkcheck import history, literal, oembed, report
from sphinx_portfolio.linkcheck.client import Client
from sphinx_portfolio.linkcheck.collector import bibtex_addresses
from sphinx_portfolio.linkcheck.hosts import seconds_of
from sphinx_portfolio.linkcheck.network import (
    NotPublicError,
    UnknownHostError,
    check_host,
    is_public,
)
from sphinx_portfolio.linkcheck.policy import Limits, Policy
from sphinx_portfolio.linkcheck.verdicts import Answer, Fault, Hop, Kind, judge, seems_offline

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from sphinx_portfolio.linkcheck.report import Row

FAST = Limits(interval=0, seconds=4.2, default_wait=0.05, parsing=0.5, hosts=100)
POLICY = Policy(timeout=2, allow_loopback=True)
NAMES = {"router.example": ["192.0.2.1"], "mixed.example": ["127.0.0.1", "192.0.2.1"]}


async def look_up(host: str, port: int) -> Collection[str]:
    """Know all hosts but three; nothing asks the system's resolver."""
    if host == "bug.example":
        raise KeyError(host)
    if host == "unknown.example":
        raise UnknownHostError(host)
    if host == "later.example":
        raise socket.gaierror(socket.EAI_AGAIN, "temporary failure")
    return NAMES.get(host, ["127.0.0.1"])


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def ask(
    addresses: Iterable[str],
    limits: Limits = FAST,
    policy: Policy = POLICY,
    limit: float = 30,
) -> dict[str, Answer]:
    return asyncio.run(Client(policy, limits, look_up).ask_all(addresses, limit))


# -- Each fault ---------------------------------------------------------------


class Expected(NamedTuple):
    """The kind, words of the reason, and the most requests and seconds."""

    kind: Kind
    reason: str = ""
    requests: int = 1
    seconds: float = 6


OK, BAD, UNSURE, MOVED = Kind.OK, Kind.BROKEN, Kind.UNCERTAIN, Kind.MOVED
PRIVATE = "not a public address"
FAULTS = {
    "200": Expected(OK),
    "301": Expected(MOVED, "now http://host/200", 2),
    "302": Expected(OK, "", 2),
    "303": Expected(OK, "", 2),
    "307": Expected(OK, "", 2),
    "308": Expected(MOVED, "now http://host/200", 2),
    "then-temporary": Expected(MOVED, "now http://host/302", 3),
    "loop": Expected(UNSURE, "http://host/loop → http://host/back → http://host/loop", 2),
    "many/1": Expected(UNSURE, "redirects too often", 11),
    "file": Expected(BAD, "redirects to what is not a web address, file:///etc/passwd"),
    "invalid": Expected(BAD, "redirects to what is not a web address"),
    "private": Expected(BAD, f"{PRIVATE}, 192.0.2.1, redirected to http://192.0.2.1/"),
    "private-6": Expected(BAD, f"{PRIVATE}, 2001:db8::1, redirected to http://[2001:db8::1]/"),
    "inside": Expected(BAD, f"{PRIVATE}, 192.0.2.1, redirected to http://router.example/", 2),
    "elsewhere": Expected(MOVED, "now http://other.example/200", 2),
    "password": Expected(MOVED, "now http://other.example/200", 2),
    "gone": Expected(BAD, "404 Not Found, redirected to http://host/404", 4),
    "deep/page": Expected(Kind.SUSPECT, "redirects to the home page http://host/", 2),
    "403": Expected(UNSURE, "403 Forbidden", 2),
    "404": Expected(BAD, "404 Not Found", 2),
    "410": Expected(BAD, "410 Gone", 2),
    "500": Expected(UNSURE, "500 Internal Server Error", 3),
    "503": Expected(UNSURE, "503 Service Unavailable", 3),
    "503-0": Expected(UNSURE, "503 Service Unavailable", 2),
    "999": Expected(UNSURE, "999", 2),
    "429-once": Expected(OK, "", 2),
    **{f"429-{text}": Expected(UNSURE, "429 Too Many Requests", 2) for text in RETRY_AFTER},
    "429-2": Expected(UNSURE, "asks to wait 2 s", 2),
    "429-86400": Expected(UNSURE, "asks to wait 86400 s", 1),
    "drip": Expected(OK),
    "drip#anchor": Expected(UNSURE, "no answer in time", 1),
    "endless": Expected(OK),
    "bomb": Expected(OK),
    "headers": Expected(UNSURE, "the connection was closed or the answer is invalid", 3),
    "continue": Expected(UNSURE, "no answer in time", 2),
    "hang": Expected(UNSURE, "no answer in time", 2),
    "reset": Expected(UNSURE, "the connection was closed", 3),
    "head-405": Expected(OK, "", 2),
    "200#here": Expected(OK),
    "200#caf%C3%A9": Expected(OK),
    "latin#caf%C3%A9": Expected(OK),
    "named#café": Expected(OK),
    "zip#here": Expected(UNSURE, "the anchor was not looked up"),
    "utf16#here": Expected(UNSURE, "the anchor was not looked up"),
    "200#here:~:text=words": Expected(OK),
    "200#top": Expected(OK),
    "200#missing": Expected(BAD, "the page has no such anchor, #missing"),
    "404#missing": Expected(BAD, "404 Not Found", 1),
    "301#here": Expected(MOVED, "now http://host/200#here", 2),
    "pdf#page=3": Expected(OK),
}


def host_of(fault: str) -> str:
    return re.sub("[^a-z0-9]", "", fault.lower())


@pytest.fixture(scope="module")
def answers(server: Server) -> Mapping[str, Answer]:
    """Answers by fault; each fault has a host of its own, and all are asked at once."""
    addresses = {f"http://f{host_of(it)}.example:{server.port}/{it}": it for it in FAULTS}
    return {addresses[it]: answer for it, answer in ask(addresses).items()}


def test_each_fault_has_its_verdict_within_its_bounds(answers: Mapping[str, Answer]) -> None:
    assert answers.keys() == FAULTS.keys()
    wrong = []
    for name, expected in FAULTS.items():
        verdict, answer = judge(f"http://x.example/{name}", answers[name]), answers[name]
        reason = re.sub(r"//f\w+\.example:\d+/", "//host/", verdict.reason)
        reason = re.sub(r":\d+/", "/", reason)
        is_bounded = answer.requests <= expected.requests and answer.seconds <= expected.seconds
        if verdict.kind is not expected.kind or expected.reason not in reason or not is_bounded:
            wrong.append((name, verdict.kind, reason, answer.requests, answer.seconds))
    assert wrong == []


def test_requests_are_counted_as_the_server_counts_them(
    server: Server, answers: Mapping[str, Answer]
) -> None:
    hosts = Counter(
        re.findall(r"\nHost: f(\w+)\.example", "".join(it.head for it in server.requests))
    )
    there = {"elsewhere", "inside", "password"}  # the last request goes to another host
    expected = {host_of(it): answers[it].requests - (it in there) for it in FAULTS}
    assert hosts == expected


def test_nothing_of_ours_goes_to_another_host(server: Server, answers: object) -> None:
    others = [it.head for it in server.requests if "Host: other.example" in it.head]
    assert len(others) == 2  # of /elsewhere and /password
    assert not [it for it in server.requests if "\ncookie:" in it.head.lower()]
    for head in others:
        names = {line.partition(":")[0].lower() for line in head.splitlines()[1:] if line}
        assert names == {"host", "user-agent", "accept", "accept-encoding"}


def test_credentials_of_an_address_are_not_sent(server: Server) -> None:
    address = f"http://ada:secret@login.example:{server.port}/200"
    assert ask([address])[address].status == 200
    [head] = [it.head.lower() for it in server.requests if "login.example" in it.head]
    assert "authorization" not in head
    assert "secret" not in head


def test_long_pages_are_read_to_a_bound(server: Server) -> None:
    # One after the other: each keeps the parser busy.
    patient = replace(FAST, seconds=60, parsing=60)
    for name, limits in (
        *(("endless", patient), ("bomb", patient)),
        ("tag", replace(patient, parsing=0.5, body=10**9)),
    ):
        address = f"http://{name}.example:{server.port}/{name}#anchor"
        answer = ask([address], limits)[address]
        assert answer.fault is Fault.UNREAD, name
        assert answer.requests == 1
        assert answer.seconds < 20, name


def test_hosts_that_are_not_asked(server: Server) -> None:
    expected = {
        "http://[::1/": Fault.INVALID,
        "https:///path": Fault.INVALID,
        "http://unknown.example/": Fault.NO_NAME,
        "http://later.example/": Fault.NO_DNS,
        "http://192.0.2.1/": Fault.PRIVATE,
        "http://[2001:db8::1]/": Fault.PRIVATE,
        "http://bug.example/": Fault.UNEXPECTED,
        "http://router.example/": Fault.PRIVATE,
        "http://mixed.example/": Fault.PRIVATE,
        "http://127.1/": Fault.INVALID,
        "http://2130706433/": Fault.INVALID,
        "http://127.0.0.1:1/": Fault.NO_CONNECTION,
    }
    broken = {Fault.INVALID, Fault.NO_NAME, Fault.PRIVATE}
    before = len(server.requests)
    found = ask(expected)
    assert {address: answer.fault for address, answer in found.items()} == expected
    kinds = {address: judge(address, answer).kind for address, answer in found.items()}
    assert {it for it, kind in kinds.items() if kind is BAD} == {
        it for it, fault in expected.items() if fault in broken
    }
    assert len(server.requests) == before


def test_unknown_hosts_differ_from_failed_lookups(monkeypatch: pytest.MonkeyPatch) -> None:
    # The numbers differ between Linux, macOS and Windows; the names are those of RFC 3493.
    expected = {
        "EAI_NONAME": Fault.NO_NAME,
        "EAI_NODATA": Fault.NO_NAME,
        "EAI_AGAIN": Fault.NO_DNS,
        "EAI_FAIL": Fault.NO_DNS,
    }
    found = {}
    for name in expected:

        def fail(*_: object, code: int = getattr(socket, name), **__: object) -> None:
            raise socket.gaierror(code, "why")

        monkeypatch.setattr(socket, "getaddrinfo", fail)
        client = Client(Policy(), FAST)
        found[name] = asyncio.run(client.ask_all(["http://a.example/"]))["http://a.example/"].fault
    assert found == expected
    long = f"http://{'a' * 64}.example/"
    monkeypatch.undo()
    assert asyncio.run(Client(Policy(), FAST).ask_all([long]))[long].fault is Fault.NO_NAME


def test_this_machine_is_refused_unless_allowed(server: Server) -> None:
    addresses = [f"http://{host}:{server.port}/200" for host in ("127.0.0.1", "name.example")]
    before = len(server.requests)
    found = ask(addresses, policy=Policy())
    assert {answer.fault for answer in found.values()} == {Fault.PRIVATE}
    assert len(server.requests) == before


def test_self_signed_certificates_are_uncertain(server: Server) -> None:
    address = f"https://tls.example:{server.tls_port}/200"
    answer = ask([address])[address]
    verdict = judge(address, answer)
    assert (verdict.kind, verdict.reason) == (Kind.UNCERTAIN, "TLS, self-signed certificate")
    assert answer.requests == 1
    assert answer.seconds < 5


def test_international_hosts(server: Server) -> None:
    address = f"http://bücher.example:{server.port}/200/käse?größe=1"
    assert ask([address])[address].status == 200
    assert "Host: xn--bcher-kva.example" in server.requests[-1].head
    assert server.requests[-1].path == "/200/k%C3%A4se?gr%C3%B6%C3%9Fe=1"


def test_public_addresses() -> None:
    public = ("8.8.8.8", "2606:4700::1111", "64:ff9b::808:808")
    private = (
        *("10.0.0.1", "172.16.0.1", "192.168.0.1", "127.0.0.1", "0.0.0.1", "169.254.1.1"),
        *("100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1"),
        *("fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"),
    )
    assert [it for it in public if not is_public(ip_address(it))] == []
    assert [it for it in private if is_public(ip_address(it))] == []
    for address in ("http://10.0.0.1/", "https://[fe80::1]:443/", "http://[::ffff:127.0.0.1]/"):
        with pytest.raises(NotPublicError):
            check_host(URL(address), allow_loopback=False)


# -- Politeness ---------------------------------------------------------------


def test_many_links_of_one_host(server: Server) -> None:
    addresses = [f"http://large.example:{server.port}/slow/{number}" for number in range(500)]
    found = ask(addresses)
    assert {answer.status for answer in found.values()} == {200}
    assert server.count("slow") == 500
    assert server.most["slow"] == 2


def test_requests_to_a_host_have_an_interval(server: Server) -> None:
    before = len(server.requests)
    ask([f"http://h.example:{server.port}/200/{i}" for i in range(6)], replace(FAST, interval=0.1))
    times = [request.time for request in server.requests[before:]]
    assert len(times) == 6
    assert all(later - earlier > 0.03 for earlier, later in pairwise(times))


def test_an_overloaded_host_is_left_alone(server: Server) -> None:
    before = len(server.requests)
    found = ask(f"http://busy.example:{server.port}/429-0/{number}" for number in range(50))
    assert len(server.requests) - before <= 6
    assert {answer.status for answer in found.values()} == {429}
    assert sum(answer.detail == "not asked again" for answer in found.values()) > 40


def test_a_host_that_asks_for_too_long_is_not_waited_for(server: Server) -> None:
    address = f"http://patient.example:{server.port}/429-2"
    answer = ask([address], replace(FAST, seconds=60, retry_after=1))[address]
    assert (answer.status, answer.requests) == (429, 1)
    assert answer.seconds < 1


def test_redirects_to_ignored_addresses_are_not_followed(server: Server) -> None:
    address = f"http://leads.example:{server.port}/elsewhere"
    policy = replace(POLICY, ignore=(re.compile(r"http://other\.example"),))
    answer = ask([address], policy=policy)[address]
    assert answer.requests == 1
    assert judge(address, answer).kind is OK


def test_what_an_overloaded_host_said_before_counts(server: Server) -> None:
    gone = [f"http://both.example:{server.port}/404/{number}" for number in range(4)]
    busy = [f"http://both.example:{server.port}/429-0/{number}" for number in range(4)]
    found = ask([*gone, *busy], replace(FAST, interval=0.01))
    assert {found[address].status for address in gone} == {404}
    assert {found[address].status for address in busy} == {429}


def test_hosts_that_wait_do_not_hold_up_others(server: Server) -> None:
    busy = [f"http://w{number}.example:{server.port}/429-2" for number in range(3)]
    fine = [f"http://v{number}.example:{server.port}/302" for number in range(9)]
    found = ask([*busy, *fine], replace(FAST, hosts=1, at_once=1))
    assert list(found)[-3:] == busy


def test_a_silent_host_is_left_alone(server: Server) -> None:
    before, started = len(server.requests), time.monotonic()
    policy = replace(POLICY, timeout=0.1)
    addresses = [f"http://silent.example:{server.port}/hang/{number}" for number in range(30)]
    found = ask([*addresses, f"http://other.example:{server.port}/200"], policy=policy)
    assert len(server.requests) - before <= 7
    assert time.monotonic() - started < 2
    assert [found[address].fault for address in addresses] == [Fault.TIMEOUT] * 30


def test_limits_of_an_address(server: Server) -> None:
    address = f"http://l.example:{server.port}/many/1"
    assert ask([address], replace(FAST, requests=3))[address].fault is Fault.MANY_REQUESTS
    assert ask([address], replace(FAST, redirects=5))[address].requests == 6
    address = f"http://l.example:{server.port}/500"
    assert ask([address], replace(FAST, tries=2))[address].requests == 2


def test_the_limit_of_all_ends_the_check(server: Server) -> None:
    hosts, shown = ("a", "b", "c"), []
    addresses = [f"http://{host}.example:{server.port}/hang" for host in hosts]
    addresses.append(f"http://d.example:{server.port}/200")
    started = time.monotonic()
    client = Client(replace(POLICY, timeout=30), FAST, look_up)
    found = asyncio.run(client.ask_all(addresses, 0.7, lambda *it: shown.append(it)))
    assert time.monotonic() - started < 1.5
    assert list(found) == addresses[-1:]
    assert [hosts for hosts, _ in shown] == [4, 3]


STALLED = """\
import asyncio, socket, time
from sphinx_portfolio.linkcheck.client import Client
from sphinx_portfolio.linkcheck.policy import Policy
socket.getaddrinfo = lambda *_, **__: time.sleep(30)
client = Client(Policy(timeout=0.1))
print(asyncio.run(client.ask_all(["http://stalled.example/"]))["http://stalled.example/"].fault)
print(asyncio.run(Client(Policy()).ask_all(["http://stalled.example/"], 0.1)))
"""


def test_a_name_that_is_not_looked_up_in_time_does_not_keep_the_process() -> None:
    result = subprocess.run(
        [sys.executable, "-c", STALLED], capture_output=True, text=True, check=False, timeout=20
    )
    assert (result.stdout, result.stderr) == (f"{Fault.TIMEOUT}\n{{}}\n", "")


def test_retry_after() -> None:
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    expected = {
        "0": 0,
        "30": 30,
        "86400": 86400,
        "Thu, 26 Nov 2026 12:00:20 GMT": 20,
        "Thu, 26 Nov 2026 11:00:00 GMT": 0,
        **dict.fromkeys(
            (
                "",
                "nan",
                "inf",
                "-5",
                "1.5",
                "soon",
                "٣",
                "9" * 40,
                "Thu, 99 Nov",
                f"Thu, 26 Nov 2026 12:00:20 +{'9' * 20}",
            )
        ),
    }
    assert {text: seconds_of(text, now) for text in expected} == expected
    assert seconds_of(None) is None


def test_anchors_that_are_not_looked_up() -> None:
    policy = Policy(
        anchors_ignore=(re.compile("^!"),), anchors_ignore_for_url=(re.compile("http://a/"),)
    )
    expected = {
        "http://b/": "",
        "http://b/#x%20y": "x y",
        "http://b/#!x": "",
        "http://b/#top": "",
        "http://b/#:~:text=x": "",
        "http://a/b#x": "",
    }
    assert {it: policy.anchor(it) for it in expected} == expected
    assert Policy(anchors=False).anchor("http://b/#x") == ""


# -- Verdicts -----------------------------------------------------------------


def test_verdicts_of_redirects() -> None:
    def hops(*found: tuple[int, str]) -> Answer:
        return Answer(200, tuple(Hop(status, f"http://b/{path}") for status, path in found))

    cases = [
        ("http://a/", hops((301, "")), Kind.MOVED, "http://b/"),
        ("http://a/index.html", hops((301, "")), Kind.MOVED, "http://b/"),
        ("http://a/page", hops((302, "")), Kind.SUSPECT, ""),
        ("http://a/page", hops((301, "?p=1")), Kind.MOVED, "http://b/?p=1"),
        ("http://a/page", hops((302, "x"), (301, "y")), Kind.OK, ""),
        ("http://a/page", hops((301, "x"), (302, "")), Kind.SUSPECT, ""),
        ("http://b/page", hops((302, "x"), (302, "page")), Kind.OK, ""),
    ]
    for address, answer, kind, target in cases:
        verdict = judge(address, answer)
        assert (verdict.kind, verdict.target) == (kind, target), (address, answer)


def test_allowed_redirects() -> None:
    permanent, temporary = (Answer(200, (Hop(status, "http://b/x"),)) for status in (301, 302))
    allowed = {re.compile("http://a/"): re.compile("http://b/")}
    for value, first, second in (
        (tuple(allowed.items()), Kind.OK, Kind.OK),
        ((), Kind.MOVED, Kind.REDIRECTED),
        (None, Kind.MOVED, Kind.OK),
    ):
        assert judge("http://a/x", permanent, value).kind is first
        assert judge("http://a/x", temporary, value).kind is second


def test_dead_links_differ_from_no_network() -> None:
    dead, refused = Answer(fault=Fault.NO_NAME), Answer(fault=Fault.NO_CONNECTION)
    failed = Answer(fault=Fault.NO_DNS)
    cases: dict[str, tuple[list[Answer], bool]] = {
        "none connects": ([dead, refused], True),
        "an invalid address was not asked for": ([dead, Answer(fault=Fault.INVALID)], False),
        "one host alone may be dead": ([dead], False),
        "one works": ([dead, refused, Answer(200)], False),
        "an error is an answer": ([dead, refused, Answer(404)], False),
        "a redirect is an answer": ([dead, Answer(0, (Hop(301, "x"),), Fault.SCHEME)], False),
        "a certificate is an answer": ([dead, refused, Answer(fault=Fault.TLS)], False),
        "no links": ([], False),
        "no name is looked up": ([failed], True),
        "macOS has no other error": ([failed, dead], True),
        "one name is not looked up": ([failed, Answer(200)], False),
    }
    found = {
        name: seems_offline({f"http://h{i}.example/": it for i, it in enumerate(answers)})
        for name, (answers, _) in cases.items()
    }
    assert found == {name: offline for name, (_, offline) in cases.items()}
    assert not seems_offline({"http://a/1": dead, "http://a/2": dead})


# -- Addresses in files -------------------------------------------------------


def test_addresses_of_bibtex_files_have_lines() -> None:
    text = (
        b"@misc{a,\n  url = {https://a.example/x\\_y},\n  note = {See\n   \\url{http://b.example/},\n"
        b'   or http://c.example/z.},\n  video = "https://d.example/(e)",\n}\n'
    )
    assert list(bibtex_addresses(text)) == [
        ("https://a.example/x_y", 2),
        ("http://b.example/", 4),
        ("http://c.example/z", 5),
        ("https://d.example/(e)", 6),
    ]


NEW = "https://a/new_%28x%29"
LITERAL = {
    "<http://a/x>": f"<{NEW}>",
    "[x](http://a/x).": f"[x]({NEW}).",
    "[x](http://a/x)/[y](http://a/x/y)": f"[x]({NEW})/[y](https://a/y)",
    "[http://a/x](http://a/x)": f"[{NEW}]({NEW})",
    '![](http://a/x "title")': f'![]({NEW} "title")',
    "[x]: http://a/x": f"[x]: {NEW}",
    "| http://a/x|http://a/x |": f"| {NEW}|{NEW} |",
    'url = {http://a/x}, or = "http://a/x",': f'url = {{{NEW}}}, or = "{NEW}",',
    "`x <http://a/x>`__ `http://a/x`": f"`x <{NEW}>`__ `{NEW}`",
    ":url: http://a/x\r\n": f":url: {NEW}\r\n",
    "http://a/x/y http://a/x.": f"https://a/y {NEW}.",
    "*http://a/x* _http://a/x_ ~~http://a/x~~": f"*{NEW}* _{NEW}_ ~~{NEW}~~",
    "**<http://a/x>** **http://a/x**,": f"**<{NEW}>** **{NEW}**,",
    "(**http://a/x**) (see http://a/x).": f"(**{NEW}**) (see {NEW}).",
    "'http://a/x' “http://a/x”: http://a/x…": f"'{NEW}' “{NEW}”: {NEW}…",
    "http://a/x? http://a/x/. http://a/x!": f"{NEW}? http://a/x/. {NEW}!",
    "<http://a/x_y> http://a/x\\_y.": "<https://b/_%25> https://b/\\_\\%25.",
    "<http://bücher.example/käse>": "<https://c/>",
    "<http://Bücher.example/k%c3%a4se>": "<https://c/>",
    "<http://xn--bcher-kva.example/k%C3%A4se>": "<https://c/>",
    "http://a/?ids[]=1 http://a/?ids%5B%5D=1": "https://d/ https://d/",
}
LONGER = (
    *("http://a/xy", "http://a/x#part", "http://a/x/", "http://a/x.html", "http://a/Xq"),
    *("<http://a/x.>", "[x](http://a/x_)", '"http://a/x*"', "http://a/x–y", "http://a/xo\u0308"),
    *("http://a/x(1)", "(http://a/x(1))", "http://a/x[1]=2", "http://a/x*y", "http://a/x\\_"),
    *("https://web.example/2020/http://a/x", "http://b/?u=http://a/x", "b/?u=http://a/x"),
    *("http://b/?u=(http://a/x)", "http://b/,http://a/x", "view-source:http://a/x"),
    *("git+http://a/x", "git@http://a/x", "xhttp://a/x", "http://a/x%20y", "http://a/x\udcff"),
)


def test_only_whole_addresses_are_rewritten() -> None:
    moved = {
        "http://a/x": "https://a/new_(x)",
        "http://a/x/y": "https://a/y",
        "http://a/x_y": "https://b/_%25",
        "http://a/?ids%5B%5D=1": "https://d/",
        "http://xn--bcher-kva.example/k%C3%A4se": "https://c/",
    }
    assert {text: literal.rewrite(text, moved) for text in LITERAL} == LITERAL
    assert [text for text in LONGER if literal.rewrite(text, moved) != text] == []
    assert literal.rewrite("http://a/x", {}) == "http://a/x"


def test_long_texts_do_not_take_long() -> None:
    many = "(" * 50_000
    text = f"(http://a/{many}) http://a/{'*' * 50_000} http://{many}\\ **http://a/x**\n" * 5
    started = time.monotonic()
    assert literal.rewrite(text, {"http://a/x": "https://b/"}).count("**https://b/**") == 5
    assert time.monotonic() - started < 3


# -- History ------------------------------------------------------------------


def kept_of(address: str, answer: Answer, before: history.Kept | None, day: int) -> history.Kept:
    now = datetime(2026, 11, day, 12, tzinfo=UTC)
    return history.keep(judge(address, answer), before, "policy", now)


def test_history_is_validated() -> None:
    kept = {"http://a/": kept_of("http://a/", Answer(404), None, 26)}
    text = history.write(kept)
    assert history.read(text) == kept
    item = json.loads(text)["links"]["http://a/"]
    links: list[Any] = [[], {"a": 1}, {"a": {}}]
    damaged = [
        *("", "[]", "null", "[" * 100000, '{"version": 1, "links": {}}', '{"version": 2}'),
        *(json.dumps({"version": history.VERSION, "links": it}) for it in links),
        *(
            json.dumps({"version": history.VERSION, "links": {"a": item | change}})
            for change in (
                *({"kind": "fine"}, {"checked": "today"}, {"checked": "2026-11-26T12:00:00"}),
                *({"reason": 1}, {"target": None}, {"policy": 1}, {"checked": 1}),
                *({"first": {"broken": "soon"}}, {"first": {"fine": "2026-11-26"}}, {"first": 1}),
            )
        ),
    ]
    for each in damaged:
        with pytest.raises(ValueError):  # the messages are those of Python
            history.read(each)


def test_failures_are_not_reused() -> None:
    answers = {
        "http://a/ok": Answer(200),
        "http://a/moved": Answer(200, (Hop(301, "http://a/new"),)),
        "http://a/broken": Answer(404),
        "http://a/uncertain": Answer(403),
    }
    kept = {address: kept_of(address, answer, None, 1) for address, answer in answers.items()}
    made = datetime(2026, 11, 1, 12, tzinfo=UTC)

    def reused(hours: float, policy: str = "policy") -> list[str]:
        return list(history.reusable(kept, policy, made + timedelta(hours=hours)))

    assert reused(23) == ["http://a/ok", "http://a/moved"]
    assert reused(24) == reused(-0.1) == reused(23, "another policy") == []


def test_a_link_is_broken_since_it_last_worked() -> None:
    before, found = None, []
    for day, status in enumerate((403, 404, 403, 410, 200, 404), 1):
        before = kept_of("http://a/", Answer(status), before, day)
        [before] = history.read(history.write({"http://a/": before})).values()
        found.append((before.verdict.kind.value, before.verdict.since[-2:]))
    assert found == [
        *(("uncertain", "01"), ("broken", "02"), ("uncertain", "01"), ("broken", "02")),
        *(("ok", ""), ("broken", "06")),
    ]


def test_each_value_of_the_policy_is_in_its_digest() -> None:
    pattern, other = re.compile("a"), re.compile("a", re.IGNORECASE)
    policies = [
        Policy(),
        Policy(timeout=31),
        Policy(anchors=False),
        *(Policy(ignore=(it,)) for it in (pattern, other)),
        *(Policy(anchors_ignore=(it,)) for it in (pattern, other)),
        *(Policy(anchors_ignore_for_url=(it,)) for it in (pattern, other)),
        *(Policy(allowed_redirects=it) for it in ((), ((pattern, other),), ((other, pattern),))),
        Policy(allow_loopback=True),
    ]
    assert len({policy.digest for policy in policies}) == len(policies)
    assert len(fields(Policy)) == 7  # each is varied above
    assert Policy(ignore=(re.compile("a"),)).digest == Policy(ignore=(pattern,)).digest


# -- The command --------------------------------------------------------------

Check: TypeAlias = "Callable[..., tuple[int, list[str]]]"


@pytest.fixture
def source(server: Server, rootdir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the root with links to the server."""
    folder = tmp_path / "source"
    shutil.copytree(rootdir / "test-linkcheck", folder)
    for file in (*folder.rglob("*.*"),):
        if file.is_file():
            text = file.read_text("utf-8").replace("SERVER", f"http://127.0.0.1:{server.port}")
            file.write_text(text.replace("OTHER", f"http://localhost:{server.port}"), "utf-8")
    monkeypatch.setattr(linkcheck, "LIMITS", FAST)
    resolve = socket.getaddrinfo

    def getaddrinfo(host: str, *args: Any, **options: Any) -> Any:
        """Look up local names only."""
        if host.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        if host.endswith(".test"):
            raise socket.gaierror(socket.EAI_AGAIN, "temporary failure")
        return resolve(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_ACTIONS", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def check(source: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Return the command as a function of its options: exit code and printed lines."""

    def run(*options: str) -> tuple[int, list[str]]:
        output = source.parent / "output"
        arguments = ["--source", str(source), "--output", str(output), "--allow-loopback"]
        code = linkcheck.main([*arguments, *options])
        return code, capsys.readouterr().out.splitlines()

    return run


def only_page(source: Path, text: str) -> None:
    """Replace the source by one page of reStructuredText."""
    shutil.rmtree(source / "more")
    shutil.rmtree(source / "talks")
    (source / "index.md").unlink()
    (source / "index.rst").write_text(f"Links\n=====\n\n{text}\n", encoding="utf-8")
    conf = source / "conf.py"
    lines = conf.read_text("utf-8").splitlines(keepends=True)
    kept = [it for it in lines if "bibtex_bibfiles" not in it and "Mastodon" not in it]
    conf.write_text("".join(kept), encoding="utf-8")


TODAY = datetime.now(UTC).date().isoformat()
MISSING = f"404 Not Found, since {TODAY}"
TABLE = [
    ("conf.py:5", "broken", "/410", f"410 Gone, since {TODAY}"),
    ("index.md:5", "moved", "/301", "now SERVER/200"),
    ("index.md:5", "moved", "/301/other", "now SERVER/200"),
    ("index.md:5", "moved", "/308", "now SERVER/200"),
    ("index.md:9", "broken", "/404", MISSING),
    ("index.md:11", "uncertain", "/403", f"403 Forbidden, since {TODAY}"),
    (
        *("index.md:13", "broken", "/200#elsewhere"),
        f"the page has no such anchor, #elsewhere, since {TODAY}",
    ),
    (
        *("index.md:16", "uncertain", "OTHER/429-86400"),
        f"429 Too Many Requests, asks to wait 86400 s, since {TODAY}",
    ),
    (
        *("index.md:17", "suspect", "/deep/page"),
        f"redirects to the home page SERVER/, since {TODAY}",
    ),
    ("more/page.md:3", "broken", "/404", MISSING),
    ("talks/talks.bib:6", "moved", "/301/video", "now SERVER/200"),
    ("talks/talks.bib:8", "broken", "/404/a_b", MISSING),
]
SUMMARY = "15 links: 4 broken, 1 suspect, 2 uncertain, 4 moved."


def table(server: Server) -> list[tuple[str, str, str, str]]:
    """Return the table with the addresses of the server."""

    def local(text: str) -> str:
        text = f"SERVER{text}" if text.startswith("/") else text
        text = text.replace("SERVER", f"http://127.0.0.1:{server.port}")
        return text.replace("OTHER", f"http://localhost:{server.port}")

    return [(place, kind, local(address), local(detail)) for place, kind, address, detail in TABLE]


def test_table_summary_and_annotations(
    source: Path,
    check: Check,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    summary = source.parent / "summary.md"
    summary.write_text("# Before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(source.parent))
    output = source.parent / "output"
    arguments = ["--source", str(source), "--output", str(output), "--allow-loopback"]

    code = linkcheck.main(arguments)

    printed = capsys.readouterr()
    rows = table(server)
    assert code == BROKEN
    assert printed.out.splitlines() == [
        *(f"{place:17}  {kind:9}  {address}  {detail}" for place, kind, address, detail in rows),
        SUMMARY,
    ]
    # Before them are warnings of Sphinx, of private addresses.
    assert [line for line in printed.err.splitlines() if line.startswith("::")] == [
        "::error file=source/{},line={}::{}: {}".format(*place.split(":"), address, detail)
        for place, kind, address, detail in rows
        if kind == "broken"
    ]
    assert summary.read_text("utf-8").splitlines() == [
        *(
            "# Before",
            "### Links",
            "",
            "| place | | address | detail |",
            "| --- | --- | --- | --- |",
        ),
        *(
            f"| `{place}` | {kind} | `{address}` | `{detail}` |"
            for place, kind, address, detail in rows
        ),
        *("", SUMMARY),
    ]


def test_json_and_reuse(check: Check, server: Server, source: Path) -> None:
    code, lines = check("--json")
    found = json.loads("\n".join(lines))
    assert code == BROKEN
    assert found["summary"] == SUMMARY
    assert [(it["file"], it["line"], it["kind"], it["address"]) for it in found["links"]] == [
        (*_place(place), kind, address) for place, kind, address, _ in table(server)
    ]
    file = source.parent / "output" / history.FILE
    whole = json.loads(file.read_text("utf-8"))
    missing = f"http://127.0.0.1:{server.port}/404"
    whole["links"][missing]["first"] = {"broken": "2020-02-02"}
    file.write_text(json.dumps(whole), encoding="utf-8")

    counted = {name: server.count(name) for name in ("301", "404", "403")}
    _, lines = check()
    again = {name: server.count(name) - number for name, number in counted.items()}
    assert again == {"301": 0, "404": 4, "403": 2}
    assert sum("404 Not Found, since 2020-02-02" in line for line in lines) == 2
    assert lines[-1] == SUMMARY

    counted = {name: server.count(name) for name in ("301", "404", "403")}
    check("--fresh")
    again = {name: server.count(name) - number for name, number in counted.items()}
    assert again == {"301": 3, "404": 4, "403": 2}


def _place(text: str) -> tuple[str, int]:
    file, _, line = text.rpartition(":")
    return file, int(line)


def test_fix_shows_and_rewrites_moved_addresses(check: Check, source: Path, server: Server) -> None:
    page, bib = source / "index.md", source / "talks" / "talks.bib"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    page.chmod(0o640)
    local = f"http://127.0.0.1:{server.port}"
    before = page.read_bytes().decode(), bib.read_text("utf-8")
    code, lines = check("--fix")
    assert code == BROKEN
    assert lines[-1] == "Files with new addresses: 2"
    line = f"Moved for good: <{local}/200>, [likewise]({local}/200), and <{local}/200>."
    assert f"+{line}" in lines
    expected = before[0].replace(before[0].split("\r\n")[4], line)
    assert page.read_bytes().decode() == expected
    assert page.stat().st_mode & 0o777 == 0o640
    assert bib.read_text("utf-8") == before[1].replace(f"{local}/301/video", f"{local}/200")
    _, lines = check("--fix")
    assert lines[-1] == "Files with new addresses: 0"
    with pytest.raises(CommandError, match="--json and --fix"):
        check("--fix", "--json")


SPELLED = """\
# Links

A line before: <http://localhost:PORT/404/a/b>.

[above]: http://localhost:PORT/410/ä?a=1&amp;b=2

<http://Bücher.invalid/käse> and [a page](http://localhost:PORT/404/größe?ß=1).

A prefix of the first: **<http://localhost:PORT/404/a>**

Defined above: [a page][above].

*http://localhost:PORT/301/ä* is no link, but <http://localhost:PORT/301/ä>,
[*both*](http://localhost:PORT/301/%c3%A4), and not http://localhost:PORT/301/äh.
"""


def test_addresses_are_shown_and_rewritten_as_they_are_written(
    check: Check,
    source: Path,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    only_page(source, "")
    page = source / "index.md"
    (source / "index.rst").unlink()
    page.write_text(SPELLED.replace("PORT", str(server.port)), encoding="utf-8")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    local = f"http://localhost:{server.port}"
    output = str(source.parent / "output")

    linkcheck.main(["--source", str(source), "--output", output, "--allow-loopback", "--json"])

    printed = capsys.readouterr()
    found = json.loads(printed.out)["links"]
    assert [(it["line"], it["kind"], it["address"]) for it in found] == [
        (3, "broken", f"{local}/404/a/b"),
        (7, "broken", "http://Bücher.invalid/käse"),
        (7, "broken", f"{local}/404/größe?ß=1"),
        (9, "broken", f"{local}/404/a"),
        (11, "broken", f"{local}/410/ä?a=1&amp;b=2"),
        (13, "moved", f"{local}/301/ä"),
    ]
    assert ",line=7::http://Bücher.invalid/käse: the host is unknown (DNS)" in printed.err
    assert any(it.path == "/404/gr%C3%B6%C3%9Fe?%C3%9F=1" for it in server.requests)

    check("--fix")
    old, new = f"{local}/301/ä", f"{local}/200"
    text = SPELLED.replace("PORT", str(server.port)).replace(f"{local}/301/%c3%A4", old)
    assert page.read_text("utf-8") == text.replace(old, new).replace(f"{new}h", f"{old}h")


def test_verdicts_are_reused_with_the_same_configuration_only(
    check: Check, source: Path, server: Server
) -> None:
    only_page(source, f"http://127.0.0.1:{server.port}/302/kept#x")
    conf = source / "conf.py"

    def asked(*lines: str) -> tuple[int, list[str]]:
        with conf.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        before = len(server.requests)
        _, printed = check()
        return len(server.requests) - before, printed

    fine = ["1 links: all work."]
    assert asked("linkcheck_anchors = False") == (2, fine)
    assert asked() == (0, fine)
    count, printed = asked("linkcheck_allowed_redirects = {}")
    assert (count, printed[-1]) == (2, "1 links: 1 redirected.")
    count, printed = asked("linkcheck_anchors = True")
    assert (count, printed[-1]) == (2, "1 links: 1 broken.")
    assert asked("linkcheck_anchors_ignore = ['x']", "linkcheck_timeout = 2")[0] == 2
    assert asked()[0] == 0
    assert asked("linkcheck_timeout = 1")[0] == 2


def test_links_after_the_limit_are_listed(
    check: Check, source: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang = f"http://localhost:{server.port}/hang"
    only_page(source, f"http://127.0.0.1:{server.port}/200\n\n{hang}")
    conf = source / "conf.py"
    text = conf.read_text("utf-8").replace("linkcheck_timeout = 1", "linkcheck_timeout = 20")
    conf.write_text(text, encoding="utf-8")
    assert check("--limit", "3") == (
        INCOMPLETE,
        [
            f"index.rst:6  not reached  {hang}",
            "2 links: 1 not reached. The limit of 3 s ended the check: choose a longer --limit.",
        ],
    )
    assert list(json.loads((source.parent / "output" / history.FILE).read_text())["links"]) == [
        f"http://127.0.0.1:{server.port}/200"
    ]


def test_a_limit_before_the_first_link(check: Check, source: Path, server: Server) -> None:
    only_page(source, f"http://127.0.0.1:{server.port}/200")
    code, lines = check("--limit", "0.01")
    assert code == INCOMPLETE
    assert lines[-1].startswith("1 links: 1 not reached. The limit of 0.01 s ended the check")


def test_no_network_is_said_in_a_line_and_not_kept(check: Check, source: Path) -> None:
    only_page(source, "http://one.invalid/ http://two.invalid/ http://two.invalid/again")
    line = "No network: no host answered, so 3 links are unchecked."
    assert check() == (NO_NETWORK, [line])
    assert not (source.parent / "output" / history.FILE).exists()


def test_a_link_that_worked_before_tells_dead_hosts_from_no_network(
    check: Check, source: Path, server: Server
) -> None:
    works = f"http://127.0.0.1:{server.port}/200"
    only_page(source, f"{works} http://one.invalid/ http://two.invalid/")
    assert check()[0] == BROKEN
    code, lines = check()  # the link that works is not asked for
    assert code == BROKEN
    assert sum("invalid" in line for line in lines) == 2


def test_a_failed_lookup_is_uncertain_or_no_network(
    check: Check, source: Path, server: Server
) -> None:
    only_page(source, "http://one.test/")
    assert check() == (NO_NETWORK, ["No network: no host answered, so 1 links are unchecked."])
    works = f"http://127.0.0.1:{server.port}/200"
    (source / "index.rst").write_text(f"Links\n=====\n\nhttp://one.test/ {works}\n", "utf-8")
    code, lines = check()
    assert code == FINE
    assert lines[-1] == "2 links: 1 uncertain."


def test_no_network_is_said_in_json(check: Check, source: Path) -> None:
    only_page(source, "http://one.invalid/ http://two.invalid/")
    code, lines = check("--json")
    assert code == NO_NETWORK
    assert json.loads("\n".join(lines))["summary"].startswith("No network: ")


def test_a_guest_needs_no_site(check: Check, source: Path, server: Server) -> None:
    only_page(source, f"http://127.0.0.1:{server.port}/200\n\n`endless <http://[::1/>`__")
    conf = source / "conf.py"
    text = conf.read_text("utf-8").replace(', "sphinx_portfolio.site"', "")
    conf.write_text(text, encoding="utf-8")
    (source.parent / "output").mkdir()
    assert check() == (
        BROKEN,
        [
            f"index.rst:6  broken  http://[::1/  invalid address, since {TODAY}",
            "2 links: 1 broken.",
        ],
    )


def test_all_work_and_a_damaged_history(
    check: Check, source: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    only_page(source, f"http://127.0.0.1:{server.port}/200")
    assert check() == (FINE, ["1 links: all work."])
    file = source.parent / "output" / history.FILE
    file.write_text('{"version": 7}', encoding="utf-8")
    before = server.count("200")
    output = str(source.parent / "output")
    code = linkcheck.main(["--source", str(source), "--output", output, "--allow-loopback"])
    printed = capsys.readouterr()
    assert (code, printed.out) == (FINE, "1 links: all work.\n")
    assert printed.err == f"{file}: ignored, since it is invalid (version 7)\n"
    assert server.count("200") == before + 1


def test_a_terminal_has_a_line_of_progress(
    check: Check, source: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_page(source, f"http://127.0.0.1:{server.port}/200")
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stderr", terminal)
    assert check() == (FINE, ["1 links: all work."])
    drawn = terminal.getvalue().split("\r\x1b[K")
    assert drawn[1] == "hosts left: 1, 0 s"
    assert drawn[-1] == ""


def test_invalid_configuration_is_named(check: Check, source: Path) -> None:
    conf = source / "conf.py"
    text = conf.read_text("utf-8")
    conf.write_text(text.replace('["http', '["(http', 1), encoding="utf-8")
    with pytest.raises(CommandError, match=r"conf\.py:9: invalid pattern in linkcheck_ignore: "):
        check()
    conf.write_text(text.replace("timeout = 1", "timeout = -1"), encoding="utf-8")
    with pytest.raises(CommandError, match="invalid linkcheck_timeout -1: expected seconds"):
        check()


def test_a_source_that_does_not_build_is_not_checked(check: Check, source: Path) -> None:
    with (source / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write("1 / 0\n")
    with pytest.raises(CommandError) as caught:
        check()
    assert caught.value.code == INCOMPLETE


def test_text_of_others_is_escaped() -> None:
    row = report.Row("a,b.md", 0, "http://a/`|", Kind.BROKEN, "404\x1b[2J\n100%\r::error", "", "")
    rows: list[Row] = [row]
    assert report.as_text(rows) == "a,b.md  broken  http://a/`|  404 [2J 100% ::error\n"
    assert report.as_markdown(rows).splitlines()[-1] == (
        r"| `a,b.md` | broken | `http://a/'\|` | `404 [2J 100% ::error` |"
    )
    assert report.as_annotations(rows, ".") == (
        "::error file=a%2Cb.md,line=1::http://a/`|: 404 [2J 100%25 ::error\n"
    )


def test_the_guide_names_limits_and_results() -> None:
    guide = Path(__file__).parents[1] / "docs" / "how-to" / "links.md"
    text, limits = " ".join(guide.read_text("utf-8").split()), Limits()
    for words in (
        f"{limits.tries} tries, {limits.requests} requests",
        f"{limits.seconds} seconds and {limits.body // 2**20} MiB",
        f"{limits.at_once} requests at once, and {limits.interval * 1000:.0f} ms",
        f"{limits.retry_after} seconds at most",
        f"{limits.silent} requests in a row",
        *(f"| {kind} |" for kind in Kind if kind is not Kind.OK),
    ):
        assert words in text, words


def test_the_guide_names_all_values_of_sphinx(make_app: Callable[..., Any], source: Path) -> None:
    app = make_app("dummy", srcdir=source)
    guide = Path(__file__).parents[1] / "docs" / "how-to" / "links.md"
    named = set(re.findall("`((?:linkcheck|tls)_[a-z_]+|user_agent)`", guide.read_text("utf-8")))
    values = {value.name for value in app.config if value.name.startswith("linkcheck_")}
    assert len(values) > 10
    assert named == {*values, "tls_verify", "tls_cacerts", "user_agent"}


# -- Videos -------------------------------------------------------------------

VIDEOS = """\
@misc{public, title = {Public}, author = {Ada Example}, year = 2021, video = {https://youtu.be/1}}
@misc{private, title = {Private}, author = {Ada Example}, year = 2021,
  video = {https://www.youtube.com/watch?v=2}}
@misc{late, title = {Late}, author = {Ada Example}, year = 2021, video = {https://vimeo.com/3}}
@misc{other, title = {Other}, author = {Ada Example}, year = 2021, video = {https://v.example/4}}
"""


def test_doctor_asks_whether_videos_are_public(
    source: Path,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (source / "talks" / "talks.bib").write_text(VIDEOS, encoding="utf-8")
    conf = (source / "conf.py").read_text("utf-8")
    conf = "".join(line for line in conf.splitlines(keepends=True) if "Mastodon" not in line)
    accepted = 'portfolio_accepted = {"talk-private:late": "it has a reason"}\n'
    (source / "conf.py").write_text(conf + accepted, encoding="utf-8")
    local = f"http://127.0.0.1:{server.port}"
    endpoints = [
        oembed.Endpoint(host, re.compile(re.escape(video)), f"{local}/{status}?url=")
        for host, video, status in (
            ("YouTube", "https://youtu.be/", 200),
            ("YouTube", "https://www.youtube.com/watch", 401),
            ("Vimeo", "https://vimeo.com/", 500),
        )
    ]
    monkeypatch.setattr(oembed, "ENDPOINTS", endpoints)
    arguments = ["--source", str(source), "--json"]

    assert doctor.main(arguments) == 0
    rules = {finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]}
    assert not rules & {"talk-private", "accepted-unused"}

    before = len(server.requests)
    doctor.main([*arguments, "--online", "--allow-loopback"])
    printed = capsys.readouterr()
    findings = json.loads(printed.out)["findings"]
    assert [(it["place"], it["message"]) for it in findings if it["rule"] == "talk-private"] == [
        (
            "talks/talks.bib:2",
            "'Private': YouTube answers 401 Unauthorized for https://www.youtube.com/watch?v=2",
        )
    ]
    assert [it["key"] for it in findings if it["rule"] == "accepted-unused"] == [
        "accepted-unused:talk-private:late"
    ]
    assert "https://vimeo.com/3: not checked: 500 Internal Server Error" in printed.err
    asked = [urlsplit(request.path) for request in server.requests[before:]]
    assert {it.path: parse_qs(it.query)["url"] for it in asked} == {
        "/200": ["https://youtu.be/1"],
        "/401": ["https://www.youtube.com/watch?v=2"],
        "/500": ["https://vimeo.com/3"],
    }


def test_videos_of_known_hosts() -> None:
    known = (
        *("https://www.youtube.com/watch?v=x", "https://youtu.be/x", "https://vimeo.com/1"),
        *("https://m.youtube.com/watch?v=x", "https://www.youtube.com/live/x"),
    )
    others = (
        *("", "https://www.youtube.com/@channel", "https://youtube.com.example/watch?v=x"),
        *("https://vimeo.com/channels/x", "https://v.example/?u=https://youtu.be/x"),
    )
    assert [it for it in known if not oembed.question(it)[1]] == []
    assert [it for it in others if oembed.question(it)[1]] == []
