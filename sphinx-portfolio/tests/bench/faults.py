"""A server on this machine with every fault that a host can have, which counts its requests."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import Callable, Iterator

CERTIFICATE = Path(__file__).with_name("self-signed.pem")
PAGE = b'<!doctype html><title>Page</title><p id="here">Text<a name="caf\xc3\xa9">'
HTML = "Content-Type: text/html; charset=utf-8"
# What `Retry-After` may say; the date is in a second.
RETRY_AFTER = ("0", "2", "86400", "nan", "-5", "date", "soon")


class Request(NamedTuple):
    """A request: its method, its path, its head as text, and when it came, in seconds."""

    method: str
    path: str
    head: str
    time: float

    @property
    def name(self) -> str:
        """The first part of the path, which names the fault."""
        return self.path.split("/")[1].partition("?")[0]


class Server:
    """The server: its ports, and the requests so far."""

    def __init__(self) -> None:
        self.port = self.tls_port = 0
        self.requests: list[Request] = []
        self.open: Counter[str] = Counter()  # requests at once, by fault
        self.most: Counter[str] = Counter()
        self.stopped: asyncio.Event
        self.stop: Callable[[], object]

    def count(self, name: str) -> int:
        """Return how many requests there were for a fault."""
        return sum(request.name == name for request in self.requests)

    async def handle(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Answer the requests of a connection."""
        # The last one is how a server that stops ends its connections.
        ended = (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError)
        with contextlib.suppress(*ended):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                method, path, _ = head.split(" ", 2)
                request = Request(method, path, head, time.monotonic())
                self.requests.append(request)
                self.open[request.name] += 1
                self.most |= self.open
                try:
                    await self._answer(request, writer)
                finally:
                    self.open[request.name] -= 1
                await writer.drain()
        writer.transport.abort()

    async def _answer(self, request: Request, writer: StreamWriter) -> None:
        name = request.name
        if name in ENDLESS:
            for part in ENDLESS[name](request):
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0.02 if name == "drip" else 0)
        elif name == "hang":
            await self.stopped.wait()
            raise ConnectionAbortedError
        elif name == "reset":
            sock = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.close()
            raise ConnectionResetError
        else:
            if name == "slow":
                await asyncio.sleep(0.002)
            status, headers, body = self._response(request)
            lines = [f"HTTP/1.1 {status} Whatever", *headers, f"Content-Length: {len(body)}"]
            writer.write("\r\n".join((*lines, "", "")).encode("latin-1"))
            if request.method != "HEAD":
                writer.write(body)

    def _response(self, request: Request) -> tuple[int, list[str], bytes]:
        """Return status, headers and body; `/404` has the status 404."""
        first, _, rest = request.name.partition("-")
        if target := REDIRECTS.get(request.name):
            return 301, [f"Location: {target.format(port=self.port)}"], b""
        if first in {"429", "503"} and rest:
            if rest == "once":
                return (200 if self.count(request.name) > 1 else 429), ["Retry-After: 0"], b""
            soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
            return int(first), [f"Retry-After: {soon if rest == 'date' else rest}"], b""
        if first == "many":  # /many/1 leads to /many/2, and so on
            number = int(request.path.rpartition("/")[2]) + 1
            return 302, [f"Location: /many/{number}"], b""
        if request.name == "head-405" and request.method == "HEAD":
            return 405, [], b""
        return self._page(request, first)

    def _page(self, request: Request, first: str) -> tuple[int, list[str], bytes]:
        if request.name in BODIES:
            headers, body = BODIES[request.name]
            return 200, headers, body
        status = int(first) if first.isdigit() else 200
        location = ["Location: /200"] if status in {301, 302, 303, 307, 308} else []
        return status, [HTML, "Set-Cookie: visitor=1", *location], PAGE


REDIRECTS = {
    "loop": "/back",
    "back": "/loop",
    "file": "file:///etc/passwd",
    # For documentation, and refused as private ones are, which a failing test must not ask.
    "private": "http://192.0.2.1/",
    "private-6": "http://[2001:db8::1]/",
    "inside": "http://router.example/",
    "invalid": "http://[::1/",
    "deep": "/",
    "elsewhere": "http://other.example:{port}/200",
    "password": "http://ada:secret@other.example:{port}/200",
    "gone": "/404",
    "then-temporary": "/302",
}


def _forever(start: bytes, part: bytes) -> Callable[[Request], Iterator[bytes]]:
    def parts(request: Request) -> Iterator[bytes]:
        if start and request.method == "HEAD":
            yield start.partition(b"\r\n")[0] + b"\r\nContent-Length: 0\r\n\r\n"
            return
        yield start
        while True:
            yield part

    return parts


_OK = f"HTTP/1.1 200 OK\r\n{HTML}\r\n\r\n".encode()
ENDLESS = {
    "drip": _forever(_OK, b"<p>"),
    "endless": _forever(_OK, b"<p>Text</p>" * 8000),
    "tag": _forever(_OK + b"<a ", b"a " * 32000),  # which is never closed
    "headers": _forever(b"", b"HTTP/1.1 200 OK\r\n" + b"X-Header: of the host\r\n" * 1000),
    "continue": _forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


# 100 MB of text, packed.
BOMB = gzip.compress(b" " * 1_000_000) * 100
BODIES = {
    "bomb": ([HTML, "Content-Encoding: gzip"], BOMB),
    "pdf": (["Content-Type: application/pdf"], b"%PDF"),
    "latin": (["Content-Type: text/html; charset=iso-8859-1"], '<p id="café">'.encode("latin-1")),
    "named": ([HTML], b'<p id="caf&eacute;">'),
    "zip": (["Content-Type: text/html; charset=zip"], PAGE),
    "utf16": (["Content-Type: text/html; charset=utf-16"], PAGE.decode().encode("utf-16")),
}


@contextmanager
def serving() -> Iterator[Server]:
    """Serve on this machine only, in a thread."""
    server, started = Server(), threading.Event()

    async def serve() -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        plain = await asyncio.start_server(server.handle, "127.0.0.1", 0)
        secure = await asyncio.start_server(server.handle, "127.0.0.1", 0, ssl=context)
        server.port, server.tls_port = (it.sockets[0].getsockname()[1] for it in (plain, secure))
        server.stopped = asyncio.Event()
        server.stop = partial(asyncio.get_running_loop().call_soon_threadsafe, server.stopped.set)
        started.set()
        await server.stopped.wait()
        plain.close()
        secure.close()

    thread = threading.Thread(target=asyncio.run, args=[serve()])
    thread.start()
    started.wait(10)
    try:
        yield server
    finally:
        server.stop()
        thread.join(10)
