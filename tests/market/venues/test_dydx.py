from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from bot.errors import VenueError
from bot.market.venues import dydx
from bot.market.venues.dydx_frames import LIQUIDATIONS, parse_liquidations
from bot.market.venues.dydx_past import PAST, parse_candles, parse_open_interest_history, parse_payments
from bot.market.venues.venue import Instrument, Parse, Past
from tests.market.venues.samples import BAD_NUMBERS, RUBBISH, changed, facts, name_of, near, sample

T = 1_790_861_510_000
KNOWN = dydx.parse_instruments(sample("dydx/markets_all"), T)
HOURS = partial(parse_candles, span_s=3600)
EVERY_PARSER = [dydx.parse_markets, parse_liquidations, HOURS, parse_open_interest_history, parse_payments]


def test_instruments() -> None:
    """Sizes are coins; settled markets and tokens named by an address are left out."""
    assert {
        "BTC-USD": Instrument("BTC-USD", "BTC", "USD", coins_per_unit=1.0, funding_h=1.0),
        "ETH-USD": Instrument("ETH-USD", "ETH", "USD", coins_per_unit=1.0, funding_h=1.0),
    } == KNOWN


def test_markets() -> None:
    """The oracle price is the mark, no index stands beside it; the rate is hourly and paid at the next full hour."""
    running = {"kind": "funding", "interval_h": 1.0, "settled": False, "next_t": 1_790_863_200_000}
    btc = {"t": T, "venue": "dydx", "base": "BTC"}
    eth = btc | {"base": "ETH"}
    assert facts(dydx.parse_markets(sample("dydx/markets_all"), KNOWN, T, "")) == [
        near(kind="mark", price=64250.25, **btc),
        near(kind="oi", coins=512.25, usd=32_912_190.5625, **btc),
        near(rate=0.00000625, **running, **btc),
        near(kind="turnover", market="perp", usd=151_000_000.5, **btc),
        near(kind="mark", price=2510.75, **eth),
        near(kind="oi", coins=9120.5, usd=22_899_295.375, **eth),
        near(rate=-0.00002, **running, **eth),
        near(kind="turnover", market="perp", usd=52_000_000.0, **eth),
    ]


@pytest.mark.parametrize("nothing", ["", None])
def test_what_is_not_told_is_no_zero(nothing: object) -> None:
    """Empty and null fields give no fact."""
    fields = ("openInterest", "nextFundingRate", "volume24H")
    body = changed(
        "dydx/markets_all", lambda answer: answer["markets"]["BTC-USD"].update(dict.fromkeys(fields, nothing))
    )
    told = facts(dydx.parse_markets(body, {"BTC-USD": KNOWN["BTC-USD"]}, T, ""))
    assert [fact["kind"] for fact in told] == ["mark"]


def _closure(base: str, side: str, price: float, coins: float, usd: float, at: int) -> object:
    common = {"kind": "liquidation", "t": T, "venue": "dydx"}
    return near(base=base, side=side, price=price, coins=coins, usd=usd, at=at, **common)


def test_long_liquidated() -> None:
    """A liquidation that sells closes a long; the ordinary trade beside it is none."""
    assert facts(parse_liquidations(sample("dydx/liquidation_long"), KNOWN, T, "")) == [
        _closure("BTC", "long", 64111.0, 0.0125, 801.3875, 1_790_861_405_321)
    ]


def test_short_liquidated() -> None:
    """A liquidation that buys closes a short."""
    assert facts(parse_liquidations(sample("dydx/liquidation_short"), KNOWN, T, "")) == [
        _closure("ETH", "short", 2520.5, 3.5, 8821.75, 1_790_861_460_000)
    ]


def test_a_batch_loses_none() -> None:
    """Frames that the venue puts together give every closure of each."""
    assert facts(parse_liquidations(sample("dydx/liquidation_batch"), KNOWN, T, "")) == [
        _closure("ETH", "long", 2500.0, 1.0, 2500.0, 1_790_861_520_100),
        _closure("ETH", "long", 2499.0, 2.0, 4998.0, 1_790_861_520_200),
    ]


@pytest.mark.parametrize(
    ("case", "control", "said"),
    [
        ("connected", "pong", ""),
        ("snapshot", "ack", ""),
        ("error", "error", "Invalid subscription id for channel: (v4_trades-NOPE-USD)"),
    ],
)
def test_frames_that_hold_no_new_closure(case: str, control: str, said: str) -> None:
    """What happened before the subscription is not told again as new; errors come with the venue's words."""
    parsed = parse_liquidations(sample(f"dydx/liquidation_{case}"), KNOWN, T, "")
    assert (parsed.control, parsed.said, list(parsed.facts), list(parsed.refused)) == (control, said, [], [])


def test_an_unknown_frame_is_refused() -> None:
    """A frame of a new kind is named, so that a change of the venue does not stay unseen."""
    assert parse_liquidations(b'{"type":"news"}', KNOWN, T, "").refused == (("news", "no trades"),)


