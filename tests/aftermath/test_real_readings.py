"""What the recorded flushes read as, through the engine that runs live. A bound, no proof of the rules."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.alerts.presets import PRESETS
from bot.alerts.reports import Report, read_report
from bot.alerts.settings import encode_settings
from bot.chat.wording import LANGUAGES, Wording
from bot.engine import Engine
from bot.market.history import DAY_MS
from bot.market.simulation import SCENARIOS
from bot.message import Message, decode
from bot.replay import Pace, Source, open_source, play
from bot.store.channels import save_channel
from bot.store.database import Database, opened
from bot.store.reports import load_reports
from bot.store.rows import ChannelRow

WINTER = "2025-12_2026-03_btc_eth_sol.jsonl.gz"
MOST_LINES = 8
RESETS = {"RESET_CLEAN", "RESET_IN_PROGRESS"}


class Heard(NamedTuple):
    """What a channel that hears much got: reports by (episode, step), and every follow-up."""

    reports: dict[tuple[str, str], Report]
    followups: list[Message]


async def _hear(source: Source) -> Heard:
    async with opened(":memory:") as store:
        row = ChannelRow("none", "none", "none", encode_settings(PRESETS["active"]), 1, source.start_ms)
        await store.run(lambda db: save_channel(db, row))

        async def nobody(_: int) -> int:
            return 0

        await play(source, Engine(store, source.key, source.origin), nobody, Pace(None))
        return await store.run(_heard)


def _heard(db: Database) -> Heard:
    bodies = db.execute("SELECT body FROM messages WHERE kind = 'followup' ORDER BY id").fetchall()
    reports = {(row.episode_id, row.step): read_report(row) for row in load_reports(db)}
    return Heard(reports, [decode(body) for (body,) in bodies])


def heard(source: Source, first: str | None = None, days: int = 0) -> Heard:
    """A source, or so many days of it."""
    if first is None:
        return asyncio.run(_hear(source))
    start_ms = int(datetime.fromisoformat(first).replace(tzinfo=UTC).timestamp() * 1000)
    end_ms = start_ms + days * DAY_MS
    facts = source.facts
    part = replace(
        source,
        start_ms=start_ms,
        end_ms=end_ms,
        facts=lambda: (fact for fact in facts() if start_ms <= fact.t < end_ms),
    )
    return asyncio.run(_hear(part))


def too_long(followups: Iterable[Message]) -> list[str]:
    """Follow-ups of more than eight lines in any language, as their first lines."""
    wordings = [Wording(language, strict=True) for language in LANGUAGES]
    said = [wording.words(message) for wording in wordings for message in followups]
    return [words.headline for words in said if 1 + len(words.rows) > MOST_LINES]


@pytest.fixture(scope="module")
def january(recordings: Path) -> Heard:
    """9 January 2026 to the 20th."""
    return heard(open_source(str(recordings / WINTER)), "2026-01-09", 12)


@pytest.fixture(scope="module")
def february(recordings: Path) -> Heard:
    """21 January to 4 February 2026."""
    return heard(open_source(str(recordings / WINTER)), "2026-01-21", 14)


@pytest.mark.real
def test_19_january_reads_as_reloading_after_four_hours(january: Heard) -> None:
    """53 % of the positions were back while 12 % of the fall was: reloading into weakness, not a reset."""
    verdict = january.reports["2026-01-19-BTC-1", "4h"].verdict
    assert verdict is not None
    assert (verdict.reading, verdict.rules) == ("RELOADING", ("reopened-into-weakness",))
    assert verdict.confidence >= 0.6
    assert {"spot_perp", "follow_through", "basis"} == set(verdict.missing), "too early, or not told"
    boxes = january.reports["2026-01-19-BTC-1", "4h"].invalidation
    assert boxes is not None
    assert boxes.reload.rebuilt == pytest.approx(0.53, abs=0.005)
    assert [box.state for box in boxes.boxes.values()] == ["armed", "clear", "armed"]


@pytest.mark.real
def test_a_level_that_19_january_lost_is_told_twelve_hours_later(january: Heard) -> None:
    """95,000 was lost at 01:00 and not taken back by 13:00, which a short follow-up of its own says."""
    boxes = january.reports["2026-01-19-BTC-1", "support"].invalidation
    assert boxes is not None
    assert boxes.support.tripped_ms == int(datetime(2026, 1, 19, 13, tzinfo=UTC).timestamp() * 1000)
    assert too_long(january.followups) == []


@pytest.mark.real
@pytest.mark.slow
def test_31_january_never_reads_as_a_reset(february: Heard) -> None:
    """Open interest went on leaving and support stayed lost: at no step, and on no box, a reset."""
    readings = {
        step: report.verdict.reading
        for (id_, step), report in february.reports.items()
        if id_.startswith("2026-01-31-BTC") and report.verdict is not None
    }
    assert {"4h", "24h", "48h", "72h"} <= set(readings)
    assert set(readings.values()) & RESETS == set()


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", [WINTER, "2025-10_crash.jsonl.gz"])
def test_no_follow_up_of_a_recording_is_longer_than_eight_lines(recordings: Path, name: str) -> None:
    """Over every message of the real months, in every language, and every sentence can be said."""
    whole = heard(open_source(str(recordings / name)))
    assert whole.followups
    assert too_long(whole.followups) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_no_follow_up_of_a_scenario_is_longer_than_eight_lines(name: str) -> None:
    """The same over the simulated market."""
    assert too_long(heard(open_source(name)).followups) == []
