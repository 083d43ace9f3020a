from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from bot.errors import VenueError
from bot.market.venues import bybit, bybit_spot
from bot.market.venues.bybit_answer import next_page
from bot.market.venues.bybit_frames import CLOSURES, parse_closures
from bot.market.venues.bybit_past import parse_bars, parse_funding_past, parse_open_interest_past
from bot.market.venues.symbols import leaders
from bot.market.venues.venue import Instrument, Parse, Parsed, Past
from tests.market.venues.samples import BAD_NUMBERS, RUBBISH, changed, facts, near, sample

T = 1_773_000_001_000
AT = 1_773_000_000_000
HOUR_MS = 3_600_000
LINEAR = bybit.parse_instruments(sample("bybit/contracts_linear"), T)
INVERSE = bybit.parse_instruments(sample("bybit/contracts_inverse"), T)
KNOWN = LINEAR | INVERSE
LEADERS = leaders(KNOWN)
SPOT = bybit_spot.parse_instruments(sample("bybit_spot/pairs_all"), T)
HOURLY = partial(parse_bars, span_s=3600, market="perp")


def frame(name: str) -> Parsed:
    """What is made of a frame of the streams of closures."""
    return parse_closures(sample(f"bybit/{name}"), KNOWN, T, "")


def test_contracts() -> None:
    """Dollar-margined in coins, coin-margined in dollars; no coins, unlisted, dated, closed are left out."""
    terms: dict[str, Any] = {"listed_ms": 1_660_000_000_000, "funding_cap": 0.02, "funding_floor": -0.02}
    assert {
        "BTCUSDT": Instrument("BTCUSDT", "BTC", "USDT", 1.0, funding_h=8.0, **terms),
        "BTCPERP": Instrument("BTCPERP", "BTC", "USDC", 1.0, funding_h=8.0, **terms),
        "AVAXUSDT": Instrument("AVAXUSDT", "AVAX", "USDT", 1.0, funding_h=4.0, **terms),
        "1000BONKUSDT": Instrument("1000BONKUSDT", "BONK", "USDT", 1e3, multiplier=1e3, funding_h=8.0, **terms),
        "SHIB1000USDT": Instrument("SHIB1000USDT", "SHIB", "USDT", 1e3, multiplier=1e3, funding_h=8.0, **terms),
        "BTCUSD": Instrument("BTCUSD", "BTC", "USD", usd_per_unit=1.0, funding_h=8.0, **terms),
        "EOSUSD": Instrument("EOSUSD", "EOS", "USD", usd_per_unit=1.0, funding_h=8.0, **terms),
    } == KNOWN


def test_the_dollar_margined_contract_leads() -> None:
    """BTC is told by its USDT contract; a coin that has only a coin-margined one is told by that."""
    assert set(LEADERS) == {"BTCUSDT", "AVAXUSDT", "1000BONKUSDT", "SHIB1000USDT", "EOSUSD"}


def test_tickers() -> None:
    """Everything of a dollar-margined contract; open interest of one side, halved where only both sides are told."""
    told = facts(bybit.parse_tickers(sample("bybit/tickers_linear"), LEADERS, T, ""))
    common = {"t": T, "venue": "bybit", "at": AT + 100}
    running = {"kind": "funding", "settled": False} | common
    assert told == [
        near(kind="turnover", base="AVAX", market="perp", usd=40_310_220.8, **common),
        near(kind="index", base="AVAX", price=21.35, **common),
        near(kind="mark", base="AVAX", price=21.344, **common),
        near(kind="oi", base="AVAX", coins=901_155.2, usd=901_155.2 * 21.344, **common),
        near(base="AVAX", rate=-0.00031, interval_h=4.0, next_t=AT + 4 * HOUR_MS, cap=0.02, floor=-0.02, **running),
        near(kind="turnover", base="BONK", market="perp", usd=9_100_200.5, **common),
        near(kind="index", base="BONK", price=0.00002251, **common),
        near(kind="mark", base="BONK", price=0.0000225, **common),
        near(kind="oi", base="BONK", coins=5_200_400_000.0, usd=117_009.0, **common),
        near(base="BONK", rate=0.00005, interval_h=1.0, next_t=AT + 4 * HOUR_MS, cap=0.03, floor=-0.03, **running),
    ]


