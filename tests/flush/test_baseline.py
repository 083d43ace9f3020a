from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flush.baseline import (
    AFTER_SLOTS,
    BEFORE_SLOTS,
    DAY_SLOTS,
    ENOUGH_SLOTS,
    LAG_SLOTS,
    LEAST_LIQUIDATED_USD,
    LEAST_MOVE,
    LEAST_OPEN_INTEREST_FALL,
    TIMES_UPPER_QUARTER,
    Baseline,
    _upper,
)
from bot.flush.features import BASED, ROW, Features
from bot.market.history import SLOT_MS
from bot.market.rings import Floats
from tests.flush.passes import START_MS

DAYS = 5
SLOTS = DAYS * DAY_SLOTS
POOLED = {"drop": ("drop", "rise"), "rise": ("drop", "rise"), "long": ("long", "short"), "short": ("long", "short")}
FLOORS = {
    "drop": LEAST_MOVE,
    "rise": LEAST_MOVE,
    "long": LEAST_LIQUIDATED_USD,
    "short": LEAST_LIQUIDATED_USD,
    "oi_fall": LEAST_OPEN_INTEREST_FALL,
}
QUIET = np.zeros(1, dtype=np.bool_)


def features(slot: int, based: Floats, open_interest_usd: float = np.nan) -> Features:
    """A step of one coin in a slot, of which only `based` matters here."""
    unknown = np.full(1, np.nan)
    return Features(
        now_ms=START_MS + slot * SLOT_MS,
        price=np.ones(1),
        high=np.ones(1),
        low=np.ones(1),
        based=based[:, None],
        open_interest_usd=np.full(1, open_interest_usd),
        intensity=np.full((2, 1), np.nan),
        basis_shift=unknown,
        funding_shift=unknown,
        liquidations_known=QUIET,
        price_from_marks=QUIET,
    )


def run(samples: Floats, flushes: frozenset[int] = frozenset(), open_interest_usd: float = 1.0) -> Baseline:
    """A baseline after one step a slot; `samples` (slots, features), flushing in the slots of `flushes`.

    With so little open interest the prior of liquidations is lower than any level.
    """
    baseline = Baseline()
    for slot, based in enumerate(samples):
        baseline.update(features(slot, based, open_interest_usd), np.array([slot in flushes]))
    return baseline


