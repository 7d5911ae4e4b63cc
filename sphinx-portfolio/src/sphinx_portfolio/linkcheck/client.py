"""Asks hosts for addresses: politely, within limits, and only hosts on the public network."""

from __future__ import annotations

import asyncio
import math
import ssl
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import aiohttp
import certifi
from yarl import URL

from sphinx_portfolio.linkcheck import anchors
from sphinx_portfolio.linkcheck.hosts import NOT_ASKED, Host, seconds_of
from sphinx_portfolio.linkcheck.network import (
    NotPublicError,
    PublicResolver,
    UnknownHostError,
    check_host,
    look_up,
)
from sphinx_portfolio.linkcheck.policy import Limits
from sphinx_portfolio.linkcheck.verdicts import GONE, REDIRECTS, Answer, Fault, Hop

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from sphinx_portfolio.linkcheck.network import LookUp
    from sphinx_portfolio.linkcheck.policy import Policy

    Progress: TypeAlias = Callable[[int, float], None]

# The same for every host. No cookies, no referrer, no credentials.
HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; sphinx-portfolio linkcheck)",
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
}
# The answer to GET won't differ from the one to HEAD.
FINAL = frozenset({
    *(Fault.INVALID, Fault.NO_NAME, Fault.PRIVATE, Fault.SCHEME, Fault.NO_ANCHOR, Fault.UNREAD),
    *(Fault.TLS, Fault.LOOP, Fault.MANY_REDIRECTS, Fault.MANY_REQUESTS),
})  # fmt: skip
# The first that matches: a TLS error is a connector error, too.
FAULTS: tuple[tuple[type[Exception], Fault], ...] = (
    (NotPublicError, Fault.PRIVATE),
    (TimeoutError, Fault.TIMEOUT),
    (aiohttp.ClientSSLError, Fault.TLS),
    (aiohttp.ClientConnectorDNSError, Fault.NO_DNS),
    (aiohttp.ClientConnectorError, Fault.NO_CONNECTION),
    (aiohttp.InvalidURL, Fault.INVALID),
)


@dataclass(slots=True)
class _Cost:
    """What an address has cost so far; when the last request was, and its `Retry-After`."""

    requests: int = 0
    seconds: float = 0
    asked: float = 0
    retry_after: str | None = None


class Client:
    """Asks for many addresses at once; each gets an answer, whatever its host does."""

    def __init__(
        self, policy: Policy, limits: Limits | None = None, look_up: LookUp = look_up
    ) -> None:
        self._policy = policy
        self._limits = limits or Limits()
        self._resolver = PublicResolver(look_up, allow_loopback=policy.allow_loopback)
        self._hosts: dict[str, Host] = {}
        self._everyone = asyncio.Semaphore(self._limits.hosts * self._limits.at_once)

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
        cost, limits = _Cost(), self._limits
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

    def _wait(self, address: str, answer: Answer, cost: _Cost, gets: int) -> float | None:
        """Return the seconds until the next try; None if there is no other."""
        host = self._host(answer.hops[-1].address if answer.hops else address)
        is_fine = not answer.fault and 200 <= answer.status < 300
        if is_fine or answer.fault in FINAL or host.closed:
            return None
        is_overloaded = answer.status == 429 or (answer.status == 503 and cost.retry_after)
        if is_overloaded and not answer.fault:
            return host.wait(answer, cost.retry_after, cost.asked)
        if gets == 0:
            return 0
        is_passing = answer.fault is Fault.DROPPED or 500 <= answer.status < 600
        return self._limits.interval if gets == 1 and is_passing else None

    async def _follow(self, method: str, address: str, cost: _Cost) -> Answer:
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

    async def _request(self, method: str, address: str, anchor: str, cost: _Cost) -> Answer:
        """Request one address; the answer has a hop if it redirects."""
        limits = self._limits
        try:
            url = URL(address).with_user(None)
            check_host(url, allow_loopback=self._policy.allow_loopback)
        except NotPublicError as error:
            return _failure(error)
        except ValueError:
            return Answer(fault=Fault.INVALID)
        host = self._host(address)
        async with host.turn():
            if host.closed:
                return host.closed
            if cost.requests >= limits.requests:
                return Answer(fault=Fault.MANY_REQUESTS)
            cost.requests += 1
            cost.retry_after = None
            cost.asked = time.monotonic()
            try:
                async with asyncio.timeout(limits.seconds - cost.seconds):
                    answer = await self._exchange(method, url, anchor, cost)
            except (NotPublicError, aiohttp.ClientError, OSError, ValueError) as error:
                answer = _failure(error)
            cost.seconds += time.monotonic() - cost.asked
            host.note(answer)
            return answer

    async def _exchange(self, method: str, url: URL, anchor: str, cost: _Cost) -> Answer:
        async with asyncio.timeout(self._policy.timeout):
            response = await self._session.request(
                method, url, allow_redirects=False, middlewares=[_Once()]
            )
        try:
            cost.retry_after = response.headers.get("Retry-After")
            location = response.headers.get("Location")
            if response.status in REDIRECTS and location:
                return _redirect(url, response.status, location)
            fault = None
            if anchor and method == "GET" and 200 <= response.status < 300:
                fault = await anchors.look_up(anchor, response, self._limits)
            detail = f"#{anchor}" if fault else ""
            if not fault and (wait := seconds_of(cost.retry_after)) is not None:
                detail = f"asks to wait {wait:.0f} s"
            return Answer(response.status, fault=fault, detail=detail)
        finally:
            response.close()  # without reading the rest, which may have no end

    def _host(self, address: str) -> Host:
        return self._hosts.setdefault(_host_name(address), Host(self._limits, self._everyone))


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


def _host_name(address: str) -> str:
    try:
        return URL(address).raw_host or ""
    except ValueError:
        return ""


def _redirect(url: URL, status: int, location: str) -> Answer:
    """Return the answer of a host that redirects: without credentials, with the same fragment."""
    try:
        target = url.join(URL(location))
    except ValueError:
        return Answer(fault=Fault.SCHEME)
    if target.user is not None or target.password is not None:
        target = target.with_user(None)
    if url.fragment and not target.fragment:
        target = target.with_fragment(url.fragment)
    return Answer(status, (Hop(status, str(target)),))


def _failure(error: Exception) -> Answer:
    """Return the answer for an exception of the client; only the system's words are repeated."""
    fault = next((fault for kind, fault in FAULTS if isinstance(error, kind)), Fault.DROPPED)
    detail = str(error) if fault is Fault.PRIVATE else ""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        detail = getattr(error.certificate_error, "verify_message", "")
    if isinstance(getattr(error, "os_error", None), UnknownHostError):
        fault = Fault.NO_NAME
    return Answer(fault=fault, detail=detail)
