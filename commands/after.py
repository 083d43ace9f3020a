"""/after: what followed a flush, every check of one step with its numbers, then its rules, as it was told then."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple

from bot.aftermath.checks import CHECKPOINTS
from bot.alerts.followup_boxes import boxes_phrase
from bot.alerts.followup_rows import verdict_phrase
from bot.alerts.moments import moment
from bot.alerts.reports import Report, read_report
from bot.command import Caller, EpisodeId, command
from bot.errors import UserError
from bot.flush.episode import Episode
from bot.message import Button, Message, Name, Phrase, Phrases, Row
from bot.store.database import Database
from bot.store.reports import load_reports
from bot.store.rows import ReportRow
from commands.after_rules import figures_of, rules_of
from commands.desk import Desk
from commands.flush import find_flush
from commands.phrases import muted, say

Step = Literal["newest", "15m", "1h", "4h", "24h", "48h", "72h"]
Part = Literal["figures", "rules"]


class Followed(NamedTuple):
    """A flush and the reports of its checkpoints by their step, oldest first."""

    episode: Episode
    reports: dict[str, ReportRow]


@command("after")
async def after(
    desk: Desk,
    caller: Caller,  # noqa: ARG001 -- every command is handed its caller
    episode: EpisodeId = "last",
    step: Step = "newest",
    part: Part = "figures",
) -> Message:
    """What followed a flush: each check of its newest step, or of another, with its numbers, or with its rules."""
    coins = desk.view().coins()
    followed = await desk.store.run(lambda db: _load(db, episode, coins))
    row = _chosen(followed, step)
    report = read_report(row)
    others = tuple(_button(followed.episode, other) for other in followed.reports if other != row.step)
    return desk.answer(
        _headline(followed.episode, row, report),
        _rows(followed.episode, row, report, part, desk.now_ms()),
        buttons=(_other(followed.episode, row.step, part), *others, _why(followed.episode)),
    )


def _load(db: Database, wanted: str, coins: Collection[str]) -> Followed:
    episode, _ = find_flush(db, wanted, coins)
    rows = [row for row in load_reports(db, episode.id) if row.step in CHECKPOINTS]
    return Followed(episode, {row.step: row for row in rows})


def _chosen(followed: Followed, step: str) -> ReportRow:
    """The report that was asked for; raises `UserError` where there is none."""
    names, id_ = followed.reports, Name(followed.episode.id)
    if not names:
        raise UserError("error-no-followup-yet", id=id_)
    row = names[list(names)[-1]] if step == "newest" else names.get(step)
    if row is None:
        known = Phrases(tuple(Phrase(f"followup-step-{name}") for name in names), "list")
        raise UserError("error-no-such-followup", id=id_, step=Phrase(f"followup-step-{step}"), known=known)
    return row


def _headline(episode: Episode, row: ReportRow, report: Report) -> Phrase:
    step = Phrase(f"followup-step-{row.step}")
    if report.verdict is None:
        return say("after-headline-early", id=Name(episode.id), step=step)
    return say("after-headline", id=Name(episode.id), step=step, reading=verdict_phrase(report.verdict))


def _rows(episode: Episode, row: ReportRow, report: Report, part: Part, now_ms: int) -> Iterator[Row]:
    yield from rules_of(report.details) if part == "rules" else figures_of(report.details)
    if report.invalidation is not None and part == "figures":
        yield Row(boxes_phrase(report.invalidation, episode.side, row.due_ms))
    yield muted("after-as-of", at=moment(row.due_ms, now_ms))


def _other(episode: Episode, step: str, part: Part) -> Button:
    """What the answer does not say: the rules behind the figures, or the figures again."""
    if part == "rules":
        return Button(say("after-figures"), f"/after {episode.id} {step}")
    return Button(say("after-rules"), f"/after {episode.id} {step} rules")


def _why(episode: Episode) -> Button:
    return Button(say("button-why"), f"/flush why {episode.id}")


def _button(episode: Episode, step: str) -> Button:
    return Button(say("after-button", step=Phrase(f"followup-step-{step}")), f"/after {episode.id} {step}")
