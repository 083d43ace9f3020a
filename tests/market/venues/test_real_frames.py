"""Frames and answers that venues really sent (or their documents show), read as their notes say.

They lie beside the checkout and are no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.errors import VenueError
from bot.market.facts import Fact
from bot.market.venues import VENUES
from bot.market.venues.venue import Instrument, Parsed
from tests.market.venues.wires import AFTER_MS, Part, parts

PAYLOADS = Path(__file__).resolve().parents[4] / "shared" / "payloads"
PERP = {venue.name: venue for venue in VENUES if venue.market == "perp"}
# What of a fact is compared, by kind.
FIELDS = {
    "liquidation": ("side", "coins", "usd"),
    "oi": ("coins", "usd"),
    "mark": ("price",),
    "index": ("price",),
    "funding": ("rate", "interval_h", "settled"),
    "turnover": ("usd",),
    "bar": ("close", "volume"),
}

pytestmark = pytest.mark.real


def linear(symbol: str, base: str, coins: float = 1.0, funding_h: float | None = None) -> Instrument:
    """A dollar-margined contract of so many coins."""
    return Instrument(symbol, base, "USDT", coins_per_unit=coins, funding_h=funding_h)


def inverse(symbol: str, base: str) -> Instrument:
    """A contract of one dollar."""
    return Instrument(symbol, base, "USD", usd_per_unit=1.0, funding_h=8.0)


CONTRACTS: dict[str, list[Instrument]] = {
    "binance": [linear(f"{base}USDT", base, 1.0, 8.0) for base in ("BTC", "NEIRO", "STG", "IOTX", "ETH", "COTI")],
    "bybit": [linear(f"{base}USDT", base, 1.0, 8.0) for base in ("BTC", "ETH", "XRP", "ADA", "ICP", "MARSCOIN")],
    "bitget": [linear("BIRBUSDT", "BIRB")],
    "okx": [linear("BTC-USDT-SWAP", "BTC", 0.01), linear("IOST-USDT-SWAP", "IOST", 1000.0)],
    "gate": [inverse("BTC_USD", "BTC"), linear("ETH_USDT", "ETH", 0.01)],
    "deribit": [inverse("BTC-PERPETUAL", "BTC"), inverse("ETH-PERPETUAL", "ETH")],
    "hyperliquid": [linear("BTC", "BTC", 1.0, 1.0), linear("ETH", "ETH", 1.0, 1.0)],
    "dydx": [linear("BTC-USD", "BTC", 1.0, 1.0)],
}

# File: part of the venue, contract that was asked about, and what it says: kind, coin, then the fields above.
TOLD: dict[str, tuple[str, str, list[tuple[Any, ...]]]] = {
    "binance_ws_forceOrder_20260808": ("stream closures", "", [("liquidation", "STG", "long", 5.0, 0.6775)]),
    "binance_ws_forceOrder_old_20250204": ("stream closures", "", [("liquidation", "ETH", "long", 0.036, 97.36236)]),
    "binance_ws_forceOrder_old_20211019": ("stream closures", "", [("liquidation", "IOTX", "long", 3661.0, 244.15209)]),
    "binance_testnet_ws_forceOrder_20260918": (
        "stream closures",
        "",
        [("liquidation", "COTI", "short", 288183.0, 6314.665896)],
    ),
    "binance__liquidation_stream": ("stream closures", "", [("liquidation", "BTC", "long", 0.014, 138.74172839492)]),
    "binance_rest_premiumIndex_array_202607": (
        "poll marks",
        "",
        [("mark", "BTC", 62933.47), ("index", "BTC", 62949.68), ("funding", "BTC", 0.00005257, 8.0, False)],
    ),
    "binance_rest_premiumIndex_202606": (
        "poll marks",
        "",
        [("mark", "NEIRO", 0.00006777), ("index", "NEIRO", 0.00006789), ("funding", "NEIRO", 0.00005, 8.0, False)],
    ),
    "binance_rest_openInterest_202409": ("poll open interest", "BTCUSDT", [("oi", "BTC", 104091.102, None)]),
    "binance_rest_openInterestHist_202607": (
        "past open interest",
        "BTCUSDT",
        [("oi", "BTC", 104882.705, 6653666199.09)],
    ),
    "binance_rest_openInterestHist_202201": (
        "past open interest",
        "BTCUSDT",
        [("oi", "BTC", 75375.617, 3248828883.7125144)],
    ),
    "binance_rest_openInterestHist_docs": (
        "past open interest",
        "BTCUSDT",
        [("oi", "BTC", 20403.637, 150570784.07809979), ("oi", "BTC", 20401.367, 149940752.14464448)],
    ),
    "bybit_ws_allLiquidation_short_20260918": (
        "stream linear closures",
        "",
        [("liquidation", "MARSCOIN", "short", 2380.0, 303.0692)],
    ),
    "bybit_ws_allLiquidation_20260918": ("stream linear closures", "", [("liquidation", "ICP", "long", 19.7, 50.9245)]),
    "bybit_ws_allLiquidation_20260806": (
        "stream linear closures",
        "",
        [("liquidation", "ADA", "short", 13248.0, 2536.992)],
    ),
    "bybit_ws_allLiquidation_20250308": (
        "stream linear closures",
        "",
        [("liquidation", "BTC", "long", 0.001, 85.8236)],
    ),
    # Both sides were counted then: 173,487,153.
    "bybit_rest_tickers_202501": (
        "poll linear tickers",
        "",
        [
            ("turnover", "XRP", 1135772933.1616),
            ("index", "XRP", 3.0618),
            ("mark", "XRP", 3.1465),
            ("oi", "XRP", 86743576.5, 86743576.5 * 3.1465),
            ("funding", "XRP", -0.00162807, 8.0, False),
        ],
    ),
    "bybit_rest_open_interest_202303": (
        "past open interest",
        "ETHUSDT",
        [("oi", "ETH", 205742.305, None), ("oi", "ETH", 205748.11, None)],
    ),
    "bybit_rest_open_interest_202610": ("past open interest", "ETHUSDT", [("oi", "ETH", 401738.02, None)]),
    "bybit_rest_funding_history_202610": ("past funding", "ETHUSDT", [("funding", "ETH", 0.00003303, 8.0, True)]),
    "bybit__http_get_funding_history": (
        "past funding",
        "BTCUSDT",
        [("funding", "BTC", 0.00015, 8.0, True), ("funding", "BTC", 0.0001, 8.0, True)],
    ),
    "bybit__http_get_klines_linear": ("past bars of 3600 s", "BTCUSDT", [("bar", "BTC", 27455.0, 123.45)]),
    # 13 contracts of 1,000 coins: contracts taken for coins would be a thousandth.
    "okx_ws_liquidation_orders_20230817": (
        "stream liquidations",
        "",
        [("liquidation", "IOST", "short", 13000.0, 101.803)],
    ),
    "okx_rest_open_interest_202512": ("poll open interest", "", [("oi", "BTC", 963996.958099997, 88957542893.77193)]),
    "okx_rest_open_interest_202409": ("poll open interest", "", [("oi", "BTC", 29645.9406, 2496890807.0)]),
    "okx__http_get_mark_price": ("poll marks", "", [("mark", "BTC", 84660.1)]),
    "okx__http_get_index_price": ("poll indices", "", [("index", "BTC", 103895.0)]),
    "okx__http_get_funding_rate_history": (
        "past settled funding",
        "BTC-USDT-SWAP",
        [("funding", "BTC", -0.00002, 8.0, True), ("funding", "BTC", 0.00015, 8.0, True)],
    ),
    # Sizes are positions: the first was a short of 124.5 dollars, the second a long of a hundredth of 0.01234567 coins.
    "gate_ws_public_liquidates_docs": (
        "stream liquidations",
        "",
        [
            ("liquidation", "BTC", "short", 124.5 / 215.1, 124.5),
            ("liquidation", "ETH", "long", 0.0001234567, 0.0001234567 * 3000.12345678),
        ],
    ),
    # The taker was liquidated and bought, so a short of 5 dollars was closed.
    "deribit_ws_trade_with_liquidation": (
        "stream liquidations",
        "",
        [("liquidation", "BTC", "short", 5 / 36450, 5.0)],
    ),
    "deribit__http_get_tradingview_chart_data": (
        "past 5m bars",
        "BTC-PERPETUAL",
        [
            ("bar", "BTC", 87456.5, 2.94375216),
            ("bar", "BTC", 87456.5, 2.85806724),
            ("bar", "BTC", 87456.0, 0.23097259),
            ("bar", "BTC", 87456.0, 0.09570527),
            ("bar", "BTC", 87456.0, 0.1018798),
        ],
    ),
    "dydx__http_get_perpetual_markets": (
        "poll markets",
        "",
        [
            ("mark", "BTC", 89919.2),
            ("oi", "BTC", 381.7348, 381.7348 * 89919.2),
            ("funding", "BTC", 0.00000254545454545455, 1.0, False),
            ("turnover", "BTC", 247500844.6834),
        ],
    ),
    "dydx__http_get_historical_funding": (
        "past settled funding",
        "BTC-USD",
        [
            ("funding", "BTC", 0.000000625, 1.0, True),
            ("funding", "BTC", 0.000000375, 1.0, True),
            ("funding", "BTC", 0.000002375, 1.0, True),
        ],
    ),
    "hyperliquid__http_funding_history": (
        "past settled funding",
        "BTC",
        [
            ("funding", "BTC", 0.0000125, 1.0, True),
            ("funding", "BTC", -0.0000081, 1.0, True),
            ("funding", "BTC", 0.0000033, 1.0, True),
        ],
    ),
}

# File: part of the venue, and by which name it is refused: the place of what was refused, the control, or an error.
NAMED: dict[str, tuple[str, str]] = {
    "binance__mark_price_stream": ("stream closures", "markPriceUpdate"),
    "binance__ticker_stream": ("stream closures", "BTCUSDT.o"),
    "bybit_ws_ack_ok": ("stream linear closures", "ack"),
    "bybit__ws_subscription_failure": ("stream linear closures", "error"),
    "bybit_ws_tickers_snapshot_20250227": ("stream linear closures", "tickers.BTCUSDT"),
    "bybit__ws_ticker_linear": ("stream linear closures", "tickers.BTCUSDT"),
    "bitget_ws_ticker_202607": ("stream liquidations", "BIRBUSDT"),
    "bitget_rest_ticker_202309": ("poll tickers", "passed over"),  # a dated contract
    "okx__http_get_candlesticks": ("past bars of 300 s", "passed over"),  # its bars are marked as going on
    "okx__ws_funding_rate": ("stream liquidations", "BTC-USDT-SWAP"),
    "okx__ws_tickers": ("stream liquidations", "BTC-USDT"),
    "deribit__http_get_last_trades": ("stream liquidations", "ack"),
    "deribit__ws_ticker": ("stream liquidations", "VenueError"),
    "dydx__ws_markets_update": ("stream liquidations", "passed over"),  # another channel
    "hyperliquid_assetCtx_btc_2026": ("poll contexts", "VenueError"),  # one context out of an answer
    "hyperliquid_ws_activeAssetCtx_hip3": ("poll contexts", "VenueError"),
    "hyperliquid_ws_activeAssetCtx_testnet": ("poll contexts", "VenueError"),
    "hyperliquid__http_meta_perp_sample": ("poll contexts", "VenueError"),  # half of an answer
    "hyperliquid__ws_all_dexs_asset_ctxs": ("poll contexts", "VenueError"),
    "hyperliquid__ws_user_fill_liquidation": ("poll contexts", "VenueError"),
}


@pytest.fixture(scope="module")
def payloads() -> dict[str, Path]:
    """The files of our venues by name."""
    if not PAYLOADS.is_dir():
        pytest.skip("the real frames are not beside this checkout (../shared/payloads)")
    files = [*(PAYLOADS / "captured").glob("*.json"), *(PAYLOADS / "nautilus").glob("*.json")]
    return {file.stem: file for file in files if file.stem.partition("_")[0] in PERP}


def part_of(name: str, wanted: str) -> Part:
    """The part of the file's venue that reads it."""
    (part,) = [part for part in parts(PERP[name.partition("_")[0]]) if part.name == wanted]
    return part


