"""The market of 24 hours in a line: its word and score, what was liquidated, how far BTC moved; or how far it is."""

from __future__ import annotations

from bot.alerts.score_number import score_number
from bot.flush.market_day import DayScore, inputs_of, score_day
from bot.market.history import HOUR_MS
from bot.market.view import LastDay
from bot.message import Number, Percent, Phrase, Phrases, Usd, Value

DAY_HOURS = 24


def score_of(day: LastDay, followed_since_ms: int | None) -> DayScore | None:
    """The score of a day that is whole; the past may have been learnt, of one venue alone, and does not count."""
    return score_day(inputs_of(day)) if _hours(day, followed_since_ms) >= DAY_HOURS else None


def market_phrase(day: LastDay, followed_since_ms: int | None) -> Phrase | None:
    """The reading of a whole day, or how much of the first one is collected; None where nothing of it is known."""
    hours = _hours(day, followed_since_ms)
    if hours < DAY_HOURS:
        return Phrase("flush-day-collecting", {"hours": Number(max(0, int(hours)), 0)})
    score = score_of(day, followed_since_ms)
    return None if score is None else _reading(day, score)


def _hours(day: LastDay, followed_since_ms: int | None) -> float:
    if followed_since_ms is None:
        return day.hours_kept
    return min(day.hours_kept, (day.at_ms - followed_since_ms) / HOUR_MS)


def _reading(day: LastDay, score: DayScore) -> Phrase:
    """The word first, then what was liquidated and how far BTC moved, where known."""
    points = score_number(score.score, 1)
    if score.word is None:
        parts = [Phrase("flush-day-without-liquidations", {"score": points})]
    else:
        parts = [Phrase("flush-day", {"word": Phrase(f"day-word-{score.word}"), "score": points})]
    if "U" in score.inputs:
        parts.append(_liquidated(day, score) if "D" in score.inputs else Phrase("flush-day-liquidated-none"))
    if day.btc_return is not None:
        parts.append(Phrase("flush-day-btc", {"move": Percent(day.btc_return, signed=True)}))
    return Phrase("answer-line", {"parts": Phrases(tuple(parts))})


def _liquidated(day: LastDay, score: DayScore) -> Phrase:
    side = "long" if day.long_usd >= day.short_usd else "short"
    values: dict[str, Value] = {
        "usd": Usd(day.usd, at_least=True),
        "share": Percent(score.inputs["D"].value, 0),
        "side": Phrase(f"side-{side}"),
    }
    return Phrase("flush-day-liquidated", values)
