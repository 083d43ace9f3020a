"""Messages at the fake Discord, driven by the real discord.py: sending, changing, nonces, files, threads."""

from __future__ import annotations

import asyncio
import io

import aiohttp
import discord
import pytest

from tests.fakes.discord import (
    Channel,
    DiscordFake,
    Guild,
)
from tests.fakes.discord_selftest.clients import Bot, code_of, place, until

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


async def test_a_message_stands_in_its_channel(fake: DiscordFake, rest: discord.Client, alerts: Channel) -> None:
    """Everything that was sent is found in the world: text, embed, buttons, file, mentions."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Why", custom_id="why:1"))
    sent = await place(rest, alerts).send(
        "Longs flushed",
        embed=discord.Embed(title="BTC").set_image(url="attachment://chart.png"),
        file=discord.File(io.BytesIO(b"png"), "chart.png", description="A fall"),
        view=view,
        allowed_mentions=discord.AllowedMentions.none(),
    )
    (message,) = alerts.messages
    assert (message.id, message.content, message.embeds[0]["title"]) == (sent.id, "Longs flushed", "BTC")
    assert message.components[0]["components"][0]["custom_id"] == "why:1"
    assert (message.attachments[0].content, message.attachments[0].description) == (b"png", "A fall")
    assert message.allowed_mentions == {"parse": []}


async def test_a_file_shown_in_an_embed_is_no_attachment(
    fake: DiscordFake, rest: discord.Client, alerts: Channel
) -> None:
    """The answer shows the file's own address in the embed, and does not list the file."""
    embed = discord.Embed().set_image(url="attachment://a.png")
    sent = await place(rest, alerts).send(embed=embed, file=discord.File(io.BytesIO(b"x"), "a.png"))
    assert sent.attachments == []
    assert await rest.http.get_from_cdn(sent.embeds[0].image.url or "") == b"x"


async def test_a_stored_file_is_shown_elsewhere_without_its_signature(
    fake: DiscordFake, rest: discord.Client, guild: Guild
) -> None:
    """An address of an earlier upload, query taken off, is signed anew where it is shown."""
    store = await place(rest, guild.channel("talk")).send(file=discord.File(io.BytesIO(b"x"), "a.png"))
    bare = store.attachments[0].url.partition("?")[0]
    with pytest.raises(discord.NotFound):
        await rest.http.get_from_cdn(bare)
    shown = await place(rest, guild.channel("alerts")).send(embed=discord.Embed().set_image(url=bare))
    assert await rest.http.get_from_cdn(shown.embeds[0].image.url or "") == b"x"


async def test_an_edit_changes_what_it_names(fake: DiscordFake, rest: discord.Client, alerts: Channel) -> None:
    """Other parts of the message stay, and the body of the change is kept."""
    sent = await place(rest, alerts).send("one", embed=discord.Embed(title="kept"))
    await place(rest, alerts).get_partial_message(sent.id).edit(content="two")
    (message,) = alerts.messages
    assert (message.content, message.embeds[0]["title"], len(message.edits)) == ("two", "kept", 1)


async def test_one_nonce_makes_one_message(fake: DiscordFake, rest: discord.Client, guild: Guild) -> None:
    """Within the window the first message is answered again; in another channel it is another message."""
    alerts, talk = guild.channel("alerts"), guild.channel("talk")
    first = await place(rest, alerts).send("x", nonce="n1")
    again = await place(rest, alerts).send("x", nonce="n1")
    elsewhere = await place(rest, talk).send("x", nonce="n1")
    assert first.id == again.id != elsewhere.id
    assert len(alerts.messages) == 1


async def test_a_nonce_is_forgotten_after_its_window(fake: DiscordFake, rest: discord.Client, alerts: Channel) -> None:
    """Two minutes after the first message the same nonce makes a second one, and not before."""
    await place(rest, alerts).send("x", nonce="n1")
    await asyncio.sleep(fake.channels.nonce_window_s - 1)
    await place(rest, alerts).send("x", nonce="n1")
    assert len(alerts.messages) == 1
    await asyncio.sleep(1)
    await place(rest, alerts).send("x", nonce="n1")
    assert len(alerts.messages) == 2


async def test_a_lost_answer_and_a_resend_make_one_message(
    fake: DiscordFake, rest: discord.Client, alerts: Channel
) -> None:
    """The message is stored, the sender learns nothing, and its second try finds it."""
    fake.faults.lose_every = 1
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await place(rest, alerts).send("x", nonce="n1")
    assert len(alerts.messages) == 1
    fake.faults.lose_every = 0
    found = await place(rest, alerts).send("x", nonce="n1")
    assert [message.id for message in alerts.messages] == [found.id]
    assert [logged.status for logged in fake.log if logged.method == "POST"] == [0, 200]


async def test_a_reply_keeps_its_reference(fake: DiscordFake, rest: discord.Client, alerts: Channel) -> None:
    """A reply to an unknown message is refused, or sent plainly where that was asked."""
    sent = await place(rest, alerts).send("x")
    await place(rest, alerts).send("y", reference=sent)
    reference = alerts.messages[1].reference or {}
    assert (reference["message_id"], reference["channel_id"]) == (sent.id, alerts.id)
    gone = discord.MessageReference(message_id=1, channel_id=alerts.id)
    assert await code_of(place(rest, alerts).send("z", reference=gone)) == (400, 50035)
    gone.fail_if_not_exists = False
    await place(rest, alerts).send("z", reference=gone)
    assert alerts.messages[2].reference is None


async def test_a_message_gets_one_thread(fake: DiscordFake, bot: Bot, guild: Guild, alerts: Channel) -> None:
    """A thread has its message's id, takes messages, and is seen by the client; a second one is refused."""
    sent = await place(bot, alerts).send("x")
    message = await bot.guilds[0].text_channels[0].fetch_message(sent.id)
    thread = await message.create_thread(name="After the flush")
    await thread.send("15 min")
    assert thread.id == sent.id
    assert [each.content for each in guild.channels[thread.id].messages] == ["15 min"]
    await until(lambda: bot.guilds[0].get_thread(thread.id) is not None)
    assert await code_of(message.create_thread(name="Again")) == (400, 160004)


async def test_archived_and_locked_threads(fake: DiscordFake, rest: discord.Client, alerts: Channel) -> None:
    """An archived thread refuses edits and opens on a message; a locked one refuses messages."""
    sent = await place(rest, alerts).send("x")
    await rest.http.start_thread_with_message(alerts.id, sent.id, name="t", auto_archive_duration=60)
    thread = alerts.messages[0].thread
    assert thread
    inside = await place(rest, thread).send("y")
    thread.archived = True
    edit = place(rest, thread).get_partial_message(inside.id).edit
    assert await code_of(edit(content="z")) == (400, 50083)
    await place(rest, thread).send("wakes it")
    assert not thread.archived
    thread.locked = True
    assert await code_of(place(rest, thread).send("z")) == (403, 160005)


async def test_a_person_can_be_written_to(fake: DiscordFake, rest: discord.Client) -> None:
    """A conversation opens for everybody, and refuses messages to who takes none."""
    ann, bob = fake.world.user("ann"), fake.world.user("bob", accepts_dms=False)
    opened = await rest.http.start_private_message(ann.id)
    await rest.get_partial_messageable(int(opened["id"])).send("hello")
    assert fake.world.dm(ann).messages[0].content == "hello"
    assert await code_of(place(rest, fake.world.dm(bob)).send("hello")) == (403, 50007)
