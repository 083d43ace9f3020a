"""X2: whether funding is held up while nobody buys spot (domain notes, section 3.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec
import numpy as np

from bot.aftermath.boxes import ARMED_TO_MS, BoxState, looks
from bot.aftermath.funding import CROWDED_LONG, CROWDED_SHORT, FundingPath, check, funding_since, lasts
from bot.aftermath.missing import Missing
from bot.aftermath.spot_perp import spot_lately
from bot.flush.episode import Before, Episode
from bot.market.history import Past

SHARE_OF_BEFORE = 0.8
DEMAND_SHARE = 0.03
DEMAND_TIMES = 1.2
DEMAND_HOURS = 24


class Propped(msgspec.Struct, frozen=True):
    """X2: funding is high for two settlements while nobody buys spot. Rates as decimal per 8 h, figures as in X1.

    It is over, and does not stand, once funding is cool. `bought` is the net share of spot takers over 24 h, `times`
    spot volume against its usual; None is unknown.
    """

    state: BoxState
    tripped_ms: int | None = None
    rate_8h: float | None = None
    limit_8h: float | None = None
    bought: float | None = None
    times: float | None = None
    stands: bool = True


class SpotDemand(NamedTuple):
    """Spot over the 24 h up to a moment: net share of its takers (-1 to 1), and volume against usual."""

    bought: float | None
    times: float | None


Demand = Callable[[Episode, Past], SpotDemand]


def spot_demand(episode: Episode, past: Past) -> SpotDemand:
    """That of the 24 whole hours before the end of `past`."""
    lately = spot_lately(episode, past, DEMAND_HOURS)
    return SpotDemand(lately.demand, lately.spot)


def propped_box(episode: Episode, before: Before, past: Past, demand: Demand, since_ms: int) -> Propped:
    """Funding >= max(.015 %, .8 of before) for two settlements, or back there, and spot neither bought nor busy."""
    now = _held_up(episode, before, past, demand)
    if not _ever_high(episode, before, past):
        return now
    for at_ms in looks(episode, past, ARMED_TO_MS, since_ms):
        then = now if at_ms == past.now_ms else _held_up(episode, before, past.until(at_ms), demand)
        if then.state == "tripped":
            return msgspec.structs.replace(then, tripped_ms=at_ms, stands=now.state != "clear")
    return msgspec.structs.replace(now, state="armed") if now.state == "tripped" else now


def _ever_high(episode: Episode, before: Before, past: Past) -> bool:
    """Whether any rate since before the flush was past the lowest limit: a weighted rate is never beyond all its parts.

    A look costs a walk over all venues, and of a calm market there would be three days of them to no end.
    """
    sign, lowest = (1, CROWDED_LONG) if episode.side == "long" else (-1, CROWDED_SHORT)
    _, told = past.column(episode.coin, "funding_8h", before.at_ms, past.as_of_ms)
    paid = [fact.rate * 8 / fact.interval_h for fact in past.settled(episode.coin, before.at_ms, past.now_ms)]
    rates = np.concatenate([told, paid, list(before.funding_8h.values())])
    return bool((sign * rates >= lowest).any())


def _held_up(episode: Episode, before: Before, past: Past, demand: Demand) -> Propped:
    """One look. Funding that came back is past the limit too, so that below it nothing else need be asked."""
    path = funding_since(episode, before, past)
    if path is None or not path.points:
        return Propped("unknown")
    sign = 1 if episode.side == "long" else -1
    limit = max(CROWDED_LONG if sign > 0 else CROWDED_SHORT, SHARE_OF_BEFORE * sign * path.before)
    rate = path.points[-1][1]
    known = Propped("clear", None, rate, sign * limit)
    if sign * rate < limit:
        return known
    spot = demand(episode, past)
    absent = _absent(spot, sign)
    if absent is None:
        return msgspec.structs.replace(known, state="unknown")
    lasting = _lasting(path, sign, limit, episode, past) or _rebounded(episode, before, past)
    state: BoxState = "clear" if not absent else "tripped" if lasting else "armed"
    return msgspec.structs.replace(known, state=state, bought=spot.bought, times=spot.times)


def _rebounded(episode: Episode, before: Before, past: Past) -> bool:
    found = check(episode, before, past, past.now_ms - (episode.anchor_ms or episode.onset_ms))
    return not isinstance(found, Missing) and found.verdict == "REBOUNDED"


def _lasting(path: FundingPath, sign: int, limit: float, episode: Episode, past: Past) -> bool:
    """Whether funding has been past the limit for two settlements of each venue."""
    since: int | None = None
    for at_ms, rate in path.points:
        since = (since or at_ms) if sign * rate >= limit else None
    return since is not None and lasts(path, since, episode, past)


def _absent(spot: SpotDemand, sign: int) -> bool | None:
    """Whether spot is neither bought nor busy; None where what is known does not decide it."""
    busy = None if spot.times is None else spot.times >= DEMAND_TIMES
    bought = None if spot.bought is None else sign * spot.bought >= DEMAND_SHARE
    if busy or bought:
        return False
    return None if busy is None or bought is None else True
