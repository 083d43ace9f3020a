"""All sockets of one venue: its streams, each cut into as many connections as its topics need."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import partial

import aiohttp

from bot.errors import VenueError
from bot.market.facts import Fact
from bot.market.live.health import Health, Key, Part
from bot.market.live.line import Line, Place
from bot.market.live.listing import Listing
from bot.market.live.merge import Merge
from bot.market.live.repeats import Repeats
from bot.market.live.wire import where
from bot.market.venues.venue import Instrument, Known, Parsed, Refused, Stream, Venue

NOT_OURS = ("not a closure", "no trades", "neither closures nor an event")
"""What parsers say of a frame of another kind, as venues send them now and then: no closure was lost with it."""


class Sockets:
    """The streams of one venue; `put` takes their facts."""

    def __init__(
        self,
        venue: Venue,
        listing: Listing,
        merge: Merge,
        health: Health,
        put: Callable[[Iterable[Fact]], None],
        now_ms: Callable[[], int],
    ) -> None:
        self._venue = venue
        self._listing = listing
        self._merge = merge
        self._health = health
        self._put = put
        self._now_ms = now_ms
        self._lines: dict[str, list[tuple[dict[str, Instrument], Line]]] = {s.name: [] for s in venue.streams}
        self._door = asyncio.Lock()
        self._repeats = {stream.name: Repeats() for stream in venue.streams}
        self.waiting = [health.add(self._part(stream)) for stream in venue.streams]
        """Stand for the streams until their contracts are known."""

    def _part(self, stream: Stream) -> Part:
        keys = tuple(Key(self._venue.name, feed) for feed in stream.feeds)
        return Part(f"{self._venue.name} {stream.name}", keys, stream.complete)

    async def update(self, session: aiohttp.ClientSession, addresses: Mapping[str, str] | None) -> None:
        """Listen to what is listed now; connections that need no change stay as they are."""
        for stream in self._venue.streams:
            place = Place(session, where(stream.url, addresses), self._venue.blocked, self._door)
            await self._share_out(stream, place)
        for part in self.waiting:
            self._health.remove(part)
        self.waiting.clear()

    def note_heard(self) -> None:
        """Tell the health when each connection was heard last."""
        for lines in self._lines.values():
            for _, line in lines:
                line.note_heard()

    async def stop(self) -> None:
        """End all connections."""
        await asyncio.gather(*(line.stop() for lines in self._lines.values() for _, line in lines))

    async def _share_out(self, stream: Stream, place: Place) -> None:
        lines = self._lines[stream.name]
        shares = shared_out(stream, self._listing.known, [share for share, _ in lines])
        for position, share in enumerate(shares):
            if position == len(lines):
                part = self._health.add(self._part(stream))
                on_frame = partial(self._read, stream)
                lines.append((share, Line(stream, place, part, self._health, on_frame)))
            line = lines[position][1]
            lines[position] = share, line
            line.part.weight = len(share) if stream.most_topics else 1.0
            line.want(stream.subscribe(share))
        while len(lines) > len(shares):
            _, line = lines.pop()
            await line.stop()
            self._health.remove(line.part)

    def _read(self, stream: Stream, frame: bytes) -> Parsed:
        """What a frame says; its facts are handed on."""
        source = f"{self._venue.name} {stream.name}"
        now_ms = self._now_ms()
        try:
            parsed = stream.parse(frame, self._listing.known, now_ms, "")
        except VenueError as error:
            parsed = Parsed(refused=[Refused("", str(error))])
        if parsed.refused:
            self._health.reports.refused(source, parsed.refused)
            if all(row.reason in NOT_OURS for row in parsed.refused):
                return Parsed(control="pong")  # a sign of life and nothing else
        if parsed.control == "error":
            self._health.reports.once(source, parsed.said)
        if parsed.facts:
            facts = self._repeats[stream.name].new(parsed.facts)
            self._put(self._merge.heard(self._venue, facts, now_ms))
        return parsed


def shared_out(
    stream: Stream, known: Known, before: list[dict[str, Instrument]] | None = None
) -> list[dict[str, Instrument]]:
    """The contracts of a stream by connection; one that has a connection keeps it, so that most stay as they are."""
    if stream.most_topics is None:
        return [dict(known)]
    asked = {symbol: one for symbol, one in known.items() if stream.subscribe({symbol: one})}
    shares = [{symbol: asked.pop(symbol) for symbol in share if symbol in asked} for share in before or []]
    for symbol, one in asked.items():
        roomy = next((share for share in shares if len(share) < stream.most_topics), None)
        if roomy is None:
            roomy = {}
            shares.append(roomy)
        roomy[symbol] = one
    while shares and not shares[-1]:
        shares.pop()
    return shares
