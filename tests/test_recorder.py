"""`flushwatch record`: what exchanges on loopback tell becomes recordings that can be replayed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from bot.app import told_to_stop
from bot.errors import ConfigError, RecorderError
from bot.market.days import NOTE
from bot.market.facts import Bar, Fact, Feed, Liquidation, Mark
from bot.market.order import HELD_MS
from bot.market.recording import read
from bot.market.simulation import SCENARIOS, simulate
from bot.market.venues import VENUES
from bot.recorder import KEEP_S, Recorded, record_until, venues_of
from tests.fakes.exchanges import ExchangesFake, eight
from tests.fakes.exchanges.eight import minutes
from tests.fakes.exchanges_selftest.comparing import same_closures
from tests.market.live.toy import VENUE, Toy, serving
from tests.typed import typed

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

MIDNIGHT_MS = 1_773_014_400_000  # 2026-03-09
MINUTE_MS = 60_000


class LateToy(Toy):
    """A venue shortly before midnight."""

    def now_ms(self) -> int:
        return MIDNIGHT_MS - 1_150_000 + round(asyncio.get_running_loop().time() * 1000)


async def recorded(toy: Toy, folder: Path, until: Coroutine[Any, Any, None]) -> list[str]:
    """Record the toy venue; what was said."""
    said: list[str] = []
    await record_until(until, Recorded(folder, [VENUE], toy.now_ms, toy.addresses), said.append)
    return said


async def after(seconds: float) -> None:
    """What ends a recording after so long."""
    await asyncio.sleep(seconds)


def files(folder: Path) -> dict[str, list[Fact]]:
    """Every recording of a folder, read by the reader, which refuses what is out of order by five seconds."""
    found = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        recording = read(path)
        found[path.name.removesuffix(".jsonl.gz")] = list(recording)
        assert recording.truncated is None
    return found


def in_order(facts: list[Fact]) -> bool:
    """Whether no fact is older than the one before."""
    times = [fact.t for fact in facts]
    return times == sorted(times)


@pytest.mark.slow
async def test_a_crash_of_the_market_is_recorded_with_every_closure(tmp_path: Path) -> None:
    """A flush told by all exchanges, with a restart in the middle: one file, in order, with all that they told."""
    scenario = SCENARIOS["small"]
    from_ms, restart_ms, to_ms = (scenario.start_ms + (77 * 60 + minute) * MINUTE_MS for minute in (24, 30, 36))
    told_by_all = minutes(eight(simulate("small")), longest_s=30 * 60)
    facts = takewhile(lambda fact: fact.t <= to_ms, told_by_all)
    async with ExchangesFake(facts, start_ms=from_ms, bases=scenario.coins) as fake:
        place = Recorded(tmp_path, VENUES, fake.now_ms, fake.addresses)

        async def played(until_ms: int) -> None:
            await fake.play(until_ms)
            await asyncio.sleep(2)

        await record_until(played(restart_ms), place, lambda _: None)
        first = next(iter(files(tmp_path).values()))
        await record_until(played(to_ms), place, lambda _: None)
        told = [closure for exchange in fake.exchanges.values() for closure in exchange.told]
    ((day, found),) = files(tmp_path).items()
    assert day == "2026-03-05"
    assert found[: len(first)] == first
    assert in_order(found)
    assert len(told) > 1000
    assert same_closures([fact for fact in found if isinstance(fact, Liquidation)], told)
    assert {fact.venue for fact in found} == {venue.name for venue in VENUES}
    for venue, market in (("binance", "perp"), ("bybit", "perp"), ("okx", "spot")):
        bars = [fact for fact in found if isinstance(fact, Bar) and (fact.venue, fact.market) == (venue, market)]
        ends = [fact.t for fact in bars if fact.base == "BTC" and fact.span_s == 60]
        # The minutes that ended just before each start are nobody's, and those just before the stop (at 6 and at 12)
        # may not have been asked for, since polls come a tenth later or earlier than once a minute.
        assert {1, 2, 3, 4, 7, 8, 9, 10} <= {(end_ms - from_ms) / MINUTE_MS for end_ms in ends}


async def test_the_day_ends_at_midnight(tmp_path: Path) -> None:
    """Two files, each with the facts of its day; the second begins with the feeds as they stand."""
    async with serving(LateToy()) as toy:
        await recorded(toy, tmp_path, after(300))
    first, second = (files(tmp_path)[day] for day in ("2026-03-08", "2026-03-09"))
    assert in_order(first + second)
    assert first[-1].t < MIDNIGHT_MS <= second[0].t
    assert MIDNIGHT_MS - first[-1].t < 20_000
    stand = {fact.feed: fact.state for fact in second[:4] if isinstance(fact, Feed)}
    assert stand == dict.fromkeys(("mark", "oi", "turnover", "liquidation"), "live")


async def test_gaps_are_recorded(tmp_path: Path) -> None:
    """An outage is told as it was, and so is the time in which nobody recorded; the summary tells how long."""

    async def with_an_outage(toy: Toy) -> None:
        await asyncio.sleep(120)
        toy.status = 502
        await asyncio.sleep(600)
        toy.status = 200
        await asyncio.sleep(400)

    async with serving(Toy()) as toy:
        said = await recorded(toy, tmp_path, with_an_outage(toy))
        stopped_ms = toy.now_ms()
        await asyncio.sleep(300)
        await recorded(toy, tmp_path, after(120))
    (found,) = files(tmp_path).values()
    marks = [fact for fact in found if isinstance(fact, Feed) and fact.feed == "mark"]
    assert [feed.state for feed in marks] == ["live", "stale", "live", "stale", "live"]
    assert 0 <= stopped_ms - marks[3].since < 20_000
    assert marks[3].t - stopped_ms >= 300_000
    assert in_order(found)
    assert said[0] == "Recording 1 exchange (Ctrl-C stops it)"
    assert any(line.startswith("toy: ") and "mark live (missing for " in line for line in said)


async def test_told_to_stop_it_writes_everything_within_ten_seconds(tmp_path: Path) -> None:
    """SIGTERM while facts are held back: the last mark that was heard is in the file."""
    loop = asyncio.get_running_loop()
    async with serving(Toy()) as toy:
        running = asyncio.create_task(recorded(toy, tmp_path, told_to_stop()))
        await asyncio.sleep(100)
        began_s, told_ms = loop.time(), toy.now_ms()
        os.kill(os.getpid(), signal.SIGTERM)
        await running
        assert loop.time() - began_s < 10
    (found,) = files(tmp_path).values()
    assert told_ms - max(fact.t for fact in found if isinstance(fact, Mark)) < 20_000


@pytest.mark.parametrize("after_s", [HELD_MS / 1000 - 1, HELD_MS / 1000 + 5 * KEEP_S - 1])
async def test_killed_it_loses_less_than_a_minute(tmp_path: Path, after_s: float) -> None:
    """A copy of the folder at any moment, as a kill leaves it, goes on with all but the newest facts."""
    copy = tmp_path / "copy"
    async with serving(Toy()) as toy:

        async def until_copied() -> None:
            await asyncio.sleep(after_s)
            copy.mkdir()
            for path in (tmp_path / "live").glob("*.gz"):
                (copy / path.name).write_bytes(path.read_bytes())

        await recorded(toy, tmp_path / "live", until_copied())
        copied_ms = toy.now_ms()
        await recorded(toy, copy, after(1))
    (before,), (found,) = files(tmp_path / "live").values(), files(copy).values()
    lost_ms = copied_ms - 1000 * KEEP_S - 1000
    assert any(fact.t < lost_ms for fact in before)
    assert [fact for fact in found if fact.t < lost_ms] == [fact for fact in before if fact.t < lost_ms]
    assert in_order(found)


async def test_a_folder_that_is_lost_ends_it_with_a_sentence(tmp_path: Path) -> None:
    """The disk refuses while it records: one sentence, and nothing goes on."""

    async def breaks(folder: Path) -> None:
        await asyncio.sleep(150)
        (folder / NOTE).unlink()
        (folder / NOTE).mkdir()
        await asyncio.sleep(600)

    async with serving(Toy()) as toy:
        before = toy.now_ms()
        with pytest.raises(RecorderError, match=r"cannot be recorded into: Is a directory\.$"):
            await recorded(toy, tmp_path, breaks(tmp_path))
        assert toy.now_ms() - before < 200_000


def test_venues_are_chosen_by_name() -> None:
    """A name stands for the perpetuals and the spot market of an exchange; one that is none is named."""
    assert [(venue.name, venue.market) for venue in venues_of("OKX, gate")] == [
        ("gate", "perp"),
        ("okx", "perp"),
        ("okx", "spot"),
    ]
    assert venues_of(None) == VENUES
    for wrong in ("mtgox", "okx,", ""):
        with pytest.raises(ConfigError, match=r"--venues takes names out of binance, "):
            venues_of(wrong)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["/dev/null/here"], "/dev/null/here cannot be recorded into: Not a directory.\n"),
        (["here", "--venues", "mtgox"], "--venues takes names out of "),
        (
            ["here", "--venues", "coinbase"],
            "--venues coinbase is spot alone, recorded only beside perpetuals; add one of ",
        ),
    ],
)
def test_the_command_line_tells_what_is_wrong(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    """A folder that cannot be written, no exchange, one of which nothing would come: one sentence, and exit code 1."""
    ended = typed(tmp_path, "record", *arguments)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(sentence)
    assert ended.err.count("\n") == 1
    assert not (tmp_path / "here").exists()
