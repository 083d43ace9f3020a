"""A venue looked at once, as it is reached from here: its list of contracts and its sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import aiohttp

from bot.errors import VenueDown, VenueError
from bot.market.live.connection import Connection
from bot.market.live.listing import Listing
from bot.market.live.wire import TIMEOUT, Wire, where
from bot.market.venues.venue import Known, Parsed, Stream, Venue

LISTED_S = 8.0
"""For the list of contracts, the largest body of all."""
SOCKET_S = 5.0
"""For a socket to stand and to confirm a subscription. With the 2 s to close it, all is over within 15 s."""
ROUNDS = 60
"""Of a poll that asks for a part of its contracts each time, over which its weight is averaged."""
SWITCHED = 101
"""The code of a socket that stands."""

Why = Literal["blocked", "busy", "silent", "name", "certificate", "unreachable", "down", "unreadable"]


class Trouble(NamedTuple):
    """Why a venue does not tell what it should, and in which words."""

    why: Why
    said: str


@dataclass
class Seen:
    """What was seen of a venue: `answered_ms` until its first answer, `planned` weight a minute, `used` as it tells.

    `trouble` is that of the calls, `sockets` that of each stream, None where all is well.
    """

    venue: Venue
    answered_ms: int | None = None
    contracts: int = 0
    used: int | None = None
    planned: float = 0.0
    trouble: Trouble | None = None
    sockets: dict[str, Trouble | None] = field(default_factory=dict)

    @property
    def tells_closures(self) -> bool:
        """Whether liquidations would be heard from it."""
        well = self.trouble is None and None in self.sockets.values()
        return well and any("liquidation" in stream.feeds for stream in self.venue.streams)


async def look_at(
    venue: Venue,
    now_ms: Callable[[], int],
    addresses: Mapping[str, str] | None,
    dated: Callable[[str | None], None],
) -> Seen:
    """Ask for the contracts, then open each stream and close it again, within 15 s; `dated` hears the header Date."""
    seen = Seen(venue)
    async with aiohttp.ClientSession(timeout=TIMEOUT, trace_configs=[_first_answer(seen, dated)]) as session:
        listing = Listing(venue, Wire(venue, session, addresses), now_ms)
        try:
            async with asyncio.timeout(LISTED_S):
                await listing.load()
        except TimeoutError:
            seen.trouble = Trouble("silent", f"no answer within {LISTED_S:.0f} s")
        except VenueError as error:
            seen.trouble = trouble_of(error)
        seen.contracts, seen.planned = len(listing.known), planned(venue, listing.leading)
        told = await asyncio.gather(
            *(_open(stream, where(stream.url, addresses), listing.known, venue, session) for stream in venue.streams)
        )
        seen.sockets = dict(zip((stream.name for stream in venue.streams), told, strict=True))
    return seen


def planned(venue: Venue, known: Known) -> float:
    """Weight that all polls take in a minute, for these contracts."""
    return sum(
        request.weight * 60 / poll.every_s / ROUNDS
        for poll in venue.polls
        for number in range(ROUNDS)
        for request in poll.requests(known, number)
    )


def trouble_of(error: VenueError) -> Trouble:
    """What kind of failure it was."""
    why: Why = "unreadable"
    match error.__cause__:
        case aiohttp.ClientSSLError():
            why = "certificate"
        case aiohttp.ClientConnectorDNSError():
            why = "name"
        case TimeoutError():
            why = "silent"
        case OSError() | aiohttp.ClientConnectionError():
            why = "unreachable"
        case _ if isinstance(error, VenueDown):
            busy = "too many calls" in str(error)
            why = "blocked" if error.state == "blocked" else "busy" if busy else "down"
    return Trouble(why, " ".join(str(error).split()))


def _first_answer(seen: Seen, dated: Callable[[str | None], None]) -> aiohttp.TraceConfig:
    """Notes how long the first answer took, and what its headers say."""
    began_s = asyncio.get_running_loop().time()
    trace = aiohttp.TraceConfig()

    async def on_answer(_session: object, _context: object, told: aiohttp.TraceRequestEndParams) -> None:
        if seen.answered_ms is None and told.response.status != SWITCHED:
            seen.answered_ms = round(1000 * (asyncio.get_running_loop().time() - began_s))
            dated(told.response.headers.get("Date"))
            used = told.response.headers.get(seen.venue.limits.used_header or "", "")
            seen.used = int(used) if used.isdecimal() else None

    trace.on_request_end.append(on_answer)
    return trace


async def _open(stream: Stream, url: str, known: Known, venue: Venue, session: aiohttp.ClientSession) -> Trouble | None:
    """Subscribe to one contract, as far as contracts are known; None once that is confirmed."""
    asked = (stream.subscribe({symbol: instrument}) for symbol, instrument in known.items())
    live = asyncio.Event()
    connection = Connection(
        stream,
        url,
        next((frames for frames in asked if frames), []),
        lambda frame: _read(stream, known, frame),
        lambda _: live.set(),
    )
    lives = asyncio.create_task(connection.run(session, venue.blocked))
    stands = asyncio.create_task(live.wait())
    await asyncio.wait({lives, stands}, timeout=SOCKET_S, return_when=asyncio.FIRST_COMPLETED)
    ended = lives.done()
    lives.cancel()
    stands.cancel()
    (error, _) = await asyncio.gather(lives, stands, return_exceptions=True)
    if live.is_set():
        return None
    if ended and isinstance(error, VenueError):
        return trouble_of(error)
    if connection.refused:
        return Trouble("unreadable", f"it refuses to be subscribed to: {connection.refused[0]}")
    return Trouble("silent", f"no answer within {SOCKET_S:.0f} s")


def _read(stream: Stream, known: Known, frame: bytes) -> Parsed:
    """What a frame is of; its closures are nobody's here."""
    try:
        return stream.parse(frame, known, 0, "")
    except VenueError:
        return Parsed()
