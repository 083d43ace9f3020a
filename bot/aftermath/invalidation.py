"""What would rule out that the leverage was cleared: three boxes, each with its numbers, as of any moment from +4 h on.

Domain notes, section 3.4 as amended in section 00. A box is a rule of the past alone, looked at on every full hour
after the anchor, so that whether and when it tripped does not depend on when somebody asks. For a squeeze everything
is mirrored. An input that is not there makes a box "unknown", which speaks neither for nor against anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from bot.aftermath.before import BTC
from bot.aftermath.funding import CROWDED_LONG, CROWDED_SHORT, FundingPath, funding_since, lasts
from bot.aftermath.funding import check as check_funding
from bot.aftermath.held import LOST, HeldLevel, HeldState, check, losses, top
from bot.aftermath.missing import Missing
from bot.aftermath.move import measure, measure_of
from bot.aftermath.rebuild import FIRST_PACE_MS, LEAST_FALL, returned
from bot.aftermath.spot_perp import spot_lately
from bot.flush.episode import Before, Episode
from bot.market.history import HOUR_MS, Past

BoxState = Literal["clear", "armed", "tripped", "unknown"]
Box = Literal["reload", "propped", "support"]

ARMED_FROM_MS = 4 * HOUR_MS
ARMED_TO_MS = 72 * HOUR_MS
RELOAD_TO_MS = 48 * HOUR_MS
RELOADED = 0.95
NEARLY_RELOADED = 0.75
HALF = 0.5
UNDER_HIGH = 0.002
FOUR_HOURS_MS = 4 * HOUR_MS
AGAIN = 2
"""Hourly looks in a row."""
SHARE_OF_BEFORE = 0.8
DEMAND_SHARE = 0.03
DEMAND_TIMES = 1.2
DEMAND_HOURS = 24
# A level of a whole day, week or month has a day to be taken back, any other half a day.
REGAIN_MS = 12 * HOUR_MS
REGAIN_OF_DAY_MS = 24 * HOUR_MS
OF_DAY = ("level-previous-", "level-week-open", "level-month-open")


class Reload(msgspec.Struct, frozen=True):
    """X1: nearly all positions are open again although the price made no new high. `tripped_ms` is UTC ms.

    Figures are those of the look that tripped it, else the newest, here and in X2. `stands` is false once it is over: a
    new high here, cool funding in X2, the level regained in X3. The tick stays, and the reading goes on without it.

    `rebuilt` is R_OI and `change` open interest against before, `recovered` R_P, as fractions. `best_close` is the
    highest close of four hours since the extreme, None before the first, `limit` what it stayed under; quote per coin.
    """

    state: BoxState
    tripped_ms: int | None = None
    rebuilt: float | None = None
    change: float | None = None
    recovered: float | None = None
    best_close: float | None = None
    limit: float | None = None
    stands: bool = True


class Propped(msgspec.Struct, frozen=True):
    """X2: funding is high for two settlements while nobody buys spot. Rates as decimal per 8 h.

    `bought` is the net share of spot takers over 24 h, `times` spot volume against its usual; None is unknown.
    """

    state: BoxState
    tripped_ms: int | None = None
    rate_8h: float | None = None
    limit_8h: float | None = None
    bought: float | None = None
    times: float | None = None
    stands: bool = True


class Support(msgspec.Struct, frozen=True):
    """X3: the best support was lost on an hour's close and not taken back by `regain_ms`. Quote per coin, UTC ms."""

    state: BoxState
    tripped_ms: int | None = None
    coin: str | None = None
    price: float | None = None
    source: str | None = None
    level_state: HeldState | None = None
    lost_ms: int | None = None
    regain_ms: int | None = None
    stands: bool = True


class Invalidation(msgspec.Struct, frozen=True):
    """The three boxes at one moment."""

    reload: Reload
    propped: Propped
    support: Support

    @property
    def boxes(self) -> dict[Box, Reload | Propped | Support]:
        """By name, in the order in which they are told."""
        return {"reload": self.reload, "propped": self.propped, "support": self.support}

    @property
    def tripped(self) -> tuple[Box, ...]:
        """Those that tripped."""
        return tuple(name for name, box in self.boxes.items() if box.state == "tripped")


class SpotDemand(NamedTuple):
    """Spot over the 24 h up to a moment: net share of its takers (-1 to 1), and volume against usual."""

    bought: float | None
    times: float | None


Demand = Callable[[Episode, Past], SpotDemand]


def spot_demand(episode: Episode, past: Past) -> SpotDemand:
    """That of the 24 whole hours before the end of `past`."""
    lately = spot_lately(episode, past, DEMAND_HOURS)
    return SpotDemand(lately.demand, lately.spot)


def invalidate(
    episode: Episode, before: Before | None, past: Past, demand: Demand = spot_demand, *, since_ms: int = 0
) -> Invalidation | None:
    """The boxes as of the end of `past`; None before +4 h, when none is looked at yet.

    Where it is known that none of the first two tripped before `since_ms`, the hours before it need no second look.
    """
    if episode.anchor_ms is None or past.now_ms < episode.anchor_ms + ARMED_FROM_MS:
        return None
    if before is None:
        return Invalidation(Reload("unknown"), Propped("unknown"), Support("unknown"))
    return Invalidation(
        _reload(episode, before, past, since_ms),
        _propped(episode, before, past, demand, since_ms),
        _support(episode, before, past),
    )


