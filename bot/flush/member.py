"""One coin's figures within an episode: opened from what the last hour holds, then kept up to date at every step."""

from functools import cached_property

import numpy as np

from bot.flush.at_onset import AtOnset, heard_share
from bot.flush.confidence import lowered
from bot.flush.episode import Component, Member
from bot.flush.features import POLLED_MS, Features
from bot.flush.severity import GATED_MOST, Judge, Severity
from bot.market.board import Board
from bot.market.facts import Side
from bot.market.history import DAY_MS, HOUR_MS, History
from bot.market.last_day import HOUR_SLOTS, last_known
from bot.market.rings import CELLS, MINUTE_MS, Floats
from bot.market.told import JUST_NOW_MS

SLOW_BAR_S = 900
LEAST_UNWOUND = 0.02
"""A day's move in which open interest fell by less is a trend, not an unwind."""
NEW_EXTREME = 0.001
"""A new extreme of a tenth of a percent keeps a flush going."""


class Figures:
    """What a step knows of all coins, for reading one coin at a time."""

    def __init__(self, board: Board, history: History, features: Features, severity: Severity, judge: Judge) -> None:
        self.board, self.history, self.features, self.severity, self.judge = board, history, features, severity, judge
        self.now_ms = features.now_ms

    @cached_property
    def heard_share(self) -> Floats:
        """Per coin, the share of open interest at venues whose liquidations were all heard."""
        return heard_share(self.board, self.now_ms)

    def score(self, coin: str, side: Side) -> float:
        """Score now, the last hour held."""
        return float(self.severity.score[int(side == "short"), self.board.coins[coin]])

    def slow(self, coin: str, side: Side) -> bool:
        """Whether it is the day that speaks, and no single hour."""
        return bool(self.severity.slow[int(side == "short"), self.board.coins[coin]])

    def unwinding(self, coin: str) -> bool:
        """Whether open interest fell within 24 hours, over the venues known at both ends; unknown counts as yes.

        Known is what was told within the hour: some venues tell it no more often.
        """
        _, told = self.history.until(self.now_ms).open_interest(coin, self.now_ms - DAY_MS, self.now_ms)
        both = [coins for coins in told.values() if _is_known(coins[:HOUR_SLOTS]) and _is_known(coins[-HOUR_SLOTS:])]
        sums = np.sum([last_known(coins) for coins in both], axis=0)
        return not np.ndim(sums) or bool(1 - sums[-1] / np.nanmax(sums) >= LEAST_UNWOUND)

    def pressing(self, coin: str, side: Side) -> bool:
        """Whether the coin is above one of its levels right now."""
        return bool(self.severity.pressing[int(side == "short"), self.board.coins[coin]])

    def price_only(self, coin: str, side: Side) -> bool:
        """Whether neither liquidations nor open interest confirm its price now."""
        return bool(self.severity.price_only[int(side == "short"), self.board.coins[coin]])

    def judged(self, coin: str, side: Side) -> tuple[dict[str, Component], float]:
        """The components of its score now, and the confidence in it."""
        row, column = self.board.coins[coin], int(side == "short")
        return self.judge.components(row, column), float(self.severity.confidence[column, row])

    def price(self, coin: str) -> float:
        """Price now, NaN when unknown."""
        return float(self.features.price[self.board.coins[coin]])

    def furthest(self, coin: str, side: Side) -> float:
        """How far the price went in this step against the side that is hurt, NaN when unknown."""
        row = self.board.coins[coin]
        return float(self.features.low[row] if side == "long" else self.features.high[row])

    def rate_usd(self, coin: str) -> float:
        """Liquidations of both sides in the shortest window known; NaN when none is."""
        row = self.board.coins[coin]
        for window in (5, 15, 60):
            usd = self.features.of("long", window)[row] + self.features.of("short", window)[row]
            if not np.isnan(usd):
                return float(usd)
        return float("nan")

    def blind(self, member: Member) -> bool:
        """Whether its price is unknown, or single liquidations that were told before are not told any more."""
        row = self.board.coins[member.coin]
        untold = member.prints is not None and not self.severity.liquidations_known[row]
        return untold or bool(np.isnan(self.features.price[row]))

    def patience_ms(self, coin: str, usual_ms: int, slow_ms: int) -> int:
        """How long silence must last to mean calm: longer where the coin's price or liquidations come slowly."""
        row = self.board.coins[coin]
        quarter_known = not np.isnan(self.features.of("long", 15)[row])
        hourly_total = bool(self.severity.liquidations_known[row]) and not quarter_known
        return slow_ms if self.priced_slowly(coin) or hourly_total else usual_ms

    def priced_slowly(self, coin: str) -> bool:
        """Whether a price comes four times an hour at most, so that a second look would come too late."""
        row = self.board.coins[coin]
        return not self.features.price_from_marks[row] and bool(self.board.flow.bar_span_s[row] >= SLOW_BAR_S)

    def observed_at_onset(self, coin: str) -> tuple[float, float]:
        """Liquidations that belong to an episode opened now: single ones of the hour, totals that came just now."""
        cells = self.board.flow.liquidated.window(60)[:-1, :, self.board.coins[coin]]
        hourly = [told.just_told(self.now_ms) for told in self.board.told.get(coin, {}).values()]
        longs, shorts = cells.sum(axis=(0, -1)) + np.sum(hourly, axis=0)
        return float(longs), float(shorts)

    def told_since(self, coin: str, onset_ms: int) -> bool:
        """Whether any feed told liquidations that belong to a flush: a live one, or a total that came just then."""
        row = self.board.coins[coin]
        if not np.isnan(self.features.of("long", 5)[row]):
            return True
        return bool((self.board.flow.total_ms[:, row] > onset_ms - JUST_NOW_MS).any())

    def totals(self, coin: str) -> tuple[float, float]:
        """All ever observed that may be of an episode, so that its part is a difference."""
        row, flow = self.board.coins[coin], self.board.flow
        longs, shorts = flow.liquidated_usd[:, row] - flow.beyond_hour_usd[:, row]
        return float(longs), float(shorts)


