from __future__ import annotations

from functools import partial
from itertools import pairwise

import pytest

from bot.errors import VenueError
from bot.market.venues import okx
from bot.market.venues.okx_contracts import parse_instruments
from bot.market.venues.okx_frames import parse_liquidations
from bot.market.venues.okx_past import PAST, parse_candles, parse_open_interest_history, parse_settled_funding
from bot.market.venues.venue import Instrument, Parse, Parsed, Past
from tests.market.venues.samples import BAD_NUMBERS, RUBBISH, changed, facts, name_of, near, sample

T = 1_773_000_001_000
KNOWN = parse_instruments(sample("okx/contracts_all"), T)
LEADERS = {symbol: KNOWN[symbol] for symbol in ("ETH-USDT-SWAP", "PEPE-USDT-SWAP", "SOL-USDT-SWAP")}
PARSERS: dict[str, tuple[Parse, str]] = {
    "marks_all": (okx.parse_marks, "markPx"),
    "indices_all": (okx.parse_indices, "idxPx"),
    "interest_all": (okx.parse_open_interest, "oiCcy"),
    "funding_all": (okx.parse_funding, "fundingRate"),
    "tickers_all": (okx.parse_turnover, "last"),
}
EVERY_PARSER = [
    *(parse for parse, _ in PARSERS.values()),
    parse_open_interest_history,
    partial(parse_candles, span_s=300),
    parse_settled_funding,
    parse_liquidations,
]


def test_contracts() -> None:
    """A contract is worth its coins or dollars; shares, metals, dollars, unlisted and odd contracts are left out."""
    listed = 1_611_907_686_000
    assert {
        "ETH-USDT-SWAP": Instrument("ETH-USDT-SWAP", "ETH", "USDT", coins_per_unit=0.1, listed_ms=listed),
        "ETH-USDC-SWAP": Instrument("ETH-USDC-SWAP", "ETH", "USDC", coins_per_unit=0.001, listed_ms=listed),
        "ETH-USD-SWAP": Instrument("ETH-USD-SWAP", "ETH", "USD", usd_per_unit=10.0, listed_ms=listed),
        "PEPE-USDT-SWAP": Instrument("PEPE-USDT-SWAP", "PEPE", "USDT", coins_per_unit=1e7),
        "SOL-USDT-SWAP": Instrument("SOL-USDT-SWAP", "SOL", "USDT", coins_per_unit=1.0, listed_ms=listed),
    } == KNOWN


def test_marks() -> None:
    """Marks come with the venue's time; an empty one is not told, and a contract that does not lead is passed over."""
    assert facts(okx.parse_marks(sample("okx/marks_all"), LEADERS, T, "")) == [
        near(kind="mark", t=T, venue="okx", base="ETH", price=3125.4, at=1_773_000_000_120),
        near(kind="mark", t=T, venue="okx", base="PEPE", price=9.12e-6, at=1_773_000_000_118),
    ]


def test_indices() -> None:
    """An index is named as a pair and belongs to the swap of that pair."""
    assert facts(okx.parse_indices(sample("okx/indices_all"), LEADERS, T, "")) == [
        near(kind="index", t=T, venue="okx", base="ETH", price=3126.1, at=1_773_000_000_095),
    ]


def test_open_interest() -> None:
    """Open interest is the coins and the dollars of the venue, not its contracts; empty dollars are not told."""
    assert facts(okx.parse_open_interest(sample("okx/interest_all"), LEADERS, T, "")) == [
        near(kind="oi", t=T, venue="okx", base="ETH", coins=441000.0, usd=1378301400.0, at=1_773_000_000_410),
        near(kind="oi", t=T, venue="okx", base="PEPE", coins=7.1e11, at=1_773_000_000_405),
    ]


def test_funding() -> None:
    """The interval is what lies between the next two payments; a rate without one is refused, not taken for 8 hours."""
    parsed = okx.parse_funding(sample("okx/funding_all"), LEADERS, T, "")
    assert [(place, reason) for place, reason in parsed.refused] == [("SOL-USDT-SWAP", "the interval is not told")]
    limits = {"cap": 0.00375, "floor": -0.00375, "interest": 0.0001}
    common = {"kind": "funding", "t": T, "venue": "okx", "settled": False, "at": 1_773_000_000_800} | limits
    assert facts(Parsed(parsed.facts)) == [
        near(base="ETH", rate=0.000071, interval_h=8.0, next_t=1_773_014_400_000, **common),
        near(base="PEPE", rate=-0.0021, interval_h=1.0, next_t=1_773_003_600_000, **common),
    ]


