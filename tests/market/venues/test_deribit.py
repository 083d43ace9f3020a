from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from bot.errors import VenueError
from bot.market.venues import deribit
from bot.market.venues.deribit_frames import LIQUIDATIONS, TEST, parse_liquidations
from bot.market.venues.deribit_past import PAST, parse_candles, parse_payments
from bot.market.venues.symbols import leaders
from bot.market.venues.venue import Instrument, Parse, Past
from tests.market.venues.samples import BAD_NUMBERS, RUBBISH, changed, facts, name_of, near, sample

T = 1_790_861_510_000
KNOWN = deribit.parse_instruments(sample("deribit/instruments_future"), T)
HOURS = partial(parse_candles, span_s=3600)
EVERY_PARSER = [deribit.parse_summaries, parse_liquidations, HOURS, parse_payments]


def test_instruments() -> None:
    """Coin-margined sizes are dollars, USDC ones coins; dated, closed, gold and share contracts are left out."""
    assert {
        "BTC-PERPETUAL": Instrument(
            "BTC-PERPETUAL", "BTC", "USD", usd_per_unit=1.0, funding_h=8.0, listed_ms=1_534_167_754_000
        ),
        "BTC_USDC-PERPETUAL": Instrument(
            "BTC_USDC-PERPETUAL", "BTC", "USDC", coins_per_unit=1.0, funding_h=8.0, listed_ms=1_639_571_000_000
        ),
        "SOL_USDC-PERPETUAL": Instrument(
            "SOL_USDC-PERPETUAL", "SOL", "USDC", coins_per_unit=1.0, funding_h=8.0, listed_ms=1_648_000_000_000
        ),
    } == KNOWN


def test_the_coin_margined_contract_leads() -> None:
    """Of two contracts of one coin the venue's own choice leads; elsewhere the dollar-margined one would."""
    chosen = leaders(KNOWN, coin_margined_first=deribit.VENUE.coin_margined_first)
    assert list(chosen) == ["BTC-PERPETUAL", "SOL_USDC-PERPETUAL"]
    assert list(leaders(KNOWN)) == ["BTC_USDC-PERPETUAL", "SOL_USDC-PERPETUAL"]


def test_a_multiplied_coin_counts_its_coins() -> None:
    """1000PEPE is priced and traded by the thousand."""
    change = {"instrument_name": "1000PEPE_USDC-PERPETUAL", "base_currency": "1000PEPE"}
    body = changed("deribit/instruments_future", lambda answer: answer["result"][2].update(change))
    pepe = deribit.parse_instruments(body, T)["1000PEPE_USDC-PERPETUAL"]
    assert (pepe.base, pepe.coins(3, 0.0095), pepe.price(0.0095)) == ("PEPE", 3000.0, 0.0095 / 1000)


def test_summary_of_coin_margined_contracts() -> None:
    """963.75 million dollars at 64,250 are 15,000 coins; the rate is for eight hours; the dated future is no fact."""
    common = {"t": T, "venue": "deribit", "base": "BTC", "at": 1_790_861_399_950}
    assert facts(deribit.parse_summaries(sample("deribit/summary_btc"), KNOWN, T, "")) == [
        near(kind="mark", price=64250.0, **common),
        near(kind="index", price=64240.5, **common),
        near(kind="oi", coins=15000.0, usd=963_750_000.0, **common),
        near(kind="funding", rate=0.00002, interval_h=8.0, settled=False, **common),
        near(kind="turnover", market="perp", usd=771_030_000.0, **common),
    ]


def test_summary_of_usdc_contracts() -> None:
    """Sizes of USDC contracts are coins."""
    common = {"t": T, "venue": "deribit", "base": "SOL", "at": 1_790_861_399_970}
    sol = {"SOL_USDC-PERPETUAL": KNOWN["SOL_USDC-PERPETUAL"]}
    assert facts(deribit.parse_summaries(sample("deribit/summary_usdc"), sol, T, "")) == [
        near(kind="mark", price=150.25, **common),
        near(kind="index", price=150.2, **common),
        near(kind="oi", coins=420_000.0, usd=63_105_000.0, **common),
        near(kind="funding", rate=-0.00031, interval_h=8.0, settled=False, **common),
        near(kind="turnover", market="perp", usd=13_522_500.0, **common),
    ]


