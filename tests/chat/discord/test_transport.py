from __future__ import annotations

import asyncio

import msgspec
import pytest

from bot.chat.discord.budget import POSTING_STOPS_AT, Budget
from bot.chat.discord.client import DiscordClient
from bot.chat.discord.transport import DiscordTransport, nonce_of
from bot.errors import (
    ChannelLostError,
    MessageGoneError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
    UnknownOutcomeError,
)
from tests.chat.discord.home import TOKEN, Home
from tests.chat.discord.messages import at_once, card, failure, followup, named, post
from tests.fakes.discord import Channel, DiscordFake, Guild
from tests.fakes.discord.permissions import Permission

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

SUPPRESS_NOTIFICATIONS = 1 << 12


async def test_a_card(transport: DiscordTransport, alerts: Channel, fake: DiscordFake) -> None:
    """A line for the phone, an embed with the chart inside, five buttons, no sound when silent, and nobody called."""
    platform_id = await transport.send(post(card(), alerts.id, silent=True), at_once)
    (kept,) = alerts.messages
    assert platform_id == str(kept.id)
    assert kept.content.startswith("BTC long flush · ≥\u202f$53.6M")
    (embed,) = kept.embeds
    assert (embed["title"], embed["color"]) == ("BTC long flush · FLUSH 61/100", 0xF5B02E)
    assert embed["image"]["url"] == f"attachment://{kept.attachments[0].filename}"
    assert kept.attachments[0].description
    assert [button["custom_id"] for button in kept.components[0]["components"]][-1] == "do:/alerts mute 1h"
    assert kept.flags & SUPPRESS_NOTIFICATIONS
    assert kept.allowed_mentions == {"parse": []}
    assert fake.unknown_routes == []


async def test_a_repetition_is_dropped_by_discord(
    transport: DiscordTransport, alerts: Channel, fake: DiscordFake
) -> None:
    """A post whose answer was lost is sent again under the same nonce and stands there once."""
    fake.faults.lose_every = 1
    assert isinstance(await failure(transport.send(post(card(), alerts.id), at_once)), UnknownOutcomeError)
    fake.faults.lose_every = 0
    again = await transport.send(post(card(), alerts.id), at_once)
    assert [str(message.id) for message in alerts.messages] == [again]


def test_nonces_differ_by_message_channel_and_showing() -> None:
    """One nonce for all attempts of one message in one channel, within Discord's 25 characters."""
    first = post(card(), 1)
    others = [
        post(card(), 2),
        msgspec.structs.replace(first, message_id="other"),
        msgspec.structs.replace(first, showing="second"),
    ]
    later = msgspec.structs.replace(first, revision=9, language="es", repeat=True)
    assert nonce_of(later) == nonce_of(first)
    assert len({nonce_of(each) for each in (first, *others)}) == 4
    assert len(nonce_of(first)) <= 25


async def test_a_follow_up_answers_its_card(transport: DiscordTransport, alerts: Channel) -> None:
    """By default it is a reply, which also goes out when the card was deleted."""
    card_id = await transport.send(post(card(), alerts.id), at_once)
    await transport.send(followup(alerts, card_id), at_once)
    assert alerts.messages[1].reference is not None
    assert alerts.messages[1].reference["message_id"] == int(card_id)
    alerts.messages.clear()
    await transport.send(followup(alerts, card_id, "24h"), at_once)
    assert len(alerts.messages) == 1


async def test_follow_ups_in_a_thread(
    transport: DiscordTransport, alerts: Channel, guild: Guild, poster: DiscordClient, home: Home
) -> None:
    """The first makes the thread, later ones find it, also after a restart; they can be edited there."""
    card_id = await transport.send(post(card(), alerts.id), at_once)
    first = await transport.send(followup(alerts, card_id, in_thread=True), at_once)
    restarted = DiscordTransport(poster, home.reception)
    await restarted.send(followup(alerts, card_id, "24h", in_thread=True), at_once)
    thread = guild.channels[int(card_id)]
    assert (thread.name, len(thread.messages), len(alerts.messages)) == ("2026-01-19-BTC-1", 2, 1)
    await restarted.edit(followup(alerts, card_id, revision=2), first, at_once)
    assert len(thread.messages[0].edits) == 1


