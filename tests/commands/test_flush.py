from __future__ import annotations

import math
import re
from typing import get_args

import pytest
from msgspec.structs import replace

from bot.alerts.decide import Reason, step_of
from bot.alerts.steps import keep_step
from bot.flush.episode import Component, Episode
from bot.flush.severity import WEIGHTS
from bot.flush.tracker import Change
from bot.market.gaps import Gap
from bot.market.view import CoinView, OpenInterestRow
from bot.store.episodes import save_decision, save_due, save_episode
from bot.store.rows import DecisionRow, DueRow
from tests.commands.chat_room import CHANNEL, Room
from tests.commands.flushes import COMPONENTS, ONSET_MS, episode, member, row_of
from tests.commands.market import DAY_MS, HOUR_MS, MINUTE_MS, NOW_MS, LiveView


async def keep(room: Room, *flushes: Episode) -> None:
    """Put flushes into the store."""
    for flush in flushes:
        await room.desk.store.run(lambda db, flush=flush: save_episode(db, row_of(flush)))  # type: ignore[misc]  # bound per turn


async def test_the_last_flush(room: Room) -> None:
    """An open flush tells size, price, open interest, what was before, what was missing, and what is next."""
    flush = episode(member(), *(member(coin) for coin in ("SOL", "ETH", "XRP", "DOGE", "ADA")))
    await keep(room, flush)
    await room.desk.store.run(lambda db: save_decision(db, DecisionRow(flush.id, CHANNEL, "first", True, 1)))
    await room.desk.store.run(lambda db: save_due(db, DueRow(flush.id, "4h", NOW_MS + HOUR_MS, None, None)))
    assert await room.text("/flush") == [
        "BTC long flush · 58/100 now, peak 61/100 (FLUSH) · since 19 January 2026, 00:00 UTC",
        "market-wide: also ADA, DOGE, ETH and 2 others",
        (
            "Liquidated, the hour before included: longs ≥ $52.5M, shorts ≥ $1.1M · largest single print $2.1M · "
            "840 prints"
        ),
        "All its coins together ≥ $321M",
        "Price 95,475 → 92,210 at 00:46 UTC (−3.4 % from its 6 h high) · now 92,438, as of 00:40 UTC",
        "Open interest −4.3 % in coins on Binance and Bybit (highest of the hour before 97,429 BTC → 93,223 BTC)",
        "Beforehand: OI at 88 % of its high · funding +0.0035 %/8h",
        "Confidence 0.8 of 1 · Hyperliquid open interest missing since 18 Jan, 23:00 UTC",
        "Posted here: the first card of this flush",
        "Next follow-up +4 h at 01:40 UTC",
    ]


async def test_the_sum_of_all_coins_says_what_it_leaves_out(room: Room) -> None:
    """Coins without a feed are named beside the sum, and that each coin is counted to the end of its own part."""
    ended_ms = ONSET_MS + HOUR_MS
    mute = [member(coin, long_usd=None, short_usd=None, ended_ms=ended_ms) for coin in ("WIF", "ORDI", "BOME", "NOT")]
    flush = episode(member(ended_ms=ended_ms - MINUTE_MS), member("ETH", ended_ms=ended_ms), *mute, ended_ms=ended_ms)
    await keep(room, flush)
    assert (await room.text("/flush"))[3] == (
        "All its coins together ≥ $107M · each to the end of its part · without BOME, NOT and 2 others: no feed told "
        "any of theirs"
    )


async def test_a_coin_without_a_feed_leads_others_that_have_one(room: Room) -> None:
    """That liquidations of the first coin are unknown is said of it alone, beside the sum of the others."""
    await keep(room, episode(member(long_usd=None, short_usd=None), member("ETH")))
    assert (await room.text("/flush"))[2:4] == [
        "Liquidations of BTC: no feed told any, so how much was liquidated of it is unknown",
        "All its coins together ≥ $53.6M · without BTC: no feed told any of theirs",
    ]


async def test_an_ended_flush_says_when_and_how_long(room: Room) -> None:
    """After its end the headline tells the end, the length and the peak."""
    await keep(room, episode(ended_ms=ONSET_MS + 130 * 60_000, state="ended"))
    lines = await room.text("/flush last")
    assert lines[0] == (
        "BTC long flush · ended 02:10 after 2 h 10 min · peak 61/100 (FLUSH) · began 19 January 2026, 00:00 UTC"
    )