def test_tickers_of_coin_margined_contracts() -> None:
    """Sizes are dollars: a million at half a dollar are two million coins; the day's volume is dollars too."""
    told = facts(bybit.parse_tickers(sample("bybit/tickers_inverse"), LEADERS, T, ""))
    common = {"t": T, "venue": "bybit", "base": "EOS", "at": AT + 100}
    assert told[0] == near(kind="turnover", market="perp", usd=400_000.0, **common)
    assert told[3] == near(kind="oi", coins=2_000_000.0, usd=1_000_000.0, **common)
    assert (told[4]["cap"], told[4]["floor"]) == (0.02, -0.02)  # of the contract, since the row tells none


@pytest.mark.parametrize("field", ["fundingRate", "singleOpenInterest", "markPrice", "turnover24h", "nextFundingTime"])
@pytest.mark.parametrize("spoilt", BAD_NUMBERS)
def test_a_spoilt_row_costs_no_other(field: str, spoilt: object) -> None:
    """The row with a value that cannot be is refused by its symbol, and all facts of the other are kept."""

    def change(body: Any) -> None:
        body["result"]["list"][0][field] = spoilt

    parsed = bybit.parse_tickers(changed("bybit/tickers_linear", change), LEADERS, T, "")
    assert [one.place.partition(".")[0] for one in parsed.refused] == ["AVAXUSDT"]
    assert [fact.base for fact in parsed.facts] == ["BONK"] * 5


@pytest.mark.parametrize(("field", "kind"), [("fundingRate", "funding"), ("nextFundingTime", None)])
@pytest.mark.parametrize("blank", ["", None])
def test_what_is_not_told_is_missing(field: str, kind: str | None, blank: object) -> None:
    """An empty rate gives no rate, an empty time no time, and neither is taken for zero."""

    def change(body: Any) -> None:
        body["result"]["list"][0][field] = blank

    told = facts(bybit.parse_tickers(changed("bybit/tickers_linear", change), LEADERS, T, ""))
    of_coin = [fact for fact in told if fact["base"] == "AVAX"]
    assert [fact["kind"] for fact in of_coin] == [
        one for one in ("turnover", "index", "mark", "oi", "funding") if one != kind
    ]
    assert kind or "next_t" not in of_coin[-1]


def test_a_row_without_open_interest_is_refused() -> None:
    """Neither figure told is not an open interest of zero."""

    def change(body: Any) -> None:
        del body["result"]["list"][1]["openInterest"]

    parsed = bybit.parse_tickers(changed("bybit/tickers_linear", change), LEADERS, T, "")
    assert [tuple(one) for one in parsed.refused] == [("1000BONKUSDT", "no open interest is told")]


def test_bars() -> None:
    """Bars come newest first and leave oldest first, known at their end; one that goes on is left out."""
    body = sample("bybit/bars_1h")
    first = near(
        kind="bar", t=AT - HOUR_MS, venue="bybit", base="AVAX", market="perp", span_s=3600,
        open=21.31, high=21.44, low=21.29, close=21.4, volume=190_410.2,
    )  # fmt: skip
    assert facts(HOURLY(body, KNOWN, T, "AVAXUSDT"))[0] == first
    assert [fact["t"] for fact in facts(HOURLY(body, KNOWN, T, "AVAXUSDT"))] == [AT - HOUR_MS, AT]
    assert facts(HOURLY(body, KNOWN, AT - 1, "AVAXUSDT")) == [first]


def test_bars_of_coin_margined_contracts() -> None:
    """Their volume is dollars and their turnover coins: the bar holds the coins."""
    (told,) = facts(HOURLY(sample("bybit/bars_inverse"), KNOWN, T, "BTCUSD"))
    assert told["volume"] == 500.25


