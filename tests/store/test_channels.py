from __future__ import annotations

from sqlite_utils import Database

from bot.store.channels import (
    forget_channel,
    load_channel,
    load_channels,
    load_channels_of,
    load_mark,
    load_places,
    load_settings_changes,
    move_channel,
    save_channel,
    save_mark,
    save_settings_change,
    set_state,
)
from bot.store.deliveries import load_deliveries, load_message
from bot.store.episodes import load_decisions, save_decision
from bot.store.rows import ChannelRow, DecisionRow, SettingsChangeRow
from tests.store.filled import DELIVERY, put

CHANNEL = ChannelRow("discord:7", "discord", "#alerts", "{}", 1, 0, place="discord:1")


def test_changes_of_settings_are_listed_newest_first(db: Database) -> None:
    """The audit of a channel lists the newest change first, also within one millisecond."""
    for number in range(3):
        save_settings_change(db, SettingsChangeRow("web:1", 7, "ana", "coins", str(number), str(number + 1)))
    save_settings_change(db, SettingsChangeRow("web:2", 8, "ana", "coins", "", "x"))
    assert [row.new for row in load_settings_changes(db, "web:1", 2)] == ["3", "2"]


def test_a_channel_comes_back_as_it_went_in(db: Database) -> None:
    """Everything that is kept about a channel is read back, and a second save replaces all of it."""
    save_channel(db, CHANNEL)
    assert load_channel(db, CHANNEL.id) == CHANNEL
    later = ChannelRow("discord:7", "discord", "#new", '{"a":1}', 2, 5, "discord:2", "suspended", "gone", 9)
    save_channel(db, later)
    assert load_channels(db) == [later]


def test_channels_are_found_by_their_place(db: Database) -> None:
    """A place has its own channels, by id; each place of a platform is named once."""
    for channel, place in (("discord:8", "discord:1"), ("discord:9", "discord:2"), ("telegram:-5", "telegram:-5")):
        save_channel(db, CHANNEL._replace(id=channel, platform=channel.partition(":")[0], place=place))
    save_channel(db, CHANNEL)
    assert [row.id for row in load_channels_of(db, "discord:1")] == ["discord:7", "discord:8"]
    assert load_channels_of(db, "discord:3") == []
    assert load_places(db, "discord") == ["discord:1", "discord:2"]
    assert load_places(db, "telegram") == ["telegram:-5"]


def test_a_state_keeps_the_moment_it_began(db: Database) -> None:
    """The same state and reason again changes nothing; another reason is another moment."""
    set_state(db, CHANNEL, "suspended", "rights", 100)
    suspended = load_channels(db)[0]
    assert (suspended.state, suspended.reason, suspended.state_ms) == ("suspended", "rights", 100)
    set_state(db, suspended, "suspended", "rights", 200)
    assert load_channels(db) == [suspended]
    set_state(db, suspended, "suspended", "gone", 300)
    assert load_channels(db)[0].state_ms == 300


def fill(db: Database, channel: str, told: str) -> None:
    """A channel with one row of everything that is kept about it."""
    save_channel(db, CHANNEL._replace(id=channel, name=told))
    put(db, DELIVERY._replace(channel_id=channel, last_error=told))
    save_decision(db, DecisionRow("e1", channel, told, True, 1))
    save_settings_change(db, SettingsChangeRow(channel, 7, told, "coins", "BTC", "SOL"))


def told_of(db: Database, channel: str) -> list[str | None]:
    """What is kept about a channel, by the words that tell whose it was."""
    row = load_channel(db, channel)
    return [
        row.name if row else None,
        *(entry.last_error for entry in load_deliveries(db, "m1") if entry.channel_id == channel),
        *(entry.reason for entry in load_decisions(db, channel_id=channel)),
        *(entry.who for entry in load_settings_changes(db, channel)),
    ]


def test_a_channel_moves_with_everything_kept_about_it(db: Database) -> None:
    """Deliveries, decisions and audit follow; nothing is left under the old id, and other channels stay."""
    fill(db, "telegram:-5", "moved")
    fill(db, "telegram:-6", "other")
    move_channel(db, "telegram:-5", "telegram:-1005", "telegram:-1005")
    assert told_of(db, "telegram:-1005") == ["moved"] * 4
    assert told_of(db, "telegram:-5") == [None]
    assert told_of(db, "telegram:-6") == ["other"] * 4
    assert [row.place for row in load_channels(db)] == ["telegram:-1005", CHANNEL.place]


def test_a_moved_channel_replaces_what_the_new_id_had(db: Database) -> None:
    """Where the new id was known already, the channel that moved and its deliveries take its place."""
    fill(db, "telegram:-5", "moved")
    fill(db, "telegram:-1005", "before")
    move_channel(db, "telegram:-5", "telegram:-1005", "telegram:-1005")
    name, error, reason, *who = told_of(db, "telegram:-1005")
    assert (name, error, reason) == ("moved", "moved", "moved")
    assert set(who) == {"moved", "before"}


def test_a_forgotten_channel_leaves_nothing(db: Database) -> None:
    """Every row about it is gone; messages, which others share, and other channels stay."""
    fill(db, "telegram:-5", "forgotten")
    fill(db, "telegram:-6", "other")
    forget_channel(db, "telegram:-5")
    assert told_of(db, "telegram:-5") == [None]
    assert told_of(db, "telegram:-6") == ["other"] * 4
    assert load_message(db, "m1") is not None


def test_a_mark_keeps_its_newest_value(db: Database) -> None:
    """Marks are told apart by name, and a name that was never used has none."""
    assert load_mark(db, "discord commands") is None
    save_mark(db, "discord commands", "a")
    save_mark(db, "telegram offset", "b")
    save_mark(db, "discord commands", "c")
    assert (load_mark(db, "discord commands"), load_mark(db, "telegram offset")) == ("c", "b")


def test_places_are_those_of_channels_that_were_switched_on(db: Database) -> None:
    """A channel whose settings were only looked at belongs to no place yet, and stands for none."""
    row = ChannelRow("discord:1", "discord", "#one", "{}", 1, 0, place="discord:9")
    for other in (row, row._replace(id="discord:2"), row._replace(id="discord:3", place="")):
        save_channel(db, other)
    assert load_places(db, "discord") == ["discord:9"]