def test_turnover() -> None:
    """Turnover is contracts times their size times the last price: 18.2 million tenths of ETH at 3,125.9."""
    assert facts(okx.parse_turnover(sample("okx/tickers_all"), LEADERS, T, "")) == [
        near(kind="turnover", t=T, venue="okx", base="ETH", market="perp", usd=5_689_138_000.0, at=1_773_000_000_330),
    ]


def _closure(side: str, price: float, coins: float, usd: float, at: int, base: str = "ETH") -> object:
    return near(kind="liquidation", t=T, venue="okx", base=base, side=side, price=price, coins=coins, usd=usd, at=at)


def test_long_liquidated() -> None:
    """A closed long position is a long, in coins of the contract: 42 tenths of ETH."""
    assert facts(parse_liquidations(sample("okx/liquidation_long"), KNOWN, T, "")) == [
        _closure("long", 3050.2, 4.2, 12810.84, 1_773_000_000_075)
    ]


def test_short_liquidated() -> None:
    """A closed short position is a short."""
    assert facts(parse_liquidations(sample("okx/liquidation_short"), KNOWN, T, "")) == [
        _closure("short", 3201.5, 0.8, 2561.2, 1_773_000_000_075)
    ]


def test_net_positions_are_told_by_their_order() -> None:
    """Without a side of the position the order tells it: selling closes a long, buying closes a short."""
    assert facts(parse_liquidations(sample("okx/liquidation_net"), KNOWN, T, "")) == [
        _closure("long", 3049.0, 0.5, 1524.5, 1_773_000_000_075),
        _closure("short", 3202.25, 0.6, 1921.35, 1_773_000_000_076),
    ]


def test_every_detail_of_every_contract_is_taken() -> None:
    """One frame holds many closures; none is lost, coin-margined ones are dollars, shares are passed over."""
    assert facts(parse_liquidations(sample("okx/liquidation_many"), KNOWN, T, "")) == [
        _closure("long", 3050.2, 4.2, 12810.84, 1_773_000_000_075),
        _closure("long", 3049.9, 1.3, 3964.87, 1_773_000_000_080),
        _closure("short", 3201.5, 0.8, 2561.2, 1_773_000_000_090),
        _closure("long", 9.1e-6, 3e7, 273.0, 1_773_000_000_091, base="PEPE"),
        _closure("long", 3051.0, 2000 / 3051, 2000.0, 1_773_000_000_092),
    ]


@pytest.mark.parametrize(
    ("case", "control", "said"),
    [("pong", "pong", ""), ("ack", "ack", ""), ("error", "error", "60012 Invalid"), ("notice", "error", "64008 The")],
)
def test_frames_that_hold_no_closure(case: str, control: str, said: str) -> None:
    """Pongs, acknowledgements, errors and notices are known as such and hold no fact."""
    parsed = parse_liquidations(sample(f"okx/liquidation_{case}"), KNOWN, T, "")
    assert (parsed.control, parsed.facts) == (control, ())
    assert parsed.said.startswith(said)


@pytest.mark.parametrize("frame", [b'{"hello":1}', b'{"data":[{"instId":"ETH-USDT-SWAP","last":"3125"}]}'])
def test_an_unknown_frame_is_refused(frame: bytes) -> None:
    """A frame that is neither closures nor an event is named, so that a change of the venue does not stay unseen."""
    parsed = parse_liquidations(frame, KNOWN, T, "")
    assert (list(parsed.facts), len(parsed.refused)) == ([], 1)


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=repr)
@pytest.mark.parametrize("field", ["bkPx", "sz"])
def test_a_bad_closure_costs_no_other(field: str, bad: object) -> None:
    """A closure with an impossible number is refused by its contract and field; the two beside it are kept."""
    body = changed("okx/liquidation_many", lambda frame: frame["data"][0]["details"][1].update({field: bad}))
    parsed = parse_liquidations(body, KNOWN, T, "")
    assert [fact.at for fact in parsed.facts] == [1_773_000_000_000 + after for after in (75, 90, 91, 92)]
    assert [refused.place for refused in parsed.refused] == [f"ETH-USDT-SWAP.{field}"]


