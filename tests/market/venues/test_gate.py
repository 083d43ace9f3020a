from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from bot.errors import VenueError
from bot.market.venues import gate
from bot.market.venues.gate_frames import LIQUIDATIONS, parse_liquidations
from bot.market.venues.gate_past import (
    PAST,
    parse_candles,
    parse_open_interest_history,
    parse_payments,
    parse_totals,
)
from bot.market.venues.venue import Instrument, Parse, Past
from tests.market.venues.samples import BAD_NUMBERS, RUBBISH, changed, facts, name_of, near, sample

T = 1_790_861_510_000
KNOWN = gate.parse_instruments(sample("gate/contracts_all"), T)
HOURS = partial(parse_candles, span_s=3600)
EVERY_PARSER = [
    gate.parse_swaps,
    gate.parse_turnover,
    parse_liquidations,
    parse_totals,
    parse_open_interest_history,
    HOURS,
    parse_payments,
]


def test_contracts() -> None:
    """A contract is worth its multiplier in coins; shares, and contracts before or after their trade, are left out."""
    btc = Instrument("BTC_USDT", "BTC", "USDT", coins_per_unit=0.0001, funding_h=8.0, listed_ms=1_574_035_200_000)
    pepe = Instrument("PEPE_USDT", "PEPE", "USDT", coins_per_unit=1e7, funding_h=4.0, listed_ms=1_683_014_400_000)
    assert {"BTC_USDT": btc, "PEPE_USDT": pepe} == KNOWN


@pytest.mark.parametrize(
    "change",
    [
        {"type": "inverse"},
        {"quanto_multiplier": "0"},
        {"quanto_multiplier": ""},
        {"name": "BTC_USD"},
        {"name": "USDC_USDT"},
        {"in_delisting": True},
        {"is_pre_market": True},
        {"status": "delisted"},
        {"contract_type": "metals"},
        {"create_time": 5},
        {"funding_interval": 864_000},
    ],
    ids=str,
)
def test_what_is_no_contract_of_ours(change: dict[str, Any]) -> None:
    """Coin-margined, worthless, ended, early and uncountable contracts, dollars and metals are left out."""
    body = changed("gate/contracts_all", lambda rows: rows[0].update(change))
    assert set(gate.parse_instruments(body, T)) == {"PEPE_USDT"}


def test_a_multiplied_coin_counts_its_coins() -> None:
    """A contract over 10 units of 1000CAT is 10,000 CAT, priced by the thousand."""
    change = {"name": "1000CAT_USDT", "quanto_multiplier": "10"}
    body = changed("gate/contracts_all", lambda rows: rows[0].update(change))
    cat = gate.parse_instruments(body, T)["1000CAT_USDT"]
    assert (cat.base, cat.coins(3, 64250.5), cat.usd(3, 2.0), cat.price(2.0)) == ("CAT", 30_000.0, 60.0, 0.002)


def test_swaps() -> None:
    """Contracts become coins and dollars, the running rate is the indicative one, its limit holds both ways."""
    common = {"t": T, "venue": "gate"}
    btc, pepe = common | {"base": "BTC"}, common | {"base": "PEPE"}
    running = {"kind": "funding", "settled": False, "next_t": 1_790_870_400_000}
    assert facts(gate.parse_swaps(sample("gate/contracts_all"), KNOWN, T, "")) == [
        near(kind="mark", price=64250.5, **btc),
        near(kind="index", price=64240.25, **btc),
        near(kind="oi", coins=5200.0, usd=334_102_600.0, **btc),
        near(rate=0.000125, interval_h=8.0, cap=0.003, floor=-0.003, **running, **btc),
        near(kind="mark", price=9.5e-6, **pepe),
        near(kind="index", price=9.6e-6, **pepe),
        near(kind="oi", coins=6.1e11, usd=5_795_000.0, **pepe),
        near(rate=-0.00045, interval_h=4.0, cap=0.02, floor=-0.02, **running, **pepe),
    ]


@pytest.mark.parametrize("nothing", ["", None])
def test_what_is_not_told_is_no_zero(nothing: object) -> None:
    """Empty and null fields give no fact; without a mark the coins of open interest are still known."""
    fields = ("mark_price", "index_price", "funding_rate_indicative", "funding_rate", "funding_rate_limit")
    body = changed("gate/contracts_all", lambda rows: rows[0].update(dict.fromkeys(fields, nothing)))
    parsed = gate.parse_swaps(body, {"BTC_USDT": KNOWN["BTC_USDT"]}, T, "")
    assert facts(parsed) == [near(kind="oi", t=T, venue="gate", base="BTC", coins=5200.0)]


