"""Discord as the sender sees it: posts and edits, by REST alone, so that no connection has to stand."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from typing import Any, Final, NamedTuple

import discord

from bot.chat.discord.client import DiscordClient
from bot.chat.discord.failures import NO_THREAD, THREAD_EXISTS, told_as_delivery
from bot.chat.discord.markup import clip
from bot.chat.discord.posts import Chart, posted
from bot.chat.discord.storage import Storage
from bot.chat.pictures import picture_key
from bot.chat.reception import Reception
from bot.chat.wording import Words, wordings
from bot.errors import TemporaryDeliveryError
from bot.message import Post, Theme

KEPT_RENDERINGS = 64
KEPT_CHARTS = 5_000
NOT_CONNECTED_S = 5.0
THREAD_NAME_MOST = 100
THREAD_RESTS_AFTER_MIN: Final = 4_320
"""Three days, the longest span between two follow-ups (Discord, resources/channel: 60, 1440, 4320 or 10080)."""


class Rendering(NamedTuple):
    """What all channels of one language and theme are shown of a revision."""

    words: Words
    chart: Chart | None


class DiscordTransport:
    """Implements `bot.alerts.outbox.Transport`.

    Within `repeatable_for_ms` Discord itself drops a second message of the same nonce ("past few minutes", resources/
    message; two is the safe reading). A message inside a thread is known as "<thread>/<message>".
    """

    platform = "discord"
    repeatable_for_ms = 120_000

    def __init__(self, client: DiscordClient, reception: Reception, storage_channel: int | None = None) -> None:
        self._client = client
        self._reception = reception
        self._storage = None if storage_channel is None else Storage(client, storage_channel)
        self._wordings = wordings()
        self._renderings: OrderedDict[tuple[str, int, str, Theme], Rendering] = OrderedDict()
        self._charts: OrderedDict[str, str] = OrderedDict()
        self._threads: OrderedDict[str, bool] = OrderedDict()

    async def send(self, post: Post) -> str:
        """Post a message, a follow-up as a reply or in a thread of its card; raises `DeliveryError`."""
        self._admit()
        rendering = await self._render(post)
        with told_as_delivery(editing=False):
            platform_id = await self._send(post, rendering)
        self._note_chart(platform_id, rendering.chart)
        return platform_id

    async def edit(self, post: Post, platform_id: str) -> None:
        """Replace a posted message in place, its picture too if it changed; raises `DeliveryError`."""
        self._admit()
        rendering = await self._render(post)
        thread, _, message_id = platform_id.rpartition("/")
        channel = self._client.get_partial_messageable(int(thread) if thread else channel_id_of(post))
        content, embed, view = posted(post, rendering.words, self._wordings[post.language], rendering.chart)
        with told_as_delivery(editing=True):
            await channel.get_partial_message(int(message_id)).edit(
                content=content, embed=embed, view=view, **self._attachments(platform_id, rendering.chart)
            )
        self._note_chart(platform_id, rendering.chart)

    def _admit(self) -> None:
        """Raises while nothing may be sent at all."""
        if self._client.http.token is None or self._client.is_closed():
            raise TemporaryDeliveryError("not connected to Discord", NOT_CONNECTED_S, everywhere=True)
        wait_s = self._client.budget.wait_s(asyncio.get_running_loop().time())
        if wait_s:
            raise TemporaryDeliveryError("Discord refused too many requests", wait_s, everywhere=True)

    async def _send(self, post: Post, rendering: Rendering) -> str:
        if post.in_thread and post.reply_to and await self._open_thread(post, rendering):
            try:
                return f"{post.reply_to}/{await self._post(post, rendering, int(post.reply_to))}"
            except discord.HTTPException as error:
                if error.code not in NO_THREAD:
                    raise
                self._threads[post.reply_to] = False
        return await self._post(post, rendering, channel_id_of(post))

    async def _post(self, post: Post, rendering: Rendering, target: int) -> str:
        channel = self._client.get_partial_messageable(target)
        content, embed, view = posted(post, rendering.words, self._wordings[post.language], rendering.chart)
        optional: dict[str, Any] = {} if view is None else {"view": view}
        if rendering.chart and rendering.chart.url is None:
            optional["file"] = rendering.chart.file()
        if post.reply_to and target == channel_id_of(post):
            optional["reference"] = discord.MessageReference(
                message_id=int(post.reply_to), channel_id=target, fail_if_not_exists=False
            )
        message = await channel.send(content, embed=embed, nonce=nonce_of(post), silent=post.silent, **optional)
        return str(message.id)

    async def _open_thread(self, post: Post, rendering: Rendering) -> bool:
        """Whether the card has a thread that can be posted into; makes it where it has none. It has the card's id."""
        card = post.reply_to or ""
        if card not in self._threads:
            try:
                await self._make_thread(post, card, rendering.words.headline)
                self._threads[card] = True
            except discord.HTTPException as error:
                if error.code not in NO_THREAD | {THREAD_EXISTS}:
                    raise
                self._threads[card] = error.code == THREAD_EXISTS
            _forget(self._threads, KEPT_CHARTS)
        return self._threads[card]

    async def _make_thread(self, post: Post, card: str, headline: str) -> None:
        """By the HTTP client: discord.py's own method wants the server in its cache, which REST alone does not fill."""
        episode = (post.thread_of or "").partition("/")[0]
        name = clip(episode or headline, THREAD_NAME_MOST)
        await self._client.http.start_thread_with_message(
            channel_id_of(post), int(card), name=name, auto_archive_duration=THREAD_RESTS_AFTER_MIN
        )

    async def _render(self, post: Post) -> Rendering:
        key = (post.message_id, post.revision, post.language, post.theme)
        rendering = self._renderings.get(key)
        if rendering is None:
            words = self._wordings[post.language].words(post.message)
            rendering = Rendering(words, await self._chart(post))
            if rendering.chart or post.message.chart is None:  # what could not be drawn may be the next time
                self._renderings[key] = rendering
                _forget(self._renderings, KEPT_RENDERINGS)
        return rendering

    async def _chart(self, post: Post) -> Chart | None:
        png = await self._reception.picture(post.message, post.language, post.theme)
        if png is None or post.message.chart is None:
            return None
        alt = self._wordings[post.language].text(post.message.chart.alt)
        chart = Chart.of(png, alt, picture_key(post.message, post.language, post.theme))
        return chart if self._storage is None else await self._storage.put(chart)

    def _attachments(self, platform_id: str, chart: Chart | None) -> dict[str, Any]:
        """What an edit says of files: nothing while the picture stays, else what stands in place of the old one."""
        if chart is None or chart.url:
            return {"attachments": []}
        return {} if self._charts.get(platform_id) == chart.name else {"attachments": [chart.file()]}

    def _note_chart(self, platform_id: str, chart: Chart | None) -> None:
        self._charts[platform_id] = chart.name if chart else ""
        self._charts.move_to_end(platform_id)
        _forget(self._charts, KEPT_CHARTS)


def channel_id_of(post: Post) -> int:
    """The channel's id at Discord."""
    return int(post.channel.partition(":")[2])


def nonce_of(post: Post) -> str:
    """The same for every attempt of one message in one channel; Discord takes 25 characters."""
    return hashlib.blake2b(f"{post.message_id}:{post.channel}".encode(), digest_size=12).hexdigest()


def _forget(kept: OrderedDict[Any, Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
