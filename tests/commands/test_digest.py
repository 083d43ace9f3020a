from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.alerts.decide import step_of
from bot.alerts.steps import keep_day, keep_step
from bot.flush.episode import Episode
from bot.flush.tracker import Change as StepChange
from bot.market.gaps import Gap
from bot.market.view import Change, CoinView, PriceMove
from bot.store.episodes import save_due, save_episode
from bot.store.rows import DueRow
from tests.commands.chat_room import Room
from tests.commands.flushes import ONSET_MS, episode, member, row_of
from tests.commands.market import BTC, DAY_MS, FEEDS, HOUR_MS, MINUTE_MS, NOW_MS, LiveView, hours, small, stored
from tests.commands.test_flush_market import DAY

MOST_LINES = 12
MAJORS = [
    replace(BTC, price_moves=(PriceMove(DAY_MS, -0.031),)),
    replace(small("ETH", 0.0001), price=3_200.9, hours=hours(last=3_200.9), price_moves=(PriceMove(DAY_MS, 0.01),)),
]


def crowded(coin: str, rate_8h: float, change: float) -> CoinView:
    """A coin with this funding, whose open interest changed so far in a day."""
    return replace(small(coin, rate_8h), open_interest_changes=(Change(DAY_MS, change, change, ("bybit",)),))


OTHERS = [crowded(f"C{place}", 0.0001 * (place - 4), 0.01 * (place - 5)) for place in range(8)]


def market_of(*coins: CoinView) -> LiveView:
    """These coins after a day like the one of the market card."""
    gap = Gap("bybit", "liquidation", NOW_MS - 10 * HOUR_MS, NOW_MS - 10 * HOUR_MS + 7 * MINUTE_MS)
    return LiveView({coin.coin: coin for coin in coins}, list(FEEDS), [gap], day=DAY)


async def keep(room: Room, *flushes: Episode) -> None:
    """Put flushes into the store."""
    for flush in flushes:
        await room.desk.store.run(lambda db, flush=flush: save_episode(db, row_of(flush)))  # type: ignore[misc]  # bound per turn


async def due(room: Room, flush: Episode, step: str, at_ms: int) -> None:
    """Let a follow-up of a flush come."""
    await room.desk.store.run(lambda db: save_due(db, DueRow(flush.id, step, at_ms, None, None)))


async def test_a_flush_is_told_however_many_watches_followed(room: Room) -> None:
    """Of hundreds of coins something is watched every few minutes: it does not push a flush out of the week."""
    flush = episode(ended_ms=NOW_MS)
    watches = [episode(id=f"2026-01-19-C{number}-1", band="watch", onset_ms=NOW_MS) for number in range(600)]
    await keep(room, flush, *watches)
    lines = await room.seeing(market_of(*MAJORS)).text("/digest weekly")
    assert "One flush in 7 days: BTC long flush 61/100 (FLUSH), ≥ $53.6M, began 19 January 2026, 00:00 UTC" in lines


async def test_a_day_with_a_flush(room: Room) -> None:
    """The market, the flushes, what still comes, both majors, funding, open interest, and what was not heard."""
    flush = episode()
    await keep(room, flush)
    await due(room, flush, "24h", NOW_MS + 24 * HOUR_MS)
    await due(room, flush, "4h", NOW_MS + 4 * HOUR_MS)
    lines = await room.seeing(market_of(*MAJORS, *OTHERS)).text("/digest")
    assert lines == [
        "The market today · as of 00:40 UTC",
        "Market, 24 h: moderate, 41.0 of 100 · ≥ $1.71B liquidated (95 % long) · BTC −3.0 %",
        "One flush in 24 h: BTC long flush 61/100 (FLUSH), ≥ $53.6M, began 19 January 2026, 00:00 UTC",
        "Still followed (1): BTC long flush, +4 h at 04:40 UTC",
        *lines[4:6],
        (
            "Funding: ▲ C7 +0.0300 %/8h (1) · C6 +0.0200 %/8h (1) · C5 +0.0100 %/8h (1) · "
            "▼ C0 −0.0400 %/8h (1) · C1 −0.0300 %/8h (1) · C2 −0.0200 %/8h (1)"
        ),
        (
            "Open interest in coins, 24 h: ▲ C7 +2.0 % (1) · C6 +1.0 % (1) · "
            "▼ C0 −5.0 % (1) · C1 −4.0 % (1) · C2 −3.0 % (1)"
        ),
        "Blind to liquidations on Bybit 18 Jan, 14:40–14:47 UTC: totals for that time are too low",
        (
            "Totals are below those of aggregators: Binance shows only some liquidations, none are known of Bybit "
            "and Hyperliquid, no other exchanges are heard"
        ),
    ]
    assert lines[4].startswith("BTC 92,438 (24 h −3.1 %) · ▲ ")
    assert " · ▼ " in lines[5]
    assert len(lines) <= MOST_LINES


