"""Facts through the detector, as the engine drives it, and made-up markets to drive it with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

import numpy as np

from bot.flush.detector import Detector
from bot.flush.episode import Episode
from bot.flush.tracker import Change
from bot.market.board import Board
from bot.market.facts import Bar, Fact, Funding, LiquidationTotal, Mark, OpenInterest
from bot.market.history import DAY_MS, SLOT_MS, History

START_MS = 1_768_780_800_000  # 19 January 2026, 00:00 UTC
STEP_MS = 5_000


class Pass:
    """A Board, its History and a Detector, and what they said."""

    def __init__(self, each: Callable[[Pass], None] = lambda _: None) -> None:
        self.board, self.history, self.detector = Board(), History(), Detector()
        self.changes: list[Change] = []
        self._each = each
        self._stepped_ms = 0

    def read(self, facts: Iterable[Fact]) -> Pass:
        """Step at each moment that is over and five seconds past the last; `each` is called after a step."""
        for fact in facts:
            if self._stepped_ms and fact.t > self.board.now_ms >= self._stepped_ms + STEP_MS:
                self.step()
            self.board.apply(fact)
            if isinstance(fact, Bar | Funding):
                self.history.apply(fact)
            self._stepped_ms = self._stepped_ms or fact.t
        return self

    def step(self) -> None:
        """One step at the newest fact."""
        self._stepped_ms = self.board.now_ms
        self.changes += self.detector.step(self.board, self.history, self.board.now_ms)
        self._each(self)

    def episodes(self) -> list[Episode]:
        """The last word on every episode that reached FLUSH, in order."""
        last = {change.episode.id: change.episode for change in self.changes if change.event != "watched"}
        return list(last.values())


def moments(facts: Iterable[Fact]) -> Iterator[list[Fact]]:
    """Facts of the same time together."""
    return (list(same) for _, same in groupby(facts, key=lambda fact: fact.t))


def quiet_days(days: int, coin: str = "BTC", venues: tuple[str, ...] = ("a", "b", "c")) -> Iterator[Fact]:
    """Days by five minutes: prices that wander around 100, steady open interest, small liquidations of both sides."""
    noise = np.random.default_rng(11)
    for number in range(days * DAY_MS // SLOT_MS):
        t = START_MS + number * SLOT_MS
        price = float(100 * (1 + noise.normal(0, 0.001)))
        for venue in venues:
            yield Mark(t, venue, coin, price)
            yield OpenInterest(t, venue, coin, coins=float(1e6 * (1 + noise.normal(0, 0.0005))))
        longs, shorts = noise.exponential(1e4, 2).tolist()
        yield LiquidationTotal(t, "a", coin, 300, longs, shorts)