@pytest.mark.parametrize("side", ["long", None, 5, "SELL"])
def test_a_closure_of_unknown_side_is_refused(side: object) -> None:
    """A side that the venue does not document is refused, never guessed."""
    body = changed("okx/liquidation_long", lambda frame: frame["data"][0]["details"][0].update(side=side))
    parsed = parse_liquidations(body, KNOWN, T, "")
    assert (list(parsed.facts), len(parsed.refused)) == ([], 1)


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=repr)
@pytest.mark.parametrize("name", PARSERS)
def test_a_bad_row_costs_no_other(name: str, bad: object) -> None:
    """A row with an impossible number is refused by its contract, and the row behind it is kept."""
    parse, field = PARSERS[name]
    pristine = parse(sample(f"okx/{name}"), KNOWN, T, "")

    def spoil(body: dict[str, list[dict[str, object]]]) -> None:
        body["data"].insert(0, body["data"][0] | {field: bad})

    parsed = parse(changed(f"okx/{name}", spoil), KNOWN, T, "")
    assert list(parsed.facts) == list(pristine.facts)
    assert len(parsed.refused) == len(pristine.refused) + 1
    assert any(place.startswith("ETH-USDT") for place, _ in parsed.refused)


@pytest.mark.parametrize("body", RUBBISH, ids=lambda body: repr(body[:12]))
@pytest.mark.parametrize("parse", EVERY_PARSER, ids=name_of)
def test_what_cannot_be_read_is_a_venue_error(parse: Parse, body: bytes) -> None:
    """HTML, half a body, no JSON and endless brackets end in the one error that is announced."""
    with pytest.raises(VenueError):
        parse(body, KNOWN, T, "ETH-USDT-SWAP")


def test_a_refused_call_says_why() -> None:
    """An answer with an error code is an error with the venue's own words, not a body without rows."""
    with pytest.raises(VenueError, match="50011: Too Many Requests"):
        okx.parse_marks(sample("okx/answer_error"), KNOWN, T, "")


def test_open_interest_of_the_past() -> None:
    """History is told oldest first, known at the venue's own time."""
    assert facts(parse_open_interest_history(sample("okx/interest_5m"), KNOWN, T, "ETH-USDT-SWAP")) == [
        near(kind="oi", t=1_772_999_700_000, venue="okx", base="ETH", coins=442000.0, usd=1381840800.0),
        near(kind="oi", t=1_773_000_000_000, venue="okx", base="ETH", coins=441000.0, usd=1378301400.0),
    ]


def test_bars_of_the_past() -> None:
    """A bar is known at its end, its volume is coins, and the one that goes on is left out."""
    common = {"kind": "bar", "venue": "okx", "base": "ETH", "market": "perp", "span_s": 300}
    told = facts(parse_candles(sample("okx/candles_5m"), KNOWN, T, "ETH-USDT-SWAP", span_s=300))
    assert told == [
        near(t=1_772_999_700_000, open=3124.0, high=3126.1, low=3123.9, close=3125.4, volume=2010.0, **common),
        near(t=1_773_000_000_000, open=3125.4, high=3129.0, low=3120.5, close=3121.8, volume=5120.0, **common),
    ]


def test_a_bar_that_contradicts_itself_is_refused() -> None:
    """A close above the high is refused, and the other bar is kept."""
    body = changed("okx/candles_5m", lambda answer: answer["data"][1].__setitem__(4, "4000"))
    parsed = parse_candles(body, KNOWN, T, "ETH-USDT-SWAP", span_s=300)
    assert (len(parsed.facts), len(parsed.refused)) == (1, 1)


def test_settled_funding() -> None:
    """What was paid counts where it is told, and a change from 8 to 4 hours is seen in the times."""
    common = {"kind": "funding", "venue": "okx", "base": "ETH", "settled": True}
    assert facts(parse_settled_funding(sample("okx/funding_past"), KNOWN, T, "ETH-USDT-SWAP")) == [
        near(t=1_772_942_400_000, rate=0.0001, interval_h=8.0, **common),
        near(t=1_772_971_200_000, rate=-0.00002, interval_h=8.0, **common),
        near(t=1_772_985_600_000, rate=0.000063, interval_h=4.0, **common),
    ]


@pytest.mark.parametrize("past", PAST, ids=lambda past: past.name)
def test_calls_of_history_cover_the_span_without_overlap(past: Past) -> None:
    """Three days are asked for in pages that lie end to end, each of at most a hundred rows."""
    begin, end = T - 3 * 86_400_000, T
    calls = past.requests(KNOWN["ETH-USDT-SWAP"], begin, end)
    bounds = [[value for value in call.params.values() if isinstance(value, int) and value > 1000] for call in calls]
    assert [bounds[0][0], bounds[-1][1]] == [begin - 1, end]
    assert all(one[1] == next_one[0] + 1 for one, next_one in pairwise(bounds))
    assert {call.symbol for call in calls} == {"ETH-USDT-SWAP"}
