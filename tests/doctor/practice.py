"""A bot that the doctor looks at: platforms and exchanges on loopback, a data folder, and the lines that were said."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.config import PREFIX, load_config
from bot.doctor import examine
from bot.store.channels import save_channel
from bot.store.database import Database, opened
from bot.store.rows import ChannelRow, ChannelState
from tests.fakes.discord import Channel, DiscordFake, Guild
from tests.fakes.exchanges import ExchangesFake
from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.chats import Chat

EXCHANGES = (
    *("Binance", "Bybit", "Binance spot", "Bybit spot", "Gate", "Deribit", "dYdX", "Coinbase spot", "OKX", "OKX spot"),
    *("Hyperliquid", "Bitget"),
)
DISCORD_TOKEN = "MTQ2MjIzMDAwNDUzMTIwMDAwMQ.GfaKeY.abcdefghijklmnopqrstuvwxyz0123456789AB"


class ExchangesOfNow(ExchangesFake):
    """Exchanges whose clock is that of the wall, as the platforms' is, also on a loop that jumps."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000


def exchanges() -> ExchangesOfNow:
    """All of them, with a few coins."""
    return ExchangesOfNow(start_ms=0, bases=("BTC", "ETH", "PEPE"))


@dataclass
class Practice:
    """A bot to look at: both platforms, the exchanges, and a data folder with one database, `run`."""

    discord: DiscordFake
    telegram: TelegramFake
    exchanges: ExchangesFake
    patch: pytest.MonkeyPatch
    folder: Path
    lines: list[str] = field(default_factory=list)

    def set(self, **settings: str) -> None:
        """Set variables of the environment, an empty value for none."""
        for name, value in settings.items():
            self.patch.setenv(PREFIX + name.upper(), value)

    def write(self, name: str, content: str, mode: int) -> None:
        """Have a file in the working directory."""
        file = self.folder.parent / name
        file.write_text(content)
        file.chmod(mode)

    async def keep(self, *rows: ChannelRow) -> None:
        """Have channels in the database."""

        def work(db: Database) -> None:
            for row in rows:
                save_channel(db, row)

        async with opened(self.folder / "run.db") as store:
            await store.run(work)

    async def sound(self, fast_s: float = 0.0) -> bool:
        """Let the doctor look, on a machine whose clock is so far ahead; its lines are in `lines`."""
        self.lines.clear()
        return await examine(load_config(), lambda: time.time() + fast_s, self.lines.append)

    def line(self, thing: str) -> str:
        """The only line about a thing, with its sign."""
        found = [line for line in self.lines if line[2:].startswith(f"{thing}: ")]
        assert len(found) == 1, self.lines
        return f"{found[0][0]} {found[0].partition(': ')[2]}"


def at_discord(channel: Channel, guild: Guild, state: ChannelState = "on", reason: str = "") -> ChannelRow:
    """A channel of Discord as it is kept."""
    place = f"discord:{guild.id}"
    return ChannelRow(f"discord:{channel.id}", "discord", f"#{channel.name}", "{}", 1, 0, place, state, reason)


def at_telegram(chat: Chat, state: ChannelState = "on", reason: str = "") -> ChannelRow:
    """A chat of Telegram as it is kept."""
    own = f"telegram:{chat.id}"
    return ChannelRow(own, "telegram", chat.title, "{}", 1, 0, own, state, reason)
