"""What came after a call, an alert or a reading, and after random moments of the same days, in the same figures.

Domain notes, section 00: no rate is shown without the same rate at random moments. Everything is a function of the
past as of the moment at which it came due, and is written down then, so that no later history is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from bot.aftermath.before import state_before
from bot.aftermath.held import LOST, top
from bot.aftermath.held import check as check_levels
from bot.aftermath.interest import interest_over
from bot.aftermath.invalidation import Box, Invalidation, invalidate
from bot.aftermath.missing import Missing
from bot.aftermath.move import furthest, measure
from bot.flush.episode import Episode
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS, Past

HORIZONS_H = (4, 24, 48, 72)
"""Hours after a call."""
ALERT = "alert"
"""The name of the first call; the others are the checkpoints at which there was a reading."""
MOMENTS = 24
"""Random moments a call."""
FROZEN = 6
"""So many of them, of an alert alone, are given key levels too: a state frozen costs 14 ms here, a price nothing."""
BOXES_H = 72
"""At this horizon they are given boxes as well."""
PERIOD_MS = 11 * DAY_MS
"""They lie in the days before a call. Of the 15 kept, three are gone at the last horizon, and one is looked back on."""
MINUTE_MS = 60_000
QUICK_MS = 15 * MINUTE_MS

Held = Literal["held", "lost", "untested"]
First = Box | Literal["none"]


class Figures(msgspec.Struct, frozen=True, array_like=True):
    """What followed a moment, by five-minute closes, as fractions; None is unknown.

    `change` is the price at the horizon against that at the moment. `beyond` is how far the furthest close since went
    past the furthest one from onset to the moment (of the hour before it at least), to the hurt side; below 0 it did
    not. `interest` is open interest in coins at the horizon against before onset, `interest_least` the lowest since
    against that at the moment. `level` is the best level of before, `box` the box that tripped first since.
    """

    change: float | None = None
    beyond: float | None = None
    interest: float | None = None
    interest_least: float | None = None
    level: Held | None = None
    box: First | None = None


class Sample(msgspec.Struct, frozen=True, array_like=True):
    """The figures of a random moment, UTC ms."""

    at_ms: int
    figures: Figures


class Outcome(msgspec.Struct, frozen=True):
    """What followed one call by one horizon, beside what followed random moments of the eleven days before it."""

    found: Figures
    random: tuple[Sample, ...] = ()


class Call(NamedTuple):
    """An alert or a reading: its name ("alert", "4h") and the end of the five minutes in which it was made, UTC ms."""

    name: str
    made_ms: int


def call_of(name: str, at_ms: int) -> Call:
    """A call made at a moment."""
    return Call(name, -(-at_ms // SLOT_MS) * SLOT_MS)


def outcome(
    episode: Episode,
    call: Call,
    hours: int,
    past: Past,
    boxes: Invalidation | None,
    flushes: Iterable[tuple[int, int]],
) -> Outcome:
    """The figures of a call by a horizon, at which `past` ends, and those of random moments.

    `boxes` is the newest look at them that was kept, `flushes` are (onset, end) of the flushes of the coin.
    """
    at_ms = moments(f"{episode.id}/{call.name}", past, episode.coin, call.made_ms, flushes)
    found = _with_level(figures(episode, call.made_ms, hours, past), episode, past)
    found = msgspec.structs.replace(found, box=first_box(boxes, call.made_ms, past.now_ms))
    return Outcome(found, tuple(_sample(episode, call, one, hours, past) for one in _marked(at_ms, call)))


def figures(episode: Episode, at_ms: int, hours: int, past: Past, onset_ms: int | None = None) -> Figures:
    """Price and open interest from a moment to `hours` later; `onset_ms` is that of the flush unless it is given."""
    start_ms, until = onset_ms or episode.onset_ms, past.until(at_ms + hours * HOUR_MS)
    sign = 1 if episode.side == "long" else -1
    coin, price = episode.coin, past.price_at(episode.coin, at_ms)
    last = until.price_at(coin, until.as_of_ms)
    _, earlier = past.column(coin, "close", min(start_ms, at_ms - HOUR_MS), at_ms)
    _, later = until.column(coin, "close", at_ms, until.as_of_ms)
    beyond = None
    if not np.isnan(earlier).all() and not np.isnan(later).all():
        before = float(np.nanmin(sign * earlier))
        beyond = (before - float(np.nanmin(sign * later))) / abs(before)
    interest, least = _interest(coin, (start_ms, at_ms), until)
    change = None if price is None or last is None else last / price - 1
    return Figures(_short(change), _short(beyond), _short(interest), _short(least))


def first_box(boxes: Invalidation | None, since_ms: int, until_ms: int) -> First | None:
    """The box that tripped first after a moment; None where none did and one of them could not be judged."""
    if boxes is None:
        return None
    tripped = [
        (box.tripped_ms, name)
        for name, box in boxes.boxes.items()
        if box.tripped_ms is not None and since_ms < box.tripped_ms <= until_ms
    ]
    if tripped:
        return min(tripped)[1]
    return None if any(box.state == "unknown" for box in boxes.boxes.values()) else "none"


def moments(
    seed: str, past: Past, coin: str, made_ms: int, flushes: Iterable[tuple[int, int]], most: int = MOMENTS
) -> tuple[int, ...]:
    """Random ends of five minutes before a call at which a price was known and no flush of the coin was under way.

    Each has a number made of the seed and itself, and the lowest are taken: the same wherever it is worked out.
    """
    times, closes = past.column(coin, "close", made_ms - PERIOD_MS, made_ms)
    free = ~np.isnan(closes)
    for onset_ms, ended_ms in flushes:
        free &= (times < onset_ms) | (times > ended_ms)
    drawn = sorted(times[free].tolist(), key=lambda at: blake2b(f"{seed}/{at}".encode(), digest_size=8).digest())
    return tuple(drawn[:most])


def _marked(at_ms: Sequence[int], call: Call) -> list[tuple[int, bool]]:
    """Each random moment, and whether it is given levels."""
    return [(at, call.name == ALERT and place < FROZEN) for place, at in enumerate(at_ms)]


def _sample(episode: Episode, call: Call, one: tuple[int, bool], hours: int, past: Past) -> Sample:
    at_ms, whole = one
    by_ms, until = at_ms - call.made_ms, past.until(at_ms + hours * HOUR_MS)
    found = figures(episode, at_ms, hours, past, episode.onset_ms + by_ms)
    moved = _moved(episode, by_ms, until) if whole else None
    if moved is None:
        return Sample(at_ms, found)
    found = _with_level(found, moved, until)
    if hours == BOXES_H:
        box = first_box(invalidate(moved, moved.before, until), at_ms, until.now_ms)
        found = msgspec.structs.replace(found, box=box)
    return Sample(at_ms, found)


def _moved(episode: Episode, by_ms: int, until: Past) -> Episode | None:
    """The same flush at another time, with the state before and the prices of then; None where those are unknown."""
    onset_ms, lead = episode.onset_ms + by_ms, episode.lead
    ended_ms = None if episode.ended_ms is None else episode.ended_ms + by_ms
    known = until.until(until.now_ms if ended_ms is None else ended_ms)
    extreme = furthest(episode.coin, known, onset_ms, 1 if episode.side == "long" else -1)
    then = until.until(onset_ms)
    if extreme is None or then.price_at(episode.coin, onset_ms) is None:
        return None
    part = msgspec.structs.replace(
        lead,
        onset_ms=lead.onset_ms + by_ms,
        extreme_price=extreme[0],
        extreme_ms=extreme[1],
        ended_ms=None if lead.ended_ms is None else lead.ended_ms + by_ms,
    )
    return msgspec.structs.replace(
        episode,
        onset_ms=onset_ms,
        anchor_ms=(episode.anchor_ms or episode.onset_ms) + by_ms,
        ended_ms=ended_ms,
        members={episode.coin: part},
        before=state_before(then, episode.coin, lambda _: ()),
    )


def _with_level(found: Figures, episode: Episode, past: Past) -> Figures:
    if episode.before is None:
        return found
    levels = check_levels(episode, episode.before, measure(episode, past), past)
    best = None if isinstance(levels, Missing) else top(levels)
    if best is None:
        return found
    state: Held = "lost" if best.state in LOST else "untested" if best.state == "UNTESTED" else "held"
    return msgspec.structs.replace(found, level=state)


def _interest(coin: str, span_ms: tuple[int, int], until: Past) -> tuple[float | None, float | None]:
    """(last over before, least since over that at the moment) of the venues without a hole; None where unknown.

    "Before" is the median from 60 to 10 minutes before onset, as in the state frozen there. Where a venue tells it
    every quarter of an hour or more often, only such ones say how it went since: the word of an hourly one is older.
    """
    onset_ms, at_ms = span_ms
    interest = interest_over(until, coin, onset_ms - HOUR_MS - 1, until.as_of_ms)
    quick = tuple(venue for venue in interest.whole if interest.period_ms[venue] <= QUICK_MS)
    total, times = interest.total(interest.whole), interest.times
    prompt = interest.total(quick or interest.whole)
    before = total[(times <= onset_ms - 10 * MINUTE_MS) & ~np.isnan(total)]
    at, since = prompt[times == at_ms], prompt[(times > at_ms) & ~np.isnan(prompt)]
    change = float(total[-1] / np.median(before)) - 1 if before.size and not np.isnan(total[-1]) else None
    known = since.size > 0 and at.size > 0 and not np.isnan(at[0])
    return change, float(since.min() / at[0]) - 1 if known else None


def _short(value: float | None) -> float | None:
    """Six digits after the point are a ten-thousandth of a percent."""
    return None if value is None else round(value, 6)
