"""Discord looked at from outside: the token, the servers, the rights in channels. Nothing is posted or registered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace

import aiohttp
import discord

from bot.chat.checkup import LONGEST_S, Checkup, ClockReader, Finding, fine, lacking, wrong
from bot.chat.discord.addresses import number_of
from bot.chat.discord.rights import introduction, postable, rights_missing
from bot.chat.discord.session import log_in, stay
from bot.chat.wording import clean_name
from bot.errors import ChatError
from bot.message import Spot

FOR_UPLOADS = {
    f"right-{name}" for name in ("view-channel", "send-messages", "send-messages-in-threads", "attach-files")
}
"""What a storage channel asks for: a message without words that carries a file (Discord, topics/permissions)."""


async def check_up(
    token: str, places: Mapping[str, str], now_s: Callable[[], float], storage: int | None = None
) -> Checkup:
    """Log in, be connected for a moment, and look at channels; `places` has the server of each, by ids of the store.

    `storage` is the channel in which charts are to be uploaded.

    A second connection takes nothing from a bot that runs: every session hears all events (events/gateway).
    """
    clock, found, spots = ClockReader(now_s), list[Finding](), dict[str, Spot | None]()
    client = _client(clock)
    try:
        async with asyncio.timeout(LONGEST_S):
            await log_in(client, token)
            found.append(fine("Discord token", introduction(client)))
            async with _connected(client):
                found.append(_counted(client))
                if storage is not None:
                    found.append(await _stored(client, storage))
                await _look_around(client, places, spots)
    except ChatError as error:
        found.append(_failed(found, str(error)))
    except TimeoutError:
        told = f"no answer within {LONGEST_S:.0f} s; look at this machine's network and at discordstatus.com."
        found.append(_failed(found, told))
    finally:
        await client.close()
    return Checkup(tuple(found), clock.drift_s, spots)


def _client(clock: ClockReader) -> discord.Client:
    """One that hears of servers and channels, and has no commands that it could answer."""

    async def ended(_: aiohttp.ClientSession, __: SimpleNamespace, request: aiohttp.TraceRequestEndParams) -> None:
        clock.note(request.response.headers.get("Date"))

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(ended)
    return discord.Client(
        intents=discord.Intents(guilds=True),
        member_cache_flags=discord.MemberCacheFlags.none(),
        chunk_guilds_at_startup=False,
        max_messages=None,
        http_trace=trace,
    )


def _counted(client: discord.Client) -> Finding:
    away = sum(guild.unavailable for guild in client.guilds)
    told = f"connected, in {len(client.guilds)} server{'s' if len(client.guilds) != 1 else ''}"
    return fine("Discord connection", f"{told}, {away} of them away by an outage of Discord" if away else told)


async def _stored(client: discord.Client, number: int) -> Finding:
    """Whether charts can be uploaded; a wrong channel stops no post, but costs an upload for each, and a refusal."""
    thing = "Discord storage channel"
    mend = "set FLUSHWATCH_DISCORD_STORAGE_CHANNEL to a text channel's id, or to nothing"
    try:
        channel = client.get_channel(number) or await client.fetch_channel(number)
    except (discord.NotFound, discord.Forbidden, discord.InvalidData):
        return wrong(thing, f"{number} is no channel that I can see; invite me there, or {mend}")
    except (discord.DiscordException, aiohttp.ClientError):
        return wrong(thing, f"{number} could not be looked at; try again")
    if not postable(channel):
        return wrong(thing, f"{number} is not a text channel of a server; {mend}")
    if channel.guild.unavailable:
        return wrong(thing, f"{number} could not be looked at, because its server is away; try again")
    missing = [right for right in rights_missing(channel) if right.key in FOR_UPLOADS]
    name = f"#{clean_name(channel.name)}"
    return wrong(thing, f"{name}: {lacking(missing)}") if missing else fine(thing, f"{name}, every right is there")


def _failed(found: list[Finding], told: str) -> Finding:
    return wrong("Discord connection" if found else "Discord token", told)


@asynccontextmanager
async def _connected(client: discord.Client) -> AsyncIterator[None]:
    """Inside, the client has heard of its servers; raises `ChatError`."""
    staying = asyncio.create_task(stay(client))
    ready = asyncio.create_task(client.wait_until_ready())
    try:
        await asyncio.wait({staying, ready}, return_when=asyncio.FIRST_COMPLETED)
        if staying.done():
            await staying
            raise ChatError("Discord ended the connection; try again.")
        yield
    finally:
        staying.cancel()
        ready.cancel()
        await asyncio.gather(staying, ready, return_exceptions=True)


async def _look_around(client: discord.Client, places: Mapping[str, str], spots: dict[str, Spot | None]) -> None:
    """Fill `spots`; a channel about which Discord says nothing is left out."""
    for channel_id, place in places.items():
        guild = client.get_guild(number_of(place))
        if guild is None or not guild.unavailable:
            with suppress(discord.DiscordException, aiohttp.ClientError):
                channel = await _channel(client, number_of(channel_id), guild)
                seen = postable(channel) and Spot(channel_id, f"#{channel.name}", place, rights_missing(channel))
                spots[channel_id] = seen or None


async def _channel(client: discord.Client, number: int, guild: discord.Guild | None) -> object | None:
    """A channel as it is now. Asked for only in a server of the bot: refusals count (topics/rate-limits)."""
    known = client.get_channel(number)
    if known is not None or guild is None:
        return known
    with suppress(discord.NotFound, discord.Forbidden):
        return await client.fetch_channel(number)  # a thread that was archived is in no cache
    return None
