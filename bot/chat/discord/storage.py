"""A channel of the operator's own in which each chart is uploaded once; posts only link to it.

Discord signs the address anew wherever it stands in an embed (Discord, reference, "Signed Attachment CDN URLs"), so
its query, which expires, is left out. It is good for as long as the message in that channel stands.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict

import aiohttp
import discord

from bot.chat.discord.charts import Chart
from bot.message import Turn

log = logging.getLogger(__name__)

KEPT_ADDRESSES = 500


class Storage:
    """Uploads charts into one channel."""

    def __init__(self, client: discord.Client, channel_id: int) -> None:
        self._client = client
        self._channel_id = channel_id
        self._addresses: OrderedDict[str, str | None] = OrderedDict()
        self._uploading = asyncio.Lock()

    async def put(self, chart: Chart, turn: Turn) -> Chart:
        """The chart with its address; as it was when it cannot be uploaded, which is tried once for each chart.

        An upload takes a turn. What `turn` raises is passed on, and leaves the chart to be tried again.
        """
        async with self._uploading:
            if chart.name not in self._addresses:
                await turn()
                self._addresses[chart.name] = await self._upload(chart)
                while len(self._addresses) > KEPT_ADDRESSES:
                    self._addresses.popitem(last=False)
            return chart._replace(url=self._addresses[chart.name])

    async def _upload(self, chart: Chart) -> str | None:
        channel = self._client.get_partial_messageable(self._channel_id)
        try:
            message = await channel.send(file=chart.file(), silent=True)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.warning("A chart is sent with each post, because it could not be stored: %s", error)
            return None
        return message.attachments[0].url.partition("?")[0]
