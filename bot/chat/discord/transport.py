"""Discord as the sender sees it: posts and edits, by REST alone, so that no connection has to stand."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Any, NamedTuple

import discord

from bot.chat.discord.addresses import number_of
from bot.chat.discord.charts import Chart, drawn
from bot.chat.discord.client import DiscordClient
from bot.chat.discord.failures import NO_THREAD, refuses_reply, told_as_delivery
from bot.chat.discord.gate import admit, gated
from bot.chat.discord.posts import posted
from bot.chat.discord.storage import Storage
from bot.chat.discord.threads import Threads
from bot.chat.reception import Reception
from bot.chat.wording import Words, wordings
from bot.message import Post, Theme, Turn, encode

KEPT_RENDERINGS = 64
KEPT_PICTURES = 5_000


class Rendering(NamedTuple):
    """What all channels of one language and theme are shown of a message."""

    words: Words
    chart: Chart | None


class RenderingKey(NamedTuple):
    """One rendering; `digest` names what is said: another run may say other things under the same id and revision."""

    digest: bytes
    language: str
    theme: Theme


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
        self._threads = Threads(client)
        self._wordings = wordings()
        self._renderings: OrderedDict[RenderingKey, Rendering] = OrderedDict()
        self._pictures: OrderedDict[str, str | None] = OrderedDict()

    async def send(self, post: Post, turn: Turn) -> str:
        """Post a message, a follow-up as a reply or in a thread of its card; raises `DeliveryError`."""
        admit(self._client)
        turn = gated(self._client, turn)
        rendering = await self._render(post, turn)
        with told_as_delivery(self._client, editing=False):
            platform_id = await self._send(post, rendering, turn)
        self._note(platform_id, _address(rendering.chart))
        return platform_id

    async def edit(self, post: Post, platform_id: str, turn: Turn) -> None:
        """Replace a posted message in place, its picture too if it changed; raises `DeliveryError`."""
        admit(self._client)
        turn = gated(self._client, turn)
        rendering = await self._render(post, turn)
        thread, _, message_id = platform_id.rpartition("/")
        channel = self._client.get_partial_messageable(int(thread) if thread else number_of(post.channel))
        with told_as_delivery(self._client, editing=True):
            await turn()
            picture, files = self._replaced(post, platform_id, rendering.chart)
            content, embed, view = posted(post, rendering.words, self._wordings[post.language], picture)
            await channel.get_partial_message(int(message_id)).edit(content=content, embed=embed, view=view, **files)
        self._note(platform_id, picture)

    async def _send(self, post: Post, rendering: Rendering, turn: Turn) -> str:
        if post.in_thread and post.reply_to and await self._threads.has(post, rendering.words.headline, turn):
            try:
                return f"{post.reply_to}/{await self._post(post, rendering, int(post.reply_to), turn)}"
            except discord.HTTPException as error:
                if error.code not in NO_THREAD:
                    raise
                self._threads.note(post.reply_to, is_open=False)
        try:
            return await self._post(post, rendering, number_of(post.channel), turn, reply_to=post.reply_to)
        except discord.HTTPException as error:
            if not (post.reply_to and refuses_reply(error)):
                raise
        return await self._post(post, rendering, number_of(post.channel), turn)

    async def _post(
        self, post: Post, rendering: Rendering, target: int, turn: Turn, *, reply_to: str | None = None
    ) -> str:
        await turn()
        channel = self._client.get_partial_messageable(target)
        content, embed, view = posted(post, rendering.words, self._wordings[post.language], _address(rendering.chart))
        optional: dict[str, Any] = {} if view is None else {"view": view}
        if rendering.chart and rendering.chart.url is None:
            optional["file"] = rendering.chart.file()
        if reply_to:
            optional["reference"] = discord.MessageReference(
                message_id=int(reply_to), channel_id=target, fail_if_not_exists=False
            )
        message = await channel.send(content, embed=embed, nonce=nonce_of(post), silent=post.silent, **optional)
        return str(message.id)

    async def _render(self, post: Post, turn: Turn) -> Rendering:
        digest = hashlib.blake2b(encode(post.message), digest_size=16).digest()
        key = RenderingKey(digest, post.language, post.theme)
        rendering = self._renderings.get(key)
        if rendering is None:
            words = self._wordings[post.language].words(post.message)
            rendering = Rendering(words, await self._chart(post, turn))
            if rendering.chart or post.message.chart is None:  # what could not be drawn may be the next time
                self._renderings[key] = rendering
                _forget(self._renderings, KEPT_RENDERINGS)
        return rendering

    async def _chart(self, post: Post, turn: Turn) -> Chart | None:
        chart = await drawn(self._reception, post.message, self._wordings[post.language], post.theme)
        if chart is None or self._storage is None:
            return chart
        with told_as_delivery(self._client, editing=False):
            return await self._storage.put(chart, turn)

    def _replaced(self, post: Post, platform_id: str, chart: Chart | None) -> tuple[str | None, dict[str, Any]]:
        """Where the picture lies after an edit, and what the edit says of files: nothing while the old one stays."""
        standing = self._pictures.get(platform_id)
        if chart is None and post.message.chart:  # it could not be drawn: an older one is better than none
            return standing, {}
        picture = _address(chart)
        if picture and picture == standing:
            return picture, {}
        return picture, {"attachments": [chart.file()] if chart and not chart.url else []}

    def _note(self, platform_id: str, picture: str | None) -> None:
        self._pictures[platform_id] = picture
        self._pictures.move_to_end(platform_id)
        _forget(self._pictures, KEPT_PICTURES)


def _address(chart: Chart | None) -> str | None:
    return chart.address if chart else None


def nonce_of(post: Post) -> str:
    """The same for every attempt of one message in one channel during one showing; Discord takes 25 characters."""
    return hashlib.blake2b(f"{post.showing}:{post.message_id}:{post.channel}".encode(), digest_size=12).hexdigest()


def _forget(kept: OrderedDict[Any, Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
