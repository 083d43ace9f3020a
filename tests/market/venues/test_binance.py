from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from bot.errors import VenueError
from bot.market.venues import binance, binance_spot
from bot.market.venues.symbols import leaders
from bot.market.venues.venue import Instrument, Known, Parse, Past, Request
from tests.market.venues.samples import BAD_NUMBERS, RUBBISH, changed, facts, near, sample

T = 1_773_000_001_000
AT = 1_773_000_000_000
HOUR_MS = 3_600_000
LISTED = binance.parse_instruments(sample("binance/contracts_all"), T)
KNOWN = binance.parse_terms(sample("binance/terms_all"), LISTED)
LEADERS = leaders(KNOWN)
SPOT = binance_spot.parse_instruments(sample("binance_spot/pairs_all"), T)
PAST = {past.name: past for past in binance.VENUE.past}
EVERY_PARSER: list[Parse] = [
    *(poll.parse for poll in binance.VENUE.polls + binance_spot.VENUE.polls),
    *(past.parse for past in binance.VENUE.past),
]


def test_contracts() -> None:
    """Perpetuals of coins in coins; dated ones, shares, metals, indices, dollars and halted ones are left out."""
    listed = 1_660_000_000_000
    assert {
        "BTCUSDT": Instrument("BTCUSDT", "BTC", "USDT", coins_per_unit=1.0, listed_ms=listed),
        "BTCUSDC": Instrument("BTCUSDC", "BTC", "USDC", coins_per_unit=1.0, listed_ms=listed),
        "AVAXUSDT": Instrument("AVAXUSDT", "AVAX", "USDT", coins_per_unit=1.0, listed_ms=listed),
        "1000BONKUSDT": Instrument("1000BONKUSDT", "BONK", "USDT", 1000.0, multiplier=1000.0, listed_ms=listed),
        "1MBABYDOGEUSDT": Instrument("1MBABYDOGEUSDT", "BABYDOGE", "USDT", 1e6, multiplier=1e6, listed_ms=listed),
    } == LISTED


def test_terms() -> None:
    """Adjusted contracts have their own interval, cap and floor; one that is not listed pays every 8 hours."""
    terms = {symbol: (one.funding_h, one.funding_cap, one.funding_floor) for symbol, one in KNOWN.items()}
    assert terms["AVAXUSDT"] == (4.0, 0.02, -0.02)
    assert terms["1000BONKUSDT"] == (1.0, 0.03, -0.03)
    assert terms["BTCUSDT"] == (8.0, None, None)


@pytest.mark.parametrize("spoilt", [*BAD_NUMBERS, 48])
def test_terms_that_cannot_be_read_are_not_guessed(spoilt: object) -> None:
    """A contract whose interval is unreadable has none, so that its rate is not taken for eight hours."""

    def change(body: Any) -> None:
        body[0]["fundingIntervalHours"] = spoilt

    terms = binance.parse_terms(changed("binance/terms_all", change), LISTED)
    assert terms["AVAXUSDT"].funding_h is None
    assert terms["1000BONKUSDT"].funding_h == 1.0


def test_premium() -> None:
    """Mark, index and running rate of each leading contract, with the interval and the bounds of its terms."""
    told = facts(binance.parse_premium(sample("binance/premium_all"), LEADERS, T, ""))
    common = {"t": T, "venue": "binance", "at": AT}
    running = {"kind": "funding", "settled": False, "interest": 0.0001} | common
    assert told == [
        near(kind="mark", base="BTC", price=70250.5, **common),
        near(kind="index", base="BTC", price=70280.1, **common),
        near(base="BTC", rate=0.000062, interval_h=8.0, next_t=AT + 4 * HOUR_MS, **running),
        near(kind="mark", base="AVAX", price=21.344, **common),
        near(kind="index", base="AVAX", price=21.35, **common),
        near(base="AVAX", rate=-0.00031, interval_h=4.0, next_t=AT + 4 * HOUR_MS, cap=0.02, floor=-0.02, **running),
        near(kind="mark", base="BONK", price=0.0000225, **common),
        near(kind="index", base="BONK", price=0.00002251, **common),
        near(base="BONK", rate=0.00005, interval_h=1.0, next_t=AT + HOUR_MS, cap=0.03, floor=-0.03, **running),
    ]


def test_without_terms_no_rate_is_told() -> None:
    """Before the terms are read the interval is unknown, and a rate without one would be wrong by up to eight times."""
    told = facts(binance.parse_premium(sample("binance/premium_all"), LISTED, T, ""))
    assert {fact["kind"] for fact in told} == {"mark", "index"}


