"""The market as known now: what every venue last said of every coin, and the minutes behind it.

Facts go in one by one (`apply`), the detector looks once per step (`observe`). Latest values are arrays of shape
(coins, venues), so that a step costs the same few array operations for three coins and for three hundred.
Nothing here looks at a clock: the newest `t` is now.
"""

from collections.abc import Callable, Collection
from statistics import median
from typing import get_args

import numpy as np

from bot.market.books import Books
from bot.market.facts import (
    Bar,
    Depth,
    Fact,
    Feed,
    Funding,
    Index,
    Liquidation,
    LiquidationTotal,
    Mark,
    OpenInterest,
    Turnover,
)
from bot.market.flow import Flow
from bot.market.funding_weight import weighted
from bot.market.gaps import Gaps
from bot.market.heard import Heard
from bot.market.latest import Latest
from bot.market.prints import Prints
from bot.market.recounts import Recounts, Step
from bot.market.rings import Flags, Floats
from bot.market.seldom import bar_of
from bot.market.told import Told
from bot.market.unpriced import APART_MS, Unpriced

SIDES = {"long": 0, "short": 1}
TAGS = {kind: str(kind.__struct_config__.tag) for kind in get_args(Fact)}


class Board:
    """Latest values and minutes of all coins; see the module's first lines."""

    def __init__(self) -> None:
        self.now_ms = 0
        self.facts = 0
        """How many were taken in: what was worked out from them holds until there are more."""
        self.coins: dict[str, int] = {}
        self.venues: dict[str, int] = {}
        self.mark = Latest(8, 8)
        self.index = Latest(8, 8)
        self.open_interest = Latest(8, 8)
        self.funding_8h = Latest(8, 8)
        self.flow = Flow(8, 8)
        self.prints = Prints()
        self.told: dict[str, dict[str, Told]] = {}
        """Liquidations by coin and venue."""
        self.open_interest_derived: set[tuple[int, int]] = set()
        self.funding: dict[tuple[str, str], Funding] = {}
        self.feeds: dict[tuple[str, str], Feed] = {}
        self.depth: dict[tuple[str, str], Depth] = {}
        self.books = Books(8, 8)
        self.turnover: dict[tuple[str, str, str], Turnover] = {}
        self.heard = Heard()
        self.gaps = Gaps()
        self.recounts = Recounts()
        self._unpriced = Unpriced()
        self.perps: set[str] = set()
        """Coins of which a perpetual's price was ever told; those of spot bars price the others."""
        self._bar_ms: dict[tuple[str, str, str], dict[int, int]] = {}
        """By venue, coin and market: when the last bar of each span ended."""
        self._handlers = self._hearing()

    def __getstate__(self) -> dict[str, object]:
        """Everything but the handlers, which are code: so a Board is plain data that can be kept."""
        return {name: value for name, value in vars(self).items() if name != "_handlers"}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state)
        self._handlers = self._hearing()

    def apply(self, fact: Fact) -> None:
        """Take in one fact; facts come in the order of `t`, give or take a few seconds."""
        self.now_ms = max(self.now_ms, fact.t)
        self.facts += 1
        kind = type(fact)
        self._handlers[kind](fact)
        for told in self._unpriced.take(fact) if self._unpriced.waiting else ():
            self._open_interest(told)
        if not isinstance(fact, Feed):
            self.heard.hear(fact.venue, TAGS[kind], fact.base, fact.t)

    def last_recount_ms(self, venue: str) -> int:
        """When a venue last began to count open interest differently, 0 when it never did."""
        return self.recounts.last_ms(venue)

    def price(self, now_ms: int, by_bars: Flags | None = None) -> Floats:
        """Median of the fresh marks per coin; the last close of its bars where those are newer than every mark.

        `by_bars` is `priced_by_bars`, for a caller that has it already.
        """
        marked = self.mark.median(now_ms)
        by_bars = self.priced_by_bars(now_ms) if by_bars is None else by_bars
        return np.where(by_bars, self.flow.bar_close(now_ms), marked) if np.count_nonzero(by_bars) else marked

    def _price_of(self, coin: int, now_ms: int) -> float:
        """`price` of one coin, NaN also where it is that of a bar which ended some time ago."""
        marked = self._marked(coin, now_ms)
        if marked is None and now_ms - int(self.flow.bar_close_ms[coin]) > APART_MS:
            return float("nan")
        return float(self.price(now_ms)[coin]) if marked is None else marked

    def _marked(self, coin: int, now_ms: int) -> float | None:
        """Median of one coin's fresh marks."""
        row = zip(self.mark.value[coin].tolist(), self.mark.until_ms[coin].tolist(), strict=True)
        fresh = [price for price, until_ms in row if until_ms >= now_ms]
        return median(fresh) if fresh else None

    def priced_by_bars(self, now_ms: int) -> Flags:
        """Coins without a fresh mark whose last bar lies wholly after their last mark.

        An older bar would bring back prices of before that mark, and the step between them would look like a move.
        """
        newest_ms, until_ms = self.mark.newest()
        return np.asarray((until_ms < now_ms) & (self.flow.bar_begin_ms >= newest_ms))

    def funding_weighted(self, now_ms: int) -> Floats:
        """Funding per 8 h, weighted by open interest in coins over the venues that have both, else their median."""
        return weighted(self.funding_8h, self.open_interest, now_ms)

    def keep_to(self, venues: Collection[str]) -> None:
        """Forget how the feeds of all other venues stand: nobody listens to them any more."""
        self.feeds = {key: feed for key, feed in self.feeds.items() if key[0] in venues}
        self.heard.feeds = {key: rhythm for key, rhythm in self.heard.feeds.items() if key[0] in venues}
        self.gaps.keep_to(venues)

    def make_room(self, coins: list[str], venues: list[str]) -> None:
        """Have a place for each of these, in this order; before the first fact alone."""
        self.coins, self.venues = ({name: place for place, name in enumerate(names)} for names in (coins, venues))
        self._grow(len(coins), len(venues))

    def _hearing(self) -> dict[type, Callable[..., None]]:
        return {
            Mark: self._mark,
            Index: self._index,
            OpenInterest: self._open_interest,
            Funding: self._funding,
            Bar: self._bar,
            LiquidationTotal: self._liquidation_total,
            Liquidation: self._liquidation,
            Depth: self._depth,
            Turnover: self._turnover,
            Feed: self._feed,
        }

    def _place(self, base: str, venue: str) -> tuple[int, int]:
        coin, column = self.coins.get(base), self.venues.get(venue)
        if coin is None or column is None:
            coin = self.coins.setdefault(base, len(self.coins))
            column = self.venues.setdefault(venue, len(self.venues))
            rows, columns = self.mark.value.shape
            self._grow(rows if coin < rows else rows + max(8, rows // 4), columns if column < columns else columns + 8)
        return coin, column

    def _grow(self, coins: int, venues: int) -> None:
        for part in (self.mark, self.index, self.open_interest, self.funding_8h, self.books, self.flow):
            part.grow(coins, venues)

    def _mark(self, fact: Mark) -> None:
        self.perps.add(fact.base)
        place = self._place(fact.base, fact.venue)
        bar = bar_of(fact, self.mark, place)
        self.mark.put(*place, fact.price, fact.t)
        if bar is not None:
            self.mark.until_ms[place] = 0
            self.flow.take_prices(*place, bar)

    def _index(self, fact: Index) -> None:
        self.index.put(*self._place(fact.base, fact.venue), fact.price, fact.t)

    def _open_interest(self, fact: OpenInterest) -> None:
        place = self._place(fact.base, fact.venue)
        coins = fact.coins
        if coins is None:
            price = self._price_of(place[0], fact.t)
            if np.isnan(price):
                self._unpriced.hold(fact)
            if fact.usd is None or np.isnan(price):
                return
            coins = fact.usd / price
            self.open_interest_derived.add(place)
        if coins <= 0:
            return
        self._check_recount(fact.venue, place, coins, fact.t)
        self.open_interest.put(*place, coins, fact.t)

    def _check_recount(self, venue: str, place: tuple[int, int], coins: float, at_ms: int) -> None:
        """A halved figure on an unmoved price is no flush: shift the venue's past so that no fall is seen."""
        latest = self.open_interest
        ratio, passed_ms = coins / float(latest.value[place]), at_ms - int(latest.at_ms[place])
        own_is_fresh = int(self.mark.until_ms[place]) >= at_ms
        price = float(self.mark.value[place]) if own_is_fresh else self._marked(place[0], at_ms)
        if self.recounts.is_one(place, Step(ratio, passed_ms, price)):
            self.flow.rescale_open_interest(*place, ratio)
            self.recounts.note(venue, at_ms)

    def _funding(self, fact: Funding) -> None:
        known = self.funding.get((fact.base, fact.venue))
        if known is not None and fact.settled and not known.settled and fact.t - known.t < 3_600_000:
            return  # the running estimate says more than the payment just made
        self.funding[fact.base, fact.venue] = fact
        self.funding_8h.put(*self._place(fact.base, fact.venue), fact.rate * 8 / fact.interval_h, fact.t)

    def _bar(self, fact: Bar) -> None:
        """A bar counts once: venues tell the last ones again after a restart, and some tell bars of several spans."""
        if fact.market == "perp":
            self.perps.add(fact.base)
            self.heard.perp_bars.add(fact.venue)
        told = self._bar_ms.setdefault((fact.venue, fact.base, fact.market), {})
        begin_ms = fact.t - 1000 * fact.span_s
        known = fact.t <= told.get(fact.span_s, 0) or any(
            span_s < fact.span_s and at_ms > begin_ms for span_s, at_ms in told.items()
        )
        told[fact.span_s] = max(fact.t, told.get(fact.span_s, 0))
        if known:
            return
        place = self._place(fact.base, fact.venue)
        self.flow.add_bar(*place, fact)
        if fact.base not in self.perps:
            self.flow.take_prices(*place, fact)

    def _liquidation_total(self, fact: LiquidationTotal) -> None:
        coin, venue = self._place(fact.base, fact.venue)
        sides_usd = self._untold(fact)
        self.flow.add_liquidations(coin, venue, fact.span_s, fact.t, sides_usd)
        self._told_by(fact.base, fact.venue).add_total(fact.span_s, fact.t, sides_usd)

    def _untold(self, fact: LiquidationTotal) -> tuple[float, float]:
        """What a total adds: what none of its venues told of its span one by one, or in totals of less.

        Of less are shorter spans, and those of single venues where it is a sum; nothing, where a wider sum came before.
        """
        parts, told = set(fact.venue.split("+")), [(0.0, 0.0)]
        for venue, teller in self.told.get(fact.base, {}).items():
            if parts < set(venue.split("+")) and teller.has_total_of(fact.t, fact.span_s):
                return 0.0, 0.0
            if parts.issuperset(venue.split("+")):
                longest_s = fact.span_s - 1 if venue == fact.venue else fact.span_s
                told.append(teller.within(fact.t, fact.span_s, longest_s))
        longs_usd, shorts_usd = (sum(amounts) for amounts in zip(*told, strict=True))
        return max(0.0, fact.long_usd - longs_usd), max(0.0, fact.short_usd - shorts_usd)

    def _liquidation(self, fact: Liquidation) -> None:
        coin, venue = self._place(fact.base, fact.venue)
        self.flow.add_liquidation(coin, venue, SIDES[fact.side], fact.t, fact.usd)
        told = self._told_by(fact.base, fact.venue)
        before = told.amounts
        if told.add(SIDES[fact.side], fact.t, fact.usd):
            self.flow.full_ms[coin, venue] = fact.t
        self.prints.hear(coin, fact.usd, told.amounts.plus(before, -1))

    def _told_by(self, base: str, venue: str) -> Told:
        venues = self.told.setdefault(base, {})
        told = venues.get(venue)
        if told is None:
            told = venues[venue] = Told(venue)
        return told

    def _depth(self, fact: Depth) -> None:
        self.depth[fact.base, fact.venue] = fact
        self.books.put(*self._place(fact.base, fact.venue), fact.bid_usd + fact.ask_usd, fact.t)

    def _turnover(self, fact: Turnover) -> None:
        self.turnover[fact.base, fact.venue, fact.market] = fact

    def _feed(self, fact: Feed) -> None:
        self.feeds[fact.venue, fact.feed] = fact
        self.gaps.hear(fact)
        if fact.feed == "liquidation":
            column = self.venues.get(fact.venue)
            if column is None:
                column = self.venues.setdefault(fact.venue, len(self.venues))
                if column >= self.mark.value.shape[1]:
                    self._grow(self.mark.value.shape[0], column + 8)
            self.flow.liquidation_feed[column] = 1 if fact.state in ("live", "partial") else -1
