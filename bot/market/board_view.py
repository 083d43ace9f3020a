"""The MarketView of a running engine: what the Board says now, beside what History kept.

Everything is computed when it is first asked for, and again once more is known: many people ask the same at once.
Slots of History count from the last closed one, except in sums of liquidations, which take in the running slot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
import numpy as np

from bot.market.basis import basis_bps
from bot.market.board import Board
from bot.market.facts import Funding
from bot.market.funding_weight import FUNDING_MOST_MS, weights
from bot.market.gaps import Gap
from bot.market.heard import silent
from bot.market.history import DAY_MS, DAYS, HOUR_MS, SLOT_MS, History, Past
from bot.market.last_day import last_day
from bot.market.latest import median_of_known
from bot.market.rings import Floats
from bot.market.slots import slots_of
from bot.market.venue_past import venue_past_of
from bot.market.view import (
    Change,
    CoinView,
    FeedRow,
    FundingRow,
    LastDay,
    LiquidationSums,
    OpenInterestRow,
    PriceMove,
    Slots,
    VenuePast,
)

SPANS_MS = (HOUR_MS, 4 * HOUR_MS, DAY_MS)
MOST_COVERED = 1.5
"""Where totals speak of more time than that, in spans, most of what they tell lies before it."""
AT_CAP = 0.98
RANK_LEAST_DAYS = 3
SAME_FUNDING = 1e-9
HIGH_LEAST_DAYS = 1
BASIS_USUAL_DAYS = 7

Extremes = Callable[[str], tuple[tuple[int, float, str], ...]]
Totals = Callable[[], Mapping[int, float]]


class BoardView:
    """`MarketView` over a Board and its History.

    `extremes` gives the (ms, price, side) of a coin's known flushes, `totals_usd` the highest 24 h totals of
    liquidations by UTC day.
    """

    def __init__(self, board: Board, history: History, extremes: Extremes, totals_usd: Totals = dict) -> None:
        self._board, self._history, self._extremes, self._totals_usd = board, history, extremes, totals_usd
        self._last_day: LastDay | None = None
        self._known_of = 0, 0
        self._figures: dict[str, CoinView] = {}

    @property
    def as_of_ms(self) -> int:
        """UTC millisecond of the newest fact."""
        return self._board.now_ms

    def coins(self) -> list[str]:
        """Every coin heard of, in alphabetical order."""
        return sorted(self._board.coins)

    def feeds(self) -> list[FeedRow]:
        """Every (venue, kind) ever heard or reported on."""
        return self._board.heard.rows(self._board.feeds, self._board.now_ms)

    def gaps(self) -> list[Gap]:
        """Times of the last 24 h in which a feed was not heard, oldest first."""
        return self._board.gaps.within(self._board.now_ms - DAY_MS, self._board.now_ms)

    def last_day(self) -> LastDay | None:
        """The 24 h up to the last closed slot, None before one is closed."""
        at_ms = self._board.now_ms // SLOT_MS * SLOT_MS
        if not self._history.coins or at_ms // SLOT_MS <= self._history.oldest_slot:
            return None
        if self._last_day is None or self._last_day.at_ms != at_ms:
            self._last_day = last_day(self._history, self._board, at_ms, self._totals_usd())
        return self._last_day

    def coin(self, name: str) -> CoinView | None:
        """Figures of one coin as of the newest fact, None when it was never heard of."""
        if name not in self._board.coins:
            return None
        known_of = self._board.facts, self._history.changes
        if known_of != self._known_of:
            self._known_of, self._figures = known_of, {}
        if name not in self._figures:
            self._figures[name] = self._figures_of(name)
        return msgspec.structs.replace(self._figures[name], flush_extremes=self._extremes(name))

    def slots(self, name: str) -> Slots | None:
        """All slots kept; of open interest those since the venues count as they do now."""
        if name not in self._board.coins:
            return None
        counted_since_ms = {venue: self._board.last_recount_ms(venue) for venue in self._board.venues}
        return slots_of(self._history.until(self._board.now_ms), name, counted_since_ms)

    def venue_past(self, name: str) -> VenuePast | None:
        """The last days by venue; of open interest those since the venue counts as it does now."""
        if name not in self._board.coins:
            return None
        counted_since_ms = {venue: self._board.last_recount_ms(venue) for venue in self._board.venues}
        return venue_past_of(self._history.until(self._board.now_ms), name, counted_since_ms)

    def _figures_of(self, name: str) -> CoinView:
        board, now_ms = self._board, self._board.now_ms
        row = board.coins[name]
        past = self._history.until(now_ms)
        by_bars = board.priced_by_bars(now_ms)
        prices = board.price(now_ms, by_bars)
        price = _known(prices[row])
        interest = _open_interest_rows(board, name, price)
        funding_8h = _known(board.funding_weighted(now_ms)[row])
        weighing = weights(board.funding_8h, board.open_interest, now_ms)[row]
        rank, rank_days = _rank(past, name, funding_8h)
        of_high, high_days = _share_of_high(board, past, name, interest)
        return CoinView(
            coin=name,
            as_of_ms=now_ms,
            price=price,
            price_at_ms=_price_at_ms(board, row),
            price_venues=0 if price is None else max(1, int((board.mark.until_ms[row] >= now_ms).sum())),
            price_moves=_price_moves(past, name, now_ms, price),
            basis_bps=_known(basis_bps(board, prices, by_bars, now_ms)[row]),
            basis_usual_bps=_basis_usual_bps(past, name),
            funding=_funding_rows(board, name),
            funding_8h=funding_8h,
            funding_by=tuple(v for v, place in sorted(board.venues.items()) if weighing[place] > 0),
            funding_rank=rank,
            funding_rank_days=rank_days,
            open_interest=interest,
            open_interest_changes=_changes(board, past, name, interest, price),
            open_interest_of_high=of_high,
            open_interest_high_days=high_days,
            liquidations=_liquidations(self._history, board, name),
            hours=past.hours(name),
        )


def _known(value: np.floating) -> float | None:
    return None if np.isnan(value) else float(value)


def _price_at_ms(board: Board, row: int) -> int | None:
    """When the newest of the marks behind the price came, or the bar where it is later; None before any price.

    Where nothing is fresh it is that of the last price.
    """
    at_ms = board.mark.at_ms[row]
    fresh = at_ms[board.mark.until_ms[row] >= board.now_ms]
    if fresh.size:
        return int(fresh.max())
    newest_ms = int(at_ms.max(initial=0))
    return (int(board.flow.bar_close_ms[row]) if board.flow.bar_begin_ms[row] >= newest_ms else newest_ms) or None


def _price_moves(past: Past, coin: str, now_ms: int, price: float | None) -> tuple[PriceMove, ...]:
    """From the last close known then to the price now."""
    then = ((span_ms, past.price_at(coin, now_ms - span_ms)) for span_ms in SPANS_MS)
    return tuple(PriceMove(span_ms, price / before - 1) for span_ms, before in then if price and before)


def _basis_usual_bps(past: Past, coin: str) -> float | None:
    _, values = past.column(coin, "basis_bps", past.as_of_ms - BASIS_USUAL_DAYS * DAY_MS, past.as_of_ms)
    return _known(median_of_known(values[None])[0]) if values.size else None


def _funding_rows(board: Board, coin: str) -> tuple[FundingRow, ...]:
    """Each venue's running rate, or what it settled last, of the last ten hours."""
    rows = []
    for venue in sorted(board.venues):
        fact = board.funding.get((coin, venue))
        if fact is not None and fact.t >= board.now_ms - FUNDING_MOST_MS:
            rate_8h = fact.rate * 8 / fact.interval_h
            rows.append(
                FundingRow(
                    venue, fact.rate, fact.interval_h, rate_8h, fact.settled, fact.t, fact.next_t, _is_at_cap(fact)
                )
            )
    return tuple(rows)


