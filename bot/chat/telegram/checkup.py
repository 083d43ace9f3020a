"""Telegram looked at from outside: the token, what would keep the bot deaf, the rights in chats. Nothing is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress

import httpx
import telegram
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.chat.checkup import LONGEST_S, Checkup, ClockReader, Finding, fine, wrong
from bot.chat.telegram.addresses import Address, address_of
from bot.chat.telegram.admins import Admins
from bot.chat.telegram.requests import Requests
from bot.chat.telegram.session import introduction, log_in
from bot.chat.telegram.spots import Spots
from bot.errors import ChatError
from bot.message import Spot

LOOKS_AT_ONCE = 8
"""So that a few hundred chats are looked at in time without a burst."""


async def check_up(token: str, channels: Collection[str], now_s: Callable[[], float], base_url: str) -> Checkup:
    """Log in and look at channels, by ids of the store; `base_url` is the root of the Bot API."""
    clock, found, spots = ClockReader(now_s), list[Finding](), dict[str, Spot | None]()
    bot = _bot(token, base_url, clock)
    try:
        async with asyncio.timeout(LONGEST_S):
            await log_in(bot)
            found.append(fine("Telegram token", introduction(bot.username)))
            found.append(_heard((await bot.get_webhook_info()).url, base_url))
            found.append(_privacy(bot))
            await _look_around(bot, channels, spots)
    except ChatError as error:
        found.append(_failed(found, str(error)))
    except TelegramError as error:
        found.append(_failed(found, f"Telegram does not answer ({type(error).__name__}); try again."))
    except TimeoutError:
        found.append(_failed(found, f"no answer within {LONGEST_S:.0f} s; look at this machine's network."))
    finally:
        await bot.shutdown()
    return Checkup(tuple(found), clock.drift_s, spots)


def _bot(token: str, base_url: str, clock: ClockReader) -> telegram.Bot:
    async def answered(response: httpx.Response) -> None:
        clock.note(response.headers.get("Date"))

    requests = Requests(LOOKS_AT_ONCE, answered=answered)
    return telegram.Bot(token, f"{base_url}/bot", f"{base_url}/file/bot", request=requests)


def _heard(webhook: str, base_url: str) -> Finding:
    """The address of a webhook is not told: many hold a secret."""
    if not webhook:
        return fine("Telegram webhook", "none, so that the bot can ask for news itself")
    told = (
        "one is set, and Telegram refuses to be asked for news; remove it with: "
        f'curl "{base_url}/bot$(cat telegram.token)/deleteWebhook"'
    )
    return wrong("Telegram webhook", told)


def _privacy(bot: telegram.Bot) -> Finding:
    """A hint and no failure: everything works with the name of the bot behind a command."""
    if bot.bot.can_read_all_group_messages:
        return fine("Telegram privacy", "off; in groups I hear every command, and everything else too")
    told = f"on; in groups I hear /funding@{bot.username} always, and a bare /funding surely once I am an administrator"
    return fine("Telegram privacy", f"{told} (no right is needed)")


def _failed(found: list[Finding], told: str) -> Finding:
    return wrong("Telegram connection" if found else "Telegram token", told)


async def _look_around(bot: telegram.Bot, channels: Collection[str], spots: dict[str, Spot | None]) -> None:
    """Fill `spots`; a channel about which Telegram says nothing is left out."""
    known, room = Spots(bot, Admins(bot)), asyncio.Semaphore(LOOKS_AT_ONCE)

    async def look(channel: str) -> None:
        async with room:
            with suppress(TelegramError):
                spots[channel] = await _spot(known, channel)

    async with asyncio.TaskGroup() as group:
        for channel in channels:
            group.create_task(look(channel))


async def _spot(known: Spots, channel: str) -> Spot | None:
    address = _address(channel)
    with suppress(BadRequest, Forbidden, ChatMigrated):
        return await known.seen(address) if address else None
    return None


def _address(channel: str) -> Address | None:
    """None for what a replay was told and is no id."""
    try:
        return address_of(channel)
    except ValueError:
        return None
