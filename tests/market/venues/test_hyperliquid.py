from __future__ import annotations

from typing import Any

import pytest

from bot.errors import VenueError
from bot.market.venues import hyperliquid
from bot.market.venues.hyperliquid_past import PAST, parse_candles, parse_settled_funding
from bot.market.venues.venue import Instrument, Parse, Past
from tests.market.venues.samples import BAD_NUMBERS, RUBBISH, changed, facts, name_of, near, sample

T = 1_773_000_001_000
NEXT = 1_773_003_600_000
KNOWN = hyperliquid.parse_instruments(sample("hyperliquid/meta_all"), T)
LIMITS = {"interval_h": 1.0, "settled": False, "next_t": NEXT, "cap": 0.04, "floor": -0.04}


def test_contracts() -> None:
    """A small k is a thousand and a great K is not; delisted coins, gold and other people's dexes are left out."""
    assert {
        "ETH": Instrument("ETH", "ETH", "USDC", coins_per_unit=1.0, funding_h=1.0),
        "kBONK": Instrument("kBONK", "BONK", "USDC", coins_per_unit=1000.0, multiplier=1000.0, funding_h=1.0),
        "KAS": Instrument("KAS", "KAS", "USDC", coins_per_unit=1.0, funding_h=1.0),
    } == KNOWN


def _contexts(body: bytes, base: str) -> list[dict[str, Any]]:
    told = facts(hyperliquid.parse_contexts(body, KNOWN, T, ""))
    return [fact for fact in told if fact["base"] == base]


def test_contexts() -> None:
    """One answer tells mark, index, open interest in coins, the hourly rate with its next payment, and turnover."""
    common = {"t": T, "venue": "hyperliquid", "base": "ETH"}
    assert _contexts(sample("hyperliquid/contexts_all"), "ETH") == [
        near(kind="mark", price=3125.3, **common),
        near(kind="index", price=3126.0, **common),
        near(kind="oi", coins=512000.25, usd=1_600_154_381.325, **common),
        near(kind="funding", rate=0.0000113, **LIMITS, **common),
        near(kind="turnover", market="perp", usd=1480200300.5, **common),
    ]


def test_contexts_by_the_thousand() -> None:
    """Of kBONK the price is a thousandth, the coins are a thousandfold and the dollars are as they are."""
    common = {"t": T, "venue": "hyperliquid", "base": "BONK"}
    assert _contexts(sample("hyperliquid/contexts_all"), "BONK") == [
        near(kind="mark", price=0.00002864, **common),
        near(kind="index", price=0.00002871, **common),
        near(kind="oi", coins=8.1e9, usd=231984.0, **common),
        near(kind="funding", rate=-0.0000481, **LIMITS, **common),
        near(kind="turnover", market="perp", usd=4410200.0, **common),
    ]


def test_a_mark_that_is_null_is_not_told() -> None:
    """Without a mark there is no mark, and open interest has coins alone; a turnover of zero is one."""
    common = {"t": T, "venue": "hyperliquid", "base": "KAS"}
    assert _contexts(sample("hyperliquid/contexts_all"), "KAS") == [
        near(kind="index", price=0.0912, **common),
        near(kind="oi", coins=91000.0, **common),
        near(kind="funding", rate=0.0000125, **LIMITS, **common),
        near(kind="turnover", market="perp", usd=0.0, **common),
    ]


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=repr)
@pytest.mark.parametrize("field", ["markPx", "oraclePx", "openInterest", "funding", "dayNtlVlm"])
def test_a_bad_row_costs_no_other(field: str, bad: object) -> None:
    """A context with an impossible number is refused by its coin and field, and no other coin moves into its place."""
    body = changed("hyperliquid/contexts_all", lambda told: told[1][0].update({field: bad}))
    parsed = hyperliquid.parse_contexts(body, KNOWN, T, "")
    assert [refused.place for refused in parsed.refused] == [f"ETH.{field}"]
    pristine = hyperliquid.parse_contexts(sample("hyperliquid/contexts_all"), KNOWN, T, "")
    assert list(parsed.facts) == [fact for fact in pristine.facts if fact.base != "ETH"]


