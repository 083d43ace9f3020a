"""/oi: how many positions are open, in coins and in dollars, and how that changed."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bot.alerts.moments import moment
from bot.alerts.venue_names import venue_name
from bot.command import Caller, Coin, command
from bot.errors import UserError
from bot.market.view import Change, CoinView, OpenInterestRow
from bot.message import Coins, Count, Message, Name, Names, Percent, Phrase, Phrases, Row, Span, Usd, Value
from commands.desk import Desk
from commands.open_interest_chart import interest_chart
from commands.phrases import DAY_MS, STALE_MS, as_of, line, muted, next_buttons, say

MOST_COINS = 10


@command("oi", draws=True)
async def open_interest(desk: Desk, caller: Caller, coin: Coin = "") -> Message:  # noqa: ARG001 -- every command is handed its caller
    """Open interest of one coin by venue; without a coin the largest of all."""
    return _of_coin(desk, desk.coin(coin)) if coin else await _of_all(desk)


def _of_coin(desk: Desk, coin: CoinView) -> Message:
    now_ms = desk.now_ms()
    live = live_of(coin)
    if not live:
        raise _nothing(coin, now_ms)
    changes = changes_of(coin)
    rows = [line(changes) if changes else muted("oi-no-changes")]
    rows.append(line(_venue(row, live, now_ms) for row in _by_size(coin.open_interest)))
    if coin.open_interest_of_high is not None and coin.open_interest_high_days is not None:
        rows.append(Row(_of_high(coin.open_interest_of_high, coin.open_interest_high_days)))
    rows += _notes(live)
    headline = say(
        "oi-headline",
        coin=Name(coin.coin),
        coins=Coins(sum(row.coins for row in live), coin.coin),
        usd=Usd(sum(row.usd for row in live)),
        live=Count(len(live)),
        all=Count(len(coin.open_interest)),
        as_of=as_of(coin.as_of_ms, now_ms),
    )
    told = desk.view().venue_past(coin.coin)
    chart = None if told is None else interest_chart(coin, told)
    return desk.answer(headline, rows, chart=chart, buttons=next_buttons(coin.coin, "funding", "levels"))


def changes_of(coin: CoinView) -> list[Phrase]:
    """Each change, with its venues where they are not those of the total beside it."""
    total = {row.venue for row in live_of(coin)}
    return [_change_on(change, total) for change in coin.open_interest_changes]


def _change_on(change: Change, total: set[str]) -> Phrase:
    told = _change(change)
    if set(change.venues) == total:
        return told
    return say("oi-change-on", change=told, venues=_names(sorted(change.venues)))


def _change(change: Change) -> Phrase:
    """A change in coins; over a day in dollars too."""
    values: dict[str, Value] = {"span": Span(change.span_ms), "coins": Percent(change.coins, signed=True)}
    if change.span_ms < DAY_MS:
        return say("oi-change", **values)
    # Over a day the price moves enough to tell the two apart: dUSD = dcoins·P + coins·dP (domain §3.7).
    return say("oi-change-dollars", **values, usd=Percent(change.usd, signed=True))


def _venue(row: OpenInterestRow, live: list[OpenInterestRow], now_ms: int) -> Phrase:
    if row.missing_since_ms is not None:
        return _missing(row, row.missing_since_ms, now_ms)
    name = venue_name(row.venue)
    total = sum(other.coins for other in live)
    values: dict[str, Value] = {"venue": name, "share": Percent(row.coins / total if total else 0.0, 0)}
    if now_ms - row.at_ms > STALE_MS:
        return say("oi-share-old", **values, age=Span(now_ms - row.at_ms))
    return say("oi-share", **values)


def missing_of(rows: Iterable[OpenInterestRow], now_ms: int) -> list[Phrase]:
    """The venues that were heard before and are not now, each with since when: no sum has them."""
    since = ((row, row.missing_since_ms) for row in rows)
    return [_missing(row, since_ms, now_ms) for row, since_ms in since if since_ms is not None]


def _missing(row: OpenInterestRow, since_ms: int, now_ms: int) -> Phrase:
    return say("oi-missing", venue=venue_name(row.venue), since=moment(since_ms, now_ms))


def _of_high(share: float, days: float) -> Phrase:
    return say("oi-of-high", share=Percent(share, 0), days=Count(max(1, round(days))))


def _notes(live: list[OpenInterestRow]) -> list[Row]:
    rows = []
    derived = sorted(row.venue for row in live if row.derived)
    if derived:
        rows.append(muted("oi-derived", venues=_names(derived)))
    return rows


def _names(venues: list[str]) -> Names:
    return Names(tuple(venue_name(venue).text for venue in venues))


def _nothing(coin: CoinView, now_ms: int) -> UserError:
    silent = tuple(
        say("oi-silent", venue=venue_name(row.venue), age=Span(now_ms - row.missing_since_ms))
        for row in coin.open_interest
        if row.missing_since_ms is not None
    )
    if silent:
        return UserError("error-no-open-interest-now", coin=Name(coin.coin), silent=Phrases(silent, "list"))
    return UserError("error-no-open-interest", coin=Name(coin.coin))


async def _of_all(desk: Desk) -> Message:
    sized = [(sum(row.usd for row in live_of(coin)), coin) for coin in await desk.coins() if live_of(coin)]
    if not sized:
        raise UserError("error-no-open-interest-at-all")
    largest = sorted(sized, key=lambda pair: (-pair[0], pair[1].coin))[:MOST_COINS]
    headline = say("oi-headline-all", as_of=as_of(desk.view().as_of_ms, desk.now_ms()))
    rows = [_coin_row(coin, usd) for usd, coin in largest]
    if len(sized) > MOST_COINS:
        rows.append(muted("oi-of-all", n=Count(MOST_COINS), all=Count(len(sized))))
    return desk.answer(headline, rows, buttons=next_buttons(largest[0][1].coin, "oi"))


def _coin_row(coin: CoinView, usd: float) -> Row:
    parts = [say("oi-of-coin", coin=Name(coin.coin), usd=Usd(usd))]
    day = [change for change in coin.open_interest_changes if change.span_ms == DAY_MS]
    parts += changes_of(msgspec.structs.replace(coin, open_interest_changes=tuple(day)))
    if coin.open_interest_of_high is not None and coin.open_interest_high_days is not None:
        parts.append(_of_high(coin.open_interest_of_high, coin.open_interest_high_days))
    return line(parts)


def live_of(coin: CoinView) -> list[OpenInterestRow]:
    """The venues that tell it now."""
    return [row for row in coin.open_interest if row.missing_since_ms is None]


def _by_size(rows: tuple[OpenInterestRow, ...]) -> list[OpenInterestRow]:
    """Largest first, missing ones last."""
    return sorted(rows, key=lambda row: (row.missing_since_ms is not None, -row.coins, row.venue))
