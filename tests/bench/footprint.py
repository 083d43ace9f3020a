"""Import time and memory of one side, measured in a process of its own: `python -m tests.bench.footprint ours|ccxt`."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

COINS = 300
T_MS = 1_773_000_001_000
CCXT = ("binanceusdm", "bybit", "okx", "hyperliquid", "bitget", "gate", "deribit", "dydx")


class Footprint(NamedTuple):
    """Seconds of the processor to import, and resident megabytes: then, with 300 coins, and fifteen days of them."""

    import_s: float
    imported_mb: float
    market_mb: float
    history_mb: float | None = None


def resident_mb() -> float:
    """Memory that this process holds now; Linux alone tells it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (kilobytes,) = re.findall(r"^VmRSS:\s+(\d+) kB$", status, flags=re.MULTILINE)
    return int(kilobytes) / 1024


def footprint(side: str) -> Footprint:
    """What a new process of that side tells."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.footprint", side], capture_output=True, text=True, check=True
    )
    return Footprint(*json.loads(done.stdout))


def ours() -> Footprint:
    """What reads exchanges: contracts, and the latest facts of each on a Board; then with the History behind it."""
    began = time.process_time()
    import bot.market.live.market  # noqa: F401, PLC0415 -- importing is what is measured
    from bot.market.venues import VENUES  # noqa: PLC0415 -- as above

    import_s, imported_mb = time.process_time() - began, resident_mb()
    from bot.market.board import Board  # noqa: PLC0415 -- as above
    from bot.market.facts import Funding, Index, Mark, OpenInterest, Turnover  # noqa: PLC0415 -- as above
    from bot.market.history import History  # noqa: PLC0415 -- as above
    from tests.bench.wire import Naming  # noqa: PLC0415 -- as above

    coins = [f"COIN{number}" for number in range(COINS)]
    venues = [venue.name for venue in VENUES if venue.market == "perp"]
    known = {venue: Naming("USDT").known(coins) for venue in venues}
    board = Board()
    for venue, contracts in known.items():
        for one in contracts.values():
            board.apply(Mark(T_MS, venue, one.base, 100.0, T_MS))
            board.apply(Index(T_MS, venue, one.base, 100.0, T_MS))
            board.apply(OpenInterest(T_MS, venue, one.base, 1e6, 1e8, T_MS))
            board.apply(Funding(T_MS, venue, one.base, 1e-4, 8.0, settled=False, next_t=T_MS, at=T_MS))
            board.apply(Turnover(T_MS, venue, one.base, "perp", 1e8, T_MS))
    market_mb = resident_mb()
    history = History()
    history.enter(board.coins, board.venues, T_MS)
    return Footprint(import_s, imported_mb, market_mb, resident_mb())


async def _ccxt() -> Footprint:
    began = time.process_time()
    import ccxt.pro  # noqa: F401, PLC0415 -- importing is what is measured

    import_s, imported_mb = time.process_time() - began, resident_mb()
    from tests.market.venues.ccxt_side import Contract, exchange  # noqa: PLC0415 -- as above

    contracts = [Contract(f"COIN{number}USDT", f"COIN{number}", "USDT") for number in range(COINS)]
    kept: list[Any] = []
    for name in CCXT:
        venue = exchange(name, contracts)
        tickers = {symbol: venue.safe_ticker({"symbol": symbol, "last": "100", "info": {}}) for symbol in venue.symbols}
        kept.append((venue, tickers))
    market_mb = resident_mb()
    for venue, _ in kept:
        await venue.close()
    return Footprint(import_s, imported_mb, market_mb)


if __name__ == "__main__":
    told = ours() if sys.argv[1] == "ours" else asyncio.run(_ccxt())
    sys.stdout.write(json.dumps(told))
