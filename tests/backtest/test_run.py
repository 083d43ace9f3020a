"""Recordings played for a backtest: flushes and posts as in a replay, whole, in parts, and with little data."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bot.aftermath.checks import CHECKPOINTS
from bot.alerts.presets import PRESETS
from bot.alerts.sender import Sender
from bot.alerts.settings import encode_settings
from bot.backtest.metrics import Known, judge
from bot.backtest.report import tables
from bot.backtest.run import Run, in_order, play_through
from bot.chat.console import SilentTransport
from bot.engine import Engine
from bot.errors import ConfigError
from bot.market import recording
from bot.market.facts import Bar, Fact, Funding, LiquidationTotal, OpenInterest
from bot.market.recording import Header
from bot.replay import Pace, Source, open_source, play
from bot.store.channels import save_channel
from bot.store.database import opened
from bot.store.deliveries import load_sent
from bot.store.rows import ChannelRow

SMALL = Path(__file__).parents[1] / "data" / "small.jsonl.gz"
DAY_MS, HOUR_MS, FIVE_MS = 86_400_000, 3_600_000, 300_000
START_MS = 1_768_176_000_000
NORMAL = PRESETS["normal"]


def backtested(source: Source, *, pictures: bool = False) -> Run:
    """One source to its end."""
    return asyncio.run(play_through(source, NORMAL, pictures=pictures))


@pytest.fixture(scope="module")
def small() -> Run:
    """The small recording, with its pictures."""
    return backtested(open_source(str(SMALL)), pictures=True)


def written(path: Path, facts: Iterable[Fact], start_ms: int, end_ms: int | None) -> Source:
    """These facts as a recording."""
    recording.write(path, Header(recording=1, name=path.stem, start_ms=start_ms, end_ms=end_ms), facts)
    return open_source(str(path))


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == "normal" else pytest.mark.slow) for name in sorted(PRESETS)]
)
async def test_posts_are_those_of_a_channel(small: Run, name: str) -> None:
    """What a backtest counts is what a channel with these settings gets, at the same moments."""
    source, settings = open_source(str(SMALL)), PRESETS[name]
    async with opened(":memory:") as store:
        row = ChannelRow("none", "none", "none", encode_settings(settings), 1, source.start_ms)
        await store.run(lambda db: save_channel(db, row))
        sender = Sender(store, SilentTransport(), wall_ms=lambda: source.end_ms)
        await sender.start()
        await play(source, Engine(store, source.key, source.origin), sender.drain, Pace(None))
        sent = await store.run(lambda db: load_sent(db, "none", 1000))
    told = {(row.message.kind, row.delivery.sent_ms) for row in sent if row.message.kind != "followup"}
    counted = (small if name == "normal" else await play_through(source, settings)).posts
    assert {(post.kind, post.at_ms) for post in counted} == told
    assert len(counted) == len(told)


def test_the_flush_is_found_with_its_picture(small: Run) -> None:
    """The one flush of the recording is an episode with a picture in which onset, alert, peak and end are marked."""
    (episode,) = (one for one in small.episodes.values() if one.band != "watch")
    picture = small.pictures[episode.id]
    assert picture is not None
    assert [mark.label.key for mark in picture.marks] == [f"chart-mark-{n}" for n in ("onset", "alert", "peak", "end")]
    assert picture.marks[0].at_ms == episode.onset_ms
    assert set(small.pictures) == set(small.episodes)


def test_prices_of_every_hour_are_noted(small: Run) -> None:
    """Each coin has its price at the end of every hour but those before the first mark."""
    hours = (small.end_ms - small.start_ms) // HOUR_MS
    assert set(small.coins) == {"BTC", "ETH", "SOL", "DOGE", "WIF"}
    for prices in small.prices.values():
        assert hours - 1 <= len(prices) <= hours + 1
        assert all(ms % HOUR_MS == 0 for ms in prices)


@pytest.mark.slow
def test_recordings_that_follow_each_other_are_one_market(small: Run, tmp_path: Path) -> None:
    """Cut into days, as `flushwatch record` writes it, and named in any order, a recording gives the same flushes."""
    facts = list(recording.read(SMALL))
    days = sorted({fact.t // DAY_MS for fact in facts})
    parts = []
    for day in days:
        of_day = [fact for fact in facts if fact.t // DAY_MS == day]
        end_ms = of_day[-1].t if day % 2 else None
        parts.append(written(tmp_path / f"{day}.jsonl.gz", of_day, of_day[0].t, end_ms))
    (joined,) = in_order(parts[::-1])
    assert (joined.start_ms, joined.end_ms) == (facts[0].t, facts[-1].t)
    run = backtested(joined)
    assert (run.episodes, run.posts) == (small.episodes, small.posts)


def test_recordings_apart_are_markets_of_their_own(tmp_path: Path) -> None:
    """With more than a day between them each has a run of its own, in the order of time."""
    bars = [Bar(START_MS + HOUR_MS, "a", "BTC", "perp", 3600, 1.0, 1.0, 1.0, 1.0, 1.0)]
    first = written(tmp_path / "first.jsonl.gz", bars, START_MS, START_MS + HOUR_MS)
    later_ms = START_MS + HOUR_MS + DAY_MS + 1
    second = written(tmp_path / "second.jsonl.gz", [], later_ms, later_ms + HOUR_MS)
    assert [source.name for source in in_order([second, first])] == ["first.jsonl", "second.jsonl"]


def test_the_moment_between_two_recordings_counts_once(tmp_path: Path) -> None:
    """Where one file ends and the next begins with the same moment, what both tell of it is one fact."""
    totals = [LiquidationTotal(START_MS + hour * HOUR_MS, "a", "BTC", 3600, 1e6, 1e5) for hour in (1, 2, 3)]
    first = written(tmp_path / "first.jsonl.gz", totals[:2], START_MS, totals[1].t)
    second = written(tmp_path / "second.jsonl.gz", totals[1:], totals[1].t, totals[2].t)
    (joined,) = in_order([first, second])
    assert list(joined.facts()) == totals


def test_recordings_of_the_same_time_are_refused() -> None:
    """Two markets at once cannot be joined: the sentence names both."""
    source = open_source(str(SMALL))
    with pytest.raises(ConfigError, match=f"{source.name} and {source.name} tell of the same time"):
        in_order([source, source])


def falling_bars() -> Iterable[Fact]:
    """Four days of bars of five minutes that wander, and then fall by a tenth within half an hour."""
    steps, noise, opened = 4 * DAY_MS // FIVE_MS, np.random.default_rng(3), 100.0
    for step in range(1, steps + 12):
        falls = steps < step <= steps + 6
        price = opened * (0.98 if falls else float(1 + noise.normal(0, 0.001)))
        high, low, volume = max(opened, price), min(opened, price), 1000.0 if falls else 10.0
        yield Bar(START_MS + step * FIVE_MS, "a", "BTC", "perp", 300, opened, high, low, price, volume)
        opened = price


def thin(kind: str) -> Iterable[Fact]:
    """Five days of one kind of fact alone, or of none, by the hour, with a jump near the end."""
    for hour in range(1, 121):
        t, price, jump = START_MS + hour * HOUR_MS, 90.0 if hour > 110 else 100.0, hour == 111
        if kind == "hourly bars":
            yield Bar(t, "a", "BTC", "perp", 3600, price, price, price, price, 1e4 if jump else 10.0)
        elif kind == "spot":
            yield Bar(t, "a", "BTC", "spot", 3600, price, price, price, price, 10.0)
        elif kind == "totals":
            yield LiquidationTotal(t, "a", "BTC", 3600, 5e7 if jump else 1e6, 1e5)
        elif kind == "oi":
            yield OpenInterest(t, "a", "BTC", coins=1e3 * price)
        elif kind == "oi in dollars":
            yield OpenInterest(t, "a", "BTC", usd=1e9)
        elif kind == "funding":
            yield Funding(t, "a", "BTC", 1e-4, 8, settled=True)


@pytest.mark.parametrize("kind", ["hourly bars", "spot", "totals", "oi", "oi in dollars", "funding", "nothing"])
def test_thin_data_are_no_error(kind: str, tmp_path: Path) -> None:
    """Whatever is missing, a result comes, with its tables; of coins only those with a price are counted."""
    source = written(tmp_path / "thin.jsonl.gz", thin(kind), START_MS, START_MS + 5 * DAY_MS)
    result = judge([backtested(source, pictures=True)], Known((), ()), "normal")
    assert list(tables(result))
    assert list(result.metrics.coin_weeks) == (["BTC"] if kind in ("hourly bars", "spot") else [])


def test_a_recording_without_a_day_has_no_days_to_tell_of(tmp_path: Path) -> None:
    """Nothing stands in brackets where no day was played."""
    source = written(tmp_path / "empty.jsonl.gz", [], START_MS, START_MS)
    *_, posts = tables(judge([backtested(source)], Known((), ()), "normal"))
    assert str(posts).endswith("at most 0 in seven days and 0 in a day.")


def test_bars_alone_are_enough(tmp_path: Path) -> None:
    """A fall that only bars tell of is an alarm of which nothing is known but its price."""
    source = written(tmp_path / "bars.jsonl.gz", falling_bars(), START_MS, START_MS + 5 * DAY_MS)
    (line,) = judge([backtested(source)], Known(), "normal").episodes
    assert (line.band, line.observed_usd, line.estimate_usd_low) == ("flush", None, None)
    assert line.confidence <= 0.3
    assert set(line.components) <= {"P", "V", "H", "D"}


def test_a_recording_that_was_cut_ends_where_it_was_cut(tmp_path: Path) -> None:
    """Its header promises ten days and it holds five: a quiet window of the other five is outside its time."""
    source = written(tmp_path / "cut.jsonl.gz", falling_bars(), START_MS, START_MS + 10 * DAY_MS)
    run = backtested(source)
    assert run.end_ms < START_MS + 6 * DAY_MS


@pytest.mark.parametrize(("from_ms", "to_ms"), [(-30 * DAY_MS, 60 * DAY_MS), (2 * DAY_MS, 3 * DAY_MS)])
def test_a_part_of_a_recording_goes_as_far_as_its_facts(from_ms: int, to_ms: int, tmp_path: Path) -> None:
    """Under the header of a longer recording, or of another one, the time that counts is that of the facts."""
    facts = [Bar(START_MS + hour * HOUR_MS, "a", "BTC", "perp", 3600, 1.0, 1.0, 1.0, 1.0, 1.0) for hour in range(1, 49)]
    run = backtested(written(tmp_path / "part.jsonl.gz", facts, START_MS + from_ms, START_MS + to_ms))
    assert (run.start_ms, run.end_ms) == (facts[0].t, facts[-1].t)


def test_reports_are_those_of_the_checkpoints(small: Run) -> None:
    """Each checkpoint within the recording has one report as of its moment; what is not due yet is null."""
    told = judge([small], Known(), "normal").reports
    assert [line.checkpoint for line in told] == ["15m", "1h", "4h", "24h"]
    for line in told:
        anchor_ms = small.episodes[line.episode].anchor_ms
        assert anchor_ms is not None
        assert line.due == anchor_ms + CHECKPOINTS[line.checkpoint] <= line.posted
        early = line.checkpoint in {"15m", "1h"}
        assert (line.verdict is None, line.confidence is None, line.invalidation is None) == (early,) * 3
        assert bool(line.rules) == (not early)
    written_out = msgspec.json.decode(msgspec.json.encode(told[-1]))
    fields = "episode checkpoint due posted checks invalidation verdict confidence rules"
    assert set(written_out) == set(fields.split())
    assert set(written_out["invalidation"]) == {"reload", "propped", "support"}
    assert {"rebuild", "recovery", "funding", "levels"} <= set(written_out["checks"])