async def test_a_derivatives_led_day_is_named(room: Room) -> None:
    """Found within the time looked back it has a line, the last of several; one of before is not told of."""
    there = room.seeing(market_of(*MAJORS))
    for days, usd in ((30, 9e8), (3, None), (0.5, 471e6)):
        day_ms = NOW_MS - int(days * DAY_MS)
        await room.desk.store.run(lambda db, at=day_ms, usd=usd: keep_day(db, f"day/{at // DAY_MS}", at, usd))  # type: ignore[misc]  # bound per turn
    told = "found 18 January 2026, 12:40 UTC: ≥ $471M liquidated in 24 h"
    assert (await there.text("/digest"))[3] == f"Derivatives-led day {told}"
    assert (await there.text("/digest weekly"))[3] == f"2 derivatives-led days, the last {told}"
    await room.desk.store.run(lambda db: keep_day(db, "day/now", NOW_MS, None))
    assert (await there.text("/digest"))[3].endswith("found 19 January 2026, 00:40 UTC, liquidations unknown")


async def test_the_levels_are_those_of_the_other_command(room: Room) -> None:
    """The nearest on each side of those that /levels names."""
    there = room.seeing(market_of(*MAJORS))
    line = next(line for line in await there.text("/digest") if line.startswith("BTC "))
    levels = [line.partition(" (")[0] for line in await there.text("/levels BTC") if line[0] in "▲▼"]
    below = next(place for place, level in enumerate(levels) if level[0] == "▼")
    assert [part.partition(" (")[0] for part in line.split(" · ")[1:]] == [levels[below - 1], levels[below]]


async def test_the_largest_come_first_and_small_ones_are_left_out(room: Room) -> None:
    """Three of four are named by size, all are counted, WATCH and what was retracted is not."""
    flushes = [
        episode(member(coin, peak_score=score), id=f"2026-01-18-{coin}-1", peak_score=score, onset_ms=ONSET_MS - place)
        for place, (coin, score) in enumerate({"A": 50.0, "B": 70.0, "C": 60.0, "D": 55.0}.items())
    ]
    watched = episode(member("W", peak_score=40.0), id="2026-01-18-W-1", peak_score=40.0, band="watch")
    wrong = episode(member("R"), id="2026-01-18-R-1", end_reason="retracted", ended_ms=NOW_MS, state="ended")
    await keep(room, *flushes, watched, wrong)
    line = (await room.seeing(market_of(*MAJORS)).text("/digest"))[2]
    assert line.startswith("4 flushes in 24 h, the 3 largest: B long flush 70/100")
    assert [part.split()[0] for part in line.partition(": ")[2].split(" · ")] == ["B", "C", "D"]


async def test_all_of_two_are_named(room: Room) -> None:
    """Where every flush stands in the line, it says in which order, not that these are the largest of more."""
    await keep(room, episode(), episode(member("SOL"), id="2026-01-19-SOL-1"))
    line = (await room.seeing(market_of(*MAJORS)).text("/digest"))[2]
    assert line.startswith("2 flushes in 24 h, the largest first: BTC long flush 61/100")


async def test_a_score_names_its_coin(room: Room) -> None:
    """Where a coin that joined was the strongest, the score is said to be its own, here and in the brief."""
    await keep(room, episode(member(peak_score=50.0), member("ETH", peak_score=61.2), peak_score=61.2))
    there = room.seeing(market_of(*MAJORS))
    assert "BTC long flush (strongest: ETH) 61/100 (FLUSH), ≥ $107M, began 19" in (await there.text("/digest"))[2]
    assert any(line.endswith(" · strongest: ETH 61/100") for line in await there.text("/brief"))


async def test_an_open_flush_is_as_of_its_last_change(room: Room) -> None:
    """What is kept of an open flush may be minutes old: the digest and the brief say of when; an ended one is final."""
    flush = episode()
    await keep(room, flush)
    step = step_of(StepChange("grew", flush, NOW_MS - 4 * MINUTE_MS))
    await room.desk.store.run(lambda db: keep_step(db, step))
    there = room.seeing(market_of(*MAJORS))
    assert (await there.text("/digest"))[2].endswith(", began 19 January 2026, 00:00 UTC, open, as of 00:36 UTC")
    assert any(
        line.endswith(" · since 19 January 2026, 00:00 UTC · as of 00:36 UTC") for line in await there.text("/brief")
    )
    await keep(room, replace(flush, ended_ms=NOW_MS))
    assert "00:36" not in "".join([*await there.text("/digest"), *await there.text("/brief")])


