"""How the score of a flush came about, so that it can be computed again by hand."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from bot.flush.episode import Component, Episode, Member
from bot.flush.severity import WEIGHTS
from bot.message import Count, Message, Name, Number, Percent, Phrase, Phrases, Row, Usd, Value
from bot.store.rows import DecisionRow
from commands.desk import Desk
from commands.flush_card import named_strongest, posted, strongest
from commands.flush_venues import venue_rows
from commands.phrases import muted, next_buttons, say

# In dollars are liquidations and volume; every other input is a fraction.
IN_USD = {"L", "V"}
ROUNDING = 0.5


def why(desk: Desk, episode: Episode, decision: DecisionRow | None) -> Message:
    """Each input of the strongest coin at its peak, with usual level and share, then the gate and what came of it."""
    member = strongest(episode)
    told = {name: member.components[name] for name in WEIGHTS if name in member.components}
    score = 100 * (1 - prod(1 - WEIGHTS[name] * part.share for name, part in told.items()))
    rows = [Row(_component(name, part, episode)) for name, part in told.items()]
    rows += [
        *_missing(told),
        Row(_gate(member, told)),
        *_held(member, score),
        *(Row(phrase) for phrase in named_strongest(episode)),
        *venue_rows(episode),
        muted("flush-why-revision", n=Count(episode.settings_revision)),
        *posted(decision),
    ]
    values: dict[str, Value] = {"id": Name(episode.id), "coin": Name(member.coin), "score": Number(score, 1)}
    return desk.answer(say("flush-why-headline", **values), rows, buttons=next_buttons(episode.id, "flush"))


def _component(name: str, part: Component, episode: Episode) -> Phrase:
    amount = Usd(part.value, at_least=True) if name == "L" else _amount(name, part.value)
    values: dict[str, Value] = {
        "letter": Name(name),
        "weight": Number(WEIGHTS[name], 2),
        "share": Number(part.share, 3),
        "what": say(_what(name, episode), value=amount),
    }
    if part.baseline is None:
        return say("flush-why-component", **values)
    usual = say("flush-why-volume-level" if name == "V" else "flush-why-level", level=_amount(name, part.baseline))
    return say("flush-why-component-level", **values, usual=usual)


def _what(name: str, episode: Episode) -> str:
    sided = f"-{episode.side}" if name in {"L", "P"} else ""
    return f"flush-why-{name.lower()}{sided}"


def _amount(name: str, value: float) -> Value:
    if name in IN_USD:
        return Usd(value)
    return Percent(value, 3 if name == "F" else 2)


def _missing(told: dict[str, Component]) -> Iterator[Row]:
    missing = tuple(say(f"flush-why-input-{name.lower()}") for name in WEIGHTS if name not in told)
    if missing:
        yield muted("flush-why-missing", inputs=Phrases(missing, "list"))


def _gate(member: Member, told: dict[str, Component]) -> Phrase:
    above = [name for name in ("P", "L", "O") if name in told and _times(told[name]) >= 1]
    inputs = Phrases(
        tuple(say(f"flush-why-input-{name.lower()}") for name in above) or (say("flush-why-none"),), "list"
    )
    if member.price_only:
        return say("flush-why-price-only", confidence=Number(member.confidence))
    if "P" in above and len(above) > 1:
        return say("flush-why-gate-open", inputs=inputs)
    return say("flush-why-gate-closed", inputs=inputs)


def _held(member: Member, score: float) -> Iterator[Row]:
    """The score that was told, where it is less than the inputs alone give."""
    if score - member.peak_score > ROUNDING:
        yield muted("flush-why-held", told=Number(member.peak_score, 0))


def _times(part: Component) -> float:
    """How many times its usual level an input was; 0 where that level is not known."""
    return part.value / part.baseline if part.baseline else 0.0
