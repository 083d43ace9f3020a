"""/brief: one coin on one card, each line as the command that has more of it says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from bot.alerts.ranking import interest_usd
from bot.alerts.unheard import blind
from bot.command import Caller, Coin, command
from bot.flush.episode import Episode
from bot.levels.around import Around, look
from bot.market.view import CoinView
from bot.message import BasisPoints, Message, Name, Percent, Phrase, Phrases, Price, Row, Usd, Value
from bot.store.database import Database
from bot.store.episodes import load_last_flush
from bot.store.steps import load_changed_ms
from commands.desk import Desk
from commands.flush_card import headline_of, named_strongest
from commands.funding import over_venues
from commands.levels import level_row
from commands.liquidations import collected, is_partial, sides_of, sums_of, unheard_of
from commands.open_interest import changes_of, live_of, missing_of
from commands.phrases import DAY_MS, as_of, line, muted, next_buttons, say

MOST_GAPS = 2


@command("brief")
async def brief(desk: Desk, caller: Caller, coin: Coin = "BTC") -> Message:  # noqa: ARG001 -- every command is handed its caller
    """Price, funding, basis, open interest, liquidations, the nearest levels and the last flush of one coin."""
    view = desk.coin(coin)
    last = await desk.store.run(lambda db: _last_flush(db, view.coin))
    around = look(view, desk.view().slots(view.coin))
    rows = [
        *_funding(view),
        *_open_interest(view, desk.now_ms()),
        *_liquidated(desk, view),
        *_levels(around),
        *_flush(last, desk.now_ms()),
        *_unknown(view, levels=around is not None),
    ]
    return desk.answer(_headline(view, desk.now_ms()), rows, buttons=next_buttons(view.coin, "levels", "liqs", "flush"))


class LastFlush(NamedTuple):
    """The last flush as kept, and as of when, UTC ms; None where no change of it is kept."""

    flush: Episode
    changed_ms: int | None


def _last_flush(db: Database, coin: str) -> LastFlush | None:
    row = load_last_flush(db, coin)
    if row is None:
        return None
    return LastFlush(msgspec.json.decode(row.body, type=Episode), load_changed_ms(db, row.id))


def _flush(last: LastFlush | None, now_ms: int) -> Iterator[Row]:
    """The last one, as of when while it is open, with the coin whose score it is where that is another one."""
    if last is None:
        yield Row(say("brief-no-flush"))
        return
    flush, changed_ms = last
    parts = [say("brief-flush", flush=headline_of(flush))]
    if flush.ended_ms is None and changed_ms is not None:
        parts.append(as_of(changed_ms, now_ms))
    yield line([*parts, *named_strongest(flush)])


def _headline(view: CoinView, now_ms: int) -> Phrase:
    values: dict[str, Value] = {"coin": Name(view.coin)}
    if view.price is None:
        return say("brief-headline-no-price", **values, as_of=as_of(view.as_of_ms, now_ms))
    values |= {"price": Price(view.price), "as_of": as_of(view.price_at_ms or view.as_of_ms, now_ms)}
    move = day_move(view)
    if move is None:
        return say("levels-headline", **values)
    return say("brief-headline", **values, move=Percent(move, signed=True))


def day_move(view: CoinView) -> float | None:
    """How far the price moved in 24 h, as a fraction."""
    return next((move.fraction for move in view.price_moves if move.span_ms == DAY_MS), None)


def _funding(view: CoinView) -> Iterator[Row]:
    parts = []
    if view.funding_8h is not None:
        parts.append(say("brief-funding", rate=over_venues(view, view.funding_8h, within=True)))
    if view.basis_bps is not None:
        basis: dict[str, Value] = {"basis": BasisPoints(view.basis_bps)}
        if view.basis_usual_bps is not None:
            parts.append(say("brief-basis-usual", **basis, usual=BasisPoints(view.basis_usual_bps)))
        else:
            parts.append(say("card-basis", **basis))
    if parts:
        yield line(parts)


def _open_interest(view: CoinView, now_ms: int) -> Iterator[Row]:
    """Of the exchanges that tell it now; those whose positions are not in it are named."""
    if live_of(view):
        size = say("brief-oi", usd=Usd(interest_usd(view)))
        yield line([size, *changes_of(view), *missing_of(view.open_interest, now_ms)])


def _liquidated(desk: Desk, view: CoinView) -> Iterator[Row]:
    """Both sides of 24 h, and when they were not heard."""
    sums = sums_of(view, 24)
    if sums is None:
        return
    missing = unheard_of(desk.view(), view, sums.span_ms)
    parts = [say("brief-liquidated-none")]
    if sums.usd:
        longs, shorts = sides_of(sums, floor=missing.any or is_partial(sums))
        parts = [say("brief-liquidated", longs=longs, shorts=shorts)]
    if sums.largest_usd is not None:
        parts.append(say("flush-largest", usd=Usd(sums.largest_usd)))
    if is_partial(sums):
        parts.append(collected(sums))
    yield line(parts)
    yield from (Row(phrase, "muted") for phrase in blind(missing.gaps, desk.now_ms(), MOST_GAPS))


def _levels(around: Around | None) -> Iterator[Row]:
    """The nearest on each side, of those that /levels names."""
    if around is not None:
        above, below = around.nearest()
        yield from (level_row(around, "above", level) for level in above[:1])
        yield from (level_row(around, "below", level) for level in below[:1])


def _unknown(view: CoinView, *, levels: bool) -> Iterator[Row]:
    """What no line above could say."""
    known = {
        "brief-missing-price": view.price is not None,
        "brief-missing-move": day_move(view) is not None,
        "card-missing-funding": view.funding_8h is not None,
        "card-missing-basis": view.basis_bps is not None,
        "card-missing-open-interest": bool(live_of(view)),
        "brief-missing-changes": bool(view.open_interest_changes),
        "brief-missing-liquidations": sums_of(view, 24) is not None,
        "card-missing-levels": levels,
    }
    missing = tuple(say(key) for key, is_known in known.items() if not is_known)
    if missing:
        yield muted("card-missing", what=Phrases(missing, "list"))
