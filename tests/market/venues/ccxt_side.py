"""ccxt without a network: its exchanges with the contracts they would have listed, and a socket of its that hears.

Only importable where the bench lock is installed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import ccxt.pro
from ccxt.async_support.base.ws.client import Client


class Contract(NamedTuple):
    """A perpetual as its venue's contract list has it: `size` is coins (dollars where inverse) in one unit."""

    symbol: str
    base: str
    quote: str
    size: float = 1.0
    inverse: bool = False


def exchange(name: str, contracts: Iterable[Contract]) -> Any:
    """Ccxt's exchange of that name, with these contracts as its markets; it needs a running loop and an end."""
    found = getattr(ccxt.pro, name)()
    found.set_markets([found.safe_market_structure(_market(contract)) for contract in contracts])
    return found


def _market(contract: Contract) -> dict[str, object]:
    settle = contract.base if contract.inverse else contract.quote
    return {
        "id": contract.symbol,
        "symbol": f"{contract.base}/{contract.quote}:{settle}",
        "base": contract.base,
        "quote": contract.quote,
        "settle": settle,
        "baseId": contract.base,
        "quoteId": contract.quote,
        "settleId": settle,
        "type": "swap",
        "spot": False,
        "margin": False,
        "swap": True,
        "future": False,
        "option": False,
        "active": True,
        "contract": True,
        "linear": not contract.inverse,
        "inverse": contract.inverse,
        "contractSize": contract.size,
        "precision": {"amount": 1e-8, "price": 1e-8},
    }


def socket(of: Any) -> Any:
    """The client that hands frames to an exchange: `handle_text_or_binary_message` is what it does with each."""

    def nothing(*_: object) -> None:
        """Nobody connects, so nothing fails and nothing closes."""

    return Client("wss://nowhere", of.handle_message, nothing, nothing, nothing)


async def asked(of: Any, body: bytes, method: str, *words: object) -> list[Any]:
    """What a call of an exchange makes of a body: its own way from the request to the rows, without the network."""

    async def fetch(*_: object, **__: object) -> Any:
        return of.parse_json(body.decode())

    of.fetch = fetch
    told = await getattr(of, method)(*words)
    if isinstance(told, dict):
        return [told] if "info" in told else list(told.values())
    return list(told)
