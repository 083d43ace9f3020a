"""What is due for a flush: follow-ups at its checkpoints, and an hourly look at what would rule out a reset.

Runs inside the transaction of the step that found it due: what is said, the report of it and the row that says it is
done are written together or not at all, so that a kill between any two steps neither loses nor repeats anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from bot.aftermath.boxes import ARMED_FROM_MS, ARMED_TO_MS
from bot.aftermath.checks import CHECKPOINTS
from bot.aftermath.findings import find
from bot.aftermath.invalidation import Box, Invalidation, invalidate
from bot.alerts.followups import build, build_tripped, posted_steps
from bot.alerts.outbox import CARD, LOOK, SILENT, of_episode, put_edit, put_followup
from bot.alerts.reports import report_of, report_of_box
from bot.alerts.scoring import SCORE, plan_outcomes, write_outcomes
from bot.flush.episode import Episode
from bot.market.history import HOUR_MS, Past
from bot.message import Message, Phrase
from bot.store.database import Database
from bot.store.episodes import load_decisions, load_due, load_episode, next_due, save_due
from bot.store.reports import keep_report, load_reports
from bot.store.rows import DueRow

MOST_AT_ONCE = 40
"""After hours without the market hundreds may be due; all at once would hold up the detector for half a minute."""
SCORE_COSTS = 5
"""How many follow-ups could be told in the time that the outcomes of one call take, with their random moments."""
LATE_MS = 10 * 60_000
"""A follow-up is late from here on, and says so."""
LATE_SHARE = 0.2
"""Later than this share of its distance from the anchor it is not posted at all."""


class Speaker(NamedTuple):
    """The stream as due work needs it: its clock, its past, the card with a reading, and the mark of its origin."""

    now_ms: int
    until: Callable[[int], Past]
    card: Callable[[Episode, Phrase], Message]
    marked: Callable[[Message], Message]
    scores: bool = True
    """Whether what came after each call is written down."""


def do_some_due(db: Database, speaker: Speaker) -> tuple[int | None, int | None]:
    """Do the oldest of what is due, as much as one step has time for; returns `due_next` of what is left.

    What people are to hear comes first, and what is only counted last.
    """
    left = MOST_AT_ONCE
    for row in sorted(load_due(db, speaker.now_ms), key=lambda row: row.step == SCORE):
        do_due(db, row, speaker)
        left -= SCORE_COSTS if row.step == SCORE and speaker.scores else 1
        if left <= 0:
            break
    return due_next(db)


def due_next(db: Database) -> tuple[int | None, int | None]:
    """When anything is due next, and when the next follow-up is, UTC ms."""
    return next_due(db), next_due(db, SILENT)


def do_due(db: Database, row: DueRow, speaker: Speaker) -> None:
    """Do one piece of due work and note what became of it."""
    stored = load_episode(db, row.episode_id)
    outcome = "not posted"
    if stored is not None and any(decision.posted for decision in load_decisions(db, episode_id=row.episode_id)):
        episode = msgspec.json.decode(stored.body, type=Episode)
        if episode.end_reason == "retracted":
            outcome = "retracted"
        elif row.step == LOOK:
            _look(db, episode, row, speaker)
            return
        elif row.step == SCORE and speaker.scores:
            write_outcomes(db, episode, speaker.now_ms, speaker.until)
            return
        elif row.step == SCORE:
            outcome = "not scored"
        else:
            outcome = _checkpoint(db, episode, row, speaker)
    save_due(db, row._replace(done_ms=speaker.now_ms, outcome=outcome))


def _checkpoint(db: Database, episode: Episode, row: DueRow, speaker: Speaker) -> str:
    """Post a follow-up, or only bring the card up to date; late ones say so, very late ones are left out."""
    late_ms = _late_ms(speaker.now_ms - row.due_ms, CHECKPOINTS[row.step])
    if late_ms is None:
        return "too late"
    past = speaker.until(row.due_ms)
    found = find(episode, row.step, past)
    message = build(episode, found, row.due_ms, past, late_ms=late_ms)
    outcome = "on the card"
    if row.step in posted_steps(episode):
        outcome = "posted" if _put(db, episode, row.step, message, speaker) else "off"
        for box in found.invalidation.tripped if found.invalidation is not None else ():
            _keep_box(db, episode, box, found.invalidation, (row.due_ms, speaker.now_ms))
    keep_report(db, report_of(episode, found, row.due_ms, speaker.now_ms))
    if found.verdict is not None and speaker.scores:
        plan_outcomes(db, episode, speaker.now_ms)
    _edit(db, episode, message, speaker)
    return outcome


def _look(db: Database, episode: Episode, row: DueRow, speaker: Speaker) -> None:
    """Look at the boxes as of the newest hour that is over, tell of what tripped, and be due again an hour later."""
    anchor_ms = episode.anchor_ms or episode.onset_ms
    last_ms = anchor_ms + ARMED_TO_MS
    hours = max(0, min(speaker.now_ms, last_ms) - row.due_ms) // HOUR_MS
    due_ms = row.due_ms + hours * HOUR_MS
    late_ms = _late_ms(speaker.now_ms - due_ms, max(due_ms - anchor_ms, ARMED_FROM_MS))
    if late_ms is not None:
        _tell_tripped(db, episode, row.due_ms - HOUR_MS, (due_ms, late_ms), speaker)
    if due_ms + HOUR_MS > last_ms:
        save_due(db, row._replace(due_ms=due_ms, done_ms=speaker.now_ms, outcome="looked"))
    else:
        save_due(db, row._replace(due_ms=due_ms + HOUR_MS))


def _tell_tripped(db: Database, episode: Episode, since_ms: int, due: tuple[int, int], speaker: Speaker) -> None:
    """Each box that tripped and of which nothing was said yet, in a short follow-up of its own.

    Earlier looks found nothing before `since_ms` but what is kept, so that most of the time one hour is enough.
    """
    due_ms, late_ms = due
    past = speaker.until(due_ms)
    newest = invalidate(episode, episode.before, past, since_ms=since_ms)
    told = {report.step for report in load_reports(db, episode.id)}
    if newest is None or not set(newest.tripped) - told:
        return
    boxes = invalidate(episode, episode.before, past)
    for box in boxes.tripped if boxes is not None else ():
        if _keep_box(db, episode, box, boxes, (due_ms, speaker.now_ms)) and boxes is not None:
            message = build_tripped(episode, box, boxes, due_ms, late_ms=late_ms)
            _put(db, episode, box, message, speaker)
            _edit(db, episode, message, speaker)


def _keep_box(db: Database, episode: Episode, box: Box, boxes: Invalidation | None, moments: tuple[int, int]) -> bool:
    """Note that a box was told of; False when it was before."""
    if boxes is None or any(report.step == box for report in load_reports(db, episode.id)):
        return False
    return keep_report(db, report_of_box(episode, box, boxes, *moments))


def _put(db: Database, episode: Episode, step: str, message: Message, speaker: Speaker) -> bool:
    return put_followup(db, of_episode(episode, step, speaker.marked(message)), speaker.now_ms)


def _edit(db: Database, episode: Episode, message: Message, speaker: Speaker) -> None:
    """The card of an ended flush takes the newest headline as its state."""
    if episode.state == "ended":
        put_edit(db, of_episode(episode, CARD, speaker.card(episode, message.headline)), speaker.now_ms)


def _late_ms(behind_ms: int, distance_ms: int) -> int | None:
    """How late to call it, 0 for in time; None when it is not worth saying any more."""
    if behind_ms > max(LATE_MS, LATE_SHARE * distance_ms):
        return None
    return behind_ms if behind_ms > LATE_MS else 0
