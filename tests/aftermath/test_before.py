from __future__ import annotations

import numpy as np
import pytest

from bot.aftermath.before import freeze, weighted
from bot.levels.bars import atr_1h, bars_of
from bot.market.facts import Bar, Funding
from bot.market.history import COLUMNS, SLOT_MS, History
from tests.aftermath.slots import NAN, at, history_of, settled

DAYS = 10
SLOTS = DAYS * 288 + 1


def market(later: int = 0) -> History:
    """Ten days of a walk up to onset, and `later` slots that rush away after it."""
    noise = np.random.default_rng(3)
    walk = 90_000 * np.exp(np.cumsum(noise.normal(0, 0.0005, SLOTS)))
    closes = [float(value) for value in walk] + [50_000.0] * later
    interest = [100_000.0 + 10 * number for number in range(SLOTS)] + [1.0] * later
    told = [value if number % 12 == 0 else NAN for number, value in enumerate(interest)]
    facts: list[Bar | Funding] = [settled(at(hours), 1e-4 * (1 + hours / 100)) for hours in (-30, -16, -8, 8)]
    facts.append(settled(at(-1), 2e-5, "hyperliquid", 1))
    if not later:
        facts = [fact for fact in facts if fact.t <= at(0)]
    return history_of(at(-24 * DAYS), closes, interest={"binance": interest, "hyperliquid": told}, facts=facts)


def test_nothing_after_onset_is_frozen() -> None:
    """The same state is frozen whether the history ends at onset or goes on for six hours."""
    assert freeze(market(72).until(at(0)), "BTC", at(0)) == freeze(market().until(at(0)), "BTC", at(0))


def test_price_and_open_interest_are_medians_of_the_hour_before() -> None:
    """Medians from 60 to 10 minutes before onset, per venue; an hourly venue counts with its one value."""
    history = market()
    state = freeze(history.until(at(0)), "BTC", at(0))
    _, closes = history.until(at(0)).column("BTC", "close", at(-1) - 1, at(0) - 2 * SLOT_MS)
    assert closes.size == 11
    assert state.price == np.median(closes)
    last = 100_000 + 10 * (SLOTS - 1)
    assert state.open_interest == pytest.approx({"binance": last - 70, "hyperliquid": last - 120}, rel=1e-6)
    assert state.open_interest_of_high == pytest.approx(1.0)


def test_ranges_rates_and_atr() -> None:
    """Highs and lows of 6 and 24 h, each venue's last settlement per 8 h, and the range of the ended hours."""
    past = market().until(at(0))
    state = freeze(past, "BTC", at(0))
    for hours, high, low in ((6, state.high_6h, state.low_6h), (24, state.high_24h, state.low_24h)):
        _, closes = past.column("BTC", "close", at(-hours), at(0))
        assert (high, low) == (closes.max(), closes.min())
    assert state.funding_8h == pytest.approx({"binance": 0.92e-4, "hyperliquid": 1.6e-4})
    assert state.funding_weighted_8h == pytest.approx(weighted(state.funding_8h, state.open_interest))
    hours_known = past.hours("BTC")
    assert hours_known is not None
    assert state.atr_1h == atr_1h(bars_of(hours_known), at(0))


def test_levels_of_both_sides_with_their_reasons() -> None:
    """Levels lie on both sides of the price, each with distinct reasons and a score within 0 to 100."""
    state = freeze(market().until(at(0)), "BTC", at(0), [(at(-48), 85_123.0, "long")])
    assert state.price is not None
    assert min(price for price, _, _ in state.levels) < state.price < max(price for price, _, _ in state.levels)
    assert any("level-flush-low" in sources for _, _, sources in state.levels)
    assert all(len(set(sources)) == len(sources) > 0 for _, _, sources in state.levels)
    assert all(0 < score <= 100 for _, score, _ in state.levels)


def test_levels_read_volume_from_the_slots() -> None:
    """Where the slots of a week have their volume, the most traded price is frozen too; without it is not."""
    history = market()
    assert not any("traded" in source for _, _, sources in frozen_levels(history) for source in sources)
    history.columns[COLUMNS.index("perp_usd"), 0] = 1e6
    assert any("level-most-traded-week" in sources for _, _, sources in frozen_levels(history))


def frozen_levels(history: History) -> tuple[tuple[float, float, tuple[str, ...]], ...]:
    """The levels of BTC at onset."""
    return freeze(history.until(at(0)), "BTC", at(0)).levels


def test_an_unknown_coin_freezes_unknown() -> None:
    """Of a coin without facts everything is unknown: None and empty, never zero."""
    state = freeze(market().until(at(0)), "XRP", at(0))
    assert (state.price, state.high_6h, state.atr_1h, state.open_interest_of_high) == (None, None, None, None)
    assert (state.open_interest, state.funding_8h, state.levels) == ({}, {}, ())


def test_a_running_estimate_is_the_weighted_funding() -> None:
    """Where the board tells a running estimate, it is what stands before."""
    history = history_of(at(-6), [100.0] * 73, funding_8h=[3e-4] * 73, facts=[settled(at(-1), 1e-4)])
    state = freeze(history.until(at(0)), "BTC", at(0))
    assert (state.funding_weighted_8h, state.funding_8h) == (3e-4, {"binance": 1e-4})


def test_weights_only_where_open_interest_is_known() -> None:
    """A venue without open interest has no weight; without any weight the median stands."""
    rates = {"a": 1.0, "b": 2.0, "c": 9.0}
    assert weighted(rates, {"a": 1.0, "b": 3.0}) == 1.75
    assert weighted(rates, {}) == 2.0
    assert weighted({}, {"a": 1.0}) is None