def test_open_interest_past() -> None:
    """One side in coins, halved where only both are told; coin-margined in dollars, as no price is told."""
    body = sample("bybit/oi_history")
    common = {"kind": "oi", "venue": "bybit"}
    assert facts(parse_open_interest_past(body, KNOWN, T, "AVAXUSDT")) == [
        near(t=AT - 600_000, base="AVAX", coins=900_000.0, **common),
        near(t=AT - 300_000, base="AVAX", coins=901_155.2, **common),
    ]
    assert facts(parse_open_interest_past(body, KNOWN, T, "EOSUSD")) == [
        near(t=AT - 600_000, base="EOS", usd=900_000.0, **common),
        near(t=AT - 300_000, base="EOS", usd=901_155.2, **common),
    ]


def test_funding_past() -> None:
    """Payments leave oldest first, each for the hours since the one before."""
    told = facts(parse_funding_past(sample("bybit/funding_history"), KNOWN, T, "AVAXUSDT"))
    assert [(fact["t"], fact["rate"], fact["interval_h"], fact["settled"]) for fact in told] == [
        (AT - 12 * HOUR_MS, 0.0002, 8.0, True),
        (AT - 4 * HOUR_MS, 0.0001, 8.0, True),
        (AT, -0.00021, 4.0, True),
    ]


@pytest.mark.parametrize("past", bybit.VENUE.past + bybit_spot.VENUE.past, ids=lambda past: past.name)
@pytest.mark.parametrize(("symbol", "category"), [("AVAXUSDT", "linear"), ("BTCUSD", "inverse")])
def test_histories_are_asked_for_without_a_hole(past: Past, symbol: str, category: str) -> None:
    """Calls follow one another from the first moment to the last, of the contract's category or of spot."""
    calls = past.requests(KNOWN[symbol], AT - 30 * 24 * HOUR_MS, AT)
    first, last = ("start", "end") if past.feed == "bar" else ("startTime", "endTime")
    spans = [(int(call.params[first]), int(call.params[last])) for call in calls]
    assert (spans[0][0], spans[-1][1]) == (AT - 30 * 24 * HOUR_MS, AT - 1)
    assert all(later[0] == earlier[1] + 1 for earlier, later in pairwise(spans))
    wanted = "spot" if past in bybit_spot.VENUE.past else category
    assert {(call.symbol, call.params["category"]) for call in calls} == {(symbol, wanted)}


def test_spot() -> None:
    """Spot pairs against dollars that trade, and their day's dollars."""
    assert set(SPOT) == {"BTCUSDT", "AVAXUSDT"}
    told = facts(bybit_spot.parse_turnover(sample("bybit_spot/tickers_all"), SPOT, T, ""))
    assert [(fact["base"], fact["market"], fact["usd"]) for fact in told] == [
        ("BTC", "spot", 801_200_300.5),
        ("AVAX", "spot", 9_310_220.8),
    ]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        # The side is that of the position: Buy was a long. 96.4 coins at 21.118.
        ("closure_long", [("AVAX", "long", 21.118, 96.4, 2035.7752)]),
        ("closure_short", [("BONK", "short", 0.0000225, 90_000_000.0, 2025.0)]),
        # 35,000 dollars at 70,000: half a coin, not 2.45 billion dollars.
        ("closure_inverse", [("BTC", "long", 70_000.0, 0.5, 35_000.0)]),
        (
            "closure_batch",
            [
                ("AVAX", "long", 21.1, 10.0, 211.0),
                ("AVAX", "long", 21.0, 20.0, 420.0),
                ("AVAX", "short", 21.2, 5.0, 106.0),
            ],
        ),
    ],
)
def test_closures(name: str, rows: list[tuple[str, str, float, float, float]]) -> None:
    """Every closure of a batch with the side of the position, its coins and its dollars."""
    assert facts(frame(name)) == [
        near(
            kind="liquidation", t=T, venue="bybit", at=AT + 310 + place,
            base=base, side=side, price=price, coins=coins, usd=usd,
        )
        for place, (base, side, price, coins, usd) in enumerate(rows)
    ]  # fmt: skip


def test_frames_that_are_no_closures() -> None:
    """Answers to pings and subscriptions are told apart, and another topic is refused by its name."""
    assert frame("frame_ack").control == "ack"
    assert frame("frame_pong").control == "pong"
    assert (frame("frame_error").control, "handler not found" in frame("frame_error").said) == ("error", True)
    assert [tuple(one) for one in frame("frame_other").refused] == [("tickers.AVAXUSDT", "not a closure")]


