"""What happened to flushes, kept so small that weeks of it can be decided again, for other settings.

A coin is named only when it reaches a further band, so that a change of a flush of hundreds of coins is a short row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast, get_args

import msgspec

from bot.alerts.decide import Step
from bot.flush.episode import Band, Scope
from bot.flush.tracker import Event
from bot.store.database import Database
from bot.store.rows import StepRow
from bot.store.steps import load_reached, save_step

DAY = "day"
EVENTS = frozenset(get_args(Event))
Bands = dict[str, Band]


class DayPost(msgspec.Struct, frozen=True):
    """The post of a derivatives-led day: its id, when it was due, and what was liquidated, None where unknown."""

    id: str
    at_ms: int
    usd: float | None


def keep_step(db: Database, step: Step) -> None:
    """Keep one change, within the transaction that decides by it."""
    known: Bands = {}
    for reached in load_reached(db, step.episode_id):
        known |= _decode(reached)
    further = {coin: band for coin, band in step.bands.items() if known.get(coin) != band}
    reached = msgspec.json.encode(further).decode() if further else ""
    save_step(
        db,
        StepRow(
            step.episode_id,
            step.event,
            step.at_ms,
            step.scope,
            step.band,
            step.peak_score,
            step.observed_usd,
            step.leg_ms,
            step.ended,
            reached,
        ),
    )


def keep_day(db: Database, day_id: str, now_ms: int, usd: float | None) -> None:
    """Keep that the post of a day was due."""
    save_step(db, StepRow(day_id, DAY, now_ms, "market", "watch", 0.0, usd, now_ms, ended=True, reached=""))


def read_steps(rows: Iterable[StepRow]) -> Iterator[Step | DayPost]:
    """Changes as they were kept, in the same order; those of an episode from its first on."""
    bands: dict[str, Bands] = {}
    for row in rows:
        if row.event == DAY:
            yield DayPost(row.episode_id, row.at_ms, row.observed_usd)
        elif row.event in EVENTS:
            known = bands.get(row.episode_id, {})
            bands[row.episode_id] = known = known | _decode(row.reached) if row.reached else known
            yield Step(
                row.episode_id,
                cast(Event, row.event),
                row.at_ms,
                cast(Scope, row.scope),
                cast(Band, row.band),
                known,
                row.peak_score,
                row.observed_usd,
                row.leg_ms,
                row.ended,
            )


def _decode(reached: str) -> Bands:
    return msgspec.json.decode(reached, type=Bands)
