"""How the score of a flush came about, so that it can be computed again by hand from what is printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod

from bot.alerts.score_number import score_number
from bot.flush.episode import Component, Episode, Member
from bot.flush.severity import (
    ALONE_FLUSH_SCORE,
    ALONE_FLUSH_TIMES,
    ALONE_TIMES,
    BASIS_RANGE_BPS,
    FULL_TIMES,
    FUNDING_RANGE,
    GATED_MOST,
    INTENSITY_RANGE,
    LOW_CONFIDENCE,
    PRICE_ONLY_MOST,
    PRIOR_SHARE,
    WEIGHTS,
)
from bot.message import Count, Message, Name, Number, Percent, Phrase, Phrases, Row, Span, Usd, Value
from bot.store.rows import DecisionRow
from commands.desk import Desk
from commands.flush_card import ended_apart, named_strongest, posted, ranked
from commands.flush_venues import venue_rows
from commands.phrases import muted, next_buttons, say

MINUTE_MS = 60_000
SMALL = 0.02
"""Below it a fraction is told with one digit more, so that its logarithm can still be computed."""
ROUNDING = 0.05
RULE: dict[str, Value] = {
    "base": Number(ALONE_FLUSH_SCORE, 0),
    "full": Number(ALONE_FLUSH_TIMES, 2),
    "most": Number(PRICE_ONLY_MOST, 0),
}
"""Of a move by itself."""


def why(desk: Desk, episode: Episode, decision: DecisionRow | None, reading: Iterable[Row] = ()) -> Message:
    """Each input of the strongest coin at its peak, with the rule that made its share, then the gate and its limits.

    `reading` says why the newest follow-up reads as it does.
    """
    member = episode.strongest
    told = {name: member.components[name] for name in WEIGHTS if name in member.components}
    score = 100 * (1 - prod(1 - WEIGHTS[name] * part.share for name, part in told.items()))
    rows = [
        *(Row(_component(name, part, episode)) for name, part in told.items()),
        *_missing(told),
        muted("flush-why-rule"),
        *([muted("flush-why-priors")] if any(part.prior for part in told.values()) else ()),
        *_limits(member, told),
        *_alone(member, episode, score),
        *(Row(phrase) for phrase in named_strongest(episode)),
        *venue_rows(episode),
        *([muted("flush-venues-until")] if episode.told and ended_apart(episode) else ()),
        *ranked(episode),
        *reading,
        muted("flush-why-revision", n=Count(episode.settings_revision)),
        *posted(episode, decision),
    ]
    values: dict[str, Value] = {"id": Name(episode.id), "coin": Name(member.coin), "score": score_number(score, 1)}
    return desk.answer(say("flush-why-headline", **values), rows, buttons=next_buttons(episode.id, "flush"))


def _component(name: str, part: Component, episode: Episode) -> Phrase:
    what, rule = _told_moved(part) if name == "F" else (_what(name, part, episode), _rule(name, part))
    return say(
        "flush-why-component",
        letter=Name(name),
        weight=Number(WEIGHTS[name], 2),
        share=Number(part.share, 3),
        parts=Phrases((what, *rule), "list"),
    )


def _what(name: str, part: Component, episode: Episode) -> Phrase:
    sided = f"-{episode.side}" if name in {"L", "P"} else ""
    sided = f"-none{sided}" if name == "L" and not part.value else sided
    # In dollars are liquidations and volume; every other input is a fraction.
    amount = Usd(part.value, at_least=name == "L") if name in {"L", "V"} else _fraction(part.value, part)
    what = say(f"flush-why-{name.lower()}{sided}", value=amount)
    if part.window_min is None:
        return what
    return say("flush-why-within", what=what, span=Span(part.window_min * MINUTE_MS))


def _rule(name: str, part: Component) -> tuple[Phrase, ...]:
    """What the value is held against."""
    if name == "I":
        low, high = INTENSITY_RANGE
        return (say("flush-why-range", low=Percent(low), high=Percent(high)),)
    if part.baseline is None:  # of a flush kept before levels of silent inputs were
        return ()
    level = Usd(part.baseline) if name in {"L", "V"} else _fraction(part.baseline, part)
    return (
        say("flush-why-prior" if part.prior else "flush-why-level", level=level),
        say("flush-why-full", times=Number(FULL_TIMES[name], 0)),
    )


def _told_moved(part: Component) -> tuple[Phrase, tuple[Phrase, ...]]:
    """F speaks of basis or of funding, whichever moved more."""
    if part.moved == "basis":
        low, high = (Number(points, 0) for points in BASIS_RANGE_BPS)
        return say("flush-why-f-basis", value=Number(part.value * 1e4)), (
            say("flush-why-range-bp", low=low, high=high),
        )
    if part.moved == "funding":
        least, most = (Percent(rate, 3) for rate in FUNDING_RANGE)
        return say("flush-why-f-funding", value=Percent(part.value, 4)), (say("flush-why-range", low=least, high=most),)
    return say("flush-why-f", value=Percent(part.value, 3)), ()


def _fraction(value: float, part: Component) -> Percent:
    return Percent(value, 3 if min(part.value, part.baseline or part.value) < SMALL else 2)


def _missing(told: dict[str, Component]) -> Iterator[Row]:
    missing = tuple(say(f"flush-why-input-{name.lower()}") for name in WEIGHTS if name not in told)
    if missing:
        yield muted("flush-why-missing", inputs=Phrases(missing, "list"))


def _limits(member: Member, told: dict[str, Component]) -> Iterator[Row]:
    """What holds that score: the gate, and too little known."""
    above = [name for name in ("P", "L", "O") if name in told and _times(told[name]) >= 1]
    inputs = Phrases(
        tuple(say(f"flush-why-input-{name.lower()}") for name in above) or (say("flush-why-none"),), "list"
    )
    if "P" in above and len(above) > 1:
        yield Row(say("flush-why-gate-open", inputs=inputs))
    elif "H" in member.components:
        most, confidence = Number(PRICE_ONLY_MOST, 0), Number(member.confidence)
        yield Row(say("flush-why-price-only", times=Number(ALONE_TIMES, 0), most=most, confidence=confidence))
    else:
        yield Row(say("flush-why-gate-closed", inputs=inputs, most=Number(GATED_MOST, 0)))
    counted = (WEIGHTS[name] * (PRIOR_SHARE if part.prior else 1) for name, part in told.items())
    known = sum(counted) / sum(WEIGHTS.values())
    if known < LOW_CONFIDENCE:
        values: dict[str, Value] = {"known": Percent(known, 0), "least": Percent(LOW_CONFIDENCE, 0)}
        yield Row(say("flush-why-low-confidence", **values, most=Number(PRICE_ONLY_MOST, 0)))


def _alone(member: Member, episode: Episode, score: float) -> Iterator[Row]:
    """What a move of an hour or of a day scores by itself, and the score that was told where it is another one."""
    told = {name: member.components[name] for name in ("H", "D") if name in member.components}
    decisive = [part for part in told.values() if 100 * part.share > member.peak_score - ROUNDING]
    for part in decisive:
        # Level and rule are those of the price, but for what is whole.
        parts = (_what("P", part, episode), *_rule("P", part)[:1])
        yield Row(say("flush-why-alone", points=Number(100 * part.share), parts=Phrases(parts, "list"), **RULE))
    if abs(score - member.peak_score) > ROUNDING:
        yield Row(say("flush-why-held", told=score_number(member.peak_score, 1)))


def _times(part: Component) -> float:
    """How many times its usual level an input was; 0 where that level is not known."""
    return part.value / part.baseline if part.baseline else 0.0
