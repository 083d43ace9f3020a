"""An outbox with something in it, and the least that a chat has to be given to post it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.catalogue import Catalogue
from bot.chat.pictures import Pictures
from bot.chat.reception import Reception
from bot.chat.wording import Wording, wordings
from bot.command import Parameter
from bot.message import ChartRequest, Message, Name, Phrase, Theme, encode
from bot.store.channels import save_channel
from bot.store.database import Database, Store
from bot.store.deliveries import save_delivery, save_message
from bot.store.rows import ChannelRow, DeliveryRow, MessageRow

NOW_MS = 1_768_779_600_000
HOUR_MS = 3_600_000


class NoPencil:
    """Draws nothing real: the same few bytes for every chart."""

    async def draw(self, request: ChartRequest, wording: Wording, theme: Theme, note: str | None = None) -> bytes:
        return b"\x89PNG\r\n\x1a\n" + wording.language.encode()


class EmptyDesk:
    """Nobody asks anything here."""

    def suggestions(self, parameter: Parameter, before: Mapping[str, str]) -> Iterable[str]:
        return ()


def reception() -> Reception:
    """Answers nobody, but draws."""
    return Reception(Catalogue((), EmptyDesk()), Pictures(NoPencil(), wordings()))


def card(text: str, *, severe: bool = True) -> Message:
    """A card whose headline names `text`."""
    said = Phrase("error-internal", {"incident": Name(text)})
    return Message("card", said, (), said, "severe" if severe else "flush", origin=Phrase("origin-simulated"))


async def put(store: Store, name: str, channels: Iterable[str], *, priority: int = 1) -> None:
    """One card to many channels, each of which hears alerts."""
    body = encode(card(name)).decode()

    def work(db: Database) -> None:
        save_message(db, MessageRow(name, None, "card", "card", 1, body, None, NOW_MS, NOW_MS))
        for channel in channels:
            place = channel.partition("/")[0]
            save_channel(db, ChannelRow(channel, channel.partition(":")[0], channel, "{}", 1, NOW_MS, place=place))
            save_delivery(db, waiting(name, channel, priority))

    await store.run(work)


def waiting(name: str, channel: str, priority: int = 1) -> DeliveryRow:
    """A delivery that was never tried."""
    return DeliveryRow(
        message_id=name,
        channel_id=channel,
        platform=channel.partition(":")[0],
        state="pending",
        wanted_revision=1,
        sent_revision=0,
        priority=priority,
        silent=False,
        due_ms=NOW_MS,
        expires_ms=NOW_MS + HOUR_MS,
        platform_id=None,
        leased_until_ms=None,
        failures=0,
        last_error=None,
        sent_ms=None,
        edited_ms=None,
    )