def test_a_bad_name_costs_no_other() -> None:
    """A coin whose name cannot be read is refused, and the coins after it keep their own numbers."""
    body = changed("hyperliquid/contexts_all", lambda told: told[0]["universe"][0].update(name=5))
    parsed = hyperliquid.parse_contexts(body, KNOWN, T, "")
    assert [refused.place for refused in parsed.refused] == ["row 0.name"]
    assert {fact.base for fact in parsed.facts} == {"BONK", "KAS"}


def test_lists_of_different_length_are_an_error() -> None:
    """A missing name would shift every coin behind it, so that the whole answer is refused."""
    body = changed("hyperliquid/contexts_all", lambda told: told[0]["universe"].pop(0))
    with pytest.raises(VenueError, match="5 names and 6 contexts"):
        hyperliquid.parse_contexts(body, KNOWN, T, "")


@pytest.mark.parametrize("body", RUBBISH, ids=lambda body: repr(body[:12]))
@pytest.mark.parametrize("parse", [hyperliquid.parse_contexts, parse_candles, parse_settled_funding], ids=name_of)
def test_what_cannot_be_read_is_a_venue_error(parse: Parse, body: bytes) -> None:
    """HTML, half a body and no JSON end in the one error that is announced."""
    with pytest.raises(VenueError):
        parse(body, KNOWN, T, "ETH")


@pytest.mark.parametrize("body", RUBBISH, ids=lambda body: repr(body[:12]))
def test_a_list_of_contracts_that_cannot_be_read(body: bytes) -> None:
    """The same holds for the list of contracts."""
    with pytest.raises(VenueError):
        hyperliquid.parse_instruments(body, T)


def test_bars() -> None:
    """A bar is known at its end, its volume is coins, and the one that goes on is left out."""
    common = {"kind": "bar", "venue": "hyperliquid", "base": "ETH", "market": "perp", "span_s": 300}
    assert facts(parse_candles(sample("hyperliquid/candles_5m"), KNOWN, T, "ETH")) == [
        near(t=1_772_999_700_000, open=3124.0, high=3126.1, low=3123.9, close=3125.4, volume=201.4, **common),
        near(t=1_773_000_000_000, open=3125.4, high=3129.0, low=3120.5, close=3121.8, volume=812.4, **common),
    ]


def test_bars_by_the_thousand() -> None:
    """Prices and volume of kBONK are told of one coin."""
    (told,) = facts(parse_candles(sample("hyperliquid/candles_1h"), KNOWN, T, "kBONK"))
    assert told == near(
        kind="bar",
        t=1_772_998_800_000,
        venue="hyperliquid",
        base="BONK",
        market="perp",
        span_s=3600,
        open=0.0000281,
        high=0.0000288,
        low=0.000028,
        close=0.0000286,
        volume=5.2e8,
    )


def test_settled_funding() -> None:
    """Every payment is of an hour and known when it was made."""
    common = {"kind": "funding", "venue": "hyperliquid", "base": "ETH", "interval_h": 1.0, "settled": True}
    assert facts(parse_settled_funding(sample("hyperliquid/funding_past"), KNOWN, T, "ETH")) == [
        near(t=1_772_996_400_021, rate=0.0000113, **common),
        near(t=1_772_992_800_007, rate=-0.0000042, **common),
    ]


@pytest.mark.parametrize("past", PAST, ids=lambda past: past.name)
def test_calls_of_history_cover_the_span(past: Past) -> None:
    """Thirty days are asked for in calls that lie end to end, and each costs more than a plain one."""
    begin, end = T - 30 * 86_400_000, T
    calls = past.requests(KNOWN["ETH"], begin, end)
    asked = [call.json or {} for call in calls]
    spans = [body.get("req", body) for body in asked]
    assert spans[0]["startTime"] == begin  # type: ignore[index] # a body is plain JSON
    assert spans[-1]["endTime"] == end - 1  # type: ignore[index] # a body is plain JSON
    assert {call.weight for call in calls} in ({30}, {45})
