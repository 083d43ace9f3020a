from __future__ import annotations

import pytest

from bot.alerts.settings import SETTINGS, ChannelSettings, settings_of
from bot.chat.wording import Wording
from bot.store.channels import load_channel, load_settings_changes
from tests.commands.chat_room import CHANNEL, Room, lines_of
from tests.commands.market import HOUR_MS, NOW_MS, LiveView


async def test_show_tells_defaults_before_any_change(room: Room) -> None:
    """A channel that was never touched shows what it hears all the same."""
    lines = [
        "What this channel hears · preset: normal",
        "Alerts are off: /alerts on starts them.",
        "coins: BTC and ETH",
        "smallest_band: flush",
        "others_band: severe",
        "smallest_usd: $1M",
        "language: en",
        "card: on",
        "followup: on",
        "derivatives_day: on",
        "digest: off · digest_hour: 08:00 UTC",
        "followups_in: reply · theme: dark",
        "mute: not muted",
    ]
    assert await room.text("/settings") == lines
    assert await room.text("/alerts show", admin=True) == lines


async def test_show_tells_who_changed_what(room: Room) -> None:
    """After changes the list carries the revision and the newest change with its author."""
    await room.say("/alerts coins +SOL", admin=True)
    await room.say("/alerts mute 1h", admin=True)
    lines = await room.text("/settings")
    assert "mute: until 19 January 2026, 01:40 UTC" in lines
    assert lines[-2:] == [
        "Revision 3",
        "Last change 19 January 2026, 00:40 UTC by ana: mute off → 2026-01-19 01:40 UTC",
    ]


@pytest.mark.parametrize(
    ("line", "answer", "settings"),
    [
        ("set smallest_usd 2.5m", "smallest_usd: $1M → $2.5M", ChannelSettings(smallest_usd=2.5e6)),
        ("set smallest_usd 250.5k", "smallest_usd: $1M → $250.5K", ChannelSettings(smallest_usd=250_500.0)),
        ("set SMALLEST_BAND Severe", "smallest_band: flush → severe", ChannelSettings(smallest_band="severe")),
        ("set others_band never", "others_band: severe → never", ChannelSettings(others_band="never")),
        ("set followup silent", "followup: on → silent", ChannelSettings(followup="silent")),
        ("set coins SOL, btcusdt", "coins: BTC and ETH → SOL and BTC", ChannelSettings(coins=("SOL", "BTC"))),
        ("coins -ETH +kpepe", "coins: BTC and ETH → BTC and 1000PEPE", ChannelSettings(coins=("BTC", "1000PEPE"))),
        ("language es", "language: en → es", ChannelSettings(language="es")),
        (
            "mute 1h",
            "mute: not muted → until 19 January 2026, 01:40 UTC",
            ChannelSettings(muted_until_ms=NOW_MS + HOUR_MS),
        ),
        ("set card on", "card stays as it was: on", ChannelSettings()),
        ("mute off", "mute stays as it was: not muted", ChannelSettings()),
    ],
)
async def test_an_admin_changes_one_setting(room: Room, line: str, answer: str, settings: ChannelSettings) -> None:
    """The answer tells the value before and after, and the channel keeps exactly that change."""
    message = await room.say(f"/alerts {line}", admin=True)
    assert message.private
    kept = await room.desk.store.run(lambda db: load_channel(db, CHANNEL))
    assert settings_of(kept) == settings
    assert lines_of(message)[0] == answer
    changes = await room.desk.store.run(lambda db: load_settings_changes(db, CHANNEL))
    assert len(changes) == (settings != ChannelSettings())


@pytest.mark.parametrize("command", ["set card off", "coins BTC", "language es", "mute 1h", "test"])
async def test_a_member_changes_nothing(room: Room, command: str) -> None:
    """Without the right to manage, each changing command is refused privately and leaves no trace."""
    message = await room.say(f"/alerts {command}")
    assert message.headline.key == "error-admins-only"
    assert message.private
    assert await room.desk.store.run(lambda db: load_channel(db, CHANNEL)) is None
    assert room.tests == []


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("set smallest_usd 12", "error-out-of-range"),
        ("set smallest_usd lots", "error-not-an-amount"),
        ("set card loud", "error-not-a-choice"),
        ("set colour red", "error-not-a-choice"),
        ("set", "error-usage"),
        ("language fr", "error-not-a-choice"),
        ("coins BTV", "error-unknown-coin-near-2"),
        ("coins -BTC -ETH", "error-how-many-coins"),
        ("mute 31d", "error-duration"),
        ("mute", "error-usage"),
    ],
)
async def test_a_wrong_value_changes_nothing(room: Room, line: str, key: str) -> None:
    """Each wrong value has its own sentence, and the channel stays as it was."""
    assert (await room.say(f"/alerts {line}", admin=True)).headline.key == key
    assert await room.desk.store.run(lambda db: load_channel(db, CHANNEL)) is None


