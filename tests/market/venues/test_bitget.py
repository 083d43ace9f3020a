from __future__ import annotations

from functools import partial

import pytest

from bot.errors import VenueError
from bot.market.venues import bitget
from bot.market.venues.bitget_frames import parse_liquidations
from bot.market.venues.bitget_past import PAST, parse_candles, parse_settled_funding
from bot.market.venues.venue import Instrument, Parse
from tests.market.venues.samples import BAD_NUMBERS, RUBBISH, changed, facts, name_of, near, sample

T = 1_773_000_001_000
AT = 1_773_000_000_290
KNOWN = bitget.parse_instruments(sample("bitget/contracts_all"), T)
PARSERS: tuple[Parse, ...] = (
    bitget.parse_tickers,
    bitget.parse_funding,
    parse_liquidations,
    partial(parse_candles, span_s=300),
    parse_settled_funding,
)


def test_contracts() -> None:
    """Perpetuals that trade are kept with their interval; shares, gold, dated, ended and odd contracts are left out."""
    assert {
        "ETHUSDT": Instrument("ETHUSDT", "ETH", "USDT", 1.0, funding_h=8.0, listed_ms=1_632_960_000_000),
        "1000BONKUSDT": Instrument("1000BONKUSDT", "BONK", "USDT", 1000.0, multiplier=1000.0, funding_h=4.0),
    } == KNOWN


def test_tickers() -> None:
    """One row tells mark, index, open interest in coins and turnover; what is empty is not told."""
    eth = {"t": T, "venue": "bitget", "base": "ETH", "at": AT}
    bonk = eth | {"base": "BONK"}
    assert facts(bitget.parse_tickers(sample("bitget/tickers_all"), KNOWN, T, "")) == [
        near(kind="mark", price=3125.4, **eth),
        near(kind="index", price=3126.2, **eth),
        near(kind="oi", coins=288000.5, usd=900_116_762.7, **eth),
        near(kind="turnover", market="perp", usd=2844000000.0, **eth),
        near(kind="mark", price=0.00002864, **bonk),
        near(kind="oi", coins=9e11, usd=25_776_000.0, **bonk),
        near(kind="turnover", market="perp", usd=4100000.0, **bonk),
    ]


def test_funding() -> None:
    """A rate has its own interval, and the contract's where the row tells none; limits that are empty are not told."""
    common = {"kind": "funding", "t": T, "venue": "bitget", "settled": False}
    assert facts(bitget.parse_funding(sample("bitget/funding_all"), KNOWN, T, "")) == [
        near(base="ETH", rate=0.000066, interval_h=8.0, next_t=1_773_014_400_000, cap=0.003, floor=-0.003, **common),
        near(base="BONK", rate=-0.0041, interval_h=4.0, **common),
    ]


def test_funding_without_an_interval_is_refused() -> None:
    """Where neither the row nor the contract tells an interval the rate is refused, not taken for 8 hours."""
    known = {"ETHUSDT": KNOWN["ETHUSDT"]._replace(funding_h=None)}
    body = changed("bitget/funding_all", lambda answer: answer["data"][0].pop("fundingRateInterval"))
    parsed = bitget.parse_funding(body, known, T, "")
    assert (list(parsed.facts), [place for place, _ in parsed.refused]) == ([], ["ETHUSDT"])


def _closure(side: str, price: float, coins: float, usd: float, base: str = "ETH") -> object:
    common = {"kind": "liquidation", "t": T, "venue": "bitget", "at": 1_773_000_000_075}
    return near(base=base, side=side, price=price, coins=coins, usd=usd, **common)


def test_long_liquidated() -> None:
    """Buy is the side of the position: a long; the amount is dollars, 4.2 ETH at 3,050.2."""
    assert facts(parse_liquidations(sample("bitget/liquidation_long"), KNOWN, T, "")) == [
        _closure("long", 3050.2, 4.2, 12810.84)
    ]


def test_short_liquidated() -> None:
    """Sell is a short."""
    assert facts(parse_liquidations(sample("bitget/liquidation_short"), KNOWN, T, "")) == [
        _closure("short", 3201.5, 2.0, 6403.0)
    ]


def test_many_in_one_frame() -> None:
    """Every row is taken; a price by the thousand is one coin's, and shares are passed over."""
    assert facts(parse_liquidations(sample("bitget/liquidation_many"), KNOWN, T, "")) == [
        _closure("long", 3050.2, 4.2, 12810.84),
        _closure("long", 0.000025, 2e7, 500.0, base="BONK"),
    ]


@pytest.mark.parametrize(
    ("case", "control", "said"),
    [("pong", "pong", ""), ("ack", "ack", ""), ("error", "error", "30001 Channel does not exist")],
)
def test_frames_that_hold_no_closure(case: str, control: str, said: str) -> None:
    """Pongs, acknowledgements and errors are known as such and hold no fact."""
    parsed = parse_liquidations(sample(f"bitget/liquidation_{case}"), KNOWN, T, "")
    assert (parsed.control, parsed.said, parsed.facts) == (control, said, ())


def test_an_unknown_frame_is_refused() -> None:
    """A frame that is neither closures nor an event is named, so that a change of the venue does not stay unseen."""
    assert parse_liquidations(b'{"hello":1}', KNOWN, T, "").refused


