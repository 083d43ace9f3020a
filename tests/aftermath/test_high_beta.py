from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.aftermath.board_moves import shrunk_beta
from bot.aftermath.high_beta import HighBeta, check
from bot.aftermath.missing import Missing
from bot.flush.episode import Episode
from bot.market.history import COLUMNS, HOUR_MS, SLOT_MS, Past
from tests.aftermath.days import Floats, flush_of, written
from tests.aftermath.slots import ONSET_MS

DAYS = 5
SLOTS = DAYS * 288
START_MS = ONSET_MS - DAYS * 24 * HOUR_MS
ALTS = ("SOL", "XRP", "DOGE", "SUI", "WIF", "ORDI")


def prices(fall: float, seed: int, side: str = "long", scale: float = 1.0) -> Floats:
    """Five days of small moves around 100, then an hour that falls by a share (rises, in a squeeze), then calm."""
    steps = 1e-4 * np.random.default_rng(seed).standard_normal(SLOTS)
    calm = 100.0 * np.exp(np.cumsum(steps) - np.cumsum(steps)[-1])
    before = calm[-72:].max() if side == "long" else calm[-72:].min()
    low = before * (1 - fall if side == "long" else 1 + fall)
    return np.asarray(scale * np.concatenate([calm, np.linspace(100.0, low, 12), np.full(12, low)]))


def board(falls: Mapping[str, float], side: str = "long", scale: float = 1.0, later: int = 0) -> Past:
    """The market two hours after onset; each coin fell by its share."""
    coins = {}
    for seed, (coin, fall) in enumerate(falls.items()):
        values = np.concatenate([prices(fall, seed, side, scale), np.full(later, 1.0)])
        coins[coin] = dict.fromkeys(("close", "high", "low"), values)
    return written(START_MS, coins).until(ONSET_MS + 2 * HOUR_MS)


def flush(side: str = "long") -> Episode:
    """A flush of one hour."""
    return flush_of(ONSET_MS, ONSET_MS + HOUR_MS, side=side)


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize(
    ("majors", "alts", "verdict", "lead"),
    [
        (0.04, (0.06, 0.06, 0.06, 0.06, 0.06, 0.06), "UNIFORM", "HIGH_BETA_HIT"),
        (0.05, (0.06, 0.05, 0.05, 0.05, 0.05, 0.04), "UNIFORM", "TOGETHER"),
        (0.06, (0.03, 0.03, 0.03, 0.03, 0.015, 0.015), "UNIFORM", "MAJORS_LED"),
        (0.03, (0.03, 0.03, 0.015, 0.015, 0.015, 0.015), "MIXED", "MAJORS_LED"),
        (0.010, (0.14, 0.10, 0.010, 0.010, 0.010, 0.010), "TARGETED", "TOGETHER"),
        (0.004, (0.14, 0.10, 0.010, 0.010, 0.010, 0.010), "TARGETED", None),
    ],
)
def test_reach_and_lead_of_a_board(
    side: str, majors: float, alts: tuple[float, ...], verdict: str, lead: str | None
) -> None:
    """By the share of the board that went unusually far, and by the others' middle over that of BTC and ETH."""
    falls = {"BTC": majors, "ETH": majors, **dict(zip(ALTS, alts, strict=True))}
    found = check(flush(side), board(falls, side))
    assert isinstance(found, HighBeta)
    assert (found.verdict, found.lead, found.coins, found.group) == (verdict, lead, 8, "others")
    sign = -1 if side == "long" else 1
    assert (found.majors, found.high_beta) == pytest.approx((sign * majors, sign * float(np.median(alts))))
    assert found.breadth == sum(fall >= 0.02 for fall in (majors, majors, *alts)) / 8


def test_the_worst_are_those_beyond_their_beta() -> None:
    """ORDI fell by 14 %, of which its beta to BTC's 1 % explains little; coins that held up are not named."""
    falls = {"BTC": 0.01, "ETH": 0.01, **dict.fromkeys(ALTS, 0.0), "WIF": 0.08, "ORDI": 0.14}
    found = check(flush(), board(falls))
    assert isinstance(found, HighBeta)
    assert [entry.coin for entry in found.worst] == ["ORDI", "WIF"]
    worst = found.worst[0]
    assert worst.residual == pytest.approx(-0.14 + worst.beta * 0.01)
    assert 0.3 <= worst.beta <= 3


