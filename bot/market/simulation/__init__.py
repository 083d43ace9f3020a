"""A simulated perpetual-futures market: leveraged traders, real cascades, and venues with the gaps of real feeds.

`simulate` gives the facts of a scenario lazily and in order; the same scenario and seed give the same facts, in any
process. `article` ends where `cascade` begins, so that the two make one stream.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.market.facts import Fact
from bot.market.simulation.feeds import Feeds
from bot.market.simulation.market import Market
from bot.market.simulation.scenarios import SCENARIOS, Scenario

__all__ = ["SCENARIOS", "Scenario", "simulate"]


def simulate(scenario: str, seed: int = 7) -> Iterator[Fact]:
    """The facts of one of `SCENARIOS`, in the order of `t`; a name that is not among them is a KeyError."""
    return play(SCENARIOS[scenario], seed)


def play(chosen: Scenario, seed: int) -> Iterator[Fact]:
    """The facts of any scenario, one step of the market after the other."""
    market = Market(chosen, seed)
    feeds = Feeds(market)
    after_s = 0
    while after_s < chosen.lasts_s:
        cadence = chosen.cadence(after_s)
        after_s += cadence.step_s
        yield from feeds.tell(after_s, cadence, market.step(after_s, cadence.step_s))
