"""/levels: prices around which much is likely to be traded, and how far away they are."""

from __future__ import annotations

from typing import Annotated

from bot.command import Caller, Coin, Typed, command
from bot.errors import UserError
from bot.levels.around import Around, look
from bot.levels.cluster import Level, distance
from bot.levels.touches import state
from bot.market.history import HOUR_MS
from bot.market.view import CoinView, Hours
from bot.message import (
    ChartLine,
    ChartRequest,
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
from commands.levels_more import MORE
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
    met = state(level.price, around.price, around.bars, around.now_ms)
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
        chart=_chart(view, view.hours, [*above, *below]),
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
    keys = dict.fromkeys(source.key for source in level.sources)
    return Phrases(tuple(say(key) for key in list(keys)[:MOST_SOURCES]), "list")


def _chart(view: CoinView, hours: Hours, shown: list[Level]) -> ChartRequest:
    """Closes of the last three days at the end of their hours, with a line for each level."""
    ends = tuple(min(start + HOUR_MS, view.as_of_ms) for start in hours.start_ms[-CHART_HOURS:])
    values: dict[str, Value] = {"coin": Name(view.coin), "hours": Count(len(ends)), "levels": Count(len(shown))}
    return ChartRequest(
        title=say("levels-chart-title", **values),
        alt=say("levels-chart-alt", **values),
        times_ms=ends,
        price=hours.close[-CHART_HOURS:],
        lines=tuple(ChartLine(level.price, say(level.sources[0].key)) for level in shown),
    )
