"""What the detector says of recorded months. n is small: a regression bound, no proof of skill."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.flush.episode import Episode
from bot.market import recording
from bot.market.history import HOUR_MS
from tests.flush.passes import Pass

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.timeout(600)]

# Side, first and last hour of a stretch that an episode must overlap; from known_events.csv, which is not complete.
STRETCHES = [
    ("short", "2026-01-13 22:00", "2026-01-13 23:59"),
    ("long", "2026-01-19 00:00", "2026-01-19 02:00"),
    ("long", "2026-01-20 22:00", "2026-01-20 23:59"),
    ("long", "2026-01-29 15:00", "2026-01-30 02:30"),
    ("long", "2026-01-31 17:00", "2026-01-31 19:00"),
    ("long", "2026-02-05 15:00", "2026-02-06 01:00"),
    ("long", "2026-02-23 01:00", "2026-02-23 03:00"),
    ("long", "2026-02-28 06:00", "2026-02-28 08:00"),
]


def utc_ms(text: str) -> int:
    """A UTC time as milliseconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


def overlapping(episodes: list[Episode], start: str, end: str) -> list[Episode]:
    """Episodes that were going on at some time between two moments."""
    start_ms, end_ms = utc_ms(start), utc_ms(end)
    return [e for e in episodes if e.onset_ms <= end_ms and (e.ended_ms is None or e.ended_ms >= start_ms)]


@pytest.fixture(scope="module")
def winter(recordings: Path) -> list[Episode]:
    """Episodes of December 2025 to March 2026, with liquidations and open interest."""
    return Pass().read(recording.read(recordings / "2025-12_2026-03_btc_eth_sol.jsonl.gz")).episodes()


@pytest.fixture(scope="module")
def october(recordings: Path) -> list[Episode]:
    """Episodes of October 2025, of which only bars and funding were recorded."""
    return Pass().read(recording.read(recordings / "2025-10_crash.jsonl.gz")).episodes()


@pytest.fixture(scope="module")
def quiet_windows(recordings: Path) -> list[tuple[str, str]]:
    """Stretches without an event."""
    with (recordings / "quiet_windows.csv").open(encoding="utf-8") as file:
        return [(row["start_utc"], row["end_utc"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("side", "start", "end"), STRETCHES)
def test_each_known_stretch_is_an_episode(winter: list[Episode], side: str, start: str, end: str) -> None:
    """An episode of the right side, FLUSH or above, overlaps each stretch."""
    assert [e.band for e in overlapping(winter, start, end) if e.side == side and e.band != "watch"]


def test_quiet_windows_stay_quiet(
    winter: list[Episode], october: list[Episode], quiet_windows: list[tuple[str, str]]
) -> None:
    """Not one episode reaches FLUSH inside a stretch without an event."""
    assert len(quiet_windows) == 4
    found = {window: [e.id for e in overlapping([*winter, *october], *window)] for window in quiet_windows}
    assert not any(found.values()), found


def test_other_episodes_are_few(winter: list[Episode]) -> None:
    """Beside the nine known events no coin takes part in more than four others in 14 weeks, 0.3 a week."""
    known = [*STRETCHES, ("long", "2026-02-03 18:00", "2026-02-03 20:00")]
    expected = {e.id for _, start, end in known for e in overlapping(winter, start, end)}
    others = Counter(coin for e in winter if e.id not in expected for coin in e.members)
    assert max(others.values()) <= 4


def test_the_night_of_5_february_is_one_episode_with_legs(winter: list[Episode]) -> None:
    """The fall from 73,000 to 60,000 is told as one flush with several pushes, not as three."""
    (episode,) = overlapping(winter, "2026-02-05 15:00", "2026-02-06 01:00")
    assert len(episode.legs) >= 2
    assert episode.observed_usd is not None
    assert episode.observed_usd > 362e6
    assert episode.lead.extreme_price < 61_000


def test_the_squeeze_of_13_january_hurt_shorts(winter: list[Episode]) -> None:
    """Most of what was liquidated were shorts, and price rose to its extreme."""
    (episode,) = overlapping(winter, "2026-01-13 22:00", "2026-01-13 23:59")
    member = episode.lead
    assert episode.kind == "short_squeeze"
    assert (member.short_usd or 0.0) > 5 * (member.long_usd or 0.0) > 0
    assert member.extreme_price > member.reference_price


def test_the_crash_of_10_october_is_seen_from_bars_alone(october: list[Episode]) -> None:
    """Without liquidations and open interest the crash is a flush of BTC and ETH by price only, with low confidence."""
    crash = overlapping(october, "2025-10-10 20:50", "2025-10-10 22:00")
    coins = {coin for episode in crash for coin in episode.members}
    assert {"BTC", "ETH"} <= coins
    for episode in crash:
        assert (episode.price_only, episode.side, episode.band) == (True, "long", "flush")
        assert episode.confidence <= 0.3
        assert episode.observed_usd is None


def test_the_days_before_the_crash_are_quiet(october: list[Episode]) -> None:
    """From 28 September to 9 October nothing reaches FLUSH; two weeks in, that is not for want of a baseline."""
    assert overlapping(october, "2025-09-28 00:00", "2025-10-09 23:59") == []
    assert october[0].onset_ms - utc_ms("2025-09-28 00:00") > 3 * 24 * HOUR_MS