def _is_at_cap(fact: Funding) -> bool:
    limit = fact.floor if fact.rate < 0 and fact.floor is not None else fact.cap
    return bool(limit) and abs(fact.rate) >= AT_CAP * abs(limit or 0.0)


def _rank(past: Past, coin: str, funding_8h: float | None) -> tuple[float | None, float | None]:
    """(share of the slots kept with lower funding, days they reach back); unknown before three days are kept.

    Slots with the same funding count half: funding rests at its interest part most of the time.
    """
    ends, rates = past.column(coin, "funding_8h", past.as_of_ms - DAYS * DAY_MS, past.as_of_ms)
    known = ~np.isnan(rates)
    if funding_8h is None or not known.any():
        return None, None
    days = (past.as_of_ms - int(ends[known][0]) + SLOT_MS) / DAY_MS
    if days < RANK_LEAST_DAYS:
        return None, None
    above = funding_8h - rates[known]
    return float(np.mean(np.where(np.abs(above) < SAME_FUNDING, 0.5, above > 0))), days


def _open_interest_rows(board: Board, coin: str, price: float | None) -> tuple[OpenInterestRow, ...]:
    """Every venue that ever told it, in dollars of the price now (the last one known, where none is fresh)."""
    row, latest = board.coins[coin], board.open_interest
    if price is None:
        price = _known(board.mark.value[row, board.mark.at_ms[row].argmax()])
    if price is None:
        return ()
    rows = []
    for venue, column in sorted(board.venues.items()):
        coins, at_ms = float(latest.value[row, column]), int(latest.at_ms[row, column])
        if at_ms:
            missing = silent(board.now_ms, at_ms, int(latest.gap_ms[row, column]))
            derived = (row, column) in board.open_interest_derived
            since_ms = at_ms if missing else None
            rows.append(OpenInterestRow(venue, coins, float(coins * price), at_ms, derived, since_ms))
    return tuple(rows)


