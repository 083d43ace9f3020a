"""What the four venues say about the simulated market, and when: its facts, with the gaps real feeds have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bot.market.facts import (
    Bar,
    Depth,
    Fact,
    Feed,
    FeedState,
    Funding,
    Index,
    Liquidation,
    Mark,
    Market,
    OpenInterest,
    Side,
)
from bot.market.simulation.closures import Closures, shown
from bot.market.simulation.coins import VENUES, Floats
from bot.market.simulation.market import Market as SimulatedMarket
from bot.market.simulation.scenarios import Cadence
from bot.market.simulation.trading import Bars

HEALTH_S = 300
"""How often the state of the liquidation feeds is told; a venue without such a feed never tells one."""
STATES: dict[str, FeedState] = {"every": "live", "one a second": "partial"}
INDEX_VENUES = (0,)
DEPTH_VENUES = (0, 1)
BAR_VENUE = 0
DOLLAR_VENUES = (1, 2)
"""Venues that tell open interest in dollars beside coins."""
SIDES: tuple[Side, Side] = ("long", "short")
NAMES = tuple(venue.name for venue in VENUES)


class Feeds:
    """Turns each step of the market into facts in the order of `t`."""

    def __init__(self, market: SimulatedMarket) -> None:
        self._market = market
        self._bases = market.table.bases
        self._start_ms = market.scenario.start_ms

    def tell(self, after_s: int, cadence: Cadence, closures: Closures) -> Iterator[Fact]:
        """All facts of the step that ended `after_s` seconds from the start."""
        t = self._start_ms + after_s * 1000
        yield from self._liquidations(closures)
        if after_s % HEALTH_S == 0:
            yield from self._health(t)
        prices = self._market.price[:, None] * (1 + self._market.venue_offset)
        for venue in _on_turn(after_s, cadence, cadence.mark_s):
            yield from self._marks(t, venue, prices[:, venue])
        for venue in _on_turn(after_s, cadence, cadence.open_interest_s):
            yield from self._open_interest(t, venue, prices[:, venue])
        for venue in _on_turn(after_s, cadence, cadence.funding_s):
            yield from self._funding(t, venue, settled=False)
        for venue in _on_turn(after_s, cadence, cadence.index_s, INDEX_VENUES):
            yield from self._index(t, venue)
        for venue in _on_turn(after_s, cadence, cadence.depth_s, DEPTH_VENUES):
            yield from self._depth(t, venue)
        if after_s % cadence.bar_s == 0:
            yield from self._bars(t, "perp", self._market.perp_tape.cut(), cadence.bar_s)
            yield from self._bars(t, "spot", self._market.spot_tape.cut(), cadence.bar_s)
        for venue in self._market.funding.due(t):
            yield from self._funding(t, venue, settled=True)
            self._market.funding.begin(venue)

    def _health(self, t: int) -> Iterator[Fact]:
        for venue in VENUES:
            if venue.feed in STATES:
                yield Feed(t=t, venue=venue.name, feed="liquidation", state=STATES[venue.feed], since=self._start_ms)

    def _liquidations(self, closures: Closures) -> Iterator[Fact]:
        if len(closures) == 0:
            return
        kept, known = shown(closures)
        coins = _rounded(closures.coins[kept], 4)
        prices = _ticked(closures.price[kept])
        rows = zip(
            known.tolist(),
            closures.t_ms[kept].tolist(),
            closures.venue[kept].tolist(),
            closures.coin[kept].tolist(),
            closures.side[kept].tolist(),
            prices.tolist(),
            coins.tolist(),
            _rounded(prices * coins, 4).tolist(),
            strict=True,
        )
        for t, at, venue, coin, side, price, amount, usd in rows:
            yield Liquidation(
                t=t,
                venue=NAMES[venue],
                base=self._bases[coin],
                side=SIDES[side],
                price=price,
                coins=amount,
                usd=usd,
                at=None if at == t else at,
            )

    def _marks(self, t: int, venue: int, prices: Floats) -> Iterator[Fact]:
        for base, price in zip(self._bases, _ticked(prices).tolist(), strict=True):
            yield Mark(t=t, venue=NAMES[venue], base=base, price=price)

    def _index(self, t: int, venue: int) -> Iterator[Fact]:
        prices = _ticked(np.exp(self._market.motion.log_spot)).tolist()
        for base, price in zip(self._bases, prices, strict=True):
            yield Index(t=t, venue=NAMES[venue], base=base, price=price)

    def _open_interest(self, t: int, venue: int, prices: Floats) -> Iterator[Fact]:
        coins = _rounded(self._market.open_interest[:, venue], 5)
        told = venue in DOLLAR_VENUES
        usd = _rounded(coins * prices, 5).tolist() if told else [None] * len(coins)
        for base, amount, dollars in zip(self._bases, coins.tolist(), usd, strict=True):
            yield OpenInterest(t=t, venue=NAMES[venue], base=base, coins=amount, usd=dollars)

    def _funding(self, t: int, venue: int, *, settled: bool) -> Iterator[Fact]:
        clock = self._market.funding
        rates = np.round(clock.rates()[:, venue], 8).tolist()
        next_t = None if settled else clock.next_ms(t, venue)
        hours = VENUES[venue].funding_h
        for base, rate in zip(self._bases, rates, strict=True):
            yield Funding(
                t=t, venue=NAMES[venue], base=base, rate=rate, interval_h=hours, settled=settled, next_t=next_t
            )

    def _depth(self, t: int, venue: int) -> Iterator[Fact]:
        motion = self._market.motion
        side = motion.depth_usd * self._market.table.shares[:, venue]
        # The side that is being hit is the thinner one.
        lean = 1 + 0.25 * np.tanh(motion.last_move * 200)
        bids, asks = _rounded(side * lean, 3).tolist(), _rounded(side * (2 - lean), 3).tolist()
        spreads = np.round(self._market.table.column("spread_bps") / motion.liquidity**0.8, 2).tolist()
        for base, bid, ask, spread in zip(self._bases, bids, asks, spreads, strict=True):
            yield Depth(t=t, venue=NAMES[venue], base=base, bid_usd=bid, ask_usd=ask, spread_bps=spread)

    def _bars(self, t: int, market: Market, bars: Bars, span_s: int) -> Iterator[Fact]:
        share = self._market.table.shares[:, BAR_VENUE]
        prices = [_ticked(column).tolist() for column in (bars.open, bars.high, bars.low, bars.close)]
        volumes = [_rounded(column * share, 4).tolist() for column in (bars.volume, bars.taker_buy)]
        venue = NAMES[BAR_VENUE]
        for base, first, high, low, last, volume, buy in zip(self._bases, *prices, *volumes, strict=True):
            yield Bar(
                t=t,
                venue=venue,
                base=base,
                market=market,
                span_s=span_s,
                open=first,
                high=high,
                low=low,
                close=last,
                volume=volume,
                taker_buy=buy,
            )


def _on_turn(
    after_s: int, cadence: Cadence, period_s: int, venues: Sequence[int] = range(len(VENUES))
) -> Iterator[int]:
    """The venues that tell something of this period now."""
    return (venue for venue in venues if (after_s - venue * cadence.spread_s) % period_s == 0)


def _ticked(prices: Floats) -> Floats:
    """Prices as venues quote them: five digits, six from a thousand dollars on."""
    return np.where(prices >= 1000, _rounded(prices, 6), _rounded(prices, 5))


def _rounded(values: Floats, digits: int) -> Floats:
    """Round to significant digits, as venues do with their ticks."""
    decimals = digits - 1 - np.floor(np.log10(np.maximum(np.abs(values), 1e-300)))
    scale = 10.0 ** np.maximum(decimals, 0)
    coarse = 10.0 ** np.maximum(-decimals, 0)
    rounded: Floats = np.round(values / coarse * scale) / scale * coarse
    return rounded
