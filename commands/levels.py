"""/levels: prices around which much is likely to be traded, and how far away they are."""

from __future__ import annotations

from typing import Annotated

from bot.command import Caller, Coin, Typed, command
from bot.errors import UserError
from bot.levels.around import Around, look
from bot.levels.cluster import Level, distance
from bot.levels.sources import reasons
from bot.levels.touches import state
from bot.market.history import HOUR_MS
from bot.market.view import CoinView, Hours
from bot.message import (
    ChartLine,
    ChartRequest,
    ChartShade,
    Count,
    Message,
    Name,
    Number,
    Percent,
    Phrase,
    Phrases,
    Price,
    Row,
    Value,
)
from commands.desk import Desk
from commands.levels_more import MORE, shades
from commands.phrases import as_of, muted, next_buttons, say

CHART_HOURS = 72
MOST_SOURCES = 3

More = Annotated[str, Typed("choice", choices=tuple(MORE))]


def level_row(around: Around, side: str, level: Level) -> Row:
    """One level with how far it is, why it is one, and what the last day did to it."""
    away = distance(level, around.price, around.atr)
    values: dict[str, Value] = {
        "price": Price(level.price),
        "away": Percent(away.fraction, signed=True),
        "sources": _sources(level),
        "standing": _standing(around, level),
    }
    if away.in_atr is None:
        return Row(say(f"levels-{side}", **values))
    return Row(say(f"levels-{side}-atr", **values, atrs=Number(abs(away.in_atr))))


def _standing(around: Around, level: Level) -> Phrases:
    score = say("levels-score", score=Number(level.score, 0))
    met = state(level, around.price, around.bars, around.now_ms)
    return Phrases((score,) if met is None else (say(f"levels-state-{met}"), score))


@command("levels", draws=True)
async def levels(desk: Desk, caller: Caller, coin: Coin = "BTC", more: More = "") -> Message:  # noqa: ARG001 -- every command is handed its caller
    """Key levels above and below the price of one coin, with their reasons and a chart.

    On request how often first touches held, or bands of a model of liquidation prices.
    """
    view = desk.coin(coin)
    slots = desk.view().slots(view.coin)
    around = look(view, slots)
    if around is None or view.hours is None:
        raise UserError("error-no-levels", coin=Name(view.coin))
    above, below = around.nearest()
    rows = [level_row(around, "above", level) for level in reversed(above)]
    rows += [level_row(around, "below", level) for level in below]
    if more:
        rows += await MORE[more](view, slots)
    rows.append(muted("levels-note", hours=Count(len(view.hours.close))))
    return desk.answer(
        _headline(view, around, desk.now_ms()),
        rows,
        chart=_chart(view, view.hours, around, shades(view, slots) if more == "model" else ()),
        buttons=next_buttons(view.coin, "oi", "funding"),
    )


def _headline(view: CoinView, around: Around, now_ms: int) -> Phrase:
    values: dict[str, Value] = {
        "coin": Name(view.coin),
        "price": Price(around.price),
        "as_of": as_of(view.price_at_ms or view.as_of_ms, now_ms),
    }
    if around.atr is None:
        return say("levels-headline", **values)
    return say("levels-headline-atr", **values, atr=Price(around.atr))


def _sources(level: Level) -> Phrases:
    """The heaviest reasons, each kind once."""
    return Phrases(tuple(say(key) for key in _reasons(level)[:MOST_SOURCES]), "list")


def _reasons(level: Level) -> tuple[str, ...]:
    return reasons(level.price, (source.key for source in level.sources))


def _chart(view: CoinView, hours: Hours, around: Around, bands: tuple[ChartShade, ...]) -> ChartRequest:
    """A ladder of the levels, beside the closes of the last three days at the end of their hours, then the price."""
    shown = [level for side in around.nearest() for level in side]
    closed = [
        (start + HOUR_MS, close)
        for start, close in zip(hours.start_ms[-CHART_HOURS:], hours.close[-CHART_HOURS:], strict=True)
        if start + HOUR_MS < view.as_of_ms
    ]
    rungs = Phrases(tuple(_rung(around, level) for level in sorted(shown, key=lambda level: -level.price)), "list")
    values: dict[str, Value] = {
        "coin": Name(view.coin),
        "hours": Count(len(closed) + 1),
        "price": Price(around.price),
        "rungs": rungs,
    }
    return ChartRequest(
        title=say("levels-chart-title", **values),
        alt=say("levels-chart-alt-model" if bands else "levels-chart-alt", **values),
        times_ms=(*(end for end, _ in closed), view.as_of_ms),
        price=(*(close for _, close in closed), around.price),
        lines=tuple(_line(level) for level in shown),
        form="ladder",
        shades=bands,
    )


def _line(level: Level) -> ChartLine:
    return ChartLine(level.price, say("answer-line", parts=_sources(level)), level.score / 100)


def _rung(around: Around, level: Level) -> Phrase:
    away = Percent(distance(level, around.price, around.atr).fraction, signed=True)
    return say("levels-chart-rung", price=Price(level.price), away=away, source=say(_reasons(level)[0]))
