from __future__ import annotations

from msgspec.structs import replace

from bot.chat.wording import Wording
from tests.commands.chat_room import Room
from tests.commands.market import BTC, DAY_MS, NOW_MS, LiveView, market, small


async def test_one_coin_by_venue(room: Room) -> None:
    """Each venue tells its rate, what that is over 8 h and a year, its cap, age and next payment; then all together."""
    assert await room.text("/funding BTC") == [
        "BTC funding · as of 00:40 UTC · neutral is about +0.0100 %/8h",
        "Binance +0.0035 %/8h (3.8 % a year) · next in 7 h 20 min",
        "Bybit +0.0051 %/8h (5.6 % a year) · 30 min old",
        "Hyperliquid +0.0009 %/1h = +0.0072 %/8h (7.9 % a year) · at its cap",
        "Kraken +0.0010 %/8h (1.1 % a year) · paid 40 min ago",
        "OI-weighted +0.0038 %/8h on Binance and Hyperliquid, lower than in 70 % of the last 30 days",
    ]


async def test_the_same_in_spanish(room: Room) -> None:
    """Numbers and sentences are those of the reader's language."""
    lines = await room.text("/funding BTC", language="es")
    assert lines[1] == "Binance +0,0035 %/8h (3,8 % al año) · próximo en 7 h 20 min"


async def test_rates_are_weighted_only_where_open_interest_is_known(room: Room) -> None:
    """Without open interest of a venue that has funding, the figure is called a median; with that of all, no name."""
    coin = replace(BTC, funding_by=(), funding_rank=None)
    lines = await room.seeing(LiveView({"BTC": coin})).text("/funding BTC")
    assert lines[-1] == "Median +0.0038 %/8h"
    coin = replace(BTC, funding_by=("binance", "bybit", "hyperliquid", "kraken"), funding_rank=None)
    lines = await room.seeing(LiveView({"BTC": coin})).text("/funding BTC")
    assert lines[-1] == "OI-weighted +0.0038 %/8h"


async def test_a_single_venue_is_not_said_twice(room: Room) -> None:
    """One venue without a past has one line."""
    assert len(await room.text("/funding ETH")) == 2


async def test_an_old_answer_says_how_old_it_is(room: Room) -> None:
    """More than three periods after the last fact the headline carries the age, after a day also the date."""
    view = market()
    lines = await room.seeing(view, NOW_MS + 20 * 60_000).text("/funding BTC")
    assert lines[0].startswith("BTC funding · as of 00:40 UTC, 20 min old")
    lines = await room.seeing(view, NOW_MS + DAY_MS).text("/funding BTC")
    assert lines[0].startswith("BTC funding · as of 19 Jan, 00:40 UTC, 1 d old")


async def test_all_coins_show_both_ends(room: Room) -> None:
    """Of many coins the five highest and the five lowest stand there, highest first, and the rule below them."""
    lines = await room.text("/funding")
    assert [line.split()[0] for line in lines[1:-1]] == [
        *("ORDI", "WIF", "1000PEPE", "ETHW", "BTT"),
        *("ADA", "DOGE", "XRP", "SOL", "ETH"),
    ]
    assert lines[-1] == "Of 11 coins with at least $5M of open interest"


async def test_small_coins_are_left_out_of_many_but_not_of_few(room: Room) -> None:
    """Below $5M of open interest a coin counts only where fewer than eight are known."""
    coins = [small(f"C{place}", place / 1e4, usd=4.9e6 if place == 8 else 5e6) for place in range(1, 9)]
    many = await room.seeing(LiveView({coin.coin: coin for coin in coins})).text("/funding")
    assert [line.split()[0] for line in many[1:-1]] == ["C7", "C6", "C5", "C4", "C3", "C2", "C1"]
    few = await room.seeing(LiveView({coin.coin: coin for coin in coins[1:]})).text("/funding")
    assert [line.split()[0] for line in few[1:]] == ["C8", "C7", "C6", "C5", "C4", "C3", "C2"]


async def test_rates_older_than_a_day_are_not_ranked(room: Room) -> None:
    """A market whose last rates are a day old has no table, and says so."""
    message = await room.seeing(market(), NOW_MS + DAY_MS).say("/funding")
    assert message.headline.key == "error-no-funding-at-all"


async def test_a_coin_without_funding_is_refused_with_a_way_on(room: Room) -> None:
    """Unknown funding is said, never shown as zero, and the other command is named."""
    assert await room.text("/funding NEW") == ["I have no funding for NEW right now. Open interest: /oi NEW"]


async def test_the_chart_is_a_heat_map_with_holes(room: Room) -> None:
    """A row a venue of what was paid in each eight hours; what is not known stays unknown."""
    chart = (await room.say("/funding BTC")).chart
    assert chart is not None
    assert chart.form == "heat"
    rows = {venue.name.text: venue.values for venue in chart.venues}
    assert rows["Binance"] == (0.0001, 0.0001, 0.00035, -0.00002, 0.0, 0.00005)
    assert rows["Hyperliquid"] == (None, 0.0001, 0.00012, -0.0004, None, None)
    alt = Wording("en", strict=True).text(chart.alt).replace("\u202f", " ")
    assert "Binance −0.0020 %/8h to +0.0350 %/8h, Hyperliquid −0.0400 %/8h to +0.0120 %/8h (3 of 6 not known)" in alt
    assert "(3 de 6 sin conocer)" in Wording("es", strict=True).text(chart.alt)


async def test_without_payments_there_is_no_chart(room: Room) -> None:
    """Where no payment is known, and for all coins at once, the answer stands alone."""
    assert (await room.seeing(LiveView({"BTC": BTC})).say("/funding BTC")).chart is None
    assert (await room.say("/funding")).chart is None