async def test_figures_that_stand_still_say_since_when(room: Room) -> None:
    """Once the coin's part is over its last price and open interest are those of that moment, beside the price now."""
    over_ms = ONSET_MS - DAY_MS
    lead = member(onset_ms=over_ms - HOUR_MS, extreme_ms=over_ms - 30 * MINUTE_MS, ended_ms=over_ms, price=91_000.0)
    await keep(room, episode(lead, onset_ms=over_ms - HOUR_MS, ended_ms=over_ms + HOUR_MS, state="ended"))
    lines = await room.text("/flush")
    assert lines[0].startswith("BTC long flush · ended 18 Jan, 01:00 after 2 h · peak 61/100")
    assert (
        "Price 95,475 → 92,210 at 17 Jan, 23:30 UTC (−3.4 % from its 6 h high) · 91,000 at the end of its "
        "part, 18 Jan, 00:00 UTC · now 92,438, as of 00:40 UTC"
    ) in lines
    assert (
        "Open interest −4.3 % in coins on Binance and Bybit (highest of the hour before 97,429 BTC → 93,223 BTC at "
        "the end of its part, 18 Jan, 00:00 UTC)"
    ) in lines


@pytest.mark.parametrize("ended", [False, True])
async def test_figures_of_a_flush_whose_feeds_fell_silent(room: Room, ended: bool) -> None:
    """The last price says as of when it is, and unknown open interest is said to be, with who is silent since when."""
    silent_ms = NOW_MS - 35 * MINUTE_MS
    quiet = OpenInterestRow("binance", 50_000.0, 4.6e9, silent_ms, missing_since_ms=silent_ms)
    other = OpenInterestRow("hyperliquid", 30_000.0, 2.8e9, silent_ms, missing_since_ms=silent_ms)
    heard = OpenInterestRow("bybit", 20_000.0, 1.8e9, NOW_MS)
    view = CoinView("BTC", NOW_MS, price_at_ms=silent_ms, open_interest=(quiet, heard, other))
    over_ms = NOW_MS - 5 * MINUTE_MS if ended else None
    await keep(room, episode(member(open_interest_now=None, ended_ms=over_ms), ended_ms=over_ms))
    _, _, price, interest, *_ = await room.seeing(LiveView({"BTC": view})).text("/flush")
    if ended:
        assert price.endswith("· 92,438 at the end of its part, 00:35 UTC · no price now")
        assert interest == (
            "Open interest: not known at the end of its part, 00:35 UTC; its change is over Binance and Bybit "
            "(highest of the hour before 97,429 BTC)"
        )
    else:
        assert price.endswith("· last 92,438, as of 00:05 UTC, 35 min old")
        assert interest == (
            "Open interest: not known now; its change is over Binance and Bybit "
            "(highest of the hour before 97,429 BTC) · Binance missing since 00:05 UTC"
        )


async def test_an_open_flush_says_as_of_when_its_figures_are(room: Room) -> None:
    """What is kept of an open flush is as of its last change, older than the price now; an ended one stands still."""
    flush = episode()
    await keep(room, flush)
    for at_ms in (NOW_MS - 9 * MINUTE_MS, NOW_MS - 4 * MINUTE_MS):
        step = step_of(Change("grew", flush, at_ms))
        await room.desk.store.run(lambda db, step=step: keep_step(db, step))  # type: ignore[misc]  # bound per turn
    assert (await room.text("/flush last"))[-1] == "Figures of the flush as of 00:36 UTC"
    await keep(room, episode(ended_ms=NOW_MS))
    assert "Figures of the flush" not in "".join(await room.text("/flush last"))


async def test_totals_alone_are_not_said_to_hold_the_hour_before(room: Room) -> None:
    """Where no single liquidation is told, the hourly total known before the onset is not in the sum."""
    await keep(room, episode(member(prints=None, largest_usd=None)))
    assert "Liquidated, as totals told it: longs ≥ $52.5M, shorts ≥ $1.1M" in await room.text("/flush")