def _changes(
    board: Board, past: Past, coin: str, rows: tuple[OpenInterestRow, ...], price: float | None
) -> tuple[Change, ...]:
    """Changes over the venues known at both ends that counted the same way all along."""
    live = {row.venue: row.coins for row in rows if row.missing_since_ms is None}
    changes = []
    for span_ms in SPANS_MS:
        then_ms = board.now_ms - span_ms
        told, price_then = past.open_interest_at(coin, then_ms), past.price_at(coin, then_ms)
        venues = tuple(v for v in sorted(live) if told.get(v) and board.last_recount_ms(v) <= then_ms)
        if venues and price and price_then:
            ratio = sum(live[venue] for venue in venues) / sum(told[venue] for venue in venues)
            changes.append(Change(span_ms, ratio - 1, ratio * price / price_then - 1, venues))
    return tuple(changes)


def _share_of_high(
    board: Board, past: Past, coin: str, rows: tuple[OpenInterestRow, ...]
) -> tuple[float | None, float | None]:
    """(now over the highest sum of the same venues, days looked back); unknown before one day is kept."""
    live = {row.venue: row.coins for row in rows if row.missing_since_ms is None}
    start_ms = max([past.as_of_ms - DAYS * DAY_MS, *(board.last_recount_ms(venue) for venue in live)])
    ends, told = past.open_interest(coin, start_ms, past.as_of_ms)
    if not live or not live.keys() <= told.keys():
        return None, None
    total: Floats = np.sum([told[venue] for venue in live], axis=0)
    known = ~np.isnan(total)
    days = (past.as_of_ms - int(ends[known][0]) + SLOT_MS) / DAY_MS if known.any() else 0.0
    if days < HIGH_LEAST_DAYS:
        return None, None
    now = sum(live.values())
    return now / max(now, float(total[known].max())), days


def _liquidations(history: History, board: Board, coin: str) -> tuple[LiquidationSums, ...]:
    """Sums that take in the running slot, so that they reach up to five minutes less far back, never more."""
    past = history.until(-(-board.now_ms // SLOT_MS) * SLOT_MS)
    sums = []
    for span_ms in SPANS_MS:
        start_ms = past.as_of_ms - span_ms
        (ends, longs), (_, shorts), (_, told_s) = (
            past.column(coin, name, start_ms, past.as_of_ms) for name in ("long_usd", "short_usd", "liquidation_s")
        )
        covered_ms = round(1000 * float(np.nansum(told_s)))
        if not (np.isnan(longs).all() and np.isnan(told_s).all()) and covered_ms <= MOST_COVERED * span_ms:
            known_ms = min(span_ms, covered_ms)
            told = LiquidationSums(span_ms, float(np.nansum(longs)), float(np.nansum(shorts)), known_ms)
            counted_from = np.searchsorted(ends, board.prints.first_slot * SLOT_MS, side="right")
            whole = not np.nansum(longs[:counted_from]) + np.nansum(shorts[:counted_from])
            sums.append(_with_prints(told, board, coin, past.as_of_ms) if whole else told)
    return tuple(sums)


def _with_prints(told: LiquidationSums, board: Board, coin: str, end_ms: int) -> LiquidationSums:
    """The sums with what is known of single liquidations, where there were any."""
    seen = board.prints.within(board.coins[coin], end_ms - told.span_ms, end_ms)
    if not seen.prints:
        return told
    return msgspec.structs.replace(
        told,
        prints=seen.prints,
        largest_usd=seen.largest_usd,
        low_usd=told.usd + seen.low_beyond_usd,
        high_usd=None if seen.full else told.usd + seen.high_beyond_usd,
    )