@pytest.mark.parametrize("nothing", ["", None])
def test_what_is_not_told_is_no_zero(nothing: object) -> None:
    """Empty and null fields give no fact, and a funding rate of zero is a rate."""
    fields = ("estimated_delivery_price", "open_interest", "volume_usd")
    body = changed("deribit/summary_usdc", lambda answer: answer["result"][0].update(dict.fromkeys(fields, nothing)))
    btc = {"BTC_USDC-PERPETUAL": KNOWN["BTC_USDC-PERPETUAL"]}
    told = facts(deribit.parse_summaries(body, btc, T, ""))
    assert [(fact["kind"], fact.get("rate")) for fact in told] == [("mark", None), ("funding", 0.0)]


def _closure(base: str, side: str, price: float, coins: float, usd: float, at: int) -> object:
    common = {"kind": "liquidation", "t": T, "venue": "deribit"}
    return near(base=base, side=side, price=price, coins=coins, usd=usd, at=at, **common)


def test_long_liquidated() -> None:
    """A forced taker who sells closes a long, 32,100 dollars of it; the trade beside it was nobody's closure."""
    assert facts(parse_liquidations(sample("deribit/liquidation_long"), KNOWN, T, "")) == [
        _closure("BTC", "long", 64200.0, 0.5, 32100.0, 1_790_861_405_123)
    ]


def test_short_liquidated() -> None:
    """A forced maker who is sold to closes a short, in coins."""
    assert facts(parse_liquidations(sample("deribit/liquidation_short"), KNOWN, T, "")) == [
        _closure("SOL", "short", 151.5, 200.0, 30300.0, 1_790_861_500_010)
    ]


def test_both_sides_liquidated() -> None:
    """A trade between two forced parties closes a position on either side."""
    assert facts(parse_liquidations(sample("deribit/liquidation_both"), KNOWN, T, "")) == [
        _closure("SOL", "short", 150.0, 10.0, 1500.0, 1_790_861_501_020),
        _closure("SOL", "long", 150.0, 10.0, 1500.0, 1_790_861_501_020),
    ]


@pytest.mark.parametrize(
    ("case", "control", "said"),
    [("opened", "pong", ""), ("ack", "ack", ""), ("ping", "ping", TEST), ("error", "error", "11050 bad_request")],
)
def test_frames_that_hold_no_closure(case: str, control: str, said: str) -> None:
    """A subscription is confirmed by its own answer alone; a test request comes with what has to be answered."""
    parsed = parse_liquidations(sample(f"deribit/liquidation_{case}"), KNOWN, T, "")
    assert (parsed.control, parsed.said, list(parsed.facts), list(parsed.refused)) == (control, said, [], [])


def test_a_heartbeat_keeps_the_connection() -> None:
    """A heartbeat that asks nothing needs no answer."""
    frame = b'{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"heartbeat"}}'
    assert parse_liquidations(frame, KNOWN, T, "").control == "pong"


def test_an_unknown_frame_is_refused() -> None:
    """A frame that is neither trades nor an answer is named, so that a change of the venue does not stay unseen."""
    assert parse_liquidations(b'{"method":"news","params":{}}', KNOWN, T, "").refused == (("news", "no trades"),)


@pytest.mark.parametrize("bad", [*BAD_NUMBERS, 0, None, ""], ids=repr)
@pytest.mark.parametrize("field", ["price", "amount"])
def test_a_bad_closure_costs_no_other(field: str, bad: object) -> None:
    """A trade with an impossible number is refused by its contract and field; the one behind it is kept."""

    def spoil(frame: dict[str, Any]) -> None:
        trades = frame["params"]["data"]
        trades.insert(0, trades[0] | {field: bad})

    parsed = parse_liquidations(changed("deribit/liquidation_long", spoil), KNOWN, T, "")
    assert [fact.at for fact in parsed.facts] == [1_790_861_405_123]
    assert [place for place, _ in parsed.refused] == [f"BTC-PERPETUAL.{field}"]


@pytest.mark.parametrize(("field", "bad"), [("direction", "SELL"), ("liquidation", "X"), ("liquidation", True)])
def test_a_closure_of_unknown_side_is_refused(field: str, bad: object) -> None:
    """A direction or a flag that the venue does not document is refused, never guessed."""
    body = changed("deribit/liquidation_long", lambda frame: frame["params"]["data"][0].update({field: bad}))
    parsed = parse_liquidations(body, KNOWN, T, "")
    assert (list(parsed.facts), len(parsed.refused)) == ([], 1)


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=repr)
@pytest.mark.parametrize("field", ["mark_price", "estimated_delivery_price", "open_interest", "volume_usd"])
def test_a_bad_row_costs_no_other(field: str, bad: object) -> None:
    """A contract with an impossible number is refused by name, and the one behind it is kept."""
    body = changed("deribit/summary_usdc", lambda answer: answer["result"][0].update({field: bad}))
    parsed = deribit.parse_summaries(body, KNOWN, T, "")
    assert [fact.base for fact in parsed.facts] == ["SOL"] * 5
    assert [place.partition(".")[0] for place, _ in parsed.refused] == ["BTC_USDC-PERPETUAL"]


