"""Refusals of the fake Discord, met by the real discord.py: every one has the status and code that are documented."""

from __future__ import annotations

import io
from typing import Any

import discord
import pytest

from tests.fakes.discord import (
    Channel,
    DiscordFake,
    Guild,
    Permission,
)
from tests.fakes.discord_selftest.clients import code_of, place

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


LONG_BODIES: list[dict] = [
    {"content": "x" * 2001},
    {"embed": discord.Embed(title="x" * 257)},
    {"embed": discord.Embed(description="x" * 4097)},
    {"embeds": [discord.Embed(description="x" * 3001), discord.Embed(description="x" * 3000)]},
    {"embed": discord.Embed().set_image(url="attachment://missing.png")},
    {"embed": discord.Embed().add_field(name="x", value="")},
    {"content": "x", "nonce": "n" * 26},
]


@pytest.mark.parametrize("body", LONG_BODIES)
async def test_a_body_over_a_limit(rest: discord.Client, alerts: Channel, body: dict) -> None:
    """It is an invalid form, and nothing is stored."""
    assert await code_of(place(rest, alerts).send(**body)) == (400, 50035)
    assert alerts.messages == []


async def test_components_over_a_limit(fake: DiscordFake, rest: discord.Client, alerts: Channel) -> None:
    """Labels, ids, doubles, the 40 components and 4,000 characters of Components V2 are counted."""
    button = {"type": 2, "style": 1, "custom_id": "a", "label": "x"}
    text = {"type": 10, "content": "x"}
    bodies = [
        {"components": [{"type": 1, "components": [button | {"label": "x" * 81}]}]},
        {"components": [{"type": 1, "components": [button | {"custom_id": "x" * 101}]}]},
        {"components": [{"type": 1, "components": [button, button]}]},
        {"components": [{"type": 1, "components": [button]}] * 6},
        {"components": [text]},
        {"components": [text] * 41, "flags": 1 << 15},
        {"components": [{"type": 17, "components": [text | {"content": "x" * 4001}]}], "flags": 1 << 15},
        {"components": [text], "content": "x", "flags": 1 << 15},
    ]
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=alerts.id)
    codes = [await code_of(rest.http.request(route, json=body)) for body in bodies]
    assert codes == [(400, 50035)] * len(bodies)


async def test_components_v2_are_taken(fake: DiscordFake, rest: discord.Client, alerts: Channel) -> None:
    """A layout with text, picture and button arrives, and its picture's address is shown."""
    view = discord.ui.LayoutView(timeout=None)
    gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://a.png"))
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(discord.ui.Button(label="Why", custom_id="why"))
    view.add_item(discord.ui.Container(discord.ui.TextDisplay("# Flush"), gallery, row))
    sent = await place(rest, alerts).send(view=view, file=discord.File(io.BytesIO(b"x"), "a.png"))
    assert sent.flags.components_v2
    shown = sent.components[0].children[1].items[0].media.url  # type: ignore[union-attr]  # the gallery just sent
    assert await rest.http.get_from_cdn(shown) == b"x"


async def test_an_empty_message(rest: discord.Client, alerts: Channel) -> None:
    """There is nothing to send."""
    assert await code_of(place(rest, alerts).send("")) == (400, 50006)


async def test_missing_rights(fake: DiscordFake, rest: discord.Client, alerts: Channel) -> None:
    """A channel that cannot be seen, written to, or shown embeds and files each refuses, and all are invalid."""
    embed = discord.Embed(title="x")
    await fake.forbid(alerts, Permission.EMBED_LINKS)
    assert await code_of(place(rest, alerts).send(embed=embed)) == (403, 50013)
    await place(rest, alerts).send("plain")
    await fake.forbid(alerts, Permission.ATTACH_FILES)
    assert await code_of(place(rest, alerts).send(file=discord.File(io.BytesIO(b"x"), "a"))) == (403, 50013)
    reference = discord.MessageReference(message_id=alerts.messages[0].id, channel_id=alerts.id)
    await fake.forbid(alerts, Permission.READ_MESSAGE_HISTORY)
    assert await code_of(place(rest, alerts).send("x", reference=reference)) == (403, 160002)
    await fake.forbid(alerts, Permission.SEND_MESSAGES)
    assert await code_of(place(rest, alerts).send("x")) == (403, 50013)
    await fake.forbid(alerts)
    assert await code_of(place(rest, alerts).send("x")) == (403, 50001)
    assert fake.invalid_requests == 5


async def test_things_that_are_gone(fake: DiscordFake, rest: discord.Client, guild: Guild, alerts: Channel) -> None:
    """A deleted message, a deleted channel, and a guild that removed the bot."""
    sent = await place(rest, alerts).send("x")
    partial = place(rest, alerts).get_partial_message(sent.id)
    await partial.delete()
    assert await code_of(partial.edit(content="y")) == (404, 10008)
    await fake.delete_channel(alerts)
    assert await code_of(place(rest, alerts).send("x")) == (404, 10003)
    await fake.leave(guild)
    assert await code_of(place(rest, guild.channel("talk")).send("x")) == (403, 50001)


async def test_a_route_that_is_not_there(fake: DiscordFake, rest: discord.Client, guild: Guild) -> None:
    """It answers 404 and is written down."""
    assert await code_of(rest.http.get_roles(guild.id)) == (404, 0)
    assert fake.unknown_routes == [f"GET /api/v10/guilds/{guild.id}/roles"]
