"""Asks hosts for addresses: politely, within limits, and only hosts on the public network."""

from __future__ import annotations

import asyncio
import math
import re
import ssl
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote

import aiohttp
import certifi
from yarl import URL

from sphinx_portfolio.linkcheck.network import (
    NotPublicError,
    PublicResolver,
    check_host,
    look_up,
)
from sphinx_portfolio.linkcheck.verdicts import GONE, REDIRECTS, Answer, Fault, Hop

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Iterable

    from sphinx_portfolio.linkcheck.network import LookUp

    Progress: TypeAlias = Callable[[int, float], None]

# The same for every host. No cookies, no referrer, no credentials.
HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; sphinx-portfolio linkcheck)",
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
}
HTML = frozenset({"text/html", "application/xhtml+xml"})
# The answer to GET won't differ from the one to HEAD.
FINAL = frozenset({
    *(Fault.INVALID, Fault.NO_NAME, Fault.PRIVATE, Fault.SCHEME, Fault.NO_ANCHOR, Fault.UNREAD),
    *(Fault.TLS, Fault.LOOP, Fault.MANY_REDIRECTS, Fault.MANY_REQUESTS),
})  # fmt: skip
NOT_ASKED = "not asked again"
SILENT = frozenset({Fault.NO_NAME, Fault.NO_CONNECTION, Fault.TIMEOUT})
# The first that matches: a DNS error is a connector error, too.
FAULTS: tuple[tuple[type[Exception], Fault], ...] = (
    (TimeoutError, Fault.TIMEOUT),
    (aiohttp.ClientSSLError, Fault.TLS),
    (aiohttp.ClientConnectorDNSError, Fault.NO_NAME),
    (aiohttp.ClientConnectorError, Fault.NO_CONNECTION),
    (aiohttp.InvalidURL, Fault.INVALID),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds: of an address (tries to the body's bytes), of a host, and of all; times in seconds.

    Time and tries of an address do not include waiting for its turn at the host.
    """

    tries: int = 4
    requests: int = 24
    seconds: float = 60
    body: int = 2 * 1024 * 1024  # decompressed
    parsing: float = 2
    redirects: int = 10
    at_once: int = 2
    silent: int = 4  # requests in a row without an answer, after which a host is not asked again
    interval: float = 0.25
    retry_after: float = 30
    default_wait: float = 5  # if an overloaded host does not say for how long
    hosts: int = 16


@dataclass(frozen=True, slots=True)
class Policy:
    """What to ask for: Sphinx's `linkcheck_*` values of the same names, and whom."""

    timeout: float = 30
    anchors: bool = True
    anchors_ignore: tuple[re.Pattern[str], ...] = ()
    anchors_ignore_for_url: tuple[re.Pattern[str], ...] = ()
    ignore: tuple[re.Pattern[str], ...] = ()
    allow_loopback: bool = False

    def ignores(self, address: str) -> bool:
        """Tell whether `linkcheck_ignore` has an address."""
        return any(pattern.match(address) for pattern in self.ignore)

    def anchor(self, address: str) -> str:
        """Return the anchor to look up in a page; empty if there is none to be looked up."""
        page, _, fragment = address.partition("#")
        fragment = fragment.partition(":~:")[0]  # a text to highlight
        if not self.anchors or fragment.lower() == "top":  # which needs no element
            return ""
        ignored = any(pattern.match(fragment) for pattern in self.anchors_ignore)
        if ignored or any(pattern.match(page) for pattern in self.anchors_ignore_for_url):
            return ""
        return unquote(fragment)


@dataclass(slots=True)
class _Host:
    """What is known of a host. `resumes` is the time until which it asked to wait, once."""

    slots: asyncio.Semaphore
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0
    resumes: float | None = None
    silent: int = 0  # requests without an answer since the last one
    closed: Answer | None = None  # to all that was not yet asked for


@dataclass(slots=True)
class _Try:
    """What an address has cost so far, and the `Retry-After` of the last response."""

    requests: int = 0
    seconds: float = 0
    started: float = 0  # the last request
    retry_after: str | None = None


class Client:
    """Asks for many addresses at once; each gets an answer, whatever its host does."""

    def __init__(
        self, policy: Policy, limits: Limits | None = None, look_up: LookUp = look_up
    ) -> None:
        self._policy = policy
        self._limits = limits or Limits()
        self._resolver = PublicResolver(look_up, allow_loopback=policy.allow_loopback)
        self._hosts: dict[str, _Host] = {}
        self._open = asyncio.Semaphore(self._limits.hosts * self._limits.at_once)

    async def ask_all(
        self, addresses: Iterable[str], limit: float = math.inf, progress: Progress | None = None
    ) -> dict[str, Answer]:
        """Return the answers that came within a limit in seconds.

        `progress` is called each half second with the number of hosts left and the seconds so far.
        """
        left = dict.fromkeys(addresses)
        answers: dict[str, Answer] = {}
        started = time.monotonic()

        async def one(address: str) -> None:
            answers[address] = await self._ask(address)
            del left[address]

        async def show() -> None:
            while progress:
                hosts = {_host_name(address) for address in left}
                progress(len(hosts), time.monotonic() - started)
                await asyncio.sleep(0.5)

        shown = asyncio.create_task(show())
        async with self._opened():
            try:
                async with asyncio.timeout(None if math.isinf(limit) else limit):
                    async with asyncio.TaskGroup() as group:
                        for address in list(left):
                            group.create_task(one(address))
            except TimeoutError:
                pass  # the others have no answer
            finally:
                shown.cancel()
        return answers

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[None]:
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        connector = aiohttp.TCPConnector(limit=0, resolver=self._resolver, ssl=context)
        async with aiohttp.ClientSession(
            connector=connector,
            headers=HEADERS,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(),  # our own, see `_request`
            trust_env=False,  # neither ~/.netrc nor a proxy, which would resolve names itself
        ) as self._session:
            yield

    async def _ask(self, address: str) -> Answer:
        """Return the answer to HEAD, then to GET if that fails or an anchor is looked up."""
        cost, limits = _Try(), self._limits
        method = "GET" if self._policy.anchor(address) else "HEAD"
        gets, answer = 0, Answer()
        for _ in range(limits.tries):
            gets += method == "GET"
            before = answer
            try:
                answer = await self._follow(method, address, cost)
            except Exception as error:  # one link must not end the check of all
                answer = Answer(fault=Fault.UNEXPECTED, detail=repr(error))
            if answer.detail == NOT_ASKED and before.status in GONE:
                answer = before  # what the host said before it was asked too much
                break
            wait = self._wait(address, answer, cost, gets)
            if wait is None or cost.seconds + wait >= limits.seconds:
                break
            cost.seconds += wait
            method = "GET"
        return replace(answer, requests=cost.requests, seconds=round(cost.seconds, 3))

    def _wait(self, address: str, answer: Answer, cost: _Try, gets: int) -> float | None:
        """Return the seconds until the next try; None if there is no other."""
        host = self._host(answer.hops[-1].address if answer.hops else address)
        is_fine = not answer.fault and 200 <= answer.status < 300
        if is_fine or answer.fault in FINAL or host.closed:
            return None
        is_overloaded = answer.status == 429 or (answer.status == 503 and cost.retry_after)
        if is_overloaded and not answer.fault:
            return self._wait_for(host, answer, cost)
        if gets == 0:
            return 0
        is_passing = answer.fault is Fault.DROPPED or 500 <= answer.status < 600
        return self._limits.interval if gets == 1 and is_passing else None

    def _wait_for(self, host: _Host, answer: Answer, cost: _Try) -> float | None:
        """Let all wait for an overloaded host, once; then it is not asked again."""
        now = time.monotonic()
        if host.resumes is None:
            wait = seconds_of(cost.retry_after)
            wait = self._limits.default_wait if wait is None else wait
            if wait <= self._limits.retry_after:
                host.resumes = now + wait
                host.free_at = max(host.free_at, host.resumes)
                return wait
        elif cost.started < host.resumes:  # asked before all waited
            return max(0, host.resumes - now)
        host.closed = Answer(answer.status, detail=NOT_ASKED)
        return None

    async def _follow(self, method: str, address: str, cost: _Try) -> Answer:
        """Request an address and what it redirects to."""
        hops: list[Hop] = []
        anchor = self._policy.anchor(address)
        current, seen = address, {address.partition("#")[0]}
        while True:
            response = await self._request(method, current, anchor, cost)
            answer = replace(response, hops=tuple(hops))
            if not response.hops:
                return answer
            hops += response.hops
            current = hops[-1].address
            if URL(current).scheme not in {"http", "https"}:
                return Answer(0, tuple(hops), Fault.SCHEME, current)
            if self._policy.ignores(current):
                return Answer(200)
            if current.partition("#")[0] in seen:
                chain = " → ".join((address, *(hop.address for hop in hops)))
                return Answer(0, tuple(hops), Fault.LOOP, chain)
            if len(hops) > self._limits.redirects:
                return Answer(0, tuple(hops), Fault.MANY_REDIRECTS)
            seen.add(current.partition("#")[0])

    async def _request(self, method: str, address: str, anchor: str, cost: _Try) -> Answer:
        """Request one address; the answer has a hop if it redirects."""
        limits = self._limits
        try:
            url = URL(address).with_user(None)
            check_host(url, allow_loopback=self._policy.allow_loopback)
        except NotPublicError as error:
            return Answer(fault=Fault.PRIVATE, detail=str(error))
        except ValueError:
            return Answer(fault=Fault.INVALID)
        host = self._host(address)
        async with self._turn(host):
            if host.closed:
                return host.closed
            if cost.requests >= limits.requests:
                return Answer(fault=Fault.MANY_REQUESTS)
            cost.requests += 1
            cost.retry_after = None
            cost.started = time.monotonic()
            try:
                async with asyncio.timeout(limits.seconds - cost.seconds):
                    answer = await self._exchange(method, url, anchor, cost)
            except (NotPublicError, aiohttp.ClientError, OSError, ValueError) as error:
                answer = _failure(error)
            cost.seconds += time.monotonic() - cost.started
            host.silent = host.silent + 1 if answer.fault in SILENT else 0
            if host.silent >= limits.silent:
                host.closed = replace(answer, detail=NOT_ASKED)
            return answer

    async def _exchange(self, method: str, url: URL, anchor: str, cost: _Try) -> Answer:
        async with asyncio.timeout(self._policy.timeout):
            response = await self._session.request(
                method, url, allow_redirects=False, middlewares=[_Once()]
            )
        try:
            cost.retry_after = response.headers.get("Retry-After")
            location = response.headers.get("Location")
            if response.status in REDIRECTS and location:
                try:
                    target = url.join(URL(location))
                except ValueError:
                    return Answer(fault=Fault.SCHEME)
                if target.user is not None or target.password is not None:
                    target = target.with_user(None)
                if url.fragment and not target.fragment:
                    target = target.with_fragment(url.fragment)
                return Answer(response.status, (Hop(response.status, str(target)),))
            fault = None
            if anchor and method == "GET" and 200 <= response.status < 300:
                fault = await self._find(anchor, response)
            detail = f"#{anchor}" if fault else ""
            if not fault and (wait := seconds_of(cost.retry_after)) is not None:
                detail = f"asks to wait {wait:.0f} s"
            return Answer(response.status, fault=fault, detail=detail)
        finally:
            response.close()  # without reading the rest, which may have no end

    async def _find(self, anchor: str, response: aiohttp.ClientResponse) -> Fault | None:
        """Look up an anchor in a page while it is read; return a fault unless it is there."""
        if "Content-Type" in response.headers and response.content_type not in HTML:
            return None  # what an anchor means there is not known, such as `#page=3` of a PDF
        charset = response.charset or "utf-8"
        try:
            as_bytes = _ascii(anchor.encode(charset, "replace"))
        except LookupError:
            charset = ""
        if not charset or charset.lower().startswith(("utf-16", "utf-32", "utf-7")):
            return Fault.UNREAD
        # The page is not decoded: the host names the decoder, and some do more than that.
        parser = _AnchorParser({anchor, as_bytes})
        size, parsing = 0, 0.0
        async for chunk in response.content.iter_chunked(64 * 1024):
            size += len(chunk)
            started = time.monotonic()
            try:
                parser.feed(_ascii(chunk))
            except AssertionError:  # how the parser refuses some declarations
                return Fault.UNREAD
            # A tag without end is parsed again with each chunk.
            parsing += time.monotonic() - started
            await asyncio.sleep(0)  # others have waited
            if parser.found:
                return None
            if size >= self._limits.body or parsing > self._limits.parsing:
                return Fault.UNREAD
        return Fault.NO_ANCHOR

    def _host(self, address: str) -> _Host:
        name = _host_name(address)
        if name not in self._hosts:
            self._hosts[name] = _Host(asyncio.Semaphore(self._limits.at_once))
        return self._hosts[name]

    @asynccontextmanager
    async def _turn(self, host: _Host) -> AsyncIterator[None]:
        """Wait until a request to a host is polite."""
        async with host.slots, self._open:
            async with host.turn:
                while not host.closed and (wait := host.free_at - time.monotonic()) > 0:
                    await asyncio.sleep(wait)
                host.free_at = time.monotonic() + self._limits.interval
            yield


class _Once:
    """A middleware: aiohttp repeats a request if the host drops it, which no option turns off."""

    def __init__(self) -> None:
        self._sent = False

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Send the request, unless it was."""
        if self._sent:
            raise aiohttp.ServerDisconnectedError
        self._sent = True
        return await handler(request)


class _AnchorParser(HTMLParser):
    """Looks for an element with an id or a name."""

    def __init__(self, names: Collection[str]) -> None:
        super().__init__(convert_charrefs=False)  # which would search all text
        self._names = names
        self.found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Compare the id and the name of an element."""
        self.found |= any(key in {"id", "name"} and value in self._names for key, value in attrs)


def _ascii(content: bytes) -> str:
    return content.decode("ascii", "surrogateescape")


def seconds_of(retry_after: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds that a `Retry-After` names; None if it is missing or invalid."""
    text = (retry_after or "").strip()
    if re.fullmatch("[0-9]{1,9}", text):
        return float(text)
    try:
        date = parsedate_to_datetime(text)
        wait = date.replace(tzinfo=date.tzinfo or UTC) - (now or datetime.now(UTC))
    except (ValueError, OverflowError):
        return None
    return max(0.0, wait.total_seconds())


def _host_name(address: str) -> str:
    try:
        return URL(address).raw_host or ""
    except ValueError:
        return ""


def _failure(error: Exception) -> Answer:
    """Return the answer for an exception of the client; only the system's words are repeated."""
    if isinstance(error, NotPublicError):
        return Answer(fault=Fault.PRIVATE, detail=str(error))
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        cause = error.certificate_error
        return Answer(fault=Fault.TLS, detail=getattr(cause, "verify_message", ""))
    fault = next((fault for kind, fault in FAULTS if isinstance(error, kind)), Fault.DROPPED)
    return Answer(fault=fault)
