"""Requests that post or edit go one by one, each in its turn, whatever a post takes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.chat.discord.client import DiscordClient
from bot.chat.discord.transport import DiscordTransport
from bot.errors import TemporaryDeliveryError
from tests.chat.discord.home import Home
from tests.chat.discord.messages import CHART, at_once, card, failure, followup, post
from tests.fakes.discord import Channel, DiscordFake, Guild
from tests.fakes.discord.permissions import Permission

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


@dataclass
class Turns:
    """Notes when each turn was asked for, and how many requests there had been by then."""

    fake: DiscordFake
    refused_from: int = 100
    began: int = 0
    requests: list[int] = field(default_factory=list)
    at_s: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.began = len(self.fake.log)

    async def __call__(self) -> None:
        self.requests.append(len(self.fake.log) - self.began)
        self.at_s.append(asyncio.get_running_loop().time())
        if len(self.requests) >= self.refused_from:
            raise TemporaryDeliveryError("paused", 7.0, everywhere=True)

    @property
    def one_each(self) -> int:
        """How many requests there were, each directly after its turn."""
        assert self.requests == list(range(len(self.fake.log) - self.began))
        return len(self.requests)


async def test_a_post_and_an_edit(transport: DiscordTransport, alerts: Channel, fake: DiscordFake) -> None:
    """One request is one turn."""
    turns = Turns(fake)
    platform_id = await transport.send(post(card(), alerts.id), turns)
    await transport.edit(post(card(rows=()), alerts.id, revision=2), platform_id, turns)
    assert turns.one_each == 2


async def test_drawing_comes_before_the_turn(
    transport: DiscordTransport, alerts: Channel, home: Home, fake: DiscordFake
) -> None:
    """However long a chart takes, its post asks for its turn when it is ready to go; so does an edit."""
    home.brush.takes_s = 2.0
    turns, began_s = Turns(fake), asyncio.get_running_loop().time()
    platform_id = await transport.send(post(card(), alerts.id), turns)
    await transport.edit(post(card(chart=CHART), alerts.id, revision=2), platform_id, turns)
    assert [at_s - began_s for at_s in turns.at_s] == pytest.approx([2.0, 4.0], abs=0.2)
    assert turns.one_each == 2


async def test_a_thread(transport: DiscordTransport, alerts: Channel, fake: DiscordFake) -> None:
    """Making a thread is a request of its own; the next follow-up finds it."""
    card_id = await transport.send(post(card(), alerts.id), at_once)
    turns = Turns(fake)
    await transport.send(followup(alerts, card_id, in_thread=True), turns)
    assert turns.one_each == 2
    await transport.send(followup(alerts, card_id, "24h", in_thread=True), turns)
    assert turns.one_each == 3


async def test_a_thread_that_takes_nothing(
    transport: DiscordTransport, alerts: Channel, guild: Guild, fake: DiscordFake
) -> None:
    """The post that goes into the channel instead waits for its own turn."""
    card_id = await transport.send(post(card(), alerts.id), at_once)
    await transport.send(followup(alerts, card_id, in_thread=True), at_once)
    guild.channels[int(card_id)].locked = True
    turns = Turns(fake)
    await transport.send(followup(alerts, card_id, "24h", in_thread=True), turns)
    assert turns.one_each == 2


async def test_an_upload(poster: DiscordClient, home: Home, guild: Guild, alerts: Channel, fake: DiscordFake) -> None:
    """A chart that is stored costs one more request, once."""
    transport = DiscordTransport(poster, home.reception, storage_channel=guild.channel("talk").id)
    turns = Turns(fake)
    await transport.send(post(card(), alerts.id), turns)
    await transport.send(post(card(), alerts.id, message_id="other"), turns)
    assert turns.one_each == 3


async def test_a_reply_where_nothing_earlier_may_be_read(
    transport: DiscordTransport, alerts: Channel, fake: DiscordFake
) -> None:
    """Without Read Message History a follow-up stands for itself, in a second request with its own turn."""
    card_id = await transport.send(post(card(), alerts.id), at_once)
    await fake.forbid(alerts, Permission.READ_MESSAGE_HISTORY)
    turns = Turns(fake)
    platform_id = await transport.send(followup(alerts, card_id), turns)
    assert turns.one_each == 2
    assert (str(alerts.messages[-1].id), alerts.messages[-1].reference) == (platform_id, None)


@pytest.mark.parametrize("number", [1, 2])
async def test_a_pause_is_passed_on(
    poster: DiscordClient, home: Home, guild: Guild, alerts: Channel, fake: DiscordFake, number: int
) -> None:
    """When the platform is paused before a turn comes, nothing more is asked, and later all of it goes."""
    transport = DiscordTransport(poster, home.reception, storage_channel=guild.channel("talk").id)
    paused = await failure(transport.send(post(card(), alerts.id), Turns(fake, refused_from=number)))
    assert isinstance(paused, TemporaryDeliveryError)
    assert (paused.retry_after_s, paused.everywhere, alerts.messages) == (7.0, True, [])
    await transport.send(post(card(), alerts.id), at_once)
    assert len(guild.channel("talk").messages) == len(alerts.messages) == 1
    assert not alerts.messages[0].attachments


@pytest.mark.parametrize("when", ["while drawing", "while waiting"])
@pytest.mark.parametrize("edits", [False, True])
async def test_a_client_that_is_closed_meanwhile(
    transport: DiscordTransport, poster: DiscordClient, alerts: Channel, home: Home, when: str, edits: bool
) -> None:
    """A post that finds the connection closed when it is ready to go waits for the next one."""

    async def turn() -> None:
        if when == "while waiting":
            await poster.close()

    platform_id = await transport.send(post(card(), alerts.id), at_once)
    home.brush.takes_s = 2.0
    late = post(card(chart=CHART), alerts.id, message_id="late")
    going = asyncio.create_task(
        failure(transport.edit(late, platform_id, turn) if edits else transport.send(late, turn))
    )
    if when == "while drawing":
        await asyncio.sleep(1)
        await poster.close()
    stopped = await going
    assert isinstance(stopped, TemporaryDeliveryError)
    assert stopped.everywhere


async def test_a_client_that_is_closed_over_a_request(
    transport: DiscordTransport, poster: DiscordClient, alerts: Channel, fake: DiscordFake
) -> None:
    """A try that discord.py wanted to repeat finds the connection closed: the post waits for the next one."""
    fake.fail_next(502, 1)
    going = asyncio.create_task(failure(transport.send(post(card(), alerts.id), at_once)))
    await asyncio.sleep(0.5)
    await poster.close()
    stopped = await going
    assert isinstance(stopped, TemporaryDeliveryError)
    assert stopped.everywhere
