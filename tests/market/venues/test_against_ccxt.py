"""ccxt and our parsers read the same fixtures to the same facts, once what ccxt is known to get wrong is undone.

What that is, is said in `ccxt_corrections`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import msgspec
import pytest

from bot.market.facts import Bar, Fact, Funding, Index, Liquidation, Mark, OpenInterest, Turnover
from bot.market.venues import VENUES
from bot.market.venues.venue import Known
from tests.market.venues.samples import sample
from tests.market.venues.wires import AFTER_MS, Part, fixtures, known, parts

WHY = "ccxt is not installed here: `make bench` installs it and runs this"
of = pytest.importorskip("tests.market.venues.ccxt_corrections", reason=WHY)
ccxt_side = pytest.importorskip("tests.market.venues.ccxt_side", reason=WHY)

PERP = {venue.name: venue for venue in VENUES if venue.market == "perp"}
CCXT_NAMES = {"binance": "binanceusdm"}
Row = tuple[Any, ...]


class Case(NamedTuple):
    """A fixture, what of ours reads it, and what of ccxt does."""

    venue: str
    fixture: str
    part: str
    told: Callable[[Any, Any], Iterator[Row]]
    call: tuple[object, ...]
    symbol: str = ""
    """The contract asked about, where it is one."""


RATES, OI, PAID, CANDLES = (
    "fetch_funding_rates",
    "fetch_open_interest_history",
    "fetch_funding_rate_history",
    "fetch_ohlcv",
)
CASES = [
    Case("binance", "premium_all", "poll marks", of.rates, (RATES,)),
    Case("binance", "day_all", "poll turnover", of.turnover, ("fetch_tickers",)),
    Case("binance", "oi_one", "poll open interest", of.interest, ("fetch_open_interest",), "1000BONKUSDT"),
    Case("binance", "oi_history", "past open interest", of.past_interest, (OI,), "AVAXUSDT"),
    Case("binance", "funding_history", "past funding", of.paid, (PAID,), "AVAXUSDT"),
    Case("binance", "bars_1h", "past 1h bars", of.bars(3600), (CANDLES, "1h"), "AVAXUSDT"),
    Case("bybit", "tickers_linear", "poll linear tickers", of.rates, (RATES,)),
    Case("bybit", "tickers_linear", "poll linear tickers", of.tickers, ("fetch_tickers", None, {"type": "swap"})),
    Case(
        "bybit", "tickers_inverse", "poll inverse tickers", of.tickers, ("fetch_tickers", None, {"subType": "inverse"})
    ),
    Case("bybit", "oi_history", "past open interest", of.past_both_sides, (OI, "5m"), "AVAXUSDT"),
    Case("bybit", "funding_history", "past funding", of.paid, (PAID,), "AVAXUSDT"),
    Case("bybit", "bars_1h", "past bars of 3600 s", of.bars(3600), (CANDLES, "1h"), "AVAXUSDT"),
    Case("okx", "funding_all", "poll funding", of.told_rates, (RATES,)),
    Case("okx", "tickers_all", "poll turnover", of.contracts, ("fetch_tickers", None, {"type": "swap"})),
    Case("okx", "interest_all", "poll open interest", of.coins_of_interest, ("fetch_open_interests",)),
    Case("okx", "marks_all", "poll marks", of.rates, ("fetch_mark_prices", None, {"instType": "SWAP"})),
    Case("okx", "interest_5m", "past open interest each 300 s", of.past_coins, (OI, "5m"), "ETH-USDT-SWAP"),
    Case("okx", "funding_past", "past settled funding", of.paid, (PAID,), "ETH-USDT-SWAP"),
    Case(
        "okx",
        "candles_5m",
        "past bars of 300 s",
        of.bars_of_okx(300, 1_773_000_000_000),
        (CANDLES, "5m"),
        "ETH-USDT-SWAP",
    ),
    Case("bitget", "tickers_all", "poll tickers", of.tickers, ("fetch_tickers", None, {"type": "swap"})),
    Case("bitget", "funding_all", "poll funding", of.rates, (RATES,)),
    Case("bitget", "funding_past", "past settled funding", of.paid, (PAID,), "ETHUSDT"),
    Case("bitget", "candles_5m", "past bars of 300 s", of.bars(300), (CANDLES, "5m"), "ETHUSDT"),
    Case("gate", "contracts_all", "poll swaps", of.next_rates, (RATES,)),
    Case("gate", "tickers_all", "poll turnover", of.turnover, ("fetch_tickers", None, {"type": "swap"})),
    Case("gate", "stats_5m", "past open interest", of.past_interest_at_its_end, (OI, "5m"), "BTC_USDT"),
    Case("gate", "funding_past", "past settled funding", of.paid, (PAID,), "BTC_USDT"),
    Case("gate", "candles_1h", "past 1h bars", of.bars(3600), (CANDLES, "1h"), "BTC_USDT"),
    Case("hyperliquid", "contexts_all", "poll contexts", of.rates, (RATES,)),
    Case("hyperliquid", "contexts_all", "poll contexts", of.interest, ("fetch_open_interests",)),
    Case("hyperliquid", "funding_past", "past settled funding", of.paid, (PAID,), "ETH"),
    Case("deribit", "summary_btc", "poll summaries", of.notional, ("fetch_tickers", None, {"code": "BTC"})),
    Case("deribit", "candles_1h", "past 1h bars", of.bars(3600), (CANDLES, "1h"), "BTC-PERPETUAL"),
    Case("dydx", "funding_past", "past settled funding", of.paid, (PAID,), "BTC-USD"),
    Case("dydx", "candles_1h", "past 1h bars", of.bars(3600), (CANDLES, "1h"), "BTC-USD"),
]


def known_to_both(venue: str) -> Known:
    """Our instruments that ccxt was given as well."""
    given = {contract.symbol for contract in of.CONTRACTS[venue]}
    return {symbol: one for symbol, one in known(PERP[venue]).items() if symbol in given}


def part_of(venue: str, name: str) -> Part:
    """What of our venue is called so."""
    (part,) = [part for part in parts(PERP[venue]) if part.name == name]
    return part


def brief(fact: Fact) -> Row:
    """What is compared of a fact of ours."""
    kind, base = str(fact.__struct_config__.tag), fact.base
    if isinstance(fact, Bar):
        return kind, base, fact.t, fact.open, fact.high, fact.low, fact.close, fact.volume
    if isinstance(fact, Liquidation):
        return kind, base, fact.at, fact.side, fact.price, fact.coins, fact.usd
    if isinstance(fact, OpenInterest):
        return (kind, base, fact.coins) if fact.t == AFTER_MS else (kind, base, fact.t, fact.coins)
    if isinstance(fact, Funding):
        return (kind, base, fact.t, fact.rate) if fact.settled else (kind, base, fact.rate)
    if isinstance(fact, Mark | Index):
        return kind, base, fact.price
    assert isinstance(fact, Turnover)
    return kind, base, fact.usd


def corrected(venue: str, other: Any, rows: Iterable[Any], told: Any, symbol: str) -> list[Row]:
    """What ccxt's rows say of the contracts that both know."""
    by_name = {other.market(contract.symbol)["symbol"]: contract for contract in of.CONTRACTS[venue]}
    found: list[Row] = []
    for row in rows:
        contract = by_name.get(symbol or row["symbol"])
        if contract is not None:
            found += told(row, of.behind(contract))
    return found