@pytest.mark.parametrize("body", RUBBISH, ids=lambda body: repr(body[:12]))
@pytest.mark.parametrize("parse", EVERY_PARSER, ids=name_of)
def test_what_cannot_be_read_is_a_venue_error(parse: Parse, body: bytes) -> None:
    """HTML, half a body, no JSON and endless brackets end in the one error that is announced."""
    with pytest.raises(VenueError):
        parse(body, KNOWN, T, "BTC-PERPETUAL")


def test_an_error_instead_of_rows_is_a_venue_error() -> None:
    """A refused call is no empty list, and the venue's words are passed on."""
    with pytest.raises(VenueError, match="too_many_requests"):
        deribit.parse_summaries(b'{"error":{"code":10028,"message":"too_many_requests"}}', KNOWN, T, "")


def test_bars_of_the_past() -> None:
    """A bar is known at its end, its volume is coins also where sizes are dollars, and the running one is left out."""
    common = {"kind": "bar", "venue": "deribit", "base": "BTC", "market": "perp", "span_s": 3600}
    assert facts(HOURS(sample("deribit/candles_1h"), KNOWN, T, "BTC-PERPETUAL")) == [
        near(t=1_790_856_000_000, open=64100.0, high=64420.5, low=64010.0, close=64300.0, volume=310.25, **common),
        near(t=1_790_859_600_000, open=64300.0, high=64500.0, low=64200.0, close=64255.0, volume=120.5, **common),
    ]


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=repr)
def test_a_bad_bar_costs_no_other(bad: object) -> None:
    """One impossible number in a column costs its own bar only."""
    body = changed("deribit/candles_1h", lambda answer: answer["result"]["high"].__setitem__(0, bad))
    parsed = HOURS(body, KNOWN, T, "BTC-PERPETUAL")
    assert [fact.t for fact in parsed.facts] == [1_790_859_600_000]
    assert len(parsed.refused) == 1


def test_columns_of_different_length_cannot_be_read() -> None:
    """Where a column is short, which price belongs to which time is unknown."""
    body = changed("deribit/candles_1h", lambda answer: answer["result"]["low"].pop())
    with pytest.raises(VenueError, match="not of one length"):
        HOURS(body, KNOWN, T, "BTC-PERPETUAL")


def test_settled_funding() -> None:
    """What an hour came to is a payment for one hour, known at its end."""
    common = {"kind": "funding", "venue": "deribit", "base": "BTC", "settled": True, "interval_h": 1.0}
    assert facts(parse_payments(sample("deribit/funding_past"), KNOWN, T, "BTC-PERPETUAL")) == [
        near(t=1_790_856_000_000, rate=0.0000025, **common),
        near(t=1_790_859_600_000, rate=-0.0000012, **common),
    ]


@pytest.mark.parametrize("past", PAST, ids=lambda past: past.name)
def test_calls_of_history_lie_end_to_end(past: Past) -> None:
    """A hundred days are asked for from the oldest on, each call beginning where the one before ended."""
    begin = T - 100 * 86_400_000
    calls = past.requests(KNOWN["BTC-PERPETUAL"], begin, T)
    starts = [int(call.params["start_timestamp"]) for call in calls]
    assert starts[0] == begin
    assert [int(call.params["end_timestamp"]) + 1 for call in calls] == [*starts[1:], T]
    assert {call.symbol for call in calls} == {"BTC-PERPETUAL"}


def test_every_currency_is_asked_for() -> None:
    """One round asks for the contracts settled in each currency."""
    calls = deribit.VENUE.polls[0].requests(KNOWN, 0)
    assert [call.params["currency"] for call in calls] == ["BTC", "ETH", "USDC"]


def test_the_socket_asks_for_heartbeats_and_trades() -> None:
    """Without a heartbeat the venue would end the connection of a quiet listener."""
    (heartbeat,), (trades,) = LIQUIDATIONS.opening, LIQUIDATIONS.subscribe(KNOWN)
    assert "public/set_heartbeat" in heartbeat
    assert "trades.future.any.100ms" in trades
