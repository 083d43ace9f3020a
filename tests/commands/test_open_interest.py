from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.chat.wording import Wording
from tests.commands.chat_room import Room
from tests.commands.market import BTC, NOW_MS, LiveView


async def test_one_coin_by_venue(room: Room) -> None:
    """Sums are over live venues only; missing, old and converted ones are named, and the venues of each change."""
    assert await room.text("/oi BTC") == [
        "BTC open interest 70,000 BTC · $6.47B on 2 of 3 venues · as of 00:40 UTC",
        "1 h −4.3 % on Binance · 1 d −2.9 % in coins (in dollars −7.3 %: the rest is price) on Binance",
        "Binance 71 % · OKX 29 %, 20 min old · Hyperliquid missing since 18 Jan, 23:00 UTC",
        "88 % of its 30-day high",
        "OKX: told in dollars, turned into coins by the median price.",
    ]


async def test_a_change_over_the_venues_of_the_total_names_none(room: Room) -> None:
    """Only the change that is of fewer venues says of which."""
    hour, day = BTC.open_interest_changes
    whole = replace(BTC, open_interest_changes=(replace(hour, venues=("binance", "okx")), day))
    seen = room.seeing(LiveView({"BTC": whole}))
    assert (await seen.text("/oi BTC"))[1].startswith("1 h −4.3 % · 1 d −2.9 % in coins")
    assert (await seen.text("/oi BTC"))[1].endswith("on Binance")


async def test_an_unknown_past_is_said(room: Room) -> None:
    """Without changes no change is shown, and the reason is."""
    lines = await room.seeing(LiveView({"BTC": replace(BTC, open_interest_changes=())})).text("/oi BTC")
    assert lines[1].startswith("No change can be told yet")
    assert "0.0 %" not in " ".join(lines)


async def test_a_blank_coin_is_none(room: Room) -> None:
    """A coin of nothing but blanks is no coin: the answer is that about all of them."""
    for blank in ('"   "', '""'):
        assert await room.text(f"/oi {blank}") == await room.text("/oi")


async def test_all_coins_by_size(room: Room) -> None:
    """The ten largest by dollars stand there, with their day and high where known."""
    lines = await room.text("/oi")
    assert (
        lines[1] == "BTC $6.47B · 1 d −2.9 % in coins (in dollars −7.3 %: the rest is price) on Binance"
        " · 88 % of its 30-day high"
    )
    assert lines[2] == "1000PEPE $10M"
    assert lines[-1] == "The largest 10 of 11 coins"
    assert len(lines) == 12


async def test_a_silent_venue_is_the_reason_for_nothing(room: Room) -> None:
    """Where the only venue is silent, the refusal says which and for how long."""
    [line] = await room.text("/oi HYPE")
    assert line == "I have no open interest for HYPE right now (Hyperliquid silent for 19 h). Funding: /funding HYPE"


async def test_no_venue_at_all(room: Room) -> None:
    """A coin of which no venue told open interest, and a market without any, are refused in words of their own."""
    assert (await room.say("/oi NEW")).headline.key == "error-no-open-interest"
    bare = LiveView({"BTC": replace(BTC, open_interest=())})
    assert (await room.seeing(bare).say("/oi")).headline.key == "error-no-open-interest-at-all"


async def test_the_chart_has_a_strip_for_each_venue_with_its_holes(room: Room) -> None:
    """Every full hour and now, the largest venue first; hours without a word and a venue silent now are unknown."""
    chart = (await room.say("/oi BTC")).chart
    assert chart is not None
    assert chart.form == "venues"
    assert chart.times_ms[-1] == NOW_MS
    columns = {venue.name.text: venue.values for venue in chart.venues}
    assert list(columns) == ["Binance", "Hyperliquid", "OKX"]
    assert all(len(column) == len(chart.times_ms) == 73 for column in columns.values())
    assert columns["Binance"][-1] == 50_000.0
    unknown = [place for place, coins in enumerate(columns["Hyperliquid"]) if coins is None]
    assert unknown == [*range(40, 46), 70, 71, 72]


@pytest.mark.parametrize("language", ["en", "es"])
async def test_the_chart_is_told_in_words(room: Room, language: str) -> None:
    """The alt text names each venue with its last amount and change, and which has no data now."""
    chart = (await room.say("/oi BTC")).chart
    assert chart is not None
    alt = Wording(language, strict=True).text(chart.alt).replace("\u202f", " ")
    assert ("Binance 50,000 BTC (−3.8 %)" if language == "en" else "Binance 50.000 BTC (−3,8 %)") in alt
    assert ("no data now" if language == "en" else "ahora sin datos") in alt


async def test_without_a_past_by_venue_there_is_no_chart(room: Room) -> None:
    """Where no venue told any open interest over time, the answer stands alone."""
    assert (await room.seeing(LiveView({"BTC": BTC})).say("/oi BTC")).chart is None
    assert (await room.say("/oi")).chart is None
