"""The fixtures of every venue, and what its own parsers make of them: for the tests that run over all venues."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from bot.errors import VenueError
from bot.market.facts import Fact
from bot.market.venues.venue import Instrument, Known, Parse, Venue

FIXTURES = Path(__file__).parent / "fixtures"
AFTER_MS = 1_800_000_000_000
"""Received after everything that the fixtures tell of, so that all their bars have ended."""


class Part(NamedTuple):
    """One poll, stream or history of a venue: what it is called, the feeds it carries, its parser."""

    name: str
    feeds: tuple[str, ...]
    parse: Parse
    streamed: bool = False


def title(venue: Venue) -> str:
    """A venue's name, with its market where that is spot."""
    return venue.name if venue.market == "perp" else f"{venue.name} spot"


def parts(venue: Venue) -> Iterator[Part]:
    """Everything of a venue that gives facts."""
    yield from (Part(f"poll {poll.name}", poll.feeds, poll.parse) for poll in venue.polls)
    yield from (Part(f"stream {stream.name}", stream.feeds, stream.parse, streamed=True) for stream in venue.streams)
    yield from (Part(f"past {past.name}", (past.feed,), past.parse) for past in venue.past)


@cache
def fixtures(name: str) -> dict[str, bytes]:
    """The fixtures of a venue, its spot market's included."""
    files = [*(FIXTURES / name).glob("*.json"), *(FIXTURES / f"{name}_spot").glob("*.json")]
    return {f"{file.parent.name}/{file.name}": file.read_bytes() for file in sorted(files)}


def known(venue: Venue) -> Known:
    """The instruments that the venue's fixtures list, with their terms."""
    found: dict[str, Instrument] = {}
    for body in fixtures(venue.name).values():
        try:
            found |= venue.parse_instruments(body, AFTER_MS)
        except VenueError:
            continue  # not a list of instruments
    for terms in venue.terms:
        for body in fixtures(venue.name).values():
            try:
                found |= terms.parse(body, found)
            except VenueError:
                continue  # nor terms of them
    return found


def facts(part: Part, body: bytes, instruments: Known) -> Iterator[Fact]:
    """What a part makes of a fixture, asked about whichever contract gives facts; nothing where it is not its own."""
    for symbol in ("", *instruments):
        try:
            parsed = part.parse(body, instruments, AFTER_MS, symbol)
        except VenueError:
            return
        if parsed.facts:
            yield from parsed.facts
            return