@settings(max_examples=50)
@given(st.floats(-1, 5), st.integers(24, 300), st.integers(0, 99))
def test_a_beta_is_the_slope_of_pandas_drawn_to_the_prior(slope: float, hours: int, seed: int) -> None:
    """OLS over the hours known, as by 72 hours more at 1.3, and never beyond 0.3 to 3."""
    rng = np.random.default_rng(seed)
    of_btc = rng.standard_normal(hours)
    own = slope * of_btc + rng.standard_normal(hours)
    told = pd.DataFrame({"btc": of_btc, "own": own})
    expected = (hours * told.cov().own.btc / told.btc.var() + 72 * 1.3) / (hours + 72)
    holed, nothing = np.concatenate([own, [np.nan, 1.0]]), np.concatenate([of_btc, [1.0, np.nan]])
    assert shrunk_beta(holed, nothing) == pytest.approx(min(max(expected, 0.3), 3.0))


def test_without_a_beta_the_prior_stands_in() -> None:
    """Hours that are unknown say nothing of a slope."""
    assert shrunk_beta(np.full(50, np.nan), np.ones(50)) == 1.3


@pytest.mark.parametrize("left_out", [("BTC",), ("SOL", "XRP")])
def test_a_board_of_few_coins_is_missing(left_out: tuple[str, ...]) -> None:
    """BTC and five coins outside the majors are needed."""
    falls = {coin: 0.03 for coin in ("BTC", "ETH", *ALTS) if coin not in left_out}
    assert check(flush(), board(falls)) == Missing("coins")


def test_neither_scale_nor_what_comes_later_changes_the_board() -> None:
    """The same prices in another currency, and an hour more in which all falls to nothing."""
    falls = {"BTC": 0.04, "ETH": 0.05, **dict.fromkeys(ALTS, 0.07)}
    told = check(flush(), board(falls))
    assert isinstance(told, HighBeta)
    assert check(flush(), board(falls, later=12)) == told
    scaled = check(flush(), board(falls, scale=1e-6))
    assert isinstance(scaled, HighBeta)
    assert (scaled.verdict, scaled.lead, scaled.breadth) == (told.verdict, told.lead, told.breadth)
    assert (scaled.majors, scaled.high_beta) == pytest.approx((told.majors, told.high_beta))


def test_hidden_stress_is_much_liquidated_under_a_flat_price() -> None:
    """WIF: 3 % of its open interest within 24 h and a price 1 % away. ORDI fell, SUI was not heard all day."""
    falls = {"BTC": 0.0, "ETH": 0.0, **dict.fromkeys(ALTS, 0.0), "WIF": 0.01, "ORDI": 0.05}
    past = board(falls)
    history, known = past._history, slice(-288, None)
    history._know(history.coins, {"okx": 0})
    slots = (np.arange(SLOTS + 24) + START_MS // SLOT_MS) % history.columns.shape[2]
    for coin, heard in (("WIF", 288), ("ORDI", 288), ("SUI", 200)):
        row = history.coins[coin]
        history.venue_coins[row, 0, slots] = 1_000.0
        history.columns[COLUMNS.index("long_usd"), row, slots[known]] = 3.0 * 1_000 / 288
        history.columns[COLUMNS.index("liquidation_s"), row, slots[known][:heard]] = 300.0
    history.columns[COLUMNS.index("perp_usd"), history.coins["XRP"], slots[known]] = 41 * 100_000 / 288
    history.venue_coins[history.coins["XRP"], 0, slots] = 1_000.0
    found = check(flush(), past)
    assert isinstance(found, HighBeta)
    assert [entry.coin for entry in found.stressed] == ["WIF"]
    assert found.stressed[0].share == pytest.approx(0.03, rel=0.02)
    assert found.implausible == ("XRP",)
