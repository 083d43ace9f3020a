"""Is today a derivatives-led day: much is liquidated while the majors hardly move? Domain notes, section 00.

Both majors are flat, and either the liquidations of 24 h, over all coins, are high for this market ("size"), or they
are more than usual and three coins hide stress ("stress", M6b): 2 % of their open interest liquidated under a price
that moved less than 2 %. Hidden stress alone, and BTC alone, would also speak on ordinary and on falling days. Judged
once an hour; said at most once in 24 h.
"""

from __future__ import annotations

import msgspec
import numpy as np

from bot.flush.breadth import Breadth, breadth_of
from bot.flush.coverage import Unheard, unheard
from bot.flush.market_day import DayScore, inputs_of, score_day
from bot.flush.scope import character_of
from bot.market.board import Board
from bot.market.history import DAY_MS, HOUR_MS, History
from bot.market.last_day import last_day
from bot.market.rings import Floats
from bot.market.view import LastDay

KEPT_DAYS = 90
ENOUGH_DAYS = 14
HIGH_QUANTILE = 0.9
LEAST_DAYS = 2
FEW_DAYS_TIMES = 1.5
"""With few days known a day must exceed the highest of them by this much."""
FLAT_BTC = 0.015
FLAT_MOVE = 0.02
"""A flat tape for every other coin, as in M6b."""
STRESSED_SHARE = 0.02
LEAST_STRESSED = 3
LEAST_HOURS = 20.0
MOST_HIT = 5


class Hit(msgspec.Struct, frozen=True):
    """A coin by its liquidations of 24 h as share of its open interest now, and its price return (None: unknown)."""

    coin: str
    share: float
    price_return: float | None


class Day(msgspec.Struct, frozen=True):
    """A derivatives-led day. Dollars are observed, so a floor; None is unknown.

    `rank` is the share of the `days_known` with less liquidated, `highest_usd` the most of them. `hit` are the coins
    with at least 2 % of their open interest liquidated, at most five; `stressed` counts those whose price hardly
    moved. `breadth` counts coins that went unusually far against the side that was liquidated more. `severity` is the
    score of the market card. The multiples are BTC's volume of the last full hour against a usual one. `hours_covered`
    are those in which any feed told liquidations, `unheard` is what is missing all the same.
    """

    at_ms: int
    usd: float
    long_usd: float
    short_usd: float
    days_known: int
    rank: float
    highest_usd: float
    btc_return: float
    eth_return: float | None
    hit: tuple[Hit, ...]
    stressed: int
    hours_covered: float
    perp_multiple: float | None = None
    spot_multiple: float | None = None
    unheard: Unheard = Unheard()
    severity: DayScore | None = None
    breadth: Breadth = Breadth(0, 0)

    @property
    def spot_known(self) -> bool:
        """Whether spot volume was there to compare with."""
        return self.spot_multiple is not None


class DayMemory(msgspec.Struct):
    """What must outlive a restart: the highest 24 h total of each UTC day (by its number), and when a day was said."""

    totals_usd: dict[int, float] = {}
    judged_ms: int | None = None
    said_ms: int | None = None


