"""Which exchanges a document of a flush names, and of which coins."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.archive.sources import source_rows
from bot.chat.wording import Wording
from bot.flush.episode import VenueTold
from tests.commands.flushes import episode

SUM = VenueTold("binance+bybit", "totals", 53.6e6, 53.6e6, 242e6)
SILENT = VenueTold("binance", "silent", None, 1e6, 3e6)
OTHER = VenueTold("okx", "complete", 2e6, 2e6, 2e6, coins=("BTC",))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            (replace(SILENT, coins=("ADA", "DOGE", "SOL", "XRP")), replace(SUM, coins=("BTC",)), OTHER),
            "Binance (of ADA, DOGE and 2 others) not told · Binance + Bybit (of BTC) ≥\u202f$53.6M · OKX $2M",
        ),
        ((SILENT, SUM, OTHER), "Binance + Bybit ≥\u202f$53.6M · OKX $2M"),
        ((SILENT, OTHER), "Binance not told · OKX $2M"),
    ],
)
def test_an_exchange_is_named_twice_only_with_its_coins(told: tuple[VenueTold, ...], said: str) -> None:
    """By itself and within a sum each row names its coins; where none were noted what told nothing is left out."""
    words = [Wording("en", strict=True).text(row.phrase) for row in source_rows(episode(told=told))]
    assert words[0] == f"Liquidations: {said}"