def by_hand(samples: Floats, flushes: frozenset[int], name: str, window: int) -> float:
    """The level of one feature from a plain list of slots, as the module's first lines describe it."""
    judged = max(slot for slot in range(len(samples)) if slot % (DAY_SLOTS // 4) == 0)
    left_out: set[int] = set()
    until = -1
    for slot in range(judged + 1):
        if slot in flushes:
            if until < slot:
                left_out |= set(range(slot - BEFORE_SLOTS, slot))
            until = slot + AFTER_SLOTS
        if slot <= until:
            left_out.add(slot)
    slots = range(judged - LAG_SLOTS + 1)
    length = window // 5
    pooled: list[float] = []
    for row in (ROW[entry, window] for entry in POOLED.get(name, (name,))):
        known = [-1.0 if s in left_out or np.isnan(samples[s, row]) else float(samples[s, row]) for s in slots]
        known = known[len(known) % length :]
        blocks = [max(known[start : start + length]) for start in range(0, len(known), length)]
        pooled += [value for value in blocks if value >= 0]
    if len(pooled) < len(POOLED.get(name, (name,))) * (ENOUGH_SLOTS // length):
        return LEAST_LIQUIDATED_USD if name in {"long", "short"} else float("nan")
    above = window * len(pooled) // 4320
    ordered, times = sorted(pooled), TIMES_UPPER_QUARTER.get(("drop" if name == "rise" else name, window), 0.0)
    return max(ordered[-1 - above], times * ordered[-1 - len(pooled) // 4], FLOORS.get(name, -1.0))


@settings(max_examples=12)
@given(
    seed=st.integers(0, 10**6),
    unknown=st.floats(0, 0.6),
    flushes=st.frozensets(st.integers(0, SLOTS - 1), max_size=6),
)
def test_levels_are_those_of_a_plain_list(seed: int, unknown: float, flushes: frozenset[int]) -> None:
    """Blocks, pooled sides, unknown samples, left-out stretches and the lag give what a list worked through gives."""
    noise = np.random.default_rng(seed)
    samples = (noise.exponential(1e5, (SLOTS, len(BASED)))).astype(np.float32).astype(np.float64)
    samples[noise.random(samples.shape) < unknown] = np.nan
    baseline = run(samples, flushes)
    for name, window in BASED:
        expected = by_hand(samples, flushes, name, window)
        assert baseline.levels[ROW[name, window], 0] == pytest.approx(expected, rel=1e-6, nan_ok=True), (name, window)


@pytest.mark.parametrize(("hours", "rank"), [(71, 0), (72, 1), (143, 1), (144, 2), (216, 3)])
def test_one_hour_in_three_days_is_above_the_level(hours: int, rank: int) -> None:
    """Of 72 hours one, of 144 two, exactly: what is above by rounding alone would make the level too high."""
    values = np.arange(hours, dtype=np.float32)[None]
    assert _upper(values, 60 / 4320, 1)[0] == hours - 1 - rank


def test_a_price_that_stands_still_has_a_level() -> None:
    """Of a coin that moved by a hundredth of a percent a day for two days, or for two weeks, a twentieth is nothing."""
    still = np.full((14 * DAY_SLOTS, len(BASED)), np.nan)
    still[:, [ROW[name, window] for name in ("drop", "rise") for window in (15, 60)]] = 0.0
    still[::DAY_SLOTS, ROW["drop", 60]] = 1e-4
    for days in (2, 14):
        levels = run(still[: days * DAY_SLOTS]).levels
        assert [float(levels[ROW[name, 60], 0]) for name in ("drop", "rise")] == [LEAST_MOVE, LEAST_MOVE]


def spiky(spikes: dict[int, float]) -> Floats:
    """Days of ones with a two twice a day, and what `spikes` puts on top."""
    samples = np.ones((SLOTS, len(BASED)))
    samples[:: DAY_SLOTS // 2] = 2.0
    for slot, value in spikes.items():
        samples[slot] = value
    return samples * 1e6


def test_an_event_inside_the_window_does_not_raise_the_level() -> None:
    """A flush that was noticed is left out; the same hours unnoticed lift every level and would hide the next one."""
    event = range(700, 712)
    calm, after = run(spiky({})).levels[:, 0], spiky(dict.fromkeys(event, 50.0))
    assert run(after, frozenset(event)).levels[:, 0].tolist() == calm.tolist()
    of_once = slice(len(BASED))
    assert (run(after).levels[of_once, 0] > calm[of_once]).all()


def test_a_sample_never_judges_itself() -> None:
    """What happened within the last hour does not move the level, however large."""
    last = SLOTS - 1 - (SLOTS - 1) % (DAY_SLOTS // 4)
    recent = spiky(dict.fromkeys(range(last - LAG_SLOTS + 1, last + 1), 99.0))
    assert run(recent).levels[:, 0].tolist() == run(spiky({})).levels[:, 0].tolist()


def test_a_prior_stands_in_for_three_days() -> None:
    """Nothing before a day is heard; then so many times the upper quarter, marked; after a week the coin's own."""
    move = ROW["drop", 60]
    assert np.isnan(run(spiky({})[: DAY_SLOTS - 1]).levels).all()
    young = run(spiky({})[: 2 * DAY_SLOTS])
    assert young.levels[move, 0] == TIMES_UPPER_QUARTER["drop", 60] * 1e6
    assert young.by_prior[move, 0]
    grown = run(np.concatenate([spiky({}), spiky({})]))
    assert grown.levels[move, 0] == 2e6
    assert not grown.by_prior[move, 0]


def test_a_prior_is_no_memory() -> None:
    """Levels that only stand in are not kept among those of past days, so that they lift nothing later."""
    young, grown = run(spiky({})[: 2 * DAY_SLOTS]), run(np.concatenate([spiky({}), spiky({})]))
    assert young.by_prior[ROW["drop", 60], 0]
    assert np.isnan(young.daily).all()
    assert set(grown.daily[~np.isnan(grown.daily)].tolist()) == {2e6}
    assert grown.lasting[0] == 2e6


def test_the_prior_of_liquidations_is_a_share_of_open_interest() -> None:
    """0.03 % in five minutes, more by the root of time."""
    baseline = run(spiky({})[: 2 * DAY_SLOTS], open_interest_usd=1e10)
    told = [float(baseline.levels[ROW["long", window], 0]) for window in (5, 15, 60)]
    assert told == pytest.approx([3e6, 3e6 * 3**0.5, 3e6 * 12**0.5])


@pytest.mark.parametrize("days", [2, 5, 8])
def test_without_open_interest_liquidations_weigh_no_more(days: int) -> None:
    """In the first week there is no level where the prior might be the higher one; then it is the coin's own."""
    samples = np.concatenate([spiky({}), spiky({})])[: days * DAY_SLOTS]
    told, untold = (run(samples, open_interest_usd=usd) for usd in (1e10, np.nan))
    rows = [ROW[side, window] for side in ("long", "short") for window in (5, 15, 60)]
    if days < 7:
        assert np.isnan(untold.levels[rows, 0]).all()
        assert told.by_prior[rows, 0].all()
    else:
        assert untold.levels[rows, 0].tolist() == told.levels[rows, 0].tolist()
        assert not untold.by_prior[rows, 0].any()


def test_a_calm_time_does_not_make_an_ordinary_move_stand_alone() -> None:
    """The level that price alone is held against is the middle one of sixty days where that is higher."""
    baseline = run(np.concatenate([spiky({}), spiky({}), spiky({}), 0.1 * spiky({})]))
    lower = run(np.concatenate([spiky({}), spiky({}), spiky({}), 0.1 * spiky({}), 0.1 * spiky({}), 0.1 * spiky({})]))
    assert lower.levels[ROW["drop", 60], 0] < baseline.levels[ROW["drop", 60], 0]
    assert lower.lasting[0] == baseline.lasting[0] == 2e6


def test_levels_have_a_floor() -> None:
    """Liquidations below 50,000 dollars or two hundredths of a percent of open interest are no level to exceed."""
    baseline = run(np.concatenate([spiky({}), spiky({})]) / 1e6, open_interest_usd=1e9)
    assert baseline.levels[ROW["long", 60], 0] == 2e5
    baseline = run(spiky({}) / 1e6)
    assert baseline.levels[ROW["long", 60], 0] == LEAST_LIQUIDATED_USD
    assert run(spiky({}) * 0).levels[ROW["oi_fall", 60], 0] == LEAST_OPEN_INTEREST_FALL


def test_a_spike_and_a_plateau_count_alike() -> None:
    """One loud sample an hour long or five minutes long is one exceeded hour, so cadence does not move the level."""
    starts = range(1 + 12 * 10, SLOTS - DAY_SLOTS, 12 * 30)  # begins of blocks, which end an hour before the judging
    heights = {start: 10.0 + number for number, start in enumerate(starts)}
    spikes = spiky(heights)
    plateaus = spiky({slot: height for start, height in heights.items() for slot in range(start, start + 12)})
    hourly = [ROW[name, 60] for name in ("drop", "long", "oi_fall", "volume")]
    assert run(spikes).levels[hourly, 0].tolist() == run(plateaus).levels[hourly, 0].tolist()


def test_new_coins_have_no_level_and_take_none() -> None:
    """Room for more coins keeps the levels there are and begins the new ones unknown."""
    baseline = run(spiky({}))
    before = baseline.levels[:, 0].copy()
    baseline.make_room(20)
    assert baseline.levels[:, 0].tolist() == before.tolist()
    assert np.isnan(baseline.levels[:, 1:]).all()
    wide = features(SLOTS, np.ones(len(BASED)))
    wide = replace(wide, price=np.ones(20), based=np.ones((len(BASED), 20)), open_interest_usd=np.ones(20))
    baseline.update(wide, np.zeros(20, dtype=np.bool_))
    assert baseline.levels.shape[1] >= 20