@pytest.mark.parametrize("state", ["locked", "deleted", "forbidden"])
async def test_a_thread_that_takes_nothing(
    transport: DiscordTransport, alerts: Channel, guild: Guild, fake: DiscordFake, state: str
) -> None:
    """Where the thread was locked or deleted, or none may be made, the follow-up answers in the channel."""
    card_id = await transport.send(post(card(), alerts.id), at_once)
    if state == "forbidden":
        await fake.forbid(alerts, Permission.CREATE_PUBLIC_THREADS)
    else:
        await transport.send(followup(alerts, card_id, in_thread=True), at_once)
        guild.channels[int(card_id)].locked = state == "locked"
        if state == "deleted":
            del guild.channels[int(card_id)]
    await transport.send(followup(alerts, card_id, "24h", in_thread=True), at_once)
    await transport.send(followup(alerts, card_id, "72h", in_thread=True), at_once)
    assert [bool(message.reference) for message in alerts.messages] == [False, True, True]


async def test_an_archived_thread_wakes_up(transport: DiscordTransport, alerts: Channel, guild: Guild) -> None:
    """A follow-up days later goes into the thread that has gone to sleep meanwhile."""
    card_id = await transport.send(post(card(), alerts.id), at_once)
    await transport.send(followup(alerts, card_id, in_thread=True), at_once)
    guild.channels[int(card_id)].archived = True
    await transport.send(followup(alerts, card_id, "72h", in_thread=True), at_once)
    assert len(guild.channels[int(card_id)].messages) == 2


async def test_lost_rights(transport: DiscordTransport, alerts: Channel, fake: DiscordFake) -> None:
    """A channel that may not be seen, or not be posted into, is lost for want of rights."""
    for permission in (Permission.EMBED_LINKS, Permission.VIEW_CHANNEL):
        await fake.forbid(alerts, permission)
        lost = await failure(transport.send(post(card(), alerts.id), at_once))
        assert isinstance(lost, ChannelLostError)
        assert lost.reason == "rights"


async def test_a_channel_that_is_gone(transport: DiscordTransport, alerts: Channel, fake: DiscordFake) -> None:
    """A deleted channel is lost, a deleted message is just gone."""
    platform_id = await transport.send(post(card(), alerts.id), at_once)
    alerts.messages.clear()
    assert isinstance(
        await failure(transport.edit(post(card(), alerts.id, revision=2), platform_id, at_once)), MessageGoneError
    )
    await fake.delete_channel(alerts)
    lost = await failure(transport.send(post(card(), alerts.id), at_once))
    assert isinstance(lost, ChannelLostError)
    assert lost.reason == "gone"


async def test_discord_is_down(transport: DiscordTransport, alerts: Channel, fake: DiscordFake) -> None:
    """One bad gateway is got over; five leave a post in doubt, while an edit is made again later."""
    fake.fail_next(502, 1)
    platform_id = await transport.send(post(card(), alerts.id), at_once)
    fake.fail_next(502, 5)
    assert isinstance(
        await failure(transport.send(post(card(), alerts.id, message_id="other"), at_once)), UnknownOutcomeError
    )
    fake.fail_next(502, 5)
    late = await failure(transport.edit(post(card(), alerts.id, revision=2), platform_id, at_once))
    assert isinstance(late, TemporaryDeliveryError)


