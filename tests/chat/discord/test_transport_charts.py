"""Pictures of posts: sent once, kept through edits, linked from a storage channel."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat.discord.client import DiscordClient
from bot.chat.discord.transport import DiscordTransport
from tests.chat.discord.home import Home
from tests.chat.discord.messages import CHART, at_once, card, post
from tests.fakes.discord import Channel, DiscordFake, Guild

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


async def test_an_edit_keeps_the_picture_until_it_changes(
    transport: DiscordTransport, alerts: Channel, home: Home
) -> None:
    """The same chart is not uploaded again; another one takes its place; without one it goes."""
    platform_id = await transport.send(post(card(), alerts.id), at_once)
    (kept,) = alerts.messages
    first = kept.attachments[0].id
    await transport.edit(post(card(rows=()), alerts.id, revision=2), platform_id, at_once)
    assert [each.id for each in kept.attachments] == [first]
    await transport.edit(post(card(chart=CHART), alerts.id, revision=3), platform_id, at_once)
    (second,) = kept.attachments
    assert second.id != first
    assert kept.embeds[0]["image"]["url"] == f"attachment://{second.filename}"
    await transport.edit(post(card(chart=None), alerts.id, revision=4), platform_id, at_once)
    assert not kept.attachments
    assert "image" not in kept.embeds[0]


@pytest.mark.parametrize("stored", [False, True])
async def test_an_edit_that_cannot_draw_keeps_the_picture(
    poster: DiscordClient, guild: Guild, alerts: Channel, home: Home, *, stored: bool
) -> None:
    """An older picture is better than none, wherever it lies; the next one that can be drawn takes its place."""
    transport = DiscordTransport(poster, home.reception, guild.channel("talk").id if stored else None)
    platform_id = await transport.send(post(card(), alerts.id), at_once)
    (kept,) = alerts.messages
    before = kept.embeds[0]["image"]["url"], [each.id for each in kept.attachments]
    home.brush.fails = True
    for revision in (2, 3):
        await transport.edit(post(card(chart=CHART), alerts.id, revision=revision), platform_id, at_once)
        assert (kept.embeds[0]["image"]["url"], [each.id for each in kept.attachments]) == before
    home.brush.fails = False
    await transport.edit(post(card(chart=CHART), alerts.id, revision=4), platform_id, at_once)
    assert kept.embeds[0]["image"]["url"] != before[0]
    assert len(kept.attachments) == (not stored)


async def test_after_a_restart_an_edit_that_cannot_draw_leaves_files_alone(
    transport: DiscordTransport, alerts: Channel, poster: DiscordClient, home: Home
) -> None:
    """Whoever does not know what was posted takes nothing away."""
    platform_id = await transport.send(post(card(), alerts.id), at_once)
    home.brush.fails = True
    later = post(card(chart=CHART), alerts.id, revision=2)
    await DiscordTransport(poster, home.reception).edit(later, platform_id, at_once)
    assert len(alerts.messages[0].attachments) == 1


async def test_after_a_restart_an_edit_brings_its_picture(
    transport: DiscordTransport, alerts: Channel, poster: DiscordClient, home: Home
) -> None:
    """Whoever does not know what was posted posts one picture, not two."""
    platform_id = await transport.send(post(card(), alerts.id), at_once)
    await DiscordTransport(poster, home.reception).edit(post(card(), alerts.id, revision=2), platform_id, at_once)
    assert len(alerts.messages[0].attachments) == 1


async def test_a_stored_chart_is_uploaded_once(
    poster: DiscordClient, home: Home, guild: Guild, alerts: Channel
) -> None:
    """With a storage channel every post links to the one upload, by an address that does not expire."""
    store = guild.channel("talk")
    transport = DiscordTransport(poster, home.reception, storage_channel=store.id)
    await asyncio.gather(
        *(transport.send(post(card(), alerts.id, message_id=f"{number}/card"), at_once) for number in range(3))
    )
    (upload,) = store.messages
    addresses = {message.embeds[0]["image"]["url"] for message in alerts.messages}
    assert len(addresses) == 1
    assert addresses.pop().endswith(f"/{upload.attachments[0].filename}")
    assert not [message for message in alerts.messages if message.attachments]


async def test_without_its_storage_a_chart_goes_along(
    poster: DiscordClient, home: Home, guild: Guild, alerts: Channel, fake: DiscordFake
) -> None:
    """A storage channel that is lost costs one refused request for each chart, and no post its picture."""
    store = guild.channel("talk")
    await fake.forbid(store)
    transport = DiscordTransport(poster, home.reception, storage_channel=store.id)
    for number in range(3):
        await transport.send(post(card(), alerts.id, message_id=f"{number}/card"), at_once)
    assert [len(message.attachments) for message in alerts.messages] == [1, 1, 1]
    assert fake.invalid_requests == 1


async def test_a_picture_that_failed_is_tried_again(transport: DiscordTransport, alerts: Channel, home: Home) -> None:
    """A post goes out without the chart that could not be drawn; the next channel may have it."""
    home.brush.fails = True
    await transport.send(post(card(), alerts.id), at_once)
    home.brush.fails = False
    await transport.send(post(card(), alerts.id, message_id="other"), at_once)
    assert [len(message.attachments) for message in alerts.messages] == [0, 1]


async def test_a_wording_is_made_once_for_all_channels(transport: DiscordTransport, guild: Guild, home: Home) -> None:
    """Two channels of one language share one picture; another language or theme has its own."""
    for number, changes in enumerate([{}, {}, {"language": "es"}, {"theme": "light"}]):
        await transport.send(post(card(), guild.channel("talk" if number else "alerts").id, **changes), at_once)
    assert home.brush.drawn == 3
