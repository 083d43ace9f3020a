"""/movers: the coins whose open interest or price moved furthest, and those whose funding stands furthest out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

from bot.alerts.ranking import (
    Move,
    ends_of,
    funding_of,
    halves_of,
    interest_moves,
    large_of,
    named,
    price_moves,
    resting,
)
from bot.command import Caller, Typed, command
from bot.errors import UserError
from bot.market.history import HOUR_MS
from bot.market.view import CoinView
from bot.message import Button, Count, Message, Row
from commands.desk import Desk
from commands.phrases import DAY_MS, as_of, muted, of_large, say

EACH_WAY = 5
SPANS_MS = (4 * HOUR_MS, DAY_MS)


async def _interest(desk: Desk) -> Message:
    return await _changes(desk, "oi", interest_moves)


async def _price(desk: Desk) -> Message:
    return await _changes(desk, "price", price_moves)


async def _changes(desk: Desk, what: str, moves: Callable[[Iterable[CoinView], int], list[Move]]) -> Message:
    known = await desk.coins()
    known = [coin for coin in known if any(moves([coin], span_ms) for span_ms in SPANS_MS)]
    shown = large_of(known)
    if not shown:
        raise UserError(f"error-no-movers-{what}")
    rows = [row for span_ms in SPANS_MS for row in _ways(moves(shown, span_ms), span_ms)]
    return _answer(desk, what, rows, shown, known)


def _ways(moves: list[Move], span_ms: int) -> list[Row]:
    """Up and down over one span, or that it is not known yet."""
    hours = Count(span_ms // HOUR_MS)
    if not moves:
        return [muted("movers-unknown", hours=hours)]
    ends = ends_of(moves, EACH_WAY)
    if not ends.any:
        return [Row(say("movers-still", hours=hours))]
    rows = [Row(say("movers-up", hours=hours, coins=named(ends.up)))] if ends.up else []
    return [*rows, Row(say("movers-down", hours=hours, coins=named(ends.down)))] if ends.down else rows


async def _funding(desk: Desk) -> Message:
    now_ms = desk.now_ms()
    known = [coin for coin in await desk.coins() if funding_of([coin], now_ms)]
    shown = large_of(known)
    if not shown:
        raise UserError("error-no-funding-at-all")
    rates = funding_of(shown, now_ms)
    ends = halves_of(rates, EACH_WAY)
    rests = resting(rates)
    rows = [Row(rests)] if rests is not None else []
    rows += [Row(say("movers-highest", coins=named(ends.up, rates=True)))]
    if ends.down:
        rows.append(Row(say("movers-lowest", coins=named(ends.down, rates=True))))
    return _answer(desk, "funding", rows, shown, known)


def _answer(desk: Desk, what: str, rows: list[Row], shown: list[CoinView], known: list[CoinView]) -> Message:
    view = desk.view()
    headline = say(f"movers-headline-{what}", as_of=as_of(view.as_of_ms, desk.now_ms()))
    notes = [muted(f"movers-note-{what}"), *of_large(shown, known)]
    others = [other for other in WHAT if other != what]
    return desk.answer(
        headline,
        [*rows, *notes],
        buttons=tuple(Button(say(f"button-movers-{other}"), f"/movers {other}") for other in others),
    )


WHAT = {"oi": _interest, "price": _price, "funding": _funding}
Of = Annotated[str, Typed("choice", choices=tuple(WHAT))]


@command("movers")
async def movers(desk: Desk, caller: Caller, of: Of = "oi") -> Message:  # noqa: ARG001 -- every command is handed its caller
    """The largest changes of open interest or price over 4 and 24 hours, or the highest and lowest funding."""
    return await WHAT[of](desk)
