from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import ui

from bot.alerts.settings import SETTINGS, settings_of
from bot.chat.discord.addresses import named
from bot.chat.discord.buttons import CHOOSE, DO, CommandButton, CommandMenu
from bot.store.channels import load_channel
from commands import ALL
from tests.chat.discord.conftest import Town
from tests.chat.discord.reading import BUTTON, SELECT, ids, offered, shown, text
from tests.chat.discord.test_commands import ADMIN, FREE, NEEDED, name_of

REFUSED = "Buttons and lists that change alerts are for people who may manage this server."
NOBODYS = "Only people who can manage this channel may change alerts."
OLD = "This button is from an older version of me. Please type the command."


async def post(town: Town, *items: ui.Item[Any]) -> discord.Message:
    """A message of the bot with these controls, posted long ago: nothing about it is in memory."""
    view = ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    client = town.home.clients[-1]
    message = await client.get_partial_messageable(town.open.id).send("a post", view=view)
    await town.restart()
    return message


def line_of(name: str) -> str:
    """A command with what it needs, as a line."""
    return next(entry for entry in ALL if entry.name == name).line(NEEDED.get(name, {}))


@pytest.mark.parametrize("entry", ADMIN, ids=name_of)
async def test_a_button_for_admins_refuses_others(town: Town, entry: Any) -> None:
    """Generated from the table: Discord lets everybody press a button, so rights are checked at that moment."""
    message = await post(town, CommandButton("do it", line_of(entry.name)))
    refused = await town.ana.click(message, custom_id=DO + line_of(entry.name))
    assert refused.ephemeral
    assert text(refused).startswith(REFUSED)
    answered = await town.mod.click(message, custom_id=DO + line_of(entry.name))
    assert answered.ephemeral
    assert not text(answered).startswith(REFUSED)


@pytest.mark.parametrize("entry", ADMIN, ids=name_of)
async def test_a_list_for_admins_refuses_others(town: Town, entry: Any) -> None:
    """The same of lists; what was chosen without the right to leaves the message as it was."""
    line = line_of(entry.name)
    menu: ui.Select[Any] = ui.Select(custom_id=CHOOSE + line, options=[discord.SelectOption(label="this", value=line)])
    message = await post(town, CommandMenu(menu))
    refused = await town.ana.select(message, [line], custom_id=CHOOSE + line)
    assert refused.ephemeral
    assert text(refused).startswith(REFUSED)
    assert town.open.last_message is not None
    assert town.open.history()[0].content == "a post"


async def test_whoever_may_not_press_is_told_what_to_type(town: Town) -> None:
    """A server can let others type a command, which no press tells: the sentence names it."""
    line = "/alerts set card off"
    message = await post(town, CommandButton("off", line))
    told = await town.ana.click(message, custom_id=DO + line)
    assert text(told).endswith(f"if it lets you, type {line}")
    row = await town.home.store.run(lambda db: load_channel(db, named(town.open.id)))
    assert settings_of(row).card == "on"


@pytest.mark.parametrize("entry", FREE, ids=name_of)
async def test_any_button_works_for_all_after_a_restart(town: Town, entry: Any) -> None:
    """Everything a button needs stands in its id."""
    message = await post(town, CommandButton("ask", f"/{entry.name}"))
    answer = await town.ana.click(message, custom_id=f"{DO}/{entry.name}")
    assert text(answer)
    assert OLD not in text(answer)


@pytest.mark.parametrize("line", ["/no longer there", "/alerts", "/funding BTC and more", "'"])
async def test_a_button_of_another_version_says_so(town: Town, line: str) -> None:
    """A line that means nothing any more is answered with what to do instead."""
    message = await post(town, CommandButton("old", line))
    answer = await town.ana.click(message, custom_id=DO + line)
    assert text(answer) == OLD
    assert answer.ephemeral


@pytest.mark.parametrize("key", [key for key, setting in SETTINGS.items() if setting.choices or key == "language"])
async def test_every_list_of_the_settings_changes_them_in_place(town: Town, key: str) -> None:
    """Each list of the panel sets what it offers, and the same message shows the new value."""
    panel = await town.mod.slash(town.open, "alerts show")
    custom_id = f"{CHOOSE}/alerts set {key}"
    value = offered(panel, custom_id)[-1]
    changed = await town.mod.select(shown(panel).message, [value], custom_id=custom_id)
    assert shown(changed).id == shown(panel).id
    assert text(changed).partition("\n")[0].endswith(f"→ {value.rpartition(' ')[2]}**")
    row = await town.home.store.run(lambda db: load_channel(db, f"discord:{town.open.id}"))
    assert str(getattr(settings_of(row), SETTINGS[key].field)) == value.rpartition(" ")[2]


async def test_a_member_sees_settings_without_lists(town: Town) -> None:
    """Whoever may not change anything is offered nothing to change."""
    assert ids(await town.ana.slash(town.open, "settings"), SELECT) == []
    assert ids(await town.mod.slash(town.open, "settings"), SELECT) != []


async def test_from_the_changed_setting_back_to_all(town: Town) -> None:
    """A button of an edited panel is as good as any."""
    panel = await town.mod.slash(town.open, "alerts set", key="theme", value="light")
    (custom_id,) = ids(panel, BUTTON)
    assert "What this channel hears" in text(await town.mod.click(shown(panel).message, custom_id=custom_id))


async def test_settings_are_nobodys_in_a_conversation_of_two(town: Town) -> None:
    """A button that found its way into a conversation of two makes nobody an admin."""
    bo = town.env.create_user("bo")
    asked = await bo.slash("help")
    client = town.home.clients[-1]
    view = ui.View(timeout=None).add_item(CommandButton("mute", "/alerts mute 1h"))
    message = await client.get_partial_messageable(shown(asked).channel_id).send("a post", view=view)
    assert text(await bo.click(message, custom_id=f"{DO}/alerts mute 1h")).startswith(NOBODYS)
