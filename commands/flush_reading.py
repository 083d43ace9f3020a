"""Why the newest reading of a flush is what it is: rules, inputs and boxes, from the report that was kept."""

from __future__ import annotations

from collections.abc import Iterator

from bot.aftermath.verdict import WEIGHTS, Input
from bot.alerts.followup_boxes import boxes_phrase
from bot.alerts.followup_rows import rule_phrases, verdict_phrase
from bot.alerts.reports import Report
from bot.flush.episode import Episode
from bot.message import Number, Phrase, Phrases, Row
from bot.store.rows import ReportRow
from commands.phrases import muted, say


def reading_rows(episode: Episode, kept: tuple[ReportRow, Report] | None) -> Iterator[Row]:
    """Nothing before there is a reading."""
    if kept is None or kept[1].verdict is None:
        return
    row, report = kept
    verdict = kept[1].verdict
    rules = rule_phrases(verdict, episode.side)
    step = Phrase(f"followup-step-{row.step}")
    yield Row(say("flush-why-reading", step=step, reading=verdict_phrase(verdict), rules=rules))
    yield from _inputs("flush-why-assessed", verdict.assessed)
    yield from _inputs("flush-why-lacking", verdict.missing)
    if report.invalidation is not None:
        yield Row(boxes_phrase(report.invalidation, episode.side, row.due_ms))


def _inputs(key: str, names: tuple[Input, ...]) -> Iterator[Row]:
    """Each with what it is worth."""
    told = tuple(
        say("flush-input", name=say(f"flush-input-{name.replace('_', '-')}"), weight=Number(WEIGHTS[name], 2))
        for name in names
    )
    if told:
        yield muted(key, inputs=Phrases(told, "list"))
