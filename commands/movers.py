"""/movers: the coins whose open interest or price moved furthest, and those whose funding stands furthest out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, NamedTuple

from bot.command import Caller, Typed, command
from bot.errors import UserError
from bot.market.history import HOUR_MS
from bot.market.view import CoinView
from bot.message import Button, Count, Message, Name, Percent, Phrase, Phrases, Rate, Row, Value
from commands.desk import Desk
from commands.large import large_of, of_large
from commands.phrases import DAY_MS, as_of, muted, say

EACH_WAY = 5
SPANS_MS = (4 * HOUR_MS, DAY_MS)
LEAST_MOVE = 0.0005
"""What rounds to 0.0 % is no move."""


class Move(NamedTuple):
    """One coin's figure, a fraction or a rate per 8 h, and over how many venues it is known."""

    coin: str
    value: float
    venues: int


class Ends(NamedTuple):
    """The furthest up and down, the furthest first."""

    up: list[Move]
    down: list[Move]

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return bool(self.up or self.down)


def interest_moves(coins: Iterable[CoinView], span_ms: int) -> list[Move]:
    """Changes of open interest in coins."""
    changes = ((coin.coin, change) for coin in coins for change in coin.open_interest_changes)
    return [Move(name, change.coins, len(change.venues)) for name, change in changes if change.span_ms == span_ms]


def price_moves(coins: Iterable[CoinView], span_ms: int) -> list[Move]:
    """Changes of the price."""
    moves = ((coin, move) for coin in coins for move in coin.price_moves)
    return [Move(coin.coin, move.fraction, coin.price_venues) for coin, move in moves if move.span_ms == span_ms]


def funding_of(coins: Iterable[CoinView], now_ms: int) -> list[Move]:
    """Rates per 8 h, without those of which the newest is a day old."""
    known = ((coin, [row.at_ms for row in coin.funding if row.at_ms > now_ms - DAY_MS]) for coin in coins)
    return [Move(coin.coin, coin.funding_8h, len(at)) for coin, at in known if at and coin.funding_8h is not None]


def ends_of(moves: Iterable[Move], most: int, middle: float = 0.0, least: float = LEAST_MOVE) -> Ends:
    """At most so many on each side of `middle`, at least so far from it."""
    ordered = sorted(moves, key=lambda move: (-move.value, move.coin))
    up = [move for move in ordered if move.value - middle >= least]
    down = [move for move in reversed(ordered) if middle - move.value >= least]
    return Ends(up[:most], down[:most])


def named(moves: Iterable[Move], *, rates: bool = False) -> Phrases:
    """Each coin with its figure and its venues."""
    return Phrases(tuple(_move(move, rates=rates) for move in moves))


def _move(move: Move, *, rates: bool) -> Phrase:
    figure: Value = Rate(move.value) if rates else Percent(move.value, signed=True)
    return say("movers-coin", coin=Name(move.coin), figure=figure, n=Count(move.venues))


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
    rates = sorted(funding_of(shown, now_ms), key=lambda move: (-move.value, move.coin))
    rows = [Row(say("movers-highest", coins=named(rates[:EACH_WAY], rates=True)))]
    rest = rates[EACH_WAY:][-EACH_WAY:]
    if rest:
        rows.append(Row(say("movers-lowest", coins=named(reversed(rest), rates=True))))
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
