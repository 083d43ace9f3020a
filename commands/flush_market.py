"""The market card of 24 hours: how hard all coins together were flushed, in a word and by its inputs."""

from __future__ import annotations

from collections.abc import Iterator

from bot.flush.market_day import WEIGHTS, DayScore, inputs_of, score_day
from bot.market.view import LastDay
from bot.message import Name, Number, Percent, Phrase, Phrases, Row, Usd, Value
from commands.phrases import muted, say

HOUR_MS = 3_600_000
DAY_HOURS = 24
DIGITS = {"I": 2, "O": 1, "F": 4}
"""Of inputs that are fractions and stand nowhere else."""


def market_rows(day: LastDay | None, followed_since_ms: int | None) -> Iterator[Row]:
    """Its score in words and by inputs, or how much of the first day is collected; nothing before anything is known."""
    if day is None:
        return
    hours = day.hours_kept
    if followed_since_ms is not None:  # the past may have been learnt, of one venue alone
        hours = min(hours, (day.at_ms - followed_since_ms) / HOUR_MS)
    if hours < DAY_HOURS:
        yield Row(say("flush-day-collecting", hours=Number(max(0, int(hours)), 0)))
        return
    score = score_day(inputs_of(day))
    if score is None:
        return
    yield Row(_reading(day, score))
    parts = tuple(_input(name, score) for name in score.inputs)
    yield muted("flush-day-inputs", parts=Phrases(parts))
    missing = tuple(say(f"flush-day-input-{name.lower()}") for name in WEIGHTS if name not in score.inputs)
    if missing:
        values: dict[str, Value] = {"inputs": Phrases(missing, "list"), "known": Number(score.confidence, 2)}
        yield muted("flush-day-missing", **values)


def _reading(day: LastDay, score: DayScore) -> Phrase:
    """The word first, then what was liquidated and how far BTC moved, where known."""
    points = Number(score.score, 1)
    if score.word is None:
        parts = [say("flush-day-without-liquidations", score=points)]
    else:
        parts = [say("flush-day", word=say(f"day-word-{score.word}"), score=points)]
    if "U" in score.inputs:
        side = "long" if day.long_usd >= day.short_usd else "short"
        values: dict[str, Value] = {"usd": Usd(day.usd, at_least=True), "side": say(f"side-{side}")}
        if "D" in score.inputs:
            values["share"] = Percent(score.inputs["D"].value, 0)
            parts.append(say("flush-day-liquidated", **values))
        else:
            parts.append(say("flush-day-liquidated-none", **values))
    if day.btc_return is not None:
        parts.append(say("flush-day-btc", move=Percent(day.btc_return, signed=True)))
    return say("answer-line", parts=Phrases(tuple(parts)))


def _input(name: str, score: DayScore) -> Phrase:
    """Weight and share; its value too, where the line above does not tell it."""
    part = score.inputs[name]
    values: dict[str, Value] = {
        "letter": Name(name),
        "weight": Number(WEIGHTS[name], 2),
        "share": Number(part.share, 3),
    }
    if name not in DIGITS:
        return say("flush-day-input", **values)
    what = say(f"flush-day-{name.lower()}", value=Percent(part.value, DIGITS[name]))
    return say("flush-day-input-of", **values, what=what)
