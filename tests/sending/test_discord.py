"""Many channels of Discord at once: pace, refusals, lost answers, and what is left in the rows."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial

import pytest

from bot.store.channels import load_channels, save_channel
from bot.store.database import Store
from bot.store.deliveries import load_deliveries
from tests.fakes.discord import Channel, DiscordFake, Permission
from tests.sending.conftest import sending_to_discord
from tests.sending.outbox import NOW_MS, put

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

PACE = 45


@pytest.fixture
async def fake() -> AsyncIterator[DiscordFake]:
    """A Discord with nobody in it."""
    async with DiscordFake() as fake:
        yield fake


def channels_of(fake: DiscordFake, count: int) -> list[Channel]:
    """Channels in servers of fifty each."""
    names = [f"alerts-{number}" for number in range(50)]
    guilds = [fake.world.guild(f"server {number}", channels=names) for number in range(-(-count // 50))]
    return [guild.channel(name) for guild in guilds for name in names][:count]


def ids(channels: list[Channel]) -> list[str]:
    """Their ids in the store."""
    return [f"discord:{channel.id}" for channel in channels]


async def states(store: Store, name: str) -> Counter[str]:
    """How many deliveries of a message are in which state."""
    return Counter(row.state for row in await store.run(lambda db: load_deliveries(db, name)))


def posts(fake: DiscordFake) -> list[float]:
    """When each request to create a message arrived."""
    return [entry.at_s for entry in fake.log if entry.method == "POST" and entry.path.endswith("/messages")]


def most_in_a_second(at_s: list[float]) -> int:
    """The largest number of requests in any second."""
    return max(sum(start <= other < start + 1 for other in at_s[n : n + 2 * PACE]) for n, start in enumerate(at_s))


@pytest.mark.parametrize("count", [400, pytest.param(2_000, marks=pytest.mark.slow)])
async def test_many_channels_are_served_evenly_and_without_one_refusal(
    count: int, fake: DiscordFake, store: Store
) -> None:
    """All have the card within 1.05 × count/45 s, no 429 was given, and no second saw more than the pace."""
    channels = channels_of(fake, count)
    await put(store, "card", ids(channels))
    began_s = asyncio.get_running_loop().time()
    async with sending_to_discord(fake.api, store) as sender:
        assert await sender.drain(NOW_MS) == count
    took_s = asyncio.get_running_loop().time() - began_s
    assert took_s <= 1.05 * count / PACE
    assert {len(channel.messages) for channel in channels} == {1}
    assert Counter(entry.status for entry in fake.log)[429] == 0
    at_s = posts(fake)
    assert (
        max(sum(start <= other < start + 1 for other in at_s[n : n + 60]) for n, start in enumerate(at_s)) <= PACE + 1
    )


async def test_five_hundred_channels_without_rights_cost_one_refusal_each(fake: DiscordFake, store: Store) -> None:
    """A storm of 403 stays under 1,000 invalid requests over three alerts; the channels are suspended with a reason."""
    closed, open_ = channels_of(fake, 500), channels_of(fake, 20)
    for channel in closed:
        await fake.forbid(channel, Permission.SEND_MESSAGES)
    async with sending_to_discord(fake.api, store) as sender:
        for name in ("first", "second", "third"):
            await put_again(store, name, ids(closed + open_))
            await sender.drain(NOW_MS)
    assert fake.invalid_requests == 500
    rows = {row.id: row for row in await store.run(load_channels)}
    assert {(rows[id_].state, rows[id_].reason) for id_ in ids(closed)} == {("suspended", "rights")}
    assert {rows[id_].state for id_ in ids(open_)} == {"on"}
    assert {len(channel.messages) for channel in open_} == {3}


async def put_again(store: Store, name: str, channels: list[str]) -> None:
    """Another card; channels that were suspended meanwhile stay so."""
    suspended = {row.id: row for row in await store.run(load_channels) if row.state != "on"}
    await put(store, name, channels)
    for row in suspended.values():
        await store.run(partial(save_channel, row=row))


async def test_lost_answers_leave_one_message_in_each_channel(fake: DiscordFake, store: Store) -> None:
    """Every fifth answer is lost after the message was stored: the nonce keeps every channel at one message."""
    channels = channels_of(fake, 100)
    fake.faults.lose_every = 5
    await put(store, "card", ids(channels))
    async with sending_to_discord(fake.api, store) as sender:
        await sender.drain(NOW_MS)
    assert {len(channel.messages) for channel in channels} == {1}
    assert await states(store, "card") == {"sent": 100}
    assert len(posts(fake)) >= 120


async def test_an_outage_is_waited_out(fake: DiscordFake, store: Store) -> None:
    """Answers of 502 for a while cost time, and neither a message nor a second one."""
    channels = channels_of(fake, 10)
    fake.fail_next(status=502, times=30, method="POST")
    await put(store, "card", ids(channels))
    async with sending_to_discord(fake.api, store) as sender:
        await sender.drain(NOW_MS)
    assert {len(channel.messages) for channel in channels} == {1}
    assert await states(store, "card") == {"sent": 10}


async def test_a_ban_of_the_address_stops_all_sending(fake: DiscordFake, store: Store) -> None:
    """After a 429 without Via nothing is sent for half an hour; then all that waits goes out."""
    channels = channels_of(fake, 40)
    await put(store, "card", ids(channels))
    async with sending_to_discord(fake.api, store) as sender:
        fake.faults.banned = True
        sending = asyncio.create_task(sender.drain(NOW_MS))
        await asyncio.sleep(60)
        tried = len(posts(fake))
        assert tried < 10
        await asyncio.sleep(1_500)
        assert len(posts(fake)) == tried
        fake.faults.banned = False
        assert await sending == 40


async def test_a_global_limit_of_somebody_else_is_waited_for(fake: DiscordFake, store: Store) -> None:
    """Where the token is used elsewhere too, 429s with Via are obeyed and every channel gets its one message."""
    fake.limits.all_requests.most = 20
    channels = channels_of(fake, 120)
    await put(store, "card", ids(channels))
    async with sending_to_discord(fake.api, store) as sender:
        assert await sender.drain(NOW_MS) == 120
    assert {len(channel.messages) for channel in channels} == {1}
    assert fake.invalid_requests < 120


async def test_deleted_channels_and_messages_are_given_up(fake: DiscordFake, store: Store) -> None:
    """A channel that is gone is suspended as gone, without a second request."""
    [gone, here] = channels_of(fake, 2)
    await put(store, "card", ids([gone, here]))
    await fake.delete_channel(gone)
    async with sending_to_discord(fake.api, store) as sender:
        await sender.drain(NOW_MS)
    rows = {row.id: row for row in await store.run(load_channels)}
    assert [(rows[id_].state, rows[id_].reason) for id_ in ids([gone, here])] == [("suspended", "gone"), ("on", "")]
    assert await states(store, "card") == {"sent": 1, "dead": 1}
