"""/flush: one flush again, or why it was scored as it was and posted here or not."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from bot.command import Caller, EpisodeId, command
from bot.errors import UserError
from bot.flush.episode import Episode
from bot.message import Message, Moment, Name
from bot.store.database import Database
from bot.store.episodes import load_decision, load_due_of, load_episode, load_episodes
from bot.store.rows import DecisionRow, DueRow, EpisodeRow
from commands.desk import Desk
from commands.flush_card import card
from commands.flush_why import why

LOOK_BACK = 50
LONGEST_SHOWN = 40


class Known(NamedTuple):
    """An episode as kept, with what concerns the asking channel."""

    episode: Episode
    decision: DecisionRow | None
    due: list[DueRow]


@command("flush")
async def flush(desk: Desk, caller: Caller, what: EpisodeId = "last", episode: EpisodeId = "last") -> Message:
    """The last flush, one by its id, or the last of a coin; `why` explains its score and what became of it here."""
    asked_why = what.lower() == "why"
    wanted = episode if asked_why else what
    if not asked_why and episode != "last":
        raise UserError("error-usage", usage=Name("/flush [last | why] [id]"))
    coins = {coin.upper(): coin for coin in desk.view().coins()}
    known = await desk.store.run(lambda db: _find(db, wanted, coins.get(wanted.upper()), caller.channel))
    answer = why if asked_why else card
    return answer(desk, *known)


def _find(db: Database, wanted: str, coin: str | None, channel: str) -> Known:
    row = _row(db, wanted, coin)
    episode = msgspec.json.decode(row.body, type=Episode)
    return Known(episode, load_decision(db, row.id, channel), load_due_of(db, row.id))


def _row(db: Database, wanted: str, coin: str | None) -> EpisodeRow:
    """A flush by id, the newest of a coin, or the newest; what only came to WATCH is passed over where possible."""
    last = wanted.lower() == "last"
    if not last and coin is None:
        row = load_episode(db, wanted) or load_episode(db, wanted.upper())
        if row is None:
            raise _unknown(db, wanted)
        return row
    rows = load_episodes(db, None if last else coin, LOOK_BACK)
    if not rows:
        raise (
            UserError("error-no-flush-yet") if last else UserError("error-no-flush-of-coin", coin=Name(coin or wanted))
        )
    return next((row for row in rows if row.band != "watch"), rows[0])


def _unknown(db: Database, wanted: str) -> UserError:
    given = Name(wanted[:LONGEST_SHOWN])
    newest = load_episodes(db, None, 1)
    if not newest:
        return UserError("error-no-flush-yet")
    at = Moment(newest[0].onset_ms, "both")
    return UserError("error-unknown-episode", given=given, last=Name(newest[0].id), at=at)
