"""What of discord.py and httpcore follows a jumping clock, and that all of it is put back."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import discord
import discord.gateway
import pytest
from discord.app_commands.checks import Cooldown
from discord.http import Ratelimit

from tests.fakes.clock import START_S, JumpingLoop
from tests.fakes.library_clocks import FOLLOWING, following

pytestmark = pytest.mark.jumping_clock


def jumping() -> JumpingLoop:
    """The loop a test runs on."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, JumpingLoop)
    return loop


async def test_a_cooldown_ends_with_the_clock() -> None:
    """A command that rests for a minute may be used again after a minute of the loop."""
    with following(jumping()):
        cooldown = Cooldown(1, 60)
        assert cooldown.update_rate_limit() is None
        await asyncio.sleep(59)
        assert cooldown.update_rate_limit() == pytest.approx(1)
        await asyncio.sleep(2)
        assert cooldown.update_rate_limit() is None


async def test_buttons_end_with_the_clock() -> None:
    """A view with a limit of three minutes ends after three minutes of the loop."""
    with following(jumping()):
        client = discord.Client(intents=discord.Intents.none())
        view = discord.ui.View(timeout=180)
        view._start_listening_from_store(client._connection._view_store)
        assert await view.wait()
        assert jumping().time() == pytest.approx(START_S + 180)


async def test_the_gateway_is_paced_by_the_clock() -> None:
    """What is beyond the gateway's limit waits out the minute on the loop."""
    with following(jumping()):
        limiter = discord.gateway.GatewayRatelimiter(count=2, per=60)
        for _ in range(3):
            await limiter.block()
        assert jumping().time() == pytest.approx(START_S + 60)


async def test_the_date_goes_with_the_clock() -> None:
    """discord.py's now, by which interactions expire, moves by what the loop's clock moves."""
    with following(jumping()):
        before = discord.utils.utcnow()
        await asyncio.sleep(900)
        assert discord.utils.utcnow() - before == timedelta(seconds=900)


async def test_buckets_follow_without_help() -> None:
    """discord.py's rate-limit buckets ask the loop by themselves."""
    bucket = Ratelimit(None)
    bucket.expires = jumping().time() + 5
    assert not bucket.is_expired()
    await asyncio.sleep(6)
    assert bucket.is_expired()


async def test_only_what_is_meant_to_follow_does() -> None:
    """Outside of `following` every module has the real clock, and inside perf_counter stays real."""
    with following(jumping()):
        assert vars(discord.gateway)["time"].perf_counter is time.perf_counter
    assert all(vars(module)["time"] is time for module in FOLLOWING)
