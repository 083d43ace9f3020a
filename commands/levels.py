"""/levels: prices around which much is likely to be traded, and how far away they are."""

from __future__ import annotations

from bot.command import Caller, Coin, command
from bot.errors import UserError
from bot.levels.bars import atr_1h, bars_of
from bot.levels.cluster import Level, distance, find, nearest
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
from commands.phrases import as_of, muted, next_buttons, say

CHART_HOURS = 72
MOST_SOURCES = 3


@command("levels", draws=True)
async def levels(desk: Desk, caller: Caller, coin: Coin = "BTC") -> Message:  # noqa: ARG001 -- every command is handed its caller
    """Key levels above and below the price of one coin, with their reasons and a chart."""
    view = desk.coin(coin)
    if view.price is None or view.hours is None or not view.hours.close:
        raise UserError("error-no-levels", coin=Name(view.coin))
    found = find(view.hours, view.price, view.as_of_ms, view.flush_extremes)
    if not found:
        raise UserError("error-no-levels", coin=Name(view.coin))
    atr = atr_1h(bars_of(view.hours), view.as_of_ms)
    above, below = nearest(found, view.price)
    rows = [_row("above", level, view.price, atr) for level in reversed(above)]
    rows += [_row("below", level, view.price, atr) for level in below]
    rows.append(muted("levels-note", hours=Count(len(view.hours.close))))
    return desk.answer(
        _headline(view, view.price, atr, desk.now_ms()),
        rows,
        chart=_chart(view, view.hours, [*above, *below]),
        buttons=next_buttons(view.coin, "oi", "funding"),
    )


def _headline(view: CoinView, price: float, atr: float | None, now_ms: int) -> Phrase:
    values: dict[str, Value] = {
        "coin": Name(view.coin),
        "price": Price(price),
        "as_of": as_of(view.price_at_ms or view.as_of_ms, now_ms),
    }
    if atr is None:
        return say("levels-headline", **values)
    return say("levels-headline-atr", **values, atr=Price(atr))


def _row(side: str, level: Level, price: float, atr: float | None) -> Row:
    away = distance(level, price, atr)
    values: dict[str, Value] = {
        "price": Price(level.price),
        "away": Percent(away.fraction, signed=True),
        "sources": _sources(level),
        "score": Number(level.score, 0),
    }
    if away.in_atr is None:
        return Row(say(f"levels-{side}", **values))
    return Row(say(f"levels-{side}-atr", **values, atrs=Number(abs(away.in_atr))))


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