async def test_every_command_means_the_same_last_flush(room: Room) -> None:
    """What was retracted and what only came to WATCH are passed over alike; by its id a retracted one is shown."""
    when = {"onset_ms": NOW_MS - 3 * DAY_MS, "ended_ms": NOW_MS - 3 * DAY_MS + HOUR_MS, "state": "ended"}
    flush = episode(member(), id="2026-01-16-BTC-1", **when)
    wrong = episode(member(), id="2026-01-17-BTC-1", end_reason="retracted", ended_ms=NOW_MS, state="ended")
    watched = [episode(member(), id=f"2026-01-18-BTC-{n}", onset_ms=ONSET_MS + n, band="watch") for n in range(60)]
    await keep(room, flush, wrong, *watched)
    there = room.seeing(market_of(*MAJORS))
    told = (await there.text("/flush"))[0]
    assert "began 16 January 2026, 00:40 UTC" in told
    assert (await there.text("/flush BTC"))[0] == told
    assert f"Last flush: {told}" in await there.text("/brief BTC")
    assert "16 January 2026" in (await there.text("/digest"))[2]
    assert "2026-01-16-BTC-1" in (await there.text("/after"))[0]
    assert "retracted 00:40" in (await there.text("/flush 2026-01-17-BTC-1"))[0]


async def test_a_week_looks_further_back(room: Room) -> None:
    """What ended three days ago is of the week and not of the day, which names it as the last."""
    ended_ms = NOW_MS - 3 * DAY_MS
    old = episode(onset_ms=ended_ms - HOUR_MS, ended_ms=ended_ms, state="ended")
    await keep(room, old)
    there = room.seeing(market_of(*MAJORS))
    assert (await there.text("/digest"))[2] == (
        "No flush in 24 h; the last one: BTC long flush 61/100 (FLUSH), ≥ $53.6M, began 15 January 2026, 23:40 UTC"
    )
    lines = await there.text("/digest weekly")
    assert lines[0] == "The market now, flushes of 7 days · as of 00:40 UTC"
    assert lines[2] == "One flush in 7 days: BTC long flush 61/100 (FLUSH), ≥ $53.6M, began 15 January 2026, 23:40 UTC"
    bare = episode(replace(member(), long_usd=None, short_usd=None), onset_ms=ended_ms, ended_ms=ended_ms + 1)
    await keep(room, bare)
    assert (await there.text("/digest weekly"))[2].endswith(
        "61/100 (FLUSH), liquidations unknown, began 16 January 2026, 00:40 UTC"
    )
    await keep(room, replace(bare, members={"BTC": replace(bare.lead, long_usd=0.0, short_usd=0.0)}))
    assert (await there.text("/digest weekly"))[2].endswith(
        "61/100 (FLUSH), no liquidations seen, began 16 January 2026, 00:40 UTC"
    )


async def test_a_calm_day_has_something_to_say(room: Room) -> None:
    """No flush, funding where it rests, open interest that did not move: each is said with its figure."""
    coins = [crowded(name, 0.0001, 0.0) for name in ("BTC", "ETH", "SOL")]
    lines = await room.seeing(market_of(*coins)).text("/digest")
    assert "No flush in 24 h, and none is kept from before" in lines
    assert "Funding rests near +0.0100 %/8h (±0.0050 %) on all 3 coins compared" in lines
    assert "Open interest in coins, 24 h: none of 3 coins moved by 0.1 % or more" in lines


async def test_what_is_unknown_is_said(room: Room) -> None:
    """Without prices, funding and open interest no line has a figure of them."""
    lines = await room.seeing(LiveView({"SOL": CoinView("SOL", NOW_MS)}, list(FEEDS))).text("/digest")
    assert lines[2:6] == [
        "BTC: price not known",
        "ETH: price not known",
        "Funding: not known of any coin",
        "Open interest, 24 h: no change known yet",
    ]


@pytest.mark.parametrize("period", ["daily", "weekly"])
async def test_the_stored_market_says_the_same(room: Room, period: str) -> None:
    """The digest goes through the database with everything else."""
    await keep(room, episode(), episode(member("SOL"), id="2026-01-19-SOL-1"))
    view = market_of(*MAJORS, *OTHERS)
    assert await room.seeing(stored(view)).text(f"/digest {period}") == await room.seeing(view).text(
        f"/digest {period}"
    )
