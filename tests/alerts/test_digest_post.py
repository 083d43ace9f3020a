from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.alerts.digest import Period
from bot.alerts.digest_post import LATE_MS, due_digests, last_due, next_digest, put_digests
from bot.alerts.settings import DEFAULTS, ChannelSettings, encode_settings
from bot.message import Message, Phrase
from bot.store.channels import load_channel, save_channel
from bot.store.database import Store
from bot.store.deliveries import load_deliveries, load_message, load_post_times
from bot.store.episodes import load_due_of
from bot.store.rows import ChannelRow, ChannelState, DeliveryRow

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
MONDAY_MS = 1_768_780_800_000  # Monday, 19 January 2026, 00:00 UTC
DAILY = replace(DEFAULTS, digest="daily")
WEEKLY = replace(DEFAULTS, digest="weekly")


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """An empty store in memory."""
    store = await Store.open(":memory:")
    yield store
    await store.close()


def built(period: Period) -> Message:
    """A digest without rows."""
    return Message("digest", Phrase(f"digest-headline-{period}", {"as_of": Phrase("name")}))


async def channel(store: Store, name: str, settings: ChannelSettings, state: ChannelState = "on") -> None:
    """A channel with these settings."""
    row = ChannelRow(name, "none", name, encode_settings(settings), 1, MONDAY_MS, state=state)
    await store.run(lambda db: save_channel(db, row))


async def look(store: Store, since_ms: int, now_ms: int) -> list[str]:
    """Put what came due; the channels that it was put for."""

    def work(db: object) -> list[str]:
        wanted = due_digests(db, since_ms, now_ms)  # type: ignore[arg-type]  # the store's own
        put_digests(db, wanted, built, now_ms)  # type: ignore[arg-type]  # the store's own
        return [one.channel.id for one in wanted]

    return await store.run(work)


