"""One venue's REST: within its limits, patient when it asks for patience, silent while it is down.

Counting is the venue's own: weight in any span, corrected by what its answers say is used. All time is the loop's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Literal

import aiohttp

from bot.errors import VenueDown, VenueError
from bot.market.live.budget import Budget
from bot.market.live.patience import BLOCKED_S, wait_after
from bot.market.venues.venue import Request, Venue

TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5)
TRIES = 3
"""Failures in a row after which the venue counts as down."""
LONGEST_DOWN_S = 300.0
TOO_MANY_S = 30.0
BANNED_S = 120.0  # the shortest ban of Binance (API guide, "IP limits")
TOO_FREQUENT_S = 600.0  # Bybit v5, Rate Limit Rules: 403 "access too frequent", stay away for 10 minutes
TOO_MANY, BANNED = 429, 418
TRIAL_S = 5.0
"""How long others wait while one call finds out whether the venue is back."""
SHOWN = 200


def where(address: str, addresses: Mapping[str, str] | None) -> str:
    """The address to use: itself, unless its beginning is named in `addresses`; the longest beginning counts.

    A beginning ends where a part of the address does, so that no name of a host is cut and led elsewhere. Tests alone
    hand in addresses, to ask a server of this machine.
    """
    fitting = [begin for begin in addresses or () if f"{address}/".startswith(f"{begin.rstrip('/')}/")]
    if not fitting or addresses is None:
        return address
    begin = max(fitting, key=len)
    return addresses[begin].rstrip("/") + address.removeprefix(begin.rstrip("/"))


class Wire:
    """What asks one venue. Several venues at one address share one, because the address counts them together."""

    def __init__(
        self, venue: Venue, session: aiohttp.ClientSession, addresses: Mapping[str, str] | None = None
    ) -> None:
        self.name = venue.name
        self.budget = Budget(venue.limits)
        self._rest = where(venue.rest, addresses)
        self._session = session
        self._blocked = venue.blocked
        self._used_header = venue.limits.used_header
        self._at_once = asyncio.Semaphore(venue.limits.at_once)
        self._failures = 0
        self._down: VenueDown | None = None
        self._down_until_s = 0.0
        self._trying = False

    async def get(self, request: Request, *, share: float = 1.0) -> bytes:
        """The body of an answer; waits while the budget is used up, of which this call may use `share`.

        Raises `VenueDown` when the venue does not answer, refuses us or is not to be asked yet, and `VenueError` when
        it refuses this one call.
        """
        self._check()
        await self.budget.take(request.weight, share)
        async with self._at_once:
            self._check()
            return await (self._ask(request) if self._down is None else self._try(request))

    def _check(self) -> None:
        """Raise while the venue is to be left alone; after that one call goes first, and the others wait for it."""
        if self._down is None:
            return
        wait_s = self._down_until_s - asyncio.get_running_loop().time()
        if wait_s > 0 or self._trying:
            raise VenueDown(str(self._down), self._down.state, wait_s if wait_s > 0 else TRIAL_S)

    async def _try(self, request: Request) -> bytes:
        """The first call after a pause: once the venue answers it, in whatever words, it is back."""
        self._trying = True
        try:
            return await self._ask(request, trial=True)
        finally:
            self._trying = False

    async def _ask(self, request: Request, *, trial: bool = False) -> bytes:
        try:
            async with self._session.request(
                request.method,
                self._rest + request.path,
                params=dict(request.params),
                json=request.json,
                timeout=TIMEOUT,
            ) as response:
                body = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._failed(str(error) or type(error).__name__) from error
        self._count(response)
        self._judge(response.status, _retry_after_s(response), body)
        if trial or self._down is None:  # an answer to a call of before the pause does not end it
            self._failures, self._down = 0, None
        if response.status >= 400:
            raise VenueError(f"{self.name} answered {request.path} with code {response.status}: {body[:SHOWN]!r}")
        return body

    def _count(self, response: aiohttp.ClientResponse) -> None:
        used = response.headers.get(self._used_header, "") if self._used_header else ""
        if used.isdecimal():
            self.budget.correct(int(used))

    def _judge(self, status: int, retry_after_s: float | None, body: bytes) -> None:
        """Raise `VenueDown` for an answer that concerns the venue as a whole."""
        if status in (TOO_MANY, BANNED):
            wait_s = retry_after_s or (BANNED_S if status == BANNED else TOO_MANY_S)
            raise self._leave(f"code {status}: too many calls", "stale", wait_s)
        if status in self._blocked:
            if b"too frequent" in body.lower():
                raise self._leave(f"code {status}: too many calls", "stale", TOO_FREQUENT_S)
            raise self._leave(f"code {status}: it refuses this place", "blocked", BLOCKED_S)
        if status >= 500:
            raise self._failed(f"code {status}")
        if body.lstrip()[:1] == b"<":
            raise self._leave(f"code {status}: a page instead of data", "blocked", BLOCKED_S)

    def _failed(self, why: str) -> VenueDown:
        """One more failure: nothing is asked for a while once there were several in a row."""
        self._failures += 1
        if self._failures < TRIES:
            return VenueDown(why, "stale", wait_after(self._failures))
        return self._leave(why, "stale", wait_after(self._failures - TRIES + 2, longest_s=LONGEST_DOWN_S))

    def _leave(self, why: str, state: Literal["stale", "blocked"], seconds: float) -> VenueDown:
        """Ask nothing for so long, or for longer where that was said before."""
        until_s = asyncio.get_running_loop().time() + seconds
        down = VenueDown(why, state, seconds)
        if self._down is None or until_s > self._down_until_s:
            self._down, self._down_until_s = down, until_s
        return down


def _retry_after_s(response: aiohttp.ClientResponse) -> float | None:
    told = response.headers.get("Retry-After", "").strip()
    return float(told) if told.isdecimal() else None
