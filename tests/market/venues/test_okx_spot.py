from __future__ import annotations

import pytest

from bot.errors import VenueError
from bot.market.venues import okx_spot
from bot.market.venues.venue import Instrument
from tests.market.venues.samples import RUBBISH, changed, facts, near, sample

T = 1_773_000_001_000
KNOWN = okx_spot.parse_instruments(sample("okx_spot/pairs_all"), T)


def test_pairs() -> None:
    """Pairs against dollars that trade are kept; dollars, pairs against coins and suspended pairs are left out."""
    listed = 1_548_133_413_000
    assert {
        "ETH-USDT": Instrument("ETH-USDT", "ETH", "USDT", coins_per_unit=1.0, listed_ms=listed),
        "ETH-USDC": Instrument("ETH-USDC", "ETH", "USDC", coins_per_unit=1.0, listed_ms=listed),
    } == KNOWN


def test_turnover() -> None:
    """Turnover of a spot pair is told in its quote currency, and is marked as spot."""
    assert facts(okx_spot.parse_turnover(sample("okx_spot/tickers_all"), KNOWN, T, "")) == [
        near(kind="turnover", t=T, venue="okx", base="ETH", market="spot", usd=299904000.0, at=1_773_000_000_280),
    ]


def test_turnover_that_is_empty_is_not_told() -> None:
    """An empty amount gives no fact, never a turnover of zero."""
    body = changed("okx_spot/tickers_all", lambda answer: answer["data"][0].update(volCcy24h=""))
    assert facts(okx_spot.parse_turnover(body, KNOWN, T, "")) == []


def test_bars() -> None:
    """The volume of a spot bar is the sixth value, in coins, while a swap's is the seventh."""
    parse = okx_spot.VENUE.past[0].parse
    assert facts(parse(sample("okx_spot/candles_5m"), KNOWN, T, "ETH-USDT")) == [
        near(
            kind="bar",
            t=1_773_000_000_000,
            venue="okx",
            base="ETH",
            market="spot",
            span_s=300,
            open=3125.9,
            high=3129.4,
            low=3121.0,
            close=3122.2,
            volume=410.0,
        )
    ]


def test_minutes_are_asked_of_the_most_traded_pairs() -> None:
    """Each minute the first twenty pairs are asked for their last bars."""
    many = {f"C{place}-USDT": KNOWN["ETH-USDT"] for place in range(50)}
    calls = okx_spot.VENUE.polls[1].requests(many, 0)
    assert [call.symbol for call in calls] == list(many)[:20]


@pytest.mark.parametrize("body", RUBBISH, ids=lambda body: repr(body[:12]))
def test_what_cannot_be_read_is_a_venue_error(body: bytes) -> None:
    """HTML, half a body and no JSON end in the one error that is announced, for tickers and for the list of pairs."""
    with pytest.raises(VenueError):
        okx_spot.parse_turnover(body, KNOWN, T, "")
    with pytest.raises(VenueError):
        okx_spot.parse_instruments(body, T)