async def test_nobody_answers(transport: DiscordTransport, alerts: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no connection comes about, nothing was delivered for certain."""
    monkeypatch.setattr("discord.http.Route.BASE", "http://127.0.0.1:1/api/v10")
    assert isinstance(await failure(transport.send(post(card(), alerts.id), at_once)), TemporaryDeliveryError)


async def test_a_ban_of_cloudflare_stops_everything(
    transport: DiscordTransport, alerts: Channel, fake: DiscordFake
) -> None:
    """A 429 that Discord did not write concerns every channel, for half an hour."""
    fake.faults.banned = True
    banned = await failure(transport.send(post(card(), alerts.id), at_once))
    assert isinstance(banned, TemporaryDeliveryError)
    assert (banned.retry_after_s, banned.everywhere) == (1800.0, True)


@pytest.mark.parametrize(("window_s", "waits"), [(6.0, False), (900.0, True)])
async def test_edits_of_old_messages_are_rare(
    transport: DiscordTransport, alerts: Channel, fake: DiscordFake, window_s: float, waits: bool
) -> None:
    """More edits of an old message than Discord likes: a short wait is waited, a long one is left to the outbox."""
    platform_id = await transport.send(post(card(), alerts.id), at_once)
    fake.limits.old_edit_age_ms, fake.limits.old_edit_window_s = -1, window_s
    for revision in range(2, 5):
        await transport.edit(post(card(), alerts.id, revision=revision), platform_id, at_once)
    fourth = transport.edit(post(card(), alerts.id, revision=5), platform_id, at_once)
    if waits:
        told = await failure(fourth)
        assert isinstance(told, TemporaryDeliveryError)
        assert 800 < (told.retry_after_s or 0) <= 900
    else:
        await fourth
    assert len(alerts.messages[0].edits) == 3 + (not waits)


async def test_a_token_that_is_refused(transport: DiscordTransport, alerts: Channel, fake: DiscordFake) -> None:
    """A token that was changed meanwhile loses no post: all of them wait."""
    fake.world.token = "another"
    refused = await failure(transport.send(post(card(), alerts.id), at_once))
    assert isinstance(refused, TemporaryDeliveryError)
    assert refused.everywhere


async def test_a_body_that_discord_refuses_is_final(
    transport: DiscordTransport, alerts: Channel, fake: DiscordFake
) -> None:
    """What was wrong with a post stays wrong."""
    fake.fail_next(400, 1)
    assert type(await failure(transport.send(post(card(), alerts.id), at_once))) is PermanentDeliveryError


async def test_too_many_refusals_stop_posting(
    poster: DiscordClient, transport: DiscordTransport, alerts: Channel, fake: DiscordFake
) -> None:
    """Refusals are counted where they happen; at a tenth of what Discord bears, no post is tried any more."""
    await fake.forbid(alerts)
    await failure(transport.send(post(card(), alerts.id), at_once))
    now_s = asyncio.get_running_loop().time()
    assert poster.budget.count(now_s) == fake.invalid_requests == 1
    for _ in range(999):
        poster.budget.note(403, None, now_s)
    before = len(fake.log)
    stopped = await failure(transport.send(post(card(), alerts.id), at_once))
    assert isinstance(stopped, TemporaryDeliveryError)
    assert stopped.everywhere
    assert 0 < (stopped.retry_after_s or 0) <= 600
    assert len(fake.log) == before


async def test_before_and_after_the_connection_posts_wait(home: Home, fake: DiscordFake, alerts: Channel) -> None:
    """Without a token, and after the end, nothing is lost: it is tried again."""
    client = home.client(offers_commands=False)
    transport = DiscordTransport(client, home.reception)
    assert isinstance(await failure(transport.send(post(card(), alerts.id), at_once)), TemporaryDeliveryError)
    async with client:
        await client.login("fake.bot.token")
        await transport.send(post(card(), alerts.id), at_once)
    assert isinstance(await failure(transport.send(post(card(), alerts.id), at_once)), TemporaryDeliveryError)


async def test_the_next_showing_of_a_recording(transport: DiscordTransport, alerts: Channel) -> None:
    """After a new beginning the same ids and revisions stand for other posts: each is shown, with its own words."""
    first, second = (card(push=named(text)) for text in ("first", "second"))
    await transport.send(post(first, alerts.id, showing="1"), at_once)
    await transport.send(post(second, alerts.id, showing="2"), at_once)
    assert [message.content for message in alerts.messages] == ["first", "second"]


async def test_a_restart_does_not_forget_refusals(home: Home, fake: DiscordFake, alerts: Channel) -> None:
    """A budget that is handed on stops the next client's posts as well."""
    budget = Budget()
    now_s = asyncio.get_running_loop().time()
    for _ in range(POSTING_STOPS_AT):
        budget.note(403, None, now_s)
    client = home.client(offers_commands=False, budget=budget)
    async with client:
        await client.login(TOKEN)
        stopped = await failure(DiscordTransport(client, home.reception).send(post(card(), alerts.id), at_once))
    assert isinstance(stopped, TemporaryDeliveryError)
    assert not alerts.messages
