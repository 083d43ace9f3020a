"""Facts against facts: what was told and what came back, within what the venue's feed can carry."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pytest

from bot.market.facts import Fact, Liquidation

ADDED = frozenset({"t", "at", "kind", "cap", "floor", "interest"})
"""Times of receipt, and what venues add of their own accord."""
NOT_CARRIED: dict[tuple[str, str], frozenset[str]] = {
    ("binance", "oi"): frozenset({"usd"}),
    ("deribit", "funding"): frozenset({"next_t"}),  # it is paid all the time
    ("hyperliquid", "bar"): frozenset({"taker_buy"}),
}
"""By venue and kind, what its feed does not say."""
KINDS_NOT_CARRIED = frozenset({("dydx", "index")})  # it marks at the index

Key = tuple[str, str, str, str]


def kind(fact: Fact) -> str:
    """The word for a fact's kind."""
    return str(fact.__struct_config__.tag)


def key(fact: Fact) -> Key:
    """What a fact is about: kind, venue, coin and market."""
    return kind(fact), fact.venue, fact.base or "", str(getattr(fact, "market", "perp"))


def says(fact: Fact) -> dict[str, object]:
    """What a fact says, numbers within rounding."""
    left_out = ADDED | NOT_CARRIED.get((fact.venue, kind(fact)), frozenset())
    plain = msgspec.to_builtins(fact)
    return {name: plain[name] for name in plain.keys() - left_out}


def near(plain: dict[str, object]) -> dict[str, object]:
    """Plain values to compare others with."""
    return {
        name: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value for name, value in plain.items()
    }


def same_closures(found: Iterable[Liquidation], expected: Iterable[Liquidation]) -> bool:
    """Whether closures agree; dollars within what a recording rounds, since most venues tell coins and price only."""
    rows = [
        sorted((one.at or one.t, one.venue, one.base, one.side, one.price, one.coins, one.usd) for one in closures)
        for closures in (found, expected)
    ]
    assert [row[:4] for row in rows[0]] == [row[:4] for row in rows[1]]
    for row, other in zip(*rows, strict=True):
        # Bitget alone tells dollars and no coins.
        assert row[4:5] == pytest.approx(other[4:5], rel=1e-9)
        assert row[5:] == pytest.approx(other[5:], rel=1e-3)
        assert min(abs(row[5] / other[5] - 1), abs(row[6] / other[6] - 1)) < 1e-9
    return True


def same(found: Iterable[Fact], expected: Iterable[Fact]) -> bool:
    """Whether the last of each kind, venue, coin and market agree, and neither has more than the other."""
    last_found = {key(fact): says(fact) for fact in found}
    last_expected = {key(fact): near(says(fact)) for fact in expected if key(fact)[:2][::-1] not in KINDS_NOT_CARRIED}
    assert last_found == last_expected
    return True