@pytest.mark.parametrize("bad", [*BAD_NUMBERS, "0", None, ""], ids=repr)
@pytest.mark.parametrize("field", ["price", "size"])
def test_a_bad_closure_costs_no_other(field: str, bad: object) -> None:
    """A trade with an impossible number is refused, the closures beside it are kept, in a batch too."""

    def spoil(frame: dict[str, Any]) -> None:
        frame["contents"][0]["trades"][0][field] = bad

    parsed = parse_liquidations(changed("dydx/liquidation_batch", spoil), KNOWN, T, "")
    assert [fact.at for fact in parsed.facts] == [1_790_861_520_200]
    assert [place.partition(".")[2] for place, _ in parsed.refused] == [field]


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("side", "sell"),
        ("createdAt", "2026-10-01T13:30:05.321"),
        ("createdAt", "0001-01-01T00:00:00Z"),
        ("createdAt", "9999-12-31T23:59:59-12:00"),
        ("createdAt", "yesterday"),
        ("createdAt", 0),
    ],
)
def test_a_closure_without_side_or_time_is_refused(field: str, bad: object) -> None:
    """A side in another spelling, a time without zone and one out of this century are refused, never guessed."""
    body = changed("dydx/liquidation_long", lambda frame: frame["contents"]["trades"][0].update({field: bad}))
    parsed = parse_liquidations(body, KNOWN, T, "")
    assert (list(parsed.facts), len(parsed.refused)) == ([], 1)


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=repr)
@pytest.mark.parametrize("field", ["oraclePrice", "openInterest", "volume24H"])
def test_a_bad_row_costs_no_other(field: str, bad: object) -> None:
    """A market with an impossible number is refused by name, and the one behind it is kept."""
    body = changed("dydx/markets_all", lambda answer: answer["markets"]["BTC-USD"].update({field: bad}))
    parsed = dydx.parse_markets(body, KNOWN, T, "")
    assert [fact.base for fact in parsed.facts] == ["ETH"] * 4
    assert [place.partition(".")[0] for place, _ in parsed.refused] == ["BTC-USD"]


@pytest.mark.parametrize("body", RUBBISH, ids=lambda body: repr(body[:12]))
@pytest.mark.parametrize("parse", EVERY_PARSER, ids=name_of)
def test_what_cannot_be_read_is_a_venue_error(parse: Parse, body: bytes) -> None:
    """HTML, half a body, no JSON and endless brackets end in the one error that is announced."""
    with pytest.raises(VenueError):
        parse(body, KNOWN, T, "BTC-USD")


def test_bars_of_the_past() -> None:
    """A bar is known at its end, its volume is coins, oldest first, and the one that goes on is left out."""
    common = {"kind": "bar", "venue": "dydx", "base": "BTC", "market": "perp", "span_s": 3600}
    assert facts(HOURS(sample("dydx/candles_1h"), KNOWN, T, "BTC-USD")) == [
        near(t=1_790_856_000_000, open=64100.0, high=64420.0, low=64010.0, close=64300.0, volume=310.25, **common),
        near(t=1_790_859_600_000, open=64300.0, high=64500.0, low=64200.0, close=64255.0, volume=120.5, **common),
    ]


def test_a_bad_bar_costs_no_other() -> None:
    """A low above the close is refused, and the other bar is kept."""
    body = changed("dydx/candles_1h", lambda answer: answer["candles"][1].update(low="64299"))
    parsed = HOURS(body, KNOWN, T, "BTC-USD")
    assert ([fact.t for fact in parsed.facts], len(parsed.refused)) == ([1_790_856_000_000], 1)


def test_open_interest_of_the_past() -> None:
    """Each bar tells the open interest it began with, in coins; one that does not is passed over."""
    body = changed("dydx/candles_1h", lambda answer: answer["candles"][1].pop("startingOpenInterest"))
    common = {"kind": "oi", "venue": "dydx", "base": "BTC"}
    assert facts(parse_open_interest_history(body, KNOWN, T, "BTC-USD")) == [
        near(t=1_790_852_400_000, coins=515.0, **common),
        near(t=1_790_859_600_000, coins=512.25, **common),
    ]


def test_settled_funding() -> None:
    """Payments are hourly, told oldest first, at the time of the block that paid them."""
    common = {"kind": "funding", "venue": "dydx", "base": "BTC", "settled": True, "interval_h": 1.0}
    assert facts(parse_payments(sample("dydx/funding_past"), KNOWN, T, "BTC-USD")) == [
        near(t=1_790_856_000_207, rate=-0.000003, **common),
        near(t=1_790_859_600_412, rate=0.0000125, **common),
    ]


@pytest.mark.parametrize("past", PAST[:3], ids=lambda past: past.name)
def test_calls_of_history_lie_end_to_end(past: Past) -> None:
    """Thirty days are asked for from the oldest on, each call beginning where the one before ended."""
    calls = past.requests(KNOWN["BTC-USD"], T - 30 * 86_400_000, T)
    assert calls[0].params["fromISO"] == "2026-09-01T13:31:50.000Z"
    assert calls[-1].params["toISO"] == "2026-10-01T13:31:50.000Z"
    assert all(one.params["toISO"] == later.params["fromISO"] for one, later in pairwise(calls))
    assert {call.symbol for call in calls} == {"BTC-USD"}


def test_payments_are_asked_for_backwards_from_the_end_of_each_page() -> None:
    """Five days are a page of a hundred hours and one of the twenty that are left."""
    calls = PAST[3].requests(KNOWN["BTC-USD"], T - 5 * 86_400_000, T)
    assert [(call.params["limit"], call.params["effectiveBeforeOrAt"]) for call in calls] == [
        (100, "2026-09-30T17:31:50.000Z"),
        (20, "2026-10-01T13:31:50.000Z"),
    ]


def test_each_market_is_subscribed() -> None:
    """Closures come with the trades of one market, so each is asked for, and a connection takes 32."""
    assert LIQUIDATIONS.subscribe(KNOWN) == [
        '{"type":"subscribe","channel":"v4_trades","id":"BTC-USD"}',
        '{"type":"subscribe","channel":"v4_trades","id":"ETH-USD"}',
    ]
    assert LIQUIDATIONS.most_topics == 32
