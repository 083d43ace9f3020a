"""A database in a file in which one flush was posted and followed to its end, through the functions that run live."""

from __future__ import annotations

from pathlib import Path

import msgspec

from bot.alerts.due import Speaker, do_due
from bot.alerts.outbox import CARD, of_episode, put_due, put_episode
from bot.alerts.settings import DEFAULTS, encode_settings
from bot.flush.episode import Episode
from bot.market.history import HOUR_MS
from bot.message import Message, Name, Phrase, Row, encode
from bot.store.channels import save_channel
from bot.store.database import Database, opened
from bot.store.deliveries import save_message
from bot.store.episodes import load_due, save_decision
from bot.store.progress import CursorRow, save_cursor
from bot.store.rows import ChannelRow, DecisionRow, MessageRow
from tests.aftermath.slots import at, before, episode, history_of, ramp

MARKET = history_of(
    at(-30),
    ramp([(-30, 100.0), (0, 100.0), (1, 90.0), (90, 90.0)]),
    interest={"okx": ramp([(-30, 50.0), (0, 50.0), (1, 45.0), (6, 45.0), (7, 50.0), (90, 50.0)])},
)
"""A fall of ten percent; all positions are back from 7 h on, the price is not."""
OVER_H = 1 + 72
"""Hours after the onset at which +72 h has passed."""


def flush(id_: str = "2026-01-19-BTC-1", ended_ms: int | None = at(2)) -> Episode:
    """The flush in it, counted from 1 h after its onset."""
    frozen = before(at(0), open_interest={"okx": 50.0}, high_6h=100.0, high_24h=100.0)
    return msgspec.structs.replace(
        episode((90.0, at(1)), frozen, ended_ms=ended_ms, anchor_ms=at(1)), id=id_, scope="market"
    )


def live(db: Database, one: Episode, hours: int, name: str = "BTC") -> None:
    """Post a flush whose card calls its coin `name`, and do what is due up to so many hours after its onset."""
    save_channel(db, ChannelRow("none", "none", "#<b>alerts</b>", encode_settings(DEFAULTS), 1, at(0)))
    save_decision(db, DecisionRow(one.id, "none", "first", True, at(0)))
    put_episode(db, one)
    put_due(db, one)
    _say(db, of_episode(one, CARD, card(one, name)).id, one, name)

    def speaker(now_ms: int) -> Speaker:
        return Speaker(now_ms, MARKET.until, lambda _, reading: card(one, name, reading), lambda message: message)

    for hour in range(1, hours + 1):
        for row in load_due(db, at(hour)):
            do_due(db, row, speaker(at(hour)))
    save_cursor(db, CursorRow(at(0) + hours * HOUR_MS, 1, "made", finished=False))


def card(one: Episode, name: str, reading: Phrase | None = None) -> Message:
    """A card with a name in its headline and in a row."""
    named: dict[str, Name] = {"coin": Name(name), "move": Name(name)}
    rows = (Row(Phrase("card-day-coin", {**named})), *((Row(reading),) if reading else ()))
    return Message("card", Phrase("card-day-coin", {**named}), rows, band=one.band)


def _say(db: Database, id_: str, one: Episode, name: str) -> None:
    body = encode(card(one, name)).decode()
    save_message(db, MessageRow(id_, one.id, "card", CARD, 1, body, None, at(0), at(0)))


async def kept(path: Path, one: Episode, hours: int = OVER_H, name: str = "BTC") -> None:
    """Keep it all in a file, which is closed again."""
    async with opened(path) as store:
        await store.run(lambda db: live(db, one, hours, name))
