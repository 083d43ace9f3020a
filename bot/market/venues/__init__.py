"""Every venue there is. Adding one is its file and its line here, its fixtures and its section of docs/venues.md."""

from __future__ import annotations

from bot.market.venues import (
    binance,
    binance_spot,
    bitget,
    bybit,
    bybit_spot,
    coinbase,
    deribit,
    dydx,
    gate,
    hyperliquid,
    okx,
    okx_spot,
)
from bot.market.venues.venue import Venue

VENUES: tuple[Venue, ...] = (
    binance.VENUE,
    bybit.VENUE,
    binance_spot.VENUE,
    bybit_spot.VENUE,
    gate.VENUE,
    deribit.VENUE,
    dydx.VENUE,
    coinbase.VENUE,
    okx.VENUE,
    okx_spot.VENUE,
    hyperliquid.VENUE,
    bitget.VENUE,
)
