"""What one step looks at, per coin: how far price ran, what was liquidated, how open interest fell, what was traded.

All windows are in minutes. NaN is unknown: a window has a value only where something that can feed it was heard.
"""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from bot.market.basis import basis_bps
from bot.market.board import Board
from bot.market.flow import PRICE_WINDOWS, WINDOWS
from bot.market.history import HOUR_MS, SLOT_MS, History
from bot.market.latest import HOURLY_MS, median_of_known
from bot.market.rings import MINUTE_MS, Flags, Floats

# Features held against the coin's own past; the order is that of the baseline's rows.
BASED = (
    ("drop", 15),
    ("drop", 60),
    ("rise", 15),
    ("rise", 60),
    ("long", 5),
    ("long", 15),
    ("long", 60),
    ("short", 5),
    ("short", 15),
    ("short", 60),
    ("oi_fall", 60),
    ("volume", 15),
    ("volume", 60),
)
ROW = {name: row for row, name in enumerate(BASED)}
# Open interest counts in a 60-minute window only where it is polled at least this often.
POLLED_MS = 600_000
LONGEST_BAR = 1.1
"""How many windows long a bar may be to speak for one: marks by the hour come a few minutes late at times."""
HIGH_AND_LOW = np.array([[1.0], [-1.0]])
"""Signs by which the highest and the lowest of something are both a maximum."""


@dataclass(frozen=True)
class Features:
    """Arrays per coin (last axis). `based` has one row per entry of BASED, in its unit: fraction or US dollars."""

    now_ms: int
    price: Floats
    high: Floats
    low: Floats
    """Of the step: the price itself, or the bars' where prices come from bars."""
    based: Floats
    open_interest_usd: Floats
    intensity: Floats
    """Shape (2, coins): liquidated longs and shorts of 60 min over open interest, same venues."""
    basis_shift: Floats
    """Basis against its median of 6 h to 30 min ago, in basis points."""
    funding_shift: Floats
    """Funding per 8 h against its value six hours ago."""
    liquidations_known: Flags
    price_from_marks: Flags

    def of(self, name: str, window: int) -> Floats:
        """One row of `based`."""
        return np.asarray(self.based[ROW[name, window]])


def measure(board: Board, history: History, now_ms: int) -> Features:
    """Look at the Board once; also moves the step's prices, amounts and open interest into the past."""
    count = len(board.coins)
    by_bars = board.priced_by_bars(now_ms)
    price, marked = board.price(now_ms, by_bars), ~by_bars
    polled = _polled(board, now_ms)
    prices = board.flow.close_step(now_ms, price, marked, polled)
    excursions = _excursions(board, now_ms, prices, _too_seldom(board, now_ms, by_bars))
    listed = (board.mark.at_ms > 0) | (board.open_interest.at_ms > 0)
    by_venue = board.flow.liquidations_live(now_ms, listed)
    live: Flags = np.logical_or.reduce(by_venue, axis=1)
    heard = _heard_part(board, now_ms, by_venue, live)
    liquidations, known = _liquidations(board, live, now_ms)
    fall, coins_now = _open_interest_fall(board)
    latest = np.empty((5, price.shape[0]))
    latest[0], latest[1:3] = price, prices[1:]
    latest[3] = basis = basis_bps(board, price, by_bars, now_ms)
    latest[4] = funding = board.funding_weighted(now_ms)
    basis_shift, funding_shift = _shifts(history, now_ms, basis[:count], funding[:count])
    _remember(board, history, now_ms, latest[:, :count], heard[:count])
    based = np.concatenate([excursions, liquidations, fall[None], _volumes(board, now_ms)])
    return Features(
        now_ms=now_ms,
        price=price[:count],
        high=prices[1, :count],
        low=prices[2, :count],
        based=based[:, :count],
        open_interest_usd=(coins_now * price)[:count],
        intensity=_intensity(board, price)[:, :count],
        basis_shift=basis_shift,
        funding_shift=funding_shift,
        liquidations_known=known[:count],
        price_from_marks=marked[:count],
    )


