"""A Discord that takes requests and does not answer: everything ends in time, and what it means is told."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat.discord.client import DiscordClient
from bot.chat.discord.session import log_in
from bot.chat.discord.transport import DiscordTransport
from bot.errors import ChatError, TemporaryDeliveryError, UnknownOutcomeError
from bot.message import Message
from tests.chat.discord.home import TOKEN, Home, until
from tests.chat.discord.messages import at_once, card, failure, followup, post
from tests.fakes.discord import Channel, DiscordFake, Guild

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

NEVER_S = 100_000.0


def now_s() -> float:
    """Seconds on the loop's clock."""
    return asyncio.get_running_loop().time()


@pytest.mark.parametrize(("message", "expected_s"), [(card(chart=None), 30), (card(), 60)], ids=["words", "picture"])
async def test_a_send(
    transport: DiscordTransport, alerts: Channel, fake: DiscordFake, message: Message, expected_s: float
) -> None:
    """A post is in doubt after half a minute, one with a picture after a minute; its repetition shows it once."""
    fake.faults.answers_after_s, began_s = NEVER_S, now_s()
    doubtful = await failure(transport.send(post(message, alerts.id), at_once))
    assert isinstance(doubtful, UnknownOutcomeError)
    assert now_s() - began_s == pytest.approx(expected_s, abs=1.5)
    fake.faults.answers_after_s = 0.0
    assert await transport.send(post(message, alerts.id), at_once) == str(alerts.messages[0].id)
    assert len(alerts.messages) == 1


async def test_an_edit(transport: DiscordTransport, alerts: Channel, fake: DiscordFake) -> None:
    """An edit is made again later, because it does not matter whether it arrived."""
    platform_id = await transport.send(post(card(), alerts.id), at_once)
    fake.faults.answers_after_s, began_s = NEVER_S, now_s()
    late = await failure(transport.edit(post(card(rows=()), alerts.id, revision=2), platform_id, at_once))
    assert isinstance(late, TemporaryDeliveryError)
    assert now_s() - began_s == pytest.approx(30, abs=1.5)


async def test_a_thread(transport: DiscordTransport, alerts: Channel, fake: DiscordFake) -> None:
    """A thread that is made without an answer holds up its follow-up for as long as any other request."""
    card_id = await transport.send(post(card(), alerts.id), at_once)
    fake.faults.answers_after_s, began_s = NEVER_S, now_s()
    doubtful = await failure(transport.send(followup(alerts, card_id, in_thread=True), at_once))
    assert isinstance(doubtful, UnknownOutcomeError)
    assert now_s() - began_s == pytest.approx(30, abs=1.5)


async def test_a_log_in(home: Home, fake: DiscordFake) -> None:
    """The operator is told what to look at."""
    fake.faults.answers_after_s, began_s = NEVER_S, now_s()
    async with home.client() as client:
        with pytest.raises(ChatError, match=r"does not answer in time; look at .* discordstatus\.com"):
            await log_in(client, TOKEN)
    assert now_s() - began_s == pytest.approx(30, abs=1.5)


async def test_telling_the_commands(home: Home, fake: DiscordFake) -> None:
    """A start goes on when Discord does not answer what it is told."""
    fake.faults.answers_after_s, fake.faults.slow_path, began_s = NEVER_S, "/commands", now_s()
    async with home.client() as client:
        await log_in(client, TOKEN)
    assert fake.log[-1].method == "PUT"
    assert now_s() - began_s == pytest.approx(30, abs=1.5)


async def test_waiting_for_a_rate_limit_is_no_hanging(
    transport: DiscordTransport, alerts: Channel, fake: DiscordFake
) -> None:
    """A wait that Discord asked for and slow answers are more than half a minute together, and nothing is lost."""
    platform_id = await transport.send(post(card(), alerts.id), at_once)
    fake.limits.old_edit_age_ms, fake.limits.old_edit_window_s = -1, 28.0
    for revision in range(2, 5):
        await transport.edit(post(card(), alerts.id, revision=revision), platform_id, at_once)
    fake.faults.answers_after_s, began_s = 20.0, now_s()
    await transport.edit(post(card(), alerts.id, revision=5), platform_id, at_once)
    assert now_s() - began_s > 60
    assert len(alerts.messages[0].edits) == 4


async def test_an_answer(online: DiscordClient, fake: DiscordFake, guild: Guild) -> None:
    """Answering somebody ends too: nobody waits any more after a minute and a half."""
    fake.faults.answers_after_s, began_s = NEVER_S, now_s()
    await fake.slash(guild.channel("talk"), fake.world.user("eva"), "help")
    await until(lambda: fake.log[-1].path.endswith("/callback"))
    (answering,) = [task for task in asyncio.all_tasks() if task.get_name() == "CommandTree-invoker"]
    await answering
    assert now_s() - began_s == pytest.approx(90, abs=3)
