"""What of the facts of one venue may go together with those of the others."""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from collections.abc import Sequence
from math import log as ln

from bot.market.facts import Bar, Fact, Liquidation, Mark, OpenInterest
from bot.market.live.ages import Ages
from bot.market.live.prices import FAR_APART, Pair, Prices
from bot.market.live.signs import Signs
from bot.market.venues.venue import Venue

log = logging.getLogger(__name__)

BARS_KEPT = 64
STEP = 0.2
"""A change of open interest within one poll that no market makes while its price rests."""
RESTS = 0.005
LEAST_STEPS = 5
RECOUNT_MS = 10 * 60_000
"""How long a venue that began to count open interest differently is marked."""


class Merge:
    """Checks that need to know what was told before, by the same venue and by the others."""

    def __init__(self, venues: Sequence[Venue]) -> None:
        self.prices = Prices([venue.name for venue in venues])
        self.signs = Signs(self.prices)
        self._ages: dict[str, Ages] = defaultdict(Ages)
        self._bars: dict[tuple[object, ...], deque[int]] = defaultdict(lambda: deque(maxlen=BARS_KEPT))
        self._interest: dict[tuple[str, str], tuple[float, float]] = {}
        self._recounted_ms: dict[str, int] = {}

    def polled(self, venue: Venue, every_s: float, facts: Sequence[Fact], t_ms: int) -> list[Fact]:
        """The facts of one answer of a poll that is repeated every `every_s` seconds, without what must not go on."""
        fresh = self._ages[venue.rest].fresh(facts, t_ms, every_s)
        for fact in fresh:
            if isinstance(fact, Mark):
                self.prices.tell(Pair(fact.venue, venue.market, fact.base), fact.price, t_ms)
            elif isinstance(fact, Bar) and venue.market == "spot":
                self.prices.tell(Pair(fact.venue, venue.market, fact.base), fact.close, t_ms)
        self.signs.pass_time(t_ms)
        self._note_recount(venue, fresh, t_ms)
        return [fact for fact in fresh if self._goes_on(venue, fact)]

    def heard(self, venue: Venue, facts: Sequence[Fact], t_ms: int) -> list[Fact]:
        """The facts of one frame that go on: closures at a possible price, of venues whose sides can be trusted."""
        self.signs.pass_time(t_ms)
        kept: list[Fact] = []
        for fact in facts:
            if isinstance(fact, Liquidation):
                if self._is_far_off(fact, t_ms):
                    continue
                self.signs.hear(fact)
                if fact.venue in self.signs.unverified:
                    continue
            if self._goes_on(venue, fact):
                kept.append(fact)
        return kept

    def is_recounted(self, venue: str, now_ms: int) -> bool:
        """Whether the venue began to count open interest differently a short while ago."""
        return now_ms - self._recounted_ms.get(venue, -RECOUNT_MS) < RECOUNT_MS

    def _goes_on(self, venue: Venue, fact: Fact) -> bool:
        if fact.base is not None and self.prices.is_out(Pair(fact.venue, venue.market, fact.base)):
            return False
        if not isinstance(fact, Bar):
            return True
        told = self._bars[fact.venue, fact.base, fact.market, fact.span_s]
        if fact.t in told:
            return False
        told.append(fact.t)
        return True

    def _is_far_off(self, fact: Liquidation, now_ms: int) -> bool:
        price = self.prices.of(fact.base, now_ms)
        return price is not None and not 1 / FAR_APART < fact.price / price < FAR_APART

    def _note_recount(self, venue: Venue, facts: Sequence[Fact], t_ms: int) -> None:
        """A venue recounts when most of its coins step at once while their prices rest."""
        steps = compared = 0
        for fact in facts:
            if not isinstance(fact, OpenInterest) or not fact.coins:
                continue
            price = self.prices.of(fact.base, t_ms)
            if price is None:
                continue
            before = self._interest.get((fact.venue, fact.base))
            self._interest[fact.venue, fact.base] = fact.coins, price
            if before is not None and abs(ln(price / before[1])) < RESTS:
                compared += 1
                steps += abs(fact.coins / before[0] - 1) >= STEP
        if steps >= LEAST_STEPS and 2 * steps > compared:
            self._recounted_ms[venue.name] = t_ms
            log.warning(
                "%s counts open interest differently: %d of %d coins stepped at once", venue.name, steps, compared
            )
