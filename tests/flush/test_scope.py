from __future__ import annotations

import numpy as np
import pytest

from bot.flush.scope import character_of
from bot.market.history import HOUR_MS, SLOT_MS, History, Past
from tests.flush.passes import START_MS
from tests.flush.stage import Stage

LONG = (60.0, 0.0)
INTEREST = {"BTC": 600.0, "ETH": 200.0, "SOL": 100.0, "DOGE": 60.0, "WIF": 40.0}


def scope(*coins: str, interest: dict[str, float] | None = INTEREST) -> str:
    """Scope of an episode of these coins in a market of five."""
    stage = Stage(*INTEREST, open_interest=interest)
    stage.go(2, dict.fromkeys(coins, LONG))
    (episode,) = stage.tracker.open.values()
    assert sorted(episode.members) == sorted(coins)
    return episode.scope


@pytest.mark.parametrize(
    ("coins", "expected"),
    [
        (("BTC",), "coin"),
        (("DOGE", "WIF"), "targeted"),
        (("SOL", "DOGE"), "broad"),
        (("BTC", "SOL"), "broad"),
        (("ETH", "SOL", "DOGE"), "market"),
        (("SOL", "DOGE", "WIF"), "broad"),
        (("BTC", "ETH"), "market"),
    ],
)
def test_scope_goes_by_the_share_of_open_interest(coins: tuple[str, ...], expected: str) -> None:
    """One coin is itself; several are targeted below 15 %, market from 35 % and three coins, broad between."""
    assert scope(*coins) == expected


def test_without_open_interest_coins_are_counted() -> None:
    """Two of five coins are broad and three the market where no open interest is known."""
    assert scope("DOGE", "WIF", interest=None) == "broad"
    assert scope("DOGE", "WIF", "SOL", interest=None) == "market"


def test_scope_only_widens() -> None:
    """What was the market stays so when only one coin is still being flushed."""
    stage = Stage("BTC", "ETH")
    stage.go(2, {"BTC": LONG, "ETH": LONG})
    stage.go(45, {"BTC": LONG})
    (episode,) = stage.tracker.open.values()
    assert episode.members["ETH"].ended_ms is not None
    assert episode.scope == "market"


def traded(perp: list[float], spot: list[float]) -> Past:
    """Hours of perp and spot volume, told at each hour's end; NaN is an hour that was not told."""
    history = History()
    for hour, volumes in enumerate(zip(perp, spot, strict=True)):
        place = history.enter({"BTC": 0}, {}, START_MS + (hour + 1) * HOUR_MS)
        history.add(place, np.array([[np.nan], [np.nan], [np.nan], [volumes[0]], [volumes[1]]]))
    return history.until(START_MS + len(perp) * HOUR_MS + SLOT_MS)


def usual(hours: int = 100) -> list[float]:
    """Volumes that rise and fall a little."""
    return [100.0 + hour % 10 for hour in range(hours)]


@pytest.mark.parametrize(
    ("perp", "spot", "word"), [(900.0, 300.0, "perp_led"), (300.0, 900.0, "spot_led"), (315.0, 300.0, "mixed")]
)
def test_character_is_the_ratio_of_perp_to_spot_volume(perp: float, spot: float, word: str) -> None:
    """Who leads is told by this hour's ratio against the coin's own, with both multiples of the usual hour."""
    told = character_of(traded([*usual(), perp], [*[100.0] * 100, spot]), "BTC")
    assert told is not None
    assert told[0] == word
    assert told[1] == pytest.approx(perp / 105, rel=0.02)
    assert told[2] == pytest.approx(spot / 100)


def test_character_needs_three_days_of_both_and_the_last_hour() -> None:
    """With spot volume for two days, or none in the last hour, nobody is said to lead."""
    two_days = [float("nan")] * 53 + [100.0] * 48
    assert character_of(traded([*usual(), 900.0], two_days), "BTC") is None
    assert character_of(traded([*usual(), 900.0], [100.0] * 100 + [float("nan")]), "BTC") is None
    assert character_of(History().until(START_MS), "BTC") is None
