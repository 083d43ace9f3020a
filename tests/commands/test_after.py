"""/after: what followed a flush, step by step, as it was told then."""

from __future__ import annotations

import msgspec
import pytest

from bot.aftermath.verdict import Verdict
from bot.alerts.reports import Report
from bot.message import Phrase, Row
from bot.store.database import Database
from bot.store.episodes import save_episode
from bot.store.reports import keep_report
from bot.store.rows import ReportRow
from tests.commands.chat_room import Room
from tests.commands.flushes import ONSET_MS, episode, member, row_of

VERDICT = Verdict("RELOADING", 0.7, ("reload-tripped",), ("open_interest",), ())
ROW = Row(Phrase("followup-short-basis"))
STEPS = (("1h", Report(details=(ROW,))), ("4h", Report(verdict=VERDICT, confidence=0.7, details=(ROW, ROW))))


@pytest.fixture
async def followed(room: Room) -> Room:
    """A room in which one flush has two reports, and a box of it tripped."""
    flush = episode(member())

    def keep(db: Database) -> None:
        save_episode(db, row_of(flush))
        for number, (step, report) in enumerate((*STEPS, ("support", Report()))):
            body, due_ms = msgspec.json.encode(report).decode(), ONSET_MS + number * 3_600_000
            keep_report(db, ReportRow(flush.id, step, due_ms, due_ms, body))

    await room.desk.store.run(keep)
    return room


async def test_the_newest_step_is_told_with_its_reading(followed: Room) -> None:
    """Without a step that of the newest checkpoint, with its rows and as of when; the other step has a button."""
    told = await followed.text("/after")
    assert told[0] == "2026-01-19-BTC-1 +4 h: reads as reloading, not reset (confidence 0.70)"
    assert told[1:3] == ["basis", "basis"]
    assert told[3] == "As of 01:00 UTC, from what was known then"
    buttons = [button.command for button in (await followed.say("/after")).buttons]
    assert buttons == ["/after 2026-01-19-BTC-1 1h", "/flush why 2026-01-19-BTC-1"]


async def test_a_step_can_be_asked_for(followed: Room) -> None:
    """An early one has no reading; one that is not there is refused with those that are."""
    assert (await followed.text("/after BTC 1h"))[:2] == ["2026-01-19-BTC-1 +1 h", "basis"]
    (refused,) = await followed.text("/after 2026-01-19-BTC-1 72h")
    assert refused == "There is no +72 h of 2026-01-19-BTC-1. Looked at were: 1 h, 4 h."


async def test_a_flush_of_which_nothing_was_told_yet(room: Room) -> None:
    """One sentence that says when follow-ups come."""
    await room.desk.store.run(lambda db: save_episode(db, row_of(episode(member()))))
    (refused,) = await room.text("/after")
    assert refused.startswith("Nothing was looked at yet after 2026-01-19-BTC-1: follow-ups come 15 minutes to 72")