@pytest.mark.parametrize(
    ("key", "lines"),
    [
        ("card", ["card: on", "flush cards"]),
        ("smallest_usd", ["smallest_usd: $1M", "the least that was liquidated", "It takes $100K to $5B."]),
        ("coins", ["coins: BTC and ETH", "coins posted from the smallest band on"]),
        ("mute", ["mute: not muted", "until when nothing is posted"]),
    ],
)
async def test_a_setting_without_a_value_is_shown_and_not_changed(room: Room, key: str, lines: list[str]) -> None:
    """The answer has the value, what it means and its bounds, and nothing is kept."""
    message = await room.say(f"/alerts set {key}", admin=True)
    assert (lines_of(message), message.private) == (lines, True)
    assert [button.command for button in message.buttons] == ["/alerts show"]
    assert await room.desk.store.run(lambda db: load_channel(db, CHANNEL)) is None


async def test_admins_get_a_menu_for_every_setting_that_is_a_choice(room: Room) -> None:
    """Each menu names its setting with the value it has, offers every choice, and marks the one that holds."""
    await room.say("/alerts set card silent", admin=True)
    menus = (await room.say("/alerts show", admin=True)).menus
    choices = [key for key, setting in SETTINGS.items() if setting.choices or key == "language"]
    assert [menu.command for menu in menus] == ["/alerts preset", *(f"/alerts set {key}" for key in choices)]
    card = next(menu for menu in menus if menu.command == "/alerts set card")
    assert Wording("en", strict=True).text(card.label) == "card: silent"
    assert [(option.command, option.chosen) for option in card.options] == [
        ("/alerts set card on", False),
        ("/alerts set card silent", True),
        ("/alerts set card off", False),
    ]


async def test_every_option_of_every_menu_does_what_it_says(room: Room) -> None:
    """Chosen by an admin, an option is the one marked in the menu that comes back; its words are the choice."""
    for menu in (await room.say("/alerts show", admin=True)).menus:
        for option in menu.options:
            answer = await room.say(option.command, admin=True)
            [again] = answer.menus
            assert again.command == menu.command
            [chosen] = [entry for entry in again.options if entry.chosen]
            assert chosen.command == option.command
            assert Wording("en", strict=True).text(option.label) == option.command.split()[-1]


async def test_a_menu_can_be_asked_for_alone(room: Room) -> None:
    """What a menu's own command answers is that menu, for chats that show one at a time."""
    for menu in (await room.say("/alerts show", admin=True)).menus:
        assert (await room.say(menu.command, admin=True)).menus == (menu,)


async def test_members_get_no_menus(room: Room) -> None:
    """Who may only look is offered nothing to choose; an admin is, by either command."""
    assert (await room.say("/settings")).menus == ()
    assert (await room.say("/settings", admin=True)).menus == (await room.say("/alerts show", admin=True)).menus != ()


async def test_the_log_lists_changes_newest_first(room: Room) -> None:
    """Five changes, or as many as were asked for, each with its author; before any there is a sentence."""
    assert (await room.text("/alerts log", admin=True))[1:] == ["Nothing was changed so far."]
    for number in range(2, 9):
        await room.say(f"/alerts set smallest_usd {number}m", admin=True)
    lines = await room.text("/alerts log", admin=True)
    assert len(lines) == 6
    assert lines[1] == "19 January 2026, 00:40 UTC, ana: smallest_usd 7000000 → 8000000"
    assert len(await room.text("/alerts log 20", admin=True)) == 8
    assert len(await room.text("/alerts log 1", admin=True)) == 2
    assert (await room.say("/alerts log 21", admin=True)).headline.key == "error-not-in-range"


async def test_refusals_read_as_sentences(room: Room) -> None:
    """Bounds and choices are named as people write them, with what was typed."""
    assert await room.text("/alerts set smallest_usd 12", admin=True) == [
        'smallest_usd takes $100K to $5B. You wrote "12".'
    ]
    assert await room.text("/alerts language fr", admin=True) == ['"fr" is not one of en and es.']


async def test_every_choice_is_named(room: Room) -> None:
    """A refusal names each setting in full, however long the list is."""
    [line] = await room.text("/alerts set colour red", admin=True)
    assert all(key in line for key in SETTINGS)


async def test_ending_a_mute_does_not_say_that_one_lasts(room: Room) -> None:
    """After `off` the answer tells the change and what the setting means, and claims no silence to come."""
    await room.say("/alerts mute 1h", admin=True)
    assert await room.text("/alerts mute off", admin=True) == [
        "mute: until 19 January 2026, 01:40 UTC → not muted",
        "until when nothing is posted",
        "Alerts are off: /alerts on starts them.",
    ]
    await room.say("/alerts on", admin=True)
    assert len(await room.text("/alerts mute off", admin=True)) == 2


async def test_a_test_message_is_asked_for_this_channel(room: Room) -> None:
    """The test goes to the channel it was asked in, through the outbox."""
    await room.say("/alerts test", admin=True)
    assert room.tests == [CHANNEL]


async def test_coins_can_be_changed_before_the_first_fact(room: Room) -> None:
    """While no coin is known yet, listed coins can be taken off and the default restored."""
    early = room.seeing(LiveView(as_of_ms=0))
    assert (await early.say("/alerts coins -ETH", admin=True)).headline.key == "alerts-changed"
    assert (await early.say("/alerts coins default", admin=True)).headline.key == "alerts-changed"
