"""A market whose scores are set by hand: the tracker and scope behind it are the real ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bot.flush.features import measure
from bot.flush.member import Figures
from bot.flush.severity import Judge, Severity
from bot.flush.tracker import Change, Tracker
from bot.market.board import Board
from bot.market.facts import Fact, Liquidation, Mark, OpenInterest
from bot.market.history import History
from bot.market.rings import MINUTE_MS
from tests.flush.passes import START_MS

Scores = Mapping[str, tuple[float, float]]


class Stage:
    """Coins with a mark each; scores come from the test, everything else from the Board."""

    def __init__(self, *coins: str, open_interest: Mapping[str, float] | None = None) -> None:
        self.board, self.history, self.tracker = Board(), History(), Tracker()
        self.prices = dict.fromkeys(coins, 100.0)
        self.open_interest = open_interest or {}
        self.changes: list[Change] = []
        self.now_ms = START_MS
        self.step({})

    def figures(
        self, scores: Scores, pressing: bool | None = None, *, slow: bool = False, price_only: bool = False
    ) -> Figures:
        """The step's figures; a coin without scores has (0, 0), one above 30 presses unless said otherwise.

        `slow` says that the scores are those of a day, `price_only` that nothing confirms the price.
        """
        features = measure(self.board, self.history, self.now_ms)
        values = np.array([scores.get(coin, (0.0, 0.0)) for coin in self.board.coins]).T
        flags = values >= 30 if pressing is None else np.full(values.shape, pressing)
        slowly = np.full(values.shape, slow)
        alone = np.full(values.shape, price_only)
        severity = Severity(values, alone, np.full(values.shape, 0.8), flags, slowly, features.liquidations_known)
        return Figures(self.board, self.history, features, severity, Judge())

    def step(
        self,
        scores: Scores,
        *facts: Fact,
        pressing: bool | None = None,
        slow: bool = False,
        price_only: bool = False,
    ) -> list[Change]:
        """Marks, other facts and one step at `now_ms`."""
        for coin, price in self.prices.items():
            self.board.apply(Mark(self.now_ms, "a", coin, price))
            if coin in self.open_interest:
                self.board.apply(OpenInterest(self.now_ms, "a", coin, coins=self.open_interest[coin]))
        for fact in facts:
            self.board.apply(fact)
        told = self.tracker.step(self.figures(scores, pressing, slow=slow, price_only=price_only))
        self.changes += told
        return told

    def go(
        self, minutes: float, scores: Scores, *, every: float = 0.25, pressing: bool | None = None, slow: bool = False
    ) -> list[Change]:
        """Steps on the same scores for some minutes; returns what changed."""
        told: list[Change] = []
        for _ in range(round(minutes / every)):
            self.now_ms += round(every * MINUTE_MS)
            told += self.step(scores, pressing=pressing, slow=slow)
        return told

    def hit(self, coin: str, longs: float = 0.0, shorts: float = 0.0) -> list[Fact]:
        """Single liquidations of a coin now."""
        return [
            Liquidation(self.now_ms, "a", coin, side, 100.0, usd / 100, usd)  # type: ignore[arg-type]  # side by name
            for side, usd in (("long", longs), ("short", shorts))
            if usd
        ]


def events(changes: list[Change]) -> list[str]:
    """What happened, without the regular news of growing ones."""
    return [change.event for change in changes if change.event != "grew"]