def judge_day(history: History, board: Board, now_ms: int, memory: DayMemory) -> Day | None:
    """Judge the 24 h up to the last full hour, the first time it is asked in each hour; brings `memory` up to date."""
    at_ms = now_ms // HOUR_MS * HOUR_MS
    if memory.judged_ms is not None and at_ms <= memory.judged_ms:
        return None
    memory.judged_ms = at_ms
    if _hours_covered(history, at_ms) < LEAST_HOURS:
        return None
    liquidated = [_of_day(history, name, at_ms) for name in ("long_usd", "short_usd")]
    usd = float(np.sum(liquidated))
    known = [total for number, total in memory.totals_usd.items() if number != at_ms // DAY_MS]
    _remember(memory, at_ms // DAY_MS, usd)
    btc, eth = _return(history, "BTC", at_ms), _return(history, "ETH", at_ms)
    if btc is None or abs(btc) >= FLAT_BTC or (eth is not None and abs(eth) >= FLAT_MOVE):
        return None
    hit = _hit(history, board, at_ms, liquidated[0] + liquidated[1])
    speaks = _is_large(usd, known) or (_stressed(hit) >= LEAST_STRESSED and _is_unusual(usd, known))
    if not speaks or (memory.said_ms is not None and at_ms - memory.said_ms < DAY_MS):
        return None
    memory.said_ms = at_ms
    whole = last_day(history, board, at_ms, memory.totals_usd)
    return _told(history, board, whole, known, (btc, eth), hit)


def _told(
    history: History,
    board: Board,
    whole: LastDay,
    known: list[float],
    majors: tuple[float, float | None],
    hit: list[Hit],
) -> Day:
    """Every figure of a day that speaks; `majors` are the returns of BTC and ETH."""
    at_ms = whole.at_ms
    _, perp_multiple, spot_multiple = character_of(history.until(at_ms), "BTC") or (None, None, None)
    return Day(
        at_ms=at_ms,
        usd=whole.usd,
        long_usd=whole.long_usd,
        short_usd=whole.short_usd,
        days_known=len(known),
        rank=float(np.mean([total < whole.usd for total in known])),
        highest_usd=max(known),
        btc_return=majors[0],
        eth_return=majors[1],
        hit=tuple(hit[:MOST_HIT]),
        stressed=_stressed(hit),
        hours_covered=whole.hours_heard,
        perp_multiple=perp_multiple,
        spot_multiple=spot_multiple,
        unheard=unheard(board, at_ms - DAY_MS, at_ms),
        severity=score_day(inputs_of(whole)),
        breadth=breadth_of(history, at_ms, -1 if whole.long_usd >= whole.short_usd else 1),
    )


def _stressed(hit: list[Hit]) -> int:
    """How many of them hide it: their price hardly moved."""
    return sum(one.price_return is not None and abs(one.price_return) < FLAT_MOVE for one in hit)


def _is_large(usd: float, known: list[float]) -> bool:
    """At least the 90th percentile of the days known; with few of them well above the highest."""
    if len(known) >= ENOUGH_DAYS:
        return usd >= float(np.quantile(known, HIGH_QUANTILE))
    return len(known) >= LEAST_DAYS and usd >= FEW_DAYS_TIMES * max(known)


def _is_unusual(usd: float, known: list[float]) -> bool:
    """Above the median of the days known; with few of them above them all."""
    if len(known) >= ENOUGH_DAYS:
        return usd > float(np.median(known))
    return len(known) >= LEAST_DAYS and usd > max(known)


def _remember(memory: DayMemory, today: int, usd: float) -> None:
    """The day's highest, so that a total of any hour is held against its like."""
    memory.totals_usd[today] = max(usd, memory.totals_usd.get(today, 0.0))
    for number in sorted(memory.totals_usd)[:-KEPT_DAYS]:
        del memory.totals_usd[number]


def _of_day(history: History, name: str, at_ms: int) -> Floats:
    """Sum of 24 h per coin; what is unknown adds nothing."""
    return np.asarray(np.nansum(history.block(name, at_ms - DAY_MS, at_ms), axis=1))


def _hours_covered(history: History, at_ms: int) -> float:
    """Hours of the 24 that liquidation feeds tell of, of the coin best known; several feeds count once."""
    seconds = _of_day(history, "liquidation_s", at_ms)
    return min(24.0, float(seconds.max(initial=0.0)) / 3600)


def _return(history: History, coin: str, at_ms: int) -> float | None:
    past = history.until(at_ms)
    now, then = past.price_at(coin, at_ms), past.price_at(coin, at_ms - DAY_MS)
    return now / then - 1 if now is not None and then is not None else None


def _hit(history: History, board: Board, at_ms: int, liquidated_usd: Floats) -> list[Hit]:
    """Coins with at least 2 % of their open interest liquidated in 24 h, the largest share first."""
    count = liquidated_usd.size
    coins = np.nansum(board.open_interest.within(board.now_ms, HOUR_MS), axis=1)[:count]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = liquidated_usd / (coins * board.price(board.now_ms)[:count])
    names = [name for name, row in board.coins.items() if row < count and np.isfinite(shares[row])]
    shared = sorted(
        ((float(shares[board.coins[name]]), name) for name in names), key=lambda entry: (-entry[0], entry[1])
    )
    return [Hit(name, share, _return(history, name, at_ms)) for share, name in shared if share >= STRESSED_SHARE]
