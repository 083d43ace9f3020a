"""The market card of 24 hours: how hard all coins together were flushed, in a word and by its inputs."""

from __future__ import annotations

from collections.abc import Iterator

from bot.alerts.market_words import market_phrase, score_of
from bot.flush.market_day import WEIGHTS, DayScore
from bot.market.view import LastDay
from bot.message import Name, Number, Percent, Phrase, Phrases, Row, Value
from commands.phrases import muted, say

DIGITS = {"I": 2, "O": 1, "F": 4}
"""Of inputs that are fractions and stand nowhere else."""


def market_rows(day: LastDay | None, followed_since_ms: int | None) -> Iterator[Row]:
    """Its score in words and by inputs, or how much of the first day is collected; nothing before anything is known."""
    phrase = None if day is None else market_phrase(day, followed_since_ms)
    if day is None or phrase is None:
        return
    yield Row(phrase)
    score = score_of(day, followed_since_ms)
    if score is None:
        return
    parts = tuple(_input(name, score) for name in score.inputs)
    yield muted("flush-day-inputs", parts=Phrases(parts))
    missing = tuple(say(f"flush-day-input-{name.lower()}") for name in WEIGHTS if name not in score.inputs)
    if missing:
        values: dict[str, Value] = {"inputs": Phrases(missing, "list"), "known": Number(score.confidence, 2)}
        yield muted("flush-day-missing", **values)


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
