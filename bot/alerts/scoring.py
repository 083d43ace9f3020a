"""What became of our own calls, as rows: written as each horizon comes due, and read again to be counted.

One row of due work a flush, which moves on from one horizon of a call to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

import msgspec

from bot.aftermath.invalidation import Invalidation
from bot.aftermath.outcomes import ALERT, HORIZONS_H, Call, Outcome, call_of, outcome
from bot.aftermath.scorecard import Called, Rate, compared, is_further
from bot.aftermath.verdict import Reading
from bot.alerts.reports import read_report
from bot.flush.base_rate import BaseRate
from bot.flush.episode import Episode
from bot.market.history import DAY_MS, HOUR_MS, Past
from bot.store.database import Database
from bot.store.episodes import load_posted, load_spans, save_due
from bot.store.outcomes import keep_outcome, load_alike, load_outcomes
from bot.store.reports import load_reports
from bot.store.rows import DueRow, OutcomeRow

SCORE = "score"
"""The step of the due work that writes outcomes down."""
LONGEST_MS = 60 * DAY_MS
"""No flush whose end lies in the days kept began longer ago."""
BASE_DAYS = 90
BASE_H = 24


def write_outcomes(db: Database, episode: Episode, now_ms: int, until: Callable[[int], Past]) -> None:
    """Write down every outcome that is due by now, each as of its own moment, and be due for the next."""
    flushes = load_spans(db, episode.coin, now_ms - LONGEST_MS, now_ms)
    for due_ms, call, hours in _open(db, episode):
        if due_ms <= now_ms:
            boxes = _boxes(db, episode, due_ms)
            found = outcome(episode, call, hours, until(due_ms), boxes, flushes)
            body = msgspec.json.encode(found).decode()
            keep_outcome(db, OutcomeRow(episode.id, call.name, hours, call.made_ms, due_ms, now_ms, body))
    plan_outcomes(db, episode, now_ms)


def plan_outcomes(db: Database, episode: Episode, now_ms: int) -> None:
    """Let the next outcome that is not written yet be due; a new reading brings some more."""
    following = next(_open(db, episode), None)
    if following is None:
        save_due(db, DueRow(episode.id, SCORE, now_ms, now_ms, "written"))
    else:
        save_due(db, DueRow(episode.id, SCORE, following[0], None, None))


def load_calls(db: Database, coin: str | None, since_ms: int) -> list[Called]:
    """Alerts and readings since a moment, of a coin or of all, with what was written of them so far."""
    found: list[Called] = []
    for row in load_posted(db, coin, since_ms):
        episode = msgspec.json.decode(row.body, type=Episode)
        if episode.end_reason == "retracted":
            found.append(Called(episode.id, episode.coin, episode.kind, ALERT, retracted=True))
            continue
        readings = dict(_readings(db, episode.id))
        written = {
            name: {one.hours: msgspec.json.decode(one.body, type=Outcome) for one in rows}
            for name, rows in groupby(sorted(load_outcomes(db, episode.id), key=_name), key=_name)
        }
        for name in (ALERT, *readings):
            outcomes = written.get(name, {})
            found.append(Called(episode.id, episode.coin, episode.kind, name, readings.get(name), outcomes=outcomes))
    return found


def base_of(db: Database, episode: Episode) -> BaseRate | None:
    """How often the price went further within a day after earlier alerts of the kind; None below ten of them.

    Of the same coin where there are ten, else of all coins.
    """
    since_ms = (episode.alerted_ms or episode.onset_ms) - BASE_DAYS * DAY_MS
    alike = [
        (coin, msgspec.json.decode(row.body, type=Outcome))
        for coin, row in load_alike(db, episode.kind, (ALERT, BASE_H), since_ms)
        if row.episode_id != episode.id
    ]
    for all_coins in (False, True):
        found = compared([one for coin, one in alike if all_coins or coin == episode.coin], is_further)
        base = BaseRate(*_parts(found.found), *_parts(found.random), all_coins=all_coins)
        if base.enough:
            return base
    return None


def _parts(rate: Rate) -> tuple[int, int]:
    return rate.x, rate.n


def _name(row: OutcomeRow) -> str:
    return row.call


def _open(db: Database, episode: Episode) -> Iterator[tuple[int, Call, int]]:
    """(when due, call, hours) of every outcome of the calls so far that is not written, in time order."""
    written = {(row.call, row.hours) for row in load_outcomes(db, episode.id)}
    calls = [call_of(row.step, row.due_ms) for row in load_reports(db, episode.id) if read_report(row).verdict]
    calls.insert(0, call_of(ALERT, episode.alerted_ms or episode.onset_ms))
    yield from sorted(
        (call.made_ms + hours * HOUR_MS, call, hours)
        for call in calls
        for hours in HORIZONS_H
        if (call.name, hours) not in written
    )


def _readings(db: Database, episode_id: str) -> Iterator[tuple[str, Reading]]:
    for row in load_reports(db, episode_id):
        verdict = read_report(row).verdict
        if verdict is not None:
            yield row.step, verdict.reading


def _boxes(db: Database, episode: Episode, due_ms: int) -> Invalidation | None:
    """The newest look at the boxes that was kept by then."""
    looks = [read_report(row).invalidation for row in load_reports(db, episode.id) if row.due_ms <= due_ms]
    return next((look for look in reversed(looks) if look is not None), None)