def looks(episode: Episode, past: Past, to_ms: int, since_ms: int) -> list[int]:
    """The full hours after the anchor, from +4 h and from a moment on, up to an hour and to the end of `past`."""
    anchor_ms = episode.anchor_ms or episode.onset_ms
    last = min(past.now_ms, anchor_ms + to_ms)
    return [at_ms for at_ms in range(anchor_ms + ARMED_FROM_MS, last + 1, HOUR_MS) if at_ms >= since_ms]


def _reload(episode: Episode, before: Before, past: Past, since_ms: int) -> Reload:
    """Twice in a row: R_OI >= .95, or grown while R_P < .5, and no close of 4 h within .2 % of the high of 24 h.

    Only once the flush has ended: while it goes on, its least open interest is not known.
    """
    now, sign = _reloaded(episode, before, past), 1 if episode.side == "long" else -1
    made_high = now.best_close is not None and sign * now.best_close >= sign * (now.limit or 0.0)
    row = 0
    for at_ms in looks(episode, past, RELOAD_TO_MS, max(since_ms, episode.ended_ms or past.now_ms)):
        then = now if at_ms == past.now_ms else _reloaded(episode, before, past.until(at_ms))
        row = row + 1 if then.state == "tripped" else 0
        if row == AGAIN:
            return msgspec.structs.replace(then, tripped_ms=at_ms, stands=not made_high)
    over = past.now_ms > (episode.anchor_ms or 0) + RELOAD_TO_MS
    if now.state == "unknown":
        return now
    return msgspec.structs.replace(now, state="clear" if over or now.state == "clear" else "armed")


def _reloaded(episode: Episode, before: Before, past: Past) -> Reload:
    """One look: "tripped" where the rule holds, "armed" where it nearly does."""
    elapsed_ms = past.now_ms - (episode.anchor_ms or episode.onset_ms)
    move = measure(episode, past)
    high = before.high_24h if episode.side == "long" else before.low_24h
    interest = returned(episode, before, past, elapsed_ms)
    price = past.price_at(episode.coin, past.as_of_ms)
    if move is None or high is None or price is None or isinstance(interest, Missing):
        return Reload("unknown")
    limit = high * (1 - move.sign * UNDER_HIGH)
    best = _best_close(episode.coin, past, move.extreme_ms, move.sign)
    recovered, rebuilt = move.recovered(price), interest.rebuilt
    if best is not None and move.sign * best >= move.sign * limit:
        state: BoxState = "clear"
    elif rebuilt is None:
        state = "tripped" if interest.change >= LEAST_FALL and recovered < HALF else "clear"
    else:
        soon = HALF if elapsed_ms <= FIRST_PACE_MS else NEARLY_RELOADED
        state = "tripped" if rebuilt >= RELOADED else "armed" if rebuilt >= soon else "clear"
    return Reload(state, None, rebuilt, interest.change, recovered, best, limit)


def _best_close(coin: str, past: Past, since_ms: int, sign: int) -> float | None:
    """The highest close of four hours of the clock since a moment, the lowest with `sign` -1."""
    times, closes = past.column(coin, "close", since_ms, past.as_of_ms)
    known = closes[(times % FOUR_HOURS_MS == 0) & ~np.isnan(closes)]
    return sign * float(np.max(sign * known)) if known.size else None


def _propped(episode: Episode, before: Before, past: Past, demand: Demand, since_ms: int) -> Propped:
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
    found = check_funding(episode, before, past, past.now_ms - (episode.anchor_ms or episode.onset_ms))
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


def _support(episode: Episode, before: Before, past: Past) -> Support:
    """The best level of BTC, or of the coin itself where BTC is not known: lost on an hour's close for half a day."""
    sign = 1 if episode.side == "long" else -1
    coin, state = (episode.coin, before) if before.btc is None else (BTC, before.btc)
    about = msgspec.structs.replace(episode, coin=coin)
    level = top(check(about, state, measure_of(coin, episode, past), past))
    if level is None:
        return Support("unknown")
    anchor_ms = episode.anchor_ms or episode.onset_ms
    known = Support("clear", None, coin, level.price, level.sources[0], level.state, stands=level.state in LOST)
    for loss in losses(level, coin, episode.onset_ms, sign, past):
        late_ms = loss.confirmed_ms + _time_to_regain(level)
        tripped_ms = max(late_ms, anchor_ms + ARMED_FROM_MS)
        stands = loss.regained_ms is None or loss.regained_ms > tripped_ms
        if stands and tripped_ms <= min(past.as_of_ms, anchor_ms + ARMED_TO_MS):
            return _lost(known, "tripped", tripped_ms, loss.confirmed_ms, late_ms)
        if loss.regained_ms is None and tripped_ms <= anchor_ms + ARMED_TO_MS:
            return _lost(known, "armed", None, loss.confirmed_ms, late_ms)
    return known


def _lost(known: Support, state: BoxState, tripped_ms: int | None, lost_ms: int, regain_ms: int) -> Support:
    return msgspec.structs.replace(known, state=state, tripped_ms=tripped_ms, lost_ms=lost_ms, regain_ms=regain_ms)


def _time_to_regain(level: HeldLevel) -> int:
    return REGAIN_OF_DAY_MS if level.sources[0].startswith(OF_DAY) else REGAIN_MS
