"""What the fake's market is and was: the latest of each fact, and the histories that venues keep."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.market.facts import (
    Bar,
    Depth,
    Fact,
    Funding,
    Index,
    Liquidation,
    LiquidationTotal,
    Mark,
    OpenInterest,
    Turnover,
)
from tests.fakes.exchanges.contracts import Market

SLOT_MS = 300_000
DAY_MS = 86_400_000
LONGER_S = (300, 3600)
"""Spans of bars that venues tell beside minutes."""
Place = tuple[str, str]
"""Venue and coin."""


class Interest(NamedTuple):
    """Open interest of one side, at the end of five minutes (UTC ms)."""

    t: int
    coins: float
    usd: float


class Series:
    """Bars of one span by their end, in order; a bar that is told again replaces the one before."""

    def __init__(self) -> None:
        self._ends: list[int] = []
        self._bars: dict[int, Bar] = {}

    def add(self, bar: Bar) -> None:
        """Take a bar in."""
        if bar.t not in self._bars:
            insort(self._ends, bar.t)
        self._bars[bar.t] = bar

    def at(self, end_ms: int) -> Bar | None:
        """The bar that ends then."""
        return self._bars.get(end_ms)

    def last(self) -> Bar | None:
        """The newest."""
        return self._bars[self._ends[-1]] if self._ends else None

    def between(self, first_ms: int, last_ms: int) -> list[Bar]:
        """Those that end in a span, both ends included, oldest first."""
        first, after = bisect_left(self._ends, first_ms), bisect_right(self._ends, last_ms)
        return [self._bars[end_ms] for end_ms in self._ends[first:after]]


class World:
    """Everything that was played so far, by venue and coin; `now_ms` is the world's clock."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self.now_ms = now_ms
        self.marks: dict[Place, Mark] = {}
        self.indices: dict[Place, Index] = {}
        self.interest: dict[Place, OpenInterest] = {}
        self.funding: dict[Place, Funding] = {}
        self.turnover: dict[tuple[str, str, Market], Turnover] = {}
        self.depths: dict[Place, Depth] = {}
        self.payments: dict[Place, list[Funding]] = defaultdict(list)
        self.interest_past: dict[Place, dict[int, Interest]] = defaultdict(dict)
        self.closed: dict[Place, dict[int, dict[str, float]]] = defaultdict(dict)
        """Dollars closed in five minutes by their start, then by side."""
        self._bars: dict[tuple[str, str, Market], dict[int, Series]] = defaultdict(lambda: defaultdict(Series))

    def take(self, fact: Fact) -> None:
        """Let a fact be known; health, which no venue tells, passes."""
        place = (fact.venue, fact.base or "")
        match fact:
            case Mark():
                self.marks[place] = fact
            case Index():
                self.indices[place] = fact
            case OpenInterest():
                self.interest[place] = fact
                self._keep_interest(place, fact)
            case Funding(settled=True):
                self.payments[place].append(fact)
            case Funding():
                self.funding[place] = fact
            case Turnover():
                self.turnover[(*place, fact.market)] = fact
            case Depth():
                self.depths[place] = fact
            case Bar():
                self._keep_bar(fact)
            case Liquidation() | LiquidationTotal(span_s=300):
                self._keep_closed(place, fact)

    def _keep_closed(self, place: Place, fact: Liquidation | LiquidationTotal) -> None:
        if isinstance(fact, Liquidation):
            self._slot(place, (fact.at or fact.t) - 1)[fact.side] += fact.usd
        else:
            self._slot(place, fact.t - SLOT_MS).update(long=fact.long_usd, short=fact.short_usd)

    def _slot(self, place: Place, at_ms: int) -> dict[str, float]:
        return self.closed[place].setdefault(at_ms // SLOT_MS * SLOT_MS, {"long": 0.0, "short": 0.0})

    def _keep_interest(self, place: Place, fact: OpenInterest) -> None:
        found = self.open_interest(place)
        if found is not None:
            end_ms = -(-fact.t // SLOT_MS) * SLOT_MS
            self.interest_past[place][end_ms] = Interest(end_ms, *found)

    def open_interest(self, place: Place) -> tuple[float, float] | None:
        """Coins and dollars as last told; what a fact leaves out is worked out at the mark, None without one."""
        fact, mark = self.interest.get(place), self.marks.get(place)
        if fact is None or (mark is None and None in (fact.coins, fact.usd)):
            return None
        price = mark.price if mark is not None else 0.0
        coins = fact.coins if fact.coins is not None else (fact.usd or 0.0) / price
        return coins, fact.usd if fact.usd is not None else coins * price

    def depth(self, place: Place) -> Depth | None:
        """The order book as told, else a thousandth of the open interest on each side; None without that."""
        told, found = self.depths.get(place), self.open_interest(place)
        if told is not None or found is None:
            return told
        return Depth(self.now_ms(), *place, bid_usd=found[1] / 1000, ask_usd=found[1] / 1000, spread_bps=1.0)

    def turnover_usd(self, place: Place, market: Market) -> float | None:
        """Traded in 24 hours: as told, else the bars of the day, else three times the open interest."""
        told = self.turnover.get((*place, market))
        if told is not None:
            return told.usd
        day = self.bars(place, market, 300).between(self.now_ms() - DAY_MS, self.now_ms())
        if day:
            return sum(bar.volume * bar.close for bar in day)
        found = self.open_interest(place)
        return None if found is None else 3 * found[1]

    def bars(self, place: Place, market: Market, span_s: int) -> Series:
        """Bars of a span that ended: as told, or put together from finer ones that were told."""
        return self._bars[(*place, market)][span_s]

    def _keep_bar(self, fact: Bar) -> None:
        spans = self._bars[(fact.venue, fact.base, fact.market)]
        spans[fact.span_s].add(fact)
        span_ms = fact.span_s * 1000
        for longer_s in LONGER_S:
            count, rest = divmod(longer_s, fact.span_s)
            if count > 1 and not rest and fact.t % (longer_s * 1000) == 0:
                parts = [spans[fact.span_s].at(fact.t - place * span_ms) for place in reversed(range(count))]
                whole = [bar for bar in parts if bar is not None]
                if len(whole) == count:
                    spans[longer_s].add(joined(whole))


def joined(several: Sequence[Bar]) -> Bar:
    """One bar of several that follow each other."""
    first, last = several[0], several[-1]
    bought = [bar.taker_buy for bar in several if bar.taker_buy is not None]
    return Bar(
        t=last.t,
        venue=first.venue,
        base=first.base,
        market=first.market,
        span_s=first.span_s * len(several),
        open=first.open,
        high=max(bar.high for bar in several),
        low=min(bar.low for bar in several),
        close=last.close,
        volume=sum(bar.volume for bar in several),
        taker_buy=sum(bought) if len(bought) == len(several) else None,
    )
