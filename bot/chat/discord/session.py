"""Logging in and staying connected; what Discord refuses for good is told in a sentence that says what to do."""

from __future__ import annotations

import aiohttp
import discord

from bot.errors import ChatError

TOKEN_REFUSED = "Discord refuses the token. Make a new one in the developer portal and set FLUSHWATCH_DISCORD_TOKEN."  # noqa: S105 -- a sentence
CLOSED = {
    4004: TOKEN_REFUSED,
    4010: "Discord refuses this shard; the bot runs as one process.",
    4011: "Discord wants this bot in several shards: it is in more servers than one connection may serve.",
    4013: "Discord does not know the events that were asked for; update Flushwatch.",
    4014: "Discord does not allow this bot the events it asked for.",
}
"""Codes after which the connection is not taken up again (events/gateway, "Gateway Close Event Codes")."""


async def log_in(client: discord.Client, token: str) -> None:
    """Make the client able to send; raises `ChatError`."""
    try:
        await client.login(token)
    except discord.LoginFailure:
        raise ChatError(TOKEN_REFUSED) from None
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        slow = isinstance(error, TimeoutError)
        told = "Discord does not answer in time" if slow else f"Discord cannot be reached ({type(error).__name__})"
        raise ChatError(f"{told}; look at this machine's network and at discordstatus.com.") from error


async def stay(client: discord.Client) -> None:
    """Be connected until cancelled; interruptions are mended inside. Raises `ChatError` for what they cannot mend."""
    try:
        await client.connect(reconnect=True)
    except discord.ConnectionClosed as error:
        raise ChatError(CLOSED.get(error.code, f"Discord closed the connection ({error.code}).")) from error
    except discord.PrivilegedIntentsRequired as error:
        raise ChatError(CLOSED[4014]) from error