def test_without_an_indicative_rate_the_current_one_runs() -> None:
    """The older field takes over where the venue leaves the newer one out, and zero is a rate like any other."""

    def spoil(rows: list[dict[str, Any]]) -> None:
        del rows[0]["funding_rate_indicative"]
        rows[1]["funding_rate_indicative"] = "0"

    told = facts(gate.parse_swaps(changed("gate/contracts_all", spoil), KNOWN, T, ""))
    assert [fact["rate"] for fact in told if fact["kind"] == "funding"] == [0.00008, 0.0]


def test_turnover() -> None:
    """Turnover is what was traded in USDT; a share is passed over."""
    common = {"kind": "turnover", "t": T, "venue": "gate", "market": "perp"}
    assert facts(gate.parse_turnover(sample("gate/tickers_all"), KNOWN, T, "")) == [
        near(base="BTC", usd=1_991_781_000.0, **common),
        near(base="PEPE", usd=8_550_000.0, **common),
    ]


def _closure(side: str, price: float, coins: float, usd: float, at: int, base: str = "BTC") -> object:
    return near(kind="liquidation", t=T, venue="gate", base=base, side=side, price=price, coins=coins, usd=usd, at=at)


def test_long_liquidated() -> None:
    """A positive size is a closed long; every closure of the second is taken, also parts of contracts sent as text."""
    assert facts(parse_liquidations(sample("gate/liquidation_long"), KNOWN, T, "")) == [
        _closure("long", 64110.5, 0.25, 16027.625, 1_790_861_405_123),
        _closure("long", 64108.0, 0.01205, 772.5014, 1_790_861_405_456),
    ]


def test_short_liquidated() -> None:
    """A negative size is a closed short, its contracts ten million coins each."""
    assert facts(parse_liquidations(sample("gate/liquidation_short"), KNOWN, T, "")) == [
        _closure("short", 9.7e-6, 4e8, 3880.0, 1_790_861_499_500, "PEPE"),
    ]


def test_seconds_of_older_frames() -> None:
    """A time in seconds, as before August 2026, is the same moment and not the year 1970."""
    body = changed("gate/liquidation_long", lambda frame: frame["result"][0].update(time=1_790_861_405))
    assert next(fact["at"] for fact in facts(parse_liquidations(body, KNOWN, T, ""))) == 1_790_861_405_000


@pytest.mark.parametrize(
    ("case", "control", "said"),
    [("ack", "ack", ""), ("pong", "pong", ""), ("error", "error", "unknown contract")],
)
def test_frames_that_hold_no_closure(case: str, control: str, said: str) -> None:
    """Pongs, acknowledgements and errors are known as such and hold no fact."""
    parsed = parse_liquidations(sample(f"gate/liquidation_{case}"), KNOWN, T, "")
    assert (parsed.control, parsed.said, list(parsed.facts), list(parsed.refused)) == (control, said, [], [])


@pytest.mark.parametrize("frame", [b'{"hello":1}', b'{"channel":"futures.tickers","event":"update","result":[]}'])
def test_an_unknown_frame_is_refused(frame: bytes) -> None:
    """A frame of another channel is named, so that a change of the venue does not stay unseen."""
    assert parse_liquidations(frame, KNOWN, T, "").refused


@pytest.mark.parametrize("bad", [*BAD_NUMBERS[:-2], 1e308, "0", None, ""], ids=repr)
@pytest.mark.parametrize("field", ["price", "size"])
def test_a_bad_closure_costs_no_other(field: str, bad: object) -> None:
    """A closure with an impossible number is refused by its contract; the one beside it is kept."""
    if (field, bad) == ("size", "-3"):
        bad = "-1e30"  # a negative size is a short
    body = changed("gate/liquidation_long", lambda frame: frame["result"][0].update({field: bad}))
    parsed = parse_liquidations(body, KNOWN, T, "")
    assert [fact.at for fact in parsed.facts] == [1_790_861_405_456]
    assert [place.partition(".")[0] for place, _ in parsed.refused] == ["BTC_USDT"]


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=repr)
@pytest.mark.parametrize("field", ["mark_price", "index_price", "position_size"])
def test_a_bad_row_costs_no_other(field: str, bad: object) -> None:
    """A contract with an impossible number is refused by name, and the one behind it is kept."""
    body = changed("gate/contracts_all", lambda rows: rows[0].update({field: bad}))
    parsed = gate.parse_swaps(body, KNOWN, T, "")
    assert [fact.base for fact in parsed.facts] == ["PEPE"] * 4
    assert [place for place, _ in parsed.refused] == [f"BTC_USDT.{field}"]


@pytest.mark.parametrize("body", RUBBISH, ids=lambda body: repr(body[:12]))
@pytest.mark.parametrize("parse", EVERY_PARSER, ids=name_of)
def test_what_cannot_be_read_is_a_venue_error(parse: Parse, body: bytes) -> None:
    """HTML, half a body, no JSON and endless brackets end in the one error that is announced."""
    with pytest.raises(VenueError):
        parse(body, KNOWN, T, "BTC_USDT")


