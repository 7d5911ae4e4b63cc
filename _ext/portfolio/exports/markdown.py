"""To be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portfolio.records import Portfolio


def cv(portfolio: Portfolio) -> bytes:
    """To be written."""
    raise NotImplementedError