@pytest.mark.parametrize("bad", [*BAD_NUMBERS, "", None, "0"], ids=repr)
@pytest.mark.parametrize("field", ["price", "amount", "ts"])
def test_a_bad_closure_costs_no_other(field: str, bad: object) -> None:
    """A closure with an impossible number is refused by its contract and field; the one beside it is kept."""
    body = changed("bitget/liquidation_many", lambda frame: frame["data"][0].update({field: bad}))
    parsed = parse_liquidations(body, KNOWN, T, "")
    assert [fact.base for fact in parsed.facts] == ["BONK"]
    assert [refused.place for refused in parsed.refused] == [f"ETHUSDT.{field}"]


@pytest.mark.parametrize("side", ["long", "BUY", None, 5])
def test_a_closure_of_unknown_side_is_refused(side: object) -> None:
    """A side that the venue does not document is refused, never guessed."""
    body = changed("bitget/liquidation_long", lambda frame: frame["data"][0].update(side=side))
    parsed = parse_liquidations(body, KNOWN, T, "")
    assert (list(parsed.facts), len(parsed.refused)) == ([], 1)


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=repr)
@pytest.mark.parametrize("field", ["markPrice", "indexPrice", "holdingAmount", "usdtVolume"])
def test_a_bad_row_costs_no_other(field: str, bad: object) -> None:
    """A ticker with an impossible number is refused by its contract and field, and the row behind it is kept."""
    body = changed("bitget/tickers_all", lambda answer: answer["data"][0].update({field: bad}))
    parsed = bitget.parse_tickers(body, KNOWN, T, "")
    assert [fact.base for fact in parsed.facts] == ["BONK"] * 3
    assert [refused.place for refused in parsed.refused] == [f"ETHUSDT.{field}"]


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=repr)
def test_a_bad_rate_costs_no_other(bad: object) -> None:
    """A rate that cannot be one is refused, and the row behind it is kept."""
    body = changed("bitget/funding_all", lambda answer: answer["data"][0].update(fundingRate=bad))
    parsed = bitget.parse_funding(body, KNOWN, T, "")
    assert ([fact.base for fact in parsed.facts], len(parsed.refused)) == (["BONK"], 1)


@pytest.mark.parametrize("body", RUBBISH, ids=lambda body: repr(body[:12]))
@pytest.mark.parametrize("parse", PARSERS, ids=name_of)
def test_what_cannot_be_read_is_a_venue_error(parse: Parse, body: bytes) -> None:
    """HTML, half a body, no JSON and endless brackets end in the one error that is announced."""
    with pytest.raises(VenueError):
        parse(body, KNOWN, T, "ETHUSDT")


def test_a_refused_call_says_why() -> None:
    """An answer with an error code is an error with the venue's own words, not a body without rows."""
    with pytest.raises(VenueError, match="429: Too Many Requests"):
        bitget.parse_tickers(sample("bitget/answer_error"), KNOWN, T, "")


def test_bars() -> None:
    """A bar is known at its end, its volume is coins, and the one that goes on is left out."""
    common = {"kind": "bar", "venue": "bitget", "base": "ETH", "market": "perp", "span_s": 300}
    told = facts(parse_candles(sample("bitget/candles_5m"), KNOWN, T, "ETHUSDT", span_s=300))
    assert told == [
        near(t=1_772_999_700_000, open=3124.0, high=3126.1, low=3123.9, close=3125.4, volume=2010.0, **common),
        near(t=1_773_000_000_000, open=3125.4, high=3129.0, low=3120.5, close=3121.8, volume=5120.0, **common),
    ]


def test_settled_funding() -> None:
    """A payment is known when it was made, with the time since the one before as its interval."""
    common = {"kind": "funding", "venue": "bitget", "base": "ETH", "interval_h": 8.0, "settled": True}
    assert facts(parse_settled_funding(sample("bitget/funding_past"), KNOWN, T, "ETHUSDT")) == [
        near(t=1_772_956_800_000, rate=-0.00002, **common),
        near(t=1_772_985_600_000, rate=0.000064, **common),
    ]


def test_a_single_payment_is_refused() -> None:
    """One payment alone does not tell its interval, and where the contract tells none either, none is guessed."""
    body = changed("bitget/funding_past", lambda answer: answer["data"].pop())
    known = {"ETHUSDT": KNOWN["ETHUSDT"]._replace(funding_h=None)}
    parsed = parse_settled_funding(body, known, T, "ETHUSDT")
    assert (list(parsed.facts), len(parsed.refused)) == ([], 1)


def test_calls_for_bars_lie_end_to_end() -> None:
    """Three days of five-minute bars are five calls of at most two hundred rows."""
    calls = PAST[0].requests(KNOWN["ETHUSDT"], T - 3 * 86_400_000, T)
    spans = [(call.params["startTime"], call.params["endTime"]) for call in calls]
    assert (len(calls), spans[0][0], spans[-1][1]) == (5, T - 3 * 86_400_000, T)


def test_pages_of_funding_reach_back_far_enough() -> None:
    """Ten days are 240 payments at most, since none comes more often than hourly: three pages, the oldest first."""
    calls = PAST[-1].requests(KNOWN["1000BONKUSDT"], T - 10 * 86_400_000, T)
    assert [call.params["pageNo"] for call in calls] == ["3", "2", "1"]