async def test_a_side_of_which_nothing_was_seen_has_no_figure(room: Room) -> None:
    """At least nothing is no figure: of one side it is said in words, and of both in one sentence."""
    await keep(room, episode(member(short_usd=0.0)))
    assert "Liquidated, the hour before included: longs ≥ $52.5M, shorts none seen" in (await room.text("/flush"))[1]
    await keep(room, episode(member(long_usd=0.0, short_usd=0.0, prints=None, largest_usd=None)))
    lines = await room.text("/flush")
    assert "Liquidations: the feeds told none" in lines
    assert not any("$0" in line for line in lines)


async def test_what_is_unknown_has_no_figure(room: Room) -> None:
    """Without liquidations, open interest and a state before, no line shows a number for them."""
    bare = member(
        long_usd=None, short_usd=None, open_interest_before=None, largest_usd=None, prints=None, price_only=True
    )
    await keep(room, episode(bare, before=None))
    lines = await room.text("/flush")
    assert "Liquidations: no feed told any, so how much was liquidated is unknown" in lines
    assert "Open interest: not known of the hour before, so its change is unknown" in lines
    assert not any("Beforehand" in line for line in lines)
    assert any("price only" in line for line in lines)


async def test_a_gap_of_liquidations_is_said(room: Room) -> None:
    """What could not be heard during the flush stands under what was, and is not told again among missing feeds."""
    gaps = (
        Gap("bybit", "liquidation", ONSET_MS, ONSET_MS + 7 * MINUTE_MS),
        Gap("okx", "liquidation", ONSET_MS + 9 * MINUTE_MS),
    )
    await keep(room, episode(gaps=gaps, venues={"okx liquidation": f"missing since {ONSET_MS + 9 * MINUTE_MS}"}))
    lines = await room.text("/flush")
    assert (
        "Blind to liquidations on OKX since 00:09, Bybit 00:00–00:07 UTC: totals for those times are too low" in lines
    )
    assert "OKX liquidations missing" not in "".join(lines)


async def test_flushes_are_found_by_id_coin_and_age(room: Room) -> None:
    """An id in any case, a coin's newest, and the newest that was more than WATCH are each found."""
    older = episode(member("ETH"), id="2026-01-18-ETH-1", onset_ms=ONSET_MS - DAY_MS)
    faint = episode(member("SOL"), id="2026-01-19-SOL-1", onset_ms=ONSET_MS + HOUR_MS, band="watch")
    await keep(room, older, episode(), faint)
    for asked, coin in (("2026-01-18-eth-1", "ETH"), ("eth", "ETH"), ("last", "BTC"), ("SOL", "SOL")):
        assert (await room.text(f"/flush {asked}"))[0].startswith(f"{coin} long flush")


@pytest.mark.parametrize("typed", ["btcusdt", "$BTC", "btc-perp"])
async def test_a_coin_is_found_by_its_other_names(room: Room, typed: str) -> None:
    """The names that exchanges give a coin lead to its flush, for the card and for why."""
    await keep(room, episode())
    assert (await room.text(f"/flush {typed}"))[0].startswith("BTC long flush")
    assert (await room.text(f"/flush why {typed}"))[0].startswith("BTC ")
    assert await room.text(f"/flush {typed} why") == await room.text(f"/flush why {typed}")


async def test_a_flush_is_found_by_a_coin_that_joined(room: Room) -> None:
    """A coin that another one took along finds that flush, and is the first one named."""
    await keep(room, episode(member(), *(member(coin) for coin in ("SOL", "ETH", "XRP", "1000PEPE", "ADA"))))
    lines = await room.text("/flush pepe")
    assert lines[:2] == [
        "BTC long flush · 58/100 now, peak 61/100 (FLUSH) · since 19 January 2026, 00:00 UTC",
        "market-wide: also 1000PEPE, ADA, ETH and 2 others",
    ]


async def test_the_strongest_coin_explains_the_score(room: Room) -> None:
    """Where a coin that joined is stronger than the first, both answers name it, and why computes its score."""
    less = {name: replace(part, share=part.share / 2) for name, part in COMPONENTS.items()}
    joined = member("NEAR", peak_score=62.2)
    await keep(room, episode(member(components=less, peak_score=36.0), joined, peak_score=62.2))
    assert (await room.text("/flush"))[1] == "market-wide: also NEAR · strongest: NEAR 62/100"
    lines = await room.text("/flush why")
    assert lines[0] == "NEAR 62.2 = 100·(1 − Π(1 − a·c)) · 2026-01-19-BTC-1"
    assert "P 0.45×0.690 · price fell 3.200 % by ln(high ÷ low) in 1 h, level 1.500 %, full at 3×" in lines
    assert "strongest: NEAR 62/100" in lines
    assert "la más fuerte: NEAR 62/100" in await room.text("/flush why", language="es")