@pytest.mark.parametrize("blank", ["", None, "0", 0, "0.00000000"])
def test_what_is_not_told_is_missing(blank: object) -> None:
    """An empty rate and a zero price or payment time are missing, and the rest of the row is kept."""

    def change(body: Any) -> None:
        body[1]["indexPrice"] = "0.00000000"
        body[1]["lastFundingRate"] = ""
        body[0]["nextFundingTime"] = blank if blank != "0.00000000" else ""

    told = facts(binance.parse_premium(changed("binance/premium_all", change), LEADERS, T, ""))
    assert [fact["kind"] for fact in told if fact["base"] == "AVAX"] == ["mark"]
    assert ["next_t" in fact for fact in told if fact["base"] == "BTC"] == [False, False, False]


def test_open_interest() -> None:
    """Open interest of one contract in coins: 5,200,400 thousands of BONK."""
    told = facts(binance.parse_open_interest(sample("binance/oi_one"), KNOWN, T, "1000BONKUSDT"))
    assert told == [near(kind="oi", t=T, venue="binance", base="BONK", coins=5_200_400_000.0, at=AT)]


def test_open_interest_is_asked_for_in_turns() -> None:
    """The 30 most traded contracts are asked for every round, each of the others once in four, none beyond 300."""
    many = {f"C{place}USDT": Instrument(f"C{place}USDT", f"C{place}", "USDT", 1.0) for place in range(400)}
    rounds = [[call.symbol for call in binance.open_interest_requests(many, turn)] for turn in range(4)]
    assert all(asked[:30] == list(many)[:30] for asked in rounds)
    others = [symbol for asked in rounds for symbol in asked[30:]]
    assert sorted(others) == sorted(list(many)[30:300])
    assert max(len(asked) for asked in rounds) * 4 <= 400  # a minute, of 2,400


def test_turnover() -> None:
    """Dollars of the last day of contracts that are ours."""
    told = facts(binance.parse_turnover(sample("binance/day_all"), LEADERS, T, ""))
    assert told == [
        near(kind="turnover", t=T, venue="binance", base="BTC", market="perp", usd=15_230_400_100.75, at=AT),
        near(kind="turnover", t=T, venue="binance", base="AVAX", market="perp", usd=403_102_208.8, at=AT),
    ]


def test_spot_turnover() -> None:
    """The same of spot pairs against dollars; a pair against BTC is passed over."""
    told = facts(binance_spot.parse_turnover(sample("binance_spot/day_all"), SPOT, T, ""))
    assert told == [
        near(kind="turnover", t=T, venue="binance", base="BTC", market="spot", usd=2_110_400_300.25, at=AT),
        near(kind="turnover", t=T, venue="binance", base="AVAX", market="spot", usd=40_310_220.8, at=AT),
    ]


def test_spot_pairs() -> None:
    """Pairs against dollars that trade, multiplied ones by their coin."""
    assert {symbol: (one.base, one.multiplier) for symbol, one in SPOT.items()} == {
        "BTCUSDT": ("BTC", 1.0),
        "AVAXUSDT": ("AVAX", 1.0),
        "1000SATSUSDT": ("SATS", 1000.0),
    }


def test_bars() -> None:
    """A bar is known at its end, with what takers bought of it; one that goes on is left out."""
    body = sample("binance/bars_1h")
    first = near(
        kind="bar", t=AT - HOUR_MS, venue="binance", base="AVAX", market="perp", span_s=3600,
        open=21.31, high=21.44, low=21.29, close=21.4, volume=190_410.2, taker_buy=80_100.1,
    )  # fmt: skip
    second = near(
        kind="bar", t=AT, venue="binance", base="AVAX", market="perp", span_s=3600,
        open=21.4, high=21.405, low=21.21, close=21.23, volume=240_120.8, taker_buy=101_020.5,
    )  # fmt: skip
    parse = PAST["1h bars"].parse
    assert facts(parse(body, KNOWN, AT, "AVAXUSDT")) == [first, second]
    assert facts(parse(body, KNOWN, AT - 1, "AVAXUSDT")) == [first]


def test_spot_bars_are_of_the_spot_market() -> None:
    """Bars of the spot host say so, by the minute."""
    (parse,) = [poll.parse for poll in binance_spot.VENUE.polls if poll.name == "bars"]
    told = facts(parse(sample("binance_spot/bars_1m"), SPOT, T, "AVAXUSDT"))
    assert [(fact["market"], fact["span_s"], fact["volume"]) for fact in told] == [
        ("spot", 60, 1410.2),
        ("spot", 60, 2210.0),
    ]


@pytest.mark.parametrize(
    ("place", "value"), [(2, "21.3"), (3, "21.5"), (9, "999999999"), (6, AT), (5, "-1"), (1, "nan"), (0, AT * 1000)]
)
def test_bars_that_contradict_themselves(place: int, value: object) -> None:
    """A high below the close, a low above it, more bought than traded, an odd span: only that bar is refused."""

    def change(body: Any) -> None:
        body[0][place] = value

    parsed = PAST["1h bars"].parse(changed("binance/bars_1h", change), KNOWN, T, "AVAXUSDT")
    assert (len(parsed.facts), len(parsed.refused)) == (1, 1)


