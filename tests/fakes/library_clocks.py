"""The clocks of discord.py and httpcore that do not ask the loop, made to follow a jumping one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from unittest import mock

import discord.app_commands.checks
import discord.backoff
import discord.gateway
import discord.ui.view
import discord.utils
import httpcore._async.http11

from tests.fakes.clock import JumpingLoop

# Module: what it measures with the module `time`.
FOLLOWING = (
    discord.app_commands.checks,  # cooldowns of commands
    discord.backoff,  # pauses between reconnections
    discord.gateway,  # 110 sends a minute to the gateway
    discord.ui.view,  # time limits of buttons
    httpcore._async.http11,  # how long an idle connection is kept
)


class FollowingTime:
    """Stands in for the module `time`: `time` and `monotonic` follow the loop, all else is the real one.

    `perf_counter` stays real on purpose: the gateway's heartbeat is a thread that waits in real time and compares
    with it, and would take every jump for a gateway that has died.
    """

    def __init__(self, loop: JumpingLoop) -> None:
        self.time = loop.wall_time
        self.monotonic = loop.time

    def __getattr__(self, name: str) -> object:
        return getattr(time, name)


@contextmanager
def following(loop: JumpingLoop) -> Iterator[None]:
    """Inside, the modules above and `discord.utils.utcnow` (expiry of interactions) ask the loop what time it is."""

    def now() -> datetime:
        return datetime.fromtimestamp(loop.wall_time(), UTC)

    with ExitStack() as stack:
        for module in FOLLOWING:
            stack.enter_context(mock.patch.object(module, "time", FollowingTime(loop)))
        stack.enter_context(mock.patch.object(discord.utils, "utcnow", now))
        yield