async def test_why_can_be_computed_again_by_hand(room: Room) -> None:
    """The weights and shares that are written give the score that is written, to the last digit."""
    await keep(room, episode())
    lines = await room.text("/flush why")
    score = float(re.findall(r"BTC ([\d.]+) = 100", lines[0])[0])
    parts = [tuple(map(float, found)) for line in lines for found in re.findall(r"^[A-Z] ([\d.]+)×([\d.]+) ", line)]
    assert len(parts) == len(WEIGHTS)
    assert 100 * (1 - math.prod(1 - weight * share for weight, share in parts)) == pytest.approx(score, abs=0.1)


async def test_why_names_every_input(room: Room) -> None:
    """Each input tells its value and the coin's own level, then gate, revision and decision."""
    await keep(room, episode(member(peak_score=62.2)))
    assert await room.text("/flush why 2026-01-19-BTC-1") == [
        "BTC 62.2 = 100·(1 − Π(1 − a·c)) · 2026-01-19-BTC-1",
        "L 0.45×0.489 · ≥ $53.6M of longs liquidated in 1 h, level $19.4M, full at 8×",
        "P 0.45×0.690 · price fell 3.200 % by ln(high ÷ low) in 1 h, level 1.500 %, full at 3×",
        "O 0.35×0.552 · open interest in coins fell 4.30 % in 1 h, level 2.00 %, full at 4×",
        "I 0.25×0.308 · 0.600 % of open interest liquidated in 1 h, from 0.2 % to 1.5 %",
        "V 0.10×0.390 · $900M traded in 15 min, level $400M, full at 8×",
        "F 0.05×0.333 · funding moved 0.0200 %/8h, from 0.005 % to 0.050 %",
        (
            "a×c is weight × share. c = ln(value ÷ level) ÷ ln(full); I and F: how far the value is between the two "
            "figures; always 0 to 1. Level: exceeded once in 3 days (V: 5 % of the time). "
            "Each is the highest within 60 min."
        ),
        "Gate open: price and positions above their level within 60 min (price, liquidations, open interest)",
        "Detector settings revision 14",
        "No decision about this channel is kept: it did not listen then, or it is more than 100 days ago.",
    ]


async def test_why_says_what_held_a_score_down(room: Room) -> None:
    """A closed gate, price alone, missing inputs and a held score are each said."""
    calm = {"P": replace(COMPONENTS["P"], value=0.01)}
    await keep(room, episode(member(components=calm, peak_score=29.0)))
    lines = await room.text("/flush why")
    assert "Not known then, so it adds 0: liquidations, open interest, intensity, volume, funding and basis" in lines
    assert any(line.startswith("Gate closed, so at most 29") and line.endswith("Above it: none") for line in lines)
    assert any(line.startswith("Told as 29") for line in lines)
    by_itself = {"P": COMPONENTS["P"], "H": Component(0.032, 0.013, 0.5, 60)}
    await keep(room, episode(member(components=by_itself, price_only=True, confidence=0.3, peak_score=50.0)))
    lines = await room.text("/flush why")
    assert any("price alone" in line and "confidence 0.3" in line for line in lines)
    assert (
        "Price alone 50.0 · price fell 3.200 % by ln(high ÷ low) in 1 h, level 1.300 %; "
        "45·ln(value ÷ level) ÷ ln(2.25), at most 64; the highest counts"
    ) in lines
    assert any(line.startswith("Told as 50") for line in lines)


@pytest.mark.parametrize("side", ["long", "short"])
async def test_both_sides_have_their_words(room: Room, side: str) -> None:
    """A squeeze speaks of shorts and a rise, a long flush of longs and a fall."""
    kind = "long_flush" if side == "long" else "short_squeeze"
    await keep(room, episode(side=side, kind=kind))
    words = " ".join(await room.text("/flush why"))
    assert ("price fell" in words) == (side == "long")
    assert ("of shorts liquidated" in words) == (side == "short")
    assert ("6 h low" in " ".join(await room.text("/flush"))) == (side == "short")


