from __future__ import annotations

from functools import partial

import pytest

from bot.errors import VenueError
from bot.market.venues import coinbase
from bot.market.venues.venue import Instrument, Parse
from tests.market.venues.samples import BAD_NUMBERS, RUBBISH, changed, facts, name_of, near, sample

T = 1_790_861_395_000
KNOWN = coinbase.parse_instruments(sample("coinbase/products_all"), T)
MINUTES = partial(coinbase.parse_candles, span_s=60)
EVERY_PARSER = [coinbase.parse_turnover, MINUTES]


def test_pairs() -> None:
    """Pairs against the dollar that trade are taken; other quotes, dollars and delisted coins are left out."""
    assert {
        "BTC-USD": Instrument("BTC-USD", "BTC", "USD", coins_per_unit=1.0),
        "ETH-USD": Instrument("ETH-USD", "ETH", "USD", coins_per_unit=1.0),
    } == KNOWN


def test_turnover() -> None:
    """Turnover is coins at the last price: 9,500.5 at 64,250."""
    common = {"kind": "turnover", "t": T, "venue": "coinbase", "market": "spot"}
    assert facts(coinbase.parse_turnover(sample("coinbase/stats_all"), KNOWN, T, "")) == [
        near(base="BTC", usd=610_407_125.0, **common),
        near(base="ETH", usd=203_350_500.0, **common),
    ]


@pytest.mark.parametrize("bad", [*BAD_NUMBERS, "", None], ids=repr)
@pytest.mark.parametrize("field", ["last", "volume"])
def test_a_bad_row_costs_no_other(field: str, bad: object) -> None:
    """A pair with an impossible number is refused by name, and the one behind it is kept."""
    body = changed("coinbase/stats_all", lambda pairs: pairs["BTC-USD"]["stats_24hour"].update({field: bad}))
    parsed = coinbase.parse_turnover(body, KNOWN, T, "")
    assert [fact.base for fact in parsed.facts] == ["ETH"]
    assert [place.partition(".")[0] for place, _ in parsed.refused] == ["BTC-USD"]


def _bar(t: int, prices: tuple[float, float, float, float], volume: float) -> object:
    first, high, low, last = prices
    common = {"kind": "bar", "venue": "coinbase", "base": "BTC", "market": "spot", "span_s": 60}
    return near(t=t, open=first, high=high, low=low, close=last, volume=volume, **common)


FIRST = _bar(1_790_861_280_000, (64238.0, 64240.0, 64225.0, 64231.0), 1.125)
SECOND = _bar(1_790_861_340_000, (64231.0, 64252.75, 64230.0, 64250.0), 5.5)
THIRD = _bar(1_790_861_400_000, (64250.0, 64260.0, 64240.5, 64255.5), 3.25)


def test_bars() -> None:
    """Rows are time, low, high, open, close, coins; a bar is known at its end, and the one that goes on is left out."""
    body = sample("coinbase/candles_1m")
    assert facts(MINUTES(body, KNOWN, T, "BTC-USD")) == [FIRST, SECOND]
    assert facts(MINUTES(body, KNOWN, T + 5_000, "BTC-USD")) == [FIRST, SECOND, THIRD]


def test_of_the_last_minutes_only_the_newest_are_taken() -> None:
    """The answer always goes back five hours, of which a poll each minute wants the end."""
    body = sample("coinbase/candles_1m")
    assert facts(MINUTES(body, KNOWN, T + 5_000, "BTC-USD", newest=2)) == [SECOND, THIRD]


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=repr)
@pytest.mark.parametrize("place", [1, 2, 3, 4, 5])
def test_a_bad_bar_costs_no_other(place: int, bad: object) -> None:
    """A bar with an impossible number is refused, and the others are kept."""
    parsed = MINUTES(changed("coinbase/candles_1m", lambda rows: rows[1].__setitem__(place, bad)), KNOWN, T, "BTC-USD")
    assert [fact.t for fact in parsed.facts] == [1_790_861_280_000]
    assert len(parsed.refused) == 1


def test_a_bar_that_contradicts_itself_is_refused() -> None:
    """A low above the high, as where columns were taken for one another, is refused."""
    body = changed("coinbase/candles_1m", lambda rows: rows[2].__setitem__(slice(1, 3), [64240.0, 64225.0]))
    parsed = MINUTES(body, KNOWN, T, "BTC-USD")
    assert (len(parsed.facts), len(parsed.refused)) == (1, 1)


@pytest.mark.parametrize("body", RUBBISH, ids=lambda body: repr(body[:12]))
@pytest.mark.parametrize("parse", EVERY_PARSER, ids=name_of)
def test_what_cannot_be_read_is_a_venue_error(parse: Parse, body: bytes) -> None:
    """HTML, half a body, no JSON and endless brackets end in the one error that is announced."""
    with pytest.raises(VenueError):
        parse(body, KNOWN, T, "BTC-USD")


def test_an_error_instead_of_bars_is_a_venue_error() -> None:
    """A refused call is no empty list of bars."""
    with pytest.raises(VenueError, match="NotFound"):
        MINUTES(b'{"message":"NotFound"}', KNOWN, T, "BTC-USD")


def test_bars_are_asked_for_of_the_most_traded_only() -> None:
    """Of forty pairs the first twenty are asked for, each by its name in the address."""
    many = {f"C{place}-USD": KNOWN["BTC-USD"] for place in range(40)}
    calls = coinbase.VENUE.polls[1].requests(many, 0)
    assert [call.path for call in calls] == [f"/products/C{place}-USD/candles" for place in range(20)]
    assert [call.symbol for call in calls] == list(many)[:20]


def test_calls_of_history_lie_end_to_end() -> None:
    """Two days of five minutes are two pages of at most 300 bars, without overlap."""
    begin = T - 2 * 86_400_000
    calls = coinbase.VENUE.past[1].requests(KNOWN["BTC-USD"], begin, T)
    starts = [int(call.params["start"]) for call in calls]
    assert starts == [begin // 1000, begin // 1000 + 300 * 300]
    assert [int(call.params["end"]) + 1 for call in calls] == [starts[1], T // 1000]
