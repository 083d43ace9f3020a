"""What flowed in the last hour, for all coins at once: liquidations, traded volume, bars, open interest by minute.

Totals come in spans (an hourly total is known once an hour), so sums are kept by span: a five-minute window must
not be fed from an hourly total, an hourly window takes all of them. Spans beyond an hour count in no window.
"""

import numpy as np

from bot.market.facts import Bar
from bot.market.rings import MINUTE_MS, Flags, Floats, Highest, MinuteRing

SPANS_S = (60, 300, 900, 3600)  # the finest window that a total of this span may feed: 1, 5, 15, 60 minutes
WINDOWS = (5, 15, 60)  # minutes
PRICE_WINDOWS = (15, 60)
DAY_MS = 86_400_000
NOTABLY_SHORTER = 0.9
"""Bars that are made of marks (`seldom`) are a little longer or shorter each time: that is no finer source."""


def span_class(span_s: int) -> int | None:
    """Place in SPANS_S of a total's span, None beyond an hour."""
    return next((place for place, longest in enumerate(SPANS_S) if span_s <= longest), None)


class Flow:
    """Minutes behind the Board. Axis order: span, coin, side or market, minute."""

    liquidation_spans: tuple[int, ...] = ()
    bar_spans: tuple[int, ...] = ()
    """Places in SPANS_S of what ever came: liquidations (single ones are in the first), and perp bars."""
    taken_ms = 0
    """When `take_amounts` was last called, 0 for never."""
    _untaken = False
    """Whether anything came since."""
    _minute_end_ms = 0
    _closed_of: tuple[int, tuple[int, ...], bytes] | None = None
    """Of which minute and silent venues `_closed` is."""
    _closed: tuple[Floats, Floats]

    def __init__(self, coins: int, venues: int) -> None:
        self.liquidated = MinuteRing((len(SPANS_S), 2, coins), 0.0)
        self.liquidated_by_venue = MinuteRing((2, venues, coins), 0.0)
        self.largest = MinuteRing((2, coins), 0.0)
        self.traded = MinuteRing((len(SPANS_S), 2, coins), 0.0)
        self.total_ms = np.zeros((len(SPANS_S), coins), dtype=np.int64)
        self.bar_ms = np.zeros((len(SPANS_S), 2, coins), dtype=np.int64)
        self.event_ms = np.zeros((coins, venues), dtype=np.int64)
        self.full_ms = np.zeros((coins, venues), dtype=np.int64)
        """When a feed that shows only some liquidations last spoke in every second of a minute."""
        self.liquidation_feed = np.zeros(venues, dtype=np.int8)
        """1 live, -1 not, 0 never said (then an event within a day speaks for it)."""
        self.tells_liquidations = np.zeros(venues, dtype=np.bool_)
        """Venues that ever told any, one by one or as totals."""
        self.liquidated_usd = np.zeros((2, coins))
        """All ever seen, so that any stretch is a difference."""
        self.beyond_hour_usd = np.zeros((2, coins))
        """What of it came in totals of more than an hour, which belong to no flush: most of it may lie before."""
        self.prints = np.zeros(coins, dtype=np.int64)
        """How many single ones were ever seen; `printed` has them by minute."""
        self.printed = MinuteRing((coins,), 0.0)
        self.covered_s = np.zeros(coins)
        """Seconds that liquidation totals ever spoke of, each once however many venues told of it."""
        self._covered_ms = np.zeros(coins, dtype=np.int64)
        self.traded_usd, self.spot_taken_usd = np.zeros((2, 2, coins))
        """Perp, spot; and of spot what takers bought and sold, where bars tell it."""
        self.bars, self.last_bar = np.full((2, 4, coins), np.nan)
        """Open, high, low, close of the bars that gave prices since the last step, and of the last one."""
        self.bar_source = np.full(coins, -1, dtype=np.int64)
        """Column of the venue whose bars give prices: of a perpetual or made of its marks, else of spot."""
        self.bar_span_s = np.full(coins, np.iinfo(np.int64).max)
        """Span of the bars that give prices."""
        self._bar_close = np.full(coins, np.nan)
        self._bar_until_ms, self.bar_close_ms, self.bar_begin_ms = np.zeros((3, coins), dtype=np.int64)
        """Until when that close stands, for two of its bars; end and begin of the last bar that gave prices."""
        self.open_interest = MinuteRing((venues, coins), np.nan)
        self.extremes = tuple(Highest(window, (2, coins)) for window in PRICE_WINDOWS)
        """Logarithm of the high, and minus the logarithm of the low, of each of PRICE_WINDOWS."""
        self._taken = np.zeros((7, coins))
        """What take_amounts gave out: longs, shorts, covered seconds, perp, spot, spot bought, spot sold."""

    def add_liquidation(self, coin: int, venue: int, side: int, at_ms: int, usd: float) -> None:
        """One forced closure of `usd` dollars."""
        self._advance(at_ms)
        self.event_ms[coin, venue] = at_ms
        self.tells_liquidations[venue] = self._untaken = True
        if 0 not in self.liquidation_spans:
            self.liquidation_spans = (0, *self.liquidation_spans)
        self.liquidated_usd[side, coin] += usd
        self.prints[coin] += 1
        if self.liquidated.holds(at_ms):
            self.liquidated.add((0, side, coin), at_ms, usd)
            self.printed.add((coin,), at_ms, 1.0)
            self.liquidated_by_venue.add((side, venue, coin), at_ms, usd)
            self.largest.raise_to(at_ms, np.asarray(usd), (side, coin))

    def add_liquidations(self, coin: int, venue: int, span_s: int, at_ms: int, usd: tuple[float, float]) -> None:
        """A total of the `span_s` seconds before `at_ms`, longs then shorts."""
        self._advance(at_ms)
        self.liquidated_usd[:, coin] += usd
        begin_ms = max(at_ms - 1000 * span_s, int(self._covered_ms[coin]))
        if at_ms > begin_ms:
            self.covered_s[coin] += (at_ms - begin_ms) / 1000
            self._covered_ms[coin] = at_ms
        self.tells_liquidations[venue] = self._untaken = True
        span = span_class(span_s)
        if span is None:
            self.beyond_hour_usd[:, coin] += usd
        elif self.liquidated.holds(at_ms):
            self.total_ms[span, coin] = at_ms
            if span not in self.liquidation_spans:
                self.liquidation_spans = tuple(sorted((span, *self.liquidation_spans)))
            self.liquidated.add((span, slice(None), coin), at_ms, np.array(usd))
            self.liquidated_by_venue.add((slice(None), venue, coin), at_ms, np.array(usd))

    def add_bar(self, coin: int, venue: int, bar: Bar) -> None:
        """Volume of any bar, and prices of one of a perpetual."""
        market = 0 if bar.market == "perp" else 1
        usd = bar.volume * bar.close
        self.traded_usd[market, coin] += usd
        if market == 1 and bar.taker_buy is not None:
            bought_usd = bar.taker_buy * bar.close
            self.spot_taken_usd[:, coin] += bought_usd, usd - bought_usd
        self._untaken = True
        self._advance(bar.t)
        span = span_class(bar.span_s)
        if span is not None and self.traded.holds(bar.t):
            self.bar_ms[span, market, coin] = bar.t
            if market == 0 and span not in self.bar_spans:
                self.bar_spans = tuple(sorted((span, *self.bar_spans)))
            self.traded.add((span, market, coin), bar.t, usd)
        if market == 0:
            self.take_prices(coin, venue, bar)

    def take_prices(self, coin: int, venue: int, bar: Bar) -> None:
        """Prices of a bar, where it is of the venue that prices the coin: the shortest bars of those that go on."""
        # A venue goes on with whatever begins after its last bar, and one that fell silent gives way to such a bar.
        follows = bar.t - 1000 * bar.span_s >= self.bar_close_ms[coin]
        in_turn = venue == self.bar_source[coin] or bar.t > self._bar_until_ms[coin]
        if (follows and in_turn) or bar.span_s < NOTABLY_SHORTER * self.bar_span_s[coin]:
            self.bar_span_s[coin], self.bar_source[coin] = bar.span_s, venue
        if venue != self.bar_source[coin] or bar.span_s != self.bar_span_s[coin]:
            return
        seen = self.bars[:, coin]
        if np.isnan(seen[0]):
            seen[:] = bar.open, bar.high, bar.low, bar.close
        else:
            seen[1:] = max(seen[1], bar.high), min(seen[2], bar.low), bar.close
        self._bar_close[coin], self.bar_close_ms[coin] = bar.close, bar.t
        self.last_bar[:, coin] = bar.open, bar.high, bar.low, bar.close
        self.bar_begin_ms[coin], self._bar_until_ms[coin] = bar.t - 1000 * bar.span_s, bar.t + 2000 * bar.span_s

    def bar_close(self, now_ms: int) -> Floats:
        """Last close of bars per coin, NaN when older than two of them."""
        return np.where(now_ms <= self._bar_until_ms, self._bar_close, np.nan)

    def close_step(self, now_ms: int, price: Floats, has_mark: Flags, open_interest: Floats) -> Floats:
        """Put the step's open interest into the minutes and take its prices.

        `price` per coin, `has_mark` whether it came from marks, `open_interest` (coins, venues) fresh values.
        Returns open, high and low of the step by row: the price itself, or the bars' where there is no mark.
        """
        self._advance(now_ms)
        prices = np.where(has_mark | np.isnan(self.bars[0]), price, self.bars[:3])
        self.bars[:] = np.nan
        self.open_interest.put(now_ms, open_interest.T)
        return prices

    def take_amounts(self, now_ms: int, live: Flags | Floats) -> Floats | None:
        """Amounts since the last call, rows as in `history.AMOUNTS`, per coin; NaN where nothing tells them.

        None when nothing tells any of them.

        A live feed of single liquidations covers the time since the last call, a total covers its own span. `live` is
        the part of that time, 0 to 1, in which a feed was there.
        """
        if not self._untaken and not np.count_nonzero(live):
            self.taken_ms = now_ms
            return None
        self._untaken = False
        passed_s = min(3600.0, (now_ms - self.taken_ms) / 1000) if self.taken_ms else 0.0
        sums = np.concatenate([self.liquidated_usd, self.covered_s[None, :], self.traded_usd, self.spot_taken_usd])
        amounts = sums - self._taken
        self._taken, self.taken_ms = sums, now_ms
        amounts = amounts[:, : live.shape[0]]
        amounts[2] += passed_s * live
        nothing = amounts <= 0
        nothing[5:] = nothing[5] & nothing[6]  # that takers only bought is known
        np.copyto(amounts[:2], np.nan, where=nothing[0] & nothing[1] & nothing[2])  # unknown, not zero
        np.copyto(amounts[2:], np.nan, where=nothing[2:])
        return amounts

    def forget_extremes(self, coin: int) -> None:
        """Take the prices of a coin's last hour for unknown."""
        for extremes in self.extremes:
            extremes.forget(coin)

    def closed_open_interest(self, among: slice, silent: Flags) -> tuple[Floats, Floats]:
        """Sums over the venues of `among` that are not silent now, by coin: the hour's highest, the minute before it.

        The running minute is left out; NaN where one of those venues was silent. It is worked out once a minute, unless
        a venue falls silent.
        """
        of = self._minute_end_ms, silent.shape, silent.tobytes()
        if of != self._closed_of:
            self._closed_of = of
            cells = self.open_interest.window(61)[among, :, :-1]
            sums = np.add.reduce(np.where(silent[..., None], 0.0, cells), axis=0)
            self._closed = np.fmax.reduce(sums[..., 1:], axis=-1), sums[..., 0]
        return self._closed

    def rescale_open_interest(self, coin: int, venue: int, ratio: float) -> None:
        """Shift a venue's minutes to its new way of counting."""
        self.open_interest.cells[venue, coin] *= ratio
        self._closed_of = None

    def liquidations_live(self, now_ms: int, listed: Flags) -> Flags:
        """Whether a feed of single liquidations is live, per coin and venue; `listed` where the venue has the coin."""
        said = self.liquidation_feed[None, :]
        unsaid = not np.count_nonzero(self.liquidation_feed)
        if unsaid and 0 not in self.liquidation_spans:
            return np.zeros(self.event_ms.shape, dtype=np.bool_)  # there never was a single one
        recent = (now_ms - self.event_ms <= DAY_MS) & (self.event_ms > 0)
        if unsaid:
            return recent
        return np.where(said == 0, recent, listed & (said > 0))

    def _advance(self, now_ms: int) -> None:
        if now_ms <= self._minute_end_ms:
            return
        self._minute_end_ms = ((now_ms - 1) // MINUTE_MS + 1) * MINUTE_MS
        for ring in (
            self.liquidated,
            self.liquidated_by_venue,
            self.largest,
            self.printed,
            self.traded,
            self.open_interest,
        ):
            ring.advance(now_ms)

    def grow(self, coins: int, venues: int) -> None:
        """Make room for more coins and venues."""
        old_coins, old_venues = self.event_ms.shape
        if coins <= old_coins and venues <= old_venues:
            return
        wider = Flow(max(coins, old_coins), max(venues, old_venues))
        for name, ring in vars(self).items():
            if isinstance(ring, MinuteRing):
                for axis, size in enumerate(vars(wider)[name].cells.shape[:-1]):
                    ring.grow(axis, size)
            elif isinstance(ring, np.ndarray):
                target = vars(wider)[name]
                target[tuple(slice(size) for size in ring.shape)] = ring
                setattr(self, name, target)
        for highest in self.extremes:
            highest.grow(self.event_ms.shape[0])