def _too_seldom(board: Board, now_ms: int, by_bars: Flags) -> Flags:
    """Coins whose prices come too seldom to say anything of each of PRICE_WINDOWS, shape (windows, coins).

    A bar longer than a window says nothing of it; nor does a mark by itself, with none before it in the window: that is
    no unmoved price.
    """
    marks, among = board.mark, board.mark.among
    fresh = marks.until_ms[:, among] >= now_ms
    gaps_ms = np.where(fresh, marks.gap_ms[:, among], HOUR_MS).min(axis=1, initial=HOUR_MS)
    windows_ms = np.array(PRICE_WINDOWS)[:, None] * MINUTE_MS
    return np.where(by_bars, board.flow.bar_span_s > LONGEST_BAR / 1000 * windows_ms, gaps_ms >= windows_ms)


def _excursions(board: Board, now_ms: int, prices: Floats, too_seldom: Flags) -> Floats:
    """Fall from the window's high to the step's low and rise from its low to its high: drop 15, 60, rise 15, 60."""
    logs = np.log(prices)
    first, edges = logs[0] * HIGH_AND_LOW, logs[1:] * HIGH_AND_LOW
    moves = np.empty((2, len(PRICE_WINDOWS), prices.shape[1]))
    for place, extremes in enumerate(board.flow.extremes):
        extremes.advance(now_ms)
        # Against the high of a window stands the step's low, and the other way round.
        np.add(np.fmax(extremes.now, first), edges[::-1], out=moves[:, place])
        extremes.raise_to(edges)
    moves = np.maximum(moves, 0.0)
    moves[:, too_seldom] = np.nan
    return moves.reshape(2 * len(PRICE_WINDOWS), -1)


def _liquidations(board: Board, live: Flags, now_ms: int) -> tuple[Floats, Flags]:
    """Dollars per side and window, NaN where neither a live feed nor a total of a fitting span speaks."""
    cells, told = board.flow.liquidated.window(60), live
    rows = np.full((2, len(WINDOWS), cells.shape[2]), np.nan)
    since, used = board.flow.total_ms, board.flow.liquidation_spans
    for place, (window, spans) in enumerate(zip(WINDOWS, (2, 3, 4), strict=True)):
        if used and used[0] < spans:
            fed = [since[span] > now_ms - window * MINUTE_MS for span in used if span < spans]
            told = reduce(np.logical_or, fed, live)
        if np.count_nonzero(told):
            np.copyto(rows[:, place], _sum(cells, used, spans, window), where=told)
    return rows.reshape(2 * len(WINDOWS), -1), told


def _sum(cells: Floats, used: tuple[int, ...], spans: int, window: int) -> Floats | float:
    """Sum of the last minutes of the first spans; of those `used` the others are all zero, and left out."""
    if not used or used[0] >= spans:
        return 0.0
    if len(used) == 1:
        return np.asarray(np.add.reduce(cells[used[0], ..., -window:], axis=-1))
    return np.asarray(cells[:spans, ..., -window:].sum(axis=(0, -1)))


def _polled(board: Board, now_ms: int) -> Floats:
    """Open interest of the venues polled often enough; of those that tell it hourly, where a coin has no other."""
    gap_ms = board.open_interest.gap_ms
    often = gap_ms <= POLLED_MS
    told = board.open_interest.at_ms > 0
    hourly = (gap_ms <= HOURLY_MS) & ~(often & told).any(axis=1, keepdims=True)
    return np.where(often | hourly, board.open_interest.fresh(now_ms), np.nan)


def _open_interest_fall(board: Board) -> tuple[Floats, Floats]:
    """Fall from the highest of the last 60 minutes over the venues known now, and their sum now, in coins."""
    latest, among = board.open_interest, board.open_interest.among
    now = board.flow.open_interest.window(1)[among, :, 0]
    silent = np.isnan(now)
    total = np.add.reduce(np.where(silent, 0.0, now), axis=0)
    total[np.logical_and.reduce(silent, axis=0)] = np.nan
    highest, before = board.flow.closed_open_interest(among, silent)
    seldom = ((latest.gap_ms[:, among] > POLLED_MS) | (latest.at_ms[:, among] == 0)).all(axis=1)
    if np.count_nonzero(seldom):  # told hourly: the one before lies at the edge of the hour
        highest = np.fmax(highest, np.where(seldom, before, np.nan))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.maximum(1 - total / highest, 0.0), total