class Base:
    """Where a coin's running totals stood when its episode began, and how much was known at its peak."""

    def __init__(self, figures: Figures, coin: str) -> None:
        at_onset, totals = figures.observed_at_onset(coin), figures.totals(coin)
        self.usd = (totals[0] - at_onset[0], totals[1] - at_onset[1])
        row = figures.board.coins[coin]
        flow = figures.board.flow
        self.prints = int(flow.prints[row] - flow.printed.window(60)[row].sum())
        self.at_onset = AtOnset(figures.board, coin, figures.now_ms)
        self.began_ms, self._highest_coins = figures.now_ms, _highest_of_hour(figures, coin)
        self.confidence = 0.0
        """As it was judged, whatever was not heard of liquidations."""

    def open_interest_before(self, board: Board) -> dict[str, float]:
        """Highest of the hour up to onset, in coins by venue, of those followed that count the same way since."""
        return {
            venue: coins
            for venue, coins in sorted(self._highest_coins.items())
            if venue in self.at_onset.coins_before and board.last_recount_ms(venue) <= self.began_ms
        }


def open_member(figures: Figures, coin: str, side: Side, onset_ms: int, base: Base) -> Member:
    """The coin's figures at the moment its episode is opened; `base` was taken at onset."""
    past = figures.history.until(onset_ms)
    name = "high" if side == "long" else "low"
    _, extremes = past.column(coin, name, onset_ms - 6 * HOUR_MS, onset_ms)
    price = figures.price(coin)
    known = extremes[~np.isnan(extremes)]
    reference = float(known.max() if side == "long" else known.min()) if known.size else price
    # What opened since onset can be closed by force too, so an estimate takes the fall from the highest until now.
    base.at_onset.begin(past, coin, _highest_of_hour(figures, coin))
    before = base.open_interest_before(figures.board)
    member = Member(
        coin=coin,
        onset_ms=onset_ms,
        score=0.0,
        peak_score=0.0,
        confidence=0.0,
        price_only=True,
        slow=True,
        spot=coin not in figures.board.perps,
        long_usd=None,
        short_usd=None,
        largest_usd=None,
        prints=None,
        reference_price=reference,
        price=price,
        extreme_price=price,
        extreme_ms=figures.now_ms,
        open_interest_before=sum(before.values()) if before else None,
        open_interest_now=None,
        open_interest_least=None,
        open_interest_venues=tuple(before),
        intensity=None,
        components={},
    )
    update_member(figures, member, side, base)
    _widen_extreme(figures, member, side, onset_ms)
    return member