@pytest.mark.parametrize("reason", get_args(Reason))
async def test_every_reason_has_words(room: Room, reason: str) -> None:
    """Whatever was decided about this channel is said in every language, as posted or as not posted."""
    await keep(room, episode())
    for posted in (True, False):
        await room.desk.store.run(
            lambda db, posted=posted: save_decision(db, DecisionRow("2026-01-19-BTC-1", CHANNEL, reason, posted, 1))  # type: ignore[misc]  # bound per turn
        )
        message = await room.say("/flush why")
        assert any(row.phrase.key == ("flush-posted" if posted else "flush-not-posted") for row in message.rows)


async def test_only_this_channels_decision_is_told(room: Room) -> None:
    """What was decided about another channel is none of this one's business."""
    await keep(room, episode())
    await room.desk.store.run(lambda db: save_decision(db, DecisionRow("2026-01-19-BTC-1", "other", "muted", False, 1)))
    assert any(row.phrase.key == "flush-no-decision" for row in (await room.say("/flush")).rows)


@pytest.mark.parametrize(
    ("peak_score", "why"),
    [
        (44.0, ""),
        (48.0, ": it had 45 points for less than 15 seconds, or only after half an hour or more with nothing above"),
    ],
)
async def test_a_watch_was_posted_nowhere(room: Room, peak_score: float, why: str) -> None:
    """Of one that never came to FLUSH no channel decided, and that is said, with why where its score passed 45."""
    await keep(room, episode(band="watch", peak_score=peak_score, ended_ms=ONSET_MS + 3_600_000, state="ended"))
    told = (await room.text("/flush"))[-1].removesuffix(" its level")
    assert told == f"Not posted anywhere: it only came to WATCH{why}"


async def test_unknown_flushes_are_refused_with_the_last_one(room: Room) -> None:
    """Before any flush, for an unknown id, for a coin without one and for too many words there is a sentence each."""
    assert (await room.say("/flush")).headline.key == "error-no-flush-yet"
    assert (await room.say("/flush BTC")).headline.key == "error-no-flush-yet"
    assert (await room.say("/flush 2026-01-19-BTC-9")).headline.key == "error-no-flush-yet"
    await keep(room, episode())
    for typed in ("2026-01-18-BTC-1", "2026-01-18"):
        assert await room.text(f"/flush {typed}") == [
            f'I don\'t know a flush "{typed}". The last one is 2026-01-19-BTC-1, from 19 January 2026, 00:00 UTC.'
        ]
    assert (await room.say("/flush ETH")).headline.key == "error-no-flush-of-coin"
    for line in ("/flush last more", "/flush last last", "/flush BTC last"):
        assert await room.text(line) == ["Please write it like this: /flush [what] [episode]"]


@pytest.mark.parametrize("line", ["/flush 2026-01-19", "/flush why 2026-01-19", "/after 2026-01-19-BTC-9"])
async def test_a_day_is_answered_with_its_flushes(room: Room, line: str) -> None:
    """A date, or an id of a day that has others, is refused with those that may be meant, and with no other."""
    await keep(room, episode(), episode(id="2026-01-19-ETH-1"), episode(id="2026-01-20-ETH-1"))
    [told] = await room.text(line)
    assert told.endswith('". Of that day I know 2026-01-19-BTC-1 and 2026-01-19-ETH-1.')


async def test_a_busy_day_of_long_ago_is_answered_with_its_strongest(room: Room) -> None:
    """However many episodes followed; WATCHes and retracted ones come last, and what is left out is counted."""
    days_flushes = [episode(id=f"2026-01-19-C{score}-1", peak_score=float(score)) for score in (50, 90, 60)]
    watches = [episode(id=f"2026-01-19-A{number}-1", band="watch") for number in range(3)]
    taken_back = episode(id="2026-01-19-B-1", peak_score=95.0, end_reason="retracted", ended_ms=ONSET_MS)
    later = [episode(id=f"2026-02-{day:02}-ETH-{n}", onset_ms=NOW_MS) for day in range(1, 29) for n in (1, 2)]
    await keep(room, *days_flushes, *watches, taken_back, *later)
    [told] = await room.text("/flush 2026-01-19")
    assert told.endswith(
        "Of that day I know 2026-01-19-C90-1, 2026-01-19-C60-1, 2026-01-19-C50-1, 2026-01-19-B-1 and 3 others."
    )