def _volumes(board: Board, now_ms: int) -> Floats:
    """Perp volume in dollars of 15 and 60 minutes, from bars short enough for the window."""
    cells = board.flow.traded.window(60)[:, 0]
    since = board.flow.bar_ms[:, 0]
    rows, used = np.full((2, since.shape[1]), np.nan), board.flow.bar_spans
    for row, (window, spans) in enumerate(((15, 3), (60, 4))):
        told = [since[span] > now_ms - window * MINUTE_MS for span in used if span < spans]
        if told:
            np.copyto(rows[row], _sum(cells, used, spans, window), where=reduce(np.logical_or, told))
    return rows


def _intensity(board: Board, price: Floats) -> Floats:
    """Liquidations of 60 min over open interest, over venues that tell both; NaN where none does."""
    share = np.full((2, price.shape[0]), np.nan)
    telling = board.flow.tells_liquidations & board.open_interest.heard
    used = board.flow.liquidation_spans
    if not used or not np.count_nonzero(telling):
        return share
    hour = _sum(board.flow.liquidated.window(60), used, len(board.flow.total_ms), 60)
    coins = np.flatnonzero(np.any(hour, axis=0))
    both_told = np.ix_(telling, coins)  # few venues, and in calm hours few coins
    liquidated = np.array([side[both_told].sum(axis=-1) for side in board.flow.liquidated_by_venue.window(60)])
    before = np.fmax.reduce(board.flow.open_interest.window(60)[both_told], axis=-1)
    both = liquidated.any(axis=0) & ~np.isnan(before)
    notional = np.where(both, before, 0.0).sum(axis=0) * price[coins]
    told = notional > 0
    share[:, coins[told]] = np.where(both, liquidated, 0.0).sum(axis=1)[:, told] / notional[told]
    return share


def _shifts(history: History, now_ms: int, basis: Floats, funding: Floats) -> tuple[Floats, Floats]:
    """Basis against its median of 6 h to 30 min ago, and funding against six hours ago."""
    usual, ago = np.full((2, basis.shape[0]), np.nan)
    if np.count_nonzero(np.isnan(basis)) < basis.shape[0]:
        past = history.block("basis_bps", now_ms - 6 * HOUR_MS, now_ms - HOUR_MS // 2)
        if past.shape[1]:
            usual[: past.shape[0]] = median_of_known(past)
    then = history.at("funding_8h", now_ms - 6 * HOUR_MS, now_ms - 6 * HOUR_MS - HOUR_MS // 4)
    if then is not None:
        ago[: then.shape[0]] = then
    return basis - usual, funding - ago


def _heard_part(board: Board, now_ms: int, by_venue: Flags, live: Flags) -> Floats:
    """The part of the time since the last step in which a live feed was heard, by coin: that of its best venue.

    A feed may be back after a gap of hours, as at a restart, before the first step that sees it.
    """
    since_ms = board.flow.taken_ms
    gaps = board.gaps.within(since_ms, now_ms, "liquidation")
    if not gaps:
        return live.astype(np.float64)
    parts = np.ones(by_venue.shape[1])
    for gap in gaps:
        if gap.venue in board.venues:
            parts[board.venues[gap.venue]] -= gap.lost_ms(since_ms, now_ms) / (now_ms - since_ms)
    return np.asarray((by_venue * parts).max(axis=1))


def _remember(board: Board, history: History, now_ms: int, latest: Floats, heard: Floats) -> None:
    """Write the step into History: prices, basis, funding, amounts since the last step, open interest."""
    coins, venues = len(board.coins), len(board.venues)
    place = history.enter(board.coins, board.venues, now_ms)
    history.write(place, latest)
    amounts = board.flow.take_amounts(now_ms, heard)
    if amounts is not None:
        history.add(place, amounts)
    board.prints.close_step(now_ms)
    history.write_open_interest(place, board.open_interest.within(now_ms, SLOT_MS - 1)[:coins, :venues])
    depth = board.books.whole(now_ms)
    if depth is not None:
        history.write_depth(place, depth[:coins])
