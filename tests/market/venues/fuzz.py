"""Mutated fixtures through every parser: `python -m tests.market.venues.fuzz N SEED` runs N inputs for each of them.

A parser may refuse rows and may raise `VenueError`; anything else it raises, and any fact out of bounds, ends the run
with the input that did it.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator

import msgspec

from bot.errors import VenueError
from bot.market.facts import Fact
from bot.market.venues import VENUES
from bot.market.venues.venue import Instrument, Known, Venue
from tests.market.venues.wires import AFTER_MS, Part, fixtures, known, parts, title

# Whole values that take the place of one: what a broken or changed venue might send.
VALUES = [
    b'""', b"null", b"true", b"[]", b"{}", b"[[]]", b'"NaN"', b"NaN", b'"nan"', b'"Infinity"', b'"-inf"', b"1e308",
    b'"1e308"', b'"1e400"', b"-1", b'"-1"', b"0", b'"0"', b'"5e-324"', b"5e-324", b"1e18", b'"1e-300"', b"1e-18",
    b"99999999999999999999", b"-9223372036854775809", b'"\\ud800"', b'"\xff"', b'"x"', b'"1_0"', b'" 1"', b'"1,5"',
    b'"0x10"', b'"\\u0661"', b"1773000000000", b"1773000000", b'"2026-03-08T20:00:00.000Z"', b'"BTC"', b"[" * 2000,
]  # fmt: skip
_VALUE = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null')
HTML = b"<html><head><title>403 Forbidden</title></head><body>blocked</body></html>"


def mutate(body: bytes, chance: random.Random) -> bytes:
    """The body with one to four changes: a value replaced, bytes lost, doubled, flipped, or the end cut off."""
    for _ in range(chance.randint(1, 4)):
        body = _change(body, chance)
    return body


def _change(body: bytes, chance: random.Random) -> bytes:
    kind = chance.random()
    values = list(_VALUE.finditer(body)) if kind < 0.7 else []
    if values:
        found = chance.choice(values)
        return body[: found.start()] + chance.choice(VALUES) + body[found.end() :]
    if not body or kind > 0.99:
        return HTML
    begin = chance.randrange(len(body))
    end = min(len(body), begin + chance.randint(1, 20))
    if kind < 0.78:
        return body[:begin]
    if kind < 0.86:
        return body[:begin] + body[end:]
    if kind < 0.93:
        return body[:end] + body[begin:end] + body[end:]
    return body[:begin] + bytes([body[begin] ^ (1 << chance.randrange(8))]) + body[begin + 1 :]


_DECODERS: dict[type, msgspec.json.Decoder[Fact]] = {}


def check(fact: Fact) -> None:
    """Raises `ValidationError` for a fact that its own bounds forbid, as a recording of it would be refused.

    A number that is not finite is written as null, which no required field takes.
    """
    decoder = _DECODERS.setdefault(type(fact), msgspec.json.Decoder(type(fact)))
    if decoder.decode(msgspec.json.encode(fact)) != fact:
        raise AssertionError(fact)


def check_instrument(instrument: Instrument) -> None:
    """Raises `AssertionError` for an instrument by which sizes could not be counted."""
    units = (instrument.coins_per_unit, instrument.usd_per_unit)
    assert sorted(unit > 0 for unit in units) == [False, True], instrument
    assert all(0 <= unit <= 1e18 for unit in units), instrument
    assert 1 <= instrument.multiplier <= 1e18, instrument
    assert instrument.funding_h is None or 0 < instrument.funding_h <= 24, instrument
    assert 1 <= len(instrument.base) <= 24, instrument


def feed(part: Part, body: bytes, instruments: Known, symbol: str) -> None:
    """One input through one parser of facts."""
    try:
        parsed = part.parse(body, instruments, AFTER_MS, symbol)
    except VenueError:
        return
    for fact in parsed.facts:
        check(fact)


def feed_lists(venue: Venue, body: bytes, instruments: Known) -> None:
    """One input through the parsers of instruments and terms."""
    try:
        for instrument in venue.parse_instruments(body, AFTER_MS).values():
            check_instrument(instrument)
        venue.next_page(body, venue.instruments[0])
    except VenueError:
        pass
    for terms in venue.terms:
        try:
            for instrument in terms.parse(body, instruments).values():
                check_instrument(instrument)
        except VenueError:
            pass


def inputs(body: bytes, chance: random.Random, n: int) -> Iterator[bytes]:
    """The fixture as it is, then mutations of it."""
    yield body
    for _ in range(n - 1):
        yield mutate(body, chance)


def own(part: Part, venue: Venue, instruments: Known) -> list[tuple[bytes, str]]:
    """A parser's fixtures, each with the contract to ask about: what it finds facts in, for a stream all frames."""
    found = []
    for body in fixtures(venue.name).values():
        try:
            told = [(symbol, part.parse(body, instruments, AFTER_MS, symbol)) for symbol in ("", *instruments)]
        except VenueError:
            continue
        symbol, most = max(told, key=lambda pair: len(pair[1].facts))
        if most.facts or part.streamed:
            found.append((body, symbol))
    return found


class BrokenError(Exception):
    """An input that a parser did not withstand."""


def of_part(venue: Venue, part: Part, instruments: Known, n: int, seed: int) -> int:
    """At least `n` inputs through one parser; returns how many."""
    chance = random.Random(f"{seed} {title(venue)} {part.name}")
    readable = own(part, venue, instruments)
    each = -(-n // max(len(readable), 1))
    for body, symbol in readable:
        for mutated in inputs(body, chance, each):
            try:
                feed(part, mutated, instruments, symbol)
            except Exception as error:
                raise BrokenError(f"{title(venue)}, {part.name}: {mutated!r}") from error
    return each * len(readable)


def of_lists(venue: Venue, instruments: Known, n: int, seed: int) -> int:
    """`n` inputs through the parsers of instruments and terms; returns how many."""
    chance = random.Random(f"{seed} {title(venue)} lists")
    bodies = list(fixtures(venue.name).values())
    for _ in range(n):
        mutated = mutate(chance.choice(bodies), chance)
        try:
            feed_lists(venue, mutated, instruments)
        except Exception as error:
            raise BrokenError(f"{title(venue)}, instruments: {mutated!r}") from error
    return n


def run(n: int, seed: int) -> int:
    """At least `n` inputs for each parser; returns how many, raises `BrokenError` at the first that broke one."""
    done = 0
    for venue in VENUES:
        instruments = known(venue)
        done += of_lists(venue, instruments, n, seed)
        done += sum(of_part(venue, part, instruments, n, seed) for part in parts(venue))
    return done


def count() -> int:
    """How many parsers there are."""
    return sum(1 + len(list(parts(venue))) for venue in VENUES)


if __name__ == "__main__":
    sys.stdout.write(f"{run(int(sys.argv[1]), int(sys.argv[2]))} inputs, none broke a parser\n")
