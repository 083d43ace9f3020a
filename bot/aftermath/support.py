"""X3: whether the best support was lost, and not taken back in time (domain notes, section 3.4)."""

from __future__ import annotations

import msgspec

from bot.aftermath.before import BTC
from bot.aftermath.boxes import ARMED_FROM_MS, ARMED_TO_MS, BoxState
from bot.aftermath.held import LOST, HeldLevel, HeldState, check, losses, top
from bot.aftermath.move import measure_of
from bot.flush.episode import Before, Episode
from bot.market.history import HOUR_MS, Past

# A level of a whole day, week or month has a day to be taken back, any other half a day.
REGAIN_MS = 12 * HOUR_MS
REGAIN_OF_DAY_MS = 24 * HOUR_MS
OF_DAY = ("level-previous-", "level-week-open", "level-month-open")


class Support(msgspec.Struct, frozen=True):
    """X3: the best support was lost on an hour's close and not taken back by `regain_ms`. Quote per coin, UTC ms.

    It is over, and does not stand, once the level was regained.
    """

    state: BoxState
    tripped_ms: int | None = None
    coin: str | None = None
    price: float | None = None
    source: str | None = None
    level_state: HeldState | None = None
    lost_ms: int | None = None
    regain_ms: int | None = None
    stands: bool = True


def support_box(episode: Episode, before: Before, past: Past) -> Support:
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