def read(name: str, body: bytes, wanted: str, symbol: str) -> Parsed:
    """What the venue's parser makes of a file."""
    known = {one.symbol: one for one in CONTRACTS[name.partition("_")[0]]}
    if name.startswith("dydx__http"):  # kept there within an answer of the collection's own
        body = msgspec.json.decode(body, type=dict[str, msgspec.Raw])["result"]
    return part_of(name, wanted).parse(body, known, AFTER_MS, symbol)


def brief(facts: Iterator[Fact]) -> Iterator[tuple[Any, ...]]:
    """Kind, coin and the fields that are compared."""
    for fact in facts:
        kind, told = str(fact.__struct_config__.tag), msgspec.to_builtins(fact)
        yield kind, told["base"], *(told.get(field) for field in FIELDS[kind])


def test_every_file_of_our_venues_is_accounted_for(payloads: dict[str, Path]) -> None:
    """A file that is added beside the checkout needs a line here."""
    assert set(payloads) == set(TOLD) | set(NAMED)


@pytest.mark.parametrize("name", TOLD)
def test_a_real_body_is_read_as_its_notes_say(payloads: dict[str, Path], name: str) -> None:
    """Side, coins and dollars of what venues really sent."""
    wanted, symbol, expected = TOLD[name]
    parsed = read(name, payloads[name].read_bytes(), wanted, symbol)
    assert not parsed.refused
    rounded = [
        tuple(pytest.approx(value, rel=1e-9) if isinstance(value, float) else value for value in row)
        for row in expected
    ]
    assert list(brief(iter(parsed.facts))) == rounded


@pytest.mark.parametrize("name", NAMED)
def test_a_real_body_that_is_not_asked_for_is_refused_by_name(payloads: dict[str, Path], name: str) -> None:
    """Another event gives no fact and says what it was."""
    wanted, expected = NAMED[name]
    try:
        parsed = read(name, payloads[name].read_bytes(), wanted, "BTC-USDT-SWAP")
    except VenueError:
        assert expected == "VenueError"
        return
    assert not parsed.facts
    names = [str(parsed.control)] if parsed.control else [one.place for one in parsed.refused]
    assert (names or ["passed over"])[0] == expected
