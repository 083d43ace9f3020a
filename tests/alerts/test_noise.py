"""A channel hears little: a calm month stays calm, and the worst day is no flood."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import msgspec
import pytest

from bot.alerts.presets import PRESETS
from bot.alerts.preview import WEEK_MS
from bot.market.facts import Depth, Fact
from bot.market.history import DAY_MS
from bot.market.simulation import SCENARIOS, play
from bot.market.simulation.coins import COINS, SMALL_CAPS
from bot.market.simulation.scenarios import DAY_S, Cadence
from bot.replay import Source, open_source, simulated
from tests.alerts.heard import Posts, run

SLOT_MS = 300_000
SLOW = Cadence(300, 0, 300, 300, 300, 3600, 3600, 3600)
VENUES = ("binance", "bybit")
MOST_A_WEEK = 5
MOST_A_DAY = 6


def calm_month(seed: int) -> Source:
    """Thirty days of 300 coins by five minutes: fat tails, clusters, a common factor, and small closures all the time.

    What was closed becomes known at the end of its five minutes, so that the detector's steps are as long.
    """
    coins = tuple(coin.base for coin in (*COINS, *SMALL_CAPS))
    # Clusters as of real markets: kurtosis 16 of five minutes and 6 of hours, 1.8 % a day for BTC.
    scenario = msgspec.structs.replace(
        SCENARIOS["calm"],
        coins=coins,
        lasts_s=30 * DAY_S,
        history_s=0,
        clusters=0.6,
        activity=0.59,
        cadences=(SLOW, SLOW, SLOW),
    )

    def facts() -> Iterator[Fact]:
        for fact in play(scenario, seed):
            if fact.venue in VENUES and not isinstance(fact, Depth):
                yield msgspec.structs.replace(fact, t=-(-fact.t // SLOT_MS) * SLOT_MS)

    return Source("calm month", f"calm month {seed}", scenario.start_ms, scenario.end_ms, facts, simulated)


def most_within(posts: Posts, within_ms: int) -> int:
    """The most posts of any stretch of that length."""
    times = [at_ms for _, at_ms, _ in posts]
    return max((sum(at - within_ms < time_ms <= at for time_ms in times) for at in times), default=0)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_calm_month_of_300_coins_is_quiet() -> None:
    """In no week does a channel of the normal preset get more than five new posts, nor a quiet one."""
    played = asyncio.run(run(calm_month(seed=1), PRESETS))
    for name in ("normal", "quiet"):
        assert most_within(played.posts[name], WEEK_MS) <= MOST_A_WEEK, (name, played.posts[name])
    assert played.happened, "nothing ever comes near a flush: this market is too calm to try anything"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_crash_is_no_flood() -> None:
    """The day on which thirty coins crash brings at most six new posts, whatever the preset."""
    played = asyncio.run(run(open_source("cascade"), PRESETS))
    for name, posts in played.posts.items():
        assert 1 <= most_within(posts, DAY_MS) <= MOST_A_DAY, (name, posts)