def test_an_error_instead_of_rows_is_a_venue_error() -> None:
    """An answer that reports an error is no empty list of contracts, and its words are passed on."""
    with pytest.raises(VenueError, match="TOO_MANY_REQUESTS"):
        gate.parse_swaps(b'{"label":"TOO_MANY_REQUESTS","message":"slow down"}', KNOWN, T, "")


def test_liquidation_totals() -> None:
    """Totals of five minutes are known at their end; the running span is left out, a calm one is a true zero."""
    common = {"kind": "liquidations", "venue": "gate", "base": "BTC", "span_s": 300}
    assert facts(parse_totals(sample("gate/stats_5m"), KNOWN, T, "BTC_USDT")) == [
        near(t=1_790_861_100_000, long_usd=19260.75, short_usd=0.0, **common),
        near(t=1_790_861_400_000, long_usd=64.2, short_usd=1606.25, **common),
    ]


def test_totals_that_are_not_told_are_refused() -> None:
    """A row without one of its totals is refused, never taken as calm."""
    body = changed("gate/stats_5m", lambda rows: rows[0].update(long_liq_usd=None))
    parsed = parse_totals(body, KNOWN, T, "BTC_USDT")
    assert [fact.t for fact in parsed.facts] == [1_790_861_400_000]
    assert len(parsed.refused) == 1


def test_open_interest_of_the_past() -> None:
    """The statistics tell open interest in contracts, which become coins, known at the end of each span."""
    common = {"kind": "oi", "venue": "gate", "base": "BTC"}
    assert facts(parse_open_interest_history(sample("gate/stats_5m"), KNOWN, T, "BTC_USDT")) == [
        near(t=1_790_861_100_000, coins=5190.0, usd=333_458_000.0, **common),
        near(t=1_790_861_400_000, coins=5195.0, usd=333_800_000.0, **common),
    ]


def test_bars_of_the_past() -> None:
    """A bar is known at its end, its volume is coins, and the one that goes on is left out."""
    common = {"kind": "bar", "venue": "gate", "base": "BTC", "market": "perp", "span_s": 3600}
    assert facts(HOURS(sample("gate/candles_1h"), KNOWN, T, "BTC_USDT")) == [
        near(t=1_790_856_000_000, open=64100.0, high=64420.5, low=64010.0, close=64300.0, volume=120.0, **common),
        near(t=1_790_859_600_000, open=64300.0, high=64500.0, low=64200.0, close=64255.0, volume=80.0, **common),
    ]


def test_a_bar_that_contradicts_itself_is_refused() -> None:
    """A close above the high is refused, and the other bar is kept."""
    parsed = HOURS(changed("gate/candles_1h", lambda rows: rows[0].update(c="70000")), KNOWN, T, "BTC_USDT")
    assert (len(parsed.facts), len(parsed.refused)) == (1, 1)


def test_settled_funding() -> None:
    """Payments are told oldest first, four hours apart although the contract says eight now."""
    common = {"kind": "funding", "venue": "gate", "base": "BTC", "settled": True, "interval_h": 4.0}
    assert facts(parse_payments(sample("gate/funding_past"), KNOWN, T, "BTC_USDT")) == [
        near(t=1_790_812_800_000, rate=-0.00005, **common),
        near(t=1_790_827_200_000, rate=0.0004, **common),
        near(t=1_790_841_600_000, rate=0.00011, **common),
    ]


@pytest.mark.parametrize("past", PAST, ids=lambda past: past.name)
def test_calls_of_history_lie_end_to_end(past: Past) -> None:
    """Thirty days are asked for from the oldest on, each call beginning where the one before ended."""
    begin, end = (T - 30 * 86_400_000) // 3_600_000 * 3_600_000, T // 3_600_000 * 3_600_000
    calls = past.requests(KNOWN["BTC_USDT"], begin, end)
    starts = [int(call.params["from"]) for call in calls]
    assert starts[0] == begin // 1000
    if "to" in calls[0].params:
        assert [int(call.params["to"]) + 1 for call in calls] == [*starts[1:], end // 1000]
    else:
        assert all(later - one == 100 * 300 for one, later in pairwise(starts))
        assert starts[-1] + 300 * int(calls[-1].params["limit"]) == end // 1000
    assert {call.symbol for call in calls} == {"BTC_USDT"}


def test_one_subscription_carries_all_contracts() -> None:
    """The socket is asked once for all contracts, however many there are."""
    assert LIQUIDATIONS.subscribe(KNOWN) == [
        '{"time":1,"channel":"futures.public_liquidates","event":"subscribe","payload":["!all"]}'
    ]