@pytest.mark.parametrize("field", ["p", "v", "T", "S"])
@pytest.mark.parametrize("spoilt", [*BAD_NUMBERS, "", None])
def test_a_spoilt_closure_costs_no_other(field: str, spoilt: object) -> None:
    """A closure with a value that cannot be is refused by contract and field; the rest of the batch is counted."""

    def change(body: Any) -> None:
        body["data"][1][field] = spoilt

    parsed = parse_closures(changed("bybit/closure_batch", change), KNOWN, T, "")
    assert [one.place for one in parsed.refused] == [f"AVAXUSDT.{field}"]
    assert len(parsed.facts) == 2


@pytest.mark.parametrize("body", [b"", b"<html>403</html>", b'{"topic":"allLiquidation.AV', b"\xff\xfe", b"17"])
def test_a_frame_that_is_none(body: bytes) -> None:
    """A frame that was cut off or is no JSON object is an error; the connection decides what that means."""
    with pytest.raises(VenueError):
        parse_closures(body, KNOWN, T, "")


def test_subscriptions() -> None:
    """Each of the two connections asks for its own contracts, all of them, 50 at most in a frame."""
    many = {f"C{place}USDT": Instrument(f"C{place}USDT", f"C{place}", "USDT", 1.0) for place in range(120)} | INVERSE
    linear, inverse = ([msgspec.json.decode(text) for text in stream.subscribe(many)] for stream in CLOSURES)
    assert [len(asked["args"]) for asked in linear] == [50, 50, 20]
    assert [asked["args"] for asked in inverse] == [["allLiquidation.BTCUSD", "allLiquidation.EOSUSD"]]
    assert {asked["op"] for asked in linear + inverse} == {"subscribe"}


PARSERS: list[Parse] = [
    bybit.parse_tickers,
    bybit_spot.parse_turnover,
    parse_open_interest_past,
    parse_funding_past,
    HOURLY,
]


@pytest.mark.parametrize("body", [*RUBBISH, sample("bybit/error"), b'{"retCode":0,"result":{}}', b'{"retCode":0}'])
@pytest.mark.parametrize("parse", PARSERS)
def test_a_body_that_is_none(parse: Parse, body: bytes) -> None:
    """Nothing, a page, half a body, an answer without rows and the venue's own error end in `VenueError`."""
    with pytest.raises(VenueError) as caught:
        parse(body, KNOWN, T, "AVAXUSDT")
    assert str(caught.value).startswith("bybit")
    with pytest.raises(VenueError):
        bybit.parse_instruments(body, T)


def test_contracts_that_did_not_fit_are_asked_for() -> None:
    """A page with a cursor leads to the next one, as it stands when it is decoded; one without is the last."""
    request = bybit.VENUE.instruments[0]
    following = next_page(sample("bybit/contracts_page"), request)
    assert following is not None
    assert following.params == {**request.params, "cursor": "first=AVAXUSDT&last=BTCUSDT"}
    assert following._replace(params=request.params) == request
    assert next_page(sample("bybit/contracts_linear"), following) is None
    assert next_page(sample("bybit/contracts_page"), following) is None, "a cursor that leads to itself"
    empty = changed("bybit/contracts_page", lambda body: body["result"]["list"].clear())
    assert next_page(empty, request) is None


@pytest.mark.parametrize("body", [*RUBBISH, b'{"result":{"nextPageCursor":7}}', b'{"result":[]}'])
def test_a_page_that_is_none(body: bytes) -> None:
    """What cannot be read is no last page: the list is refused instead of cut."""
    with pytest.raises(VenueError):
        next_page(body, bybit.VENUE.instruments[0])


def test_an_error_of_the_venue_is_told() -> None:
    """What the venue says of a refused call reaches whoever reads the log."""
    with pytest.raises(VenueError, match=r"10006.*Too many visits"):
        bybit.parse_tickers(sample("bybit/error"), KNOWN, T, "")