async def posts(store: Store, name: str) -> list[DeliveryRow]:
    """Deliveries of the daily digests of a week to one channel."""
    ids = [f"digest/daily/{hour}" for hour in range(MONDAY_MS // HOUR_MS, MONDAY_MS // HOUR_MS + 7 * 24)]
    rows = [row for id_ in ids for row in await store.run(lambda db, id_=id_: load_deliveries(db, id_))]  # type: ignore[misc]  # bound per turn
    return [row for row in rows if row.channel_id == name]


async def outcomes(store: Store, name: str) -> list[str | None]:
    """What became of the digests of a channel, oldest first."""
    return [row.outcome for row in await store.run(lambda db: load_due_of(db, f"digest/{name}"))]


@given(st.integers(0, 23), st.integers(0, 400 * 24 * 60))
def test_the_last_due_moment_is_the_calendars(hour: int, minutes: int) -> None:
    """Daily it is the last such hour, weekly that of the last Monday, as the calendar of the library has it."""
    now_ms = MONDAY_MS + minutes * 60_000
    for period, step in (("daily", 1), ("weekly", 7)):
        due_ms = last_due(replace(DEFAULTS, digest=period, digest_hour=hour), now_ms)
        assert due_ms is not None
        assert 0 <= now_ms - due_ms < step * DAY_MS
        due = dt.datetime.fromtimestamp(due_ms / 1000, dt.UTC)
        assert (due.hour, due.minute, due.second) == (hour, 0, 0)
        assert period == "daily" or due.weekday() == 0
    assert last_due(DEFAULTS, now_ms) is None


async def test_once_for_each_channel_and_day(store: Store) -> None:
    """Looked for every minute of three days, also with the same stretch twice, there is one a day, silent."""
    await channel(store, "a", DAILY)
    await channel(store, "b", replace(DAILY, digest_hour=23))
    await channel(store, "c", DEFAULTS)
    for minute in range(0, 3 * 24 * 60, 7):
        now_ms = MONDAY_MS + minute * 60_000
        await look(store, now_ms - 14 * 60_000, now_ms)
    for name, hour in (("a", 8), ("b", 23)):
        rows = await posts(store, name)
        assert [(row.put_ms - MONDAY_MS) // HOUR_MS for row in rows] == [hour, hour + 24, hour + 48]
        assert all(row.silent for row in rows)
        assert await outcomes(store, name) == ["posted"] * 3
    assert await outcomes(store, "c") == []


async def test_a_changed_hour_gives_no_second_one(store: Store) -> None:
    """After the digest of the day the hour is moved to later: the next one comes the day after."""
    await channel(store, "a", DAILY)
    assert await look(store, MONDAY_MS, MONDAY_MS + 9 * HOUR_MS) == ["a"]
    await channel(store, "a", replace(DAILY, digest_hour=12))
    assert await look(store, MONDAY_MS + 9 * HOUR_MS, MONDAY_MS + 13 * HOUR_MS) == []
    assert await look(store, MONDAY_MS + 13 * HOUR_MS, MONDAY_MS + 37 * HOUR_MS) == ["a"]


@pytest.mark.parametrize(
    ("late_ms", "outcome"), [(0, "posted"), (LATE_MS, "posted"), (LATE_MS + 1, "too late"), (20 * HOUR_MS, "too late")]
)
async def test_two_hours_late_is_the_limit(store: Store, late_ms: int, outcome: str) -> None:
    """Up to two hours it is made up for, one millisecond later it is left out, and neither is tried again."""
    await channel(store, "a", DAILY)
    now_ms = MONDAY_MS + 8 * HOUR_MS + late_ms
    assert await look(store, MONDAY_MS, now_ms) == ["a"]
    assert await outcomes(store, "a") == [outcome]
    assert len(await posts(store, "a")) == (outcome == "posted")
    assert await look(store, MONDAY_MS, now_ms) == []


async def test_a_channel_that_may_not_hear_has_none(store: Store) -> None:
    """Off, suspended and muted are kept as the reason, and others still have theirs."""
    now_ms = MONDAY_MS + 8 * HOUR_MS
    await channel(store, "gone", DAILY, "suspended")
    await channel(store, "off", DAILY, "off")
    await channel(store, "quiet", replace(DAILY, muted_until_ms=now_ms + 1))
    await channel(store, "there", replace(DAILY, muted_until_ms=now_ms))
    await look(store, MONDAY_MS, now_ms)
    told = [await outcomes(store, name) for name in ("gone", "off", "quiet", "there")]
    assert told == [["suspended"], ["off"], ["muted"], ["posted"]]
    assert [
        row.channel_id for row in await store.run(lambda db: load_deliveries(db, f"digest/daily/{now_ms // HOUR_MS}"))
    ] == ["there"]


async def test_daily_and_weekly_ones_of_one_hour_are_two_messages(store: Store) -> None:
    """On Monday both kinds are posted, each with its own words; on Tuesday the daily one alone."""
    await channel(store, "a", DAILY)
    await channel(store, "b", WEEKLY)
    hour = (MONDAY_MS + 8 * HOUR_MS) // HOUR_MS
    assert await look(store, MONDAY_MS, MONDAY_MS + 8 * HOUR_MS) == ["a", "b"]
    assert await look(store, MONDAY_MS + 8 * HOUR_MS, MONDAY_MS + 32 * HOUR_MS) == ["a"]
    daily = await store.run(lambda db: load_message(db, f"digest/daily/{hour}"))
    weekly = await store.run(lambda db: load_message(db, f"digest/weekly/{hour}"))
    assert daily is not None
    assert weekly is not None
    assert (daily.kind, daily.step) == ("digest", "digest")
    assert daily.body != weekly.body


async def test_it_is_no_new_post_of_an_alert(store: Store) -> None:
    """The bound of posts of an hour and a day does not count it, and it is not sent when two hours have passed."""
    await channel(store, "a", DAILY)
    now_ms = MONDAY_MS + 8 * HOUR_MS + 60_000
    await look(store, MONDAY_MS, now_ms)
    assert await store.run(lambda db: load_post_times(db, "a", 0)) == []
    [row] = await posts(store, "a")
    assert row.expires_ms == MONDAY_MS + 10 * HOUR_MS


async def coming(store: Store, name: str, now_ms: int) -> int | None:
    """Hours from Monday to the next digest of a channel."""
    row = await store.run(lambda db: load_channel(db, name))
    assert row is not None
    due_ms = await store.run(lambda db: next_digest(db, row, now_ms))
    return None if due_ms is None else (due_ms - MONDAY_MS) // HOUR_MS


@pytest.mark.parametrize(
    ("settings", "state", "hours"),
    [
        (DAILY, "on", 24 + 8),
        (replace(DAILY, digest_hour=20), "on", 20),
        (WEEKLY, "on", 7 * 24 + 8),
        (replace(DAILY, muted_until_ms=MONDAY_MS + 40 * HOUR_MS), "on", 48 + 8),
        (DEFAULTS, "on", None),
        (DAILY, "suspended", None),
    ],
)
async def test_the_next_digest(store: Store, settings: ChannelSettings, state: ChannelState, hours: int | None) -> None:
    """At 08:30 on a Monday the next one is after its hour and after a mute; a channel that hears nothing has none."""
    await channel(store, "desk", settings, state)
    assert await coming(store, "desk", MONDAY_MS + 8 * HOUR_MS + HOUR_MS // 2) == hours


async def test_a_day_that_has_had_its_digest_is_passed_over(store: Store) -> None:
    """A later hour on the same day brings no second one, so that the next is named for the day after."""
    await channel(store, "desk", DAILY)
    await look(store, MONDAY_MS, MONDAY_MS + 8 * HOUR_MS)
    await channel(store, "desk", replace(DAILY, digest_hour=20))
    assert await coming(store, "desk", MONDAY_MS + 9 * HOUR_MS) == 24 + 20
