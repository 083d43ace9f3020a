"""Interactions at the fake Discord, answered by the real discord.py: commands, completions, buttons, lists."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.fakes.discord import (
    Answer,
    Channel,
    DiscordFake,
    Guild,
    NotAnsweredError,
    NotOfferedError,
    Permission,
)
from tests.fakes.discord_selftest.clients import Bot, asked, code_of, place, until

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


async def test_an_answer_after_is_thinking(fake: DiscordFake, bot: Bot, alerts: Channel) -> None:
    """The first follow-up takes the place and the privacy of the deferral, with its file; the second is new."""

    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        await interaction.followup.send("chart", file=discord.File(io.BytesIO(b"png"), "c.png"))
        await interaction.followup.send("more")

    interaction = await asked(fake, bot, alerts, answer)
    callback = await interaction.answered()
    first = await interaction.reply()
    await until(lambda: len(interaction.replies) == 2)
    assert (callback.type, callback.ephemeral, callback.after_s < 1) == (Answer.DEFERRED, True, True)
    assert (first.content, first.ephemeral, first.attachments[0].content) == ("chart", True, b"png")
    assert [message.content for message in alerts.messages] == ["more"]
    assert fake.unknown_routes == []


async def test_an_answer_at_once_and_its_edit(fake: DiscordFake, bot: Bot, alerts: Channel) -> None:
    """A direct answer stands in the channel and can be changed as @original."""

    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("one")
        await interaction.edit_original_response(content="two", attachments=[discord.File(io.BytesIO(b"x"), "a.png")])

    interaction = await asked(fake, bot, alerts, answer)
    await interaction.reply()
    await until(lambda: alerts.messages[0].content == "two")
    assert interaction.original is alerts.messages[0]
    assert [each.content for each in alerts.messages[0].attachments] == [b"x"]


async def test_no_answer_in_time(fake: DiscordFake, bot: Bot, alerts: Channel) -> None:
    """After three seconds the asker sees a failure, and the late answer is refused with 10062."""
    late: list[tuple[int, int]] = []

    async def answer(interaction: discord.Interaction) -> None:
        await asyncio.sleep(3.5)
        late.append(await code_of(interaction.response.send_message("late")))

    interaction = await asked(fake, bot, alerts, answer)
    began_s = asyncio.get_running_loop().time()
    with pytest.raises(NotAnsweredError):
        await interaction.answered()
    assert asyncio.get_running_loop().time() - began_s == pytest.approx(3, abs=0.1)
    await until(lambda: bool(late))
    assert late == [(404, 10062)]


async def test_a_token_lives_for_a_quarter_of_an_hour(fake: DiscordFake, bot: Bot, alerts: Channel) -> None:
    """A reply can be changed after 14 minutes and no more after 16."""
    codes: list[tuple[int, int]] = []

    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("one")
        await asyncio.sleep(14 * 60)
        await interaction.edit_original_response(content="two")
        await asyncio.sleep(2 * 60)
        codes.append(await code_of(interaction.edit_original_response(content="three")))

    await asked(fake, bot, alerts, answer)
    await asyncio.sleep(17 * 60)
    assert codes == [(401, 50027)]
    assert alerts.messages[0].content == "two"


async def test_a_second_answer(fake: DiscordFake, bot: Bot, alerts: Channel) -> None:
    """It is refused with 40060."""
    codes: list[tuple[int, int]] = []

    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("one")
        interaction.response._response_type = None
        codes.append(await code_of(interaction.response.send_message("two")))

    await asked(fake, bot, alerts, answer)
    await until(lambda: bool(codes))
    assert codes == [(400, 40060)]


async def test_options_and_their_completions(fake: DiscordFake, bot: Bot, guild: Guild) -> None:
    """A nested command gets typed options and picked channels; completions are asked with what was typed."""
    group = app_commands.Group(name="alerts", description="Tuning")

    @group.command(name="set", description="Sets it")
    async def set_alert(
        interaction: discord.Interaction, coin: str, floor: app_commands.Range[int, 1, 5], to: discord.TextChannel
    ) -> None:
        await interaction.response.send_message(f"{coin} {floor} {to.name} {interaction.locale}")

    @set_alert.autocomplete("coin")
    async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}C", value="BTC")]

    bot.tree.add_command(group)
    await bot.tree.sync()
    ann, alerts = fake.world.user("ann"), guild.channel("alerts")
    completion = await (await fake.autocomplete(alerts, ann, "alerts set", {"coin": "BT"}, "coin")).answered()
    assert completion.data["choices"] == [{"name": "BTC", "value": "BTC"}]
    options: dict[str, Any] = {"coin": "BTC", "floor": 2, "to": guild.channel("talk")}
    reply = await (await fake.slash(alerts, ann, "alerts set", options, locale="fr")).reply()
    assert reply.content == "BTC 2 talk fr"
    for wrong in ({"floor": 6}, {"floor": "2"}, {"size": 1}, {"to": ann}):
        with pytest.raises(NotOfferedError):
            await fake.slash(alerts, ann, "alerts set", options | wrong)
    with pytest.raises(NotOfferedError):
        await fake.slash(alerts, ann, "alerts set", {"coin": "BTC"})


async def test_commands_are_offered_as_registered(fake: DiscordFake, bot: Bot, alerts: Channel) -> None:
    """Unknown commands, missing permissions and wrong places end in the test, before the bot hears of them."""

    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def tune(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(str(interaction.permissions.manage_guild))

    bot.tree.add_command(app_commands.Command(name="tune", description="Tunes", callback=tune))
    ann = fake.world.user("ann")
    with pytest.raises(NotOfferedError):
        await fake.slash(alerts, ann, "tune")
    await bot.tree.sync()
    with pytest.raises(NotOfferedError):
        await fake.slash(alerts, ann, "tune")
    with pytest.raises(NotOfferedError):
        await fake.slash(fake.world.dm(ann), ann, "tune", permissions=Permission.MANAGE_GUILD)
    asked = await fake.slash(alerts, ann, "tune", permissions=Permission.MANAGE_GUILD)
    assert (await asked.reply()).content == "True"


async def test_a_personal_installation_works_where_the_bot_is_not(fake: DiscordFake, bot: Bot) -> None:
    """In a foreign guild and in a conversation the command is answered, and it says which installation asked."""

    @app_commands.allowed_installs(guilds=True, users=True)
    async def look(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(str(interaction.is_user_integration()))

    bot.tree.add_command(app_commands.Command(name="look", description="Looks", callback=look))
    await bot.tree.sync()
    ann = fake.world.user("ann")
    foreign = fake.world.guild("Foreign", has_bot=False).channel("general")
    assert (await (await fake.slash(foreign, ann, "look", user_install=True)).reply()).content == "True"
    assert (await (await fake.slash(fake.world.dm(ann), ann, "look")).reply()).content == "False"
    with pytest.raises(NotOfferedError):
        await fake.slash(foreign, ann, "look")


async def test_buttons_and_lists(fake: DiscordFake, bot: Bot, alerts: Channel) -> None:
    """A press updates its message, a choice is answered privately, and only what is there can be used."""

    class Why(discord.ui.View):
        @discord.ui.button(label="Why", custom_id="why")
        async def why(self, interaction: discord.Interaction, _: discord.ui.Button[Why]) -> None:
            await interaction.response.edit_message(content="because")

        @discord.ui.select(
            custom_id="pick", options=[discord.SelectOption(label="BTC"), discord.SelectOption(label="ETH")]
        )
        async def pick(self, interaction: discord.Interaction, select: discord.ui.Select[Why]) -> None:
            await interaction.response.send_message(select.values[0], ephemeral=True)

    bot.add_view(Why(timeout=None))
    await place(bot, alerts).send("flush", view=Why(timeout=None))
    (message,), ann = alerts.messages, fake.world.user("ann")
    pressed = await fake.click(message, "why", ann)
    assert (await pressed.reply()) is message
    assert (message.content, (await pressed.answered()).type) == ("because", Answer.UPDATE)
    chosen = await (await fake.select(message, "pick", ["ETH"], ann)).reply()
    assert (chosen.content, chosen.ephemeral, alerts.messages) == ("ETH", True, [message])
    for use in (fake.click(message, "gone", ann), fake.select(message, "pick", ["SOL"], ann)):
        with pytest.raises(NotOfferedError):
            await use


async def test_registering_replaces_and_is_checked(fake: DiscordFake, bot: Bot) -> None:
    """Ids stay with names, what is left out is gone, and a body over a limit is refused."""

    async def answer(interaction: discord.Interaction) -> None:
        """Never asked."""

    for name in ("one", "two"):
        bot.tree.add_command(app_commands.Command(name=name, description="x", callback=answer))
    first = {command.name: command.id for command in await bot.tree.sync()}
    bot.tree.remove_command("one")
    second = {command.name: command.id for command in await bot.tree.sync()}
    assert second == {"two": first["two"]}
    assert [command["name"] for command in fake.world.commands[None]] == ["two"]
    upsert = bot.http.bulk_upsert_global_commands
    wrong = {"name": "x", "type": 1, "description": "d" * 101}
    assert await code_of(upsert(fake.world.application_id, [wrong])) == (400, 50035)
