"""Two days of three coins at all exchanges on loopback, for tests of the historian, and what a file says of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.historian import Wanted, write_history
from bot.market.facts import Bar, Fact, Funding, LiquidationTotal, OpenInterest
from bot.market.recording import read
from bot.market.venues import VENUES
from tests.fakes.exchanges import ExchangesFake
from tests.fakes.exchanges_selftest import told
from tests.fakes.exchanges_selftest.comparing import key, near, says

DAY_MS = 24 * told.HOUR_MS
TOTALS = [
    LiquidationTotal(t_ms, "gate", base, 300, 100.0 + number, 3.0)
    for number, t_ms in enumerate(range(told.START_MS - 2 * DAY_MS, told.START_MS + 1, 300_000))
    for base in told.BASES
]
WORLD = sorted([*told.past(told.START_MS, 50), *TOTALS], key=lambda fact: fact.t)
KINDS = (Bar, OpenInterest, Funding, LiquidationTotal)


def fake_of(world: Iterable[Fact] = WORLD) -> ExchangesFake:
    """The exchanges after two days."""
    return ExchangesFake(world, start_ms=told.START_MS, bases=told.BASES)


async def never() -> None:
    """Nobody stops it."""
    await asyncio.Event().wait()


async def written(fake: ExchangesFake, file: Path, **changes: Any) -> list[str]:
    """Write two days of the three coins at all exchanges, unless it is said otherwise; what was said."""
    said: list[str] = []
    wanted = Wanted(file, VENUES, 2, told.BASES, 300, fake.now_ms, fake.addresses)._replace(**changes)
    await write_history(never(), wanted, said.append)
    return said


def facts_of(file: Path) -> list[Fact]:
    """A recording, read by the reader, which refuses what is out of order; it holds as many facts as it says."""
    recording = read(file)
    found = list(recording)
    assert recording.truncated is None
    assert recording.header.facts == len(found)
    return found


def by_history(facts: Sequence[Fact]) -> dict[tuple[str, str, str, str], list[dict[str, object]]]:
    """What facts say with their time, by kind, venue, coin and market."""
    found: dict[tuple[str, str, str, str], list[dict[str, object]]] = {}
    for fact in facts:
        found.setdefault(key(fact), []).append(says(fact) | {"t": fact.t})
    return found


def same_histories(file: Path, without: Iterable[str] = ()) -> None:
    """A file holds what the world knew of its span, each once and in order, except of these venues."""
    facts = facts_of(file)
    span = read(file).header
    assert span.end_ms is not None
    times = [fact.t for fact in facts]
    assert times == sorted(times)
    found = by_history(facts)
    wanted = by_history(
        [
            fact
            for fact in WORLD
            if isinstance(fact, KINDS) and fact.venue not in without and span.start_ms < fact.t <= span.end_ms
        ]
    )
    for place in wanted.keys() - found.keys():
        # Three venues keep no open interest.
        assert place[:2] in {("oi", "hyperliquid"), ("oi", "bitget"), ("oi", "deribit")}
    assert found.keys() <= wanted.keys()
    for place, rows in found.items():
        names = rows[0].keys() & wanted[place][0].keys()
        assert [{n: row[n] for n in names} for row in rows] == [
            near({n: row[n] for n in names}) for row in wanted[place]
        ]


def left_in(folder: Path) -> list[str]:
    """The names of what lies in a folder."""
    return [path.name for path in folder.iterdir()]


def line_of(said: Sequence[str], venue: str) -> str:
    """The line about a venue."""
    (line,) = [line for line in said if line.startswith(f"{venue}: ")]
    return line
