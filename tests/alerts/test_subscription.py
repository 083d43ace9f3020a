"""Channels that hear alerts, lose them and get them back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlite_utils import Database

from bot.alerts.settings import DEFAULTS, settings_of
from bot.alerts.subscription import (
    move,
    platform_of,
    resume,
    resume_place,
    subscribe,
    suspend,
    suspend_place,
    unsubscribe,
)
from bot.message import Spot
from bot.store.channels import load_channel, load_channels, save_channel, save_settings_change
from bot.store.rows import ChannelRow, SettingsChangeRow
from tests.store.filled import fresh

NOW_MS = 1_768_780_800_000
SPOT = Spot("discord:7", "#alerts", "discord:1", language="es")


@pytest.fixture
def db() -> Iterator[Database]:
    """An empty database of the newest shape."""
    database = fresh()
    yield database
    database.close()


def channel(db: Database, channel_id: str = "discord:7") -> ChannelRow:
    """A channel that must be there."""
    row = load_channel(db, channel_id)
    assert row is not None
    return row


def add(db: Database, channel_id: str, place: str, **changes: object) -> None:
    """A channel that hears alerts."""
    row = ChannelRow(channel_id, platform_of(channel_id), channel_id, "{}", 1, 0, place=place)
    save_channel(db, row._replace(**changes))  # type: ignore[arg-type]  # tests name fields of the row


def standing(db: Database) -> list[tuple[str, str, str, int]]:
    """Id, state, reason and since when, of every channel."""
    return [(row.id, row.state, row.reason, row.state_ms) for row in load_channels(db)]


def test_a_new_channel_starts_with_the_defaults_in_its_language(db: Database) -> None:
    """The first time a channel is switched on it is kept with its place, name, platform and language."""
    assert subscribe(db, SPOT, "es", NOW_MS)
    row = channel(db)
    assert (row.platform, row.name, row.place, row.state) == ("discord", "#alerts", "discord:1", "on")
    assert (row.created_ms, row.state_ms, row.revision) == (NOW_MS, NOW_MS, 1)
    assert settings_of(row).language == "es"
    assert settings_of(row).coins == DEFAULTS.coins


def test_switching_on_twice_changes_nothing_but_the_name(db: Database) -> None:
    """A channel that hears alerts already says so, keeps its settings and the moment, and takes its new name."""
    subscribe(db, SPOT, "es", NOW_MS)
    assert not subscribe(db, Spot("discord:7", "#renamed", "discord:1"), "en", NOW_MS + 5)
    row = channel(db)
    assert (row.name, row.state, row.state_ms, settings_of(row).language) == ("#renamed", "on", NOW_MS, "es")


def test_settings_outlast_switching_off_and_on(db: Database) -> None:
    """What was off comes back with the settings it had, on since the moment it came back."""
    subscribe(db, SPOT, "es", NOW_MS)
    assert unsubscribe(db, "discord:7", NOW_MS + 1)
    assert standing(db) == [("discord:7", "off", "", NOW_MS + 1)]
    assert subscribe(db, SPOT, "en", NOW_MS + 2)
    assert standing(db) == [("discord:7", "on", "", NOW_MS + 2)]
    assert settings_of(channel(db)).language == "es"


def test_a_channel_set_up_before_it_is_switched_on_keeps_its_settings(db: Database) -> None:
    """Settings chosen while a channel heard nothing are those it starts with, and its place becomes known."""
    add(db, "discord:7", "", state="off", settings='{"coins":["SOL"]}')
    assert subscribe(db, SPOT, "es", NOW_MS)
    assert settings_of(channel(db)).coins == ("SOL",)
    assert channel(db).place == "discord:1"


def test_switching_off_what_is_not_on_says_so(db: Database) -> None:
    """A channel that is unknown or off already is left as it is."""
    assert not unsubscribe(db, "discord:7", NOW_MS)
    assert load_channels(db) == []
    add(db, "discord:7", "discord:1", state="off", state_ms=3)
    assert not unsubscribe(db, "discord:7", NOW_MS)
    assert channel(db).state_ms == 3


def test_a_lost_channel_is_suspended_with_its_first_reason(db: Database) -> None:
    """The first loss gives reason and moment; a second one, of whatever kind, changes neither."""
    add(db, "discord:7", "discord:1")
    suspend(db, "discord:7", "rights", NOW_MS)
    suspend(db, "discord:7", "gone", NOW_MS + 5)
    assert standing(db) == [("discord:7", "suspended", "rights", NOW_MS)]


@pytest.mark.parametrize("lose", [suspend, suspend_place])
def test_a_loss_never_touches_what_its_admins_switched_off(db: Database, lose: object) -> None:
    """A channel that is off stays off when it is lost, and when it is found again."""
    add(db, "discord:7", "discord:7", state="off", state_ms=3)
    assert callable(lose)
    lose(db, "discord:7", "removed", NOW_MS)
    resume_place(db, "discord:7", NOW_MS + 1)
    resume(db, "discord:7", NOW_MS + 1)
    assert standing(db) == [("discord:7", "off", "", 3)]


def test_a_suspended_channel_comes_back_by_itself_or_by_its_admins(db: Database) -> None:
    """Found again or switched on, it hears alerts and no reason is left; switched off, it stays silent."""
    for number in range(3):
        add(db, f"discord:{number}", "discord:1", state="suspended", reason="rights", state_ms=3)
    resume(db, "discord:0", NOW_MS)
    assert subscribe(db, Spot("discord:1", "one", "discord:1"), "en", NOW_MS)
    assert unsubscribe(db, "discord:2", NOW_MS)
    assert standing(db) == [
        ("discord:0", "on", "", NOW_MS),
        ("discord:1", "on", "", NOW_MS),
        ("discord:2", "off", "", NOW_MS),
    ]


def test_unknown_channels_are_neither_lost_nor_found(db: Database) -> None:
    """What a platform says of channels that are not kept leaves no rows."""
    suspend(db, "discord:9", "gone", NOW_MS)
    resume(db, "discord:9", NOW_MS)
    move(db, "discord:9", "discord:10")
    assert load_channels(db) == []


def test_a_place_is_lost_and_found_with_all_its_channels_and_no_others(db: Database) -> None:
    """Removal from one server suspends its channels; the return brings back the same, and only those."""
    add(db, "discord:7", "discord:1")
    add(db, "discord:8", "discord:1")
    add(db, "discord:9", "discord:2")
    suspend_place(db, "discord:1", "removed", NOW_MS)
    assert standing(db) == [
        ("discord:7", "suspended", "removed", NOW_MS),
        ("discord:8", "suspended", "removed", NOW_MS),
        ("discord:9", "on", "", 0),
    ]
    resume_place(db, "discord:1", NOW_MS + 1)
    assert [row.state for row in load_channels(db)] == ["on", "on", "on"]


def test_a_chat_moves_with_its_topics_settings_and_audit(db: Database) -> None:
    """A group that became a supergroup is the same channel under another id, topics included; no other one is."""
    add(db, "telegram:-5", "telegram:-5", settings='{"coins":["SOL"]}')
    add(db, "telegram:-5/45", "telegram:-5")
    add(db, "telegram:-55", "telegram:-55")
    save_settings_change(db, SettingsChangeRow("telegram:-5", 7, "ana", "coins", "BTC ETH", "SOL"))
    move(db, "telegram:-5", "telegram:-1005")
    assert [(row.id, row.place) for row in load_channels(db)] == [
        ("telegram:-1005", "telegram:-1005"),
        ("telegram:-1005/45", "telegram:-1005"),
        ("telegram:-55", "telegram:-55"),
    ]
    assert settings_of(channel(db, "telegram:-1005")).coins == ("SOL",)
    kept = db.execute("SELECT channel_id FROM settings_changes").fetchall()
    assert kept == [("telegram:-1005",)]


def test_a_chat_whose_place_is_not_known_moves_too(db: Database) -> None:
    """Channels that were set up before they were ever switched on are not left behind under the old id."""
    add(db, "telegram:-5", "", state="off")
    add(db, "telegram:-5/45", "", state="off")
    move(db, "telegram:-5", "telegram:-1005")
    assert {(row.id, row.place) for row in load_channels(db)} == {
        ("telegram:-1005", "telegram:-1005"),
        ("telegram:-1005/45", "telegram:-1005"),
    }


@pytest.mark.parametrize(
    ("channel_id", "platform"), [("discord:7", "discord"), ("telegram:-100123/45", "telegram"), ("web", "web")]
)
def test_a_channel_names_its_platform(channel_id: str, platform: str) -> None:
    """The platform is what stands before the first colon; the page's channel is its own."""
    assert platform_of(channel_id) == platform
