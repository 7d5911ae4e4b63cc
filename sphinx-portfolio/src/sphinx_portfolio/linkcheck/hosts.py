"""Politeness: when a host is asked, and when it is left alone."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from sphinx_portfolio.linkcheck.verdicts import Answer, Fault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sphinx_portfolio.linkcheck.policy import Limits

NOT_ASKED = "not asked again"
SILENT = frozenset({Fault.NO_NAME, Fault.NO_DNS, Fault.NO_CONNECTION, Fault.TIMEOUT})


class Host:
    """What is known of a host; `closed` is the answer to all that is not asked for any more."""

    def __init__(self, limits: Limits, everyone: asyncio.Semaphore) -> None:
        self.closed: Answer | None = None
        self._limits = limits
        self._everyone = everyone
        self._slots = asyncio.Semaphore(limits.at_once)
        self._next = asyncio.Lock()
        self._free_at = 0.0
        self._resumes: float | None = None  # the end of the wait that it asked for, once
        self._silent = 0  # requests without an answer since the last one

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until a request is polite."""
        async with self._slots:
            async with self._next:
                while not self.closed and (wait := self._free_at - time.monotonic()) > 0:
                    await asyncio.sleep(wait)
                await self._everyone.acquire()  # last: a host that waits holds up no other
                self._free_at = max(self._free_at, time.monotonic() + self._limits.interval)
            try:
                yield
            finally:
                self._everyone.release()

    def note(self, answer: Answer) -> None:
        """Close a host that gave no answer several times in a row."""
        self._silent = self._silent + 1 if answer.fault in SILENT else 0
        if self._silent >= self._limits.silent:
            self.closed = replace(answer, detail=NOT_ASKED)

    def wait(self, answer: Answer, retry_after: str | None, asked: float) -> float | None:
        """Let all wait for an overloaded host, once; then close it and return None.

        `asked` is when it was asked for what it refused.
        """
        now = time.monotonic()
        if self._resumes is None:
            wait = seconds_of(retry_after)
            wait = self._limits.default_wait if wait is None else wait
            if wait <= self._limits.retry_after:
                self._resumes = now + wait
                self._free_at = max(self._free_at, self._resumes)
                return wait
        elif asked < self._resumes:  # before all waited
            return max(0, self._resumes - now)
        self.closed = Answer(answer.status, detail=NOT_ASKED)
        return None


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
