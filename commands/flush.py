"""/flush: one flush again and the market of 24 h, or why it was scored as it was and posted here or not."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

import msgspec

from bot.alerts.card_words import coin_names
from bot.alerts.coin_names import find_coin
from bot.alerts.moments import moment
from bot.command import Caller, EpisodeId, command
from bot.errors import UserError
from bot.flush.episode import Episode
from bot.message import Button, Message, Moment, Name
from bot.store.database import Database
from bot.store.episodes import (
    load_decision,
    load_due_of,
    load_episode,
    load_episodes,
    load_ids_of_day,
    load_last_flush,
)
from bot.store.rows import DecisionRow, DueRow, EpisodeRow
from bot.store.steps import load_changed_ms, steps_since
from commands.desk import Desk
from commands.flush_card import card
from commands.flush_market import market_rows
from commands.flush_reading import Reading, load_reading, reading_rows
from commands.flush_why import why
from commands.phrases import muted, say

LOOK_BACK = 50
LONGEST_SHOWN = 40

MOST_IDS = 5
_ID = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![^-])")
"""A date, whether or not it goes on as the id of a flush does."""


class Known(NamedTuple):
    """An episode as kept, with what concerns the asking channel, the coin it was asked by, and its newest reading.

    `changed_ms` is as of when the episode is, None where no change of it is kept.
    """

    episode: Episode
    changed_ms: int | None
    decision: DecisionRow | None
    due: list[DueRow]
    asked: str | None
    reading: Reading | None


@command("flush")
async def flush(desk: Desk, caller: Caller, what: EpisodeId = "", episode: EpisodeId = "") -> Message:
    """The last flush with the market of 24 h, one by its id, or the last of a coin; `why` explains a score."""
    if not what:
        return await _overview(desk, caller)
    if episode.lower() == "why":  # as people say it too: the coin first
        what, episode = episode, "" if what.lower() == "why" else what
    asked_why = what.lower() == "why"
    if episode and not asked_why:
        raise UserError("error-usage", usage=Name(flush.usage))
    wanted = (episode or "last") if asked_why else what
    coins = desk.view().coins()
    known = await desk.store.run(lambda db: _find(db, wanted, coins, caller.channel))
    if asked_why:
        reading = reading_rows(known.episode, known.reading, desk.now_ms())
        return why(desk, known.episode, known.decision, reading)
    return _card(desk, known)


async def _overview(desk: Desk, caller: Caller) -> Message:
    """The last flush, and under it the market of the last 24 hours; the latter alone while there was no flush."""
    since_ms = await desk.store.run(steps_since)
    rows = tuple(market_rows(desk.view().last_day(), since_ms))
    try:
        known = await desk.store.run(lambda db: _find(db, "last", (), caller.channel))
    except UserError:
        if not rows:
            raise
        return desk.answer(say("flush-none-yet"), rows, buttons=(Button(say("button-status"), "/status"),))
    found = _card(desk, known)
    return msgspec.structs.replace(found, rows=(*found.rows, *rows))


def _card(desk: Desk, known: Known) -> Message:
    found = card(desk, known.episode, known.decision, known.due, known.asked)
    if known.episode.ended_ms is not None or known.changed_ms is None:
        return found
    # An open flush is kept once in one to five minutes: its figures are older than the price now beside them.
    row = muted("flush-changed", at=moment(known.changed_ms, desk.now_ms()))
    return msgspec.structs.replace(found, rows=(*found.rows, row))


def _find(db: Database, wanted: str, coins: Collection[str], channel: str) -> Known:
    episode, coin = find_flush(db, wanted, coins)
    decision, due = load_decision(db, episode.id, channel), load_due_of(db, episode.id)
    return Known(episode, load_changed_ms(db, episode.id), decision, due, coin, load_reading(db, episode))


def find_flush(db: Database, wanted: str, coins: Collection[str]) -> tuple[Episode, str | None]:
    """The flush of an id, the last of a coin, or the "last" of all, with the coin that was asked by; or `UserError`."""
    coin = None if wanted.lower() == "last" or _ID.match(wanted) else _coin(db, wanted, coins)
    row = _by_id(db, wanted) if _ID.match(wanted) else _newest(db, coin)
    return msgspec.json.decode(row.body, type=Episode), coin


def _coin(db: Database, wanted: str, coins: Collection[str]) -> str:
    """The coin that was meant, of those in the market and those of the flushes kept."""
    known = {*coins, *(row.coin for row in load_episodes(db, None, LOOK_BACK))}
    if not known:
        raise UserError("error-no-flush-yet")
    return find_coin(wanted, known)


def _newest(db: Database, coin: str | None) -> EpisodeRow:
    """The newest flush, of a coin or of all, as every command means it; raises `UserError` where none is kept."""
    row = load_last_flush(db, coin)
    if row is None and coin is not None and load_last_flush(db) is not None:
        raise UserError("error-no-flush-of-coin", coin=Name(coin))
    if row is None:
        raise UserError("error-no-flush-yet")
    return row


def _by_id(db: Database, wanted: str) -> EpisodeRow:
    row = load_episode(db, wanted) or load_episode(db, wanted.upper())
    if row is not None:
        return row
    last = _newest(db, None)
    given, at = Name(wanted[:LONGEST_SHOWN]), Moment(last.onset_ms, "both")
    of_that_day = load_ids_of_day(db, wanted[:10])
    if of_that_day:
        raise UserError("error-unknown-episode-of-day", given=given, ids=coin_names(of_that_day, MOST_IDS))
    raise UserError("error-unknown-episode", given=given, last=Name(last.id), at=at)
