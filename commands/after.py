"""/after: what followed a flush, every check of one step with its numbers, then its rules, as it was told then."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple

from bot.aftermath.checks import CHECKPOINTS
from bot.alerts.due import LATE_MS
from bot.alerts.followup_boxes import boxes_phrase
from bot.alerts.followup_rows import verdict_phrase
from bot.alerts.followups import times_rows
from bot.alerts.moments import moment
from bot.alerts.reports import Report, Tripped, read_report, tripped_since
from bot.command import Caller, EpisodeId, command
from bot.errors import UserError
from bot.flush.episode import Episode
from bot.message import Button, Message, Moment, Name, Phrase, Phrases, Row, Value
from bot.store.database import Database
from bot.store.episodes import load_decisions, load_due_of
from bot.store.reports import load_reports
from bot.store.rows import DueRow, ReportRow
from commands.after_rules import figures_of, rules_of
from commands.desk import Desk
from commands.flush import find_flush
from commands.flush_reading import tripped_rows
from commands.phrases import muted, say

Step = Literal["newest", "15m", "1h", "4h", "24h", "48h", "72h"]
Part = Literal["figures", "rules"]


class Followed(NamedTuple):
    """A flush, the reports of its checkpoints by step, oldest first, those planned, and whether it was posted."""

    episode: Episode
    reports: dict[str, ReportRow]
    due: dict[str, DueRow]
    posted: bool
    tripped: list[Tripped]
    """Boxes that tripped between checkpoints."""


@command("after")
async def after(
    desk: Desk,
    caller: Caller,  # noqa: ARG001 -- every command is handed its caller
    episode: EpisodeId = "last",
    step: Step = "newest",
    part: Part = "figures",
) -> Message:
    """What followed a flush: each check of its newest step, or of another, with its numbers, or with its rules."""
    coins, now_ms = desk.view().coins(), desk.now_ms()
    followed = await desk.store.run(lambda db: _load(db, episode, coins))
    row = _chosen(followed, step, now_ms)
    report = read_report(row)
    others = tuple(_button(followed.episode, other) for other in followed.reports if other != row.step)
    return desk.answer(
        _headline(followed.episode, row, report),
        _rows(followed, row, report, part, now_ms),
        buttons=(_other(followed.episode, row.step, part), *others, _why(followed.episode)),
    )


def _load(db: Database, wanted: str, coins: Collection[str]) -> Followed:
    episode, _ = find_flush(db, wanted, coins)
    rows = [row for row in load_reports(db, episode.id) if row.step in CHECKPOINTS]
    due = {row.step: row for row in load_due_of(db, episode.id) if row.step in CHECKPOINTS}
    posted = any(decision.posted for decision in load_decisions(db, episode_id=episode.id))
    return Followed(episode, {row.step: row for row in rows}, due, posted, tripped_since(db, episode.id, 0))


def _chosen(followed: Followed, step: str, now_ms: int) -> ReportRow:
    """The report that was asked for; raises `UserError` where there is none."""
    names = followed.reports
    if not names:
        raise _why_none(followed, now_ms)
    row = names[list(names)[-1]] if step == "newest" else names.get(step)
    if row is None:
        id_, known = Name(followed.episode.id), tuple(Phrase(f"followup-step-{name}") for name in names)
        asked = Phrase(f"followup-step-{step}")
        values: dict[str, Value] = {"id": id_, "step": asked, "known": Phrases(known, "list")}
        due = followed.due.get(step)
        if due is not None and due.done_ms is None and followed.episode.end_reason != "retracted":
            raise UserError("error-followup-to-come", **values, at=moment(due.due_ms, now_ms))
        raise UserError("error-no-such-followup", **values)
    return row


def _why_none(followed: Followed, now_ms: int) -> UserError:
    """Whether follow-ups still come, and else why none does."""
    flush, id_ = followed.episode, Name(followed.episode.id)
    if flush.end_reason == "retracted":
        return UserError("error-no-followup-retracted", id=id_)
    if not followed.posted and flush.ended_ms is None:
        return UserError("error-no-followup-unheard-yet", id=id_)
    if not followed.posted:
        return UserError(f"error-no-followup-{'watch' if flush.band == 'watch' else 'unheard'}", id=id_)
    coming = [row.due_ms for row in followed.due.values() if row.done_ms is None]
    if coming:
        return UserError("error-no-followup-due", id=id_, at=moment(min(coming), now_ms))
    return UserError("error-no-followup-missed" if followed.due else "error-no-followup-yet", id=id_)


def _headline(episode: Episode, row: ReportRow, report: Report) -> Phrase:
    values: dict[str, Value] = {
        "coin": Name(episode.coin),
        "kind": say(f"kind-{episode.kind.replace('_', '-')}"),
        "onset": Moment(episode.onset_ms, "both"),
        "step": Phrase(f"followup-step-{row.step}"),
    }
    if report.verdict is None:
        return say("after-headline-early", **values)
    return say("after-headline", **values, reading=verdict_phrase(report.verdict))


def _rows(followed: Followed, row: ReportRow, report: Report, part: Part, now_ms: int) -> Iterator[Row]:
    episode = followed.episode
    yield from rules_of(report.details, episode.side) if part == "rules" else figures_of(report.details)
    if report.invalidation is not None and part == "figures":
        yield Row(boxes_phrase(report.invalidation, episode.side, now_ms))
        yield from tripped_rows(episode, (trip for trip in followed.tripped if trip.at_ms > row.due_ms), now_ms)
    yield from _times(followed, row, now_ms)
    yield muted("after-as-of", at=moment(row.due_ms, now_ms), id=Name(episode.id))


def _times(followed: Followed, row: ReportRow, now_ms: int) -> list[Row]:
    """What its post said of times: the larger leg, if this step counts from it, and that it came late."""
    episode, due = followed.episode, followed.due.get(row.step)
    moved = episode.anchor_moved and episode.anchor_ms == row.due_ms - CHECKPOINTS[row.step]
    posted = due is not None and due.outcome == "posted"
    late_ms = row.posted_ms - row.due_ms if posted else 0
    anchor_ms = episode.anchor_ms if moved else None
    return times_rows(anchor_ms, row.due_ms, late_ms if late_ms > LATE_MS else 0, now_ms)


def _other(episode: Episode, step: str, part: Part) -> Button:
    """What the answer does not say: the rules behind the figures, or the figures again."""
    if part == "rules":
        return Button(say("after-figures"), f"/after {episode.id} {step}")
    return Button(say("after-rules"), f"/after {episode.id} {step} rules")


def _why(episode: Episode) -> Button:
    return Button(say("button-why"), f"/flush why {episode.id}")


def _button(episode: Episode, step: str) -> Button:
    return Button(say("after-button", step=Phrase(f"followup-step-{step}")), f"/after {episode.id} {step}")