def test_open_interest_past() -> None:
    """Coins and dollars every five minutes, known then; the time may come as a number or as a string."""
    told = facts(PAST["open interest"].parse(sample("binance/oi_history"), KNOWN, T, "AVAXUSDT"))
    assert told == [
        near(kind="oi", t=AT - 600_000, venue="binance", base="AVAX", coins=7_210_456.0, usd=153_904_172.6),
        near(kind="oi", t=AT - 300_000, venue="binance", base="AVAX", coins=7_198_000.5, usd=153_500_100.1),
    ]


def test_funding_past() -> None:
    """A payment is for the hours since the one before, here eight and then four."""
    told = facts(PAST["funding"].parse(sample("binance/funding_history"), KNOWN, T, "AVAXUSDT"))
    paid = {"kind": "funding", "venue": "binance", "base": "AVAX", "settled": True}
    assert told == [
        near(t=AT - 12 * HOUR_MS, rate=0.0001, interval_h=8.0, **paid),
        near(t=AT - 4 * HOUR_MS + 3, rate=-0.00021, interval_h=8.0, **paid),
        near(t=AT + 1, rate=-0.0012, interval_h=4.0, **paid),
    ]


def bounds(calls: list[Request]) -> list[tuple[int, int]]:
    """First and last moment of each call."""
    return [(int(call.params["startTime"]), int(call.params["endTime"])) for call in calls]


@pytest.mark.parametrize("past", binance.VENUE.past + binance_spot.VENUE.past, ids=lambda past: past.name)
def test_histories_are_asked_for_without_a_hole(past: Past) -> None:
    """Calls follow one another from the first moment to the last, each about the one contract."""
    calls = past.requests(LISTED["AVAXUSDT"], AT - 90 * 24 * HOUR_MS, AT)
    spans = bounds(calls)
    assert (spans[0][0], spans[-1][1]) == (AT - 90 * 24 * HOUR_MS, AT - 1)
    assert all(later[0] == earlier[1] + 1 for earlier, later in pairwise(spans))
    assert {(call.symbol, call.params["symbol"]) for call in calls} == {("AVAXUSDT", "AVAXUSDT")}


@pytest.mark.parametrize(
    ("fixture", "parse", "field"),
    [
        ("premium_all", binance.parse_premium, "markPrice"),
        ("premium_all", binance.parse_premium, "lastFundingRate"),
        ("day_all", binance.parse_turnover, "quoteVolume"),
    ],
)
@pytest.mark.parametrize("spoilt", BAD_NUMBERS)
def test_a_spoilt_row_costs_no_other(fixture: str, parse: Parse, field: str, spoilt: object) -> None:
    """The row with a value that cannot be is refused by its symbol, and the facts of all others are as without it."""

    def change(body: Any) -> None:
        body[0][field] = spoilt

    whole, parsed = (parse(body, LEADERS, T, "") for body in (sample(f"binance/{fixture}"), spoil(fixture, change)))
    assert [one.place.partition(".")[0] for one in parsed.refused] == ["BTCUSDT"]
    assert list(parsed.facts) == [fact for fact in whole.facts if fact.base != "BTC"]


def spoil(fixture: str, change: Callable[[Any], None]) -> bytes:
    """A fixture of this venue with something spoilt."""
    return changed(f"binance/{fixture}", change)


@pytest.mark.parametrize("field", ["symbol", "markPrice", "time"])
def test_a_row_without_a_field_is_refused(field: str) -> None:
    """A field that is missing is not made up."""
    parsed = binance.parse_premium(spoil("premium_all", lambda body: body[1].pop(field)), LEADERS, T, "")
    assert len(parsed.refused) == 1
    assert {fact.base for fact in parsed.facts} == {"BTC", "BONK"}


@pytest.mark.parametrize("body", [*RUBBISH, sample("binance/error")])
@pytest.mark.parametrize("parse", EVERY_PARSER)
def test_a_body_that_is_none(parse: Parse, body: bytes) -> None:
    """Nothing, a page, half a body, and the venue's own error end in `VenueError` with the beginning of what came."""
    with pytest.raises(VenueError) as caught:
        parse(body, KNOWN, T, "AVAXUSDT")
    assert str(caught.value).startswith("binance")


def weights(known: Known) -> float:
    """Weight of all polls in a minute."""
    rounds = [(poll.every_s, poll.requests(known, 0)) for poll in binance.VENUE.polls]
    return sum(sum(call.weight for call in calls) * 60 / every_s for every_s, calls in rounds)


def test_the_polls_stay_within_the_limit() -> None:
    """With 500 contracts all polls together use less than a third of the venue's budget."""
    many = {f"C{place}USDT": Instrument(f"C{place}USDT", f"C{place}", "USDT", 1.0) for place in range(500)}
    assert 400 < weights(many) < binance.VENUE.limits.weight / 3
