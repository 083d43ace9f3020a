"""The chart of a follow-up: price, liquidations and open interest from 6 h before the flush to the due time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from bot.aftermath.checks import CHECKPOINTS, Checks
from bot.aftermath.held import HeldLevel
from bot.aftermath.interest import interest_over
from bot.aftermath.missing import Missing
from bot.flush.episode import Episode
from bot.levels.sources import reasons
from bot.market.facts import Side
from bot.market.history import HOUR_MS, Past
from bot.message import ChartLine, ChartMark, ChartRequest, Moment, Name, Percent, Phrase, Phrases, Price, Rate, Value

LEAD_MS = 6 * HOUR_MS
POINTS = 300

Floats = npt.NDArray[np.float64]
Column = tuple[float | None, ...]


def chart(
    episode: Episode, checks: Checks, after: Phrase, past: Past, reading: Phrase | None = None
) -> ChartRequest | None:
    """At most 300 points to the end of `past`; None when no price is known.

    `after` says the step in words, `reading` what the flush reads as, for the title.
    """
    start_ms = episode.onset_ms - LEAD_MS
    times, closes = past.column(episode.coin, "close", start_ms, past.as_of_ms)
    if np.isnan(closes).all():
        return None
    _, longs = past.column(episode.coin, "long_usd", start_ms, past.as_of_ms)
    _, rates = past.column(episode.coin, "funding_8h", start_ms, past.as_of_ms)
    _, shorts = past.column(episode.coin, "short_usd", start_ms, past.as_of_ms)
    interest = interest_over(past, episode.coin, start_ms, past.as_of_ms)
    shown = interest.whole if isinstance(checks.rebuild, Missing) else checks.rebuild.venues
    total = interest.total(venue for venue in interest.whole if venue in shown)
    stride = -(-times.size // POINTS)
    levels = () if isinstance(checks.levels, Missing) else checks.levels
    return ChartRequest(
        title=_title(episode.coin, after, reading),
        alt=_alt(episode, checks, (int(times[0]), int(times[-1])), rates),
        times_ms=tuple(int(group[-1]) for group in _groups(times, stride)),
        price=_thinned(closes, stride, _last),
        long_usd=_thinned(longs, stride, _sum),
        short_usd=_thinned(shorts, stride, _sum),
        open_interest=_thinned(total, stride, _last),
        window_ms=(episode.onset_ms, min(episode.ended_ms or past.as_of_ms, past.as_of_ms)),
        lines=tuple(ChartLine(level.price, _level(level, episode.side)) for level in levels),
        marks=_checkpoints(episode, checks.step, past.as_of_ms),
        funding=_thinned(rates, stride, _last),
    )


def _title(coin: str, after: Phrase, reading: Phrase | None) -> Phrase:
    values: dict[str, Value] = {"coin": Name(coin), "step": after}
    if reading is None:
        return Phrase("followup-chart-title", values)
    return Phrase("followup-chart-title-reading", {**values, "reading": reading})


def _level(level: HeldLevel, side: Side) -> Phrase:
    """Why it is a level, and in a word what became of it."""
    state = Phrase(f"followup-chart-level-{level.state.lower().replace('_', '-')}-{side}")
    return Phrase("followup-chart-level", {"source": Phrase(reasons(level.price, level.sources)[0]), "state": state})


def _checkpoints(episode: Episode, last: str, end_ms: int) -> tuple[ChartMark, ...]:
    """The moments of the steps up to this one, counted from the anchor as the steps are, the last not past the end."""
    anchor_ms, steps = episode.anchor_ms, list(CHECKPOINTS)
    if anchor_ms is None:
        return ()
    passed = steps[: steps.index(last) + 1]
    words = {step: Phrase("followup-chart-mark", {"step": Phrase(f"followup-step-{step}")}) for step in passed}
    return tuple(ChartMark(min(anchor_ms + CHECKPOINTS[step], end_ms), words[step], tick=True) for step in passed)


def _alt(episode: Episode, checks: Checks, span: tuple[int, int], rates: Floats) -> Phrase:
    """What the picture shows in words: price, open interest, funding and levels, each where it is known."""
    move, more = _alt_move(episode, checks, span), list[Phrase]()
    known = rates[~np.isnan(rates)]
    if known.size:
        ends: dict[str, Value] = {"first": Rate(float(known[0])), "last": Rate(float(known[-1]))}
        more.append(Phrase("followup-chart-alt-funding", ends))
    for level in () if isinstance(checks.levels, Missing) else checks.levels:
        label = _level(level, episode.side)
        more.append(Phrase("followup-chart-alt-level", {"price": Price(level.price), "label": label}))
    return Phrase("followup-chart-alt-more", {"move": move, "more": Phrases(tuple(more), "list")}) if more else move


def _alt_move(episode: Episode, checks: Checks, span: tuple[int, int]) -> Phrase:
    values: dict[str, Value] = {
        "coin": Name(episode.coin),
        "from": Moment(span[0], "both"),
        "to": Moment(span[1], "both"),
    }
    if isinstance(checks.recovery, Missing):
        return Phrase("followup-chart-alt", values)
    values |= {
        "before": Price(checks.recovery.before),
        "extreme": Price(checks.recovery.extreme),
        "price": Price(checks.recovery.price),
    }
    if isinstance(checks.rebuild, Missing):
        return Phrase("followup-chart-alt-price", values)
    return Phrase("followup-chart-alt-oi", {**values, "change": Percent(checks.rebuild.change, signed=True)})


def _groups(values: npt.NDArray[np.int64] | Floats, stride: int) -> npt.NDArray[np.int64] | Floats:
    """Rows of `stride` values that end with the newest one; an incomplete first row is dropped."""
    return values[values.size % stride :].reshape(-1, stride)


def _thinned(values: Floats, stride: int, pick: Callable[[Floats], float]) -> Column:
    """One value a row, None where nothing is known; empty when nothing is known at all."""
    if np.isnan(values).all():
        return ()
    picked = [pick(group[~np.isnan(group)]) for group in _groups(values, stride)]
    return tuple(None if np.isnan(value) else value for value in picked)


def _last(known: Floats) -> float:
    return float(known[-1]) if known.size else float("nan")


def _sum(known: Floats) -> float:
    return float(known.sum()) if known.size else float("nan")