def agree(ours: Iterable[Row], theirs: Iterable[Row]) -> None:
    """Both say the same, in whatever order; numbers may differ by rounding."""
    expected = [
        tuple(pytest.approx(value, rel=1e-9) if isinstance(value, float) else value for value in row)
        for row in sorted(theirs)
    ]
    assert expected
    assert sorted(ours) == expected


def case_name(case: Case) -> str:
    """Which case this is, in the list of tests."""
    return f"{case.venue} {case.fixture} {case.call[0]}"


@pytest.mark.parametrize("case", CASES, ids=case_name)
async def test_a_body_says_the_same_to_both(case: Case) -> None:
    """Every kind of fact that ccxt reads out of a body is the same fact for us."""
    body = sample(f"{case.venue}/{case.fixture}")
    other = ccxt_side.exchange(CCXT_NAMES.get(case.venue, case.venue), of.CONTRACTS[case.venue])
    method, *words = case.call
    symbol = other.market(case.symbol)["symbol"] if case.symbol else ""
    rows = await ccxt_side.asked(other, body, method, *([symbol] if symbol else []), *words)
    theirs = corrected(case.venue, other, rows, case.told, symbol)
    await other.close()
    parsed = part_of(case.venue, case.part).parse(body, known_to_both(case.venue), AFTER_MS, case.symbol)
    kinds = {row[0] for row in theirs}
    agree([brief(fact) for fact in parsed.facts if fact.__struct_config__.tag in kinds], theirs)


def frames_of(venue: str) -> list[bytes]:
    """The fixtures that are frames of closures."""
    found = [body for name, body in fixtures(venue).items() if "/closure_" in name or "/liquidation_" in name]
    return [body for body in found if body.startswith(b"{")]


def single(frame: bytes) -> Iterator[bytes]:
    """Frames of one closure each: of all closures of a contract in a frame of OKX, ccxt keeps the first."""
    told = msgspec.json.decode(frame)
    if not isinstance(told.get("data"), list) or "details" not in told["data"][0]:
        yield frame
        return
    for contract in told["data"]:
        for detail in contract["details"]:
            yield msgspec.json.encode(told | {"data": [contract | {"details": [detail]}]})


@pytest.mark.parametrize(
    ("venue", "told"),
    [("binance", of.closures), ("okx", of.closures), ("bybit", of.closed_positions)],
)
async def test_frames_say_the_same_to_both(venue: str, told: Any) -> None:
    """Side, coins, dollars and price of every closure are the same, linear, inverse, multiplied and in contracts."""
    other = ccxt_side.exchange(CCXT_NAMES.get(venue, venue), of.CONTRACTS[venue])
    hear, instruments = ccxt_side.socket(other).handle_text_or_binary_message, known_to_both(venue)
    parse = next(part.parse for part in parts(PERP[venue]) if part.streamed)
    facts: list[Fact] = []
    for frame in frames_of(venue):
        facts += parse(frame, instruments, AFTER_MS, "").facts
        for one in single(frame):
            hear(one.decode())
    theirs = corrected(venue, other, other.liquidations, told, "")
    await other.close()
    agree(map(brief, facts), theirs)
