"""Rate limits, failures and bans of the fake Discord, met by the real discord.py."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from tests.fakes.discord import (
    Channel,
    DiscordFake,
)
from tests.fakes.discord_selftest.clients import TOKEN, code_of, place

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


async def test_a_bucket_is_obeyed(fake: DiscordFake, rest: discord.Client, alerts: Channel) -> None:
    """discord.py reads the headers and never meets a 429 in one channel."""
    await asyncio.gather(*(place(rest, alerts).send(str(number)) for number in range(12)))
    assert len(alerts.messages) == 12
    assert {logged.status for logged in fake.log} == {200}


async def test_a_bucket_that_is_not_obeyed(fake: DiscordFake, alerts: Channel) -> None:
    """The sixth message in a window gets 429 in the published shape and counts as invalid."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session:
        url = f"{fake.api}/channels/{alerts.id}/messages"
        answers = [await session.post(url, json={"content": "x"}) for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [429]
    last = answers[-1].headers
    assert (last["X-RateLimit-Scope"], last["X-RateLimit-Remaining"], "Via" in last) == ("user", "0", True)
    assert 4 < float(last["X-RateLimit-Reset-After"]) <= 5
    assert fake.invalid_requests == 1


async def test_the_global_limit(fake: DiscordFake, rest: discord.Client) -> None:
    """Of 120 messages sent at once to as many channels only 50 pass in the first window."""
    channels = list(fake.world.guild("Big", [f"c{number}" for number in range(120)]).channels.values())
    await asyncio.gather(*(place(rest, channel).send("x") for channel in channels), return_exceptions=True)
    refused = [logged for logged in fake.log if logged.status == 429]
    assert len(refused) >= 70
    assert fake.invalid_requests == len(refused)
    sent_s = sorted(logged.at_s for logged in fake.log if logged.status == 200)
    assert all(later - earlier > 0.999 for earlier, later in zip(sent_s, sent_s[50:], strict=False))


async def test_a_ban_is_no_rate_limit(fake: DiscordFake, rest: discord.Client, alerts: Channel) -> None:
    """A 429 without `Via` is raised at once instead of being waited for."""
    fake.faults.banned = True
    assert await code_of(place(rest, alerts).send("x")) == (429, 0)
    assert fake.invalid_requests == 1


async def test_edits_of_old_messages(fake: DiscordFake, rest: discord.Client, alerts: Channel) -> None:
    """The fourth edit of a message older than an hour has to wait; before the hour is over none has."""
    sent = await place(rest, alerts).send("x")
    partial = place(rest, alerts).get_partial_message(sent.id)
    for number in range(4):
        await partial.edit(content=str(number))
    assert fake.invalid_requests == 0
    await asyncio.sleep(6)
    fake.clock.set(fake.clock.now_ms() + 3_700_000)
    for number in range(4):
        await partial.edit(content=str(number))
    assert [logged.status for logged in fake.log if logged.method == "PATCH"][4:] == [200, 200, 200, 429, 200]


async def test_a_bad_gateway_is_tried_again(fake: DiscordFake, rest: discord.Client, alerts: Channel) -> None:
    """One 502 costs a second and no message."""
    fake.fail_next(502, path="/messages")
    await place(rest, alerts).send("x")
    assert len(alerts.messages) == 1
    assert [logged.status for logged in fake.log if logged.method == "POST"] == [502, 200]
