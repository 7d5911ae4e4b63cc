"""The public network: names are resolved to public addresses only."""

from __future__ import annotations

import asyncio
import socket
import threading
from concurrent.futures import Future
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, TypeAlias

from aiohttp.abc import AbstractResolver, ResolveResult

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from yarl import URL

    LookUp: TypeAlias = Callable[[str, int], Awaitable[Collection[str]]]

# An IPv4 address in an IPv6 address (RFC 6052): the network translates it.
NAT64 = ip_network("64:ff9b::/96")


# No such name, or a name without an address. Other errors may pass, such as EAI_AGAIN: no name
# server answered. Without a network, Linux says EAI_AGAIN, but macOS EAI_NONAME.
NO_SUCH_HOST = frozenset(
    getattr(socket, name)
    for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY")
    if hasattr(socket, name)
)


class UnknownHostError(OSError):
    """A host that does not exist."""


class NotPublicError(Exception):
    """A host that is on this machine or on a private network."""


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Return whether an address is on the public network, also the IPv4 address in an IPv6 one."""
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in NAT64:
            inner = IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner and not is_public(inner):
            return False
    return ip.is_global and not ip.is_multicast


def check_public(ip: IPv4Address | IPv6Address, *, allow_loopback: bool) -> None:
    """Raise NotPublicError unless an address is public, or of this machine and allowed."""
    if not (is_public(ip) or (allow_loopback and ip.is_loopback)):
        raise NotPublicError(str(ip))


def check_host(url: URL, *, allow_loopback: bool) -> None:
    """Raise ValueError if a URL has no host, NotPublicError if its host is a private address."""
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError(url)
    try:
        ip = ip_address(url.host)
    except ValueError:
        return  # a name, which the resolver checks
    check_public(ip, allow_loopback=allow_loopback)


async def look_up(host: str, port: int) -> Collection[str]:
    """Return the IP addresses of a host; UnknownHostError if it does not exist, or OSError.

    In a daemon thread: a look-up can't be cancelled, and must not keep the process from ending.
    """
    found: Future[list[str]] = Future()
    found.set_running_or_notify_cancel()

    def work() -> None:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:  # the name is too long for one
            found.set_exception(UnknownHostError(str(error)))
        except OSError as error:
            is_unknown = isinstance(error, socket.gaierror) and error.errno in NO_SUCH_HOST
            found.set_exception(UnknownHostError(str(error)) if is_unknown else error)
        else:
            found.set_result([str(info[4][0]) for info in infos])

    threading.Thread(target=work, daemon=True).start()
    return await asyncio.wrap_future(found)


class PublicResolver(AbstractResolver):
    """Resolves names to public addresses only: the client connects to what was checked."""

    def __init__(self, look_up: LookUp, *, allow_loopback: bool) -> None:
        self._look_up = look_up
        self._allow_loopback = allow_loopback

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return all addresses of a host; NotPublicError if one of them is not public."""
        found = [ip_address(text) for text in await self._look_up(host, port)]
        for ip in found:
            check_public(ip, allow_loopback=self._allow_loopback)
        return [
            ResolveResult(
                hostname=host,
                host=str(ip),
                port=port,
                family=socket.AF_INET if ip.version == 4 else socket.AF_INET6,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for ip in dict.fromkeys(found)
        ]

    async def close(self) -> None:
        """Nothing is open."""
