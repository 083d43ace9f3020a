"""Threads of cards, for channels that want their follow-ups there. A thread has the id of its card."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

import discord

from bot.chat.discord.addresses import number_of
from bot.chat.discord.failures import NO_THREAD, THREAD_EXISTS
from bot.chat.discord.markup import clip
from bot.message import Post, Turn

KEPT_THREADS = 5_000
NAME_MOST = 100
RESTS_AFTER_MIN: Final = 4_320
"""Three days, the longest span between two follow-ups (Discord, resources/channel: 60, 1440, 4320 or 10080)."""


class Threads:
    """Knows which cards have a thread that can be posted into."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._open: OrderedDict[str, bool] = OrderedDict()

    async def has(self, post: Post, headline: str, turn: Turn) -> bool:
        """Whether the card that a post follows has a thread; makes it where it has none, which takes a turn."""
        card = post.reply_to or ""
        if card not in self._open:
            self.note(card, is_open=await self._make(post, card, headline, turn))
        return self._open[card]

    def note(self, card: str, *, is_open: bool) -> None:
        """Remember what a card's thread turned out to be."""
        self._open[card] = is_open
        while len(self._open) > KEPT_THREADS:
            self._open.popitem(last=False)

    async def _make(self, post: Post, card: str, headline: str, turn: Turn) -> bool:
        """By the HTTP client: discord.py's own method wants the server in its cache, which REST alone does not fill."""
        episode = (post.thread_of or "").partition("/")[0]
        name = clip(episode or headline, NAME_MOST)
        await turn()
        try:
            await self._client.http.start_thread_with_message(
                number_of(post.channel), int(card), name=name, auto_archive_duration=RESTS_AFTER_MIN
            )
        except discord.HTTPException as error:
            if error.code not in NO_THREAD | {THREAD_EXISTS}:
                raise
            return error.code == THREAD_EXISTS
        return True
