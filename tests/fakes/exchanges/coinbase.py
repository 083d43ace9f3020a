"""Coinbase Exchange: `api.exchange.coinbase.com`, spot pairs in US dollars.

Shapes by the venue's API guide. Bars come as low, high, open, close, newest first, 300 at most.
"""

from __future__ import annotations

from tests.fakes.exchanges import contracts
from tests.fakes.exchanges.view import View, text
from tests.fakes.exchanges.wire import Call, Json, NotFoundError, Wire

FOREVER_S = 4_000_000_000
MOST_BARS = 300


def answer(view: View, call: Call) -> Json:
    """Products, statistics and bars."""
    if call.path == "/products":
        online = [(c.symbol, c.ticker, "USD", "online") for c in view.listed("spot")]
        return [_product(*row) for row in [*online, ("GONE-USD", "GONE", "USD", "delisted")]]
    if call.path == "/products/stats":
        return _statistics(view)
    symbol = call.path.removeprefix("/products/").removesuffix("/candles")
    if view.find(symbol) is None or not call.path.endswith("/candles"):
        raise NotFoundError(call.path)
    return _candles(view, symbol, call)


def _product(symbol: str, base: str, quote: str, status: str) -> Json:
    names = {"id": symbol, "base_currency": base, "quote_currency": quote, "status": status}
    return names | {"trading_disabled": status != "online", "fx_stablecoin": False}


def _statistics(view: View) -> Json:
    rows = {}
    for contract in view.listed("spot"):
        last, usd = view.last(contract), view.turnover_usd(contract)
        if last and usd is not None:
            day = {"open": text(last), "high": text(last), "low": text(last), "last": text(last)}
            rows[contract.symbol] = {"stats_24hour": day | {"volume": text(usd / last)}}
    return rows


def _candles(view: View, symbol: str, call: Call) -> Json:
    contract, span_s = view.find(symbol), call.number("granularity", 60)
    if contract is None:
        raise NotFoundError(symbol)
    first_ms, last_ms = call.number("start", 0) * 1000, call.number("end", FOREVER_S) * 1000
    return [
        [bar.t // 1000 - span_s, bar.low, bar.high, bar.open, bar.close, bar.volume]
        for bar in reversed(view.bars(contract, span_s, first_ms, last_ms)[-MOST_BARS:])
    ]


WIRE = Wire(
    name="coinbase",
    venue="coinbase",
    hosts=("https://api.exchange.coinbase.com",),
    contracts=contracts.coinbase,
    answer=answer,
    failure=lambda said: {"message": said},
    weight=10,
    span_s=1,
)