def update_member(figures: Figures, member: Member, side: Side, base: Base) -> bool:
    """Bring figures up to now; returns whether the flush still goes on."""
    row, column = figures.board.coins[member.coin], int(side == "short")
    member.score = figures.score(member.coin, side)
    if member.score > member.peak_score:
        member.peak_score = member.score
        member.components, confidence = figures.judged(member.coin, side)
        base.confidence = max(base.confidence, confidence)
    base.at_onset.heard = min(base.at_onset.heard, float(figures.heard_share[row]))
    member.confidence = lowered(base.confidence, member.components, base.at_onset.heard)
    member.price_only = member.price_only and figures.price_only(member.coin, side)
    if member.score > GATED_MOST and not figures.severity.slow[column, row]:
        member.slow = False
    pressing = figures.pressing(member.coin, side)
    price = figures.price(member.coin)
    if not np.isnan(price):
        member.price = price
        extreme = figures.furthest(member.coin, side)
        beyond = (member.extreme_price - extreme) if side == "long" else (extreme - member.extreme_price)
        if beyond > 0:
            pressing = pressing or beyond > NEW_EXTREME * member.extreme_price
            member.extreme_price, member.extreme_ms = extreme, figures.now_ms
    _update_liquidations(figures, member, base, row)
    _update_open_interest(figures, member, base.at_onset, row)
    return pressing


def _update_liquidations(figures: Figures, member: Member, base: Base, row: int) -> None:
    if member.long_usd is None and not figures.told_since(member.coin, member.onset_ms):
        return
    totals = figures.totals(member.coin)
    member.long_usd, member.short_usd = totals[0] - base.usd[0], totals[1] - base.usd[1]
    flow = figures.board.flow
    prints = int(flow.prints[row])
    if prints:
        member.prints = prints - base.prints
        largest = float(flow.largest.window(60)[:, row].max())
        member.largest_usd = max(member.largest_usd or 0.0, largest) or None
    intensity = figures.features.intensity[:, row]
    if not np.isnan(intensity).all():
        member.intensity = max(member.intensity or 0.0, float(np.nansum(intensity)))


def _update_open_interest(figures: Figures, member: Member, at_onset: AtOnset, row: int) -> None:
    """Coins now over the venues that were there before; unknown as soon as one of them is silent."""
    latest = figures.board.open_interest
    told = latest.standing(figures.now_ms)[row]
    at_onset.follow(told[[figures.board.venues[venue] for venue in at_onset.coins_before]])
    fresh = told[[figures.board.venues[venue] for venue in member.open_interest_venues]]
    if not fresh.size:
        return
    member.open_interest_now = None if np.isnan(fresh).any() else float(fresh.sum())
    if member.open_interest_now is not None:
        member.open_interest_least = min(member.open_interest_least or np.inf, member.open_interest_now)


def _highest_of_hour(figures: Figures, coin: str) -> dict[str, float]:
    """Open interest of the last hour, its highest per venue among those that are live now.

    Only what was told before the last word can tell of a fall. Of a venue that speaks by the hour that lies a little
    outside of it.
    """
    row, latest = figures.board.coins[coin], figures.board.open_interest
    cells = figures.board.flow.open_interest.window(CELLS)[:, row]
    highest: dict[str, float] = {}
    for venue, column in figures.board.venues.items():
        told = cells[column] if latest.gap_ms[row, column] > POLLED_MS else cells[column, -60:]
        age_min = int((figures.now_ms - 1) // MINUTE_MS - (latest.at_ms[row, column] - 1) // MINUTE_MS)
        if not np.isnan(told[-1]) and _is_known(told[: -1 - age_min]):
            highest[venue] = float(np.nanmax(told))
    return highest


def _is_known(values: Floats) -> bool:
    return not np.isnan(values).all()


def _widen_extreme(figures: Figures, member: Member, side: Side, onset_ms: int) -> None:
    """The extreme may lie between onset and the step that opened the episode."""
    past = figures.history.until(figures.now_ms)
    name = "low" if side == "long" else "high"
    ends, values = past.column(member.coin, name, onset_ms - HOUR_MS, figures.now_ms)
    if not np.isnan(values).all():
        best = int(np.nanargmin(values) if side == "long" else np.nanargmax(values))
        if (values[best] < member.extreme_price) == (side == "long") and values[best] != member.extreme_price:
            member.extreme_price, member.extreme_ms = float(values[best]), int(ends[best])
